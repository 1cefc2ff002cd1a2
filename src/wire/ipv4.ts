/**
 * The IPv4 header (RFC 791 section 3.1).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------+-------+---------------+-------------------------------+
 * 0 |version|  IHL  |      TOS      |         total length          |
 *   +-------+-------+---------------+-----+-------------------------+
 * 4 |        identification         |0|D|M|    fragment offset      |
 *   +---------------+---------------+-----+-------------------------+
 * 8 |      TTL      |   protocol    |        header checksum        |
 *   +---------------+---------------+-------------------------------+
 *12 |                            source                             |
 *   +---------------------------------------------------------------+
 *16 |                          destination                          |
 *   +---------------------------------------------------------------+
 *20 |            options, up to the header length (IHL)             |
 *   +---------------------------------------------------------------+
 *
 * IHL counts words of four octets, 5 without options. The frame may be longer than the total length says (Ethernet pads to
 * 60 octets): what stands behind it is not part of the packet.
 */
import { copyBytes, readU16, writeI32, writeU16 } from "../base/bytes.ts";
import { addToSum, finishSum } from "../base/checksum.ts";
import {
  PARSE_BAD_CHECKSUM,
  PARSE_BAD_LENGTH,
  PARSE_BAD_VERSION,
  PARSE_FRAGMENT,
  PARSE_OK,
  PARSE_TRUNCATED,
  type ParseCode,
} from "./parse-code.ts";

/** A header without options. */
export const IPV4_OCTETS = 20;
/** A header with the router alert option. */
export const IPV4_ROUTER_ALERT_OCTETS = 24;
export const IPV4_VERSION_IHL = 0;
export const IPV4_TOS = 1;
export const IPV4_TOTAL_LENGTH = 2;
export const IPV4_IDENTIFICATION = 4;
export const IPV4_FLAGS_FRAGMENT = 6;
export const IPV4_TTL = 8;
export const IPV4_PROTOCOL = 9;
export const IPV4_CHECKSUM = 10;
export const IPV4_SOURCE = 12;
export const IPV4_DESTINATION = 16;
export const IPV4_OPTIONS = 20;

/** The flag "do not fragment", in its place in `flagsFragment`. */
export const IPV4_DONT_FRAGMENT = 0x4000;
/** The flag "more fragments" and the 13 bits of offset: not all zero in a fragment. */
const MORE_OR_OFFSET = 0x3fff;
/** The router alert option (RFC 2113): type 148, 4 octets, value 0. */
const ROUTER_ALERT = 0x94040000 | 0;

export const IPPROTO_ICMP = 1;
export const IPPROTO_IGMP = 2;
export const IPPROTO_TCP = 6;
export const IPPROTO_UDP = 17;
export const IPPROTO_AH = 51;
export const IPPROTO_ICMPV6 = 58;
export const IPPROTO_VRRP = 112;

/**
 * Version, lengths, checksum, and that the packet is no fragment. The fragment test is the last one: whoever forwards
 * without looking inside may take PARSE_FRAGMENT for PARSE_OK. Options are not looked into.
 */
export function checkIpv4(bytes: Uint8Array, offset: number, octets: number): ParseCode {
  if (octets < IPV4_OCTETS) return PARSE_TRUNCATED;
  const versionIhl = bytes[offset]!;
  if (versionIhl >>> 4 !== 4) return PARSE_BAD_VERSION;
  const headerOctets = (versionIhl & 15) << 2;
  const totalOctets = ipv4TotalOctets(bytes, offset);
  if (headerOctets < IPV4_OCTETS || totalOctets < headerOctets) return PARSE_BAD_LENGTH;
  if (totalOctets > octets) return PARSE_TRUNCATED;
  if (finishSum(addToSum(0, bytes, offset, headerOctets)) !== 0) return PARSE_BAD_CHECKSUM;
  return (readU16(bytes, offset + IPV4_FLAGS_FRAGMENT) & MORE_OR_OFFSET) === 0 ? PARSE_OK : PARSE_FRAGMENT;
}

/** Octets of header with its options: 20 to 60. The payload begins at `offset` plus this. */
export function ipv4HeaderOctets(bytes: Uint8Array, offset: number): number {
  return (bytes[offset]! & 15) << 2;
}

/** Octets of header and payload. */
export function ipv4TotalOctets(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + IPV4_TOTAL_LENGTH);
}

