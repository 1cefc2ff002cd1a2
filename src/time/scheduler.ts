/**
 * Virtual time. One scheduler orders everything that happens by (time, sequence): frames on links of a constant delay
 * wait in lanes, all else in a heap, and the earliest of all heads comes next. Events are three integers: what kind, and two
 * numbers whose meaning the kind's sink knows; no closure, no object.
 */
import { assert } from "../base/assert.ts";
import type { Clock } from "../base/clock.ts";
import { DelayLane } from "./delay-lane.ts";
import { EventHeap } from "./event-heap.ts";

/** Receives the events of one kind, at their time. */
export interface EventSink {
  onEvent(a: number, b: number): void;
}

/** Events that may be pending in the heap, and in each lane. A broadcast storm ends here, not in the machine's memory. */
export const PENDING_MAX = 1 << 20;
/** Constant delays with a lane of their own; further ones use the heap. */
const LANES_MAX = 8;

export class Scheduler {
  readonly clock: Clock;
  /** Write the time of the next `push` here: ns since the run began, not before now. */
  readonly dueNs = new Float64Array(1);
  /** Events refused because PENDING_MAX were waiting. */
  refused = 0;
  readonly #heap = new EventHeap(PENDING_MAX);
  readonly #lanes: DelayLane[] = [];
  /** [time, sequence] of each lane's earliest event. */
  readonly #heads = new Float64Array(LANES_MAX * 2);
  readonly #sequence = new Float64Array(1);
  readonly #sinks: EventSink[] = [];
  #stopped = false;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** A new kind of event, delivered to `sink`. */
  register(sink: EventSink): number {
    return this.#sinks.push(sink) - 1;
  }

  /**
   * The lane of a constant delay, shared by all who ask for it; -1 when all lanes are taken: use `push`, which finds its way by
   * itself. For links, and for whoever does something again and again at the same interval.
   */
  openLane(delayNs: number): number {
    const found = this.#lanes.findIndex((lane) => lane.delayNs === delayNs);
    if (found >= 0) return found;
    return this.#lanes.length < LANES_MAX ? this.#addLane(delayNs) : -1;
  }

  /** Delivers (a, b) to the kind's sink after the lane's delay; false if the lane is full. */
  pushOnLane(lane: number, kind: number, a: number, b: number): boolean {
    this.#sequence[0]! += 1;
    if (this.#lanes[lane]!.push(this.clock.cell, this.#sequence, kind, a, b)) return true;
    this.refused++;
    return false;
  }

  /** Delivers (a, b) to the kind's sink at `dueNs[0]`; false if too many events are pending. What comes after a delay that has a lane goes there. */
  push(kind: number, a: number, b: number): boolean {
    this.#sequence[0]! += 1;
    return this.#pushNewest(kind, a, b);
  }

  /** Takes the next sequence number, for an event that `pushTaken` may queue later: events of one instant happen in this order. */
  takeSequence(into: Float64Array, index: number): void {
    this.#sequence[0]! += 1;
    into[index] = this.#sequence[0]!;
  }

  /** As `push`, in the place of a sequence number taken before, `from[index]`, so that a timer keeps the order in which it was armed. */
  pushTaken(from: Float64Array, index: number, kind: number, a: number, b: number): boolean {
    if (from[index] === this.#sequence[0]) return this.#pushNewest(kind, a, b);
    return this.#pushOnHeap(from, index, kind, a, b);
  }

  /** Ends `runUntil` after the event in progress. */
  stop(): void {
    this.#stopped = true;
  }

  /** Runs every event up to and including `untilNs`, a finite time; the clock then stands there, unless `stop` was called. */
  runUntil(untilNs: number): void {
    assert(Number.isFinite(untilNs), "a run needs an end");
    this.#stopped = false;
    const heap = this.#heap;
    const heads = this.#heads;
    while (!this.#stopped) {
      // The earliest head of all, by time and then by sequence.
      let best = -1;
      heap.lookAtTop();
      let bestAtNs = heap.top[0]!;
      let bestSequence = heap.top[1]!;
      for (let i = 0; i < this.#lanes.length; i++) {
        const atNs = heads[i << 1]!;
        if (atNs < bestAtNs || (atNs === bestAtNs && heads[(i << 1) + 1]! < bestSequence)) {
          best = i;
          bestAtNs = atNs;
          bestSequence = heads[(i << 1) + 1]!;
        }
      }
      if (bestAtNs > untilNs) break;
      this.clock.advanceTo(bestAtNs);
      if (best < 0) {
        const kind = heap.topKind();
        const a = heap.topA();
        const b = heap.topB();
        heap.pop();
        this.#sinks[kind]!.onEvent(a, b);
      } else {
        const lane = this.#lanes[best]!;
        const kind = lane.topKind();
        const a = lane.topA();
        const b = lane.topB();
        lane.pop();
        this.#sinks[kind]!.onEvent(a, b);
      }
    }
    if (!this.#stopped && this.clock.nowNs < untilNs) this.clock.advanceTo(untilNs);
  }

  #addLane(delayNs: number): number {
    const index = this.#lanes.length;
    this.#lanes.push(new DelayLane(delayNs, PENDING_MAX, this.#heads, index));
    return index;
  }

  #pushNewest(kind: number, a: number, b: number): boolean {
    const delayNs = this.dueNs[0]! - this.clock.cell[0]!;
    for (let i = 0; i < this.#lanes.length; i++) {
      const lane = this.#lanes[i]!;
      if (lane.delayNs !== delayNs) continue;
      if (lane.push(this.clock.cell, this.#sequence, kind, a, b)) return true;
      this.refused++;
      return false;
    }
    return this.#pushOnHeap(this.#sequence, 0, kind, a, b);
  }

  #pushOnHeap(sequences: Float64Array, index: number, kind: number, a: number, b: number): boolean {
    assert(this.dueNs[0]! >= this.clock.cell[0]!, "an event was scheduled before now");
    const { key } = this.#heap;
    key[0] = this.dueNs[0]!;
    key[1] = sequences[index]!;
    if (this.#heap.push(kind, a, b)) return true;
    this.refused++;
    return false;
  }
}
