import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addToSum, finishSum } from "../../src/base/checksum.ts";

/** RFC 1071 section 1 to the letter: end-around carry after every addition. */
function checksumByCarry(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) {
    sum += (bytes[i]! << 8) | (bytes[i + 1] ?? 0);
    if (sum > 0xffff) sum -= 0xffff;
  }
  return ~sum & 0xffff;
}

describe("the Internet checksum", () => {
  it("gives the sum of RFC 1071 section 3's example", () => {
    const bytes = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);
    expect(addToSum(0, bytes, 0, 8)).toBe(0x2ddf0);
    expect(finishSum(0x2ddf0)).toBe(0x220d);
  });

  it("of nothing is all ones", () => {
    expect(finishSum(addToSum(0, new Uint8Array(0), 0, 0))).toBe(0xffff);
  });

  it("counts an odd last octet as the upper half of a word and reads nothing behind it", () => {
    const bytes = Uint8Array.of(0x12, 0x34, 0x56, 0x78);
    expect(addToSum(0, bytes, 0, 3)).toBe(0x1234 + 0x5600);
    expect(addToSum(0, bytes, 1, 1)).toBe(0x3400);
  });

  it("is the same by carry and by folding, at any offset", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1600 }), fc.nat(7), (data, offset) => {
        const bytes = new Uint8Array(offset + data.length + 3).fill(0xa5);
        bytes.set(data, offset);
        expect(finishSum(addToSum(0, bytes, offset, data.length))).toBe(checksumByCarry(data));
      }),
    );
  });

  it("does not depend on where the data is divided, if the first part is even", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(100), (data, half) => {
        const first = Math.min(2 * half, data.length & ~1);
        const inParts = addToSum(addToSum(0, data, 0, first), data, first, data.length - first);
        expect(inParts).toBe(addToSum(0, data, 0, data.length));
      }),
    );
  });

  it("is 0 over data that holds it", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 2, maxLength: 200 }), (data) => {
        data[0] = 0;
        data[1] = 0;
        const checksum = finishSum(addToSum(0, data, 0, data.length));
        data[0] = checksum >>> 8;
        data[1] = checksum & 0xff;
        expect(finishSum(addToSum(0, data, 0, data.length))).toBe(0);
      }),
    );
  });

  it("notices every change of a single bit", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(), (data, bit) => {
        const before = finishSum(addToSum(0, data, 0, data.length));
        data[(bit >>> 3) % data.length]! ^= 1 << (bit & 7);
        expect(finishSum(addToSum(0, data, 0, data.length))).not.toBe(before);
      }),
    );
  });

  it("holds for 65,535 octets of ones, the longest packet", () => {
    expect(finishSum(addToSum(0, new Uint8Array(65_534).fill(0xff), 0, 65_534))).toBe(0);
  });
});
