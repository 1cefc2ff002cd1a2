import { describe, expect, it } from "vitest";
import { AssertionError } from "../../src/base/assert.ts";
import { Clock } from "../../src/base/clock.ts";
import { PENDING_MAX, Scheduler } from "../../src/time/scheduler.ts";
import { Timers } from "../../src/time/timers.ts";

/** Timers that note (time, token) when they fire. */
function timed() {
  const clock = new Clock();
  const scheduler = new Scheduler(clock);
  const timers = new Timers(scheduler);
  const fired: [number, number][] = [];
  const owner = { onTimer: (token: number) => fired.push([clock.nowNs, token]) };
  const create = (token: number) => timers.create(owner, token);
  return { clock, scheduler, timers, fired, create };
}

describe("timers", () => {
  it("fire once, at their deadline, with their token", () => {
    const { scheduler, timers, fired, create } = timed();
    const timer = create(42);
    expect(timers.armed(timer)).toBe(false);
    timers.armAfter(timer, 10);
    expect(timers.armed(timer)).toBe(true);
    expect(timers.deadlineNs(timer)).toBe(10);
    scheduler.runUntil(100);
    expect(fired).toEqual([[10, 42]]);
    expect(timers.armed(timer)).toBe(false);
    expect(timers.deadlineNs(timer)).toBe(Number.POSITIVE_INFINITY);
  });

  it("may be moved later again and again and fire at the last deadline only", () => {
    const { scheduler, timers, fired, create } = timed();
    const timer = create(1);
    for (let atNs = 0; atNs < 1000; atNs += 10) {
      timers.armAfter(timer, 35);
      scheduler.runUntil(atNs + 10);
    }
    expect(fired).toEqual([]);
    scheduler.runUntil(10_000);
    expect(fired).toEqual([[990 + 35, 1]]);
  });

  it("may be moved earlier", () => {
    const { scheduler, timers, fired, create } = timed();
    const timer = create(1);
    timers.armAt(timer, 100);
    timers.armAt(timer, 50);
    scheduler.runUntil(200);
    expect(fired).toEqual([[50, 1]]);
  });

  it("may be moved earlier, later, earlier still and back", () => {
    const { scheduler, timers, fired, create } = timed();
    const timer = create(1);
    for (const atNs of [100, 50, 80, 20, 90]) timers.armAt(timer, atNs);
    scheduler.runUntil(200);
    expect(fired).toEqual([[90, 1]]);
  });

  it("do not fire when cancelled, and may be armed anew", () => {
    const { scheduler, timers, fired, create } = timed();
    const timer = create(1);
    timers.armAt(timer, 10);
    timers.cancel(timer);
    expect(timers.armed(timer)).toBe(false);
    scheduler.runUntil(20);
    expect(fired).toEqual([]);
    timers.armAt(timer, 40);
    timers.cancel(timer);
    timers.armAt(timer, 30);
    scheduler.runUntil(100);
    expect(fired).toEqual([[30, 1]]);
  });

  it("may be armed from their own firing, for this moment too", () => {
    const clock = new Clock();
    const scheduler = new Scheduler(clock);
    const timers = new Timers(scheduler);
    const fired: number[] = [];
    const timer = timers.create(
      {
        onTimer() {
          fired.push(clock.nowNs);
          if (fired.length < 4) timers.armAfter(timer, fired.length === 2 ? 0 : 5);
        },
      },
      0,
    );
    timers.armAfter(timer, 5);
    scheduler.runUntil(100);
    expect(fired).toEqual([5, 10, 10, 15]);
  });

  it("of one deadline fire in the order in which they were armed", () => {
    const { scheduler, timers, fired, create } = timed();
    const [a, b, c] = [create(1), create(2), create(3)];
    timers.armAt(c!, 10);
    timers.armAt(a!, 10);
    timers.armAt(b!, 10);
    scheduler.runUntil(10);
    expect(fired.map(([, token]) => token)).toEqual([3, 1, 2]);
  });

  it("keep that order when they were moved later to the deadline", () => {
    const { scheduler, timers, fired, create } = timed();
    const [lazy, other, last] = [create(1), create(2), create(3)];
    timers.armAt(lazy!, 5);
    timers.armAt(other!, 10);
    timers.armAt(lazy!, 10);
    timers.armAt(last!, 10);
    scheduler.runUntil(10);
    expect(fired.map(([, token]) => token)).toEqual([2, 1, 3]);
  });

  it("keep that order when they were armed for the same deadline twice, or moved away from it and back", () => {
    for (const detour of [[10], [12, 10], [8, 10]]) {
      const { scheduler, timers, fired, create } = timed();
      const [again, other, last] = [create(1), create(2), create(3)];
      timers.armAt(again!, 10);
      timers.armAt(other!, 10);
      for (const atNs of detour) timers.armAt(again!, atNs);
      timers.armAt(last!, 10);
      scheduler.runUntil(10);
      expect(fired).toEqual([
        [10, 2],
        [10, 1],
        [10, 3],
      ]);
    }
  });

  it("keep that order when they were cancelled in between", () => {
    const { scheduler, timers, fired, create } = timed();
    const [again, other] = [create(1), create(2)];
    timers.armAt(again!, 10);
    timers.armAt(other!, 10);
    timers.cancel(again!);
    timers.armAt(again!, 10);
    scheduler.runUntil(10);
    expect(fired.map(([, token]) => token)).toEqual([2, 1]);
  });

  it("are given back and used again, and the old one's deadline is forgotten", () => {
    const { scheduler, timers, fired, create } = timed();
    const old = create(1);
    timers.armAt(old, 10);
    timers.release(old);
    const reused = create(2);
    expect(reused).toBe(old);
    expect(timers.armed(reused)).toBe(false);
    timers.armAt(reused, 20);
    scheduler.runUntil(100);
    expect(fired).toEqual([[20, 2]]);
  });

  it("cannot be given back twice", () => {
    const { timers, create } = timed();
    const timer = create(1);
    timers.release(timer);
    expect(() => timers.release(timer)).toThrow(AssertionError);
  });

  it("cannot be armed before now", () => {
    const { scheduler, timers, create } = timed();
    const timer = create(1);
    scheduler.runUntil(100);
    expect(() => timers.armAfter(timer, -1)).toThrow(AssertionError);
    expect(() => timers.armAt(timer, 99)).toThrow(AssertionError);
  });

  it("keep their owners and deadlines when there are many", () => {
    const { scheduler, timers, fired, create } = timed();
    const ids = Array.from({ length: 1000 }, (_, i) => create(i));
    for (const [i, id] of ids.entries()) timers.armAt(id, 10_000 - i);
    for (let i = 0; i < 1000; i += 2) timers.release(ids[i]!);
    scheduler.runUntil(20_000);
    expect(fired).toEqual(Array.from({ length: 500 }, (_, i) => [9001 + 2 * i, 999 - 2 * i]));
  });

  it("leave no more than one event behind, however often they are moved later or armed for the same deadline", () => {
    const { scheduler, timers, create } = timed();
    const [later, same] = [create(1), create(2)];
    for (let i = 0; i < PENDING_MAX; i++) {
      timers.armAt(later!, 1000 + i);
      timers.armAt(same!, 1000);
    }
    expect(scheduler.refused).toBe(0);
    expect(timers.deadlineNs(later!)).toBe(1000 + PENDING_MAX - 1);
  });

  it("take their deadline from the cell too", () => {
    const { scheduler, timers, fired, create } = timed();
    const timer = create(1);
    timers.dueNs[0] = 25;
    timers.arm(timer);
    expect(timers.deadlineNs(timer)).toBe(25);
    scheduler.runUntil(30);
    expect(fired).toEqual([[25, 1]]);
    timers.dueNs[0] = 29;
    expect(() => timers.arm(timer)).toThrow(AssertionError);
  });
});

