/**
 * The IGMPv3 membership report (RFC 3376 section 4.2): "I want this group", "I no longer want it". A host sends one record
 * per group that changed.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 * 0 |   type 0x22   |   reserved    |           checksum            |
 *   +---------------+---------------+-------------------------------+
 * 4 |           reserved            |       number of records       |
 *   +===============+===============+===============================+
 * 0 |  record type  |   aux words   |       number of sources       |
 *   +---------------+---------------+-------------------------------+
 * 4 |                        group (4 octets)                       |
 *   +---------------------------------------------------------------+
 * 8 |        sources (4 octets each), auxiliary data (words)        |
 *   +---------------------------------------------------------------+
 *
 * The checksum covers the whole message, no pseudo-header. The IPv4 header in front has TTL 1 and the router alert option,
 * and goes to 224.0.0.22. Wanting a group from every source is the record "change to exclude" with no sources.
 */
import { copyBytes, readU16, writeI32, writeU16 } from "../base/bytes.ts";
import { addToSum, finishSum } from "../base/checksum.ts";
import { PARSE_BAD_CHECKSUM, PARSE_BAD_TYPE, PARSE_OK, PARSE_TRUNCATED, type ParseCode } from "./parse-code.ts";

export const IGMP_V3_REPORT = 0x22;
export const IGMP_TYPE = 0;
export const IGMP_CHECKSUM = 2;
export const IGMP_RECORD_COUNT = 6;
export const IGMP_FIRST_RECORD = 8;
/** Of a record without sources and auxiliary data. */
export const IGMP_RECORD_OCTETS = 8;
/** The group's offset, counted from the record's first octet. */
export const IGMP_RECORD_GROUP = 4;
/** A report with one record and no sources. */
export const IGMP_V3_REPORT_OCTETS = IGMP_FIRST_RECORD + IGMP_RECORD_OCTETS;

/** Record types (RFC 3376 section 4.2.12); MLDv2 has the same numbers (RFC 3810 section 5.2.12). */
export const GROUP_CHANGE_TO_INCLUDE = 3;
export const GROUP_CHANGE_TO_EXCLUDE = 4;

/**
 * Type, checksum, and that all records are there. `octets` is the IP packet's payload. Not checked: TTL and router alert of
 * the IP header, and the record types.
 */
export function checkIgmpV3Report(bytes: Uint8Array, offset: number, octets: number): ParseCode {
  if (octets < IGMP_FIRST_RECORD) return PARSE_TRUNCATED;
  if (bytes[offset + IGMP_TYPE] !== IGMP_V3_REPORT) return PARSE_BAD_TYPE;
  if (finishSum(addToSum(0, bytes, offset, octets)) !== 0) return PARSE_BAD_CHECKSUM;
  const end = offset + octets;
  let record = offset + IGMP_FIRST_RECORD;
  for (let left = igmpRecordCount(bytes, offset); left > 0; left--) {
    if (record + IGMP_RECORD_OCTETS > end) return PARSE_TRUNCATED;
    record += igmpRecordOctets(bytes, record);
  }
  return record <= end ? PARSE_OK : PARSE_TRUNCATED;
}

/** Records in the report at `offset`; the first is at `offset + IGMP_FIRST_RECORD`. */
export function igmpRecordCount(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + IGMP_RECORD_COUNT);
}

/** GROUP_CHANGE_TO_… or another of the six types. */
export function igmpRecordType(bytes: Uint8Array, recordOffset: number): number {
  return bytes[recordOffset]!;
}

export function igmpRecordSourceCount(bytes: Uint8Array, recordOffset: number): number {
  return readU16(bytes, recordOffset + 2);
}

/** Octets of the record at `recordOffset`; the next one is that much further. */
export function igmpRecordOctets(bytes: Uint8Array, recordOffset: number): number {
  return IGMP_RECORD_OCTETS + (igmpRecordSourceCount(bytes, recordOffset) << 2) + (bytes[recordOffset + 1]! << 2);
}

/** Writes the 16 octets of a report with one record for `group` (4 octets at `groupOffset`) and no sources. */
export function writeIgmpV3Report(
  bytes: Uint8Array,
  offset: number,
  recordType: number,
  group: Uint8Array,
  groupOffset: number,
): void {
  const record = offset + IGMP_FIRST_RECORD;
  writeI32(bytes, offset, IGMP_V3_REPORT << 24);
  writeI32(bytes, offset + 4, 1);
  writeI32(bytes, record, recordType << 24);
  copyBytes(group, groupOffset, bytes, record + IGMP_RECORD_GROUP, 4);
  writeU16(bytes, offset + IGMP_CHECKSUM, finishSum(addToSum(0, bytes, offset, IGMP_V3_REPORT_OCTETS)));
}
