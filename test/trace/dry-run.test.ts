/** What is only asked leaves no trace. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PROFILES } from "../../src/switch/profiles.ts";
import type { BridgeStep } from "../switch/bridge-recording.ts";
import { bridgeRuns } from "../switch/bridge-steps.ts";
import { forwarding, outcomeOf, traceLines } from "../switch/traced.ts";
import { BROADCAST, hex, host, trace } from "./inputs.ts";

describe("a dry run", () => {
  const question = { at: 1, port: 1, frame: hex(host(1), host(2)) };

  it("gives the same answer again, and the table stays as it was", () => {
    const decisions = trace(
      [
        { ports: 3 },
        { at: 0, fdbAdd: { mac: "02:00:00:00:00:01", port: 0, kind: "dynamic" } },
        { at: 0, snapshot: "before" },
        question,
        question,
        { at: 2, port: 2, frame: hex(BROADCAST, host(1)) },
        { at: 2, port: 2, frame: hex(host(3), host(3)) },
        { ...question, at: 2 },
        { at: 3, snapshot: "after" },
      ],
      { dryRun: true },
    );
    expect(decisions.map((d) => (d.do === "frame" ? [d.source!.is, d.action, ...d.out] : d.do))).toEqual([
      "change",
      "snapshot",
      ["new", "forward", 0],
      ["new", "forward", 0],
      ["moved", "flood", 0, 1],
      ["new", "drop"],
      ["new", "forward", 0],
      "snapshot",
    ]);
    const [before, after] = decisions.flatMap((d) => (d.do === "snapshot" ? [d.rows] : []));
    expect(after).toEqual(before);
  });

  it("lets time pass: an entry made by hand ages, whoever speaks", () => {
    const decisions = trace(
      [
        { ports: 3, ageingSeconds: 1 },
        { at: 0, fdbAdd: { mac: "02:00:00:00:00:01", port: 0, kind: "dynamic" } },
        { at: 0.9, port: 0, frame: hex(BROADCAST, host(1)) },
        { ...question, at: 1 },
      ],
      { dryRun: true },
    );
    expect(decisions.at(-1)).toMatchObject({ action: "flood", flood: "unknown" });
  });

  it("decides each frame as the first one behind the steps made by hand, and shows their table only", () => {
    fc.assert(
      fc.property(bridgeRuns({ stepsMax: 40 }), ({ setup, steps }) => {
        const decisions = traceLines([setup, ...steps], { dryRun: true });
        const byHand: BridgeStep[] = [];
        steps.forEach((step, i) => {
          const decision = decisions[i]!;
          if (!("frame" in step)) byHand.push(step);
          else if (decision.do === "frame") {
            const [alone] = traceLines([setup, ...byHand, step]).slice(-1);
            expect(outcomeOf(decision)).toEqual(outcomeOf(alone!));
            expect([decision.action, decision.cause, decision.vlan]).toEqual(
              alone!.do === "frame" && [alone!.action, alone!.cause, alone!.vlan],
            );
            expect(decision.source?.is).toBe(alone!.do === "frame" ? alone!.source?.is : "");
          }
        });
        const tables = (all: typeof decisions) => all.flatMap((d) => (d.do === "snapshot" ? [forwarding(d)] : []));
        expect(tables(decisions)).toEqual(tables(traceLines([setup, ...byHand])));
      }),
      { numRuns: 60 },
    );
  });
});

describe.each(PROFILES)("as $name", (profile) => {
  it("every frame is decided as was said, whatever is done by hand", () => {
    fc.assert(
      fc.property(bridgeRuns({ stepsMax: 60 }), ({ setup, steps }) => {
        const decisions = traceLines([setup, ...steps], { profile });
        expect(decisions).toHaveLength(steps.length);
        for (const decision of decisions) {
          if (decision.do !== "frame") continue;
          expect(decision.out.length > 0).toBe(decision.cause === null);
          expect(decision.action === "drop").toBe(decision.cause !== null);
          const left = decision.withheld.map(({ port }) => port);
          expect(new Set([...decision.out, ...left]).size).toBe(decision.out.length + left.length);
        }
      }),
      { numRuns: 60 },
    );
  });
});
