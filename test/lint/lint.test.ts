/** The engine: what rules and parser say, in a stable order, each once. */
import { describe, expect, it } from "vitest";
import { lint } from "../../src/lint/lint.ts";
import type { Report, Rule } from "../../src/lint/rule.ts";
import { confCluster, instanceText } from "./clusters.ts";

const CONF = instanceText({ lines: ["prioritty 20"] });

function rule(name: string, check: Rule["check"]): Rule {
  return { name, severity: "warning", summary: "a rule of this test", check };
}

const at = (file: string, line: number, column = 1) => ({ file, line, column });
const said = (report: Partial<Report> & Pick<Report, "at">): Report => ({
  message: "m",
  why: "w",
  fix: "f",
  ...report,
});

describe("lint", () => {
  it("sorts what rules and parser say by place, then by rule", () => {
    const rules = [
      rule("z-rule", (_, report) => {
        report(said({ at: at("b.conf", 3) }));
        report(said({ at: at("a.conf", 10) }));
        report(said({ at: at("a.conf", 5, 3) }));
      }),
      rule("a-rule", (_, report) => report(said({ at: at("b.conf", 3) }))),
    ];
    const found = lint(confCluster({ "b.conf": CONF, "a.conf": CONF }), rules);
    expect(found.map(({ file, line, rule }) => `${file}:${line} ${rule}`)).toEqual([
      "a.conf:5 unknown-keyword",
      "a.conf:5 z-rule",
      "a.conf:10 z-rule",
      "b.conf:3 a-rule",
      "b.conf:3 z-rule",
      "b.conf:5 unknown-keyword",
    ]);
  });

  it("takes name and severity from the rule, unless it is milder or worse in one place", () => {
    const rules = [
      rule("one", (_, report) => {
        report(said({ at: at("x", 1) }));
        report(said({ at: at("x", 2), severity: "error" }));
      }),
    ];
    expect(lint(confCluster({}), rules)).toMatchObject([
      { rule: "one", severity: "warning" },
      { rule: "one", severity: "error" },
    ]);
  });

  it("says once what several nodes would say of one file, but different things of one place", () => {
    const rules = [
      rule("one", (_, report) => {
        for (const message of ["m", "m", "n"]) report(said({ at: at("x", 1), message }));
      }),
    ];
    expect(lint(confCluster({}), rules).map(({ message }) => message)).toEqual(["m", "n"]);
  });

  it("keeps nothing of a place but file, line and column", () => {
    const place = { ...at("x", 1), text: "word" };
    const rules = [rule("one", (_, report) => report(said({ at: place, related: [{ ...place, message: "there" }] })))];
    expect(lint(confCluster({}), rules)).toEqual([
      {
        ...at("x", 1),
        rule: "one",
        severity: "warning",
        message: "m",
        why: "w",
        fix: "f",
        related: [{ ...at("x", 1), message: "there" }],
      },
    ]);
  });

  it("judges every other node alone while one of them would not even run", () => {
    const seen: string[][] = [];
    const rules = [
      rule("sees", ({ nodes }) => {
        seen.push(nodes.map(({ name }) => name));
      }),
    ];
    const broken = CONF.replace("virtual_router_id 51", "");
    const found = lint(confCluster({ a: CONF, b: broken, c: CONF }), rules);
    expect(seen).toEqual([["a"], ["c"]]);
    expect(found.map(({ file, rule }) => `${file} ${rule}`)).toContain("b missing-vrid");
  });
});
