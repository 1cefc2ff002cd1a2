/**
 * Telling the subnet where the virtual addresses are now: gratuitous ARP requests and unsolicited neighbour advertisements, on
 * keepalived's schedule.
 *
 *   new master         `garp_master_repeat` (5) rounds, 0.5 ms after its first advert: a round is every address in the order of the file
 *   + garp_master_delay (5 s)   the same again; the timer survives the loss of mastership and then does nothing
 *   garp_master_refresh         at an advert tick, when so much time has passed since the last refresh; from 2.3.2 on by a timer of
 *                               its own, which first runs `garp_master_delay` and the refresh's time
 *   garp_extra_if all           at an advert tick, when so much time has passed: one address on each interface that carries no adverts, if
 *                               there are any (2.2.7; without `all` only addresses with a virtual MAC of their own count)
 *   a lower advert heard        `garp_lower_prio_repeat` (5) rounds, and again after `garp_lower_prio_delay`
 *   a reload brings addresses   `garp_master_repeat` rounds at once, for all addresses, and none later
 *
 * With `garp_interval` an interface sends no two announcements closer than that: what is not due yet is marked, and one marked address
 * goes out each interval, in the order of the file. An address is marked once, so that rounds collapse; from 2.3.2 on every round is
 * sent, one after the other.
 */
import type { Clock } from "../../base/clock.ts";
import type { TimerId } from "../../base/ids.ts";
import { sendArp } from "../../host/arp.ts";
import { sendNeighbourAdvertisement } from "../../host/nd.ts";
import type { Nic } from "../../host/nic.ts";
import type { HostPlatform } from "../../host/platform.ts";
import type { IpAddress } from "../../text/ip-text.ts";
import type { TimerOwner, Timers } from "../../time/timers.ts";
import { ALL_NODES, BROADCAST_MAC } from "../../wire/address.ts";
import { ARP_REQUEST } from "../../wire/arp.ts";
import { ND_FLAG_OVERRIDE } from "../../wire/nd.ts";
import type { AnnouncementPace } from "./announcement-pace.ts";
import type { VrrpInstance } from "./conf/model.ts";
import { ADDRESS_UP_NS } from "./timing.ts";
import type { KeepalivedVersion } from "./version.ts";
import type { PlacedAddress, VirtualAddresses } from "./virtual-addresses.ts";
import { WaitingAnnouncements } from "./waiting-announcements.ts";

/** Rounds of one burst that are really sent. More would only fill the network, all in the same instant. */
const ROUNDS_MAX = 1_000;
const TIMER_LATER = 0;
const TIMER_PACED = 1;
const TIMER_REFRESH = 2;

interface Burst {
  readonly atNs: number;
  readonly rounds: number;
}

export class Announcer implements TimerOwner {
  readonly #conf: VrrpInstance;
  readonly #addresses: VirtualAddresses;
  readonly #version: KeepalivedVersion;
  readonly #clock: Clock;
  readonly #timers: Timers;
  /** Bursts to come, soonest first. */
  readonly #later: Burst[] = [];
  readonly #laterTimer: TimerId;
  readonly #waiting: WaitingAnnouncements;
  readonly #pace: AnnouncementPace;
  readonly #pacedTimer: TimerId;
  readonly #refreshTimer: TimerId;
  #lastRefreshNs = 0;
  #lastExtraNs = 0;
  /** When a new master's addresses are up: it announces nothing before, whatever it hears. */
  #addressesUpNs = 0;

  /** A burst that comes when the virtual addresses are not up does nothing. */
  constructor(
    conf: VrrpInstance,
    addresses: VirtualAddresses,
    pace: AnnouncementPace,
    version: KeepalivedVersion,
    { clock, timers }: HostPlatform,
  ) {
    this.#conf = conf;
    this.#addresses = addresses;
    this.#pace = pace;
    this.#version = version;
    this.#clock = clock;
    this.#timers = timers;
    this.#waiting = new WaitingAnnouncements(addresses, version.pacesEveryRound);
    this.#laterTimer = timers.create(this, TIMER_LATER);
    this.#pacedTimer = timers.create(this, TIMER_PACED);
    this.#refreshTimer = timers.create(this, TIMER_REFRESH);
  }

