/** What stands behind an IPv4 or IPv6 header, for `describeFrame`. */
import { formatIp, formatMac } from "./address.ts";
import { AH_OCTETS, ahNextHeader, ahSequence } from "./ah.ts";
import { describeTcp } from "./describe-tcp.ts";
import { describeVrrp } from "./describe-vrrp.ts";
import {
  checkIcmp,
  ICMP_DESTINATION_UNREACHABLE,
  ICMP_ECHO_REPLY,
  ICMP_ECHO_REQUEST,
  ICMP_OCTETS,
  ICMP_TIME_EXCEEDED,
  icmpCode,
  icmpIdentifier,
  icmpSequence,
  icmpType,
} from "./icmp.ts";
import {
  checkIcmpv6,
  ICMPV6_DESTINATION_UNREACHABLE,
  ICMPV6_ECHO_REPLY,
  ICMPV6_ECHO_REQUEST,
  ICMPV6_MLDV2_REPORT,
  ICMPV6_NEIGHBOUR_ADVERTISEMENT,
  ICMPV6_NEIGHBOUR_SOLICITATION,
  ICMPV6_ROUTER_ADVERTISEMENT,
  ICMPV6_ROUTER_SOLICITATION,
  icmpv6Code,
  icmpv6Identifier,
  icmpv6Sequence,
  icmpv6Type,
} from "./icmpv6.ts";
import {
  checkIgmpV3Report,
  GROUP_CHANGE_TO_EXCLUDE,
  GROUP_CHANGE_TO_INCLUDE,
  IGMP_FIRST_RECORD,
  IGMP_RECORD_GROUP,
  IGMP_V3_REPORT,
  igmpRecordCount,
  igmpRecordOctets,
  igmpRecordSourceCount,
  igmpRecordType,
} from "./igmp.ts";
import {
  checkIpv4,
  IPPROTO_AH,
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  IPPROTO_IGMP,
  IPPROTO_TCP,
  IPPROTO_UDP,
  IPPROTO_VRRP,
  IPV4_DESTINATION,
  IPV4_SOURCE,
  ipv4FragmentOffset,
  ipv4HeaderOctets,
  ipv4Identification,
  ipv4PayloadOctets,
  ipv4Protocol,
} from "./ipv4.ts";
import {
  checkIpv6,
  IPV6_DESTINATION,
  IPV6_SOURCE,
  ipv6HeaderOctets,
  ipv6UpperOctets,
  ipv6UpperProtocol,
} from "./ipv6.ts";
import {
  checkMldV2Report,
  MLD_FIRST_RECORD,
  MLD_RECORD_GROUP,
  mldRecordCount,
  mldRecordOctets,
  mldRecordSourceCount,
  mldRecordType,
} from "./mld.ts";
import {
  checkNeighbourAdvertisement,
  checkNeighbourSolicitation,
  ND_FLAG_OVERRIDE,
  ND_FLAG_ROUTER,
  ND_FLAG_SOLICITED,
  ND_OCTETS,
  ND_OPTION_SOURCE_MAC,
  ND_OPTION_TARGET_MAC,
  ND_TARGET,
  ndFlags,
  ndLinkLayerOption,
} from "./nd.ts";
import { PARSE_BAD_CHECKSUM, PARSE_FRAGMENT, PARSE_OK, PARSE_TRUNCATED, parseNote } from "./parse-code.ts";
import { checkUdp, UDP_OCTETS, udpChecksumIsOffloaded, udpDestinationPort, udpSourcePort } from "./udp.ts";

const PROTOCOL_NAMES: Readonly<Record<number, string>> = {
  [IPPROTO_ICMP]: "ICMP",
  [IPPROTO_IGMP]: "IGMP",
  [IPPROTO_TCP]: "TCP",
  [IPPROTO_UDP]: "UDP",
  [IPPROTO_AH]: "AH",
  [IPPROTO_ICMPV6]: "ICMP6",
  [IPPROTO_VRRP]: "VRRP",
};

