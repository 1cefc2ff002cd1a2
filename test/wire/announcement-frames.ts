/**
 * Frames for the tests of `readAnnouncement`: right announcements of every kind, the same with one field wrong and the checksums made
 * for it, and octets at random.
 */
import fc from "fast-check";
import { writeU16 } from "../../src/base/bytes.ts";
import { addToSum, finishSum } from "../../src/base/checksum.ts";
import { writeArp } from "../../src/wire/arp.ts";
import { ETHERTYPE_ARP, ETHERTYPE_IPV4, ETHERTYPE_IPV6, writeEthernet } from "../../src/wire/ethernet.ts";
import { IPPROTO_ICMPV6, IPPROTO_VRRP, writeIpv4 } from "../../src/wire/ipv4.ts";
import { IPPROTO_HOP_BY_HOP, writeHopByHopRouterAlert, writeIpv6 } from "../../src/wire/ipv6.ts";
import { writeNeighbourAdvertisement } from "../../src/wire/nd.ts";
import { addPseudoHeaderToSum } from "../../src/wire/pseudo-header.ts";
import { vrrpExpectedOctets, writeVrrpV2, writeVrrpV3 } from "../../src/wire/vrrp.ts";
import { ip, mac } from "./frame-writers.ts";
import { bytesOf } from "./octets.ts";
import { RECORDED_FRAMES } from "./recorded-frames.ts";

const IP = 14;
const octetsOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

/** Often the expected value, else any. */
const mostly = <T>(usual: T, any: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: any });

/** A station's or, now and then, a group's. */
const sourceMacs = octetsOf(6).chain((octets) => {
  const [station, group] = [octets.slice(), octets.slice()];
  station[0]! &= 0xfe;
  group[0]! |= 1;
  return mostly(station, fc.constant(group));
});

const arps = fc
  .record({
    source: sourceMacs,
    sender: fc.option(octetsOf(6)),
    destination: mostly(mac("ff:ff:ff:ff:ff:ff"), octetsOf(6)),
    ip: mostly(null, fc.constant(ip("0.0.0.0"))).chain((none) => (none === null ? octetsOf(4) : fc.constant(none))),
    target: fc.option(octetsOf(4)),
    header: mostly("000108000604", fc.constantFrom("000608000604", "000186dd0604", "000108000804", "000108000610")),
    operation: mostly(1, fc.constantFrom(0, 2, 2, 2, 2, 3, 0x101)),
  })
  .map(({ source, sender, destination, ip: address, target, header, operation }) => {
    const bytes = new Uint8Array(42);
    writeEthernet(bytes, 0, destination, source, ETHERTYPE_ARP);
    writeArp(bytes, IP, operation, sender ?? source, address, new Uint8Array(6), target ?? address);
    bytes.set(bytesOf(header), IP);
    return bytes;
  });

interface Advert {
  readonly family: 4 | 6;
  readonly version: 2 | 3;
  readonly count: number;
  readonly vrid: number;
  readonly source: Uint8Array;
  /** The source is the virtual router's MAC instead. */
  readonly isFromRouter: boolean;
  /** Null: the group's MAC. */
  readonly destination: Uint8Array | null;
  readonly addresses: Uint8Array;
  readonly vips: Uint8Array;
  readonly isToGroup: boolean;
  readonly priority: number;
  readonly interval: number;
  readonly ttl: number;
  readonly versionIhl: number;
  readonly versionType: number | null;
  readonly flags: number;
  readonly longer: number;
  /** Offset of an octet that a router changed after the checksums were made; -1: none. */
  readonly spoilt: number;
}

