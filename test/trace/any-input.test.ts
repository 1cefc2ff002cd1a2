/** Whatever the input is, it is traced or refused with a place and a hint; nothing else ever happens. */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/text/config-error.ts";
import { PLAIN } from "../../src/text/style.ts";
import { formatDecisionJson } from "../../src/trace/json-report.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import { TextReport } from "../../src/trace/text-report.ts";
import { Tracer } from "../../src/trace/tracer.ts";

const FOLDER = new URL("../recordings/linux-bridge/", import.meta.url);
const RECORDINGS = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".json") && !name.startsWith("mac-table"))
  .map((name) => {
    const { steps, ...header } = JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as { steps: object[] };
    return [header, ...steps.slice(0, 60)].map((line) => JSON.stringify(line));
  });

/** True if it was traced, false if it was refused. */
function survives(bytes: Uint8Array): boolean {
  try {
    const source = readTrace("x", bytes);
    const tracer = new Tracer(source.setup);
    const report = new TextReport(PLAIN, source);
    for (const step of source.steps()) {
      const decision = tracer.step(step);
      JSON.parse(formatDecisionJson(decision, source.portNames, false));
      expect(report.decision(decision)).toMatch(/\n$/);
    }
    return true;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.findings.some(({ severity }) => severity === "error")).toBe(true);
    for (const { message, hint } of error.findings)
      expect([message, hint ?? ""].every((text) => text !== "")).toBe(true);
    return false;
  }
}

const encode = (text: string) => new TextEncoder().encode(text);
const recording = fc.constantFrom(...RECORDINGS);
const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(-1, 0, 1, 1.5, 1e300, 4095, "", "ff", "02:00:00:00:00:01", true, null, [], {}, "__proto__"),
);

describe("an input", () => {
  it("of any octets is refused, or traced", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        survives(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  it("of any lines is refused, or traced", () => {
    const line = fc.oneof(
      fc.string(),
      fc.json({ maxDepth: 3 }),
      recording.chain((all) => fc.constantFrom(...all)),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (all) => {
        survives(encode(all.join("\n")));
      }),
      { numRuns: 1000 },
    );
  });

  it("that is a recording in which a value or a key is another is refused, or traced", () => {
    let traced = 0;
    let refused = 0;
    fc.assert(
      fc.property(recording, fc.nat(), fc.nat(), fc.boolean(), anyValue, (lines, at, which, inKey, value) => {
        const index = at % lines.length;
        const changed = mutated(JSON.parse(lines[index]!), which, inKey, value);
        if (survives(encode(lines.with(index, JSON.stringify(changed)).join("\n")))) traced++;
        else refused++;
      }),
      { numRuns: 1500 },
    );
    expect(Math.min(traced, refused)).toBeGreaterThan(50);
  });

  it("that is a recording in which octets are others is refused, or traced", () => {
    fc.assert(
      fc.property(
        recording,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
        fc.nat(),
        (lines, changes, cut) => {
          const bytes = encode(lines.join("\n"));
          for (const [at, octet] of changes) bytes[at % bytes.length] = octet;
          survives(cut % 3 === 0 ? bytes.slice(0, cut % bytes.length) : bytes);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

/** The object with one of its keys, however deep, called otherwise or with another value. */
function mutated(object: Record<string, unknown>, which: number, inKey: boolean, value: unknown): unknown {
  const places: [Record<string, unknown>, string][] = [];
  const visit = (part: unknown): void => {
    if (typeof part !== "object" || part === null) return;
    for (const key of Object.keys(part)) {
      places.push([part as Record<string, unknown>, key]);
      visit((part as Record<string, unknown>)[key]);
    }
  };
  visit(object);
  const [owner, key] = places[which % places.length]!;
  if (!inKey || Array.isArray(owner)) owner[key] = value;
  else {
    const kept = owner[key];
    delete owner[key];
    owner[typeof value === "string" ? value : JSON.stringify(value)] = kept;
  }
  return object;
}
