/**
 * Holds the built product against C that does the same work on the same frames: both in turn, on one processor, several rounds. What
 * counts is the ratio of two numbers taken one after the other, because those of a shared machine wander together.
 *
 *   node bench/compare.mjs [--rounds 5] [--seconds 0.4] [--only W1,W2]
 *
 * Exit status: 0; 1 if a digest differs; 2 wrong usage; 3 if there is no C compiler. Times never fail.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { count, howMeasured, jsonLines, median, printTable, progress } from "./rounds.mjs";

/** Percent of C's speed: what must be reached, and what is aimed at. */
const GOALS = {
  W1: [30, 50],
  W2: [50, 80],
  W3: [45, 60],
  W4: [40, 60],
  W5: [40, 60],
  W6: [35, 60],
};

const { values: flags } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "0.4" },
    only: { type: "string", default: Object.keys(GOALS).join(",") },
  },
});
const rounds = count(flags.rounds, "--rounds");
const workloads = flags.only.split(",");
const strange = workloads.find((id) => !(id in GOALS));
if (strange !== undefined) {
  console.error(`error: there is no workload ${strange}: ${Object.keys(GOALS).join(", ")}`);
  process.exit(2);
}

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "viplane-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));
const program = join(folder, "base");
const compiler = spawnSync("gcc", ["-O3", "-march=native", here("base.c"), "-o", program], { stdio: "inherit" });
if (compiler.status !== 0) {
  console.error("error: gcc is needed to build bench/base.c (apt-get install gcc)");
  process.exit(3);
}

const rows = [];
let isSame = true;
for (const id of workloads) {
  const c = [];
  const ours = [];
  for (let round = 1; round <= rounds; round++) {
    progress(`${id}, round ${round} of ${rounds}`);
    c.push(jsonLines(program, flags.seconds, `only=${id}`).find(({ wl }) => wl === id));
    const command = [here("../dist/cli/main.js"), "bench", "dataplane", "--only", id, "--json-lines"];
    ours.push(...jsonLines(process.execPath, ...command, "--seconds", flags.seconds));
  }
  const ratios = ours.map(({ ns }, i) => (100 * c[i].ns) / ns);
  const [required, aimed] = GOALS[id];
  const digestsEqual = ours.every(({ digest }, i) => digest === c[i].digest);
  isSame &&= digestsEqual;
  rows.push([
    id,
    median(c.map(({ ns }) => ns)).toFixed(2),
    median(ours.map(({ ns }) => ns)).toFixed(2),
    `${median(ratios).toFixed(1)} %`,
    `${Math.min(...ratios).toFixed(1)} to ${Math.max(...ratios).toFixed(1)} %`,
    `${required} %`,
    `${aimed} %`,
    median(ours.map(({ bytesPerUnit }) => bytesPerUnit)).toFixed(1),
    digestsEqual ? "equal" : `${ours[0].digest}, C ${c[0].digest}`,
  ]);
}
progress("");
printTable(["", "C, ns", "viplane, ns", "median", "min to max", "required", "aim", "octets", "digest"], rows);
console.log(`
${howMeasured(rounds, flags.seconds)}`);
process.exitCode = isSame ? 0 : 1;
