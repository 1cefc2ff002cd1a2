/**
 * How long a confirmation of a neighbour lasts. Linux draws it at random, once for each interface and family, and again whenever the base
 * changes, and every 300 s, so that hosts do not probe in step (RFC 4861 section 6.3.2). The latter is done by the work that also collects
 * old entries, when 300 s are over at last: some 302 s after the time before, and some time before the run began.
 */
import type { Prng } from "../base/prng.ts";
import { NS_PER_S } from "../base/units.ts";
import type { KernelTimers } from "./kernel-timers.ts";
import { COLLECTED_EVERY_NS } from "./neighbour-settings.ts";

const REDRAWN_EVERY_NS = 300 * NS_PER_S;

export class ReachableTime {
  readonly #kernel: KernelTimers;
  readonly #chance: Prng;
  readonly #redrawnEveryNs: number;
  #baseNs = 0;
  #drawnNs = 0;
  /** How many times it was time to draw, when it was drawn. */
  #period = 0;
  #fixedNs: number | null = null;

  constructor(kernel: KernelTimers, chance: Prng) {
    this.#kernel = kernel;
    this.#chance = chance;
    const everyNs = kernel.everyNs(COLLECTED_EVERY_NS);
    this.#redrawnEveryNs = Math.ceil(REDRAWN_EVERY_NS / everyNs) * everyNs;
  }

  /** The time that holds now, ns, for this base. */
  ns(baseNs: number): number {
    if (this.#fixedNs !== null) return this.#fixedNs;
    const period = this.#kernel.timesDone(this.#redrawnEveryNs);
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
