/**
 * Watches for each probe whether its packets would reach an owner of the address, and if not, what stands in the way: the client's
 * neighbour entry gives a MAC, and every switch on the way to the owner must either send that MAC there, or not know it (a flood arrives,
 * too). The tables are read and never changed.
 *
 * Nothing is asked per frame. The answer is found anew when something has happened that may change it: an address came or went, a machine
 * or a carrier, a neighbour entry changed, a switch has learned or moved the MAC. That a switch has forgotten it by age is no event, so while
 * a switch stands in the way a timer waits for that moment. While frames circle in a storm tables change with each of them: then the answer
 * is just that.
 *
 * What the answer is about is agreement, not luck: frames that an impaired link loses, or answers that go astray, do not count.
 */
import { equalBytes } from "../base/bytes.ts";
import type { TimerId } from "../base/ids.ts";
import { NS_PER_MS } from "../base/units.ts";
import type { Host } from "../host/host.ts";
import type { Nic } from "../host/nic.ts";
import { routeTo, setRouteTo } from "../host/routing.ts";
import { type Owner, type Reach, type ReachKind, ReachRecord } from "../observe/reach.ts";
import { AGEING_NEVER } from "../switch/fdb.ts";
import { ANY_SIDE } from "../switch/ports.ts";
import { type IpAddress, sameIp } from "../text/ip-text.ts";
import type { TimerOwner } from "../time/timers.ts";
import type { Fabric } from "./fabric.ts";
import { type Hop, hasCarrier, pathBetween } from "./path.ts";
import type { SimPort, SimSwitch } from "./sim-switch.ts";

/** The nearer to an answer, the earlier: of several owners the one counts that is nearest to it. */
const NEARNESS: readonly ReachKind[] = ["reached", "switch", "client-cache", "no-carrier", "partition", "paused"];

/** One client's vNIC and one address. */
interface Watched {
  readonly nic: Nic;
  readonly to: IpAddress;
  readonly owners: Map<Host, Owner>;
  readonly record: ReachRecord;
  /** A switch in the way forgets the MAC. */
  readonly timer: TimerId;
  /** Where the client's packets go, and to which MAC, as the switches know it. */
  subnet: string | null;
  macHi: number;
  macLo: number;
}

export class ReachWatch implements TimerOwner {
  readonly #fabric: Fabric;
  readonly #watched: Watched[] = [];
  /** Of all machines that have been up: how often they have booted, and when they did last. */
  readonly #boots = new Map<Host, { readonly count: number; readonly atNs: number }>();

  constructor(fabric: Fabric) {
    this.#fabric = fabric;
  }

