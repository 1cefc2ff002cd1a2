import { describe, expect, it } from "vitest";
import { formatMacWords } from "../../src/switch/mac-words.ts";

describe("a MAC in two words", () => {
  it("is its text again, with signed words too", () => {
    expect(formatMacWords(0x0002, 0x01000000)).toBe("02:00:00:00:00:01");
    expect(formatMacWords(0xaa02, 0xeeddccbb | 0)).toBe("02:aa:bb:cc:dd:ee");
    expect(formatMacWords(0xffff, -1)).toBe("ff:ff:ff:ff:ff:ff");
    expect(formatMacWords(0, 0)).toBe("00:00:00:00:00:00");
  });
});
