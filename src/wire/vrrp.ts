/**
 * The VRRP advertisement: version 2 (RFC 3768 section 5.3) and version 3 (RFC 5798 and RFC 9568 section 5.2).
 *
 *   version 2                                 version 3
 *    0       1       2       3                 0       1       2       3
 *   +---+---+-------+-------+-------+         +---+---+-------+-------+-------+
 * 0 | 2 | 1 | VRID  | prio  | count |         | 3 | 1 | VRID  | prio  | count |
 *   +---+---+-------+-------+-------+         +---+---+-------+-------+-------+
 * 4 | auth  | int s |   checksum    |         | 0 | interval cs |  checksum   |
 *   +-------+-------+---------------+         +---+-------------+-------------+
 * 8 | addresses, 4 octets each      |         | addresses, 4 or 16 octets each|
 *   +-------------------------------+         +-------------------------------+
 *   | authentication data, 8 octets |
 *   +-------------------------------+
 *
 * Type is always 1. Priority 0 says "I am leaving", 255 "the addresses are mine". Version 3's interval has 12 bits. In
 * front stands an IP header with protocol 112 and TTL 255, to 224.0.0.18 or ff02::12, or to one peer.
 *
 * Checksums. Version 2: the message with its authentication data, no pseudo-header. Version 3: the message and the
 * pseudo-header, over IPv4 too, as RFC 5798 was read by keepalived and FRR; RFC 9568 section 5.2.8 leaves it out over IPv4,
 * as keepalived does with `v3_checksum_as_v2`.
 *
 * Version 2 over IPv6 was never standardised. keepalived speaks it: 16-octet addresses, no authentication data, and the
 * pseudo-header in the checksum.
 *
 * The small readers need 8 octets and no more, so that a receiver can judge a broken advertisement in its own order;
 * checkVrrpV2 and checkVrrpV3 judge as the RFCs do.
 */
import { copyBytes, equalBytes, readU16, writeI32, writeU16 } from "../base/bytes.ts";
import { addToSum, finishSum } from "../base/checksum.ts";
import { IPPROTO_VRRP, ipv4Ttl } from "./ipv4.ts";
import { ipv6HopLimit } from "./ipv6.ts";
import {
  PARSE_BAD_CHECKSUM,
  PARSE_BAD_LENGTH,
  PARSE_BAD_TTL,
  PARSE_BAD_TYPE,
  PARSE_BAD_VALUE,
  PARSE_BAD_VERSION,
  PARSE_OK,
  PARSE_TRUNCATED,
  type ParseCode,
} from "./parse-code.ts";
import { addPseudoHeaderToSum, isIpv4 } from "./pseudo-header.ts";

/** Without addresses and authentication data. */
export const VRRP_OCTETS = 8;
export const VRRP_VERSION_TYPE = 0;
export const VRRP_VRID = 1;
export const VRRP_PRIORITY = 2;
export const VRRP_ADDRESS_COUNT = 3;
export const VRRP_V2_AUTH_TYPE = 4;
export const VRRP_V2_INTERVAL_S = 5;
export const VRRP_V3_INTERVAL_CS = 4;
export const VRRP_CHECKSUM = 6;
export const VRRP_ADDRESSES = 8;

/** 224.0.0.18 and ff02::12: who listens to advertisements (RFC 9568 section 5.1.1.2 and 5.1.2.2). */
export const VRRP_GROUP4: Uint8Array = Uint8Array.of(224, 0, 0, 18);
export const VRRP_GROUP6: Uint8Array = Uint8Array.of(0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12);

export const VRRP_ADVERTISEMENT = 1;
export const VRRP_PRIORITY_LEAVING = 0;
export const VRRP_PRIORITY_OWNER = 255;
export const VRRP_V3_INTERVAL_CS_MAX = 0xfff;

export const VRRP_AUTH_NONE = 0;
/** Clear text (RFC 2338; RFC 3768 dropped it). */
export const VRRP_AUTH_PASS = 1;
/** An AH header in front of the advertisement (RFC 2338); the authentication data is zero. */
export const VRRP_AUTH_AH = 2;
export const VRRP_AUTH_OCTETS = 8;

/** TTL or hop limit that proves the sender to be on the link. */
const TTL = 255;

/**
 * RFC 3768 section 7.1, over IPv4: complete, version, type, VRID, length, TTL 255, checksum. `octets` is the IP packet's
 * payload, the IP header stands at `ipOffset`. No addresses at all is not an error: keepalived sends that. Not checked:
 * authentication, and whether VRID, interval and addresses are the receiver's.
 */
