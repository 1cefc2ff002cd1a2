import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equalBits } from "../../src/base/bytes.ts";

const bitsOf = (bytes: Uint8Array, offset: number) =>
  [...bytes.subarray(offset)].map((octet) => octet.toString(2).padStart(8, "0")).join("");

describe("equalBits", () => {
  it("compares no more than the bits asked for", () => {
    const a = Uint8Array.of(10, 0, 1, 0b1010_0000);
    const b = Uint8Array.of(10, 0, 1, 0b1011_1111);
    expect(equalBits(a, 0, b, 0, 27)).toBe(true);
    expect(equalBits(a, 0, b, 0, 28)).toBe(false);
    expect(equalBits(a, 0, b, 0, 0)).toBe(true);
    expect(equalBits(a, 0, a, 0, 32)).toBe(true);
  });

  it("is what a comparison of binary texts says, at any offset and length", () => {
    const octets = fc.uint8Array({ minLength: 18, maxLength: 18 });
    fc.assert(
      fc.property(octets, octets, fc.nat(2), fc.nat(2), fc.nat(128), fc.nat(128), (a, b, ao, bo, same, bits) => {
        for (let bit = 0; bit < same; bit++) {
          const mask = 0x80 >> (bit & 7);
          const at = bo + (bit >> 3);
          b[at] = (b[at]! & ~mask) | (a[ao + (bit >> 3)]! & mask);
        }
        expect(equalBits(a, ao, b, bo, bits)).toBe(bitsOf(a, ao).slice(0, bits) === bitsOf(b, bo).slice(0, bits));
      }),
    );
  });
});
