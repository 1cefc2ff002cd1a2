/** A switch of any size for `scale.mjs`: built, weighed, judged, changed, and timed. */
import { Clock } from "../dist/base/clock.js";
import { Mulberry32 } from "../dist/bench/mulberry32.js";
import { makeMacs } from "../dist/bench/trace.js";
import { FrameSlab } from "../dist/frame/slab.js";
import { VirtualSwitch } from "../dist/switch/virtual-switch.js";
import { processorNs } from "./rounds.mjs";

const FRAME_OCTETS = 64;
/** Frames of each kind that are sent to see where they go. */
const SAMPLE = 20_000;
const BROADCAST = new Uint8Array(6).fill(0xff);

/** Points of the curve: only the table grows, from one to the next; at the last one the switch is the large one. */
export const CURVE = [
  ...[64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576].map((macs) => ({ macs, ports: 32, domains: 1 })),
  { macs: 1_000_000, ports: 100_000, domains: 10_000 },
];
/** More than entries, so that nearly all of them are met on the way. */
const CURVE_FRAMES = 1_048_576;
const WARM_UP_PASSES = 3;

/**
 * What it weighs and takes to build, whether it is right, and what changes take when it is built. MACs are dealt out to domains in turn, and inside a
 * domain to its ports in turn.
 */
export function buildLargeSwitch(macCount, portCount, domainCount) {
  const random = new Mulberry32(1);
  const slab = new FrameSlab(4, FRAME_OCTETS);
  const stations = stationsOf(random, macCount, portCount, domainCount);
  const bridge = new VirtualSwitch(slab, new Clock(), { entriesMax: macCount + 2 });
  const steps = [
    weighed("domains", domainCount, () => addDomains(bridge, domainCount)),
    weighed("ports", portCount, () => addPorts(bridge, stations)),
    weighed("entries", macCount, () => learnAll(bridge, stations)),
  ];
  const residentOctets = process.memoryUsage().rss;
  const failures = [];
  const checked = [
    { what: "MACs are behind the port where they were learned", of: lookForAll(bridge, stations, failures) },
    { what: "unicast frames went to one port, the right one", of: sendUnicast(bridge, stations, random, failures) },
    { what: "broadcast frames went to all others of their domain", of: broadcast(bridge, stations, random, failures) },
    { what: "frames for a MAC of another domain stayed in theirs", of: sendAstray(bridge, stations, random, failures) },
  ];
  return { steps, residentOctets, checked, changes: changesOf(bridge), failures };
}

/**
 * Nanoseconds a frame of random unicast inside domains; what the entries weigh; and what it costs to wait for two places in that much memory, as
 * a frame waits for its source's entry and its destination's.
 */
export function costOfFrame({ macs: entries, ports: portCount, domains }, seconds) {
  const random = new Mulberry32(1);
  const stations = stationsOf(random, entries, portCount, domains);
  const slab = new FrameSlab(CURVE_FRAMES, FRAME_OCTETS);
  const clock = new Clock();
  const bridge = new VirtualSwitch(slab, clock, { entriesMax: entries });
  addDomains(bridge, domains);
  addPorts(bridge, stations);
  const { octets } = weighed("entries", entries, () => learnAll(bridge, stations));
  const ports = new Int32Array(CURVE_FRAMES);
  for (let k = 0; k < CURVE_FRAMES; k++) {
    const source = random.below(entries);
    writeFrame(
      slab,
      slab.acquire(),
      macAt(stations.macs, partnerOf(random, stations, source)),
      macAt(stations.macs, source),
    );
    ports[k] = stations.macPorts[source];
  }
  const taker = new Taker(slab);
  const pass = () => {
    clock.advanceTo(clock.nowNs + 1_000_000);
    for (let k = 0; k < CURVE_FRAMES; k++) {
      bridge.ingress(ports[k], k);
      bridge.egress.drain(taker);
    }
  };
  for (let i = 0; i < WARM_UP_PASSES; i++) pass();
  if (taker.deliveries !== WARM_UP_PASSES * CURVE_FRAMES) throw new Error(`${taker.deliveries} deliveries`);
  return { ns: processorNs(pass, CURVE_FRAMES, seconds), octets, memoryNs: costOfMemory(octets, seconds) };
}

/** Nanoseconds for two reads at random places of so many octets, one after the other, and a write beside the second. */
function costOfMemory(octets, seconds) {
  const cells = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(octets, 1_024))) / 4);
  const shift = Math.clz32(cells.length / 4 - 1);
  let place = 1;
  const pass = () => {
    for (let k = 0; k < CURVE_FRAMES; k++) {
      // What is read is 0, but where to read next is not known before it is there.
      const first = (Math.imul(place, 0x9e3779b1) >>> shift) << 2;
      place = (place + 0x61c88647 + cells[first]) | 0;
      const second = (Math.imul(place, 0x9e3779b1) >>> shift) << 2;
      place = (place + 0x61c88647 + cells[second]) | 0;
      cells[second + 3] = k;
    }
  };
  for (let i = 0; i < WARM_UP_PASSES; i++) pass();
  return processorNs(pass, CURVE_FRAMES, seconds);
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

// --- building -----------------------------------------------------------------------------------------------------------

function stationsOf(random, macCount, portCount, domainCount) {
  const portsEach = portCount / domainCount;
  const macPorts = new Int32Array(macCount);
  for (let i = 0; i < macCount; i++)
    macPorts[i] = (i % domainCount) * portsEach + (Math.floor(i / domainCount) % portsEach);
  return { macs: makeMacs(random, macCount), macPorts, macCount, domainCount, portsEach };
}

function addDomains(bridge, domainCount) {
  for (let i = 0; i < domainCount; i++) bridge.addDomain();
}

