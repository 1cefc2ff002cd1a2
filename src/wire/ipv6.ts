/**
 * The IPv6 header (RFC 8200 section 3) and the one extension header that matters here: hop-by-hop options with a router
 * alert (RFC 2711), which MLD reports carry in front.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------+---------------+---------------------------------------+
 * 0 |version| traffic class |              flow label               |
 *   +-------+---------------+-------+---------------+---------------+
 * 4 |        payload length         |  next header  |   hop limit   |
 *   +-------------------------------+---------------+---------------+
 * 8 |                      source (16 octets)                       |
 *   +---------------------------------------------------------------+
 *24 |                    destination (16 octets)                    |
 *   +---------------------------------------------------------------+
 *
 *   hop-by-hop options with a router alert, if next header is 0:
 *   +---------------+---------------+---------------+---------------+
 * 0 |  next header  | length 0 (8)  | option 5      | 2 octets      |
 *   +---------------+---------------+---------------+---------------+
 * 4 |       value 0 (MLD)           | PadN 1        | 0 octets      |
 *   +-------------------------------+---------------+---------------+
 *
 * "Upper" means behind a hop-by-hop header, if there is one. Other extension headers are not walked: they are the upper
 * protocol then. A fragment header there gives PARSE_FRAGMENT.
 */
import { copyBytes, readI32, readU16, writeI32, writeU16 } from "../base/bytes.ts";
import {
  PARSE_BAD_LENGTH,
  PARSE_BAD_VERSION,
  PARSE_FRAGMENT,
  PARSE_OK,
  PARSE_TRUNCATED,
  type ParseCode,
} from "./parse-code.ts";

export const IPV6_OCTETS = 40;
export const IPV6_PAYLOAD_LENGTH = 4;
export const IPV6_NEXT_HEADER = 6;
export const IPV6_HOP_LIMIT = 7;
export const IPV6_SOURCE = 8;
export const IPV6_DESTINATION = 24;

/** Next header: hop-by-hop options. */
export const IPPROTO_HOP_BY_HOP = 0;
/** Next header: a fragment (RFC 8200 section 4.5). */
export const IPPROTO_FRAGMENT = 44;
/** A hop-by-hop header with nothing but a router alert. */
export const HOP_BY_HOP_ROUTER_ALERT_OCTETS = 8;

/**
 * Version, lengths, a hop-by-hop header that fits, and that the packet is no fragment. The fragment test is the last one:
 * whoever forwards without looking inside may take PARSE_FRAGMENT for PARSE_OK. Options are not looked into; a payload
 * length of 0 (a jumbogram, RFC 2675) is an empty packet.
 */
export function checkIpv6(bytes: Uint8Array, offset: number, octets: number): ParseCode {
  if (octets < IPV6_OCTETS) return PARSE_TRUNCATED;
  if (bytes[offset]! >>> 4 !== 6) return PARSE_BAD_VERSION;
  const payloadOctets = ipv6PayloadOctets(bytes, offset);
  if (IPV6_OCTETS + payloadOctets > octets) return PARSE_TRUNCATED;
  if (ipv6NextHeader(bytes, offset) === IPPROTO_HOP_BY_HOP) {
    if (payloadOctets < 8 || hopByHopOctets(bytes, offset) > payloadOctets) return PARSE_BAD_LENGTH;
  }
  return ipv6UpperProtocol(bytes, offset) === IPPROTO_FRAGMENT ? PARSE_FRAGMENT : PARSE_OK;
}

export function ipv6TrafficClass(bytes: Uint8Array, offset: number): number {
  return (readU16(bytes, offset) >>> 4) & 0xff;
}

/** 20 bits. */
export function ipv6FlowLabel(bytes: Uint8Array, offset: number): number {
  return readI32(bytes, offset) & 0xfffff;
}

/** Octets behind the 40 of the header, extension headers included. */
export function ipv6PayloadOctets(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + IPV6_PAYLOAD_LENGTH);
}

export function ipv6NextHeader(bytes: Uint8Array, offset: number): number {
  return bytes[offset + IPV6_NEXT_HEADER]!;
}

export function ipv6HopLimit(bytes: Uint8Array, offset: number): number {
  return bytes[offset + IPV6_HOP_LIMIT]!;
}

/** The protocol of the upper header. */
export function ipv6UpperProtocol(bytes: Uint8Array, offset: number): number {
  const nextHeader = ipv6NextHeader(bytes, offset);
  return nextHeader === IPPROTO_HOP_BY_HOP ? bytes[offset + IPV6_OCTETS]! : nextHeader;
}

/** Octets from the header's first to the upper header's first: 40 and a hop-by-hop header's. */
export function ipv6HeaderOctets(bytes: Uint8Array, offset: number): number {
  return ipv6NextHeader(bytes, offset) === IPPROTO_HOP_BY_HOP
    ? IPV6_OCTETS + hopByHopOctets(bytes, offset)
    : IPV6_OCTETS;
}

/** Octets from the upper header's first to the packet's last: what the upper header's check is given. */
export function ipv6UpperOctets(bytes: Uint8Array, offset: number): number {
  return IPV6_OCTETS + ipv6PayloadOctets(bytes, offset) - ipv6HeaderOctets(bytes, offset);
}

/**
 * Writes 40 octets. `payloadOctets` counts all that follows. The addresses are 16 octets each, at an offset in any array,
 * this frame's own too unless the place written to overlaps them.
 */
export function writeIpv6(
  bytes: Uint8Array,
  offset: number,
  trafficClass: number,
  flowLabel: number,
  payloadOctets: number,
  nextHeader: number,
  hopLimit: number,
  source: Uint8Array,
  sourceOffset: number,
  destination: Uint8Array,
  destinationOffset: number,
): void {
  writeI32(bytes, offset, 0x60000000 | (trafficClass << 20) | flowLabel);
  writeU16(bytes, offset + IPV6_PAYLOAD_LENGTH, payloadOctets);
  bytes[offset + IPV6_NEXT_HEADER] = nextHeader;
  bytes[offset + IPV6_HOP_LIMIT] = hopLimit;
  copyBytes(source, sourceOffset, bytes, offset + IPV6_SOURCE, 16);
  copyBytes(destination, destinationOffset, bytes, offset + IPV6_DESTINATION, 16);
}

/** Writes 8 octets at `offset`, which is behind the IPv6 header: hop-by-hop options with the router alert "MLD" (RFC 2711). */
export function writeHopByHopRouterAlert(bytes: Uint8Array, offset: number, nextHeader: number): void {
  bytes[offset] = nextHeader;
  bytes[offset + 1] = 0;
  writeU16(bytes, offset + 2, 0x0502);
  writeU16(bytes, offset + 4, 0);
  writeU16(bytes, offset + 6, 0x0100);
}

/** Octets of the hop-by-hop header behind the IPv6 header at `offset`; its length field counts what exceeds the first 8, by 8. */
function hopByHopOctets(bytes: Uint8Array, offset: number): number {
  return (bytes[offset + IPV6_OCTETS + 1]! + 1) << 3;
}
