import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeU16 } from "../../src/base/bytes.ts";
import { addToSum, finishSum } from "../../src/base/checksum.ts";
import { IPPROTO_VRRP } from "../../src/wire/ipv4.ts";
import {
  PARSE_BAD_CHECKSUM,
  PARSE_BAD_LENGTH,
  PARSE_BAD_TTL,
  PARSE_BAD_TYPE,
  PARSE_BAD_VALUE,
  PARSE_BAD_VERSION,
  PARSE_OK,
  PARSE_TRUNCATED,
} from "../../src/wire/parse-code.ts";
import {
  checkVrrpV2,
  checkVrrpV3,
  VRRP_ADDRESS_COUNT,
  VRRP_ADDRESSES,
  VRRP_ADVERTISEMENT,
  VRRP_AUTH_AH,
  VRRP_AUTH_NONE,
  VRRP_AUTH_OCTETS,
  VRRP_AUTH_PASS,
  VRRP_CHECKSUM,
  VRRP_OCTETS,
  VRRP_PRIORITY,
  VRRP_V3_INTERVAL_CS,
  VRRP_V3_INTERVAL_CS_MAX,
  VRRP_VERSION_TYPE,
  VRRP_VRID,
  vrrpAddressCount,
  vrrpExpectedOctets,
  vrrpListsAddress,
  vrrpPriority,
  vrrpType,
  vrrpV2AuthOffset,
  vrrpV2AuthType,
  vrrpV2ChecksumOk,
  vrrpV2IntervalS,
  vrrpV3ChecksumOk,
  vrrpV3IntervalCs,
  vrrpVersion,
  vrrpVrid,
  writeVrrpV2,
  writeVrrpV3,
} from "../../src/wire/vrrp.ts";
import { ip } from "./frame-writers.ts";
import { bytesOf, guarded, hexOf, written } from "./octets.ts";
import { ipHeader, joined } from "./packets.ts";

const header4 = (octets: number, ttl = 255) => ipHeader(IPPROTO_VRRP, octets, ttl, "10.0.1.11", "224.0.0.18");
const header6 = (octets: number, ttl = 255) => ipHeader(IPPROTO_VRRP, octets, ttl, "fe80::1", "ff02::12");
const FAMILIES = [
  { family: "IPv4", header: header4, at: 20, addressOctets: 4 },
  { family: "IPv6", header: header6, at: 40, addressOctets: 16 },
] as const;

/** A right advertisement of `version` for 10.0.1.50 behind an IPv4 header. */
function advert(version: 2 | 3, ttl = 255): Uint8Array {
  const octets = vrrpExpectedOctets(version, 1, 4);
  const bytes = joined(header4(octets, ttl), new Uint8Array(octets));
  if (version === 2) writeVrrpV2(bytes, 20, 0, 51, 100, VRRP_AUTH_NONE, 1, ip("10.0.1.50"), 1, null);
  else writeVrrpV3(bytes, 20, 0, 51, 100, 100, ip("10.0.1.50"), 1);
  return bytes;
}

/** As `advert`, with `value` at the advertisement's `index`; the checksum is left as it was. */
function advertWith(version: 2 | 3, index: number, value: number): Uint8Array {
  const bytes = advert(version);
  bytes[20 + index] = value;
  return bytes;
}

const octet = fc.nat(255);
const vrids = fc.integer({ min: 1, max: 255 });

