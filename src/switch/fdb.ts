/**
 * The forwarding table: (broadcast domain, MAC) -> port. It learns, moves, ages and is bounded.
 *
 * Open addressing with linear probing in one Int32Array, four words a cell: MAC's last four octets | domain and MAC's
 * first two octets | port + 1 (0 = empty) | tick of the last frame from that MAC. One cell is 16 octets, so that a hit costs one
 * cache line. The table is kept between 1/8 and 1/4 full: at a half a lookup takes four times as long. There are no tombstones:
 * what is removed, a port's entries or all that expired, is left out when the table is rebuilt.
 *
 * An entry serves while `ageingMs` have not passed since the last frame from its MAC (IEEE 802.1D 7.9; Linux's default is
 * 300 s). That is judged at each use, to the millisecond: nothing runs in the background. Ticks wrap after 24 days, so what expired is
 * thrown out every 18 hours, before its age could look young again.
 */
import { assert } from "../base/assert.ts";
import type { Clock } from "../base/clock.ts";
import { type DomainId, NO_PORT, type PortId } from "../base/ids.ts";
import { NS_PER_MS } from "../base/units.ts";

export const REFRESHED = 0;
export const LEARNED = 1;
export const MOVED = 2;
/** No room: the frame is forwarded all the same. */
export const TABLE_FULL = 3;
export type LearnResult = 0 | 1 | 2 | 3;

/** Linux: 300 s (`BR_DEFAULT_AGEING_TIME`). */
export const AGEING_MS_DEFAULT = 300_000;
/** 1,000,000 s: the longest that a bridge can be asked for (RFC 4188, `dot1dTpAgingTime`). */
export const AGEING_MS_MAX = 1_000_000_000;
/** Entries, unless said otherwise. Linux has no limit; switches have 8,192 to 131,072. */
export const ENTRIES_MAX_DEFAULT = 131_072;

const FIRST_CELLS = 1024;
/** 18 hours. This and twice the longest ageing time stay below 2^31, so that no age that counts overflows. */
const SWEEP_MS = 2 ** 26;

export class Fdb {
  /** Entries that hold a cell, expired ones included until somebody meets them. */
  count = 0;
  /** Frames whose source found no room. */
  refused = 0;
  /** Where the entry was; valid right after `learn` returned MOVED. */
  movedFrom: PortId = NO_PORT;
  #ageingMs = AGEING_MS_DEFAULT;
  readonly #entriesMax: number;
  readonly #ticks: Int32Array;
  readonly #nowNs: Float64Array;
  /** When expired entries are thrown out next. */
  readonly #sweepNs = Float64Array.of(SWEEP_MS * NS_PER_MS);
  #cells = new Int32Array(FIRST_CELLS * 4);
  #mask = FIRST_CELLS - 1;
  #shift = 32 - 10;
  #sweptAtTick = -1;

  constructor(clock: Clock, entriesMax = ENTRIES_MAX_DEFAULT) {
    this.#ticks = clock.ticks;
    this.#nowNs = clock.cell;
    this.#entriesMax = entriesMax;
  }

  /** An entry that has not been refreshed for this long is gone. 0: nothing is remembered. At most AGEING_MS_MAX. */
  get ageingMs(): number {
    return this.#ageingMs;
  }

  /** What has expired by the time in force stays gone. */
  set ageingMs(ageingMs: number) {
    assert(ageingMs >= 0 && ageingMs <= AGEING_MS_MAX, "an ageing time is 0 to 1,000,000 s");
    this.#sweep();
    this.#ageingMs = ageingMs;
  }

