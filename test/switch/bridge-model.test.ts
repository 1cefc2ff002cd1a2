/**
 * The switch does what the plain bridge does, whatever is done to both: ports, flags, masks, MTUs, VLANs, frames, commands and times at
 * random. The plain bridge in turn is held against what Linux did (`plain-bridge.test.ts`).
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bridgeRuns } from "./bridge-steps.ts";
import { PlainBridge } from "./plain-bridge.ts";
import { forwarding, outcomeOf, traceBridge } from "./traced.ts";

describe("the switch under random steps", () => {
  it("does what the plain reference model does: deliveries, octets and tables", () => {
    fc.assert(
      fc.property(bridgeRuns({ stepsMax: 120 }), ({ setup, steps }) => {
        const plain = new PlainBridge(setup);
        const wanted = steps.map((step) => plain.step(step));
        const decisions = traceBridge(setup, steps);
        decisions.forEach((decision, i) => {
          const { out, altered, table } = wanted[i]!;
          expect(outcomeOf(decision)).toEqual({ out, altered });
          if (decision.do === "snapshot") expect(forwarding(decision)).toEqual(table);
        });
        expect(decisions).toHaveLength(steps.length);
      }),
      { numRuns: 400 },
    );
  });
});
