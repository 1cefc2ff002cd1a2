/** Rates and shares as people write them for `tc`: `100mbit`, `2.5%`. */

const BITS_PER_UNIT: Readonly<Record<string, number>> = { kbit: 1e3, mbit: 1e6, gbit: 1e9 };

/** Slower and faster links than these are not built. */
export const BIT_RATE_MIN = 1e6;
export const BIT_RATE_MAX = 400e9;
export const BIT_RATE_HINT = "write a number and a unit, from 1mbit to 400gbit: 100mbit, 1gbit, 2.5gbit";
export const PERCENT_HINT = "write a number from 0 to 100 and a %: 30%, 0.1%, 100%";

/** Bits a second; null if the text is no rate, or one that no link has. */
export function parseBitRate(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)(kbit|mbit|gbit)$/.exec(text);
  if (match === null) return null;
  const rate = Math.round(Number(match[1]) * BITS_PER_UNIT[match[2]!]!);
  return rate >= BIT_RATE_MIN && rate <= BIT_RATE_MAX ? rate : null;
}

/** A share from 0 to 1; null if the text is no percentage, or more than 100 %. */
export function parsePercent(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)%$/.exec(text);
  const share = match === null ? Number.NaN : Number(match[1]) / 100;
  return share <= 1 ? share : null;
}