  /** Notes that a frame from the MAC (its first two octets and the domain in `hi`, its last four in `lo`) came in at `port`. */
  learn(hi: number, lo: number, port: PortId): LearnResult {
    if (this.#nowNs[0]! >= this.#sweepNs[0]!) this.#sweep();
    const cells = this.#cells;
    const mask = this.#mask;
    let i = (Math.imul(lo ^ Math.imul(hi, 0x9e3779b1), 0x85ebca6b) >>> this.#shift) & mask;
    for (;;) {
      const c = i << 2;
      const owner = cells[c + 2]!;
      if (owner === 0) return this.#insert(hi, lo, port);
      if (cells[c] === lo && cells[c + 1] === hi) {
        const now = this.#ticks[0]!;
        const expired = ((now - cells[c + 3]!) | 0) >= this.#ageingMs;
        cells[c + 3] = now;
        if (owner === port + 1) return expired ? LEARNED : REFRESHED;
        cells[c + 2] = port + 1;
        if (expired) return LEARNED;
        this.movedFrom = (owner - 1) as PortId;
        return MOVED;
      }
      i = (i + 1) & mask;
    }
  }

  /** The port behind which the MAC is; NO_PORT if unknown or expired. Some `learn` or `forEach` lies less than 12 days back. */
  lookup(hi: number, lo: number): PortId {
    const cells = this.#cells;
    const mask = this.#mask;
    let i = (Math.imul(lo ^ Math.imul(hi, 0x9e3779b1), 0x85ebca6b) >>> this.#shift) & mask;
    for (;;) {
      const c = i << 2;
      const owner = cells[c + 2]!;
      if (owner === 0) return NO_PORT;
      if (cells[c] === lo && cells[c + 1] === hi) {
        return ((this.#ticks[0]! - cells[c + 3]!) | 0) < this.#ageingMs ? ((owner - 1) as PortId) : NO_PORT;
      }
      i = (i + 1) & mask;
    }
  }

  /** Forgets everything behind `port`, as a bridge does when a port loses carrier; returns how many entries that were. */
  flushPort(port: PortId): number {
    return this.#removeWhere((c) => this.#cells[c + 2] === port + 1);
  }

  /** Calls back for each entry that still serves, in table order; `ageMs` since the last frame from that MAC. */
  forEach(visit: (domain: DomainId, macHi: number, macLo: number, port: PortId, ageMs: number) => void): void {
    if (this.#nowNs[0]! >= this.#sweepNs[0]!) this.#sweep();
    const cells = this.#cells;
    for (let c = 0; c < cells.length; c += 4) {
      const ageMs = (this.#ticks[0]! - cells[c + 3]!) | 0;
      if (cells[c + 2] === 0 || ageMs >= this.#ageingMs) continue;
      const hi = cells[c + 1]!;
      visit((hi >>> 16) as DomainId, hi & 0xffff, cells[c]!, (cells[c + 2]! - 1) as PortId, ageMs);
    }
  }

  #insert(hi: number, lo: number, port: PortId): LearnResult {
    if (this.#ageingMs === 0) return REFRESHED;
    if (this.count >= this.#entriesMax && !this.#madeRoom()) {
      this.refused++;
      return TABLE_FULL;
    }
    if (this.count * 4 >= this.#mask + 1) this.#grow();
    this.#place(hi, lo, port + 1, this.#ticks[0]!);
    this.count++;
    return LEARNED;
  }

  #place(hi: number, lo: number, owner: number, tick: number): void {
    const cells = this.#cells;
    let i = (Math.imul(lo ^ Math.imul(hi, 0x9e3779b1), 0x85ebca6b) >>> this.#shift) & this.#mask;
    while (cells[(i << 2) + 2] !== 0) i = (i + 1) & this.#mask;
    const c = i << 2;
    cells[c] = lo;
    cells[c + 1] = hi;
    cells[c + 2] = owner;
    cells[c + 3] = tick;
  }

  /** Throws out what has expired, at most once a tick, so that a flood of sources cannot make each frame pay for a sweep. */
  #madeRoom(): boolean {
    const now = this.#ticks[0]!;
    if (this.#sweptAtTick === now) return false;
    this.#sweptAtTick = now;
    return this.#removeWhere((c) => ((now - this.#cells[c + 3]!) | 0) >= this.#ageingMs) > 0;
  }

  /** Throws out what has expired: everything, if nobody asked for longer than any ageing time. */
  #sweep(): void {
    const now = this.#ticks[0]!;
    const sinceMs = (this.#nowNs[0]! - this.#sweepNs[0]!) / NS_PER_MS;
    const all = sinceMs >= AGEING_MS_MAX;
    this.#removeWhere((c) => all || ((now - this.#cells[c + 3]!) | 0) >= this.#ageingMs);
    this.#sweepNs[0] = this.#nowNs[0]! + SWEEP_MS * NS_PER_MS;
  }

  /** Rebuilds the table without the cells that `gone` names; returns how many those were. */
  #removeWhere(gone: (cell: number) => boolean): number {
    const old = this.#cells;
    const doomed: number[] = [];
    for (let c = 0; c < old.length; c += 4) if (old[c + 2] !== 0 && gone(c)) doomed.push(c);
    if (doomed.length === 0) return 0;
    for (const c of doomed) old[c + 2] = 0;
    this.#rebuild(this.#mask + 1);
    this.count -= doomed.length;
    return doomed.length;
  }

  #grow(): void {
    this.#rebuild((this.#mask + 1) * 2);
  }

  #rebuild(cellCount: number): void {
    const old = this.#cells;
    this.#cells = new Int32Array(cellCount * 4);
    this.#mask = cellCount - 1;
    this.#shift = Math.clz32(this.#mask);
    for (let c = 0; c < old.length; c += 4) {
      if (old[c + 2] !== 0) this.#place(old[c + 1]!, old[c]!, old[c + 2]!, old[c + 3]!);
    }
  }
}
