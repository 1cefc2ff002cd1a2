/**
 * Gratuitous ARP and unsolicited neighbour advertisements: who is told of a takeover, how often, and what happens when one is lost. Times and
 * repeats are those of keepalived 2.2.7; 2.3.2 sends them by timers of their own.
 */

import { formatSeconds, NS_PER_S } from "../../base/units.ts";
import { keyPlace } from "../../guest/keepalived/conf/key-places.ts";
import type { VrrpInstance } from "../../guest/keepalived/conf/model.ts";
import { formatIp } from "../../wire/address.ts";
import type { ClusterNode, Member } from "../cluster.ts";
import type { Report, Rule } from "../rule.ts";
import { allAddresses, listedAddresses } from "./address-lists.ts";
import { type Router, routersOf } from "./one-router.ts";
import { priorityOf } from "./priorities.ts";
import { nodeNames, seconds } from "./words.ts";

/** It costs a frame a minute. */
const REFRESH_FIX = "garp_master_refresh 60 on every node, which limits it to a minute";

/** Every advert comes from the virtual MAC: switches learn by it, and hosts have no other MAC to forget. */
function moveByAdvert({ useVmac, vmacXmitBase }: VrrpInstance): boolean {
  return useVmac && !vmacXmitBase;
}

/** What goes on pointing to the node that was heard last. The virtual MAC is every node's: then it is switches that look for it at the wrong port. */
function staleEntry({ useVmac, family }: VrrpInstance): string {
  if (useVmac) return "the switches' entry";
  return family === 4 ? "its ARP entry" : "its neighbour entry";
}

function announcementOf({ family }: VrrpInstance): string {
  return family === 4 ? "gratuitous ARP" : "neighbour advertisement";
}

/** The member that is left as master after a split, and those that would step down before it without a word. */
interface Survivor {
  readonly winner: Member;
  readonly silent: Router;
}

/**
 * Check 32, about the master that stays. The defaults have this gap, so it is a hint, one for a node, and only where a second node is at hand; a
 * warning where `garp_lower_prio_repeat 0` (or strict mode) takes away the announcement that half of all cases have.
 */
const staleAfterSplit: Rule = {
  name: "stale-after-split",
  severity: "hint",
  summary: "caches may point to the wrong node after a split, as the remaining master announces nothing",
  check(cluster, report) {
    const unsure = new Map<ClusterNode, Survivor[]>();
    for (const router of routersOf(cluster)) {
      const winner = router.reduce((a, b) => (priorityOf(b).value > priorityOf(a).value ? b : a));
      const silent = router.filter((member) => member !== winner && !member.instance.higherPrioSendAdvert);
      const { node, instance } = winner;
      if (instance.garpMasterRefreshNs > 0 || moveByAdvert(instance) || instance.addresses.length === 0) continue;
      if (instance.garpLowerPrioRepeat === 0) report(neverAnnounced(winner));
      else if (silent.length > 0) unsure.set(node, [...(unsure.get(node) ?? []), { winner, silent }]);
    }
    for (const survivors of unsure.values()) report(perhapsAnnounced(survivors));
  },
};

function neverAnnounced({ node, instance }: Member): Report {
  const { strict } = instance;
  const reason = strict ? "strict mode" : "garp_lower_prio_repeat 0";
  return {
    at: keyPlace(instance, strict ? "strict_mode" : "garp_lower_prio_repeat"),
    severity: "warning",
    message: `${instance.name} never announces ${listedAddresses(instance.addresses)} again after a split: ${reason}, and no garp_master_refresh`,
    why: `While the network is parted each side has its master; afterwards ${node.name} is the only one and says nothing, and whoever learned the other goes on sending there until ${staleEntry(instance)} expires.`,
    fix: REFRESH_FIX,
  };
}

function perhapsAnnounced([first, ...more]: readonly Survivor[]): Report {
  const { node, instance } = first!.winner;
  const survivors = [first!, ...more];
  const lower = nodeNames(survivors.flatMap(({ silent }) => silent).filter(isFirstOfNode));
  const addresses = listedAddresses(survivors.flatMap(({ winner }) => winner.instance.addresses));
  return {
    at: instance.position,
    message: `After a split ${node.name} announces ${addresses} only if it hears the other master before that one hears it`,
    why: `Otherwise the other one steps down without a word and this one never learns of it: whoever was on the other side goes on sending there until ${staleEntry(instance)} expires.`,
    fix: `${REFRESH_FIX}; or higher_prio_send_advert on ${lower}: then it is announced within ${seconds(instance.advertIntervalNs)}`,
    related: more.map(({ winner }) => ({ ...winner.instance.position, message: "the same here" })),
  };
}

function isFirstOfNode({ node }: Member, index: number, members: readonly Member[]): boolean {
  return members.findIndex((other) => other.node === node) === index;
}

