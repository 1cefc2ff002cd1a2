/**
 * Runs one workload of the built product and prints what it allocated on the heap: `{"frames", "octetsPerFrame"}`, the latter for each
 * round. A process of its own, because a test runner rewrites what it imports and allocates beside it.
 *
 *   node --expose-gc --max-semi-space-size=128 --min-semi-space-size=128 test/alloc/measure.mjs WORKLOAD
 */
import { Clock } from "../../dist/base/clock.js";
import { WORKLOADS as MEASURED } from "../../dist/bench/workloads.js";
import { FrameSlab } from "../../dist/frame/slab.js";
import { Network } from "../../dist/sim/network.js";
import { VirtualSwitch } from "../../dist/switch/virtual-switch.js";
import { Scheduler } from "../../dist/time/scheduler.js";
import { Timers } from "../../dist/time/timers.js";

const FRAMES = 200_000;
/** Until V8 has compiled all of the longest way, that of TCP, for good: before, numbers are boxed between functions that are not put into each other yet. */
const WARM_UP_ROUNDS = 10;
const ROUNDS = 7;

/** Each makes what it needs and gives a function that handles at least FRAMES frames and says how many those were. */
const WORKLOADS = {
  ...Object.fromEntries(MEASURED.map((plan) => [plan.id, () => benched(plan)])),
  "known-unicast": () => switched(64, 1, (source, k) => (source + 1 + (k % 62)) % 64),
  flood: () => switched(64, 63, () => -1),
  network: pinging,
  connecting,
  impaired,
  timers: rearming,
  boxing,
};

/** What `viplane bench` measures; a "frame" is what it counts as a unit. */
function benched(plan) {
  const workload = plan.make();
  return () => {
    let units = 0;
    while (units < FRAMES) units += workload.pass();
    return units;
  };
}

/** Hosts on a switch, one behind each port, send in turn; -1 as destination is broadcast. */
function switched(portCount, copies, destinationOf) {
  const clock = new Clock();
  const slab = new FrameSlab(16, 64);
  const bridge = new VirtualSwitch(slab, clock);
  const domain = bridge.addDomain();
  for (let i = 0; i < portCount; i++) bridge.addPort(domain);
  let deliveries = 0;
  const sink = {
    deliver(_port, frame) {
      deliveries++;
      slab.release(frame);
    },
  };

  const writeMac = (offset, host) => {
    slab.bytes.fill(host < 0 ? 0xff : 0, offset, offset + 6);
    if (host < 0) return;
    slab.bytes[offset] = 2;
    slab.bytes[offset + 5] = host;
  };
  const send = (destination, source) => {
    const frame = slab.acquire();
    const start = slab.start(frame);
    writeMac(start, destination);
    writeMac(start + 6, source);
    slab.octets[frame] = 60;
    bridge.ingress(source, frame);
    bridge.egress.drain(sink);
    slab.release(frame);
  };

  for (let port = 0; port < portCount; port++) send(-1, port);
  return () => {
    deliveries = 0;
    for (let k = 0; k < FRAMES; k++) {
      clock.advanceTo(clock.cell[0] + 1_001);
      const source = k % portCount;
      send(destinationOf(source, k), source);
    }
    if (deliveries !== FRAMES * copies || slab.inUse !== 0)
      throw new Error(`${deliveries} deliveries, ${slab.inUse} left`);
    return FRAMES;
  };
}

/** Two hosts that ping each other every 10 us of virtual time: timers, routing, neighbour cache, links, switch, answer. */
function pinging() {
  const network = new Network({ seed: 1 });
  network.addSubnet("app", { cidr: "10.0.1.0/24" });
  network.addHost("a", { subnet: "app", address: "10.0.1.11" });
  network.addHost("b", { subnet: "app", address: "10.0.1.12" });
  const there = network.addProbe("there", { from: "a", to: "10.0.1.12", every: "10us" });
  const back = network.addProbe("back", { from: "b", to: "10.0.1.11", every: "10us" });
  const [{ bridge }] = network.fabric.switches;
  const frameCount = () => bridge.ports.counters(0).rxFrames + bridge.ports.counters(1).rxFrames;
  return () => {
    const before = frameCount();
    // Two questions and two answers each 10 us.
    network.run(network.nowNs + (FRAMES / 4) * 10_000 + 10_000);
    if (there.sent - there.answered > 100 || back.sent - back.answered > 100) throw new Error("pings were lost");
    return frameCount() - before;
  };
}

