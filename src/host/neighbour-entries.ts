/**
 * The memory of a neighbour cache: entries in parallel arrays, found by address through a hash table with chains. An entry keeps its
 * index as long as it lives; the index of one that is gone is given to the next.
 */
import { copyBytes, equalBytes } from "../base/bytes.ts";
import { grownFloats, grownInts } from "../time/event-heap.ts";
import { NUD_NONE } from "./nud.ts";

const FIRST_CAPACITY = 16;
const BUCKETS = 256;

export class NeighbourEntries {
  readonly addressOctets: 4 | 16;
  /** Entries there are. */
  count = 0;
  /** Entry i begins at i * addressOctets. */
  addresses: Uint8Array;
  /** Entry i begins at i * 6. */
  macs = new Uint8Array(FIRST_CAPACITY * 6);
  /** NUD_…; NUD_NONE where no entry is. */
  state = new Uint8Array(FIRST_CAPACITY);
  /** 1: it has said that it is a router (ND). */
  isRouter = new Uint8Array(FIRST_CAPACITY);
  /** Turns to ask that have been taken since the asking began. */
  probes = new Int32Array(FIRST_CAPACITY);
  updatedNs = new Float64Array(FIRST_CAPACITY);
  confirmedNs = new Float64Array(FIRST_CAPACITY);
  usedNs = new Float64Array(FIRST_CAPACITY);
  /** Which entry of the cache it was in order of making: the collector begins with the oldest. */
  made = new Float64Array(FIRST_CAPACITY);
  #next = new Int32Array(FIRST_CAPACITY);
  readonly #buckets = new Int32Array(BUCKETS).fill(-1);
  readonly #free: number[] = [];
  /** Indices below have been used. */
  #high = 0;

  constructor(addressOctets: 4 | 16) {
    this.addressOctets = addressOctets;
    this.addresses = new Uint8Array(FIRST_CAPACITY * addressOctets);
  }

  /** Index of the entry of the address at `offset`; -1 if there is none. */
  find(bytes: Uint8Array, offset: number): number {
    for (let i = this.#buckets[this.#bucketOf(bytes, offset)]!; i >= 0; i = this.#next[i]!) {
      if (equalBytes(this.addresses, i * this.addressOctets, bytes, offset, this.addressOctets)) return i;
    }
    return -1;
  }

  /** An entry for the address at `offset`, which has none: state NONE, no MAC, times undefined. */
  add(bytes: Uint8Array, offset: number, made: number): number {
    const index = this.#free.pop() ?? this.#high++;
    if (index === this.state.length) this.#grow();
    copyBytes(bytes, offset, this.addresses, index * this.addressOctets, this.addressOctets);
    this.state[index] = NUD_NONE;
    this.isRouter[index] = 0;
    this.probes[index] = 0;
    this.made[index] = made;
    const bucket = this.#bucketOf(bytes, offset);
    this.#next[index] = this.#buckets[bucket]!;
    this.#buckets[bucket] = index;
    this.count++;
    return index;
  }

  remove(index: number): void {
    const bucket = this.#bucketOf(this.addresses, index * this.addressOctets);
    if (this.#buckets[bucket] === index) {
      this.#buckets[bucket] = this.#next[index]!;
    } else {
      let i = this.#buckets[bucket]!;
      while (this.#next[i] !== index) i = this.#next[i]!;
      this.#next[i] = this.#next[index]!;
    }
    this.state[index] = NUD_NONE;
    this.#free.push(index);
    this.count--;
  }

  /** The indices of all entries, ascending. */
  indices(): number[] {
    const all: number[] = [];
    for (let head of this.#buckets) for (; head >= 0; head = this.#next[head]!) all.push(head);
    return all.sort((a, b) => a - b);
  }

  #bucketOf(bytes: Uint8Array, offset: number): number {
    let hash = 0;
    for (let i = 0; i < this.addressOctets; i++) hash = Math.imul(hash ^ bytes[offset + i]!, 0x01000193);
    return (hash ^ (hash >>> 15)) & (BUCKETS - 1);
  }

  #grow(): void {
    const capacity = this.state.length * 2;
    this.addresses = grownBytes(this.addresses, capacity * this.addressOctets);
    this.macs = grownBytes(this.macs, capacity * 6);
    this.state = grownBytes(this.state, capacity);
    this.isRouter = grownBytes(this.isRouter, capacity);
    this.probes = grownInts(this.probes, capacity);
    this.updatedNs = grownFloats(this.updatedNs, capacity);
    this.confirmedNs = grownFloats(this.confirmedNs, capacity);
    this.usedNs = grownFloats(this.usedNs, capacity);
    this.made = grownFloats(this.made, capacity);
    this.#next = grownInts(this.#next, capacity);
  }
}

function grownBytes(old: Uint8Array, capacity: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(capacity);
  grown.set(old);
  return grown;
}
