/** What the YAML library says about broken text, in a sentence for the person who wrote it. */
import type { YAMLError } from "yaml";

export interface PlainSyntaxError {
  readonly offset: number;
  readonly message: string;
  readonly hint: string;
}

/** Where a quotation or a bracket was opened that nothing closes; -1 if there is none. */
export interface OpenPlaces {
  readonly quote: number;
  readonly flow: number;
}

type Sentence = readonly [message: string, hint: string];

const SENTENCES: Partial<Record<YAMLError["code"], Sentence>> = {
  BAD_DQ_ESCAPE: ["the text between double quotes has an unknown escape", "single quotes take every \\ as it stands"],
  BAD_INDENT: [
    "the indentation does not fit the lines above",
    "keys of one block begin at the same column, and what belongs to a key stands further right",
  ],
  BAD_SCALAR_START: ["a value cannot begin with this character", 'put it in quotes: "…"'],
  BLOCK_AS_IMPLICIT_KEY: [
    "a key with a value begins here, where only a value can stand",
    "put a nested block on lines of its own, further right; a value that holds ': ' needs quotes",
  ],
  BLOCK_IN_FLOW: ["a block cannot stand between { } or [ ]", "write it between brackets too, or all of it as a block"],
  KEY_OVER_1024_CHARS: ["a key is longer than 1024 characters", "is a ':' or a closing quote missing?"],
  MISSING_CHAR: ["a ':' and a value are missing after this key", "key: value"],
  MULTILINE_IMPLICIT_KEY: ["a ':' and a value are missing after this key", "a key stands on one line: key: value"],
  NON_STRING_KEY: ["a key must be a word", "key: value"],
  TAB_AS_INDENT: ["a tab indents this line", "YAML indents with spaces"],
  UNEXPECTED_TOKEN: [
    "this does not fit what stands before it",
    "check the indentation, the brackets and the ':' around here",
  ],
};

const FALLBACK: Sentence = ["this is not YAML", "check the indentation, the brackets and the ':' around here"];

/** The sentence for `error`, placed where a person would look: an unclosed quotation is shown where it opens. */
export function plainSyntaxError(error: YAMLError, open: OpenPlaces): PlainSyntaxError {
  const isUnclosed = /end with a|closing/.test(error.message);
  if (isUnclosed && open.quote >= 0)
    return { offset: open.quote, message: "this quotation is never closed", hint: "end it with the same quote" };
  if (isUnclosed)
    return {
      offset: open.flow >= 0 ? open.flow : error.pos[0],
      message: open.flow >= 0 ? "this bracket is never closed" : "brackets do not pair up here",
      hint: "close { with } and [ with ]; items are separated by commas",
    };
  const [message, hint] = SENTENCES[error.code] ?? FALLBACK;
  return { offset: error.pos[0], message, hint };
}

/** `'text'` for a message: one line, not too long, nothing that a terminal would act on. */
export function quoted(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}…` : text;
  return `'${JSON.stringify(short).slice(1, -1).replaceAll('\\"', '"')}'`;
}
