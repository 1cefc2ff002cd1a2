import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readU16, writeU16 } from "../../src/base/bytes.ts";
import { IPPROTO_UDP } from "../../src/wire/ipv4.ts";
import { PARSE_BAD_CHECKSUM, PARSE_BAD_LENGTH, PARSE_OK, PARSE_TRUNCATED } from "../../src/wire/parse-code.ts";
import {
  checkUdp,
  UDP_CHECKSUM,
  UDP_LENGTH,
  UDP_OCTETS,
  udpChecksumIsOffloaded,
  udpDestinationPort,
  udpLength,
  udpSourcePort,
  writeUdp,
} from "../../src/wire/udp.ts";
import { bytesOf, guarded, written } from "./octets.ts";
import { ipHeader, joined } from "./packets.ts";

const header4 = (octets: number) => ipHeader(IPPROTO_UDP, octets, 64, "10.0.1.11", "10.0.1.12");
const header6 = (octets: number) => ipHeader(IPPROTO_UDP, octets, 64, "2001:db8::1", "2001:db8::2");

/** A packet with a datagram of `data`. */
function packet(header: (octets: number) => Uint8Array, data: Uint8Array, from = 40_000, to = 9): Uint8Array {
  const octets = UDP_OCTETS + data.length;
  const ipOctets = header(octets).length;
  const datagram = written(
    octets,
    (bytes, offset) => writeUdp(bytes, offset, offset - ipOctets, from, to, data.length),
    header(octets),
    { at: UDP_OCTETS, data },
  );
  return joined(header(octets), datagram);
}

describe.each([
  ["IPv4", header4, 20],
  ["IPv6", header6, 40],
])("the UDP header over %s", (_name, header, at) => {
  it("comes back as written, around data that stood there before", () => {
    fc.assert(
      fc.property(fc.nat(0xffff), fc.nat(0xffff), fc.uint8Array({ maxLength: 100 }), (from, to, data) => {
        const bytes = packet(header, data, from, to);
        expect(checkUdp(bytes, at, bytes.length - at, 0)).toBe(PARSE_OK);
        expect(udpSourcePort(bytes, at)).toBe(from);
        expect(udpDestinationPort(bytes, at)).toBe(to);
        expect(udpLength(bytes, at)).toBe(UDP_OCTETS + data.length);
        expect(bytes.slice(at + UDP_OCTETS)).toEqual(data);
      }),
    );
  });

  it("is refused when datagram or header is not all there", () => {
    const bytes = packet(header, bytesOf("68656c6c6f"));
    for (let octets = 0; octets < bytes.length - at; octets++) {
      expect(checkUdp(guarded(bytes, 0, at + octets), at, octets, 0)).toBe(PARSE_TRUNCATED);
    }
  });

  it("is refused with a length below its own", () => {
    const bytes = packet(header, bytesOf("68656c6c6f"));
    bytes[at + UDP_LENGTH + 1] = 7;
    expect(checkUdp(bytes, at, bytes.length - at, 0)).toBe(PARSE_BAD_LENGTH);
  });

  it("is refused when a bit is wrong", () => {
    const bytes = packet(header, bytesOf("68656c6c6f"));
    bytes[at + UDP_OCTETS]! ^= 1;
    expect(checkUdp(bytes, at, bytes.length - at, 0)).toBe(PARSE_BAD_CHECKSUM);
    expect(udpChecksumIsOffloaded(bytes, at, 0)).toBe(false);
  });

  it("sends a computed 0 as 0xffff, which 0 would deny", () => {
    const bytes = packet(header, bytesOf("0000"));
    const data = readU16(bytes, at + UDP_CHECKSUM);
    const adjusted = packet(header, Uint8Array.of(data >>> 8, data & 0xff));
    expect(readU16(adjusted, at + UDP_CHECKSUM)).toBe(0xffff);
    expect(checkUdp(adjusted, at, adjusted.length - at, 0)).toBe(PARSE_OK);
  });

  it("may be followed by octets of the IP packet that are not the datagram's", () => {
    const bytes = joined(packet(header, bytesOf("01")), bytesOf("ffff"));
    expect(checkUdp(bytes, at, bytes.length - at, 0)).toBe(PARSE_OK);
  });
});

describe("a UDP checksum", () => {
  it("may be missing over IPv4 and must not be over IPv6", () => {
    const over4 = packet(header4, bytesOf("01"));
    const over6 = packet(header6, bytesOf("01"));
    writeU16(over4, 20 + UDP_CHECKSUM, 0);
    writeU16(over6, 40 + UDP_CHECKSUM, 0);
    expect(checkUdp(over4, 20, 9, 0)).toBe(PARSE_OK);
    expect(checkUdp(over6, 40, 9, 0)).toBe(PARSE_BAD_CHECKSUM);
  });

  it("left to the network card is told from a broken one, as Linux 6.18 left it", () => {
    const over4 = bytesOf("4500002407c5400040111c860a0001320a00014d a0280009001016a0 4b4e000000010000");
    expect(checkUdp(over4, 20, 16, 0)).toBe(PARSE_BAD_CHECKSUM);
    expect(udpChecksumIsOffloaded(over4, 20, 0)).toBe(true);
    const over6 = bytesOf(
      "600b212c00101140 20010db8000100000000000000000100 20010db8000100000000000000000050" +
        "9c40000900105ce5 4b4e000000030000",
    );
    expect(checkUdp(over6, 40, 16, 0)).toBe(PARSE_BAD_CHECKSUM);
    expect(udpChecksumIsOffloaded(over6, 40, 0)).toBe(true);
  });
});
