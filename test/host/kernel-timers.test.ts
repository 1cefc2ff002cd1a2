/** The timer wheel: never early, late by at most a slot, and what that makes of times that are repeated. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Clock } from "../../src/base/clock.ts";
import { Prng } from "../../src/base/prng.ts";
import { NS_PER_MS, NS_PER_S } from "../../src/base/units.ts";
import { JIFFY_NS, jiffiesOfCs, jiffiesOfMs, KernelTimers, wheelJiffy } from "../../src/host/kernel-timers.ts";
import { Scheduler } from "../../src/time/scheduler.ts";
import { Timers } from "../../src/time/timers.ts";

/** What fires, and when. */
function kernelOf(chance: Prng | null) {
  const clock = new Clock();
  const scheduler = new Scheduler(clock);
  const timers = new Timers(scheduler);
  const firedNs: number[] = [];
  const kernel = new KernelTimers(clock, timers, chance);
  const timer = timers.create({ onTimer: () => firedNs.push(clock.nowNs) }, 0);
  return { clock, scheduler, kernel, timer, firedNs };
}

describe("the wheel", () => {
  it.each([
    // set for so many jiffies, in jiffy 0 and in jiffy 5
    [0, 1, 6],
    [1, 2, 7],
    [62, 63, 68],
    [63, 64, 72],
    [250, 256, 256],
    [503, 504, 512],
    [504, 512, 512],
    [1250, 1280, 1280],
    [4031, 4032, 4096],
    [4032, 4096, 4096],
    [7500, 7680, 7680],
    [32_256, 32_768, 32_768],
  ])("%i jiffies", (delay, fromZero, fromFive) => {
    expect([wheelJiffy(0, delay), wheelJiffy(5, 5 + delay)]).toEqual([fromZero, fromFive]);
  });

  it("is never early, and late by at most one slot of its level", () => {
    const jiffy = fc.integer({ min: 0, max: 2 ** 40 });
    const delay = fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 250_000_000 }));
    fc.assert(
      fc.property(jiffy, delay, (now, set) => {
        const late = wheelJiffy(now, now + set) - (now + set);
        const level = Math.max(0, Math.ceil(Math.log((set + 1) / 63) / Math.log(8) - 1e-9));
        expect(late).toBeGreaterThanOrEqual(1);
        expect(late).toBeLessThanOrEqual(8 ** level);
      }),
    );
  });

  it("takes what is due already with the next jiffy", () => {
    expect(wheelJiffy(1000, 900)).toBe(1001);
  });
});

describe("settings", () => {
  it("in ms are rounded up to jiffies, in 1/100 s down", () => {
    expect([1, 4, 250, 1000].map((ms) => jiffiesOfMs(ms) / NS_PER_MS)).toEqual([4, 4, 252, 1000]);
    expect([1, 2, 50, 100].map((cs) => jiffiesOfCs(cs) / NS_PER_MS)).toEqual([8, 20, 500, 1000]);
  });
});

describe("a kernel", () => {
  const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

  it("writes down when the jiffy began, of which the run knows nothing", () => {
    const phases = new Set<number>();
    for (const seed of seeds) {
      const { clock, kernel } = kernelOf(new Prng(seed, "test"));
      clock.advanceTo(7 * NS_PER_S + 1);
      expect(clock.nowNs - kernel.nowNs).toBeGreaterThanOrEqual(0);
      expect(clock.nowNs - kernel.nowNs).toBeLessThan(JIFFY_NS);
      phases.add(((kernel.nowNs % JIFFY_NS) + JIFFY_NS) % JIFFY_NS);
    }
    expect(phases.size).toBe(seeds.length);
  });

  it.each([
    // first between, then every
    [1, [1, 1.032], 1.024],
    [5, [5, 5.256], 5.12],
    [15, [15, 15.256], 15.104],
  ])("does what is repeated every %i s later than that (observed)", (seconds, [from, to], then) => {
    for (const seed of seeds) {
      const { scheduler, kernel, timer, firedNs } = kernelOf(new Prng(seed, "test"));
      scheduler.runUntil(123_456);
      kernel.armAfter(timer, seconds * NS_PER_S);
      scheduler.runUntil(20 * NS_PER_S);
      kernel.armAfter(timer, seconds * NS_PER_S);
      const first = (firedNs[0]! - 123_456) / NS_PER_S;
      expect(first).toBeGreaterThanOrEqual(from!);
      expect(first).toBeLessThanOrEqual(to!);
      expect(kernel.everyNs(seconds * NS_PER_S) / NS_PER_S).toBe(then);
    }
  });

  it("goes on with what it did before the run", () => {
    const moments = seeds.map((seed) => {
      const { scheduler, kernel, timer, firedNs } = kernelOf(new Prng(seed, "test"));
      const everyNs = kernel.everyNs(15 * NS_PER_S);
      const before = kernel.timesDone(everyNs);
      kernel.armForNext(timer, everyNs);
      scheduler.runUntil(everyNs);
      expect(firedNs).toHaveLength(1);
      expect(kernel.timesDone(everyNs)).toBe(before + 1);
      return firedNs[0]!;
    });
    expect(new Set(moments).size).toBe(seeds.length);
  });

  it("of which nothing is known is exact", () => {
    const { scheduler, kernel, timer, firedNs } = kernelOf(null);
    scheduler.runUntil(123_456);
    expect(kernel.nowNs).toBe(123_456);
    kernel.armAfter(timer, NS_PER_S);
    scheduler.runUntil(2 * NS_PER_S);
    expect(firedNs).toEqual([NS_PER_S + 123_456]);
    expect(kernel.everyNs(15 * NS_PER_S)).toBe(15 * NS_PER_S);
  });
});
