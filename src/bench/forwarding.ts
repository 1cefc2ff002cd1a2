/**
 * Workloads W1 to W4: a trace's frames through a switch that has learned where all MACs are. The switch is the product's, set up as
 * any driver does it: frames stand in its slab, are taken in one after another, and the egress ring is drained after each.
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

export interface Forwarding extends Workload {
  /** From now on announcements are read as they pass, and it is noted who holds the addresses of `churnTrace`. */
  watchHolders(): HolderWatch;
}

/** A frame counts as `unitsPerFrame` units; a pass is one millisecond later than the one before, and all frames of the trace. */
export function forwarding(trace: Trace, unitsPerFrame = 1): Forwarding {
  const { frameCount, ports } = trace;
  const clock = new Clock();
  const bridge = new VirtualSwitch(slabOf(trace), clock);
  const rings = new PortRings(trace.portCount);
  addStations(bridge, trace);
  return {
    pass() {
      clock.advanceTo(clock.nowNs + NS_PER_MS);
      for (let frame = 0; frame < frameCount; frame++) {
        bridge.ingress(ports[frame] as PortId, frame as FrameRef);
        bridge.egress.drain(rings);
      }
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
