/**
 * What an impaired way leaves to chance, each from the way's own stream of draws. What never or always happens draws nothing, so that a
 * word that is not said, or says everything, does not shift the draws of another.
 *
 * Loss in bursts is the model of Gilbert as `loss gemodel` of tc-netem(8) has it with its defaults, a good state that loses nothing and a
 * bad one that loses everything: p is the chance that the bad one follows the good one, r that it ends. A burst is 1/r frames long on
 * average, and in the long run p/(p + r) of all frames are lost.
 */
import type { Prng } from "../base/prng.ts";
import type { Loss } from "./impair-words.ts";

const CERTAIN = 2 ** 32;

/** Of 2^32 draws so many. */
export function of2To32(share: number): number {
  return Math.round(share * CERTAIN);
}

/** Whether something happens that does so `chances` times of 2^32. */
export function happens(prng: Prng, chances: number): boolean {
  if (chances === 0) return false;
  return chances === CERTAIN || prng.nextInt32() >>> 0 < chances;
}

export class LossByChance {
  readonly #prng: Prng;
  /** Where there are no bursts. */
  #loss = 0;
  /** p and r; p is 0 where there are no bursts. */
  #burstBegins = 0;
  #burstEnds = 0;
  #isInBurst = false;

  constructor(prng: Prng) {
    this.#prng = prng;
  }

  /** From now on so much is lost; no burst is in progress. */
  set({ share, burst }: Loss): void {
    this.#isInBurst = false;
    this.#loss = burst === null ? of2To32(share) : 0;
    this.#burstBegins = burst === null ? 0 : of2To32(Math.min(1, share / (1 - share) / burst));
    this.#burstEnds = burst === null ? 0 : of2To32(1 / burst);
  }

  /** Whether the next frame is lost. */
  loses(): boolean {
    if (this.#burstBegins === 0) return happens(this.#prng, this.#loss);
    const lost = this.#isInBurst;
    if (lost) this.#isInBurst = !happens(this.#prng, this.#burstEnds);
    else this.#isInBurst = happens(this.#prng, this.#burstBegins);
    return lost;
  }
}
