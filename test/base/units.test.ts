import { describe, expect, it } from "vitest";
import {
  formatSeconds,
  formatSpan,
  NS_MAX,
  NS_PER_CS,
  NS_PER_MS,
  NS_PER_S,
  NS_PER_US,
  secondsFromNs,
} from "../../src/base/units.ts";

describe("units of time", () => {
  it("are multiples of a nanosecond", () => {
    expect([NS_PER_US, NS_PER_MS, NS_PER_CS, NS_PER_S]).toEqual([1e3, 1e6, 1e7, 1e9]);
  });

  it("reach 104 days to the nanosecond", () => {
    expect(Math.floor(NS_MAX / NS_PER_S / 86_400)).toBe(104);
    expect(NS_MAX - 1).not.toBe(NS_MAX);
  });
});

describe("secondsFromNs", () => {
  it("prints every nanosecond of a run of hours", () => {
    expect(String(secondsFromNs(3_600_000_000_001))).toBe("3600.000000001");
    expect(secondsFromNs(0)).toBe(0);
  });
});

describe("formatSeconds", () => {
  it("has three decimals unless told otherwise", () => {
    expect(formatSeconds(13_303_000_000)).toBe("13.303 s");
    expect(formatSeconds(1)).toBe("0.000 s");
    expect(formatSeconds(1_500_000_000, 0)).toBe("2 s");
    expect(formatSeconds(1_234_567_891, 9)).toBe("1.234567891 s");
  });
});

describe("formatSpan", () => {
  const spans: readonly (readonly [number, string])[] = [
    [0, "0 ns"],
    [999, "999 ns"],
    [1_000, "1 us"],
    [50_000, "50 us"],
    [1_250, "1.25 us"],
    [651_000_000, "651 ms"],
    [1_500_000, "1.50 ms"],
    [12_340_000, "12.3 ms"],
    [10_000_000, "10 ms"],
    [3_248_000_000, "3.248 s"],
    [1_000_000_000, "1.000 s"],
    [3_600_000_000_000, "3600.000 s"],
  ];
  for (const [ns, text] of spans) it(`of ${ns} ns is ${text}`, () => expect(formatSpan(ns)).toBe(text));
});
