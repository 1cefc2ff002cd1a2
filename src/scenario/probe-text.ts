/** What the probes saw, in the text report: questions and answers, who answered and how fast, and each of the longest outages. */
import { formatSpan, NS_PER_S } from "../base/units.ts";
import type { OutageEvent } from "../observe/events.ts";
import type { Style } from "../text/style.ts";
import { formatIp } from "../wire/address.ts";
import type { ProbeSpec } from "./model.ts";
import { outageRows, unansweredText } from "./outage-text.ts";
import type { ReportBlackout, ReportProbe } from "./report.ts";
import type { RunResult } from "./run.ts";
import { longestOutages } from "./story.ts";

/** Hosts named among those that answered. */
const HOSTS_SHOWN = 6;

export function probeSection({ scenario, report, outages }: RunResult, style: Style): string[] {
  if (scenario.probes.length === 0) return [];
  const lines = scenario.probes.flatMap((probe, i) => {
    const seen = report.probes[i]!;
    const list = outages.get(probe.name)!;
    const { longest, others } = longestOutages(list);
    return [
      `  ${style.bold(probe.name)}  ${whatText(probe)}`,
      `    ${countsText(seen)}`,
      ...(seen.latency === null ? [] : [`    ${answersText(seen, seen.latency)}`]),
      ...wrongRow(seen, style),
      ...flowRow(seen, style),
      ...(list.length === 0 && seen.firstAnswer !== null ? [`    ${style.good("no outage")}`] : []),
      ...longest.flatMap((outage) => [
        ...outageRows(outage, style),
        ...blackoutRow(seen.flow?.blackouts[list.indexOf(outage)], style),
      ]),
      ...(others.length > 0 ? [shorterRow(others, style)] : []),
    ];
  });
  return [style.bold("What the probes saw"), ...lines, ""];
}

/** `icmp from client to 10.0.1.50 every 10 ms`. */
function whatText({ kind, tcp, from, to, everyNs }: ProbeSpec): string {
  const pace = `every ${formatSpan(everyNs)}`;
  const way = `from ${from} to ${formatIp(to)}`;
  if (tcp === null) return `${kind} ${way} ${pace}`;
  if (tcp.connection === "new") return `tcp ${way}, port ${tcp.port}: a connection ${pace}`;
  return `tcp ${way}, port ${tcp.port}: one connection, a request ${pace}`;
}

function countsText({ sent, answered, lost, duplicates, refused = 0, firstAnswer, flow }: ReportProbe): string {
  const parts = [
    `${sent} sent`,
    `${answered} answered${flow === undefined || flow.late === 0 ? "" : ` (${flow.late} late)`}`,
    ...(lost === 0 ? [] : [`${lost} lost`]),
    ...(refused === 0 ? [] : [`${refused} refused`]),
    ...(duplicates === 0 ? [] : [`${duplicates} answered twice`]),
    firstAnswer === null ? "never an answer" : `the first answer at ${firstAnswer.toFixed(3)} s`,
  ];
  return parts.join(", ");
}

/** `answered by vm-A (1024), vm-B (976); round trip 200 us, 99 % within 210 us, at most 5.31 ms`: the first is the median. */
function answersText({ answeredBy }: ReportProbe, latency: NonNullable<ReportProbe["latency"]>): string {
  const hosts = Object.entries(answeredBy);
  const shown = hosts.slice(0, HOSTS_SHOWN).map(([host, count]) => `${host} (${count})`);
  const more = hosts.length > HOSTS_SHOWN ? [`${hosts.length - HOSTS_SHOWN} more`] : [];
  const span = (seconds: number) => formatSpan(Math.round(seconds * NS_PER_S));
  const { min, median, p99, max } = latency;
  const rest = min === max ? "" : `, 99 % within ${span(p99)}, at most ${span(max)}`;
  return `answered by ${[...shown, ...more].join(", ")}; round trip ${span(median)}${rest}`;
}

function wrongRow({ wrongHost }: ReportProbe, style: Style): string[] {
  if (wrongHost === 0) return [];
  const answers = wrongHost === 1 ? "1 answer" : `${wrongHost} answers`;
  return [`    ${style.bad("WRONG HOST")} ${answers} came from a host that the address did not belong to then`];
}

/** What became of a connection that is kept; nothing is said where nothing did. */
function flowRow({ flow }: ReportProbe, style: Style): string[] {
  if (flow === undefined) return [];
  const { resets, timeouts, reconnections, retransmissions } = flow;
  const parts = [
    ...(resets === 0 ? [] : [style.bad(`reset ${timesText(resets)}`)]),
    ...(timeouts === 0 ? [] : [style.bad(`given up ${timesText(timeouts)}`)]),
    ...(reconnections === 0 ? [] : [`established anew ${timesText(reconnections)}`]),
    ...(retransmissions === 0 ? [] : [`sent again ${timesText(retransmissions)}`]),
  ];
  return parts.length === 0 ? [] : [`    the connection: ${parts.join(", ")}`];
}

function timesText(count: number): string {
  return count === 1 ? "once" : count === 2 ? "twice" : `${count} times`;
}

/** Beside the outage of a flow, how much of it the path alone would have cost. */
function blackoutRow(blackout: ReportBlackout | undefined, style: Style): string[] {
  if (blackout === undefined) return [];
  const { from, until, pathDark } = blackout;
  const path = pathDark === 0 ? "the path was there all the time" : `the path for ${formatSpan(pathDark * NS_PER_S)}`;
  const flow = until === null ? "to the end" : `for ${style.bold(formatSpan(Math.round((until - from) * NS_PER_S)))}`;
  return [`      the flow was dark ${flow}, ${path}`];
}

/** The outages that are not told one by one. */
function shorterRow(others: readonly OutageEvent[], style: Style): string {
  const lengths = others.map(({ fromNs, untilNs }) => untilNs - fromNs);
  const totalNs = lengths.reduce((sum, ns) => sum + ns, 0);
  const lost = others.reduce((sum, outage) => sum + outage.lost, 0);
  const late = others.reduce((sum, outage) => sum + (outage.late ?? 0), 0);
  const each = `${formatSpan(Math.max(...lengths))} at most`;
  return `    ${style.bad(`${others.length} more outages`)}, ${each}: ${style.bold(formatSpan(totalNs))} in all, ${unansweredText(lost, late)}`;
}
