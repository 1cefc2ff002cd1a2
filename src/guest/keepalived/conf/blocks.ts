/**
 * Reads blocks by their tables. Where keepalived stumbles over one mistake again and again (a `}` taken for another's
 * end, a whole block of lines that it does not know), the mistake is reported once and the rest is read as it was meant.
 */

import type { Position } from "../../../text/config-error.ts";
import { nearest } from "../../../text/nearest.ts";
import { isSince } from "../version.ts";
import type { Context } from "./context.ts";
import type { Mistake } from "./findings.ts";
import { readItems, reportUnexpectedOpen } from "./items.ts";
import { type Draft, type Keyword, type KeywordTable, type LineKeyword, missingParameter } from "./keywords.ts";
import { NEWER_KEYWORDS } from "./newer-keywords.ts";
import type { Statement, Word } from "./statement.ts";

/** Longer words are no misspelt keywords. */
const KEYWORD_LENGTH_MAX = 40;

/** The statements outside of all blocks, to the end. */
export function readRoot<D extends Draft>(table: KeywordTable<D>, draft: D, context: Context): void {
  context.enclosing.push(table);
  readStatements(table, draft, context, null);
  context.enclosing.pop();
}

/** The block behind a keyword, from its `{` to its `}`. */
export function readBlock<D extends Draft>(table: KeywordTable<D>, draft: D, context: Context): void {
  const { reader, findings } = context;
  const first = reader.peek();
  if (first === null) return;
  if (first.kind === "open") reader.next();
  else {
    findings.error(
      "missing-open-brace",
      first,
      "Missing '{' at beginning of configuration block",
      `${draft.name} needs a '{' before this`,
    );
    const word = first.words[0]?.text ?? "";
    if (first.kind === "close" || (!table.has(word) && context.enclosing.some((outer) => outer.has(word)))) return;
    reader.expectClose(first);
  }
  context.enclosing.push(table);
  readStatements(table, draft, context, first);
  context.enclosing.pop();
}

/** Passes over the block that comes next, if one does, with all that is in it. */
export function skipBlock({ reader }: Context): void {
  if (reader.peek()?.kind !== "open") return;
  let depth = 0;
  do {
    const statement = reader.next();
    if (statement === null) return;
    if (statement.kind !== "words") depth += statement.kind === "open" ? 1 : -1;
  } while (depth > 0);
}

/** `openedAt` is null outside of all blocks. */
function readStatements<D extends Draft>(
  table: KeywordTable<D>,
  draft: D,
  context: Context,
  openedAt: Position | null,
): void {
  const { reader } = context;
  const unexpected: Mistake[] = [];
  for (;;) {
    const ahead = reader.peek();
    if (ahead === null || (openedAt !== null && closesLate(ahead, table, draft, context, openedAt))) return;
    const statement = reader.next()!;
    if (statement.kind === "open") unexpected.push(reportUnexpectedOpen(statement, context));
    else if (statement.kind === "close") {
      const mistake = unexpected.pop();
      if (mistake !== undefined) draft.cutShort(mistake);
      else if (openedAt !== null) return;
    } else if (statement.broken !== null) {
      noteBroken(statement, draft);
      skipBlock(context);
    } else {
      const name = statement.words[0]!;
      const keyword = knownKeyword(table, name.text, context);
      if (keyword === undefined) {
        const mistake = reportUnknown(name, table, draft, context);
        if (reader.peek()?.kind === "open") {
          draft.cutShort(mistake);
          skipBlock(context);
        }
      } else readKeyword(keyword, statement, table, draft, context);
    }
  }
}

/** The keyword, unless it is newer than the version that reads. */
function knownKeyword<D>(table: KeywordTable<D>, word: string, { version }: Context): Keyword<D> | undefined {
  const since = NEWER_KEYWORDS.get(word);
  return since === undefined || isSince(version, since) ? table.get(word) : undefined;
}

function readKeyword<D extends Draft>(
  keyword: Keyword<D>,
  statement: Statement,
  table: KeywordTable<D>,
  draft: D,
  context: Context,
): void {
  if (keyword.kind === "line") readLine(keyword, statement, table, draft, context);
  else {
    draft.keys.set(statement.words[0]!.text, statement.words[0]!);
    if (keyword.kind === "items") readItems(keyword, statement, table, draft, context);
    else if (!keyword.open(draft, statement.words, context)) skipBlock(context);
  }
}

