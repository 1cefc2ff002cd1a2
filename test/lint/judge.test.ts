/** Everything together, over every configuration that the parser is tested with: what is said has a known name, a place, a reason and a remedy. */
import { describe, expect, it } from "vitest";
import { type Judged, judge } from "../../src/lint/judge.ts";
import { RULE_NAMES } from "../../src/lint/rules.ts";
import { CORPUS } from "../guest/keepalived/conf/corpus.ts";
import { confFiles, instanceText } from "./clusters.ts";

function judged(texts: Readonly<Record<string, string>>, ignored: readonly string[] = []): Judged {
  return judge({
    confs: confFiles(texts),
    scenarios: [],
    ignored: new Set(ignored),
    texts: new Map(Object.entries(texts)),
  });
}

describe("any configuration beside a healthy one", () => {
  it.each(CORPUS)("$name", ({ text }) => {
    const texts = { "a.conf": text, "b.conf": instanceText({ priority: 90 }) };
    const { findings } = judged(texts);
    for (const { rule, file, line, column, message, why, fix } of findings) {
      expect(RULE_NAMES).toContain(rule);
      expect(texts).toHaveProperty([file]);
      expect(Math.min(line, column)).toBeGreaterThan(0);
      for (const said of [message, why, fix]) {
        expect(said.trim()).not.toBe("");
        expect(said).not.toMatch(/undefined|NaN|null|\[object/);
      }
    }
    expect(judged(texts)).toEqual(judged(texts));
    const names = findings.map(({ rule }) => rule);
    expect(judged(texts, names).findings).toEqual([]);
  });
});

describe("a cluster", () => {
  it("is judged with its comments, and then without what is ignored", () => {
    const equal = instanceText({ lines: ["# viplane: ignore-file equal-priorities"] });
    const texts = { "a.conf": equal, "b.conf": instanceText() };
    const rules = ({ findings }: Judged) => findings.map(({ file, rule }) => `${file} ${rule}`);
    const loud = rules(judged({ ...texts, "a.conf": instanceText() }));
    expect(loud.filter((one) => one.endsWith("equal-priorities"))).toHaveLength(1);
    const place = loud.find((one) => one.endsWith("equal-priorities"))!.split(" ")[0]!;
    const quiet = rules(judged({ "a.conf": instanceText(), "b.conf": instanceText(), [place]: equal }));
    expect(quiet).not.toContain(`${place} equal-priorities`);
    expect(quiet).not.toContain(`${place} unused-ignore`);
    // A comment is of use even if its rule is ignored on the command line as well.
    const both = judged({ "a.conf": instanceText(), "b.conf": instanceText(), [place]: equal }, ["equal-priorities"]);
    expect(rules(both)).toEqual(quiet);
  });

  it("has the failover times of the nodes that run", () => {
    const texts = { "a.conf": instanceText(), "b.conf": instanceText({ priority: 90 }) };
    expect(judged(texts).failover).toMatchObject([{ scenario: null, master: { node: "a.conf" } }]);
    const broken = { ...texts, "c.conf": "vrrp_instance VI_1 {\n}\n" };
    expect(judged(broken).failover).toEqual([]);
  });
});
