/**
 * The MLDv2 report (RFC 3810 section 5.2): IGMPv3's for IPv6, an ICMPv6 message.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 * 0 |   type 143    |   reserved    |           checksum            |
 *   +---------------+---------------+-------------------------------+
 * 4 |           reserved            |       number of records       |
 *   +===============+===============+===============================+
 * 0 |  record type  |   aux words   |       number of sources       |
 *   +---------------+---------------+-------------------------------+
 * 4 |                       group (16 octets)                       |
 *   +---------------------------------------------------------------+
 *20 |        sources (16 octets each), auxiliary data (words)       |
 *   +---------------------------------------------------------------+
 *
 * In front stand the IPv6 header (hop limit 1, a link-local source, destination ff02::16) and hop-by-hop options with a
 * router alert. The record types are IGMPv3's.
 */
import { copyBytes, readU16, writeI32 } from "../base/bytes.ts";
import { checkIcmpv6, ICMPV6_MLDV2_REPORT, ICMPV6_TYPE, writeIcmpv6Checksum } from "./icmpv6.ts";
import { PARSE_BAD_TYPE, PARSE_OK, PARSE_TRUNCATED, type ParseCode } from "./parse-code.ts";

export const MLD_RECORD_COUNT = 6;
export const MLD_FIRST_RECORD = 8;
/** Of a record without sources and auxiliary data. */
export const MLD_RECORD_OCTETS = 20;
/** The group's offset, counted from the record's first octet. */
export const MLD_RECORD_GROUP = 4;
/** A report with one record and no sources. */
export const MLDV2_REPORT_OCTETS = MLD_FIRST_RECORD + MLD_RECORD_OCTETS;

/**
 * Type, checksum, and that all records are there. `octets` reaches to the packet's end, the IPv6 header stands at
 * `ipOffset`. Not checked: hop limit, source and router alert of what is in front, and the record types.
 */
export function checkMldV2Report(bytes: Uint8Array, offset: number, octets: number, ipOffset: number): ParseCode {
  if (octets < MLD_FIRST_RECORD) return PARSE_TRUNCATED;
  if (bytes[offset + ICMPV6_TYPE] !== ICMPV6_MLDV2_REPORT) return PARSE_BAD_TYPE;
  const code = checkIcmpv6(bytes, offset, octets, ipOffset);
  if (code !== PARSE_OK) return code;
  const end = offset + octets;
  let record = offset + MLD_FIRST_RECORD;
  for (let left = mldRecordCount(bytes, offset); left > 0; left--) {
    if (record + MLD_RECORD_OCTETS > end) return PARSE_TRUNCATED;
    record += mldRecordOctets(bytes, record);
  }
  return record <= end ? PARSE_OK : PARSE_TRUNCATED;
}

/** Records in the report at `offset`; the first is at `offset + MLD_FIRST_RECORD`. */
export function mldRecordCount(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + MLD_RECORD_COUNT);
}

/** GROUP_CHANGE_TO_… or another of the six types. */
export function mldRecordType(bytes: Uint8Array, recordOffset: number): number {
  return bytes[recordOffset]!;
}

export function mldRecordSourceCount(bytes: Uint8Array, recordOffset: number): number {
  return readU16(bytes, recordOffset + 2);
}

/** Octets of the record at `recordOffset`; the next one is that much further. */
export function mldRecordOctets(bytes: Uint8Array, recordOffset: number): number {
  return MLD_RECORD_OCTETS + (mldRecordSourceCount(bytes, recordOffset) << 4) + (bytes[recordOffset + 1]! << 2);
}

/**
 * Writes the 28 octets of a report with one record for `group` (16 octets at `groupOffset`) and no sources; the IPv6 header
 * already stands at `ipOffset`.
 */
export function writeMldV2Report(
  bytes: Uint8Array,
  offset: number,
  ipOffset: number,
  recordType: number,
  group: Uint8Array,
  groupOffset: number,
): void {
  const record = offset + MLD_FIRST_RECORD;
  writeI32(bytes, offset, ICMPV6_MLDV2_REPORT << 24);
  writeI32(bytes, offset + 4, 1);
  writeI32(bytes, record, recordType << 24);
  copyBytes(group, groupOffset, bytes, record + MLD_RECORD_GROUP, 16);
  writeIcmpv6Checksum(bytes, offset, MLDV2_REPORT_OCTETS, ipOffset);
}
