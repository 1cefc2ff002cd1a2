/** Rates and shares as people write them. */
import { describe, expect, it } from "vitest";
import { parseBitRate, parsePercent, parsePerSecond, SLOW_BIT_RATE_MIN } from "../../src/text/quantity.ts";

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

describe("a rate that only an impairment has", () => {
  it.each([
    ["1kbit", 1e3],
    ["0.5mbit", 5e5],
    ["400gbit", 4e11],
  ])("%s is %d bits a second", (text, rate) => {
    expect(parseBitRate(text, SLOW_BIT_RATE_MIN)).toBe(rate);
  });

  it.each(["0.9kbit", "0kbit", "401gbit", "1bit"])("%j is none", (text) => {
    expect(parseBitRate(text, SLOW_BIT_RATE_MIN)).toBeNull();
  });
});

describe("a pace", () => {
  it.each([
    ["2/s", 2],
    ["0.01/s", 0.01],
    ["1000000/s", 1e6],
  ])("%s is %d a second", (text, count) => {
    expect(parsePerSecond(text)).toBe(count);
  });

  it.each(["", "2", "/s", "0/s", "0.009/s", "1000001/s", "2/m", "2 /s", "-1/s"])("%j is none", (text) => {
    expect(parsePerSecond(text)).toBeNull();
  });
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
