/** `viplane explain`: runs a scenario and says why each virtual router changed its state. */
import type { Command } from "commander";
import { explain, formatExplanations } from "../scenario/explain.ts";
import { loadScenario } from "../scenario/language/load.ts";
import { runScenario } from "../scenario/run.ts";
import type { Position } from "../text/config-error.ts";
import { EXIT_OK, exitStatuses, print, printFindings, styleFor, UsageError } from "./console.ts";
import { DISK, readText } from "./files.ts";
import { parseSeed } from "./seed.ts";

interface Flags {
  readonly host?: string;
  readonly seed?: number;
}

const EXAMPLES = `
Examples:
  viplane explain topologies/havip-failover.yaml                why each router became what it became
  viplane explain topologies/havip-failover.yaml --host vm-B    of one host only

${exitStatuses({ ok: "the changes were explained", usage: "wrong usage, or a scenario is invalid; nothing was run", unable: "what is printed cannot be written to its end" })}`;

export function addExplainCommand(program: Command, exit: (status: number) => void): void {
  program
    .command("explain")
    .summary("run a scenario and say why each router changed its state")
    .description(
      "Run a scenario in virtual time, and say of every change of a virtual router's state why it came: the figures, what was done\nbefore it, the rule with its source, and the lines of the configuration that decided.",
    )
    .argument("<file>", "a scenario; - is stdin")
    .option("--host <name>", "only this host's routers")
    .option("--seed <number>", "instead of the scenario's seed", parseSeed)
    .addHelpText("after", EXAMPLES)
    .action((file: string, flags: Flags) => exit(explainFile(file, flags)));
}

function explainFile(file: string, { host, seed }: Flags): number {
  const scenario = loadScenario(file, readText(file), DISK);
  const names = scenario.hosts.filter(({ keepalived }) => keepalived !== null).map(({ name }) => name);
  if (host !== undefined && !names.includes(host))
    throw new UsageError(`no host ${host} runs keepalived in this scenario: ${names.join(", ") || "none does"}`);
  printFindings(scenario.warnings);
  const all = explain(runScenario(scenario, seed === undefined ? {} : { seed }));
  const wanted = all.filter(({ event }) => host === undefined || event.host === host);
  print(
    wanted.length === 0
      ? "no virtual router changed its state\n"
      : formatExplanations(wanted, lineReader(), styleFor(process.stdout)),
  );
  return EXIT_OK;
}

/** Lines of the files that positions name, each file read once. */
function lineReader(): (at: Position) => string | null {
  const files = new Map<string, readonly string[] | null>();
  return ({ file, line }) => {
    if (!files.has(file)) files.set(file, DISK.read(file)?.split("\n") ?? null);
    return files.get(file)?.[line - 1] ?? null;
  };
}
