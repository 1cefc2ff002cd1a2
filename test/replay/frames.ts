/** Small captures for the story: frames as hosts send them, at given times. */
import { replayCapture } from "../../src/replay/make-report.ts";
import type { ReplayOptions } from "../../src/replay/replay.ts";
import type { ReplayReport } from "../../src/replay/report.ts";
import { parseIp } from "../../src/text/ip-text.ts";
import { BROADCAST_MAC, parseMac } from "../../src/wire/address.ts";
import { ARP_REPLY, ARP_REQUEST, writeArp } from "../../src/wire/arp.ts";
import { ETHERTYPE_ARP, ETHERTYPE_IPV4, ETHERTYPE_IPV6, writeEthernet } from "../../src/wire/ethernet.ts";
import { IPPROTO_ICMPV6, IPPROTO_UDP, IPPROTO_VRRP, writeIpv4 } from "../../src/wire/ipv4.ts";
import { writeIpv6 } from "../../src/wire/ipv6.ts";
import {
  ND_FLAG_OVERRIDE,
  ND_FLAG_SOLICITED,
  ND_WITH_MAC_OCTETS,
  writeNeighbourAdvertisement,
} from "../../src/wire/nd.ts";
import { writeVrrpV2, writeVrrpV3 } from "../../src/wire/vrrp.ts";
import {
  classicPcap,
  concat,
  enhancedPacket,
  flags,
  interfaceDescription,
  octet,
  sectionHeader,
  text,
} from "../capture/build-capture.ts";

export const A = "02:00:00:00:00:01";
export const B = "02:00:00:00:00:02";
export const CLIENT = "02:00:00:00:00:64";
export const VIP = "10.0.1.50";
export const VIRTUAL = "00:00:5e:00:01:33";
const VRRP_GROUP_MAC = "01:00:5e:00:00:12";

export interface Sent {
  /** Seconds. */
  readonly at: number;
  readonly bytes: Uint8Array;
  /** By name; without any, the capture is a classic pcap. */
  readonly on?: string;
  readonly direction?: "inbound" | "outbound";
  /** Octets on the wire, if the capture cut it off. */
  readonly originalOctets?: number;
}

/** Replays what was sent, in the given order. */
export function replay(sent: readonly Sent[], options: ReplayOptions = {}): ReplayReport {
  return replayCapture("x", captureOf(sent), options);
}

export function captureOf(sent: readonly Sent[]): Uint8Array {
  const names = [...new Set(sent.map(({ on }) => on))].filter((name) => name !== undefined);
  const times = sent.map(({ at }) => ({ seconds: Math.floor(at), fraction: Math.round((at - Math.floor(at)) * 1e9) }));
  const original = ({ bytes, originalOctets = bytes.length }: Sent) => originalOctets;
  if (names.length === 0) {
    const packets = sent.map((it, i) => ({ ...times[i]!, bytes: it.bytes, originalOctets: original(it) }));
    return classicPcap(packets, { nanoseconds: true });
  }
  return concat(
    sectionHeader(true),
    ...names.map((name) => interfaceDescription(true, [text(2, name), octet(9, 9)])),
    ...sent.map((it, i) =>
      enhancedPacket(true, {
        interfaceIndex: names.indexOf(it.on!),
        ticks: BigInt(times[i]!.seconds) * 1_000_000_000n + BigInt(times[i]!.fraction),
        bytes: it.bytes,
        originalOctets: original(it),
        options: it.direction === undefined ? [] : [flags(true, it.direction)],
      }),
    ),
  );
}

export function mac(text: string): Uint8Array {
  return parseMac(text)!;
}

function frame(source: string, destination: Uint8Array, type: number, payloadOctets: number): Uint8Array {
  const bytes = new Uint8Array(14 + payloadOctets);
  writeEthernet(bytes, 0, destination, mac(source), type);
  return bytes;
}

/** A gratuitous ARP request; `sender` is the MAC that it gives, the source's unless it is said. */
export function garp(source: string, address: string, sender = source): Uint8Array {
  const bytes = frame(source, BROADCAST_MAC, ETHERTYPE_ARP, 28);
  writeArp(bytes, 14, ARP_REQUEST, mac(sender), parseIp(address)!, BROADCAST_MAC, parseIp(address)!);
  return bytes;
}

export function arpRequest(source: string, from: string, forAddress: string): Uint8Array {
  const bytes = frame(source, BROADCAST_MAC, ETHERTYPE_ARP, 28);
  writeArp(bytes, 14, ARP_REQUEST, mac(source), parseIp(from)!, new Uint8Array(6), parseIp(forAddress)!);
  return bytes;
}

