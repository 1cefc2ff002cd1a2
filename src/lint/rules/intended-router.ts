/**
 * Which instances are meant to be one virtual router. The same VRID on the same segment is not enough: two clusters may share it by mistake, or
 * several are linted together that never meet. An address in common, or one naming the other as its unicast peer, says so.
 */
import { sameIp } from "../../text/ip-text.ts";
import { formatIp } from "../../wire/address.ts";
import type { Cluster, Member } from "../cluster.ts";
import { allAddresses } from "./address-lists.ts";
import { addressesOf } from "./source-address.ts";

/** The members of each virtual router that runs on two nodes or more, one of each node, in the order of the nodes. */
export function intendedRouters({ groups }: Cluster): Member[][] {
  return groups.flatMap(({ members }) => {
    const routers: Member[][] = [];
    const vips = new Map(members.map((member) => [member, vipsOf(member)]));
    const belongTogether = (a: Member, b: Member) => overlap(vips.get(a)!, vips.get(b)!) || names(a, b) || names(b, a);
    for (const member of members) {
      const joined = routers.filter((router) => router.some((other) => belongTogether(member, other)));
      const [first] = joined;
      if (first === undefined) routers.push([member]);
      else {
        first.push(member);
        for (const other of joined.slice(1)) first.push(...routers.splice(routers.indexOf(other), 1)[0]!);
      }
    }
    return routers
      .map((router) => members.filter((member) => router.includes(member)))
      .map((router) => router.filter(({ node }, i) => router.findIndex((other) => other.node === node) === i))
      .filter((router) => router.length > 1);
  });
}

function vipsOf({ instance }: Member): ReadonlySet<string> {
  return new Set(allAddresses(instance).map(({ address }) => formatIp(address)));
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const address of a) if (b.has(address)) return true;
  return false;
}

function names({ instance }: Member, other: Member): boolean {
  const addresses = addressesOf(other) ?? [];
  return instance.unicastPeers.some((peer) => addresses.some((address) => sameIp(address, peer.address)));
}
