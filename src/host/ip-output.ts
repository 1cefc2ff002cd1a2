/**
 * Sending an IP packet: to a group its MAC follows from the address; to one of the host's own addresses it never leaves; to anybody
 * else the neighbour cache of the right NIC knows the MAC, or asks and keeps the packet until it does.
 */
import type { FrameRef } from "../base/ids.ts";
import { writeMulticastMac4, writeMulticastMac6 } from "../wire/address.ts";
import { ETHERNET_OCTETS } from "../wire/ethernet.ts";
import { IPV4_DESTINATION, ipv4TotalOctets } from "../wire/ipv4.ts";
import { IPV6_DESTINATION, IPV6_OCTETS, ipv6PayloadOctets } from "../wire/ipv6.ts";
import type { Host } from "./host.ts";
import { receiveIpv4, receiveIpv6 } from "./ip-input.ts";
import type { Nic } from "./nic.ts";
import { routeTo, setRouteTo } from "./routing.ts";

/**
 * Sends the packet that stands, complete, behind the Ethernet header of `frame`; that header is written here. Takes over the
 * frame. `via` is the NIC for groups and the preferred one otherwise; null lets the route decide. A packet that nobody
 * can be found for is counted in `packetsUnreachable`.
 */
export function sendIp(host: Host, frame: FrameRef, via: Nic | null): void {
  const { slab } = host.platform;
  const { bytes } = slab;
  const ip = slab.start(frame) + ETHERNET_OCTETS;
  const isIpv4 = bytes[ip]! >>> 4 === 4;
  const destination = ip + (isIpv4 ? IPV4_DESTINATION : IPV6_DESTINATION);
  const addressOctets = isIpv4 ? 4 : 16;
  const packetOctets = isIpv4 ? ipv4TotalOctets(bytes, ip) : IPV6_OCTETS + ipv6PayloadOctets(bytes, ip);
  slab.octets[frame] = ETHERNET_OCTETS + packetOctets;

  if (isIpv4 ? (bytes[destination]! & 0xf0) === 0xe0 : bytes[destination] === 0xff) {
    if (via === null) {
      giveUp(host, frame);
      return;
    }
    const start = ip - ETHERNET_OCTETS;
    if (isIpv4) writeMulticastMac4(bytes, start, bytes, destination);
    else writeMulticastMac6(bytes, start, bytes, destination);
    via.transmitTo(frame, bytes, start);
    return;
  }
  if (host.ownsAnywhere(bytes, destination, addressOctets)) {
    const nic = via ?? host.nics[0]!;
    // No driver will say who sent it.
    slab.origin[frame] = nic.port;
    slab.departedNs[frame] = host.platform.clock.cell[0]!;
    if (isIpv4) receiveIpv4(nic, ip, packetOctets, true);
    else receiveIpv6(nic, ip, packetOctets);
    slab.release(frame);
    return;
  }
  const nic = routeTo(host, bytes, destination, addressOctets, via);
  // Without carrier the route stays, and the packet waits for a neighbour that cannot be asked.
  if (nic === null) giveUp(host, frame);
  else {
    const via = setRouteTo(host, bytes, destination, addressOctets)?.via ?? null;
    if (via === null) sendToNeighbour(nic, frame, bytes, destination, isIpv4);
    else sendToNeighbour(nic, frame, via, 0, isIpv4);
  }
}

/** As `sendIp`, for an IPv6 packet to somebody on this NIC's own link, whatever the routes say. */
export function sendOnLink6(nic: Nic, frame: FrameRef): void {
  const { slab } = nic.host.platform;
  const ip = slab.start(frame) + ETHERNET_OCTETS;
  slab.octets[frame] = ETHERNET_OCTETS + IPV6_OCTETS + ipv6PayloadOctets(slab.bytes, ip);
  sendToNeighbour(nic, frame, slab.bytes, ip + IPV6_DESTINATION, false);
}

function sendToNeighbour(nic: Nic, frame: FrameRef, bytes: Uint8Array, destination: number, isIpv4: boolean): void {
  const cache = isIpv4 ? nic.neighbours4 : nic.neighbours6;
  const neighbour = cache.findOrCreate(bytes, destination);
  if (neighbour < 0) giveUp(nic.host, frame);
  else if (cache.use(neighbour, frame)) nic.transmitTo(frame, cache.macs, neighbour * 6);
}

function giveUp(host: Host, frame: FrameRef): void {
  host.packetsUnreachable++;
  host.platform.slab.release(frame);
}