export function checkVrrpV2(bytes: Uint8Array, offset: number, octets: number, ipOffset: number): ParseCode {
  const code = checkCommon(bytes, offset, octets, ipOffset, 2);
  if (code !== PARSE_OK) return code;
  const sumOk = isIpv4(bytes, ipOffset)
    ? vrrpV2ChecksumOk(bytes, offset, octets)
    : vrrpV3ChecksumOk(bytes, offset, octets, ipOffset);
  return sumOk ? PARSE_OK : PARSE_BAD_CHECKSUM;
}

/**
 * RFC 5798 section 7.1, over IPv4 and IPv6: as for version 2, with at least one address and the pseudo-header in the
 * checksum.
 */
export function checkVrrpV3(bytes: Uint8Array, offset: number, octets: number, ipOffset: number): ParseCode {
  const code = checkCommon(bytes, offset, octets, ipOffset, 3);
  if (code !== PARSE_OK) return code;
  if (vrrpAddressCount(bytes, offset) === 0) return PARSE_BAD_VALUE;
  return vrrpV3ChecksumOk(bytes, offset, octets, ipOffset) ? PARSE_OK : PARSE_BAD_CHECKSUM;
}

export function vrrpVersion(bytes: Uint8Array, offset: number): number {
  return bytes[offset + VRRP_VERSION_TYPE]! >>> 4;
}

/** VRRP_ADVERTISEMENT; the RFCs know no other. */
export function vrrpType(bytes: Uint8Array, offset: number): number {
  return bytes[offset + VRRP_VERSION_TYPE]! & 15;
}

export function vrrpVrid(bytes: Uint8Array, offset: number): number {
  return bytes[offset + VRRP_VRID]!;
}

export function vrrpPriority(bytes: Uint8Array, offset: number): number {
  return bytes[offset + VRRP_PRIORITY]!;
}

export function vrrpAddressCount(bytes: Uint8Array, offset: number): number {
  return bytes[offset + VRRP_ADDRESS_COUNT]!;
}

/** Version 2: VRRP_AUTH_…, or what else stands there. */
export function vrrpV2AuthType(bytes: Uint8Array, offset: number): number {
  return bytes[offset + VRRP_V2_AUTH_TYPE]!;
}

/** Version 2: seconds. */
export function vrrpV2IntervalS(bytes: Uint8Array, offset: number): number {
  return bytes[offset + VRRP_V2_INTERVAL_S]!;
}

/** Version 3: centiseconds, 0 to 4,095; the four reserved bits in front are ignored. */
export function vrrpV3IntervalCs(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + VRRP_V3_INTERVAL_CS) & VRRP_V3_INTERVAL_CS_MAX;
}

/** How long an advertisement of `count` addresses of 4 or 16 octets is. */
export function vrrpExpectedOctets(version: number, count: number, addressOctets: number): number {
  const authOctets = version === 2 && addressOctets === 4 ? VRRP_AUTH_OCTETS : 0;
  return VRRP_OCTETS + count * addressOctets + authOctets;
}

/** Version 2 over IPv4: offset of the 8 octets of authentication data. */
export function vrrpV2AuthOffset(bytes: Uint8Array, offset: number): number {
  return offset + VRRP_ADDRESSES + (vrrpAddressCount(bytes, offset) << 2);
}

/** Whether the advertisement lists the address of `addressOctets` octets at `ipOffset` of `ip`. Needs the expected octets. */
export function vrrpListsAddress(
  bytes: Uint8Array,
  offset: number,
  addressOctets: number,
  ip: Uint8Array,
  ipOffset: number,
): boolean {
  const end = offset + VRRP_ADDRESSES + vrrpAddressCount(bytes, offset) * addressOctets;
  for (let at = offset + VRRP_ADDRESSES; at < end; at += addressOctets) {
    if (equalBytes(bytes, at, ip, ipOffset, addressOctets)) return true;
  }
  return false;
}

/** The checksum without a pseudo-header: version 2 over IPv4, and RFC 9568's version 3 over IPv4. */
export function vrrpV2ChecksumOk(bytes: Uint8Array, offset: number, octets: number): boolean {
  return finishSum(addToSum(0, bytes, offset, octets)) === 0;
}

/** The checksum with the pseudo-header of the IP header at `ipOffset`: RFC 5798's version 3, and all over IPv6. */
export function vrrpV3ChecksumOk(bytes: Uint8Array, offset: number, octets: number, ipOffset: number): boolean {
  const sum = addPseudoHeaderToSum(0, bytes, ipOffset, IPPROTO_VRRP, octets);
  return finishSum(addToSum(sum, bytes, offset, octets)) === 0;
}

