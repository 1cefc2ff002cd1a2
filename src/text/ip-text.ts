/**
 * IP addresses as people write them, to octets and back. `ip-address` judges the text; inside, an address is a
 * `Uint8Array` of 4 or 16 octets in network order, and equality is equality of its octets.
 */
import { Address4, Address6 } from "ip-address";
import { equalBits, equalBytes } from "../base/bytes.ts";

/** 4 octets (IPv4) or 16 (IPv6), network order. */
export type IpAddress = Uint8Array;

export interface IpPrefix {
  readonly address: IpAddress;
  /** 0 to 32, or 0 to 128. */
  readonly length: number;
}

/** The octets of `10.0.1.50` or `2001:db8::1`; null if it is no address (a prefix length, a zone or a port is none). */
export function parseIp(text: string): IpAddress | null {
  if (!/^[0-9a-fA-F:.]+$/.test(text)) return null;
  try {
    if (text.includes(":")) return octets6(text);
    if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return null;
    return Uint8Array.from(new Address4(text).toArray());
  } catch {
    return null;
  }
}

function octets6(text: string): IpAddress {
  const bytes = new Address6(text).toUnsignedByteArray();
  const octets = new Uint8Array(16);
  octets.set(bytes, 16 - bytes.length);
  return octets;
}

/** `10.0.1.0/24` or `2001:db8:1::/64`; a missing length is the whole address. Null if it is no prefix. */
export function parsePrefix(text: string): IpPrefix | null {
  const [addressText = "", lengthText, ...rest] = text.split("/");
  const address = parseIp(addressText);
  if (address === null || rest.length > 0) return null;
  if (lengthText === undefined) return { address, length: address.length * 8 };
  const length = /^\d{1,3}$/.test(lengthText) ? Number(lengthText) : -1;
  return length >= 0 && length <= address.length * 8 ? { address, length } : null;
}

/** Whether `address` lies inside `prefix`; false across families. */
export function prefixContains(prefix: IpPrefix, address: IpAddress): boolean {
  return prefix.address.length === address.length && equalBits(prefix.address, 0, address, 0, prefix.length);
}

/** Whether two addresses are the same; never across families. */
export function sameIp(a: IpAddress, b: IpAddress): boolean {
  return isIpAt(a, b, 0, b.length);
}

/** Whether `ip` is the address of `octets` octets at `offset`; never across families. For every frame: nothing is allocated. */
export function isIpAt(ip: IpAddress, bytes: Uint8Array, offset: number, octets: number): boolean {
  return ip.length === octets && equalBytes(ip, 0, bytes, offset, octets);
}
