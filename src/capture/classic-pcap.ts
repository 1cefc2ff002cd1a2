/**
 * Classic pcap (draft-ietf-opsawg-pcap): a header for the file, a header for each packet, all of one interface. The first four octets
 * say the byte order and whether fractions of a second are micro- or nanoseconds.
 *
 *   file header                              packet header
 *    0        4    6    8        16     24    0        4         8           12         16
 *   +--------+----+----+--------+------+     +--------+---------+-----------+----------+------
 *   | magic  | major   | zero   | snap |     | seconds| fraction| octets in | octets on| packet
 *   |        |   minor | twice  |      |     |        |         | the file  | the wire |
 *   +--------+----+----+--------+------+     +--------+---------+-----------+----------+------
 *                                20: link type
 */
import type { Finding } from "../text/config-error.ts";
import { captureError, captureFinding } from "./capture-error.ts";
import {
  type CaptureInterface,
  PACKET_OCTETS_MAX,
  type PacketSource,
  type RawPacket,
  readU16In,
  readU32In,
} from "./raw-packet.ts";

const FILE_HEADER_OCTETS = 24;
const PACKET_HEADER_OCTETS = 16;
const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const MAGIC_NANOSECONDS = 0xa1b23c4d;
const MAJOR = 2;

/** Whether the file begins as a classic pcap does, in either byte order. */
export function isClassicPcap(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && [true, false].some((littleEndian) => nsPerUnit(bytes, littleEndian) > 0);
}

export class ClassicPcap implements PacketSource {
  readonly interfaces: readonly CaptureInterface[];
  position = FILE_HEADER_OCTETS;
  cutOff: Finding | null = null;
  readonly #file: string;
  readonly #bytes: Uint8Array;
  readonly #littleEndian: boolean;
  readonly #nsPerUnit: number;
  #packets = 0;

  /** `file` is its name, for messages. Throws a ConfigError if the file's header is not whole, or of another version. */
  constructor(file: string, bytes: Uint8Array) {
    this.#file = file;
    this.#bytes = bytes;
    this.#littleEndian = nsPerUnit(bytes, true) > 0;
    this.#nsPerUnit = nsPerUnit(bytes, this.#littleEndian);
    if (bytes.length < FILE_HEADER_OCTETS) {
      const message = `a pcap's header has ${FILE_HEADER_OCTETS} octets, and the file ends after ${bytes.length}`;
      throw captureError(file, bytes.length, message, "it was cut off: copy it again");
    }
    const major = readU16In(bytes, 4, this.#littleEndian);
    if (major !== MAJOR) {
      const message = `this is a pcap of version ${major}.${readU16In(bytes, 6, this.#littleEndian)}`;
      throw captureError(file, 4, message, "versions 2.x can be read: editcap FILE out.pcapng may help");
    }
    // The upper half says whether there is a frame check sequence, and how long it is: it stands behind all that is read.
    this.interfaces = [{ name: null, linkType: readU32In(bytes, 20, this.#littleEndian) & 0xffff }];
  }

  next(packet: RawPacket): boolean {
    const bytes = this.#bytes;
    const at = this.position;
    if (at >= bytes.length) return false;
    const whole = at + PACKET_HEADER_OCTETS <= bytes.length;
    const octets = whole ? readU32In(bytes, at + 8, this.#littleEndian) : 0;
    if (octets > PACKET_OCTETS_MAX) {
      const message = `packet ${this.#packets + 1} claims ${octets} octets, and a packet has ${PACKET_OCTETS_MAX} at most`;
      throw captureError(
        this.#file,
        at + 8,
        message,
        "the file is damaged here: editcap FILE out.pcapng saves what stands before",
      );
    }
    const end = at + PACKET_HEADER_OCTETS + octets;
    if (!whole) return this.#endEarly(at, "has no whole header");
    if (end > bytes.length) return this.#endEarly(at, `ends ${end - bytes.length} octets behind the file's end`);
    const fraction = readU32In(bytes, at + 4, this.#littleEndian) * this.#nsPerUnit;
    // A fraction of a whole second or more is wrong, and harmless.
    packet.seconds = readU32In(bytes, at, this.#littleEndian) + Math.floor(fraction / 1e9);
    packet.nanoseconds = fraction % 1e9;
    packet.interfaceIndex = 0;
    packet.direction = null;
    packet.offset = at + PACKET_HEADER_OCTETS;
    packet.octets = octets;
    packet.originalOctets = readU32In(bytes, at + 12, this.#littleEndian);
    this.position = end;
    this.#packets++;
    return true;
  }

  #endEarly(at: number, how: string): false {
    const message = `packet ${this.#packets + 1} ${how}; all before it was read`;
    this.cutOff = captureFinding("warning", this.#file, at, message, "whoever captured was stopped, or the copy was");
    this.position = this.#bytes.length;
    return false;
  }
}

/** Nanoseconds in the unit of a packet's fraction; 0 if the file is not a pcap of this byte order. */
function nsPerUnit(bytes: Uint8Array, littleEndian: boolean): number {
  const magic = readU32In(bytes, 0, littleEndian);
  if (magic === MAGIC_NANOSECONDS) return 1;
  return magic === MAGIC_MICROSECONDS ? 1_000 : 0;
}
