/**
 * Which frames of a capture are keepalived's doing, by host: adverts, announcements, group reports, and the ARP questions and answers that
 * unicast adverts wait for. What kernels do by themselves (router solicitations, verifying neighbours) is left out.
 */
import { readI32 } from "../../src/base/bytes.ts";
import { formatIp, formatMac, linkLocalOfMac, parseMac } from "../../src/wire/address.ts";
import {
  ARP_REPLY,
  ARP_REQUEST,
  ARP_SENDER_IP,
  ARP_TARGET_IP,
  arpOperation,
  isGratuitousArp,
} from "../../src/wire/arp.ts";
import { describeFrame } from "../../src/wire/describe.ts";
import { ETHERNET_OCTETS, ETHERTYPE_ARP, ETHERTYPE_IPV4, ETHERTYPE_IPV6, etherType } from "../../src/wire/ethernet.ts";
import { ICMPV6_NEIGHBOUR_ADVERTISEMENT } from "../../src/wire/icmpv6.ts";
import { GROUP_CHANGE_TO_EXCLUDE, IGMP_FIRST_RECORD, igmpRecordType } from "../../src/wire/igmp.ts";
import {
  IPPROTO_AH,
  IPPROTO_ICMPV6,
  IPPROTO_IGMP,
  IPPROTO_VRRP,
  ipv4HeaderOctets,
  ipv4Protocol,
} from "../../src/wire/ipv4.ts";
import { IPV6_OCTETS, ipv6NextHeader } from "../../src/wire/ipv6.ts";
import { ND_FLAG_SOLICITED, ndFlags } from "../../src/wire/nd.ts";
import { nicsOf, type Recording, type TimedFrame } from "./recording.ts";

export interface KeepalivedFrame {
  readonly atNs: number;
  /** Who sent it: `vmA`, or `vmA.eth1` where it was not eth0. */
  readonly sender: string;
  /** `repeat`: a group report that the kernel sends once more. */
  readonly kind: "advert" | "announcement" | "report" | "repeat" | "question" | "answer";
  /** One line, as tcpdump would print it. */
  readonly text: string;
  /** Of a report: whether it joins. */
  readonly isJoin: boolean;
  /** All octets as hex, except for what a kernel chooses at random: IPv6's flow label is zero here. */
  readonly octets: string;
}

/** The kernel says everything twice: the second report comes within this time. */
const REPORT_REPEAT_NS = 1_100_000_000;

/** Keepalived's frames among `frames`, oldest first. */
export function keepalivedFrames({ hosts }: Recording, frames: readonly TimedFrame[]): KeepalivedFrame[] {
  const senders = sendersOf(hosts);
  const found: KeepalivedFrame[] = [];
  /** Targets that were asked for by broadcast last. */
  const asked = new Set<number>();
  for (const { atNs, bytes } of frames) {
    const kind = kindOf(bytes, asked);
    if (kind === null) continue;
    const octets = hexOf(bytes);
    // A virtual MAC is nobody's own: the source of the advert is meant, or of the last advert.
    const sender =
      senders.get(formatMac(bytes, 6)) ??
      (kind === "advert" ? senders.get(formatIp(sourceOf(bytes))) : undefined) ??
      found.findLast((frame) => frame.kind === "advert")!.sender;
    const isRepeat =
      kind === "report" && found.some((frame) => frame.octets === octets && atNs - frame.atNs < REPORT_REPEAT_NS);
    const text = describeFrame(bytes, 0, bytes.length);
    found.push({
      atNs,
      sender,
      kind: isRepeat ? "repeat" : kind,
      text,
      isJoin: kind === "report" && isJoin(bytes),
      octets,
    });
  }
  return found;
}

/** By MAC and by address, the link-local one too. */
function sendersOf(hosts: Recording["hosts"]): Map<string, string> {
  const senders = new Map<string, string>();
  for (const [host, recorded] of Object.entries(hosts))
    for (const [nic, { mac, ip }] of nicsOf(recorded)) {
      const own = [formatIp(linkLocalOfMac(parseMac(mac)!)), ...[ip].flat().map((prefix) => prefix.split("/")[0]!)];
      for (const key of [mac, ...own]) senders.set(key, nic === "eth0" ? host : `${host}.${nic}`);
    }
  return senders;
}

function sourceOf(bytes: Uint8Array): Uint8Array {
  const at = ETHERNET_OCTETS;
  return etherType(bytes, 0) === ETHERTYPE_IPV4 ? bytes.subarray(at + 12, at + 16) : bytes.subarray(at + 8, at + 24);
}

function isJoin(bytes: Uint8Array): boolean {
  const at = ETHERNET_OCTETS + ipv4HeaderOctets(bytes, ETHERNET_OCTETS);
  return igmpRecordType(bytes, at + IGMP_FIRST_RECORD) === GROUP_CHANGE_TO_EXCLUDE;
}

function kindOf(bytes: Uint8Array, asked: Set<number>): KeepalivedFrame["kind"] | null {
  const at = ETHERNET_OCTETS;
  switch (etherType(bytes, 0)) {
    case ETHERTYPE_ARP:
      return arpKind(bytes, at, asked);
    case ETHERTYPE_IPV4:
      if ([IPPROTO_VRRP, IPPROTO_AH].includes(ipv4Protocol(bytes, at))) return "advert";
      return ipv4Protocol(bytes, at) === IPPROTO_IGMP ? "report" : null;
    case ETHERTYPE_IPV6: {
      const payload = at + IPV6_OCTETS;
      if (ipv6NextHeader(bytes, at) === IPPROTO_VRRP) return "advert";
      const isAdvertisement =
        ipv6NextHeader(bytes, at) === IPPROTO_ICMPV6 && bytes[payload] === ICMPV6_NEIGHBOUR_ADVERTISEMENT;
      return isAdvertisement && (ndFlags(bytes, payload) & ND_FLAG_SOLICITED) === 0 ? "announcement" : null;
    }
    default:
      return null;
  }
}

function arpKind(bytes: Uint8Array, at: number, asked: Set<number>): KeepalivedFrame["kind"] | null {
  const isBroadcast = (bytes[0]! & 1) === 1;
  // A kernel that is just taking the address off may answer an announcement: to its sender alone.
  if (isGratuitousArp(bytes, at)) return isBroadcast ? "announcement" : null;
  if (arpOperation(bytes, at) === ARP_REQUEST) {
    const target = readI32(bytes, at + ARP_TARGET_IP);
    if (isBroadcast) asked.add(target);
    else asked.delete(target);
    return isBroadcast ? "question" : null;
  }
  return arpOperation(bytes, at) === ARP_REPLY && asked.has(readI32(bytes, at + ARP_SENDER_IP)) ? "answer" : null;
}

function hexOf(frame: Uint8Array): string {
  const bytes = frame.slice();
  if (etherType(bytes, 0) === ETHERTYPE_IPV6) bytes.fill(0, ETHERNET_OCTETS + 1, ETHERNET_OCTETS + 4);
  return Array.from(bytes, (octet) => octet.toString(16).padStart(2, "0")).join("");
}
