/**
 * Receiving an IP packet: it is checked as a whole, refused unless it is for this host, and handed to the protocol it carries. The
 * host answers echo requests, UDP datagrams to the echo port (RFC 862) and TCP connections itself; programs register for other protocols,
 * as a raw socket does.
 */
import { checkIcmp, ICMP_ECHO_REPLY, ICMP_ECHO_REQUEST, icmpIdentifier, icmpSequence, icmpType } from "../wire/icmp.ts";
import {
  checkIcmpv6,
  ICMPV6_ECHO_REPLY,
  ICMPV6_ECHO_REQUEST,
  ICMPV6_NEIGHBOUR_ADVERTISEMENT,
  ICMPV6_NEIGHBOUR_SOLICITATION,
  icmpv6Identifier,
  icmpv6Sequence,
  icmpv6Type,
} from "../wire/icmpv6.ts";
import {
  checkIpv4,
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  IPPROTO_TCP,
  IPPROTO_UDP,
  IPV4_DESTINATION,
  IPV4_SOURCE,
  ipv4HeaderOctets,
  ipv4PayloadOctets,
  ipv4Protocol,
} from "../wire/ipv4.ts";
import { checkIpv6, IPV6_DESTINATION, ipv6HeaderOctets, ipv6UpperOctets, ipv6UpperProtocol } from "../wire/ipv6.ts";
import { PARSE_OK } from "../wire/parse-code.ts";
import { checkTcp } from "../wire/tcp.ts";
import { checkUdp } from "../wire/udp.ts";
import { answerEcho4, answerEcho6, receiveUdp } from "./echo.ts";
import { receiveNeighbourAdvertisement, receiveNeighbourSolicitation } from "./nd.ts";
import type { Nic } from "./nic.ts";

/** A program's raw socket: gets every packet of its protocol that is for this host. */
export interface ProtocolHandler {
  /** In the slab the IP header at `ip` is checked; the payload, `octets` octets at `at`, is not. Valid during the call. */
  onPacket(nic: Nic, ip: number, at: number, octets: number): void;
}

/** The IPv4 packet at `ip`, `octets` octets of which are in the frame. Valid during the call. `isOwn`: it never left the host. */
export function receiveIpv4(nic: Nic, ip: number, octets: number, isOwn = false): void {
  const { host } = nic;
  const { bytes } = host.platform.slab;
  if (checkIpv4(bytes, ip, octets) !== PARSE_OK) {
    host.packetsMalformed++;
    return;
  }
  const destination = ip + IPV4_DESTINATION;
  const isGroup = (bytes[destination]! & 0xf0) === 0xe0;
  if (isGroup ? !nic.listensTo(bytes, destination, 4) : !host.ownsAnywhere(bytes, destination, 4)) return;
  // Linux: a martian, refused before any program sees it.
  if (!isOwn && nic.level4("acceptLocal") === 0 && host.ownsAnywhere(bytes, ip + IPV4_SOURCE, 4)) {
    host.packetsMalformed++;
    return;
  }
  if (host.firewall.drops(bytes, destination, 4)) return;
  const at = ip + ipv4HeaderOctets(bytes, ip);
  const payloadOctets = ipv4PayloadOctets(bytes, ip);
  const protocol = ipv4Protocol(bytes, ip);
  const handler = host.protocolHandler(protocol);
  if (handler !== undefined) {
    handler.onPacket(nic, ip, at, payloadOctets);
  } else if (protocol === IPPROTO_ICMP) {
    if (checkIcmp(bytes, at, payloadOctets) !== PARSE_OK) {
      host.packetsMalformed++;
      return;
    }
    const type = icmpType(bytes, at);
    if (type === ICMP_ECHO_REQUEST && !isGroup) answerEcho4(nic, ip, at, payloadOctets);
    else if (type === ICMP_ECHO_REPLY)
      host.echoReplied(icmpIdentifier(bytes, at), icmpSequence(bytes, at), host.platform.slab.frameAt(ip));
  } else if (protocol === IPPROTO_UDP) {
    if (checkUdp(bytes, at, payloadOctets, ip) !== PARSE_OK) host.packetsMalformed++;
    else receiveUdp(nic, ip, at);
  } else if (protocol === IPPROTO_TCP && !isGroup) {
    if (checkTcp(bytes, at, payloadOctets, ip) !== PARSE_OK) host.packetsMalformed++;
    else host.tcp.receive(nic, ip, at, payloadOctets);
  }
}

/** The IPv6 packet at `ip`, `octets` octets of which are in the frame. Valid during the call. */
export function receiveIpv6(nic: Nic, ip: number, octets: number): void {
  const { host } = nic;
  const { bytes } = host.platform.slab;
  if (checkIpv6(bytes, ip, octets) !== PARSE_OK) {
    host.packetsMalformed++;
    return;
  }
  const destination = ip + IPV6_DESTINATION;
  const isGroup = bytes[destination] === 0xff;
  if (isGroup ? !nic.listensTo(bytes, destination, 16) : !host.ownsAnywhere(bytes, destination, 16)) return;
  const at = ip + ipv6HeaderOctets(bytes, ip);
  const payloadOctets = ipv6UpperOctets(bytes, ip);
  const protocol = ipv6UpperProtocol(bytes, ip);
  if (!isNeighbourDiscovery(bytes, at, protocol, payloadOctets) && host.firewall.drops(bytes, destination, 16)) return;
  const handler = host.protocolHandler(protocol);
  if (handler !== undefined) {
    handler.onPacket(nic, ip, at, payloadOctets);
  } else if (protocol === IPPROTO_ICMPV6) {
    if (checkIcmpv6(bytes, at, payloadOctets, ip) !== PARSE_OK) {
      host.packetsMalformed++;
      return;
    }
    const type = icmpv6Type(bytes, at);
    if (type === ICMPV6_NEIGHBOUR_SOLICITATION) receiveNeighbourSolicitation(nic, bytes, ip, at, payloadOctets);
    else if (type === ICMPV6_NEIGHBOUR_ADVERTISEMENT) receiveNeighbourAdvertisement(nic, bytes, ip, at, payloadOctets);
    else if (type === ICMPV6_ECHO_REQUEST && !isGroup) answerEcho6(nic, ip, at, payloadOctets);
    else if (type === ICMPV6_ECHO_REPLY)
      host.echoReplied(icmpv6Identifier(bytes, at), icmpv6Sequence(bytes, at), host.platform.slab.frameAt(ip));
  } else if (protocol === IPPROTO_UDP) {
    if (checkUdp(bytes, at, payloadOctets, ip) !== PARSE_OK) host.packetsMalformed++;
    else receiveUdp(nic, ip, at);
  } else if (protocol === IPPROTO_TCP && !isGroup) {
    if (checkTcp(bytes, at, payloadOctets, ip) !== PARSE_OK) host.packetsMalformed++;
    else host.tcp.receive(nic, ip, at, payloadOctets);
  }
}

/** A question about a neighbour, or an answer. */
function isNeighbourDiscovery(bytes: Uint8Array, at: number, protocol: number, octets: number): boolean {
  if (protocol !== IPPROTO_ICMPV6 || octets === 0) return false;
  const type = icmpv6Type(bytes, at);
  return type === ICMPV6_NEIGHBOUR_SOLICITATION || type === ICMPV6_NEIGHBOUR_ADVERTISEMENT;
}
