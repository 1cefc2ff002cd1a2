/**
 * One interface's neighbour cache for one family: which MAC an address has, and how sure the host is of it.
 *
 *                     packet to send            answer                 R passed, not used
 *   (absent, FAILED) ──────────────▶ INCOMPLETE ───────▶ REACHABLE ─────────────────────▶ STALE
 *          ▲                             │                ▲  │ ▲                            │ packet to send
 *          │           questions unanswered      confirmed │  │ └─── R passed, used ──┐      ▼
 *          └─────────────────────────────┴──── PROBE ◀────┼──┴──────────────────── DELAY ◀──┘
 *                                         5 s passed      └─ answer
 *
 * The states are those of RFC 4861 section 7.3.2, which Linux uses for IPv4 too; the rules for what an announcement may change
 * (`update`) are Linux's `neigh_update`; `systems.ts` has what other systems do differently. Their consequence decides failovers: a gratuitous ARP replaces the MAC at once and leaves the
 * entry STALE, still used; without one, a client goes on sending to a dead holder until R + 5 s + 3 s have passed.
 *
 * Recorded cases: test/recordings/linux-neighbour.
 */
import { copyBytes, equalBytes } from "../base/bytes.ts";
import type { FrameRef, TimerId } from "../base/ids.ts";
import type { Prng } from "../base/prng.ts";
import type { FrameSlab } from "../frame/slab.ts";
import type { TimerOwner, Timers } from "../time/timers.ts";
import type { KernelTimers } from "./kernel-timers.ts";
import { MoveChecks } from "./move-checks.ts";
import { NeighbourEntries } from "./neighbour-entries.ts";
import { NeighbourSettings } from "./neighbour-settings.ts";
import type { NeighbourSupport, NeighbourSurroundings } from "./neighbour-support.ts";
import type { NeighbourTable } from "./neighbour-table.ts";
import {
  isConnected,
  isValid,
  NUD_DELAY,
  NUD_FAILED,
  NUD_INCOMPLETE,
  NUD_NOARP,
  NUD_PERMANENT,
  NUD_PROBE,
  NUD_REACHABLE,
  NUD_STALE,
  type NudState,
} from "./nud.ts";
import { PacketQueue } from "./packet-queue.ts";
import { ReachableTime } from "./reachable-time.ts";
import type { NeighbourRules } from "./system.ts";

export class NeighbourCache implements TimerOwner {
  readonly addressOctets: 4 | 16;
  /** Read only for others. */
  readonly entries: NeighbourEntries;
  settings: NeighbourSettings;
  readonly #rules: NeighbourRules;
  readonly #support: NeighbourSupport;
  readonly #table: NeighbourTable;
  readonly #kernel: KernelTimers;
  readonly #timers: Timers;
  readonly #slab: FrameSlab;
  readonly #reachable: ReachableTime;
  /** Null: who has moved is believed without a question. */
  readonly #moves: MoveChecks | null;
  readonly #timer: TimerId[] = [];
  readonly #queues: PacketQueue[] = [];
  readonly #lose = (frame: FrameRef): void => this.#support.unreachable(frame);

  constructor(
    addressOctets: 4 | 16,
    rules: NeighbourRules,
    support: NeighbourSupport,
    table: NeighbourTable,
    { kernel, timers, slab }: NeighbourSurroundings,
    chance: Prng,
  ) {
    this.addressOctets = addressOctets;
    this.entries = new NeighbourEntries(addressOctets);
    this.settings = new NeighbourSettings(addressOctets);
    this.#rules = rules;
    this.#support = support;
    this.#table = table;
    this.#kernel = kernel;
    this.#timers = timers;
    this.#slab = slab;
    this.#reachable = new ReachableTime(kernel, chance);
    if (rules.ageingNs !== null) this.#reachable.fix(rules.ageingNs);
    this.#moves = rules.verifiesMoves ? new MoveChecks(kernel, timers, (index, mac) => this.#moved(index, mac)) : null;
    table.join(this);
  }

