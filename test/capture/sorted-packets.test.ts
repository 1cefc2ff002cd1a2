/** A capture in the order of time, whatever the file's order is. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CaptureReader } from "../../src/capture/capture-reader.ts";
import {
  classicPcap,
  concat,
  enhancedPacket,
  flags,
  interfaceDescription,
  octet,
  sectionHeader,
  text,
} from "./build-capture.ts";

/** The frame's only octets of its own: which packet it is. */
const frameOf = (i: number) => Uint8Array.of(...new Array(12).fill(2), 8, 6, i >> 8, i & 0xff);

function readSorted(file: Uint8Array) {
  const capture = new CaptureReader("x", file, "time");
  const frames: { number: number; atNs: number; which: number; on: string | null; direction: string | null }[] = [];
  while (capture.next()) {
    const { number, atNs, bytes, offset, direction, interfaceIndex } = capture;
    const which = bytes[offset + 14]! * 256 + bytes[offset + 15]!;
    frames.push({ number, atNs, which, on: capture.interfaces[interfaceIndex]!.name, direction });
  }
  return { capture, frames };
}

describe("packets in the order of time", () => {
  it("keep their numbers, and the file's order where times are equal", () => {
    const times = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(times, (list) => {
        const packets = list.map(([seconds, fraction], i) => ({ seconds, fraction, bytes: frameOf(i) }));
        const { frames, capture } = readSorted(classicPcap(packets, { nanoseconds: true }));
        const expected = list
          .map(([seconds, nanoseconds], i) => ({ ns: seconds * 1e9 + nanoseconds, i }))
          .sort((a, b) => a.ns - b.ns || a.i - b.i);
        expect(frames.map(({ number, atNs, which }) => [number, atNs, which])).toEqual(
          expected.map(({ ns, i }) => [i + 1, ns - expected[0]!.ns, i]),
        );
        expect([capture.packets, capture.progress]).toEqual([list.length, 1]);
      }),
    );
  });

  it("are as many as there are", () => {
    const count = 3_000;
    const packets = Array.from({ length: count }, (_, i) => ({ seconds: count - i, fraction: 0, bytes: frameOf(i) }));
    const { frames } = readSorted(classicPcap(packets));
    expect(frames.map(({ which }) => which)).toEqual(Array.from({ length: count }, (_, i) => count - 1 - i));
  });

  it("keep their interfaces and directions", () => {
    const packet = (interfaceIndex: number, ticks: bigint, direction: "inbound" | "outbound") =>
      enhancedPacket(true, {
        interfaceIndex,
        ticks,
        bytes: frameOf(interfaceIndex),
        options: [flags(true, direction)],
      });
    const file = concat(
      sectionHeader(true),
      ...["a", "b"].map((name) => interfaceDescription(true, [text(2, name), octet(9, 9)])),
      packet(0, 7n, "inbound"),
      packet(1, 5n, "outbound"),
      packet(1, 9n, "inbound"),
    );
    expect(readSorted(file).frames).toEqual([
      { number: 2, atNs: 0, which: 1, on: "b", direction: "outbound" },
      { number: 1, atNs: 2, which: 0, on: "a", direction: "inbound" },
      { number: 3, atNs: 4, which: 1, on: "b", direction: "inbound" },
    ]);
  });

  it("end where a file breaks off, with the same warning", () => {
    const packets = [2, 1, 3].map((seconds, i) => ({ seconds, fraction: 0, bytes: frameOf(i) }));
    const { frames, capture } = readSorted(classicPcap(packets).subarray(0, -4));
    expect(frames.map(({ which }) => which)).toEqual([1, 0]);
    expect(capture.warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/packet 3 ends 4 octets behind the file's end; all before it was read/),
    ]);
  });

  it("may be none", () => {
    const { frames, capture } = readSorted(classicPcap([]));
    expect([frames, capture.first]).toEqual([[], null]);
  });
});
