/**
 * UDP (RFC 768; over IPv6 RFC 8200 section 8.1).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 * 0 |          source port          |       destination port        |
 *   +-------------------------------+-------------------------------+
 * 4 |     length, header and data   |           checksum            |
 *   +-------------------------------+-------------------------------+
 * 8 |                             data                              |
 *   +---------------------------------------------------------------+
 *
 * The checksum covers the datagram and the pseudo-header. Over IPv4 a checksum of 0 says that there is none; a computed 0 is
 * sent as 0xffff. Over IPv6 it is mandatory.
 *
 * A frame captured inside a Linux host may hold the pseudo-header's sum instead of the checksum, because the network card
 * was to finish it (checksum offload). That is PARSE_BAD_CHECKSUM; `udpChecksumIsOffloaded` tells it from a broken one.
 */
import { readU16, writeU16 } from "../base/bytes.ts";
import { addToSum, finishSum } from "../base/checksum.ts";
import { IPPROTO_UDP } from "./ipv4.ts";
import { PARSE_BAD_CHECKSUM, PARSE_BAD_LENGTH, PARSE_OK, PARSE_TRUNCATED, type ParseCode } from "./parse-code.ts";
import { addPseudoHeaderToSum, isIpv4 } from "./pseudo-header.ts";

export const UDP_OCTETS = 8;
export const UDP_SOURCE_PORT = 0;
export const UDP_DESTINATION_PORT = 2;
export const UDP_LENGTH = 4;
export const UDP_CHECKSUM = 6;

/** `octets` is the IP packet's payload, which may be longer than the datagram; the IP header, 4 or 6, stands at `ipOffset`. */
export function checkUdp(bytes: Uint8Array, offset: number, octets: number, ipOffset: number): ParseCode {
  if (octets < UDP_OCTETS) return PARSE_TRUNCATED;
  const length = udpLength(bytes, offset);
  if (length < UDP_OCTETS) return PARSE_BAD_LENGTH;
  if (length > octets) return PARSE_TRUNCATED;
  if (readU16(bytes, offset + UDP_CHECKSUM) === 0) return isIpv4(bytes, ipOffset) ? PARSE_OK : PARSE_BAD_CHECKSUM;
  return udpSum(bytes, offset, length, ipOffset) === 0 ? PARSE_OK : PARSE_BAD_CHECKSUM;
}

/** Whether the checksum is the bare sum of the pseudo-header, not yet finished by a network card. Needs the 8 octets. */
export function udpChecksumIsOffloaded(bytes: Uint8Array, offset: number, ipOffset: number): boolean {
  const pseudoSum = addPseudoHeaderToSum(0, bytes, ipOffset, IPPROTO_UDP, udpLength(bytes, offset));
  return readU16(bytes, offset + UDP_CHECKSUM) === (~finishSum(pseudoSum) & 0xffff);
}

export function udpSourcePort(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + UDP_SOURCE_PORT);
}

export function udpDestinationPort(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + UDP_DESTINATION_PORT);
}

/** Octets of header and data. */
export function udpLength(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + UDP_LENGTH);
}

/**
 * Writes the 8 octets of the header, checksum included, in front of `dataOctets` octets of data that already stand behind
 * them, and behind an IP header that already stands at `ipOffset`.
 */
export function writeUdp(
  bytes: Uint8Array,
  offset: number,
  ipOffset: number,
  sourcePort: number,
  destinationPort: number,
  dataOctets: number,
): void {
  const length = UDP_OCTETS + dataOctets;
  writeU16(bytes, offset + UDP_SOURCE_PORT, sourcePort);
  writeU16(bytes, offset + UDP_DESTINATION_PORT, destinationPort);
  writeU16(bytes, offset + UDP_LENGTH, length);
  writeU16(bytes, offset + UDP_CHECKSUM, 0);
  const checksum = udpSum(bytes, offset, length, ipOffset);
  writeU16(bytes, offset + UDP_CHECKSUM, checksum === 0 ? 0xffff : checksum);
}

function udpSum(bytes: Uint8Array, offset: number, length: number, ipOffset: number): number {
  return finishSum(addToSum(addPseudoHeaderToSum(0, bytes, ipOffset, IPPROTO_UDP, length), bytes, offset, length));
}
