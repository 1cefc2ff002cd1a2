import { describe, expect, it } from "vitest";
import { describeFrame } from "../../src/wire/describe.ts";
import { PARSE_NAMES, PARSE_OK } from "../../src/wire/parse-code.ts";
import { checkFrame } from "./check-frame.ts";
import { bytesOf, hexOf, written } from "./octets.ts";
import { RECORDED_FRAMES } from "./recorded-frames.ts";

describe.each(RECORDED_FRAMES)("$name", ({ hex, text }) => {
  const frame = bytesOf(hex);

  it("passes every check", () => {
    expect(PARSE_NAMES[checkFrame(frame, 0, frame.length)]).toBe("ok");
  });

  it("is described", () => {
    expect(describeFrame(frame, 0, frame.length)).toBe(text);
  });

  it("is refused when cut anywhere", () => {
    for (let octets = 0; octets < frame.length; octets++) {
      expect(checkFrame(frame, 0, octets), `cut to ${octets} octets`).not.toBe(PARSE_OK);
      expect(describeFrame(frame, 0, octets), `cut to ${octets} octets`).toMatch(/\[truncated\]/);
    }
  });

  it("passes with padding behind it, as Ethernet adds", () => {
    const padded = new Uint8Array(Math.max(60, frame.length) + 4).fill(0xee);
    padded.set(frame, 2);
    expect(checkFrame(padded, 2, Math.max(60, frame.length))).toBe(PARSE_OK);
    expect(describeFrame(padded, 2, Math.max(60, frame.length))).toBe(text);
  });
});

describe("frames from our writers equal the recorded ones, octet for octet", () => {
  for (const { name, hex, write } of RECORDED_FRAMES) {
    if (write === null) continue;
    it(name, () => {
      const octets = hex.length / 2;
      expect(write(new Uint8Array(octets), 0)).toBe(octets);
      expect(hexOf(written(octets, write))).toBe(hex);
    });
  }
});
