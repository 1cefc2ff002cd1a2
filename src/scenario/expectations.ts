/** Judges what a scenario expects: one function a kind, each answers with what was wanted and what was seen, in words. */
import { NS_PER_MS, NS_PER_S, NS_PER_US } from "../base/units.ts";
import type { HolderEvent, OutageEvent } from "../observe/events.ts";
import { formatIp } from "../wire/address.ts";
import type { Expectation, HolderExpectation, OutageExpectation, Scenario, Window } from "./model.ts";

export interface Verdict {
  readonly expectation: Expectation;
  readonly ok: boolean;
  readonly wanted: string;
  readonly seen: string;
  /** Where it went wrong, ns: a moment, or both ends of an outage. What happened around there explains it. Empty where it holds. */
  readonly brokenNs: readonly number[];
}

/** What happened, as far as expectations ask. */
export interface Evidence {
  /** When the run ended: a storm may end it before its time. */
  readonly endNs: number;
  /** Oldest first. */
  readonly holders: readonly HolderEvent[];
  readonly outagesOf: (probe: string) => readonly OutageEvent[];
  /** Whether the probe sent a question in the window: `fromNs` and later, before `untilNs`. */
  readonly hasAsked: (probe: string, window: Window) => boolean;
}

/** Holders named in `seen`: of an address that flaps for hours, those around the failure. */
const REIGNS_SHOWN = 8;

export function judge(scenario: Scenario, evidence: Evidence): Verdict[] {
  return scenario.expectations.map((expectation) => {
    const verdict =
      expectation.kind === "holder" ? judgeHolder(expectation, evidence.holders) : judgeOutage(expectation, evidence);
    return expectation.untilNs > evidence.endNs ? unproved(verdict, evidence.endNs) : verdict;
  });
}

/** What the run was too short to prove: it failed, whether it held as long as the run lasted or not. */
function unproved(verdict: Verdict, endNs: number): Verdict {
  const end = `the run ended in a storm at ${moment(endNs)}`;
  const seen = verdict.expectation.fromNs > endNs ? end : `${verdict.seen}, until ${end}`;
  const brokenNs = verdict.brokenNs.filter((atNs) => atNs <= endNs);
  return { ...verdict, ok: false, seen, brokenNs: brokenNs.length === 0 ? [endNs] : brokenNs };
}

/** A stretch of time in which one vNIC, or nobody, held the address. */
interface Reign {
  readonly fromNs: number;
  readonly untilNs: number;
  readonly host: string | null;
  readonly nic: string | null;
}

function judgeHolder(expectation: HolderExpectation, events: readonly HolderEvent[]): Verdict {
  const { fromNs, untilNs, relation } = expectation;
  const vip = formatIp(expectation.address);
  const isMoment = fromNs === untilNs;
  const held = relation === "is" ? "held" : isMoment ? "not held" : "never held";
  const who = holderText(expectation.host, expectation.nic);
  const when = isMoment ? `at ${moment(fromNs)}` : windowText(expectation);
  const wanted = `${expectation.havip ?? vip} ${held} by ${who} ${when}`;
  const reigns = reignsIn(events, vip, fromNs, untilNs);
  const isWanted = ({ host, nic }: Reign) =>
    host === expectation.host && (expectation.nic === null || nic === expectation.nic);
  const brokenAt = reigns.findIndex((reign) => isWanted(reign) !== (relation === "is"));
  const ok = brokenAt < 0;
  const first = Math.max(0, Math.min(brokenAt - 2, reigns.length - REIGNS_SHOWN));
  const shown = reigns.slice(first, first + REIGNS_SHOWN).map(({ fromNs: sinceNs, host, nic }) => {
    const holder = holderText(host, expectation.nic === null ? null : nic);
    return sinceNs <= fromNs ? holder : `${holder} from ${moment(sinceNs)}`;
  });
  const later = reigns.length - first - shown.length;
  const seen = [...(first > 0 ? [`${first} others`] : []), ...shown, ...(later > 0 ? [`${later} others`] : [])].join(
    ", then ",
  );
  return { expectation, ok, wanted, seen, brokenNs: ok ? [] : [Math.max(reigns[brokenAt]!.fromNs, fromNs)] };
}

