/**
 * Neighbour discovery: the neighbour solicitation (RFC 4861 section 4.3) and advertisement (4.4), IPv6's ARP.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 * 0 | type 135, 136 |    code 0     |           checksum            |
 *   +-+-+-+---------+---------------+-------------------------------+
 * 4 |R|S|O|           reserved; R, S, O in advertisements only      |
 *   +-+-+-+---------------------------------------------------------+
 * 8 |                       target (16 octets)                      |
 *   +---------------+---------------+-------------------------------+
 *24 | option 1 or 2 |  length 1 (8) |         MAC (6 octets)        |
 *   +---------------+---------------+                               |
 *   |                                                               |
 *   +---------------------------------------------------------------+
 *
 * R: the sender is a router. S (solicited): answers a question. O (override): replace what you have. Option 1 is the
 * sender's MAC (source link-layer address), option 2 the target's; an option's length counts units of 8 octets.
 *
 * A VIP's new owner sends an unsolicited advertisement to all nodes: S=0, O=1, option 2.
 */
import { copyBytes, writeI32, writeU16 } from "../base/bytes.ts";
import { MAC_OCTETS } from "./address.ts";
import {
  checkIcmpv6,
  ICMPV6_CODE,
  ICMPV6_NEIGHBOUR_ADVERTISEMENT,
  ICMPV6_NEIGHBOUR_SOLICITATION,
  ICMPV6_TYPE,
  writeIcmpv6Checksum,
} from "./icmpv6.ts";
import { IPV6_DESTINATION, IPV6_SOURCE, ipv6HopLimit } from "./ipv6.ts";
import {
  PARSE_BAD_LENGTH,
  PARSE_BAD_TTL,
  PARSE_BAD_TYPE,
  PARSE_BAD_VALUE,
  PARSE_OK,
  PARSE_TRUNCATED,
  type ParseCode,
} from "./parse-code.ts";

/** Solicitation or advertisement without options. */
export const ND_OCTETS = 24;
/** With a link-layer address option for Ethernet. */
export const ND_WITH_MAC_OCTETS = 32;
export const ND_FLAGS = 4;
/** The 16 octets of the target address: who is asked for, or who is spoken of. */
export const ND_TARGET = 8;
export const ND_OPTIONS = 24;

export const ND_OPTION_SOURCE_MAC = 1;
export const ND_OPTION_TARGET_MAC = 2;
/** Six random octets, by which who checks an address knows its own question again (RFC 7527). */
export const ND_OPTION_NONCE = 14;

export const ND_FLAG_ROUTER = 0x80;
export const ND_FLAG_SOLICITED = 0x40;
export const ND_FLAG_OVERRIDE = 0x20;
const ND_FLAGS_MASK = ND_FLAG_ROUTER | ND_FLAG_SOLICITED | ND_FLAG_OVERRIDE;

/** Hop limit that proves the sender to be on the link. */
const HOP_LIMIT = 255;

/** All that RFC 4861 section 7.1.1 demands. `octets` reaches to the packet's end, the IPv6 header stands at `ipOffset`. */
export function checkNeighbourSolicitation(
  bytes: Uint8Array,
  offset: number,
  octets: number,
  ipOffset: number,
): ParseCode {
  const code = checkCommon(bytes, offset, octets, ipOffset, ICMPV6_NEIGHBOUR_SOLICITATION);
  if (code !== PARSE_OK || !isUnspecified(bytes, ipOffset + IPV6_SOURCE)) return code;
  if (!isSolicitedNode(bytes, ipOffset + IPV6_DESTINATION)) return PARSE_BAD_VALUE;
  return ndLinkLayerOption(bytes, offset, octets, ND_OPTION_SOURCE_MAC) < 0 ? PARSE_OK : PARSE_BAD_VALUE;
}

/** All that RFC 4861 section 7.1.2 demands. `octets` reaches to the packet's end, the IPv6 header stands at `ipOffset`. */
export function checkNeighbourAdvertisement(
  bytes: Uint8Array,
  offset: number,
  octets: number,
  ipOffset: number,
): ParseCode {
  const code = checkCommon(bytes, offset, octets, ipOffset, ICMPV6_NEIGHBOUR_ADVERTISEMENT);
  if (code !== PARSE_OK) return code;
  const toGroup = bytes[ipOffset + IPV6_DESTINATION] === 0xff;
  return toGroup && (ndFlags(bytes, offset) & ND_FLAG_SOLICITED) !== 0 ? PARSE_BAD_VALUE : PARSE_OK;
}

/** ND_FLAG_… of an advertisement; the reserved bits are left out. */
export function ndFlags(bytes: Uint8Array, offset: number): number {
  return bytes[offset + ND_FLAGS]! & ND_FLAGS_MASK;
}

/**
 * Offset of the value in the first option of `type`, ND_OPTION_SOURCE_MAC, ND_OPTION_TARGET_MAC or ND_OPTION_NONCE; -1 if there is none. Safe
 * on unchecked octets.
 */
export function ndLinkLayerOption(bytes: Uint8Array, offset: number, octets: number, type: number): number {
  const end = offset + octets;
  let option = offset + ND_OPTIONS;
  while (option + 8 <= end) {
    if (bytes[option] === type) return option + 2;
    const units = bytes[option + 1]!;
    if (units === 0) return -1;
    option += units << 3;
  }
  return -1;
}

