/** A probe's questions, half a million of them perhaps, as the few stretches and figures that a picture can show. */
import type { Probe } from "../host/probe.ts";
import type { ProbeFate, ProbePart, ProbeRecord } from "./recording.ts";

/** More stretches than these are only shown as shares. */
const FATES_MAX = 400;
const PARTS = 300;

/** `endNs`: when the run ended. */
export function recordProbe(probe: Probe, endNs: number): ProbeRecord {
  return { name: probe.options.name, fates: fatesOf(probe, endNs), parts: partsOf(probe, endNs) };
}

function fatesOf({ sent, sentNs, answeredNs, options }: Probe, endNs: number): ProbeFate[] | null {
  const fates: ProbeFate[] = [];
  for (let first = 0; first < sent; ) {
    const answered = answeredNs[first]! > 0;
    let next = first + 1;
    while (next < sent && answeredNs[next]! > 0 === answered) next++;
    const untilNs = next < sent ? sentNs[next]! : Math.min(endNs, sentNs[sent - 1]! + options.everyNs);
    fates.push({ fromNs: sentNs[first]!, untilNs, answered, questions: next - first });
    if (fates.length > FATES_MAX) return null;
    first = next;
  }
  return fates;
}

function partsOf({ sent, sentNs, answeredNs }: Probe, endNs: number): ProbePart[] {
  const parts = Array.from({ length: PARTS }, () => ({ sent: 0, lost: 0, slowestNs: 0 }));
  for (let i = 0; i < sent; i++) {
    const part = parts[Math.min(PARTS - 1, Math.floor((sentNs[i]! / endNs) * PARTS))]!;
    part.sent++;
    if (answeredNs[i] === 0) part.lost++;
    else part.slowestNs = Math.max(part.slowestNs, answeredNs[i]! - sentNs[i]!);
  }
  return parts;
}
