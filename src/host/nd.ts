/**
 * Neighbour discovery as Linux speaks it (RFC 4861; `net/ipv6/ndisc.c`): solicitations for an address of the NIC are answered, and
 * teach the asker's MAC; who asked for it by unicast, only to see whether it is still there, is not told the MAC again. Advertisements change entries that exist and have not failed. Without the override flag a different MAC does
 * not replace a valid one, it only takes away the confidence in it; without any MAC the known one is meant.
 */
import { copyBytes, writeU16 } from "../base/bytes.ts";
import { type FrameRef, NO_FRAME } from "../base/ids.ts";
import { ALL_NODES, solicitedNodeOf, writeMulticastMac6 } from "../wire/address.ts";
import { ETHERNET_OCTETS, ETHERNET_TYPE, ETHERTYPE_IPV6 } from "../wire/ethernet.ts";
import { IPPROTO_ICMPV6 } from "../wire/ipv4.ts";
import { IPV6_DESTINATION, IPV6_OCTETS, IPV6_SOURCE, writeIpv6 } from "../wire/ipv6.ts";
import {
  checkNeighbourAdvertisement,
  checkNeighbourSolicitation,
  ND_FLAG_OVERRIDE,
  ND_FLAG_SOLICITED,
  ND_OCTETS,
  ND_OPTION_SOURCE_MAC,
  ND_OPTION_TARGET_MAC,
  ND_TARGET,
  ND_WITH_MAC_OCTETS,
  ndFlags,
  ndLinkLayerOption,
  writeNeighbourAdvertisement,
  writeNeighbourSolicitation,
} from "../wire/nd.ts";
import { PARSE_OK } from "../wire/parse-code.ts";
import { sendIp, sendOnLink6 } from "./ip-output.ts";
import { NUD_FAILED, NUD_REACHABLE, NUD_STALE } from "./neighbour-cache.ts";
import type { Nic } from "./nic.ts";

/** Proves that the sender is on the link (RFC 4861 section 7.1). */
const HOP_LIMIT = 255;
const ND_FRAME_OCTETS = ETHERNET_OCTETS + IPV6_OCTETS + ND_WITH_MAC_OCTETS;

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
  if (!nic.owns(bytes, target, 16)) return;
  const ours = bytes.slice(target, target + 16);
  const asker = ip + IPV6_SOURCE;
  if (isUnspecified6(bytes, asker)) {
    // Somebody checks whether the address is free (RFC 4862 section 5.4): everybody may hear that it is not.
    sendNeighbourAdvertisement(nic, ours, ours, ALL_NODES, ND_FLAG_OVERRIDE, nic.mac);
    return;
  }
  const askerMac = ndLinkLayerOption(bytes, at, octets, ND_OPTION_SOURCE_MAC);
  if (askerMac >= 0) {
    const entry = nic.neighbours6.findOrCreate(bytes, asker);
    if (entry >= 0) nic.neighbours6.update(entry, bytes, askerMac, NUD_STALE, true, false);
  }
  const askedAll = bytes[ip + IPV6_DESTINATION] === 0xff;
  const flags = askedAll ? ND_FLAG_SOLICITED | ND_FLAG_OVERRIDE : ND_FLAG_SOLICITED;
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
  if (nic.owns(bytes, target, 16)) return;
  const cache = nic.neighbours6;
  const entry = cache.find(bytes, target);
  if (entry < 0 || cache.state(entry) === NUD_FAILED) return;
  const flags = ndFlags(bytes, at);
  const state = (flags & ND_FLAG_SOLICITED) !== 0 ? NUD_REACHABLE : NUD_STALE;
  const mac = ndLinkLayerOption(bytes, at, octets, ND_OPTION_TARGET_MAC);
  if (mac >= 0) cache.update(entry, bytes, mac, state, (flags & ND_FLAG_OVERRIDE) !== 0, true);
  else if (cache.usable(entry)) cache.update(entry, cache.macs, entry * 6, state, false, true);
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
  copyBytes(nic.mac, 0, bytes, start + 6, 6);
  writeU16(bytes, start + ETHERNET_TYPE, ETHERTYPE_IPV6);
  writeIpv6(bytes, ip, 0, 0, ND_WITH_MAC_OCTETS, IPPROTO_ICMPV6, HOP_LIMIT, source, 0, destination, 0);
  writeNeighbourSolicitation(bytes, ip + IPV6_OCTETS, ip, address, offset, nic.mac);
  nic.transmit(frame, ND_FRAME_OCTETS);
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

function isUnspecified6(bytes: Uint8Array, offset: number): boolean {
  for (let i = 0; i < 16; i++) if (bytes[offset + i] !== 0) return false;
  return true;
}
