/** What every packet of a host begins with: a slot, and an IP header of either family. */
import { type FrameRef, NO_FRAME } from "../base/ids.ts";
import { ETHERNET_OCTETS } from "../wire/ethernet.ts";
import { IPV4_DESTINATION, IPV4_OCTETS, IPV4_SOURCE, writeIpv4 } from "../wire/ipv4.ts";
import { IPV6_DESTINATION, IPV6_SOURCE, writeIpv6 } from "../wire/ipv6.ts";
import type { Host } from "./host.ts";

/** Linux's default TTL and hop limit. */
const TTL = 64;

/** A slot for a packet of `ipOctets` octets; NO_FRAME if the slab is empty or the slot too small. */
export function acquireFor(host: Host, ipOctets: number): FrameRef {
  return ETHERNET_OCTETS + ipOctets > host.platform.slab.slotOctets ? NO_FRAME : host.acquire();
}

/** The header of an answer to the packet at `ip`, with `octets` octets behind it: from the address that was asked to the one that asked. */
export function writeAnswerHeader(
  host: Host,
  bytes: Uint8Array,
  out: number,
  flags: number,
  ip: number,
  protocol: number,
  octets: number,
): void {
  const isIpv4 = bytes[ip]! >>> 4 === 4;
  const asker = ip + (isIpv4 ? IPV4_SOURCE : IPV6_SOURCE);
  const asked = ip + (isIpv4 ? IPV4_DESTINATION : IPV6_DESTINATION);
  writeIpHeader(host, bytes, out, flags, protocol, octets, bytes, asked, bytes, asker, isIpv4);
}

/** An IP header of either family at `out` with `octets` octets behind it; `flags` are IPv4's. */
export function writeIpHeader(
  host: Host,
  bytes: Uint8Array,
  out: number,
  flags: number,
  protocol: number,
  octets: number,
  source: Uint8Array,
  sourceOffset: number,
  destination: Uint8Array,
  destinationOffset: number,
  isIpv4: boolean,
): void {
  if (isIpv4) {
    const id = host.nextIpIdentification();
    const total = IPV4_OCTETS + octets;
    writeIpv4(bytes, out, 0, total, id, flags, TTL, protocol, source, sourceOffset, destination, destinationOffset);
  } else {
    writeIpv6(bytes, out, 0, 0, octets, protocol, TTL, source, sourceOffset, destination, destinationOffset);
  }
}
