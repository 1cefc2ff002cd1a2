/** Inputs for traces: frames and lines, briefly. */
import { ConfigError, formatFinding } from "../../src/text/config-error.ts";
import type { Decision, FrameDecision } from "../../src/trace/decision.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import type { TraceSource } from "../../src/trace/steps.ts";
import { type TraceOptions, Tracer } from "../../src/trace/tracer.ts";

export const BROADCAST = "ffffffffffff";

/** `0200000000NN`. */
export function host(n: number): string {
  return `0200000000${n.toString(16).padStart(2, "0")}`;
}

/** A frame of 60 octets, of an EtherType for experiments. */
export function hex(destination: string, source: string, octets = 60): string {
  return `${destination}${source}88b5`.padEnd(octets * 2, "0").slice(0, octets * 2);
}

export function lines(...objects: readonly (object | string)[]): string {
  return objects.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join("");
}

export function read(text: string, ports: number | null = null): TraceSource {
  return readTrace("x.jsonl", new TextEncoder().encode(text), { ports });
}

/** The decisions on objects, of which the first is a header. */
export function trace(objects: readonly object[], options: TraceOptions = {}): Decision[] {
  const source = read(lines(...objects));
  const tracer = new Tracer(source.setup, options);
  return Array.from(source.steps(), (step) => tracer.step(step));
}

/** The last decision, which is on a frame. */
export function lastFrame(objects: readonly object[], options: TraceOptions = {}): FrameDecision {
  const decision = trace(objects, options).at(-1);
  if (decision?.do !== "frame") throw new Error("the last step is no frame");
  return decision;
}

/** What is wrong with an input, one string for each finding; none if nothing is. */
export function mistakes(text: string, ports: number | null = null): string[] {
  try {
    read(text, ports);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.findings.map(formatFinding);
  }
}
