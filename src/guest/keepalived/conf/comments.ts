/**
 * Comments and blanks of one line. A comment starts at `#` or `!` anywhere outside double quotes, even inside a word.
 * keepalived reads its configuration twice, so that the documented escape `\#` is undone by the first reading and cut
 * by the second: it is a comment too.
 */

import type { Position } from "../../../text/config-error.ts";
import type { Findings, Mistake } from "./findings.ts";
import type { PlacedText } from "./placed-text.ts";

export interface Decommented {
  readonly line: PlacedText;
  /** Where a comment begins without a blank before it, as in `auth_pass ab#cd`; else null. */
  readonly cutInWord: Position | null;
  /** A double quote that does not end, which is reported; else null. */
  readonly unterminated: Mistake | null;
}

/** The line without its comment and the blanks around it; a `\` at its end stays (a definition goes on there). */
export function decomment(line: PlacedText, findings: Findings): Decommented {
  const { text } = line;
  const start = blanksFrom(text, 0);
  let quoted = false;
  let cut = -1;
  let continued = false;
  for (let i = start; i < text.length; i++) {
    const character = text[i];
    if (character === '"') {
      if (cut < 0) quoted = !quoted;
    } else if (character === "\\") {
      if (i + 1 === text.length) continued = true;
      else if (cut < 0 && !quoted && isCommentStart(text[i + 1])) cut = i;
      i++;
    } else if (cut < 0 && !quoted && isCommentStart(character)) cut = i;
  }
  let end = cut >= 0 ? cut : continued ? text.length - 1 : text.length;
  const unterminated = quoted
    ? findings.error(
        "unterminated-quote",
        line.at(text.indexOf('"')),
        `Unterminated quote '${text.slice(start, end)}'`,
        'close it with a " on the same line',
      )
    : null;
  const cutInWord = cut > start && !isBlank(text[cut - 1]) ? line.at(cut) : null;
  while (end > start && isBlank(text[end - 1])) end--;
  const kept = line.slice(start, end);
  return { line: continued ? kept.replaced(end - start, end - start, "\\") : kept, cutInWord, unterminated };
}

/** The index of the first character from `index` that is neither space nor tab. */
export function blanksFrom(text: string, index: number): number {
  let i = index;
  while (i < text.length && isBlank(text[i])) i++;
  return i;
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t";
}

function isCommentStart(character: string | undefined): boolean {
  return character === "#" || character === "!";
}