function readLine<D extends Draft>(
  keyword: LineKeyword<D>,
  statement: Statement,
  table: KeywordTable<D>,
  draft: D,
  context: Context,
): void {
  const { findings } = context;
  const { words } = statement;
  const name = words[0]!;
  const first = words[1];
  if (keyword.required && first === undefined) {
    if (statement.unterminated === null)
      draft.mistakes.set(name.text, missingParameter(name, `${name.text} needs a value on the same line`, context));
    else if (keyword.command !== true) statement.unterminated.severity = "fatal";
    return;
  }
  const extra = words[keyword.words + 1];
  if (extra !== undefined) reportExtra(extra, name, keyword.words, table, draft, context);
  const before = draft.keys.get(name.text);
  if (before !== undefined && !keyword.repeats)
    findings.warning(
      "duplicate-key",
      name,
      `${name.text} is given again: the last one counts`,
      `the first one is in line ${before.line}`,
    );
  draft.keys.set(name.text, first ?? name);
  keyword.read(draft, words, context, statement);
}

function reportExtra<D>(
  extra: Word,
  name: Word,
  taken: number,
  table: KeywordTable<D>,
  draft: Draft,
  { findings }: Context,
): void {
  const takes = taken === 0 ? "no value" : `${taken} word${taken > 1 ? "s" : ""}`;
  const mistake = findings.warning(
    "extra-words",
    extra,
    `'${extra.text}' is ignored: ${name.text} takes ${takes}`,
    'one keyword stands on a line, and a value with blanks in "…"',
  );
  if (table.has(extra.text)) draft.mistakes.set(extra.text, mistake);
}

/** Whether the next statement opens a block that belongs to one around this one: this one's `}` is missing then. */
function closesLate<D extends Draft>(
  ahead: Statement,
  table: KeywordTable<D>,
  draft: D,
  context: Context,
  openedAt: Position,
): boolean {
  const word = ahead.words[0]?.text;
  if (word === undefined || table.has(word)) return false;
  const outer = context.enclosing.findLast((candidate) => candidate.has(word))?.get(word);
  if (outer === undefined || outer.kind === "line" || context.reader.peek(1)?.kind !== "open") return false;
  reportMissingClose(draft.name, openedAt, ahead, context);
  return true;
}

function reportMissingClose(block: string, openedAt: Position, before: Position, { reader, findings }: Context): void {
  reader.forgetOpen(openedAt);
  findings.error(
    "missing-close-brace",
    openedAt,
    "There are 1 missing '}'s or extra '{'s",
    `${block} is not closed by a '}' before line ${before.line}`,
  );
}

/** A line with a variable that is not defined: what its keyword would have said is missing for that reason. */
function noteBroken({ words, broken }: Statement, draft: Draft): void {
  if (broken === null) return;
  draft.mistakes.set(words[0]!.text, broken);
  draft.cutShort(broken);
}

function reportUnknown<D>(word: Word, table: KeywordTable<D>, draft: Draft, context: Context): Mistake {
  const { findings } = context;
  const message = `Unknown keyword '${word.text}'`;
  if (findings.full || word.text.length > KEYWORD_LENGTH_MAX) return findings.error("unknown-keyword", word, message);
  const near = nearest(word.text, [...table.keys()]);
  const mistake = findings.error(
    "unknown-keyword",
    word,
    message,
    hintForUnknown(word.text, near, draft.name, context),
  );
  draft.mistakes.set(word.text, mistake);
  if (near !== undefined) draft.mistakes.set(near, mistake);
  return mistake;
}

function hintForUnknown(word: string, near: string | undefined, block: string, context: Context): string {
  // Nobody sees it in an editor.
  if (word.startsWith("\ufeff"))
    return "the file begins with a byte order mark, which keepalived takes for a part of the word: save it without";
  const newer = NEWER_KEYWORDS.get(word);
  if (newer !== undefined) return `keepalived knows it from version ${newer} on`;
  if (/^\$[A-Za-z_]\w*$/.test(word)) return `a definition has no blank before its '=': ${word}=value`;
  const elsewhere = context.vocabulary.get(word);
  if (elsewhere !== undefined) return `it belongs in ${elsewhere}`;
  return near === undefined ? `no keyword of ${block} looks like it` : `did you mean '${near}'?`;
}
