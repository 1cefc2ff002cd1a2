/**
 * One interface's neighbour cache for one family: which MAC an address has, and how sure the host is of it.
 *
 *                     packet to send            answer                 R passed, not used
 *   (absent, FAILED) ──────────────▶ INCOMPLETE ───────▶ REACHABLE ─────────────────────▶ STALE
 *          ▲                             │                ▲  │ ▲                            │ packet to send
 *          │       3 questions unanswered│      confirmed │  │ └─── R passed, used ──┐      ▼
 *          └─────────────────────────────┴──── PROBE ◀────┼──┴──────────────────── DELAY ◀──┘
 *                                         5 s passed      └─ answer
 *
 * The states are those of RFC 4861 section 7.3.2, which Linux uses for IPv4 too; the rules for what an announcement may change
 * (`update`) are Linux's `neigh_update`. Their consequence decides failovers: a gratuitous ARP replaces the MAC at once and leaves the
 * entry STALE, still used; without one, a client goes on sending to a dead holder until R + 5 s + 3 s have passed.
 *
 * Entries stand in parallel arrays; only packets that wait for an answer are held in lists.
 */
import { copyBytes, equalBytes } from "../base/bytes.ts";
import type { Clock } from "../base/clock.ts";
import type { FrameRef, TimerId } from "../base/ids.ts";
import type { Prng } from "../base/prng.ts";
import { NS_PER_S } from "../base/units.ts";
import type { TimerOwner, Timers } from "../time/timers.ts";

export const NUD_NONE = 0;
export const NUD_INCOMPLETE = 1;
export const NUD_REACHABLE = 2;
export const NUD_STALE = 3;
export const NUD_DELAY = 4;
export const NUD_PROBE = 5;
export const NUD_FAILED = 6;
export type NudState = 0 | 1 | 2 | 3 | 4 | 5 | 6;
/** The names that `ip neigh` prints. */
export const NUD_NAMES: readonly string[] = ["NONE", "INCOMPLETE", "REACHABLE", "STALE", "DELAY", "PROBE", "FAILED"];

/** Linux's defaults (`net.ipv4.neigh.default.*`, `net.ipv6.neigh.default.*`). */
const DELAY_FIRST_PROBE_NS = 5 * NS_PER_S;
const RETRANS_NS = 1 * NS_PER_S;
const SOLICIT_MAX = 3;
/** `base_reachable_time`: the real time is drawn between a half and one and a half times this, once per interface. */
const BASE_REACHABLE_NS = 30 * NS_PER_S;
/** `gc_thresh3`: entries a cache may hold. */
const ENTRIES_MAX = 1024;
/**
 * Packets that wait for one answer; the oldest is lost first. `unres_qlen_bytes` is 212,992 octets of buffer memory, of which a small packet
 * takes 832 (Linux 6.18, observed).
 */
const QUEUE_MAX = 256;
const BUCKETS = 256;

/** What a family's cache needs of the interface behind it. */
export interface NeighbourSupport {
  /**
   * Asks for the address at `offset`: by multicast if `mac` is null, else only the owner of that MAC. `waiting` is the packet that began
   * to wait last, if one does; it is only borrowed.
   */
  solicit(
    address: Uint8Array,
    offset: number,
    mac: Uint8Array | null,
    macOffset: number,
    waiting: FrameRef | undefined,
  ): void;
  /** Sends a packet that has waited. Takes over the frame. */
  transmitTo(frame: FrameRef, mac: Uint8Array, macOffset: number): void;
  /** Gives up a packet. Takes over the frame. */
  unreachable(frame: FrameRef): void;
  /** An entry got another state or MAC. Cold: called for changes only. */
  neighbourChanged(cache: NeighbourCache, index: number): void;
}

export class NeighbourCache implements TimerOwner {
  readonly addressOctets: 4 | 16;
  readonly #support: NeighbourSupport;
  readonly #clock: Clock;
  readonly #timers: Timers;
  /** `locktime`: a changed MAC is believed only this long after the last change, unless the frame overrides. 1 s for ARP, 0 for ND. */
  readonly #locktimeNs: number;
  /** How long a confirmation lasts: drawn at random. */
  reachableNs: number;
  count = 0;
  readonly #addresses: Uint8Array;
  readonly #macs = new Uint8Array(ENTRIES_MAX * 6);
  readonly #state = new Uint8Array(ENTRIES_MAX);
  readonly #questions = new Uint8Array(ENTRIES_MAX);
  readonly #updatedNs = new Float64Array(ENTRIES_MAX);
  readonly #confirmedNs = new Float64Array(ENTRIES_MAX);
  readonly #usedNs = new Float64Array(ENTRIES_MAX);
  readonly #next = new Int32Array(ENTRIES_MAX);
  readonly #buckets = new Int32Array(BUCKETS).fill(-1);
  readonly #timer: TimerId[] = [];
  readonly #waiting: FrameRef[][] = [];

