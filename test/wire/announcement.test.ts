import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatIp, formatMac } from "../../src/wire/address.ts";
import { readAnnouncement } from "../../src/wire/announcement.ts";
import {
  ANNOUNCED_BY_ARP,
  ANNOUNCED_BY_ND,
  ANNOUNCED_BY_VRRP,
  Announcement,
  UNUSUAL_DESTINATION,
  UNUSUAL_SOURCE,
} from "../../src/wire/announcement-record.ts";
import { ETHERTYPE_IPV6, writeEthernet } from "../../src/wire/ethernet.ts";
import { IPPROTO_ICMPV6, IPPROTO_VRRP } from "../../src/wire/ipv4.ts";
import { writeIpv6 } from "../../src/wire/ipv6.ts";
import { PARSE_NAMES, PARSE_OK, type ParseCode } from "../../src/wire/parse-code.ts";
import { announcementFrames, changedFrames, randomFrames, sumFrame, usualFrames } from "./announcement-frames.ts";
import { ip, mac } from "./frame-writers.ts";
import { bytesOf, guarded } from "./octets.ts";
import { isTextbookAnnouncement, type PlainAnnouncement, plainAnnouncement } from "./plain-announcement.ts";
import { RECORDED_FRAMES } from "./recorded-frames.ts";

/** Words in front of the frame. */
const FRONT = 5;

interface Memory {
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
}

/** Memory that ends with the frame's last word; `fill` everywhere else. */
function memoryWith(frame: Uint8Array, fill: number): Memory {
  const wordCount = FRONT + Math.ceil(frame.length / 4);
  const bytes = new Uint8Array(wordCount * 4).fill(fill);
  bytes.set(frame, FRONT * 4);
  return { words: new Int32Array(bytes.buffer), bytes };
}

function read(frame: Uint8Array, into = new Announcement(), fill = 0xa5): ParseCode {
  const { words, bytes } = memoryWith(frame, fill);
  return readAnnouncement(words, bytes, FRONT, frame.length, into);
}

/** The record in texts, as the plain model gives it. */
function textsOf(record: Announcement): PlainAnnouncement {
  const { kind, addressOctets, version, vrid, priority, addressCount, intervalCs, operation } = record;
  const address = (...words: number[]) => formatIp(new Uint8Array(Int32Array.from(words).buffer), 0, addressOctets);
  const macWords = new Uint8Array(Int32Array.of(record.macHi, record.macLo).buffer);
  const common = {
    ip: address(record.ip0, record.ip1, record.ip2, record.ip3),
    mac: formatMac(Uint8Array.of(...macWords.subarray(0, 2), ...macWords.subarray(4))),
    unusualSource: (record.unusual & UNUSUAL_SOURCE) !== 0,
    unusualDestination: (record.unusual & UNUSUAL_DESTINATION) !== 0,
  };
  if (kind === ANNOUNCED_BY_ARP) return { kind: "arp", ...common, operation };
  if (kind === ANNOUNCED_BY_ND) return { kind: "nd", ...common };
  expect(kind).toBe(ANNOUNCED_BY_VRRP);
  const source = address(record.source0, record.source1, record.source2, record.source3);
  return { kind: "vrrp", ...common, version, vrid, priority, addressCount, intervalCs, source };
}

/** A record in which every field has a value that no frame gives. */
function strangeRecord(): Announcement {
  const record = new Announcement();
  let value = -1000;
  for (const field of Object.keys(record) as (keyof Announcement)[]) record[field] = value--;
  return record;
}

/** The same, but reads of any other word or octet than the frame's throw. */
function readGuarded(frame: Uint8Array): ParseCode {
  const { words, bytes } = memoryWith(frame, 0);
  // The guard minds indices, whatever the elements are.
  const guardedWords = guarded(words as never, FRONT, words.length) as never;
  const guardedBytes = guarded(bytes, FRONT * 4, FRONT * 4 + frame.length);
  return readAnnouncement(guardedWords, guardedBytes, FRONT, frame.length, new Announcement());
}

/** Counts what kinds and codes a property has met, so that it cannot pass by meeting none. */
function expectSame(frame: Uint8Array, met: Map<string, number>): void {
  const expected = plainAnnouncement(frame, frame.length);
  const record = strangeRecord();
  const code = read(frame, record);
  const key =
    typeof expected === "number" ? PARSE_NAMES[expected]! : `${expected.kind} ${expected.version ?? ""}`.trim();
  met.set(key, (met.get(key) ?? 0) + 1);
  if (typeof expected === "number") {
    expect(PARSE_NAMES[code]).toBe(PARSE_NAMES[expected]);
    expect(record).toEqual(strangeRecord());
  } else {
    expect(PARSE_NAMES[code]).toBe("ok");
    expect(textsOf(record)).toEqual(expected);
  }
}

