/**
 * What a whole scenario takes, from its text to its report: hosts, neighbour caches, keepalived, probes, switches, all of it. Once cold, in a
 * fresh process, where most of the time is the compiler's, and then warm.
 *
 *   node bench/scenario.mjs [topologies/havip-failover.yaml] [--rounds 5] [--seconds 0.5]
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { loadScenario, ScenarioRun } from "../dist/index.js";
import { count, howMeasured, median, node, printTable, processorNs, progress } from "./rounds.mjs";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "0.5" },
    measure: { type: "boolean", default: false },
  },
});
const file = positionals[0] ?? fileURLToPath(new URL("../topologies/havip-failover.yaml", import.meta.url));

/** Frames that its switches took in. */
function runOnce() {
  const read = (path) => readFileSync(path, "utf8");
  const files = { read, glob: () => [], resolve: (from, relative) => join(dirname(from), relative) };
  const scenario = loadScenario(file, read(file), files);
  const run = new ScenarioRun(scenario);
  run.advanceTo(scenario.untilNs);
  return { frames: run.finish().report.counters.frames.in, virtualSeconds: scenario.untilNs / 1e9 };
}

if (flags.measure) {
  const start = process.cpuUsage();
  const { frames, virtualSeconds } = runOnce();
  const { user, system } = process.cpuUsage(start);
  const coldMs = (user + system) / 1e3;
  for (let i = 0; i < 10; i++) runOnce();
  const ns = processorNs(runOnce, frames, Number(flags.seconds));
  console.log(JSON.stringify({ frames, virtualSeconds, coldMs, ns }));
} else {
  const rounds = count(flags.rounds, "--rounds");
  const rows = Array.from({ length: rounds }, (_, round) => {
    progress(`round ${round + 1} of ${rounds}`);
    return node(fileURLToPath(import.meta.url), "--measure", file, "--seconds", flags.seconds)[0];
  });
  progress("");
  const { frames, virtualSeconds } = rows[0];
  const ns = median(rows.map((row) => row.ns));
  printTable(
    ["", "frames", "of virtual time", "cold", "warm", "warm, a frame"],
    [
      [
        file.split("/").at(-1),
        String(frames),
        `${virtualSeconds} s`,
        `${median(rows.map(({ coldMs }) => coldMs)).toFixed(0)} ms`,
        `${((ns * frames) / 1e6).toFixed(1)} ms`,
        `${(ns / 1e3).toFixed(2)} us`,
      ],
    ],
  );
  console.log(`\n${howMeasured(rounds, flags.seconds)}`);
}
