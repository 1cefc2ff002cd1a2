/** Where adverts of a member come from, as far as its configuration or its host says so. */

import type { VrrpInstance } from "../../guest/keepalived/conf/model.ts";
import type { IpAddress } from "../../text/ip-text.ts";
import type { Member } from "../cluster.ts";

/**
 * The addresses that its adverts may come from, and that reach it: the one that is written, otherwise those of its host. Null where neither is
 * known.
 */
export function addressesOf({ node, instance }: Member): readonly IpAddress[] | null {
  if (instance.sourceIp !== null) return [instance.sourceIp];
  const { host } = node;
  if (host === null) return null;
  const octets = instance.family === 4 ? 4 : 16;
  return host.interfaces.flatMap((name) => host.addresses(name)).filter((address) => address.length === octets);
}

/** The key that gives an instance its source address, if one does. */
export function sourceKey({ unicastSourceIp }: VrrpInstance): "unicast_src_ip" | "mcast_src_ip" {
  return unicastSourceIp === null ? "mcast_src_ip" : "unicast_src_ip";
}
