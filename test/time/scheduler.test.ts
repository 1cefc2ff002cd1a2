import { describe, expect, it } from "vitest";
import { AssertionError } from "../../src/base/assert.ts";
import { Clock } from "../../src/base/clock.ts";
import { PENDING_MAX, Scheduler } from "../../src/time/scheduler.ts";

/** A scheduler with one kind of event that notes (time, a, b). */
function scheduled() {
  const clock = new Clock();
  const scheduler = new Scheduler(clock);
  const seen: [number, number, number][] = [];
  const kind = scheduler.register({ onEvent: (a, b) => seen.push([clock.nowNs, a, b]) });
  const pushAt = (atNs: number, a: number, b = 0) => {
    scheduler.dueNs[0] = atNs;
    return scheduler.push(kind, a, b);
  };
  return { clock, scheduler, seen, kind, pushAt };
}

describe("the scheduler", () => {
  it("runs events by time; the clock stands at each, and at the end of the run", () => {
    const { clock, scheduler, seen, pushAt } = scheduled();
    pushAt(20, 2, -7);
    pushAt(10, 1, 2 ** 31 - 1);
    scheduler.runUntil(30);
    expect(seen).toEqual([
      [10, 1, 2 ** 31 - 1],
      [20, 2, -7],
    ]);
    expect(clock.nowNs).toBe(30);
  });

  it("runs events of one moment in the order they were pushed, over lanes and heap", () => {
    const { scheduler, seen, kind, pushAt } = scheduled();
    const ten = scheduler.openLane(10);
    const alsoTen = scheduler.openLane(10);
    const zero = scheduler.openLane(0);
    expect(alsoTen).toBe(ten);
    scheduler.pushOnLane(ten, kind, 1, 0);
    pushAt(10, 2);
    scheduler.pushOnLane(ten, kind, 3, 0);
    pushAt(10, 4);
    scheduler.pushOnLane(zero, kind, 0, 0);
    scheduler.runUntil(10);
    expect(seen.map(([atNs, a]) => [atNs, a])).toEqual([
      [0, 0],
      [10, 1],
      [10, 2],
      [10, 3],
      [10, 4],
    ]);
  });

  it("puts an event with an older sequence number before younger ones of its moment", () => {
    const { scheduler, seen, kind, pushAt } = scheduled();
    const taken = new Float64Array(3);
    scheduler.takeSequence(taken, 1);
    pushAt(10, 1);
    scheduler.dueNs[0] = 10;
    scheduler.pushTaken(taken, 1, kind, 2, 0);
    scheduler.runUntil(10);
    expect(seen.map(([, a]) => a)).toEqual([2, 1]);
  });

  it("runs what is due exactly at the end, and leaves the rest for the next run", () => {
    const { scheduler, seen, pushAt } = scheduled();
    pushAt(10, 1);
    pushAt(11, 2);
    scheduler.runUntil(10);
    expect(seen).toHaveLength(1);
    scheduler.runUntil(11);
    expect(seen).toHaveLength(2);
  });

  it("runs what an event schedules for now in the same run, behind what was there", () => {
    const clock = new Clock();
    const scheduler = new Scheduler(clock);
    const seen: number[] = [];
    const kind = scheduler.register({
      onEvent(a) {
        seen.push(a);
        if (a >= 10) return;
        scheduler.dueNs[0] = clock.nowNs;
        scheduler.push(kind, a + 10, 0);
      },
    });
    for (const a of [1, 2]) {
      scheduler.dueNs[0] = 5;
      scheduler.push(kind, a, 0);
    }
    scheduler.runUntil(5);
    expect(seen).toEqual([1, 2, 11, 12]);
  });

  it("stops behind the event that says so, with the clock at it, and goes on in the next run", () => {
    const clock = new Clock();
    const scheduler = new Scheduler(clock);
    const seen: number[] = [];
    const kind = scheduler.register({
      onEvent(a) {
        seen.push(a);
        if (a === 1) scheduler.stop();
      },
    });
    for (const a of [1, 2]) {
      scheduler.dueNs[0] = 10;
      scheduler.push(kind, a, 0);
    }
    scheduler.runUntil(100);
    expect(seen).toEqual([1]);
    expect(clock.nowNs).toBe(10);
    scheduler.runUntil(100);
    expect(seen).toEqual([1, 2]);
    expect(clock.nowNs).toBe(100);
  });

  it("never turns the clock back", () => {
    const { clock, scheduler, seen, pushAt } = scheduled();
    scheduler.runUntil(100);
    pushAt(100, 1);
    scheduler.runUntil(50);
    expect(clock.nowNs).toBe(100);
    expect(seen).toEqual([]);
    expect(() => pushAt(99, 2)).toThrow(AssertionError);
    expect(() => pushAt(Number.NaN, 2)).toThrow(AssertionError);
  });

  it("needs an end to run to", () => {
    const { scheduler } = scheduled();
    expect(() => scheduler.runUntil(Number.POSITIVE_INFINITY)).toThrow(AssertionError);
    expect(() => scheduler.runUntil(Number.NaN)).toThrow(AssertionError);
  });

  it("tells each kind's sink of its own events only", () => {
    const scheduler = new Scheduler(new Clock());
    const seen: string[] = [];
    const kinds = ["x", "y"].map((name) => scheduler.register({ onEvent: (a) => seen.push(name + a) }));
    const lane = scheduler.openLane(1);
    scheduler.pushOnLane(lane, kinds[1]!, 1, 0);
    scheduler.pushOnLane(lane, kinds[0]!, 2, 0);
    scheduler.runUntil(1);
    expect(seen).toEqual(["y1", "x2"]);
  });

  it("has eight lanes; a ninth delay must use the heap", () => {
    const { scheduler } = scheduled();
    const lanes = Array.from({ length: 8 }, (_, i) => scheduler.openLane(i));
    expect(new Set(lanes).size).toBe(8);
    expect(scheduler.openLane(8)).toBe(-1);
    expect(scheduler.openLane(3)).toBe(lanes[3]);
  });

  it("refuses and counts what exceeds a million pending events, in the heap and in a lane, and runs the rest", () => {
    const clock = new Clock();
    const scheduler = new Scheduler(clock);
    let ran = 0;
    const kind = scheduler.register({ onEvent: () => ran++ });
    const lane = scheduler.openLane(1);
    // Not the lane's delay: that would go to the lane, too.
    scheduler.dueNs[0] = 2;
    for (let i = 0; i < PENDING_MAX; i++) {
      scheduler.push(kind, 0, 0);
      scheduler.pushOnLane(lane, kind, 0, 0);
    }
    expect(scheduler.refused).toBe(0);
    expect(scheduler.push(kind, 0, 0)).toBe(false);
    expect(scheduler.pushOnLane(lane, kind, 0, 0)).toBe(false);
    expect(scheduler.refused).toBe(2);
    scheduler.runUntil(2);
    expect(ran).toBe(2 * PENDING_MAX);
  });
});
