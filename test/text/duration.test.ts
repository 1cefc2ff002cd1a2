import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NS_MAX } from "../../src/base/units.ts";
import { DURATION_HINT, parseDuration } from "../../src/text/duration.ts";

describe("parseDuration", () => {
  const durations: readonly (readonly [string, number])[] = [
    ["0s", 0],
    ["1ns", 1],
    ["250us", 250_000],
    ["10ms", 10_000_000],
    ["1.5s", 1_500_000_000],
    ["0.3s", 300_000_000],
    ["2m", 120_000_000_000],
    ["1h", 3_600_000_000_000],
    ["0.000000001s", 1],
    ["1.4ns", 1],
    ["007ms", 7_000_000],
    ["2400h", 8_640_000_000_000_000],
  ];
  for (const [text, ns] of durations) it(`of ${text} is ${ns} ns`, () => expect(parseDuration(text)).toBe(ns));

  const others = ["", "5", "s", "-1s", "+1s", "1 s", " 1s", "1s ", "1.s", ".5s", "1e3s", "1,5s", "1d", "1S", "1ms2us"];
  for (const text of [...others, "NaNs", "Infinitys", "1s\n", "１s", "2600h", `${"9".repeat(400)}s`]) {
    it(`of ${JSON.stringify(text.slice(0, 20))} is none`, () => expect(parseDuration(text)).toBeNull());
  }

  it("reads its own hint's examples", () => {
    const examples = DURATION_HINT.replace(/^.*: /, "").split(", ");
    expect(examples.length).toBeGreaterThan(2);
    for (const example of examples) expect(parseDuration(example)).toBeGreaterThan(0);
  });

  it("takes any text, and gives whole nanoseconds within 104 days or null", () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^\d{1,20}(\.\d{0,20})?(ns|us|ms|s|m|h|x)?$/));
    fc.assert(
      fc.property(text, (written) => {
        const ns = parseDuration(written);
        if (ns !== null) expect(Number.isInteger(ns) && ns >= 0 && ns <= NS_MAX).toBe(true);
      }),
    );
  });
});
