import { describe, expect, it } from "vitest";
import * as causes from "../../src/switch/drop-cause.ts";

describe("drop causes", () => {
  it("are numbered without gaps, each with a name of its own", () => {
    const { DROP_NAMES, ...numbers } = causes;
    expect(Object.values(numbers).sort((x, y) => x - y)).toEqual(DROP_NAMES.map((_, i) => i));
    expect(new Set(DROP_NAMES).size).toBe(DROP_NAMES.length);
  });

  it("are called what their constants are called", () => {
    const { DROP_NAMES, ...numbers } = causes;
    for (const [constant, number] of Object.entries(numbers)) {
      expect(constant).toBe(`DROP_${DROP_NAMES[number]!.toUpperCase().replaceAll("-", "_")}`);
    }
  });
});