/**
 * Writes a solicitation for `target` (16 octets at `targetOffset`) and its checksum; the IPv6 header already stands at
 * `ipOffset`. `sourceMac` goes into option 1; null leaves it out, as the source `::` must. Returns the octets: 24 or 32.
 */
export function writeNeighbourSolicitation(
  bytes: Uint8Array,
  offset: number,
  ipOffset: number,
  target: Uint8Array,
  targetOffset: number,
  sourceMac: Uint8Array | null,
): number {
  return writeNd(
    bytes,
    offset,
    ipOffset,
    ICMPV6_NEIGHBOUR_SOLICITATION,
    0,
    target,
    targetOffset,
    ND_OPTION_SOURCE_MAC,
    sourceMac,
  );
}

/**
 * Writes a solicitation that checks whether anybody has `target` (16 octets), and its checksum; the IPv6 header, with the source `::`,
 * already stands at `ipOffset`. `nonce`: six octets. Returns the octets: 32.
 */
export function writeDuplicateCheck(
  bytes: Uint8Array,
  offset: number,
  ipOffset: number,
  target: Uint8Array,
  nonce: Uint8Array,
): number {
  return writeNd(bytes, offset, ipOffset, ICMPV6_NEIGHBOUR_SOLICITATION, 0, target, 0, ND_OPTION_NONCE, nonce);
}

/**
 * Writes an advertisement of `target` (16 octets at `targetOffset`) and its checksum; the IPv6 header already stands at
 * `ipOffset`. `flags` are ND_FLAG_… . `targetMac` goes into option 2; null leaves it out. Returns the octets: 24 or 32.
 */
export function writeNeighbourAdvertisement(
  bytes: Uint8Array,
  offset: number,
  ipOffset: number,
  flags: number,
  target: Uint8Array,
  targetOffset: number,
  targetMac: Uint8Array | null,
): number {
  return writeNd(
    bytes,
    offset,
    ipOffset,
    ICMPV6_NEIGHBOUR_ADVERTISEMENT,
    flags,
    target,
    targetOffset,
    ND_OPTION_TARGET_MAC,
    targetMac,
  );
}

/** What 7.1.1 and 7.1.2 have in common; the checksum last but for the options, which are only worth reading if it is right. */
function checkCommon(bytes: Uint8Array, offset: number, octets: number, ipOffset: number, type: number): ParseCode {
  if (octets < ND_OCTETS) return PARSE_TRUNCATED;
  if (bytes[offset + ICMPV6_TYPE] !== type) return PARSE_BAD_TYPE;
  if (bytes[offset + ICMPV6_CODE] !== 0) return PARSE_BAD_VALUE;
  if (ipv6HopLimit(bytes, ipOffset) !== HOP_LIMIT) return PARSE_BAD_TTL;
  if (bytes[offset + ND_TARGET] === 0xff) return PARSE_BAD_VALUE;
  const code = checkIcmpv6(bytes, offset, octets, ipOffset);
  return code === PARSE_OK ? checkOptions(bytes, offset, octets) : code;
}

/** Options of length 0, cut options, and link-layer addresses that are not an Ethernet MAC (RFC 2464 section 6). */
function checkOptions(bytes: Uint8Array, offset: number, octets: number): ParseCode {
  const end = offset + octets;
  let option = offset + ND_OPTIONS;
  while (option < end) {
    if (option + 2 > end) return PARSE_TRUNCATED;
    const type = bytes[option]!;
    const units = bytes[option + 1]!;
    if (units === 0) return PARSE_BAD_LENGTH;
    if (units !== 1 && (type === ND_OPTION_SOURCE_MAC || type === ND_OPTION_TARGET_MAC)) return PARSE_BAD_LENGTH;
    option += units << 3;
  }
  return option === end ? PARSE_OK : PARSE_TRUNCATED;
}

/** The address `::`. */
function isUnspecified(bytes: Uint8Array, offset: number): boolean {
  for (let i = 0; i < 16; i++) if (bytes[offset + i] !== 0) return false;
  return true;
}

/** Of ff02::1:ff00:0/104 (RFC 4291 section 2.7.1). */
function isSolicitedNode(bytes: Uint8Array, offset: number): boolean {
  if (bytes[offset] !== 0xff || bytes[offset + 1] !== 0x02) return false;
  for (let i = 2; i < 11; i++) if (bytes[offset + i] !== 0) return false;
  return bytes[offset + 11] === 1 && bytes[offset + 12] === 0xff;
}

function writeNd(
  bytes: Uint8Array,
  offset: number,
  ipOffset: number,
  type: number,
  flags: number,
  target: Uint8Array,
  targetOffset: number,
  optionType: number,
  option: Uint8Array | null,
): number {
  const octets = option === null ? ND_OCTETS : ND_WITH_MAC_OCTETS;
  bytes[offset + ICMPV6_TYPE] = type;
  bytes[offset + ICMPV6_CODE] = 0;
  writeI32(bytes, offset + ND_FLAGS, flags << 24);
  copyBytes(target, targetOffset, bytes, offset + ND_TARGET, 16);
  if (option !== null) {
    writeU16(bytes, offset + ND_OPTIONS, (optionType << 8) | 1);
    copyBytes(option, 0, bytes, offset + ND_OPTIONS + 2, MAC_OCTETS);
  }
  writeIcmpv6Checksum(bytes, offset, octets, ipOffset);
  return octets;
}