describe("readAnnouncement", () => {
  it("says what the checks of the headers say, and reads what their readers read", () => {
    const met = new Map<string, number>();
    fc.assert(
      fc.property(announcementFrames, (frame) => expectSame(frame, met)),
      { numRuns: 4000 },
    );
    for (const kind of ["arp", "nd", "vrrp 2", "vrrp 3"]) expect(met.get(kind), kind).toBeGreaterThan(50);
    for (const name of PARSE_NAMES.slice(1)) expect(met.get(name), name).toBeGreaterThan(0);
  });

  it("says so too of frames with octets changed, cut or padded", () => {
    const met = new Map<string, number>();
    fc.assert(
      fc.property(changedFrames, (frame) => expectSame(frame, met)),
      { numRuns: 4000 },
    );
    expect(met.get("truncated")).toBeGreaterThan(50);
    expect(met.get("bad-checksum")).toBeGreaterThan(50);
  });

  it("says so too of any octets, from 0 to 9,216 of them", () => {
    const met = new Map<string, number>();
    fc.assert(
      fc.property(randomFrames, (frame) => expectSame(frame, met)),
      { numRuns: 500 },
    );
    expect(met.get("other-kind")).toBeGreaterThan(50);
  });

  it("says so too of every usual frame that is cut anywhere", () => {
    const met = new Map<string, number>();
    for (const frame of usualFrames()) {
      for (let octets = 0; octets < frame.length; octets++) expectSame(frame.slice(0, octets), met);
    }
    expect(met.get("truncated")).toBeGreaterThan(500);
  });

  it("says so too of every usual frame with any one bit turned, the checksums left or made for it", () => {
    const met = new Map<string, number>();
    for (const frame of usualFrames()) {
      for (let bit = 0; bit < Math.min(frame.length, 90) * 8; bit++) {
        const turned = frame.slice();
        turned[bit >> 3]! ^= 1 << (bit & 7);
        expectSame(turned, met);
        sumFrame(turned);
        expectSame(turned, met);
      }
    }
    for (const name of PARSE_NAMES.slice(1)) expect(met.get(name), name).toBeGreaterThan(10);
  });

  it("says so too of IPv6 packets of a few octets, and reads no others", () => {
    const met = new Map<string, number>();
    for (const next of [IPPROTO_ICMPV6, IPPROTO_VRRP]) {
      for (let octets = 0; octets <= 9; octets++) {
        const frame = new Uint8Array(54 + octets).fill(0x31, 54);
        writeEthernet(frame, 0, mac("33:33:00:00:00:01"), mac("02:00:00:00:00:01"), ETHERTYPE_IPV6);
        writeIpv6(frame, 14, 0, 0, octets, next, 255, ip("fe80::1"), 0, ip("ff02::1"), 0);
        expectSame(frame, met);
        expect(readGuarded(frame)).toBe(read(frame));
      }
    }
    expect([...met.keys()].sort()).toEqual(["other-kind", "truncated"]);
  });

  it("reads no word that the frame does not reach into, and does not heed what shares its last", () => {
    fc.assert(
      fc.property(fc.oneof(changedFrames, randomFrames), (frame) => {
        const [low, high] = [new Announcement(), new Announcement()];
        const code = read(frame, low, 0x00);
        expect(read(frame, high, 0xff)).toBe(code);
        expect(high).toEqual(low);
        expect(readGuarded(frame)).toBe(code);
      }),
      { numRuns: 600 },
    );
  });

  it("accepts as usual just what the standards have, of ARP and version 3 over IPv4", () => {
    const usual = { arp: 0, vrrp: 0 };
    fc.assert(
      fc.property(fc.oneof(announcementFrames, changedFrames), (frame) => {
        const record = new Announcement();
        const isIpv4Form = read(frame, record) === PARSE_OK && record.addressOctets === 4 && record.version !== 2;
        const isUsual = isIpv4Form && record.unusual === 0;
        expect(isUsual).toBe(isTextbookAnnouncement(frame, frame.length));
        if (isUsual) usual[record.kind === ANNOUNCED_BY_ARP ? "arp" : "vrrp"]++;
      }),
      { numRuns: 6000 },
    );
    expect(usual.arp).toBeGreaterThan(30);
    expect(usual.vrrp).toBeGreaterThan(10);
  });
});

describe("recorded frames", () => {
  const announcing: Readonly<Record<string, string>> = {
    "VRRPv2 advertisement": "vrrp 10.0.1.50",
    "VRRPv2 advertisement of a node that leaves": "vrrp 10.0.1.50",
    "VRRPv2 advertisement with a password, to one peer": "vrrp 10.0.1.50",
    "VRRPv3 advertisement every 100 ms": "vrrp 10.0.1.50",
    "VRRPv3 advertisement over IPv6": "vrrp 2001:db8:1::50",
    "gratuitous ARP of keepalived": "arp 10.0.1.50",
    "gratuitous ARP from a virtual MAC": "arp 10.0.1.50",
    "unsolicited neighbour advertisement of keepalived": "nd 2001:db8:1::50",
  };

  it.each(RECORDED_FRAMES)("$name", ({ name, hex }) => {
    const record = new Announcement();
    const code = read(bytesOf(hex), record);
    if (announcing[name] === undefined) {
      expect(PARSE_NAMES[code]).toBe("other-kind");
    } else {
      expect(PARSE_NAMES[code]).toBe("ok");
      const { kind, ip } = textsOf(record);
      expect(`${kind} ${ip}`).toBe(announcing[name]);
    }
  });
});
