/**
 * What the switch decided, in order, for the driver to drain. A record says either "this frame to that port" or "this frame to
 * every port of that flood list but one": a broadcast costs one record however many ports get it, and is spread out only
 * where it is handed over. Each delivery owns one reference to its frame.
 *
 * A ring instead of a callback per port ends recursion (an answer inside a delivery inside a flood) and keeps the call sites of
 * the fast path few.
 */
import { assert } from "../base/assert.ts";
import type { FrameRef, PortId } from "../base/ids.ts";

/** Takes deliveries over, and with each of them one reference to its frame. Must not call the switch. */
export interface EgressSink {
  deliver(port: PortId, frame: FrameRef): void;
}

export class EgressRing {
  /** Four words a record: frame | port, or -1 - list of a flood | port that a flood leaves out | unused. */
  declare private records: Int32Array;
  /** Length of `records`. */
  declare private end: number;
  declare private readonly lists: readonly Int32Array[];
  /** Where in `records` the next one is put, and taken from: 0 again when all have been taken, so that nothing ever wraps around. */
  private write = 0;
  private read = 0;

  /** `capacity` in records. `lists` are the flood lists, which must not change while a flood waits. */
  constructor(capacity: number, lists: readonly Int32Array[]) {
    this.end = capacity * 4;
    this.records = new Int32Array(this.end);
    this.lists = lists;
  }

  get capacity(): number {
    return this.end >> 2;
  }

  /** Records that wait. */
  get size(): number {
    return (this.write - this.read) >> 2;
  }

  /** Records for which there is room. */
  get free(): number {
    return (this.end - this.write) >> 2;
  }

  /** Makes room for at least `records` at once; only while nothing waits. */
  reserve(records: number): void {
    if (records <= this.capacity) return;
    assert(this.size === 0, "the egress ring grows only while it is empty");
    this.end *= 2;
    this.records = new Int32Array(this.end);
    this.reserve(records);
  }

  /** The frame to one port; false, and nothing done, if the ring is full. The delivery's reference is the caller's to take. */
  push(port: PortId, frame: FrameRef): boolean {
    const { records, write } = this;
    if (write === this.end) return false;
    records[write] = frame;
    records[write | 1] = port;
    this.write = write + 4;
    return true;
  }

  /** The frame to every port of `lists[list]` but `except`; false if the ring is full. One reference for each is the caller's to take. */
  pushFlood(list: number, except: PortId, frame: FrameRef): boolean {
    const { write } = this;
    if (!this.push(~list as PortId, frame)) return false;
    this.records[write | 2] = except;
    return true;
  }

  /** Hands over everything that waits, oldest first, and to the ports of a flood in the order of its list. */
  drain(sink: EgressSink): void {
    const { records, write } = this;
    for (let at = this.read; at !== write; ) {
      const frame = records[at]! as FrameRef;
      const target = records[at | 1]!;
      const except = at | 2;
      at += 4;
      this.read = at;
      if (target >= 0) sink.deliver(target as PortId, frame);
      else spread(sink, frame, this.lists[~target]!, records[except]!);
    }
    this.read = 0;
    this.write = 0;
  }
}

/**
 * To every port of the list but `except`. Two in each round, because V8 finds its way to the sink and to every array anew in each; with more the drain
 * would be too long to be put into its caller.
 */
function spread(sink: EgressSink, frame: FrameRef, list: Int32Array, except: number): void {
  let i = list.length & 1;
  if (i > 0 && list[0] !== except) sink.deliver(list[0]! as PortId, frame);
  for (; i < list.length; i += 2) {
    const a = list[i]! as PortId;
    const b = list[i + 1]! as PortId;
    if (a !== except) sink.deliver(a, frame);
    if (b !== except) sink.deliver(b, frame);
  }
}
