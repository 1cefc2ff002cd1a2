/**
 * What announces an address, read by words: gratuitous ARP, and VRRP advertisements of both versions over IPv4, untagged. What IPv6 has
 * for it is handed to `announcement6.ts`. All of it ends in the one record of `announcement-record.ts`.
 *
 * Why beside the readers over octets: a frame in the slab starts at a multiple of four octets, so that either kind is ten to fifteen
 * aligned loads instead of forty to seventy, without a check for each header: five times as fast. The words are little-endian: octet k of the frame is
 * byte k & 3, counted from the low end, of word k >> 2. Constants below are turned round accordingly.
 *
 *   word  0           1           2           3           4           5           6           7           8
 *        +-----------------+-----------------+-----+-----+-----------+-----+-----------------+-----------+-----------+
 *   ARP  | destination     | source          |type |htype|ptype|6 | 4|oper | sender MAC      | sender IP | target MAC ...
 *   IPv4 |                 |                 |type |45|  |total| id  |flags|ttl|112|sum | source    |destination|31|id|
 *        +-----------------+-----------------+-----+-----+-----------+-----+-----------------+-----------+-----------+
 *
 *   word  8           9           10          11          12          13
 *        +-----+-----+-----------+-----------+-----------+-----------+-----
 *   VRRP |     |31|id|pr|n |int  |sum  | first address | second    | ...
 *        +-----+-----+-----------+-----------+-----------+-----------+-----
 *
 * The one's complement sum may be taken in either byte order (RFC 1071 section 2 B), so it is taken over half-words as they come. Branches
 * that go now this way, now that way are dear: an operation, or how many addresses there are, is dealt with by arithmetic.
 */
import {
  ANNOUNCED_BY_ARP,
  ANNOUNCED_BY_VRRP,
  type Announcement,
  UNUSUAL_DESTINATION,
  UNUSUAL_SOURCE,
} from "./announcement-record.ts";
import { readAnnouncement6 } from "./announcement6.ts";
import { ARP_OCTETS } from "./arp.ts";
import { ETHERNET_OCTETS } from "./ethernet.ts";
import { IPPROTO_ICMPV6, IPPROTO_VRRP, IPV4_OCTETS } from "./ipv4.ts";
import { IPPROTO_HOP_BY_HOP, IPV6_OCTETS } from "./ipv6.ts";
import {
  PARSE_BAD_CHECKSUM,
  PARSE_BAD_LENGTH,
  PARSE_BAD_TTL,
  PARSE_BAD_TYPE,
  PARSE_BAD_VALUE,
  PARSE_BAD_VERSION,
  PARSE_FRAGMENT,
  PARSE_OK,
  PARSE_OTHER_KIND,
  PARSE_TRUNCATED,
  type ParseCode,
} from "./parse-code.ts";
import { VRRP_OCTETS } from "./vrrp.ts";

/*
 * What every announcement needs is a constant of this module: V8 writes those into the code, while it loads and checks an imported one
 * at each use: 2 ns a frame.
 */
const OK = PARSE_OK;
const OTHER_KIND = PARSE_OTHER_KIND;
const BY_ARP = ANNOUNCED_BY_ARP;
const BY_VRRP = ANNOUNCED_BY_VRRP;
/** Octets up to the end of each header. */
const TO_TYPE = ETHERNET_OCTETS;
const TO_ARP = ETHERNET_OCTETS + ARP_OCTETS;
const TO_IPV4 = ETHERNET_OCTETS + IPV4_OCTETS;
const TO_IPV6 = ETHERNET_OCTETS + IPV6_OCTETS;
const TO_VRRP = TO_IPV4 + VRRP_OCTETS;
/** EtherTypes, in the lower half of word 3. */
const ARP = 0x0608;
const IPV4 = 0x0008;
const IPV6 = 0xdd86;
const VRRP = IPPROTO_VRRP;
/** Where a frame may begin in 2 GiB. As a mask it changes nothing, but shows the compiler that `at + 13` cannot overflow: 1 ns. */
const WORD_MAX = 0x1fffffff;
/** The lowest bit of the source MAC's first octet, in word 1. */
const GROUP_SOURCE = 0x10000;

