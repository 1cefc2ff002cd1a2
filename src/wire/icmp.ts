/**
 * ICMP for IPv4 (RFC 792): any message's check, and the echo messages of `ping`.
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
 * The checksum covers the whole message, no pseudo-header. Every type has at least these 8 octets.
 */
import { readU16, writeU16 } from "../base/bytes.ts";
import { addToSum, finishSum } from "../base/checksum.ts";
import { PARSE_BAD_CHECKSUM, PARSE_OK, PARSE_TRUNCATED, type ParseCode } from "./parse-code.ts";

export const ICMP_OCTETS = 8;
export const ICMP_TYPE = 0;
export const ICMP_CODE = 1;
export const ICMP_CHECKSUM = 2;
export const ICMP_IDENTIFIER = 4;
export const ICMP_SEQUENCE = 6;

export const ICMP_ECHO_REPLY = 0;
export const ICMP_DESTINATION_UNREACHABLE = 3;
export const ICMP_ECHO_REQUEST = 8;
export const ICMP_TIME_EXCEEDED = 11;

/** Any ICMP message; `octets` is the IP packet's payload. Which type and code it is, is for the reader to ask. */
export function checkIcmp(bytes: Uint8Array, offset: number, octets: number): ParseCode {
  if (octets < ICMP_OCTETS) return PARSE_TRUNCATED;
  return finishSum(addToSum(0, bytes, offset, octets)) === 0 ? PARSE_OK : PARSE_BAD_CHECKSUM;
}

export function icmpType(bytes: Uint8Array, offset: number): number {
  return bytes[offset + ICMP_TYPE]!;
}

export function icmpCode(bytes: Uint8Array, offset: number): number {
  return bytes[offset + ICMP_CODE]!;
}

/** Of an echo message: whose question it is. */
export function icmpIdentifier(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + ICMP_IDENTIFIER);
}

/** Of an echo message: which question it is. */
export function icmpSequence(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + ICMP_SEQUENCE);
}

/**
 * Writes the 8 octets of an echo message, `type` ICMP_ECHO_REQUEST or ICMP_ECHO_REPLY, in front of `dataOctets` octets of
 * data that already stand behind them.
 */
export function writeIcmpEcho(
  bytes: Uint8Array,
  offset: number,
  type: number,
  identifier: number,
  sequence: number,
  dataOctets: number,
): void {
  bytes[offset + ICMP_TYPE] = type;
  bytes[offset + ICMP_CODE] = 0;
  writeU16(bytes, offset + ICMP_CHECKSUM, 0);
  writeU16(bytes, offset + ICMP_IDENTIFIER, identifier);
  writeU16(bytes, offset + ICMP_SEQUENCE, sequence);
  writeU16(bytes, offset + ICMP_CHECKSUM, finishSum(addToSum(0, bytes, offset, ICMP_OCTETS + dataOctets)));
}

/** Turns an echo request of `octets` octets, whose checksum is right, into its reply: the checksum changes with the type (RFC 1624). */
export function turnIcmpEcho(bytes: Uint8Array, offset: number, octets: number): void {
  bytes[offset + ICMP_TYPE] = ICMP_ECHO_REPLY;
  const sum = ~readU16(bytes, offset + ICMP_CHECKSUM) & 0xffff;
  const checksum = finishSum(sum + (~(ICMP_ECHO_REQUEST << 8) & 0xffff));
  writeU16(bytes, offset + ICMP_CHECKSUM, checksum);
  // Nothing but zeros has the other zero.
  if (checksum === 0) writeU16(bytes, offset + ICMP_CHECKSUM, finishSum(addToSum(0, bytes, offset, octets)));
}

/** Writes the 8 octets of "destination unreachable" in front of `dataOctets` octets of the packet that it is about. */
export function writeIcmpUnreachable(bytes: Uint8Array, offset: number, code: number, dataOctets: number): void {
  bytes[offset + ICMP_TYPE] = ICMP_DESTINATION_UNREACHABLE;
  bytes[offset + ICMP_CODE] = code;
  writeU16(bytes, offset + ICMP_CHECKSUM, 0);
  writeU16(bytes, offset + ICMP_IDENTIFIER, 0);
  writeU16(bytes, offset + ICMP_SEQUENCE, 0);
  writeU16(bytes, offset + ICMP_CHECKSUM, finishSum(addToSum(0, bytes, offset, ICMP_OCTETS + dataOctets)));
}
