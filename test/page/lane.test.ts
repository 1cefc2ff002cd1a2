/** Lanes that hold no more than a page can. */
import { describe, expect, it } from "vitest";
import { coarsened, type Mark, type Span, spansOf, thinned } from "../../src/page/lane.ts";

const S = 1e9;
const span = (fromNs: number, untilNs: number): Span => ({ fromNs, untilNs, look: "x", label: "x", tells: "x" });

describe("changes", () => {
  it("become spans to the next change, and to the end of the run; those of no length are left out", () => {
    const changes = [
      { atNs: 0, value: "a" },
      { atNs: 2 * S, value: "b" },
      { atNs: 2 * S, value: "c" },
      { atNs: 5 * S, value: null },
    ];
    const spans = spansOf(changes, 9 * S, (value, fromNs, untilNs) =>
      value === null ? null : { ...span(fromNs, untilNs), label: value },
    );
    expect(spans.map(({ fromNs, untilNs, label }) => [fromNs / S, untilNs / S, label])).toEqual([
      [0, 2, "a"],
      [2, 5, "c"],
    ]);
  });
});

describe("a crowd of spans", () => {
  it("is left alone as long as there are few", () => {
    const spans = Array.from({ length: 600 }, (_, i) => span(i, i + 1));
    expect(coarsened(spans, 600 * S)).toBe(spans);
  });

  it("becomes spans that count what they hold; those that can be seen stay, and nothing is lost", () => {
    const short = Array.from({ length: 100_000 }, (_, i) => span(i * 1e5, (i + 1) * 1e5));
    const long = span(10 * S, 20 * S);
    const found = coarsened([...short, long], 20 * S);
    expect(found.length).toBeLessThan(800);
    expect(found.at(-1)).toBe(long);
    const counts = found.slice(0, -1).map(({ label }) => Number.parseInt(label, 10));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(100_000);
    expect([found[0]!.fromNs, found.at(-2)!.untilNs]).toEqual([0, 10 * S]);
    for (let i = 1; i < found.length; i++) expect(found[i]!.fromNs).toBeGreaterThanOrEqual(found[i - 1]!.untilNs);
  });
});

describe("a crowd of marks", () => {
  it("is thinned, each look by itself", () => {
    const marks = Array.from({ length: 10_000 }, (_, i): Mark => {
      return { atNs: i * 1e6, shape: "bar", look: i % 2 === 0 ? "a" : "b", tells: "" };
    });
    const found = thinned(marks, 10 * S);
    expect(found.length).toBeLessThan(1000);
    expect(new Set(found.map(({ look }) => look))).toEqual(new Set(["a", "b"]));
  });
});
