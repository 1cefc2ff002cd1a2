/**
 * From files to statements: lines one after the other through includes, sequences and multi-line variables, then
 * `@id` conditions, comments and variables, and at last the braces, each of which becomes a statement of its own.
 *
 * What is read next lies on a stack: the rest of a line after a brace, the repetitions of a sequence, the further lines
 * of a variable, and the open files, innermost on top.
 */

import type { Position } from "../../../text/config-error.ts";
import { nearest } from "../../../text/nearest.ts";
import { blanksFrom, type Decommented, decomment } from "./comments.ts";
import { Definitions } from "./definitions.ts";
import type { ConfFiles } from "./files.ts";
import type { Findings, Mistake } from "./findings.ts";
import { readInclude } from "./includes.ts";
import { PhysicalLines } from "./physical-lines.ts";
import type { PlacedText } from "./placed-text.ts";
import { type Repetition, readSequence } from "./sequences.ts";
import { type Statement, splitWords, type Word } from "./statement.ts";

/** Statements and blank lines of one configuration, all includes and repetitions together. */
export const LINES_MAX = 200_000;

/** Lines that sequences and multi-line variables make: a few characters may ask for millions of instances. */
const REPEATED_MAX = 20_000;

/** Files, repetitions and variables that are being read or wait for it: one pattern may name thousands of files. */
const SOURCES_MAX = 20_000;

/** Rounds of `@id` and variables in one line. */
const ROUNDS_MAX = 20;

/** A line waiting to be read. */
type Pending = Decommented;

/** What lies on the stack. A file also keeps what `include_check` insisted on before it. */
type Source =
  | { readonly kind: "line"; readonly pending: Pending }
  | { readonly kind: "repetition"; readonly next: Repetition; readonly place: PlacedText }
  | { readonly kind: "file"; readonly lines: PhysicalLines; readonly checkBefore: number };

export interface ReaderOptions {
  readonly files: ConfFiles;
  readonly findings: Findings;
  /** What `@id` lines are compared with: keepalived's `--config-id`, by default the host's name; null matches none. */
  readonly configId: string | null;
}

export class ConfReader {
  /** What `include_check` insists on. */
  includeCheck = 0;
  /** The ids that `@id` lines are for, or not for, in the order of the lines. */
  readonly configIds = new Set<string>();
  readonly #options: ReaderOptions;
  readonly #sources: Source[];
  readonly #definitions = new Definitions();
  /** Keywords found inside blocks that should be closed before them. */
  readonly #suspects: { readonly mistake: Mistake; readonly block: Word; readonly openedAt: Position }[] = [];
  /** The opening braces that wait for their closing one. */
  readonly #open: Position[] = [];
  /** Statements looked at and not yet taken. */
  readonly #ahead: Statement[] = [];
  #lines = 0;
  #repeated = 0;
  #ended = false;

  constructor(path: string, text: string, options: ReaderOptions) {
    this.#options = options;
    this.#sources = [{ kind: "file", lines: new PhysicalLines(path, text), checkBefore: 0 }];
  }

  /** The next statement; null at the end, once braces left open are reported. */
  next(): Statement | null {
    const statement = this.peek();
    this.#ahead.shift();
    return statement;
  }

  /** The next statement, or the one after `distance` others, without taking it. */
  peek(distance = 0): Statement | null {
    while (this.#ahead.length <= distance && !this.#ended) {
      const line = this.#line();
      if (line === null) {
        this.#ended = true;
        this.#reportOpenBraces();
      } else {
        const statement = this.#statement(line);
        if (statement !== null) this.#ahead.push(statement);
      }
    }
    return this.#ahead[distance] ?? null;
  }

  /** A block whose `{` is missing, which is reported: its `}` is expected all the same. */
  expectClose(at: Position): void {
    this.#open.push(at);
  }

