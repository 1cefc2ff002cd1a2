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
  /** Whether there is such an entry, and it was learned, not made by hand. */
  ages(hi: number, lo: number): boolean;
  evict(hi: number, lo: number): void;
}

interface Aged {
  readonly hi: number;
  readonly lo: number;
  readonly tick: number;
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
  /** What ages, the one silent for longest last, as it was when the order was made; what is not in it has been heard later than all that is. */
  #oldestLast: Aged[] = [];

  constructor({ whenFull }: TableRules, entriesMax: number, table: RoomTable) {
    this.#table = table;
    this.#entriesMax = entriesMax;
    this.#policy = roomPolicy(whenFull, entriesMax, table);
  }

  /** Makes room for one more entry, if it must be made; false, and nothing changed, if it cannot. */
  make(hi: number, lo: number): boolean {
    const isFull = this.#isCrowded() && !this.#evictedExpired();
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
    this.#oldestLast = [];
  }

  #findVictim(isFull: boolean, hi: number, lo: number): boolean {
    const policy = this.#policy;
    return policy?.findVictim(isFull, hi, lo) === true && this.#table.hasTenant(policy.victimHi, policy.victimLo);
  }

  #isCrowded(): boolean {
    return this.#table.count() >= this.#entriesMax;
  }

  #wouldBeFull(): boolean {
    return this.#isCrowded() && this.#expired() === null;
  }

  /** Throws out what has expired; whether that was anything. */
  #evictedExpired(): boolean {
    let isAny = false;
    for (let expired = this.#expired(); expired !== null; expired = this.#expired()) {
      this.#table.evict(expired.hi, expired.lo);
      isAny = true;
    }
    if (isAny) this.disturbed();
    return isAny;
  }

  /**
   * The entry that has been silent for longest, if it has expired. Nothing that shows is changed. A flood of sources must not make each frame pay
   * for a search: where nothing has expired, nothing is looked for until the oldest entry might, and the order serves until it is used up.
   */
  #expired(): Aged | null {
    const table = this.#table;
    const now = table.ticks[0]!;
    const ageingMs = table.ageingMs();
    if (ageingMs === AGEING_NEVER || ((now - this.#noneExpiresBefore) | 0) < 0) return null;
    const oldest = this.#oldest() ?? this.#oldestAnew();
    if (oldest !== null && ((now - oldest.tick) | 0) >= ageingMs) return oldest;
    this.#noneExpiresBefore = ((oldest?.tick ?? now) + ageingMs) | 0;
    return null;
  }

  /** The oldest entry of the order that has not been heard since; null if there is none. */
  #oldest(): Aged | null {
    const order = this.#oldestLast;
    for (let aged = order.at(-1); aged !== undefined; aged = order.at(-1)) {
      if (this.#table.ages(aged.hi, aged.lo) && this.#table.tickOf(aged.hi, aged.lo) === aged.tick) return aged;
      order.pop();
    }
    return null;
  }

  #oldestAnew(): Aged | null {
    const order: Aged[] = [];
    this.#table.forEachTenant((hi, lo, _port, tick, ages) => {
      if (ages) order.push({ hi, lo, tick });
    });
    // Ticks wrap around; no two in a table are further apart than half of their range.
    this.#oldestLast = order.sort((a, b) => (b.tick - a.tick) | 0);
    return order.at(-1) ?? null;
  }
}