/**
 * Reads the frame of `octets` octets, 0 to any number, that starts at octet `word * 4` of `words` and `bytes`, two views of one memory of at most 2 GiB.
 * PARSE_OK: `into` holds what it announces. Any other code: `into` is as it was. PARSE_OTHER_KIND is said of all that announces
 * nothing, as early as that is certain: ordinary ARP, data, answers of neighbour discovery, anything tagged.
 *
 * Otherwise it accepts what checkArp accepts and isGratuitousArp confirms; what checkIpv4 and checkVrrpV2 or checkVrrpV3 accept, but for
 * IPv4 options; and what the checks behind readAnnouncement6 accept; from a source MAC that is no group. Who it is from and
 * addressed to is not judged but told, in `unusual`. Words that the frame reaches into in part must be there; no others are read.
 */
export function readAnnouncement(
  words: Int32Array,
  bytes: Uint8Array,
  word: number,
  octets: number,
  into: Announcement,
): ParseCode {
  if (octets < TO_TYPE) return PARSE_TRUNCATED;
  const type = words[word + 3]! & 0xffff;
  if (type === ARP) return readGratuitousArp(words, word, octets, into);
  if (type === IPV4) {
    if (octets < TO_IPV4) return PARSE_TRUNCATED;
    return words[word + 5]! >>> 24 === VRRP ? readVrrp4(words, word, octets, into) : OTHER_KIND;
  }
  if (type !== IPV6) return OTHER_KIND;
  if (octets < TO_IPV6) return PARSE_TRUNCATED;
  const next = words[word + 5]! & 0xff;
  const mayAnnounce = next === IPPROTO_ICMPV6 || next === IPPROTO_VRRP || next === IPPROTO_HOP_BY_HOP;
  return mayAnnounce ? readAnnouncement6(bytes, word << 2, octets, into) : OTHER_KIND;
}

/** Sender and target IP are the same address, and not 0.0.0.0. */
function readGratuitousArp(words: Int32Array, word: number, octets: number, into: Announcement): ParseCode {
  const at = word & WORD_MAX;
  if (octets < TO_ARP) return PARSE_TRUNCATED;
  const word1 = words[at + 1]!;
  if ((word1 & GROUP_SOURCE) !== 0) return PARSE_BAD_VALUE;
  const word4 = words[at + 4]!;
  if (words[at + 3]! >>> 16 !== 0x0100 || (word4 & 0xffff) !== IPV4) return PARSE_BAD_TYPE;
  if (word4 >>> 16 !== 0x0406) return PARSE_BAD_LENGTH;
  const word5 = words[at + 5]!;
  const operation = (word5 >>> 8) & 0xff;
  // 1 or 2, without a branch between them.
  if ((word5 & 0xff) !== 0 || (operation - 1) >>> 1 !== 0) return PARSE_BAD_TYPE;
  const ip = words[at + 7]!;
  if (ip !== ((words[at + 9]! >>> 16) | (words[at + 10]! << 16)) || ip === 0) return OTHER_KIND;

  const macHi = word5 >>> 16;
  const macLo = words[at + 6]!;
  let unusual = 0;
  if (words[at]! !== -1 || (word1 & 0xffff) !== 0xffff) unusual = UNUSUAL_DESTINATION;
  if (macHi !== word1 >>> 16 || macLo !== words[at + 2]!) unusual |= UNUSUAL_SOURCE;
  into.kind = BY_ARP;
  into.unusual = unusual;
  into.addressOctets = 4;
  into.ip0 = ip;
  into.macHi = macHi;
  into.macLo = macLo;
  into.operation = operation;
  return OK;
}