/**
 * Writes a version 2 advertisement; the IP header already stands at `ipOffset` and tells the family. `addresses` holds
 * `count` addresses of 4 (16) octets one after another. `authData` is 8 octets, null for zeros; over IPv6 there are none.
 * Returns the octets written.
 */
export function writeVrrpV2(
  bytes: Uint8Array,
  offset: number,
  ipOffset: number,
  vrid: number,
  priority: number,
  authType: number,
  intervalS: number,
  addresses: Uint8Array,
  count: number,
  authData: Uint8Array | null,
): number {
  const isVersion4 = isIpv4(bytes, ipOffset);
  const octets = vrrpExpectedOctets(2, count, isVersion4 ? 4 : 16);
  writeFields(bytes, offset, 2, vrid, priority, count, (authType << 8) | intervalS);
  copyBytes(addresses, 0, bytes, offset + VRRP_ADDRESSES, count * (isVersion4 ? 4 : 16));
  if (isVersion4) {
    const auth = vrrpV2AuthOffset(bytes, offset);
    for (let i = 0; i < VRRP_AUTH_OCTETS; i++) bytes[auth + i] = authData === null ? 0 : authData[i]!;
  }
  writeChecksum(bytes, offset, octets, isVersion4 ? 0 : addPseudoHeaderToSum(0, bytes, ipOffset, IPPROTO_VRRP, octets));
  return octets;
}

/**
 * Writes a version 3 advertisement; the IP header already stands at `ipOffset` and tells the family. `addresses` holds
 * `count` addresses of 4 (16) octets one after another; `intervalCs` is at most VRRP_V3_INTERVAL_CS_MAX. `pseudoHeader` false makes the checksum RFC 9568's; it has no effect
 * over IPv6. Returns the octets written.
 */
export function writeVrrpV3(
  bytes: Uint8Array,
  offset: number,
  ipOffset: number,
  vrid: number,
  priority: number,
  intervalCs: number,
  addresses: Uint8Array,
  count: number,
  pseudoHeader = true,
): number {
  const isVersion4 = isIpv4(bytes, ipOffset);
  const octets = vrrpExpectedOctets(3, count, isVersion4 ? 4 : 16);
  writeFields(bytes, offset, 3, vrid, priority, count, intervalCs);
  copyBytes(addresses, 0, bytes, offset + VRRP_ADDRESSES, count * (isVersion4 ? 4 : 16));
  const withPseudoHeader = pseudoHeader || !isVersion4;
  writeChecksum(
    bytes,
    offset,
    octets,
    withPseudoHeader ? addPseudoHeaderToSum(0, bytes, ipOffset, IPPROTO_VRRP, octets) : 0,
  );
  return octets;
}

/** What the checks of both versions have in common: all but the checksum, from cheap to dear. */
function checkCommon(bytes: Uint8Array, offset: number, octets: number, ipOffset: number, version: number): ParseCode {
  if (octets < VRRP_OCTETS) return PARSE_TRUNCATED;
  if (vrrpVersion(bytes, offset) !== version) return PARSE_BAD_VERSION;
  if (vrrpType(bytes, offset) !== VRRP_ADVERTISEMENT) return PARSE_BAD_TYPE;
  if (vrrpVrid(bytes, offset) === 0) return PARSE_BAD_VALUE;
  const isVersion4 = isIpv4(bytes, ipOffset);
  const expected = vrrpExpectedOctets(version, vrrpAddressCount(bytes, offset), isVersion4 ? 4 : 16);
  if (octets !== expected) return octets < expected ? PARSE_TRUNCATED : PARSE_BAD_LENGTH;
  const ttl = isVersion4 ? ipv4Ttl(bytes, ipOffset) : ipv6HopLimit(bytes, ipOffset);
  return ttl === TTL ? PARSE_OK : PARSE_BAD_TTL;
}

/** The 8 octets, the checksum 0; `word` is what stands between count and checksum. */
function writeFields(
  bytes: Uint8Array,
  offset: number,
  version: number,
  vrid: number,
  priority: number,
  count: number,
  word: number,
): void {
  bytes[offset + VRRP_VERSION_TYPE] = (version << 4) | VRRP_ADVERTISEMENT;
  bytes[offset + VRRP_VRID] = vrid;
  bytes[offset + VRRP_PRIORITY] = priority;
  bytes[offset + VRRP_ADDRESS_COUNT] = count;
  writeI32(bytes, offset + VRRP_V2_AUTH_TYPE, word << 16);
}

/** Over the message as it stands, its checksum 0. */
function writeChecksum(bytes: Uint8Array, offset: number, octets: number, pseudoSum: number): void {
  writeU16(bytes, offset + VRRP_CHECKSUM, finishSum(addToSum(pseudoSum, bytes, offset, octets)));
}
