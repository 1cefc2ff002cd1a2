import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Prng } from "../../src/base/prng.ts";

const draws = (prng: Prng, count: number) => Array.from({ length: count }, () => prng.nextInt32());

describe("seeded chance", () => {
  // From a second implementation of sfc32 and FNV-1a, with 64-bit arithmetic. A change here changes every report.
  const streams: readonly (readonly [number, string, readonly number[]])[] = [
    [1, "process start of vm-A", [1230600960, -1329132157, -688537923, 991727616, -972398758]],
    [1, "process start of vm-B", [-7032797, -1501454173, -587187077, -1764709784, 119592800]],
    [2, "process start of vm-A", [-10846339, 806319447, -1253003756, -2064485083, 114052717]],
    [Number.MAX_SAFE_INTEGER, "", [-1843137500, 1609025736, -1450659871, -581707986, -1993581189]],
    [0, "", [929494847, -2131020206, -2092433631, -1764912265, 1297010383]],
  ];
  for (const [seed, purpose, expected] of streams) {
    it(`draws for seed ${seed} and "${purpose}" what it always drew`, () => {
      expect(draws(new Prng(seed, purpose), 5)).toEqual(expected);
    });
  }

  it("goes on as it always did after a million draws", () => {
    const prng = new Prng(1, "a long run");
    let sum = 0;
    for (let i = 0; i < 1_000_000; i++) sum = (Math.imul(sum, 31) + prng.nextInt32()) | 0;
    expect(sum).toBe(665981463);
  });

  it("draws int32 numbers, equal for equal seed and purpose", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.string(), (seed, purpose) => {
        const first = draws(new Prng(seed, purpose), 20);
        expect(first).toEqual(draws(new Prng(seed, purpose), 20));
        for (const draw of first) expect(draw).toBe(draw | 0);
      }),
    );
  });

  it("draws differently for seeds that differ only above 32 bits", () => {
    expect(draws(new Prng(1, "x"), 4)).not.toEqual(draws(new Prng(1 + 2 ** 32, "x"), 4));
  });

  it("hits every bit about half of the time", () => {
    const prng = new Prng(7, "bits");
    const ones = new Array<number>(32).fill(0);
    for (let i = 0; i < 10_000; i++) {
      const draw = prng.nextInt32();
      for (let bit = 0; bit < 32; bit++) ones[bit]! += (draw >>> bit) & 1;
    }
    for (const count of ones) expect(Math.abs(count - 5_000)).toBeLessThan(250);
  });
});

describe("uniformNs", () => {
  it("draws whole nanoseconds from the span, never its end", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(1e12), fc.integer({ min: 1, max: 1e12 }), (seed, minNs, spanNs) => {
        const prng = new Prng(seed, "span");
        for (let i = 0; i < 20; i++) {
          const ns = prng.uniformNs(minNs, minNs + spanNs);
          expect(Number.isInteger(ns)).toBe(true);
          expect(ns).toBeGreaterThanOrEqual(minNs);
          expect(ns).toBeLessThan(minNs + spanNs);
        }
      }),
    );
  });

  it("of an empty span is its begin, and takes one draw all the same", () => {
    const prng = new Prng(1, "empty");
    expect(prng.uniformNs(5, 5)).toBe(5);
    const other = new Prng(1, "empty");
    other.nextInt32();
    expect(prng.nextInt32()).toBe(other.nextInt32());
  });

  it("fills the span evenly", () => {
    const prng = new Prng(3, "even");
    const tenths = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) tenths[prng.uniformNs(0, 10)]! += 1;
    for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});
