/** Units of time. Everything inside counts nanoseconds in a double; names carry their unit. */
export const NS_PER_US = 1_000;
export const NS_PER_MS = 1_000_000;
export const NS_PER_S = 1_000_000_000;
/** One centisecond: the unit of VRRPv3's advertisement interval (RFC 9568 section 5.2.7). */
export const NS_PER_CS = 10_000_000;
/** The last exact nanosecond: 2^53, 104 days. */
export const NS_MAX = Number.MAX_SAFE_INTEGER;

/** Nanoseconds as seconds, exact to the nanosecond when printed (a double holds 15 digits). */
export function secondsFromNs(ns: number): number {
  return ns / NS_PER_S;
}

/** `13.303 s`: seconds with `digits` decimals, as the reports print a moment. */
export function formatSeconds(ns: number, digits = 3): string {
  return `${(ns / NS_PER_S).toFixed(digits)} s`;
}

/** `3.248 s`, `651 ms`, `50 us`: a span in the unit that keeps three to four digits. */
export function formatSpan(ns: number): string {
  if (ns >= NS_PER_S) return `${(ns / NS_PER_S).toFixed(3)} s`;
  if (ns >= NS_PER_MS) return `${trimmed(ns / NS_PER_MS)} ms`;
  if (ns >= NS_PER_US) return `${trimmed(ns / NS_PER_US)} us`;
  return `${ns} ns`;
}

function trimmed(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0).replace(/\.0+$/, "");
}
