/**
 * What a configuration expects of its surroundings: that services answer on the address, links that report their loss, switches and access points that
 * take the virtual MAC, firewalls that let adverts pass. The parser reports the own interface in `track_interface` (`own-interface-tracked`,
 * check 36) and what strict mode resets (`strict-conflict`, `authentication-ignored`, `preempt-delay-ignored`, of check 15).
 */

import { formatSeconds } from "../../base/units.ts";
import { keyPlace } from "../../guest/keepalived/conf/key-places.ts";
import type { VrrpInstance } from "../../guest/keepalived/conf/model.ts";
import { virtualMac } from "../../guest/keepalived/virtual-mac.ts";
import type { Position } from "../../text/config-error.ts";
import { type IpAddress, prefixContains } from "../../text/ip-text.ts";
import { formatIp, formatMac } from "../../wire/address.ts";
import type { Member } from "../cluster.ts";
import type { Rule } from "../rule.ts";
import { allAddresses, listedAddresses } from "./address-lists.ts";
import { programCalled } from "./notify-commands.ts";
import { takeoverNs } from "./priorities.ts";
import { addressesOf } from "./source-address.ts";
import { trackersOf } from "./tracked.ts";
import { briefly, seconds } from "./words.ts";

/** Check 15. A virtual router that only forwards may well do so, an address with a service on it not. */
const strictDropsTraffic: Rule = {
  name: "strict-drops-traffic",
  severity: "warning",
  summary: "strict mode without accept: nothing answers on the virtual addresses",
  check({ nodes }, report) {
    for (const { conf } of nodes)
      for (const instance of conf.instances) {
        const { name, strict, accept, version } = instance;
        if (!strict || accept) continue;
        report({
          at: keyPlace(instance, "strict_mode"),
          message: `In strict mode ${name} drops what is sent to ${listedAddresses(allAddresses(instance))}, pings and connections alike`,
          why: "The master only forwards for others and answers ARP; a service on the address is unreachable on every node, at any time.",
          fix:
            version === 3
              ? `accept in vrrp_instance ${name}, or no vrrp_strict`
              : `no vrrp_strict; or version 3 on every node and accept in vrrp_instance ${name}`,
        });
      }
  },
};

/**
 * Check 37. A hint where `garp_master_refresh` limits the damage. Where no address is on the own interface, as with a cable between the nodes that goes
 * down with either of them, the option is in its place; but then it also ends the following of the addresses' devices.
 */
const primaryNotTracked: Rule = {
  name: "primary-not-tracked",
  severity: "warning",
  summary: "dont_track_primary: the master keeps the address when its link is lost",
  check({ nodes }, report) {
    for (const node of nodes)
      for (const instance of node.conf.instances.filter(({ dontTrackPrimary }) => dontTrackPrimary)) {
        const { name, garpMasterRefreshNs } = instance;
        const unwatched = unwatchedDevice({ node, instance });
        if (unwatched === null) continue;
        const refreshed = garpMasterRefreshNs > 0;
        const until = refreshed ? `for up to ${seconds(garpMasterRefreshNs)}` : "until their entries expire";
        report({
          at: keyPlace(instance, "dont_track_primary"),
          severity: refreshed ? "hint" : "warning",
          message: `${name} stays master when ${unwatched} loses its link: dont_track_primary`,
          why: `Another node is master after ${formatSeconds(takeoverNs({ node, instance }, { node, instance }))}; when the link returns, ${node.name} goes on as master without announcing, the other one steps down, and hosts send to it ${until}.`,
          fix: unwatched === instance.interface ? "leave dont_track_primary out" : `track_interface { ${unwatched} }`,
        });
      }
  },
};

/** The first device with a virtual address that nobody follows. */
function unwatchedDevice({ node, instance }: Member): string | null {
  const watched = new Set(trackersOf(node.conf, instance, "trackInterfaces").map(({ name }) => name));
  const devices = allAddresses(instance)
    .filter(({ noTrack }) => !noTrack)
    .map(({ device }) => (device === instance.vmacName ? null : device) ?? instance.interface);
  return devices.find((device) => device !== null && !watched.has(device)) ?? null;
}

/** As systemd and the kernel name interfaces of wireless networks. */
const WIRELESS = /^wl/;

/** What is known of the network that must let a virtual MAC pass. */
type Network = "wireless" | "unicast" | "unknown";

const OBSTACLES: Readonly<Record<Network, string>> = {
  wireless: "on a wireless interface, where an access point takes frames only from a MAC that has joined it",
  unicast: "with unicast peers, as in clouds, which drop frames from a MAC that they have not assigned",
  unknown: "which a hypervisor (forged transmits, MAC spoofing) or a switch with port security may drop",
};

