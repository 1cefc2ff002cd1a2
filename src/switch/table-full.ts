/**
 * Who makes way in a forwarding table. A switch may refuse to learn, and needs nothing of this; it may take room from the port that
 * has most; or it may give each MAC one place only, which the next one with the same hash takes away, full or not.
 *
 * A policy names the entry, `room.ts` has it removed. Keys are the table's: the domain and the MAC's first two octets, the MAC's last four.
 */
import { NO_PORT, type PortId } from "../base/ids.ts";
import type { TableRules } from "./profile.ts";

/** What a policy may know of the table. */
export interface Tenants {
  /** Every entry but the switch's own addresses, expired or not, with the tick of its last frame. */
  forEachTenant(visit: (hi: number, lo: number, port: PortId, tick: number, ages: boolean) => void): void;
  /** The tick of the entry's last frame. */
  tickOf(hi: number, lo: number): number;
}

export interface RoomPolicy {
  /** The entry to remove, after `findVictim` returned true. It may have gone already. */
  readonly victimHi: number;
  readonly victimLo: number;
  /** Whether an entry must make way before this one is added; `isFull`: no more fit in. Changes nothing that shows. */
  findVictim(isFull: boolean, hi: number, lo: number): boolean;
  /** The entry has been added, and what `findVictim` named, right before, removed. */
  added(hi: number, lo: number, port: PortId): void;
  /** Entries have been removed or moved otherwise. */
  disturbed(): void;
}

/** The policy of that name for a table; null: nobody makes way. */
export function roomPolicy(whenFull: TableRules["whenFull"], entriesMax: number, table: Tenants): RoomPolicy | null {
  if (whenFull === "refuse") return null;
  return whenFull === "replace-same-hash" ? new SameHashGivesWay(entriesMax) : new FullestPortGivesWay(table);
}

/**
 * Takes the entry that has been silent for longest from the port that has most, so that one port cannot crowd out the others
 * (Open vSwitch, where each port has a right to its share; which of several equally full ones gives way is left open there, here it is the
 * lowest). Reckoned to the millisecond; Open vSwitch itself does not tell frames of one second apart.
 *
 * Refreshing is nearly all that a table does, and must not pay for this. So the entries are put in order only when room is needed, and
 * the order serves until it is used up: one that has been refreshed since is recognised by its tick and passed over, for all
 * that are not in the order have been heard later than all that are.
 */
class FullestPortGivesWay implements RoomPolicy {
  victimHi = 0;
  victimLo = 0;
  readonly #table: Tenants;
  readonly #ports = new Map<PortId, PortShare>();
  #victim: PortShare | null = null;
  #isStale = true;

  constructor(table: Tenants) {
    this.#table = table;
  }

  findVictim(isFull: boolean): boolean {
    this.#victim = null;
    if (!isFull) return false;
    if (this.#isStale || !this.#choose()) {
      this.#putInOrder();
      return this.#choose();
    }
    return true;
  }

  added(_hi: number, _lo: number, port: PortId): void {
    const share = this.#ports.get(port);
    if (this.#victim === null || share === undefined) {
      this.#isStale = true;
      return;
    }
    this.#victim.oldestLast.pop();
    this.#victim.entries--;
    share.entries++;
  }

  disturbed(): void {
    this.#isStale = true;
  }

  /** False: of the fullest port no entry is in the order any more. */
  #choose(): boolean {
    const share = this.#fullest();
    if (share === null) return false;
    const { oldestLast } = share;
    for (let oldest = oldestLast.at(-1); oldest !== undefined; oldest = oldestLast.at(-1)) {
      if (this.#table.tickOf(oldest.hi, oldest.lo) === oldest.tick) {
        this.#victim = share;
        this.victimHi = oldest.hi;
        this.victimLo = oldest.lo;
        return true;
      }
      oldestLast.pop();
    }
    return false;
  }

  #fullest(): PortShare | null {
    let fullest: PortShare | null = null;
    for (const share of this.#ports.values()) {
      const most = fullest?.entries ?? 0;
      if (share.entries > most || (share.entries === most && share.port < (fullest?.port ?? NO_PORT))) fullest = share;
    }
    return fullest;
  }

  #putInOrder(): void {
    this.#ports.clear();
    this.#table.forEachTenant((hi, lo, port, tick) => {
      let share = this.#ports.get(port);
      if (share === undefined) {
        share = { port, entries: 0, oldestLast: [] };
        this.#ports.set(port, share);
      }
      share.entries++;
      share.oldestLast.push({ hi, lo, tick });
    });
    // Ticks wrap around; no two in a table are further apart than half of their range.
    for (const { oldestLast } of this.#ports.values()) oldestLast.sort((a, b) => (b.tick - a.tick) | 0);
    this.#isStale = false;
  }
}

interface PortShare {
  readonly port: PortId;
  entries: number;
  /** Those that were there when the order was made and have not been found refreshed since. */
  readonly oldestLast: { readonly hi: number; readonly lo: number; readonly tick: number }[];
}

/**
 * One place for each hash, and the last to come has it (dynamips: the exclusive or of the MAC's three pairs of octets and the VLAN, modulo 4,096). The
 * number of the broadcast domain stands in for the VLAN's.
 */
class SameHashGivesWay implements RoomPolicy {
  victimHi = 0;
  victimLo = 0;
  readonly #places: number;
  /** Two words a place: the key of who had it last, whether it is still in the table or not; 0, 0: nobody. */
  readonly #keys: Int32Array;

  constructor(places: number) {
    this.#places = places;
    this.#keys = new Int32Array(places * 2);
  }

  findVictim(_isFull: boolean, hi: number, lo: number): boolean {
    const at = this.#placeOf(hi, lo) * 2;
    this.victimHi = this.#keys[at]!;
    this.victimLo = this.#keys[at + 1]!;
    return this.victimHi !== 0;
  }

  added(hi: number, lo: number): void {
    const at = this.#placeOf(hi, lo) * 2;
    this.#keys[at] = hi;
    this.#keys[at + 1] = lo;
  }

  disturbed(): void {}

  #placeOf(hi: number, lo: number): number {
    const swapped = hi ^ lo ^ (lo >>> 16);
    const hash = ((swapped & 0xff) << 8) | ((swapped >>> 8) & 0xff);
    return (hash ^ (hi >>> 16)) % this.#places;
  }
}