  /** Begins to watch; the record goes on until the end. */
  watch(nic: Nic, to: IpAddress): ReachRecord {
    const { timers } = this.#fabric;
    const timer = timers.create(this, this.#watched.length);
    const record = new ReachRecord();
    const watched = { nic, to, owners: new Map(), record, timer, subnet: null, macHi: 0, macLo: 0 };
    this.#watched.push(watched);
    for (const host of this.#boots.keys()) this.#reviewOwner(watched, host);
    this.#review(watched);
    return record;
  }

  // --- what may change the answer -------------------------------------------------------------------------------------

  /** An address came or went. */
  onAddress({ host }: Nic, ip: IpAddress): void {
    this.#noteBoot(host);
    for (const watched of this.#watched) {
      const isIt = sameIp(watched.to, ip);
      if (isIt) this.#reviewOwner(watched, host);
      if (isIt || watched.nic.host === host) this.#review(watched);
    }
  }

  /** A machine came up or went, stood still or goes on, its carriers or what people have set have changed. */
  onHost(host: Host): void {
    this.#noteBoot(host);
    for (const watched of this.#watched) {
      const wasOwner = watched.owners.has(host);
      this.#reviewOwner(watched, host);
      if (wasOwner || watched.owners.has(host) || watched.nic.host === host) this.#review(watched);
    }
  }

  onNeighbour({ host }: Nic): void {
    for (const watched of this.#watched) if (watched.nic.host === host) this.#review(watched);
  }

  /** A switch has learned where a MAC is, or that it is elsewhere; another one may have made way for it. */
  onLearned({ subnet }: SimSwitch, macHi: number, macLo: number): void {
    for (const watched of this.#watched) {
      if (watched.subnet !== subnet.name) continue;
      const kind = watched.record.now?.kind;
      if (kind === "storm" && subnet.storms?.isLasting) continue;
      if (kind === "switch" || (watched.macHi === macHi && watched.macLo === macLo)) this.#review(watched);
    }
  }

  /** Carriers of switches, sides of a partition, or a storm: it may concern everybody. */
  onNetwork(): void {
    for (const watched of this.#watched) this.#review(watched);
  }

  onTimer(index: number): void {
    this.#review(this.#watched[index]!);
  }

  // --- the answer -----------------------------------------------------------------------------------------------------

  #noteBoot(host: Host): void {
    const { boots: count } = host;
    if (this.#boots.get(host)?.count !== count) this.#boots.set(host, { count, atNs: this.#fabric.clock.nowNs });
  }

  #reviewOwner({ owners, to }: Watched, host: Host): void {
    const { length } = to;
    const answers = host.running && host.ownsAnywhere(to, 0, length) && !host.firewall.blocks(to, 0, length);
    if (!answers) owners.delete(host);
    else if (!owners.has(host)) {
      const { atNs: bootedNs } = this.#boots.get(host)!;
      owners.set(host, { host: host.name, sinceNs: this.#fabric.clock.nowNs, bootedNs });
    }
  }

  #review(watched: Watched): void {
    this.#fabric.timers.cancel(watched.timer);
    watched.record.note(this.#fabric.clock.nowNs, this.#find(watched));
  }

  #find(watched: Watched): Reach {
    const { nic, to, owners } = watched;
    const client = nic.host;
    if (!client.running) return obstacle("down", client.name);
    if (client.paused) return obstacle("paused", client.name);
    const itself = owners.get(client);
    if (itself !== undefined) return { kind: "reached", where: null, owner: itself };
    const out = routeTo(client, to, 0, to.length, nic);
    if (out === null) return obstacle("no-route", client.name);
    const start = this.#fabric.ports[out.port]!;
    const { subnet } = start.at;
    watched.subnet = subnet.name;
    if (subnet.storms?.isLasting) return obstacle("storm", subnet.name);
    if (!out.carrier || !hasCarrier(start)) return obstacle("no-carrier", out.label);
    const mac = this.#nextMac(watched, out);
    let best: Reach | null = null;
    for (const [host, owner] of owners) {
      for (const at of host.nics) {
        const end = this.#fabric.ports[at.port]!;
        if (at.lower !== null || end.at.subnet !== subnet) continue;
        const found = this.#reachOf(watched, start, mac, end, at, owner);
        if (best === null || isNearer(found, best)) best = found;
      }
    }
    return best ?? obstacle("nobody", null);
  }

  /** The MAC that the client's packets go to; null: it knows none. */
  #nextMac(watched: Watched, out: Nic): Uint8Array | null {
    const { nic, to } = watched;
    const next = setRouteTo(nic.host, to, 0, to.length)?.via ?? to;
    const cache = next.length === 4 ? out.neighbours4 : out.neighbours6;
    const index = cache.find(next, 0);
    if (index < 0 || !cache.usable(index)) return null;
    const mac = cache.macs.slice(index * 6, index * 6 + 6);
    watched.macHi = mac[0]! | (mac[1]! << 8);
    watched.macLo = mac[2]! | (mac[3]! << 8) | (mac[4]! << 16) | (mac[5]! << 24);
    return mac;
  }

  /** Whether packets to `mac` come from `start` to the owner's vNIC `nic`, which is at `end`. */
  #reachOf(watched: Watched, start: SimPort, mac: Uint8Array | null, end: SimPort, nic: Nic, owner: Owner): Reach {
    const { host } = nic;
    if (host.paused) return obstacle("paused", host.name);
    if (!nic.carrier || !hasCarrier(end)) return obstacle("no-carrier", nic.label);
    if (!isSameSide(start, end)) return obstacle("partition", null);
    const hops = pathBetween(start, end);
    if (hops === null) {
      const down = end.at.subnet.links.filter(({ isUp }) => !isUp).map(({ name }) => name);
      return obstacle("no-carrier", down.join(", "));
    }
    const listens = host.nics.some(
      (other) => other.port === nic.port && other.carrier && mac !== null && equalBytes(other.mac, 0, mac, 0, 6),
    );
    if (!listens) return { kind: "client-cache", where: watched.nic.host.name, owner };
    const astray = hops.find((hop) => this.#goesAstray(watched, hop));
    return astray === undefined
      ? { kind: "reached", where: null, owner }
      : { kind: "switch", where: astray.at.name, owner };
  }

  /** Whether a switch sends the MAC elsewhere; if so, the timer is set to when it will have forgotten it, as things stand. */
  #goesAstray({ macHi, macLo, timer }: Watched, { at, by, out }: Hop): boolean {
    const { fdb, ports, profile } = at.bridge;
    const entry = fdb.find(ports.domainOf(by.local), macHi, macLo);
    if (entry === null || entry.port === out.local) return false;
    if (entry.port === by.local && profile.relay.knownAtIngress === "flood") return false;
    if (fdb.ageingMs !== AGEING_NEVER) {
      const { clock, timers } = this.#fabric;
      const nowMs = Math.floor(clock.nowNs / NS_PER_MS);
      timers.armAt(timer, (nowMs + fdb.ageingMs - entry.ageMs) * NS_PER_MS);
    }
    return true;
  }
}

function obstacle(kind: ReachKind, where: string | null): Reach {
  return { kind, where, owner: null };
}

function isNearer(a: Reach, b: Reach): boolean {
  const difference = NEARNESS.indexOf(a.kind) - NEARNESS.indexOf(b.kind);
  return difference < 0 || (difference === 0 && (a.owner?.sinceNs ?? 0) > (b.owner?.sinceNs ?? 0));
}

function isSameSide(a: SimPort, b: SimPort): boolean {
  const side = b.at.bridge.ports.side[b.local]!;
  return side === ANY_SIDE || side === a.side;
}