  /** How long a confirmation lasts now; set, it is that from now on. */
  get reachableNs(): number {
    return this.#reachable.ns(this.settings.baseReachableNs);
  }

  set reachableNs(ns: number) {
    this.#reachable.fix(ns);
  }

  get count(): number {
    return this.entries.count;
  }

  /** Index of the entry of the address at `offset`; -1 if there is none. */
  find(bytes: Uint8Array, offset: number): number {
    return this.entries.find(bytes, offset);
  }

  /** The entry of the address at `offset`, made if there is none; -1 if there is no room for it. */
  findOrCreate(bytes: Uint8Array, offset: number): number {
    const { entries } = this;
    const found = entries.find(bytes, offset);
    if (found >= 0) return found;
    const made = this.#table.admit();
    if (made < 0) return -1;
    const index = entries.add(bytes, offset, made);
    const now = this.#kernel.nowNs;
    entries.usedNs[index] = now;
    entries.updatedNs[index] = now;
    entries.confirmedNs[index] = this.#longAgoNs(now);
    this.#timer[index] ??= this.#timers.create(this, index);
    this.#queues[index] ??= new PacketQueue(this.#slab);
    return index;
  }

  state(index: number): NudState {
    return this.entries.state[index] as NudState;
  }

  /** Whether the entry has a MAC that packets go to. */
  usable(index: number): boolean {
    return isValid(this.entries.state[index]!);
  }

  /** The address octets of all entries; entry i begins at i * addressOctets. Read only, until the next entry is made. */
  get addresses(): Uint8Array {
    return this.entries.addresses;
  }

  /** The MACs of all entries; entry i begins at i * 6. Read only, until the next entry is made, and meaningful while `usable`. */
  get macs(): Uint8Array {
    return this.entries.macs;
  }

  /**
   * A packet is to be sent to the entry's address: true if its MAC may be used now. Otherwise the frame, whose octets are set, waits in the
   * cache (which takes it over), and the neighbour is being asked; or it is given up.
   */
  use(index: number, frame: FrameRef): boolean {
    const state = this.entries.state[index]!;
    // What is sent to a REACHABLE entry does not count as use (Linux takes a shorter way there): traffic does not keep it from STALE.
    if (isConnected(state)) return true;
    this.entries.usedNs[index] = this.#kernel.nowNs;
    if (state === NUD_DELAY || state === NUD_PROBE) return true;
    if (state === NUD_STALE) {
      this.#enter(index, NUD_DELAY);
      this.#startTimer(index, this.#kernel.nowNs + this.settings.delayFirstProbeNs);
      return true;
    }
    const { mcastSolicit, appSolicit, ucastSolicit, unresQlenOctets } = this.settings;
    if (state !== NUD_INCOMPLETE && mcastSolicit + appSolicit === 0) {
      this.#enter(index, NUD_FAILED);
      this.#lose(frame);
      return false;
    }
    this.#queues[index]!.push(frame, unresQlenOctets, this.#lose);
    if (state !== NUD_INCOMPLETE) {
      // There is nobody to ask by unicast.
      this.entries.probes[index] = ucastSolicit;
      this.#enter(index, NUD_INCOMPLETE);
      this.#ask(index);
    }
    return false;
  }

