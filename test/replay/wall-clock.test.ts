import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wallClock } from "../../src/replay/wall-clock.ts";

describe("the clock of a capture", () => {
  it("shows what every other UTC clock shows", () => {
    const seconds = fc.integer({ min: 365 * 86_400, max: 253_402_300_799 });
    fc.assert(
      fc.property(seconds, fc.nat(999_999_999), (whole, nanoseconds) => {
        const clock = wallClock(whole, nanoseconds)!;
        expect(`${clock.date}T${clock.time}`).toBe(
          `${new Date(whole * 1000).toISOString().slice(0, 19)}.${String(nanoseconds).padStart(9, "0")}`,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    [951_782_399, 0, "2000-02-28T23:59:59.000000000"],
    [951_782_400, 0, "2000-02-29T00:00:00.000000000"],
    [951_868_799, 999_999_999, "2000-02-29T23:59:59.999999999"],
    [951_868_799, 1_000_000_000, "2000-03-01T00:00:00.000000000"],
    [1_795_161_085, 90_000_000_000, "2026-11-20T07:52:55.000000000"],
  ])("%s s and %s ns: %s", (seconds, nanoseconds, expected) => {
    const { date, time } = wallClock(seconds, nanoseconds)!;
    expect(`${date}T${time}`).toBe(expected);
  });

  it.each([0, 29.99, 365 * 86_400 - 1, -1, 253_402_300_800, 1.8e19, Number.NaN])("is none at %s s", (seconds) => {
    expect(wallClock(seconds, 0)).toBeNull();
  });
});