describe.each(FAMILIES)("advertisements over $family", ({ header, at, addressOctets }) => {
  const addressLists = (least: number) =>
    fc.integer({ min: least, max: 20 }).chain((count) => {
      const length = count * addressOctets;
      return fc.uint8Array({ minLength: length, maxLength: length });
    });

  it("of version 2 come back as written", () => {
    const authData = fc.option(fc.uint8Array({ minLength: VRRP_AUTH_OCTETS, maxLength: VRRP_AUTH_OCTETS }));
    fc.assert(
      fc.property(
        vrids,
        octet,
        fc.constantFrom(VRRP_AUTH_NONE, VRRP_AUTH_PASS, VRRP_AUTH_AH),
        octet,
        addressLists(0),
        authData,
        (vrid, priority, authType, intervalS, addresses, auth) => {
          const count = addresses.length / addressOctets;
          const octets = vrrpExpectedOctets(2, count, addressOctets);
          const message = written(
            octets,
            (to, o) => {
              const ipAt = o - at;
              expect(writeVrrpV2(to, o, ipAt, vrid, priority, authType, intervalS, addresses, count, auth)).toBe(
                octets,
              );
            },
            header(octets),
          );
          const bytes = joined(header(octets), message);
          expect(checkVrrpV2(bytes, at, octets, 0)).toBe(PARSE_OK);
          expect(checkVrrpV3(bytes, at, octets, 0)).toBe(PARSE_BAD_VERSION);
          expect(vrrpVersion(bytes, at)).toBe(2);
          expect(vrrpType(bytes, at)).toBe(VRRP_ADVERTISEMENT);
          expect(vrrpVrid(bytes, at)).toBe(vrid);
          expect(vrrpPriority(bytes, at)).toBe(priority);
          expect(vrrpAddressCount(bytes, at)).toBe(count);
          expect(vrrpV2AuthType(bytes, at)).toBe(authType);
          expect(vrrpV2IntervalS(bytes, at)).toBe(intervalS);
          expect(message.slice(VRRP_ADDRESSES, VRRP_ADDRESSES + addresses.length)).toEqual(addresses);
          if (addressOctets === 4) {
            const authAt = vrrpV2AuthOffset(bytes, at);
            expect(bytes.slice(authAt)).toEqual(auth ?? new Uint8Array(VRRP_AUTH_OCTETS));
          }
        },
      ),
    );
  });

  it("of version 3 come back as written", () => {
    fc.assert(
      fc.property(vrids, octet, fc.nat(VRRP_V3_INTERVAL_CS_MAX), addressLists(1), (vrid, priority, cs, addresses) => {
        const count = addresses.length / addressOctets;
        const octets = vrrpExpectedOctets(3, count, addressOctets);
        const message = written(
          octets,
          (to, o) => {
            expect(writeVrrpV3(to, o, o - at, vrid, priority, cs, addresses, count)).toBe(octets);
          },
          header(octets),
        );
        const bytes = joined(header(octets), message);
        expect(checkVrrpV3(bytes, at, octets, 0)).toBe(PARSE_OK);
        expect(checkVrrpV2(bytes, at, octets, 0)).toBe(PARSE_BAD_VERSION);
        expect(vrrpVersion(bytes, at)).toBe(3);
        expect(vrrpType(bytes, at)).toBe(VRRP_ADVERTISEMENT);
        expect(vrrpVrid(bytes, at)).toBe(vrid);
        expect(vrrpPriority(bytes, at)).toBe(priority);
        expect(vrrpAddressCount(bytes, at)).toBe(count);
        expect(vrrpV3IntervalCs(bytes, at)).toBe(cs);
        expect(message.slice(VRRP_ADDRESSES)).toEqual(addresses);
        for (let i = 0; i < count; i++) {
          expect(vrrpListsAddress(bytes, at, addressOctets, addresses, i * addressOctets)).toBe(true);
        }
      }),
    );
  });

  it("list the addresses they hold and no others", () => {
    const octets = vrrpExpectedOctets(3, 2, addressOctets);
    const bytes = joined(header(octets), new Uint8Array(octets));
    const addresses = Uint8Array.from({ length: 2 * addressOctets }, (_, i) => i + 1);
    writeVrrpV3(bytes, at, 0, 51, 100, 100, addresses, 2);
    expect(vrrpListsAddress(bytes, at, addressOctets, addresses, addressOctets)).toBe(true);
    expect(vrrpListsAddress(bytes, at, addressOctets, addresses, 1)).toBe(false);
  });
});

describe("lengths", () => {
  it.each([
    [2, 1, 4, 20],
    [2, 0, 4, 16],
    [2, 255, 4, 1036],
    [2, 1, 16, 24],
    [3, 1, 4, 12],
    [3, 2, 16, 40],
  ])("version %i with %i addresses of %i octets has %i octets", (version, count, addressOctets, octets) => {
    expect(vrrpExpectedOctets(version, count, addressOctets)).toBe(octets);
  });
});

