/** Text that remembers where each character was written, through comments cut away and variables put in. */
import type { Position } from "../../../text/config-error.ts";

export class PlacedText {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  /** The column of each character; those that a variable put in carry the column of its `$`. */
  readonly #columns: readonly number[];

  private constructor(file: string, line: number, text: string, columns: readonly number[]) {
    this.file = file;
    this.line = line;
    this.text = text;
    this.#columns = columns;
  }

  static written(file: string, line: number, text: string, firstColumn: number): PlacedText {
    const columns = Array.from({ length: text.length }, (_, index) => firstColumn + index);
    return new PlacedText(file, line, text, columns);
  }

  /** Of the character at `index`; past the end, of the last one. */
  at(index: number): Position {
    const column = this.#columns[Math.min(index, this.#columns.length - 1)] ?? 1;
    return { file: this.file, line: this.line, column };
  }

  slice(start: number, end = this.text.length): PlacedText {
    return new PlacedText(this.file, this.line, this.text.slice(start, end), this.#columns.slice(start, end));
  }

  /** The text from `start` to `end` replaced: what comes in stands where the old text began. */
  replaced(start: number, end: number, by: string): PlacedText {
    const column = this.at(start).column;
    const columns = [
      ...this.#columns.slice(0, start),
      ...Array.from({ length: by.length }, () => column),
      ...this.#columns.slice(end),
    ];
    return new PlacedText(this.file, this.line, this.text.slice(0, start) + by + this.text.slice(end), columns);
  }

  /** Other text in the same place: a line of a sequence or of a multi-line variable. */
  substituted(text: string): PlacedText {
    const column = this.at(0).column;
    return new PlacedText(
      this.file,
      this.line,
      text,
      Array.from({ length: text.length }, () => column),
    );
  }
}
