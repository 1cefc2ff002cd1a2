import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nearest } from "../../src/text/nearest.ts";

const KEYWORDS = ["priority", "interface", "state", "nopreempt", "advert_int", "vip", "id"];

describe("nearest", () => {
  const slips: readonly (readonly [string, string | undefined])[] = [
    ["prioirty", "priority"],
    ["priorty", "priority"],
    ["prioritty", "priority"],
    ["PRIORITY", "priority"],
    ["interfaec", "interface"],
    ["stat", "state"],
    ["no_preempt", "nopreempt"],
    ["advert-int", "advert_int"],
    ["vpi", "vip"],
    ["vrid", undefined],
    ["zzz", undefined],
    ["", undefined],
  ];
  for (const [written, meant] of slips) {
    it(`of "${written}" is ${meant ?? "nothing"}`, () => expect(nearest(written, KEYWORDS)).toBe(meant));
  }

  it("prefers the closest word, and the first of equals", () => {
    expect(nearest("abcdef", ["abcxyz", "abcdeg", "abcdex"])).toBe("abcdeg");
    expect(nearest("anything", [])).toBeUndefined();
  });

  it("finds a known word exactly, and any single slip in a word of three letters or more", () => {
    const word = fc.constantFrom(...KEYWORDS.filter((known) => known.length > 2));
    fc.assert(
      fc.property(word, fc.nat(3), fc.nat(), fc.constantFrom("a", "_", "q"), (known, kind, at, letter) => {
        const i = at % known.length;
        const slips = [
          known.slice(0, i) + known.slice(i + 1),
          known.slice(0, i) + letter + known.slice(i),
          known.slice(0, i) + letter + known.slice(i + 1),
          known.slice(0, i) + (known[i + 1] ?? "") + known[i] + known.slice(i + 2),
        ];
        expect(nearest(known, KEYWORDS)).toBe(known);
        expect(nearest(slips[kind]!, KEYWORDS)).toBe(known);
      }),
    );
  });
});