/**
 * Check 40, once for a node. What a switch or a hypervisor lets through stands in no file, so it is a hint for whoever uses a virtual MAC; a warning
 * where the file shows a network that does not: wireless or, where multicast does not work either, a cloud.
 */
const vmacNeedsPermission: Rule = {
  name: "vmac-needs-permission",
  severity: "hint",
  summary: "use_vmac in networks that drop frames from a MAC that is not the interface's",
  check({ nodes }, report) {
    for (const node of nodes) {
      const users = node.conf.instances.filter(({ useVmac }) => useVmac);
      for (const network of ["wireless", "unicast", "unknown"] as const) {
        const [first, ...more] = users.filter((instance) => networkOf(instance) === network);
        if (first === undefined) continue;
        const macs = briefly([first, ...more].map((instance) => formatMac(virtualMac(instance))));
        report({
          at: keyPlace(first, "use_vmac"),
          severity: network === "unknown" ? "hint" : "warning",
          message: `use_vmac sends from ${macs}, ${OBSTACLES[network]}`,
          why: first.vmacXmitBase
            ? `Adverts pass, as they leave with the real MAC, but announcements and ARP replies do not: no client reaches ${listedAddresses(first.addresses)}.`
            : `Without its adverts every node is master ${formatSeconds(takeoverNs({ node, instance: first }, { node, instance: first }))} after its start, and no client reaches ${listedAddresses(first.addresses)}.`,
          fix: "no use_vmac: announcements then move the address to the real MAC of the master; or permit the virtual MAC on every node's port",
          related: more.map((other) => ({ ...keyPlace(other, "use_vmac"), message: "the same here" })),
        });
      }
    }
  },
};

function networkOf({ interface: own, unicastPeers }: VrrpInstance): Network {
  if (WIRELESS.test(own ?? "")) return "wireless";
  return unicastPeers.length > 0 ? "unicast" : "unknown";
}

const FIREWALL = /\b(?:iptables|ip6tables|nft|firewall-cmd|ufw)\b/;

/** Addresses of hosts that have as many bits in common are likely to be on one subnet. */
const SUBNET_BITS = { 4: 24, 6: 64 };

/**
 * Check 41. Firewalls stand in no keepalived.conf. So this fires where one shows: a notify command names it, or peers are so far apart that there is a
 * router between them.
 */
const firewallBetween: Rule = {
  name: "firewall-between",
  severity: "hint",
  summary: "signs of a firewall, which must let IP protocol 112 pass",
  check({ nodes }, report) {
    for (const node of nodes)
      for (const instance of node.conf.instances) {
        const called = programCalled({ node, instance }, FIREWALL);
        const far = called === null ? distantPeer({ node, instance }) : null;
        const at = called?.at ?? far?.position;
        if (at === undefined) continue;
        const { name, unicastPeers, mcastDestination } = instance;
        const adverts = `IP protocol 112 ${unicastPeers.length > 0 ? "from each unicast_peer" : `to ${formatIp(mcastDestination)}`}`;
        report({
          at,
          message:
            far === null
              ? `A notify command of ${name} calls ${called?.program}: this host has a firewall, which must accept ${adverts}`
              : `${formatIp(far.address)} looks like another subnet than ${formatIp(far.own)}: routers and firewalls between them must let IP protocol 112 pass`,
          why: `Where adverts do not arrive, every node is master ${formatSeconds(takeoverNs({ node, instance }, { node, instance }))} after its start${far === null ? "" : "; and the address itself cannot move to another subnet by announcements"}.`,
          fix: `accept ${adverts} (it is neither TCP nor UDP) before anything else is dropped`,
        });
      }
  },
};

/** A peer that shares no subnet with any address known of the node. */
function distantPeer(
  member: Member,
): { readonly address: IpAddress; readonly own: IpAddress; readonly position: Position } | null {
  const own = addressesOf(member) ?? [];
  const bits = SUBNET_BITS[member.instance.family];
  const far = member.instance.unicastPeers.find(
    ({ address }) => own.length > 0 && !own.some((mine) => prefixContains({ address, length: bits }, mine)),
  );
  return far === undefined ? null : { address: far.address, own: own[0]!, position: far.position };
}

export const ENVIRONMENT_RULES: readonly Rule[] = [
  strictDropsTraffic,
  primaryNotTracked,
  vmacNeedsPermission,
  firewallBetween,
];
