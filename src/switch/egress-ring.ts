/**
 * What the switch decided, in order: (port, frame) pairs that the driver drains. Each pair owns one reference to its frame.
 * A ring instead of a callback per port ends recursion (an answer inside a delivery inside a flood) and keeps the call sites of
 * the fast path few.
 */
import type { FrameRef, PortId } from "../base/ids.ts";

export class EgressRing {
  #ports: Int32Array;
  #frames: Int32Array;
  #mask: number;
  #read = 0;
  #write = 0;

  /** `capacity` is a power of two. */
  constructor(capacity: number) {
    this.#ports = new Int32Array(capacity);
    this.#frames = new Int32Array(capacity);
    this.#mask = capacity - 1;
  }

  get capacity(): number {
    return this.#mask + 1;
  }

  get size(): number {
    return (this.#write - this.#read) | 0;
  }

  get free(): number {
    return this.#mask + 1 - ((this.#write - this.#read) | 0);
  }

  /** The caller has made sure that there is room and that the frame was retained. */
  push(port: PortId, frame: FrameRef): void {
    const i = this.#write & this.#mask;
    this.#ports[i] = port;
    this.#frames[i] = frame;
    this.#write = (this.#write + 1) | 0;
  }

  /** Port of the oldest pair; only while `size` is not 0. */
  headPort(): PortId {
    return this.#ports[this.#read & this.#mask] as PortId;
  }

  /** Frame of the oldest pair; the reference becomes the caller's with `pop`. */
  headFrame(): FrameRef {
    return this.#frames[this.#read & this.#mask] as FrameRef;
  }

  pop(): void {
    this.#read = (this.#read + 1) | 0;
  }
}
