/** What kind of address stands in a packet: nobody's, or one machine's. */

export function isUnspecified4(bytes: Uint8Array, offset: number): boolean {
  return (bytes[offset]! | bytes[offset + 1]! | bytes[offset + 2]! | bytes[offset + 3]!) === 0;
}

export function isUnspecified6(bytes: Uint8Array, offset: number): boolean {
  for (let i = 0; i < 16; i++) if (bytes[offset + i] !== 0) return false;
  return true;
}

/** Neither nobody, nor a group, nor everybody, nor the machine itself. */
export function isUnicast4(bytes: Uint8Array, offset: number): boolean {
  const first = bytes[offset]!;
  return first < 224 && first !== 127 && !isUnspecified4(bytes, offset);
}

/** Neither nobody nor a group. */
export function isUnicast6(bytes: Uint8Array, offset: number): boolean {
  return bytes[offset] !== 0xff && !isUnspecified6(bytes, offset);
}
