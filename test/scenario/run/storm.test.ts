/** A broadcast storm in a scenario: what is told of it, and what becomes of a run that it ends. */
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import type { Scenario } from "../../../src/scenario/model.ts";
import { formatReport } from "../../../src/scenario/report.ts";
import { runScenario, ScenarioRun } from "../../../src/scenario/run.ts";
import { formatRun } from "../../../src/scenario/text-report.ts";
import { PLAIN } from "../../../src/text/style.ts";
import { memoryFiles } from "../language/files.ts";
import { playCaptured, topology } from "./stage.ts";

const CONF =
  "vrrp_instance VI_1 {\n  interface eth0\n  virtual_router_id 51\n  virtual_ipaddress {\n    10.0.1.50\n  }\n}\n";

/** A cable from a switch into itself, from 5 s on; nobody pulls it out. */
function endless(expected: readonly string[] = []): Scenario {
  const text = `name: endless
until: 60s
subnets:
  lan: { cidr: 10.0.1.0/24, storm: allow, switches: { core: }, links: { patch: { between: [core, core] } } }
hosts:
  lb: { subnet: lan, address: 10.0.1.11, keepalived: lb.conf }
  client: { subnet: lan, address: 10.0.1.100 }
probes:
  ping: { from: client, to: 10.0.1.50, every: 10ms }
timeline:
  - { at: 0s, link-down: patch }
  - { at: 5s, link-up: patch }
  - { at: 50s, snapshot: never }
${expected.length === 0 ? "" : "expect:\n"}${expected.map((wish) => `  - { ${wish} }\n`).join("")}`;
  return loadScenario("endless.yaml", text, memoryFiles({ "lb.conf": CONF }));
}

describe("a storm that somebody ends", () => {
  it("is told from when to when, how much, and round which way", async () => {
    const result = runScenario(topology("broadcast-storm"));
    await expect(formatRun(result, PLAIN)).toMatchFileSnapshot("broadcast-storm.txt");
    expect(result.report.storms).toEqual([
      {
        subnet: "lan",
        from: expect.any(Number),
        until: expect.any(Number),
        switches: ["core", "rack-1", "rack-2", "core"],
        links: ["uplink-1", "patch", "uplink-2"],
        crossings: expect.any(Number),
        crossingsPerSecond: expect.any(Number),
        ended: true,
        endedRun: false,
      },
    ]);
    const [storm] = result.report.storms!;
    expect(storm!.from).toBeGreaterThan(6.6);
    expect(storm!.until).toBeCloseTo(7.5, 3);
    expect(result.report.outcome).toBe("pass");
  });

  it("does so with any seed, and the same twice", () => {
    for (const seed of [2, 2 ** 53 - 1]) {
      const { report } = runScenario(topology("broadcast-storm"), { seed });
      expect(report.expectations.filter(({ ok }) => !ok)).toEqual([]);
    }
    const octets = () => {
      const { result, capture } = playCaptured(topology("broadcast-storm"));
      return [formatReport(result.report), formatRun(result, PLAIN), Buffer.from(capture).toString("base64")];
    };
    expect(octets()).toEqual(octets());
  });
});

describe("a storm that nobody ends", () => {
  const result = runScenario(endless());

  it("ends the run, and what should have come later never happens", () => {
    expect(result.endNs).toBeLessThan(30e9);
    expect(result.report.snapshots).toEqual([]);
    expect(result.report.storms![0]).toMatchObject({ switches: ["core", "core"], links: ["patch"], endedRun: true });
    const storms = result.happenings.filter(({ kind }) => kind === "storm").map(({ text }) => text);
    expect(storms).toHaveLength(2);
    expect(storms[0]).toMatch(
      /^BROADCAST STORM in lan since 5\.\d{6} s: frames circle core – core and cross its links [\d,]+ times a second$/,
    );
    expect(storms[1]).toMatch(/^THE RUN ENDS HERE: the storm in lan has cost all that it may, [\d,]+ crossings in /);
  });

  it("is the last thing that is told, and nothing reigns beyond it", () => {
    const text = formatRun(result, PLAIN);
    const end = (result.endNs / 1e9).toFixed(3);
    expect(text).toContain(`STORM in lan from 5.`);
    expect(text).toContain("to the end of the run, which it ended");
    expect(text).toMatch(new RegExp(`to +${end} s {2}lb\\.eth0`));
  });

  it("is the same run however it is cut", () => {
    const run = new ScenarioRun(endless());
    for (let atNs = 0; atNs <= 60e9; atNs += 1e9) run.advanceTo(atNs);
    expect(formatReport(run.finish().report)).toBe(formatReport(result.report));
  });

  it("does not end sooner or later for being watched", () => {
    const watched = runScenario(endless(), { onHappening: () => {} });
    expect(formatReport(watched.report)).toBe(formatReport(result.report));
  });

  it("leaves what lies behind it unproved: it fails, and says why", () => {
    const { verdicts, report } = runScenario(
      endless([
        "at: 4.5s, holder: { of: 10.0.1.50, is: lb }",
        "at: 40s, holder: { of: 10.0.1.50, is: lb }",
        "holder: { of: 10.0.1.50, never: client }",
        "from: 1s, until: 4.9s, outage: { of: ping, atMost: 1s }",
        "at: 40s, holder: { of: 10.0.1.50, is: client }",
        "from: 1s, until: 40s, holder: { of: 10.0.1.50, is: client }",
      ]),
    );
    const at = `${(result.endNs / 1e9).toFixed(9)} s`;
    expect(verdicts.map(({ ok, seen }) => [ok, seen])).toEqual([
      [true, "lb"],
      [false, `the run ended in a storm at ${at}`],
      [false, expect.stringMatching(/^nobody, then lb from 3\.\d+ s, until the run ended in a storm at /)],
      [true, "no outage"],
      [false, `the run ended in a storm at ${at}`],
      [false, expect.stringMatching(/^nobody, .*, until the run ended in a storm at /)],
    ]);
    expect(report.outcome).toBe("fail");
  });
});
