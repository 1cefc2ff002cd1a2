/** What `viplane check` shows to people. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatCounts, formatFailover, formatFindings, formatRules } from "../../src/cli/check-text.ts";
import { failoverTimes } from "../../src/lint/failover-times.ts";
import { ALL_RULES } from "../../src/lint/rules.ts";
import { PLAIN, type Style } from "../../src/text/style.ts";
import { confCluster, instanceText } from "../lint/clusters.ts";
import { FINDING, WITHOUT_PLACE } from "../lint/sample-findings.ts";

const FILES: Readonly<Record<string, string>> = {
  "a.conf": "vrrp_instance VI_1 {\n  priority 100 # best\n}",
  "b.conf": "priority 100",
};
const lineOf = ({ file, line }: { file: string; line: number }) => FILES[file]?.split("\n")[line - 1] ?? null;

describe("findings as text", () => {
  it("show place, message, line, reason, remedy and what belongs to it", () => {
    expect(
      formatFindings([FINDING, WITHOUT_PLACE], lineOf, PLAIN),
    ).toBe(`a.conf:2:12: warning: a and b have priority 100 [equal-priorities]
       2 |   priority 100 # best
         |            ^~~
    why: the higher address wins
    fix: priority 90 on one of them
    b.conf:1:10: the other one
       1 | priority 100
         |          ^~~

a.conf: error: a and b have priority 100 [equal-priorities]

`);
  });

  it("do without a line that is not at hand", () => {
    expect(formatFindings([FINDING], () => null, PLAIN)).not.toContain("|");
  });

  it.each([
    ["\tpriority 100", 2, "\tpriority 100", "\t^~~~~~~~"],
    ["x\u001b[31my", 1, "x·[31my", "^~~~~~~"],
    ['auth_pass "a b" x', 11, 'auth_pass "a b" x', "          ^~~~~"],
    ["virtual_ipaddress {", 19, "virtual_ipaddress {", "                  ^"],
    ["short", 40, "short", "     ^"],
    [`${"x ".repeat(100)}word y`, 201, `${"x ".repeat(25)}word y`, `${" ".repeat(50)}^~~~`],
  ])("mark the word in %j, column %i", (line, column, shown, mark) => {
    const lines = formatFindings([{ ...FINDING, column, related: [] }], () => line, PLAIN).split("\n");
    expect(lines[1]!.slice(11)).toBe(shown);
    expect(lines[2]!.slice(11)).toBe(mark);
  });

  it("keep what a terminal would act on out, and a mark under its word, whatever stands in the line", () => {
    const text = fc.string({ unit: "binary-ascii", maxLength: 300 }).filter((line) => !line.includes("\n"));
    fc.assert(
      fc.property(text, fc.nat(320), (line, column) => {
        const shown = formatFindings([{ ...FINDING, message: line, column: column + 1 }], () => line, PLAIN);
        expect(shown.replace(/[\n\t]/g, "")).not.toMatch(/\p{Cc}/u);
        expect(shown.split("\n")[2]).toMatch(/^ {9}\| [\s]*\^~*$/);
      }),
    );
  });

  it("are coloured if wanted", () => {
    const style: Style = {
      ...PLAIN,
      bad: (text) => `<${text}>`,
      accent: (text) => `(${text})`,
      bold: (text) => `*${text}*`,
    };
    expect(formatFindings([WITHOUT_PLACE], lineOf, style)).toContain("*a.conf*: <error>: ");
    expect(formatFindings([FINDING], lineOf, style)).toContain("*a.conf:2:12*: (warning): ");
  });

  it("are no more than anybody reads", () => {
    const many = Array.from({ length: 103 }, (_, i) => ({ ...FINDING, line: i + 1 }));
    const text = formatFindings([...many.slice(1), { ...FINDING, severity: "error", line: 999 }], () => null, PLAIN);
    expect(text).toMatch(/^a\.conf:999:12: error: /);
    expect(text).toMatch(/\n… and 3 more findings; --format json has them all\n\n$/);
  });

  it("are counted", () => {
    expect(formatCounts([])).toBe("no findings");
    expect(formatCounts([FINDING, WITHOUT_PLACE, FINDING])).toBe("1 error, 2 warnings");
    expect(formatCounts([{ ...FINDING, severity: "hint" }])).toBe("1 hint");
  });
});

describe("failover times as text", () => {
  const two = (vrid: number, vip: string) => ({ vrid, vip, name: `VI_${vrid}` });
  const node = (priority: number) =>
    instanceText({ ...two(51, "10.0.1.50"), priority }) + instanceText({ ...two(52, "10.0.1.52"), priority });

  it("are one table for all routers that fail over alike", () => {
    const times = failoverTimes(confCluster({ "a.conf": node(100), "b.conf": node(90) }));
    const failover = times.map((one) => ({ scenario: null, ...one }));
    expect(formatFailover(failover, PLAIN)).toBe(`failover from a.conf (priority 100) to b.conf
  VRID 51, IPv4: 10.0.1.50
  VRID 52, IPv4: 10.0.1.52
  fault            best  typical    worst  made of
  crash         2.648 s  3.148 s  3.648 s  3 × 1 s + skew 0.648 s
  link lost     2.648 s  3.148 s  3.648 s  3 × 1 s + skew 0.648 s
  orderly stop  0.649 s  0.649 s  0.649 s  farewell + skew 0.648 s

`);
    expect(formatFailover([{ ...failover[0]!, scenario: "x.yaml" }], PLAIN)).toMatch(/^x\.yaml: failover from a\.conf/);
    expect(formatFailover([], PLAIN)).toBe("");
  });

  it("name who is next where that depends on the fault, and say why nobody is", () => {
    const script = "vrrp_script chk {\nscript /bin/true\nweight -15\n}\n";
    const tracked = ["track_script {", "chk", "}", "track_interface {", "eth1 weight -5", "}"];
    const times = failoverTimes(
      confCluster({
        a: script + instanceText({ lines: tracked }),
        b: instanceText({ priority: 90, lines: ["nopreempt"] }),
        c: instanceText({ priority: 87 }),
      }),
    );
    const text = formatFailover(
      times.map((one) => ({ scenario: null, ...one })),
      PLAIN,
    );
    expect(text).toMatch(/ {2}crash .* b {5}3 × 1 s \+ skew/);
    expect(text).toMatch(/ {2}script chk, weight -15 .* c {5}1 failure, 100 → 85 < 87, 3 × 1 s \+ skew/);
    expect(text).toMatch(/ {2}interface eth1, weight -5 +never +100 → 95 is not below the 90 of b/);
  });
});

describe("the rules as text", () => {
  it("are a table that names each of them", () => {
    const lines = formatRules(ALL_RULES).split("\n");
    expect(lines[0]).toMatch(/^ {2}rule +severity {2}finds$/);
    for (const { name, severity } of ALL_RULES)
      expect(lines.some((line) => new RegExp(`^ {2}${name} +${severity} +\\S`).test(line))).toBe(true);
    expect(lines.every((line) => line.length <= 120)).toBe(true);
  });
});
