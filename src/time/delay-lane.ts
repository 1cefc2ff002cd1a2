/**
 * Pending events that all come after the same delay: a ring in typed arrays. A constant delay keeps arrival order, so that the
 * head is always the earliest and neither side sifts (2–3 ns an event where a heap takes 30–50).
 */
import { grownFloats, grownInts } from "./event-heap.ts";

const FIRST_CAPACITY = 256;

export class DelayLane {
  readonly delayNs: number;
  size = 0;
  readonly #sizeMax: number;
  #head = 0;
  #mask = FIRST_CAPACITY - 1;
  #atNs = new Float64Array(FIRST_CAPACITY);
  #sequence = new Float64Array(FIRST_CAPACITY);
  #kind = new Int32Array(FIRST_CAPACITY);
  #a = new Int32Array(FIRST_CAPACITY);
  #b = new Int32Array(FIRST_CAPACITY);

  /** `sizeMax` must be a power of two of at least 256. */
  constructor(delayNs: number, sizeMax: number) {
    this.delayNs = delayNs;
    this.#sizeMax = sizeMax;
  }

  /** Adds an event at `nowNs[0] + delayNs` with sequence number `sequence[0]`; false when `sizeMax` events are pending. */
  push(nowNs: Float64Array, sequence: Float64Array, kind: number, a: number, b: number): boolean {
    if (this.size > this.#mask) {
      if (this.size >= this.#sizeMax) return false;
      this.#grow();
    }
    const i = (this.#head + this.size++) & this.#mask;
    this.#atNs[i] = nowNs[0]! + this.delayNs;
    this.#sequence[i] = sequence[0]!;
    this.#kind[i] = kind;
    this.#a[i] = a;
    this.#b[i] = b;
    return true;
  }

  /** Time of the earliest event; Infinity when there is none. */
  topAtNs(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.#atNs[this.#head]!;
  }

  topSequence(): number {
    return this.#sequence[this.#head]!;
  }

  topKind(): number {
    return this.#kind[this.#head]!;
  }

  topA(): number {
    return this.#a[this.#head]!;
  }

  topB(): number {
    return this.#b[this.#head]!;
  }

  pop(): void {
    this.#head = (this.#head + 1) & this.#mask;
    this.size--;
  }

  /** Doubles the ring and straightens it, so that the head is at 0. */
  #grow(): void {
    const capacity = (this.#mask + 1) * 2;
    const ints = (old: Int32Array<ArrayBuffer>) => grownInts(rotated(old, this.#head), capacity);
    const floats = (old: Float64Array<ArrayBuffer>) => grownFloats(rotated(old, this.#head), capacity);
    this.#atNs = floats(this.#atNs);
    this.#sequence = floats(this.#sequence);
    this.#kind = ints(this.#kind);
    this.#a = ints(this.#a);
    this.#b = ints(this.#b);
    this.#head = 0;
    this.#mask = capacity - 1;
  }
}

function rotated<T extends Int32Array | Float64Array>(array: T, head: number): T {
  const copy = array.slice() as T;
  copy.set(array.subarray(head), 0);
  copy.set(array.subarray(0, head), array.length - head);
  return copy;
}
