/**
 * Reads blocks whose lines are no keywords. keepalived takes every line up to the next `}` for an item; where a brace
 * is missing it swallows keywords that way, complains about each, and what they say is lost. Here the first complaint
 * stands for all.
 */

import type { Position } from "../../../text/config-error.ts";
import type { Context } from "./context.ts";
import type { Mistake } from "./findings.ts";
import type { Draft, ItemsKeyword, KeywordTable } from "./keywords.ts";
import type { Statement, Word } from "./statement.ts";

/** `statement` is the line of the keyword; `table` has the keywords of the block that it stands in. */
export function readItems<D extends Draft>(
  keyword: ItemsKeyword<D>,
  statement: Statement,
  table: KeywordTable<D>,
  draft: D,
  context: Context,
): void {
  const { reader, findings } = context;
  const name = statement.words[0]!;
  const extra = statement.words[1];
  if (extra !== undefined) {
    const message = `Block ${name.text} has extra parameters ${extra.text} ...`;
    findings.error("block-parameter", extra, message, `${name.text} {`);
  }
  keyword.begin(draft, name, context);
  const first = reader.peek();
  if (first === null) return;
  if (first.kind === "open") {
    reader.next();
    readToClose(keyword, name, first, null, table, draft, context);
  } else {
    const message = `'{' missing from beginning of block ${name.text}`;
    const mistake = findings.error("missing-open-brace", name, message, `${name.text} { … }`);
    if (first.kind === "close") return;
    const opened = readToClose(keyword, name, first, mistake, table, draft, context);
    if (opened === 0) reader.expectClose(first);
  }
  keyword.end(draft, name, context);
}

/**
 * The items up to the `}`; what `mistake` swallows is noted under its keyword. The result counts the `{` of blocks
 * swallowed: the first `}` ends all of them.
 */
function readToClose<D extends Draft>(
  keyword: ItemsKeyword<D>,
  name: Word,
  openedAt: Position,
  mistake: Mistake | null,
  table: KeywordTable<D>,
  draft: D,
  context: Context,
): number {
  let swallowing = mistake;
  let swallowed = 0;
  const unexpected: Mistake[] = [];
  for (let item = context.reader.next(); item !== null; item = context.reader.next()) {
    if (item.kind === "close") {
      const open = unexpected.pop();
      if (open === undefined) return swallowed;
      draft.cutShort(open);
    } else if (item.kind === "open") {
      if (swallowing === null) unexpected.push(reportUnexpectedOpen(item, context));
      else swallowed++;
    } else if (item.broken !== null) {
      draft.mistakes.set(name.text, item.broken);
      draft.cutShort(item.broken);
    } else {
      const word = item.words[0]!;
      const isKeyword = table.has(word.text) && (keyword.neverKeywords || swallowing !== null);
      if (!isKeyword && swallowed === 0) keyword.read(draft, item.words, context);
      if (!isKeyword) continue;
      if (swallowing === null) {
        keyword.read(draft, item.words, context);
        swallowing = draft.mistakes.get(name.text) ?? null;
        if (swallowing !== null) context.reader.suspect(swallowing, name, openedAt);
      }
      if (swallowing !== null) draft.mistakes.set(word.text, swallowing);
    }
  }
  return swallowed;
}

export function reportUnexpectedOpen(at: Position, { findings }: Context): Mistake {
  return findings.error(
    "unexpected-open-brace",
    at,
    "Unexpected '{' - ignoring",
    "the keyword before it has no block; keepalived takes the '}' for the end of the block around it",
  );
}
