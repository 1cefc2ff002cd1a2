import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Clock } from "../../src/base/clock.ts";
import type { TimerId } from "../../src/base/ids.ts";
import { Scheduler } from "../../src/time/scheduler.ts";
import { Timers } from "../../src/time/timers.ts";

/** What happened: when, what kind of thing, and which one. */
type Happening = readonly [atNs: number, what: string, which: number];

/** Virtual time at its plainest: a list of everything pending, sorted before each step. */
class PlainTime {
  nowNs = 0;
  readonly log: Happening[] = [];
  #sequence = 0;
  #pending: { atNs: number; sequence: number; what: string; which: number }[] = [];

  push(atNs: number, what: string, which: number): void {
    this.#pending.push({ atNs, sequence: ++this.#sequence, what, which });
  }

  remove(what: string, which: number): void {
    this.#pending = this.#pending.filter((event) => event.what !== what || event.which !== which);
  }

  runUntil(untilNs: number, react: (what: string, which: number) => void): void {
    for (;;) {
      this.#pending.sort((x, y) => x.atNs - y.atNs || x.sequence - y.sequence);
      const next = this.#pending[0];
      if (next === undefined || next.atNs > untilNs) break;
      this.#pending.shift();
      this.nowNs = next.atNs;
      this.log.push([next.atNs, next.what, next.which]);
      react(next.what, next.which);
    }
    this.nowNs = Math.max(this.nowNs, untilNs);
  }
}

const TIMERS = 5;
/** Short, so that many things fall on one moment. */
const delay = fc.nat(6);
const LANES = [0, 2, 5];

type Action =
  | { readonly do: "event" | "run"; readonly delay: number }
  | { readonly do: "lane"; readonly lane: number }
  | { readonly do: "arm"; readonly timer: number; readonly delay: number }
  | { readonly do: "cancel" | "renew"; readonly timer: number };

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ do: fc.constantFrom("event" as const, "run" as const), delay }),
  fc.record({ do: fc.constant("lane" as const), lane: fc.nat(LANES.length - 1) }),
  fc.record({ do: fc.constant("arm" as const), timer: fc.nat(TIMERS - 1), delay }),
  fc.record({ do: fc.constantFrom("cancel" as const, "renew" as const), timer: fc.nat(TIMERS - 1) }),
);
/** What is done when something happens: action number (count of happenings so far) of this list, if it has so many. */
const reactions = fc.array(action, { maxLength: 30, size: "max" });

describe("scheduler and timers", () => {
  it("do what a sorted list of everything pending does", () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60, size: "max" }), reactions, (actions, whenHappening) => {
        const plain = new PlainTime();
        const clock = new Clock();
        const scheduler = new Scheduler(clock);
        const timers = new Timers(scheduler);
        const log: Happening[] = [];
        const lanes = LANES.map((delayNs) => scheduler.openLane(delayNs));

        const perform = (step: Action, which: number) => {
          switch (step.do) {
            case "event":
              scheduler.dueNs[0] = clock.nowNs + step.delay;
              scheduler.push(eventKind, which, 0);
              break;
            case "lane":
              scheduler.pushOnLane(lanes[step.lane]!, eventKind, which, 0);
              break;
            case "arm":
              timers.armAfter(ids[step.timer]!, step.delay);
              break;
            case "cancel":
              timers.cancel(ids[step.timer]!);
              break;
            case "renew":
              timers.release(ids[step.timer]!);
              ids[step.timer] = timers.create(owner, step.timer);
              break;
          }
        };
        const happened = (what: string, which: number) => {
          log.push([clock.nowNs, what, which]);
          const reaction = whenHappening[log.length - 1];
          if (reaction !== undefined) perform(reaction, 1000 + log.length);
        };
        const eventKind = scheduler.register({ onEvent: (which) => happened("event", which) });
        const owner = { onTimer: (token: number) => happened("timer", token) };
        const ids: TimerId[] = Array.from({ length: TIMERS }, (_, token) => timers.create(owner, token));

        const performPlainly = (step: Action, which: number) => {
          if (step.do === "event") {
            plain.push(plain.nowNs + step.delay, "event", which);
          } else if (step.do === "lane") {
            plain.push(plain.nowNs + LANES[step.lane]!, "event", which);
          } else if ("timer" in step) {
            plain.remove("timer", step.timer);
            if (step.do === "arm") plain.push(plain.nowNs + step.delay, "timer", step.timer);
          }
        };
        const reactPlainly = () => {
          const reaction = whenHappening[plain.log.length - 1];
          if (reaction !== undefined) performPlainly(reaction, 1000 + plain.log.length);
        };

        for (const [which, step] of [...actions, { do: "run", delay: 1000 } as const].entries()) {
          if (step.do === "run") {
            scheduler.runUntil(clock.nowNs + step.delay);
            plain.runUntil(plain.nowNs + step.delay, reactPlainly);
          } else {
            perform(step, which);
            performPlainly(step, which);
          }
          expect(clock.nowNs).toBe(plain.nowNs);
        }
        expect(log).toEqual(plain.log);
      }),
      { numRuns: 2000 },
    );
  });
});
