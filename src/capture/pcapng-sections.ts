/**
 * pcapng (draft-ietf-opsawg-pcapng): blocks that state their length at both ends. A Section Header Block says the byte order of what
 * follows; Interface Description Blocks are numbered from 0 in each section; packets stand in Enhanced, Simple and (obsolete) Packet
 * Blocks. Blocks of any other type are stepped over.
 *
 * A file may have several sections, as when captures are put one behind the other. Interfaces that have the same name and link type in
 * several sections are one interface here; within a section each is its own.
 */
import type { Finding } from "../text/config-error.ts";
import { captureError, captureFinding } from "./capture-error.ts";
import { type PcapngOption, pcapngOptions } from "./pcapng-options.ts";
import {
  type CaptureDirection,
  type CaptureInterface,
  PACKET_OCTETS_MAX,
  type PacketSource,
  type RawPacket,
  readU16In,
  readU32In,
} from "./raw-packet.ts";
import { TimeUnit } from "./time-unit.ts";

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const MAJOR = 1;
/** Type, and the length twice. */
const BLOCK_OCTETS_MIN = 12;
/** Type, length, byte-order magic, version, the section's length (which may be unstated, and is not needed), length again. */
const SECTION_HEADER_OCTETS = 28;
/** A block of more is damage: what Wireshark takes at most is as much. */
const BLOCK_OCTETS_MAX = 16 << 20;

const IF_NAME = 2;
const IF_TSRESOL = 9;
const IF_TSOFFSET = 14;
/** `epb_flags`; the obsolete block's `pack_flags` has the same number. */
const PACKET_FLAGS = 2;
const MICROSECONDS = 6;

/** An interface as the section in progress describes it. */
interface SectionInterface {
  /** Into `interfaces`. */
  readonly index: number;
  readonly unit: TimeUnit;
  /** Octets that are kept of a packet; 0 for all. */
  readonly snapOctets: number;
}

/** Whether the file begins as a pcapng does. */
export function isPcapng(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && readU32In(bytes, 0, true) === SECTION_HEADER;
}

export class PcapngSections implements PacketSource {
  readonly interfaces: CaptureInterface[] = [];
  position = 0;
  cutOff: Finding | null = null;
  readonly #file: string;
  readonly #bytes: Uint8Array;
  #littleEndian = true;
  /** Those of the section in progress. */
  #described: SectionInterface[] = [];
  /** By name and link type: the interfaces that there are, and how many of them the section in progress has described. */
  readonly #known = new Map<string, { readonly indexes: number[]; section: number; taken: number }>();
  #sections = 0;