/** Octets of payload: what the next header's check is given. */
export function ipv4PayloadOctets(bytes: Uint8Array, offset: number): number {
  return ipv4TotalOctets(bytes, offset) - ipv4HeaderOctets(bytes, offset);
}

export function ipv4Tos(bytes: Uint8Array, offset: number): number {
  return bytes[offset + IPV4_TOS]!;
}

export function ipv4Identification(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + IPV4_IDENTIFICATION);
}

/** Where in the whole packet this fragment's payload begins, in octets. */
export function ipv4FragmentOffset(bytes: Uint8Array, offset: number): number {
  return (readU16(bytes, offset + IPV4_FLAGS_FRAGMENT) & 0x1fff) << 3;
}

export function ipv4Ttl(bytes: Uint8Array, offset: number): number {
  return bytes[offset + IPV4_TTL]!;
}

export function ipv4Protocol(bytes: Uint8Array, offset: number): number {
  return bytes[offset + IPV4_PROTOCOL]!;
}

/**
 * Writes 20 octets, checksum included. `totalOctets` counts header and payload; `flagsFragment` is 0 or
 * IPV4_DONT_FRAGMENT. The addresses are 4 octets each, at an offset in any array, this frame's own too unless the place
 * written to overlaps them.
 */
export function writeIpv4(
  bytes: Uint8Array,
  offset: number,
  tos: number,
  totalOctets: number,
  identification: number,
  flagsFragment: number,
  ttl: number,
  protocol: number,
  source: Uint8Array,
  sourceOffset: number,
  destination: Uint8Array,
  destinationOffset: number,
): void {
  bytes[offset + IPV4_VERSION_IHL] = 0x40 | (IPV4_OCTETS >>> 2);
  writeFields(bytes, offset, tos, totalOctets, identification, flagsFragment, ttl, protocol);
  copyBytes(source, sourceOffset, bytes, offset + IPV4_SOURCE, 4);
  copyBytes(destination, destinationOffset, bytes, offset + IPV4_DESTINATION, 4);
  writeChecksum(bytes, offset);
}

/**
 * The same with the router alert option (RFC 2113): 24 octets, counted in `totalOctets`. Routers look into such a packet
 * although it is not for them; IGMPv3 reports must have it (RFC 3376 section 4).
 */
export function writeIpv4RouterAlert(
  bytes: Uint8Array,
  offset: number,
  tos: number,
  totalOctets: number,
  identification: number,
  flagsFragment: number,
  ttl: number,
  protocol: number,
  source: Uint8Array,
  sourceOffset: number,
  destination: Uint8Array,
  destinationOffset: number,
): void {
  bytes[offset + IPV4_VERSION_IHL] = 0x40 | (IPV4_ROUTER_ALERT_OCTETS >>> 2);
  writeFields(bytes, offset, tos, totalOctets, identification, flagsFragment, ttl, protocol);
  copyBytes(source, sourceOffset, bytes, offset + IPV4_SOURCE, 4);
  copyBytes(destination, destinationOffset, bytes, offset + IPV4_DESTINATION, 4);
  writeI32(bytes, offset + IPV4_OPTIONS, ROUTER_ALERT);
  writeChecksum(bytes, offset);
}

function writeFields(
  bytes: Uint8Array,
  offset: number,
  tos: number,
  totalOctets: number,
  identification: number,
  flagsFragment: number,
  ttl: number,
  protocol: number,
): void {
  bytes[offset + IPV4_TOS] = tos;
  writeU16(bytes, offset + IPV4_TOTAL_LENGTH, totalOctets);
  writeU16(bytes, offset + IPV4_IDENTIFICATION, identification);
  writeU16(bytes, offset + IPV4_FLAGS_FRAGMENT, flagsFragment);
  bytes[offset + IPV4_TTL] = ttl;
  bytes[offset + IPV4_PROTOCOL] = protocol;
  writeU16(bytes, offset + IPV4_CHECKSUM, 0);
}

/** Over the header as it stands, its checksum 0. */
function writeChecksum(bytes: Uint8Array, offset: number): void {
  const sum = addToSum(0, bytes, offset, ipv4HeaderOctets(bytes, offset));
  writeU16(bytes, offset + IPV4_CHECKSUM, finishSum(sum));
}
