/**
 * Seeded chance. One seed per run, split per purpose (`process start of vm-A`), so that adding a host or a fault does
 * not shift anybody else's draws. Integer arithmetic only: the language does not promise the last bit of `Math.log`,
 * and a report must be the same on every machine.
 *
 * The generator is sfc32 (Chris Doty-Humphrey's small fast counting generator, public domain): 128 bits of state, passes
 * PractRand; seeded by FNV-1a over the purpose's text.
 */
export class Prng {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** `purpose` names what is drawn; equal seed and purpose give equal draws. */
  constructor(seed: number, purpose: string) {
    let hash = 0x811c9dc5 | 0;
    for (let i = 0; i < purpose.length; i++) hash = Math.imul(hash ^ purpose.charCodeAt(i), 0x01000193);
    this.#a = seed | 0;
    this.#b = Math.floor(seed / 2 ** 32) | 0;
    this.#c = hash;
    for (let i = 0; i < 12; i++) this.nextInt32();
  }

  /** Any int32, uniformly. */
  nextInt32(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    // Never more than 32 bits in a field: what does not fit would be boxed, at every draw.
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result;
  }

  /** A whole number of nanoseconds, `minNs` to `maxNs` - 1, uniformly in steps of the span divided by 2^32. */
  uniformNs(minNs: number, maxNs: number): number {
    return minNs + Math.floor(((this.nextInt32() >>> 0) / 2 ** 32) * (maxNs - minNs));
  }
}
