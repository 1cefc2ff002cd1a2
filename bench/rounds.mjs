/** What the scripts here share: other processes run on one processor, medians, and text in columns. */
import { execFileSync, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

/** A process that wanders between processors pays for cold caches. Who was started with `taskset -c 0` stays there; others go to the last one. */
const processors = availableParallelism();
const hasTaskset = processors > 1 && spawnSync("taskset", ["-V"]).status === 0;
const PIN = hasTaskset ? ["taskset", "-c", String(processors - 1)] : [];

/** Runs a program to its end, and returns the JSON objects that it printed, one a line. */
export function jsonLines(...command) {
  const [file, ...args] = [...PIN, ...command];
  const out = execFileSync(file, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  return out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** Runs a script in a process of its own, so that what the compiler has seen of one piece of work does not slow down the next. */
export function node(script, ...args) {
  return jsonLines(process.execPath, "--expose-gc", script, ...args);
}

/** Nanoseconds a unit of `pass`, which does `units`: processor time, which the others on a busy machine disturb least. */
export function processorNs(pass, units, seconds) {
  const start = process.cpuUsage();
  let passes = 0;
  let us;
  do {
    pass();
    passes++;
    const { user, system } = process.cpuUsage(start);
    us = user + system;
  } while (us < seconds * 1e6);
  return (us * 1e3) / (passes * units);
}

export function howMeasured(rounds, seconds) {
  const pinned = hasTaskset || processors === 1 ? "on one processor" : "not pinned: there is no taskset";
  return `Medians of ${rounds} rounds of ${seconds} s, ${pinned}; node ${process.version}.`;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Rows of texts under their titles, for people; all but the first column stand to the right. */
export function printTable(titles, rows) {
  const lines = [titles, ...rows];
  const widths = titles.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  for (const line of lines) {
    const cells = line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])));
    console.log(cells.join("  ").trimEnd());
  }
}

/** Says on a terminal what is going on, until something else is said. */
export function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

/** The number of an option, a whole one from `min`. */
export function count(text, name, min = 1) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min) {
    console.error(`error: ${name} is a whole number from ${min}: ${text}`);
    process.exit(2);
  }
  return value;
}
