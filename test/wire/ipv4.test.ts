import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { writeU16 } from "../../src/base/bytes.ts";
import { addToSum, finishSum } from "../../src/base/checksum.ts";
import {
  checkIpv4,
  IPPROTO_UDP,
  IPV4_CHECKSUM,
  IPV4_DESTINATION,
  IPV4_DONT_FRAGMENT,
  IPV4_FLAGS_FRAGMENT,
  IPV4_OCTETS,
  IPV4_ROUTER_ALERT_OCTETS,
  IPV4_SOURCE,
  IPV4_TOTAL_LENGTH,
  ipv4FragmentOffset,
  ipv4HeaderOctets,
  ipv4Identification,
  ipv4PayloadOctets,
  ipv4Protocol,
  ipv4Tos,
  ipv4TotalOctets,
  ipv4Ttl,
  writeIpv4,
  writeIpv4RouterAlert,
} from "../../src/wire/ipv4.ts";
import {
  PARSE_BAD_CHECKSUM,
  PARSE_BAD_LENGTH,
  PARSE_BAD_VERSION,
  PARSE_FRAGMENT,
  PARSE_OK,
  PARSE_TRUNCATED,
} from "../../src/wire/parse-code.ts";
import { ip } from "./frame-writers.ts";
import { bytesOf, guarded, hexOf, written } from "./octets.ts";

/** 28 octets of packet with `flagsFragment`. */
function packet(flagsFragment = 0): Uint8Array {
  const bytes = new Uint8Array(28);
  writeIpv4(bytes, 0, 0, 28, 1, flagsFragment, 64, IPPROTO_UDP, ip("10.0.1.11"), 0, ip("10.0.1.12"), 0);
  return bytes;
}

/** The packet with `value` at `index`, its checksum made right again. */
function packetWith(index: number, value: number): Uint8Array {
  const bytes = packet();
  bytes[index] = value;
  writeU16(bytes, IPV4_CHECKSUM, 0);
  writeU16(bytes, IPV4_CHECKSUM, finishSum(addToSum(0, bytes, 0, Math.min(28, (bytes[0]! & 15) << 2))));
  return bytes;
}

describe("the IPv4 header", () => {
  it.each([
    [IPV4_OCTETS, writeIpv4],
    [IPV4_ROUTER_ALERT_OCTETS, writeIpv4RouterAlert],
  ])("of %i octets comes back as written", (headerOctets, write) => {
    const address = fc.uint8Array({ minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(
        fc.nat(0xff),
        fc.nat(1480),
        fc.nat(0xffff),
        fc.constantFrom(0, IPV4_DONT_FRAGMENT),
        fc.nat(0xff),
        fc.nat(0xff),
        address,
        fc.nat(3),
        address,
        fc.nat(3),
        (tos, payload, identification, flags, ttl, protocol, source, sourceAt, destination, destinationAt) => {
          const total = headerOctets + payload;
          const header = written(headerOctets, (to, offset) =>
            write(
              to,
              offset,
              tos,
              total,
              identification,
              flags,
              ttl,
              protocol,
              source,
              sourceAt,
              destination,
              destinationAt,
            ),
          );
          const bytes = new Uint8Array(total);
          bytes.set(header);
          expect(checkIpv4(bytes, 0, total)).toBe(PARSE_OK);
          expect(ipv4HeaderOctets(bytes, 0)).toBe(headerOctets);
          expect(ipv4TotalOctets(bytes, 0)).toBe(total);
          expect(ipv4PayloadOctets(bytes, 0)).toBe(payload);
          expect(ipv4Tos(bytes, 0)).toBe(tos);
          expect(ipv4Identification(bytes, 0)).toBe(identification);
          expect(ipv4Ttl(bytes, 0)).toBe(ttl);
          expect(ipv4Protocol(bytes, 0)).toBe(protocol);
          expect(bytes.slice(IPV4_SOURCE, IPV4_DESTINATION)).toEqual(source.slice(sourceAt, sourceAt + 4));
          expect(bytes.slice(IPV4_DESTINATION, IPV4_OCTETS)).toEqual(
            destination.slice(destinationAt, destinationAt + 4),
          );
        },
      ),
    );
  });

  it("holds the router alert option of RFC 2113", () => {
    const bytes = written(IPV4_ROUTER_ALERT_OCTETS, (to, offset) =>
      writeIpv4RouterAlert(to, offset, 0, 24, 0, 0, 1, 2, ip("0.0.0.0"), 0, ip("224.0.0.22"), 0),
    );
    expect(hexOf(bytes.slice(20))).toBe("94040000");
  });

  it("is refused when header or packet is not all there", () => {
    for (let octets = 0; octets < 28; octets++) {
      expect(checkIpv4(guarded(packet(), 0, octets), 0, octets)).toBe(PARSE_TRUNCATED);
    }
  });

  it("may have padding behind it", () => {
    const padded = new Uint8Array(46).fill(0xee);
    padded.set(packet());
    expect(checkIpv4(padded, 0, 46)).toBe(PARSE_OK);
    expect(ipv4PayloadOctets(padded, 0)).toBe(8);
  });

  it.each([
    ["version 6", packetWith(0, 0x65), PARSE_BAD_VERSION],
    ["a header of 16 octets", packetWith(0, 0x44), PARSE_BAD_LENGTH],
    ["a header longer than the packet", packetWith(0, 0x4f), PARSE_BAD_LENGTH],
    ["a total length below the header's", packetWith(IPV4_TOTAL_LENGTH + 1, 19), PARSE_BAD_LENGTH],
    ["more fragments to come", packetWith(IPV4_FLAGS_FRAGMENT, 0x20), PARSE_FRAGMENT],
    ["a fragment offset", packetWith(IPV4_FLAGS_FRAGMENT + 1, 1), PARSE_FRAGMENT],
    ["the reserved flag alone", packetWith(IPV4_FLAGS_FRAGMENT, 0x80), PARSE_OK],
  ])("with %s is judged", (_name, bytes, code) => {
    expect(checkIpv4(bytes, 0, bytes.length)).toBe(code);
  });

  it("is refused when any bit of it is wrong", () => {
    fc.assert(
      fc.property(fc.nat(IPV4_OCTETS * 8 - 1), (bit) => {
        const bytes = packet();
        bytes[bit >>> 3]! ^= 1 << (bit & 7);
        expect(checkIpv4(bytes, 0, bytes.length)).not.toBe(PARSE_OK);
      }),
    );
    const bytes = packet();
    bytes[IPV4_SOURCE]! ^= 1;
    expect(checkIpv4(bytes, 0, bytes.length)).toBe(PARSE_BAD_CHECKSUM);
  });

  it("says where a fragment belongs", () => {
    const bytes = packet(0x2000 | (1480 >> 3));
    expect(checkIpv4(bytes, 0, bytes.length)).toBe(PARSE_FRAGMENT);
    expect(ipv4FragmentOffset(bytes, 0)).toBe(1480);
  });

  it("covers its options with its checksum", () => {
    const bytes = bytesOf("46c00028000040000102f8ee0a00010be000001694040000 2200f9eb0000000104000000e0000012");
    expect(checkIpv4(bytes, 0, bytes.length)).toBe(PARSE_OK);
    bytes[23] = 1;
    expect(checkIpv4(bytes, 0, bytes.length)).toBe(PARSE_BAD_CHECKSUM);
  });
});
