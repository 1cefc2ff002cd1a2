/**
 * Pending events that may come at any time: a binary heap ordered by (time, sequence), in typed arrays.
 *
 * Keys move inside the heap, what an event means stays in its slot, so that a sift touches three small arrays and nothing is
 * allocated per event (an object heap allocates 64 octets each and takes 1.5 times as long). Times and sequence numbers are doubles
 * and travel through cells, because an argument of that kind would be boxed where a call is not inlined.
 */
import { assert } from "../base/assert.ts";

const FIRST_CAPACITY = 256;

export class EventHeap {
  /** Write the key of the next `push` here: [time in ns, sequence]. */
  readonly key = new Float64Array(2);
  size = 0;
  readonly #sizeMax: number;
  #atNs = new Float64Array(FIRST_CAPACITY);
  #sequence = new Float64Array(FIRST_CAPACITY);
  #slot = new Int32Array(FIRST_CAPACITY);
  #freeSlots = Int32Array.from({ length: FIRST_CAPACITY }, (_, i) => FIRST_CAPACITY - 1 - i);
  #kind = new Int32Array(FIRST_CAPACITY);
  #a = new Int32Array(FIRST_CAPACITY);
  #b = new Int32Array(FIRST_CAPACITY);

  /** `sizeMax` is at least 256. */
  constructor(sizeMax: number) {
    assert(sizeMax >= FIRST_CAPACITY, "an event heap holds at least 256 events");
    this.#sizeMax = sizeMax;
  }

  /** Adds an event at `key`; false, and nothing added, when `sizeMax` events are pending. */
  push(kind: number, a: number, b: number): boolean {
    if (this.size === this.#atNs.length) {
      if (this.size >= this.#sizeMax) return false;
      this.#grow();
    }
    const slot = this.#freeSlots[this.#freeSlots.length - 1 - this.size]!;
    this.#kind[slot] = kind;
    this.#a[slot] = a;
    this.#b[slot] = b;
    this.#siftUp(this.size++, slot);
    return true;
  }

  /** Time of the earliest event; Infinity when there is none. */
  topAtNs(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.#atNs[0]!;
  }

  topSequence(): number {
    return this.#sequence[0]!;
  }

  topKind(): number {
    return this.#kind[this.#slot[0]!]!;
  }

  topA(): number {
    return this.#a[this.#slot[0]!]!;
  }

  topB(): number {
    return this.#b[this.#slot[0]!]!;
  }

  /** Removes the earliest event. */
  pop(): void {
    assert(this.size > 0, "pop of an empty event heap");
    const slot = this.#slot[0]!;
    const last = --this.size;
    this.#freeSlots[this.#freeSlots.length - 1 - last] = slot;
    if (last > 0) this.#siftDown(last);
  }

  #siftUp(from: number, slot: number): void {
    const at = this.#atNs;
    const sequence = this.#sequence;
    const keyAt = this.key[0]!;
    const keySequence = this.key[1]!;
    let i = from;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (at[parent]! < keyAt || (at[parent]! === keyAt && sequence[parent]! < keySequence)) break;
      at[i] = at[parent]!;
      sequence[i] = sequence[parent]!;
      this.#slot[i] = this.#slot[parent]!;
      i = parent;
    }
    at[i] = keyAt;
    sequence[i] = keySequence;
    this.#slot[i] = slot;
  }

  /** Moves the entry at index `last` to the top and lets it sink. */
  #siftDown(last: number): void {
    const at = this.#atNs;
    const sequence = this.#sequence;
    const keyAt = at[last]!;
    const keySequence = sequence[last]!;
    const slot = this.#slot[last]!;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= last) break;
      const right = child + 1;
      if (
        right < last &&
        (at[right]! < at[child]! || (at[right]! === at[child]! && sequence[right]! < sequence[child]!))
      ) {
        child = right;
      }
      if (keyAt < at[child]! || (keyAt === at[child]! && keySequence < sequence[child]!)) break;
      at[i] = at[child]!;
      sequence[i] = sequence[child]!;
      this.#slot[i] = this.#slot[child]!;
      i = child;
    }
    at[i] = keyAt;
    sequence[i] = keySequence;
    this.#slot[i] = slot;
  }

  #grow(): void {
    const before = this.#atNs.length;
    const capacity = Math.min(before * 2, this.#sizeMax);
    this.#atNs = grownFloats(this.#atNs, capacity);
    this.#sequence = grownFloats(this.#sequence, capacity);
    this.#slot = grownInts(this.#slot, capacity);
    this.#kind = grownInts(this.#kind, capacity);
    this.#a = grownInts(this.#a, capacity);
    this.#b = grownInts(this.#b, capacity);
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
