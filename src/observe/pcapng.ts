/**
 * Captures: frames as pcapng octets, the format Wireshark and tcpdump read (draft-ietf-opsawg-pcapng; block and option
 * numbers below are from its sections 3.5 and 4). A file is one section of blocks: a Section Header Block, an Interface
 * Description Block for every vNIC port, and an Enhanced Packet Block for every frame. Every block states its length at
 * both ends and is padded to four octets; options are code, length, value, padding.
 *
 * All fields are little-endian on every machine, and nothing but the arguments decides an octet, so that equal runs give
 * equal files. The section's length is left unstated (all ones), as the draft allows, so that octets can be
 * handed on before the last frame is known.
 */
import { assert } from "../base/assert.ts";
import { copyBytes } from "../base/bytes.ts";
import { NS_MAX } from "../base/units.ts";

/** Seen by the switch: `inbound` enters it, `outbound` leaves it. */
export type CaptureDirection = "inbound" | "outbound";

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const LINKTYPE_ETHERNET = 1;
const NO_SNAP_LENGTH = 0;

const OPT_END = 0;
const OPT_COMMENT = 1;
const SHB_USERAPPL = 4;
const IF_NAME = 2;
const IF_DESCRIPTION = 3;
const IF_TSRESOL = 9;
const EPB_FLAGS = 2;

const EPB_INBOUND = 1;
const EPB_OUTBOUND = 2;
/** `if_tsresol`: time stamps count units of 10^-9 s. */
const NANOSECONDS = 9;

const FIRST_BUFFER_OCTETS = 65_536;
/** What an option's 16-bit length can state. */
const OPTION_OCTETS_MAX = 65_535;

/**
 * Builds one pcapng section in a buffer that it owns and that grows by doubling. Take the octets out now and then
 * (`take`) to keep the buffer small over a long run, or all at the end (`finish`); the file is the same.
 */
export class PcapngWriter {
  #bytes = new Uint8Array(FIRST_BUFFER_OCTETS);
  #octets = 0;
  #interfaces = 0;
  #finished = false;
  readonly #encoder = new TextEncoder();
  /** The text of the option being written: `encodeInto` has no offset, and a view at one would be an object a packet. */
  readonly #text = new Uint8Array(OPTION_OCTETS_MAX);

  /** `application` is what wrote the file, as `viplane 0.1.0`. */
  constructor(options: { readonly application: string }) {
    const textOctets = this.#encode(options.application);
    const blockOctets = 28 + textOptionOctets(textOctets) + 4;
    this.#beginBlock(SECTION_HEADER, blockOctets);
    this.#u32(BYTE_ORDER_MAGIC);
    this.#u16(1);
    this.#u16(0);
    this.#u32(0xffffffff);
    this.#u32(0xffffffff);
    this.#textOption(SHB_USERAPPL, textOctets);
    this.#endBlock(blockOctets);
  }

  /** Octets that `take` would hand out now. */
  get pendingOctets(): number {
    return this.#octets;
  }

