/** Steps in the recordings' form, put through the switch as `viplane trace` does it: from JSON lines to decisions. */
import { createHash } from "node:crypto";
import type { Decision, SnapshotDecision } from "../../src/trace/decision.ts";
import { readTrace } from "../../src/trace/read-trace.ts";
import { type TraceOptions, Tracer } from "../../src/trace/tracer.ts";
import type { Altered, BridgeSetup, BridgeStep, TableDigest, TableRow } from "./bridge-recording.ts";

/** The decisions on all steps, from a switch of that set-up. */
export function traceBridge(setup: BridgeSetup, steps: readonly BridgeStep[], options: TraceOptions = {}): Decision[] {
  return traceLines([setup, ...steps], options);
}

export function traceLines(lines: readonly object[], options: TraceOptions = {}): Decision[] {
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  const source = readTrace("x.jsonl", new TextEncoder().encode(text));
  const tracer = new Tracer(source.setup, options);
  return Array.from(source.steps(), (step) => tracer.step(step));
}

/** Who got a frame, and what left otherwise than it came; null if the step was none. */
export function outcomeOf(decision: Decision): { out: readonly number[] | null; altered: Altered } {
  if (decision.do !== "frame") return { out: null, altered: {} };
  const altered = [...decision.altered].map(([port, bytes]) => [port, Buffer.from(bytes).toString("hex")]);
  return { out: decision.out, altered: Object.fromEntries(altered) };
}

/** A snapshot's rows as the recordings have them, sorted by VLAN and MAC. */
export function forwarding({ rows }: SnapshotDecision): TableRow[] {
  return rows
    .map(({ mac, port, kind, vlan }) => ({ mac, port, kind, ...(vlan !== null && { vlan }) }) as TableRow)
    .sort((a, b) => (a.vlan ?? 0) - (b.vlan ?? 0) || (a.mac < b.mac ? -1 : 1));
}

export function tableDigest(rows: readonly TableRow[]): TableDigest {
  const lines = [...rows]
    .sort((a, b) => (a.mac < b.mac ? -1 : 1))
    .map(({ mac, port, kind }) => `${mac} ${port} ${kind}\n`);
  return { count: rows.length, sha256: createHash("sha256").update(lines.join("")).digest("hex") };
}
