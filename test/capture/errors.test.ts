/** Files that are no captures, or damaged: a ConfigError that says where, and what would be right. Files that break off: read up to there. */
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/text/config-error.ts";
import {
  block,
  classicPcap,
  concat,
  enhancedPacket,
  interfaceDescription,
  sectionHeader,
  simplePacket,
} from "./build-capture.ts";
import { hex, readAll } from "./read-all.ts";

const FRAME = hex("ffffffffffff 020000000001 0806 0001");
const CLASSIC = classicPcap([1, 2].map((seconds) => ({ seconds, fraction: 0, bytes: FRAME })));
const PACKET = enhancedPacket(true, { ticks: 1n, bytes: FRAME });
const SECTION = sectionHeader(true);
const INTERFACE = interfaceDescription(true);
const PCAPNG = concat(SECTION, INTERFACE, PACKET, PACKET);
const ascii = (text: string) => new TextEncoder().encode(text);

/** The file with some octets replaced. */
function patched(file: Uint8Array, offset: number, octets: Uint8Array): Uint8Array {
  const copy = file.slice();
  copy.set(octets, offset);
  return copy;
}

function complaint(bytes: Uint8Array): { message: string; hint: string } {
  try {
    readAll(bytes, "x.pcap");
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [{ file, line, severity, message, hint }, ...more] = error.findings as [(typeof error.findings)[0]];
    expect([file, line, severity, more]).toEqual(["x.pcap", 0, "error", []]);
    return { message, hint: hint! };
  }
  throw new Error("it was read");
}

describe("no capture", () => {
  it.each([
    ["nothing", new Uint8Array(0), "at octet 0: the file is empty", "tcpdump -w"],
    ["text", ascii("name: my-failover\n"), "at octet 0: this is no capture: it begins with 6e 61 6d 65", "tcpdump -w"],
    ["two octets", hex("d4c3"), "it begins with d4 c3", "tcpdump -w"],
    ["gzip", hex("1f8b0800 00000000"), "it begins with 1f 8b 08 00", "gunzip"],
    ["zstd", hex("28b52ffd 00"), "it begins with", "zstd -d"],
    ["xz", hex("fd377a585a00"), "it begins with", "xz -d"],
    ["a ZIP archive", hex("504b0304"), "it begins with", "unpack it"],
    ["snoop", ascii("snoop\0\0\0"), "it begins with", "editcap"],
    ["a modified pcap", hex("34cdb2a1"), "it begins with", "editcap"],
    ["a modified pcap, big-endian", hex("a1b2cd34"), "it begins with", "editcap"],
  ])("%s", (_, bytes, says, helps) => {
    const { message, hint } = complaint(bytes);
    expect(message).toContain(says);
    expect(hint).toContain(helps);
  });
});

describe("a damaged classic pcap", () => {
  it.each([
    [
      "is cut off in its header",
      CLASSIC.subarray(0, 23),
      "at octet 23: a pcap's header has 24 octets",
      "copy it again",
    ],
    ["has another version", patched(CLASSIC, 4, hex("0300")), "at octet 4: this is a pcap of version 3.4", "2.x"],
    [
      "claims an absurd packet",
      patched(CLASSIC, 24 + 8, hex("01000400")),
      "at octet 32: packet 1 claims 262145 octets, and a packet has 262144 at most",
      "damaged",
    ],
    [
      "claims an absurd packet later on",
      patched(CLASSIC, 24 + 32 + 8, hex("ffffffff")),
      "at octet 64: packet 2 claims 4294967295 octets",
      "damaged",
    ],
    [
      "is of 802.11",
      classicPcap([{ seconds: 1, fraction: 0, bytes: FRAME }], { linkType: 105 }),
      "1 of 1 packets are not Ethernet (link types of the file: 105)",
      "Ethernet (1) and Linux cooked",
    ],
  ])("%s", (_, bytes, says, helps) => {
    const { message, hint } = complaint(bytes);
    expect(message).toContain(says);
    expect(hint).toContain(helps);
  });

  it.each([25, 40, 55, 57, 71, 72, 87])("that breaks off after %s octets is read up to there", (octets) => {
    const { frames, warnings } = readAll(CLASSIC.subarray(0, octets));
    const whole = octets >= 56 ? 1 : 0;
    expect(frames).toHaveLength(whole);
    const start = 24 + 32 * whole;
    const how =
      octets < start + 16 ? "has no whole header" : `ends ${start + 32 - octets} octets behind the file's end`;
    const message = `at octet ${start}: packet ${whole + 1} ${how}; all before it was read`;
    expect(warnings).toMatchObject([{ severity: "warning", message }]);
  });
});

