/**
 * A run as a person reads it: what happened when, who held each virtual address, what each probe lost and why, and what was
 * expected. Plain text; the command line gives it colours where there is a terminal.
 */
import { formatSeconds, formatSpan } from "../base/units.ts";
import type { HolderEvent, OutageEvent } from "../observe/events.ts";
import type { SplitBrain } from "../observe/split-brain.ts";
import type { DropName } from "../switch/drop-cause.ts";
import { dropWords } from "../switch/drop-words.ts";
import { printable, type Style } from "../text/style.ts";
import type { Verdict } from "./expectations.ts";
import { countText, type Happening, havipNames } from "./happenings.ts";
import { probeSection } from "./probe-text.ts";
import type { ReportWay } from "./report.ts";
import type { RunResult } from "./run.ts";
import { storyOf } from "./story.ts";
import { systemRows } from "./systems.ts";

type LossCounts = Pick<ReportWay, "lost" | "overflowed" | "policed">;
/** Happenings shown around each moment at which an expectation broke: rather those before it, among which the cause is. */
const SHOWN_BEFORE = 5;
const SHOWN_AFTER = 2;
/** Around a broken expectation every outage counts. */
const NO_OUTAGES: ReadonlyMap<string, readonly OutageEvent[]> = new Map();

/** `withTimeLine` false leaves out what `--events` has printed already. */
export function formatRun(result: RunResult, style: Style, withTimeLine = true): string {
  const { scenario, report } = result;
  const description = printable(scenario.description).trimEnd();
  const title = description === "" ? scenario.name : `${scenario.name}: ${description}`;
  const parts = [
    style.bold(title),
    style.dim(`seed ${report.seed}, ${formatSpan(scenario.untilNs)} of virtual time`),
    "",
    ...(withTimeLine ? timeLine(result, style) : []),
    ...reigns(result, style),
    ...storms(result, style),
    ...systemRows(scenario, style),
    ...probeSection(result, style),
    ...losses(result, style),
    ...expectations(result, style),
  ];
  return `${parts.join("\n")}\n`;
}

/** The expectations that do not hold, and how many; empty if all do. For where the rest of the text does not go. */
export function formatFailures(result: RunResult, style: Style): string {
  const { verdicts, scenario, report } = result;
  const failed = verdicts.filter(({ ok }) => !ok);
  if (failed.length === 0) return "";
  const rows = failed.flatMap((verdict) => verdictRows(verdict, result, style));
  return `${[style.bold(scenario.name), ...rows, summary(failed.length, verdicts.length, report.seed, style)].join("\n")}\n`;
}

/** One line of the time line, also what `--events` prints. */
export function formatHappening({ atNs, kind, who, text }: Happening, style: Style, whoWidth: number): string {
  const line = `${formatSeconds(atNs).padStart(12)}  ${who.padEnd(whoWidth)}  ${printable(text)}`;
  switch (kind) {
    case "step":
      return style.accent(line);
    case "holder":
      return style.bold(line);
    case "outage":
    case "storm":
      return style.bad(line);
    case "announcement":
    case "neighbour":
    case "moved":
    case "detail":
      return style.dim(line);
    default:
      return line;
  }
}

function timeLine({ happenings, storms: all, outages }: RunResult, style: Style): string[] {
  const { shown, refreshes, echoes, blips } = storyOf(happenings, all, outages);
  const width = Math.max(...shown.map(({ who }) => who.length), 0);
  const more = (count: number, what: string) =>
    count === 0 ? [] : [style.dim(`${"".padStart(12)}  (${count} more ${what})`)];
  return [
    style.bold("What happened"),
    ...(shown.length === 0 ? ["  nothing"] : []),
    ...shown.map((happening) => formatHappening(happening, style, width)),
    ...more(refreshes, "announcements by the same holders"),
    ...more(echoes, "notes in the storm that say the same again"),
    ...[...blips].flatMap(([probe, short]) =>
      more(
        short.length,
        `outages of ${probe}, all shorter, between ${formatSeconds(short[0]!.fromNs)} and ${formatSeconds(short.at(-1)!.untilNs)}`,
      ),
    ),
    "",
  ];
}

function reigns({ scenario, holders, splitBrains: splits, endNs }: RunResult, style: Style): string[] {
  const names = havipNames(scenario);
  const addresses = [...new Set([...names.keys(), ...holders.map(({ vip }) => vip)])];
  if (addresses.length + splits.length === 0) return [];
  const lines = addresses.flatMap((vip) => {
    const changes = holders.filter((event) => event.vip === vip);
    const name = names.get(vip);
    return [`  ${style.bold(name === undefined ? vip : `${name} ${vip}`)}`, ...reignRows(changes, endNs)];
  });
  return [style.bold("Who held the address"), ...lines, ...splits.map((split) => splitRow(split, endNs, style)), ""];
}

function splitRow({ fromNs, untilNs, vip, hosts }: SplitBrain, endNs: number, style: Style): string {
  const end = untilNs === endNs ? "the end of the run" : formatSeconds(untilNs);
  const span = `from ${formatSeconds(fromNs)} to ${end} (${formatSpan(untilNs - fromNs)})`;
  return `  ${style.bad("SPLIT BRAIN")} ${hosts.join(" and ")} were master for ${vip} at the same time ${span}`;
}

