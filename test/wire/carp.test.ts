/** CARP advertisements: written as ucarp has them, and told from VRRP's. */
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CARP_HMAC, CARP_OCTETS, carpBaseS, carpSkew, carpVhid, checkCarp, writeCarp } from "../../src/wire/carp.ts";
import { PARSE_BAD_CHECKSUM, PARSE_OK, PARSE_OTHER_KIND, PARSE_TRUNCATED } from "../../src/wire/parse-code.ts";
import { checkVrrpV2, writeVrrpV2 } from "../../src/wire/vrrp.ts";
import { ip } from "./frame-writers.ts";
import { ipHeader, joined } from "./packets.ts";

const SECRET = new TextEncoder().encode("secret");

function advert(vhid = 7, baseS = 1, skew = 100, password = SECRET): Uint8Array {
  const bytes = new Uint8Array(CARP_OCTETS).fill(0xee);
  writeCarp(bytes, 0, vhid, baseS, skew, ip("10.0.1.50"), password);
  return bytes;
}

describe("a CARP advertisement", () => {
  it("has its fields where ucarp has them", () => {
    const bytes = advert();
    expect([...bytes.subarray(0, 6)]).toEqual([0x21, 7, 100, 7, 0, 1]);
    expect([...bytes.subarray(8, 16)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    const signed = Uint8Array.of(2, 1, 7, 10, 0, 1, 50, 0, 0, 0, 0, 0, 0, 0, 0);
    const wanted = createHmac("sha1", SECRET).update(signed).digest();
    expect([...bytes.subarray(CARP_HMAC)]).toEqual([...wanted]);
  });

  it("is read as it was written, and refused when an octet is wrong", () => {
    const octet = fc.nat(255);
    fc.assert(
      fc.property(octet, octet, octet, fc.nat(CARP_OCTETS - 1), (vhid, baseS, skew, place) => {
        const bytes = advert(vhid, baseS, skew);
        expect(checkCarp(bytes, 0, CARP_OCTETS)).toBe(PARSE_OK);
        expect([carpVhid(bytes, 0), carpBaseS(bytes, 0), carpSkew(bytes, 0)]).toEqual([vhid, baseS, skew]);
        bytes[place]! ^= 0x10;
        const code = place === 0 || place === 3 ? PARSE_OTHER_KIND : PARSE_BAD_CHECKSUM;
        expect(checkCarp(bytes, 0, CARP_OCTETS)).toBe(code);
      }),
    );
  });

  it("is no VRRP, and VRRP is no CARP", () => {
    const carp = joined(ipHeader(112, CARP_OCTETS, 255, "10.0.1.1", "224.0.0.18"), advert());
    expect(checkVrrpV2(carp, 20, CARP_OCTETS, 0)).not.toBe(PARSE_OK);
    const header = ipHeader(112, 44, 255, "10.0.1.1", "224.0.0.18");
    const vrrp = joined(header, new Uint8Array(44));
    const addresses = new Uint8Array(28).fill(10);
    expect(writeVrrpV2(vrrp, 20, 0, 7, 100, 0, 1, addresses, 7, null)).toBe(44);
    expect(checkCarp(vrrp, 20, 44)).toBe(PARSE_OTHER_KIND);
    expect(checkCarp(vrrp, 20, 35)).toBe(PARSE_TRUNCATED);
  });
});
