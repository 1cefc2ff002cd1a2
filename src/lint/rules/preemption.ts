/**
 * Who takes the address from whom while both are alive: `nopreempt`, `preempt_delay` and `state`. All of them belong on the node that comes back, and
 * are often written on the other one.
 */

import { formatSeconds, secondsFromNs } from "../../base/units.ts";
import { keyPlace } from "../../guest/keepalived/conf/key-places.ts";
import type { Member } from "../cluster.ts";
import type { Rule } from "../rule.ts";
import { handoverOf } from "./handover.ts";
import { intendedRouters } from "./intended-router.ts";
import { farewellNs, highestOf, isOwner, priorityOf, takeoverNs } from "./priorities.ts";
import { notifyMasterNotRestored } from "./restoring.ts";
import { listed, nodeNames } from "./words.ts";

/** The members above `member`, all the others being so; null otherwise: then it has somebody to preempt, or an equal. */
function allAbove(member: Member, router: readonly Member[]): readonly Member[] | null {
  const { value } = priorityOf(member);
  const others = router.filter((other) => other !== member);
  return others.every((other) => priorityOf(other).value > value) ? others : null;
}

/** The parser says of such a `nopreempt` that it is ignored. */
function hasIgnoredNopreempt({ instance: { keys, nopreempt } }: Member): boolean {
  return keys.has("nopreempt") && !keys.has("preempt") && !nopreempt;
}

const nopreemptOnLowerNode: Rule = {
  name: "nopreempt-on-lower-node",
  severity: "warning",
  summary: "nopreempt only on the node of the lowest priority, which has nobody to preempt",
  check(cluster, report) {
    for (const router of intendedRouters(cluster))
      for (const member of router.filter(({ instance }) => instance.nopreempt)) {
        const above = allAbove(member, router);
        if (above === null || above.some((other) => other.instance.nopreempt || hasIgnoredNopreempt(other))) continue;
        if (above.some((other) => handoverOf(other, router)?.outcome === "refused")) continue;
        const { node, instance } = member;
        const returning = highestOf(above);
        const waits = formatSeconds(takeoverNs(returning, member));
        report({
          at: keyPlace(instance, "nopreempt"),
          message: `nopreempt has no effect on ${node.name}: with priority ${priorityOf(member).value} it is below ${nodeNames(above)}, and has nobody to preempt`,
          why: `${returning.node.name} (${priorityOf(returning).value}) preempts: back after a failure, it takes the address from ${node.name} ${waits} after its start, and clients are interrupted a second time.`,
          fix: `nopreempt in vrrp_instance ${returning.instance.name} of ${returning.node.name}, with state BACKUP`,
          related: [{ ...returning.instance.position, message: `${returning.node.name} has no nopreempt` }],
        });
      }
  },
};

const nopreemptIgnoresWeight: Rule = {
  name: "nopreempt-ignores-weight",
  severity: "error",
  summary: "a tracker with a weight lowers the master's priority, and every backup has nopreempt",
  check(cluster, report) {
    for (const router of intendedRouters(cluster))
      for (const member of router) {
        const handover = handoverOf(member, router);
        if (handover?.outcome !== "refused") continue;
        const { backups, trackers } = handover;
        const refusing = backups.filter(({ instance }) => instance.nopreempt);
        const heir = refusing[0]!;
        const names = listed(trackers.map(({ name, weight }) => `${name} (weight ${weight})`));
        const node = member.node.name;
        const soon = formatSeconds(farewellNs(heir, member));
        report({
          at: trackers[0]!.position,
          message: `${names} only lowers the priority of ${node}, and ${nodeNames(refusing)} with nopreempt heeds its adverts all the same`,
          why: `${heir.node.name} never takes over from ${node} while ${node} is alive, however low its priority: the address stays where ${trackers[0]!.name} fails.`,
          fix: `weight 0 on ${node}: the failure is then a FAULT, ${node} says that it leaves, and ${heir.node.name} takes over ${soon} later; or no nopreempt on ${heir.node.name}`,
          related: refusing.map((other) => ({
            ...keyPlace(other.instance, "nopreempt"),
            message: `${other.node.name} has nopreempt`,
          })),
        });
      }
  },
};