  /** A block opened at `at` whose `}` is missing, which is reported: none is expected any more. */
  forgetOpen(at: Position): void {
    const index = this.#open.findLastIndex(
      ({ file, line, column }) => file === at.file && line === at.line && column === at.column,
    );
    if (index >= 0) this.#open.splice(index, 1);
  }

  /**
   * `mistake` is about a keyword inside a block without keywords, `block`, opened at `openedAt`. If a `}` turns out to
   * be missing, it is the one of this block.
   */
  suspect(mistake: Mistake, block: Word, openedAt: Position): void {
    mistake.hint = `a keyword, not an item of ${block.text}: is the '}' before it missing?`;
    this.#suspects.push({ mistake, block, openedAt });
  }

  /** The next line with variables replaced, less definitions, includes, sequences, and lines for other hosts. */
  #line(): Pending | null {
    for (;;) {
      const raw = this.#nextRaw();
      if (raw === null) return null;
      if (this.#definitions.unfinished) this.#definitions.continue(raw.line.text);
      else {
        const pending = this.#resolve(raw);
        if (pending !== null && pending.line.text !== "" && !this.#include(pending.line)) return pending;
      }
    }
  }

  /** The topmost line of the stack, its comment removed. */
  #nextRaw(): Pending | null {
    for (;;) {
      const source = this.#sources.at(-1);
      if (source === undefined) return null;
      if (++this.#lines > LINES_MAX || this.#sources.length > SOURCES_MAX) return this.#giveUp(source);
      if (source.kind === "line") {
        this.#sources.pop();
        return source.pending;
      }
      if (source.kind === "repetition") {
        const text = source.next(this.#definitions);
        if (text === null) {
          this.#sources.pop();
          continue;
        }
        if (++this.#repeated > REPEATED_MAX) return this.#giveUp(source);
        return { line: source.place.substituted(text), cutInWord: null, unterminated: null };
      }
      const physical = source.lines.next();
      if (physical === null) {
        this.includeCheck = source.checkBefore;
        this.#sources.pop();
        continue;
      }
      if (physical.cut)
        this.#options.findings.warning(
          "line-too-long",
          physical.line.at(physical.line.text.length),
          "The line is longer than 1023 octets: keepalived reads the rest as another line",
        );
      return decomment(physical.line, this.#options.findings);
    }
  }

  #giveUp(source: Source): null {
    const place = this.#sources.findLast((candidate) => candidate.kind === "file");
    const file = place?.kind === "file" ? place.lines.file : "";
    const at = source.kind === "repetition" ? source.place.at(0) : { file, line: 1, column: 1 };
    this.#options.findings.fatal(
      "too-many-lines",
      at,
      `The configuration has more than ${LINES_MAX} lines, its repetitions make more than ${REPEATED_MAX}, or they never end`,
    );
    this.#sources.length = 0;
    return null;
  }

  /** `@id`, definitions, sequences and variables of one line, until nothing of it changes any more; null if it is used up. */
  #resolve({ line: raw, ...cuts }: Pending): Pending | null {
    let line = raw;
    for (let round = 0; round < ROUNDS_MAX; round++) {
      if (line.text.startsWith("@")) {
        const kept = this.#forThisHost(line);
        if (kept === null) return null;
        line = kept;
      }
      if (this.#definitions.define(line.text)) return null;
      if (/^~(?:SEQ|LST)/.test(line.text)) {
        this.#repeat(line);
        return null;
      }
      if (line.text.startsWith("~") || !line.text.includes("$")) break;
      const expansion = this.#definitions.expand(line, this.#options.findings);
      if (!expansion.changed) break;
      this.#pushLines(line, expansion.following);
      line = decomment(expansion.line, this.#options.findings).line;
      if (!/[@$]/.test(line.text)) break;
    }
    return { line, ...cuts };
  }

  /** The further lines of a variable, each to be read once. */
  #pushLines(place: PlacedText, lines: readonly string[]): void {
    let next = 0;
    if (lines.length > 0) this.#sources.push({ kind: "repetition", next: () => lines[next++] ?? null, place });
  }

  /** What follows `@id`, or `@^id` for any other id; null if the line is not for this host. */
  #forThisHost(line: PlacedText): PlacedText | null {
    const match = /^@(\^?)([^ \t]*)[ \t]+/.exec(line.text);
    if (match === null) return null;
    this.configIds.add(match[2]!);
    if ((match[2] === this.#options.configId) === (match[1] === "^")) return null;
    return line.slice(match[0].length);
  }

  #repeat(line: PlacedText): void {
    const expand = (text: string) => this.#definitions.expand(line.substituted(text), this.#options.findings).line.text;
    const repetition = readSequence(line.text, expand);
    if (typeof repetition === "string")
      this.#options.findings.error(
        "bad-sequence",
        line.at(0),
        repetition,
        "as in ~SEQ(n, 1, 2, 9) text, ~LST(v, a, b) text, ~LST({u, v}, {1, 2}, {3, 4}) text",
      );
    else this.#sources.push({ kind: "repetition", next: repetition, place: line });
  }

  #include(line: PlacedText): boolean {
    const openFiles = this.#sources.flatMap((source) => (source.kind === "file" ? [source.lines.file] : []));
    const { files, findings } = this.#options;
    const opened = readInclude(line, { files, findings, openFiles, check: this.includeCheck });
    if (opened === null) return false;
    for (const lines of opened.reverse()) this.#sources.push({ kind: "file", lines, checkBefore: this.includeCheck });
    return true;
  }

  /** The first statement of a line; the rest of it goes back on the stack. Null if nothing but quotes is left of it. */
  #statement(pending: Pending): Statement | null {
    const { cutInWord, unterminated } = pending;
    const { line, index, broken } = this.#findBrace(pending);
    if (index === 0) {
      const rest = line.slice(blanksFrom(line.text, 1));
      if (rest.text !== "") this.#sources.push({ kind: "line", pending: { ...pending, line: rest } });
      return this.#brace(line);
    }
    const words = splitWords(index < 0 ? line : line.slice(0, index));
    if (index > 0) this.#sources.push({ kind: "line", pending: { ...pending, line: line.slice(index) } });
    const raw = (index < 0 ? line.text : line.text.slice(0, index)).trimEnd();
    if (words.length === 0) return null;
    const last = index < 0;
    return {
      ...line.at(0),
      kind: "words",
      words,
      raw,
      broken,
      unterminated: last ? unterminated : null,
      cutInWord: last ? cutInWord : null,
    };
  }

  /** The first brace outside quotes, or -1. `${x}` of a variable that is not defined is reported and is no brace. */
  #findBrace({ line }: Pending): { line: PlacedText; index: number; broken: Mistake | null } {
    let broken: Mistake | null = null;
    for (const match of line.text.matchAll(/"[^"]*(?:"|$)|\$\{([A-Za-z_][A-Za-z0-9_]*)[^{}"]*\}|[{}]/g)) {
      if (match[0] === "{" || match[0] === "}") return { line, index: match.index, broken };
      if (match[1] === undefined) continue;
      const near = this.#options.findings.full ? undefined : nearest(match[1].slice(0, 40), this.#definitions.names);
      const hint = near === undefined ? `$${match[1]}=value on a line before defines it` : `did you mean \${${near}}?`;
      broken = this.#options.findings.error(
        "undefined-variable",
        line.at(match.index),
        `Variable ${match[0]} is not defined: keepalived takes its braces for a block`,
        hint,
      );
    }
    return { line, index: -1, broken };
  }

  #brace(line: PlacedText): Statement {
    const at = line.at(0);
    const kind = line.text.startsWith("{") ? "open" : "close";
    if (kind === "open") this.#open.push(at);
    else if (this.#open.pop() === undefined)
      this.#options.findings.error("extra-close-brace", at, "Extra '}' found", "every '}' needs its '{'");
    return { ...at, kind, words: [], raw: line.text[0]!, broken: null, unterminated: null, cutInWord: null };
  }

  #reportOpenBraces(): void {
    const last = this.#open.at(-1);
    if (last === undefined) return;
    const code = "missing-close-brace";
    const message = `There are ${this.#open.length} missing '}'s or extra '{'s`;
    const suspect = this.#suspects[0];
    if (suspect === undefined) this.#options.findings.error(code, last, message, "this '{' has no '}'");
    else {
      const { mistake, block, openedAt } = suspect;
      const { file, line, column } = openedAt;
      const hint = `${block.text} is not closed by a '}' before line ${mistake.line}`;
      Object.assign(mistake, { file, line, column, code, message, hint });
    }
  }
}