  constructor(addressOctets: 4 | 16, support: NeighbourSupport, clock: Clock, timers: Timers, chance: Prng) {
    this.addressOctets = addressOctets;
    this.#support = support;
    this.#clock = clock;
    this.#timers = timers;
    this.#locktimeNs = addressOctets === 4 ? 1 * NS_PER_S : 0;
    this.reachableNs = chance.uniformNs(BASE_REACHABLE_NS / 2, (BASE_REACHABLE_NS * 3) / 2);
    this.#addresses = new Uint8Array(ENTRIES_MAX * addressOctets);
  }

  /** Index of the entry of the address at `offset`; -1 if there is none. */
  find(bytes: Uint8Array, offset: number): number {
    for (let i = this.#buckets[this.#bucketOf(bytes, offset)]!; i >= 0; i = this.#next[i]!) {
      if (equalBytes(this.#addresses, i * this.addressOctets, bytes, offset, this.addressOctets)) return i;
    }
    return -1;
  }

  /** The entry of the address at `offset`, made if there is none; -1 if the cache is full. */
  findOrCreate(bytes: Uint8Array, offset: number): number {
    const found = this.find(bytes, offset);
    if (found >= 0) return found;
    const index = this.count < ENTRIES_MAX ? this.count++ : this.#evict();
    if (index < 0) return -1;
    copyBytes(bytes, offset, this.#addresses, index * this.addressOctets, this.addressOctets);
    const now = this.#clock.nowNs;
    this.#state[index] = NUD_NONE;
    this.#usedNs[index] = now;
    this.#updatedNs[index] = now;
    this.#confirmedNs[index] = now - 2 * BASE_REACHABLE_NS;
    this.#timer[index] ??= this.#timers.create(this, index);
    this.#waiting[index] = [];
    const bucket = this.#bucketOf(bytes, offset);
    this.#next[index] = this.#buckets[bucket]!;
    this.#buckets[bucket] = index;
    return index;
  }

  state(index: number): NudState {
    return this.#state[index] as NudState;
  }

  /** Whether the entry has a MAC that packets go to. */
  usable(index: number): boolean {
    const state = this.#state[index]!;
    return state >= NUD_REACHABLE && state <= NUD_PROBE;
  }

  /** The address octets of all entries; entry i begins at i * addressOctets. Read only. */
  get addresses(): Uint8Array {
    return this.#addresses;
  }

  /** The MACs of all entries; entry i begins at i * 6. Read only, and meaningful while `usable`. */
  get macs(): Uint8Array {
    return this.#macs;
  }

  /**
   * A packet is to be sent to the entry's address: true if its MAC may be used now. Otherwise the frame waits in the
   * cache (which takes it over), and the neighbour is being asked.
   */
  use(index: number, frame: FrameRef): boolean {
    const state = this.#state[index]!;
    // What is sent to a REACHABLE entry does not count as use (Linux takes a shorter way there): traffic does not keep it from STALE.
    if (state === NUD_REACHABLE) return true;
    this.#usedNs[index] = this.#clock.nowNs;
    if (state === NUD_DELAY || state === NUD_PROBE) return true;
    if (state === NUD_STALE) {
      this.#enter(index, NUD_DELAY);
      this.#timers.armAfter(this.#timer[index]!, DELAY_FIRST_PROBE_NS);
      return true;
    }
    const waiting = this.#waiting[index]!;
    if (waiting.length >= QUEUE_MAX) this.#support.unreachable(waiting.shift()!);
    waiting.push(frame);
    if (state !== NUD_INCOMPLETE) {
      this.#questions[index] = 0;
      this.#enter(index, NUD_INCOMPLETE);
      this.#ask(index);
    }
    return false;
  }

  /**
   * A frame claims that the entry's address has the MAC at `macOffset`. `state` is REACHABLE for an answer to us and STALE
   * for everything else; `override` says that a different MAC may replace a valid one, `weak` that otherwise at
   * least the confidence in it is lost (ND without the O flag). Linux: `neigh_update`.
   */
  update(index: number, mac: Uint8Array, macOffset: number, state: NudState, override: boolean, weak: boolean): void {
    const old = this.#state[index]!;
    const valid = this.usable(index);
    const sameMac = valid && equalBytes(this.#macs, index * 6, mac, macOffset, 6);
    const now = this.#clock.nowNs;
    // An answer confirms that somebody is there even where its MAC is not believed.
    if (state === NUD_REACHABLE) this.#confirmedNs[index] = now;
    let next = state;
    let replace = !sameMac;
    if (valid && !sameMac && !override) {
      if (!weak || old !== NUD_REACHABLE) return;
      replace = false;
      next = NUD_STALE;
    } else if (sameMac && state === NUD_STALE) {
      return;
    }
    if (replace) {
      copyBytes(mac, macOffset, this.#macs, index * 6, 6);
      if (next !== NUD_REACHABLE) this.#confirmedNs[index] = now - 2 * BASE_REACHABLE_NS;
    }
    if (replace || next !== old) this.#updatedNs[index] = now;
    if (next === NUD_REACHABLE) this.#timers.armAfter(this.#timer[index]!, this.reachableNs);
    else this.#timers.cancel(this.#timer[index]!);
    const changed = replace || next !== old;
    this.#state[index] = next;
    if (changed) this.#support.neighbourChanged(this, index);
    if (!valid) this.#sendWaiting(index);
  }

  /** Whether a frame that is no gratuitous announcement may replace the entry's MAC now. */
  lockExpired(index: number): boolean {
    return this.#clock.nowNs > this.#updatedNs[index]! + this.#locktimeNs;
  }

  /** Forgets everything: the interface lost carrier (`arp_evict_nocarrier`), or the host is gone. */
  clear(): void {
    for (let i = 0; i < this.count; i++) {
      this.#timers.cancel(this.#timer[i]!);
      this.#giveUpWaiting(i);
      this.#state[i] = NUD_NONE;
    }
    this.#buckets.fill(-1);
    this.count = 0;
  }

  onTimer(index: number): void {
    const now = this.#clock.nowNs;
    const timer = this.#timer[index]!;
    switch (this.#state[index]) {
      case NUD_REACHABLE: {
        const trustedUntilNs = this.#confirmedNs[index]! + this.reachableNs;
        if (now < trustedUntilNs) {
          this.#timers.armAt(timer, trustedUntilNs);
        } else if (now <= this.#usedNs[index]! + DELAY_FIRST_PROBE_NS) {
          this.#enter(index, NUD_DELAY);
          this.#timers.armAfter(timer, DELAY_FIRST_PROBE_NS);
        } else {
          this.#enter(index, NUD_STALE);
        }
        return;
      }
      case NUD_DELAY:
        if (now <= this.#confirmedNs[index]! + DELAY_FIRST_PROBE_NS) {
          this.#enter(index, NUD_REACHABLE);
          this.#timers.armAt(timer, Math.max(now, this.#confirmedNs[index]! + this.reachableNs));
        } else {
          this.#questions[index] = 0;
          this.#enter(index, NUD_PROBE);
          this.#ask(index);
        }
        return;
      case NUD_INCOMPLETE:
      case NUD_PROBE:
        if (this.#questions[index]! < SOLICIT_MAX) {
          this.#ask(index);
        } else {
          this.#enter(index, NUD_FAILED);
          this.#giveUpWaiting(index);
        }
        return;
    }
  }

  #ask(index: number): void {
    this.#questions[index]! += 1;
    this.#timers.armAfter(this.#timer[index]!, RETRANS_NS);
    const known = this.#state[index] === NUD_PROBE ? this.#macs : null;
    this.#support.solicit(this.#addresses, index * this.addressOctets, known, index * 6, this.#waiting[index]!.at(-1));
  }

  #enter(index: number, state: NudState): void {
    this.#state[index] = state;
    this.#updatedNs[index] = this.#clock.nowNs;
    this.#support.neighbourChanged(this, index);
  }

  #sendWaiting(index: number): void {
    const waiting = this.#waiting[index]!;
    this.#waiting[index] = [];
    // Sending them uses the entry: one that an announcement has made STALE is in doubt from now on.
    for (const frame of waiting) if (this.use(index, frame)) this.#support.transmitTo(frame, this.#macs, index * 6);
  }

  #giveUpWaiting(index: number): void {
    const waiting = this.#waiting[index]!;
    this.#waiting[index] = [];
    for (const frame of waiting) this.#support.unreachable(frame);
  }

  #bucketOf(bytes: Uint8Array, offset: number): number {
    let hash = 0;
    for (let i = 0; i < this.addressOctets; i++) hash = Math.imul(hash ^ bytes[offset + i]!, 0x01000193);
    return (hash ^ (hash >>> 15)) & (BUCKETS - 1);
  }

  /** Frees the slot of the entry that was unused for longest and that nobody waits for; -1 if all are busy. */
  #evict(): number {
    let oldest = -1;
    for (let i = 0; i < ENTRIES_MAX; i++) {
      const idle = this.#state[i] === NUD_STALE || this.#state[i] === NUD_FAILED || this.#state[i] === NUD_NONE;
      if (idle && (oldest < 0 || this.#usedNs[i]! < this.#usedNs[oldest]!)) oldest = i;
    }
    if (oldest < 0) return -1;
    const bucket = this.#bucketOf(this.#addresses, oldest * this.addressOctets);
    if (this.#buckets[bucket] === oldest) {
      this.#buckets[bucket] = this.#next[oldest]!;
    } else {
      let i = this.#buckets[bucket]!;
      while (this.#next[i] !== oldest) i = this.#next[i]!;
      this.#next[i] = this.#next[oldest]!;
    }
    return oldest;
  }
}