const stateMasterNotHighest: Rule = {
  name: "state-master-not-highest",
  severity: "warning",
  summary: "state MASTER on a node that another one outranks",
  check(cluster, report) {
    for (const router of intendedRouters(cluster)) {
      const best = highestOf(router);
      for (const member of router) {
        const { node, instance } = member;
        const own = priorityOf(member).value;
        if (instance.initialState !== "MASTER" || isOwner(member) || own >= priorityOf(best).value) continue;
        const bestName = best.node.name;
        const waits = formatSeconds(takeoverNs(best, best));
        report({
          at: keyPlace(instance, "state"),
          severity: best.instance.initialState === "MASTER" ? "hint" : "warning",
          message: `state MASTER does not make ${node.name} the master: its priority ${own} is below the ${priorityOf(best).value} of ${bestName}`,
          why: isOwner(best)
            ? `${bestName} is an address owner and master at once; all others start as backups, whatever their state says.`
            : `Every node starts as a backup, and ${bestName} becomes master ${waits} after its start; state MASTER only cancels nopreempt and preempt_delay.`,
          fix: `state BACKUP on ${node.name}, or a priority above ${priorityOf(best).value}`,
          related: [
            { ...keyPlace(best.instance, "priority"), message: `${bestName}: priority ${priorityOf(best).sum}` },
          ],
        });
      }
    }
  },
};

const preemptDelayOnLowerNode: Rule = {
  name: "preempt-delay-on-lower-node",
  severity: "warning",
  summary: "preempt_delay on the node of the lowest priority, where it delays nothing but a failover",
  check(cluster, report) {
    for (const router of intendedRouters(cluster))
      for (const member of router.filter(({ instance }) => instance.preemptDelayNs > 0)) {
        const above = allAbove(member, router);
        if (above === null) continue;
        const { node, instance } = member;
        const { preemptDelayNs } = instance;
        const lowering = above.find((other) => handoverOf(other, router)?.outcome === "done");
        const delayS = secondsFromNs(preemptDelayNs);
        const best = highestOf(above);
        const late = formatSeconds(preemptDelayNs + takeoverNs(member, lowering ?? best));
        report({
          at: keyPlace(instance, "preempt_delay"),
          message: `preempt_delay ${delayS} stands on ${node.name}, which is below ${nodeNames(above)} and never takes the address back`,
          why:
            lowering === undefined
              ? `${best.node.name} returns without any delay, ${formatSeconds(takeoverNs(best, member))} after its start.`
              : `It delays the failover instead: when a weight lowers ${lowering.node.name}, ${node.name} heeds it for ${delayS} s more and takes over after up to ${late}.`,
          fix: `preempt_delay ${delayS} in vrrp_instance ${best.instance.name} of ${best.node.name}, with state BACKUP`,
          related: [{ ...best.instance.position, message: `${best.node.name} is the one that comes back` }],
        });
      }
  },
};

const preemptDelayNotAtStart: Rule = {
  name: "preempt-delay-not-at-start",
  severity: "hint",
  summary: "preempt_delay delays nothing while no master is alive, as at the first start",
  check(cluster, report) {
    const routers = intendedRouters(cluster);
    for (const node of cluster.nodes)
      for (const instance of node.conf.instances.filter(({ preemptDelayNs }) => preemptDelayNs > 0)) {
        const router = routers.find((members) => members.some((member) => member.instance === instance));
        const member = router?.find((other) => other.instance === instance) ?? { node, instance };
        if (router !== undefined && allAbove(member, router) !== null) continue;
        const waits = formatSeconds(takeoverNs(member, member));
        report({
          at: keyPlace(instance, "preempt_delay"),
          message: `preempt_delay ${secondsFromNs(instance.preemptDelayNs)} waits only while another master is heard, not at the first start`,
          why: `Where no other node is up yet, ${node.name} becomes master ${waits} after its start, ready or not.`,
          fix: "a tracked script with weight 0 that succeeds once the service is up: it holds the first election back too",
        });
      }
  },
};

export const PREEMPTION_RULES: readonly Rule[] = [
  nopreemptOnLowerNode,
  nopreemptIgnoresWeight,
  stateMasterNotHighest,
  preemptDelayOnLowerNode,
  preemptDelayNotAtStart,
  notifyMasterNotRestored,
];
