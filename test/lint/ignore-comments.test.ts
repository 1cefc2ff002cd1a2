/** Comments that silence findings: read as keepalived reads comments, and reported where they are of no use. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ignoreComments, silenced } from "../../src/lint/ignore-comments.ts";
import type { LintFinding } from "../../src/lint/rule.ts";

const KNOWN = ["equal-priorities", "vrid-clash", "unused-ignore"];

function read(...lines: string[]): string[] {
  return ignoreComments("a.conf", lines.join("\n")).map(
    ({ at, rules, target }) =>
      `${at.line}:${at.column} ${rules.join("+") || "?"} ${target === null ? "file" : `line ${target.line}`}`,
  );
}

function finding(rule: string, line: number, file = "a.conf"): LintFinding {
  return { file, line, column: 1, rule, severity: "warning", message: "m", why: "w", fix: "f", related: [] };
}

function heard(findings: readonly LintFinding[], ...lines: string[]): string[] {
  const comments = ignoreComments("a.conf", lines.join("\n"));
  return silenced(findings, comments, KNOWN).map(({ rule, line, message }) =>
    rule === "unused-ignore" ? `${line} ${message}` : `${line} ${rule}`,
  );
}

describe("an ignore comment", () => {
  it.each([
    ["at the end of a line", ["priority 100 # viplane: ignore equal-priorities"], ["1:14 equal-priorities line 1"]],
    ["behind !", ["priority 100 ! viplane: ignore equal-priorities"], ["1:14 equal-priorities line 1"]],
    ["inside a word, where a comment begins too", ["x ab#viplane: ignore r"], ["1:5 r line 1"]],
    ["with several names", ["x # viplane: ignore a, b,c ,d"], ["1:3 a+b+c+d line 1"]],
    ["alone, for the next line", ["# viplane: ignore r", "x"], ["1:1 r line 2"]],
    ["alone, past blank lines and comments", [" # viplane: ignore r", "", "# more", "x", "y"], ["1:2 r line 4"]],
    ["several alone", ["# viplane: ignore r", "## viplane:ignore s", "x"], ["1:1 r line 3", "2:1 s line 3"]],
    ["alone, before a brace", ["# viplane: ignore r", "}"], ["1:1 r line 2"]],
    ["alone at the end of the file", ["x", "# viplane: ignore r"], ["2:1 r line 2"]],
    ["for the file", ["x", "y # viplane: ignore-file r, s"], ["2:3 r+s file"]],
    ["on lines that end with CR", ["x # viplane: ignore r\r", "y\r"], ["1:3 r line 1"]],
    ["behind the escape that is none", ["x \\# viplane: ignore r"], ["1:4 r line 1"]],
    ["on a line that is continued", ["$X=a # viplane: ignore r \\", "b"], ["1:6 r line 1"]],
    ["behind a quoted word", ['x "a#b" # viplane: ignore r'], ["1:9 r line 1"]],
  ])("%s", (_, lines, expected) => {
    expect(read(...lines)).toEqual(expected);
  });

  it.each([
    ["in quotes", 'x "# viplane: ignore r"'],
    ["in quotes that do not end", 'x "# viplane: ignore r'],
    ["without a comment", "viplane: ignore r"],
    ["further into a comment", "x # see viplane: ignore r"],
    ["of another tool", "# shellcheck disable=SC1"],
  ])("is none %s", (_, line) => {
    expect(read(line)).toEqual([]);
  });

  it.each(["ingore r", "ignore", "ignore r s", "ignore-files r", "ignore Rule", "ignore r,", ""])(
    "that says %j is not understood",
    (words) => {
      expect(read(`x # viplane: ${words}`)).toEqual(["1:3 ? file"]);
      expect(heard([], `x # viplane: ${words}`)).toEqual([`1 'viplane: ${words}' is not understood`]);
    },
  );

  it("reads any text", () => {
    const piece = fc.constantFrom(
      "# viplane: ignore r",
      "!",
      "#",
      '"',
      "\\",
      "\n",
      " ",
      "{",
      "x",
      "viplane: ignore-file r",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join("");
        for (const { at, target } of ignoreComments("a.conf", text)) {
          expect("#!").toContain(text.split("\n")[at.line - 1]![at.column - 1]);
          expect(target === null || target.line >= at.line).toBe(true);
        }
      }),
    );
  });
});

describe("silencing", () => {
  it("takes away what is named, on its line", () => {
    const findings = [finding("vrid-clash", 1), finding("equal-priorities", 1), finding("equal-priorities", 2)];
    expect(heard(findings, "x # viplane: ignore equal-priorities")).toEqual(["1 vrid-clash", "2 equal-priorities"]);
  });

  it("takes away what is named, in the whole file and in no other", () => {
    const findings = [finding("vrid-clash", 1), finding("vrid-clash", 9), finding("vrid-clash", 1, "b.conf")];
    expect(heard(findings, "# viplane: ignore-file vrid-clash")).toEqual(["1 vrid-clash"]);
  });

  it("says which names silence nothing", () => {
    expect(heard([finding("vrid-clash", 1)], "x # viplane: ignore vrid-clash, equal-priorities")).toEqual([
      "1 'ignore vrid-clash, equal-priorities' silences nothing: there is no equal-priorities here",
    ]);
    expect(heard([], "x # viplane: ignore vrid-clashes")).toEqual([
      "1 'ignore vrid-clashes': there is no rule vrid-clashes",
    ]);
  });

  it("names the rule that may be meant", () => {
    const [hint] = silenced([], ignoreComments("a.conf", "# viplane: ignore vrid-clahs"), KNOWN);
    expect(hint).toMatchObject({ severity: "hint", line: 1, column: 1, fix: "did you mean vrid-clash?" });
  });

  it("needs only one of two comments that say the same, and calls none of them idle", () => {
    const lines = ["# viplane: ignore-file vrid-clash", "x # viplane: ignore vrid-clash"];
    expect(heard([finding("vrid-clash", 2)], ...lines)).toEqual([]);
  });
});
