import { describe, expect, it } from "vitest";
import { Mulberry32 } from "../../src/bench/mulberry32.ts";

describe("mulberry32", () => {
  it("draws what it draws in C", () => {
    const random = new Mulberry32(12_345);
    const drawn = Array.from({ length: 6 }, () => random.next() >>> 0);
    expect(drawn).toEqual([4207900869, 1317490944, 2079646450, 3513001552, 2187978186, 1492380277]);
  });

  it("takes remainders of unsigned words", () => {
    const random = new Mulberry32(12_345);
    expect(Array.from({ length: 6 }, () => random.below(99))).toEqual([18, 33, 79, 16, 75, 25]);
  });
});
