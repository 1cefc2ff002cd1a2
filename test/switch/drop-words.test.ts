import { describe, expect, it } from "vitest";
import { DROP_NAMES } from "../../src/switch/drop-cause.ts";
import { DROP_WORDS, dropWords } from "../../src/switch/drop-words.ts";

describe("every drop cause", () => {
  const causes = DROP_NAMES.filter((name) => name !== "none");

  it.each(causes)("%s is told in half a sentence of its own", (name) => {
    expect(dropWords(name)).toMatch(/^[a-z].{20,}[^.\s]$/);
    expect(causes.filter((other) => dropWords(other) === dropWords(name))).toEqual([name]);
  });

  it("is all that is told", () => {
    expect(Object.keys(DROP_WORDS).sort()).toEqual([...causes].sort());
    expect(dropWords("none")).toBe("delivered");
  });
});
