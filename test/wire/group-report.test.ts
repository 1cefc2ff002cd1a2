import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeU16 } from "../../src/base/bytes.ts";
import { addToSum, finishSum } from "../../src/base/checksum.ts";
import { writeIcmpv6Checksum } from "../../src/wire/icmpv6.ts";
import {
  checkIgmpV3Report,
  GROUP_CHANGE_TO_EXCLUDE,
  GROUP_CHANGE_TO_INCLUDE,
  IGMP_CHECKSUM,
  IGMP_FIRST_RECORD,
  IGMP_RECORD_GROUP,
  IGMP_V3_REPORT_OCTETS,
  igmpRecordCount,
  igmpRecordOctets,
  igmpRecordSourceCount,
  igmpRecordType,
  writeIgmpV3Report,
} from "../../src/wire/igmp.ts";
import { IPPROTO_ICMPV6 } from "../../src/wire/ipv4.ts";
import { IPV6_OCTETS } from "../../src/wire/ipv6.ts";
import {
  checkMldV2Report,
  MLD_FIRST_RECORD,
  MLD_RECORD_GROUP,
  MLDV2_REPORT_OCTETS,
  mldRecordCount,
  mldRecordOctets,
  mldRecordSourceCount,
  mldRecordType,
  writeMldV2Report,
} from "../../src/wire/mld.ts";
import { PARSE_BAD_CHECKSUM, PARSE_BAD_TYPE, PARSE_OK, PARSE_TRUNCATED } from "../../src/wire/parse-code.ts";
import { bytesOf, guarded, written } from "./octets.ts";
import { ipHeader, joined } from "./packets.ts";

const recordTypes = fc.constantFrom(GROUP_CHANGE_TO_INCLUDE, GROUP_CHANGE_TO_EXCLUDE);

/** The report of `hex`, its checksum made right. */
function igmp(hex: string): Uint8Array {
  const bytes = bytesOf(hex);
  writeU16(bytes, IGMP_CHECKSUM, finishSum(addToSum(0, bytes, 0, bytes.length)));
  return bytes;
}

/** The report of `hex` behind an IPv6 header, its checksum made right. */
function mld(hex: string): Uint8Array {
  const report = bytesOf(hex);
  const bytes = joined(ipHeader(IPPROTO_ICMPV6, report.length, 1, "fe80::1", "ff02::16"), report);
  writeIcmpv6Checksum(bytes, IPV6_OCTETS, report.length, 0);
  return bytes;
}

describe("the IGMPv3 report", () => {
  it("comes back as written", () => {
    fc.assert(
      fc.property(recordTypes, fc.uint8Array({ minLength: 7, maxLength: 7 }), fc.nat(3), (type, group, groupAt) => {
        const bytes = written(IGMP_V3_REPORT_OCTETS, (to, offset) =>
          writeIgmpV3Report(to, offset, type, group, groupAt),
        );
        expect(checkIgmpV3Report(bytes, 0, bytes.length)).toBe(PARSE_OK);
        expect(igmpRecordCount(bytes, 0)).toBe(1);
        expect(igmpRecordType(bytes, IGMP_FIRST_RECORD)).toBe(type);
        expect(igmpRecordSourceCount(bytes, IGMP_FIRST_RECORD)).toBe(0);
        expect(bytes.slice(IGMP_FIRST_RECORD + IGMP_RECORD_GROUP)).toEqual(group.slice(groupAt, groupAt + 4));
      }),
    );
  });

  it("may have several records with sources and auxiliary data, and data behind them", () => {
    const bytes = igmp("22000000 00000002 06010002e0000012 0a000001 0a000002 aaaaaaaa 04000000e0000013 ffff");
    expect(checkIgmpV3Report(bytes, 0, bytes.length)).toBe(PARSE_OK);
    const second = IGMP_FIRST_RECORD + igmpRecordOctets(bytes, IGMP_FIRST_RECORD);
    expect(igmpRecordSourceCount(bytes, IGMP_FIRST_RECORD)).toBe(2);
    expect(igmpRecordType(bytes, second)).toBe(GROUP_CHANGE_TO_EXCLUDE);
    expect(bytes[second + IGMP_RECORD_GROUP + 3]).toBe(0x13);
  });

  it.each([
    ["nothing but 7 octets", bytesOf("22000000000000"), PARSE_TRUNCATED],
    ["another type", igmp("16000000 e0000012"), PARSE_BAD_TYPE],
    ["a wrong checksum", bytesOf("22000000 00000000"), PARSE_BAD_CHECKSUM],
    ["a record missing", igmp("22000000 00000002 04000000e0000012"), PARSE_TRUNCATED],
    ["a source missing", igmp("22000000 00000001 04000001e0000012"), PARSE_TRUNCATED],
    ["65,535 records promised", igmp("22000000 0000ffff 04000000e0000012"), PARSE_TRUNCATED],
    ["no record at all", igmp("22000000 00000000"), PARSE_OK],
  ])("with %s is judged", (_name, bytes, code) => {
    expect(checkIgmpV3Report(guarded(bytes, 0, bytes.length), 0, bytes.length)).toBe(code);
  });

  it("is refused when its records are cut anywhere, though the checksum is right", () => {
    const whole = "2200000000000002 04000001e00000120a000001 04000000e0000013".replaceAll(" ", "");
    for (let octets = 8; octets < whole.length / 2; octets++) {
      const bytes = igmp(whole.slice(0, 2 * octets));
      expect(checkIgmpV3Report(guarded(bytes, 0, octets), 0, octets), `${octets} octets`).toBe(PARSE_TRUNCATED);
    }
    expect(checkIgmpV3Report(igmp(whole), 0, whole.length / 2)).toBe(PARSE_OK);
  });
});