describe("what the checks refuse", () => {
  it.each([2, 3] as const)("version %i, cut or too long", (version) => {
    const bytes = joined(advert(version), bytesOf("00000000"));
    const check = version === 2 ? checkVrrpV2 : checkVrrpV3;
    const expected = vrrpExpectedOctets(version, 1, 4);
    for (let octets = 0; octets < expected; octets++) {
      expect(check(guarded(bytes, 0, 20 + octets), 20, octets, 0)).toBe(PARSE_TRUNCATED);
    }
    expect(check(bytes, 20, expected, 0)).toBe(PARSE_OK);
    expect(check(bytes, 20, expected + 4, 0)).toBe(PARSE_BAD_LENGTH);
  });

  it.each([
    ["version 4", VRRP_VERSION_TYPE, 0x41, PARSE_BAD_VERSION],
    ["type 2", VRRP_VERSION_TYPE, 0, PARSE_BAD_TYPE],
    ["VRID 0", VRRP_VRID, 0, PARSE_BAD_VALUE],
    ["an address more than there are", VRRP_ADDRESS_COUNT, 2, PARSE_TRUNCATED],
    ["an address less than there are", VRRP_ADDRESS_COUNT, 0, PARSE_BAD_LENGTH],
    ["another priority", VRRP_PRIORITY, 101, PARSE_BAD_CHECKSUM],
  ])("%s, in both versions", (name, index, value, code) => {
    const versionAndType = (version: number) => (name === "type 2" ? (version << 4) | 2 : value);
    const bytes2 = advertWith(2, index, versionAndType(2));
    const bytes3 = advertWith(3, index, versionAndType(3));
    expect(checkVrrpV2(bytes2, 20, 20, 0)).toBe(code);
    expect(checkVrrpV3(bytes3, 20, 12, 0)).toBe(code);
  });

  it.each([0, 1, 64, 254])("TTL %i, that may have come through a router", (ttl) => {
    expect(checkVrrpV2(advert(2, ttl), 20, 20, 0)).toBe(PARSE_BAD_TTL);
    expect(checkVrrpV3(advert(3, ttl), 20, 12, 0)).toBe(PARSE_BAD_TTL);
    const over6 = joined(header6(24, ttl), new Uint8Array(24));
    writeVrrpV3(over6, 40, 0, 51, 100, 100, ip("2001:db8::1"), 1);
    expect(checkVrrpV3(over6, 40, 24, 0)).toBe(PARSE_BAD_TTL);
  });

  it("version 3 without an address; version 2 may have none", () => {
    const octets3 = vrrpExpectedOctets(3, 0, 4);
    const bytes3 = joined(header4(octets3), new Uint8Array(octets3));
    writeVrrpV3(bytes3, 20, 0, 51, 100, 100, new Uint8Array(0), 0);
    expect(checkVrrpV3(bytes3, 20, octets3, 0)).toBe(PARSE_BAD_VALUE);
    const octets2 = vrrpExpectedOctets(2, 0, 4);
    const bytes2 = joined(header4(octets2), new Uint8Array(octets2));
    writeVrrpV2(bytes2, 20, 0, 51, 100, VRRP_AUTH_NONE, 1, new Uint8Array(0), 0, null);
    expect(checkVrrpV2(bytes2, 20, octets2, 0)).toBe(PARSE_OK);
  });

  it("a wrong password shows in the checksum only, as the RFC has it", () => {
    const bytes = advert(2);
    bytes[bytes.length - 1] = 1;
    expect(checkVrrpV2(bytes, 20, 20, 0)).toBe(PARSE_BAD_CHECKSUM);
  });
});

describe("checksums", () => {
  it("of version 3 over IPv4 include the pseudo-header, unless RFC 9568's reading is asked for", () => {
    const bytes = advert(3);
    expect(vrrpV3ChecksumOk(bytes, 20, 12, 0)).toBe(true);
    expect(vrrpV2ChecksumOk(bytes, 20, 12)).toBe(false);
    writeVrrpV3(bytes, 20, 0, 51, 100, 100, ip("10.0.1.50"), 1, false);
    expect(vrrpV3ChecksumOk(bytes, 20, 12, 0)).toBe(false);
    expect(vrrpV2ChecksumOk(bytes, 20, 12)).toBe(true);
    expect(checkVrrpV3(bytes, 20, 12, 0)).toBe(PARSE_BAD_CHECKSUM);
  });

  it("over IPv6 include the pseudo-header in either reading", () => {
    const write = (pseudoHeader: boolean) =>
      written(24, (to, o) => writeVrrpV3(to, o, o - 40, 51, 100, 100, ip("2001:db8::1"), 1, pseudoHeader), header6(24));
    expect(hexOf(write(false))).toBe(hexOf(write(true)));
  });

  it("of version 2 over IPv4 do not depend on the addresses of the IP header", () => {
    const message = advert(2).slice(20);
    const elsewhere = joined(ipHeader(IPPROTO_VRRP, 20, 255, "10.9.9.9", "10.0.1.12"), message);
    expect(checkVrrpV2(elsewhere, 20, 20, 0)).toBe(PARSE_OK);
  });

  it("of version 3 do", () => {
    const message = advert(3).slice(20);
    const elsewhere = joined(ipHeader(IPPROTO_VRRP, 12, 255, "10.9.9.9", "10.0.1.12"), message);
    expect(checkVrrpV3(elsewhere, 20, 12, 0)).toBe(PARSE_BAD_CHECKSUM);
  });

  it("cover version 3's reserved bits, whatever they are", () => {
    const bytes = advertWith(3, VRRP_V3_INTERVAL_CS, 0xf0);
    writeU16(bytes, 20 + VRRP_CHECKSUM, 0);
    const pseudo = bytesOf("0a00010b e0000012 0070 000c");
    const sum = addToSum(addToSum(0, pseudo, 0, pseudo.length), bytes, 20, 12);
    writeU16(bytes, 20 + VRRP_CHECKSUM, finishSum(sum));
    expect(checkVrrpV3(bytes, 20, 12, 0)).toBe(PARSE_OK);
    expect(vrrpV3IntervalCs(bytes, 20)).toBe(100);
  });

  it("need no more than the octets they are asked about", () => {
    expect(VRRP_OCTETS).toBe(VRRP_ADDRESSES);
    expect(vrrpV2ChecksumOk(bytesOf("2133640001 01 796500"), 0, 8)).toBe(false);
  });
});
