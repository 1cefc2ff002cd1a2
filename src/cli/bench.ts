/** `viplane bench`: how fast this machine does what a scenario is made of. */
import { type ChildProcess, execFile } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { Argument, type Command, InvalidArgumentError } from "commander";
import { VERSION } from "../base/version.ts";
import type { Measurement } from "../bench/measure.ts";
import { WORKLOADS, type WorkloadPlan } from "../bench/workloads.ts";
import { table } from "../text/table.ts";
import { EXIT_OK, exitStatuses, print, printError, UsageError } from "./console.ts";
import { writingFiles } from "./output-files.ts";

interface Flags {
  readonly only?: readonly WorkloadPlan[];
  readonly seconds: number;
  readonly jsonLines?: true;
  readonly json?: string;
}

const IDS = WORKLOADS.map(({ id }) => id).join(", ");
const SECONDS_DEFAULT = 0.4;
/** Longer, entries of the forwarding table would begin to age. */
const SECONDS_MAX = 60;

const EXPLANATION = `
Workloads:
${WORKLOADS.map(({ id, work }) => `  ${id}  ${work}`).join("\n")}

Each runs in a process of its own, so that none inherits what the compiler and the collector have made of another,
and is warmed up before the clock runs. The same frames give the same digest everywhere: one that changes means that a
frame went elsewhere. Times on a busy machine wander by a factor of two; a ratio to something measured in turn says
more.

Examples:
  viplane bench                                   all of them, as a table
  viplane bench dataplane --only W1,W2            some of them
  viplane bench --seconds 0.4 --only W1 --json-lines
                                                  one JSON object a line, for programs
  viplane bench --seconds 2 --json bench.json     longer, and for the record

${exitStatuses({ ok: "everything was measured", usage: "wrong usage; nothing was measured", unable: "what is printed, or the file, cannot be written to its end" })}`;

/** Once the collector has run, this much can be allocated before it runs again: a collection in between would hide it. */
const NODE_FLAGS = ["--expose-gc", "--max-semi-space-size=128", "--min-semi-space-size=128"];
const PROCESS = fileURLToPath(new URL("bench-process.js", import.meta.url));

export function addBenchCommand(program: Command, exit: (status: number) => void): void {
  program
    .command("bench")
    .summary("measure how fast frames are switched, read and simulated")
    .description("Measure what a scenario is made of: the switch, the reader of announcements, the simulation.")
    .addArgument(new Argument("[what]", "what is measured").choices(["dataplane"]).default("dataplane"))
    .option("--only <workloads>", `some of ${IDS}, separated by commas`, parseOnly)
    .option("--seconds <s>", "how long each is measured", parseSeconds, SECONDS_DEFAULT)
    .option("--json-lines", "print one JSON object for each workload instead of the table")
    .option("--json <file>", "write everything as JSON; - is stdout, and the table is left out")
    .addHelpText("after", EXPLANATION)
    .action(async (_what: string, flags: Flags) => exit(await bench(flags)));
}

async function bench(flags: Flags): Promise<number> {
  if (flags.jsonLines === true && flags.json === "-")
    throw new UsageError("--json-lines and --json - cannot share stdout");
  return await writingFiles(async (open) => {
    const output = open(flags.json);
    const plans = flags.only ?? WORKLOADS;
    const rows: Measurement[] = [];
    for (const [index, plan] of plans.entries()) {
      const clear = showProgress(`${plan.id} (${index + 1} of ${plans.length}): ${plan.work}`);
      const row = await measureApart(plan, flags.seconds);
      clear();
      rows.push(row);
      if (flags.jsonLines === true) print(`${JSON.stringify(row)}\n`);
    }
    if (flags.jsonLines !== true && flags.json !== "-") print(formatTable(rows));
    output?.write(formatDocument(rows, flags.seconds));
    return EXIT_OK;
  });
}

/** On a terminal, says what is going on; returns what takes it away again. */
function showProgress(text: string): () => void {
  if (process.stderr.isTTY !== true) return () => {};
  printError(text);
  return () => printError("\r\u001b[K");
}

/** Measures in a new process, which does not outlive this one. */
async function measureApart(plan: WorkloadPlan, seconds: number): Promise<Measurement> {
  let child: ChildProcess | undefined;
  const end = (): void => {
    child?.kill();
  };
  process.once("exit", end);
  try {
    return await new Promise((resolve, reject) => {
      child = execFile(process.execPath, [...NODE_FLAGS, PROCESS, plan.id, String(seconds)], (error, stdout) => {
        if (error === null) resolve(JSON.parse(stdout));
        else reject(error);
      });
    });
  } finally {
    process.off("exit", end);
  }
}

function formatTable(rows: readonly Measurement[]): string {
  const columns = [
    { title: "" },
    { title: "a unit is" },
    { title: "ns per unit", right: true },
    { title: "units per s", right: true },
    { title: "octets allocated", right: true },
    { title: "digest", right: true },
  ] as const;
  const cells = rows.map(({ wl, ns, rate, bytesPerUnit, digest }) => [
    wl,
    WORKLOADS.find(({ id }) => id === wl)!.work,
    ns.toFixed(ns < 10 ? 2 : 1),
    rate.toLocaleString("en-US"),
    bytesPerUnit.toFixed(1),
    String(digest),
  ]);
  return `${table(columns, cells).join("\n")}\n`;
}

function formatDocument(workloads: readonly Measurement[], seconds: number): string {
  const host = { node: process.version, cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length };
  const document = { schemaVersion: 1, viplane: VERSION, bench: "dataplane", host, seconds, workloads };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function parseOnly(text: string): WorkloadPlan[] {
  const wanted = text.split(",").map((id) => id.trim().toUpperCase());
  const unknown = wanted.find((id) => !WORKLOADS.some((plan) => plan.id === id));
  if (unknown !== undefined) throw new InvalidArgumentError(`The workloads are ${IDS}.`);
  return WORKLOADS.filter(({ id }) => wanted.includes(id));
}

function parseSeconds(text: string): number {
  const seconds = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(seconds > 0 && seconds <= SECONDS_MAX))
    throw new InvalidArgumentError(`Seconds are a number above 0, ${SECONDS_MAX} at most.`);
  return seconds;
}
