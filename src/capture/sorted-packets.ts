/**
 * The packets of a file in the order of time. Whoever captures several interfaces at once writes each one's packets as they come to hand,
 * so that neighbours may stand in the wrong order. Packets of one time keep the file's order.
 *
 * What a packet's header says is kept in columns of numbers, about 45 octets a packet; the packet's own octets stay in the file.
 */
import type { Finding } from "../text/config-error.ts";
import type { CaptureDirection, CaptureInterface, PacketSource, RawPacket } from "./raw-packet.ts";

/** Packets of a file that is sorted: 90 MB. */
export const SORTED_MAX = 2_000_000;

const DIRECTIONS: readonly (CaptureDirection | null)[] = [null, "inbound", "outbound"];
const PACKETS_FIRST = 1024;

export class SortedPackets implements PacketSource {
  /** Of the packet that `next` gave last, as it stands in the file, from 1. */
  number = 0;
  readonly #source: PacketSource;
  #columns = new Columns(PACKETS_FIRST);
  #order: Uint32Array | null = null;
  #at = 0;

  /** `source` is read to its end by the first `next`. It must have no more than SORTED_MAX packets. */
  constructor(source: PacketSource) {
    this.#source = source;
  }

  get interfaces(): readonly CaptureInterface[] {
    return this.#source.interfaces;
  }

  get position(): number {
    const { length } = this.#order ?? [];
    return length === undefined || length === 0 ? 0 : (this.#source.position * this.#at) / length;
  }

  get cutOff(): Finding | null {
    return this.#source.cutOff;
  }

  next(packet: RawPacket): boolean {
    this.#order ??= this.#sort(packet);
    if (this.#at === this.#order.length) return false;
    const index = this.#order[this.#at++]!;
    this.number = index + 1;
    this.#columns.give(index, packet);
    return true;
  }

  #sort(packet: RawPacket): Uint32Array {
    let count = 0;
    while (this.#source.next(packet)) {
      if (count === this.#columns.room) this.#columns = this.#columns.doubled();
      this.#columns.take(count++, packet);
    }
    const { seconds, nanoseconds } = this.#columns;
    const order = new Uint32Array(count).map((_, i) => i);
    return order.sort((a, b) => seconds[a]! - seconds[b]! || nanoseconds[a]! - nanoseconds[b]! || a - b);
  }
}

/** What the headers of packets say, by packet. */
class Columns {
  readonly room: number;
  readonly seconds: Float64Array;
  readonly nanoseconds: Uint32Array;
  readonly #offsets: Float64Array;
  readonly #octets: Uint32Array;
  readonly #originalOctets: Float64Array;
  readonly #interfaces: Uint32Array;
  readonly #directions: Uint8Array;

  constructor(room: number) {
    this.room = room;
    this.seconds = new Float64Array(room);
    this.nanoseconds = new Uint32Array(room);
    this.#offsets = new Float64Array(room);
    this.#octets = new Uint32Array(room);
    this.#originalOctets = new Float64Array(room);
    this.#interfaces = new Uint32Array(room);
    this.#directions = new Uint8Array(room);
  }

  /** The same with twice the room. */
  doubled(): Columns {
    const larger = new Columns(this.room * 2);
    larger.seconds.set(this.seconds);
    larger.nanoseconds.set(this.nanoseconds);
    larger.#offsets.set(this.#offsets);
    larger.#octets.set(this.#octets);
    larger.#originalOctets.set(this.#originalOctets);
    larger.#interfaces.set(this.#interfaces);
    larger.#directions.set(this.#directions);
    return larger;
  }

  take(index: number, packet: RawPacket): void {
    this.seconds[index] = packet.seconds;
    this.nanoseconds[index] = packet.nanoseconds;
    this.#offsets[index] = packet.offset;
    this.#octets[index] = packet.octets;
    this.#originalOctets[index] = packet.originalOctets;
    this.#interfaces[index] = packet.interfaceIndex;
    this.#directions[index] = DIRECTIONS.indexOf(packet.direction);
  }

  give(index: number, packet: RawPacket): void {
    packet.seconds = this.seconds[index]!;
    packet.nanoseconds = this.nanoseconds[index]!;
    packet.offset = this.#offsets[index]!;
    packet.octets = this.#octets[index]!;
    packet.originalOctets = this.#originalOctets[index]!;
    packet.interfaceIndex = this.#interfaces[index]!;
    packet.direction = DIRECTIONS[this.#directions[index]!]!;
  }
}
