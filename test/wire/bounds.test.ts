/**
 * No octets whatever make a check or the description throw, hang, or read what they were not given. Frames are random
 * octets, or recorded frames with a few octets changed, cut or extended: those get past the first checks.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkArp } from "../../src/wire/arp.ts";
import { describeFrame } from "../../src/wire/describe.ts";
import { checkEthernet, ETHERNET_OCTETS } from "../../src/wire/ethernet.ts";
import { checkIcmp } from "../../src/wire/icmp.ts";
import { checkIcmpv6 } from "../../src/wire/icmpv6.ts";
import { checkIgmpV3Report } from "../../src/wire/igmp.ts";
import { checkIpv4, IPV4_OCTETS } from "../../src/wire/ipv4.ts";
import { checkIpv6, IPV6_OCTETS } from "../../src/wire/ipv6.ts";
import { checkMldV2Report } from "../../src/wire/mld.ts";
import { checkNeighbourAdvertisement, checkNeighbourSolicitation, ndLinkLayerOption } from "../../src/wire/nd.ts";
import { PARSE_NAMES, PARSE_OK } from "../../src/wire/parse-code.ts";
import { checkTcp } from "../../src/wire/tcp.ts";
import { checkUdp } from "../../src/wire/udp.ts";
import { checkVlan } from "../../src/wire/vlan.ts";
import { checkVrrpV2, checkVrrpV3 } from "../../src/wire/vrrp.ts";
import { checkFrame } from "./check-frame.ts";
import { bytesOf, guarded } from "./octets.ts";
import { RECORDED_FRAMES } from "./recorded-frames.ts";

const randomFrames = fc.uint8Array({ maxLength: 1600 });

const changedFrames = fc
  .tuple(
    fc.constantFrom(...RECORDED_FRAMES.map(({ hex }) => hex)),
    fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 4 }),
    fc.integer({ min: -30, max: 60 }),
  )
  .map(([hex, changes, longer]) => {
    const recorded = bytesOf(hex);
    const bytes = new Uint8Array(Math.max(0, recorded.length + longer));
    bytes.set(recorded.subarray(0, bytes.length));
    for (const [index, value] of changes) if (index < bytes.length) bytes[index] = value;
    return bytes;
  });

/** Octets with their place in a larger array, which is 0x00 or 0xff elsewhere. */
const placed = fc.oneof(randomFrames, changedFrames).chain((frame) =>
  fc.record({
    frame: fc.constant(frame),
    offset: fc.nat(9),
    tail: fc.nat(40),
    fill: fc.constantFrom(0x00, 0xff),
  }),
);

function place(frame: Uint8Array, offset: number, tail: number, fill: number): Uint8Array {
  const bytes = new Uint8Array(offset + frame.length + tail).fill(fill);
  bytes.set(frame, offset);
  return bytes;
}

type Check = (bytes: Uint8Array, offset: number, octets: number) => number;

/** Every check of one header, on octets that begin with that header. */
const PLAIN_CHECKS: readonly [string, Check][] = [
  ["checkEthernet", checkEthernet],
  ["checkVlan", checkVlan],
  ["checkArp", checkArp],
  ["checkIpv4", checkIpv4],
  ["checkIpv6", checkIpv6],
  ["checkIcmp", checkIcmp],
  ["checkIgmpV3Report", checkIgmpV3Report],
  ["checkFrame", checkFrame],
];

/** A check of what stands behind an IP header: the octets begin with that header, of `ipOctets` octets. */
const behind =
  (ipOctets: number, check: (bytes: Uint8Array, offset: number, octets: number, ipOffset: number) => number): Check =>
  (bytes, offset, octets) =>
    check(bytes, offset + ipOctets, octets - ipOctets, offset);

