/**
 * The chance that the frames of the benchmark are drawn from: mulberry32 (Tommy Ettinger, public domain), 32 bits of state. It is
 * poor beside `base/prng.ts`, but a few lines in any language, so that another program can make the very same frames.
 */
export class Mulberry32 {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** Any int32, uniformly. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), 1 | t);
    t ^= (t + Math.imul(t ^ (t >>> 7), 61 | t)) | 0;
    return t ^ (t >>> 14);
  }

  /** 0 to `limit` - 1: the remainder, as it is in C. */
  below(limit: number): number {
    return (this.next() >>> 0) % limit;
  }
}
