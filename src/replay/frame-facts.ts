/**
 * What one frame says about who holds what: an announcement of an address, an answer to a question for one, a question that
 * names its sender, a VRRP advert, or none of these; and what is malformed about it. Nothing is kept: the fields are set anew by each `read`, offsets point into its octets.
 *
 * What a capture shows of a sending host is not yet what the wire gets: its network card writes checksums of UDP and TCP, and sometimes
 * of IPv4, and cuts long segments up. So checksums of UDP and TCP are never judged, and an IPv4 checksum or total length of 0 is the card's
 * to fill in.
 */
import { readU16 } from "../base/bytes.ts";
import { NS_PER_CS, NS_PER_S } from "../base/units.ts";
import {
  ARP_REQUEST,
  ARP_SENDER_IP,
  ARP_SENDER_MAC,
  arpOperation,
  checkArp,
  isArpProbe,
  isGratuitousArp,
} from "../wire/arp.ts";
import {
  ETHERNET_OCTETS,
  ETHERNET_SOURCE,
  ETHERNET_TYPE,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  ETHERTYPE_VLAN,
  etherType,
} from "../wire/ethernet.ts";
import {
  ICMPV6_NEIGHBOUR_ADVERTISEMENT,
  ICMPV6_NEIGHBOUR_SOLICITATION,
  ICMPV6_OCTETS,
  icmpv6Type,
} from "../wire/icmpv6.ts";
import {
  checkIpv4,
  IPPROTO_AH,
  IPPROTO_ICMPV6,
  IPPROTO_IGMP,
  IPPROTO_VRRP,
  IPV4_CHECKSUM,
  IPV4_OCTETS,
  IPV4_SOURCE,
  ipv4FragmentOffset,
  ipv4HeaderOctets,
  ipv4PayloadOctets,
  ipv4Protocol,
  ipv4TotalOctets,
} from "../wire/ipv4.ts";
import { checkIpv6, IPV6_SOURCE, ipv6HeaderOctets, ipv6UpperOctets, ipv6UpperProtocol } from "../wire/ipv6.ts";
import {
  checkNeighbourAdvertisement,
  checkNeighbourSolicitation,
  ND_FLAG_SOLICITED,
  ND_OPTION_TARGET_MAC,
  ND_TARGET,
  ndFlags,
  ndLinkLayerOption,
} from "../wire/nd.ts";
import {
  PARSE_BAD_CHECKSUM,
  PARSE_BAD_LENGTH,
  PARSE_FRAGMENT,
  PARSE_OK,
  PARSE_TRUNCATED,
  type ParseCode,
} from "../wire/parse-code.ts";
import { VLAN_OCTETS, vlanId, vlanInnerType } from "../wire/vlan.ts";
import {
  checkVrrpV2,
  checkVrrpV3,
  VRRP_ADDRESSES,
  vrrpAddressCount,
  vrrpPriority,
  vrrpV2AuthType,
  vrrpV2ChecksumOk,
  vrrpV2IntervalS,
  vrrpV3IntervalCs,
  vrrpVersion,
  vrrpVrid,
} from "../wire/vrrp.ts";

export const FACT_NONE = 0;
/** A gratuitous ARP request or reply, or an unsolicited neighbour advertisement. */
export const FACT_ANNOUNCEMENT = 1;
/** An ARP reply to somebody, or a solicited neighbour advertisement. */
export const FACT_ANSWER = 2;
/** A VRRP advertisement that a receiver would take. */
export const FACT_ADVERT = 3;
/** An ARP request that gives a MAC for its sender's address. */
export const FACT_QUESTION = 4;
export type Fact = 0 | 1 | 2 | 3 | 4;

export type AnnouncementForm = "garp-request" | "garp-reply" | "na";
export type JudgedProtocol = "ARP" | "IPv4" | "IPv6" | "ICMPv6" | "VRRP";

/** How well an IPv4 address in a frame tells who its sender is, best first. */
export const NAMED_BY_ADVERT = 0;
export const NAMED_BY_IGMP = 1;
export const NAMED_BY_ARP_REQUEST = 2;
export const NAMED_BY_ARP_REPLY = 3;
export const NAMED_BY_IPV4 = 4;

/** Of 802.1Q: more tags than these two are not looked behind. */
const TAGS_MAX = 2;

