/** How findings are worded: what is wrong in a sentence without its full stop, why in whole sentences, and how to mend it as it would be written. */
import { expect } from "vitest";
import type { LintFinding } from "../../src/lint/rule.ts";

/** In lower case, unless it begins with a key or a value as it is written. */
export const PHRASE = /^(?![A-Z][a-z]*[ ,])\S.*[^\s.]$/;

/** Names begin a sentence as they are written. */
export function isSentences(text: string, names: readonly string[] = []): boolean {
  const begins = /^[A-Z0-9]/.test(text) || ["keepalived", ...names].some((name) => text.startsWith(`${name} `));
  return begins && /\S\.$/.test(text) && !/[.;:] *\./.test(text);
}

/** Of what rules say; the parser speaks keepalived's own words. `names` are those of nodes and of what they configure. */
export function expectWording(
  { message, why, fix }: Pick<LintFinding, "message" | "why" | "fix">,
  names: readonly string[],
): void {
  expect(message).toMatch(/^\S.*[^\s.]$/);
  expect(isSentences(why, names), why).toBe(true);
  expect(fix).toMatch(PHRASE);
}
