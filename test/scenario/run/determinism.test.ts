/** The same file and seed give the same octets, however the run is driven; another seed gives others. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Scenario } from "../../../src/scenario/model.ts";
import { formatReport } from "../../../src/scenario/report.ts";
import { runScenario, ScenarioRun } from "../../../src/scenario/run.ts";
import { formatRun } from "../../../src/scenario/text-report.ts";
import { PLAIN } from "../../../src/text/style.ts";
import { joined, load, playCaptured, TOPOLOGIES, topology } from "./stage.ts";

function octets(scenario: Scenario, seed?: number) {
  const options = { captureEgress: true, ...(seed === undefined ? {} : { seed }) };
  const { result, capture } = playCaptured(scenario, options);
  return { report: formatReport(result.report), text: formatRun(result, PLAIN), capture };
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

describe.each(TOPOLOGIES)("%s", (name) => {
  const first = octets(topology(name));

  it("twice gives the same report, text and capture", () => {
    const second = octets(topology(name));
    expect(second.report).toBe(first.report);
    expect(second.text).toBe(first.text);
    expect(same(second.capture, first.capture)).toBe(true);
  });

  it("with another seed differs, where chance plays", () => {
    const other = octets(topology(name), 2);
    expect(JSON.parse(other.report).vrrp).not.toEqual(JSON.parse(first.report).vrrp);
    expect(same(other.capture, first.capture)).toBe(false);
  });

  it("does not change by being watched", () => {
    const watched = runScenario(topology(name), { onHappening: () => {} });
    expect(formatReport(watched.report)).toBe(first.report);
  });
});

describe("a run in pieces", () => {
  const scenario = load({
    until: "10s",
    timeline: ["at: 5s, snapshot: s", "at: 5s, crash: vm-A", "at: 10s, snapshot: end"],
  });
  const whole = playCaptured(scenario);

  it("is the same run, wherever it is cut", () => {
    const cut = fc.oneof(
      fc.integer({ min: 0, max: 10_000_000_000 }),
      // Moments at which something happens: steps, questions, and frames that enter the switch 50 us after.
      fc.integer({ min: 0, max: 1000 }).map((turn) => turn * 10_000_000),
      fc.integer({ min: 0, max: 1000 }).map((turn) => turn * 10_000_000 + 50_000),
    );
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 30 }), (cuts) => {
        const chunks: Uint8Array[] = [];
        const run = new ScenarioRun(scenario, { captureTo: (chunk) => chunks.push(chunk.slice()) });
        for (const atNs of cuts) run.advanceTo(atNs);
        run.advanceTo(Number.MAX_SAFE_INTEGER);
        expect(formatReport(run.finish().report)).toBe(formatReport(whole.result.report));
        expect(same(joined(chunks), whole.capture)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });

  it("cannot be judged before its end", () => {
    const run = new ScenarioRun(scenario);
    run.advanceTo(scenario.untilNs - 1);
    expect(() => run.finish()).toThrow("before its end");
  });
});

describe("a scenario", () => {
  it("can be run many times: nothing of a run stays in it", () => {
    const scenario = load({ timeline: ["at: 6s, crash: vm-A", "at: 8s, restore: vm-A"] });
    const before = JSON.stringify(scenario);
    const reports = [1, 2, 1].map((seed) => formatReport(runScenario(scenario, { seed }).report));
    expect(reports[2]).toBe(reports[0]);
    expect(reports[1]).not.toBe(reports[0]);
    expect(JSON.stringify(scenario)).toBe(before);
  });
});
