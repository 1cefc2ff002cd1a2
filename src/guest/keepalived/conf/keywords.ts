/**
 * What a keyword can be. The tables of the blocks are made of these, so that one parser reads all of them and knows
 * for each keyword how many words it takes and what its absence means.
 */

import type { Position } from "../../../text/config-error.ts";
import type { Context } from "./context.ts";
import type { Mistake } from "./findings.ts";
import type { Statement, Word } from "./statement.ts";
import { type NumberRead, readBoolean } from "./values.ts";

/** A block while it is read. */
export interface Draft {
  /** Its name, or its keyword. */
  readonly name: string;
  /** Where each keyword's value was written last; the keyword itself if it takes none. */
  readonly keys: Map<string, Position>;
  /** Mistakes by the keyword that they concern: what follows from them is not reported again. */
  readonly mistakes: Map<string, Mistake>;
  /** keepalived takes a `}` for the end of this block that was meant for another one; it reads nothing after it. */
  cutShort(mistake: Mistake): void;
}

/** The part that all drafts have, before anything is read. */
export function newDraft(name: string): Draft {
  return { name, keys: new Map(), mistakes: new Map(), cutShort: () => {} };
}

/** For keywords that take any number of words: more than stand on a line. */
export const ANY_WORDS = 1000;

/** A keyword with words on its own line. */
export interface LineKeyword<D> {
  readonly kind: "line";
  /** Without its first word keepalived ends at once. */
  readonly required: boolean;
  /** Further words are ignored without a message. */
  readonly words: number;
  /** Given again it says so itself, or adds to what was given before. */
  readonly repeats: boolean;
  /** Its value is a command: a quote that does not end costs the command, not the daemon. */
  readonly command?: boolean;
  readonly read: (draft: D, words: readonly Word[], context: Context, statement: Statement) => void;
}

/** A keyword with a block of lines that are no keywords themselves: addresses, names. */
export interface ItemsKeyword<D> {
  readonly kind: "items";
  /** No item can be a keyword: one that looks like it follows a missing `}`. */
  readonly neverKeywords: boolean;
  readonly begin: (draft: D, keyword: Word, context: Context) => void;
  readonly read: (draft: D, words: readonly Word[], context: Context) => void;
  readonly end: (draft: D, keyword: Word, context: Context) => void;
}

/** A keyword with a block of keywords. `open` reads it, or leaves it unread and returns false: it is skipped then. */
export interface BlockKeyword<D> {
  readonly kind: "block";
  readonly open: (draft: D, words: readonly Word[], context: Context) => boolean;
}

export type Keyword<D> = LineKeyword<D> | ItemsKeyword<D> | BlockKeyword<D>;

export type KeywordTable<D> = ReadonlyMap<string, Keyword<D>>;

export function keywordTable<D>(keywords: Readonly<Record<string, Keyword<D>>>): KeywordTable<D> {
  return new Map(Object.entries(keywords));
}

/** A keyword that must have a value. */
export function value<D>(read: LineKeyword<D>["read"], words = 1): LineKeyword<D> {
  return { kind: "line", required: true, words, repeats: false, read };
}

/** A keyword that may have a value. */
export function optional<D>(read: LineKeyword<D>["read"], words = 1): LineKeyword<D> {
  return { kind: "line", required: false, words, repeats: false, read };
}

/** A keyword alone: being there is its meaning, even with `off` behind it. */
export function flag<D>(set: (draft: D, keyword: Word, context: Context) => void): LineKeyword<D> {
  return optional((draft, words, context) => set(draft, words[0]!, context), 0);
}

/** A truth value; the keyword alone is true. `invalid` is keepalived's message for any other word. */
export function truth<D>(
  set: (draft: D, on: boolean) => void,
  invalid: (draft: D, text: string) => string,
): LineKeyword<D> {
  return optional((draft, words, { findings }) => {
    const word = words[1];
    const on = word === undefined ? true : readBoolean(word.text);
    if (on !== null) set(draft, on);
    else findings.error("invalid-boolean", word!, invalid(draft, word!.text), "on, true, yes; off, false, no");
  });
}

export interface NumberKeyword<D> {
  readonly read: (text: string) => NumberRead;
  readonly set: (draft: D, value: number, keyword: Word, context: Context) => void;
  /** keepalived's message for a value that it does not use. */
  readonly invalid: (draft: D, text: string) => string;
  /** What would be right, and what is used instead. */
  readonly hint: string;
  /** What a value that is not used does all the same. */
  readonly reset?: (draft: D, value: number) => void;
}

/** A number. */
export function number<D>({ read, set, invalid, hint, reset }: NumberKeyword<D>): LineKeyword<D> {
  return value((draft, words, context) => {
    const word = words[1]!;
    const found = readNumber(word, read(word.text), context, invalid(draft, word.text), hint);
    if (found.usable) set(draft, found.value, words[0]!, context);
    else reset?.(draft, found.value);
  });
}

/** keepalived ends over a keyword without the word that it needs; `hint` is what would be right. */
export function missingParameter(keyword: Word, hint: string, { findings }: Context): Mistake {
  const { text } = keyword;
  const message = `*** Configuration line starting \`${text}\` is missing a parameter after keyword \`${text}\` at word position 2`;
  return findings.fatal("missing-parameter", keyword, message, hint);
}

/** Reports what is wrong with a number: the value that is used all the same, or `invalid`. */
export function readNumber(
  word: Word,
  found: NumberRead,
  { findings }: Context,
  invalid: string,
  hint: string,
): NumberRead {
  if (found.problem === null) return found;
  if (found.usable) findings.error("invalid-number", word, found.problem, `${hint}; here ${found.shown} is used`);
  else findings.error("invalid-number", word, invalid, `${found.problem}: ${hint}`);
  return found;
}

/** Lines that are no keywords. */
export function items<D>(
  read: ItemsKeyword<D>["read"],
  more: { neverKeywords?: boolean; begin?: ItemsKeyword<D>["begin"]; end?: ItemsKeyword<D>["end"] } = {},
): ItemsKeyword<D> {
  const nothing = () => {};
  const { neverKeywords = false, begin = nothing, end = nothing } = more;
  return { kind: "items", neverKeywords, begin, read, end };
}

/** Lines of which at most what `read` looks at is checked. */
export function uncheckedItems<D>(read: ItemsKeyword<D>["read"] = () => {}): ItemsKeyword<D> {
  return items(read, {
    begin: (_, keyword, { findings }) => {
      findings.notChecked(keyword, keyword.text);
    },
  });
}

export function block<D>(open: BlockKeyword<D>["open"]): BlockKeyword<D> {
  return { kind: "block", open };
}
