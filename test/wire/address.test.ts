import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseIp } from "../../src/text/ip-text.ts";
import {
  BROADCAST_MAC,
  formatIp,
  formatMac,
  linkLocalOfMac,
  MAC_OCTETS,
  parseMac,
  solicitedNodeOf,
  writeMulticastMac4,
  writeMulticastMac6,
  ZERO_MAC,
} from "../../src/wire/address.ts";
import { ip, mac } from "./frame-writers.ts";
import { bytesOf, written } from "./octets.ts";

describe("MAC addresses", () => {
  it("come back from their text", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: MAC_OCTETS, maxLength: MAC_OCTETS }), (octets) => {
        expect(parseMac(formatMac(octets))).toEqual(octets);
      }),
    );
  });

  it("are printed from any offset, lower case, two digits each", () => {
    expect(formatMac(bytesOf("ffff 020a00bc0001 ff"), 2)).toBe("02:0a:00:bc:00:01");
    expect(formatMac(BROADCAST_MAC)).toBe("ff:ff:ff:ff:ff:ff");
    expect(formatMac(ZERO_MAC)).toBe("00:00:00:00:00:00");
  });

  it("are read in either case", () => {
    expect(parseMac("02:00:5E:aB:00:01")).toEqual(bytesOf("02005eab0001"));
  });

  it.each([
    "",
    "02:00:00:00:00",
    "02:00:00:00:00:01:02",
    "2:0:0:0:0:1",
    "02-00-00-00-00-01",
    "02:00:00:00:00:0g",
    " 02:00:00:00:00:01",
  ])("are not read from %j", (text) => {
    expect(parseMac(text)).toBeNull();
  });
});

describe("IP addresses", () => {
  it.each([
    ["2001:db8:0:0:0:0:2:1", "2001:db8::2:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:0DB8::00AB", "2001:db8::ab"],
    ["0:0:0:0:0:0:0:0", "::"],
    ["0:0:0:0:0:0:0:1", "::1"],
    ["fe80:0:0:0:0:0:0:0", "fe80::"],
    ["10.0.1.50", "10.0.1.50"],
    ["255.255.255.255", "255.255.255.255"],
  ])("%s is printed as RFC 5952 and RFC 791 have it: %s", (from, to) => {
    expect(formatIp(ip(from))).toBe(to);
  });

  it("come back from their text, from any offset", () => {
    const address = fc.constantFrom(4, 16).chain((octets) => fc.uint8Array({ minLength: octets, maxLength: octets }));
    fc.assert(
      fc.property(address, fc.nat(3), (octets, offset) => {
        const bytes = new Uint8Array(offset + octets.length + 2).fill(0xa5);
        bytes.set(octets, offset);
        expect(parseIp(formatIp(bytes, offset, octets.length))).toEqual(octets);
      }),
    );
  });

  it("with many zero groups come back too", () => {
    const group = fc.constantFrom(0, 0, 0, 1, 0x0db8);
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const octets = Uint8Array.from(groups.flatMap((value) => [value >>> 8, value & 0xff]));
        expect(parseIp(formatIp(octets))).toEqual(octets);
      }),
    );
  });
});

describe("addresses made from others", () => {
  it("a group's MAC has the lower 23 bits of an IPv4 group", () => {
    const macOf = (group: string) =>
      formatMac(written(6, (bytes, offset) => writeMulticastMac4(bytes, offset, ip(group), 0)));
    expect(macOf("224.0.0.18")).toBe("01:00:5e:00:00:12");
    expect(macOf("239.255.255.255")).toBe("01:00:5e:7f:ff:ff");
  });

  it("a group's MAC has the last four octets of an IPv6 group", () => {
    const macOf = (group: string) =>
      formatMac(written(6, (bytes, offset) => writeMulticastMac6(bytes, offset, ip(group), 0)));
    expect(macOf("ff02::12")).toBe("33:33:00:00:00:12");
    expect(macOf("ff02::1:ff00:50")).toBe("33:33:ff:00:00:50");
  });

  it("a link-local address is the MAC's modified EUI-64, as Linux makes it", () => {
    expect(formatIp(linkLocalOfMac(mac("02:00:00:00:00:01")))).toBe("fe80::ff:fe00:1");
    expect(formatIp(linkLocalOfMac(mac("36:f2:84:f9:ce:16")))).toBe("fe80::34f2:84ff:fef9:ce16");
  });

  it("a solicited-node group has the address's last three octets", () => {
    expect(formatIp(solicitedNodeOf(ip("2001:db8:1::50")))).toBe("ff02::1:ff00:50");
    expect(formatIp(solicitedNodeOf(bytesOf(`ffff ${"20".repeat(13)} abcdef`), 2))).toBe("ff02::1:ffab:cdef");
  });
});
