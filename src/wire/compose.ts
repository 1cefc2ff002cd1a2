/**
 * A whole frame from its description: Ethernet header, tag, IP header and message, each written by the writer of its own header, checksums
 * included. For frames that people describe, honest ones and lies: nothing is judged but that the fields hold what they are given.
 *
 * Off the fast path: it allocates as it likes. Frames are as long as they are, without padding and FCS.
 */
import { readU16, writeU16 } from "../base/bytes.ts";
import { ARP_OCTETS, writeArp } from "./arp.ts";
import { CARP_CHECKSUM, CARP_OCTETS, writeCarp } from "./carp.ts";
import {
  ETHERNET_OCTETS,
  ETHERNET_TYPE,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  writeEthernet,
} from "./ethernet.ts";
import { ICMP_CHECKSUM, ICMP_ECHO_REPLY, ICMP_ECHO_REQUEST, ICMP_OCTETS, writeIcmpEcho } from "./icmp.ts";
import { ICMPV6_CHECKSUM, ICMPV6_ECHO_REPLY, ICMPV6_ECHO_REQUEST, writeIcmpv6Echo } from "./icmpv6.ts";
import {
  IPPROTO_ICMP,
  IPPROTO_ICMPV6,
  IPPROTO_UDP,
  IPPROTO_VRRP,
  IPV4_DONT_FRAGMENT,
  IPV4_OCTETS,
  writeIpv4,
} from "./ipv4.ts";
import { IPV6_OCTETS, writeIpv6 } from "./ipv6.ts";
import { ND_OCTETS, ND_WITH_MAC_OCTETS, writeNeighbourAdvertisement, writeNeighbourSolicitation } from "./nd.ts";
import { UDP_CHECKSUM, UDP_OCTETS, writeUdp } from "./udp.ts";
import { VLAN_OCTETS, writeVlan } from "./vlan.ts";
import { VRRP_AUTH_NONE, VRRP_AUTH_PASS, VRRP_CHECKSUM, vrrpExpectedOctets, writeVrrpV2, writeVrrpV3 } from "./vrrp.ts";

/** MACs have six octets, IP addresses 4 or 16. */
export interface FrameDescription {
  readonly destination: Uint8Array;
  readonly source: Uint8Array;
  /** The VLAN ID of its tag; null: it has none. */
  readonly vlan: number | null;
  readonly content: FrameContent;
}

export type FrameContent = ArpContent | IpContent;

export interface ArpContent {
  readonly what: "arp";
  readonly operation: number;
  readonly senderMac: Uint8Array;
  readonly senderIp: Uint8Array;
  readonly targetMac: Uint8Array;
  readonly targetIp: Uint8Array;
}

/** Addresses are of one family; `message` is one that this family has. */
export interface IpContent {
  readonly what: "ip";
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  /** 0 to 255, the hop limit of IPv6. */
  readonly ttl: number;
  readonly message: IpMessage;
  /** `none`: 0, which over IPv4 says that a datagram has none. */
  readonly checksum: "right" | "wrong" | "none";
}

export type IpMessage =
  /** `mac` null: without the option. */
  | { readonly what: "ns"; readonly target: Uint8Array; readonly mac: Uint8Array | null }
  /** `flags` are ND_FLAG_… . */
  | { readonly what: "na"; readonly target: Uint8Array; readonly mac: Uint8Array | null; readonly flags: number }
  | {
      readonly what: "vrrp";
      readonly version: 2 | 3;
      readonly vrid: number;
      readonly priority: number;
      /** Version 2: a multiple of 100, 255 s at most; version 3: 4,095 at most. */
      readonly intervalCs: number;
      readonly addresses: readonly Uint8Array[];
      /** 8 octets; null: none. Version 2 over IPv4 has one. */
      readonly password: Uint8Array | null;
    }
  /** `address` is the virtual one. */
  | {
      readonly what: "carp";
      readonly vhid: number;
      readonly baseS: number;
      readonly skew: number;
      readonly address: Uint8Array;
      readonly password: Uint8Array;
    }
  | { readonly what: "udp"; readonly sourcePort: number; readonly port: number; readonly dataOctets: number }
  | {
      readonly what: "icmp";
      readonly isReply: boolean;
      readonly identifier: number;
      readonly sequence: number;
      readonly dataOctets: number;
    };

