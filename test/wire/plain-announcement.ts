/**
 * What `readAnnouncement` is to find, at its plainest: over octets, with the checks and readers of each header, and in texts. The frame
 * begins with the first octet given; what stands behind `octets` is not part of it.
 */
import { addToSum, finishSum } from "../../src/base/checksum.ts";
import { formatIp, formatMac } from "../../src/wire/address.ts";
import { arpOperation, checkArp, isGratuitousArp } from "../../src/wire/arp.ts";
import { ETHERTYPE_ARP, ETHERTYPE_IPV4, ETHERTYPE_IPV6, etherType, isGroupMac } from "../../src/wire/ethernet.ts";
import { ICMPV6_NEIGHBOUR_ADVERTISEMENT } from "../../src/wire/icmpv6.ts";
import { checkIpv4, IPPROTO_ICMPV6, IPPROTO_VRRP, ipv4PayloadOctets, ipv4Protocol } from "../../src/wire/ipv4.ts";
import {
  checkIpv6,
  IPPROTO_HOP_BY_HOP,
  ipv6HeaderOctets,
  ipv6NextHeader,
  ipv6UpperOctets,
  ipv6UpperProtocol,
} from "../../src/wire/ipv6.ts";
import {
  checkNeighbourAdvertisement,
  ND_FLAG_SOLICITED,
  ND_OPTION_TARGET_MAC,
  ND_TARGET,
  ndFlags,
  ndLinkLayerOption,
} from "../../src/wire/nd.ts";
import {
  PARSE_BAD_LENGTH,
  PARSE_BAD_VALUE,
  PARSE_OK,
  PARSE_OTHER_KIND,
  PARSE_TRUNCATED,
  type ParseCode,
} from "../../src/wire/parse-code.ts";
import {
  checkVrrpV2,
  checkVrrpV3,
  vrrpAddressCount,
  vrrpPriority,
  vrrpV2IntervalS,
  vrrpV3IntervalCs,
  vrrpVersion,
  vrrpVrid,
} from "../../src/wire/vrrp.ts";

/** What was read, in texts. */
export type PlainAnnouncement = Readonly<Record<string, string | number | boolean>>;

const IP = 14;

/** The code of a frame that is refused, or what it announces. */
export function plainAnnouncement(bytes: Uint8Array, octets: number): ParseCode | PlainAnnouncement {
  if (octets < 14) return PARSE_TRUNCATED;
  switch (etherType(bytes, 0)) {
    case ETHERTYPE_ARP:
      return octets < 42 ? PARSE_TRUNCATED : ifUnicastSource(bytes, () => plainArp(bytes, octets));
    case ETHERTYPE_IPV4:
      if (octets < 34) return PARSE_TRUNCATED;
      if (ipv4Protocol(bytes, IP) !== IPPROTO_VRRP) return PARSE_OTHER_KIND;
      return ifUnicastSource(bytes, () => plainVrrp4(bytes, octets));
    case ETHERTYPE_IPV6:
      if (octets < 54) return PARSE_TRUNCATED;
      if (![IPPROTO_HOP_BY_HOP, IPPROTO_ICMPV6, IPPROTO_VRRP].includes(ipv6NextHeader(bytes, IP)))
        return PARSE_OTHER_KIND;
      return ifUnicastSource(bytes, () => plainIpv6(bytes, octets));
    default:
      return PARSE_OTHER_KIND;
  }
}

function ifUnicastSource(bytes: Uint8Array, read: () => ParseCode | PlainAnnouncement): ParseCode | PlainAnnouncement {
  return isGroupMac(bytes, 6) ? PARSE_BAD_VALUE : read();
}

function plainArp(bytes: Uint8Array, octets: number): ParseCode | PlainAnnouncement {
  const code = checkArp(bytes, IP, octets - IP);
  if (code !== PARSE_OK) return code;
  if (!isGratuitousArp(bytes, IP)) return PARSE_OTHER_KIND;
  const mac = formatMac(bytes, 22);
  return {
    kind: "arp",
    ip: formatIp(bytes, 28, 4),
    mac,
    operation: arpOperation(bytes, IP),
    unusualSource: mac !== formatMac(bytes, 6),
    unusualDestination: formatMac(bytes, 0) !== "ff:ff:ff:ff:ff:ff",
  };
}

function plainVrrp4(bytes: Uint8Array, octets: number): ParseCode | PlainAnnouncement {
  // With options the header is longer than 20 octets.
  if (bytes[IP]! >>> 4 === 4 && bytes[IP] !== 0x45) return PARSE_BAD_LENGTH;
  const code = checkIpv4(bytes, IP, octets - IP);
  if (code !== PARSE_OK) return code;
  return plainVrrp(bytes, 34, ipv4PayloadOctets(bytes, IP), 4, "01:00:5e:00:00:12 224.0.0.18", "00:00:5e:00:01:");
}

