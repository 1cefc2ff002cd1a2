/** A probe in the JSON report. */
import { secondsFromNs } from "../base/units.ts";
import { NO_ANSWER, type Probe } from "../host/probe.ts";
import type { OutageEvent } from "../observe/events.ts";
import { reportOutage } from "./outage-report.ts";
import type { ReportBlackout, ReportProbe } from "./report.ts";

export function reportProbe(probe: Probe, outages: readonly OutageEvent[]): ReportProbe {
  const { options, sent, answered, lost, duplicates, refused, latency, answeredBy, wrongHost } = probe;
  const first = answerFrom(probe, 0);
  return {
    name: options.name,
    sent,
    answered,
    lost,
    duplicates,
    ...(options.kind === "tcp" ? { refused } : {}),
    firstAnswer: first === null ? null : secondsFromNs(first),
    latency:
      latency === null
        ? null
        : {
            min: secondsFromNs(latency.minNs),
            median: secondsFromNs(latency.medianNs),
            p99: secondsFromNs(latency.p99Ns),
            max: secondsFromNs(latency.maxNs),
          },
    answeredBy: Object.fromEntries(answeredBy),
    wrongHost,
    ...reportFlow(probe, outages),
    outages: outages.map(reportOutage),
  };
}

function reportFlow(probe: Probe, outages: readonly OutageEvent[]): Pick<ReportProbe, "flow"> {
  const { flow } = probe;
  if (flow === null) return {};
  const { connections, resets, timeouts, retransmissions, late } = flow;
  const reconnections = Math.max(0, connections - 1);
  const blackouts = outages.map((outage) => blackoutOf(probe, outage));
  return { flow: { resets, timeouts, reconnections, retransmissions, late, blackouts } };
}

/** How long nothing came back while the outage lasted, and how long of that nothing could have. */
function blackoutOf(probe: Probe, { fromNs, parts }: OutageEvent): ReportBlackout {
  const first = indexOf(probe, fromNs);
  const before = first === 0 ? fromNs : probe.answerNs(first - 1);
  const next = answerFrom(probe, first);
  const darkNs = parts.reduce((ns, part) => ns + (part.why === "reached" ? 0 : part.untilNs - part.fromNs), 0);
  return {
    from: secondsFromNs(before),
    until: next === null ? null : secondsFromNs(next),
    pathDark: secondsFromNs(darkNs),
  };
}

/** When the first answer to question `first` or a later one came, ns; null: none did. On a connection answers come in order. */
function answerFrom(probe: Probe, first: number): number | null {
  for (let i = first; i < probe.sent; i++) {
    const atNs = probe.answerNs(i);
    if (atNs !== NO_ANSWER) return atNs;
  }
  return null;
}

/** The question that was sent at that moment. */
function indexOf({ sent, sentNs }: Probe, atNs: number): number {
  let low = 0;
  let high = sent - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sentNs[middle]! < atNs) low = middle + 1;
    else high = middle;
  }
  return low;
}
