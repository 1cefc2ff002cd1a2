/** Kinds of keywords that the blocks of LVS share. */
import { type Draft, type LineKeyword, missingParameter, number, optional, truth } from "../keywords.ts";
import { readMicroseconds, readUnsigned, UINT_MAX } from "../values.ts";

/** The longest time where keepalived has no limit of its own: 64 bits of microseconds. */
export const TIMER_MAX_US = Number.MAX_SAFE_INTEGER;

/** A time in seconds, at least `minUs`. `invalid` is what keepalived says about another text. */
export function timer<D extends Draft>(
  minUs: 0 | 1,
  invalid: (text: string) => string,
  maxUs = TIMER_MAX_US,
): LineKeyword<D> {
  return number<D>({
    read: (text) => readMicroseconds(text, minUs, maxUs),
    set: () => {},
    invalid: (_, text) => invalid(text),
    hint: "seconds",
  });
}

/** A whole number. `strict`: nothing may stand behind its digits. */
export function count<D extends Draft>(
  min: number,
  invalid: (text: string) => string,
  set: (draft: D, value: number) => void = () => {},
  { max = UINT_MAX, strict = false, reset }: { max?: number; strict?: boolean; reset?: (draft: D) => void } = {},
): LineKeyword<D> {
  return number<D>({
    read: (text) => readUnsigned(text, min, max, !strict),
    set,
    ...(reset === undefined ? {} : { reset }),
    invalid: (_, text) => invalid(text),
    hint: `a whole number from ${min} on`,
  });
}

/** A truth value; the keyword alone is true. `what` stands in keepalived's message. */
export function truthOf<D extends Draft>(
  what: string,
  set: (draft: D, on: boolean) => void = () => {},
): LineKeyword<D> {
  return truth(set, (_, text) => `Invalid ${what} parameter ${text}`);
}

/** A text that must be there. */
export function named<D extends Draft>(missing: string, words = 1): LineKeyword<D> {
  return optional<D>((_, given, { findings }) => {
    if (given.length < 2)
      findings.error("missing-parameter", given[0]!, missing, `${given[0]!.text} needs a value on the same line`);
  }, words);
}

/** A command, given once. */
export function command<D extends Draft & { readonly notifies: Set<string> }>(key: string): LineKeyword<D> {
  return {
    ...optional<D>((draft, words, context) => {
      if (words.length < 2) missingParameter(words[0]!, `${key} needs a command on the same line`, context);
      else if (draft.notifies.has(key)) {
        const message = `((null)) ${key} script already specified - ignoring ${words[1]!.text}`;
        context.findings.error("duplicate-key", words[0]!, message, "the first one counts");
      } else draft.notifies.add(key);
    }, 3),
    repeats: true,
    command: true,
  };
}