const ICMP_NAMES: Readonly<Record<number, string>> = {
  [ICMP_DESTINATION_UNREACHABLE]: "destination unreachable",
  [ICMP_TIME_EXCEEDED]: "time exceeded",
};

/** `offset` is the IPv4 header's, `octets` what the frame has from there on. */
export function describeIpv4(bytes: Uint8Array, offset: number, octets: number): string {
  const code = checkIpv4(bytes, offset, octets);
  if (code !== PARSE_OK && code !== PARSE_FRAGMENT && code !== PARSE_BAD_CHECKSUM) {
    return `IPv4${parseNote(code)}, length ${octets}`;
  }
  const addresses = `${formatIp(bytes, offset + IPV4_SOURCE, 4)} > ${formatIp(bytes, offset + IPV4_DESTINATION, 4)}`;
  const payloadOctets = ipv4PayloadOctets(bytes, offset);
  if (code === PARSE_BAD_CHECKSUM) return `${addresses}: IPv4${parseNote(code)}, length ${payloadOctets}`;
  if (code === PARSE_FRAGMENT) {
    const where = `id ${ipv4Identification(bytes, offset)} offset ${ipv4FragmentOffset(bytes, offset)}`;
    return `${addresses}: fragment ${where} of ${protocolName(ipv4Protocol(bytes, offset))}, length ${payloadOctets}`;
  }
  const upper = offset + ipv4HeaderOctets(bytes, offset);
  return `${addresses}: ${describeUpper4(bytes, upper, payloadOctets, offset)}`;
}

/** `offset` is the IPv6 header's, `octets` what the frame has from there on. */
export function describeIpv6(bytes: Uint8Array, offset: number, octets: number): string {
  const code = checkIpv6(bytes, offset, octets);
  if (code !== PARSE_OK && code !== PARSE_FRAGMENT) return `IPv6${parseNote(code)}, length ${octets}`;
  const addresses = `${formatIp(bytes, offset + IPV6_SOURCE, 16)} > ${formatIp(bytes, offset + IPV6_DESTINATION, 16)}`;
  const upperOctets = ipv6UpperOctets(bytes, offset);
  if (code === PARSE_FRAGMENT) return `${addresses}: fragment, length ${upperOctets}`;
  const upper = offset + ipv6HeaderOctets(bytes, offset);
  return `${addresses}: ${describeUpper6(bytes, upper, upperOctets, offset)}`;
}

function describeUpper4(bytes: Uint8Array, offset: number, octets: number, ipOffset: number): string {
  const protocol = ipv4Protocol(bytes, ipOffset);
  switch (protocol) {
    case IPPROTO_ICMP:
      return describeIcmp(bytes, offset, octets);
    case IPPROTO_IGMP:
      return describeIgmp(bytes, offset, octets);
    case IPPROTO_TCP:
      return describeTcp(bytes, offset, octets, ipOffset);
    case IPPROTO_UDP:
      return describeUdp(bytes, offset, octets, ipOffset);
    case IPPROTO_VRRP:
      return describeVrrp(bytes, offset, octets, ipOffset);
    case IPPROTO_AH:
      if (octets < AH_OCTETS || ahNextHeader(bytes, offset) !== IPPROTO_VRRP) return `AH, length ${octets}`;
      return `AH seq ${ahSequence(bytes, offset)}, ${describeVrrp(bytes, offset + AH_OCTETS, octets - AH_OCTETS, ipOffset)}`;
    default:
      return `${protocolName(protocol)}, length ${octets}`;
  }
}

