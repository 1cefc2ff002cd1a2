/**
 * The virtual addresses: the same list on every node, and each of one virtual router. The parser reports an address twice on one node
 * (`duplicate-vip`, check 39) and more addresses than an advert holds (`too-many-addresses`, check 47).
 */

import { present } from "../../base/assert.ts";
import { keyPlace } from "../../guest/keepalived/conf/key-places.ts";
import type { VirtualAddress } from "../../guest/keepalived/conf/model.ts";
import { parsePrefix, prefixContains } from "../../text/ip-text.ts";
import { formatIp } from "../../wire/address.ts";
import type { Cluster, Member } from "../cluster.ts";
import type { Report, Rule } from "../rule.ts";
import { allAddresses, beyond, listedAddresses, listKey } from "./address-lists.ts";
import { ADDRESS_PREFIX_RULES } from "./address-prefixes.ts";
import { bothMasters } from "./both-masters.ts";
import { type OddPair, oddOnes, routersOf } from "./one-router.ts";
import { OWN_ADDRESS_RULES } from "./own-addresses.ts";

const LINK_LOCAL = present(parsePrefix("fe80::/10"), "fe80::/10");

/** Check 8: what goes into the adverts, in any order. An instance without addresses is the parser's `no-addresses`. */
const vipListsDiffer: Rule = {
  name: "vip-lists-differ",
  severity: "error",
  summary: "members of one virtual router that announce different addresses",
  check(cluster, report) {
    for (const router of routersOf(cluster)) {
      const announcing = router.filter(({ instance }) => instance.addresses.length > 0);
      for (const pair of oddOnes(announcing, ({ instance }) => listKey(instance.addresses))) report(listsOf(pair));
    }
  },
};

function listsOf(pair: OddPair): Report {
  const { odd, usual } = pair;
  const extra = beyond(odd.instance.addresses, usual.instance.addresses);
  const missing = beyond(usual.instance.addresses, odd.instance.addresses);
  const said = [
    ...(extra.length > 0 ? [`announces ${listedAddresses(extra)}, and ${usual.node.name} does not`] : []),
    ...(missing.length > 0 ? [`lacks ${listedAddresses(missing)} of ${usual.node.name}`] : []),
  ];
  const shared = usual.instance.addresses.length > missing.length;
  const all = listedAddresses([...usual.instance.addresses, ...extra]);
  return {
    at: extra[0]?.position ?? keyPlace(odd.instance, "virtual_ipaddress"),
    message: `${odd.instance.name} (VRID ${odd.instance.vrid}) ${said.join(", and it ")}`,
    why: `keepalived before 2.3.3 takes an advert only if its list is the own one: ${bothMasters(pair)}.`,
    fix: shared
      ? `${all} in virtual_ipaddress of every node`
      : `the same virtual_ipaddress on every node; or, if these are two virtual routers, two values of virtual_router_id`,
    related: [
      {
        ...(missing[0]?.position ?? keyPlace(usual.instance, "virtual_ipaddress")),
        message: `${usual.node.name} announces ${listedAddresses(usual.instance.addresses)}`,
      },
    ],
  };
}

/** Check 8 for what no advert carries, so that nodes cannot compare it. */
const excludedAddressesDiffer: Rule = {
  name: "excluded-addresses-differ",
  severity: "warning",
  summary: "virtual_ipaddress_excluded differs between members of one virtual router",
  check(cluster, report) {
    for (const router of routersOf(cluster))
      for (const { node, instance } of router) {
        const own = allAddresses(instance);
        const source = router.find((other) => beyond(other.instance.excludedAddresses, own).length > 0);
        if (source === undefined) continue;
        const missing = beyond(source.instance.excludedAddresses, own);
        report({
          at: keyPlace(instance, "virtual_ipaddress_excluded"),
          message: `${instance.name} lacks ${listedAddresses(missing)}, which ${source.node.name} has in virtual_ipaddress_excluded`,
          why: `Adverts do not carry it, so the nodes do not notice: as long as ${node.name} is master, nobody holds ${listedAddresses(missing)}.`,
          fix: `virtual_ipaddress_excluded with ${listedAddresses(missing)} on ${node.name} too`,
          related: [{ ...missing[0]!.position, message: `only on ${source.node.name}` }],
        });
      }
  },
};

interface Holding {
  readonly member: Member;
  readonly vip: VirtualAddress;
}

/** Who configures each address of a segment. */
function holdingsOf({ groups }: Cluster): Holding[][] {
  const byAddress = new Map<string, Holding[]>();
  for (const { segment, members } of groups)
    for (const member of members)
      for (const vip of allAddresses(member.instance)) {
        const key = `${formatIp(vip.address)} ${segment}`;
        byAddress.set(key, [...(byAddress.get(key) ?? []), { member, vip }]);
      }
  return [...byAddress.values()];
}

/**
 * Check 39 between nodes: most often two VRIDs for what is meant to be one router. A link-local address is one of its link, and files alone do not
 * tell links apart. Where a node has the address twice itself, the parser has said so.
 */
const vipInTwoRouters: Rule = {
  name: "vip-in-two-routers",
  severity: "error",
  summary: "one address in virtual routers with different VRIDs on two nodes",
  check(cluster, report) {
    const reported = new Set<string>();
    for (const holdings of holdingsOf(cluster)) {
      const usual = holdings[0]!;
      const odd = holdings.find(({ member: { instance } }) => instance.vrid !== usual.member.instance.vrid);
      const nodes = new Set(holdings.map(({ member }) => member.node));
      if (odd === undefined || nodes.size < holdings.length) continue;
      if (prefixContains(LINK_LOCAL, odd.vip.address) && odd.member.node.host === null) continue;
      const [own, theirs] = [odd.member, usual.member];
      const pair = [own, theirs].map(({ node, instance }) => `${node.name} ${instance.name}`).join(" ");
      if (reported.has(pair)) continue;
      reported.add(pair);
      const address = formatIp(odd.vip.address);
      report({
        at: keyPlace(own.instance, "virtual_router_id"),
        message: `${address} belongs to VRID ${own.instance.vrid} here and to VRID ${theirs.instance.vrid} on ${theirs.node.name}`,
        why: `Routers do not heed adverts of another VRID: ${bothMasters({ odd: own, usual: theirs })}.`,
        fix: `virtual_router_id ${theirs.instance.vrid} on every node, or an address of its own for each router`,
        related: [
          { ...odd.vip.position, message: `${address} with VRID ${own.instance.vrid}` },
          { ...usual.vip.position, message: `${address} with VRID ${theirs.instance.vrid}` },
        ],
      });
    }
  },
};

export const ADDRESS_RULES: readonly Rule[] = [
  vipListsDiffer,
  excludedAddressesDiffer,
  vipInTwoRouters,
  ...OWN_ADDRESS_RULES,
  ...ADDRESS_PREFIX_RULES,
];
