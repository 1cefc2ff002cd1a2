/**
 * One `vrrp_instance` at work: keepalived's state machine, as of 2.2.7 and with the differences that `KeepalivedVersion` names.
 *
 *             start, no fault                    timer: no advert for 3·M + skew
 *     INIT ───────────────────▶ BACKUP ─────────────────────────────────────────────▶ MASTER
 *       │                        ▲  ▲ │                                                │ │
 *       │ fault     faults clear │  │ └── priority 0 heard: timer := skew              │ │ every A: advert
 *       ▼                        │  └──── higher advert, or equal from a higher address ┘ │
 *     FAULT ─────────────────────┘◀─────────────── fault: priority 0, addresses down ────┘
 *
 * M is the master's advertisement interval (version 3 learns it), A the own one. `state MASTER` in the file is only a hint: unless the
 * priority is 255 every router starts as a backup. One timer serves both states, as the daemon's one deadline does. In a sync group every
 * change of state is the group's (`sync-group.ts`).
 */
import type { Host } from "../../host/host.ts";
import type { Nic } from "../../host/nic.ts";
import type { IpAddress } from "../../text/ip-text.ts";
import type { TimerOwner } from "../../time/timers.ts";
import { formatIp } from "../../wire/address.ts";
import { VRRP_PRIORITY_LEAVING, VRRP_PRIORITY_OWNER } from "../../wire/vrrp.ts";
import { AdvertSender } from "./advert-sender.ts";
import { Announcer } from "./announcer.ts";
import type { VrrpInstance } from "./conf/model.ts";
import { Deadline } from "./deadline.ts";
import { type Fault, Hindrances } from "./hindrances.ts";
import { LastMaster } from "./last-master.ts";
import type { VrrpCause, VrrpState } from "./observer.ts";
import type { ReceivedAdvert } from "./received-advert.ts";
import { ANSWER, ASSERT, DISCARD, FAREWELL, HEED, Reception, YIELD } from "./reception.ts";
import { Remarks } from "./remarks.ts";
import type { SharedByRouters } from "./shared-by-routers.ts";
import type { SyncGroup } from "./sync-group.ts";
import { ADDRESS_UP_NS, OWNER_START_NS, RECEIVE_NS } from "./timing.ts";
import { VirtualAddresses } from "./virtual-addresses.ts";

export class VirtualRouter implements TimerOwner {
  readonly conf: VrrpInstance;
  readonly host: Host;
  /** Its `interface`. */
  readonly base: Nic;
  /** The NIC that carries its adverts: `base`, or the virtual MAC's. */
  readonly nic: Nic;
  readonly hindrances = new Hindrances();
  readonly addresses: VirtualAddresses;
  readonly deadline: Deadline;
  readonly sender: AdvertSender;
  /** Whom a backup waits for. */
  readonly master: LastMaster;
  /** Set by who builds it, before its launch. */
  group: SyncGroup | null = null;
  state: VrrpState = "INIT";
  /** Its wait is over, be it that its sync group's is not. */
  wantsMaster = false;
  /** Before what is tracked: as configured, unless another owner of the addresses was heard. */
  basePriority: number;
  /** Effective priority, after what is tracked. */
  priority: number;
  readonly #shared: SharedByRouters;
  readonly #announcer: Announcer;
  /** Faults are only noted until then. */
  #hasBegun = false;
  /** The timer that runs is an address owner's first. */
  #ownerStarts = false;
  readonly #reception: Reception;
  readonly #remarks: Remarks;

