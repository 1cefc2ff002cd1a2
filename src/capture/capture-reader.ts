/**
 * Reads a capture that stands in memory, pcap or pcapng, frame by frame:
 *
 *     const capture = new CaptureReader("x.pcapng", octets);
 *     while (capture.next()) look(capture.bytes, capture.offset, capture.octets);
 *
 * It is a cursor: `next` sets its fields, nothing is allocated per frame and nothing is copied. What it gives is always Ethernet, from the
 * destination MAC on: frames of Linux "cooked" captures (`tcpdump -i any`) get an Ethernet header, in a buffer of the reader's.
 *
 * A file that breaks off in its last packet is read up to there, as tcpdump does, and `warnings` say so. A file that is no capture, or is
 * damaged, ends in a ConfigError with the octet where that shows.
 */
import { NS_PER_S } from "../base/units.ts";
import type { Finding } from "../text/config-error.ts";
import { ETHERNET_OCTETS } from "../wire/ethernet.ts";
import { captureError, captureFinding, notACapture } from "./capture-error.ts";
import { ClassicPcap, isClassicPcap } from "./classic-pcap.ts";
import { CookedHeader, LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2 } from "./linux-cooked.ts";
import { isPcapng, PcapngSections } from "./pcapng-sections.ts";
import {
  type CaptureDirection,
  type CaptureInterface,
  LINKTYPE_ETHERNET,
  PACKET_OCTETS_MAX,
  type PacketSource,
  type RawPacket,
} from "./raw-packet.ts";
import { SortedPackets } from "./sorted-packets.ts";

/** In which order the packets are read. By time is for files of up to SORTED_MAX packets (`sorted-packets.ts`). */
export type CaptureOrder = "file" | "time";

