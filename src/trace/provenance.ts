/**
 * Where the entries of the forwarding table come from: which frame, or which command, put each where it is, and which frame was the last to come
 * from its MAC. The table itself keeps no such thing, so it is written down beside it. What stands here of an entry that the table has
 * dropped is never asked for, and is thrown out now and then.
 */
import type { DomainId } from "../base/ids.ts";
import type { Fdb } from "../switch/fdb.ts";
import type { StepPlace } from "./steps.ts";

export interface Origin {
  /** What put the entry at the port that it has. */
  readonly placed: StepPlace;
  readonly by: "frame" | "hand";
  /** The last frame from the MAC since then; null if there was none. */
  heard: StepPlace | null;
}

/** Fewer are not worth a look. */
const SWEPT_FROM = 4096;

export class Provenance {
  readonly #fdb: Fdb;
  /** By domain and first two octets, then by the last four. */
  readonly #origins = new Map<number, Map<number, Origin>>();
  #count = 0;
  #sweepAt = SWEPT_FROM;

  constructor(fdb: Fdb) {
    this.#fdb = fdb;
  }

  /** Of an entry that the table has. */
  of(domain: DomainId, macHi: number, macLo: number): Origin | null {
    return this.#origins.get((domain << 16) | macHi)?.get(macLo) ?? null;
  }

  /** The entry is where it is since now. */
  placed(domain: DomainId, macHi: number, macLo: number, place: StepPlace, by: Origin["by"]): void {
    const key = (domain << 16) | macHi;
    let row = this.#origins.get(key);
    if (row === undefined) {
      row = new Map();
      this.#origins.set(key, row);
    }
    if (!row.has(macLo)) this.#count++;
    row.set(macLo, { placed: place, by, heard: null });
    if (this.#count >= this.#sweepAt) this.#sweep();
  }

  /** A frame has come from the MAC at the port where the entry is. */
  heard(domain: DomainId, macHi: number, macLo: number, place: StepPlace): void {
    const origin = this.of(domain, macHi, macLo);
    if (origin !== null) origin.heard = place;
  }

  #sweep(): void {
    this.#count = 0;
    for (const [key, row] of this.#origins) {
      for (const macLo of row.keys()) {
        if (this.#fdb.find((key >>> 16) as DomainId, key & 0xffff, macLo) === null) row.delete(macLo);
      }
      this.#count += row.size;
      if (row.size === 0) this.#origins.delete(key);
    }
    this.#sweepAt = Math.max(SWEPT_FROM, this.#count * 2);
  }
}
