/** Every shape of capture that can be read, in both byte orders. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CaptureReader } from "../../src/capture/capture-reader.ts";
import { PcapngWriter } from "../../src/observe/pcapng.ts";
import { readPcap } from "../support/read-pcap.ts";
import {
  block,
  classicPcap,
  concat,
  enhancedPacket,
  flags,
  interfaceDescription,
  long,
  obsoletePacket,
  octet,
  sectionHeader,
  simplePacket,
  text,
} from "./build-capture.ts";
import { hex, readAll } from "./read-all.ts";

const FRAME = hex("ffffffffffff 020000000001 0806 0001");
const OTHER = hex("ffffffffffff 020000000002 0806 000102");
const IF_NAME = 2;
const IF_TSRESOL = 9;
const IF_TSOFFSET = 14;
const RECORDINGS = new URL("../recordings/", import.meta.url);

describe.each([true, false])("a classic pcap, little-endian: %s", (littleEndian) => {
  it.each([
    [false, 250_000, 500],
    [true, 250_000_123, 500],
  ])("with nanoseconds: %s", (nanoseconds, fraction, later) => {
    const packets = [
      { seconds: 1_795_161_085, fraction, bytes: FRAME },
      { seconds: 1_795_161_086, fraction: fraction + later, bytes: OTHER, originalOctets: 1500 },
    ];
    const read = readAll(classicPcap(packets, { littleEndian, nanoseconds }));
    const unit = nanoseconds ? 1 : 1_000;
    expect(read).toEqual({
      format: "pcap",
      first: { seconds: 1_795_161_085, nanoseconds: fraction * unit },
      interfaces: [null],
      warnings: [],
      leftOut: 0,
      frames: [
        { number: 1, atNs: 0, interfaceName: null, direction: null, hex: hexOf(FRAME), originalOctets: FRAME.length },
        {
          number: 2,
          atNs: 1e9 + later * unit,
          interfaceName: null,
          direction: null,
          hex: hexOf(OTHER),
          originalOctets: 1500,
        },
      ],
    });
  });

  it("may have no packets, and octets about a frame check sequence beside the link type", () => {
    expect(readAll(classicPcap([], { littleEndian })).frames).toEqual([]);
    const read = readAll(
      classicPcap([{ seconds: 1, fraction: 0, bytes: FRAME }], { littleEndian, linkType: 0x24000001 }),
    );
    expect(read.frames).toHaveLength(1);
  });

  it("may go back in time", () => {
    const packets = [5, 3, 9].map((seconds) => ({ seconds, fraction: 0, bytes: FRAME }));
    expect(readAll(classicPcap(packets, { littleEndian })).frames.map(({ atNs }) => atNs)).toEqual([0, -2e9, 4e9]);
  });

  it("may have fractions of more than a second", () => {
    const packets = [
      { seconds: 5, fraction: 2_500_000, bytes: FRAME },
      { seconds: 8, fraction: 0, bytes: FRAME },
    ];
    const { first, frames } = readAll(classicPcap(packets, { littleEndian }));
    expect([first, frames[1]!.atNs]).toEqual([{ seconds: 7, nanoseconds: 500_000_000 }, 5e8]);
  });
});

describe.each([true, false])("a pcapng, little-endian: %s", (littleEndian) => {
  const header = sectionHeader(littleEndian);
  const unit = (...options: Parameters<typeof interfaceDescription>[1] & object) =>
    interfaceDescription(littleEndian, options);
  const packet = (ticks: bigint, interfaceIndex = 0, bytes = FRAME) =>
    enhancedPacket(littleEndian, { ticks, interfaceIndex, bytes });

  it("tells interfaces, directions and cut-off frames", () => {
    const read = readAll(
      concat(
        header,
        unit(text(IF_NAME, "vm-A.eth0"), octet(IF_TSRESOL, 9)),
        unit(text(IF_NAME, "vm-B.eth0\0\0"), octet(IF_TSRESOL, 9)),
        enhancedPacket(littleEndian, { ticks: 5n, bytes: FRAME, options: [flags(littleEndian, "inbound")] }),
        enhancedPacket(littleEndian, {
          interfaceIndex: 1,
          ticks: 7n,
          bytes: OTHER,
          originalOctets: 90,
          options: [text(1, "a comment"), flags(littleEndian, "outbound")],
        }),
      ),
    );
    expect(read.interfaces).toEqual(["vm-A.eth0", "vm-B.eth0"]);
    expect(read.frames).toEqual([
      {
        number: 1,
        atNs: 0,
        interfaceName: "vm-A.eth0",
        direction: "inbound",
        hex: hexOf(FRAME),
        originalOctets: FRAME.length,
      },
      { number: 2, atNs: 2, interfaceName: "vm-B.eth0", direction: "outbound", hex: hexOf(OTHER), originalOctets: 90 },
    ]);
  });

  it("counts time in any unit", () => {
    // 1,795,161,085.300197382 s, as far as the unit goes
    const ns = 1_795_161_085_300_197_382n;
    const units: readonly (readonly [number | null, bigint, number])[] = [
      [null, ns / 1_000n, 300_197_000],
      [0, ns / 1_000_000_000n, 0],
      [3, ns / 1_000_000n, 300_000_000],
      [6, ns / 1_000n, 300_197_000],
      [8, ns / 10n, 300_197_380],
      [9, ns, 300_197_382],
      // 2^-10 s: 307.4 of 1,024 parts
      [0x80 | 10, (ns * 1024n) / 1_000_000_000n, Math.floor((307 * 1e9) / 1024)],
      [
        0x80 | 20,
        (ns * 2n ** 20n) / 1_000_000_000n,
        Number(((((ns % 1_000_000_000n) * 2n ** 20n) / 1_000_000_000n) * 1_000_000_000n) / 2n ** 20n),
      ],
      [10, ns * 10n, 300_197_382],
    ];
    for (const [tsresol, ticks, nanoseconds] of units) {
      const options = tsresol === null ? [] : [octet(IF_TSRESOL, tsresol)];
      const { first } = readAll(concat(header, unit(...options), packet(ticks)));
      expect([tsresol, first]).toEqual([tsresol, { seconds: 1_795_161_085, nanoseconds }]);
    }
  });

  it("adds the interface's offset", () => {
    for (const offset of [1_795_000_000n, -5n]) {
      const read = readAll(
        concat(header, unit(octet(IF_TSRESOL, 9), long(littleEndian, IF_TSOFFSET, offset)), packet(7_000_000_001n)),
      );
      expect(read.first).toEqual({ seconds: Number(offset) + 7, nanoseconds: 1 });
    }
  });

  it("has packets of all ages", () => {
    const read = readAll(
      concat(
        header,
        unit(text(IF_NAME, "a")),
        unit(text(IF_NAME, "b")),
        packet(2_000_000n),
        obsoletePacket(littleEndian, {
          interfaceIndex: 1,
          ticks: 3_000_000n,
          bytes: OTHER,
          options: [flags(littleEndian, "inbound")],
        }),
        simplePacket(littleEndian, FRAME),
      ),
    );
    expect(read.frames.map(({ atNs, interfaceName, direction }) => [atNs, interfaceName, direction])).toEqual([
      [0, "a", null],
      [1e9, "b", "inbound"],
      // It has no time and no interface of its own.
      [1e9, "a", null],
    ]);
  });

  it("keeps of a simple packet what the snap length allows", () => {
    const read = readAll(
      concat(
        header,
        interfaceDescription(littleEndian, [], 1, 15),
        simplePacket(littleEndian, FRAME.subarray(0, 15), 99),
      ),
    );
    expect(read.frames).toMatchObject([{ hex: hexOf(FRAME.subarray(0, 15)), originalOctets: 99 }]);
  });

  it("may have blocks and options that nobody knows", () => {
    const read = readAll(
      concat(
        header,
        block(littleEndian, 5, new Uint8Array(8)),
        unit(text(2988, "x"), text(IF_NAME, "a"), text(IF_NAME, "second")),
        block(littleEndian, 0x40000bad, hex("00 01 02 03 04")),
        packet(1n),
        block(littleEndian, 4, hex("0000 0000")),
      ),
    );
    expect(read.frames).toMatchObject([{ interfaceName: "a" }]);
  });

  it("may have several sections, of either byte order; an interface of the same name is the same one", () => {
    const section = (order: boolean, names: readonly string[], ticks: bigint) =>
      concat(
        sectionHeader(order),
        ...names.map((name) => interfaceDescription(order, [text(IF_NAME, name)])),
        ...names.map((_, interfaceIndex) => enhancedPacket(order, { interfaceIndex, ticks, bytes: FRAME })),
      );
    const read = readAll(
      concat(
        section(littleEndian, ["a", "b", "b"], 1n),
        section(!littleEndian, ["b", "c"], 2n),
        section(littleEndian, ["b", "b", "a"], 3n),
      ),
    );
    expect(read.interfaces).toEqual(["a", "b", "b", "c"]);
    expect(read.frames.map(({ number, atNs }) => [number, atNs])).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 1000],
      [5, 1000],
      [6, 2000],
      [7, 2000],
      [8, 2000],
    ]);
  });

  it("tells interfaces that have no frames, too", () => {
    const names = ["a", "b", "c"];
    const file = concat(header, ...names.map((name) => unit(text(IF_NAME, name))), packet(1n, 2), packet(2n, 0));
    const capture = new CaptureReader("x", file);
    while (capture.next());
    expect(capture.described.map(({ name }) => name)).toEqual(names);
    expect(capture.interfaces.map((one) => capture.described.indexOf(one))).toEqual([2, 0]);
  });

  it("leaves packets out that are not Ethernet, and says so", () => {
    const read = readAll(
      concat(
        header,
        interfaceDescription(littleEndian, [], 127),
        interfaceDescription(littleEndian, [], 1),
        packet(1n, 0),
        packet(2n, 1),
      ),
    );
    expect(read.frames.map(({ number, atNs }) => [number, atNs])).toEqual([[2, 1000]]);
    expect(read.leftOut).toBe(1);
    expect(read.warnings).toMatchObject([
      {
        severity: "warning",
        message: expect.stringContaining("1 of 2 packets are not Ethernet (link types of the file: 1, 127)"),
      },
    ]);
  });
});

describe("what has been written", () => {
  const names = readdirSync(RECORDINGS).filter((name) => name.endsWith(".pcap"));

  it.each(names)("tcpdump, %s: is read as by another reader", (name) => {
    const file = new Uint8Array(readFileSync(new URL(name, RECORDINGS)));
    const { frames, first } = readAll(file);
    expect(frames.length).toBeGreaterThan(30);
    const expected = readPcap(file);
    expect(frames.map(({ hex: octets }) => octets)).toEqual(expected.map(({ bytes }) => hexOf(bytes)));
    const zeroNs = first!.seconds * 1e9 + first!.nanoseconds;
    // The other one's times are doubles, exact to 128 ns.
    for (const [i, { atNs }] of frames.entries())
      expect(Math.abs(zeroNs + atNs - expected[i]!.tNs)).toBeLessThanOrEqual(512);
  });

  it("viplane: is read as it was written", () => {
    const writer = new PcapngWriter({ application: "a test" });
    const ports = ["vm-A.eth0", "vm-B.eth0"].map((name) => writer.addInterface(name));
    writer.packet(ports[1]!, 3_000_000_007, FRAME, 0, FRAME.length, "inbound", null);
    writer.packet(ports[0]!, 9_000_000_000, OTHER, 0, OTHER.length, "outbound", "dropped: runt");
    expect(readAll(writer.finish())).toEqual({
      format: "pcapng",
      first: { seconds: 3, nanoseconds: 7 },
      interfaces: ["vm-B.eth0", "vm-A.eth0"],
      warnings: [],
      leftOut: 0,
      frames: [
        {
          number: 1,
          atNs: 0,
          interfaceName: "vm-B.eth0",
          direction: "inbound",
          hex: hexOf(FRAME),
          originalOctets: FRAME.length,
        },
        {
          number: 2,
          atNs: 5_999_999_993,
          interfaceName: "vm-A.eth0",
          direction: "outbound",
          hex: hexOf(OTHER),
          originalOctets: OTHER.length,
        },
      ],
    });
  });
});

describe("the cursor", () => {
  it("gives the file's own octets, without a copy, and how far it is", () => {
    const file = classicPcap([FRAME, OTHER].map((bytes) => ({ seconds: 1, fraction: 0, bytes })));
    const capture = new CaptureReader("x", file);
    expect(capture.first).toBeNull();
    const seen: number[] = [];
    while (capture.next()) {
      expect(capture.bytes).toBe(file);
      seen.push(capture.offset, capture.progress);
    }
    expect(seen).toEqual([40, (40 + FRAME.length) / file.length, 56 + FRAME.length, 1]);
    expect(capture.next()).toBe(false);
    expect(capture.number).toBe(2);
  });
});

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
