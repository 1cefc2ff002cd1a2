/** Frames of neighbours, made by hand. */

import { solicitedNodeOf, writeMulticastMac6 } from "../../src/wire/address.ts";
import { writeArp } from "../../src/wire/arp.ts";
import { ETHERTYPE_ARP, ETHERTYPE_IPV4, ETHERTYPE_IPV6, writeEthernet } from "../../src/wire/ethernet.ts";
import { ICMP_OCTETS, writeIcmpEcho } from "../../src/wire/icmp.ts";
import { writeIcmpv6Echo } from "../../src/wire/icmpv6.ts";
import { IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_TCP, IPPROTO_UDP, IPV4_OCTETS, writeIpv4 } from "../../src/wire/ipv4.ts";
import { IPV6_OCTETS, writeIpv6 } from "../../src/wire/ipv6.ts";
import { writeNeighbourAdvertisement, writeNeighbourSolicitation } from "../../src/wire/nd.ts";
import { TCP_OCTETS, TCP_WITH_MSS_OCTETS, writeTcp } from "../../src/wire/tcp.ts";
import { UDP_OCTETS, writeUdp } from "../../src/wire/udp.ts";
import { HOST_MAC, ip, mac } from "./lone-host.ts";

export const BROADCAST = "ff:ff:ff:ff:ff:ff";
export const NOBODY = "00:00:00:00:00:00";
const ETHERNET = 14;

export interface ArpFrame {
  readonly operation: 1 | 2;
  readonly senderMac: string;
  readonly senderIp: string;
  readonly targetMac?: string;
  readonly targetIp: string;
  /** Ethernet destination; broadcast unless given. */
  readonly to?: string;
}

export function arp({
  operation,
  senderMac,
  senderIp,
  targetMac = NOBODY,
  targetIp,
  to = BROADCAST,
}: ArpFrame): Uint8Array {
  const bytes = new Uint8Array(42);
  writeEthernet(bytes, 0, mac(to), mac(senderMac), ETHERTYPE_ARP);
  writeArp(bytes, ETHERNET, operation, mac(senderMac), ip(senderIp), mac(targetMac), ip(targetIp));
  return bytes;
}

export interface NaFrame {
  readonly from: string;
  readonly target: string;
  readonly flags: number;
  /** Null: without the option. */
  readonly mac: string | null;
  /** All nodes unless given; then the frame is for the host. */
  readonly destination?: string;
  readonly hopLimit?: number;
}

export function na({ from, target, flags, mac: option, destination, hopLimit = 255 }: NaFrame): Uint8Array {
  const octets = option === null ? 24 : 32;
  const bytes = new Uint8Array(ETHERNET + IPV6_OCTETS + octets);
  const to = destination === undefined ? "33:33:00:00:00:01" : HOST_MAC;
  writeEthernet(bytes, 0, mac(to), mac(from), ETHERTYPE_IPV6);
  const group = ip(destination ?? "ff02::1");
  writeIpv6(bytes, ETHERNET, 0, 0, octets, IPPROTO_ICMPV6, hopLimit, ip(target), 0, group, 0);
  writeNeighbourAdvertisement(bytes, 54, ETHERNET, flags, ip(target), 0, option === null ? null : mac(option));
  return bytes;
}

export interface NsFrame {
  readonly from: string;
  readonly source: string;
  readonly target: string;
  /** Null: without the option. */
  readonly mac: string | null;
  readonly unicast?: boolean;
}

export function ns({ from, source, target, mac: option, unicast = false }: NsFrame): Uint8Array {
  const octets = option === null ? 24 : 32;
  const bytes = new Uint8Array(ETHERNET + IPV6_OCTETS + octets);
  const destination = unicast ? ip(target) : solicitedNodeOf(ip(target));
  writeEthernet(bytes, 0, mac(HOST_MAC), mac(from), ETHERTYPE_IPV6);
  if (!unicast) writeMulticastMac6(bytes, 0, destination, 0);
  writeIpv6(bytes, ETHERNET, 0, 0, octets, IPPROTO_ICMPV6, 255, ip(source), 0, destination, 0);
  writeNeighbourSolicitation(bytes, 54, ETHERNET, ip(target), 0, option === null ? null : mac(option));
  return bytes;
}

export interface EchoFrame {
  readonly from: string;
  readonly source: string;
  readonly destination: string;
  readonly identifier?: number;
  readonly sequence?: number;
  readonly data?: number;
  readonly to?: string;
  readonly reply?: boolean;
}

