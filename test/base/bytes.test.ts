import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copyBytes, equalBytes, readI32, readU16, writeI32, writeU16 } from "../../src/base/bytes.ts";

describe("half-words and words", () => {
  it("are in network byte order", () => {
    const bytes = Uint8Array.of(0xff, 0x12, 0x34, 0x56, 0x78, 0xff);
    expect(readU16(bytes, 1)).toBe(0x1234);
    expect(readI32(bytes, 1)).toBe(0x12345678);
  });

  it("are unsigned of 16 bits and signed of 32", () => {
    const bytes = new Uint8Array(4).fill(0xff);
    expect(readU16(bytes, 0)).toBe(0xffff);
    expect(readI32(bytes, 0)).toBe(-1);
  });

  it("come back as written, at any offset, and touch nothing else", () => {
    fc.assert(
      fc.property(fc.nat(5), fc.nat(0xffff), fc.integer(), (offset, half, word) => {
        const bytes = new Uint8Array(12).fill(0xa5);
        writeU16(bytes, offset, half);
        writeI32(bytes, offset + 2, word);
        expect(readU16(bytes, offset)).toBe(half);
        expect(readI32(bytes, offset + 2)).toBe(word | 0);
        bytes.fill(0xa5, offset, offset + 6);
        expect(Array.from(bytes)).toEqual(new Array(12).fill(0xa5));
      }),
    );
  });
});

describe("copyBytes", () => {
  it("copies from offset to offset and nothing more", () => {
    const to = new Uint8Array(6).fill(9);
    copyBytes(Uint8Array.of(1, 2, 3, 4, 5), 1, to, 2, 3);
    expect(Array.from(to)).toEqual([9, 9, 2, 3, 4, 9]);
  });
});

describe("equalBytes", () => {
  it("compares the octets asked for and no others", () => {
    const a = Uint8Array.of(0, 1, 2, 3, 9);
    const b = Uint8Array.of(1, 2, 3, 7);
    expect(equalBytes(a, 1, b, 0, 3)).toBe(true);
    expect(equalBytes(a, 1, b, 0, 4)).toBe(false);
    expect(equalBytes(a, 4, b, 3, 0)).toBe(true);
  });
});
