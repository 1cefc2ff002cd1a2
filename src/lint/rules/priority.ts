/**
 * Priorities that do not give the order of the nodes that their author has in mind: weights that cannot change the master, or change it while all is
 * well, equal priorities, and address owners that are none.
 */

import { formatSeconds } from "../../base/units.ts";
import { keyPlace } from "../../guest/keepalived/conf/key-places.ts";
import { formatIp } from "../../wire/address.ts";
import type { Member } from "../cluster.ts";
import type { Rule } from "../rule.ts";
import { type Handover, handoverOf } from "./handover.ts";
import { intendedRouters } from "./intended-router.ts";
import { masterWithoutPriority, severalOwners } from "./owners.ts";
import { highestOf, isOwner, priorityOf, takeoverNs, weightedTrackers } from "./priorities.ts";
import { addressesOf } from "./source-address.ts";
import { listed, nodeNames } from "./words.ts";

const weightTooSmall: Rule = {
  name: "weight-too-small",
  severity: "error",
  summary: "all weights together do not lower the master's priority below a backup's",
  check(cluster, report) {
    for (const router of intendedRouters(cluster))
      for (const member of router) {
        const handover = handoverOf(member, router);
        if (handover?.outcome !== "insufficient") continue;
        const { trackers, backups, normal } = handover;
        const heir = backups[0]!;
        const [node, other] = [member.node.name, heir.node.name];
        const isHighest = router.every((one) => priorityOf(one).value <= normal.value);
        const names = listed(trackers.map(({ name }) => name));
        report({
          at: trackers[0]!.position,
          severity: isHighest ? "error" : "warning",
          message: `${names} cannot make ${other} take over from ${node}: ${comparison(handover, heir)}`,
          why: `${isHighest ? "" : `Once ${node} is the master, `}${other} never takes over while ${names} fails on ${node}: it heeds every advert that is not below its own priority, and waits ${formatSeconds(takeoverNs(heir, member))} more after each.`,
          fix: sufficientWeight(handover, heir),
          related: [{ ...keyPlace(heir.instance, "priority"), message: `${other}: priority ${priorityOf(heir).sum}` }],
        });
      }
  },
};

/** `100 − 5 = 95 is still above the 90 of vm-b`. */
function comparison({ lowered }: Pick<Handover, "lowered">, heir: Member): string {
  const { value } = priorityOf(heir);
  const of = `the ${value} of ${heir.node.name}`;
  return lowered.value > value
    ? `${lowered.sum} is still above ${of}`
    : `${lowered.sum} is equal to ${of}, not below it`;
}

/** The weight that is enough, or the weights; or a priority of `heir` that is, if there is room for one. */
function sufficientWeight({ master, trackers, normal, lowered }: Handover, heir: Member): string {
  const [only, ...more] = trackers;
  const own = master.instance.basePriority - heir.instance.basePriority;
  const enough =
    more.length > 0 || only!.reverse
      ? `weights that take ${normal.value - priorityOf(heir).value + 1} or more in all on ${master.node.name}`
      : only!.weight > 0
        ? `weight ${own + 1} or more, for ${only!.name} on every node`
        : `weight ${-(normal.value - priorityOf(heir).value + 1)} or lower for ${only!.name} on ${master.node.name}`;
  const raised = heir.instance.basePriority + lowered.value + 1 - priorityOf(heir).value;
  const isBetween = lowered.value + 1 < normal.value;
  return isBetween ? `${enough}; or priority ${raised} on ${heir.node.name}` : enough;
}

const weightAloneTooSmall: Rule = {
  name: "weight-alone-too-small",
  severity: "hint",
  summary: "trackers whose weights change the master only together",
  check(cluster, report) {
    for (const router of intendedRouters(cluster))
      for (const member of router) {
        const handover = handoverOf(member, router);
        if (handover?.outcome !== "done") continue;
        const heir = handover.backups.find(({ instance }) => !instance.nopreempt)!;
        const needed = priorityOf(heir).value;
        const weak = weightedTrackers(member)
          .map((tracker) => ({ tracker, lowered: priorityOf(member, [tracker]) }))
          .filter(({ lowered }) => lowered.value >= needed)
          .sort((a, b) => a.lowered.value - b.lowered.value);
        const [strongest] = weak;
        if (strongest === undefined) continue;
        const names = listed(weak.map(({ tracker }) => tracker.name));
        const [node, other] = [member.node.name, heir.node.name];
        const said = comparison(strongest, heir);
        report({
          at: strongest.tracker.position,
          message:
            weak.length === 1
              ? `${names} alone does not make ${other} take over from ${node}: ${said}`
              : `None of ${names} alone makes ${other} take over from ${node}: even with ${strongest.tracker.name} ${said}`,
          why: `While only one of what is tracked fails, ${node} stays the master.`,
          fix: `a weight that takes ${handover.normal.value - needed + 1} or more where a failure alone should move the address, or weight 0 for a FAULT`,
          related: [{ ...keyPlace(heir.instance, "priority"), message: `${other}: priority ${priorityOf(heir).sum}` }],
        });
      }
  },
};

