/** Every shipped scenario, several seeds: outages of a probe do not overlap, and their stages sum to them. */
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runScenario } from "../../../src/scenario/run.ts";
import { topology } from "./stage.ts";

const SHIPPED = readdirSync(new URL("../../../topologies", import.meta.url))
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => file.slice(0, -".yaml".length));

describe.each(SHIPPED)("the shipped topology %s", (name) => {
  const scenario = topology(name);

  it.each([scenario.seed, 2, 3, 2 ** 53 - 1])("divides every outage to the nanosecond, with seed %s", (seed) => {
    const { outages, report } = runScenario(scenario, { seed });
    for (const [probe, list] of outages) {
      let lastNs = 0;
      for (const { fromNs, untilNs, stages, parts } of list) {
        const times = Object.values(stages);
        expect(times.reduce((sum, ns) => sum + ns, 0)).toBe(untilNs - fromNs);
        expect(times.every((ns) => Number.isInteger(ns) && ns >= 0)).toBe(true);
        expect(parts.map((part) => part.fromNs)).toEqual([fromNs, ...parts.slice(0, -1).map((part) => part.untilNs)]);
        expect(parts.at(-1)!.untilNs).toBe(untilNs);
        expect(fromNs).toBeGreaterThanOrEqual(lastNs);
        lastNs = untilNs;
      }
      const reported = report.probes.find((one) => one.name === probe)!.outages;
      expect(reported.map(({ stages }) => Object.values(stages).map((s) => Math.round(s * 1e9)))).toEqual(
        list.map(({ stages }) => Object.values(stages)),
      );
    }
    expect([...outages.values()].flat().length).toBeGreaterThan(0);
  });
});
