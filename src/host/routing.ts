/**
 * Routing in small: a host reaches what shares a prefix with one of its NICs, directly, and what people have set routes to. Source addresses
 * are chosen as Linux does without policy: the first one on the NIC whose prefix holds the destination, otherwise the NIC's first.
 */
import type { IpAddress } from "../text/ip-text.ts";
import type { Host } from "./host.ts";
import { holds } from "./interface-addresses.ts";
import type { Nic } from "./nic.ts";
import type { Route } from "./routes.ts";

/** The NIC with the longest prefix that holds the address of `octets` octets at `offset`; `preferred` wins ties. Null: no route. */
export function routeTo(
  host: Host,
  bytes: Uint8Array,
  offset: number,
  octets: number,
  preferred: Nic | null,
): Nic | null {
  let best: Nic | null = null;
  let bestLength = -1;
  for (let n = 0; n < host.nics.length; n++) {
    const nic = host.nics[n]!;
    // A NIC that is switched off takes its routes with it, one without carrier does not.
    if (!nic.isUp) continue;
    for (let i = 0; i < nic.addresses.length; i++) {
      const local = nic.addresses[i]!;
      const length = local.prefixLength;
      if (length < bestLength || (length === bestLength && nic !== preferred)) continue;
      if (holds(local, bytes, offset, octets)) {
        best = nic;
        bestLength = length;
      }
    }
  }
  if (host.routes.isEmpty) return best;
  const route = host.routes.find(bytes, offset, octets);
  return route !== null && route.prefix.length > bestLength ? route.nic : best;
}

/** The route that people have set to the address at `offset`, if that is the way that `routeTo` finds; null: it is not. */
export function setRouteTo(host: Host, bytes: Uint8Array, offset: number, octets: number): Route | null {
  if (host.routes.isEmpty) return null;
  const route = host.routes.find(bytes, offset, octets);
  if (route === null) return null;
  for (let n = 0; n < host.nics.length; n++) {
    const nic = host.nics[n]!;
    if (!nic.isUp) continue;
    for (let i = 0; i < nic.addresses.length; i++) {
      const local = nic.addresses[i]!;
      if (local.prefixLength >= route.prefix.length && holds(local, bytes, offset, octets)) return null;
    }
  }
  return route;
}

/** The address of `nic` that packets to the destination at `offset` carry as their source; null if it has none of that family. */
export function sourceFor(nic: Nic, bytes: Uint8Array, offset: number, octets: number): IpAddress | null {
  let first: IpAddress | null = null;
  for (let i = 0; i < nic.addresses.length; i++) {
    const local = nic.addresses[i]!;
    if (local.ip.length !== octets) continue;
    if (holds(local, bytes, offset, octets)) return local.ip;
    first ??= local.ip;
  }
  return first;
}

/** A program, or TCP, knows that what is sent to the address arrives: whoever its neighbour entry leads to. */
export function confirmNeighbour(host: Host, via: Nic | null, to: Uint8Array): void {
  const nic = routeTo(host, to, 0, to.length, via);
  if (nic === null) return;
  const nextHop = setRouteTo(host, to, 0, to.length)?.via ?? to;
  const cache = nextHop.length === 4 ? nic.neighbours4 : nic.neighbours6;
  const neighbour = cache.find(nextHop, 0);
  if (neighbour >= 0) cache.confirm(neighbour);
}