  /** `virtualNic` is the macvlan of `use_vmac`, null without it. */
  constructor(conf: VrrpInstance, base: Nic, virtualNic: Nic | null, shared: SharedByRouters) {
    const { host } = base;
    this.conf = conf;
    this.host = host;
    this.base = base;
    this.nic = virtualNic === null || conf.vmacXmitBase ? base : virtualNic;
    this.#shared = shared;
    this.basePriority = conf.basePriority;
    this.priority = conf.basePriority;
    this.master = new LastMaster(conf, host.platform.clock);
    this.addresses = new VirtualAddresses(conf, base, virtualNic);
    this.#announcer = new Announcer(conf, this.addresses, shared.pace, shared.version, host.platform);
    this.deadline = new Deadline(this, host.platform, shared.startupEndsNs);
    this.#remarks = new Remarks(this, shared.observer);
    this.#reception = new Reception(conf, shared.version, this.master, this.#remarks, host.platform);
    this.sender = new AdvertSender(conf, base, this.nic, shared.version, this.#reception.ahCounter);
  }

  /** The addresses are its own: it waits for nobody. */
  get isOwner(): boolean {
    return this.basePriority === VRRP_PRIORITY_OWNER && this.conf.initialState === "MASTER";
  }

  // --- life ---------------------------------------------------------------------------------------------------------

  /** The process is up. Addresses left over from an earlier life are taken off; `awaited` scripts must report first. Then comes `begin`. */
  launch(awaited: readonly string[]): void {
    if (this.conf.promoteSecondaries) this.base.settings4.promoteSecondaries = 1;
    this.addresses.takeDown();
    for (const script of awaited) this.hindrances.await(script);
    this.checkSource();
  }

  /** A reload begins: a master sends one more advert. */
  beforeReload(): void {
    if (this.state === "MASTER") this.sender.send(this.priority);
  }

  /** Instead of `launch`, after a reload: goes on where `before` was, which is no more. Only one in INIT waits. */
  takeOver(before: VirtualRouter, awaited: readonly string[]): void {
    if (before.state === "INIT") for (const script of awaited) this.hindrances.await(script);
    before.#release();
    this.state = before.state;
    this.wantsMaster = before.wantsMaster;
    this.priority = before.priority;
    this.#reception.takeOver(before.#reception);
    if (before.addresses.areUp) this.#announcer.reloaded(this.addresses.replace(before.addresses));
    this.checkSource();
  }

  /** All trackers are known, and all routers of the daemon launched: it takes its state, or goes on in it. */
  begin(): void {
    this.#hasBegun = true;
    const { fault } = this.hindrances;
    if (this.state === "INIT") this.#settle("startup", "keepalived has started");
    else if (fault !== null && this.state !== "FAULT") this.#fail(fault);
    else if (this.state === "FAULT") this.#recoverIfClear("the new configuration has no fault");
    else if (this.state === "BACKUP") this.deadline.wait(this.master.downNs(this.priority));
    else if (this.state === "MASTER") this.#advertise();
  }

  /** SIGTERM, or a reload without it: a master says farewell and gives its addresses back. */
  stop(cause: "stopped" | "reloaded", why: string): void {
    if (this.state === "MASTER") this.sender.send(VRRP_PRIORITY_LEAVING);
    this.#giveUp();
    this.#enter("STOPPED", cause, why);
    this.#release();
  }

  /** The process is gone without a word; its addresses stay where they are. */
  die(cause: "killed" | "crashed", why: string): void {
    this.#enter("STOPPED", cause, why);
    this.#release();
  }

  #release(): void {
    this.#announcer.release();
    this.deadline.release();
  }

  // --- what is tracked ----------------------------------------------------------------------------------------------