function describeUpper6(bytes: Uint8Array, offset: number, octets: number, ipOffset: number): string {
  const protocol = ipv6UpperProtocol(bytes, ipOffset);
  switch (protocol) {
    case IPPROTO_TCP:
      return describeTcp(bytes, offset, octets, ipOffset);
    case IPPROTO_UDP:
      return describeUdp(bytes, offset, octets, ipOffset);
    case IPPROTO_ICMPV6:
      return describeIcmpv6(bytes, offset, octets, ipOffset);
    case IPPROTO_VRRP:
      return describeVrrp(bytes, offset, octets, ipOffset);
    default:
      return `${protocolName(protocol)}, length ${octets}`;
  }
}

function protocolName(protocol: number): string {
  return PROTOCOL_NAMES[protocol] ?? `IP protocol ${protocol}`;
}

function describeIcmp(bytes: Uint8Array, offset: number, octets: number): string {
  const code = checkIcmp(bytes, offset, octets);
  if (octets < ICMP_OCTETS) return `ICMP${parseNote(code)}, length ${octets}`;
  const type = icmpType(bytes, offset);
  const echo = `id ${icmpIdentifier(bytes, offset)}, seq ${icmpSequence(bytes, offset)}`;
  const tail = `, length ${octets}${parseNote(code)}`;
  if (type === ICMP_ECHO_REQUEST) return `ICMP echo request, ${echo}${tail}`;
  if (type === ICMP_ECHO_REPLY) return `ICMP echo reply, ${echo}${tail}`;
  return `ICMP ${ICMP_NAMES[type] ?? `type ${type}`}, code ${icmpCode(bytes, offset)}${tail}`;
}

function describeIcmpv6(bytes: Uint8Array, offset: number, octets: number, ipOffset: number): string {
  const code = checkIcmpv6(bytes, offset, octets, ipOffset);
  if (code === PARSE_TRUNCATED) return `ICMP6${parseNote(code)}, length ${octets}`;
  const type = icmpv6Type(bytes, offset);
  const echo = `id ${icmpv6Identifier(bytes, offset)}, seq ${icmpv6Sequence(bytes, offset)}`;
  const tail = `, length ${octets}${parseNote(code)}`;
  switch (type) {
    case ICMPV6_NEIGHBOUR_SOLICITATION:
      return describeSolicitation(bytes, offset, octets, ipOffset);
    case ICMPV6_NEIGHBOUR_ADVERTISEMENT:
      return describeAdvertisement(bytes, offset, octets, ipOffset);
    case ICMPV6_MLDV2_REPORT:
      return describeMld(bytes, offset, octets, ipOffset);
    case ICMPV6_ECHO_REQUEST:
      return `ICMP6 echo request, ${echo}${tail}`;
    case ICMPV6_ECHO_REPLY:
      return `ICMP6 echo reply, ${echo}${tail}`;
    case ICMPV6_ROUTER_SOLICITATION:
      return `ICMP6 router solicitation${tail}`;
    case ICMPV6_ROUTER_ADVERTISEMENT:
      return `ICMP6 router advertisement${tail}`;
    case ICMPV6_DESTINATION_UNREACHABLE:
      return `ICMP6 destination unreachable, code ${icmpv6Code(bytes, offset)}${tail}`;
    default:
      return `ICMP6 type ${type}, code ${icmpv6Code(bytes, offset)}${tail}`;
  }
}

function describeSolicitation(bytes: Uint8Array, offset: number, octets: number, ipOffset: number): string {
  const note = parseNote(checkNeighbourSolicitation(bytes, offset, octets, ipOffset));
  if (octets < ND_OCTETS) return `ICMP6 neighbour solicitation${note}, length ${octets}`;
  const mac = ndLinkLayerOption(bytes, offset, octets, ND_OPTION_SOURCE_MAC);
  const from = mac < 0 ? "" : `, tell ${formatMac(bytes, mac)}`;
  return `ICMP6 neighbour solicitation, who has ${formatIp(bytes, offset + ND_TARGET, 16)}${from}${note}`;
}