const weightTurnsOrder: Rule = {
  name: "weight-turns-order",
  severity: "warning",
  summary: "a positive weight that makes another node the master while all is well",
  check(cluster, report) {
    for (const router of intendedRouters(cluster)) {
      const highest = highestOf(router);
      const { value, sum } = priorityOf(highest);
      const expected = router
        .filter((other) => other.instance.basePriority > highest.instance.basePriority)
        .sort((a, b) => b.instance.basePriority - a.instance.basePriority);
      const masters = router.filter(({ instance }) => instance.initialState === "MASTER");
      const isMeant = masters.length === 1 && masters[0] === highest;
      const first = expected[0];
      const raising = weightedTrackers(highest).find(({ weight, reverse }) => weight > 0 !== reverse);
      if (first === undefined || raising === undefined || isMeant) continue;
      const [node, other] = [highest.node.name, first.node.name];
      const tracker = raising.name;
      report({
        at: raising.position,
        message: `${tracker} makes ${node} the master while all is well: ${sum} is above the ${priorityOf(first).value} of ${other}`,
        why: highest.instance.nopreempt
          ? `A positive weight counts as long as nothing fails: of nodes that start together ${node} is the master.`
          : `A positive weight counts as long as nothing fails: ${node} takes the address from ${other} ${formatSeconds(takeoverNs(highest, first))} after its start, and again after a recovery of ${tracker}.`,
        fix: `weight ${-(value - highest.instance.basePriority)}, which counts only on failure; or ${tracker} with the same weight on every node; or state MASTER on ${node} alone if this is meant`,
        related: [{ ...keyPlace(first.instance, "priority"), message: `${other}: priority ${priorityOf(first).sum}` }],
      });
    }
  },
};

/** A hint of backups that a master stands above, as guides for three nodes have it, and where all have `nopreempt`: the order is then nobody's concern. */
const equalPriorities: Rule = {
  name: "equal-priorities",
  severity: "warning",
  summary: "members of one virtual router with the same priority",
  check(cluster, report) {
    for (const router of intendedRouters(cluster)) {
      const values = new Set(router.filter((member) => !isOwner(member)).map((member) => priorityOf(member).value));
      for (const value of values) {
        const equals = router.filter((member) => priorityOf(member).value === value);
        if (equals.length < 2) continue;
        const last = equals.at(-1)!;
        const others = equals.slice(0, -1);
        const above = router.filter((member) => priorityOf(member).value > value);
        const together =
          above.length > 0
            ? `When ${nodeNames(above)} ${above.length > 1 ? "fall" : "falls"} silent, their timers end together ${formatSeconds(takeoverNs(last, above[0]!))} after the last advert`
            : `Nodes that start together are master together ${formatSeconds(takeoverNs(last, last))} later`;
        const isMild = above.length > 0 || equals.every(({ instance }) => instance.nopreempt);
        report({
          at: keyPlace(last.instance, "priority"),
          severity: isMild ? "hint" : "warning",
          message: `${nodeNames(equals)} have the same priority ${value}`,
          why: `${together}, and both announce the address: ${winner(equals)} keeps it, whoever was meant to. A master that returns does not get it back.`,
          fix: `another priority on ${last.node.name}, as priority ${free(router, value)}`,
          related: others.map(({ node, instance }) => ({
            ...keyPlace(instance, "priority"),
            message: `${node.name}: priority ${value}`,
          })),
        });
      }
    }
  },
};

/** Who stays master of those that hear each other as equal masters: the highest source address. */
function winner(equals: readonly Member[]): string {
  const sources = equals.map((member) => ({ member, address: addressesOf(member) }));
  const known = sources.filter(({ address }) => address?.length === 1);
  if (known.length < equals.length) return "the higher source address";
  const texts = known.map(({ member, address }) => ({ member, octets: address![0]! }));
  const { member, octets } = texts.reduce((best, one) => (isAbove(one.octets, best.octets) ? one : best));
  return `${member.node.name}, with the higher source address ${formatIp(octets)},`;
}

function isAbove(a: Uint8Array, b: Uint8Array): boolean {
  const i = a.findIndex((octet, index) => octet !== b[index]);
  return i >= 0 && a[i]! > b[i]!;
}

/** The next lower priority that no member has, in steps of ten if there is one. */
function free(router: readonly Member[], value: number): number {
  const taken = new Set(router.map((member) => priorityOf(member).value));
  for (const step of [10, 1])
    for (let candidate = value - step; candidate > 0; candidate -= step) if (!taken.has(candidate)) return candidate;
  return value + 1;
}

export const PRIORITY_RULES: readonly Rule[] = [
  weightTooSmall,
  weightAloneTooSmall,
  weightTurnsOrder,
  equalPriorities,
  masterWithoutPriority,
  severalOwners,
];