  /** Something that must hold does not (`down`), or holds again. `what` names it, `how` says how it is now: "interface eth0", "is down". */
  setFault(what: string, cause: VrrpCause, down: boolean, how: string): void {
    if (down === this.hindrances.has(what)) return;
    const reason = `${what} ${how}`;
    if (down) {
      this.hindrances.add(what, { cause, reason });
      if (this.#hasBegun && this.state !== "FAULT") this.#fail({ cause, reason });
    } else {
      this.hindrances.remove(what);
      if (this.#hasBegun) this.#recoverIfClear(reason);
    }
  }

  /** A script that the router was waiting for has given its first result. */
  scriptReported(script: string): void {
    if (!this.hindrances.reported(script) || !this.#hasBegun) return;
    const why = `script ${script} has given its first result`;
    this.#settle("startup", why);
    this.#recoverIfClear(why);
  }

  /** The sum of weights has changed: a master's next advert says so, a backup's running timer shifts by the difference. */
  setPriority(priority: number): void {
    if (priority === this.priority) return;
    const before = this.priority;
    this.priority = priority;
    if (this.state === "BACKUP" && !this.master.hasLeft)
      this.deadline.shift(this.master.downNs(priority) - this.master.downNs(before));
    this.#shared.observer.onPriority(this, before, priority);
  }

  /** Somebody has changed the addresses of the host's interfaces. */
  checkSource(): void {
    const isMissing = !this.sender.findSource();
    const how = isMissing ? "is not configured" : "is configured again";
    this.setFault("its source address", "source-address-missing", isMissing, how);
  }

  /** Somebody has taken an address off an interface. If it is one of its own a master gives up, its sync group with it. */
  addressDeleted(nic: Nic, ip: IpAddress): void {
    if (this.state !== "MASTER" || !this.addresses.has(nic, ip)) return;
    this.giveUp("address-deleted", `${formatIp(ip)} was taken off ${nic.name} by somebody else`);
    this.group?.giveUp(this);
  }

  /** A master says farewell, and tries again after its skew. */
  giveUp(cause: VrrpCause, why: string): void {
    if (this.state !== "MASTER") return;
    this.sender.send(VRRP_PRIORITY_LEAVING);
    this.#becomeBackup(cause, why);
    this.deadline.wait(this.master.skewNs(this.priority));
  }

  // --- frames and time ----------------------------------------------------------------------------------------------

  /** A packet with the router's VRID has come in on its interface. */
  receive(ip: number, at: number, octets: number): void {
    if (this.state !== "BACKUP" && this.state !== "MASTER") return;
    const wasMaster = this.state === "MASTER";
    if (wasMaster) {
      if (this.conf.ownerIgnoreAdverts && this.basePriority === VRRP_PRIORITY_OWNER) return;
      this.#react(this.#reception.asMaster(ip, at, octets, this.priority, this.sender.source));
    } else if (!this.#shared.version.startupDelayIgnoresAdverts || !this.deadline.isStartingUp) {
      this.#react(this.#reception.asBackup(ip, at, octets, this.priority));
    }
    // Whatever came, valid or not, puts off a master's own next advert (`vrrp_dispatcher_read` re-arms it). Of two masters that refuse each
    // other one is silenced by that.
    if (wasMaster && this.state === "MASTER" && !this.conf.lowerPrioNoAdvert)
      this.deadline.advertAfter(RECEIVE_NS + this.conf.advertIntervalNs);
  }

  /** The same, but with a destination that its socket does not get: the daemon knows nothing of it, and it is only remarked. */
  overhear(ip: number, at: number, octets: number): void {
    if (this.state === "BACKUP" || this.state === "MASTER") this.#reception.overhear(ip, at, octets);
  }

  onTimer(): void {
    if (this.state === "MASTER") this.#advertise();
    else this.#waitIsOver();
  }

  #advertise(): void {
    this.sender.send(this.priority);
    this.#announcer.advertTick();
    this.deadline.advertAfter(this.conf.advertIntervalNs);
  }

  #waitIsOver(): void {
    const { group } = this;
    const { preemption } = this.#reception;
    const why = this.#ownerStarts
      ? "priority 255 and state MASTER: the addresses are its own, nobody is waited for"
      : this.master.whyTakeover(this.priority, preemption.endsNs, this.#shared.startupEndsNs);
    this.wantsMaster = true;
    if (group !== null && !group.isReady) {
      this.deadline.wait(this.master.downNs(this.priority));
      this.#remarks.waitsForGroup(group);
      return;
    }
    this.#becomeMaster("master-down-timer", why);
    group?.follow(this);
  }

  #react(reaction: number): void {
    const { advert } = this.#reception;
    switch (reaction) {
      case FAREWELL:
        this.master.heard(advert);
        this.deadline.wait(this.master.skewNs(this.priority));
        return;
      case HEED:
        this.wantsMaster = false;
        this.master.heard(advert);
        this.master.learnInterval(advert);
        this.deadline.wait(this.master.downNs(this.priority));
        return;
      case DISCARD:
        this.master.ignored(advert);
        this.deadline.goOn();
        return;
      case ANSWER:
        this.sender.send(this.priority);
        return;
      case YIELD:
        this.#yield(advert);
        return;
      case ASSERT:
        if (!this.conf.lowerPrioNoAdvert) this.sender.send(this.priority);
        this.#announcer.heardLower();
        this.group?.heardLower(this);
        this.#shared.observer.onLowerAdvert(this, advert.from, advert.priority);
    }
  }

  #yield(advert: ReceivedAdvert): void {
    if (advert.priority === VRRP_PRIORITY_OWNER && this.basePriority === VRRP_PRIORITY_OWNER) {
      // It is no owner of the addresses any more.
      this.basePriority = VRRP_PRIORITY_OWNER - 1;
      this.setPriority(this.basePriority);
    }
    if (this.conf.higherPrioSendAdvert) this.sender.send(this.priority);
    this.master.learnInterval(advert);
    const { cause, why } = this.#reception.whyYield(this.priority);
    this.#becomeBackup(cause, why);
    this.master.heard(advert);
    this.group?.follow(this);
  }