describe("paused timers", () => {
  it("do not fire; what was due fires when they go on, in the order in which it was due", () => {
    const { scheduler, timers, fired, create } = timed();
    const [first, second, later] = [create(1), create(2), create(3)];
    timers.armAt(second, 20);
    timers.armAt(first, 10);
    timers.armAt(later, 100);
    timers.pause();
    scheduler.runUntil(50);
    expect(fired).toEqual([]);
    timers.resume();
    scheduler.runUntil(200);
    expect(fired).toEqual([
      [50, 1],
      [50, 2],
      [100, 3],
    ]);
  });

  it("fire at their new deadline if they were armed anew or cancelled before they go on", () => {
    const { scheduler, timers, fired, create } = timed();
    const [moved, cancelled, released] = [create(1), create(2), create(3)];
    for (const timer of [moved, cancelled, released]) timers.armAt(timer, 10);
    timers.pause();
    scheduler.runUntil(50);
    timers.armAt(moved, 70);
    timers.cancel(cancelled);
    timers.release(released);
    const reused = create(4);
    timers.armAt(reused, 60);
    timers.resume();
    scheduler.runUntil(100);
    expect(fired).toEqual([
      [60, 4],
      [70, 1],
    ]);
  });

  it("may be armed for a moment that has passed meanwhile: they fire at once", () => {
    const { scheduler, timers, fired, create } = timed();
    const timer = create(1);
    timers.pause();
    scheduler.runUntil(50);
    timers.resume();
    timers.armAt(timer, 30);
    scheduler.runUntil(100);
    expect(fired).toEqual([[50, 1]]);
  });

  it("fire once, whatever was paused how often", () => {
    const { scheduler, timers, fired, create } = timed();
    const timer = create(1);
    timers.armAt(timer, 10);
    timers.pause();
    scheduler.runUntil(20);
    timers.armAt(timer, 25);
    scheduler.runUntil(30);
    timers.resume();
    timers.pause();
    scheduler.runUntil(40);
    timers.resume();
    scheduler.runUntil(100);
    expect(fired).toEqual([[40, 1]]);
  });
});
