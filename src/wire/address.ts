/** MAC and IP addresses between octets and text, and the addresses made from others. Text: lower case with colons; IPv6 as RFC 5952. */
import { readU16 } from "../base/bytes.ts";

export const MAC_OCTETS = 6;
export const BROADCAST_MAC: Uint8Array = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
export const ZERO_MAC: Uint8Array = new Uint8Array(6);
/** 224.0.0.1: every IPv4 host on the link (RFC 1112). */
export const ALL_HOSTS: Uint8Array = Uint8Array.of(224, 0, 0, 1);
/** ff02::1: every IPv6 node on the link (RFC 4291 section 2.7.1). */
export const ALL_NODES: Uint8Array = Uint8Array.of(0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);

/** `02:00:00:00:00:01` of the six octets at `offset`. */
export function formatMac(bytes: Uint8Array, offset = 0): string {
  let text = "";
  for (let i = 0; i < 6; i++) text += (i === 0 ? "" : ":") + bytes[offset + i]!.toString(16).padStart(2, "0");
  return text;
}

/** Six octets of `02:00:00:00:00:01`; null if it is no MAC address. */
export function parseMac(text: string): Uint8Array | null {
  if (!/^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$/.test(text)) return null;
  return Uint8Array.from(text.split(":"), (octet) => Number.parseInt(octet, 16));
}

/** Text of a 4- or 16-octet address at `offset`. */
export function formatIp(bytes: Uint8Array, offset = 0, octets = bytes.length): string {
  return octets === 4
    ? `${bytes[offset]}.${bytes[offset + 1]}.${bytes[offset + 2]}.${bytes[offset + 3]}`
    : formatIp6(bytes, offset);
}

/** RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups (the first of equals) as `::`. */
function formatIp6(bytes: Uint8Array, offset: number): string {
  const groups = Array.from({ length: 8 }, (_, i) => readU16(bytes, offset + 2 * i));
  let bestStart = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && groups[i + length] === 0) length++;
    if (length > bestLength) {
      bestStart = i;
      bestLength = length;
    }
  }
  const hex = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(":");
  return bestStart < 0 ? hex(0, 8) : `${hex(0, bestStart)}::${hex(bestStart + bestLength, 8)}`;
}

/** The group MAC of an IPv4 multicast address: 01:00:5e and its lower 23 bits (RFC 1112 section 6.4). */
export function writeMulticastMac4(bytes: Uint8Array, offset: number, ip: Uint8Array, ipOffset: number): void {
  bytes[offset] = 0x01;
  bytes[offset + 1] = 0x00;
  bytes[offset + 2] = 0x5e;
  bytes[offset + 3] = ip[ipOffset + 1]! & 0x7f;
  bytes[offset + 4] = ip[ipOffset + 2]!;
  bytes[offset + 5] = ip[ipOffset + 3]!;
}

/** The group MAC of an IPv6 multicast address: 33:33 and its last four octets (RFC 2464 section 7). */
export function writeMulticastMac6(bytes: Uint8Array, offset: number, ip: Uint8Array, ipOffset: number): void {
  bytes[offset] = 0x33;
  bytes[offset + 1] = 0x33;
  for (let i = 0; i < 4; i++) bytes[offset + 2 + i] = ip[ipOffset + 12 + i]!;
}

/** The link-local address of a MAC: fe80::/64 and the modified EUI-64 (RFC 4291 appendix A). */
export function linkLocalOfMac(mac: Uint8Array): Uint8Array {
  return Uint8Array.of(
    0xfe,
    0x80,
    0,
    0,
    0,
    0,
    0,
    0,
    mac[0]! ^ 2,
    mac[1]!,
    mac[2]!,
    0xff,
    0xfe,
    mac[3]!,
    mac[4]!,
    mac[5]!,
  );
}

/** Whether it is an IPv6 address of fe80::/10, which every link has for itself (RFC 4291 section 2.5.6). */
export function isLinkLocal6(ip: Uint8Array): boolean {
  return ip.length === 16 && ip[0] === 0xfe && (ip[1]! & 0xc0) === 0x80;
}

/** The solicited-node group of an IPv6 address: ff02::1:ff and its last three octets (RFC 4291 section 2.7.1). */
export function solicitedNodeOf(ip: Uint8Array, ipOffset = 0): Uint8Array {
  return Uint8Array.of(
    0xff,
    2,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    1,
    0xff,
    ip[ipOffset + 13]!,
    ip[ipOffset + 14]!,
    ip[ipOffset + 15]!,
  );
}
