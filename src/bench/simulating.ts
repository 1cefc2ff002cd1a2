/**
 * Workload W6: a network in virtual time. 100 stations on one switch send a frame of 1,000 octets every millisecond, each to one of the
 * others at random, over cables of 10 us. Scheduler, driver, slab and switch are those of a scenario; a station makes and counts frames
 * and does nothing else. Three events a frame: its sender's turn, at the switch, at the receiver.
 */
import { assert } from "../base/assert.ts";
import { type DomainId, NO_FRAME } from "../base/ids.ts";
import { NS_PER_MS, NS_PER_S } from "../base/units.ts";
import { Fabric } from "../sim/fabric.ts";
import { LINUX } from "../switch/profile.ts";
import { Mulberry32 } from "./mulberry32.ts";
import { Arrivals, FRAME_OCTETS, Station } from "./station.ts";
import { macAt, makeMacs } from "./trace.ts";
import type { Workload } from "./workload.ts";

const STATIONS = 100;
const LATENCY_NS = 10_000;
const EVERY_NS = NS_PER_MS;
/** Stations begin one after another, so that no two ever send at once. */
const STAGGER_NS = 10_000;

/** A pass lasts `forNs` of virtual time, and until the last frame has arrived; its units are the frames. */
export function simulating(forNs = NS_PER_S): Workload {
  const fabric = new Fabric(1);
  const { clock, scheduler, slab } = fabric;
  const arrivals = new Arrivals(slab.slotCount);
  const random = new Mulberry32(2_024);
  const stations = addStations(fabric, makeMacs(random, STATIONS), arrivals);
  const turnLane = scheduler.openLane(EVERY_NS);
  let endNs = 0;
  let sent = 0;

  /** A station's turn: it sends, and waits for the next one. */
  const turn = scheduler.register({
    onEvent(number) {
      const station = stations[number]!;
      const frame = slab.acquire();
      assert(frame !== NO_FRAME, "more frames are under way than stations have sent");
      const other = random.below(STATIONS - 1);
      const start = slab.start(frame);
      slab.bytes.set(station.template, start);
      stations[other < number ? other : other + 1]!.address(slab.words, start >> 2);
      arrivals.bornNs[frame] = clock.cell[0]!;
      sent++;
      station.transmit(frame, FRAME_OCTETS);
      if (clock.cell[0]! + EVERY_NS < endNs) scheduler.pushOnLane(turnLane, turn, number, 0);
    },
  });
  return {
    pass() {
      const sentBefore = sent;
      const startNs = clock.nowNs;
      endNs = startNs + forNs;
      for (let station = 0; station < STATIONS; station++) {
        scheduler.dueNs[0] = startNs + station * STAGGER_NS;
        scheduler.push(turn, station, 0);
      }
      scheduler.runUntil(endNs + EVERY_NS);
      assert(arrivals.wanted === sent, "frames were lost");
      return sent - sentBefore;
    },
    // Frames that arrived where they should, how long that took them all together, and all events.
    digest() {
      let events = sent + arrivals.heard;
      for (const { at, local } of fabric.ports) events += at.bridge.ports.counters(local).rxFrames;
      return (Math.imul(arrivals.wanted, 2_654_435_761) ^ (arrivals.latencyNs[0]! | 0) ^ events) >>> 0;
    },
  };
}

/** A switch, and a station on each of its ports. */
function addStations(fabric: Fabric, macs: Uint8Array, arrivals: Arrivals): Station[] {
  const subnet = {
    name: "stations",
    domain: 1 as DomainId,
    prefixes: [],
    latencyNs: LATENCY_NS,
    multicast: true,
    profile: LINUX,
    ageingMs: null,
    switches: new Map(),
    links: [],
    storms: null,
  };
  const bridge = fabric.addSwitch("switch", subnet, LINUX, null);
  return Array.from({ length: STATIONS }, (_, i) => {
    const station = new Station(fabric, i, fabric.addPort(bridge, LATENCY_NS), macAt(macs, i), arrivals);
    fabric.attach(station);
    return station;
  });
}
