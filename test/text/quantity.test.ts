/** Rates and shares as people write them. */
import { describe, expect, it } from "vitest";
import { parseBitRate, parsePercent } from "../../src/text/quantity.ts";

describe("a rate", () => {
  it.each([
    ["1mbit", 1e6],
    ["100mbit", 1e8],
    ["2.5gbit", 2.5e9],
    ["1000kbit", 1e6],
    ["400gbit", 4e11],
  ])("%s is %d bits a second", (text, rate) => {
    expect(parseBitRate(text)).toBe(rate);
  });

  it.each(["", "1", "1gb", "1 gbit", "1Gbit", "-1gbit", "1e3mbit", "999kbit", "401gbit", "gbit", "1gbit/s", ".5gbit"])(
    "%j is none",
    (text) => {
      expect(parseBitRate(text)).toBeNull();
    },
  );
});

describe("a share", () => {
  it.each([
    ["0%", 0],
    ["30%", 0.3],
    ["2.5%", 0.025],
    ["100%", 1],
  ])("%s is %d", (text, share) => {
    expect(parsePercent(text)).toBe(share);
  });

  it.each(["", "%", "1", "100.1%", "-1%", "1 %", "1e1%", "all", ".5%"])("%j is none", (text) => {
    expect(parsePercent(text)).toBeNull();
  });
});
