/**
 * What it costs to attach something to the switch, or to ask more of it than of a plain bridge: known unicast as in W1, once with nothing
 * and once with each of these, in processes of their own, in turn. Deliveries are given back here, as every driver does in the end.
 *
 *   node bench/hooks.mjs [--rounds 5] [--seconds 0.3]
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Clock } from "../dist/base/clock.js";
import { TRACE_OCTETS, unicastTrace } from "../dist/bench/trace.js";
import { FrameSlab } from "../dist/frame/slab.js";
import { HolderWatch } from "../dist/observe/holder-watch.js";
import { PROFILES } from "../dist/switch/profiles.js";
import { VirtualSwitch } from "../dist/switch/virtual-switch.js";
import { count, howMeasured, median, node, printTable, processorNs, progress } from "./rounds.mjs";

const MACS = 4_096;
const PORTS = 64;
const FRAMES = 65_536;
const SLOT_OCTETS = 128;
const VID = 10;
const WARM_UP_MS = 300;
const SCRIPT = fileURLToPath(import.meta.url);
const nobody = { onFrame() {}, onMove() {} };

/** By name: `set` changes a switch whose ports are there and whose table is empty; `learned` one that knows all MACs. */
const VARIANTS = new Map([
  ["nothing", {}],
  ["a tap that does nothing", { set: (bridge) => Object.assign(bridge, { tap: nobody }) }],
  ["an observer of moves", { set: (bridge) => Object.assign(bridge, { observer: nobody }) }],
  ["the watch over 256 virtual addresses", { set: watchAddresses }],
  ...PROFILES.map((profile) => [`profile ${profile.name}`, { profile }]),
  ["one port isolated", { set: (bridge) => bridge.setFlags(0, { isolated: true }) }],
  ["one port isolated, in another domain", { set: (bridge) => bridge.setFlags(PORTS, { isolated: true }) }],
  ["source guard: every port locked", { learned: (bridge) => lockEveryPort(bridge, true) }],
  ["source guard, off again", { learned: unlockAgain }],
  ["one static entry", { set: (bridge, domain) => bridge.setEntry(domain, 0, 0x0302, 1, 0, "static") }],
  ["a partition, all on one side", { set: partitionInOne }],
  ["VLANs: untagged in and out", { set: inVlan({ pvid: true, untagged: true }) }],
  ["VLANs: tagged in and out", { set: inVlan({}), tagged: true }],
  ["VLANs: a tag added", { set: inVlan({ pvid: true }) }],
  ["VLANs: a tag taken off", { set: inVlan({ untagged: true }), tagged: true }],
]);

function inVlan(membership) {
  return (bridge, domain) => {
    bridge.makeVlanAware(domain);
    for (let port = 0; port < PORTS; port++) bridge.joinVlan(port, { vid: VID, ...membership });
  };
}

function watchAddresses(bridge, domain, clock) {
  const watch = new HolderWatch(bridge.slab, clock.cell, (port) => bridge.ports.domainOf(port), null);
  for (let i = 0; i < 256; i++) watch.watch(domain, Uint8Array.of(10, 99, 0, i), null, null);
  bridge.tap = watch;
}

function lockEveryPort(bridge, locked) {
  for (let port = 0; port < PORTS; port++) bridge.setFlags(port, { locked });
}

function unlockAgain(bridge) {
  lockEveryPort(bridge, true);
  lockEveryPort(bridge, false);
}

function partitionInOne(bridge) {
  bridge.partitioned = true;
  for (let port = 0; port < PORTS; port++) bridge.setSide(port, 0);
}

/** Takes every delivery and gives it back. */
class Taker {
  constructor(slab) {
    this.slab = slab;
    this.deliveries = 0;
  }

  deliver(_port, frame) {
    this.deliveries++;
    this.slab.release(frame);
  }
}