  /** The router has become master and sent its first advert. */
  becameMaster(): void {
    const { nowNs } = this.#clock;
    const { garpMasterRepeat, garpMasterDelayNs, garpMasterRefreshNs } = this.#conf;
    this.#lastRefreshNs = nowNs;
    this.#lastExtraNs = nowNs;
    this.#addressesUpNs = nowNs + ADDRESS_UP_NS;
    this.#schedule(this.#addressesUpNs, garpMasterRepeat);
    if (garpMasterDelayNs > 0) this.#schedule(this.#addressesUpNs + garpMasterDelayNs, garpMasterRepeat);
    if (this.#version.refreshesByTimer && garpMasterRefreshNs > 0)
      this.#timers.armAt(this.#refreshTimer, this.#addressesUpNs + garpMasterDelayNs + garpMasterRefreshNs);
  }

  /** The router goes on as a master after a reload. `withNew`: it has addresses that it had not before. */
  reloaded(withNew: boolean): void {
    const { nowNs } = this.#clock;
    const { garpMasterRepeat, garpMasterRefreshNs } = this.#conf;
    this.#lastRefreshNs = nowNs;
    if (withNew) this.#rounds(garpMasterRepeat);
    if (this.#version.refreshesByTimer && garpMasterRefreshNs > 0)
      this.#timers.armAt(this.#refreshTimer, nowNs + garpMasterRefreshNs);
  }

  /** The router, a master, has heard an advert of lower priority. */
  heardLower(): void {
    const { nowNs } = this.#clock;
    const { garpLowerPrioRepeat, garpLowerPrioDelayNs } = this.#conf;
    if (garpLowerPrioRepeat === 0) return;
    if (nowNs < this.#addressesUpNs) this.#schedule(this.#addressesUpNs, garpLowerPrioRepeat);
    else this.#rounds(garpLowerPrioRepeat);
    if (garpLowerPrioDelayNs > 0) this.#schedule(nowNs + garpLowerPrioDelayNs, garpLowerPrioRepeat);
  }

  /** A master's advert tick: the only moment at which 2.2.7 looks whether a refresh is due. */
  advertTick(): void {
    const { nowNs } = this.#clock;
    const { garpMasterRefreshNs, garpMasterRefreshRepeat, garpExtraNs } = this.#conf;
    if (garpExtraNs > 0 && nowNs >= this.#lastExtraNs + garpExtraNs) {
      this.#lastExtraNs = nowNs;
      this.#announceExtra();
    }
    if (garpMasterRefreshNs === 0 || this.#version.refreshesByTimer) return;
    if (nowNs < this.#lastRefreshNs + garpMasterRefreshNs) return;
    this.#lastRefreshNs = nowNs;
    this.#rounds(garpMasterRefreshRepeat);
  }

  /**
   * The router gives up the addresses: what waits for its interval is dropped. A new master's first burst is not: the daemon reads nothing
   * while it configures its addresses and announces them.
   */
  leftMaster(): void {
    if (this.#clock.nowNs < this.#addressesUpNs)
      while (this.#later.length > 0 && this.#later[0]!.atNs <= this.#addressesUpNs) this.#burst();
    this.#waiting.clear();
    this.#timers.cancel(this.#pacedTimer);
    this.#timers.cancel(this.#refreshTimer);
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
    this.#timers.release(this.#refreshTimer);
  }

  onTimer(token: number): void {
    if (token === TIMER_PACED) this.#sendWaiting();
    else if (token === TIMER_REFRESH) this.#refresh();
    else this.#burst();
  }

  #burst(): void {
    const { rounds } = this.#later.shift()!;
    if (this.#later.length > 0) this.#timers.armAt(this.#laterTimer, this.#later[0]!.atNs);
    if (this.#addresses.areUp) this.#rounds(rounds);
  }

  #refresh(): void {
    const { garpMasterRefreshNs, garpMasterRefreshRepeat } = this.#conf;
    this.#timers.armAfter(this.#refreshTimer, garpMasterRefreshNs);
    this.#rounds(garpMasterRefreshRepeat);
  }

  #schedule(atNs: number, rounds: number): void {
    const after = this.#later.findIndex((burst) => burst.atNs > atNs);
    this.#later.splice(after < 0 ? this.#later.length : after, 0, { atNs, rounds });
    this.#timers.armAt(this.#laterTimer, this.#later[0]!.atNs);
  }

  #announceExtra(): void {
    const { list, home } = this.#addresses;
    const { garpExtraAll, vmacXmitBase } = this.#conf;
    if (!garpExtraAll || list.every(({ nic }) => nic === home)) return;
    const first = new Map(list.toReversed().map((address) => [address.nic, address]));
    for (const address of list)
      if (first.get(address.nic) === address && (address.nic !== home || vmacXmitBase)) this.#send(address);
  }

  #rounds(wanted: number): void {
    const rounds = Math.min(wanted, ROUNDS_MAX);
    for (let round = 0; round < rounds; round++) for (const address of this.#addresses.list) this.#send(address);
  }

  /** Announces an address now, or as soon as its interval allows. */
  #send(address: PlacedAddress): void {
    if (!this.#waiting.standsBefore(address) && this.#sendIfDue(address)) {
      this.#waiting.sent(address);
    } else {
      this.#waiting.add(address);
      this.#awaitTurn();
    }
  }

  #sendWaiting(): void {
    this.#waiting.release((address) => this.#sendIfDue(address));
    this.#awaitTurn();
  }

  #sendIfDue(address: PlacedAddress): boolean {
    const { nic, ip } = address;
    const { nowNs } = this.#clock;
    const intervalNs = ip.length === 4 ? this.#conf.garpIntervalNs : this.#conf.gnaIntervalNs;
    if (intervalNs > 0 && nowNs < this.#pace.nextNs(nic, ip.length)) return false;
    this.announce(nic, ip);
    this.#pace.sent(nic, ip.length, nowNs + intervalNs);
    return true;
  }

  #awaitTurn(): void {
    let soonestNs = Number.POSITIVE_INFINITY;
    for (const { nic, ip } of this.#waiting.list) soonestNs = Math.min(soonestNs, this.#pace.nextNs(nic, ip.length));
    if (soonestNs < Number.POSITIVE_INFINITY) this.#timers.armAt(this.#pacedTimer, soonestNs);
  }
}
