/**
 * Lines that stand for several: `~SEQ(v, start, step, end) text` repeats the rest of the line for each number, in
 * hexadecimal for `~SEQx`; `~LST(v, a, b) text` and `~LST({u, v}, {1, 2}, {3, 4}) text` for each value or set of
 * values. Before each repetition the variables are set, as `$v=…` would.
 */
import type { Definitions } from "./definitions.ts";

/** Puts the variables of the next repetition into `definitions`; null after the last. */
export type Repetition = (definitions: Definitions) => string | null;

/** The repetitions of a line that begins with `~SEQ` or `~LST`; otherwise what is wrong with it, in keepalived's words. */
export function readSequence(line: string, expandArguments: (text: string) => string): Repetition | string {
  return line.startsWith("~SEQ") ? readNumbers(line, expandArguments) : readList(line);
}

function readNumbers(line: string, expandArguments: (text: string) => string): Repetition | string {
  const invalid = `Invalid ~SEQ specification '${line}'`;
  const match = /^~SEQ(x?)[ \t]*\([ \t]*([^ \t,)]+)[ \t]*,([^)]*)\)[ \t]*(.*)$/.exec(line);
  if (match === null) return invalid;
  const numbers = expandArguments(match[3]!).split(",").map(readC);
  const [one, two, three] = numbers;
  if (numbers.length > 3 || numbers.includes(null) || one === null || one === undefined) return invalid;
  let start = one < 0 ? -1 : 1;
  let step = one < 1 ? -1 : 1;
  let end = one;
  if (two !== null && two !== undefined) {
    start = one;
    end = three ?? two;
    step = three === null || three === undefined ? (start <= end ? 1 : -1) : two;
  }
  if (step === 0 || (start < end && step < 0) || (start > end && step > 0)) return `Invalid ~SEQ values '${line}'`;
  const radix = match[1] === "x" ? 16 : 10;
  if (radix === 16 && (start < 0 || end < 0)) return `~SEQx is only valid for positive numbers '${line}'`;
  const name = match[2]!;
  const text = match[4]!;
  let next = start;
  return (definitions) => {
    if (step > 0 ? next > end : next < end) return null;
    definitions.set(name, next.toString(radix));
    next += step;
    return text;
  };
}

function readList(line: string): Repetition | string {
  const invalid = `Invalid ~LST specification '${line}'`;
  const opened = /^~LST[ \t]*\(/.exec(line);
  if (opened === null) return invalid;
  const sets: string[][] = [];
  let at = opened[0].length;
  for (;;) {
    const set = readSet(line, at);
    if (set === null) return invalid;
    sets.push(set.values);
    at = set.end + 1;
    if (line[set.end] === ")") break;
  }
  const [names = [], ...values] = sets;
  if (values.length === 0 || names.includes("")) return invalid;
  if (values.some((set) => set.length > names.length)) return `~LST specification has too many values '${line}'`;
  const text = line.slice(at).trimStart();
  let next = 0;
  return (definitions) => {
    const set = values[next++];
    if (set === undefined) return null;
    names.forEach((name, index) => {
      definitions.set(name, set[index] ?? "");
    });
    return text;
  };
}

/** One value or one set in braces from `start`, and the index of the `,` or `)` that ends it. */
function readSet(line: string, start: number): { values: string[]; end: number } | null {
  const set = /^[ \t]*(?:\{([^{}()]*)\}|([^ \t,{}()]*))[ \t]*(?=[,)])/.exec(line.slice(start));
  if (set === null) return null;
  const values = set[1] === undefined ? [set[2]!] : set[1].split(",").map((value) => value.trim());
  return { values, end: start + set[0].length };
}

/** A whole number as C writes it: decimal, `0x…` or octal `0…`. */
function readC(text: string): number | null {
  const match = /^([+-]?)(?:0[xX]([0-9a-fA-F]+)|(0[0-7]*)|([1-9]\d*))$/.exec(text.trim());
  if (match === null) return null;
  const size =
    match[2] !== undefined
      ? Number.parseInt(match[2], 16)
      : match[3] !== undefined
        ? Number.parseInt(match[3], 8)
        : Number(match[4]);
  return match[1] === "-" ? -size : size;
}
