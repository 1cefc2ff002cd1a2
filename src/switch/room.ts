/**
 * Room in a forwarding table: whether one more entry fits in, and what goes to make it fit: first what has expired, then what the
 * policy of the profile names (`table-full.ts`). Nobody comes here but who adds an entry.
 */
import type { PortId } from "../base/ids.ts";
import { AGEING_NEVER } from "./fdb-entry.ts";
import type { TableRules } from "./profile.ts";
import { type RoomPolicy, roomPolicy, type Tenants } from "./table-full.ts";

/** What may be known of the table, and done to it. */
export interface RoomTable extends Tenants {
  /** The present tick, at 0. */
  readonly ticks: Int32Array;
  count(): number;
  ageingMs(): number;
  /** Whether there is such an entry, and it is not the switch's own address. */
  hasTenant(hi: number, lo: number): boolean;
  evict(hi: number, lo: number): void;
  /** Returns how many entries that were. */
  evictExpired(): number;
}

export class Room {
  /** Entries that made way for others. */
  displaced = 0;
  readonly #table: RoomTable;
  readonly #entriesMax: number;
  /** Null: nobody makes way. */
  readonly #policy: RoomPolicy | null;
  /** Before this tick no entry can expire: known after a search that found none. */
  #noneExpiresBefore = 0;

  constructor({ whenFull }: TableRules, entriesMax: number, table: RoomTable) {
    this.#table = table;
    this.#entriesMax = entriesMax;
    this.#policy = roomPolicy(whenFull, entriesMax, table);
  }

  /** Makes room for one more entry, if it must be made; false, and nothing changed, if it cannot. */
  make(hi: number, lo: number): boolean {
    const isFull = this.#table.count() >= this.#entriesMax && !this.#evictedExpired();
    if (!this.#findVictim(isFull, hi, lo)) return !isFull;
    this.#table.evict(this.#policy!.victimHi, this.#policy!.victimLo);
    this.displaced++;
    return true;
  }

  /** What `make` would return. */
  couldMake(hi: number, lo: number): boolean {
    return !this.#wouldBeFull() || this.#findVictim(true, hi, lo);
  }

  /** Whether `make` would remove the other entry. */
  wouldDisplace(hi: number, lo: number, otherHi: number, otherLo: number): boolean {
    if (this.#policy === null || !this.#findVictim(this.#wouldBeFull(), hi, lo)) return false;
    return this.#policy.victimHi === otherHi && this.#policy.victimLo === otherLo;
  }

  /** The entry for which room was made has been added. */
  added(hi: number, lo: number, port: PortId): void {
    this.#policy?.added(hi, lo, port);
  }

  /** Entries have been moved, or removed by others. */
  disturbed(): void {
    this.#policy?.disturbed();
  }

  /** What was known of when entries expire holds no longer. */
  reconsiderAges(): void {
    this.#noneExpiresBefore = this.#table.ticks[0]!;
  }

  #findVictim(isFull: boolean, hi: number, lo: number): boolean {
    const policy = this.#policy;
    return policy?.findVictim(isFull, hi, lo) === true && this.#table.hasTenant(policy.victimHi, policy.victimLo);
  }

  #wouldBeFull(): boolean {
    return this.#table.count() >= this.#entriesMax && this.#oldestMs() < this.#table.ageingMs();
  }

  /**
   * Throws out what has expired. Where nothing has, nothing is looked for until the oldest entry might, so that a flood of sources cannot
   * make each frame pay for a search.
   */
  #evictedExpired(): boolean {
    const now = this.#table.ticks[0]!;
    if (this.#table.ageingMs() === AGEING_NEVER || ((now - this.#noneExpiresBefore) | 0) < 0) return false;
    if (this.#table.evictExpired() > 0) return true;
    this.#noneExpiresBefore = (now - this.#oldestMs() + this.#table.ageingMs()) | 0;
    return false;
  }

  /** For how long the entry has been silent that has been so for longest; entries that do not age do not count. */
  #oldestMs(): number {
    const now = this.#table.ticks[0]!;
    let oldestMs = 0;
    this.#table.forEachTenant((_hi, _lo, _port, tick, ages) => {
      if (ages) oldestMs = Math.max(oldestMs, (now - tick) | 0);
    });
    return oldestMs;
  }
}
