/**
 * Linux "cooked" captures, which `tcpdump -i any` makes: the Ethernet header is gone, and something else stands in its place
 * (LINKTYPE_LINUX_SLL, 113, and LINKTYPE_LINUX_SLL2, 276).
 *
 *   SLL     0            2        4           6               14         16
 *          +------------+--------+-----------+---------------+----------+--------
 *          | packet type| ARPHRD | MAC octets| sender's MAC  | protocol | payload
 *          +------------+--------+-----------+---------------+----------+--------
 *   SLL2    0           2      4                 8         10            11          12              20
 *          +-----------+------+-----------------+---------+-------------+-----------+---------------+--------
 *          | protocol  | zero | interface index | ARPHRD  | packet type | MAC octets| sender's MAC  | payload
 *          +-----------+------+-----------------+---------+-------------+-----------+---------------+--------
 *
 * The sender is there, the destination is not. A group's is told by the IP address; broadcast by the packet type, and ARP requests are
 * broadcast; anything else gets 00:00:00:00:00:00, which no station has.
 */
import { copyBytes, readI32, readU16, writeU16 } from "../base/bytes.ts";
import { BROADCAST_MAC, MAC_OCTETS, writeMulticastMac4, writeMulticastMac6, ZERO_MAC } from "../wire/address.ts";
import { ARP_OPERATION, ARP_REQUEST } from "../wire/arp.ts";
import {
  ETHERNET_OCTETS,
  ETHERNET_SOURCE,
  ETHERNET_TYPE,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  ETHERTYPE_MIN,
} from "../wire/ethernet.ts";
import { IPV4_DESTINATION, IPV4_OCTETS } from "../wire/ipv4.ts";
import { IPV6_DESTINATION, IPV6_OCTETS } from "../wire/ipv6.ts";
import type { CaptureDirection } from "./raw-packet.ts";

export const LINKTYPE_LINUX_SLL = 113;
export const LINKTYPE_LINUX_SLL2 = 276;

const SLL_OCTETS = 16;
const SLL2_OCTETS = 20;
const TYPE_BROADCAST = 1;
const TYPE_OUTGOING = 4;
/** ARPHRD_ETHER; of the others only the loopback has addresses that look like MACs, and they say nothing. */
const ETHERNET_DEVICE = 1;

/** The fields of either header; set by `read`. */
export class CookedHeader {
  /** Octets of header: what stands behind is the payload. */
  octets = 0;
  protocol = 0;
  packetType = 0;
  /** Offset of the sender's MAC. */
  sourceMac = 0;
  /** Linux's number of the interface; 0 where the header has none. */
  interfaceIndex = 0;

  get direction(): CaptureDirection {
    return this.packetType === TYPE_OUTGOING ? "outbound" : "inbound";
  }

  /** Reads the header at `offset` of a packet of `octets` octets; false if it is cut off or not of an Ethernet device. */
  read(linkType: number, bytes: Uint8Array, offset: number, octets: number): boolean {
    const isSecond = linkType === LINKTYPE_LINUX_SLL2;
    this.octets = isSecond ? SLL2_OCTETS : SLL_OCTETS;
    if (octets < this.octets) return false;
    this.protocol = readU16(bytes, isSecond ? offset : offset + 14);
    this.packetType = isSecond ? bytes[offset + 10]! : readU16(bytes, offset);
    this.sourceMac = isSecond ? offset + 12 : offset + 6;
    this.interfaceIndex = isSecond ? readI32(bytes, offset + 4) >>> 0 : 0;
    const device = readU16(bytes, isSecond ? offset + 8 : offset + 2);
    const macOctets = isSecond ? bytes[offset + 11]! : readU16(bytes, offset + 4);
    return device === ETHERNET_DEVICE && macOctets === MAC_OCTETS;
  }

  /** Writes the packet as an Ethernet frame to the beginning of `frame`, as far as that has room, and returns the frame's octets. */
  writeEthernet(bytes: Uint8Array, offset: number, octets: number, frame: Uint8Array): number {
    const payload = offset + this.octets;
    const payloadOctets = Math.min(octets - this.octets, frame.length - ETHERNET_OCTETS);
    writeDestination(frame, this.packetType, this.protocol, bytes, payload, payloadOctets);
    copyBytes(bytes, this.sourceMac, frame, ETHERNET_SOURCE, MAC_OCTETS);
    // Below the smallest type stands Linux's own number for "LLC": on the wire that is the payload's length.
    writeU16(frame, ETHERNET_TYPE, this.protocol < ETHERTYPE_MIN ? Math.min(payloadOctets, 1500) : this.protocol);
    copyBytes(bytes, payload, frame, ETHERNET_OCTETS, payloadOctets);
    return ETHERNET_OCTETS + payloadOctets;
  }
}

function writeDestination(
  frame: Uint8Array,
  packetType: number,
  protocol: number,
  bytes: Uint8Array,
  payload: number,
  octets: number,
): void {
  if (protocol === ETHERTYPE_IPV4 && octets >= IPV4_OCTETS && (bytes[payload + IPV4_DESTINATION]! & 0xf0) === 0xe0)
    writeMulticastMac4(frame, 0, bytes, payload + IPV4_DESTINATION);
  else if (protocol === ETHERTYPE_IPV6 && octets >= IPV6_OCTETS && bytes[payload + IPV6_DESTINATION] === 0xff)
    writeMulticastMac6(frame, 0, bytes, payload + IPV6_DESTINATION);
  else if (packetType === TYPE_BROADCAST || isArpRequest(protocol, bytes, payload, octets))
    copyBytes(BROADCAST_MAC, 0, frame, 0, MAC_OCTETS);
  else copyBytes(ZERO_MAC, 0, frame, 0, MAC_OCTETS);
}

function isArpRequest(protocol: number, bytes: Uint8Array, payload: number, octets: number): boolean {
  return protocol === ETHERTYPE_ARP && octets >= 8 && readU16(bytes, payload + ARP_OPERATION) === ARP_REQUEST;
}
