/** Big-endian reads and writes at an offset: network byte order (RFC 1700). Words are signed: `readI32(…) >>> 0` only where text is made. */
export function readU16(bytes: Uint8Array, offset: number): number {
  return (bytes[offset]! << 8) | bytes[offset + 1]!;
}

export function readI32(bytes: Uint8Array, offset: number): number {
  return (bytes[offset]! << 24) | (bytes[offset + 1]! << 16) | (bytes[offset + 2]! << 8) | bytes[offset + 3]!;
}

export function writeU16(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 8;
  bytes[offset + 1] = value;
}

export function writeI32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 24;
  bytes[offset + 1] = value >>> 16;
  bytes[offset + 2] = value >>> 8;
  bytes[offset + 3] = value;
}

/** Copies `octets` octets; a loop, because `set(subarray(…))` allocates 96 octets a call. */
export function copyBytes(
  from: Uint8Array,
  fromOffset: number,
  to: Uint8Array,
  toOffset: number,
  octets: number,
): void {
  for (let i = 0; i < octets; i++) to[toOffset + i] = from[fromOffset + i]!;
}

export function equalBytes(a: Uint8Array, aOffset: number, b: Uint8Array, bOffset: number, octets: number): boolean {
  for (let i = 0; i < octets; i++) if (a[aOffset + i] !== b[bOffset + i]) return false;
  return true;
}

/** Below 0, 0 or above 0 as the octets of `a` are a smaller, equal or larger number than those of `b`. */
export function compareBytes(a: Uint8Array, aOffset: number, b: Uint8Array, bOffset: number, octets: number): number {
  for (let i = 0; i < octets; i++) {
    const difference = a[aOffset + i]! - b[bOffset + i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether the first `bits` bits of two addresses are equal: the test of an IP prefix. */
export function equalBits(a: Uint8Array, aOffset: number, b: Uint8Array, bOffset: number, bits: number): boolean {
  const whole = bits >> 3;
  for (let i = 0; i < whole; i++) if (a[aOffset + i] !== b[bOffset + i]) return false;
  const rest = bits & 7;
  return rest === 0 || ((a[aOffset + whole]! ^ b[bOffset + whole]!) & (0xff00 >> rest) & 0xff) === 0;
}
