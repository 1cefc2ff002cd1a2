/** Every code of the parser is a rule with its reason and its remedy. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { resolveAgainstHost } from "../../src/guest/keepalived/conf/host.ts";
import { parseKeepalivedConf } from "../../src/guest/keepalived/conf/parse.ts";
import { explained, PARSER_CODES } from "../../src/lint/parser-codes.ts";
import { RULES } from "../../src/lint/rules.ts";
import { CORPUS } from "../guest/keepalived/conf/corpus.ts";
import { HOST, inMemory } from "../guest/keepalived/conf/samples.ts";
import { isSentences, PHRASE } from "./wording.ts";

const SOURCES = new URL("../../src/guest/keepalived/conf/", import.meta.url);

/** The codes as they stand in the parser's sources; `track-…-not-found` is put together from the words given to it. */
function codesInSources(): Set<string> {
  const codes = new Set<string>();
  for (const name of readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  )) {
    const text = readFileSync(new URL(name, SOURCES), "utf8");
    for (const [, code] of text.matchAll(/\.(?:fatal|error|warning)\(\s*"([a-z-]+)"\s*,/g)) codes.add(code!);
    // Functions of their own that report take the code first, too; no other call has such a word there.
    for (const [, code] of text.matchAll(/\(\s*"([a-z]+(?:-[a-z]+)+)",/g)) codes.add(code!);
    for (const [, code] of text.matchAll(/\bcode(?::| =) "([^"]+)"/g)) codes.add(code!);
    for (const [, code] of text.matchAll(/#report\("\w+", "([^"]+)"/g)) codes.add(code!);
    for (const [, what] of text.matchAll(/\breportNotFound\("(\w+)"/g)) codes.add(`track-${what}-not-found`);
  }
  return codes;
}

describe("the parser's codes", () => {
  it("all have an entry, and no entry is of a code that is gone", () => {
    expect([...PARSER_CODES.keys()].sort()).toEqual([...codesInSources()].sort());
  });

  it.each([...PARSER_CODES])("%s is explained in plain lines", (name, { summary, why, fix }) => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    for (const text of [summary, fix]) expect(text).toMatch(PHRASE);
    expect(isSentences(why), why).toBe(true);
  });

  it("are no names of rules", () => {
    const names = RULES.map(({ name }) => name);
    expect(names.filter((name) => PARSER_CODES.has(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("a diagnostic as a finding", () => {
  const found = CORPUS.flatMap(({ text, files }) => {
    const conf = parseKeepalivedConf("keepalived.conf", text, inMemory(files), { configId: "this-host" });
    return [...conf.diagnostics, ...resolveAgainstHost(conf, HOST)];
  });

  it("has its place, and is an error wherever keepalived would not run", () => {
    expect(found.length).toBeGreaterThan(100);
    for (const diagnostic of found) {
      const finding = explained(diagnostic);
      expect(finding).toMatchObject({ rule: diagnostic.code, line: diagnostic.line, column: diagnostic.column });
      if (diagnostic.severity === "fatal") expect(finding.severity).toBe("error");
      expect(finding.why).not.toBe("");
      expect(finding.fix).not.toContain("undefined");
    }
  });

  it.each([
    ["fatal", "nopreempt-ignored", "error"],
    ["error", "nopreempt-ignored", "warning"],
    ["error", "unknown-keyword", "error"],
    ["warning", "include-missing", "warning"],
    ["warning", "duplicate-name", "warning"],
    ["warning", "not-simulated", "hint"],
    ["warning", "source-address-missing", "error"],
  ] as const)("%s %s is an %s", (severity, code, expected) => {
    const diagnostic = { file: "a.conf", line: 1, column: 1, severity, code, message: "m" };
    expect(explained(diagnostic).severity).toBe(expected);
  });

  it("tells the parser's hint as a remedy, or as a detail of what is wrong", () => {
    const at = { file: "a.conf", line: 1, column: 1 };
    expect(
      explained({ ...at, severity: "error", code: "invalid-number", message: "(VI_1) bad", hint: "1 to 255" }),
    ).toMatchObject({ message: "(VI_1) bad", fix: "write a number that it takes: 1 to 255" });
    expect(
      explained({ ...at, severity: "warning", code: "duplicate-key", message: "again", hint: "the first in line 3" }),
    ).toMatchObject({ message: "again (the first in line 3)", fix: "keep one of the two lines" });
  });
});
