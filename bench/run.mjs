/**
 * Measures the built product: the very switch, scheduler and hosts that a scenario uses. `npm run bench` builds first.
 *
 *   node bench/run.mjs [--seconds 0.4] [--only W1,W3,run] [--json-lines]
 *
 * Times on a shared machine wander; only ratios taken in the same run, in turn, on one core, mean something.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Clock } from "../dist/base/clock.js";
import { FrameSlab } from "../dist/frame/slab.js";
import { loadScenario, ScenarioRun } from "../dist/index.js";
import { VirtualSwitch } from "../dist/switch/virtual-switch.js";
import { floodFrames, steadyFrames } from "./frames.mjs";

const { values: flags } = parseArgs({
  options: {
    seconds: { type: "string", default: "0.4" },
    only: { type: "string", default: "W1,W3,run" },
    "json-lines": { type: "boolean", default: false },
  },
});
const seconds = Number(flags.seconds);
const only = new Set(flags.only.split(","));

/** A switch with one domain, the workload's frames in its slab, and every MAC learned where it lives. */
function switchWith({ bytes, ports, octets, frameCount, portCount }) {
  const clock = new Clock();
  const slab = new FrameSlab(frameCount, octets);
  const bridge = new VirtualSwitch(slab, clock);
  const domain = bridge.addDomain();
  for (let i = 0; i < portCount; i++) bridge.addPort(domain);
  for (let k = 0; k < frameCount; k++) slab.octets[slab.acquire()] = octets;
  // Slots are handed out from 0, so that frame k is slot k.
  slab.bytes.set(bytes);
  const drain = () => {
    const { egress } = bridge;
    while (egress.size > 0) {
      slab.release(egress.headFrame());
      egress.pop();
    }
  };
  const pass = () => {
    let deliveries = 0;
    for (let k = 0; k < frameCount; k++) {
      bridge.ingress(ports[k], k);
      deliveries += bridge.egress.size;
      drain();
    }
    return deliveries;
  };
  return { bridge, pass };
}

/** Repeats `pass`, which returns how many units it did, for the time given, after three rounds of warming up. */
function timed(name, unit, pass) {
  for (let i = 0; i < 3; i++) pass();
  const heapBefore = process.memoryUsage().heapUsed;
  let units = 0;
  const start = performance.now();
  let elapsedMs;
  do {
    units += pass();
    elapsedMs = performance.now() - start;
  } while (elapsedMs < seconds * 1000);
  const bytesPerUnit = Math.max(0, (process.memoryUsage().heapUsed - heapBefore) / units);
  print({
    impl: "viplane",
    wl: name,
    unit,
    n: units,
    sec: elapsedMs / 1000,
    rate: Math.round((units / elapsedMs) * 1000),
    ns: (elapsedMs * 1e6) / units,
    bytesPerUnit,
  });
}

function print(row) {
  if (flags["json-lines"]) console.log(JSON.stringify(row));
  else
    console.log(
      `${row.wl.padEnd(6)} ${row.ns.toFixed(2).padStart(10)} ns per ${row.unit.padEnd(10)} ${row.bytesPerUnit.toFixed(2).padStart(8)} octets allocated`,
    );
}

if (only.has("W1")) {
  const frames = steadyFrames();
  const { pass } = switchWith(frames);
  timed("W1", "frame", () => {
    pass();
    return frames.frameCount;
  });
}
if (only.has("W3")) {
  const { pass } = switchWith(floodFrames());
  timed("W3", "delivery", pass);
}
if (only.has("run")) {
  const file = join(dirname(fileURLToPath(import.meta.url)), "../topologies/havip-failover.yaml");
  const read = (path) => readFileSync(path, "utf8");
  const files = { read, glob: () => [], resolve: (from, relative) => join(dirname(from), relative) };
  const scenario = loadScenario(file, read(file), files);
  timed("run", "frame", () => {
    const run = new ScenarioRun(scenario);
    run.advanceTo(scenario.untilNs);
    return run.finish().report.counters.frames.in;
  });
}
