/** What the tests of this folder share: octets from text and back, and the proof that a writer writes exactly its octets. */
import { expect } from "vitest";

/** Octets of hex digits; blanks are ignored. */
export function bytesOf(hex: string): Uint8Array {
  const digits = hex.replace(/\s+/g, "");
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => octet.toString(16).padStart(2, "0")).join("");
}

/** Octets before and behind the place written to. */
const MARGIN = 5;

/**
 * The `octets` octets that `write` writes at the offset it is given, whatever stood there before; and nothing else may
 * change. `before` is put in front of that offset (an IP header), `behind` at it (data that the writer finds in place).
 */
export function written(
  octets: number,
  write: (bytes: Uint8Array, offset: number) => void,
  before: Uint8Array = new Uint8Array(0),
  behind: { readonly at: number; readonly data: Uint8Array } | null = null,
): Uint8Array {
  const results = [0xa5, 0x5a].map((fill) => {
    const bytes = new Uint8Array(MARGIN + before.length + octets + MARGIN).fill(fill);
    const offset = MARGIN + before.length;
    bytes.set(before, MARGIN);
    if (behind !== null) bytes.set(behind.data, offset + behind.at);
    const untouched = bytes.slice();
    write(bytes, offset);
    expect(hexOf(bytes.subarray(0, offset)), "octets in front").toBe(hexOf(untouched.subarray(0, offset)));
    expect(hexOf(bytes.subarray(offset + octets)), "octets behind").toBe(hexOf(untouched.subarray(offset + octets)));
    return bytes.slice(offset, offset + octets);
  });
  expect(hexOf(results[0]!), "an octet kept its past").toBe(hexOf(results[1]!));
  return results[0]!;
}

/**
 * `bytes` as seen by a reader that may read only from `from` up to, but not including, `to`: any other index throws. Slow;
 * for tests of bounds.
 */
export function guarded(bytes: Uint8Array, from: number, to: number): Uint8Array {
  return new Proxy(bytes, {
    get(target, key) {
      if (typeof key === "string" && /^-?\d+$/.test(key)) {
        const index = Number(key);
        if (index < from || index >= to) throw new RangeError(`read octet ${index} outside ${from} to ${to}`);
        return target[index];
      }
      return Reflect.get(target, key, target) as unknown;
    },
  });
}