export class CaptureReader {
  readonly format: "pcap" | "pcapng";
  /** What is worth knowing and did not keep the file from being read; complete when `next` has returned false. */
  readonly warnings: Finding[] = [];
  /** The frame's number in the file, from 1, as Wireshark counts. */
  number = 0;
  /** Nanoseconds since the first packet that was read: below 0 for one that is older. Exact up to 2^53. */
  atNs = 0;
  /** Into `interfaces`. */
  interfaceIndex = 0;
  direction: CaptureDirection | null = null;
  /** Linux's packet type, where that is all that tells where a frame was seen: cooked captures of version 1 name no interface. Else -1. */
  cookedType = -1;
  /** Where the frame's octets are: the file's, or a buffer of the reader's that the next `next` fills anew. */
  bytes: Uint8Array;
  /** Of the frame's first octet in `bytes`. */
  offset = 0;
  /** Octets that were captured. */
  octets = 0;
  /** Octets that the frame had on the wire; more than `octets` if the capture cut it off (snap length). */
  originalOctets = 0;
  /** Packets so far that cannot be Ethernet frames, and were stepped over. */
  leftOut = 0;
  /** When the first packet that was read was captured: seconds since the Unix epoch, and nanoseconds. Null before the first `next`. */
  first: { readonly seconds: number; readonly nanoseconds: number } | null = null;
  readonly #file: string;
  readonly #fileBytes: Uint8Array;
  readonly #source: PacketSource;
  readonly #sorted: SortedPackets | null;
  readonly #interfaces: CaptureInterface[] = [];
  /** Place in `interfaces`, by the source's index × 2^32 + Linux's number of the interface, which cooked captures may have. */
  readonly #indexes = new Map<number, number>();
  readonly #cooked = new CookedHeader();
  #scratch: Uint8Array | null = null;
  readonly #packet: RawPacket = {
    interfaceIndex: 0,
    seconds: 0,
    nanoseconds: 0,
    direction: null,
    offset: 0,
    octets: 0,
    originalOctets: 0,
  };
  #packets = 0;
  #ended = false;

  /** `file` is its name, for messages; `bytes` is the whole of it, which is not changed. Throws a ConfigError if that is no capture. */
  constructor(file: string, bytes: Uint8Array, order: CaptureOrder = "file") {
    this.#file = file;
    this.#fileBytes = bytes;
    this.bytes = bytes;
    this.format = isPcapng(bytes) ? "pcapng" : "pcap";
    if (this.format === "pcap" && !isClassicPcap(bytes)) throw notACapture(file, bytes);
    const source = this.format === "pcap" ? new ClassicPcap(file, bytes) : new PcapngSections(file, bytes);
    this.#sorted = order === "time" ? new SortedPackets(source) : null;
    this.#source = this.#sorted ?? source;
  }

  /** Interfaces of which a frame has been read, in the order of their first frames. */
  get interfaces(): readonly CaptureInterface[] {
    return this.#interfaces;
  }

  /** Interfaces that the file has described so far, with frames or without. One that has an own number in `interfaces` is the same object there. */
  get described(): readonly CaptureInterface[] {
    return this.#source.interfaces;
  }

  /** Packets that have been read. */
  get packets(): number {
    return this.#packets;
  }

  /** How much of the file has been read, 0 to 1. */
  get progress(): number {
    return this.#fileBytes.length === 0 ? 1 : this.#source.position / this.#fileBytes.length;
  }

  /** Goes to the next frame; false at the end. Throws a ConfigError where the file is damaged, or if nothing in it is Ethernet. */
  next(): boolean {
    const packet = this.#packet;
    while (!this.#ended && this.#source.next(packet)) {
      this.number = this.#sorted === null ? this.number + 1 : this.#sorted.number;
      this.#packets++;
      this.first ??= { seconds: packet.seconds, nanoseconds: packet.nanoseconds };
      const { seconds, nanoseconds } = this.first;
      this.atNs = (packet.seconds - seconds) * NS_PER_S + (packet.nanoseconds - nanoseconds);
      if (this.#takeFrame(packet)) return true;
      this.leftOut++;
    }
    if (!this.#ended) this.#end();
    return false;
  }

  /** Whether the packet is an Ethernet frame, or can be made one. */
  #takeFrame(packet: RawPacket): boolean {
    const { linkType } = this.#source.interfaces[packet.interfaceIndex]!;
    if (linkType === LINKTYPE_ETHERNET) {
      this.bytes = this.#fileBytes;
      this.offset = packet.offset;
      this.octets = packet.octets;
      this.originalOctets = Math.max(packet.octets, packet.originalOctets);
      this.direction = packet.direction;
      this.cookedType = -1;
      this.interfaceIndex = this.#indexOf(packet.interfaceIndex, 0);
      return true;
    }
    if (linkType !== LINKTYPE_LINUX_SLL && linkType !== LINKTYPE_LINUX_SLL2) return false;
    const cooked = this.#cooked;
    if (!cooked.read(linkType, this.#fileBytes, packet.offset, packet.octets)) return false;
    this.#scratch ??= new Uint8Array(PACKET_OCTETS_MAX);
    this.bytes = this.#scratch;
    this.offset = 0;
    this.octets = cooked.writeEthernet(this.#fileBytes, packet.offset, packet.octets, this.#scratch);
    this.originalOctets = Math.max(this.octets, packet.originalOctets - cooked.octets + ETHERNET_OCTETS);
    this.direction = packet.direction ?? cooked.direction;
    this.cookedType = linkType === LINKTYPE_LINUX_SLL ? cooked.packetType : -1;
    this.interfaceIndex = this.#indexOf(packet.interfaceIndex, cooked.interfaceIndex);
    return true;
  }

  #indexOf(sourceIndex: number, linuxIndex: number): number {
    const key = sourceIndex * 2 ** 32 + linuxIndex;
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    const from = this.#source.interfaces[sourceIndex]!;
    const seen = linuxIndex === 0 ? from : { name: `ifindex ${linuxIndex}`, linkType: from.linkType };
    const index = this.#interfaces.push(seen) - 1;
    this.#indexes.set(key, index);
    return index;
  }

  #end(): void {
    this.#ended = true;
    if (this.#source.cutOff !== null) this.warnings.push(this.#source.cutOff);
    if (this.leftOut === 0) return;
    const types = [...new Set(this.#source.interfaces.map(({ linkType }) => linkType))].sort((a, b) => a - b);
    const message = `${this.leftOut} of ${this.#packets} packets are not Ethernet (link types of the file: ${types.join(", ")})`;
    const hint =
      "Ethernet (1) and Linux cooked captures of Ethernet devices (113, 276) can be read: capture on an Ethernet interface";
    if (this.leftOut === this.#packets) throw captureError(this.#file, 0, message, hint);
    this.warnings.push(captureFinding("warning", this.#file, 0, `${message} and were left out`, hint));
  }
}