  /**
   * Describes a vNIC port, `host.nic`, and returns its index for `packet`. Possible between packets too. `description` says where the port is, as
   * `subnet lan, switch rack-1`; null: nothing is said of it.
   */
  addInterface(name: string, description: string | null = null): number {
    const descriptionOctets = description === null ? 0 : textOptionOctets(this.#encode(description));
    const textOctets = this.#encode(name);
    const blockOctets = 20 + textOptionOctets(textOctets) + descriptionOctets + 8 + 4;
    this.#beginBlock(INTERFACE_DESCRIPTION, blockOctets);
    this.#u16(LINKTYPE_ETHERNET);
    this.#u16(0);
    this.#u32(NO_SNAP_LENGTH);
    this.#textOption(IF_NAME, textOctets);
    if (description !== null) this.#textOption(IF_DESCRIPTION, this.#encode(description));
    this.#u16(IF_TSRESOL);
    this.#u16(1);
    this.#u32(NANOSECONDS);
    this.#endBlock(blockOctets);
    return this.#interfaces++;
  }

  /**
   * Records the `octets` octets at `offset` of `bytes`, which are copied. `atNs` is a whole number of nanoseconds since
   * the Unix epoch, at most 2^53 - 1 (104 days). `comment` says why the frame was dropped, or null; at most 65,535 octets of UTF-8.
   */
  packet(
    interfaceIndex: number,
    atNs: number,
    bytes: Uint8Array,
    offset: number,
    octets: number,
    direction: CaptureDirection,
    comment: string | null,
  ): void {
    assert(interfaceIndex >= 0 && interfaceIndex < this.#interfaces, "a packet names an interface added before it");
    assert(Number.isInteger(atNs) && atNs >= 0 && atNs <= NS_MAX, "a time stamp is whole, from 0 to 2^53 - 1 ns");
    assert(offset >= 0 && octets >= 0 && offset + octets <= bytes.length, "a packet lies within its bytes");
    const textOctets = comment === null ? 0 : this.#encode(comment);
    const commentOctets = comment === null ? 0 : textOptionOctets(textOctets);
    const blockOctets = 32 + padded(octets) + 8 + commentOctets + 4;
    this.#beginBlock(ENHANCED_PACKET, blockOctets);
    this.#u32(interfaceIndex);
    this.#u32(Math.floor(atNs / 2 ** 32));
    this.#u32(atNs);
    this.#u32(octets);
    this.#u32(octets);
    this.#padded(bytes, offset, octets);
    this.#u16(EPB_FLAGS);
    this.#u16(4);
    this.#u32(direction === "inbound" ? EPB_INBOUND : EPB_OUTBOUND);
    if (comment !== null) this.#textOption(OPT_COMMENT, textOctets);
    this.#endBlock(blockOctets);
  }

  /**
   * Everything written since the last call, to be appended to the file. The result is a view of the writer's buffer:
   * write it out or copy it before the next call of any method.
   */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#octets);
    this.#octets = 0;
    return taken;
  }

  /** Ends the capture: what `take` has not handed out, the whole file if it was never called. Nothing may be added after it. */
  finish(): Uint8Array {
    assert(!this.#finished, "a capture is finished once");
    this.#finished = true;
    return this.take();
  }

  /** Makes room for a whole block and writes its type and length. */
  #beginBlock(type: number, blockOctets: number): void {
    assert(!this.#finished, "nothing is added to a finished capture");
    const needed = this.#octets + blockOctets;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
      copyBytes(this.#bytes, 0, larger, 0, this.#octets);
      this.#bytes = larger;
    }
    this.#u32(type);
    this.#u32(blockOctets);
  }

  /** Ends the options (`opt_endofopt`) and repeats the block's length, by which readers go backwards. */
  #endBlock(blockOctets: number): void {
    this.#u16(OPT_END);
    this.#u16(0);
    this.#u32(blockOctets);
  }

  /** Puts the text into `#text` as UTF-8 and returns its octets. */
  #encode(text: string): number {
    const { read, written } = this.#encoder.encodeInto(text, this.#text);
    assert(read === text.length, "an option's text has at most 65,535 octets");
    return written;
  }

  /** The first `textOctets` octets of `#text` as an option. */
  #textOption(code: number, textOctets: number): void {
    this.#u16(code);
    this.#u16(textOctets);
    this.#padded(this.#text, 0, textOctets);
  }

  #padded(from: Uint8Array, fromOffset: number, octets: number): void {
    copyBytes(from, fromOffset, this.#bytes, this.#octets, octets);
    const end = this.#octets + padded(octets);
    for (let i = this.#octets + octets; i < end; i++) this.#bytes[i] = 0;
    this.#octets = end;
  }

  #u16(value: number): void {
    this.#bytes[this.#octets] = value;
    this.#bytes[this.#octets + 1] = value >>> 8;
    this.#octets += 2;
  }

  /** The lower 32 bits of a whole number up to 2^53: `>>>` takes them by itself. */
  #u32(value: number): void {
    this.#bytes[this.#octets] = value;
    this.#bytes[this.#octets + 1] = value >>> 8;
    this.#bytes[this.#octets + 2] = value >>> 16;
    this.#bytes[this.#octets + 3] = value >>> 24;
    this.#octets += 4;
  }
}

function padded(octets: number): number {
  return Math.ceil(octets / 4) * 4;
}

function textOptionOctets(textOctets: number): number {
  return 4 + padded(textOctets);
}
