/**
 * Neighbour discovery as Linux speaks it (RFC 4861; `net/ipv6/ndisc.c`): solicitations for an address of the NIC are answered, and
 * teach the asker's MAC; who asked for it by unicast, only to see whether it is still there, is not told the MAC again. Advertisements
 * change entries that exist and have not failed. Without the override flag a different MAC does not replace a valid one, it only takes
 * away the confidence in it; without any MAC the known one is meant.
 */
import { copyBytes, writeU16 } from "../base/bytes.ts";
import { type FrameRef, NO_FRAME } from "../base/ids.ts";
import { sameIp } from "../text/ip-text.ts";
import { ALL_NODES, solicitedNodeOf, writeMulticastMac6 } from "../wire/address.ts";
import { ETHERNET_OCTETS, ETHERNET_SOURCE, ETHERNET_TYPE, ETHERTYPE_IPV6 } from "../wire/ethernet.ts";
import { IPPROTO_ICMPV6 } from "../wire/ipv4.ts";
import { IPV6_DESTINATION, IPV6_OCTETS, IPV6_SOURCE, writeIpv6 } from "../wire/ipv6.ts";
import {
  checkNeighbourAdvertisement,
  checkNeighbourSolicitation,
  ND_FLAG_OVERRIDE,
  ND_FLAG_ROUTER,
  ND_FLAG_SOLICITED,
  ND_OCTETS,
  ND_OPTION_NONCE,
  ND_OPTION_SOURCE_MAC,
  ND_OPTION_TARGET_MAC,
  ND_TARGET,
  ND_WITH_MAC_OCTETS,
  ndFlags,
  ndLinkLayerOption,
  writeDuplicateCheck,
  writeNeighbourAdvertisement,
  writeNeighbourSolicitation,
} from "../wire/nd.ts";
import { PARSE_OK } from "../wire/parse-code.ts";
import { isUnspecified6 } from "./address-kind.ts";
import { sendIp, sendOnLink6 } from "./ip-output.ts";
import type { Nic } from "./nic.ts";
import { NUD_FAILED, NUD_REACHABLE, NUD_STALE } from "./nud.ts";

/** Proves that the sender is on the link (RFC 4861 section 7.1). */
const HOP_LIMIT = 255;
const ND_FRAME_OCTETS = ETHERNET_OCTETS + IPV6_OCTETS + ND_WITH_MAC_OCTETS;
const UNSPECIFIED_6: Uint8Array = new Uint8Array(16);

/** The solicitation of `octets` octets at `at`, its ICMPv6 checksum already right. */
export function receiveNeighbourSolicitation(
  nic: Nic,
  bytes: Uint8Array,
  ip: number,
  at: number,
  octets: number,
): void {
  if (checkNeighbourSolicitation(bytes, at, octets, ip) !== PARSE_OK) {
    nic.host.packetsMalformed++;
    return;
  }
  const target = at + ND_TARGET;
  const asker = ip + IPV6_SOURCE;
  const isCheck = isUnspecified6(bytes, asker);
  if (!nic.owns(bytes, target, 16)) {
    // Two check the same address at the same time: neither gets it (RFC 4862 section 5.4.3).
    if (isCheck) {
      const nonce = ndLinkLayerOption(bytes, at, octets, ND_OPTION_NONCE);
      nic.duplicates.checked(bytes, target, nonce, sourceMacOf(ip));
    }
    return;
  }
  const ours = bytes.slice(target, target + 16);
  const router = routerFlag(nic);
  if (isCheck) {
    // Somebody checks whether the address is free (RFC 4862 section 5.4): everybody may hear that it is not.
    sendNeighbourAdvertisement(nic, ours, ours, ALL_NODES, router | ND_FLAG_OVERRIDE, nic.mac);
    return;
  }
  const askedAll = bytes[ip + IPV6_DESTINATION] === 0xff;
  const askerMac = ndLinkLayerOption(bytes, at, octets, ND_OPTION_SOURCE_MAC);
  const cache = nic.neighbours6;
  // Whom only a question to everybody has told us of, and not where it is, is not answered (Linux; RFC 4861 section 4.3 demands the MAC there).
  const entry = askedAll && askerMac < 0 ? cache.find(bytes, asker) : cache.findOrCreate(bytes, asker);
  if (entry < 0) return;
  if (askerMac >= 0) cache.update(entry, bytes, askerMac, NUD_STALE, true, false);
  const flags = router | ND_FLAG_SOLICITED | (askedAll ? ND_FLAG_OVERRIDE : 0);
  sendNeighbourAdvertisement(nic, ours, ours, bytes.slice(asker, asker + 16), flags, askedAll ? nic.mac : null);
}

/** The advertisement of `octets` octets at `at`, its ICMPv6 checksum already right. */
export function receiveNeighbourAdvertisement(
  nic: Nic,
  bytes: Uint8Array,
  ip: number,
  at: number,
  octets: number,
): void {
  if (checkNeighbourAdvertisement(bytes, at, octets, ip) !== PARSE_OK) {
    nic.host.packetsMalformed++;
    return;
  }
  const target = at + ND_TARGET;
  const flags = ndFlags(bytes, at);
  const isSolicited = (flags & ND_FLAG_SOLICITED) !== 0;
  if (!isSolicited && nic.settings6.dropUnsolicitedNa !== 0) return;
  if (nic.owns(bytes, target, 16) || nic.duplicates.heard(bytes, target, sourceMacOf(ip))) return;
  const cache = nic.neighbours6;
  const mac = ndLinkLayerOption(bytes, at, octets, ND_OPTION_TARGET_MAC);
  const known = cache.find(bytes, target);
  const isUntracked = known < 0 && mac >= 0 && acceptsUntracked(nic, bytes, ip + IPV6_SOURCE);
  const entry = isUntracked ? cache.findOrCreate(bytes, target) : known;
  if (entry < 0 || cache.state(entry) === NUD_FAILED) return;
  const state = isSolicited && !isUntracked ? NUD_REACHABLE : NUD_STALE;
  const override = (flags & ND_FLAG_OVERRIDE) !== 0;
  // Without an option the MAC is the known one, if there is one.
  if (mac < 0 && !cache.usable(entry)) return;
  const isBelieved =
    mac >= 0
      ? cache.update(entry, bytes, mac, state, override, true)
      : cache.update(entry, cache.macs, entry * 6, state, false, true);
  if (isBelieved) cache.setRouter(entry, (flags & ND_FLAG_ROUTER) !== 0);
}

