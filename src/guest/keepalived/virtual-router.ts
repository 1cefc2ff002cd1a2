/**
 * One `vrrp_instance` at work: keepalived 2.2.7's state machine.
 *
 *             start, no fault                    timer: no advert for 3·M + skew
 *     INIT ───────────────────▶ BACKUP ─────────────────────────────────────────────▶ MASTER
 *       │                        ▲  ▲ │                                                │ │
 *       │ fault     faults clear │  │ └── priority 0 heard: timer := skew              │ │ every A: advert
 *       ▼                        │  └──── higher advert, or equal from a higher address ┘ │
 *     FAULT ─────────────────────┘◀─────────────── fault: priority 0, addresses down ────┘
 *
 * M is the master's advertisement interval (version 3 learns it), A the own one. `state MASTER` in the file is only a hint: unless the
 * priority is 255 every router starts as a backup. One timer serves both states, as the daemon's one deadline does.
 */
import { compareBytes, equalBytes } from "../../base/bytes.ts";
import type { TimerId } from "../../base/ids.ts";
import { formatSeconds } from "../../base/units.ts";
import type { Host } from "../../host/host.ts";
import type { Nic } from "../../host/nic.ts";
import type { IpAddress } from "../../text/ip-text.ts";
import type { TimerOwner } from "../../time/timers.ts";
import { formatIp } from "../../wire/address.ts";
import { IPV4_DESTINATION, IPV4_SOURCE } from "../../wire/ipv4.ts";
import { IPV6_DESTINATION, IPV6_SOURCE } from "../../wire/ipv6.ts";
import { VRRP_PRIORITY_LEAVING, VRRP_PRIORITY_OWNER, vrrpPriority } from "../../wire/vrrp.ts";
import { AdvertSender } from "./advert-sender.ts";
import type { AnnouncementPace } from "./announcement-pace.ts";
import { Announcer, type PlacedAddress } from "./announcer.ts";
import type { VrrpInstance } from "./conf/model.ts";
import { LastMaster } from "./last-master.ts";
import type { KeepalivedObserver, VrrpCause, VrrpState } from "./observer.ts";
import { ADVERT_OK, advertisedIntervalNs, checkAdvert, REJECT_REASONS } from "./packet-check.ts";
import { ADDRESS_UP_NS, masterDownNs, OWNER_START_NS, RECEIVE_NS, skewNs } from "./timing.ts";

/** Why a router may not take part. */
interface Fault {
  readonly cause: VrrpCause;
  readonly reason: string;
}

export class VirtualRouter implements TimerOwner {
  readonly conf: VrrpInstance;
  readonly host: Host;
  /** Its `interface`. */
  readonly base: Nic;
  /** The NIC that carries its adverts: `base`, or the virtual MAC's. */
  readonly nic: Nic;
  /** All virtual addresses, excluded ones last, with the NICs they live on. */
  readonly addresses: readonly PlacedAddress[];
  state: VrrpState = "INIT";
  /** Before what is tracked: as configured, unless another owner of the addresses was heard. */
  basePriority: number;
  /** Effective priority, after what is tracked. */
  priority: number;
  readonly #observer: KeepalivedObserver;
  readonly #sender: AdvertSender;
  readonly #announcer: Announcer;
  /** Master down in BACKUP, the next advert in MASTER. */
  readonly #deadline: TimerId;
  /** Why it may not take part; empty: it may. */
  readonly #faults = new Map<string, Fault>();
  /** Tracked scripts without a result yet: the router is held in INIT for them. */
  readonly #awaited = new Set<string>();
  #masterIntervalNs: number;
  readonly #master = new LastMaster();
  /** The timer that runs is an address owner's first. */
  #ownerStarts = false;
  /** End of `preempt_delay`; 0: not started. */
  #preemptNs = 0;
  #addressesUp = false;
  readonly #rejected = new Set<string>();

  /** `virtualNic` is the macvlan of `use_vmac`, null without it. */
  constructor(
    conf: VrrpInstance,
    base: Nic,
    virtualNic: Nic | null,
    pace: AnnouncementPace,
    observer: KeepalivedObserver,
  ) {
    const { host } = base;
    this.conf = conf;
    this.host = host;
    this.base = base;
    this.nic = virtualNic === null || conf.vmacXmitBase ? base : virtualNic;
    this.#observer = observer;
    this.basePriority = conf.basePriority;
    this.priority = conf.basePriority;
    this.#masterIntervalNs = conf.advertIntervalNs;
    this.addresses = [...conf.addresses, ...conf.excludedAddresses].map(({ address, prefixLength, device }) => ({
      ip: address,
      prefixLength,
      nic: (device === null ? undefined : host.nic(device)) ?? virtualNic ?? base,
    }));
    this.#sender = new AdvertSender(conf, this.nic);
    this.#announcer = new Announcer(conf, this.addresses, pace, host.platform.timers, () => this.#addressesUp);
    this.#deadline = host.platform.timers.create(this, 0);
  }

