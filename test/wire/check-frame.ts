/** A whole frame through all checks, as a receiver goes: Ethernet, tags, ARP or IP, and what stands behind. */
import { checkArp } from "../../src/wire/arp.ts";
import {
  checkEthernet,
  ETHERNET_TYPE,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  ETHERTYPE_VLAN,
  etherType,
} from "../../src/wire/ethernet.ts";
import { checkIcmp } from "../../src/wire/icmp.ts";
import {
  checkIcmpv6,
  ICMPV6_MLDV2_REPORT,
  ICMPV6_NEIGHBOUR_ADVERTISEMENT,
  ICMPV6_NEIGHBOUR_SOLICITATION,
} from "../../src/wire/icmpv6.ts";
import { checkIgmpV3Report } from "../../src/wire/igmp.ts";
import {
  checkIpv4,
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  IPPROTO_IGMP,
  IPPROTO_TCP,
  IPPROTO_UDP,
  IPPROTO_VRRP,
  ipv4HeaderOctets,
  ipv4PayloadOctets,
  ipv4Protocol,
} from "../../src/wire/ipv4.ts";
import { checkIpv6, ipv6HeaderOctets, ipv6UpperOctets, ipv6UpperProtocol } from "../../src/wire/ipv6.ts";
import { checkMldV2Report } from "../../src/wire/mld.ts";
import { checkNeighbourAdvertisement, checkNeighbourSolicitation } from "../../src/wire/nd.ts";
import { PARSE_OK, type ParseCode } from "../../src/wire/parse-code.ts";
import { checkTcp } from "../../src/wire/tcp.ts";
import { checkUdp } from "../../src/wire/udp.ts";
import { checkVlan, VLAN_OCTETS, vlanInnerType } from "../../src/wire/vlan.ts";
import { checkVrrpV2, checkVrrpV3 } from "../../src/wire/vrrp.ts";

/** The first code that is not PARSE_OK, from the outside in; PARSE_OK for what no header file reads. */
export function checkFrame(bytes: Uint8Array, offset: number, octets: number): ParseCode {
  const code = checkEthernet(bytes, offset, octets);
  if (code !== PARSE_OK) return code;
  const end = offset + octets;
  let type = etherType(bytes, offset);
  let at = offset + ETHERNET_TYPE;
  while (type === ETHERTYPE_VLAN) {
    const tagCode = checkVlan(bytes, at, end - at);
    if (tagCode !== PARSE_OK) return tagCode;
    type = vlanInnerType(bytes, at);
    at += VLAN_OCTETS;
  }
  const payload = at + 2;
  if (type === ETHERTYPE_ARP) return checkArp(bytes, payload, end - payload);
  if (type === ETHERTYPE_IPV4) return checkPacket4(bytes, payload, end - payload);
  if (type === ETHERTYPE_IPV6) return checkPacket6(bytes, payload, end - payload);
  return PARSE_OK;
}

function checkPacket4(bytes: Uint8Array, offset: number, octets: number): ParseCode {
  const code = checkIpv4(bytes, offset, octets);
  if (code !== PARSE_OK) return code;
  const upper = offset + ipv4HeaderOctets(bytes, offset);
  const upperOctets = ipv4PayloadOctets(bytes, offset);
  switch (ipv4Protocol(bytes, offset)) {
    case IPPROTO_ICMP:
      return checkIcmp(bytes, upper, upperOctets);
    case IPPROTO_IGMP:
      return checkIgmpV3Report(bytes, upper, upperOctets);
    case IPPROTO_TCP:
      return checkTcp(bytes, upper, upperOctets, offset);
    case IPPROTO_UDP:
      return checkUdp(bytes, upper, upperOctets, offset);
    case IPPROTO_VRRP:
      return checkVrrp(bytes, upper, upperOctets, offset);
    default:
      return PARSE_OK;
  }
}

function checkPacket6(bytes: Uint8Array, offset: number, octets: number): ParseCode {
  const code = checkIpv6(bytes, offset, octets);
  if (code !== PARSE_OK) return code;
  const upper = offset + ipv6HeaderOctets(bytes, offset);
  const upperOctets = ipv6UpperOctets(bytes, offset);
  switch (ipv6UpperProtocol(bytes, offset)) {
    case IPPROTO_ICMPV6:
      return checkMessage6(bytes, upper, upperOctets, offset);
    case IPPROTO_TCP:
      return checkTcp(bytes, upper, upperOctets, offset);
    case IPPROTO_UDP:
      return checkUdp(bytes, upper, upperOctets, offset);
    case IPPROTO_VRRP:
      return checkVrrp(bytes, upper, upperOctets, offset);
    default:
      return PARSE_OK;
  }
}

function checkMessage6(bytes: Uint8Array, offset: number, octets: number, ipOffset: number): ParseCode {
  switch (octets > 0 ? bytes[offset] : 0) {
    case ICMPV6_NEIGHBOUR_SOLICITATION:
      return checkNeighbourSolicitation(bytes, offset, octets, ipOffset);
    case ICMPV6_NEIGHBOUR_ADVERTISEMENT:
      return checkNeighbourAdvertisement(bytes, offset, octets, ipOffset);
    case ICMPV6_MLDV2_REPORT:
      return checkMldV2Report(bytes, offset, octets, ipOffset);
    default:
      return checkIcmpv6(bytes, offset, octets, ipOffset);
  }
}

function checkVrrp(bytes: Uint8Array, offset: number, octets: number, ipOffset: number): ParseCode {
  const code = checkVrrpV2(bytes, offset, octets, ipOffset);
  return code === PARSE_OK ? code : checkVrrpV3(bytes, offset, octets, ipOffset);
}
