/** How findings write times, lists and nodes. */
import { NS_PER_S } from "../../base/units.ts";
import type { Member } from "../cluster.ts";

/** More words fill no line that anybody reads. */
const LISTED_MAX = 4;

/** A time as it is configured: `1 s`, `0.1 s`. Computed ones have three decimals, by `formatSeconds`. */
export function seconds(ns: number): string {
  return `${ns / NS_PER_S} s`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** `a, b, c and 7 more`. */
export function briefly(words: readonly string[]): string {
  if (words.length <= LISTED_MAX) return listed(words);
  return `${words.slice(0, LISTED_MAX - 1).join(", ")} and ${words.length - LISTED_MAX + 1} more`;
}

export function nodeNames(members: readonly Member[]): string {
  return listed(members.map(({ node }) => node.name));
}