  // --- states -------------------------------------------------------------------------------------------------------

  /** Another member of its sync group is in this state now: this one goes along, unless it is there already. */
  follow(to: "BACKUP" | "MASTER" | "FAULT", why: string): void {
    if (to === this.state || this.state === "STOPPED") return;
    if (to === "MASTER") this.#becomeMaster("sync-group", why);
    else if (to === "FAULT") this.#enterFault({ cause: "sync-group", reason: why }, 1);
    else if (this.state === "FAULT") this.#recover("sync-group", why);
    else this.#becomeBackup("sync-group", why);
  }

  /** Another member of its sync group has heard a lower advert. */
  announceAgain(): void {
    if (this.state === "MASTER") this.#announcer.heardLower();
  }

  /** Leaves INIT once nothing is awaited. */
  #settle(cause: VrrpCause, why: string): void {
    if (this.state !== "INIT") return;
    const { fault } = this.hindrances;
    const faulty = this.group?.faulty ?? null;
    if (fault !== null) this.#fail(fault);
    else if (faulty !== null) faulty.#fail(faulty.hindrances.fault!);
    else if (!this.hindrances.isWaiting && this.group?.isWaiting !== true) {
      this.#becomeBackup(cause, why);
      // Those that were launched and waited for its script; the others take their states themselves.
      for (const member of this.group?.members ?? []) if (member.#hasBegun) member.#settle(cause, why);
    }
  }

  #becomeBackup(cause: VrrpCause, why: string): void {
    this.#giveUp();
    this.master.forget();
    const isFresh = this.state === "INIT" || this.state === "FAULT";
    this.#ownerStarts = isFresh && this.isOwner && this.group?.hasOnlyOwners !== false;
    this.deadline.wait(this.#ownerStarts ? OWNER_START_NS : this.master.downNs(this.priority));
    this.#enter("BACKUP", cause, why);
  }

  #becomeMaster(cause: VrrpCause, why: string): void {
    if (this.#shared.version.ownersCompareAddresses && this.basePriority !== this.conf.basePriority) {
      // The other owner is silent.
      this.basePriority = this.conf.basePriority;
      this.setPriority(this.basePriority);
    }
    this.sender.send(this.priority);
    this.addresses.bringUp();
    this.#announcer.becameMaster();
    // The member that leads its sync group sets its timer last, when all have their addresses; the others did it at their first adverts.
    const upNs = cause === "sync-group" ? 0 : ADDRESS_UP_NS;
    this.deadline.advertAfter(upNs + this.conf.advertIntervalNs);
    this.#enter("MASTER", cause, why);
  }

  /** A fault of its own: its sync group fails with it. */
  #fail(fault: Fault): void {
    // Without its link nothing leaves; otherwise 2.2.7 says farewell twice.
    this.#enterFault(fault, 2);
    this.group?.follow(this);
  }

  #enterFault({ cause, reason }: Fault, farewells: number): void {
    if (this.state === "MASTER") for (let i = 0; i < farewells; i++) this.sender.send(VRRP_PRIORITY_LEAVING);
    this.#giveUp();
    this.deadline.cancel();
    this.#enter("FAULT", cause, reason);
  }

  #recoverIfClear(why: string): void {
    if (this.state !== "FAULT" || this.hindrances.fault !== null || this.hindrances.isWaiting) return;
    const { group } = this;
    if (group !== null && (group.faulty !== null || group.isWaiting)) return;
    this.#recover("faults-cleared", why);
    group?.follow(this);
  }

  #recover(cause: VrrpCause, why: string): void {
    this.master.forgetInterval();
    const { source } = this.sender;
    if (this.conf.unicastPeers.length > 0 && source !== null) this.#announcer.announce(this.base, source);
    this.#becomeBackup(cause, why);
  }

  #enter(to: VrrpState, cause: VrrpCause, reason: string): void {
    const from = this.state;
    this.state = to;
    this.#remarks.forget();
    this.#shared.observer.onTransition(this, from, to, cause, reason);
  }

  /** What it has of a master, and what it was about to do to become one. */
  #giveUp(): void {
    this.wantsMaster = false;
    this.#reception.preemption.endsNs = 0;
    if (!this.addresses.areUp) return;
    this.#announcer.leftMaster();
    this.addresses.takeDown();
  }
}
