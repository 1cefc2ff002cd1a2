import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { VERSION } from "../../src/base/version.ts";
import { ROOT, sourceFiles } from "./source-files.ts";

const LINES_MAX = 400;

describe("source files", () => {
  const files = sourceFiles();

  it("begin with a comment that says what they are about", () => {
    const wrong = files.filter(({ text }) => !/^(#!.*\n)?\/\*\*\s+\S|^(#!.*\n)?\/\/ \S/.test(text));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it(`have ${LINES_MAX} lines at most`, () => {
    const long = files.filter(({ text }) => text.trimEnd().split("\n").length > LINES_MAX);
    expect(long.map(({ path }) => path)).toEqual([]);
  });
});

describe("the version", () => {
  it("is the package's", () => {
    const { version } = JSON.parse(readFileSync(`${ROOT}/package.json`, "utf8"));
    expect(VERSION).toBe(version);
  });
});
