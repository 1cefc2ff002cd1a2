/**
 * Telling the subnet where the virtual addresses are now: gratuitous ARP requests and unsolicited neighbour advertisements, on
 * keepalived 2.2.7's schedule.
 *
 *   new master         `garp_master_repeat` (5) rounds, 0.5 ms after its first advert: a round is every address in the order of the file
 *   + garp_master_delay (5 s)   the same again; the timer survives the loss of mastership and then does nothing
 *   garp_master_refresh         at an advert tick, when so much time has passed since the last refresh
 *   a lower advert heard        `garp_lower_prio_repeat` (5) rounds, and again after `garp_lower_prio_delay`
 *
 * With `garp_interval` an interface sends no two announcements closer than that: what is not due yet is marked, once per address, so
 * that rounds collapse; one marked address goes out each interval, in the order of the file.
 */
import type { TimerId } from "../../base/ids.ts";
import { sendArp } from "../../host/arp.ts";
import { sendNeighbourAdvertisement } from "../../host/nd.ts";
import type { Nic } from "../../host/nic.ts";
import type { IpAddress } from "../../text/ip-text.ts";
import type { TimerOwner, Timers } from "../../time/timers.ts";
import { ALL_NODES, BROADCAST_MAC } from "../../wire/address.ts";
import { ARP_REQUEST } from "../../wire/arp.ts";
import { ND_FLAG_OVERRIDE } from "../../wire/nd.ts";
import type { AnnouncementPace } from "./announcement-pace.ts";
import type { VrrpInstance } from "./conf/model.ts";
import { ADDRESS_UP_NS } from "./timing.ts";

/** Rounds of one burst that are really sent. More would only fill the network, all in the same instant. */
const ROUNDS_MAX = 1_000;
const TIMER_LATER = 0;
const TIMER_PACED = 1;

/** A virtual address and the NIC that carries it. */
export interface PlacedAddress {
  readonly ip: IpAddress;
  readonly prefixLength: number;
  readonly nic: Nic;
}

interface Burst {
  readonly atNs: number;
  readonly rounds: number;
}

export class Announcer implements TimerOwner {
  readonly #conf: VrrpInstance;
  readonly #addresses: readonly PlacedAddress[];
  readonly #timers: Timers;
  readonly #holdsAddresses: () => boolean;
  /** Bursts to come, soonest first. */
  readonly #later: Burst[] = [];
  readonly #laterTimer: TimerId;
  /** Addresses that wait for their interval. */
  readonly #marked = new Set<PlacedAddress>();
  readonly #pace: AnnouncementPace;
  readonly #pacedTimer: TimerId;
  #lastRefreshNs = 0;
  /** When a new master's addresses are up: it announces nothing before, whatever it hears. */
  #addressesUpNs = 0;

  /** `holdsAddresses` tells whether the virtual addresses are up: a burst that comes too late does nothing. */
  constructor(
    conf: VrrpInstance,
    addresses: readonly PlacedAddress[],
    pace: AnnouncementPace,
    timers: Timers,
    holdsAddresses: () => boolean,
  ) {
    this.#conf = conf;
    this.#addresses = addresses;
    this.#pace = pace;
    this.#timers = timers;
    this.#holdsAddresses = holdsAddresses;
    this.#laterTimer = timers.create(this, TIMER_LATER);
    this.#pacedTimer = timers.create(this, TIMER_PACED);
  }

  /** The router has become master and sent its first advert. */
  becameMaster(nowNs: number): void {
    const { garpMasterRepeat, garpMasterDelayNs } = this.#conf;
    this.#lastRefreshNs = nowNs;
    this.#addressesUpNs = nowNs + ADDRESS_UP_NS;
    this.#schedule(this.#addressesUpNs, garpMasterRepeat);
    if (garpMasterDelayNs > 0) this.#schedule(this.#addressesUpNs + garpMasterDelayNs, garpMasterRepeat);
  }

