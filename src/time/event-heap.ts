/**
 * Pending events that may come at any time: a binary heap ordered by (time, sequence), in typed arrays.
 *
 * Keys move inside the heap, what an event means stays in its slot, so that a sift touches two small arrays and nothing is
 * allocated per event (an object heap allocates 64 octets each and takes 1.5 times as long). Times and sequence numbers are doubles
 * and travel through cells, because an argument of that kind would be boxed where a call is not inlined.
 *
 * A pop leaves a hole at the top, which the next push fills: whoever is called every millisecond asks for the next call
 * while he is called, and one way down the heap is saved. If something else is wanted first, the last entry fills the hole.
 */
import { assert } from "../base/assert.ts";

const FIRST_CAPACITY = 256;

export class EventHeap {
  /** Write the key of the next `push` here: [time in ns, sequence]. */
  readonly key = new Float64Array(2);
  /** The key of the earliest event, after `lookAtTop`. */
  readonly top = new Float64Array(2);
  size = 0;
  readonly #sizeMax: number;
  /** [time, sequence] by place in the heap. */
  #keys = new Float64Array(FIRST_CAPACITY * 2);
  /** Slot by place in the heap. */
  #slot = new Int32Array(FIRST_CAPACITY);
  /** [kind, a, b, unused] by slot. */
  #events = new Int32Array(FIRST_CAPACITY * 4);
  /** The slots in use stand first, from the end of the array; which those are does not matter. */
  #freeSlots = Int32Array.from({ length: FIRST_CAPACITY }, (_, i) => FIRST_CAPACITY - 1 - i);
  /** The top was taken, and its place and its slot are still kept: entries stand at 1 to `size`. */
  #hole = false;

  /** `sizeMax` is at least 256. */
  constructor(sizeMax: number) {
    assert(sizeMax >= FIRST_CAPACITY, "an event heap holds at least 256 events");
    this.#sizeMax = sizeMax;
  }

  /** Adds an event at `key`; false, and nothing added, when `sizeMax` events are pending. */
  push(kind: number, a: number, b: number): boolean {
    let slot: number;
    if (this.#hole) {
      this.#hole = false;
      slot = this.#slot[0]!;
      this.size++;
      this.#siftDown(this.size, this.key, 0, slot);
    } else {
      if (this.size === this.#slot.length) {
        if (this.size >= this.#sizeMax) return false;
        this.#grow();
      }
      slot = this.#freeSlots[this.#freeSlots.length - 1 - this.size]!;
      this.#siftUp(this.size++, slot);
    }
    const event = slot << 2;
    this.#events[event] = kind;
    this.#events[event + 1] = a;
    this.#events[event + 2] = b;
    return true;
  }

  /** Writes the key of the earliest event to `top`; a time of Infinity when there is none. */
  lookAtTop(): void {
    if (this.#hole) this.#fillHole();
    this.top[0] = this.size === 0 ? Number.POSITIVE_INFINITY : this.#keys[0]!;
    this.top[1] = this.#keys[1]!;
  }

  /** This and what follows: only after `lookAtTop`, while there is an event. */
  topKind(): number {
    return this.#events[this.#slot[0]! << 2]!;
  }

  topA(): number {
    return this.#events[(this.#slot[0]! << 2) + 1]!;
  }

  topB(): number {
    return this.#events[(this.#slot[0]! << 2) + 2]!;
  }

  /** Removes the earliest event. */
  pop(): void {
    assert(this.size > 0, "pop of an empty event heap");
    if (this.#hole) this.#fillHole();
    this.size--;
    this.#hole = true;
  }

  /** Moves the last entry to the top, lets it sink, and gives the slot of what was there back. */
  #fillHole(): void {
    this.#hole = false;
    const last = this.size;
    this.#freeSlots[this.#freeSlots.length - 1 - last] = this.#slot[0]!;
    if (last > 0) this.#siftDown(last, this.#keys, last * 2, this.#slot[last]!);
  }

  #siftUp(from: number, slot: number): void {
    const keys = this.#keys;
    const slots = this.#slot;
    const atNs = this.key[0]!;
    const sequence = this.key[1]!;
    let i = from;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const parentAtNs = keys[parent << 1]!;
      if (parentAtNs < atNs || (parentAtNs === atNs && keys[(parent << 1) + 1]! < sequence)) break;
      keys[i << 1] = parentAtNs;
      keys[(i << 1) + 1] = keys[(parent << 1) + 1]!;
      slots[i] = slots[parent]!;
      i = parent;
    }
    keys[i << 1] = atNs;
    keys[(i << 1) + 1] = sequence;
    slots[i] = slot;
  }

  /** Puts an entry, whose key stands at `index` of `from`, at the top of a heap of `size` whose top is free, and lets it sink. */
  #siftDown(size: number, from: Float64Array, index: number, slot: number): void {
    const atNs = from[index]!;
    const sequence = from[index + 1]!;
    const keys = this.#keys;
    const slots = this.#slot;
    let i = 0;
    for (;;) {
      let child = (i << 1) + 1;
      if (child >= size) break;
      let childAtNs = keys[child << 1]!;
      const right = child + 1;
      if (right < size) {
        const rightAtNs = keys[right << 1]!;
        if (rightAtNs < childAtNs || (rightAtNs === childAtNs && keys[(right << 1) + 1]! < keys[(child << 1) + 1]!)) {
          child = right;
          childAtNs = rightAtNs;
        }
      }
      if (atNs < childAtNs || (atNs === childAtNs && sequence < keys[(child << 1) + 1]!)) break;
      keys[i << 1] = childAtNs;
      keys[(i << 1) + 1] = keys[(child << 1) + 1]!;
      slots[i] = slots[child]!;
      i = child;
    }
    keys[i << 1] = atNs;
    keys[(i << 1) + 1] = sequence;
    slots[i] = slot;
  }

  #grow(): void {
    const before = this.#slot.length;
    const capacity = Math.min(before * 2, this.#sizeMax);
    this.#keys = grownFloats(this.#keys, capacity * 2);
    this.#slot = grownInts(this.#slot, capacity);
    this.#events = grownInts(this.#events, capacity * 4);
    // Every old slot is in use: the free ones are exactly the new ones. They stand where index length - 1 - size finds them.
    this.#freeSlots = Int32Array.from({ length: capacity }, (_, i) => capacity - 1 - i);
  }
}

export function grownFloats(old: Float64Array<ArrayBuffer>, capacity: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(capacity);
  grown.set(old);
  return grown;
}

export function grownInts(old: Int32Array<ArrayBuffer>, capacity: number): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(capacity);
  grown.set(old);
  return grown;
}
