/** A capture read to its end, as the tests look at it. */
import { CaptureReader } from "../../src/capture/capture-reader.ts";
import type { Finding } from "../../src/text/config-error.ts";

export interface ReadFrame {
  readonly number: number;
  readonly atNs: number;
  readonly interfaceName: string | null;
  readonly direction: "inbound" | "outbound" | null;
  readonly hex: string;
  readonly originalOctets: number;
}

export interface ReadCapture {
  readonly format: "pcap" | "pcapng";
  readonly frames: readonly ReadFrame[];
  readonly interfaces: readonly (string | null)[];
  readonly first: { readonly seconds: number; readonly nanoseconds: number } | null;
  readonly warnings: readonly Finding[];
  readonly leftOut: number;
}

export function readAll(bytes: Uint8Array, file = "x.pcap"): ReadCapture {
  const capture = new CaptureReader(file, bytes);
  const frames: ReadFrame[] = [];
  while (capture.next()) {
    const { number, atNs, interfaceIndex, direction, offset, octets, originalOctets } = capture;
    const interfaceName = capture.interfaces[interfaceIndex]!.name;
    const hex = Buffer.from(capture.bytes.subarray(offset, offset + octets)).toString("hex");
    frames.push({ number, atNs, interfaceName, direction, hex, originalOctets });
  }
  const { format, interfaces, first, warnings, leftOut } = capture;
  return { format, frames, interfaces: interfaces.map(({ name }) => name), first, warnings, leftOut };
}

/** Octets of hex digits; blanks do not count. */
export function hex(...lines: readonly string[]): Uint8Array {
  return Uint8Array.from(Buffer.from(lines.join("").replaceAll(" ", ""), "hex"));
}
