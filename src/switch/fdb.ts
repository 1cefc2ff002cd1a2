/**
 * The forwarding table: (broadcast domain, MAC) -> port. It learns, moves, ages and is bounded.
 *
 * An entry serves while `ageingMs` have not passed since the last frame from its MAC (IEEE 802.1D 7.9; Linux's default is
 * 300 s), to the millisecond, and nothing runs in the background. Ticks wrap after 24 days, so the clock has what expired thrown out every 18
 * hours, before its age could look young again.
 *
 * `cells.ts` keeps the entries, and finds those of a frame that takes the short way. What a move means, and what happens when the table is full,
 * differs between switches: `profile.ts` names the rules.
 */
import { assert } from "../base/assert.ts";
import type { Clock } from "../base/clock.ts";
import { type DomainId, NO_PORT, type PortId } from "../base/ids.ts";
import { Cells } from "./cells.ts";
import {
  AGEING_MS_MAX,
  AGEING_NEVER,
  type EntryKind,
  type FdbEntry,
  LEARNED,
  type LearnResult,
  MOVED,
  NOT_LEARNED,
  REFRESHED,
} from "./fdb-entry.ts";
import type { TableRules } from "./profile.ts";
import { Room } from "./room.ts";

export * from "./fdb-entry.ts";

const KINDS: readonly EntryKind[] = ["dynamic", "static", "sticky", "local"];
const DYNAMIC = 0;

export class Fdb {
  /** For the short way, and only while `fixedCount` is 0. */
  declare readonly cells: Cells;
  /** Frames whose source found no room. */
  refused = 0;
  /** Where the entry was; valid right after `learn` returned MOVED. */
  movedFrom: PortId = NO_PORT;
  readonly #rules: TableRules;
  readonly #room: Room;