function describeAdvertisement(bytes: Uint8Array, offset: number, octets: number, ipOffset: number): string {
  const note = parseNote(checkNeighbourAdvertisement(bytes, offset, octets, ipOffset));
  if (octets < ND_OCTETS) return `ICMP6 neighbour advertisement${note}, length ${octets}`;
  const flags = ndFlags(bytes, offset);
  const words = [
    (flags & ND_FLAG_ROUTER) !== 0 ? "router" : "",
    (flags & ND_FLAG_SOLICITED) !== 0 ? "solicited" : "unsolicited",
    (flags & ND_FLAG_OVERRIDE) !== 0 ? "override" : "",
  ];
  const mac = ndLinkLayerOption(bytes, offset, octets, ND_OPTION_TARGET_MAC);
  const where = mac < 0 ? "" : ` is at ${formatMac(bytes, mac)}`;
  const target = formatIp(bytes, offset + ND_TARGET, 16);
  return `ICMP6 neighbour advertisement, ${target}${where} (${words.filter((word) => word !== "").join(", ")})${note}`;
}

function describeUdp(bytes: Uint8Array, offset: number, octets: number, ipOffset: number): string {
  const code = checkUdp(bytes, offset, octets, ipOffset);
  if (octets < UDP_OCTETS) return `UDP${parseNote(code)}, length ${octets}`;
  const ports = `${udpSourcePort(bytes, offset)} > ${udpDestinationPort(bytes, offset)}`;
  const isOffloaded = code === PARSE_BAD_CHECKSUM && udpChecksumIsOffloaded(bytes, offset, ipOffset);
  const note = isOffloaded ? " [checksum offloaded]" : parseNote(code);
  return `UDP ${ports}, length ${octets - UDP_OCTETS}${note}`;
}

function describeIgmp(bytes: Uint8Array, offset: number, octets: number): string {
  const type = octets > 0 ? bytes[offset]! : -1;
  if (type >= 0 && type !== IGMP_V3_REPORT)
    return `IGMP type 0x${type.toString(16).padStart(2, "0")}, length ${octets}`;
  const code = checkIgmpV3Report(bytes, offset, octets);
  if (code !== PARSE_OK) return `IGMPv3 report${parseNote(code)}, length ${octets}`;
  const records: string[] = [];
  let record = offset + IGMP_FIRST_RECORD;
  for (let left = igmpRecordCount(bytes, offset); left > 0; left--) {
    const group = formatIp(bytes, record + IGMP_RECORD_GROUP, 4);
    records.push(groupChange(igmpRecordType(bytes, record), group, igmpRecordSourceCount(bytes, record)));
    record += igmpRecordOctets(bytes, record);
  }
  return `IGMPv3 report, ${records.join(", ")}`;
}

function describeMld(bytes: Uint8Array, offset: number, octets: number, ipOffset: number): string {
  const code = checkMldV2Report(bytes, offset, octets, ipOffset);
  if (code !== PARSE_OK) return `MLDv2 report${parseNote(code)}, length ${octets}`;
  const records: string[] = [];
  let record = offset + MLD_FIRST_RECORD;
  for (let left = mldRecordCount(bytes, offset); left > 0; left--) {
    const group = formatIp(bytes, record + MLD_RECORD_GROUP, 16);
    records.push(groupChange(mldRecordType(bytes, record), group, mldRecordSourceCount(bytes, record)));
    record += mldRecordOctets(bytes, record);
  }
  return `MLDv2 report, ${records.join(", ")}`;
}

/** `join 224.0.0.18`: what the record means to the group; with sources, or of another type, what it says. */
function groupChange(type: number, group: string, sources: number): string {
  if (sources === 0 && type === GROUP_CHANGE_TO_EXCLUDE) return `join ${group}`;
  if (sources === 0 && type === GROUP_CHANGE_TO_INCLUDE) return `leave ${group}`;
  return `record type ${type} ${group} with ${sources} sources`;
}
