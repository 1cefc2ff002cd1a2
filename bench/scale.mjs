/**
 * How large the switch can be: builds one with a million MACs in 10,000 domains on 100,000 ports, says how long that takes and what it
 * weighs, looks for every MAC, sends frames through it, and changes it. Then a curve: the cost of a frame while the table grows from 64
 * entries to a million, and the frames stay of the same kind.
 *
 *   node --expose-gc bench/scale.mjs [--macs 1000000] [--ports 100000] [--domains 10000] [--rounds 3] [--seconds 0.3]
 *   node --expose-gc bench/scale.mjs --macs 10000 --ports 1000 --domains 100 --json-lines      the build alone, for programs
 *
 * Exit status 1 if a MAC is not where it was learned, or a frame goes to anybody else.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildLargeSwitch, CURVE, costOfFrame } from "./large-switch.mjs";
import { count, howMeasured, median, node, printTable, progress } from "./rounds.mjs";

const { values: flags } = parseArgs({
  options: {
    macs: { type: "string", default: "1000000" },
    ports: { type: "string", default: "100000" },
    domains: { type: "string", default: "10000" },
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "0.3" },
    "json-lines": { type: "boolean", default: false },
    point: { type: "string" },
  },
});
const [macs, ports, domains] = ["macs", "ports", "domains"].map((name) => count(flags[name], `--${name}`));

if (flags.point !== undefined) {
  console.log(JSON.stringify(costOfFrame(CURVE[flags.point], Number(flags.seconds))));
} else if (flags["json-lines"]) {
  const { failures, ...built } = buildLargeSwitch(macs, ports, domains);
  console.log(JSON.stringify({ ...built, failures: failures.length }));
  report(failures);
} else {
  const { steps, changes, checked, residentOctets, failures } = buildLargeSwitch(macs, ports, domains);
  const number = (value) => value.toLocaleString("en-US");
  printTable(
    ["", "number", "built in", "octets each", "MiB"],
    steps.map(({ name, number: of, ms, octets }) => [
      name,
      number(of),
      `${ms.toFixed(0)} ms`,
      (octets / of).toFixed(0),
      (octets / 2 ** 20).toFixed(1),
    ]),
  );
  console.log(`the process: ${(residentOctets / 2 ** 20).toFixed(0)} MiB resident\n`);
  for (const { what, of } of checked) console.log(`right: ${number(of)} ${what}`);
  console.log();
  printTable(
    ["a change at that size", "takes"],
    changes.map(({ name, ms }) => [name, `${ms.toFixed(2)} ms`]),
  );
  report(failures);

  const rounds = count(flags.rounds, "--rounds");
  const script = fileURLToPath(import.meta.url);
  const points = CURVE.map(() => []);
  for (let round = 1; round <= rounds; round++) {
    for (const [i, point] of points.entries()) {
      progress(`round ${round} of ${rounds}: ${number(CURVE[i].macs)} entries`);
      point.push(...node(script, "--point", String(i), "--seconds", flags.seconds));
    }
  }
  progress("");
  console.log();
  const of = (point, name) => median(point.map((row) => row[name]));
  printTable(
    ["entries", "ports", "domains", "entries, MiB", "ns a frame", "two reads in as much"],
    CURVE.map(({ macs: entries, ports: portCount, domains: domainCount }, i) => [
      number(entries),
      number(portCount),
      number(domainCount),
      (of(points[i], "octets") / 2 ** 20).toFixed(1),
      of(points[i], "ns").toFixed(1),
      of(points[i], "memoryNs").toFixed(1),
    ]),
  );
  console.log(`\n${howMeasured(rounds, flags.seconds)}`);
}

function report(failures) {
  for (const failure of failures.slice(0, 10)) console.error(`wrong: ${failure}`);
  if (failures.length > 0) process.exitCode = 1;
}
