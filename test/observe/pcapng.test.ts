import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AssertionError } from "../../src/base/assert.ts";
import { NS_MAX } from "../../src/base/units.ts";
import { PcapngWriter } from "../../src/observe/pcapng.ts";
import { itNeeds } from "../support/need.ts";
import { type CapturedPacket, readPcap } from "../support/read-pcap.ts";

const application = "viplane 0.1.0";

/** The octets of hex digits; blanks between them do not count. */
function hex(...lines: string[]): Uint8Array {
  return Uint8Array.from(Buffer.from(lines.join("").replaceAll(" ", ""), "hex"));
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(chunks));
}

describe("the octets", () => {
  it("of a small file are those of the draft", () => {
    const writer = new PcapngWriter({ application });
    const port = writer.addInterface("vm-A.eth0");
    const frame = hex("ff ff 020000000001 0806 01 02 03 ee");
    writer.packet(port, 0x1_0000_0002, frame, 1, 12, "inbound", null);
    writer.packet(port, 3_500_000_000, frame, 0, 5, "outbound", "spoofed");
    expect(Buffer.from(writer.finish()).toString("hex")).toBe(
      Buffer.from(
        hex(
          // Section Header Block: byte-order magic, version 1.0, length unstated, shb_userappl
          "0a0d0d0a 34000000 4d3c2b1a 0100 0000 ffffffffffffffff",
          "0400 0d00 7669706c616e6520302e312e30 000000 0000 0000 34000000",
          // Interface Description Block: Ethernet, no snap length, if_name, if_tsresol 9
          "01000000 30000000 0100 0000 00000000",
          "0200 0900 766d2d412e65746830 000000 0900 0100 09 000000 0000 0000 30000000",
          // Enhanced Packet Block: high and low half of the time, 12 of 12 octets, epb_flags inbound
          "06000000 38000000 00000000 01000000 02000000 0c000000 0c000000",
          "ff020000000001080601 0203 0200 0400 01000000 0000 0000 38000000",
          // Enhanced Packet Block: 5 octets padded to 8, epb_flags outbound, opt_comment
          "06000000 40000000 00000000 00000000 00c39dd0 05000000 05000000",
          "ffff020000 000000 0200 0400 02000000 0100 0700 73706f6f666564 00 0000 0000 40000000",
        ),
      ).toString("hex"),
    );
  });

  it("of an interface say where it is, if that is known", () => {
    const writer = new PcapngWriter({ application });
    writer.take();
    writer.addInterface("a.b", "subnet app");
    expect(Buffer.from(writer.finish()).toString("hex")).toBe(
      Buffer.from(
        hex(
          "01000000 38000000 0100 0000 00000000 0200 0300 612e62 00",
          "0300 0a00 7375626e657420617070 0000 0900 0100 09 000000 0000 0000 38000000",
        ),
      ).toString("hex"),
    );
  });

  it("are the same whether taken in chunks or at the end, and chunks share one buffer", () => {
    const whole = new PcapngWriter({ application });
    const chunked = new PcapngWriter({ application });
    const buffer = chunked.take().buffer;
    const chunks = [new PcapngWriter({ application }).finish()];
    for (const writer of [whole, chunked]) writer.addInterface("vm-A.eth0");
    const frame = new Uint8Array(1514);
    for (let i = 0; i < 1000; i++) {
      // 0xee rather than 0 in the frame shows octets of an older chunk left in the padding
      const octets = 14 + ((i * 7) % 1501);
      frame.fill(0xee - (i % 7));
      const comment = i % 3 === 0 ? "x".repeat(i % 5) : null;
      for (const writer of [whole, chunked]) writer.packet(0, i * 1_000, frame, 0, octets, "inbound", comment);
      if (chunked.pendingOctets > 8192) {
        const pending = chunked.pendingOctets;
        const chunk = chunked.take();
        expect(chunk.length).toBe(pending);
        expect(chunk.buffer).toBe(buffer);
        expect(chunked.pendingOctets).toBe(0);
        chunks.push(chunk.slice());
      }
    }
    chunks.push(chunked.finish().slice());
    expect(chunks.length).toBeGreaterThan(50);
    expect(Buffer.compare(concat(chunks), whole.finish())).toBe(0);
  });
});

interface Written {
  readonly port: number;
  readonly tNs: number;
  readonly bytes: Uint8Array;
  readonly before: number;
  readonly after: number;
  readonly direction: "inbound" | "outbound";
  readonly comment: string | null;
}

