/** `viplane check`: judge scenarios and keepalived configurations without running anything. */
import type { Command } from "commander";
import { parseKeepalivedConf } from "../guest/keepalived/conf/parse.ts";
import { toFinding } from "../guest/keepalived/conf/to-finding.ts";
import { loadScenario } from "../scenario/language/load.ts";
import type { Scenario } from "../scenario/model.ts";
import { ConfigError, type Finding } from "../text/config-error.ts";
import { EXIT_FAILED, EXIT_OK, EXIT_USAGE, exitStatuses, print, printFindings, styleFor } from "./console.ts";
import { DISK, readText } from "./files.ts";

const EXAMPLES = `
A file that ends in .yaml, .yml or .json, and stdin, is a scenario; any other is a keepalived.conf.

Examples:
  viplane check topologies/*.yaml                a scenario and the configurations it names
  viplane check /etc/keepalived/keepalived.conf  in keepalived's own words

${exitStatuses({ ok: "no error was found; there may be warnings", failed: "an error in a keepalived.conf", usage: "wrong usage, or a scenario is invalid, or a file cannot be read", unable: "what is printed cannot be written to its end" })}`;

export function addCheckCommand(program: Command, exit: (status: number) => void): void {
  program
    .command("check")
    .summary("find mistakes in scenarios and keepalived.conf files")
    .description("Judge scenarios and keepalived configurations without running anything.")
    .argument("<file...>", "scenario files or keepalived.conf files; - is a scenario on stdin")
    .addHelpText("after", EXAMPLES)
    .action((files: string[]) => exit(check(files)));
}

/** Every file is judged, whatever the others are like; the worst one decides the status. */
function check(files: readonly string[]): number {
  return Math.max(...files.map((file) => (isScenario(file) ? checkScenario(file) : checkKeepalivedConf(file))));
}

function isScenario(file: string): boolean {
  return file === "-" || /\.(ya?ml|json)$/i.test(file);
}

function checkScenario(file: string): number {
  try {
    const scenario = loadScenario(file, readText(file), DISK);
    printFindings(scenario.warnings);
    return printVerdict(file, contents(scenario), scenario.warnings);
  } catch (error) {
    return invalid(error);
  }
}

/** How many there are of everything; what a scenario need not have is only named where it has some. */
function contents({ subnets, hosts, servers, havips, probes, timeline, expectations }: Scenario): string {
  const some = (list: readonly unknown[], word: string, words?: string): string[] =>
    list.length === 0 ? [] : [plural(list.length, word, words)];
  return [
    plural(subnets.length, "subnet"),
    ...some(
      subnets.flatMap(({ switches }) => switches),
      "switch",
      "switches",
    ),
    ...some(
      subnets.flatMap(({ links }) => links),
      "link",
    ),
    plural(hosts.length, "host"),
    ...some(servers, "server"),
    ...some(havips, "HAVIP"),
    ...some(probes, "probe"),
    plural(timeline.length, "step"),
    plural(expectations.length, "expectation"),
  ].join(", ");
}

function checkKeepalivedConf(file: string): number {
  try {
    const conf = parseKeepalivedConf(file, readText(file), DISK);
    const findings = conf.diagnostics.map(toFinding);
    printFindings(findings);
    return printVerdict(file, plural(conf.instances.length, "vrrp_instance"), findings);
  } catch (error) {
    return invalid(error);
  }
}

function invalid(error: unknown): number {
  if (!(error instanceof ConfigError)) throw error;
  printFindings(error.findings);
  return EXIT_USAGE;
}

/** Says how a file fared, and returns the exit status of it. */
function printVerdict(file: string, what: string, findings: readonly Finding[]): number {
  const style = styleFor(process.stdout);
  const isClean = findings.every(({ severity }) => severity === "warning");
  const word = isClean ? style.good("ok") : style.bad("not ok");
  print(`${file}: ${word} (${what}${findings.length === 0 ? "" : `; ${plural(findings.length, "finding")}`})\n`);
  return isClean ? EXIT_OK : EXIT_FAILED;
}

function plural(count: number, word: string, words = `${word}s`): string {
  return `${count} ${count === 1 ? word : words}`;
}
