/** Probes and their outages in figures. */
import { formatSeconds, formatSpan, NS_PER_S } from "../base/units.ts";
import type { OutageEvent } from "../observe/events.ts";
import { STAGES, stageText, unansweredText } from "../scenario/outage-text.ts";
import type { ReportProbe } from "../scenario/report.ts";
import type { RunResult } from "../scenario/run.ts";
import { formatIp } from "../wire/address.ts";
import { element, type Markup } from "./markup.ts";
import { zoomAround } from "./probe-lanes.ts";
import { type Column, figure, table, viewLink } from "./table.ts";

/** Of a probe so many outages are told in figures, the longest. */
const OUTAGES_MAX = 40;

export function outageTable({ outages }: RunResult, chart: string): Markup {
  const rows = [...outages].flatMap(([probe, list]) => {
    const longest = new Set(list.toSorted((a, b) => lengthNs(b) - lengthNs(a)).slice(0, OUTAGES_MAX));
    const others = list.filter((outage) => !longest.has(outage));
    return [
      ...list.filter((outage) => longest.has(outage)).map((outage) => outageRow(outage, chart)),
      ...(others.length === 0 ? [] : [othersRow(probe, others)]),
    ];
  });
  if (rows.length === 0) return element("p", {}, "No probe saw an outage.");
  const titles = ["from", "until", "outage", "unanswered", ...STAGES];
  return table([{ title: "probe" }, ...figures(...titles)], rows, "outages");
}

function lengthNs({ fromNs, untilNs }: OutageEvent): number {
  return untilNs - fromNs;
}

function outageRow(outage: OutageEvent, chart: string): Markup {
  const { probe, fromNs, untilNs, lost, late, ended, stages } = outage;
  return element(
    "tr",
    {},
    element("td", {}, viewLink(chart, zoomAround(fromNs, untilNs), probe)),
    figure(formatSeconds(fromNs)),
    figure(ended ? formatSeconds(untilNs) : "end of run"),
    figure(element("b", {}, formatSpan(untilNs - fromNs))),
    figure(unansweredText(lost, late)),
    ...STAGES.map((key) => (stages[key] > 0 ? figure(formatSpan(stages[key]), stageText(key, outage)) : figure("–"))),
  );
}

function othersRow(probe: string, others: readonly OutageEvent[]): Markup {
  const totalNs = others.reduce((sum, outage) => sum + lengthNs(outage), 0);
  const lost = others.reduce((sum, outage) => sum + outage.lost, 0);
  const late = others.reduce((sum, outage) => sum + (outage.late ?? 0), 0);
  return element(
    "tr",
    { class: "more" },
    element("td", {}, `${probe}: ${others.length} more, all shorter`),
    figure(formatSeconds(others[0]!.fromNs)),
    figure(formatSeconds(others.at(-1)!.untilNs)),
    figure(formatSpan(totalNs)),
    figure(unansweredText(lost, late)),
    element("td", { colspan: STAGES.length }),
  );
}

export function probeTable({ scenario, report }: RunResult): Markup {
  const rows = scenario.probes.map(({ kind, from, to, everyNs }, i) => {
    const seen = report.probes[i]!;
    const way = `${kind} ${from} → ${formatIp(to)} every ${formatSpan(everyNs)}`;
    const span = (seconds: number): string => formatSpan(Math.round(seconds * NS_PER_S));
    const { sent, answered, lost, wrongHost, latency } = seen;
    const times = latency === null ? ["–", "–", "–"] : [latency.median, latency.p99, latency.max].map(span);
    return element(
      "tr",
      {},
      element("td", {}, element("b", {}, seen.name)),
      element("td", {}, way),
      ...[sent, answered, lost].map((count) => figure(String(count))),
      ...times.map((time) => figure(time)),
      element("td", {}, answeredBy(seen)),
      figure(wrongHost === 0 ? "–" : element("b", { class: "fail" }, String(wrongHost))),
    );
  });
  const columns = [
    { title: "probe" },
    { title: "asks" },
    ...figures("sent", "answered", "lost", "median", "99 %", "slowest"),
    { title: "answered by" },
    ...figures("wrong host"),
  ];
  return table(columns, rows);
}

function answeredBy({ answeredBy: hosts }: ReportProbe): string {
  return Object.entries(hosts)
    .map(([host, count]) => `${host} (${count})`)
    .join(", ");
}

function figures(...titles: string[]): Column[] {
  return titles.map((title) => ({ title, isFigure: true }));
}
