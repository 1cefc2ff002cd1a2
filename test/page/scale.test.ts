/** Lines of the axis of time. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { percent, TICK_STEPS, tickLabel, tickStep, ticksOf } from "../../src/page/scale.ts";

describe("the axis", () => {
  it("has its lines at round moments, with no more decimals than tell them apart", () => {
    const whole = tickStep(30e9, 6);
    expect(ticksOf(0, 30e9, whole).map((atNs) => tickLabel(atNs, whole))).toEqual([
      "0 s",
      "5 s",
      "10 s",
      "15 s",
      "20 s",
      "25 s",
      "30 s",
    ]);
    const part = tickStep(4.1e9, 9);
    expect(ticksOf(9.6e9, 13.7e9, part).map((atNs) => tickLabel(atNs, part))).toEqual([
      "10.0 s",
      "10.5 s",
      "11.0 s",
      "11.5 s",
      "12.0 s",
      "12.5 s",
      "13.0 s",
      "13.5 s",
    ]);
    const fine = tickStep(50e3, 5);
    expect(tickLabel(13.27671e9, fine)).toBe("13.27671 s");
  });

  it("has between two and countMax lines, all of them inside and different in their labels", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e14 }),
        fc.integer({ min: 2000, max: 1e14 }),
        fc.integer({ min: 5, max: 20 }),
        (fromNs, spanNs, countMax) => {
          const step = tickStep(spanNs, countMax);
          const ticks = ticksOf(fromNs, fromNs + spanNs, step);
          expect(ticks.length).toBeGreaterThanOrEqual(1);
          expect(ticks.length).toBeLessThanOrEqual(countMax + 1);
          expect(ticks.every((atNs) => atNs >= fromNs && atNs <= fromNs + spanNs)).toBe(true);
          expect(new Set(ticks.map((atNs) => tickLabel(atNs, step))).size).toBe(ticks.length);
        },
      ),
    );
  });

  it("knows steps in order, each with as many decimals as it needs", () => {
    for (const { ns, decimals } of TICK_STEPS) expect(Number((ns / 1e9).toFixed(decimals)) * 1e9).toBeCloseTo(ns, 3);
    expect(TICK_STEPS.map(({ ns }) => ns)).toEqual(TICK_STEPS.map(({ ns }) => ns).toSorted((a, b) => a - b));
  });

  it("writes shares to a millionth", () => {
    expect([percent(0, 3), percent(1, 3), percent(3, 3)]).toEqual(["0%", "33.3333%", "100%"]);
  });
});
