/**
 * Virtual addresses that something besides the virtual router configures too (check 42). Whether systemd-networkd or NetworkManager manages an
 * interface stands in no keepalived.conf; what shows is the result (an address that is a node's own, or static), and a command that calls them.
 */

import { formatSeconds } from "../../base/units.ts";
import { keyPlace } from "../../guest/keepalived/conf/key-places.ts";
import type { Position } from "../../text/config-error.ts";
import { type IpAddress, sameIp } from "../../text/ip-text.ts";
import { formatIp } from "../../wire/address.ts";
import type { Member } from "../cluster.ts";
import type { Report, Rule } from "../rule.ts";
import { allAddresses, listedAddresses } from "./address-lists.ts";
import { programCalled } from "./notify-commands.ts";
import { routersOf } from "./one-router.ts";
import { farewellNs, isOwner } from "./priorities.ts";
import { sourceKey } from "./source-address.ts";

/** A source address that only the master has. An address owner (priority 255) is meant to have the address all the time. */
const vipIsSource: Rule = {
  name: "vip-is-source",
  severity: "error",
  summary: "adverts are to be sent from a virtual address",
  check(cluster, report) {
    for (const router of routersOf(cluster))
      for (const { node, instance } of router.filter((member) => !isOwner(member))) {
        const { sourceIp } = instance;
        const vips = router.flatMap((other) => allAddresses(other.instance));
        const vip = sourceIp === null ? undefined : vips.find(({ address }) => sameIp(address, sourceIp));
        if (vip === undefined) continue;
        const key = sourceKey(instance);
        report({
          at: keyPlace(instance, key),
          message: `${instance.name} sends its adverts from ${formatIp(vip.address)}, which is a virtual address`,
          why: `${node.name} has it only while it is master, and without its source address it is in FAULT: it never takes over.`,
          fix: `${key} with an address that ${node.name} always has`,
          related: [{ ...vip.position, message: "the virtual address" }],
        });
      }
  },
};

/** Only where the hosts' addresses are known. */
const vipIsOwnAddress: Rule = {
  name: "vip-is-own-address",
  severity: "warning",
  summary: "a virtual address that a node is configured with as well",
  check(cluster, report) {
    for (const router of routersOf(cluster)) {
      const seen = new Set<string>();
      for (const { instance } of router)
        for (const { address, position } of allAddresses(instance)) {
          const text = formatIp(address);
          const holder = router.find((member) => !isOwner(member) && isConfigured(member, address));
          if (holder === undefined || seen.has(text)) continue;
          seen.add(text);
          const name = holder.node.name;
          report({
            at: position,
            message: `${text} is a virtual address, and ${name} has it as its own`,
            why: `keepalived takes it away when ${name} starts as a backup; whatever configures it again then, as systemd-networkd or NetworkManager, makes two nodes answer for one address.`,
            fix: `${text} only in virtual_ipaddress, not in the network configuration of ${name}`,
          });
        }
    }
  },
};

function isConfigured({ node: { host } }: Member, address: IpAddress): boolean {
  return (
    host?.interfaces.some((name) => host.addresses(name).some((configured) => sameIp(configured, address))) ?? false
  );
}

const vipIsStaticAddress: Rule = {
  name: "vip-is-static-address",
  severity: "error",
  summary: "a virtual address that stands in static_ipaddress too",
  check({ nodes }, report) {
    for (const { conf, name } of nodes) {
      const statics = new Map(conf.staticAddresses.map((item) => [formatIp(item.address), item]));
      for (const instance of conf.instances)
        for (const { address, position } of allAddresses(instance)) {
          const text = formatIp(address);
          const item = statics.get(text);
          if (item === undefined) continue;
          report({
            at: item.position,
            message: `${text} is in static_ipaddress, and a virtual address of ${instance.name}`,
            why: `What is in static_ipaddress is configured from the start on, whoever is master: ${name} answers for ${text} as a backup too.`,
            fix: `leave ${text} out of static_ipaddress: ${instance.name} configures it when it becomes master`,
            related: [{ ...position, message: `a virtual address of ${instance.name}` }],
          });
        }
    }
  },
};

/** Programs that configure a host's addresses, and may take away those that they do not know. */
const ADDRESS_MANAGER = /\b(?:systemd-networkd|networkctl|netplan|nmcli|NetworkManager|ifup|ifdown)\b/;

/** A hint: all of them can be told to leave foreign addresses alone. */
const addressManagerCalled: Rule = {
  name: "address-manager-called",
  severity: "hint",
  summary: "a notify command that runs what else configures the host's addresses",
  check({ nodes }, report) {
    for (const node of nodes)
      for (const instance of node.conf.instances) {
        const called = programCalled({ node, instance }, ADDRESS_MANAGER);
        if (called !== null) report(managerReport({ node, instance }, called));
      }
  },
};

function managerReport(member: Member, { program, at }: { readonly program: string; readonly at: Position }): Report {
  const { node, instance } = member;
  const lost = listedAddresses(allAddresses(instance));
  return {
    at,
    message: `A notify command of ${instance.name} runs ${program}, which may remove ${lost}`,
    why: `It does not know the addresses that keepalived adds; when one vanishes, the master says farewell (priority 0), and ${node.name} has ${lost} again ${formatSeconds(farewellNs(member, member))} later at the earliest.`,
    fix: "KeepConfiguration=yes under [Network] of the .network file; with NetworkManager, an unmanaged interface",
  };
}

export const OWN_ADDRESS_RULES: readonly Rule[] = [
  vipIsSource,
  vipIsOwnAddress,
  vipIsStaticAddress,
  addressManagerCalled,
];