const written: fc.Arbitrary<Written> = fc.record({
  port: fc.nat(4),
  tNs: fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 52, NS_MAX)),
  bytes: fc.uint8Array({ maxLength: 80 }),
  before: fc.nat(5),
  after: fc.nat(5),
  direction: fc.constantFrom("inbound", "outbound"),
  comment: fc.option(fc.string({ unit: "grapheme", maxLength: 20 })),
});

describe("what is written", () => {
  it("is read back, interfaces being added when their first packet comes", () => {
    fc.assert(
      fc.property(fc.array(written, { maxLength: 60 }), fc.nat(4), (packets, takeEvery) => {
        const writer = new PcapngWriter({ application });
        const indexes = new Map<number, number>();
        const chunks: Uint8Array[] = [];
        const expected: CapturedPacket[] = [];
        for (const [i, { port, tNs, bytes, before, after, direction, comment }] of packets.entries()) {
          const interfaceName = `høst-${port}.eth0`;
          const index = indexes.get(port) ?? writer.addInterface(interfaceName);
          indexes.set(port, index);
          const around = concat([new Uint8Array(before).fill(0xaa), bytes, new Uint8Array(after).fill(0xbb)]);
          writer.packet(index, tNs, around, before, bytes.length, direction, comment);
          expected.push({ tNs, interfaceName, direction, comment, bytes });
          if (takeEvery > 0 && i % takeEvery === 0) chunks.push(writer.take().slice());
        }
        chunks.push(writer.finish());
        expect([...indexes.values()]).toEqual([...indexes.keys()].map((_, i) => i));
        expect(readPcap(concat(chunks))).toEqual(expected);
      }),
    );
  });

  it("may be longer than the first buffer, in one packet or in many", () => {
    const writer = new PcapngWriter({ application });
    const port = writer.addInterface("vm-A.eth0");
    const long = new Uint8Array(300_001).map((_, i) => i * 31);
    const comment = "ü".repeat(32_767);
    writer.packet(port, 1, long, 0, long.length, "inbound", comment);
    for (let i = 2; i <= 2000; i++) writer.packet(port, i, long, i, 1514, "outbound", null);
    const packets = readPcap(writer.finish());
    expect(packets.length).toBe(2000);
    expect(Buffer.compare(packets[0]!.bytes, long)).toBe(0);
    expect(packets[0]!.comment).toBe(comment);
    expect(Buffer.compare(packets[1999]!.bytes, long.subarray(2000, 3514))).toBe(0);
  });
});

describe("asserted", () => {
  const frame = new Uint8Array(60);

  it.each([-1, 0.5, 2 ** 53, 1.8e18, Number.NaN, Number.POSITIVE_INFINITY])("no time stamp: %d ns", (atNs) => {
    const writer = new PcapngWriter({ application });
    const port = writer.addInterface("vm-A.eth0");
    const pending = writer.pendingOctets;
    expect(() => writer.packet(port, atNs, frame, 0, 60, "inbound", null)).toThrow(AssertionError);
    expect(writer.pendingOctets).toBe(pending);
  });

  it("an interface never added, octets out of bounds, a text too long for an option, writing after the end", () => {
    const writer = new PcapngWriter({ application });
    const port = writer.addInterface("vm-A.eth0");
    expect(() => writer.packet(1, 0, frame, 0, 60, "inbound", null)).toThrow(/interface added before/);
    expect(() => writer.packet(-1, 0, frame, 0, 60, "inbound", null)).toThrow(/interface added before/);
    expect(() => writer.packet(port, 0, frame, 1, 60, "inbound", null)).toThrow(/within its bytes/);
    expect(() => writer.packet(port, 0, frame, -1, 60, "inbound", null)).toThrow(/within its bytes/);
    expect(() => writer.packet(port, 0, frame, 0, -1, "inbound", null)).toThrow(/within its bytes/);
    expect(() => writer.packet(port, 0, frame, 0, 60, "inbound", "x".repeat(65_536))).toThrow(/65,535 octets/);
    expect(() => writer.addInterface("ü".repeat(32_768))).toThrow(/65,535 octets/);
    writer.packet(port, 0, frame, 0, 60, "inbound", null);
    expect(readPcap(writer.finish()).length).toBe(1);
    expect(() => writer.packet(port, 0, frame, 0, 60, "inbound", null)).toThrow(/finished/);
    expect(() => writer.addInterface("vm-B.eth0")).toThrow(/finished/);
    expect(() => writer.finish()).toThrow(/finished/);
  });
});