/** A client that opens a connection every 20 us of virtual time, and one that writes a request to one that it keeps. */
function connecting() {
  const network = new Network({ seed: 1 });
  network.addSubnet("app", { cidr: "10.0.1.0/24" });
  network.addHost("server", { subnet: "app", address: "10.0.1.11" });
  network.addHost("a", { subnet: "app", address: "10.0.1.12" });
  network.addHost("b", { subnet: "app", address: "10.0.1.13" });
  const tcp = { to: "10.0.1.11", kind: "tcp", every: "20us" };
  const attempts = network.addProbe("attempts", { from: "a", ...tcp, timeout: "100ms" });
  const requests = network.addProbe("requests", { from: "b", ...tcp, connection: "kept" });
  const [{ bridge }] = network.fabric.switches;
  const frameCount = () => [0, 1, 2].reduce((sum, port) => sum + bridge.ports.counters(port).rxFrames, 0);
  return () => {
    const before = frameCount();
    // Four segments and two each 20 us.
    network.run(network.nowNs + Math.ceil(FRAMES / 6) * 20_000);
    for (const { sent, answered } of [attempts, requests])
      if (sent - answered > 100) throw new Error(`${sent - answered} questions were lost`);
    return frameCount() - before;
  };
}

/** Two hosts that send frames to each other that nobody reads, over cables that do to them all that an impairment can do. */
function impaired() {
  const network = new Network({ seed: 1 });
  network.addSubnet("app", { cidr: "10.0.1.0/24" });
  for (const name of ["a", "b"]) network.addHost(name, { subnet: "app" });
  const loss = { share: "1%", burst: 3 };
  const shares = { loss, duplicate: "5%", reorder: "5%", corrupt: "1%" };
  network.impair({ on: "a", delay: "20us", jitter: "10us", rate: "1gbit", announcements: "2/s", ...shares });
  const { fabric } = network;
  const { slab, scheduler } = fabric;
  const nics = ["a", "b"].map((name) => network.host(name).nics[0]);
  let sent = 0;
  const onEvent = (from) => {
    const frame = slab.acquire();
    const start = slab.start(frame);
    slab.bytes.fill(0, start, start + 60);
    slab.bytes.set(nics[1 - from].mac, start);
    slab.bytes.set(nics[from].mac, start + 6);
    slab.bytes[start + 12] = 0x88;
    slab.octets[frame] = 60;
    fabric.transmit(nics[from].port, frame);
    sent++;
    scheduler.dueNs[0] = fabric.clock.cell[0] + 10_000;
    scheduler.push(kind, from, 0);
  };
  const kind = scheduler.register({ onEvent });
  for (const from of [0, 1]) scheduler.push(kind, from, 0);
  return () => {
    const before = sent;
    network.run(network.nowNs + (FRAMES / 2) * 10_000);
    if (slab.inUse > 50) throw new Error(`${slab.inUse} frames are left`);
    return sent - before;
  };
}

/** Ten routers' adverts, each of which makes every backup arm its master-down timer anew; a "frame" is one such arming. */
function rearming() {
  const scheduler = new Scheduler(new Clock());
  const timers = new Timers(scheduler);
  let expired = 0;
  const masterDown = Array.from({ length: 10 }, (_, i) => timers.create({ onTimer: () => expired++ }, i));
  const heartbeat = {
    onTimer(i) {
      timers.armAfter(adverts[i], 1_000_000_000);
      for (let k = 0; k < masterDown.length; k++) timers.armAfter(masterDown[k], 3_609_375_000);
    },
  };
  const adverts = masterDown.map((_, i) => timers.create(heartbeat, i));
  for (const [i, timer] of adverts.entries()) timers.armAfter(timer, i * 100_000_000);
  return () => {
    const seconds = FRAMES / (adverts.length * masterDown.length);
    scheduler.runUntil(scheduler.clock.nowNs + seconds * 1_000_000_000);
    if (expired > 0) throw new Error("a master-down timer expired");
    return FRAMES;
  };
}

/** What the gate must see: a number too large for an integer, kept on the heap for each frame. */
function boxing() {
  const boxes = new Array(16).fill(null);
  return () => {
    for (let k = 0; k < FRAMES; k++) boxes[k & 15] = 2 ** 40 + k;
    return FRAMES;
  };
}

const round = WORKLOADS[process.argv[2]]();
for (let i = 0; i < WARM_UP_ROUNDS; i++) round();
const octetsPerFrame = [];
let frames = 0;
for (let i = 0; i < ROUNDS; i++) {
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  frames = round();
  octetsPerFrame.push((process.memoryUsage().heapUsed - before) / frames);
}
console.log(JSON.stringify({ frames, octetsPerFrame }));