describe("the MLDv2 report", () => {
  const header = ipHeader(IPPROTO_ICMPV6, MLDV2_REPORT_OCTETS, 1, "fe80::1", "ff02::16");

  it("comes back as written", () => {
    fc.assert(
      fc.property(recordTypes, fc.uint8Array({ minLength: 19, maxLength: 19 }), fc.nat(3), (type, group, groupAt) => {
        const report = written(
          MLDV2_REPORT_OCTETS,
          (to, offset) => writeMldV2Report(to, offset, offset - IPV6_OCTETS, type, group, groupAt),
          header,
        );
        const bytes = joined(header, report);
        expect(checkMldV2Report(bytes, IPV6_OCTETS, MLDV2_REPORT_OCTETS, 0)).toBe(PARSE_OK);
        expect(mldRecordCount(report, 0)).toBe(1);
        expect(mldRecordType(report, MLD_FIRST_RECORD)).toBe(type);
        expect(mldRecordSourceCount(report, MLD_FIRST_RECORD)).toBe(0);
        expect(report.slice(MLD_FIRST_RECORD + MLD_RECORD_GROUP)).toEqual(group.slice(groupAt, groupAt + 16));
      }),
    );
  });

  it("may have several records with sources and auxiliary data, and data behind them", () => {
    const group = "ff020000000000000000000000000012";
    const source = "20010db8000000000000000000000001";
    const bytes = mld(`8f000000 00000002 06010001 ${group} ${source} aaaaaaaa 03000000 ${group} ffff`);
    expect(checkMldV2Report(bytes, IPV6_OCTETS, bytes.length - IPV6_OCTETS, 0)).toBe(PARSE_OK);
    const first = IPV6_OCTETS + MLD_FIRST_RECORD;
    const second = first + mldRecordOctets(bytes, first);
    expect(mldRecordSourceCount(bytes, first)).toBe(1);
    expect(mldRecordType(bytes, second)).toBe(GROUP_CHANGE_TO_INCLUDE);
    expect(bytes[second + MLD_RECORD_GROUP + 15]).toBe(0x12);
  });

  it.each([
    ["nothing but 7 octets", mld("8f000000000000"), PARSE_TRUNCATED],
    ["another type", mld("84000000 00000000"), PARSE_BAD_TYPE],
    ["a record missing", mld("8f000000 00000001"), PARSE_TRUNCATED],
    ["a source missing", mld("8f000000 00000001 04000001 ff020000000000000000000000000012"), PARSE_TRUNCATED],
    ["no record at all", mld("8f000000 00000000"), PARSE_OK],
  ])("with %s is judged", (_name, bytes, code) => {
    const octets = bytes.length - IPV6_OCTETS;
    expect(checkMldV2Report(guarded(bytes, 0, bytes.length), IPV6_OCTETS, octets, 0)).toBe(code);
  });

  it("is refused when its records are cut anywhere, though the checksum is right", () => {
    const group = "ff020000000000000000000000000012";
    const whole = `8f00000000000002 04000001${group}${group} 04000000${group}`.replaceAll(" ", "");
    for (let octets = 8; octets < whole.length / 2; octets++) {
      const bytes = mld(whole.slice(0, 2 * octets));
      const code = checkMldV2Report(guarded(bytes, 0, bytes.length), IPV6_OCTETS, octets, 0);
      expect(code, `${octets} octets`).toBe(PARSE_TRUNCATED);
    }
    expect(checkMldV2Report(mld(whole), IPV6_OCTETS, whole.length / 2, 0)).toBe(PARSE_OK);
  });

  it("is not read beyond octets that are not all there", () => {
    const bytes = mld("8f000000 00000000");
    for (let octets = 0; octets < MLD_FIRST_RECORD; octets++) {
      const available = guarded(bytes, 0, IPV6_OCTETS + octets);
      expect(checkMldV2Report(available, IPV6_OCTETS, octets, 0)).toBe(PARSE_TRUNCATED);
    }
  });

  it("is refused with a wrong checksum", () => {
    const bytes = mld("8f000000 00000000");
    bytes[IPV6_OCTETS + 5] = 1;
    expect(checkMldV2Report(bytes, IPV6_OCTETS, 8, 0)).toBe(PARSE_BAD_CHECKSUM);
  });
});
