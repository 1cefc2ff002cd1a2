/** One line of the language after comments, variables and braces are dealt with: words, or a brace alone. */

import type { Position } from "../../../text/config-error.ts";
import type { Mistake } from "./findings.ts";
import type { PlacedText } from "./placed-text.ts";

export interface Word extends Position {
  readonly text: string;
}

/** Where a word stands, without the word itself. */
export function positionOf({ file, line, column }: Position): Position {
  return { file, line, column };
}

export interface Statement extends Position {
  readonly kind: "words" | "open" | "close";
  /** At least one where the kind is `words`, else none. */
  readonly words: readonly Word[];
  /** The whole line: commands have a quoting of their own. */
  readonly raw: string;
  /** It names a variable that is not defined, which is reported here: its words mean nothing. Else null. */
  readonly broken: Mistake | null;
  /** A double quote in it does not end, which is reported here; else null. */
  readonly unterminated: Mistake | null;
  /** Where a comment cuts a word of it short; else null. */
  readonly cutInWord: Position | null;
}

/** The words of a line: split at blanks and around double quotes, which are removed. A quote that does not end ends the line. */
export function splitWords(line: PlacedText): Word[] {
  const words: Word[] = [];
  const pattern = /"([^"]*)("?)|[^ \t\f\n\r\v"]+/g;
  for (const match of line.text.matchAll(pattern)) {
    if (match[1] === undefined) words.push({ ...line.at(match.index), text: match[0] });
    else if (match[2] === "") break;
    else words.push({ ...line.at(match.index), text: match[1] });
  }
  return words;
}
