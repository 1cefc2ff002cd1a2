/** Who answered, and how fast: against what sorting and counting say. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FrameRef } from "../../src/base/ids.ts";
import { FrameSlab } from "../../src/frame/slab.ts";
import { NO_ANSWER } from "../../src/host/probe.ts";
import { AnswerBook, latencyOf } from "../../src/host/probe-answers.ts";
import { HolderLog } from "../../src/observe/holder-log.ts";

describe("latency", () => {
  it("is what stands at a place of all round trips in order", () => {
    // Few different values, as a network has them, and many.
    const trip = fc.oneof(fc.constantFrom(200_000, 210_000), fc.integer({ min: 1, max: 1e9 }));
    const question = fc.record({ trip, fate: fc.constantFrom("answered", "late", "lost") });
    fc.assert(
      fc.property(fc.array(question, { maxLength: 300 }), (questions) => {
        const sentNs = Float64Array.from(questions, (_, i) => i * 1e7);
        const at = (fate: string) =>
          Float64Array.from(questions, (one, i) => (one.fate === fate ? sentNs[i]! + one.trip : NO_ANSWER));
        const sorted = questions.flatMap((one) => (one.fate === "lost" ? [] : [one.trip])).sort((a, b) => a - b);
        const rank = (percent: number) => sorted[Math.max(1, Math.ceil((percent / 100) * sorted.length)) - 1]!;
        expect(latencyOf(questions.length, sentNs, at("answered"), at("late"))).toEqual(
          sorted.length === 0 ? null : { minNs: rank(0), medianNs: rank(50), p99Ns: rank(99), maxNs: sorted.at(-1) },
        );
      }),
    );
  });
});

describe("the book of answers", () => {
  const HOSTS = ["a", "b", "a", "c"];

  /** What an answer from `port` that left at `atNs` adds. */
  function noted(
    answers: readonly (readonly [port: number, atNs: number])[],
    changes: readonly [number, number][],
    masters: (atNs: number) => readonly string[] = () => [],
  ) {
    const slab = new FrameSlab(4);
    const book = new AnswerBook(slab);
    const log = new HolderLog(slab, (port) => HOSTS[port] ?? `host ${port}`);
    for (const [atNs, port] of changes) log.changed(atNs, masters(atNs), HOSTS[port] ?? null);
    book.witness = log;
    for (const [port, atNs] of answers) {
      slab.origin[2] = port;
      slab.departedNs[2] = atNs;
      book.note(2 as FrameRef);
    }
    return { byHost: Object.fromEntries(book.byHost()), fromOthers: book.fromOthers };
  }

  it("counts by host, over all its ports, however many ports there are", () => {
    expect(
      noted(
        [
          [0, 1],
          [2, 1],
          [1, 1],
          [500, 1],
          [20, 1],
          [500, 2],
        ],
        [],
      ),
    ).toEqual({
      byHost: { a: 2, b: 1, "host 20": 1, "host 500": 2 },
      fromOthers: 0,
    });
  });

  it("counts as wrong what left another host than the holder of that moment", () => {
    const changes: [number, number][] = [
      [10, 0],
      [20, 1],
      [30, -1],
    ];
    expect(noted([[1, 5]], changes).fromOthers).toBe(0);
    expect(noted([[1, 10]], changes).fromOthers).toBe(1);
    expect(noted([[2, 15]], changes).fromOthers).toBe(0);
    expect(
      noted(
        [
          [0, 19],
          [0, 20],
          [0, 29],
        ],
        changes,
      ).fromOthers,
    ).toBe(2);
    expect(noted([[0, 30]], changes).fromOthers).toBe(0);
  });

  it("counts as wrong what left a host that was not master, where some are, whoever held the address", () => {
    const changes: [number, number][] = [
      [10, 0],
      [20, 0],
      [30, 0],
      [40, -1],
    ];
    const masters = (atNs: number) => ({ 20: ["b"], 30: ["b", "c"], 40: ["c"] })[atNs] ?? [];
    const wrong = (port: number, atNs: number) => noted([[port, atNs]], changes, masters).fromOthers;
    // By port: a, b, a, c.
    expect([0, 1, 2, 3].map((port) => wrong(port, 10))).toEqual([0, 1, 0, 1]);
    expect([0, 1, 2, 3].map((port) => wrong(port, 20))).toEqual([1, 0, 1, 1]);
    expect([0, 1, 2, 3].map((port) => wrong(port, 30))).toEqual([1, 0, 1, 0]);
    expect([0, 1, 2, 3].map((port) => wrong(port, 40))).toEqual([1, 1, 1, 0]);
  });
});
