/**
 * Variables: `$NAME=value` at the start of a line, the last definition wins. `${NAME}` is replaced anywhere, a bare
 * `$NAME` only before a space, a tab, `,`, `)` or the end of the line. A value of several lines (each but the last
 * ending with `\`) is put in only where the reference ends its line, and brings the other lines after it.
 */
import type { Findings } from "./findings.ts";
import type { PlacedText } from "./placed-text.ts";

/** Longest line after expansion, in octets without the terminator: keepalived's buffer is 1024. */
export const LINE_OCTETS_MAX = 1023;

/** Replacements in one line; a variable that contains itself would go on for ever. */
const REPLACEMENTS_MAX = 200;

const REFERENCE = /\$(?:\{([A-Za-z_][A-Za-z0-9_]*)((?: +\d+){0,2})\}|([A-Za-z_][A-Za-z0-9_]*)(?=[ \t,)]|$))/g;

export interface Expansion {
  readonly line: PlacedText;
  readonly changed: boolean;
  /** The further lines of a multi-line value, to be read next. */
  readonly following: readonly string[];
}

export class Definitions {
  readonly #lines = new Map<string, string[]>();
  /** The definition whose next line is still to come. */
  #open: string[] | null = null;

  /** Some names, for hints. */
  get names(): readonly string[] {
    return [...this.#lines.keys()].slice(0, 200);
  }

  /** A definition's value goes on in the next line. */
  get unfinished(): boolean {
    return this.#open !== null;
  }

  /** The next line of the value begun before; an empty one ends it. */
  continue(line: string): void {
    const goesOn = line.endsWith("\\");
    const text = goesOn ? line.slice(0, -1).trimEnd() : line;
    if (text !== "") this.#open?.push(text);
    if (!goesOn) this.#open = null;
  }

  /** Whether `line` was a definition; it is noted then. No blank may stand before the `=`. */
  define(line: string): boolean {
    const match = /^\$([A-Za-z_][A-Za-z0-9_]*)=[ \t]*(.*)$/.exec(line);
    if (match === null) return false;
    const value = match[2]!;
    if (value.endsWith("\\")) {
      const first = value.slice(0, -1).trimEnd();
      this.#open = first === "" ? [] : [first];
      this.#lines.set(match[1]!, this.#open);
    } else this.#lines.set(match[1]!, [value]);
    return true;
  }

  set(name: string, value: string): void {
    this.#lines.set(name, [value]);
  }

  /** The line with its variables replaced, again and again until none is left. */
  expand(line: PlacedText, findings: Findings): Expansion {
    let current = line;
    let following: readonly string[] = [];
    let from = 0;
    let replacements = 0;
    for (;;) {
      REFERENCE.lastIndex = from;
      const match = REFERENCE.exec(current.text);
      if (match === null) break;
      const end = match.index + match[0].length;
      const value = this.#value(match[1] ?? match[3]!, match[2] ?? "", current, findings);
      if (value === null || (value.length > 1 && end < current.text.length)) {
        from = match.index + 1;
        continue;
      }
      const [first = "", ...rest] = value;
      if (current.text.length - match[0].length + first.length > LINE_OCTETS_MAX || ++replacements > REPLACEMENTS_MAX) {
        findings.warning(
          "line-too-long",
          current.at(match.index),
          `Parameter substitution on line '${line.text.slice(0, 80)}' would exceed maximum line length`,
          `a line holds ${LINE_OCTETS_MAX} octets; does ${match[0]} contain itself?`,
        );
        break;
      }
      current = current.replaced(match.index, end, first);
      if (rest.length > 0) following = [...rest, ...following];
      from = match.index;
      if (/^[ \t]*~/.test(first)) break;
    }
    return { line: current, changed: replacements > 0, following };
  }

  #value(name: string, parameters: string, line: PlacedText, findings: Findings): readonly string[] | null {
    const own = this.#lines.get(name);
    if (own !== undefined) return parameters === "" ? (own.length === 0 ? [""] : own) : null;
    if (name === "_HASH") return ["#"];
    if (name === "_BANG") return ["!"];
    if (name === "_PWD") return [/^(.*)\/[^/]*$/.exec(line.file)?.[1] ?? "."];
    if (name !== "_RANDOM") return null;
    const lowest = /\d+/.exec(parameters)?.[0] ?? "0";
    findings.warning(
      "not-simulated",
      line.at(0),
      `\${_RANDOM} is ${lowest} here: the same file must always mean the same`,
      "write the number, or choose it per host before",
    );
    return [lowest];
  }
}
