/**
 * Reads the keys of one object of the input, by hand: a schema library would say of a step with a slip in it that it is none of twelve kinds of
 * steps. Each reader notes its key as known and says what is wrong with its value; `finish` says which keys are left over.
 */
import type { Finding } from "../text/config-error.ts";
import { nearest } from "../text/nearest.ts";
import { parseMac } from "../wire/address.ts";
import { columnOf, type JsonPath } from "./json-place.ts";
import type { MacWords } from "./steps.ts";

/** A line of the input, and what is wrong with it. */
export class LineJudge {
  readonly #file: string;
  readonly #line: number;
  readonly #text: string;
  readonly #findings: Finding[];
  isGood = true;

  /** `findings` is where everything goes that is found. */
  constructor(file: string, line: number, text: string, findings: Finding[]) {
    this.#file = file;
    this.#line = line;
    this.#text = text;
    this.#findings = findings;
  }

  errorAt(column: number, message: string, hint: string): void {
    this.isGood = false;
    this.#findings.push({ file: this.#file, line: this.#line, column, severity: "error", message, hint });
  }

  error(path: JsonPath, of: "key" | "value", message: string, hint: string): void {
    this.errorAt(columnOf(this.#text, path, of), message, hint);
  }

  warning(path: JsonPath, message: string, hint: string): void {
    const column = columnOf(this.#text, path, "value");
    this.#findings.push({ file: this.#file, line: this.#line, column, severity: "warning", message, hint });
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const MAC_HINT = "six octets with colons: 02:00:00:00:00:01";
const SHOWN_MAX = 40;

/** A value as the input has it, or its beginning. */
export function shown(value: unknown): string {
  const text = asJson(value);
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX)}…`;
}

/** What is nested so deep that it can be read and not be written is told by its bracket. */
function asJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return Array.isArray(value) ? "[…" : "{…";
  }
}

export class Fields {
  readonly judge: LineJudge;
  readonly #value: JsonObject;
  readonly #path: JsonPath;
  /** What the object is, in messages: `the header`, `'fdbAdd'`. */
  readonly #owner: string;
  readonly #known = new Set<string>();
  readonly #ignored = new Set<string>();

  constructor(judge: LineJudge, value: JsonObject, path: JsonPath, owner: string) {
    this.judge = judge;
    this.#value = value;
    this.#path = path;
    this.#owner = owner;
  }

  has(key: string): boolean {
    this.#known.add(key);
    return Object.hasOwn(this.#value, key);
  }

  /** The value of a key that must be there; undefined, and said so, if it is not. */
  need(key: string, example: string): unknown {
    if (this.has(key)) return this.#value[key];
    this.judge.error(this.#path, "key", `${this.#owner} needs the key '${key}'`, `as in ${example}`);
    return undefined;
  }

  /** Keys that may stand there and say nothing to us. */
  ignore(...keys: readonly string[]): void {
    for (const key of keys) this.#ignored.add(key);
  }

  /**
   * `what` the value must be, as `a port from 0 to 3`; null if it is something else, or missing. `hint` is for a number of the right form that is
   * not among those.
   */
  number(
    key: string,
    what: string,
    min: number,
    max: number,
    form: "whole" | "any",
    hint = "the number lies outside",
  ): number | null {
    const value = this.need(key, `"${key}": ${min}`);
    if (value === undefined) return null;
    const hasForm = typeof value === "number" && (form === "any" || Number.isInteger(value));
    if (hasForm && value >= min && value <= max) return value;
    const formHint = form === "whole" ? "a whole number, without quotes" : "a number, without quotes";
    this.#wrong(key, `expected ${what}, got ${shown(value)}`, hasForm ? hint : formHint);
    return null;
  }

  /** A port of the switch that has `ports` of them. */
  port(key: string, ports: number): number | null {
    const what = ports === 1 ? "port 0, the only one" : `a port from 0 to ${ports - 1}`;
    return this.number(key, what, 0, ports - 1, "whole", `ports count from 0, and there are ${ports}`);
  }

  mac(key: string): MacWords | null {
    const value = this.need(key, `"${key}": "02:00:00:00:00:01"`);
    return value === undefined ? null : this.macOf([...this.#path, key], value);
  }

  macOf(path: JsonPath, value: unknown): MacWords | null {
    const octets = typeof value === "string" ? parseMac(value) : null;
    if (octets !== null) return macWords(octets);
    this.judge.error(path, "value", `expected a MAC address, got ${shown(value)}`, MAC_HINT);
    return null;
  }

  boolean(key: string): boolean | null {
    const value = this.need(key, `"${key}": true`);
    if (value === undefined || typeof value === "boolean") return value ?? null;
    this.#wrong(key, `expected true or false, got ${shown(value)}`, "without quotes");
    return null;
  }

  /** Only `true` says something. */
  mark(key: string): boolean {
    if (!this.has(key)) return false;
    const value = this.boolean(key);
    return value === true;
  }

  text(key: string): string | null {
    const value = this.need(key, `"${key}": "…"`);
    if (value === undefined || typeof value === "string") return value ?? null;
    this.#wrong(key, `expected a text, got ${shown(value)}`, `in double quotes: "${key}": "…"`);
    return null;
  }

  choice<T extends string>(key: string, choices: readonly T[]): T | null {
    const value = this.need(key, `"${key}": "${choices[0]}"`);
    if (value === undefined) return null;
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    this.#wrong(key, `'${key}' cannot be ${shown(value)}`, suggestion(String(value), choices));
    return null;
  }

  /** The object under a key that must be there. */
  object(key: string): Fields | null {
    const value = this.need(key, `"${key}": {…}`);
    if (value === undefined) return null;
    if (isObject(value)) return new Fields(this.judge, value, [...this.#path, key], `'${key}'`);
    this.#wrong(key, `expected an object, got ${shown(value)}`, `as in "${key}": {…}`);
    return null;
  }

  list(key: string, what: string): readonly unknown[] | null {
    const value = this.need(key, `"${key}": […]`);
    if (value === undefined) return null;
    if (Array.isArray(value)) return value;
    this.#wrong(key, `expected a list of ${what}, got ${shown(value)}`, `as in "${key}": […]`);
    return null;
  }

  /** The keys that are there. */
  keys(): string[] {
    return Object.keys(this.#value);
  }

  pathOf(...keys: JsonPath): JsonPath {
    return [...this.#path, ...keys];
  }

  /** Says which keys nobody has asked for. */
  finish(): void {
    for (const key of this.keys()) {
      if (this.#known.has(key) || this.#ignored.has(key)) continue;
      const known = [...this.#known];
      const absent = known.filter((name) => !Object.hasOwn(this.#value, name));
      this.judge.error(
        this.pathOf(key),
        "key",
        `${this.#owner} has no key '${key}'`,
        suggestion(key, absent.length > 0 ? absent : known),
      );
    }
  }

  #wrong(key: string, message: string, hint: string): void {
    this.judge.error(this.pathOf(key), "value", message, hint);
  }
}

/** `did you mean 'flood'?`, or all the words there are. */
export function suggestion(word: string, known: readonly string[]): string {
  const isBeginning = (name: string): boolean => word.length > 2 && name.toLowerCase().startsWith(word.toLowerCase());
  const near = nearest(word, known) ?? known.find(isBeginning);
  return near === undefined ? `there are ${known.join(", ")}` : `did you mean '${near}'?`;
}

/** The six octets at `offset`. */
export function macWords(bytes: Uint8Array, offset = 0): MacWords {
  const octet = (i: number): number => bytes[offset + i]!;
  return { hi: octet(0) | (octet(1) << 8), lo: octet(2) | (octet(3) << 8) | (octet(4) << 16) | (octet(5) << 24) };
}
