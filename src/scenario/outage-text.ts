/**
 * An outage in the text report: a bar for each of its stages, as long as its share, and in a few words what had to happen until the stage was
 * over, or what did not. Where a stage came several times its longest stretch has the word.
 */
import { formatSeconds, formatSpan } from "../base/units.ts";
import type { FlowReset } from "../host/probe-flow.ts";
import type { OutageEvent, OutagePart, OutageStage, Takeover } from "../observe/events.ts";
import type { Style } from "../text/style.ts";

/** In the order in which they mostly pass. */
export const STAGES: readonly OutageStage[] = ["detect", "elect", "announce", "bind", "cache", "transport"];
const BAR_WIDTH = 40;

export function outageRows(outage: OutageEvent, style: Style): string[] {
  const { fromNs, untilNs, lost, late, ended, stages } = outage;
  const totalNs = untilNs - fromNs;
  const end = ended ? formatSeconds(untilNs) : `the end at ${formatSeconds(untilNs)}`;
  const head = `    ${style.bad("outage")} from ${formatSeconds(fromNs)} to ${end}: ${style.bold(formatSpan(totalNs))}, ${unansweredText(lost, late)}`;
  const rows = STAGES.filter((stage) => stages[stage] > 0).map((stage) => {
    const bar = "█".repeat(Math.max(1, Math.round((stages[stage] / totalNs) * BAR_WIDTH)));
    const label = stageText(stage, outage);
    return `      ${stage.padEnd(9)}  ${formatSpan(stages[stage]).padStart(9)}  ${bar.padEnd(BAR_WIDTH)}  ${style.dim(label)}`;
  });
  return [head, ...rows];
}

/** `328 lost`, or `310 late, 18 lost`. */
export function unansweredText(lost: number, late = 0): string {
  return late === 0 ? `${lost} lost` : lost === 0 ? `${late} late` : `${late} late, ${lost} lost`;
}

/** What a stage of the outage was spent on; the outage has some of it. */
export function stageText(stage: OutageStage, outage: OutageEvent): string {
  const part = longestOf(outage.parts.filter((one) => one.stage === stage));
  switch (stage) {
    case "detect":
      return detectText(part, outage);
    case "elect":
      return `skew of ${part.host}: the best standby goes first`;
    case "announce":
      return `until ${part.host} announced it`;
    case "bind":
      return `until the network had it at ${part.host}`;
    case "cache":
      return cacheText(part, outage);
    case "transport":
      return transportText(part, outage);
  }
}

function detectText({ host, untilNs }: OutagePart, { takeovers, fromNs }: OutageEvent): string {
  const takeover = takeovers.find((one) => one.host === host && one.atNs >= untilNs);
  return takeover === undefined ? "nobody took the address" : takeoverText(takeover, fromNs);
}

function takeoverText({ host, from, by, bootedNs }: Takeover, fromNs: number): string {
  if (by === "boot") return `nobody took over until ${host} was up again`;
  if (by === "command") return `until somebody gave ${host} the address`;
  if (bootedNs > fromNs) return `nobody was left: ${host} was up again at ${formatSeconds(bootedNs)}`;
  return host === from ? `nobody took over until ${host} itself was back` : `until ${host} knew`;
}

function cacheText({ why, where, host, untilNs }: OutagePart, { parts, ended }: OutageEvent): string {
  const later = parts.filter((part) => part.fromNs >= untilNs);
  // The question that was answered may have waited for the cache.
  const isSettled = later.length === 0 ? ended : later.some((part) => part.host === host && part.why === "reached");
  if (why === "switch")
    return isSettled ? `until switch ${where} sent it to ${host}` : `switch ${where} did not send it to ${host}`;
  return isSettled ? `until ${where}'s cache agreed` : `${where}'s cache did not learn of ${host}`;
}

function transportText({ why, where, fromNs, untilNs }: OutagePart, outage: OutageEvent): string {
  const isOver = outage.ended || untilNs < outage.untilNs;
  switch (why) {
    case "no-carrier":
      return isOver ? `until ${where} had carrier again` : `${where} had no carrier`;
    case "partition":
      return isOver ? "until the partition was healed" : "they were on two sides of a partition";
    case "no-route":
      return `${where} had no route to it`;
    case "storm":
      return `frames circled in ${where}`;
    case "paused":
      return isOver ? `until ${where} went on` : `${where} stood still`;
    case "down":
      return isOver ? `until ${where} was up again` : `${where} was down`;
    default:
      if (outage.reset && outage.reset.atNs >= fromNs) return resetText(outage.reset);
      if (outage.parts.every((part) => part.why === "reached"))
        return `packets were lost${isSentAgain(outage) ? " until TCP sent them again" : ", though all agreed on the way"}`;
      if (isSentAgain(outage)) return "until TCP sent again";
      return outage.ended ? "until the next question that was answered" : "no answer came any more";
  }
}

function resetText({ host, openNs }: FlowReset): string {
  const end = openNs === null ? "" : `; established anew at ${formatSeconds(openNs)}`;
  return `${host} reset the connection, which it knew nothing of${end}`;
}

/** On a connection that is kept nothing but TCP ends a wait. */
function isSentAgain({ reset, ended }: OutageEvent): boolean {
  return reset !== undefined && ended;
}

function longestOf(parts: readonly OutagePart[]): OutagePart {
  return parts.reduce((longest, part) =>
    part.untilNs - part.fromNs > longest.untilNs - longest.fromNs ? part : longest,
  );
}
