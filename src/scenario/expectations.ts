/** Judges what a scenario expects: one function a kind, each answers with what was wanted and what was seen, in words. */
import { formatSeconds, formatSpan } from "../base/units.ts";
import type { HolderEvent, OutageEvent } from "../observe/events.ts";
import { formatIp } from "../wire/address.ts";
import type { Expectation, HolderExpectation, OutageExpectation, Scenario } from "./model.ts";

export interface Verdict {
  readonly expectation: Expectation;
  readonly ok: boolean;
  readonly wanted: string;
  readonly seen: string;
  /** The moment at which it first went wrong, ns; what happened around it explains the failure. Null where it holds. */
  readonly brokenNs: number | null;
}

/** What happened, as far as expectations ask. */
export interface Evidence {
  /** Oldest first. */
  readonly holders: readonly HolderEvent[];
  readonly outagesOf: (probe: string) => readonly OutageEvent[];
}

export function judge(scenario: Scenario, evidence: Evidence): Verdict[] {
  return scenario.expectations.map((expectation) =>
    expectation.kind === "holder"
      ? judgeHolder(expectation, evidence.holders)
      : judgeOutage(expectation, evidence.outagesOf(expectation.probe)),
  );
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
  const who = holderText(expectation.host, expectation.nic);
  const when =
    fromNs === untilNs ? `at ${formatSeconds(fromNs)}` : `from ${formatSeconds(fromNs)} to ${formatSeconds(untilNs)}`;
  const name = expectation.havip ?? vip;
  const wanted = relation === "is" ? `${name} held by ${who} ${when}` : `${name} never held by ${who} ${when}`;
  const reigns = reignsIn(events, vip, fromNs, untilNs);
  const isWanted = ({ host, nic }: Reign) =>
    host === expectation.host && (expectation.nic === null || nic === expectation.nic);
  const broken = reigns.find((reign) => (relation === "is" ? !isWanted(reign) : isWanted(reign)));
  const seen = reigns.map(({ fromNs: from, host, nic }) =>
    from <= fromNs
      ? holderText(host, expectation.nic === null ? null : nic)
      : `${holderText(host, expectation.nic === null ? null : nic)} from ${formatSeconds(from)}`,
  );
  const brokenNs = broken === undefined ? null : Math.max(broken.fromNs, fromNs);
  return { expectation, ok: broken === undefined, wanted, seen: seen.join(", then "), brokenNs };
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

function judgeOutage(expectation: OutageExpectation, outages: readonly OutageEvent[]): Verdict {
  const { probe, fromNs, untilNs, atMostNs, atLeastNs } = expectation;
  // An outage counts in full if any of it lies in the window: a window must not cut the end off what it judges. What begins
  // at the window's end belongs to the next one.
  const touching = outages.filter((outage) => outage.untilNs > fromNs && outage.fromNs < untilNs);
  const longest = touching.reduce<OutageEvent | null>(
    (a, b) => (a === null || lengthNs(b) > lengthNs(a) ? b : a),
    null,
  );
  const longestNs = longest === null ? 0 : lengthNs(longest);
  const bounds = [
    `at most ${formatSpan(atMostNs)}`,
    ...(atLeastNs === null ? [] : [`at least ${formatSpan(atLeastNs)}`]),
  ];
  const wanted = `outages of ${probe} ${bounds.join(", the longest ")} from ${formatSeconds(fromNs)} to ${formatSeconds(untilNs)}`;
  const ok = longestNs <= atMostNs && (atLeastNs === null || longestNs >= atLeastNs);
  const seen =
    longest === null
      ? "no outage"
      : `${formatSpan(longestNs)} from ${formatSeconds(longest.fromNs)} to ${formatSeconds(longest.untilNs)}${longest.ended ? "" : ", still lasting"}${touching.length > 1 ? `, the longest of ${touching.length}` : ""}`;
  return { expectation, ok, wanted, seen, brokenNs: ok ? null : (longest?.fromNs ?? fromNs) };
}

function lengthNs({ fromNs, untilNs }: OutageEvent): number {
  return untilNs - fromNs;
}

function holderText(host: string | null, nic: string | null): string {
  return host === null ? "nobody" : nic === null ? host : `${host}.${nic}`;
}
