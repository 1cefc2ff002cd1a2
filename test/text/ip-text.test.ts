import { isIP } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseIp, parsePrefix, prefixContains, sameIp } from "../../src/text/ip-text.ts";
import { formatIp } from "../../src/wire/address.ts";

const ip = (text: string) => parseIp(text)!;
const prefix = (text: string) => parsePrefix(text)!;

describe("parseIp", () => {
  it("gives 4 octets of IPv4 and 16 of IPv6, in network order", () => {
    expect(parseIp("10.0.1.50")).toEqual(Uint8Array.of(10, 0, 1, 50));
    expect(parseIp("255.255.255.255")).toEqual(new Uint8Array(4).fill(255));
    expect(parseIp("::")).toEqual(new Uint8Array(16));
    expect(parseIp("::1")).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1));
    expect(parseIp("2001:DB8::50")).toEqual(Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x50));
    expect(formatIp(ip("::ffff:10.0.0.1"))).toBe("::ffff:a00:1");
    expect(formatIp(ip("fe80:0:0:0:200:ff:fe00:1"))).toBe("fe80::200:ff:fe00:1");
  });

  const none = ["", "10.0.1", "10.0.1.256", "10.0.1.50.1", "10.0.1.50/24", "10.0.1.", ".1.2.3", "1", "0x0a.0.0.1"];
  const none6 = [":", ":::", "1::2::3", "12345::", "g::", "::1/64", "fe80::1%eth0", "[::1]", "1:2:3:4:5:6:7", "::1 "];
  const odd = ["1:2:3:4:5:6:7:8:9", "::1.2.3", "::1.2.3.256", "1.2.3.4:80", "1.2.3.4::", "::1.2.3.4.5", "localhost"];
  for (const text of [...none, ...none6, ...odd, " 10.0.1.1", "10.0.1.1\n", "1٠.0.0.1"]) {
    it(`refuses ${JSON.stringify(text)}`, () => expect(parseIp(text)).toBeNull());
  }

  it("reads back every address that is printed", () => {
    const octets = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.uint8Array({ minLength: 16, maxLength: 16, max: 1 }),
    );
    fc.assert(
      fc.property(octets, (address) => {
        expect(parseIp(formatIp(address))).toEqual(address);
      }),
    );
  });

  it("calls an address what the operating system's parser calls one, except with a zone", () => {
    const part = fc.constantFrom(
      ":",
      ":",
      "::",
      ".",
      "0",
      "1",
      "10",
      "255",
      "256",
      "00",
      "ff",
      "abcd",
      "1.2.3.4",
      "%",
      "/",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12, size: "max" }), (parts) => {
        const text = parts.join("");
        const octets = parseIp(text);
        expect(octets?.length ?? 0).toBe(
          text.includes("%") ? 0 : ({ 0: 0, 4: 4, 6: 16 } as const)[isIP(text) as 0 | 4 | 6],
        );
      }),
      { numRuns: 20_000 },
    );
  });
});

describe("parsePrefix", () => {
  it("gives the address and the length, the whole address if there is none", () => {
    expect(parsePrefix("10.0.1.11/24")).toEqual({ address: ip("10.0.1.11"), length: 24 });
    expect(parsePrefix("10.0.1.11")).toEqual({ address: ip("10.0.1.11"), length: 32 });
    expect(parsePrefix("2001:db8:1::/64")).toEqual({ address: ip("2001:db8:1::"), length: 64 });
    expect(parsePrefix("::1")).toEqual({ address: ip("::1"), length: 128 });
    expect(parsePrefix("0.0.0.0/0")).toEqual({ address: ip("0.0.0.0"), length: 0 });
  });

  const none = ["", "/24", "10.0.1.0/", "10.0.1.0/33", "10.0.1.0/-1", "10.0.1.0/24/24", "10.0.1.0/2.5", "10.0.1.0/ 24"];
  for (const text of [...none, "::/129", "::/1e2", "10.0.1/24", "10.0.1.0/0x18"]) {
    it(`refuses ${JSON.stringify(text)}`, () => expect(parsePrefix(text)).toBeNull());
  }
});

describe("prefixContains", () => {
  it("compares as many bits as the prefix has", () => {
    expect(prefixContains(prefix("10.0.1.0/24"), ip("10.0.1.255"))).toBe(true);
    expect(prefixContains(prefix("10.0.1.0/24"), ip("10.0.2.0"))).toBe(false);
    expect(prefixContains(prefix("10.0.1.77/25"), ip("10.0.1.127"))).toBe(true);
    expect(prefixContains(prefix("10.0.1.77/25"), ip("10.0.1.128"))).toBe(false);
    expect(prefixContains(prefix("0.0.0.0/0"), ip("255.1.2.3"))).toBe(true);
    expect(prefixContains(prefix("2001:db8::/33"), ip("2001:db8:7fff::1"))).toBe(true);
    expect(prefixContains(prefix("2001:db8::/33"), ip("2001:db8:8000::1"))).toBe(false);
  });

  it("is false across families", () => {
    expect(prefixContains(prefix("::/0"), ip("10.0.0.1"))).toBe(false);
    expect(prefixContains(prefix("0.0.0.0/0"), ip("::1"))).toBe(false);
  });
});

describe("sameIp", () => {
  it("is equality of octets within a family", () => {
    expect(sameIp(ip("10.0.0.1"), ip("10.0.0.1"))).toBe(true);
    expect(sameIp(ip("10.0.0.1"), ip("10.0.0.2"))).toBe(false);
    expect(sameIp(ip("2001:db8::1"), ip("2001:DB8:0::1"))).toBe(true);
    expect(sameIp(ip("0.0.0.0"), ip("::"))).toBe(false);
  });
});