  /** `file` is its name, for messages. Throws a ConfigError if the first section's header is not whole. */
  constructor(file: string, bytes: Uint8Array) {
    this.#file = file;
    this.#bytes = bytes;
    const hasHeader = bytes.length >= SECTION_HEADER_OCTETS;
    if (hasHeader) this.#beginSection(0);
    if (!hasHeader || this.#blockOctets(0) > bytes.length)
      throw this.#error(bytes.length, "the file ends within its first block", "it was cut off: copy it again");
  }

  next(packet: RawPacket): boolean {
    const bytes = this.#bytes;
    while (this.position < bytes.length) {
      const at = this.position;
      if (at + BLOCK_OCTETS_MIN > bytes.length) return this.#endEarly(at, at + BLOCK_OCTETS_MIN);
      if (readU32In(bytes, at, true) === SECTION_HEADER) {
        if (at + SECTION_HEADER_OCTETS > bytes.length) return this.#endEarly(at, at + SECTION_HEADER_OCTETS);
        this.#beginSection(at);
      }
      const octets = this.#blockOctets(at);
      if (at + octets > bytes.length) return this.#endEarly(at, at + octets);
      this.#checkTrailer(at, octets);
      this.position = at + octets;
      if (this.#readBlock(at, at + octets - 4, packet)) return true;
    }
    return false;
  }

  /** Whether the block was a packet. `end` is where its trailing length stands. */
  #readBlock(at: number, end: number, packet: RawPacket): boolean {
    switch (this.#u32(at)) {
      case INTERFACE_DESCRIPTION:
        this.#describeInterface(at, end);
        return false;
      case ENHANCED_PACKET:
        this.#readPacket(at, end, packet, end - at >= 28 ? this.#u32(at + 8) : 0);
        return true;
      case OBSOLETE_PACKET:
        this.#readPacket(at, end, packet, end - at >= 28 ? readU16In(this.#bytes, at + 8, this.#littleEndian) : 0);
        return true;
      case SIMPLE_PACKET:
        this.#readSimplePacket(at, end, packet);
        return true;
      default:
        return false;
    }
  }

  #beginSection(at: number): void {
    const bytes = this.#bytes;
    this.#littleEndian = readU32In(bytes, at + 8, true) === BYTE_ORDER_MAGIC;
    if (this.#u32(at + 8) !== BYTE_ORDER_MAGIC)
      throw this.#error(at + 8, "a section's header has no byte-order magic", "it must be 1a 2b 3c 4d, or backwards");
    const major = readU16In(bytes, at + 12, this.#littleEndian);
    if (major !== MAJOR) throw this.#error(at + 12, `this is pcapng of version ${major}`, "version 1 can be read");
    if (this.#blockOctets(at) < SECTION_HEADER_OCTETS)
      throw this.#error(at + 4, "a section's header claims fewer than its 28 octets", "the file is damaged here");
    this.#described = [];
    this.#sections++;
  }

  #blockOctets(at: number): number {
    const octets = this.#u32(at + 4);
    if (octets >= BLOCK_OCTETS_MIN && octets % 4 === 0 && octets <= BLOCK_OCTETS_MAX) return octets;
    throw this.#error(
      at + 4,
      `a block claims ${octets} octets`,
      `a multiple of 4 from ${BLOCK_OCTETS_MIN} to ${BLOCK_OCTETS_MAX} would be right: the file is damaged here`,
    );
  }

  #checkTrailer(at: number, octets: number): void {
    const trailer = this.#u32(at + octets - 4);
    if (trailer === octets) return;
    const message = `a block's length is ${octets} at its beginning and ${trailer} at its end`;
    throw this.#error(at + octets - 4, message, "both must be the same: the file is damaged here");
  }

