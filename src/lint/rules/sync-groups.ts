/**
 * `vrrp_sync_group`: its members are master only together, which takes every member's own timer. The parser reports a group of one instance
 * (`sync-group-single`) and weights that do not count in a group (`weight-ignored`); these are the rest of check 38.
 */

import { formatSeconds } from "../../base/units.ts";
import { keyPlace } from "../../guest/keepalived/conf/key-places.ts";
import type { SyncGroup } from "../../guest/keepalived/conf/model.ts";
import type { Cluster, ClusterNode, Member } from "../cluster.ts";
import type { Rule } from "../rule.ts";
import { listedAddresses } from "./address-lists.ts";
import { oddOnes, type Router, routersOf } from "./one-router.ts";
import { priorityOf, takeoverNs } from "./priorities.ts";
import { listed } from "./words.ts";

/** A member of a sync group with the virtual router that it belongs to. */
interface Synced extends Member {
  readonly router: Router;
}

interface NodeGroup {
  readonly node: ClusterNode;
  readonly group: SyncGroup;
  readonly members: readonly Synced[];
}

function syncGroupsOf(cluster: Cluster): NodeGroup[] {
  const byInstance = new Map(
    routersOf(cluster).flatMap((router) => router.map((member) => [member.instance, { ...member, router }] as const)),
  );
  return cluster.nodes.flatMap((node) => {
    const byName = new Map(node.conf.instances.map((instance) => [instance.name, instance]));
    return node.conf.syncGroups.map((group) => {
      const members = group.members.flatMap((name) => {
        const instance = byName.get(name);
        return instance === undefined ? [] : [byInstance.get(instance) ?? { node, instance, router: [] }];
      });
      return { node, group, members };
    });
  });
}

/** Another node that outranks this one in one member and is outranked in another: each waits for the other. */
function crossing(members: readonly Synced[]): { readonly above: Member; readonly below: Member } | null {
  const rivals = members.flatMap((own) =>
    own.router.filter((other) => other.node !== own.node).map((other) => ({ own, other })),
  );
  for (const { own, other } of rivals) {
    if (priorityOf(other).value <= priorityOf(own).value) continue;
    const below = rivals.find(
      (rival) => rival.other.node === other.node && priorityOf(rival.other).value < priorityOf(rival.own).value,
    );
    if (below !== undefined) return { above: other, below: below.other };
  }
  return null;
}

const syncGroupPriorities: Rule = {
  name: "sync-group-priorities",
  severity: "warning",
  summary: "members of a sync group with different priorities on one node",
  check(cluster, report) {
    for (const { group, members } of syncGroupsOf(cluster))
      for (const { odd, usual } of oddOnes(members, ({ instance }) => `${instance.basePriority}`)) {
        const crossed = crossing(members);
        const slowest = formatSeconds(Math.max(...members.map((member) => takeoverNs(member, member))));
        report({
          at: keyPlace(odd.instance, "priority"),
          message: `${odd.instance.name} has priority ${odd.instance.basePriority}, and ${usual.instance.name} of the same sync group ${group.name} ${usual.instance.basePriority}`,
          why:
            crossed === null
              ? `Each member compares priorities alone, but all move together: the group waits for its slowest, ${slowest} after the last advert.`
              : `${crossed.above.node.name} is above this node with ${crossed.above.instance.name} and below it with ${crossed.below.instance.name}: on each node one member waits for the other's, so neither ever takes the group back from the other.`,
          fix: `priority ${usual.instance.basePriority}, one for all members on a node`,
          related: [{ ...keyPlace(usual.instance, "priority"), message: `priority ${usual.instance.basePriority}` }],
        });
      }
  },
};

/** Fires where the other node can be the master: a member here heeds its adverts, and keeps the whole group waiting. */
const syncGroupOneSided: Rule = {
  name: "sync-group-one-sided",
  severity: "error",
  summary: "instances that change state together on one node and alone on another",
  check(cluster, report) {
    const groups = syncGroupsOf(cluster);
    const groupOf = new Map(groups.flatMap(({ group, members }) => members.map(({ instance }) => [instance, group])));
    for (const { group, members } of groups)
      for (const pairs of byOtherNode(members)) {
        const together = new Set(pairs.map(({ other }) => groupOf.get(other.instance) ?? other));
        const heeded = pairs.find(
          ({ own, other }) => own.instance.nopreempt || priorityOf(other).value >= priorityOf(own).value,
        );
        const lost = pairs.find((pair) => pair !== heeded);
        if (together.size === 1 || heeded === undefined || lost === undefined) continue;
        const there = heeded.other.node.name;
        const names = pairs.map(({ own }) => own.instance.name);
        const sameLink = new Set(pairs.map(({ other }) => other.instance.interface)).size === 1;
        report({
          at: group.position,
          severity: sameLink ? "warning" : "error",
          message: `Sync group ${group.name} keeps ${listed(names)} together here, but on ${there} they change state alone`,
          why: `When ${there} loses ${lost.other.instance.name} alone, ${lost.own.instance.name} here waits for ${heeded.own.instance.name}, which still hears ${there}: nobody holds ${listedAddresses(lost.own.instance.addresses)} as long as that lasts.`,
          fix: `vrrp_sync_group ${group.name} with ${listed(pairs.map(({ other }) => other.instance.name))} on ${there} too`,
          related: pairs.map(({ other }) => ({ ...other.instance.position, message: `alone on ${there}` })),
        });
      }
  },
};

/** Each other node's counterparts of the members, with those that they stand against. */
function byOtherNode(members: readonly Synced[]): { readonly own: Member; readonly other: Member }[][] {
  const byNode = new Map<ClusterNode, { own: Member; other: Member }[]>();
  for (const own of members)
    for (const other of own.router)
      if (other.node !== own.node) byNode.set(other.node, [...(byNode.get(other.node) ?? []), { own, other }]);
  return [...byNode.values()];
}

export const SYNC_GROUP_RULES: readonly Rule[] = [syncGroupPriorities, syncGroupOneSided];