/** The IPv4 header is there and its protocol is VRRP. Checks in the order of checkIpv4, checkVrrpV2 and checkVrrpV3. */
function readVrrp4(words: Int32Array, word: number, octets: number, into: Announcement): ParseCode {
  const at = word & WORD_MAX;
  const word1 = words[at + 1]!;
  if ((word1 & GROUP_SOURCE) !== 0) return PARSE_BAD_VALUE;
  const word3 = words[at + 3]!;
  if ((word3 & 0xf00000) !== 0x400000) return PARSE_BAD_VERSION;
  const word4 = words[at + 4]!;
  // Counted from the frame's first octet.
  const end = TO_TYPE + (((word4 & 0xff) << 8) | ((word4 >>> 8) & 0xff));
  if ((word3 & 0x0f0000) !== 0x050000 || end < TO_IPV4) return PARSE_BAD_LENGTH;
  if (end > octets) return PARSE_TRUNCATED;
  const word5 = words[at + 5]!;
  const word6 = words[at + 6]!;
  const word7 = words[at + 7]!;
  const word8 = words[at + 8]!;
  const addressSum = (word6 >>> 16) + (word7 & 0xffff) + (word7 >>> 16) + (word8 & 0xffff);
  const headerSum =
    (word3 >>> 16) + (word4 & 0xffff) + (word4 >>> 16) + (word5 & 0xffff) + (word5 >>> 16) + (word6 & 0xffff);
  if (!holdsChecksum(headerSum + addressSum)) return PARSE_BAD_CHECKSUM;
  // "More fragments" and the offset; the bits in front may be set.
  if ((word5 & 0xff3f) !== 0) return PARSE_FRAGMENT;

  if (end < TO_VRRP) return PARSE_TRUNCATED;
  const head = word8 >>> 16;
  const isVersion3 = (head & 0xf0) === 0x30;
  if (!isVersion3 && (head & 0xf0) !== 0x20) return PARSE_BAD_VERSION;
  if ((head & 0x0f) !== 1) return PARSE_BAD_TYPE;
  const vrid = head >>> 8;
  if (vrid === 0) return PARSE_BAD_VALUE;
  const word9 = words[at + 9]!;
  const count = (word9 >>> 8) & 0xff;
  // Version 2 has 8 octets of authentication data at its end.
  const tail = isVersion3 ? count : count + 2;
  const expectedEnd = TO_VRRP + (tail << 2);
  if (end !== expectedEnd) return end < expectedEnd ? PARSE_TRUNCATED : PARSE_BAD_LENGTH;
  if (((word5 >>> 16) & 0xff) !== 255) return PARSE_BAD_TTL;
  if (tail === 0) return PARSE_BAD_VALUE;

  const word10 = words[at + 10]!;
  const word11 = words[at + 11]!;
  const messageOctets = end - TO_IPV4;
  const pseudoSum = isVersion3 ? addressSum + 0x7000 + ((messageOctets >>> 8) | ((messageOctets & 0xff) << 8)) : 0;
  const messageSum = head + (word9 & 0xffff) + (word9 >>> 16) + (word10 & 0xffff) + sumOfTail(words, at, tail);
  if (!holdsChecksum(messageSum + pseudoSum)) return PARSE_BAD_CHECKSUM;

  const word2 = words[at + 2]!;
  let unusual = 0;
  if (words[at]! !== 0x005e0001 || (word1 & 0xffff) !== 0x1200) unusual = UNUSUAL_DESTINATION;
  if (word7 >>> 16 !== 0x00e0 || (word8 & 0xffff) !== 0x1200) unusual = UNUSUAL_DESTINATION;
  if (word1 >>> 16 !== 0 || word2 !== ((vrid << 24) | 0x01005e)) unusual |= UNUSUAL_SOURCE;
  into.kind = BY_VRRP;
  into.unusual = unusual;
  into.addressOctets = 4;
  into.ip0 = count === 0 ? 0 : (word10 >>> 16) | (word11 << 16);
  into.macHi = word1 >>> 16;
  into.macLo = word2;
  into.version = isVersion3 ? 3 : 2;
  into.vrid = vrid;
  into.priority = word9 & 0xff;
  into.addressCount = count;
  into.intervalCs = isVersion3 ? ((word9 >>> 8) & 0x0f00) | (word9 >>> 24) : (word9 >>> 24) * 100;
  into.source0 = (word6 >>> 16) | (word7 << 16);
  return OK;
}

/**
 * The sum of what stands behind VRRP's first 8 octets: `tail` times four octets, one at least, from the upper half of word 10 on. Up
 * to three of them, which most advertisements have, are added without a branch: a word that is not there is masked, and word 0
 * is read in its place.
 */
function sumOfTail(words: Int32Array, at: number, tail: number): number {
  const second = (1 - tail) >> 31;
  const third = (2 - tail) >> 31;
  const word11 = words[at + 11]!;
  const word12 = words[at + (12 & second)]! & second;
  const word13 = words[at + (13 & third)]! & third;
  let sum =
    (words[at + 10]! >>> 16) +
    (word11 & 0xffff) +
    ((word11 & second) >>> 16) +
    (word12 & 0xffff) +
    ((word12 & third) >>> 16) +
    (word13 & 0xffff);
  for (let i = at + 13; i < at + 10 + tail; i++) sum += (words[i]! >>> 16) + (words[i + 1]! & 0xffff);
  return sum;
}

/** Whether half-words that include a checksum add up to all ones. One carry is enough: the sum is far below 2^32. */
function holdsChecksum(sum: number): boolean {
  return (sum & 0xffff) + (sum >>> 16) === 0xffff;
}
