/**
 * The slab: the only owner of frame bytes. A frame is a slot number with a reference count; whoever wants to keep a
 * frame retains it, whoever is done releases it, and flooding to 63 ports shares one slot. Everything is allocated when the
 * slab is made, nothing per frame.
 *
 * A slot starts at a multiple of four octets, so that the switch can read both MAC addresses with three aligned 32-bit
 * loads through `words` (little-endian, as every machine that V8 runs on).
 */
import { assert } from "../base/assert.ts";
import { type FrameRef, NO_FRAME } from "../base/ids.ts";

/** Default octets a slot: more than an Ethernet frame with an 802.1Q tag (1,518) has. */
export const SLOT_OCTETS = 2048;

export class FrameSlab {
  declare readonly slotCount: number;
  declare readonly slotOctets: number;
  /** All octets; frame f begins at `start(f)`. */
  declare readonly bytes: Uint8Array;
  /** The same memory as little-endian words; frame f begins at word `start(f) >> 2`. */
  declare readonly words: Int32Array;
  /** Length in use, by slot: from the destination MAC to the last octet of payload, without FCS. */
  declare readonly octets: Int32Array;
  /** A number that a driver may put on a frame, by slot, as Linux's skb mark: which side of a partition its sender is on. */
  declare readonly mark: Int32Array;
  /** The port that a driver let the frame into the network by, and when (ns), by slot: who sent it, whatever its addresses say. */
  declare readonly origin: Int32Array;
  declare readonly departedNs: Float64Array;
  /** References held, by slot. Only the switch's short way counts here by itself; others retain and release. */
  declare readonly references: Int32Array;
  readonly #free: Int32Array;
  #freeCount: number;

  /** `slotOctets` must be a multiple of 4. The memory is `slotCount * slotOctets`, touched only as slots are used. */
  constructor(slotCount: number, slotOctets = SLOT_OCTETS) {
    assert(slotCount > 0 && slotOctets % 4 === 0, "a slab has slots of a multiple of four octets");
    assert(new Uint8Array(Int32Array.of(1).buffer)[0] === 1, "viplane reads frames by little-endian words");
    this.slotCount = slotCount;
    this.slotOctets = slotOctets;
    const memory = new ArrayBuffer(slotCount * slotOctets);
    this.bytes = new Uint8Array(memory);
    this.words = new Int32Array(memory);
    this.octets = new Int32Array(slotCount);
    this.mark = new Int32Array(slotCount);
    this.origin = new Int32Array(slotCount);
    this.departedNs = new Float64Array(slotCount);
    this.references = new Int32Array(slotCount);
    this.#free = new Int32Array(slotCount);
    for (let i = 0; i < slotCount; i++) this.#free[i] = slotCount - 1 - i;
    this.#freeCount = slotCount;
  }

  /** Slots in use. 0 when every frame came back: a run's end asserts it. */
  get inUse(): number {
    return this.slotCount - this.#freeCount;
  }

  /** Offset of the frame's first octet in `bytes`. */
  start(frame: FrameRef): number {
    return frame * this.slotOctets;
  }

  /** The frame that has the octet at `offset` of `bytes`. */
  frameAt(offset: number): FrameRef {
    return ((offset / this.slotOctets) | 0) as FrameRef;
  }

  /** A slot with one reference and undefined octets, or NO_FRAME when none is free: the caller counts a drop. */
  acquire(): FrameRef {
    if (this.#freeCount === 0) return NO_FRAME;
    const frame = this.#free[--this.#freeCount]!;
    this.references[frame] = 1;
    return frame as FrameRef;
  }

  /** One reference more to a frame that somebody holds. */
  retain(frame: FrameRef): void {
    assert(this.references[frame]! > 0, "a frame was retained that nobody holds");
    this.references[frame]! += 1;
  }

  /** Adds `count` references at once, as a flood does. */
  retainMany(frame: FrameRef, count: number): void {
    const held = this.references[frame]!;
    assert(held > 0, "a frame was retained that nobody holds");
    this.references[frame] = held + count;
  }

  /** Gives one reference back; with the last one the slot is free. */
  release(frame: FrameRef): void {
    const left = this.references[frame]! - 1;
    assert(left >= 0, "a frame was released more often than retained");
    this.references[frame] = left;
    if (left === 0) this.#free[this.#freeCount++] = frame;
  }
}
