import { describe, expect, it } from "vitest";
import { Clock } from "../../src/base/clock.ts";

describe("the clock", () => {
  it("begins at 0", () => {
    const clock = new Clock();
    expect(clock.nowNs).toBe(0);
    expect(clock.ticks[0]).toBe(0);
  });

  it("shows nanoseconds in its cell and whole milliseconds, rounded down, in its ticks", () => {
    const clock = new Clock();
    clock.advanceTo(1_999_999);
    expect(clock.cell[0]).toBe(1_999_999);
    expect(clock.ticks[0]).toBe(1);
    clock.advanceTo(2_000_000);
    expect(clock.ticks[0]).toBe(2);
  });

  it("keeps every nanosecond up to 2^53", () => {
    const clock = new Clock();
    clock.advanceTo(Number.MAX_SAFE_INTEGER);
    expect(clock.nowNs).toBe(Number.MAX_SAFE_INTEGER);
  });

  it("wraps its ticks after 24 days, so that differences stay right", () => {
    const clock = new Clock();
    clock.advanceTo((2 ** 31 - 1) * 1e6);
    const before = clock.ticks[0]!;
    clock.advanceTo((2 ** 31 + 9) * 1e6);
    expect(clock.ticks[0]).toBeLessThan(0);
    expect((clock.ticks[0]! - before) | 0).toBe(10);
  });

  it("tells who keeps ticks, every 18 hours and after each leap, by how much it is late", () => {
    const clock = new Clock();
    const heard: number[] = [];
    clock.everyEpoch((leapMs) => void heard.push(leapMs));
    const epochMs = 2 ** 26;
    clock.advanceTo((epochMs - 1) * 1e6);
    expect(heard).toEqual([]);
    clock.advanceTo((epochMs + 5) * 1e6);
    expect(heard).toEqual([5]);
    clock.advanceTo((2 * epochMs + 4) * 1e6);
    clock.advanceTo((2 * epochMs + 5) * 1e6);
    expect(heard).toEqual([5, 0]);
    clock.advanceTo((10 * epochMs + 5) * 1e6);
    expect(heard).toEqual([5, 0, 7 * epochMs]);
  });
});
