/**
 * What announces an address over IPv6, read by octets: unsolicited neighbour advertisements, and VRRP advertisements. Rare enough to be
 * read with the checks and readers of their headers. `readAnnouncement` comes here with what its words show to be one of them,
 * perhaps.
 */
import { equalBytes } from "../base/bytes.ts";
import { ALL_NODES } from "./address.ts";
import {
  ANNOUNCED_BY_ND,
  ANNOUNCED_BY_VRRP,
  type Announcement,
  readLittleWord,
  setAnnouncedAddress,
  UNUSUAL_DESTINATION,
  UNUSUAL_SOURCE,
} from "./announcement-record.ts";
import { checkEthernet, ETHERNET_DESTINATION, ETHERNET_OCTETS, ETHERNET_SOURCE } from "./ethernet.ts";
import { ICMPV6_NEIGHBOUR_ADVERTISEMENT, ICMPV6_OCTETS, icmpv6Type } from "./icmpv6.ts";
import { IPPROTO_ICMPV6, IPPROTO_VRRP } from "./ipv4.ts";
import {
  checkIpv6,
  IPV6_DESTINATION,
  IPV6_SOURCE,
  ipv6HeaderOctets,
  ipv6UpperOctets,
  ipv6UpperProtocol,
} from "./ipv6.ts";
import {
  checkNeighbourAdvertisement,
  ND_FLAG_SOLICITED,
  ND_OPTION_TARGET_MAC,
  ND_TARGET,
  ndFlags,
  ndLinkLayerOption,
} from "./nd.ts";
import { PARSE_OK, PARSE_OTHER_KIND, PARSE_TRUNCATED, type ParseCode } from "./parse-code.ts";
import {
  checkVrrpV2,
  checkVrrpV3,
  VRRP_ADDRESSES,
  VRRP_GROUP6,
  VRRP_OCTETS,
  vrrpAddressCount,
  vrrpPriority,
  vrrpV2IntervalS,
  vrrpV3IntervalCs,
  vrrpVersion,
  vrrpVrid,
} from "./vrrp.ts";

/** 33:33 and the last four octets of ff02::1 and ff02::12 (RFC 2464 section 7). */
const ALL_NODES_MAC = Uint8Array.of(0x33, 0x33, 0, 0, 0, 1);
const VRRP_GROUP_MAC = Uint8Array.of(0x33, 0x33, 0, 0, 0, 0x12);
/** The virtual router's MAC, but for its last octet, the VRID (RFC 9568 section 7.3). */
const VIRTUAL_MAC = Uint8Array.of(0, 0, 0x5e, 0, 2);
const NO_ADDRESS = new Uint8Array(16);

/** The frame of `octets` octets at `offset` has the type of IPv6; codes and record as for `readAnnouncement`. */
export function readAnnouncement6(bytes: Uint8Array, offset: number, octets: number, into: Announcement): ParseCode {
  const frameCode = checkEthernet(bytes, offset, octets);
  if (frameCode !== PARSE_OK) return frameCode;
  const ip = offset + ETHERNET_OCTETS;
  const code = checkIpv6(bytes, ip, octets - ETHERNET_OCTETS);
  if (code !== PARSE_OK) return code;
  switch (ipv6UpperProtocol(bytes, ip)) {
    case IPPROTO_ICMPV6:
      return readAdvertisement(bytes, offset, ip, into);
    case IPPROTO_VRRP:
      return readVrrp6(bytes, offset, ip, into);
    default:
      return PARSE_OTHER_KIND;
  }
}

function readAdvertisement(bytes: Uint8Array, frame: number, ip: number, into: Announcement): ParseCode {
  const at = ip + ipv6HeaderOctets(bytes, ip);
  const octets = ipv6UpperOctets(bytes, ip);
  if (octets < ICMPV6_OCTETS) return PARSE_TRUNCATED;
  if (icmpv6Type(bytes, at) !== ICMPV6_NEIGHBOUR_ADVERTISEMENT) return PARSE_OTHER_KIND;
  const code = checkNeighbourAdvertisement(bytes, at, octets, ip);
  if (code !== PARSE_OK) return code;
  if ((ndFlags(bytes, at) & ND_FLAG_SOLICITED) !== 0) return PARSE_OTHER_KIND;

  const source = frame + ETHERNET_SOURCE;
  const option = ndLinkLayerOption(bytes, at, octets, ND_OPTION_TARGET_MAC);
  const mac = option < 0 ? source : option;
  const isFromIt = equalBytes(bytes, mac, bytes, source, 6);
  into.kind = ANNOUNCED_BY_ND;
  into.unusual = (isFromIt ? 0 : UNUSUAL_SOURCE) | destination(bytes, frame, ip, ALL_NODES_MAC, ALL_NODES);
  setAnnouncedAddress(into, bytes, at + ND_TARGET, 16);
  setMac(into, bytes, mac);
  return PARSE_OK;
}

/** Version 2 too: no RFC has it over IPv6, but keepalived. */
function readVrrp6(bytes: Uint8Array, frame: number, ip: number, into: Announcement): ParseCode {
  const at = ip + ipv6HeaderOctets(bytes, ip);
  const octets = ipv6UpperOctets(bytes, ip);
  if (octets < VRRP_OCTETS) return PARSE_TRUNCATED;
  const version = vrrpVersion(bytes, at);
  const code = version === 2 ? checkVrrpV2(bytes, at, octets, ip) : checkVrrpV3(bytes, at, octets, ip);
  if (code !== PARSE_OK) return code;

  const vrid = vrrpVrid(bytes, at);
  const source = frame + ETHERNET_SOURCE;
  const isVirtual = equalBytes(bytes, source, VIRTUAL_MAC, 0, 5) && bytes[source + 5] === vrid;
  const addressCount = vrrpAddressCount(bytes, at);
  into.kind = ANNOUNCED_BY_VRRP;
  into.unusual = (isVirtual ? 0 : UNUSUAL_SOURCE) | destination(bytes, frame, ip, VRRP_GROUP_MAC, VRRP_GROUP6);
  if (addressCount === 0) setAnnouncedAddress(into, NO_ADDRESS, 0, 16);
  else setAnnouncedAddress(into, bytes, at + VRRP_ADDRESSES, 16);
  setMac(into, bytes, source);
  into.version = version;
  into.vrid = vrid;
  into.priority = vrrpPriority(bytes, at);
  into.addressCount = addressCount;
  into.intervalCs = version === 2 ? vrrpV2IntervalS(bytes, at) * 100 : vrrpV3IntervalCs(bytes, at);
  into.source0 = readLittleWord(bytes, ip + IPV6_SOURCE);
  into.source1 = readLittleWord(bytes, ip + IPV6_SOURCE + 4);
  into.source2 = readLittleWord(bytes, ip + IPV6_SOURCE + 8);
  into.source3 = readLittleWord(bytes, ip + IPV6_SOURCE + 12);
  return PARSE_OK;
}

/** UNUSUAL_DESTINATION unless the frame goes to `mac` and the packet to `address`. */
function destination(bytes: Uint8Array, frame: number, ip: number, mac: Uint8Array, address: Uint8Array): number {
  const isUsual =
    equalBytes(bytes, frame + ETHERNET_DESTINATION, mac, 0, 6) &&
    equalBytes(bytes, ip + IPV6_DESTINATION, address, 0, 16);
  return isUsual ? 0 : UNUSUAL_DESTINATION;
}

function setMac(into: Announcement, bytes: Uint8Array, mac: number): void {
  into.macHi = bytes[mac]! | (bytes[mac + 1]! << 8);
  into.macLo = readLittleWord(bytes, mac + 2);
}