  /** The router, a master, has heard an advert of lower priority. */
  heardLower(nowNs: number): void {
    const { garpLowerPrioRepeat, garpLowerPrioDelayNs } = this.#conf;
    if (garpLowerPrioRepeat === 0) return;
    if (nowNs < this.#addressesUpNs) this.#schedule(this.#addressesUpNs, garpLowerPrioRepeat);
    else this.#rounds(garpLowerPrioRepeat);
    if (garpLowerPrioDelayNs > 0) this.#schedule(nowNs + garpLowerPrioDelayNs, garpLowerPrioRepeat);
  }

  /** A master's advert tick: the only moment at which 2.2.7 looks whether a refresh is due. */
  advertTick(nowNs: number): void {
    const { garpMasterRefreshNs, garpMasterRefreshRepeat } = this.#conf;
    if (garpMasterRefreshNs === 0 || nowNs < this.#lastRefreshNs + garpMasterRefreshNs) return;
    this.#lastRefreshNs = nowNs;
    this.#rounds(garpMasterRefreshRepeat);
  }

  /** The router gives up the addresses: what waits for its interval is dropped. */
  leftMaster(): void {
    this.#marked.clear();
    this.#timers.cancel(this.#pacedTimer);
  }

  /** Announces one address that is not virtual: a unicast router's own, when it comes out of FAULT. */
  announce(nic: Nic, ip: IpAddress): void {
    if (ip.length === 4) sendArp(nic, BROADCAST_MAC, ARP_REQUEST, nic.mac, ip, BROADCAST_MAC, ip);
    else sendNeighbourAdvertisement(nic, ip, ip, ALL_NODES, ND_FLAG_OVERRIDE, nic.mac);
  }

  /** The process ends. */
  release(): void {
    this.#timers.release(this.#laterTimer);
    this.#timers.release(this.#pacedTimer);
  }

  onTimer(token: number): void {
    if (token === TIMER_PACED) {
      this.#sendMarked();
      return;
    }
    const burst = this.#later.shift()!;
    if (this.#later.length > 0) this.#timers.armAt(this.#laterTimer, this.#later[0]!.atNs);
    if (this.#holdsAddresses()) this.#rounds(burst.rounds);
  }

  #schedule(atNs: number, rounds: number): void {
    const after = this.#later.findIndex((burst) => burst.atNs > atNs);
    this.#later.splice(after < 0 ? this.#later.length : after, 0, { atNs, rounds });
    this.#timers.armAt(this.#laterTimer, this.#later[0]!.atNs);
  }

  #rounds(wanted: number): void {
    const rounds = Math.min(wanted, ROUNDS_MAX);
    for (let round = 0; round < rounds; round++) for (const address of this.#addresses) this.#send(address);
  }

  #send(address: PlacedAddress): void {
    const { nic, ip } = address;
    const { nowNs } = nic.host.platform.clock;
    const intervalNs = ip.length === 4 ? this.#conf.garpIntervalNs : this.#conf.gnaIntervalNs;
    if (intervalNs > 0 && nowNs < this.#pace.nextNs(nic, ip.length)) {
      this.#marked.add(address);
      this.#awaitTurn();
      return;
    }
    this.#marked.delete(address);
    this.announce(nic, ip);
    this.#pace.sent(nic, ip.length, nowNs + intervalNs);
  }

  /** Sends the marked addresses whose turn has come: one on each interface, as the first of them takes the turn. */
  #sendMarked(): void {
    for (const address of this.#addresses) if (this.#marked.has(address)) this.#send(address);
    this.#awaitTurn();
  }

  #awaitTurn(): void {
    let soonestNs = Number.POSITIVE_INFINITY;
    for (const { nic, ip } of this.#marked) soonestNs = Math.min(soonestNs, this.#pace.nextNs(nic, ip.length));
    if (soonestNs < Number.POSITIVE_INFINITY) this.#timers.armAt(this.#pacedTimer, soonestNs);
  }
}
