/** The lines of one file as keepalived's buffer takes them: at most 1023 octets at a time, ends of line removed. */
import { LINE_OCTETS_MAX } from "./definitions.ts";
import { PlacedText } from "./placed-text.ts";

export interface PhysicalLine {
  readonly line: PlacedText;
  /** The line is too long: this piece is taken for a line of its own, and the rest for the next one. */
  readonly cut: boolean;
}

export class PhysicalLines {
  readonly file: string;
  readonly #text: string;
  #offset = 0;
  #lineNumber = 1;
  #column = 1;

  constructor(file: string, text: string) {
    this.file = file;
    this.#text = text;
  }

  /** The next line or piece of one; null at the end of the file. */
  next(): PhysicalLine | null {
    if (this.#offset >= this.#text.length) return null;
    const newline = this.#text.indexOf("\n", this.#offset);
    const lineEnd = newline < 0 ? this.#text.length : newline;
    const end = this.#pieceEnd(lineEnd);
    const cut = end < lineEnd;
    const text = this.#text.slice(this.#offset, end).replace(/\r+$/, "");
    const line = PlacedText.written(this.file, this.#lineNumber, text, this.#column);
    if (cut) {
      this.#column += end - this.#offset;
      this.#offset = end;
    } else {
      this.#column = 1;
      this.#lineNumber++;
      this.#offset = lineEnd + 1;
    }
    return { line, cut };
  }

  /** Where 1023 octets of UTF-8 from here end, at most `lineEnd`. */
  #pieceEnd(lineEnd: number): number {
    if ((lineEnd - this.#offset) * 3 <= LINE_OCTETS_MAX) return lineEnd;
    let octets = 0;
    for (let i = this.#offset; i < lineEnd; i++) {
      const code = this.#text.charCodeAt(i);
      octets += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3;
      if (octets > LINE_OCTETS_MAX) return i;
    }
    return lineEnd;
  }
}
