/**
 * How long a confirmation of a neighbour lasts. Linux draws it at random, once for each interface and family, and again every 300 s and
 * whenever the base changes, so that hosts do not probe in step (RFC 4861 section 6.3.2).
 */
import type { Clock } from "../base/clock.ts";
import type { Prng } from "../base/prng.ts";
import { NS_PER_S } from "../base/units.ts";

const REDRAWN_EVERY_NS = 300 * NS_PER_S;

export class ReachableTime {
  readonly #clock: Clock;
  readonly #chance: Prng;
  #baseNs = 0;
  #drawnNs = 0;
  /** Which 300 s of virtual time the draw is for. */
  #period = 0;
  #fixedNs: number | null = null;

  constructor(clock: Clock, chance: Prng) {
    this.#clock = clock;
    this.#chance = chance;
  }

  /** The time that holds now, ns, for this base. */
  ns(baseNs: number): number {
    if (this.#fixedNs !== null) return this.#fixedNs;
    const period = Math.floor(this.#clock.nowNs / REDRAWN_EVERY_NS);
    if (baseNs === this.#baseNs && period === this.#period) return this.#drawnNs;
    // One draw for each period that has begun since the last: what is asked in between changes nothing.
    const draws = baseNs === this.#baseNs ? period - this.#period : 1;
    for (let i = 0; i < draws; i++) this.#drawnNs = this.#chance.uniformNs(baseNs / 2, (baseNs * 3) / 2);
    this.#baseNs = baseNs;
    this.#period = period;
    return this.#drawnNs;
  }

  /** From now on it is this, whatever the base. */
  fix(ns: number): void {
    this.#fixedNs = ns;
  }
}
