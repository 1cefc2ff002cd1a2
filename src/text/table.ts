/** Text in columns, no wider than a screen as far as words allow. */
import { printable } from "./style.ts";

export interface Column {
  readonly title: string;
  /** Numbers stand under each other's ends. */
  readonly right?: true;
  /** Sentences, only in the last column: where the screen ends they go on below. */
  readonly wraps?: true;
}

/** Columns of a screen that lines are made for. */
export const WIDTH_MAX = 120;
/** Rows beyond these are counted: whoever needs all of them has the JSON. */
const ROWS_MAX = 200;
const INDENT = "  ";
const GAP = "  ";
/** Sentences that have less room than this beside the other columns stand below them, this far in. */
const ROOM_MIN = 60;
const INDENT_BELOW = " ".repeat(12);

/** The rows under their titles, each column as wide as its widest cell. A column that is empty throughout is left out, and so is everything without rows. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, ROWS_MAX).map((row) => row.map(onOneLine));
  const used = columns.map((_, i) => shown.some((row) => row[i] !== ""));
  const lines = [columns.map(({ title }) => title), ...shown].map((row) => row.filter((_, i) => used[i]));
  const kept = columns.filter((_, i) => used[i]);
  const widths = kept.map((_, i) => Math.max(...lines.map((row) => row[i]!.length)));
  const wraps = kept.at(-1)?.wraps === true;
  const text = lines.flatMap((row, i) =>
    wraps ? wrappedRow(row, widths, kept, i === 0) : [joined(row, widths, kept)],
  );
  return [...text, ...more(rows.length)];
}

/** The lines, as many as a table has rows. */
export function shortened(lines: readonly string[]): string[] {
  return [...lines.slice(0, ROWS_MAX).map((line) => INDENT + line), ...more(lines.length)];
}

/** The text in lines of at most `width`; a word that is longer stands alone. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function joined(row: readonly string[], widths: readonly number[], columns: readonly Column[]): string {
  const cells = row.map((cell, i) => pad(cell, widths[i]!, columns[i]!));
  return INDENT + cells.join(GAP).trimEnd();
}

/** A row whose last cell goes on below if it is too long, or stands there altogether. */
function wrappedRow(
  row: readonly string[],
  widths: readonly number[],
  columns: readonly Column[],
  isTitle: boolean,
): string[] {
  const before = INDENT.length + widths.slice(0, -1).reduce((sum, width) => sum + width + GAP.length, 0);
  const needed = widths.at(-1)!;
  const room = WIDTH_MAX - before;
  if (needed > room && room < ROOM_MIN) {
    const line = joined(row.slice(0, -1), widths, columns);
    if (isTitle) return [line];
    const below = wrapped(row.at(-1)!, WIDTH_MAX - INDENT_BELOW.length);
    return [line, ...below.map((part) => (INDENT_BELOW + part).trimEnd())].filter((part) => part !== "");
  }
  const [first = "", ...rest] = wrapped(row.at(-1)!, Math.min(needed, room));
  return [joined([...row.slice(0, -1), first], widths, columns), ...rest.map((part) => " ".repeat(before) + part)];
}

function more(count: number): string[] {
  return count > ROWS_MAX ? [`${INDENT}… and ${count - ROWS_MAX} more; --json has them all`] : [];
}

/** What others wrote, with nothing in it that a terminal would act on. */
export function onOneLine(text: string): string {
  return printable(text).replaceAll("\n", "\\n");
}

function pad(cell: string, width: number, { right }: Column): string {
  return right === true ? cell.padStart(width) : cell.padEnd(width);
}