/** Check 33. */
const refreshBelowInterval: Rule = {
  name: "refresh-below-interval",
  severity: "warning",
  summary: "garp_master_refresh shorter than advert_int, which keepalived before 2.3.2 cannot do",
  check({ nodes }, report) {
    for (const { conf } of nodes)
      for (const instance of conf.instances) {
        const { name, garpMasterRefreshNs, advertIntervalNs } = instance;
        if (garpMasterRefreshNs === 0 || garpMasterRefreshNs >= advertIntervalNs) continue;
        report({
          at: keyPlace(instance, "garp_master_refresh"),
          message: `${name} is to announce every ${seconds(garpMasterRefreshNs)}, but before keepalived 2.3.2 does so only with an advert, every ${seconds(advertIntervalNs)}`,
          why: `A lost announcement is mended after up to ${seconds(advertIntervalNs)} instead of ${seconds(garpMasterRefreshNs)}.`,
          fix: `advert_int ${garpMasterRefreshNs / NS_PER_S} on every node, or garp_master_refresh ${Math.ceil(advertIntervalNs / NS_PER_S)}`,
        });
      }
  },
};

/** One interface of a node, the addresses on it, and the spacing that all of them share. */
interface PacedInterface {
  readonly instance: VrrpInstance;
  readonly spacingNs: number;
  readonly addresses: Uint8Array[];
}

/** Check 34. Instances on one interface wait for each other. */
const repeatsCollapse: Rule = {
  name: "garp-repeats-collapse",
  severity: "warning",
  summary: "garp_interval with several addresses: the repetitions are lost, and the last address waits",
  check({ nodes }, report) {
    for (const { conf } of nodes)
      for (const { instance, spacingNs, addresses } of pacedInterfaces(conf.instances)) {
        const { garpMasterRepeat, garpMasterDelayNs, family } = instance;
        if (addresses.length < 2 || garpMasterRepeat < 2) continue;
        const key = family === 4 ? "garp_interval" : "gna_interval";
        const last = formatIp(addresses.at(-1)!);
        const again = garpMasterDelayNs === 0 ? "never" : `${seconds(garpMasterDelayNs)} later`;
        report({
          at: keyPlace(instance, key),
          message: `${key} ${spacingNs / NS_PER_S} leaves one ${announcementOf(instance)} of the ${garpMasterRepeat} for each of the ${addresses.length} addresses on ${instance.interface}`,
          why: `Before keepalived 2.3.2 a waiting address waits once, however often it is to be repeated: ${last} is announced once, ${formatSeconds((addresses.length - 1) * spacingNs)} after the takeover, and if that is lost, again ${again}.`,
          fix: `no ${key}, or keepalived 2.3.2, where the last repetition comes after ${formatSeconds((addresses.length * garpMasterRepeat - 1) * spacingNs)}`,
        });
      }
  },
};

function pacedInterfaces(instances: readonly VrrpInstance[]): PacedInterface[] {
  const paced = new Map<string, PacedInterface>();
  for (const instance of instances)
    for (const { address, device } of allAddresses(instance)) {
      const spacingNs = address.length === 4 ? instance.garpIntervalNs : instance.gnaIntervalNs;
      if (spacingNs === 0) continue;
      const key = `${address.length} ${device ?? instance.interface}`;
      const found = paced.get(key);
      if (found === undefined) paced.set(key, { instance, spacingNs, addresses: [address] });
      else found.addresses.push(address);
    }
  return [...paced.values()];
}

/** Check 35: `garp_master_delay 0`, as `vrrp_min_garp` sets it. */
const announcedOnce: Rule = {
  name: "announced-once",
  severity: "hint",
  summary: "one burst of announcements at a takeover and nothing after it",
  check({ nodes }, report) {
    for (const { conf } of nodes)
      for (const instance of conf.instances) {
        const { name, garpMasterDelayNs, garpMasterRefreshNs, garpMasterRepeat } = instance;
        if (garpMasterDelayNs > 0 || garpMasterRefreshNs > 0 || moveByAdvert(instance)) continue;
        const burst =
          garpMasterRepeat === 1
            ? `a single ${announcementOf(instance)}`
            : `${garpMasterRepeat} ${announcementOf(instance)}s within milliseconds`;
        report({
          at: keyPlace(instance, "garp_master_delay", "min_garp"),
          message: `${name} announces each address with ${burst} and never again: garp_master_delay 0, no garp_master_refresh`,
          why: "Where that is lost, as on a port that does not forward yet, hosts and switches send to the old master until their entries expire.",
          fix: `garp_master_delay 5 for a second burst 5 s later, or ${REFRESH_FIX}`,
        });
      }
  },
};

export const ANNOUNCEMENT_RULES: readonly Rule[] = [
  staleAfterSplit,
  refreshBelowInterval,
  repeatsCollapse,
  announcedOnce,
];
