/** Words that several rules share. */
import type { Member } from "../cluster.ts";

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

export function nodeNames(members: readonly Member[]): string {
  return listed(members.map(({ node }) => node.name));
}
