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
  /** [time, sequence] of each lane's earliest event; Infinity where there is none. Shared, so that the scheduler finds them side by side. */
  readonly #heads: Float64Array;
  readonly #index: number;
  #head = 0;
  #mask = FIRST_CAPACITY - 1;
  /** [time, sequence] by place. */
  #keys = new Float64Array(FIRST_CAPACITY * 2);
  /** [kind, a, b, unused] by place. */
  #events = new Int32Array(FIRST_CAPACITY * 4);

  /** `sizeMax` must be a power of two of at least 256. The lane keeps `heads[2 * index]` and what follows true. */
  constructor(delayNs: number, sizeMax: number, heads: Float64Array, index: number) {
    this.delayNs = delayNs;
    this.#sizeMax = sizeMax;
    this.#heads = heads;
    this.#index = index;
    heads.fill(Number.POSITIVE_INFINITY, index * 2, index * 2 + 2);
  }

  /** Adds an event at `nowNs[0] + delayNs` with sequence number `sequence[0]`; false when `sizeMax` events are pending. */
  push(nowNs: Float64Array, sequence: Float64Array, kind: number, a: number, b: number): boolean {
    if (this.size > this.#mask) {
      if (this.size >= this.#sizeMax) return false;
      this.#grow();
    }
    const place = (this.#head + this.size++) & this.#mask;
    const keys = this.#keys;
    keys[place << 1] = nowNs[0]! + this.delayNs;
    keys[(place << 1) + 1] = sequence[0]!;
    const events = this.#events;
    events[place << 2] = kind;
    events[(place << 2) + 1] = a;
    events[(place << 2) + 2] = b;
    if (this.size === 1) this.#showHead();
    return true;
  }

  /** What the earliest event was pushed with; only while there is one. */
  topKind(): number {
    return this.#events[this.#head << 2]!;
  }

  topA(): number {
    return this.#events[(this.#head << 2) + 1]!;
  }

  topB(): number {
    return this.#events[(this.#head << 2) + 2]!;
  }

  pop(): void {
    this.#head = (this.#head + 1) & this.#mask;
    this.size--;
    this.#showHead();
  }

  #showHead(): void {
    const at = this.#index << 1;
    if (this.size === 0) {
      this.#heads[at] = Number.POSITIVE_INFINITY;
    } else {
      this.#heads[at] = this.#keys[this.#head << 1]!;
      this.#heads[at + 1] = this.#keys[(this.#head << 1) + 1]!;
    }
  }

  /** Doubles the ring and straightens it, so that the head is at 0. */
  #grow(): void {
    const capacity = (this.#mask + 1) * 2;
    this.#keys = grownFloats(rotated(this.#keys, this.#head * 2), capacity * 2);
    this.#events = grownInts(rotated(this.#events, this.#head * 4), capacity * 4);
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
