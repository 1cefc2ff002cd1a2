/**
 * The Internet checksum (RFC 1071): the one's complement of the one's complement sum of 16-bit words. It is built in
 * steps, so that a pseudo-header needs no copy: start from 0, add the parts, finish.
 */

/** Adds `octets` octets at `offset` to a running sum. An odd last octet counts as the upper half of a word; only the last part may be odd. */
export function addToSum(sum: number, bytes: Uint8Array, offset: number, octets: number): number {
  const even = offset + (octets & ~1);
  let total = sum;
  for (let i = offset; i < even; i += 2) total += (bytes[i]! << 8) | bytes[i + 1]!;
  if ((octets & 1) === 1) total += bytes[even]! << 8;
  return total;
}

/** The checksum to write, 0 to 65,535. Over data that already holds a correct checksum it is 0. */
export function finishSum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + (folded >>> 16);
  return ~folded & 0xffff;
}
