/**
 * Workloads W1 to W4: a trace's frames through a switch that has learned where all MACs are. The switch is the product's, set up as
 * any driver does it that knows what is coming: tables of the right size from the start, frames in its slab, taken in a batch at a time, and the egress
 * ring drained after each batch.
 *
 * Everything here is a variable of one function, and so a constant to V8: this is a driver with one switch in a process of its own. What it
 * costs where switches are found in tables is W6's to show.
 */
import { assert } from "../base/assert.ts";
import { Clock } from "../base/clock.ts";
import type { DomainId, FrameRef, PortId } from "../base/ids.ts";
import { NS_PER_MS } from "../base/units.ts";
import { FrameSlab } from "../frame/slab.ts";
import { HolderWatch } from "../observe/holder-watch.ts";
import { VirtualSwitch } from "../switch/virtual-switch.ts";
import { readLittleWord } from "../wire/announcement-record.ts";
import { PortRings } from "./port-rings.ts";
import { CHURN_ADDRESSES, churnAddress, TRACE_OCTETS, type Trace } from "./trace.ts";
import type { Workload } from "./workload.ts";

/** Frames that are taken in before the egress ring is drained. Every trace has a multiple of them. */
const BATCH = 32;

export interface Forwarding extends Workload {
  /** From now on announcements are read as they pass, and it is noted who holds the addresses of `churnTrace`. */
  watchHolders(): HolderWatch;
}

/** A frame counts as `unitsPerFrame` units; a pass is one millisecond later than the one before, and all frames of the trace. */
export function forwarding(trace: Trace, unitsPerFrame = 1): Forwarding {
  const { frameCount, ports } = trace;
  assert(frameCount % BATCH === 0, "a trace is a number of whole batches");
  const clock = new Clock();
  const bridge = new VirtualSwitch(slabOf(trace), clock, {
    entriesExpected: trace.sourceCount,
    portsExpected: trace.portCount,
  });
  const rings = new PortRings(trace.portCount);
  addStations(bridge, trace);
  // A function of its own: it is called often enough to be compiled as a whole, while a loop that never ends is compiled as it stands.
  const takeBatch = (start: number): void => {
    // To V8 an argument may be anything, and so would be what counts on from it.
    const first = start | 0;
    for (let frame = first; frame < first + BATCH; frame++) bridge.ingress(ports[frame] as PortId, frame as FrameRef);
    bridge.egress.drain(rings);
  };
  return {
    pass() {
      clock.advanceTo(clock.nowNs + NS_PER_MS);
      for (let first = 0; first < frameCount; first += BATCH) takeBatch(first);
      return frameCount * unitsPerFrame;
    },
    digest: () => rings.digest(bridge.ports),
    watchHolders() {
      const watch = new HolderWatch(bridge.slab, clock.cell, (port) => bridge.ports.domainOf(port), null);
      for (let i = 0; i < CHURN_ADDRESSES; i++) watch.watch(1 as DomainId, churnAddress(i), null, null);
      bridge.tap = watch;
      return watch;
    },
  };
}

/** Frame k of the trace in slot k. */
function slabOf({ frameCount, bytes }: Trace): FrameSlab {
  const slab = new FrameSlab(frameCount, TRACE_OCTETS);
  for (let k = 0; k < frameCount; k++) {
    const frame = slab.acquire();
    assert(frame === k, "slots are handed out from 0");
    slab.octets[frame] = TRACE_OCTETS;
  }
  slab.bytes.set(bytes);
  return slab;
}

/** The domains and ports, and every MAC learned where it lives. */
function addStations(bridge: VirtualSwitch, { portCount, domainCount, macs, macPorts }: Trace): void {
  for (let d = 0; d < domainCount; d++) {
    const domain = bridge.addDomain();
    for (let i = 0; i < portCount / domainCount; i++) bridge.addPort(domain);
  }
  for (const [i, port] of macPorts.entries()) {
    const at = i * 6;
    const hi = (bridge.ports.domainOf(port as PortId) << 16) | macs[at]! | (macs[at + 1]! << 8);
    bridge.fdb.learn(hi, readLittleWord(macs, at + 2), port as PortId);
  }
}