  // --- life ---------------------------------------------------------------------------------------------------------

  /** The process is up. Addresses left over from an earlier life are taken off; `awaited` scripts must report first. */
  launch(awaited: readonly string[]): void {
    for (const { nic, ip } of this.addresses) nic.removeAddress(ip);
    for (const script of awaited) this.#awaited.add(script);
    if (this.#sourceIp() === null) {
      this.#faults.set("source address", {
        cause: "source-address-missing",
        reason: "its source address is not configured",
      });
    }
    this.#settle("startup", "keepalived has started");
  }

  /** SIGTERM: a master says farewell and gives its addresses back. */
  stop(): void {
    if (this.state === "MASTER") this.#sendAdvert(VRRP_PRIORITY_LEAVING);
    this.#takeAddressesDown();
    this.#enter("STOPPED", "stopped", "keepalived was stopped in good order");
    this.#release();
  }

  /** The process is gone without a word; its addresses stay where they are. */
  die(cause: "killed" | "crashed"): void {
    const what = cause === "killed" ? "keepalived was killed; its addresses stay configured" : "the machine vanished";
    this.#enter("STOPPED", cause, what);
    this.#release();
  }

  #release(): void {
    this.#announcer.release();
    this.host.platform.timers.release(this.#deadline);
  }

  // --- what is tracked ----------------------------------------------------------------------------------------------

  /** Something that must hold does not (`down`), or holds again. `what` names it, `how` says how it is now: "interface eth0", "is down". */
  setFault(what: string, cause: VrrpCause, down: boolean, how: string): void {
    const had = this.#faults.has(what);
    if (down === had) return;
    if (down) {
      const fault = { cause, reason: `${what} ${how}` };
      this.#faults.set(what, fault);
      if (this.state !== "FAULT") this.#enterFault(fault);
    } else {
      this.#faults.delete(what);
      this.#leaveFaultIfClear(`${what} ${how}`);
    }
  }

  /** A script that the router was waiting for has given its first result. */
  scriptReported(script: string): void {
    if (!this.#awaited.delete(script)) return;
    const why = `script ${script} has given its first result`;
    this.#settle("startup", why);
    this.#leaveFaultIfClear(why);
  }

  /** The sum of weights has changed: a master's next advert says so, a backup's running timer shifts by the difference. */
  setPriority(priority: number): void {
    if (priority === this.priority) return;
    const before = this.priority;
    const waitedForNs = this.#masterDownNs();
    this.priority = priority;
    if (this.state === "BACKUP" && !this.#master.hasLeft) {
      const { timers, clock } = this.host.platform;
      const shifted = timers.deadlineNs(this.#deadline) + this.#masterDownNs() - waitedForNs;
      timers.armAt(this.#deadline, Math.max(clock.nowNs, shifted));
    }
    this.#observer.onPriority(this, before, priority);
  }

  // --- frames and time ----------------------------------------------------------------------------------------------

  /** Whether the packet's destination is one that adverts for this router have. */
  expects(bytes: Uint8Array, ip: number): boolean {
    const { unicastPeers, mcastDestination } = this.conf;
    const octets = this.#addressOctets;
    const destination = ip + (octets === 4 ? IPV4_DESTINATION : IPV6_DESTINATION);
    const toOurGroup = equalBytes(bytes, destination, mcastDestination, 0, octets);
    if (unicastPeers.length === 0) return toOurGroup;
    const source = this.#sourceIp();
    return source !== null && equalBytes(bytes, destination, source, 0, octets);
  }

  /** A packet with the router's VRID has come in on its interface. */
  receive(ip: number, at: number, octets: number): void {
    if (this.state !== "BACKUP" && this.state !== "MASTER") return;
    const { bytes } = this.host.platform.slab;
    const wasMaster = this.state === "MASTER";
    const code = checkAdvert(this.conf, bytes, ip, at, octets, wasMaster ? null : this.#master.source);
    const source = ip + (this.conf.family === 4 ? IPV4_SOURCE : IPV6_SOURCE);
    if (code !== ADVERT_OK) this.#reject(REJECT_REASONS[code]!, bytes, source);
    else if (wasMaster) this.#receiveAsMaster(bytes, source, at);
    else this.#receiveAsBackup(bytes, source, at);
    // Whatever came, valid or not, puts off a master's own next advert (`vrrp_dispatcher_read` re-arms it). Of two masters that refuse each
    // other one is silenced by that.
    if (wasMaster && this.state === "MASTER" && !this.conf.lowerPrioNoAdvert)
      this.#arm(RECEIVE_NS + this.conf.advertIntervalNs);
  }

  onTimer(): void {
    const { nowNs } = this.host.platform.clock;
    if (this.state === "BACKUP") {
      this.#becomeMaster();
    } else {
      this.#sendAdvert(this.priority);
      this.#announcer.advertTick(nowNs);
      this.#arm(this.conf.advertIntervalNs);
    }
  }

  #receiveAsBackup(bytes: Uint8Array, source: number, at: number): void {
    const { conf } = this;
    const { nowNs } = this.host.platform.clock;
    const theirs = vrrpPriority(bytes, at);
    if (theirs === VRRP_PRIORITY_LEAVING) {
      this.#noteMaster(bytes, source, theirs);
      this.#arm(skewNs(conf.version, this.priority, this.#masterIntervalNs));
      return;
    }
    const delaying = conf.preemptDelayNs > 0 && (this.#preemptNs === 0 || nowNs < this.#preemptNs);
    if (!conf.nopreempt && theirs < this.priority && !delaying) {
      // Discarded: the timer runs on.
      this.#master.ignored(this.#copyOf(bytes, source), theirs);
      return;
    }
    if (theirs >= this.priority) this.#preemptNs = 0;
    else if (conf.preemptDelayNs > 0 && this.#preemptNs === 0) this.#preemptNs = nowNs + conf.preemptDelayNs;
    this.#noteMaster(bytes, source, theirs);
    if (conf.version === 3) this.#masterIntervalNs = advertisedIntervalNs(bytes, at);
    this.#arm(this.#masterDownNs());
  }

  #receiveAsMaster(bytes: Uint8Array, source: number, at: number): void {
    const { conf } = this;
    const { nowNs } = this.host.platform.clock;
    const theirs = vrrpPriority(bytes, at);
    if (theirs === VRRP_PRIORITY_LEAVING) {
      this.#sendAdvert(this.priority);
      return;
    }
    if (theirs === VRRP_PRIORITY_OWNER && this.basePriority === VRRP_PRIORITY_OWNER) {
      // Two owners are a mistake that 2.2.7 mends by lowering itself for good.
      this.basePriority = VRRP_PRIORITY_OWNER - 1;
      this.setPriority(this.basePriority);
    }
    const order = theirs === this.priority ? this.#compareSource(bytes, source) : theirs - this.priority;
    if (order > 0) {
      if (conf.higherPrioSendAdvert) this.#sendAdvert(this.priority);
      if (conf.version === 3) this.#masterIntervalNs = advertisedIntervalNs(bytes, at);
      const from = formatIp(bytes, source, this.#addressOctets);
      const cause = theirs === this.priority ? "same-priority-higher-address" : "higher-priority-advert";
      const why =
        theirs === this.priority
          ? `advert from ${from} with the same priority ${theirs} and a higher address`
          : `advert from ${from} with priority ${theirs}, ours ${this.priority}`;
      this.#becomeBackup(cause, why);
      this.#noteMaster(bytes, source, theirs);
    } else if (order < 0) {
      if (!conf.lowerPrioNoAdvert) this.#sendAdvert(this.priority);
      this.#announcer.heardLower(nowNs);
      this.#observer.onLowerAdvert(this, formatIp(bytes, source, this.#addressOctets), theirs);
    }
  }

  // --- states -------------------------------------------------------------------------------------------------------

  /** Leaves INIT once nothing is awaited. */
  #settle(cause: VrrpCause, why: string): void {
    if (this.state !== "INIT") return;
    const [fault] = this.#faults.values();
    if (fault !== undefined) {
      this.#enterFault(fault);
    } else if (this.#awaited.size === 0) {
      this.#becomeBackup(cause, why);
    }
  }

  #becomeBackup(cause: VrrpCause, why: string): void {
    this.#takeAddressesDown();
    this.#preemptNs = 0;
    this.#master.forget();
    const owner = this.basePriority === VRRP_PRIORITY_OWNER && this.conf.initialState === "MASTER";
    this.#ownerStarts = owner && (this.state === "INIT" || this.state === "FAULT");
    this.#arm(this.#ownerStarts ? OWNER_START_NS : this.#masterDownNs());
    this.#enter("BACKUP", cause, why);
  }

  #becomeMaster(): void {
    const why = this.#whyMaster();
    this.#sendAdvert(this.priority);
    for (const { nic, ip, prefixLength } of this.addresses) nic.addAddress(ip, prefixLength);
    this.#addressesUp = true;
    this.#announcer.becameMaster(this.host.platform.clock.nowNs);
    this.#arm(ADDRESS_UP_NS + this.conf.advertIntervalNs);
    this.#enter("MASTER", "master-down-timer", why);
  }

  #enterFault({ cause, reason }: Fault): void {
    if (this.state === "MASTER") {
      // Without its link nothing leaves; otherwise 2.2.7 says farewell twice.
      this.#sendAdvert(VRRP_PRIORITY_LEAVING);
      this.#sendAdvert(VRRP_PRIORITY_LEAVING);
    }
    this.#takeAddressesDown();
    this.#preemptNs = 0;
    this.host.platform.timers.cancel(this.#deadline);
    this.#enter("FAULT", cause, reason);
  }

  #leaveFaultIfClear(why: string): void {
    if (this.state !== "FAULT" || this.#faults.size > 0 || this.#awaited.size > 0) return;
    this.#masterIntervalNs = this.conf.advertIntervalNs;
    const source = this.#sourceIp();
    if (this.conf.unicastPeers.length > 0 && source !== null) this.#announcer.announce(this.base, source);
    this.#becomeBackup("faults-cleared", why);
  }

  #enter(to: VrrpState, cause: VrrpCause, reason: string): void {
    const from = this.state;
    this.state = to;
    this.#rejected.clear();
    this.#observer.onTransition(this, from, to, cause, reason);
  }

  #takeAddressesDown(): void {
    if (!this.#addressesUp) return;
    this.#addressesUp = false;
    this.#announcer.leftMaster();
    for (const { nic, ip } of this.addresses) nic.removeAddress(ip);
  }

  // --- small things -------------------------------------------------------------------------------------------------

  #sendAdvert(priority: number): void {
    const source = this.#sourceIp();
    if (source !== null) this.#sender.send(priority, source);
  }

  /** What its adverts come from; null: the configured address is not on this host, or there is none of the family. */
  #sourceIp(): IpAddress | null {
    const { sourceIp, family } = this.conf;
    if (sourceIp !== null) return this.host.nicOf(sourceIp) === undefined ? null : sourceIp;
    return family === 4 ? this.base.firstAddress(4) : this.base.linkLocal.ip;
  }

  #noteMaster(bytes: Uint8Array, source: number, priority: number): void {
    this.#master.heard(this.#copyOf(bytes, source), priority, this.host.platform.clock.nowNs);
  }

  #compareSource(bytes: Uint8Array, source: number): number {
    const own = this.#sourceIp();
    return own === null ? 0 : compareBytes(bytes, source, own, 0, own.length);
  }

  #reject(reason: string, bytes: Uint8Array, source: number): void {
    if (this.#rejected.has(reason)) return;
    this.#rejected.add(reason);
    this.#observer.onReject(this, formatIp(bytes, source, this.#addressOctets), reason);
  }

  /** Why the master-down timer ran out, with the figures it was made of. */
  #whyMaster(): string {
    if (this.#ownerStarts) return "priority 255 and state MASTER: the addresses are its own, nobody is waited for";
    const skew = formatSeconds(this.skewNs);
    if (this.#master.hasLeft) return `${this.#master.describeFarewell()}, so only the skew of ${skew} was waited for`;
    const wait = formatSeconds(this.#masterDownNs());
    const interval = formatSeconds(this.#masterIntervalNs, 2);
    const sum = `${this.conf.downTimerAdverts} × ${interval} + skew ${skew}`;
    const delay = this.#preemptNs > 0 ? `; preempt_delay ended at ${formatSeconds(this.#preemptNs)}` : "";
    return `no advert for ${wait} = ${sum}; ${this.#master.describe()}${delay}`;
  }

  /** The skew that is part of the wait now running or just over. */
  get skewNs(): number {
    return skewNs(this.conf.version, this.priority, this.#masterIntervalNs);
  }

  #masterDownNs(): number {
    return masterDownNs(this.conf.version, this.priority, this.#masterIntervalNs, this.conf.downTimerAdverts);
  }

  #copyOf(bytes: Uint8Array, source: number): IpAddress {
    return bytes.slice(source, source + this.#addressOctets);
  }

  get #addressOctets(): 4 | 16 {
    return this.conf.family === 4 ? 4 : 16;
  }

  #arm(delayNs: number): void {
    this.host.platform.timers.armAfter(this.#deadline, delayNs);
  }
}
