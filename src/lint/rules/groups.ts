/**
 * Who hears whom: virtual routers that share a VRID and should not, and members of one router that drop each other's adverts because of their
 * version, their interval or their group. `sync-groups.ts` has the groups that change state together.
 */

import { formatSeconds, NS_PER_S } from "../../base/units.ts";
import { keyPlace } from "../../guest/keepalived/conf/key-places.ts";
import { virtualMac } from "../../guest/keepalived/virtual-mac.ts";
import { formatIp, formatMac } from "../../wire/address.ts";
import type { Report, Rule } from "../rule.ts";
import { listedAddresses } from "./address-lists.ts";
import { bothMasters } from "./both-masters.ts";
import { oddOnes, type Router, routersIn, routersOf } from "./one-router.ts";
import { takeoverNs } from "./priorities.ts";
import { SYNC_GROUP_RULES } from "./sync-groups.ts";
import { unrestIn } from "./unrest.ts";
import { nodeNames, seconds } from "./words.ts";

const VRID_MAX = 255;

/**
 * Check 1. Routers with peers hear no group, but with `use_vmac` all of one VRID have one MAC address. Two on one interface of a node are the parser's
 * `duplicate-vrid`.
 */
const vridClash: Rule = {
  name: "vrid-clash",
  severity: "error",
  summary: "two virtual routers with one VRID on a segment",
  check({ groups }, report) {
    for (const group of groups) {
      const first = new Map<string, Router>();
      for (const router of routersIn(group)) {
        const met = meetingPoints(router).find(([where]) => {
          const other = first.get(where);
          return other !== undefined && !onOneInterface(other, router);
        });
        if (met !== undefined) report(clash(first.get(met[0])!, router, met[1]));
        else for (const [where] of meetingPoints(router)) if (!first.has(where)) first.set(where, router);
      }
    }
  },
};

/** Where routers of one VRID get in each other's way, and what happens there. A router without addresses is the parser's `no-addresses`. */
function meetingPoints(router: Router): [where: string, why: string][] {
  const points: [string, string][] = [];
  const member = router[0]!;
  const { unicastPeers, mcastDestination, advertIntervalNs, addresses } = member.instance;
  if (addresses.length > 0 && unicastPeers.length === 0)
    points.push([
      formatIp(mcastDestination),
      `Each rejects the other's adverts, but a master that hears any advert of its VRID puts its own off by ${seconds(advertIntervalNs)}: one of the two falls silent, and its backups turn master and back about every ${formatSeconds(takeoverNs(member, member))}.`,
    ]);
  if (member.instance.useVmac) {
    const mac = formatMac(virtualMac(member.instance));
    const why = `Both masters send from ${mac}: switches move it to whoever sent last, and the traffic of both routers follows.`;
    points.push([mac, why]);
  }
  return points;
}

/** One node with both on one interface: the parser has said so. */
function onOneInterface(first: Router, second: Router): boolean {
  return second.some(({ node, instance }) =>
    first.some((other) => other.node === node && other.instance.interface === instance.interface),
  );
}

function clash(first: Router, second: Router, why: string): Report {
  const { instance } = second[0]!;
  const { vrid } = instance;
  const [theirs, own] = [first, second].map((router) => {
    const { name, addresses } = router[0]!.instance;
    return `${name} of ${nodeNames(router)} (${listedAddresses(addresses)})`;
  });
  return {
    at: keyPlace(instance, "virtual_router_id"),
    message: `VRID ${vrid} is used twice on one segment: by ${own}, and by ${theirs}`,
    why,
    fix: `virtual_router_id ${vrid === VRID_MAX ? VRID_MAX - 1 : vrid + 1} on ${nodeNames(second)}, or any other free one; if all are one virtual router, the same virtual_ipaddress everywhere`,
    related: first.map(({ node, instance }) => ({
      ...keyPlace(instance, "virtual_router_id"),
      message: `${node.name} has VRID ${vrid} for ${listedAddresses(instance.addresses)}`,
    })),
  };
}