const adverts = fc
  .record({
    family: fc.constantFrom(4, 4, 6) as fc.Arbitrary<4 | 6>,
    version: fc.constantFrom(2, 3) as fc.Arbitrary<2 | 3>,
    count: fc.oneof({ weight: 9, arbitrary: fc.nat(4) }, { weight: 1, arbitrary: fc.nat(255) }),
    vrid: fc.nat(255),
    source: sourceMacs,
    isFromRouter: fc.boolean(),
    destination: mostly<Uint8Array | null>(null, octetsOf(6)),
    addresses: octetsOf(32),
    vips: octetsOf(255 * 16),
    isToGroup: mostly(true, fc.constant(false)),
    priority: fc.nat(255),
    interval: fc.nat(4095),
    ttl: mostly(255, fc.nat(255)),
    versionIhl: mostly(0, fc.constantFrom(0x46, 0x44, 0x65, 0x05)),
    versionType: mostly<number | null>(null, fc.constantFrom(0x41, 0x11, 0x32, 0x20)),
    flags: mostly(0, fc.constantFrom(0x4000, 0x8000, 0x2000, 1, 0x1fff)),
    longer: mostly(0, fc.constantFrom(-12, -8, -4, -1, 1, 4, 8)),
    spoilt: mostly(-1, fc.integer({ min: IP + 4, max: 62 })),
  })
  .map(writeAdvert);

/** Fields may be anything; length fields, checksums and the octets agree with one another. */
function writeAdvert(advert: Advert): Uint8Array {
  const { family, version, count, addresses, vips, longer } = advert;
  const isIpv4 = family === 4;
  const at = IP + (isIpv4 ? 20 : 40);
  const expected = vrrpExpectedOctets(version, count, isIpv4 ? 4 : 16);
  const octets = Math.max(0, expected + longer);
  const bytes = new Uint8Array(at + Math.max(octets, expected));
  const source = advert.isFromRouter ? Uint8Array.of(0, 0, 0x5e, 0, isIpv4 ? 1 : 2, advert.vrid) : advert.source;
  const group = isIpv4 ? mac("01:00:5e:00:00:12") : mac("33:33:00:00:00:12");
  writeEthernet(bytes, 0, advert.destination ?? group, source, isIpv4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6);
  const to = addresses.slice(16);
  if (advert.isToGroup) to.set(ip(isIpv4 ? "224.0.0.18" : "ff02::12"));
  if (isIpv4) {
    writeIpv4(bytes, IP, 0xc0, 20 + octets, 7, advert.flags, advert.ttl, IPPROTO_VRRP, addresses, 0, to, 0);
    if (advert.versionIhl !== 0) bytes[IP] = advert.versionIhl;
    sumIpv4(bytes);
  } else {
    writeIpv6(bytes, IP, 0xc0, 0, octets, IPPROTO_VRRP, advert.ttl, addresses, 0, to, 0);
  }
  if (version === 3) writeVrrpV3(bytes, at, IP, advert.vrid, advert.priority, advert.interval, vips, count);
  else writeVrrpV2(bytes, at, IP, advert.vrid, advert.priority, 1, advert.interval & 0xff, vips, count, null);
  const message = bytes.slice(0, at + octets);
  if (octets >= 8 && (advert.versionType !== null || longer !== 0)) {
    if (advert.versionType !== null) message[at] = advert.versionType;
    sumVrrp(message, at, octets, version === 3 || !isIpv4);
  }
  if (advert.spoilt >= 0 && advert.spoilt < message.length) message[advert.spoilt]! ^= 0x10;
  return message;
}

/** Makes the checksums of an IPv4 frame with VRRP for the octets that it has, as far as they are there. */
export function sumFrame(frame: Uint8Array): void {
  if (frame.length < 42 || frame[12] !== 0x08 || frame[13] !== 0x00) return;
  sumIpv4(frame);
  const octets = Math.min(frame.length - 34, Math.max(8, ((frame[16]! << 8) | frame[17]!) - 20));
  sumVrrp(frame, 34, octets, frame[34]! >>> 4 === 3);
}

function sumIpv4(frame: Uint8Array): void {
  writeU16(frame, IP + 10, 0);
  writeU16(frame, IP + 10, finishSum(addToSum(0, frame, IP, 20)));
}

function sumVrrp(frame: Uint8Array, at: number, octets: number, hasPseudoHeader: boolean): void {
  writeU16(frame, at + 6, 0);
  const pseudo = hasPseudoHeader ? addPseudoHeaderToSum(0, frame, IP, IPPROTO_VRRP, octets) : 0;
  writeU16(frame, at + 6, finishSum(addToSum(pseudo, frame, at, octets)));
}