/** The octets of the frame. Data of datagrams and echo messages is zeros. */
export function composeFrame({ destination, source, vlan, content }: FrameDescription): Uint8Array {
  const start = ETHERNET_OCTETS + (vlan === null ? 0 : VLAN_OCTETS);
  const bytes = new Uint8Array(start + contentOctets(content));
  const type = content.what === "arp" ? ETHERTYPE_ARP : content.from.length === 4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6;
  writeEthernet(bytes, 0, destination, source, type);
  if (vlan !== null) {
    writeVlan(bytes, ETHERNET_TYPE, vlan, 0, false);
    writeU16(bytes, ETHERNET_TYPE + VLAN_OCTETS, type);
  }
  if (content.what === "ip") {
    writeIp(bytes, start, content);
    return bytes;
  }
  const { operation, senderMac, senderIp, targetMac, targetIp } = content;
  writeArp(bytes, start, operation, senderMac, senderIp, targetMac, targetIp);
  return bytes;
}

function contentOctets(content: FrameContent): number {
  if (content.what === "arp") return ARP_OCTETS;
  const { message, from } = content;
  return (from.length === 4 ? IPV4_OCTETS : IPV6_OCTETS) + messageOctets(message, from.length);
}

function messageOctets(message: IpMessage, addressOctets: number): number {
  switch (message.what) {
    case "ns":
    case "na":
      return message.mac === null ? ND_OCTETS : ND_WITH_MAC_OCTETS;
    case "vrrp":
      return vrrpExpectedOctets(message.version, message.addresses.length, addressOctets);
    case "carp":
      return CARP_OCTETS;
    case "udp":
      return UDP_OCTETS + message.dataOctets;
    case "icmp":
      return ICMP_OCTETS + message.dataOctets;
  }
}

function writeIp(bytes: Uint8Array, ip: number, { from, to, ttl, message, checksum }: IpContent): void {
  const isVersion4 = from.length === 4;
  const at = ip + (isVersion4 ? IPV4_OCTETS : IPV6_OCTETS);
  const protocol = protocolOf(message, isVersion4);
  if (isVersion4) writeIpv4(bytes, ip, 0, bytes.length - ip, 0, IPV4_DONT_FRAGMENT, ttl, protocol, from, 0, to, 0);
  else writeIpv6(bytes, ip, 0, 0, bytes.length - at, protocol, ttl, from, 0, to, 0);
  const sum = at + writeMessage(bytes, at, ip, message, isVersion4);
  if (checksum === "none") writeU16(bytes, sum, 0);
  // Neither the other zero of the one's complement, nor a datagram without checksum.
  if (checksum === "wrong") writeU16(bytes, sum, readU16(bytes, sum) ^ 1 || 2);
}

function protocolOf({ what }: IpMessage, isVersion4: boolean): number {
  if (what === "udp") return IPPROTO_UDP;
  if (what === "vrrp" || what === "carp") return IPPROTO_VRRP;
  return isVersion4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
}

/** Writes it at `at`, behind the IP header at `ip`. Returns where its checksum stands, from `at` on. */
function writeMessage(bytes: Uint8Array, at: number, ip: number, message: IpMessage, isVersion4: boolean): number {
  switch (message.what) {
    case "ns":
      writeNeighbourSolicitation(bytes, at, ip, message.target, 0, message.mac);
      return ICMPV6_CHECKSUM;
    case "na":
      writeNeighbourAdvertisement(bytes, at, ip, message.flags, message.target, 0, message.mac);
      return ICMPV6_CHECKSUM;
    case "vrrp": {
      const { version, vrid, priority, intervalCs, addresses, password } = message;
      const list = Uint8Array.from(addresses.flatMap((address) => [...address]));
      const authType = password === null ? VRRP_AUTH_NONE : VRRP_AUTH_PASS;
      const count = addresses.length;
      if (version === 2) writeVrrpV2(bytes, at, ip, vrid, priority, authType, intervalCs / 100, list, count, password);
      else writeVrrpV3(bytes, at, ip, vrid, priority, intervalCs, list, count);
      return VRRP_CHECKSUM;
    }
    case "carp": {
      const { vhid, baseS, skew, address, password } = message;
      writeCarp(bytes, at, vhid, baseS, skew, address, password);
      return CARP_CHECKSUM;
    }
    case "udp":
      writeUdp(bytes, at, ip, message.sourcePort, message.port, message.dataOctets);
      return UDP_CHECKSUM;
    case "icmp": {
      const { isReply, identifier, sequence, dataOctets } = message;
      if (isVersion4) {
        writeIcmpEcho(bytes, at, isReply ? ICMP_ECHO_REPLY : ICMP_ECHO_REQUEST, identifier, sequence, dataOctets);
        return ICMP_CHECKSUM;
      }
      const type = isReply ? ICMPV6_ECHO_REPLY : ICMPV6_ECHO_REQUEST;
      writeIcmpv6Echo(bytes, at, ip, type, identifier, sequence, dataOctets);
      return ICMPV6_CHECKSUM;
    }
  }
}
