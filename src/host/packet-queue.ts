/**
 * Packets that wait for a neighbour's MAC (RFC 4861 section 7.2.2), as many as fit into `unres_qlen_bytes`; the oldest is lost first.
 * Linux counts buffer memory, not octets of the packets: a small packet takes 832 (Linux 6.18, observed). What larger ones take
 * follows from the sizes in which its allocator hands memory out, and was not observed.
 */
import type { FrameRef } from "../base/ids.ts";
import type { FrameSlab } from "../frame/slab.ts";

/** What a buffer costs beside its data: its descriptor, and what stands behind the data. */
const DESCRIPTOR_OCTETS = 256;
const TRAILER_OCTETS = 320;
/** In front of the data, for link-layer headers, and behind it. */
const HEADROOM_OCTETS = 32;
/** Data and trailer come in these sizes. */
const BLOCKS: readonly number[] = [576, 1024, 2048, 4096];

/** Buffer memory of a frame of `octets` octets. */
export function bufferOctets(octets: number): number {
  const wanted = Math.ceil((octets + HEADROOM_OCTETS) / 64) * 64 + TRAILER_OCTETS;
  return DESCRIPTOR_OCTETS + (BLOCKS.find((block) => wanted <= block) ?? wanted);
}

export class PacketQueue {
  readonly #slab: FrameSlab;
  readonly #frames: FrameRef[] = [];
  #octets = 0;

  constructor(slab: FrameSlab) {
    this.#slab = slab;
  }

  /** The packet that began to wait last; undefined if none waits. */
  get last(): FrameRef | undefined {
    return this.#frames.at(-1);
  }

  get isEmpty(): boolean {
    return this.#frames.length === 0;
  }

  /** Takes over the frame, whose octets are set. What has to make room for it is handed to `lose`. */
  push(frame: FrameRef, limitOctets: number, lose: (frame: FrameRef) => void): void {
    const added = bufferOctets(this.#slab.octets[frame]!);
    while (this.#frames.length > 0 && this.#octets + added > limitOctets) lose(this.shift()!);
    this.#frames.push(frame);
    this.#octets += added;
  }

  /** Gives the oldest back to the caller; undefined if none waits. */
  shift(): FrameRef | undefined {
    const frame = this.#frames.shift();
    if (frame !== undefined) this.#octets -= bufferOctets(this.#slab.octets[frame]!);
    return frame;
  }
}