export class FrameFacts {
  fact: Fact = FACT_NONE;
  /** 0 without a tag; the VLAN ID; of two tags the outer one × 4,096 + the inner one. */
  vlan = 0;
  /** Of the address that is announced, answered for or asked from, and its octets: 4 or 16. */
  address = 0;
  addressOctets = 4;
  /** Of the MAC that is given for it. */
  mac = 0;
  form: AnnouncementForm = "garp-request";
  /** Of an advert. 4 or 6. */
  family = 4;
  version = 2;
  vrid = 0;
  priority = 0;
  /** Of version 2: VRRP_AUTH_…, or what else stands there; -1 of version 3, which has none. */
  authType = -1;
  /** As the advert states it; 0: it states none. */
  intervalNs = 0;
  /** Of the advert's list of `addressCount` addresses of `addressOctets`. */
  addresses = 0;
  addressCount = 0;
  /** Of the IP source address of an advert, of `addressOctets`. */
  source = 0;
  /** The advert's checksum leaves out the pseudo-header, as RFC 9568 has it and keepalived does not by default. */
  withoutPseudoHeader = false;
  /** Of the IPv4 address that tells who the frame's sender is, and how well (NAMED_BY_…); -1 if none does. */
  ipv4 = -1;
  ipv4Rank = NAMED_BY_IPV4;
  /** Of an ARP reply, which tells who had asked, too; -1 of anything else. */
  answered = -1;
  /** Of a link-local IPv6 source address; -1 if there is none. */
  linkLocal = -1;
  /** What is wrong, in which header; PARSE_OK if nothing is. */
  malformed: ParseCode = PARSE_OK;
  malformedIn: JudgedProtocol = "ARP";
  #isCut = false;

  /** Reads the frame of `octets` octets at `offset`. `isCut`: the capture has not all of it, so that nothing is wrong with its being short. */
  read(bytes: Uint8Array, offset: number, octets: number, isCut: boolean): void {
    this.fact = FACT_NONE;
    this.vlan = 0;
    this.ipv4 = -1;
    this.answered = -1;
    this.linkLocal = -1;
    this.malformed = PARSE_OK;
    this.withoutPseudoHeader = false;
    this.#isCut = isCut;
    if (octets < ETHERNET_OCTETS) return;
    const end = offset + octets;
    let typeAt = offset + ETHERNET_TYPE;
    let type = etherType(bytes, offset);
    for (let tags = 0; type === ETHERTYPE_VLAN && tags < TAGS_MAX; tags++) {
      if (end - typeAt < VLAN_OCTETS + 2) return;
      this.vlan = this.vlan * 4096 + vlanId(bytes, typeAt);
      type = vlanInnerType(bytes, typeAt);
      typeAt += VLAN_OCTETS;
    }
    const payload = typeAt + 2;
    if (type === ETHERTYPE_ARP) this.#readArp(bytes, payload, end - payload);
    else if (type === ETHERTYPE_IPV4) this.#readIpv4(bytes, payload, end - payload);
    else if (type === ETHERTYPE_IPV6) this.#readIpv6(bytes, payload, end - payload, offset + ETHERNET_SOURCE);
  }

