/**
 * The TCP header (RFC 9293 section 3.1), and of its options the maximum segment size (section 3.2).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 * 0 |          source port          |       destination port        |
 *   +-------------------------------+-------------------------------+
 * 4 |                        sequence number                        |
 *   +---------------------------------------------------------------+
 * 8 |                    acknowledgment number                      |
 *   +-------+-------+---------------+-------------------------------+
 *12 | words |   0   |C E U A P R S F|            window             |
 *   +-------+-------+---------------+-------------------------------+
 *16 |           checksum            |        urgent pointer         |
 *   +-------------------------------+-------------------------------+
 *20 |        options, up to the header length, then the data        |
 *   +---------------------------------------------------------------+
 *
 *   maximum segment size, only with SYN:
 *   +---------------+---------------+-------------------------------+
 *   |    kind 2     |   length 4    |      maximum segment size     |
 *   +---------------+---------------+-------------------------------+
 *
 * The header length counts words of four octets, 5 without options. The checksum covers header, data and the pseudo-header. Sequence
 * numbers are signed words here: compare two by the sign of their difference, `(a - b) | 0`.
 */
import { readI32, readU16, writeI32, writeU16 } from "../base/bytes.ts";
import { addToSum, finishSum } from "../base/checksum.ts";
import { IPPROTO_TCP } from "./ipv4.ts";
import { PARSE_BAD_CHECKSUM, PARSE_BAD_LENGTH, PARSE_OK, PARSE_TRUNCATED, type ParseCode } from "./parse-code.ts";
import { addPseudoHeaderToSum } from "./pseudo-header.ts";

/** A header without options. */
export const TCP_OCTETS = 20;
/** A header with the maximum segment size. */
export const TCP_WITH_MSS_OCTETS = 24;
export const TCP_SOURCE_PORT = 0;
export const TCP_DESTINATION_PORT = 2;
export const TCP_SEQUENCE = 4;
export const TCP_ACKNOWLEDGMENT = 8;
export const TCP_HEADER_WORDS = 12;
export const TCP_FLAGS = 13;
export const TCP_WINDOW = 14;
export const TCP_CHECKSUM = 16;
export const TCP_URGENT = 18;
export const TCP_OPTIONS = 20;

export const TCP_FIN = 0x01;
export const TCP_SYN = 0x02;
export const TCP_RST = 0x04;
export const TCP_PSH = 0x08;
export const TCP_ACK = 0x10;

const OPTION_END = 0;
const OPTION_NOTHING = 1;
const OPTION_MSS = 2;

/** Lengths and checksum; `octets` is the IP packet's payload, all of it the segment. The IP header, 4 or 6, stands at `ipOffset`. */
export function checkTcp(bytes: Uint8Array, offset: number, octets: number, ipOffset: number): ParseCode {
  if (octets < TCP_OCTETS) return PARSE_TRUNCATED;
  const headerOctets = tcpHeaderOctets(bytes, offset);
  if (headerOctets < TCP_OCTETS) return PARSE_BAD_LENGTH;
  if (headerOctets > octets) return PARSE_TRUNCATED;
  return tcpSum(bytes, offset, octets, ipOffset) === 0 ? PARSE_OK : PARSE_BAD_CHECKSUM;
}

/** Whether the checksum is the bare sum of the pseudo-header, not yet finished by a network card. Needs the 20 octets. */
export function tcpChecksumIsOffloaded(bytes: Uint8Array, offset: number, octets: number, ipOffset: number): boolean {
  const pseudoSum = addPseudoHeaderToSum(0, bytes, ipOffset, IPPROTO_TCP, octets);
  return readU16(bytes, offset + TCP_CHECKSUM) === (~finishSum(pseudoSum) & 0xffff);
}

export function tcpSourcePort(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + TCP_SOURCE_PORT);
}

export function tcpDestinationPort(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + TCP_DESTINATION_PORT);
}

/** A signed word. */
export function tcpSequence(bytes: Uint8Array, offset: number): number {
  return readI32(bytes, offset + TCP_SEQUENCE);
}

/** A signed word; means something with TCP_ACK only. */
export function tcpAcknowledgment(bytes: Uint8Array, offset: number): number {
  return readI32(bytes, offset + TCP_ACKNOWLEDGMENT);
}

/** Octets of the header with its options: 20 to 60. The data begins at `offset` plus this. */
export function tcpHeaderOctets(bytes: Uint8Array, offset: number): number {
  return (bytes[offset + TCP_HEADER_WORDS]! >>> 4) << 2;
}

export function tcpFlags(bytes: Uint8Array, offset: number): number {
  return bytes[offset + TCP_FLAGS]!;
}

/** As it stands there, whatever window scale was agreed on. */
export function tcpWindow(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + TCP_WINDOW);
}

/** The maximum segment size that the options of a checked header say; 0: none, or options that break off. */
export function tcpMaximumSegment(bytes: Uint8Array, offset: number): number {
  const end = offset + tcpHeaderOctets(bytes, offset);
  let at = offset + TCP_OPTIONS;
  while (at < end && bytes[at] !== OPTION_END) {
    if (bytes[at] === OPTION_NOTHING) {
      at++;
      continue;
    }
    const octets = at + 1 < end ? bytes[at + 1]! : 0;
    if (octets < 2 || at + octets > end) return 0;
    if (bytes[at] === OPTION_MSS && octets === 4) return readU16(bytes, at + 2);
    at += octets;
  }
  return 0;
}

/**
 * Writes a header, checksum included, in front of `dataOctets` octets of data that already stand behind it, and behind an IP header that
 * already stands at `ipOffset`. It has 20 octets; with `maximumSegment` above 0 that option follows, and it has 24.
 */
export function writeTcp(
  bytes: Uint8Array,
  offset: number,
  ipOffset: number,
  sourcePort: number,
  destinationPort: number,
  sequence: number,
  acknowledgment: number,
  flags: number,
  window: number,
  maximumSegment: number,
  dataOctets: number,
): void {
  const headerOctets = maximumSegment > 0 ? TCP_WITH_MSS_OCTETS : TCP_OCTETS;
  writeU16(bytes, offset + TCP_SOURCE_PORT, sourcePort);
  writeU16(bytes, offset + TCP_DESTINATION_PORT, destinationPort);
  writeI32(bytes, offset + TCP_SEQUENCE, sequence);
  writeI32(bytes, offset + TCP_ACKNOWLEDGMENT, acknowledgment);
  bytes[offset + TCP_HEADER_WORDS] = (headerOctets >>> 2) << 4;
  bytes[offset + TCP_FLAGS] = flags;
  writeU16(bytes, offset + TCP_WINDOW, window);
  writeU16(bytes, offset + TCP_CHECKSUM, 0);
  writeU16(bytes, offset + TCP_URGENT, 0);
  if (maximumSegment > 0) {
    bytes[offset + TCP_OPTIONS] = OPTION_MSS;
    bytes[offset + TCP_OPTIONS + 1] = 4;
    writeU16(bytes, offset + TCP_OPTIONS + 2, maximumSegment);
  }
  writeU16(bytes, offset + TCP_CHECKSUM, tcpSum(bytes, offset, headerOctets + dataOctets, ipOffset));
}

function tcpSum(bytes: Uint8Array, offset: number, octets: number, ipOffset: number): number {
  return finishSum(addToSum(addPseudoHeaderToSum(0, bytes, ipOffset, IPPROTO_TCP, octets), bytes, offset, octets));
}
