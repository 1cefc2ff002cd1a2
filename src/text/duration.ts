/** Durations as people write them: `250us`, `10ms`, `1.5s`, `2m`. */
import { NS_MAX } from "../base/units.ts";

const NS_PER_UNIT: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

export const DURATION_HINT = "write a number and a unit: 250us, 10ms, 1.5s, 2m";

/** Nanoseconds, rounded to a whole one; null if the text is no duration, negative, or longer than 104 days. */
export function parseDuration(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)(ns|us|ms|s|m|h)$/.exec(text);
  if (match === null) return null;
  const ns = Math.round(Number(match[1]) * NS_PER_UNIT[match[2]!]!);
  return ns <= NS_MAX ? ns : null;
}
