/** The same findings for programs and for code hosts. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { failoverTimes } from "../../src/lint/failover-times.ts";
import { formatGithub } from "../../src/lint/github-report.ts";
import { formatJson } from "../../src/lint/json-report.ts";
import { ALL_RULES } from "../../src/lint/rules.ts";
import { formatSarif } from "../../src/lint/sarif-report.ts";
import { confCluster, instanceText } from "./clusters.ts";
import { FINDING, WITHOUT_PLACE } from "./sample-findings.ts";

describe("findings as JSON", () => {
  it("have every field, and times in seconds", () => {
    const times = failoverTimes(confCluster({ a: instanceText(), b: instanceText({ priority: 90 }) }));
    const failover = times.map((one) => ({ scenario: null, ...one }));
    const document = JSON.parse(formatJson({ findings: [FINDING], failover }));
    expect(document).toMatchObject({ schemaVersion: 1, viplane: expect.any(String), findings: [FINDING] });
    expect(document.failover).toMatchObject([
      {
        scenario: null,
        segment: "the network",
        family: 4,
        vrid: 51,
        addresses: ["10.0.1.50"],
        master: { node: "a", instance: "VI_1", priority: 100 },
      },
    ]);
    expect(document.failover[0].faults[0]).toEqual({
      fault: "crash",
      of: null,
      weight: null,
      next: "b",
      best: 2.648437,
      typical: 3.148437,
      worst: 3.648437,
      reason: "3 × 1 s + skew 0.648 s",
    });
  });

  it("have null for a time that never comes", () => {
    const script = "vrrp_script chk {\nscript /bin/true\nweight -5\n}\n";
    const a = script + instanceText({ lines: ["track_script {", "chk", "}"] });
    const times = failoverTimes(confCluster({ a, b: instanceText({ priority: 90 }) }));
    const document = JSON.parse(
      formatJson({ findings: [], failover: times.map((one) => ({ scenario: null, ...one })) }),
    );
    expect(document.failover[0].faults.at(-1)).toMatchObject({
      fault: "script",
      of: "chk",
      weight: -5,
      next: null,
      worst: null,
    });
  });
});

describe("findings as SARIF", () => {
  const log = JSON.parse(formatSarif([FINDING, WITHOUT_PLACE, { ...FINDING, severity: "hint" }], ALL_RULES, true));
  const [run] = log.runs;

  it("have what SARIF 2.1.0 requires of a log and a run", () => {
    expect(log).toMatchObject({ version: "2.1.0", $schema: expect.stringContaining("sarif-2.1.0") });
    expect(log.runs).toHaveLength(1);
    expect(run.tool.driver).toMatchObject({ name: "viplane", version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
    expect(run).toMatchObject({ columnKind: "utf16CodeUnits", invocations: [{ executionSuccessful: true }] });
    expect(Object.keys(run).sort()).toEqual(["columnKind", "invocations", "results", "tool"]);
  });

  it("describe every rule once, with help", () => {
    const { rules } = run.tool.driver;
    expect(new Set(rules.map(({ id }: { id: string }) => id)).size).toBe(rules.length);
    for (const rule of rules) {
      expect(rule).toEqual({
        id: expect.stringMatching(/^[a-z][a-z-]*$/),
        shortDescription: { text: expect.stringMatching(/\S/) },
        help: { text: expect.stringContaining(`--ignore ${rule.id}`) },
        defaultConfiguration: { level: expect.stringMatching(/^(error|warning|note)$/) },
      });
    }
  });

  it("refer to their rules, with levels, messages and places", () => {
    expect(run.results.map(({ level }: { level: string }) => level)).toEqual(["warning", "error", "note"]);
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
    const region = { startLine: 2, startColumn: 12 };
    expect(run.results[0]).toMatchObject({
      message: { text: "a and b have priority 100\nWhy: the higher address wins\nFix: priority 90 on one of them" },
      locations: [{ physicalLocation: { artifactLocation: { uri: "a.conf" }, region } }],
      relatedLocations: [{ id: 0, message: { text: "the other one" }, physicalLocation: { region: { startLine: 1 } } }],
    });
    expect(run.results[1].message.text).toBe("a and b have priority 100");
    expect(run.results[1].locations).toEqual([{ physicalLocation: { artifactLocation: { uri: "a.conf" } } }]);
    expect(run.results[1].relatedLocations).toBeUndefined();
  });

  it.each([
    ["conf d/a#1%.conf", "conf%20d/a%231%25.conf"],
    ["/etc/keepalived/a.conf", "file:///etc/keepalived/a.conf"],
    ["../a.conf", "../a.conf"],
    ["a:b.conf", "a%3Ab.conf"],
  ])("name the file %j as %s", (file, uri) => {
    const { runs } = JSON.parse(formatSarif([{ ...FINDING, file }], ALL_RULES, true));
    expect(runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(uri);
  });

  it("say if something could not be judged", () => {
    expect(JSON.parse(formatSarif([], ALL_RULES, false)).runs[0]).toMatchObject({
      invocations: [{ executionSuccessful: false }],
      results: [],
    });
  });
});

describe("findings as GitHub's commands", () => {
  it("are one line each", () => {
    expect(formatGithub([FINDING, WITHOUT_PLACE, { ...FINDING, severity: "hint", related: [] }])).toBe(
      [
        "::warning file=a.conf,line=2,col=12,title=equal-priorities::a and b have priority 100%0Awhy: the higher address wins%0Afix: priority 90 on one of them%0Ab.conf:1:10: the other one",
        "::error file=a.conf,title=equal-priorities::a and b have priority 100",
        "::notice file=a.conf,line=2,col=12,title=equal-priorities::a and b have priority 100%0Awhy: the higher address wins%0Afix: priority 90 on one of them",
        "",
      ].join("\n"),
    );
  });

  it("escape what would end them", () => {
    const [line] = formatGithub([
      { ...WITHOUT_PLACE, file: "a,b:c%.conf", message: "100% of\r\na, b: c\u001b::error::x" },
    ]).split("\n");
    expect(line).toBe(
      "::error file=a%2Cb%3Ac%25.conf,title=equal-priorities::100%25 of\\u000d%0Aa, b: c\\u001b::error::x",
    );
  });

  it("stay one line each, whatever they say", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (file, message) => {
        const text = formatGithub([{ ...FINDING, file, message }]);
        expect(text.slice(0, -1)).not.toMatch(/[\r\n]/);
        const [, properties] = /^::warning (.*?)::/.exec(text)!;
        expect(properties!.split(",").map((property) => property.split("=")[0])).toEqual([
          "file",
          "line",
          "col",
          "title",
        ]);
      }),
    );
  });
});
