import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { bridgeRecordings, readBridgeRecording, type TableDigest, type TableRow } from "./bridge-recording.ts";
import { PlainBridge } from "./plain-bridge.ts";

describe("the plain bridge", () => {
  const names = bridgeRecordings();

  it("is compared with what Linux did in dozens of cases", () => {
    expect(names.filter((name) => !name.startsWith("further/")).length).toBe(60);
  });

  for (const name of names) {
    it(`does as Linux did: ${name}`, () => {
      const { setup, steps, deliveries, altered, snapshots } = readBridgeRecording(name);
      const bridge = new PlainBridge(setup);
      const differences: string[] = [];
      steps.forEach((step, i) => {
        const { out, altered: here, table } = bridge.step(step);
        const recorded = { out: deliveries[i], altered: altered[i] };
        const seen = { out, altered: here };
        if (!isDeepStrictEqual(recorded, seen))
          differences.push(`step ${i}: ${text(step)} ${text(recorded)} here ${text(seen)}`);
        if (!("snapshot" in step)) return;
        const rows = snapshots[step.snapshot]!;
        const same = "sha256" in rows ? isDeepStrictEqual(rows, digest(table!)) : isDeepStrictEqual(rows, table);
        if (!same) differences.push(`snapshot ${step.snapshot}: ${text(rows)} here ${text(table)}`);
      });
      expect(steps.length).toBeGreaterThan(0);
      expect(differences).toEqual([]);
    });
  }
});

function digest(rows: readonly TableRow[]): TableDigest {
  const lines = [...rows]
    .sort((a, b) => (a.mac < b.mac ? -1 : 1))
    .map(({ mac, port, kind }) => `${mac} ${port} ${kind}\n`);
  return { count: rows.length, sha256: createHash("sha256").update(lines.join("")).digest("hex") };
}

function text(value: unknown): string {
  return JSON.stringify(value);
}