  constructor(clock: Clock, rules: TableRules, entriesMax = rules.entriesMax, entriesExpected = 0) {
    const cells = new Cells(clock.ticks, rules.ageingMs, entriesExpected);
    this.cells = cells;
    this.#rules = rules;
    this.#room = new Room(rules, entriesMax, {
      ticks: clock.ticks,
      count: () => cells.count,
      ageingMs: () => cells.ageingMs,
      tickOf: (hi, lo) => cells.tickOf(cells.find(hi, lo)),
      hasTenant: (hi, lo) => cells.find(hi, lo) >= 0 && !this.isLocal(hi, lo),
      forEachTenant: (visit) =>
        cells.forEach((c) => {
          if (this.#kindOf(c) === "local") return;
          visit(cells.hiOf(c), cells.loOf(c), this.#portOf(c), cells.tickOf(c), cells.kindOf(c) === DYNAMIC);
        }),
      ages: (hi, lo) => {
        const c = cells.find(hi, lo);
        return c >= 0 && cells.kindOf(c) === DYNAMIC;
      },
      evict: (hi, lo) => cells.remove(cells.find(hi, lo)),
    });
    clock.everyEpoch((leapMs) => this.#sweep(leapMs));
  }

  /** Entries that hold a cell, expired ones included until somebody meets them. */
  get count(): number {
    return this.cells.count;
  }

  /** Those of them that were made by hand. */
  get fixedCount(): number {
    return this.cells.fixedCount;
  }

  /** Entries that made way for others. */
  get displaced(): number {
    return this.#room.displaced;
  }

  /** An entry that has not been refreshed for this long is gone. 0: nothing is remembered. At most AGEING_MS_MAX, or AGEING_NEVER. */
  get ageingMs(): number {
    return this.cells.ageingMs;
  }

  /** What has expired by the time in force stays gone. */
  set ageingMs(ageingMs: number) {
    assert(
      (ageingMs >= 0 && ageingMs <= AGEING_MS_MAX) || ageingMs === AGEING_NEVER,
      "an ageing time is 0 to 1,000,000 s, or never",
    );
    this.#sweep(0);
    this.cells.ageingMs = ageingMs;
    this.cells.judgeAges();
    this.#room.reconsiderAges();
  }

  /**
   * Notes that a frame from the MAC (its first two octets and the domain in `hi`, its last four in `lo`) came in at `port`, if
   * that is where the table has it. False: nothing was done, ask `learn`.
   */
  refresh(hi: number, lo: number, port: PortId): boolean {
    const c = this.cells.find(hi, lo);
    if (c < 0 || this.#portOf(c) !== port || this.cells.kindOf(c) !== DYNAMIC) return false;
    this.cells.hear(c);
    return true;
  }

  /** The port behind which the MAC is; NO_PORT if unknown or expired. Only while `fixedCount` is 0: see `lookupAny`. */
  lookup(hi: number, lo: number): PortId {
    const c = this.cells.find(hi, lo);
    return c < 0 || this.cells.hasExpired(c) ? NO_PORT : this.#portOf(c);
  }

  /**
   * Notes that a frame from the MAC came in at `port`, whatever is known of it. An entry that has expired is as good as none.
   */
  learn(hi: number, lo: number, port: PortId): LearnResult {
    const c = this.cells.find(hi, lo);
    return c < 0 ? this.#insert(hi, lo, port) : this.#meet(c, port);
  }

  /** The entry that serves a MAC of the domain now; null if there is none. For people and for the whole rules, not per frame of the short way. */
  find(domain: DomainId, macHi: number, macLo: number): FdbEntry | null {
    const c = this.cells.find((domain << 16) | macHi, macLo);
    return c < 0 || this.cells.hasExpired(c) ? null : this.#entry(c);
  }

  /** As `lookup`, whatever kinds of entries there are. NO_PORT for the switch's own addresses, too: see `isLocal`. */
  lookupAny(hi: number, lo: number): PortId {
    const c = this.cells.find(hi, lo);
    return c < 0 || this.cells.hasExpired(c) || this.#kindOf(c) === "local" ? NO_PORT : this.#portOf(c);
  }

  /** Whether the MAC is the switch's own in this domain. */
  isLocal(hi: number, lo: number): boolean {
    const c = this.cells.find(hi, lo);
    return c >= 0 && this.#kindOf(c) === "local";
  }

  /** What `learn` would return. Nothing is changed. */
  wouldLearn(hi: number, lo: number, port: PortId): LearnResult {
    const c = this.cells.find(hi, lo);
    if (c >= 0) return this.#verdict(c, port);
    if (this.cells.ageingMs === 0) return NOT_LEARNED;
    return this.#room.couldMake(hi, lo) ? LEARNED : NOT_LEARNED;
  }

  /** Whether the entry of another MAC would make way if this one were learned now. Nothing is changed. */
  wouldDisplace(hi: number, lo: number, otherHi: number, otherLo: number): boolean {
    if (this.cells.find(hi, lo) >= 0 || this.cells.ageingMs === 0) return false;
    return this.#room.wouldDisplace(hi, lo, otherHi, otherLo);
  }

  /**
   * Sets an entry by hand; what is there is replaced, and an entry that is like it already stays as old as it is. False, and nothing changed, if the
   * table is full.
   */
  set(domain: DomainId, macHi: number, macLo: number, port: PortId, kind: EntryKind): boolean {
    const hi = (domain << 16) | macHi;
    const present = this.find(domain, macHi, macLo);
    if (present !== null && present.port === port && present.kind === kind) return true;
    this.remove(domain, macHi, macLo);
    if (!this.#room.make(hi, macLo)) return false;
    this.cells.add(hi, macLo, KINDS.indexOf(kind), port);
    this.#room.added(hi, macLo, port);
    return true;
  }

  /** Removes one entry, of whatever kind; whether there was one. */
  remove(domain: DomainId, macHi: number, macLo: number): boolean {
    const c = this.cells.find((domain << 16) | macHi, macLo);
    if (c < 0) return false;
    this.cells.remove(c);
    this.#room.disturbed();
    return true;
  }

  /** Forgets what was learned behind `port`, as a bridge does when a port loses carrier; returns how many entries that were. */
  flushPort(port: PortId): number {
    return this.#removeWhere((c) => this.#portOf(c) === port && this.cells.kindOf(c) === DYNAMIC);
  }

  /** Forgets everything behind `port`, entries made by hand included, as when the port is taken out. */
  removePort(port: PortId): number {
    return this.#removeWhere((c) => this.#portOf(c) === port);
  }

  /** Forgets what was learned; entries made by hand stay. */
  flush(): number {
    return this.#removeWhere((c) => this.cells.kindOf(c) === DYNAMIC);
  }

  /** Calls back for each entry that serves, in table order; the switch's own addresses are left out. */
  forEach(visit: (entry: FdbEntry) => void): void {
    this.cells.forEach((c) => {
      if (!this.cells.hasExpired(c) && this.#kindOf(c) !== "local") visit(this.#entry(c));
    });
  }

  #entry(c: number): FdbEntry {
    const { cells } = this;
    const hi = cells.hiOf(c);
    return {
      domain: (hi >>> 16) as DomainId,
      macHi: hi & 0xffff,
      macLo: cells.loOf(c),
      port: this.#portOf(c),
      kind: this.#kindOf(c),
      ageMs: cells.ageMsOf(c),
    };
  }

  /** A frame from the MAC of an entry, which may be somebody else's or made by hand, has come in at `port`. */
  #meet(c: number, port: PortId): LearnResult {
    const result = this.#verdict(c, port);
    if (result === REFRESHED) this.cells.hear(c);
    if (result === REFRESHED || result === NOT_LEARNED) return result;
    this.movedFrom = this.#portOf(c);
    this.cells.move(c, port);
    this.#room.disturbed();
    return result;
  }

  /** What a frame from the MAC of an entry makes of it at `port`. */
  #verdict(c: number, port: PortId): LearnResult {
    const kind = this.#kindOf(c);
    // Where nothing is remembered, not even a static entry moves (Linux, observed).
    if (kind === "local" || this.ageingMs === 0) return NOT_LEARNED;
    if (kind === "static" && !this.#rules.staticMoves) return NOT_LEARNED;
    const expired = this.cells.hasExpired(c);
    if (this.#portOf(c) === port) return expired ? LEARNED : REFRESHED;
    if (kind === "sticky") return NOT_LEARNED;
    if (expired) return LEARNED;
    const { moveAfterIdleMs } = this.#rules;
    return moveAfterIdleMs > 0 && this.#idleMs(c) < moveAfterIdleMs ? NOT_LEARNED : MOVED;
  }

  /** How long an entry's MAC has been silent, by the clock that moves are judged by. */
  #idleMs(c: number): number {
    const { moveClockMs } = this.#rules;
    const intoStep = ((this.cells.tickOf(c) % moveClockMs) + moveClockMs) % moveClockMs;
    return Math.floor((intoStep + this.cells.ageMsOf(c)) / moveClockMs) * moveClockMs;
  }

  #kindOf(c: number): EntryKind {
    return KINDS[this.cells.kindOf(c)]!;
  }

  #portOf(c: number): PortId {
    return this.cells.portOf(c) as PortId;
  }

  #insert(hi: number, lo: number, port: PortId): LearnResult {
    if (this.cells.ageingMs === 0) return NOT_LEARNED;
    if (!this.#room.make(hi, lo)) {
      this.refused++;
      return NOT_LEARNED;
    }
    this.cells.add(hi, lo, DYNAMIC, port);
    this.#room.added(hi, lo, port);
    return LEARNED;
  }

  /** The clock's ticks are about to wrap around for the oldest entries, having leapt by `leapMs`. */
  #sweep(leapMs: number): void {
    const { cells } = this;
    if (cells.ageingMs !== AGEING_NEVER) {
      const all = leapMs >= AGEING_MS_MAX;
      this.#removeWhere((c) => cells.kindOf(c) === DYNAMIC && (all || cells.hasExpired(c)));
    }
    this.#room.reconsiderAges();
    cells.clampAges();
    cells.judgeAges();
  }

  /** Returns how many entries that were. */
  #removeWhere(gone: (c: number) => boolean): number {
    const removed = this.cells.removeWhere(gone);
    if (removed > 0) this.#room.disturbed();
    return removed;
  }
}