/** `source` tells the client that the address is at `sender`. */
export function arpReply(source: string, address: string, sender = source): Uint8Array {
  const bytes = frame(source, mac(CLIENT), ETHERTYPE_ARP, 28);
  writeArp(bytes, 14, ARP_REPLY, mac(sender), parseIp(address)!, mac(CLIENT), parseIp("10.0.1.100")!);
  return bytes;
}

export interface Advert {
  readonly vrid?: number;
  readonly priority?: number;
  readonly addresses?: readonly string[];
  /** Centiseconds; of version 2 whole seconds. */
  readonly intervalCs?: number;
  readonly version?: 2 | 3;
  readonly pseudoHeader?: boolean;
  readonly ttl?: number;
}

/** An advert of `source` with the IP address `from`. */
export function advert(source: string, from: string, settings: Advert = {}): Uint8Array {
  const {
    vrid = 51,
    priority = 100,
    addresses = [VIP],
    intervalCs = 100,
    version = 2,
    pseudoHeader = true,
    ttl = 255,
  } = settings;
  const listed = concat(...addresses.map((address) => parseIp(address)!));
  const octets = 8 + listed.length + (version === 2 ? 8 : 0);
  const bytes = frame(source, mac(VRRP_GROUP_MAC), ETHERTYPE_IPV4, 20 + octets);
  writeIpv4(bytes, 14, 0xc0, 20 + octets, 1, 0, ttl, IPPROTO_VRRP, parseIp(from)!, 0, parseIp("224.0.0.18")!, 0);
  if (version === 2) writeVrrpV2(bytes, 34, 14, vrid, priority, 0, intervalCs / 100, listed, addresses.length, null);
  else writeVrrpV3(bytes, 34, 14, vrid, priority, intervalCs, listed, addresses.length, pseudoHeader);
  return bytes;
}

/** Adverts from `from` to `until`, both included. */
export function adverts(from: number, until: number, every: number, bytes: Uint8Array): Sent[] {
  const count = Math.round((until - from) / every);
  return Array.from({ length: count + 1 }, (_, i) => ({ at: from + i * every, bytes }));
}

/** An advert over IPv6, version 3. */
export function advert6(source: string, from: string, addresses: readonly string[], priority = 100): Uint8Array {
  const listed = concat(...addresses.map((address) => parseIp(address)!));
  const bytes = frame(source, mac("33:33:00:00:00:12"), ETHERTYPE_IPV6, 48 + listed.length);
  writeIpv6(bytes, 14, 0xc0, 0, 8 + listed.length, IPPROTO_VRRP, 255, parseIp(from)!, 0, parseIp("ff02::12")!, 0);
  writeVrrpV3(bytes, 54, 14, 51, priority, 100, listed, addresses.length);
  return bytes;
}

/** A neighbour advertisement: to all nodes, or in answer to the client. */
export function na(source: string, address: string, isAnswer = false): Uint8Array {
  const bytes = frame(source, mac(isAnswer ? CLIENT : "33:33:00:00:00:01"), ETHERTYPE_IPV6, 40 + ND_WITH_MAC_OCTETS);
  const to = parseIp(isAnswer ? "2001:db8:1::100" : "ff02::1")!;
  writeIpv6(bytes, 14, 0, 0, ND_WITH_MAC_OCTETS, IPPROTO_ICMPV6, 255, parseIp(address)!, 0, to, 0);
  const set = ND_FLAG_OVERRIDE | (isAnswer ? ND_FLAG_SOLICITED : 0);
  writeNeighbourAdvertisement(bytes, 54, 14, set, parseIp(address)!, 0, mac(source));
  return bytes;
}

/** A UDP datagram, its checksum left to a network card. */
export function udp(source: string, from: string, destination: string, to: string): Uint8Array {
  const bytes = frame(source, mac(destination), ETHERTYPE_IPV4, 28);
  writeIpv4(bytes, 14, 0, 28, 1, 0, 64, IPPROTO_UDP, parseIp(from)!, 0, parseIp(to)!, 0);
  bytes.set([0x9c, 0x40, 0x00, 0x09, 0x00, 0x08, 0xab, 0xcd], 34);
  return bytes;
}

/** The frame with an 802.1Q tag. */
export function tagged(vlan: number, bytes: Uint8Array): Uint8Array {
  return concat(bytes.subarray(0, 12), Uint8Array.of(0x81, 0x00, vlan >> 8, vlan & 0xff), bytes.subarray(12));
}

/** The frame with some of its octets replaced. */
export function patched(bytes: Uint8Array, offset: number, ...octets: readonly number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(octets, offset);
  return copy;
}

/** In the order of time. */
export function inOrder(...lists: readonly (readonly Sent[])[]): Sent[] {
  return lists.flat().sort((a, b) => a.at - b.at);
}
