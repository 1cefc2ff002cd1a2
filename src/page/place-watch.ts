/**
 * Where the switches believe the MACs of holders to be. What a table learns it learns from frames, so that every frame from such a MAC is
 * looked at as it passes; what it forgets nobody says, so that it is asked from time to time, and after each step of the timeline.
 */
import type { DomainId, FrameRef, PortId } from "../base/ids.ts";
import { NS_PER_MS } from "../base/units.ts";
import type { Network } from "../sim/network.ts";
import { portLabel, type SimSwitch } from "../sim/sim-switch.ts";
import { AGEING_NEVER } from "../switch/fdb-entry.ts";
import { formatMacWords } from "../switch/mac-words.ts";
import type { FrameTap } from "../switch/observer.ts";
import type { Change } from "./lane.ts";
import type { PlaceRecord } from "./recording.ts";

/** A switch of a network has one broadcast domain: its first. */
const DOMAIN = 1 as DomainId;

class Place {
  readonly at: SimSwitch;
  readonly macHi: number;
  readonly macLo: number;
  readonly ports: Change<string | null>[] = [];
  /** When the switch saw the last frame from it. */
  heardNs = 0;

  constructor(at: SimSwitch, macHi: number, macLo: number) {
    this.at = at;
    this.macHi = macHi;
    this.macLo = macLo;
  }

  /** Asks the table. `forgottenNs`: when, if it has no such entry any more. */
  look(nowNs: number, forgottenNs: number): void {
    const entry = this.at.bridge.fdb.find(DOMAIN, this.macHi, this.macLo);
    const port = entry === null ? null : portLabel(this.at.ports[entry.port]!);
    const last = this.ports.at(-1);
    if (last?.value === port) return;
    const atNs = port === null ? Math.max(forgottenNs, last?.atNs ?? 0) : nowNs;
    this.ports.push({ atNs, value: port });
  }
}

export class PlaceWatch implements FrameTap {
  readonly #network: Network;
  /** By the MAC's last four octets. */
  readonly #places = new Map<number, Place[]>();

  /** Listens to the network from now on. */
  constructor(network: Network) {
    this.#network = network;
    network.fabric.taps.push(this);
    network.fabric.trunkTaps.push(this);
    network.events.on("holder", ({ to }) => {
      if (to !== null) this.#watch(to.host, to.nic, to.mac);
    });
  }

  onFrame(port: PortId, frame: FrameRef): void {
    const { slab, ports } = this.#network.fabric;
    const word = slab.start(frame) >> 2;
    const places = this.#places.get(slab.words[word + 2]!);
    if (places === undefined) return;
    const { at } = ports[port]!;
    const macHi = slab.words[word + 1]! >>> 16;
    const { nowNs } = this.#network;
    for (const place of places) {
      // In a storm there is no end of it.
      if (place.at !== at || place.macHi !== macHi || at.subnet.storms?.isLasting === true) continue;
      place.heardNs = nowNs;
      place.look(nowNs, nowNs);
    }
  }

  /** The tables may have been changed just now: by a carrier, or by hand. */
  lookNow(): void {
    const { nowNs } = this.#network;
    for (const places of this.#places.values()) for (const place of places) place.look(nowNs, nowNs);
  }

  /** The tables may have forgotten something meanwhile. */
  lookForAged(): void {
    const { nowNs } = this.#network;
    for (const places of this.#places.values()) {
      for (const place of places) {
        const { ageingMs } = place.at.bridge.fdb;
        const agedNs = ageingMs === AGEING_NEVER ? nowNs : place.heardNs + ageingMs * NS_PER_MS;
        place.look(nowNs, Math.min(nowNs, agedNs));
      }
    }
  }

  /** Sorted by subnet, switch and the order in which the MACs became holders'. */
  records(): PlaceRecord[] {
    const all = [...this.#places.values()].flat();
    return this.#network.fabric.switches.flatMap((at) =>
      all
        .filter((place) => place.at === at)
        .map(({ macHi, macLo, ports }) => ({
          subnet: at.subnet.name,
          switch: at.name,
          mac: formatMacWords(macHi, macLo),
          ports,
        })),
    );
  }

  #watch(host: string, nic: string, mac: string): void {
    const { fabric, nowNs } = this.#network;
    const { port } = this.#network.hosts.get(host)!.nic(nic)!;
    const octets = mac.split(":").map((octet) => Number.parseInt(octet, 16));
    const macHi = octets[0]! | (octets[1]! << 8);
    const macLo = octets[2]! | (octets[3]! << 8) | (octets[4]! << 16) | (octets[5]! << 24);
    const places = this.#places.get(macLo) ?? [];
    this.#places.set(macLo, places);
    for (const at of fabric.ports[port]!.at.subnet.switches.values()) {
      if (places.some((place) => place.at === at && place.macHi === macHi)) continue;
      const place = new Place(at, macHi, macLo);
      places.push(place);
      place.heardNs = nowNs;
      place.look(nowNs, nowNs);
    }
  }
}