function reignRows(changes: readonly HolderEvent[], untilNs: number): string[] {
  const starts = [{ atNs: 0, to: null as HolderEvent["to"] }, ...changes];
  return starts.flatMap(({ atNs, to }, i) => {
    const endNs = starts[i + 1]?.atNs ?? untilNs;
    if (endNs <= atNs) return [];
    const span = `${formatSeconds(atNs).padStart(10)} to ${formatSeconds(endNs).padStart(10)}`;
    return [`  ${span}  ${to === null ? "nobody" : `${to.host}.${to.nic}`}  (${formatSpan(endNs - atNs)})`];
  });
}

function storms({ storms: all, endNs }: RunResult, style: Style): string[] {
  if (all.length === 0) return [];
  const lines = all.flatMap(({ subnet, loop, fromNs, untilNs, crossings, crossingsPerSecond, isOver, endedRun }) => {
    const end = isOver
      ? formatSeconds(untilNs)
      : endedRun
        ? "the end of the run, which it ended"
        : "the end of the run";
    const lastedNs = (isOver ? untilNs : endNs) - fromNs;
    return [
      `  ${style.bad("STORM")} in ${subnet} from ${formatSeconds(fromNs)} to ${end} (${formatSpan(lastedNs)})`,
      `    frames circled ${loop.switches.join(" – ")} by ${loop.links.join(", ")}`,
      `    ${countText(crossings)} crossings of links, ${countText(crossingsPerSecond)} a second at most`,
    ];
  });
  return [style.bold("Broadcast storms"), ...lines, ""];
}

/** What was lost otherwise; nothing is said where nothing was. */
function losses({ report }: RunResult, style: Style): string[] {
  const { drops, hosts, links = [], impaired = [] } = report.counters;
  const rows = [
    ...Object.entries(drops).flatMap(([cause, count]) => lossRow(count, `${cause}: ${dropWords(cause as DropName)}`)),
    ...links.flatMap(wayRows),
    ...impaired.flatMap(({ host, nic, direction, ...counts }) => impairRows(`${host}.${nic}, ${direction}`, counts)),
    ...lossRow(hosts.unheard, "unheard: the machine was gone"),
    ...lossRow(hosts.unreachable, "unreachable: no neighbour answered, no route, or no carrier"),
    ...lossRow(hosts.malformed, "malformed: refused by a host"),
    ...lossRow(hosts.lost, "no room for another frame"),
  ];
  return rows.length === 0 ? [] : [style.bold("Frames that nobody got"), ...rows, ""];
}

function impairRows(way: string, { lost, overflowed, policed }: LossCounts): string[] {
  return [
    ...lossRow(lost, `lost on ${way}`),
    ...lossRow(overflowed, `no room in the queue of ${way}`),
    ...lossRow(policed, `announcements policed on ${way}`),
  ];
}

function wayRows({ link, from, to, drops, ...counts }: ReportWay): string[] {
  const way = `${link} from ${from} to ${to}`;
  // A flood reaches switches behind which nobody is: that copy is not missed. One that is known to have come from where it should go
  // may be just so, or a frame that went astray.
  const refused = Object.entries(drops).filter(([cause]) => cause !== ("no-other-port" satisfies DropName));
  return [
    ...impairRows(way, counts),
    ...refused.flatMap(([cause, count]) => lossRow(count, `${cause} behind ${way}: ${dropWords(cause as DropName)}`)),
  ];
}

function lossRow(count: number, text: string): string[] {
  return count > 0 ? [`  ${String(count).padStart(8)}  ${text}`] : [];
}

function expectations(result: RunResult, style: Style): string[] {
  const { verdicts, report } = result;
  const failed = verdicts.filter(({ ok }) => !ok).length;
  if (verdicts.length === 0) return [style.good("nothing was expected, so nothing failed")];
  return [
    style.bold("What was expected"),
    ...verdicts.flatMap((verdict) => verdictRows(verdict, result, style)),
    "",
    summary(failed, verdicts.length, report.seed, style),
  ];
}

function summary(failed: number, all: number, seed: number, style: Style): string {
  const expectations = all === 1 ? "expectation" : "expectations";
  if (failed === 0) return style.good(all === 1 ? "PASS  the expectation holds" : `PASS  all ${all} expectations hold`);
  return (
    style.bad(`FAIL  ${failed} of ${all} ${expectations} ${failed === 1 ? "does" : "do"} not hold`) +
    style.dim(`  (seed ${seed})`)
  );
}

function verdictRows(verdict: Verdict, { happenings, storms: all, scenario }: RunResult, style: Style): string[] {
  const { expectation, ok, wanted, seen, brokenNs } = verdict;
  if (ok) return [`  ${style.good("✓")} ${wanted}`];
  const { line, column } = expectation.position;
  const near = nearest(storyOf(happenings, all, NO_OUTAGES).shown, brokenNs);
  const width = Math.max(...near.map(({ who }) => who.length), 0);
  return [
    `  ${style.bad("✗")} ${scenario.file}:${line}:${column}`,
    `      wanted  ${wanted}`,
    `      seen    ${style.bad(seen)}`,
    ...(near.length === 0 ? [] : ["      around that time:"]),
    ...near.map((happening) => `    ${formatHappening(happening, style, width)}`),
  ];
}

/** The happenings next to each of some moments, in order. */
function nearest(happenings: readonly Happening[], momentsNs: readonly number[]): Happening[] {
  const afters = momentsNs.map((momentNs) => happenings.filter(({ atNs }) => atNs <= momentNs).length);
  return happenings.filter((_, index) =>
    afters.some((after) => index >= after - SHOWN_BEFORE && index < after + SHOWN_AFTER),
  );
}
