/**
 * ICMPv6 (RFC 4443): what all its messages have in common, and the echo messages. Neighbour discovery (`nd.ts`) and
 * multicast listener reports (`mld.ts`) are ICMPv6 too.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 * 0 |     type      |     code      |           checksum            |
 *   +---------------+---------------+-------------------------------+
 * 4 |      identifier (echo)        |    sequence number (echo)     |
 *   +-------------------------------+-------------------------------+
 * 8 |                 data, returned as it came (echo)              |
 *   +---------------------------------------------------------------+
 *
 * The checksum covers the whole message and the pseudo-header (section 2.3). Every type in use has at least these 8 octets.
 */
import { readU16, writeU16 } from "../base/bytes.ts";
import { addToSum, finishSum } from "../base/checksum.ts";
import { IPPROTO_ICMPV6 } from "./ipv4.ts";
import { PARSE_BAD_CHECKSUM, PARSE_OK, PARSE_TRUNCATED, type ParseCode } from "./parse-code.ts";
import { addPseudoHeader6ToSum } from "./pseudo-header.ts";

export const ICMPV6_OCTETS = 8;
export const ICMPV6_TYPE = 0;
export const ICMPV6_CODE = 1;
export const ICMPV6_CHECKSUM = 2;
export const ICMPV6_IDENTIFIER = 4;
export const ICMPV6_SEQUENCE = 6;

export const ICMPV6_DESTINATION_UNREACHABLE = 1;
export const ICMPV6_ECHO_REQUEST = 128;
export const ICMPV6_ECHO_REPLY = 129;
export const ICMPV6_ROUTER_SOLICITATION = 133;
export const ICMPV6_ROUTER_ADVERTISEMENT = 134;
export const ICMPV6_NEIGHBOUR_SOLICITATION = 135;
export const ICMPV6_NEIGHBOUR_ADVERTISEMENT = 136;
export const ICMPV6_MLDV2_REPORT = 143;

/** Any ICMPv6 message; `octets` reaches to the packet's end, the IPv6 header stands at `ipOffset`. */
export function checkIcmpv6(bytes: Uint8Array, offset: number, octets: number, ipOffset: number): ParseCode {
  if (octets < ICMPV6_OCTETS) return PARSE_TRUNCATED;
  return icmpv6Checksum(bytes, offset, octets, ipOffset) === 0 ? PARSE_OK : PARSE_BAD_CHECKSUM;
}

export function icmpv6Type(bytes: Uint8Array, offset: number): number {
  return bytes[offset + ICMPV6_TYPE]!;
}

export function icmpv6Code(bytes: Uint8Array, offset: number): number {
  return bytes[offset + ICMPV6_CODE]!;
}

/** Of an echo message: whose question it is. */
export function icmpv6Identifier(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + ICMPV6_IDENTIFIER);
}

/** Of an echo message: which question it is. */
export function icmpv6Sequence(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + ICMPV6_SEQUENCE);
}

/**
 * Writes the 8 octets of an echo message in front of `dataOctets` octets of data that already stand behind them, and
 * behind an IPv6 header that already stands at `ipOffset`.
 */
export function writeIcmpv6Echo(
  bytes: Uint8Array,
  offset: number,
  ipOffset: number,
  type: number,
  identifier: number,
  sequence: number,
  dataOctets: number,
): void {
  bytes[offset + ICMPV6_TYPE] = type;
  bytes[offset + ICMPV6_CODE] = 0;
  writeU16(bytes, offset + ICMPV6_IDENTIFIER, identifier);
  writeU16(bytes, offset + ICMPV6_SEQUENCE, sequence);
  writeIcmpv6Checksum(bytes, offset, ICMPV6_OCTETS + dataOctets, ipOffset);
}

/** Turns an echo request, whose checksum is right, into its reply: the checksum changes with the type (RFC 1624), not with who asks whom. */
export function turnIcmpv6Echo(bytes: Uint8Array, offset: number): void {
  bytes[offset + ICMPV6_TYPE] = ICMPV6_ECHO_REPLY;
  const sum = ~readU16(bytes, offset + ICMPV6_CHECKSUM) & 0xffff;
  const change = (ICMPV6_ECHO_REPLY - ICMPV6_ECHO_REQUEST) << 8;
  writeU16(bytes, offset + ICMPV6_CHECKSUM, finishSum(sum + change));
}

/** The same for "destination unreachable", with octets of the packet that it is about behind it. */
export function writeIcmpv6Unreachable(
  bytes: Uint8Array,
  offset: number,
  ipOffset: number,
  code: number,
  dataOctets: number,
): void {
  bytes[offset + ICMPV6_TYPE] = ICMPV6_DESTINATION_UNREACHABLE;
  bytes[offset + ICMPV6_CODE] = code;
  writeU16(bytes, offset + ICMPV6_IDENTIFIER, 0);
  writeU16(bytes, offset + ICMPV6_SEQUENCE, 0);
  writeIcmpv6Checksum(bytes, offset, ICMPV6_OCTETS + dataOctets, ipOffset);
}

/** The last step of writing any ICMPv6 message: its checksum, over `octets` octets and the IPv6 header at `ipOffset`. */
export function writeIcmpv6Checksum(bytes: Uint8Array, offset: number, octets: number, ipOffset: number): void {
  writeU16(bytes, offset + ICMPV6_CHECKSUM, 0);
  writeU16(bytes, offset + ICMPV6_CHECKSUM, icmpv6Checksum(bytes, offset, octets, ipOffset));
}

function icmpv6Checksum(bytes: Uint8Array, offset: number, octets: number, ipOffset: number): number {
  const sum = addPseudoHeader6ToSum(0, bytes, ipOffset, IPPROTO_ICMPV6, octets);
  return finishSum(addToSum(sum, bytes, offset, octets));
}
