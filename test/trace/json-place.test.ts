import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnOf, findJsonFault } from "../../src/trace/json-place.ts";

const LINE = '{"at": 0.1, "portFlags": {"port": 0, "learning": "off"}, "list": [1, {"a": [true, null]}, "x\\"]"]}';

describe("the place of a value", () => {
  it.each([
    [["at"], "key", '"at"'],
    [["at"], "value", "0.1"],
    [["portFlags", "learning"], "key", '"learning"'],
    [["portFlags", "learning"], "value", '"off"'],
    [["list", 0], "value", "1, {"],
    [["list", 1, "a", 1], "value", "null"],
    [["list", 2], "value", '"x\\"]"'],
  ] as const)("%j (%s) is found", (path, of, text) => {
    expect(columnOf(LINE, path, of)).toBe(LINE.indexOf(text) + 1);
  });

  it("is 1 where there is none", () => {
    expect(columnOf(LINE, ["nothing"], "key")).toBe(1);
    expect(columnOf(LINE, ["list", 7], "value")).toBe(1);
  });

  it("is that of the last one, where a key stands twice, as it is for JSON", () => {
    expect(columnOf('{"a": 1, "a": 2}', ["a"], "value")).toBe(15);
  });
});

describe("what is no JSON", () => {
  it.each([
    ['{"at": 1,}', 10, "a comma stands before the }"],
    ["{'at': 1}", 2, "expected a key, got '''"],
    ["{at: 1}", 2, "expected a key, got 'at'"],
    ['{"at" 1}', 7, "expected a colon behind the key, got '1'"],
    ['{"at": 1 "port": 2}', 10, "expected a comma or }, got '\"'"],
    ['{"at": }', 8, "expected a value, got '}'"],
    ['{"at": 01}', 9, "no number: it goes on with 1"],
    ['{"at": 1s}', 9, "no number: it goes on with s"],
    ['{"at": .5}', 8, "expected a value, got '.5'"],
    ['{"at": NaN}', 8, "expected a value, got 'NaN'"],
    ['{"at": True}', 8, "expected a value, got 'True'"],
    ['{"frame": "ff}', 11, "this text is not closed"],
    ['{"a": "\\x"}', 8, "no such escape"],
    ['{"a": "\t"}', 8, "a control character stands in a text"],
    ['{"at": 1', 9, "the line ends, and the { at column 1 is not closed"],
    ['{"at": [1,', 11, "the line ends, and the [ at column 8 is not closed"],
    ['{"at": 1} {"at": 2}', 11, "more stands behind the end: '{'"],
    ["", 1, "expected a value, got the end of the line"],
    ["😀", 1, "expected a value, got '😀'"],
  ])("%s", (text, column, message) => {
    expect(findJsonFault(text)).toMatchObject({ column, message });
    expect(findJsonFault(text)!.hint).not.toBe("");
  });

  it("is told from what is, as the engine's own parser tells it", () => {
    const valid = fc.json();
    const broken = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.nat(3),
        fc.constantFrom("", '"', "{", "}", "[", "]", ",", ":", "\\", "1", "e", " ", "\u0001"),
      )
      .map(([text, at, cut, put]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + put + text.slice(place + cut);
      });
    fc.assert(
      fc.property(fc.oneof(valid, broken, fc.string()), (text) => {
        const fault = findJsonFault(text);
        expect(fault === null).toBe(isJson(text));
        if (fault !== null) expect(fault.column).toBeLessThanOrEqual(text.length + 1);
      }),
      { numRuns: 3000 },
    );
  });

  it("is not looked for in what is nested beyond reason", () => {
    expect(findJsonFault("[".repeat(100_000))).toBeNull();
    expect(columnOf(`${"[".repeat(100_000)}${"]".repeat(100_000)}`, [0], "value")).toBe(2);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
