import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeFrame } from "../../src/wire/describe.ts";
import { IPPROTO_TCP } from "../../src/wire/ipv4.ts";
import { PARSE_BAD_CHECKSUM, PARSE_BAD_LENGTH, PARSE_OK, PARSE_TRUNCATED } from "../../src/wire/parse-code.ts";
import {
  checkTcp,
  TCP_ACK,
  TCP_HEADER_WORDS,
  TCP_OCTETS,
  TCP_OPTIONS,
  TCP_PSH,
  TCP_SYN,
  TCP_WITH_MSS_OCTETS,
  tcpAcknowledgment,
  tcpChecksumIsOffloaded,
  tcpDestinationPort,
  tcpFlags,
  tcpHeaderOctets,
  tcpMaximumSegment,
  tcpSequence,
  tcpSourcePort,
  tcpWindow,
  writeTcp,
} from "../../src/wire/tcp.ts";
import { bytesOf, guarded, written } from "./octets.ts";
import { ipHeader, joined } from "./packets.ts";

const header4 = (octets: number) => ipHeader(IPPROTO_TCP, octets, 64, "10.0.1.11", "10.0.1.12");
const header6 = (octets: number) => ipHeader(IPPROTO_TCP, octets, 64, "2001:db8::1", "2001:db8::2");

interface Segment {
  readonly from?: number;
  readonly to?: number;
  readonly sequence?: number;
  readonly acknowledgment?: number;
  readonly flags?: number;
  readonly window?: number;
  readonly maximum?: number;
}

/** A packet with a segment of `data`. */
function packet(header: (octets: number) => Uint8Array, data: Uint8Array, segment: Segment = {}): Uint8Array {
  const { from = 40_000, to = 80, sequence = 1, acknowledgment = 2, flags = TCP_ACK, window = 64_240 } = segment;
  const { maximum = 0 } = segment;
  const headerOctets = maximum > 0 ? TCP_WITH_MSS_OCTETS : TCP_OCTETS;
  const octets = headerOctets + data.length;
  const ip = header(octets);
  const write = (bytes: Uint8Array, at: number) =>
    writeTcp(bytes, at, at - ip.length, from, to, sequence, acknowledgment, flags, window, maximum, data.length);
  return joined(ip, written(octets, write, ip, { at: headerOctets, data }));
}

describe.each([
  ["IPv4", header4, 20],
  ["IPv6", header6, 40],
])("the TCP header over %s", (_name, header, at) => {
  it("comes back as written, around data that stood there before", () => {
    const u16 = fc.nat(0xffff);
    const word = fc.integer();
    const fields = fc.record({
      from: u16,
      to: u16,
      sequence: word,
      acknowledgment: word,
      flags: fc.nat(0x3f),
      window: u16,
      maximum: fc.constantFrom(0, 536, 1460),
    });
    fc.assert(
      fc.property(fields, fc.uint8Array({ maxLength: 100 }), (segment, data) => {
        const bytes = packet(header, data, segment);
        expect(checkTcp(bytes, at, bytes.length - at, 0)).toBe(PARSE_OK);
        expect({
          from: tcpSourcePort(bytes, at),
          to: tcpDestinationPort(bytes, at),
          sequence: tcpSequence(bytes, at),
          acknowledgment: tcpAcknowledgment(bytes, at),
          flags: tcpFlags(bytes, at),
          window: tcpWindow(bytes, at),
          maximum: tcpMaximumSegment(bytes, at),
        }).toEqual(segment);
        expect(bytes.slice(at + tcpHeaderOctets(bytes, at))).toEqual(data);
      }),
    );
  });

  it("is refused when the header is not all there", () => {
    const bytes = packet(header, new Uint8Array(0), { maximum: 1460 });
    for (let octets = 0; octets < TCP_WITH_MSS_OCTETS; octets++)
      expect(checkTcp(guarded(bytes, 0, at + octets), at, octets, 0)).toBe(PARSE_TRUNCATED);
  });

  it("is refused with a header shorter than any", () => {
    const bytes = packet(header, bytesOf("68656c6c6f"));
    bytes[at + TCP_HEADER_WORDS] = 0x40;
    expect(checkTcp(bytes, at, bytes.length - at, 0)).toBe(PARSE_BAD_LENGTH);
  });

  it("is refused when a bit is wrong", () => {
    const bytes = packet(header, bytesOf("68656c6c6f"));
    bytes[bytes.length - 1]! ^= 1;
    expect(checkTcp(bytes, at, bytes.length - at, 0)).toBe(PARSE_BAD_CHECKSUM);
    expect(tcpChecksumIsOffloaded(bytes, at, bytes.length - at, 0)).toBe(false);
  });
});

describe("the maximum segment size", () => {
  const options = (hex: string): Uint8Array => {
    const bytes = new Uint8Array(TCP_OCTETS + bytesOf(hex).length);
    bytes.set(bytesOf(hex), TCP_OPTIONS);
    bytes[TCP_HEADER_WORDS] = (bytes.length / 4) << 4;
    return bytes;
  };

  it.each([
    ["first", "020405b4", 1460],
    // What Linux 6.18 sends: MSS, SACK permitted, time stamps, no operation, window scale.
    ["among others", "020405b4 0402 080a 00000001 00000000 01 030307", 1460],
    ["behind others", "01 01 0402 020405b4", 1460],
    ["behind the end", "00 000000 020405b4", 0],
    ["with a wrong length", "020305b4", 0],
    ["behind an option of no length", "0800 0000 020405b4", 0],
    ["behind an option that is longer than the header", "08ff 0000 020405b4", 0],
    ["cut off", "01010102", 0],
  ])("is read %s", (_where, hex, value) => {
    const bytes = options(hex);
    expect(tcpMaximumSegment(guarded(bytes, 0, bytes.length), 0)).toBe(value);
  });

  it("is looked for in any octets without going beyond them", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 60, maxLength: 60 }), fc.integer({ min: 5, max: 15 }), (bytes, words) => {
        bytes[TCP_HEADER_WORDS] = words << 4;
        expect(tcpMaximumSegment(guarded(bytes, 0, words * 4), 0)).toBeLessThanOrEqual(0xffff);
      }),
    );
  });
});

describe("in one line", () => {
  const described = (bytes: Uint8Array): string => {
    const frame = joined(bytesOf(`0200000000020200000000 01${bytes[0]! >>> 4 === 4 ? "0800" : "86dd"}`), bytes);
    return describeFrame(frame, 0, frame.length);
  };

  it("has ports, flags, numbers and the length of the data", () => {
    expect(described(packet(header4, new Uint8Array(0), { flags: TCP_SYN, sequence: -1, maximum: 1460 }))).toBe(
      "10.0.1.11 > 10.0.1.12: TCP 40000 > 80 SYN, seq 4294967295, length 0",
    );
    expect(described(packet(header6, new Uint8Array(64), { flags: TCP_PSH | TCP_ACK }))).toBe(
      "2001:db8::1 > 2001:db8::2: TCP 40000 > 80 PSH ACK, seq 1, ack 2, length 64",
    );
  });

  it("says what is wrong", () => {
    const bytes = packet(header4, new Uint8Array(4));
    bytes[bytes.length - 1]! ^= 1;
    expect(described(bytes)).toContain("length 4 [bad-checksum]");
    // As Linux leaves it to the network card: nothing but the pseudo-header.
    const offloaded = packet(header4, new Uint8Array(0));
    offloaded.set(bytesOf("1631"), 36);
    expect(described(offloaded)).toContain("length 0 [checksum offloaded]");
  });
});
