/**
 * ARP as Linux speaks it (RFC 826, RFC 5227; `net/ipv4/arp.c` for what the RFCs leave open): who asks for one of the host's
 * addresses is answered, on whichever NIC the address is, and remembered; an announcement changes an entry that exists and makes
 * none. `arp-policy.ts` has what settings change of that, `systems.ts` what other systems than a present Linux take for an announcement.
 */
import { copyBytes, equalBytes, writeU16 } from "../base/bytes.ts";
import { type FrameRef, NO_FRAME } from "../base/ids.ts";
import type { IpAddress } from "../text/ip-text.ts";
import { BROADCAST_MAC, ZERO_MAC } from "../wire/address.ts";
import {
  ARP_OCTETS,
  ARP_OPERATION,
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
import { ETHERNET_OCTETS, ETHERNET_SOURCE, ETHERNET_TYPE, ETHERTYPE_ARP, writeEthernet } from "../wire/ethernet.ts";
import { PARSE_OK } from "../wire/parse-code.ts";
import { isUnicast4, isUnspecified4 } from "./address-kind.ts";
import { acceptsUncalled, believesSource, mayAnswer, questionSource } from "./arp-policy.ts";
import type { Nic } from "./nic.ts";
import { NUD_REACHABLE, NUD_STALE } from "./nud.ts";

const ARP_FRAME_OCTETS = ETHERNET_OCTETS + ARP_OCTETS;

/** An ARP frame has passed the MAC filter. `start` is where the Ethernet header begins. */
export function receiveArp(nic: Nic, bytes: Uint8Array, start: number, octets: number): void {
  const arp = start + ETHERNET_OCTETS;
  if (checkArp(bytes, arp, octets - ETHERNET_OCTETS) !== PARSE_OK) {
    nic.host.packetsMalformed++;
    return;
  }
  const senderIp = arp + ARP_SENDER_IP;
  const targetIp = arp + ARP_TARGET_IP;
  const isOfItself = equalBytes(bytes, senderIp, bytes, targetIp, 4);
  if (isOfItself && nic.level4("dropGratuitousArp") !== 0) return;
  const asksUs = arpOperation(bytes, arp) === ARP_REQUEST && nic.host.ownsAnywhere(bytes, targetIp, 4);
  if (isUnspecified4(bytes, senderIp)) {
    // A probe (RFC 5227): answered, never learned from.
    if (asksUs && mayAnswer(nic, bytes, senderIp, targetIp)) answer(nic, bytes, arp);
    return;
  }
  if (!asksUs || !believesSource(nic, bytes, senderIp)) {
    learn(nic, bytes, start, isOfItself);
    return;
  }
  if (!mayAnswer(nic, bytes, senderIp, targetIp)) return;
  const cache = nic.neighbours4;
  const asker = cache.findOrCreate(bytes, senderIp);
  if (asker < 0) return;
  cache.update(asker, bytes, arp + ARP_SENDER_MAC, NUD_STALE, true, false);
  answer(nic, bytes, arp);
}

/** Changes what is known of the sender of a frame that is no question for us. `isOfItself`: sender and target address are equal. */
function learn(nic: Nic, bytes: Uint8Array, start: number, isOfItself: boolean): void {
  const arp = start + ETHERNET_OCTETS;
  const senderMac = arp + ARP_SENDER_MAC;
  const senderIp = arp + ARP_SENDER_IP;
  const cache = nic.neighbours4;
  const isReply = arpOperation(bytes, arp) === ARP_REPLY;
  let known = cache.find(bytes, senderIp);
  const isAccepted = known < 0 && acceptsUncalled(nic, bytes, senderIp);
  if (known < 0 && !isAccepted) return;
  const isNeighbours = isUnicast4(bytes, senderIp) && !nic.host.ownsAnywhere(bytes, senderIp, 4);
  const toItself = equalBytes(bytes, senderMac, bytes, arp + ARP_TARGET_MAC, 6);
  const overrides = isNeighbours && nic.host.system.overrides(nic, isReply, isOfItself, toItself);
  if (isAccepted && isNeighbours && (overrides || isReply)) known = cache.findOrCreate(bytes, senderIp);
  if (known < 0) return;
  const isToUs = (bytes[start]! & 1) === 0;
  const state = isReply && isToUs ? NUD_REACHABLE : NUD_STALE;
  cache.update(known, bytes, senderMac, state, overrides || cache.lockExpired(known), false);
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
  const source = questionSource(nic, target, waiting);
  if (source === null) return;
  const destination = mac === null ? BROADCAST_MAC : mac.slice(macOffset, macOffset + 6);
  // A question carries an empty target MAC, even a unicast one that only verifies (RFC 826; Linux sends zeros in both).
  sendArp(nic, destination, ARP_REQUEST, nic.mac, source, ZERO_MAC, target);
}

/** `arp_notify`: a gratuitous request for each address of the NIC. */
export function announceByArp(nic: Nic): void {
  for (const { ip } of nic.addresses)
    if (ip.length === 4) sendArp(nic, BROADCAST_MAC, ARP_REQUEST, nic.mac, ip, ZERO_MAC, ip);
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
  const frame = nic.host.acquire();
  if (frame === NO_FRAME) return;
  const { slab } = nic.host.platform;
  const start = slab.start(frame);
  const reply = start + ETHERNET_OCTETS;
  const out = slab.bytes;
  copyBytes(bytes, arp + ARP_SENDER_MAC, out, start, 6);
  copyBytes(nic.mac, 0, out, start + ETHERNET_SOURCE, 6);
  writeU16(out, start + ETHERNET_TYPE, ETHERTYPE_ARP);
  // Hardware, protocol and their lengths are those of the question.
  copyBytes(bytes, arp, out, reply, ARP_OPERATION);
  writeU16(out, reply + ARP_OPERATION, ARP_REPLY);
  copyBytes(nic.mac, 0, out, reply + ARP_SENDER_MAC, 6);
  copyBytes(bytes, arp + ARP_TARGET_IP, out, reply + ARP_SENDER_IP, 4);
  copyBytes(bytes, arp + ARP_SENDER_MAC, out, reply + ARP_TARGET_MAC, 6);
  copyBytes(bytes, arp + ARP_SENDER_IP, out, reply + ARP_TARGET_IP, 4);
  nic.transmit(frame, ARP_FRAME_OCTETS);
}
