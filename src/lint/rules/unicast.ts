/**
 * Adverts to peers instead of a group: whoever is left out of a list hears nothing of that node, and takes it for dead. Which addresses the nodes send
 * from is known where `unicast_src_ip` or the hosts say so; otherwise the lists can only be counted.
 */

import { formatSeconds } from "../../base/units.ts";
import { keyPlace } from "../../guest/keepalived/conf/key-places.ts";
import type { UnicastPeer } from "../../guest/keepalived/conf/model.ts";
import { sameIp } from "../../text/ip-text.ts";
import { formatIp } from "../../wire/address.ts";
import type { Member } from "../cluster.ts";
import type { Rule } from "../rule.ts";
import { intendedRouters } from "./intended-router.ts";
import { priorityOf, takeoverNs } from "./priorities.ts";
import { addressesOf, sourceKey } from "./source-address.ts";
import { listed, nodeNames } from "./words.ts";

function isUnicast({ instance }: Member): boolean {
  return instance.unicastPeers.length > 0;
}

/** The peers of `member` that are `other`; null where its addresses are not known. */
function peersThatAre(other: Member, { instance }: Member): readonly UnicastPeer[] | null {
  const addresses = addressesOf(other);
  if (addresses === null) return null;
  return instance.unicastPeers.filter((peer) => addresses.some((address) => sameIp(address, peer.address)));
}

/** The peers of `member` that are it itself. */
function peersThatAreOwn(member: Member): readonly UnicastPeer[] {
  return peersThatAre(member, member) ?? [];
}

/** Both are written with one source: `same-source-address` speaks of them. */
function haveOneSource({ instance: a }: Member, { instance: b }: Member): boolean {
  return a.sourceIp !== null && b.sourceIp !== null && sameIp(a.sourceIp, b.sourceIp);
}

/** What is missing in the peers of `member`: nodes by name, or those of which only how many are missing is known. */
function missingPeers(member: Member, router: readonly Member[]): { nodes: Member[]; uncertain: Member[] } {
  const others = router.filter((other) => other !== member && isUnicast(other) && !haveOneSource(member, other));
  const found = others.map((other) => ({ other, peers: peersThatAre(other, member) }));
  const known = new Set([...found.flatMap(({ peers }) => peers ?? []), ...peersThatAreOwn(member)]);
  const left = member.instance.unicastPeers.filter((peer) => !known.has(peer)).length;
  const unknown = found.filter(({ peers }) => peers === null).map(({ other }) => other);
  return {
    nodes: found.filter(({ peers }) => peers?.length === 0).map(({ other }) => other),
    uncertain: unknown.length > left ? unknown : [],
  };
}

const unicastPeerMissing: Rule = {
  name: "unicast-peer-missing",
  severity: "error",
  summary: "unicast_peer without one of the other nodes",
  check(cluster, report) {
    for (const router of intendedRouters(cluster))
      for (const member of router.filter(isUnicast)) {
        const { nodes, uncertain } = missingPeers(member, router);
        if (nodes.length + uncertain.length === 0) continue;
        const { node, instance } = member;
        const peers = listed(instance.unicastPeers.map(({ address }) => formatIp(address)));
        const missing = nodes.flatMap((other) => addressesOf(other)![0] ?? []).map((address) => formatIp(address));
        const deaf = nodes.length > 0 ? nodes : uncertain;
        const [own] = peersThatAreOwn(member);
        report({
          at: own?.position ?? keyPlace(instance, "unicast_peer"),
          message:
            nodes.length > 0
              ? `${node.name} sends to ${peers}, and not to ${nodeNames(nodes)} (${listed(missing)})`
              : `${node.name} sends to ${peers}, and there are ${uncertain.length} more nodes: ${nodeNames(uncertain)}`,
          why: consequence(member, deaf, router),
          fix:
            own !== undefined && deaf.length === 1
              ? `${missing[0] ?? `an address of ${nodeNames(deaf)}`} instead of ${formatIp(own.address)}, which is ${node.name} itself`
              : nodes.length > 0
                ? `unicast_peer { ${missing.join(", ")} … }, each on a line of its own`
                : "unicast_peer with an address of every other node, each on a line of its own",
          related: deaf.map((other) => ({
            ...other.instance.position,
            message: `${other.node.name} gets no adverts of ${node.name}`,
          })),
        });
      }
  },
};

/** What becomes of nodes that hear nothing of `member`. */
function consequence(member: Member, deaf: readonly Member[], router: readonly Member[]): string {
  const own = priorityOf(member).value;
  const below = deaf.find((other) => priorityOf(other).value <= own);
  const other = below ?? deaf[0]!;
  const [node, name] = [member.node.name, other.node.name];
  const above = router.find((one) => !deaf.includes(one) && priorityOf(one).value > own);
  if (below !== undefined && above !== undefined)
    return `All is well as long as ${above.node.name} is master. When ${node} takes over, ${name} does not hear it and takes over too, and both hold the address.`;
  if (below !== undefined)
    return `${name} never hears ${node}: ${formatSeconds(takeoverNs(other, other))} after its start it is master beside ${node}, and both hold the address.`;
  return `While ${node} is master, ${name} never hears it: it takes the address whatever its preemption says, and ${node} gives it up only if it hears ${name}. If ${name} has been lowered by a weight, both hold the address.`;
}

