/**
 * ARP as Linux speaks it (RFC 826, RFC 5227; `net/ipv4/arp.c` for what the RFCs leave open): who asks for one of the host's
 * addresses is answered, on whichever NIC the address is (unless `arp_ignore` forbids it); an announcement changes an entry
 * that exists and makes none (`arp_accept` 0).
 */
import { equalBytes } from "../base/bytes.ts";
import { type FrameRef, NO_FRAME } from "../base/ids.ts";
import type { IpAddress } from "../text/ip-text.ts";
import { BROADCAST_MAC, ZERO_MAC } from "../wire/address.ts";
import {
  ARP_OCTETS,
  ARP_REPLY,
  ARP_REQUEST,
  ARP_SENDER_IP,
  ARP_SENDER_MAC,
  ARP_TARGET_IP,
  ARP_TARGET_MAC,
  arpOperation,
  checkArp,
  writeArp,
} from "../wire/arp.ts";
import { ETHERNET_OCTETS, ETHERTYPE_ARP, writeEthernet } from "../wire/ethernet.ts";
import { PARSE_OK } from "../wire/parse-code.ts";
import { NUD_REACHABLE, NUD_STALE } from "./neighbour-cache.ts";
import type { Nic } from "./nic.ts";
import { sourceFor } from "./routing.ts";

const ARP_FRAME_OCTETS = ETHERNET_OCTETS + ARP_OCTETS;

/** An ARP frame has passed the MAC filter. `start` is where the Ethernet header begins. */
export function receiveArp(nic: Nic, bytes: Uint8Array, start: number, octets: number): void {
  const arp = start + ETHERNET_OCTETS;
  if (checkArp(bytes, arp, octets - ETHERNET_OCTETS) !== PARSE_OK) {
    nic.host.packetsMalformed++;
    return;
  }
  const operation = arpOperation(bytes, arp);
  const senderIp = arp + ARP_SENDER_IP;
  const senderMac = arp + ARP_SENDER_MAC;
  const targetIp = arp + ARP_TARGET_IP;
  const asksUs = operation === ARP_REQUEST && nic.host.ownsAnywhere(bytes, targetIp, 4);
  const mayAnswer = nic.arpIgnore === 0 || nic.owns(bytes, targetIp, 4);
  if (isUnspecified4(bytes, senderIp)) {
    // A probe (RFC 5227): answered, never learned from.
    if (asksUs && mayAnswer) answer(nic, bytes, arp);
    return;
  }
  // A sender that claims one of our own addresses is a martian to Linux's routing: no answer, nothing learned.
  if (!nic.acceptLocal && nic.host.ownsAnywhere(bytes, senderIp, 4)) return;
  const cache = nic.neighbours4;
  if (asksUs) {
    if (!mayAnswer) return;
    const asker = cache.findOrCreate(bytes, senderIp);
    if (asker >= 0) cache.update(asker, bytes, senderMac, NUD_STALE, true, false);
    answer(nic, bytes, arp);
    return;
  }
  const known = cache.find(bytes, senderIp);
  if (known < 0) return;
  // What Linux takes for gratuitous: sender and target address equal, and in a reply the target MAC the sender's too.
  const gratuitous =
    equalBytes(bytes, senderIp, bytes, targetIp, 4) &&
    (operation === ARP_REQUEST || equalBytes(bytes, senderMac, bytes, arp + ARP_TARGET_MAC, 6));
  const toUs = (bytes[start]! & 1) === 0;
  const state = operation === ARP_REPLY && toUs ? NUD_REACHABLE : NUD_STALE;
  cache.update(known, bytes, senderMac, state, gratuitous || cache.lockExpired(known), false);
}

/** Asks who has the address at `offset`: everybody, or only the owner of the MAC at `macOffset`. */
export function askByArp(
  nic: Nic,
  address: Uint8Array,
  offset: number,
  mac: Uint8Array | null,
  macOffset: number,
  waiting: FrameRef | undefined,
): void {
  const target = address.slice(offset, offset + 4);
  const source = sourceOfWaiting(nic, waiting) ?? sourceFor(nic, target, 0, 4);
  if (source === null) return;
  const destination = mac === null ? BROADCAST_MAC : mac.slice(macOffset, macOffset + 6);
  // A question carries an empty target MAC, even a unicast one that only verifies (RFC 826; Linux sends zeros in both).
  sendArp(nic, destination, ARP_REQUEST, nic.mac, source, ZERO_MAC, target);
}

/** The source of the packet that waits for the answer, if it is ours (`arp_announce` 0). */
function sourceOfWaiting(nic: Nic, waiting: FrameRef | undefined): IpAddress | null {
  if (waiting === undefined) return null;
  const { slab } = nic.host.platform;
  const at = slab.start(waiting) + ETHERNET_OCTETS + 12;
  return nic.host.ownsAnywhere(slab.bytes, at, 4) ? slab.bytes.slice(at, at + 4) : null;
}

/** Sends one ARP frame of 42 octets: not padded, as a capture on the sending host shows it. */
export function sendArp(
  nic: Nic,
  destination: Uint8Array,
  operation: number,
  senderMac: Uint8Array,
  senderIp: IpAddress,
  targetMac: Uint8Array,
  targetIp: IpAddress,
): void {
  const frame = nic.host.acquire();
  if (frame === NO_FRAME) return;
  const { slab } = nic.host.platform;
  const start = slab.start(frame);
  writeEthernet(slab.bytes, start, destination, nic.mac, ETHERTYPE_ARP);
  writeArp(slab.bytes, start + ETHERNET_OCTETS, operation, senderMac, senderIp, targetMac, targetIp);
  nic.transmit(frame, ARP_FRAME_OCTETS);
}

/** Answers the request at `arp` with the MAC of the NIC it came in on. */
function answer(nic: Nic, bytes: Uint8Array, arp: number): void {
  const asker = bytes.slice(arp + ARP_SENDER_MAC, arp + ARP_SENDER_MAC + 6);
  const askerIp = bytes.slice(arp + ARP_SENDER_IP, arp + ARP_SENDER_IP + 4);
  const ours = bytes.slice(arp + ARP_TARGET_IP, arp + ARP_TARGET_IP + 4);
  sendArp(nic, asker, ARP_REPLY, nic.mac, ours, asker, askerIp);
}

function isUnspecified4(bytes: Uint8Array, offset: number): boolean {
  return (bytes[offset]! | bytes[offset + 1]! | bytes[offset + 2]! | bytes[offset + 3]!) === 0;
}