  /** An upper layer knows that packets arrive there (MSG_CONFIRM, a TCP acknowledgement): whoever it is that answers. */
  confirm(index: number): void {
    if (this.#rules.ageingNs === null) this.#kernel.stamp(this.entries.confirmedNs, index);
  }

  /**
   * A frame claims that the entry's address has the MAC at `macOffset`. `claimed` is REACHABLE for an answer to us and STALE
   * for everything else; `override` says that a different MAC may replace a valid one, `weak` that otherwise at
   * least the confidence in it is lost (ND without the O flag). Linux: `neigh_update`. False if it is not believed.
   */
  update(
    index: number,
    mac: Uint8Array,
    macOffset: number,
    claimed: NudState,
    override: boolean,
    weak: boolean,
  ): boolean {
    const { entries } = this;
    const { everyClaimCounts, ageingNs } = this.#rules;
    const state = ageingNs === null ? claimed : NUD_REACHABLE;
    const old = entries.state[index]!;
    if (old === NUD_PERMANENT || old === NUD_NOARP) return false;
    const valid = isValid(old);
    const sameMac = valid && equalBytes(entries.macs, index * 6, mac, macOffset, 6);
    if (everyClaimCounts) entries.updatedNs[index] = this.#kernel.nowNs;
    if (valid && this.#moves !== null) {
      if (sameMac) this.#moves.end(index);
      else if (this.#moves.begin(index, mac, macOffset)) this.#askOwner(index);
      if (!sameMac) return false;
    }
    // An answer confirms that somebody is there even where its MAC is not believed.
    if (state === NUD_REACHABLE) entries.confirmedNs[index] = this.#kernel.nowNs;
    if (valid && !sameMac && !override) {
      if (weak && old === NUD_REACHABLE) this.#become(index, NUD_STALE);
      return false;
    }
    const isNoNews = sameMac && state === NUD_STALE && (!everyClaimCounts || isConnected(old));
    const next = isNoNews ? (old as NudState) : state;
    if (!sameMac) this.#replaceMac(index, mac, macOffset, next);
    this.#become(index, next, !sameMac);
    return true;
  }

  /** `ip neigh replace`: what a person says holds, whatever was there before. */
  configure(index: number, mac: Uint8Array, state: NudState): void {
    const { entries } = this;
    const sameMac = isValid(entries.state[index]!) && equalBytes(entries.macs, index * 6, mac, 0, 6);
    if (isConnected(state)) entries.confirmedNs[index] = this.#kernel.nowNs;
    if (!sameMac) this.#replaceMac(index, mac, 0, state);
    this.#become(index, state, !sameMac);
  }

  /** Whether a frame that is no gratuitous announcement may replace the entry's MAC now. */
  lockExpired(index: number): boolean {
    return this.#kernel.nowNs > this.entries.updatedNs[index]! + this.settings.locktimeNs;
  }

  /** What the entry's owner says of itself (ND). */
  setRouter(index: number, isRouter: boolean): void {
    this.entries.isRouter[index] = isRouter ? 1 : 0;
  }

  /** The entry is gone, and the packets that wait for it. */
  remove(index: number): void {
    this.#moves?.end(index);
    this.#timers.cancel(this.#timer[index]!);
    this.entries.remove(index);
    this.#giveUpWaiting(index);
  }

  /** Forgets everything, or all but what people have set. */
  clear(withPermanent: boolean): void {
    for (const index of this.entries.indices())
      if (withPermanent || this.entries.state[index] !== NUD_PERMANENT) this.remove(index);
  }

  onTimer(index: number): void {
    const { entries, settings } = this;
    const now = this.#kernel.nowNs;
    const timer = this.#timer[index]!;
    const { delayFirstProbeNs } = settings;
    const { shortestNs, ageingNs } = this.#rules;
    switch (entries.state[index]) {
      case NUD_REACHABLE: {
        const trustedUntilNs = entries.confirmedNs[index]! + this.reachableNs;
        if (now < trustedUntilNs) {
          this.#kernel.armAt(timer, Math.max(trustedUntilNs, now + shortestNs));
        } else if (ageingNs !== null) {
          this.remove(index);
        } else if (now <= entries.usedNs[index]! + delayFirstProbeNs) {
          this.#enter(index, NUD_DELAY);
          this.#kernel.armAfter(timer, Math.max(delayFirstProbeNs, shortestNs));
        } else {
          this.#enter(index, NUD_STALE);
        }
        return;
      }
      case NUD_DELAY:
        if (now <= entries.confirmedNs[index]! + delayFirstProbeNs) {
          this.#enter(index, NUD_REACHABLE);
          this.#kernel.armAt(timer, Math.max(entries.confirmedNs[index]! + this.reachableNs, now + shortestNs));
          return;
        }
        entries.probes[index] = 0;
        this.#enter(index, NUD_PROBE);
        break;
    }
    if (entries.probes[index]! < this.#probesMax(index)) {
      this.#ask(index);
    } else {
      this.#enter(index, NUD_FAILED);
      this.#giveUpWaiting(index);
    }
  }

  /** Turns to ask before the entry fails. */
  #probesMax(index: number): number {
    const { ucastSolicit, appSolicit, mcastSolicit, mcastResolicit } = this.settings;
    return ucastSolicit + appSolicit + (this.entries.state[index] === NUD_PROBE ? mcastResolicit : mcastSolicit);
  }

  /** Takes one turn: the owner of the known MAC is asked, then a daemon (who is silent here), then everybody. */
  #ask(index: number): void {
    const { entries, settings } = this;
    const turn = entries.probes[index]!;
    entries.probes[index] = turn + 1;
    this.#kernel.armAfter(this.#timer[index]!, Math.max(settings.retransNs, this.#rules.shortestNs));
    if (turn < settings.ucastSolicit) this.#askOwner(index);
    else if (turn >= settings.ucastSolicit + settings.appSolicit) this.#solicit(index, null);
  }

