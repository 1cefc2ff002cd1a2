/**
 * ARP for IPv4 over Ethernet (RFC 826). Offsets count from the first octet behind the Ethernet header.
 *
 *    0                               2
 *   +-------------------------------+-------------------------------+
 * 0 |  hardware type 1 (Ethernet)   |  protocol type 0x0800 (IPv4)  |
 *   +---------------+---------------+-------------------------------+
 * 4 | MAC octets, 6 | IP octets, 4  | operation: 1 request, 2 reply |
 *   +---------------+---------------+-------------------------------+
 * 8 | sender MAC (6 octets)                                         |
 *   |                               +-------------------------------+
 *   |                               | 14: sender IP (4 octets)      |
 *   +-------------------------------+-------------------------------+
 *   |                               | 18: target MAC (6 octets)     |
 *   +-------------------------------+                               |
 *   |                                                               |
 *   +---------------------------------------------------------------+
 *24 | target IP (4 octets)                                          |
 *   +---------------------------------------------------------------+
 *
 * Whoever moves an address announces it with sender IP = target IP ("gratuitous", RFC 5944 section 4.6), as a request or
 * as a reply. A host that wants to know whether an address is free asks with sender IP 0 (a probe, RFC 5227 section 2.1.1).
 */
import { copyBytes, readI32, readU16, writeI32, writeU16 } from "../base/bytes.ts";
import { MAC_OCTETS } from "./address.ts";
import { PARSE_BAD_LENGTH, PARSE_BAD_TYPE, PARSE_OK, PARSE_TRUNCATED, type ParseCode } from "./parse-code.ts";

export const ARP_OCTETS = 28;
export const ARP_HARDWARE_TYPE = 0;
export const ARP_HARDWARE_OCTETS = 4;
export const ARP_OPERATION = 6;
export const ARP_SENDER_MAC = 8;
export const ARP_SENDER_IP = 14;
export const ARP_TARGET_MAC = 18;
export const ARP_TARGET_IP = 24;

export const ARP_REQUEST = 1;
export const ARP_REPLY = 2;

/** Hardware type 1 and protocol type 0x0800, as one word. */
const ETHERNET_AND_IPV4 = 0x00010800;
/** Six octets of MAC and four of IP, as one half-word. */
const SIX_AND_FOUR = 0x0604;

/**
 * ARP between Ethernet and IPv4, a request or a reply. Not checked: whether the sender MAC is the frame's source MAC, and
 * whether the addresses make sense; that is the receiver's policy.
 */
export function checkArp(bytes: Uint8Array, offset: number, octets: number): ParseCode {
  if (octets < ARP_OCTETS) return PARSE_TRUNCATED;
  if (readI32(bytes, offset + ARP_HARDWARE_TYPE) !== ETHERNET_AND_IPV4) return PARSE_BAD_TYPE;
  if (readU16(bytes, offset + ARP_HARDWARE_OCTETS) !== SIX_AND_FOUR) return PARSE_BAD_LENGTH;
  const operation = arpOperation(bytes, offset);
  return operation === ARP_REQUEST || operation === ARP_REPLY ? PARSE_OK : PARSE_BAD_TYPE;
}

/** ARP_REQUEST or ARP_REPLY. */
export function arpOperation(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + ARP_OPERATION);
}

/** Whether sender and target IP are the same address: an announcement, in either operation. 0.0.0.0 announces nothing. */
export function isGratuitousArp(bytes: Uint8Array, offset: number): boolean {
  const senderIp = readI32(bytes, offset + ARP_SENDER_IP);
  return senderIp !== 0 && senderIp === readI32(bytes, offset + ARP_TARGET_IP);
}

/** A request with sender IP 0.0.0.0 (RFC 5227 section 1.1): it asks whether the target IP is in use and claims nothing. */
export function isArpProbe(bytes: Uint8Array, offset: number): boolean {
  return arpOperation(bytes, offset) === ARP_REQUEST && readI32(bytes, offset + ARP_SENDER_IP) === 0;
}

/** MACs are 6 octets, IPs 4, each from the start of its array. */
export function writeArp(
  bytes: Uint8Array,
  offset: number,
  operation: number,
  senderMac: Uint8Array,
  senderIp: Uint8Array,
  targetMac: Uint8Array,
  targetIp: Uint8Array,
): void {
  writeI32(bytes, offset + ARP_HARDWARE_TYPE, ETHERNET_AND_IPV4);
  writeU16(bytes, offset + ARP_HARDWARE_OCTETS, SIX_AND_FOUR);
  writeU16(bytes, offset + ARP_OPERATION, operation);
  copyBytes(senderMac, 0, bytes, offset + ARP_SENDER_MAC, MAC_OCTETS);
  copyBytes(senderIp, 0, bytes, offset + ARP_SENDER_IP, 4);
  copyBytes(targetMac, 0, bytes, offset + ARP_TARGET_MAC, MAC_OCTETS);
  copyBytes(targetIp, 0, bytes, offset + ARP_TARGET_IP, 4);
}