/** Where the source of the frame stands whose packet begins at `ip`. */
function sourceMacOf(ip: number): number {
  return ip - ETHERNET_OCTETS + ETHERNET_SOURCE;
}

/** `accept_untracked_na` (RFC 9131): routers may note who advertises itself before anybody asks. */
function acceptsUntracked(nic: Nic, bytes: Uint8Array, source: number): boolean {
  const { forwarding, acceptUntrackedNa } = nic.settings6;
  if (forwarding === 0) return false;
  return acceptUntrackedNa === 1 || (acceptUntrackedNa === 2 && nic.reaches(bytes, source, 16));
}

/** Asks who has the address at `offset`: its solicited-node group, or only the owner of the MAC at `macOffset`. */
export function askByNeighbourDiscovery(
  nic: Nic,
  address: Uint8Array,
  offset: number,
  mac: Uint8Array | null,
  macOffset: number,
  waiting: FrameRef | undefined,
): void {
  const source = sourceOfWaiting(nic, waiting) ?? nic.linkLocal.ip;
  const frame = nic.host.acquire();
  if (frame === NO_FRAME) return;
  const { slab } = nic.host.platform;
  const { bytes } = slab;
  const start = slab.start(frame);
  const ip = start + ETHERNET_OCTETS;
  const destination = mac === null ? solicitedNodeOf(address, offset) : address.slice(offset, offset + 16);
  if (mac === null) writeMulticastMac6(bytes, start, destination, 0);
  else copyBytes(mac, macOffset, bytes, start, 6);
  copyBytes(nic.mac, 0, bytes, start + ETHERNET_SOURCE, 6);
  writeU16(bytes, start + ETHERNET_TYPE, ETHERTYPE_IPV6);
  writeIpv6(bytes, ip, 0, 0, ND_WITH_MAC_OCTETS, IPPROTO_ICMPV6, HOP_LIMIT, source, 0, destination, 0);
  writeNeighbourSolicitation(bytes, ip + IPV6_OCTETS, ip, address, offset, nic.mac);
  nic.transmit(frame, ND_FRAME_OCTETS);
}

/**
 * Asks whether anybody has the address already: without a source, and so without a MAC to answer to (RFC 4862 section 5.4.2). `nonce`: six
 * octets.
 */
export function checkForDuplicate(nic: Nic, address: Uint8Array, nonce: Uint8Array): void {
  const frame = nic.host.acquire();
  if (frame === NO_FRAME) return;
  const { slab } = nic.host.platform;
  const ip = slab.start(frame) + ETHERNET_OCTETS;
  const group = solicitedNodeOf(address);
  writeIpv6(slab.bytes, ip, 0, 0, ND_WITH_MAC_OCTETS, IPPROTO_ICMPV6, HOP_LIMIT, UNSPECIFIED_6, 0, group, 0);
  writeDuplicateCheck(slab.bytes, ip + IPV6_OCTETS, ip, address, nonce);
  sendIp(nic.host, frame, nic);
}

/** `ndisc_notify`: advertises one address of the NIC, or all, to all nodes. */
export function announceByNeighbourDiscovery(nic: Nic, only: Uint8Array | null = null): void {
  for (const { ip } of nic.addresses)
    if (ip.length === 16 && (only === null || sameIp(ip, only)))
      sendNeighbourAdvertisement(nic, ip, ip, ALL_NODES, routerFlag(nic) | ND_FLAG_OVERRIDE, nic.mac);
}

/** Advertises `target` on this NIC's link; `mac` goes into the option, null leaves it out. */
export function sendNeighbourAdvertisement(
  nic: Nic,
  target: Uint8Array,
  source: Uint8Array,
  destination: Uint8Array,
  flags: number,
  mac: Uint8Array | null,
): void {
  const frame = nic.host.acquire();
  if (frame === NO_FRAME) return;
  const { slab } = nic.host.platform;
  const ip = slab.start(frame) + ETHERNET_OCTETS;
  const octets = mac === null ? ND_OCTETS : ND_WITH_MAC_OCTETS;
  writeIpv6(slab.bytes, ip, 0, 0, octets, IPPROTO_ICMPV6, HOP_LIMIT, source, 0, destination, 0);
  writeNeighbourAdvertisement(slab.bytes, ip + IPV6_OCTETS, ip, flags, target, 0, mac);
  if (destination[0] === 0xff) sendIp(nic.host, frame, nic);
  else sendOnLink6(nic, frame);
}

function sourceOfWaiting(nic: Nic, waiting: FrameRef | undefined): Uint8Array | null {
  if (waiting === undefined) return null;
  const { slab } = nic.host.platform;
  const at = slab.start(waiting) + ETHERNET_OCTETS + IPV6_SOURCE;
  return nic.owns(slab.bytes, at, 16) ? slab.bytes.slice(at, at + 16) : null;
}

function routerFlag(nic: Nic): number {
  return nic.settings6.forwarding === 0 ? 0 : ND_FLAG_ROUTER;
}