/** Check 13. */
const versionDiffers: Rule = {
  name: "version-differs",
  severity: "error",
  summary: "members of one virtual router with different VRRP versions",
  check(cluster, report) {
    for (const router of routersOf(cluster))
      for (const pair of oddOnes(router, ({ instance }) => `${instance.version}`)) {
        const { odd, usual } = pair;
        const [own, theirs] = [odd.instance.version, usual.instance.version];
        report({
          at: keyPlace(odd.instance, "version"),
          message: `${odd.instance.name} is VRRP version ${own} here and version ${theirs} on ${usual.node.name}`,
          why: `Each drops adverts of the other version: ${bothMasters(pair)}.`,
          fix: `version ${theirs} on every node`,
          related: [{ ...keyPlace(usual.instance, "version"), message: `version ${theirs}` }],
        });
      }
  },
};

/**
 * Check 12, with `advert_int` as it goes out: in version 2 rounded to whole seconds. Version 2 drops adverts of another interval. A backup of
 * version 3 learns the master's, so that only the time of a failover depends on who is master, unless nodes never come to rest.
 */
const advertIntervalDiffers: Rule = {
  name: "advert-interval-differs",
  severity: "error",
  summary: "members of one virtual router with different advertisement intervals",
  check(cluster, report) {
    for (const router of routersOf(cluster)) {
      if (new Set(router.map(({ instance }) => instance.version)).size > 1) continue;
      const unrest = router[0]!.instance.version === 3 ? unrestIn(router) : null;
      if (unrest !== null) report(unrest);
      else
        for (const pair of oddOnes(router, ({ instance }) => `${instance.advertIntervalNs}`)) {
          const { odd, usual } = pair;
          const [own, theirs] = [seconds(odd.instance.advertIntervalNs), seconds(usual.instance.advertIntervalNs)];
          const learns = odd.instance.version === 3;
          report({
            at: keyPlace(odd.instance, "advert_int"),
            severity: learns ? "warning" : "error",
            message: `${odd.instance.name} advertises every ${own} here and every ${theirs} on ${usual.node.name}`,
            why: learns
              ? `A backup learns its master's interval: after the loss of ${usual.node.name}, ${odd.node.name} is master within ${formatSeconds(takeoverNs(odd, usual))}; after the loss of ${odd.node.name}, ${usual.node.name} within ${formatSeconds(takeoverNs(usual, odd))}.`
              : `Version 2 drops adverts of another interval: ${bothMasters(pair)}.`,
            fix: `advert_int ${usual.instance.advertIntervalNs / NS_PER_S} on every node`,
            related: [{ ...keyPlace(usual.instance, "advert_int"), message: `every ${theirs}` }],
          });
        }
    }
  },
};

/** Check 1 the other way round: `mcast_dst_ip` or `vrrp_mcast_group4` part one router into two that do not hear each other. */
const multicastGroupDiffers: Rule = {
  name: "multicast-group-differs",
  severity: "error",
  summary: "members of one virtual router that send to different multicast groups",
  check(cluster, report) {
    for (const router of routersOf(cluster)) {
      const multicast = router.filter(({ instance }) => instance.unicastPeers.length === 0);
      for (const pair of oddOnes(multicast, ({ instance }) => formatIp(instance.mcastDestination))) {
        const { odd, usual } = pair;
        const [own, theirs] = [formatIp(odd.instance.mcastDestination), formatIp(usual.instance.mcastDestination)];
        report({
          at: keyPlace(odd.instance, "mcast_dst_ip"),
          message: `${odd.instance.name} sends to ${own} here and to ${theirs} on ${usual.node.name}`,
          why: `Neither listens to the other's group: ${bothMasters(pair)}.`,
          fix: `mcast_dst_ip ${theirs} on every node, or one vrrp_mcast_group${odd.instance.family} in global_defs of all`,
          related: [{ ...keyPlace(usual.instance, "mcast_dst_ip"), message: `sends to ${theirs}` }],
        });
      }
    }
  },
};

export const GROUP_RULES: readonly Rule[] = [
  vridClash,
  versionDiffers,
  advertIntervalDiffers,
  multicastGroupDiffers,
  ...SYNC_GROUP_RULES,
];
