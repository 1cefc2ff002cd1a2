/** The shipped scenario of switch profiles: what came out stands in a table of `topologies/README.md`, which must not lie. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type RunResult, runScenario } from "../../../src/scenario/run.ts";
import { topology } from "./stage.ts";

const README = readFileSync(new URL("../../../topologies/README.md", import.meta.url), "utf8");
/** From the farewell, the start, the pulled cables, the cables plugged in, and the crash on. */
const STEPS_AT = [10, 20, 40, 50, 70];

/** Seconds that each probe lost after each step: by the step during which the outage began. */
function losses({ report }: RunResult): Map<string, string[]> {
  const rows = new Map<string, string[]>();
  for (const { name, outages } of report.probes) {
    const row = STEPS_AT.map((from, i) => {
      const until = STEPS_AT[i + 1] ?? Number.POSITIVE_INFINITY;
      const found = outages.find((outage) => outage.from >= from && outage.from < until);
      if (found === undefined) return "–";
      return found.ended ? `${(found.until - found.from).toFixed(2)} s` : "for good";
    });
    rows.set(name, row);
  }
  return rows;
}

describe("takeovers through five switches", () => {
  const result = runScenario(topology("switch-profiles"));

  it("come out as the table says", () => {
    const rows = losses(result);
    const real = rows.get("linux-real")!;
    for (const profile of ["linux", "ovs", "vde", "dynamips", "gvisor"]) {
      expect(rows.get(`${profile}-real`)).toEqual(real);
      expect(README).toContain(`| \`${profile}\` | ${rows.get(`${profile}-virtual`)!.join(" | ")} |\n`);
    }
    expect(README).toContain(`| any, real MAC | ${real.join(" | ")} |\n`);
  });

  it("as is expected, with other seeds too", () => {
    for (const seed of [1, 2, 3, 2 ** 53 - 1]) {
      const { report } = runScenario(topology("switch-profiles"), { seed });
      expect(report.expectations.filter(({ ok }) => !ok)).toEqual([]);
    }
  });

  it("leave the virtual MAC where it was, where it never moves, while another holds the address", () => {
    const { forwarding } = result.report.snapshots.find(({ name }) => name === "after-the-stop")!;
    const placeOf = (mac: string) => forwarding.find((entry) => entry.mac === mac)?.port;
    expect(placeOf("00:00:5e:00:01:15")).toBe("lb-2.linux");
    expect(placeOf("00:00:5e:00:01:17")).toBe("lb-2.vde");
    expect(placeOf("00:00:5e:00:01:19")).toBe("lb-1.gvisor");
    const holder = result.report.holders.findLast(({ at, vip }) => vip === "10.0.5.60" && at < 20);
    expect(holder!.holder).toBe("lb-2");
  });

  it("find the virtual MAC or the client in the one place that both have, never both", () => {
    const { forwarding } = result.report.snapshots.find(({ name }) => name === "after-the-stop")!;
    const both = ["00:00:5e:00:01:18", "02:00:00:00:0d:18"];
    expect(forwarding.filter(({ mac }) => both.includes(mac)).length).toBe(1);
  });
});
