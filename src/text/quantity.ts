/** Rates and shares as people write them for `tc`: `100mbit`, `2.5%`; and `2/s`. */

const BITS_PER_UNIT: Readonly<Record<string, number>> = { kbit: 1e3, mbit: 1e6, gbit: 1e9 };

/** Slower and faster links than these are not built. */
export const BIT_RATE_MIN = 1e6;
export const BIT_RATE_MAX = 400e9;
export const BIT_RATE_HINT = "write a number and a unit, from 1mbit to 400gbit: 100mbit, 1gbit, 2.5gbit";
/** What an impairment may slow a cable down to: a modem's pace, which no link between switches has. */
export const SLOW_BIT_RATE_MIN = 1e3;
export const SLOW_BIT_RATE_HINT = "write a number and a unit, from 1kbit to 400gbit: 512kbit, 100mbit, 1gbit";
export const PER_SECOND_MIN = 0.01;
export const PER_SECOND_MAX = 1e6;
export const PER_SECOND_HINT = "write how many in a second, from 0.01/s to 1000000/s: 2/s, 0.5/s";
export const PERCENT_HINT = "write a number from 0 to 100 and a %: 30%, 0.1%, 100%";

/** Bits a second; null if the text is no rate, or one below `min`, which is what no link has, or above BIT_RATE_MAX. */
export function parseBitRate(text: string, min = BIT_RATE_MIN): number | null {
  const match = /^(\d+(?:\.\d+)?)(kbit|mbit|gbit)$/.exec(text);
  if (match === null) return null;
  const rate = Math.round(Number(match[1]) * BITS_PER_UNIT[match[2]!]!);
  return rate >= min && rate <= BIT_RATE_MAX ? rate : null;
}

/** A share from 0 to 1; null if the text is no percentage, or more than 100 %. */
export function parsePercent(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)%$/.exec(text);
  const share = match === null ? Number.NaN : Number(match[1]) / 100;
  return share <= 1 ? share : null;
}

/** How many in a second; null if the text does not say that, or it is out of range. */
export function parsePerSecond(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)\/s$/.exec(text);
  const count = match === null ? Number.NaN : Number(match[1]);
  return count >= PER_SECOND_MIN && count <= PER_SECOND_MAX ? count : null;
}