const UPPER_CHECKS: readonly [string, Check][] = [
  ["checkIcmpv6", behind(IPV6_OCTETS, checkIcmpv6)],
  ["checkNeighbourSolicitation", behind(IPV6_OCTETS, checkNeighbourSolicitation)],
  ["checkNeighbourAdvertisement", behind(IPV6_OCTETS, checkNeighbourAdvertisement)],
  ["checkMldV2Report", behind(IPV6_OCTETS, checkMldV2Report)],
  ["checkTcp behind IPv6", behind(IPV6_OCTETS, checkTcp)],
  ["checkUdp behind IPv6", behind(IPV6_OCTETS, checkUdp)],
  ["checkVrrpV2 behind IPv6", behind(IPV6_OCTETS, checkVrrpV2)],
  ["checkVrrpV3 behind IPv6", behind(IPV6_OCTETS, checkVrrpV3)],
  ["checkTcp behind IPv4", behind(IPV4_OCTETS, checkTcp)],
  ["checkUdp behind IPv4", behind(IPV4_OCTETS, checkUdp)],
  ["checkVrrpV2 behind IPv4", behind(IPV4_OCTETS, checkVrrpV2)],
  ["checkVrrpV3 behind IPv4", behind(IPV4_OCTETS, checkVrrpV3)],
];

describe.each(PLAIN_CHECKS)("%s", (_name, check) => {
  it("gives a code for any octets and reads no others", () => {
    fc.assert(
      fc.property(placed, fc.boolean(), ({ frame, offset, tail, fill }, fromPayload) => {
        const skip = fromPayload ? Math.min(ETHERNET_OCTETS, frame.length) : 0;
        const start = offset + skip;
        const octets = frame.length - skip;
        const bytes = place(frame, offset, tail, fill);
        const code = check(guarded(bytes, start, start + octets), start, octets);
        expect(PARSE_NAMES[code]).toBeDefined();
        expect(check(bytes, start, octets)).toBe(code);
        expect(check(place(frame, offset, tail, 0xff - fill), start, octets)).toBe(code);
      }),
    );
  });
});

describe.each(UPPER_CHECKS)("%s", (name, check) => {
  const version = name.endsWith("IPv4") ? 4 : 6;

  it("gives a code for any octets behind an IP header and reads no others", () => {
    fc.assert(
      fc.property(placed, ({ frame, offset, tail, fill }) => {
        const packet = frame.slice(Math.min(ETHERNET_OCTETS, frame.length));
        if (packet.length < IPV6_OCTETS) return;
        packet[0] = (version << 4) | (packet[0]! & 15);
        const bytes = place(packet, offset, tail, fill);
        const code = check(guarded(bytes, offset, offset + packet.length), offset, packet.length);
        expect(PARSE_NAMES[code]).toBeDefined();
        expect(check(place(packet, offset, tail, 0xff - fill), offset, packet.length)).toBe(code);
      }),
    );
  });
});

describe("ndLinkLayerOption", () => {
  it("ends, and stays within the octets, on anything", () => {
    fc.assert(
      fc.property(placed, fc.nat(255), ({ frame, offset, tail, fill }, type) => {
        const bytes = guarded(place(frame, offset, tail, fill), offset, offset + frame.length);
        const at = ndLinkLayerOption(bytes, offset, frame.length, type);
        expect(at === -1 || (at >= offset + 26 && at + 6 <= offset + frame.length)).toBe(true);
      }),
    );
  });
});

describe("describeFrame", () => {
  it("gives one line for any octets and reads no others", () => {
    fc.assert(
      fc.property(placed, ({ frame, offset, tail, fill }) => {
        const bytes = place(frame, offset, tail, fill);
        const text = describeFrame(guarded(bytes, offset, offset + frame.length), offset, frame.length);
        expect(text).toMatch(/^[ -~]+$/);
        expect(text).not.toMatch(/undefined|NaN/);
        expect(describeFrame(place(frame, offset, tail, 0xff - fill), offset, frame.length)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it("agrees with the checks: what they accept has no remark, what they refuse has one", () => {
    fc.assert(
      fc.property(changedFrames, (frame) => {
        const text = describeFrame(frame, 0, frame.length);
        const isOk = checkFrame(frame, 0, frame.length) === PARSE_OK;
        const isRemarked = /\[[a-z -]+\]|fragment|IGMP type/.test(text);
        expect(isRemarked, text).toBe(!isOk);
      }),
      { numRuns: 500 },
    );
  });
});
