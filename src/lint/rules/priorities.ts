/**
 * The priority of an instance as its trackers make it, by the simulation's own arithmetic: a positive weight is added while all is well, a negative
 * one counts in a failure.
 */
import type { Tracker } from "../../guest/keepalived/conf/model.ts";
import { masterDownNs, skewNs } from "../../guest/keepalived/timing.ts";
import { effectivePriority, weightedChange } from "../../guest/keepalived/tracking.ts";
import { VRRP_PRIORITY_OWNER } from "../../wire/vrrp.ts";
import type { Member } from "../cluster.ts";
import { type TrackerKind, trackersOf } from "./tracked.ts";

export interface Priority {
  readonly value: number;
  /** How it comes to that: `100`, `100 − 5 = 95`, `250 + 10 = 260, at most 254`. */
  readonly sum: string;
}

const GOOD_OR_BAD: readonly TrackerKind[] = ["trackScripts", "trackInterfaces", "trackProcesses", "trackBfds"];

/** The scripts, interfaces, processes and sessions that change the priority; none for an address owner. */
export function weightedTrackers(member: Member): Tracker[] {
  return GOOD_OR_BAD.flatMap((kind) => weighted(member, kind));
}

/** Files whose numbers change the priority: by how much, only they say. */
export function weightedFiles(member: Member): Tracker[] {
  return weighted(member, "trackFiles");
}

function weighted(member: Member, kind: TrackerKind): Tracker[] {
  if (isOwner(member)) return [];
  return trackersOf(member.node.conf, member.instance, kind).filter(({ weight }) => weight !== 0);
}

export function isOwner({ instance }: Member): boolean {
  return instance.basePriority === VRRP_PRIORITY_OWNER;
}

/** The priority while all is well, but for the trackers in `failing`. With `reverse` it is success that fails: whatever lowers the priority does. */
export function priorityOf(member: Member, failing: readonly Tracker[] = []): Priority {
  const { basePriority } = member.instance;
  const terms = weightedTrackers(member)
    .map((tracker) => weightedChange(tracker, failing.includes(tracker) === tracker.reverse))
    .filter((term) => term !== 0);
  if (terms.length === 0) return { value: basePriority, sum: `${basePriority}` };
  const change = terms.reduce((sum, term) => sum + term, 0);
  const total = basePriority + change;
  const value = effectivePriority(basePriority, change);
  const limit = value === total ? "" : `, at ${total > value ? "most" : "least"} ${value}`;
  const result = total < 0 ? `−${-total}` : `${total}`;
  return { value, sum: `${basePriority}${terms.map(signed).join("")} = ${result}${limit}` };
}

function signed(term: number): string {
  return term < 0 ? ` − ${-term}` : ` + ${term}`;
}

/** The first of those whose priority is the highest while all is well; `members` is not empty. */
export function highestOf(members: readonly Member[]): Member {
  return members.reduce((best, member) => (priorityOf(member).value > priorityOf(best).value ? member : best));
}

/** How long `heir` waits after the last advert of `master` that it heeds, ns. */
export function takeoverNs(heir: Member, master: Member): number {
  const { version, downTimerAdverts } = heir.instance;
  return masterDownNs(version, priorityOf(heir).value, heardIntervalNs(heir, master), downTimerAdverts);
}

/** How long `heir` waits after `master` has said that it leaves (priority 0), ns. */
export function farewellNs(heir: Member, master: Member): number {
  return skewNs(heir.instance.version, priorityOf(heir).value, heardIntervalNs(heir, master));
}

/** Version 3 learns the interval from the adverts; in version 2 it is the own one, and others are dropped. */
function heardIntervalNs(heir: Member, master: Member): number {
  return (heir.instance.version === 3 ? master : heir).instance.advertIntervalNs;
}
