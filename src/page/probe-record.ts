/** A probe's questions, half a million of them perhaps, as the few stretches and figures that a picture can show. */
import { NO_ANSWER, type Probe } from "../host/probe.ts";
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
    const answered = answeredNs[first] !== NO_ANSWER;
    let next = first + 1;
    while (next < sent && (answeredNs[next] !== NO_ANSWER) === answered) next++;
    const untilNs = next < sent ? sentNs[next]! : Math.min(endNs, sentNs[sent - 1]! + options.everyNs);
    fates.push({ fromNs: sentNs[first]!, untilNs, answered, questions: next - first });
    if (fates.length > FATES_MAX) return null;
    first = next;
  }
  return fates;
}

function partsOf(probe: Probe, endNs: number): ProbePart[] {
  const { sent, sentNs, answeredNs } = probe;
  const parts = Array.from({ length: PARTS }, () => ({ sent: 0, unanswered: 0, slowestNs: 0 }));
  for (let i = 0; i < sent; i++) {
    const part = parts[Math.min(PARTS - 1, Math.floor((sentNs[i]! / endNs) * PARTS))]!;
    part.sent++;
    if (answeredNs[i] === NO_ANSWER) part.unanswered++;
    const atNs = probe.answerNs(i);
    if (atNs !== NO_ANSWER) part.slowestNs = Math.max(part.slowestNs, atNs - sentNs[i]!);
  }
  return parts;
}
