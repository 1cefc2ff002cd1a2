/** Ranges beyond a gap, against a set of numbers. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { BeyondGap } from "../../src/host/tcp-gaps.ts";

it("reach as far as without a gap, wherever the numbers begin", () => {
  const ranges = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 12 })), { maxLength: 12 });
  fc.assert(
    fc.property(fc.integer(), ranges, fc.integer({ min: 1, max: 40 }), (base, kept, step) => {
      const beyond = new BeyondGap();
      const there = new Set<number>();
      let next = 0;
      const arrive = (from: number, octets: number) => {
        for (let i = from; i < from + octets; i++) there.add(i);
        if (from > next) beyond.keep((base + from) | 0, (base + from + octets) | 0);
        else if (from + octets > next) next = (beyond.reach((base + from + octets) | 0) - base) | 0;
        let expected = 0;
        while (there.has(expected)) expected++;
        expect(next).toBe(expected);
      };
      for (const [from, octets] of kept) arrive(from + 1, octets);
      arrive(0, step);
      arrive(0, 80);
    }),
  );
});

it("for which there is no room are forgotten, and no others", () => {
  const beyond = new BeyondGap();
  for (let i = 0; i < 20; i++) beyond.keep(10 * i + 5, 10 * i + 10);
  for (let i = 0; i < 16; i++) expect(beyond.reach(10 * i + 5)).toBe(10 * i + 10);
  expect(beyond.reach(10 * 16 + 5)).toBe(10 * 16 + 5);
});
