/**
 * JSON lines as the input of a trace: perhaps a header, then a step on each line. All lines are judged before the first step is handed out, so
 * that what is wrong with the last one is said before anything is decided. That takes two walks over the same octets; nothing but those octets
 * is kept from the first, so that an input of a million frames needs no more room than its file.
 */
import { ConfigError, type Finding } from "../text/config-error.ts";
import { isObject, LineJudge, shown } from "./fields.ts";
import { findJsonFault } from "./json-place.ts";
import { isHeader, plainSetup, readHeader } from "./read-header.ts";
import { readStep } from "./read-step.ts";
import type { TraceInput, TraceSetup, TraceSource, TraceStep } from "./steps.ts";
import { decimalsOf } from "./words.ts";

/** Nobody reads more. */
const ERRORS_MAX = 1000;
const NEWLINE = 0x0a;
/** Longer lines are no steps: the longest frame has 524,288 digits, and so much of a batch fits into memory. */
const LINE_OCTETS_MAX = 8 << 20;
const EXAMPLE = '{"at": 0.1, "port": 0, "frame": "ffffffffffff02…"}';

/**
 * Judges an input; a ConfigError says what is wrong with it. `file` is its name, `bytes` all of it, which must not change.
 */
export function readJsonLines(
  file: string,
  bytes: Uint8Array,
  { ports = null, network = null }: TraceInput,
): TraceSource {
  if (network !== null) {
    const message = `no network can be chosen: these are JSON lines, for one switch`;
    const hint = "leave --network out; it chooses from a capture";
    throw new ConfigError([{ file, line: 0, column: 0, severity: "error", message, hint }]);
  }
  return new JsonLines(file, bytes, ports);
}

interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

class JsonLines implements TraceSource {
  readonly setup: TraceSetup;
  readonly portNames = null;
  readonly about = null;
  decimals = decimalsOf(0);
  readonly warnings: readonly Finding[];
  readonly #file: string;
  readonly #bytes: Uint8Array;
  #hasHeader = false;
  #position = 0;

  constructor(file: string, bytes: Uint8Array, ports: number | null) {
    this.#file = file;
    this.#bytes = bytes;
    const findings: Finding[] = [];
    const setup = this.#readSetup(ports, findings);
    // How many ports there are decides about every line: without it there is nothing more to say.
    if (setup !== null) for (const _step of this.#steps(setup, findings)) if (findings.length >= ERRORS_MAX) break;
    if (setup === null || findings.some(({ severity }) => severity === "error")) throw new ConfigError(findings);
    this.setup = setup;
    this.warnings = findings;
  }

  get progress(): number {
    return this.#bytes.length === 0 ? 1 : this.#position / this.#bytes.length;
  }

  steps(): Iterable<TraceStep> {
    return this.#steps(this.setup, []);
  }

  *#steps(setup: TraceSetup, findings: Finding[]): Generator<TraceStep> {
    let step = 0;
    let afterNs = 0;
    let isFirst = true;
    for (const line of this.#lines()) {
      const skipped = isFirst && this.#hasHeader;
      isFirst = false;
      if (skipped) continue;
      const judge = new LineJudge(this.#file, line.number, line.text, findings);
      const value = parse(judge, line.text);
      if (value === null) continue;
      const steps = readStep(judge, value, step, setup.ports, afterNs);
      step++;
      afterNs = steps[0]?.place.atNs ?? afterNs;
      this.decimals = Math.max(this.decimals, decimalsOf(afterNs));
      yield* steps;
    }
  }

  /** What the first line says of the switch, or the command line; null if that is not enough to judge any other line by. */
  #readSetup(ports: number | null, findings: Finding[]): TraceSetup | null {
    const [first] = this.#lines();
    if (first === undefined) {
      const message = "the input is empty";
      const hint = `a step on each line: ${EXAMPLE}`;
      findings.push({ file: this.#file, line: 0, column: 0, severity: "error", message, hint });
      return null;
    }
    const judge = new LineJudge(this.#file, first.number, first.text, findings);
    if (looksLikeScenario(first.text)) {
      const hint = `viplane run ${this.#file} --pcap - | viplane trace - puts its frames through a switch`;
      judge.errorAt(1, "this is no JSON, and looks like a scenario", hint);
      return null;
    }
    const value = parse(judge, first.text);
    if (value === null) return null;
    this.#hasHeader = isHeader(value);
    if (this.#hasHeader) return readHeader(judge, value, ports);
    if (ports !== null) return plainSetup(ports);
    judge.errorAt(
      1,
      "how many ports the switch has is not said",
      'say --ports 4, or begin with a header: {"ports": 4}',
    );
    return null;
  }

  /** The lines that are not empty. */
  *#lines(): Generator<Line> {
    const bytes = this.#bytes;
    const decoder = new TextDecoder();
    for (let start = 0, number = 1; start < bytes.length; number++) {
      const newline = bytes.indexOf(NEWLINE, start);
      const end = newline < 0 ? bytes.length : newline;
      if (end - start > LINE_OCTETS_MAX) throw this.#tooLong(number, end - start);
      const text = decoder.decode(bytes.subarray(start, end));
      start = end + 1;
      this.#position = Math.min(start, bytes.length);
      if (text.trim() !== "") yield { number, text };
    }
  }

  #tooLong(line: number, octets: number): ConfigError {
    const message = `a line of ${octets} octets`;
    const hint = `lines have ${LINE_OCTETS_MAX} octets at most: make several batches of a long one`;
    return new ConfigError([{ file: this.#file, line, column: 1, severity: "error", message, hint }]);
  }
}

/** A comment, the mark of a document, or a key and a colon without quotes: YAML, which no line of JSON begins as. */
function looksLikeScenario(text: string): boolean {
  return /^(\s*#|---|%YAML|[A-Za-z][\w-]*:(\s|$))/.test(text.replace(/^\ufeff/, ""));
}

/** The object on a line; null, and said so, if it is none. */
function parse(judge: LineJudge, text: string) {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const fault = findJsonFault(text) ?? { column: 1, message: "nested too deep", hint: "a step is a flat object" };
    judge.errorAt(fault.column, `no JSON: ${fault.message}`, fault.hint);
    return null;
  }
  if (isObject(value)) return value;
  judge.errorAt(1, `expected an object, got ${shown(value)}`, `as in ${EXAMPLE}`);
  return null;
}
