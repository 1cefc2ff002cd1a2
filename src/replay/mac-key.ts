/** MAC addresses as numbers below 2^48: keys of maps, made without an object per frame. */
import { readI32, readU16 } from "../base/bytes.ts";
import { formatIp } from "../wire/address.ts";

/** 00:00:5e:00:01:VRID and 00:00:5e:00:02:VRID, the MACs of virtual routers (RFC 9568 section 7.3), without their last octet. */
const VIRTUAL_IPV4 = 0x00005e0001;
const VIRTUAL_IPV6 = 0x00005e0002;

export function macKey(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset) * 2 ** 32 + (readI32(bytes, offset + 2) >>> 0);
}

/** `02:00:00:00:00:01` */
export function formatMacKey(key: number): string {
  return key
    .toString(16)
    .padStart(12, "0")
    .replace(/..(?=.)/g, "$&:");
}

/** Whether the MAC is a virtual router's: whoever is master sends from it. */
export function isVirtualMac(key: number): boolean {
  const prefix = Math.floor(key / 256);
  return (prefix === VIRTUAL_IPV4 || prefix === VIRTUAL_IPV6) && key % 256 !== 0;
}

/** The link-local address that a host makes from its MAC (RFC 4291 appendix A), `fe80::ff:fe00:1` of 02:00:00:00:00:01. */
export function linkLocalOf(key: number): string {
  const octets = new Uint8Array(16);
  octets.set([0xfe, 0x80]);
  for (let i = 0, rest = key; i < 6; i++, rest = Math.floor(rest / 256)) octets[i < 3 ? 15 - i : 13 - i] = rest % 256;
  octets[8]! ^= 2;
  octets.set([0xff, 0xfe], 11);
  return formatIp(octets);
}
