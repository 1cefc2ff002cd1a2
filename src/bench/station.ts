/** A machine of the simulation benchmark: a vNIC that sends and takes frames, and no protocol above it. */
import type { FrameRef, PortId } from "../base/ids.ts";
import { Host } from "../host/host.ts";
import { Nic } from "../host/nic.ts";
import type { HostPlatform } from "../host/platform.ts";
import { BROADCAST_MAC } from "../wire/address.ts";
import { readLittleWord } from "../wire/announcement-record.ts";
import { writeEthernet } from "../wire/ethernet.ts";

export const FRAME_OCTETS = 1_000;
/** For experiments (IEEE 802: local experimental EtherType 1). */
const ETHERTYPE_EXPERIMENT = 0x88b5;

/** What all stations have heard. */
export class Arrivals {
  /** Frames that came over cables, those for somebody else included: a flood reaches everybody. */
  heard = 0;
  /** Those that were for who got them. */
  wanted = 0;
  /** From sending to arriving, of the latter together. */
  readonly latencyNs = new Float64Array(1);
  /** When a frame was sent, by slot. */
  readonly bornNs: Float64Array;

  constructor(slotCount: number) {
    this.bornNs = new Float64Array(slotCount);
  }
}

export class Station extends Nic {
  /** What it sends, but for the destination. */
  readonly template = new Uint8Array(FRAME_OCTETS);
  /** Its MAC as the slab's words have a destination: four octets, and two in the lower half of the next. */
  readonly #word0: number;
  readonly #word1: number;
  readonly #platform: HostPlatform;
  readonly #arrivals: Arrivals;

  constructor(platform: HostPlatform, number: number, port: PortId, mac: Uint8Array, arrivals: Arrivals) {
    const host = new Host(`station-${number}`, platform);
    host.running = true;
    super(host, "eth0", port, mac);
    this.#word0 = readLittleWord(mac, 0);
    this.#word1 = mac[4]! | (mac[5]! << 8);
    this.#platform = platform;
    this.#arrivals = arrivals;
    this.template.fill(number);
    writeEthernet(this.template, 0, BROADCAST_MAC, mac, ETHERTYPE_EXPERIMENT);
  }

  /** Makes it the destination of the frame that begins at `word`. */
  address(words: Int32Array, word: number): void {
    words[word] = this.#word0;
    words[word + 1] = (words[word + 1]! & ~0xffff) | this.#word1;
  }

  override receive(frame: FrameRef): void {
    const { slab, clock } = this.#platform;
    const { words } = slab;
    const word = slab.start(frame) >> 2;
    const word0 = words[word]!;
    const isMine = word0 === this.#word0 && (words[word + 1]! & 0xffff) === this.#word1;
    const arrivals = this.#arrivals;
    arrivals.heard++;
    if (!isMine && (word0 & 1) === 0) return;
    arrivals.wanted++;
    arrivals.latencyNs[0]! += clock.cell[0]! - arrivals.bornNs[frame]!;
  }
}