  #describeInterface(at: number, end: number): void {
    if (end - at < 16) throw this.#tooShort(at, "an interface's description");
    const linkType = readU16In(this.#bytes, at + 8, this.#littleEndian);
    const options = this.#options(at + 16, end);
    const nameOption = find(options, IF_NAME);
    const name = (nameOption === null ? "" : this.#text(nameOption)) || null;
    const tsresol = find(options, IF_TSRESOL);
    const tsoffset = find(options, IF_TSOFFSET);
    this.#described.push({
      index: this.#indexOf(name, linkType),
      unit: new TimeUnit(
        tsresol !== null && tsresol.octets >= 1 ? this.#bytes[tsresol.offset]! : MICROSECONDS,
        tsoffset !== null && tsoffset.octets >= 8 ? this.#i64(tsoffset.offset) : 0,
      ),
      snapOctets: this.#u32(at + 12),
    });
  }

  /** The interface's place in the whole file: a new one, or that of the same interface in an earlier section. */
  #indexOf(name: string | null, linkType: number): number {
    const key = `${linkType} ${name ?? ""}`;
    const known = this.#known.get(key) ?? { indexes: [], section: 0, taken: 0 };
    this.#known.set(key, known);
    if (known.section !== this.#sections) {
      known.section = this.#sections;
      known.taken = 0;
    }
    const place = known.taken++;
    if (place === known.indexes.length) known.indexes.push(this.interfaces.push({ name, linkType }) - 1);
    return known.indexes[place]!;
  }

  /** Enhanced and obsolete packets differ in how wide the interface's number is. */
  #readPacket(at: number, end: number, packet: RawPacket, id: number): void {
    if (end - at < 28) throw this.#tooShort(at, "a packet");
    const from = this.#described[id];
    if (from === undefined)
      throw this.#error(at + 8, `a packet is of interface ${id}`, `the section describes ${this.#described.length}`);
    from.unit.set(packet, this.#u32(at + 12), this.#u32(at + 16));
    const octets = this.#u32(at + 20);
    this.#checkPacketOctets(at + 20, octets, end - (at + 28));
    packet.interfaceIndex = from.index;
    packet.offset = at + 28;
    packet.octets = octets;
    packet.originalOctets = this.#u32(at + 24);
    packet.direction = this.#direction(at + 28 + padded(octets), end);
  }

  /** A simple packet has no time and no interface: it is of the section's first one, and as old as the packet before it. */
  #readSimplePacket(at: number, end: number, packet: RawPacket): void {
    if (end - at < 12) throw this.#tooShort(at, "a simple packet");
    const from = this.#described[0];
    if (from === undefined)
      throw this.#error(at, "a simple packet stands before any interface", "the file is damaged here");
    const originalOctets = this.#u32(at + 8);
    const kept = from.snapOctets === 0 ? originalOctets : Math.min(originalOctets, from.snapOctets);
    this.#checkPacketOctets(at + 8, kept, end - (at + 12));
    packet.interfaceIndex = from.index;
    packet.offset = at + 12;
    packet.octets = kept;
    packet.originalOctets = originalOctets;
    packet.direction = null;
  }

  #checkPacketOctets(at: number, octets: number, room: number): void {
    const most = Math.min(room, PACKET_OCTETS_MAX);
    if (octets <= most) return;
    throw this.#error(
      at,
      `a packet claims ${octets} octets`,
      `its block has room for ${most}: the file is damaged here`,
    );
  }

  #direction(options: number, end: number): CaptureDirection | null {
    if (options === end) return null;
    const flags = find(this.#options(options, end), PACKET_FLAGS);
    if (flags === null || flags.octets < 4) return null;
    const bits = this.#u32(flags.offset) & 3;
    return bits === 1 ? "inbound" : bits === 2 ? "outbound" : null;
  }

  #options(offset: number, end: number): readonly PcapngOption[] {
    const { options, brokenAt } = pcapngOptions(this.#bytes, offset, end, this.#littleEndian);
    if (brokenAt < 0) return options;
    throw this.#error(brokenAt, "an option is longer than the block that it stands in", "the file is damaged here");
  }

  #text({ offset, octets }: PcapngOption): string {
    return new TextDecoder().decode(this.#bytes.subarray(offset, offset + octets)).replace(/\0+$/, "");
  }

  #u32(offset: number): number {
    return readU32In(this.#bytes, offset, this.#littleEndian);
  }

  /** Signed; the nearest double. */
  #i64(offset: number): number {
    const high = this.#u32(this.#littleEndian ? offset + 4 : offset);
    return (high | 0) * 2 ** 32 + this.#u32(this.#littleEndian ? offset : offset + 4);
  }

  #endEarly(at: number, end: number): false {
    const message = `a block ends ${end - this.#bytes.length} octets behind the file's end; all before it was read`;
    this.cutOff = captureFinding("warning", this.#file, at, message, "whoever captured was stopped, or the copy was");
    this.position = this.#bytes.length;
    return false;
  }

  #tooShort(at: number, what: string): Error {
    return this.#error(at + 4, `a block is too short for ${what}`, "the file is damaged here");
  }

  #error(octet: number, message: string, hint: string): Error {
    return captureError(this.#file, octet, message, hint);
  }
}

/** The first option of a code. */
function find(options: readonly PcapngOption[], code: number): PcapngOption | null {
  return options.find((option) => option.code === code) ?? null;
}

function padded(octets: number): number {
  return Math.ceil(octets / 4) * 4;
}
