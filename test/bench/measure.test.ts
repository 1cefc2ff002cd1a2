import { describe, expect, it } from "vitest";
import { type Meter, measure } from "../../src/bench/measure.ts";
import type { Workload } from "../../src/bench/workload.ts";
import type { WorkloadPlan } from "../../src/bench/workloads.ts";

const UNITS = 100_000;
const MS_PER_PASS = 2;

/** A workload that takes 2 ms a pass and allocates 8 octets a unit, and the machine it runs on. */
function rehearsal(): { plan: WorkloadPlan; meter: Meter; passes: () => number } {
  let passes = 0;
  let garbage = 0;
  const workload: Workload = {
    pass() {
      passes++;
      garbage += 8 * UNITS;
      return UNITS;
    },
    digest: () => passes,
  };
  return {
    plan: { id: "W0", unit: "turns", work: "nothing", digestPasses: 3, make: () => workload },
    meter: {
      nowMs: () => passes * MS_PER_PASS,
      heapOctets: () => 1_000_000 + garbage,
      collectGarbage: () => {
        garbage = 0;
      },
    },
    passes: () => passes,
  };
}

describe("a measurement", () => {
  it("is made of what was done, and how long it took", () => {
    const { plan, meter } = rehearsal();
    expect(measure(plan, 0.05, meter)).toEqual({
      impl: "viplane",
      wl: "W0",
      unit: "turns",
      n: 25 * UNITS,
      sec: 0.05,
      rate: 50_000_000,
      ns: 20,
      digest: 3,
      bytesPerUnit: 8,
    });
  });

  it("has the keys in the order in which they are printed", () => {
    const { plan, meter } = rehearsal();
    const keys = ["impl", "wl", "unit", "n", "sec", "rate", "ns", "digest", "bytesPerUnit"];
    expect(Object.keys(measure(plan, 0.001, meter))).toEqual(keys);
  });

  it("does a whole pass at least", () => {
    const { plan, meter } = rehearsal();
    expect(measure(plan, 1e-9, meter)).toMatchObject({ n: UNITS, ns: 20 });
  });

  it("warms up before it measures", () => {
    const { plan, meter, passes } = rehearsal();
    const { n } = measure(plan, 0.01, meter);
    expect(passes() - n / UNITS).toBeGreaterThan(100);
  });

  it("says of a heap that has shrunk that nothing was allocated", () => {
    const { plan, meter } = rehearsal();
    let octets = 1e9;
    const shrinking = { ...meter, heapOctets: () => octets-- };
    expect(measure(plan, 0.01, shrinking).bytesPerUnit).toBe(0);
  });
});
