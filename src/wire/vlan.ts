/**
 * The IEEE 802.1Q tag (clause 9): four octets between the source MAC and the EtherType. Offsets count from the tag's first
 * octet, which stands where an untagged frame has its EtherType, at ETHERNET_TYPE.
 *
 *    0                               2                               4
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-----+-+-----------------------+-------------------------------+
 *   |         TPID 0x8100           | PCP |D|        VLAN ID        | EtherType of the tagged frame |
 *   +-------------------------------+-----+-+-----------------------+-------------------------------+
 *
 * PCP is the priority, D the drop eligible indicator (DEI). VLAN ID 0 means a priority without a VLAN; 4,095 is reserved.
 */
import { readU16, writeU16 } from "../base/bytes.ts";
import { ETHERTYPE_VLAN } from "./ethernet.ts";
import { PARSE_BAD_TYPE, PARSE_BAD_VALUE, PARSE_OK, PARSE_TRUNCATED, type ParseCode } from "./parse-code.ts";

/** The tag itself; the EtherType behind it is not counted. */
export const VLAN_OCTETS = 4;
export const VLAN_TPID = 0;
export const VLAN_TCI = 2;
export const VLAN_INNER_TYPE = 4;
/** The highest VLAN ID that a frame may carry (table 9-2). */
export const VLAN_ID_MAX = 4094;

/** `octets` are counted from the tag: the tag and the EtherType behind it must be there. */
export function checkVlan(bytes: Uint8Array, offset: number, octets: number): ParseCode {
  if (octets < VLAN_OCTETS + 2) return PARSE_TRUNCATED;
  if (readU16(bytes, offset + VLAN_TPID) !== ETHERTYPE_VLAN) return PARSE_BAD_TYPE;
  return vlanId(bytes, offset) > VLAN_ID_MAX ? PARSE_BAD_VALUE : PARSE_OK;
}

/** 0 to 4,095. */
export function vlanId(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + VLAN_TCI) & 0xfff;
}

/** PCP, 0 to 7. */
export function vlanPriority(bytes: Uint8Array, offset: number): number {
  return bytes[offset + VLAN_TCI]! >>> 5;
}

/** DEI. */
export function vlanDropEligible(bytes: Uint8Array, offset: number): boolean {
  return (bytes[offset + VLAN_TCI]! & 0x10) !== 0;
}

/** The EtherType of the tagged frame; another tag's TPID if there are two. */
export function vlanInnerType(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + VLAN_INNER_TYPE);
}

/** Writes the four octets of the tag. The EtherType behind it is the frame's own and stays as it is. */
export function writeVlan(
  bytes: Uint8Array,
  offset: number,
  vlanId: number,
  priority: number,
  dropEligible: boolean,
): void {
  writeU16(bytes, offset + VLAN_TPID, ETHERTYPE_VLAN);
  writeU16(bytes, offset + VLAN_TCI, (priority << 13) | (dropEligible ? 0x1000 : 0) | vlanId);
}
