/**
 * The CARP advertisement of OpenBSD and of ucarp, which has protocol number, group and first octet in common with VRRP version 2.
 *
 *    0       1       2       3
 *   +---+---+-------+-------+-------+
 * 0 | 2 | 1 | VHID  | skew  | len 7 |
 *   +---+---+-------+-------+-------+
 * 4 | demote| base s|   checksum    |
 *   +-------+-------+---------------+
 * 8 |      counter (8 octets)       |
 *   +-------------------------------+
 *16 |  SHA-1 HMAC (20 octets)       |
 *   +-------------------------------+
 *
 * The interval is base + skew/256 seconds, and who advertises more often is the better master. Addresses are not listed, but are in the HMAC:
 * over version, type, VHID, the addresses and the counter, with the password as key. `len` counts words behind the first 8 octets; where
 * VRRP has the number of addresses, so that only the length of 36 octets tells the two apart for certain. In front stands an IPv4 header with
 * TTL 255 to 224.0.0.18; ucarp's frames come from 00:00:5e:00:00 and the VHID.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { sha1 } from "@noble/hashes/legacy.js";
import { copyBytes, writeU16 } from "../base/bytes.ts";
import { addToSum, finishSum } from "../base/checksum.ts";
import { PARSE_BAD_CHECKSUM, PARSE_OK, PARSE_OTHER_KIND, PARSE_TRUNCATED, type ParseCode } from "./parse-code.ts";

export const CARP_OCTETS = 36;
export const CARP_VERSION_TYPE = 0;
export const CARP_VHID = 1;
export const CARP_SKEW = 2;
export const CARP_AUTH_WORDS = 3;
export const CARP_BASE_S = 5;
export const CARP_CHECKSUM = 6;
export const CARP_HMAC = 16;

const VERSION_AND_TYPE = 0x21;
const AUTH_WORDS = 7;
const HMAC_OCTETS = 20;

/**
 * Whether the payload of an IPv4 packet of protocol 112 is a CARP advertisement, and its checksum right; PARSE_OTHER_KIND: it is VRRP, or
 * nothing. Whether the HMAC is right only the password tells.
 */
export function checkCarp(bytes: Uint8Array, offset: number, octets: number): ParseCode {
  if (octets < CARP_OCTETS) return PARSE_TRUNCATED;
  const isCarp =
    octets === CARP_OCTETS &&
    bytes[offset + CARP_VERSION_TYPE] === VERSION_AND_TYPE &&
    bytes[offset + CARP_AUTH_WORDS] === AUTH_WORDS;
  if (!isCarp) return PARSE_OTHER_KIND;
  return finishSum(addToSum(0, bytes, offset, octets)) === 0 ? PARSE_OK : PARSE_BAD_CHECKSUM;
}

export function carpVhid(bytes: Uint8Array, offset: number): number {
  return bytes[offset + CARP_VHID]!;
}

/** 1/256 s. */
export function carpSkew(bytes: Uint8Array, offset: number): number {
  return bytes[offset + CARP_SKEW]!;
}

export function carpBaseS(bytes: Uint8Array, offset: number): number {
  return bytes[offset + CARP_BASE_S]!;
}

/** Writes 36 octets: an advertisement with the counter 0 for one IPv4 address. `password` is the key of its HMAC. */
export function writeCarp(
  bytes: Uint8Array,
  offset: number,
  vhid: number,
  baseS: number,
  skew: number,
  address: Uint8Array,
  password: Uint8Array,
): void {
  bytes.fill(0, offset, offset + CARP_OCTETS);
  bytes[offset + CARP_VERSION_TYPE] = VERSION_AND_TYPE;
  bytes[offset + CARP_VHID] = vhid;
  bytes[offset + CARP_SKEW] = skew;
  bytes[offset + CARP_AUTH_WORDS] = AUTH_WORDS;
  bytes[offset + CARP_BASE_S] = baseS;
  const signed = Uint8Array.of(VERSION_AND_TYPE >>> 4, VERSION_AND_TYPE & 15, vhid, ...address, ...new Uint8Array(8));
  copyBytes(hmac(sha1, password, signed), 0, bytes, offset + CARP_HMAC, HMAC_OCTETS);
  writeU16(bytes, offset + CARP_CHECKSUM, finishSum(addToSum(0, bytes, offset, CARP_OCTETS)));
}