  #askOwner(index: number): void {
    this.#solicit(index, this.entries.macs);
  }

  #solicit(index: number, mac: Uint8Array | null): void {
    const { addresses } = this.entries;
    this.#support.solicit(addresses, index * this.addressOctets, mac, index * 6, this.#queues[index]!.last);
  }

  /** The old owner has not answered. */
  #moved(index: number, mac: Uint8Array): void {
    this.entries.confirmedNs[index] = this.#kernel.nowNs;
    this.#replaceMac(index, mac, 0, NUD_REACHABLE);
    this.#become(index, NUD_REACHABLE, true);
  }

  #enter(index: number, state: NudState): void {
    this.entries.state[index] = state;
    this.entries.updatedNs[index] = this.#kernel.nowNs;
    this.#support.neighbourChanged(this, index);
  }

  /** Confirmation counts as use where a timer is started (Linux: `neigh_add_timer`). */
  #startTimer(index: number, dueNs: number): void {
    const { entries } = this;
    entries.usedNs[index] = Math.max(entries.usedNs[index]!, entries.confirmedNs[index]!);
    this.#kernel.armAt(this.#timer[index]!, dueNs);
  }

  #replaceMac(index: number, mac: Uint8Array, macOffset: number, state: NudState): void {
    const { entries } = this;
    copyBytes(mac, macOffset, entries.macs, index * 6, 6);
    entries.updatedNs[index] = this.#kernel.nowNs;
    if (!isConnected(state)) entries.confirmedNs[index] = this.#longAgoNs(this.#kernel.nowNs);
  }

  /** The entry is valid now, in this state. */
  #become(index: number, state: NudState, hasNewMac = false): void {
    const old = this.entries.state[index]!;
    if (state !== old) {
      const now = this.#kernel.nowNs;
      this.entries.state[index] = state;
      this.entries.updatedNs[index] = now;
      this.#timers.cancel(this.#timer[index]!);
      if (state === NUD_REACHABLE) this.#startTimer(index, now + this.reachableNs);
    }
    if (state !== old || hasNewMac) this.#support.neighbourChanged(this, index);
    if (!isValid(old)) this.#sendWaiting(index);
  }

  #longAgoNs(now: number): number {
    return now - 2 * this.settings.baseReachableNs;
  }

  #sendWaiting(index: number): void {
    const queue = this.#queues[index]!;
    // Sending them uses the entry: one that an announcement has made STALE is in doubt from now on.
    for (let frame = queue.shift(); frame !== undefined; frame = queue.shift())
      if (this.use(index, frame)) this.#support.transmitTo(frame, this.entries.macs, index * 6);
  }

  #giveUpWaiting(index: number): void {
    const queue = this.#queues[index]!;
    for (let frame = queue.shift(); frame !== undefined; frame = queue.shift()) this.#lose(frame);
  }
}
