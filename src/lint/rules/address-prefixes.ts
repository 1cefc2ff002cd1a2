/**
 * What prefix lengths and devices of virtual addresses do: routes that come and go (check 31), addresses that vanish with another one, and links
 * that an instance follows because an address is on them (check 48).
 */
import { formatSeconds } from "../../base/units.ts";
import type { VirtualAddress, VrrpInstance } from "../../guest/keepalived/conf/model.ts";
import { prefixContains } from "../../text/ip-text.ts";
import { formatIp } from "../../wire/address.ts";
import type { ClusterNode, Member } from "../cluster.ts";
import type { Report, Rule } from "../rule.ts";
import { allAddresses, listedAddresses } from "./address-lists.ts";
import { type OddPair, oddOnes, routersOf } from "./one-router.ts";
import { farewellNs } from "./priorities.ts";
import { trackersOf } from "./tracked.ts";
import { briefly } from "./words.ts";

/** Where it is configured; the name of the virtual MAC's interface stands for the instance's own. */
function deviceOf({ device }: VirtualAddress, instance: VrrpInstance): string | null {
  return device === null || device === instance.vmacName ? instance.interface : device;
}

function isWhole({ address, prefixLength }: VirtualAddress): boolean {
  return prefixLength === address.length * 8;
}

function written({ address, prefixLength }: VirtualAddress): string {
  return `${formatIp(address)}/${prefixLength}`;
}

function covers(wide: VirtualAddress, { address }: VirtualAddress): boolean {
  return !isWhole(wide) && prefixContains({ address: wide.address, length: wide.prefixLength }, address);
}

/**
 * Check 31. An address without a prefix length is in order where the interface has one in its subnet, which no file says. So this fires only where
 * the author gives lengths to others of the same family and device, and none of them covers this one.
 */
const vipWithoutPrefix: Rule = {
  name: "vip-without-prefix",
  severity: "hint",
  summary: "an address without a prefix length among others that have one",
  check({ nodes }, report) {
    for (const { conf } of nodes)
      for (const instance of conf.instances)
        for (const vips of byLink(instance)) {
          const withLength = vips.filter((vip) => !isWhole(vip));
          const bare = vips.filter((vip) => isWhole(vip) && !withLength.some((other) => covers(other, vip)));
          const [example, first] = [withLength[0], bare[0]];
          if (example === undefined || first === undefined) continue;
          report({
            at: first.position,
            message: `${listedAddresses(bare)} has prefix length ${first.prefixLength}, while ${written(example)} stands beside it`,
            why: `The kernel makes no route to a subnet from that: unless ${deviceOf(first, instance)} has another address there, the master has no direct way to the neighbours of ${formatIp(first.address)}.`,
            fix: `${formatIp(first.address)}/${example.prefixLength}, or whatever the length of its subnet is`,
            related: [{ ...example.position, message: `${written(example)} here` }],
          });
        }
  },
};

/** The addresses of an instance by device and family. */
function byLink(instance: VrrpInstance): VirtualAddress[][] {
  const links = new Map<string, VirtualAddress[]>();
  for (const vip of allAddresses(instance)) {
    const key = `${vip.address.length} ${deviceOf(vip, instance)}`;
    const link = links.get(key);
    if (link === undefined) links.set(key, [vip]);
    else link.push(vip);
  }
  return [...links.values()];
}

/** Check 31 between nodes. */
const vipPrefixDiffers: Rule = {
  name: "vip-prefix-differs",
  severity: "hint",
  summary: "one virtual address with different prefix lengths on different nodes",
  check(cluster, report) {
    for (const router of routersOf(cluster)) {
      const holdings = router.map((member) => {
        const vips = allAddresses(member.instance);
        return { member, vips: new Map(vips.map((vip) => [formatIp(vip.address), vip])) };
      });
      const found = new Map<string, PrefixPair[]>();
      for (const text of holdings[0]!.vips.keys()) {
        const vipOf = new Map(holdings.map(({ member, vips }) => [member, vips.get(text)]));
        const members = router.filter((member) => vipOf.get(member) !== undefined);
        for (const { odd, usual } of oddOnes(members, (member) => `${vipOf.get(member)!.prefixLength}`)) {
          const pair = { odd, usual, own: vipOf.get(odd)!, theirs: vipOf.get(usual)! };
          const key = `${router.indexOf(odd)} ${pair.own.prefixLength} ${pair.theirs.prefixLength}`;
          const alike = found.get(key);
          if (alike === undefined) found.set(key, [pair]);
          else alike.push(pair);
        }
      }
      for (const pairs of found.values()) report(prefixesOf(pairs));
    }
  },
};

/** One address that two nodes have with different lengths. */
interface PrefixPair extends OddPair {
  readonly own: VirtualAddress;
  readonly theirs: VirtualAddress;
}

/** The addresses of one node that differ in the same way, at least one. */
function prefixesOf(pairs: readonly PrefixPair[]): Report {
  const { odd, usual, own, theirs } = pairs[0]!;
  const { prefixLength } = theirs;
  const vips = listedAddresses(pairs.map((pair) => pair.own));
  return {
    at: own.position,
    message:
      pairs.length === 1
        ? `${written(own)} here is ${written(theirs)} on ${usual.node.name}`
        : `${vips} have prefix length ${own.prefixLength} here and ${prefixLength} on ${usual.node.name}`,
    why: `Adverts do not carry the length, so both work together; but with ${odd.node.name} as master other destinations are on-link than with ${usual.node.name}.`,
    fix: pairs.length === 1 ? `${written(theirs)} on every node` : `/${prefixLength} on every node`,
    related: [{ ...theirs.position, message: written(theirs) }],
  };
}