const unicastPeerSelf: Rule = {
  name: "unicast-peer-self",
  severity: "warning",
  summary: "unicast_peer with the node's own address",
  check(cluster, report) {
    const routers = intendedRouters(cluster);
    for (const node of cluster.nodes)
      for (const instance of node.conf.instances) {
        const member = { node, instance };
        const router = routers.find((members) => members.some((other) => other.instance === instance)) ?? [];
        if (router.some((other) => other.instance !== instance && haveOneSource(other, member))) continue;
        // It stands there instead of another one: unicast-peer-missing speaks of it.
        const { nodes, uncertain } = missingPeers(member, router);
        if (nodes.length + uncertain.length > 0) continue;
        for (const { address, position } of peersThatAreOwn(member))
          report({
            at: position,
            message: `${formatIp(address)} in unicast_peer is ${node.name} itself`,
            why: `keepalived does not notice: as master ${node.name} hears its own adverts and logs each as one of another master. If the line is meant for another node, that one hears nothing and becomes master too.`,
            fix: "the addresses of the other nodes only",
          });
      }
  },
};

const unicastAndMulticast: Rule = {
  name: "unicast-and-multicast",
  severity: "error",
  summary: "members of one virtual router of which some send to peers and some to the group",
  check(cluster, report) {
    for (const router of intendedRouters(cluster)) {
      const unicast = router.filter(isUnicast);
      // An instance with other keywords about unicast is the parser's: unicast-without-peers, unicast-ttl-without-peers.
      const multicast = router.filter((member) => !isUnicast(member) && !saysUnicast(member));
      if (unicast.length === 0) continue;
      for (const member of multicast) {
        const { node, instance } = member;
        const [name, group] = [nodeNames(unicast), formatIp(instance.mcastDestination)];
        const peers = unicast.map((other) => addressesOf(other)?.[0]).filter((address) => address !== undefined);
        const written = peers.length < unicast.length ? "…" : peers.map((address) => formatIp(address)).join(", ");
        report({
          at: instance.position,
          message: `${node.name} sends to the group ${group}, and ${name} to unicast peers`,
          why: `Neither hears the other: ${formatSeconds(takeoverNs(member, member))} after its start ${node.name} is master beside ${unicast[0]!.node.name}, and both hold the address.`,
          fix: `unicast_peer { ${written} } on ${node.name}, each on a line of its own, or no unicast_peer anywhere`,
          related: unicast.map((other) => ({
            ...keyPlace(other.instance, "unicast_peer"),
            message: `${other.node.name} sends to peers`,
          })),
        });
      }
    }
  },
};

function saysUnicast({ instance }: Member): boolean {
  return ["unicast_peer", "unicast_src_ip", "unicast_fault_no_peer", "unicast_ttl"].some((key) =>
    instance.keys.has(key),
  );
}

const unicastFaultNoPeer: Rule = {
  name: "unicast-fault-no-peer",
  severity: "error",
  summary: "unicast_fault_no_peer without a unicast_peer: the instance never runs",
  check(cluster, report) {
    for (const { name: node, conf } of cluster.nodes)
      for (const instance of conf.instances) {
        const { name, unicastFaultNoPeer, unicastPeers } = instance;
        if (!unicastFaultNoPeer || unicastPeers.length > 0) continue;
        report({
          at: keyPlace(instance, "unicast_peer", "unicast_fault_no_peer"),
          message: `${name} has unicast_fault_no_peer and no unicast_peer`,
          why: `${node} stays in FAULT as long as it runs, and never takes the address.`,
          fix: "unicast_peer with an address of every other node, each on a line of its own",
        });
      }
  },
};

const sameSourceAddress: Rule = {
  name: "same-source-address",
  severity: "error",
  summary: "two nodes with the same unicast_src_ip or mcast_src_ip, of which one cannot have it",
  check(cluster, report) {
    for (const router of intendedRouters(cluster))
      for (const [i, member] of router.entries()) {
        const first = router.slice(0, i).find((other) => haveOneSource(other, member));
        // Where the host is known, whether it has the address is known too: source-address-missing.
        if (first === undefined || member.node.host !== null) continue;
        const { node, instance } = member;
        const key = sourceKey(instance);
        const peers = router.length === 2 ? first.instance.unicastPeers : [];
        report({
          at: keyPlace(instance, key),
          message: `${key} ${formatIp(instance.sourceIp!)} is the address of ${first.node.name} too`,
          why: `Only one host can have it. On the other keepalived stays in FAULT (source address not configured) and never takes over; from 2.3.3 on it sends from an address that is not its own, and both are masters.`,
          fix: `${key} ${peers.length === 1 ? formatIp(peers[0]!.address) : `with the address of ${node.name}`}`,
          related: [
            { ...keyPlace(first.instance, sourceKey(first.instance)), message: `${first.node.name} sends from it` },
          ],
        });
      }
  },
};

export const UNICAST_RULES: readonly Rule[] = [
  unicastPeerMissing,
  unicastPeerSelf,
  unicastAndMulticast,
  unicastFaultNoPeer,
  sameSourceAddress,
];
