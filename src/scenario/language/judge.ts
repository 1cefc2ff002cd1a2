/**
 * Collects what is wrong with a scenario, each with its place, and answers the question that keeps one mistake from
 * becoming five findings: is a name unknown, or only its definition broken?
 */
import type { Finding, Position } from "../../text/config-error.ts";
import { nearest } from "../../text/nearest.ts";
import { keyLabel, type Path, type Places } from "./positions.ts";
import { quoted } from "./yaml-errors.ts";
import type { Place } from "./yaml-tree.ts";

/** Known words in a hint. */
const MAX_SHOWN = 24;
/** Longer words are no slip of a known one. */
const MAX_WORD = 64;
/** Comparing is slow: a file with thousands of wrong names gets so many comparisons, and then only lists. */
const MAX_COMPARISONS = 20_000;

export class Judge {
  readonly file: string;
  readonly places: Places;
  readonly findings: Finding[] = [];
  #comparisons = 0;

  constructor(file: string, places: Places) {
    this.file = file;
    this.places = places;
  }

  /** Whether the file has anything there, in form or not. */
  isWritten(path: Path): boolean {
    return this.places.node(path) !== undefined;
  }

  /** Whether what the file has there was refused already: `value` is what was read of it. */
  isRefused(path: Path, value: unknown): boolean {
    return value === undefined && this.isWritten(path);
  }

  /** At the value; the message begins with its key. */
  error(path: Path, message: string, hint?: string): null {
    return this.errorAt(this.places.ofValue(path), `${keyLabel(path)}${message}`, hint);
  }

  /** At the key: for what is missing, superfluous or misspelled. */
  errorAtKey(path: Path, message: string, hint?: string): null {
    return this.errorAt(this.places.ofKey(path), message, hint);
  }

  errorAt({ line, column }: Place, message: string, hint?: string): null {
    const { file } = this;
    this.findings.push({ file, line, column, severity: "error", message, ...(hint === undefined ? {} : { hint }) });
    return null;
  }

  /** The known word that was most likely meant; undefined if none is near. */
  nearest(word: string, known: readonly string[]): string | undefined {
    if (word.length > MAX_WORD || this.#comparisons > MAX_COMPARISONS) return undefined;
    this.#comparisons += known.length;
    return nearest(word, known);
  }

  /** `did you mean 'x'?` if one of the known words is near, and all of them. */
  suggestion(word: string, known: readonly string[]): string {
    if (known.length === 0) return "the file declares none";
    const words = known.slice(0, MAX_SHOWN).map((name) => quoted(name).slice(1, -1));
    const shown = [...words, ...(known.length > MAX_SHOWN ? ["…"] : [])].join(", ");
    const near = this.nearest(word, known);
    return near === undefined ? `known: ${shown}` : `did you mean ${quoted(near)}? known: ${shown}`;
  }

  /** Of the value. */
  position(path: Path): Position {
    const { line, column } = this.places.ofValue(path);
    return { file: this.file, line, column };
  }

  keyPosition(path: Path): Position {
    const { line, column } = this.places.ofKey(path);
    return { file: this.file, line, column };
  }
}

/** Everything of one kind that the file declares, by name; null is declared but broken, and reported already. */
export class Declared<T> {
  readonly #entries = new Map<string, T | null>();
  /** Of one of them, with its article: `a host`. */
  readonly #what: string;
  /** False: the whole section is broken, so nothing can be called unknown. */
  readonly isComplete: boolean;

  constructor(what: string, isComplete: boolean) {
    this.#what = what;
    this.isComplete = isComplete;
  }

  add(name: string, value: T | null): void {
    this.#entries.set(name, value);
  }

  get(name: string): T | null | undefined {
    return this.#entries.get(name);
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** Those that are not broken. */
  get values(): readonly T[] {
    return [...this.#entries.values()].filter((value) => value !== null) as T[];
  }

  /** The one called `name`; null if it is broken, or if there is none: then `judge` has a finding at `path`. */
  find(judge: Judge, path: Path, name: string): T | null {
    const value = this.#entries.get(name);
    if (value !== undefined) return value;
    if (!this.isComplete) return null;
    return judge.error(path, `there is no ${this.#what} ${quoted(name)}`, judge.suggestion(name, this.names));
  }
}
