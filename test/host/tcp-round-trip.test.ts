/** How long TCP waits: what was measured, its deviation, 200 ms at least. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NS_PER_MS } from "../../src/base/units.ts";
import { RoundTrip } from "../../src/host/tcp-round-trip.ts";

/** Measures in turn; every measurement is of a round trip of its own. */
function measured(...tripsMs: number[]): RoundTrip {
  const roundTrip = new RoundTrip();
  roundTrip.reset();
  for (const [i, ms] of tripsMs.entries())
    roundTrip.measure(Float64Array.of(ms * NS_PER_MS), Float64Array.of(0), 0, i + 1, i + 1);
  return roundTrip;
}

const timeoutMs = (roundTrip: RoundTrip) => Math.round((roundTrip.timeoutNs[0]! / NS_PER_MS) * 1000) / 1000;

describe("the timeout", () => {
  it.each([
    ["is a second before anything was measured", [], 1000],
    ["is the round trip and 200 ms where it is short", [0.2], 200.2],
    ["is three round trips after the first where that is more", [100], 300],
    ["stays there while nothing changes, but for the deviation, which falls to 200 ms", Array(100).fill(100), 300],
    ["follows a longer round trip by an eighth, and its deviation by all of it", [100, 180], 110 + 230],
    ["counts a shorter round trip little", [400, 80], 360 + 815],
  ])("%s", (_what, trips, expected) => {
    expect(timeoutMs(measured(...trips))).toBe(expected);
  });

  it("is whole nanoseconds, whatever was measured", () => {
    const trips = fc.array(
      fc.integer({ min: 1, max: 4e9 }).map((ns) => ns / NS_PER_MS),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(fc.property(trips, (list) => Number.isInteger(measured(...list).timeoutNs[0])));
  });

  it("doubles up to two minutes, and forgets that with the next measurement", () => {
    const roundTrip = measured(0.2);
    const waits = Array.from({ length: 12 }, () => {
      const ms = timeoutMs(roundTrip);
      roundTrip.backOff();
      return ms;
    });
    expect(waits.slice(0, 3)).toEqual([200.2, 400.4, 800.8]);
    expect(waits.slice(-2)).toEqual([120_000, 120_000]);
    const isOverdue = (ms: number) => roundTrip.isOverdue(Float64Array.of(ms * NS_PER_MS), Float64Array.of(0), 0);
    expect([isOverdue(200.1), isOverdue(200.3)]).toEqual([false, true]);
    roundTrip.measure(Float64Array.of(0.2 * NS_PER_MS), Float64Array.of(0), 0, 9, 9);
    expect(timeoutMs(roundTrip)).toBe(200.2);
  });

  it("is three seconds where the handshake measured nothing", () => {
    const roundTrip = measured();
    roundTrip.fallBack();
    expect(timeoutMs(roundTrip)).toBe(3000);
  });
});
