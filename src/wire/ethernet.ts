/**
 * The Ethernet II header (IEEE 802.3 clause 3.2; RFC 894 and RFC 2464 for what it carries). A frame here begins with the
 * destination MAC and ends with the last octet of payload: no preamble, no FCS, no padding that was not sent.
 *
 *    0                 6                 12          14
 *   +-----------------+-----------------+-----------+----------
 *   | destination MAC |   source MAC    |   type    | payload
 *   +-----------------+-----------------+-----------+----------
 *
 * A type below 1,536 is the length of an LLC frame (clause 3.2.6): spanning tree and the like.
 */
import { copyBytes, readU16, writeU16 } from "../base/bytes.ts";
import { MAC_OCTETS } from "./address.ts";
import { PARSE_BAD_VALUE, PARSE_OK, PARSE_TRUNCATED, type ParseCode } from "./parse-code.ts";

export const ETHERNET_OCTETS = 14;
export const ETHERNET_DESTINATION = 0;
export const ETHERNET_SOURCE = 6;
export const ETHERNET_TYPE = 12;

export const ETHERTYPE_IPV4 = 0x0800;
export const ETHERTYPE_ARP = 0x0806;
export const ETHERTYPE_VLAN = 0x8100;
export const ETHERTYPE_IPV6 = 0x86dd;
/** The smallest EtherType; what is below is a length. */
export const ETHERTYPE_MIN = 0x0600;

/** The header is there and its source is one station's: a group cannot send (clause 3.2.3). */
export function checkEthernet(bytes: Uint8Array, offset: number, octets: number): ParseCode {
  if (octets < ETHERNET_OCTETS) return PARSE_TRUNCATED;
  return isGroupMac(bytes, offset + ETHERNET_SOURCE) ? PARSE_BAD_VALUE : PARSE_OK;
}

/** The EtherType, or a length if it is below ETHERTYPE_MIN. */
export function etherType(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + ETHERNET_TYPE);
}

/** Whether the MAC at `offset` is a group's (multicast or broadcast): the lowest bit of its first octet. */
export function isGroupMac(bytes: Uint8Array, offset: number): boolean {
  return (bytes[offset]! & 1) === 1;
}

export function writeEthernet(
  bytes: Uint8Array,
  offset: number,
  destinationMac: Uint8Array,
  sourceMac: Uint8Array,
  etherType: number,
): void {
  copyBytes(destinationMac, 0, bytes, offset + ETHERNET_DESTINATION, MAC_OCTETS);
  copyBytes(sourceMac, 0, bytes, offset + ETHERNET_SOURCE, MAC_OCTETS);
  writeU16(bytes, offset + ETHERNET_TYPE, etherType);
}
