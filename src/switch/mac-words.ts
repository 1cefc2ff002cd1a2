/** The two words that the switch knows a MAC by, as text: its first two octets and its last four, first octet lowest. */
export function formatMacWords(hi: number, lo: number): string {
  const octets = [hi, hi >>> 8, lo, lo >>> 8, lo >>> 16, lo >>> 24];
  return octets.map((octet) => (octet & 0xff).toString(16).padStart(2, "0")).join(":");
}
