/**
 * Warnings about hosts that stand in for each other but would fail together: clouds call the remedy a placement group or anti-affinity.
 */
import type { Finding } from "../../text/config-error.ts";
import { formatIp } from "../../wire/address.ts";
import type { HavipSpec, ServerSpec } from "../model.ts";
import type { Declared } from "./judge.ts";
import type { Guest } from "./read-guests.ts";
import type { Network } from "./read-hosts.ts";

/** Hosts of which one takes over from another. */
interface Cluster {
  /** What they keep up, at the beginning of a sentence. */
  readonly what: string;
  readonly hosts: readonly string[];
}

/** One for each server and each cluster that has all its hosts there. */
export function placementWarnings(
  { judge, machines, servers }: Network,
  guests: Declared<Guest>,
  havips: Declared<HavipSpec>,
): Finding[] {
  const clusters = [...havipClusters(havips), ...vrrpClusters(machines.values, guests)];
  return servers.values.flatMap((server) => {
    const doomed = clusters.filter(({ hosts }) => hosts.length > 1 && isWithin(hosts, server.hosts));
    // A cluster whose hosts are all in an earlier one has been spoken of.
    const told = doomed.filter(
      ({ hosts }, index) => !doomed.slice(0, index).some((other) => isWithin(hosts, other.hosts)),
    );
    const position = judge.position(["servers", server.name, "hosts"]);
    return told.map((cluster) => ({ ...position, severity: "warning" as const, ...words(cluster, server) }));
  });
}

function isWithin(hosts: readonly string[], others: readonly string[]): boolean {
  return hosts.every((host) => others.includes(host));
}

function words({ what, hosts }: Cluster, { name }: ServerSpec): { message: string; hint: string } {
  const names = hosts.length === 2 ? `both ${hosts.join(" and ")}` : `all of ${hosts.join(", ")}`;
  return {
    message: `${what}: ${names} stand on '${name}'; when it fails, nobody is left to take over`,
    hint: "give each a server of its own, as a placement group with anti-affinity (spread) does in a cloud",
  };
}

function havipClusters(havips: Declared<HavipSpec>): Cluster[] {
  return havips.values.flatMap(({ name, address, claimants }) =>
    claimants === null ? [] : [{ what: `HAVIP '${name}' (${formatIp(address)})`, hosts: claimants }],
  );
}

/** Hosts whose keepalived has the same virtual router (VRID and family), or the same address, in one subnet. */
function vrrpClusters(machines: Network["machines"]["values"], guests: Declared<Guest>): Cluster[] {
  const clusters = new Map<string, { what: string; hosts: Set<string> }>();
  const join = (key: string, what: string, host: string) => {
    const cluster = clusters.get(key) ?? { what, hosts: new Set<string>() };
    cluster.hosts.add(host);
    clusters.set(key, cluster);
  };
  for (const { name: host, nics } of machines) {
    for (const { interface: device, vrid, family, addresses } of guests.get(host)?.keepalived.conf.instances ?? []) {
      const subnet = nics.find(({ name }) => name === device)?.subnet;
      if (subnet === undefined) continue;
      const vips = addresses.map(({ address }) => formatIp(address));
      join(`${subnet} ${family} ${vrid}`, `virtual router ${vrid} (${vips.join(", ")})`, host);
      for (const vip of vips) join(`${subnet} ${vip}`, `virtual address ${vip}`, host);
    }
  }
  return [...clusters.values()].map(({ what, hosts }) => ({ what, hosts: [...hosts] }));
}