function plainIpv6(bytes: Uint8Array, octets: number): ParseCode | PlainAnnouncement {
  const code = checkIpv6(bytes, IP, octets - IP);
  if (code !== PARSE_OK) return code;
  const at = IP + ipv6HeaderOctets(bytes, IP);
  const upperOctets = ipv6UpperOctets(bytes, IP);
  const protocol = ipv6UpperProtocol(bytes, IP);
  if (protocol === IPPROTO_VRRP)
    return plainVrrp(bytes, at, upperOctets, 16, "33:33:00:00:00:12 ff02::12", "00:00:5e:00:02:");
  if (protocol !== IPPROTO_ICMPV6) return PARSE_OTHER_KIND;
  if (upperOctets < 8) return PARSE_TRUNCATED;
  if (bytes[at] !== ICMPV6_NEIGHBOUR_ADVERTISEMENT) return PARSE_OTHER_KIND;
  const ndCode = checkNeighbourAdvertisement(bytes, at, upperOctets, IP);
  if (ndCode !== PARSE_OK) return ndCode;
  if ((ndFlags(bytes, at) & ND_FLAG_SOLICITED) !== 0) return PARSE_OTHER_KIND;
  const option = ndLinkLayerOption(bytes, at, upperOctets, ND_OPTION_TARGET_MAC);
  const mac = formatMac(bytes, option < 0 ? 6 : option);
  return {
    kind: "nd",
    ip: formatIp(bytes, at + ND_TARGET, 16),
    mac,
    unusualSource: mac !== formatMac(bytes, 6),
    unusualDestination: `${formatMac(bytes, 0)} ${formatIp(bytes, IP + 24, 16)}` !== "33:33:00:00:00:01 ff02::1",
  };
}

function plainVrrp(
  bytes: Uint8Array,
  at: number,
  octets: number,
  addressOctets: 4 | 16,
  group: string,
  virtualMac: string,
): ParseCode | PlainAnnouncement {
  if (octets < 8) return PARSE_TRUNCATED;
  const version = vrrpVersion(bytes, at);
  const code = version === 2 ? checkVrrpV2(bytes, at, octets, IP) : checkVrrpV3(bytes, at, octets, IP);
  if (code !== PARSE_OK) return code;
  const vrid = vrrpVrid(bytes, at);
  const addressCount = vrrpAddressCount(bytes, at);
  const mac = formatMac(bytes, 6);
  const source = addressOctets === 4 ? 26 : 22;
  const destination = formatIp(bytes, source + addressOctets, addressOctets);
  return {
    kind: "vrrp",
    ip: addressCount === 0 ? formatIp(new Uint8Array(addressOctets)) : formatIp(bytes, at + 8, addressOctets),
    mac,
    version,
    vrid,
    priority: vrrpPriority(bytes, at),
    addressCount,
    intervalCs: version === 2 ? vrrpV2IntervalS(bytes, at) * 100 : vrrpV3IntervalCs(bytes, at),
    source: formatIp(bytes, source, addressOctets),
    unusualSource: mac !== virtualMac + vrid.toString(16).padStart(2, "0"),
    unusualDestination: `${formatMac(bytes, 0)} ${destination}` !== group,
  };
}

/**
 * Whether an IPv4 frame is a gratuitous ARP or a version 3 advertisement as the RFCs have them to the letter, addresses included, read
 * off the standards and not off this project's checks.
 */
export function isTextbookAnnouncement(bytes: Uint8Array, octets: number): boolean {
  const hex = (from: number, to: number) =>
    Array.from(bytes.subarray(from, to), (octet) => octet.toString(16).padStart(2, "0")).join("");
  if (octets < 42 || (bytes[6]! & 1) === 1) return false;
  if (hex(12, 14) === "0806") {
    const isEthernetIpv4 = hex(14, 20) === "000108000604";
    const isRequestOrReply = hex(20, 22) === "0001" || hex(20, 22) === "0002";
    const isOfSender = hex(22, 28) === hex(6, 12) && hex(28, 32) === hex(38, 42) && hex(28, 32) !== "00000000";
    return isEthernetIpv4 && isRequestOrReply && isOfSender && hex(0, 6) === "ffffffffffff";
  }
  const total = (bytes[16]! << 8) | bytes[17]!;
  const isRightHeader =
    hex(12, 15) === "080045" && total >= 28 && total + 14 <= octets && finishSum(addToSum(0, bytes, 14, 20)) === 0;
  const isFragment = (bytes[20]! & 0x3f) !== 0 || bytes[21] !== 0;
  if (!isRightHeader || isFragment || hex(22, 24) !== "ff70") return false;
  const isToGroup = hex(0, 6) === "01005e000012" && hex(30, 34) === "e0000012";
  const isFromRouter = hex(6, 11) === "00005e0001" && bytes[11] === bytes[35] && bytes[35] !== 0;
  const count = bytes[37]!;
  const isRightLength = bytes[34] === 0x31 && count > 0 && total === 28 + 4 * count;
  const pseudo = addToSum(112 + total - 20, bytes, 26, 8);
  return isToGroup && isFromRouter && isRightLength && finishSum(addToSum(pseudo, bytes, 34, total - 20)) === 0;
}
