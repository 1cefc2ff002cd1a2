/**
 * Reads captures for tests: classic pcap (micro- and nanoseconds) and pcapng, either byte order. It shares nothing with
 * the writer, so that a misreading of the format cannot cancel out. Throws on anything malformed.
 */

export interface CapturedPacket {
  /** Since the Unix epoch. The nearest double: exact up to 2^53 (104 days), within 128 ns for today's wall-clock times. */
  readonly tNs: number;
  /** Null in classic pcap, or where the interface has no name. */
  readonly interfaceName: string | null;
  readonly direction: "inbound" | "outbound" | null;
  readonly comment: string | null;
  readonly bytes: Uint8Array;
}

/** The packets of a capture file in file order; `bytes` are views of `file`. */
export function readPcap(file: Uint8Array): CapturedPacket[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const magic = view.getUint32(0, true);
  if (magic === 0x0a0d0d0a) return readPcapng(file, view);
  for (const littleEndian of [true, false]) {
    const ownMagic = view.getUint32(0, littleEndian);
    if (ownMagic === 0xa1b2c3d4) return readClassic(file, view, littleEndian, 1_000);
    if (ownMagic === 0xa1b23c4d) return readClassic(file, view, littleEndian, 1);
  }
  throw new Error(`neither pcap nor pcapng: starts with ${magic.toString(16)}`);
}

function readClassic(file: Uint8Array, view: DataView, littleEndian: boolean, nsPerUnit: number): CapturedPacket[] {
  const packets: CapturedPacket[] = [];
  let offset = 24;
  while (offset < file.length) {
    const seconds = view.getUint32(offset, littleEndian);
    const fraction = view.getUint32(offset + 4, littleEndian);
    const octets = view.getUint32(offset + 8, littleEndian);
    const tNs = Number(BigInt(seconds) * 1_000_000_000n + BigInt(fraction * nsPerUnit));
    const bytes = slice(file, offset + 16, octets);
    packets.push({ tNs, interfaceName: null, direction: null, comment: null, bytes });
    offset += 16 + octets;
  }
  return packets;
}

interface CaptureInterface {
  readonly name: string | null;
  readonly unitsPerSecond: bigint;
}

function readPcapng(file: Uint8Array, view: DataView): CapturedPacket[] {
  const packets: CapturedPacket[] = [];
  let interfaces: CaptureInterface[] = [];
  let littleEndian = true;
  let offset = 0;
  while (offset < file.length) {
    const isSection = view.getUint32(offset, true) === 0x0a0d0d0a;
    if (isSection) {
      littleEndian = view.getUint32(offset + 8, true) === 0x1a2b3c4d;
      interfaces = [];
    }
    const u32 = (at: number) => view.getUint32(at, littleEndian);
    if (isSection && u32(offset + 8) !== 0x1a2b3c4d) throw new Error(`no byte-order magic at ${offset + 8}`);
    const octets = u32(offset + 4);
    const end = offset + octets - 4;
    if (octets < 12 || octets % 4 !== 0 || u32(end) !== octets) throw new Error(`block lengths differ at ${offset}`);
    const type = u32(offset);
    if (type === 1) {
      const options = readOptions(file, view, offset + 16, end, littleEndian);
      if (options.has(14)) throw new Error(`if_tsoffset is not supported, at ${offset}`);
      interfaces.push({ name: text(options.get(2)), unitsPerSecond: unitsPerSecond(options.get(9)?.[0] ?? 6) });
    } else if (type === 6) {
      const from = interfaces[u32(offset + 8)];
      if (from === undefined) throw new Error(`no such interface at ${offset}`);
      const units = (BigInt(u32(offset + 12)) << 32n) | BigInt(u32(offset + 16));
      const captured = u32(offset + 20);
      const options = readOptions(file, view, offset + 28 + ((captured + 3) & ~3), end, littleEndian);
      packets.push({
        tNs: Number((units * 1_000_000_000n) / from.unitsPerSecond),
        interfaceName: from.name,
        direction: direction(options.get(2), littleEndian),
        comment: text(options.get(1)),
        bytes: slice(file, offset + 28, captured),
      });
    }
    offset += octets;
  }
  return packets;
}

/** Values by code, the first of equals; the list ends at `opt_endofopt` or with the block. */
function readOptions(file: Uint8Array, view: DataView, offset: number, end: number, littleEndian: boolean) {
  const options = new Map<number, Uint8Array>();
  let at = offset;
  while (at < end) {
    const code = view.getUint16(at, littleEndian);
    const octets = view.getUint16(at + 2, littleEndian);
    if (code === 0) {
      at += 4;
      break;
    }
    if (at + 4 + octets > end) throw new Error(`an option leaves its block at ${at}`);
    if (!options.has(code)) options.set(code, slice(file, at + 4, octets));
    at += 4 + ((octets + 3) & ~3);
  }
  if (at !== end) throw new Error(`options end at ${at}, the block at ${end}`);
  return options;
}

function unitsPerSecond(tsresol: number): bigint {
  return (tsresol & 0x80) === 0 ? 10n ** BigInt(tsresol) : 2n ** BigInt(tsresol & 0x7f);
}

function direction(flags: Uint8Array | undefined, littleEndian: boolean): "inbound" | "outbound" | null {
  if (flags === undefined) return null;
  return ([null, "inbound", "outbound", null] as const)[flags[littleEndian ? 0 : 3]! & 3]!;
}

function text(octets: Uint8Array | undefined): string | null {
  return octets === undefined ? null : new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets);
}

function slice(file: Uint8Array, offset: number, octets: number): Uint8Array {
  if (offset + octets > file.length) throw new Error(`the file ends within a packet at ${offset}`);
  return file.subarray(offset, offset + octets);
}