/** The reigns that touch the window, which includes both its ends; the first one may have begun before. */
function reignsIn(events: readonly HolderEvent[], vip: string, fromNs: number, untilNs: number): Reign[] {
  const changes = events.filter((event) => event.vip === vip);
  const starts = [{ atNs: 0, to: null as HolderEvent["to"] }, ...changes];
  return starts.flatMap(({ atNs, to }, i) => {
    const endNs = starts[i + 1]?.atNs ?? Number.POSITIVE_INFINITY;
    const touches = atNs <= untilNs && endNs > fromNs;
    return touches && endNs > atNs
      ? [{ fromNs: atNs, untilNs: endNs, host: to?.host ?? null, nic: to?.nic ?? null }]
      : [];
  });
}

function judgeOutage(expectation: OutageExpectation, { outagesOf, hasAsked }: Evidence): Verdict {
  const { probe, fromNs, untilNs, atMostNs, atLeastNs } = expectation;
  // An outage counts in full if any of it lies in the window: a window must not cut the end off what it judges. What begins
  // at the window's end belongs to the next one.
  const touching = outagesOf(probe).filter((outage) => outage.untilNs > fromNs && outage.fromNs < untilNs);
  const longest = touching.reduce<OutageEvent | null>(
    (a, b) => (a === null || lengthNs(b) > lengthNs(a) ? b : a),
    null,
  );
  const longestNs = longest === null ? 0 : lengthNs(longest);
  const bounds = [`at most ${span(atMostNs)}`, ...(atLeastNs === null ? [] : [`at least ${span(atLeastNs)}`])];
  const wanted = `outages of ${probe} ${bounds.join(", the longest ")} ${windowText(expectation)}`;
  // A probe that asked nothing has proved nothing.
  const isProved = longest !== null || hasAsked(probe, expectation);
  const ok = isProved && longestNs <= atMostNs && (atLeastNs === null || longestNs >= atLeastNs);
  const seen =
    longest === null
      ? isProved
        ? "no outage"
        : "no question was asked in this time"
      : `${span(longestNs)} ${windowText(longest)}${longest.ended ? "" : ", still lasting"}${touching.length > 1 ? `, the longest of ${touching.length}` : ""}`;
  const brokenNs = ok ? [] : longest === null ? [fromNs] : [longest.fromNs, longest.untilNs];
  return { expectation, ok, wanted, seen, brokenNs };
}

function lengthNs({ fromNs, untilNs }: OutageEvent): number {
  return untilNs - fromNs;
}

function holderText(host: string | null, nic: string | null): string {
  return host === null ? "nobody" : nic === null ? host : `${host}.${nic}`;
}

function windowText({ fromNs, untilNs }: Window): string {
  return `from ${moment(fromNs)} to ${moment(untilNs)}`;
}

/** As `formatSeconds`, but exact: three decimals could make what was seen look like what was wanted. */
function moment(ns: number): string {
  return `${Math.floor(ns / NS_PER_S)}.${decimals(ns, NS_PER_S).replace(/(000){1,2}$/, "")} s`;
}

/** As `formatSpan`, but exact. */
function span(ns: number): string {
  if (ns >= NS_PER_S) return moment(ns);
  const [unitNs, unit] = ns >= NS_PER_MS ? [NS_PER_MS, "ms"] : [NS_PER_US, "us"];
  return `${Math.floor(ns / unitNs)}.${decimals(ns, unitNs)} ${unit}`.replace(/(\.000|000)+(?= )/, "");
}

/** What stands behind the point: three decimals for each step down to nanoseconds. */
function decimals(ns: number, unitNs: number): string {
  return String(ns % unitNs).padStart(String(unitNs).length - 1, "0");
}
