/** Lanes of probes: what was answered, how long answers took, and where the time of each outage went. */
import { formatSpan, NS_PER_S } from "../base/units.ts";
import type { OutageEvent, OutageStage } from "../observe/events.ts";
import type { ProbeSpec } from "../scenario/model.ts";
import { STAGES, stageText, unansweredText } from "../scenario/outage-text.ts";
import type { RunResult } from "../scenario/run.ts";
import { formatIp } from "../wire/address.ts";
import { type Curve, type Lane, type Span, spanWords } from "./lane.ts";
import type { ProbeFate, ProbeRecord, Recording } from "./recording.ts";

/** What each stage is. */
export const STAGE_ABOUT: Readonly<Record<OutageStage, string>> = {
  detect: "until somebody decided to take the address",
  elect: "skew: the best standby goes first",
  announce: "until the first announcement",
  bind: "until the network had it at its new place",
  cache: "until the client's cache and the switches agreed",
  transport: "the rest: until the next question that was answered",
};

/** Outages of a probe whose stages are drawn: the longest. */
const OUTAGES_DRAWN = 100;

export function probeLanes({ scenario, outages, report }: RunResult, { probes }: Recording): Lane[] {
  return scenario.probes.flatMap((spec, i) => {
    const record = probes.find(({ name }) => name === spec.name)!;
    const list = outages.get(spec.name)!;
    const { sent, answered } = report.probes[i]!;
    const note = `${spec.kind} ${spec.from} → ${formatIp(spec.to)}`;
    const summary = `${spec.name}, ${note}: ${sent} sent, ${answered} answered, ${list.length === 0 ? "no outage" : outageCount(list)}`;
    const fates: Lane = {
      name: spec.name,
      note,
      spans: record.fates === null ? [] : fateSpans(spec, record.fates, list),
      marks: [],
      curves: record.fates === null ? lossCurves(record) : [],
      summary,
    };
    return [fates, ...stageLanes(spec, list), ...latencyLanes(spec, record)];
  });
}

function outageCount(list: readonly OutageEvent[]): string {
  return list.length === 1 ? "1 outage" : `${list.length} outages`;
}

function fateSpans({ name }: ProbeSpec, fates: readonly ProbeFate[], outages: readonly OutageEvent[]): Span[] {
  return fates.map(({ fromNs, untilNs, answered, questions }, i) => {
    const words = spanWords(fromNs, untilNs);
    if (answered) {
      const label = `${questions} answered`;
      return { fromNs, untilNs, look: "answered", label, tells: `${name}: ${label}\n${words}` };
    }
    const outage = outages.find((one) => one.fromNs === fromNs);
    if (outage !== undefined) {
      const label = `${unansweredText(outage.lost, outage.late)}, ${formatSpan(untilNs - fromNs)}`;
      return { fromNs, untilNs, look: "lost", label, tells: `${name}: ${label}\n${words}` };
    }
    const label = `${questions} without an answer`;
    const why = i === 0 ? "before the first answer: start-up, no outage" : "too late in the run to be called lost";
    return { fromNs, untilNs, look: "startup", label, tells: `${name}: ${label}\n${words}\n${why}` };
  });
}

function lossCurves({ parts }: ProbeRecord): Curve[] {
  return [
    { look: "answered", shares: parts.map(({ sent }) => (sent === 0 ? null : 1)) },
    { look: "lost", shares: parts.map(({ sent, unanswered }) => (unanswered === 0 ? null : unanswered / sent)) },
  ];
}

function stageLanes({ name }: ProbeSpec, list: readonly OutageEvent[]): Lane[] {
  if (list.length === 0) return [];
  const longest = list.toSorted((a, b) => b.untilNs - b.fromNs - (a.untilNs - a.fromNs)).slice(0, OUTAGES_DRAWN);
  const spans = list.filter((outage) => longest.includes(outage)).flatMap(stageSpans);
  const summary = `outages of ${name}: ${list.length}`;
  return [{ name: "outage", note: "by stages", within: name, spans, marks: [], curves: [], summary }];
}

/** The outage's parts in order of time: a stage may come several times. */
function stageSpans(outage: OutageEvent): Span[] {
  const { probe, fromNs, untilNs, lost, late, stages, parts } = outage;
  const title = `outage of ${probe}: ${formatSpan(untilNs - fromNs)}, ${unansweredText(lost, late)}`;
  const figures = STAGES.filter((key) => stages[key] > 0).map(
    (key) => `${key} ${formatSpan(stages[key])}: ${stageText(key, outage)}`,
  );
  const zoom = zoomAround(fromNs, untilNs);
  return parts.map(({ stage, fromNs: first, untilNs: last, why, where }): Span => {
    const here = `here: ${stage} ${spanWords(first, last)}, ${why}${where === null ? "" : ` ${where}`}`;
    const tells = [title, spanWords(fromNs, untilNs), ...figures, here].join("\n");
    const label = `${stage} ${formatSpan(last - first)}`;
    return { fromNs: first, untilNs: last, look: `stage ${stage}`, label, tells, zoom };
  });
}

/** A stretch of time with some room on both sides. */
export function zoomAround(fromNs: number, untilNs: number): readonly [number, number] {
  const room = Math.round((untilNs - fromNs) * 0.12);
  return [fromNs - room, untilNs + room];
}

/** Powers of ten from a microsecond to a thousand seconds, ns. */
const DECADES = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12];

function latencyLanes({ name }: ProbeSpec, { parts }: ProbeRecord): Lane[] {
  const times = parts.map(({ slowestNs }) => slowestNs).filter((ns) => ns > 0);
  if (times.length === 0) return [];
  const [least, most] = [Math.min(...times), Math.max(...times)];
  const low = Math.max(
    0,
    DECADES.findLastIndex((decade) => decade <= least),
  );
  const high = Math.max(
    low + 1,
    DECADES.findIndex((decade) => decade >= most),
  );
  const shares = parts.map(({ slowestNs }) => (slowestNs === 0 ? null : (heightOf(slowestNs) - low) / (high - low)));
  const note = `${bound(DECADES[low]!)} to ${bound(DECADES[high]!)}`;
  const summary = `slowest answers of ${name}: from ${formatSpan(least)} to ${formatSpan(most)}`;
  return [
    {
      name: "slowest answer",
      note,
      within: name,
      spans: [],
      marks: [],
      curves: [{ shares, look: "latency" }],
      summary,
    },
  ];
}

/** On a scale that is a power of ten high at each whole number, and even between: a logarithm's last digit would be the machine's. */
function heightOf(ns: number): number {
  const decade = Math.max(
    0,
    DECADES.findLastIndex((from) => from <= ns),
  );
  const [from, to] = [DECADES[decade]!, DECADES[decade + 1] ?? DECADES[decade]! * 10];
  return decade + (ns - from) / (to - from);
}

function bound(ns: number): string {
  return ns >= NS_PER_S ? `${ns / NS_PER_S} s` : formatSpan(ns);
}