describe("the reader of these tests", () => {
  it.each([
    [
      "microseconds, little-endian",
      "d4c3b2a1 0200 0400 0000000000000000 ffff0000 01000000",
      "05000000 07000000 03000000 03000000",
      7_000,
    ],
    [
      "nanoseconds, little-endian",
      "4d3cb2a1 0200 0400 0000000000000000 ffff0000 01000000",
      "05000000 07000000 03000000 03000000",
      7,
    ],
    [
      "microseconds, big-endian",
      "a1b2c3d4 0002 0004 0000000000000000 0000ffff 00000001",
      "00000005 00000007 00000003 00000003",
      7_000,
    ],
    [
      "nanoseconds, big-endian",
      "a1b23c4d 0002 0004 0000000000000000 0000ffff 00000001",
      "00000005 00000007 00000003 00000003",
      7,
    ],
  ])("reads classic pcap in %s", (_, header, record, fractionNs) => {
    const packet = { tNs: 5e9 + fractionNs, interfaceName: null, direction: null, comment: null, bytes: hex("aabbcc") };
    expect(readPcap(hex(header, record, "aabbcc", record, "aabbcc"))).toEqual([packet, packet]);
  });

  it("reads big-endian pcapng with the default resolution, skipping blocks it does not know", () => {
    const file = hex(
      "0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c",
      "00000001 00000014 0001 0000 00000000 00000014",
      "00000005 00000018 00000000 00000000 00000000 00000018",
      "00000006 0000002c 00000000 00000001 00000001 00000001 00000001 ab 000000 0002 0004 00000002 0000002c",
    );
    const tNs = (2 ** 32 + 1) * 1_000;
    expect(readPcap(file)).toEqual([
      { tNs, interfaceName: null, direction: "outbound", comment: null, bytes: hex("ab") },
    ]);
  });

  it("refuses what is no capture, shifted times, and a file cut short", () => {
    const shifted = hex(
      "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000",
      "01000000 20000000 0100 0000 00000000 0e00 0800 0100000000000000 20000000",
    );
    expect(() => readPcap(shifted)).toThrow(/if_tsoffset/);
    expect(() => readPcap(hex("00010203 04050607"))).toThrow(/neither pcap nor pcapng/);
    const writer = new PcapngWriter({ application });
    writer.packet(writer.addInterface("vm-A.eth0"), 0, new Uint8Array(60), 0, 60, "inbound", null);
    const file = writer.finish();
    expect(() => readPcap(file.subarray(0, file.length - 4))).toThrow();
  });
});

describe("tshark", () => {
  itNeeds("tshark", "reads times, interface names, directions, comments and octets", () => {
    const writer = new PcapngWriter({ application });
    const arp = hex(
      "ffffffffffff 020000000001 0806 0001 0800 06 04 0001",
      "020000000001 0a000132 000000000000 0a000132",
    );
    const a = writer.addInterface("vm-A.eth0");
    writer.packet(a, 0, arp, 0, arp.length, "inbound", null);
    const b = writer.addInterface("vm-B.eth1");
    writer.packet(b, 3_609_425_001, arp, 0, arp.length, "outbound", null);
    writer.packet(b, 2 ** 32 * 1_000_000 + 17, arp, 0, arp.length, "inbound", "spoofed-source: wants 10.0.1.50 – no");
    writer.packet(a, NS_MAX, arp, 0, arp.length, "outbound", "x");
    const folder = mkdtempSync(join(tmpdir(), "viplane-pcapng-"));
    try {
      const file = join(folder, "small.pcapng");
      writeFileSync(file, writer.finish());
      const fields = ["frame.time_epoch", "frame.interface_name", "frame.packet_flags_direction", "frame.comment"];
      const more = ["frame.len", "frame.cap_len", "arp.src.proto_ipv4"];
      const args = ["-n", "-r", file, "-T", "fields", ...[...fields, ...more].flatMap((field) => ["-e", field])];
      const out = execFileSync("tshark", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
      const rows = out
        .trimEnd()
        .split("\n")
        .map((line) => line.split("\t"));
      expect(rows.map(([time, name, direction, ...rest]) => [time, name, Number(direction), ...rest])).toEqual([
        ["0.000000000", "vm-A.eth0", 1, "", "42", "42", "10.0.1.50"],
        ["3.609425001", "vm-B.eth1", 2, "", "42", "42", "10.0.1.50"],
        ["4294967.296000017", "vm-B.eth1", 1, "spoofed-source: wants 10.0.1.50 – no", "42", "42", "10.0.1.50"],
        ["9007199.254740991", "vm-A.eth0", 2, "x", "42", "42", "10.0.1.50"],
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