const advertisements = fc
  .record({
    source: sourceMacs,
    option: fc.option(octetsOf(6)),
    isFromSource: fc.boolean(),
    destinationMac: mostly(mac("33:33:00:00:00:01"), octetsOf(6)),
    destination: mostly(ip("ff02::1"), octetsOf(16)),
    target: octetsOf(16),
    flags: fc.constantFrom(0, 0x20, 0x20, 0xa0, 0x40, 0x60),
    hopLimit: mostly(255, fc.nat(255)),
    type: mostly(136, fc.constantFrom(128, 135, 0)),
    hopByHop: mostly<number | null>(null, fc.constantFrom(IPPROTO_ICMPV6, 44, 17)),
  })
  .map(({ source, option, isFromSource, destinationMac, destination, target, flags, hopLimit, type, hopByHop }) => {
    const optionMac = option === null ? null : isFromSource ? source : option;
    const extra = hopByHop === null ? 0 : 8;
    const octets = optionMac === null ? 24 : 32;
    const bytes = new Uint8Array(IP + 40 + extra + octets);
    writeEthernet(bytes, 0, destinationMac, source, ETHERTYPE_IPV6);
    const next = hopByHop === null ? IPPROTO_ICMPV6 : IPPROTO_HOP_BY_HOP;
    writeIpv6(bytes, IP, 0, 0, extra + octets, next, hopLimit, target, 0, destination, 0);
    if (hopByHop !== null) writeHopByHopRouterAlert(bytes, IP + 40, hopByHop);
    writeNeighbourAdvertisement(bytes, IP + 40 + extra, IP, flags, target, 0, optionMac);
    bytes[IP + 40 + extra] = type;
    return bytes;
  });

const recorded = fc.constantFrom(...RECORDED_FRAMES.map(({ hex }) => bytesOf(hex)));

/** One of each form, right in every field: with no addresses and with several, of few octets and with many. */
export function usualFrames(): Uint8Array[] {
  const forms = [0, 1, 2, 3, 4, 5, 60].flatMap((count) => [
    { family: 4 as const, version: 2 as const, count },
    { family: 4 as const, version: 3 as const, count },
  ]);
  const usual = { source: mac("02:00:00:00:00:01"), isFromRouter: true, destination: null, isToGroup: true, vrid: 51 };
  const values = { priority: 100, interval: 100, ttl: 255, versionIhl: 0, versionType: null };
  const addresses = Uint8Array.from({ length: 32 }, (_, i) => (i < 16 ? 10 + i : 0));
  const vips = Uint8Array.from({ length: 60 * 16 }, (_, i) => i * 7);
  const right = { ...usual, ...values, addresses, vips, flags: 0, longer: 0, spoilt: -1 };
  const adverts6 = { family: 6 as const, version: 3 as const, count: 1 };
  return [
    ...[...forms, adverts6].map((form) => writeAdvert({ ...right, ...form })),
    ...RECORDED_FRAMES.map(({ hex }) => bytesOf(hex)),
  ];
}

/** Any octets, of any length that any switch carries. */
export const randomFrames: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 9216, size: "max" }),
  fc
    .tuple(fc.constantFrom("0806", "0800", "86dd", "8100"), fc.uint8Array({ maxLength: 120, size: "max" }))
    .map(([type, rest]) => Uint8Array.of(...bytesOf(`ffffffffffff020000000001${type}`), ...rest)),
);

/** Right in every field but perhaps one or two. */
export const announcementFrames: fc.Arbitrary<Uint8Array> = fc.oneof(arps, adverts, advertisements, recorded);

/** The same with octets changed, cut or padded. */
export const changedFrames: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    announcementFrames,
    fc.array(fc.tuple(fc.nat(100), fc.nat(255)), { maxLength: 2 }),
    fc.oneof(fc.constant(0), fc.integer({ min: -60, max: 40 })),
    fc.nat(255),
  )
  .map(([frame, changes, longer, fill]) => {
    const bytes = new Uint8Array(Math.max(0, frame.length + longer)).fill(fill);
    bytes.set(frame.subarray(0, bytes.length));
    for (const [index, value] of changes) if (index < bytes.length) bytes[index] = value;
    return bytes;
  });