/** An ICMP or ICMPv6 echo request, or a reply. */
export function echo(options: EchoFrame): Uint8Array {
  const { identifier = 1, sequence = 1, data = 8, to = HOST_MAC, reply = false } = options;
  const source = ip(options.source);
  const destination = ip(options.destination);
  const isIpv4 = source.length === 4;
  const at = ETHERNET + (isIpv4 ? IPV4_OCTETS : IPV6_OCTETS);
  const octets = ICMP_OCTETS + data;
  const bytes = new Uint8Array(at + octets);
  for (let i = 0; i < data; i++) bytes[at + ICMP_OCTETS + i] = i;
  writeEthernet(bytes, 0, mac(to), mac(options.from), isIpv4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6);
  if (isIpv4) {
    writeIpv4(bytes, ETHERNET, 0, IPV4_OCTETS + octets, 1, 0, 64, IPPROTO_ICMP, source, 0, destination, 0);
    writeIcmpEcho(bytes, at, reply ? 0 : 8, identifier, sequence, data);
  } else {
    writeIpv6(bytes, ETHERNET, 0, 0, octets, IPPROTO_ICMPV6, 64, source, 0, destination, 0);
    writeIcmpv6Echo(bytes, at, ETHERNET, reply ? 129 : 128, identifier, sequence, data);
  }
  return bytes;
}

/** A UDP datagram with `data` octets, of which the first two are `sequence`. */
export function udp(
  options: EchoFrame & { readonly sourcePort: number; readonly destinationPort: number },
): Uint8Array {
  const { sequence = 1, data = 8, sourcePort, destinationPort } = options;
  const source = ip(options.source);
  const destination = ip(options.destination);
  const isIpv4 = source.length === 4;
  const at = ETHERNET + (isIpv4 ? IPV4_OCTETS : IPV6_OCTETS);
  const octets = UDP_OCTETS + data;
  const bytes = new Uint8Array(at + octets);
  for (let i = 0; i < data; i++) bytes[at + UDP_OCTETS + i] = i < 2 ? (sequence >> (8 - 8 * i)) & 0xff : i;
  writeEthernet(bytes, 0, mac(options.to ?? HOST_MAC), mac(options.from), isIpv4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6);
  if (isIpv4) writeIpv4(bytes, ETHERNET, 0, IPV4_OCTETS + octets, 1, 0, 64, IPPROTO_UDP, source, 0, destination, 0);
  else writeIpv6(bytes, ETHERNET, 0, 0, octets, IPPROTO_UDP, 64, source, 0, destination, 0);
  writeUdp(bytes, at, ETHERNET, sourcePort, destinationPort, data);
  return bytes;
}

export interface TcpFrame {
  readonly from: string;
  readonly source: string;
  readonly destination: string;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly sequence?: number;
  readonly acknowledgment?: number;
  readonly flags: number;
  readonly window?: number;
  /** Above 0: with that option. */
  readonly maximum?: number;
  /** Octets of data. */
  readonly data?: number;
}

export function tcp(options: TcpFrame): Uint8Array {
  const { sourcePort = 40_000, destinationPort = 80, sequence = 0, acknowledgment = 0, flags } = options;
  const { window = 64_240, maximum = 0, data = 0 } = options;
  const source = ip(options.source);
  const destination = ip(options.destination);
  const isIpv4 = source.length === 4;
  const at = ETHERNET + (isIpv4 ? IPV4_OCTETS : IPV6_OCTETS);
  const octets = (maximum > 0 ? TCP_WITH_MSS_OCTETS : TCP_OCTETS) + data;
  const bytes = new Uint8Array(at + octets);
  writeEthernet(bytes, 0, mac(HOST_MAC), mac(options.from), isIpv4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6);
  if (isIpv4) writeIpv4(bytes, ETHERNET, 0, IPV4_OCTETS + octets, 1, 0, 64, IPPROTO_TCP, source, 0, destination, 0);
  else writeIpv6(bytes, ETHERNET, 0, 0, octets, IPPROTO_TCP, 64, source, 0, destination, 0);
  const ports = [sourcePort, destinationPort] as const;
  writeTcp(bytes, at, ETHERNET, ...ports, sequence, acknowledgment, flags, window, maximum, data);
  return bytes;
}