/** W1's frames, but for those whose destination is where they come from: some switches send these to everybody. */
function framesToElsewhere() {
  const { macs, macPorts, bytes, ports, frameCount } = unicastTrace(MACS, PORTS, 1, FRAMES);
  const portOf = new Map(Array.from(macPorts, (port, i) => [macs.subarray(i * 6, i * 6 + 6).join(), port]));
  const frames = Array.from({ length: frameCount }, (_, k) => bytes.subarray(k * TRACE_OCTETS, (k + 1) * TRACE_OCTETS));
  const all = frames.map((octets, k) => ({ octets, port: ports[k] }));
  return all.filter(({ octets, port }) => portOf.get(octets.subarray(0, 6).join()) !== port);
}

/** Nanoseconds and deliveries a frame; more than one where a switch has forgotten what it learned. */
function measure({ profile, set, learned, tagged }, seconds) {
  const trace = framesToElsewhere();
  const frameCount = trace.length;
  const clock = new Clock();
  const slab = new FrameSlab(frameCount + 2, SLOT_OCTETS);
  for (const { octets } of trace) writeFrame(slab, slab.acquire(), octets, tagged);
  const bridge = new VirtualSwitch(slab, clock, { profile, entriesMax: 2 * MACS });
  const domain = bridge.addDomain();
  for (let i = 0; i < PORTS; i++) bridge.addPort(domain);
  bridge.addPort(bridge.addDomain());
  set?.(bridge, domain, clock);

  const taker = new Taker(slab);
  const ports = Int32Array.from(trace, ({ port }) => port);
  const pass = () => {
    clock.advanceTo(clock.nowNs + 1_000_000);
    taker.deliveries = 0;
    for (let k = 0; k < frameCount; k++) {
      bridge.ingress(ports[k], k);
      bridge.egress.drain(taker);
    }
  };
  // Floods until everything is learned.
  pass();
  learned?.(bridge);
  const warmMs = performance.now() + WARM_UP_MS;
  do pass();
  while (performance.now() < warmMs);
  if (slab.inUse !== frameCount) throw new Error(`${slab.inUse} frames in use, not ${frameCount}`);
  const deliveries = taker.deliveries / frameCount;
  return { ns: processorNs(pass, frameCount, seconds), deliveries };
}

function writeFrame(slab, frame, octets, tagged) {
  const start = slab.start(frame);
  slab.bytes.set(octets, start);
  slab.octets[frame] = octets.length;
  if (!tagged) return;
  slab.bytes.copyWithin(start + 16, start + 12, start + octets.length);
  slab.bytes.set([0x81, 0, 0, VID], start + 12);
  slab.octets[frame] = octets.length + 4;
}

const { values: flags } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "0.3" },
    variant: { type: "string" },
  },
});
if (flags.variant === undefined) {
  const rounds = count(flags.rounds, "--rounds");
  const names = [...VARIANTS.keys()];
  const measured = new Map(names.map((name) => [name, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const name of names) {
      progress(`round ${round} of ${rounds}: ${name}`);
      measured.get(name).push(...node(SCRIPT, "--variant", name, "--seconds", flags.seconds));
    }
  }
  progress("");
  const bare = measured.get("nothing");
  const rows = names.map((name) => {
    const here = measured.get(name);
    const price = median(here.map(({ ns }, round) => ns - bare[round].ns));
    const ns = median(here.map((row) => row.ns));
    return [name, ns.toFixed(1), name === "nothing" ? "" : signed(price), here[0].deliveries.toFixed(2)];
  });
  printTable(["", "ns a frame", "price", "deliveries a frame"], rows);
  console.log(`\n${howMeasured(rounds, flags.seconds)}`);
} else {
  console.log(JSON.stringify(measure(VARIANTS.get(flags.variant), Number(flags.seconds))));
}

function signed(ns) {
  return `${ns < 0 ? "-" : "+"}${Math.abs(ns).toFixed(1)}`;
}