function addPorts(bridge, { domainCount, portsEach }) {
  for (let domain = 1; domain <= domainCount; domain++) for (let i = 0; i < portsEach; i++) bridge.addPort(domain);
}

function learnAll(bridge, { macs, macPorts, macCount, domainCount }) {
  for (let i = 0; i < macCount; i++)
    bridge.fdb.learn((((i % domainCount) + 1) << 16) | hiOf(macs, i), loOf(macs, i), macPorts[i]);
}

function macAt(macs, i) {
  return macs.subarray(i * 6, i * 6 + 6);
}

/** A MAC as the table has it: its first two octets, and its last four. */
function hiOf(macs, i) {
  return macs[i * 6] | (macs[i * 6 + 1] << 8);
}

function loOf(macs, i) {
  const at = i * 6 + 2;
  return macs[at] | (macs[at + 1] << 8) | (macs[at + 2] << 16) | (macs[at + 3] << 24);
}

/** Runs a step; says how long it took, and how many octets more are in use afterwards. */
function weighed(name, number, step) {
  const before = octetsInUse();
  const startMs = performance.now();
  step();
  const ms = performance.now() - startMs;
  return { name, number, ms, octets: octetsInUse() - before };
}

function octetsInUse() {
  // What the first one finds unused is given back by the second one.
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

// --- judging ------------------------------------------------------------------------------------------------------------

function lookForAll(bridge, { macs, macPorts, macCount, domainCount }, failures) {
  for (let i = 0; i < macCount; i++) {
    const entry = bridge.fdb.find((i % domainCount) + 1, hiOf(macs, i), loOf(macs, i));
    if (entry?.port !== macPorts[i]) failures.push(`MAC ${i} is at port ${entry?.port}, not ${macPorts[i]}`);
  }
  return macCount;
}

function sendUnicast(bridge, stations, random, failures) {
  for (let n = 0; n < SAMPLE; n++) {
    const source = random.below(stations.macCount);
    const other = partnerOf(random, stations, source);
    const taken = send(bridge, stations.macPorts[source], macAt(stations.macs, other), macAt(stations.macs, source));
    const expected = stations.macPorts[other];
    if (taken.length !== 1 || taken[0] !== expected) failures.push(`for port ${expected}, but to ${taken.join()}`);
  }
  return SAMPLE;
}

function broadcast(bridge, stations, random, failures) {
  for (let n = 0; n < SAMPLE; n++) {
    const source = random.below(stations.macCount);
    judgeFlood(bridge, stations, source, BROADCAST, failures);
  }
  return SAMPLE;
}

function sendAstray(bridge, stations, random, failures) {
  const { macCount, domainCount, macs } = stations;
  if (domainCount === 1) return 0;
  for (let n = 0; n < SAMPLE; n++) {
    const source = random.below(macCount);
    // Numbers that follow each other are in different domains.
    judgeFlood(bridge, stations, source, macAt(macs, (source + 1) % macCount), failures);
  }
  return SAMPLE;
}

/** To every port of the sender's domain but its own, once each, and to no other. */
function judgeFlood(bridge, { macs, macPorts, domainCount, portsEach }, source, destination, failures) {
  const first = (source % domainCount) * portsEach;
  const expected = [];
  for (let port = first; port < first + portsEach; port++) if (port !== macPorts[source]) expected.push(port);
  const taken = send(bridge, macPorts[source], destination, macAt(macs, source));
  if (taken.join() !== expected.join()) failures.push(`for ports ${expected.join()}, but to ${taken.join()}`);
}

/** The ports that one frame leaves by. */
function send(bridge, port, destination, source) {
  const { slab } = bridge;
  const frame = slab.acquire();
  writeFrame(slab, frame, destination, source);
  bridge.ingress(port, frame);
  const taken = [];
  bridge.egress.drain({
    deliver(out, delivered) {
      taken.push(out);
      slab.release(delivered);
    },
  });
  slab.release(frame);
  return taken;
}

function writeFrame(slab, frame, destination, source) {
  const start = slab.start(frame);
  slab.bytes.set(destination, start);
  slab.bytes.set(source, start + 6);
  slab.bytes[start + 12] = 8;
  slab.octets[frame] = FRAME_OCTETS;
}

/** A MAC of the same domain behind another port, at random. */
function partnerOf(random, { macCount, macPorts, domainCount }, source) {
  for (;;) {
    const other = (source % domainCount) + domainCount * random.below(macCount / domainCount);
    if (macPorts[other] !== macPorts[source]) return other;
  }
}

// --- changing -----------------------------------------------------------------------------------------------------------

/** What an administrator does one at a time; each is undone again. */
function changesOf(bridge) {
  const timed = (name, change) => {
    const startMs = performance.now();
    change();
    return { name, ms: performance.now() - startMs };
  };
  return [
    timed("a port more, in the first domain", () => bridge.addPort(1)),
    timed("a port's flag set", () => bridge.setFlags(0, { isolated: true })),
    timed("and cleared", () => bridge.setFlags(0, { isolated: false })),
    timed("the first static entry made", () => bridge.setEntry(1, 0, 0x0302, 1, 0, "static")),
    timed("another one", () => bridge.setEntry(1, 0, 0x0302, 2, 0, "static")),
    timed("that one removed", () => bridge.removeEntry(1, 0, 0x0302, 2)),
    timed("and the first one", () => bridge.removeEntry(1, 0, 0x0302, 1)),
    timed("a port's carrier lost", () => bridge.setLink(0, false)),
    timed("and back", () => bridge.setLink(0, true)),
    timed("a port removed", () => bridge.removePort(1)),
    timed("and put back", () => bridge.restorePort(1)),
  ];
}
