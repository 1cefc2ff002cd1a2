import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bridgeRuns } from "./bridge-steps.ts";
import { PlainBridge } from "./plain-bridge.ts";
import { RULE_NAMES } from "./plain-bridge-rules.ts";

describe("random steps for a bridge", () => {
  it("reach every rule of the plain bridge, each many times", () => {
    const reached = new Map<string, number>();
    for (const { setup, steps } of fc.sample(bridgeRuns(), { seed: 1, numRuns: 1000 })) {
      const bridge = new PlainBridge(setup);
      for (const step of steps) bridge.step(step);
      for (const [rule, times] of bridge.reached) reached.set(rule, (reached.get(rule) ?? 0) + times);
    }
    expect(RULE_NAMES.filter((rule) => (reached.get(rule) ?? 0) < 20)).toEqual([]);
  });

  it("are well formed: time never goes back, ports exist, frames are whole octets", () => {
    fc.assert(
      fc.property(bridgeRuns(), ({ setup, steps }) => {
        let before = 0;
        for (const step of steps) {
          expect(step.at).toBeGreaterThanOrEqual(before);
          before = step.at;
          if (!("frame" in step)) continue;
          expect(step.frame).toMatch(/^([0-9a-f]{2})*$/);
          expect(step.port).toBeLessThan(setup.ports);
        }
      }),
    );
  });
});