describe("a damaged pcapng", () => {
  const at = SECTION.length;
  const packetAt = SECTION.length + INTERFACE.length;
  const packet = (change: number, octets: string) => patched(PCAPNG, packetAt + change, hex(octets));

  it.each([
    [
      "is cut off in its first header",
      SECTION.subarray(0, 20),
      "at octet 20: the file ends within its first block",
      "copy",
    ],
    ["is cut off in its first block", SECTION.subarray(0, 27), "at octet 27: the file ends within", "copy"],
    [
      "has no byte-order magic",
      patched(PCAPNG, 8, hex("00000000")),
      "at octet 8: a section's header has no byte-order",
      "1a 2b",
    ],
    [
      "has another version",
      concat(sectionHeader(true, 2), INTERFACE),
      "at octet 12: this is pcapng of version 2",
      "version 1",
    ],
    [
      "has a header that is too short",
      patched(PCAPNG, 4, hex("18000000")),
      "at octet 4: a section's header claims",
      "damaged",
    ],
    [
      "has a block of odd length",
      packet(4, "31000000"),
      `at octet ${packetAt + 4}: a block claims 49 octets`,
      "multiple of 4",
    ],
    ["has a block of no length", packet(4, "00000000"), "a block claims 0 octets", "multiple of 4"],
    ["has an absurd block", packet(4, "04000001"), "a block claims 16777220 octets", "12 to 16777216"],
    [
      "has a block whose ends differ",
      patched(PCAPNG, packetAt + PACKET.length - 4, hex("34000000")),
      `at octet ${packetAt + PACKET.length - 4}: a block's length is ${PACKET.length} at its beginning and 52 at its end`,
      "damaged",
    ],
    ["has a packet of no interface", packet(8, "07000000"), "a packet is of interface 7", "the section describes 1"],
    ["has a packet before any interface", concat(SECTION, PACKET), "a packet is of interface 0", "describes 0"],
    ["has a packet that is longer than its block", packet(20, "11000000"), "a packet claims 17 octets", "room for 16"],
    [
      "has a packet that is longer than packets are",
      concat(SECTION, INTERFACE, enhancedPacket(true, { ticks: 1n, bytes: new Uint8Array(262_145) })),
      "a packet claims 262145 octets",
      "room for 262144",
    ],
    [
      "has a short packet",
      concat(SECTION, INTERFACE, block(true, 6, new Uint8Array(16))),
      "too short for a packet",
      "damaged",
    ],
    [
      "has a short packet of old",
      concat(SECTION, INTERFACE, block(true, 2, new Uint8Array(4))),
      "too short for a packet",
      "",
    ],
    ["has a short interface", concat(SECTION, block(true, 1, new Uint8Array(4))), "too short for an interface's", ""],
    [
      "has a short simple packet",
      concat(SECTION, INTERFACE, block(true, 3, new Uint8Array(0))),
      "too short for a simple",
      "",
    ],
    [
      "has a simple packet before any interface",
      concat(SECTION, simplePacket(true, FRAME)),
      "stands before any interface",
      "",
    ],
    [
      "has a simple packet that is longer than its block",
      concat(SECTION, INTERFACE, simplePacket(true, FRAME, 17)),
      "a packet claims 17 octets",
      "room for 16",
    ],
    [
      "has an option that is longer than its block",
      concat(SECTION, block(true, 1, hex("0100 0000 00000000 0200 0500 61626364"))),
      `at octet ${at + 16}: an option is longer than the block`,
      "damaged",
    ],
  ])("%s", (_, bytes, says, helps) => {
    const { message, hint } = complaint(bytes);
    expect(message).toContain(says);
    expect(hint).toContain(helps);
  });

  it("that breaks off anywhere behind its first block is read up to there", () => {
    for (let octets = SECTION.length; octets < PCAPNG.length; octets++) {
      const { frames, warnings } = readAll(PCAPNG.subarray(0, octets));
      const whole = Math.max(0, Math.floor((octets - packetAt) / PACKET.length));
      expect([octets, frames.length]).toEqual([octets, whole]);
      const isBetween = octets === SECTION.length || (octets - packetAt) % PACKET.length === 0;
      expect([octets, warnings.length]).toEqual([octets, isBetween ? 0 : 1]);
    }
  });

  it("that breaks off in a later section's header is read up to there", () => {
    for (let octets = 1; octets < 28; octets++) {
      const { frames, warnings } = readAll(concat(PCAPNG, SECTION.subarray(0, octets)));
      expect([frames.length, warnings.length]).toEqual([2, 1]);
    }
  });
});
