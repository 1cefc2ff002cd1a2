import { describe, expect, it } from "vitest";
import { AssertionError, assert, present } from "../../src/base/assert.ts";

describe("assert", () => {
  it("throws its message unless the condition holds", () => {
    expect(() => assert(true, "never")).not.toThrow();
    expect(() => assert(false, "a lane is full")).toThrow(new AssertionError("a lane is full"));
  });

  it("throws an error that names itself", () => {
    const error = new AssertionError("why");
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe("AssertionError: why");
  });
});

describe("present", () => {
  it("gives the value, 0, false and the empty text included", () => {
    for (const value of [0, false, "", Number.NaN]) expect(present(value, "never")).toBe(value);
  });

  it("refuses null and undefined", () => {
    expect(() => present(null, "no lane")).toThrow(new AssertionError("no lane"));
    expect(() => present(undefined, "no lane")).toThrow(AssertionError);
  });
});
