/** The switch against recordings of a real Linux bridge, fed in as `viplane trace` would read them. */
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { bridgeRecordings, readBridgeRecording } from "./bridge-recording.ts";
import { forwarding, outcomeOf, tableDigest, traceBridge } from "./traced.ts";

describe("as a Linux bridge", () => {
  const names = bridgeRecordings();

  it("is compared on dozens of cases", () => {
    expect(names.filter((name) => !name.startsWith("further/"))).toHaveLength(60);
  });

  for (const name of names) {
    const { why, setup, steps, deliveries, altered, snapshots } = readBridgeRecording(name);
    it(`${name}: ${why}`, () => {
      const decisions = traceBridge(setup, steps);
      expect(decisions).toHaveLength(steps.length);
      const differences: string[] = [];
      decisions.forEach((decision, i) => {
        const recorded = { out: deliveries[i], altered: altered[i] };
        const seen = outcomeOf(decision);
        if (!isDeepStrictEqual(recorded, seen)) differences.push(`step ${i}: ${text(recorded)}, here ${text(seen)}`);
        if (decision.do !== "snapshot") return;
        const wanted = snapshots[decision.name]!;
        const rows = forwarding(decision);
        if (!isDeepStrictEqual(wanted, "sha256" in wanted ? tableDigest(rows) : rows))
          differences.push(`snapshot ${decision.name}: ${text(wanted)}, here ${text(rows)}`);
      });
      expect(differences).toEqual([]);
    });
  }
});

function text(value: unknown): string {
  return JSON.stringify(value);
}
