/**
 * The IP authentication header (RFC 2402) as VRRP version 2 uses it (RFC 2338 section 5.3.6.3; later versions dropped it): 24 octets between the
 * IPv4 header and the advertisement.
 *
 *    0               1               2               3
 *   +---------------+---------------+-------------------------------+
 * 0 | next header   | length 4      |           reserved            |
 *   +---------------+---------------+-------------------------------+
 * 4 |             security parameters index: the source address     |
 *   +---------------------------------------------------------------+
 * 8 |                        sequence number                        |
 *   +---------------------------------------------------------------+
 *12 |     integrity check value: 12 octets of HMAC-MD5 (RFC 2403)    |
 *   +---------------------------------------------------------------+
 *
 * The length counts words of four octets less two. The check value covers the whole packet with itself and the fields that change on the
 * way as zeros. As keepalived does it, the identification counts, and so does the TTL of what goes to the group.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { md5 } from "@noble/hashes/legacy.js";
import { copyBytes, equalBytes, readI32, writeI32 } from "../base/bytes.ts";
import {
  IPPROTO_VRRP,
  IPV4_CHECKSUM,
  IPV4_FLAGS_FRAGMENT,
  IPV4_OCTETS,
  IPV4_SOURCE,
  IPV4_TOS,
  IPV4_TTL,
  ipv4TotalOctets,
} from "./ipv4.ts";

export const AH_OCTETS = 24;
export const AH_NEXT_HEADER = 0;
export const AH_LENGTH = 1;
export const AH_SPI = 4;
export const AH_SEQUENCE = 8;
export const AH_ICV = 12;
const AH_ICV_OCTETS = 12;
/** In words, less two. */
const LENGTH = AH_OCTETS / 4 - 2;

export function ahNextHeader(bytes: Uint8Array, offset: number): number {
  return bytes[offset + AH_NEXT_HEADER]!;
}

/** 0 to 2^32 - 1. */
export function ahSequence(bytes: Uint8Array, offset: number): number {
  return readI32(bytes, offset + AH_SEQUENCE) >>> 0;
}

/** Whether the index is the packet's source address; the IP header stands at `ip`. */
export function ahSpiIsSource(bytes: Uint8Array, offset: number, ip: number): boolean {
  return equalBytes(bytes, offset + AH_SPI, bytes, ip + IPV4_SOURCE, 4);
}

/**
 * Writes the header behind the 20 octets of the IP header at `ip`, once that and the advertisement behind it stand there. `key` is the password of 8 octets;
 * `unicast` leaves the TTL out of the check value.
 */
export function writeAh(bytes: Uint8Array, ip: number, sequence: number, key: Uint8Array, unicast: boolean): void {
  const offset = ip + IPV4_OCTETS;
  bytes[offset + AH_NEXT_HEADER] = IPPROTO_VRRP;
  bytes[offset + AH_LENGTH] = LENGTH;
  bytes[offset + 2] = 0;
  bytes[offset + 3] = 0;
  copyBytes(bytes, ip + IPV4_SOURCE, bytes, offset + AH_SPI, 4);
  writeI32(bytes, offset + AH_SEQUENCE, sequence | 0);
  copyBytes(checkValue(bytes, ip, offset, key, unicast), 0, bytes, offset + AH_ICV, AH_ICV_OCTETS);
}

/** Whether the check value of the header at `offset`, in the packet at `ip`, was made with this key. */
export function ahIcvOk(bytes: Uint8Array, ip: number, offset: number, key: Uint8Array, unicast: boolean): boolean {
  return equalBytes(checkValue(bytes, ip, offset, key, unicast), 0, bytes, offset + AH_ICV, AH_ICV_OCTETS);
}

function checkValue(bytes: Uint8Array, ip: number, offset: number, key: Uint8Array, unicast: boolean): Uint8Array {
  const packet = bytes.slice(ip, ip + ipv4TotalOctets(bytes, ip));
  packet[IPV4_TOS] = 0;
  packet.fill(0, IPV4_FLAGS_FRAGMENT, IPV4_FLAGS_FRAGMENT + 2);
  packet.fill(0, IPV4_CHECKSUM, IPV4_CHECKSUM + 2);
  if (unicast) packet[IPV4_TTL] = 0;
  packet.fill(0, offset - ip + AH_ICV, offset - ip + AH_ICV + AH_ICV_OCTETS);
  return hmac(md5, key, packet);
}