/**
 * Check 31: the first IPv4 address of a subnet on an interface is primary, and without `promote_secondaries` the kernel removes the others with it.
 * Normally the interface has an address of its own there, so the host must be known. A hint, as systemd turns promotion on. Members of a sync group
 * give their addresses up together.
 */
const vipIsSecondary: Rule = {
  name: "vip-is-secondary",
  severity: "hint",
  summary: "addresses of two instances share a subnet in which the interface has none",
  check({ nodes }, report) {
    for (const node of nodes.filter(({ host }) => host !== null)) {
      const held = node.conf.instances
        .filter(({ promoteSecondaries }) => !promoteSecondaries)
        .flatMap((instance) => allAddresses(instance).map((vip) => ({ vip, instance })))
        .filter(({ vip }) => vip.address.length === 4 && !isWhole(vip));
      const reported = new Set<VrrpInstance>();
      for (const { vip, instance } of held) {
        const device = deviceOf(vip, instance);
        const other = held.find(
          (candidate) =>
            candidate.instance !== instance &&
            covers(candidate.vip, vip) &&
            deviceOf(candidate.vip, candidate.instance) === device,
        );
        if (other === undefined || reported.has(instance) || reported.has(other.instance)) continue;
        if (hasAddressBeside(node, vip, device) || areSynced(node, instance, other.instance)) continue;
        reported.add(instance);
        const again = formatSeconds(farewellNs({ node, instance }, { node, instance }));
        report({
          at: vip.position,
          message: `${written(vip)} of ${instance.name} and ${written(other.vip)} of ${other.instance.name} share a subnet in which ${device} has no address of its own`,
          why: `The one that is configured first is primary, and unless the host promotes secondaries the kernel removes the other with it: when that instance steps down, the other loses its address, says farewell (priority 0), and has it again after ${again} at the earliest.`,
          fix: "promote_secondaries in both instances",
          related: [{ ...other.vip.position, message: `${written(other.vip)} of ${other.instance.name}` }],
        });
      }
    }
  },
};

/** Whether the host has an address in the subnet of `vip` itself. */
function hasAddressBeside({ host }: ClusterNode, vip: VirtualAddress, device: string | null): boolean {
  const subnet = { address: vip.address, length: vip.prefixLength };
  return device !== null && (host?.addresses(device) ?? []).some((address) => prefixContains(subnet, address));
}

function areSynced({ conf }: ClusterNode, a: VrrpInstance, b: VrrpInstance): boolean {
  return conf.syncGroups.some(({ members }) => members.includes(a.name) && members.includes(b.name));
}

/**
 * Check 48. A link in `track_interface` is followed on purpose. A hint, as most want just that of a link with a virtual address, though one that goes
 * takes the addresses of the others away.
 */
const vipDeviceTracked: Rule = {
  name: "vip-device-tracked",
  severity: "hint",
  summary: "addresses on another interface, whose loss is a FAULT of the instance",
  check({ nodes }, report) {
    for (const node of nodes)
      for (const instance of node.conf.instances) {
        if (instance.dontTrackPrimary) continue;
        const vips = elsewhere({ node, instance });
        const [first] = vips;
        if (first === undefined) continue;
        const devices = [...new Set(vips.map((vip) => deviceOf(vip, instance)!))];
        const names = briefly(devices);
        const away = new Set(vips);
        const others = allAddresses(instance).filter((vip) => !away.has(vip));
        report({
          at: first.devicePosition ?? first.position,
          message: `${instance.name} follows ${names} as well as ${instance.interface}, because ${listedAddresses(vips)} ${vips.length === 1 ? "is" : "are"} there`,
          why: whenLost({ node, instance }, devices, others),
          fix:
            devices.length === 1
              ? `track_interface { ${names} } if that is meant; ${formatIp(first.address)} dev ${names} no_track if not`
              : `track_interface with ${names} if that is meant; no_track behind dev … if not`,
        });
      }
  },
};

function whenLost({ instance }: Member, devices: readonly string[], others: readonly VirtualAddress[]): string {
  const loss = `When ${devices.length === 1 ? devices[0] : "one of them"} loses its link, ${instance.name} is in FAULT`;
  if (devices.length > 1) return `${loss} and gives up all its addresses, those on the other links too.`;
  return others.length > 0
    ? `${loss} and gives up ${listedAddresses(others)} too, whose link is up.`
    : `${loss} and another node takes over, after its skew time if ${instance.interface} still carries the farewell.`;
}

/** Addresses on devices other than the instance's own that it follows although nobody says so. */
function elsewhere({ node, instance }: Member): VirtualAddress[] {
  const tracked = new Set(trackersOf(node.conf, instance, "trackInterfaces").map(({ name }) => name));
  return allAddresses(instance).filter((vip) => {
    const device = deviceOf(vip, instance);
    return device !== null && device !== instance.interface && !tracked.has(device) && !vip.noTrack;
  });
}

export const ADDRESS_PREFIX_RULES: readonly Rule[] = [
  vipWithoutPrefix,
  vipPrefixDiffers,
  vipIsSecondary,
  vipDeviceTracked,
];
