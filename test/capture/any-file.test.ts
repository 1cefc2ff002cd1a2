/** Whatever a file holds: it is read, or a ConfigError says what is wrong. Never anything else, never for long, never beyond its octets. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CaptureReader } from "../../src/capture/capture-reader.ts";
import { ConfigError } from "../../src/text/config-error.ts";
import {
  block,
  classicPcap,
  concat,
  enhancedPacket,
  flags,
  interfaceDescription,
  obsoletePacket,
  octet,
  sectionHeader,
  simplePacket,
  text,
} from "./build-capture.ts";

/** Reads to the end and says how many frames there were; -1 if the file was refused. */
function survives(bytes: Uint8Array): number {
  try {
    const capture = new CaptureReader("x", bytes);
    let frames = 0;
    while (capture.next()) {
      frames++;
      const { offset, octets, originalOctets, interfaceIndex, atNs, progress } = capture;
      expect(offset + octets).toBeLessThanOrEqual(capture.bytes.length);
      expect(originalOctets).toBeGreaterThanOrEqual(octets);
      expect(capture.interfaces[interfaceIndex]).toBeDefined();
      expect(Number.isFinite(atNs)).toBe(true);
      expect(progress).toBeLessThanOrEqual(1);
    }
    // A packet has 16 octets of header at least.
    expect(capture.number * 16).toBeLessThanOrEqual(bytes.length);
    return frames;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.findings[0]!.message).toMatch(/^at octet \d+: /);
    const at = Number(/\d+/.exec(error.findings[0]!.message)![0]);
    expect(at).toBeLessThanOrEqual(bytes.length);
    return -1;
  }
}

const frame = fc.uint8Array({ maxLength: 64 });
const linkType = fc.constantFrom(1, 113, 276, 105);

const classic = fc
  .record({
    littleEndian: fc.boolean(),
    nanoseconds: fc.boolean(),
    linkType,
    packets: fc.array(fc.record({ seconds: fc.nat(), fraction: fc.nat(2_000_000), bytes: frame }), { maxLength: 6 }),
  })
  .map(({ packets, ...options }) => classicPcap(packets, options));

const section = fc
  .record({
    littleEndian: fc.boolean(),
    interfaces: fc.array(fc.record({ linkType, name: fc.string({ maxLength: 9 }), tsresol: fc.nat(255) }), {
      minLength: 1,
      maxLength: 3,
    }),
    packets: fc.array(
      fc.record({
        interfaceIndex: fc.nat(2),
        ticks: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        bytes: frame,
        kind: fc.nat(4),
      }),
      { maxLength: 6 },
    ),
  })
  .map(({ littleEndian, interfaces, packets }) =>
    concat(
      sectionHeader(littleEndian),
      ...interfaces.map((it) =>
        interfaceDescription(littleEndian, [text(2, it.name), octet(9, it.tsresol)], it.linkType),
      ),
      ...packets.map(({ kind, ...rest }) => {
        const packet = { ...rest, interfaceIndex: rest.interfaceIndex % interfaces.length };
        if (kind === 0) return simplePacket(littleEndian, packet.bytes);
        if (kind === 1) return obsoletePacket(littleEndian, packet);
        if (kind === 2) return block(littleEndian, 0x77, packet.bytes);
        return enhancedPacket(littleEndian, { ...packet, options: [flags(littleEndian, "inbound")] });
      }),
    ),
  );
const pcapng = fc.array(section, { minLength: 1, maxLength: 3 }).map((sections) => concat(...sections));
const capture = fc.oneof(classic, pcapng);

describe("any file", () => {
  it("of random octets, behind any magic", () => {
    const magics = [
      "",
      "d4c3b2a1020004",
      "a1b2c3d400020004",
      "4d3cb2a102000400",
      "0a0d0d0a1c0000004d3c2b1a0100",
      "0a0d0d0a0000001c1a2b3c4d0001",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...magics), fc.uint8Array({ maxLength: 300 }), (magic, bytes) => {
        survives(concat(Uint8Array.from(Buffer.from(magic, "hex")), bytes));
      }),
      { numRuns: 2_000 },
    );
  });

  it("that is a good capture is read to its last packet", () => {
    let read = 0;
    fc.assert(
      fc.property(capture, (bytes) => {
        // Refused is only what has nothing but other link types in it.
        const frames = survives(bytes);
        read += Math.max(0, frames);
      }),
    );
    expect(read).toBeGreaterThan(50);
  });

  it("that is a good capture with some octets changed, taken out or put in", () => {
    const change = fc.record({ at: fc.nat(), octets: fc.uint8Array({ maxLength: 8 }), removes: fc.nat(8) });
    fc.assert(
      fc.property(capture, fc.array(change, { minLength: 1, maxLength: 4 }), (bytes, changes) => {
        let changed = bytes;
        for (const { at, octets, removes } of changes) {
          const place = at % (changed.length + 1);
          changed = concat(changed.subarray(0, place), octets, changed.subarray(place + removes));
        }
        survives(changed);
      }),
      { numRuns: 2_000 },
    );
  });

  it("that is a good capture cut off anywhere", () => {
    fc.assert(
      fc.property(capture, fc.nat(), (bytes, at) => {
        survives(bytes.subarray(0, at % bytes.length));
      }),
      { numRuns: 1_000 },
    );
  });
});