  #readArp(bytes: Uint8Array, arp: number, octets: number): void {
    const code = checkArp(bytes, arp, octets);
    if (code !== PARSE_OK) {
      this.#refuse("ARP", code);
      return;
    }
    const isRequest = arpOperation(bytes, arp) === ARP_REQUEST;
    this.address = arp + ARP_SENDER_IP;
    this.addressOctets = 4;
    this.mac = arp + ARP_SENDER_MAC;
    if (isGratuitousArp(bytes, arp)) {
      this.fact = FACT_ANNOUNCEMENT;
      this.form = isRequest ? "garp-request" : "garp-reply";
      return;
    }
    if (isArpProbe(bytes, arp)) return;
    this.fact = isRequest ? FACT_QUESTION : FACT_ANSWER;
    if (!isRequest) this.answered = arp;
    this.ipv4 = this.address;
    this.ipv4Rank = isRequest ? NAMED_BY_ARP_REQUEST : NAMED_BY_ARP_REPLY;
  }

  #readIpv4(bytes: Uint8Array, ip: number, octets: number): void {
    const code = checkIpv4(bytes, ip, octets);
    if (code !== PARSE_OK && !isLeftToCard(code, bytes, ip, octets)) {
      this.#refuse("IPv4", code);
      return;
    }
    this.ipv4 = ip + IPV4_SOURCE;
    this.ipv4Rank = NAMED_BY_IPV4;
    if (code === PARSE_BAD_LENGTH || ipv4FragmentOffset(bytes, ip) !== 0) return;
    const protocol = ipv4Protocol(bytes, ip);
    const upper = ip + ipv4HeaderOctets(bytes, ip);
    const upperOctets = ipv4PayloadOctets(bytes, ip);
    if (protocol === IPPROTO_IGMP) this.ipv4Rank = NAMED_BY_IGMP;
    if (protocol === IPPROTO_VRRP) this.#readAdvert(bytes, upper, upperOctets, ip, 4);
    if (protocol === IPPROTO_AH) this.#readAuthenticated(bytes, upper, upperOctets, ip);
  }

  /** An Authentication Header (RFC 4302) in front of an advert, as VRRP version 2 may have it; whether it is genuine cannot be seen. */
  #readAuthenticated(bytes: Uint8Array, ah: number, octets: number, ip: number): void {
    if (octets < 2 || bytes[ah] !== IPPROTO_VRRP) return;
    const headerOctets = (bytes[ah + 1]! + 2) * 4;
    if (headerOctets > octets) this.#refuse("VRRP", PARSE_TRUNCATED);
    else this.#readAdvert(bytes, ah + headerOctets, octets - headerOctets, ip, 4);
  }

  #readIpv6(bytes: Uint8Array, ip: number, octets: number, sourceMac: number): void {
    const code = checkIpv6(bytes, ip, octets);
    if (code !== PARSE_OK) {
      this.#refuse("IPv6", code);
      return;
    }
    const source = ip + IPV6_SOURCE;
    if (bytes[source] === 0xfe && (bytes[source + 1]! & 0xc0) === 0x80) this.linkLocal = source;
    const protocol = ipv6UpperProtocol(bytes, ip);
    const upper = ip + ipv6HeaderOctets(bytes, ip);
    const upperOctets = ipv6UpperOctets(bytes, ip);
    if (protocol === IPPROTO_VRRP) this.#readAdvert(bytes, upper, upperOctets, ip, 6);
    if (protocol === IPPROTO_ICMPV6 && upperOctets >= ICMPV6_OCTETS)
      this.#readNeighbour(bytes, upper, upperOctets, ip, sourceMac);
  }

  #readNeighbour(bytes: Uint8Array, at: number, octets: number, ip: number, sourceMac: number): void {
    const type = icmpv6Type(bytes, at);
    const isAdvertisement = type === ICMPV6_NEIGHBOUR_ADVERTISEMENT;
    if (!isAdvertisement && type !== ICMPV6_NEIGHBOUR_SOLICITATION) return;
    const check = isAdvertisement ? checkNeighbourAdvertisement : checkNeighbourSolicitation;
    const code = check(bytes, at, octets, ip);
    if (code !== PARSE_OK) {
      this.#refuse("ICMPv6", code);
      return;
    }
    if (!isAdvertisement) return;
    const option = ndLinkLayerOption(bytes, at, octets, ND_OPTION_TARGET_MAC);
    this.fact = (ndFlags(bytes, at) & ND_FLAG_SOLICITED) === 0 ? FACT_ANNOUNCEMENT : FACT_ANSWER;
    this.form = "na";
    this.address = at + ND_TARGET;
    this.addressOctets = 16;
    this.mac = option < 0 ? sourceMac : option;
  }

  #readAdvert(bytes: Uint8Array, at: number, octets: number, ip: number, family: 4 | 6): void {
    const version = octets > 0 ? vrrpVersion(bytes, at) : 0;
    const isVersion2 = version === 2;
    let code = isVersion2 ? checkVrrpV2(bytes, at, octets, ip) : checkVrrpV3(bytes, at, octets, ip);
    if (code === PARSE_BAD_CHECKSUM && !isVersion2 && family === 4 && vrrpV2ChecksumOk(bytes, at, octets)) {
      code = PARSE_OK;
      this.withoutPseudoHeader = true;
    }
    if (code !== PARSE_OK) {
      this.#refuse("VRRP", code);
      return;
    }
    this.fact = FACT_ADVERT;
    this.family = family;
    this.version = version;
    this.vrid = vrrpVrid(bytes, at);
    this.authType = isVersion2 ? vrrpV2AuthType(bytes, at) : -1;
    this.priority = vrrpPriority(bytes, at);
    this.intervalNs = isVersion2 ? vrrpV2IntervalS(bytes, at) * NS_PER_S : vrrpV3IntervalCs(bytes, at) * NS_PER_CS;
    this.addresses = at + VRRP_ADDRESSES;
    this.addressCount = vrrpAddressCount(bytes, at);
    this.addressOctets = family === 4 ? 4 : 16;
    this.source = family === 4 ? ip + IPV4_SOURCE : ip + IPV6_SOURCE;
    this.ipv4Rank = NAMED_BY_ADVERT;
  }

  /** A fragment is nothing wrong, nor is what the capture has cut off. */
  #refuse(protocol: JudgedProtocol, code: ParseCode): void {
    if (code === PARSE_FRAGMENT || (code === PARSE_TRUNCATED && this.#isCut)) return;
    this.malformed = code;
    this.malformedIn = protocol;
  }
}

/** Whether the sender's network card was to write what is wrong with the IPv4 header: a checksum or a total length of 0. */
function isLeftToCard(code: ParseCode, bytes: Uint8Array, ip: number, octets: number): boolean {
  if (code === PARSE_BAD_CHECKSUM) return readU16(bytes, ip + IPV4_CHECKSUM) === 0;
  const headerOctets = ipv4HeaderOctets(bytes, ip);
  const hasHeader = headerOctets >= IPV4_OCTETS && headerOctets <= octets;
  return code === PARSE_BAD_LENGTH && ipv4TotalOctets(bytes, ip) === 0 && hasHeader;
}
