/**
 * Deadlines that are moved more often than they are met: a backup re-arms its master-down timer at every advert. Moving a
 * deadline later costs two stores; the event that is already queued fires early, sees that the timer was armed anew and queues
 * itself again, in the place of the sequence number that the timer got then, so that ties resolve as if it had waited there all
 * the time. Moving it earlier queues a second event; the first finds its generation outdated and does nothing.
 *
 * While they are paused nothing fires; what was due by then fires at once when they go on, in the order in which it was due.
 */
import { assert } from "../base/assert.ts";
import type { TimerId } from "../base/ids.ts";
import { grownFloats, grownInts } from "./event-heap.ts";
import type { EventSink, Scheduler } from "./scheduler.ts";

/** Who is told when a timer fires; `token` is the owner's own number for it. */
export interface TimerOwner {
  onTimer(token: number): void;
}

const FIRST_CAPACITY = 64;
const GENERATION_MASK = 0x7fffffff;

export class Timers implements EventSink {
  /** Write the deadline of the next `arm` here: ns since the run began, not before now. */
  readonly dueNs = new Float64Array(1);
  readonly #scheduler: Scheduler;
  readonly #kind: number;
  #deadlineNs = new Float64Array(FIRST_CAPACITY);
  #sequence = new Float64Array(FIRST_CAPACITY);
  /** When the queued event comes; Infinity if none is queued. */
  #queuedNs = new Float64Array(FIRST_CAPACITY);
  /** The arming that the queued event stands for. */
  #queuedSequence = new Float64Array(FIRST_CAPACITY);
  #generation = new Int32Array(FIRST_CAPACITY);
  #token = new Int32Array(FIRST_CAPACITY);
  readonly #owner: (TimerOwner | null)[] = [];
  readonly #free: number[] = [];
  #paused = false;
  /** They have been paused: deadlines may lie in the past. */
  #mayBeLate = false;
  /** What was due while they were paused, in order; may have been armed anew or released since. */
  #overdue: number[] = [];

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
    this.#kind = scheduler.register(this);
  }

  /** A new timer, not armed. */
  create(owner: TimerOwner, token: number): TimerId {
    const id = this.#free.pop() ?? this.#owner.length;
    if (id === this.#deadlineNs.length) this.#grow();
    this.#owner[id] = owner;
    this.#token[id] = token;
    this.#deadlineNs[id] = Number.POSITIVE_INFINITY;
    this.#queuedNs[id] = Number.POSITIVE_INFINITY;
    return id as TimerId;
  }

  /** Timers will be armed for `periodNs` from now again and again: what is due then need not be sorted in among the rest. */
  expectPeriod(periodNs: number): void {
    this.#scheduler.openLane(periodNs);
  }

  /** Gives a timer back; it never fires again. */
  release(timer: TimerId): void {
    assert(this.#owner[timer] !== null, "a timer was released twice");
    this.cancel(timer);
    this.#generation[timer] = (this.#generation[timer]! + 1) & GENERATION_MASK;
    this.#owner[timer] = null;
    this.#free.push(timer);
  }

  /** Fires `delayNs` from now, instead of whenever it was armed for. */
  armAfter(timer: TimerId, delayNs: number): void {
    assert(delayNs >= 0, "a timer was armed before now");
    this.dueNs[0] = this.#scheduler.clock.cell[0]! + delayNs;
    this.arm(timer);
  }

  /** Fires at `deadlineNs`, not before now unless they have been paused, instead of whenever it was armed for. */
  armAt(timer: TimerId, deadlineNs: number): void {
    this.dueNs[0] = deadlineNs;
    this.arm(timer);
  }

  /** As `armAt`, at `dueNs[0]`: for what is armed at every frame, where an argument might be boxed. */
  arm(timer: TimerId): void {
    const deadlineNs = this.dueNs[0]!;
    this.#deadlineNs[timer] = deadlineNs;
    this.#scheduler.takeSequence(this.#sequence, timer);
    if (this.#queuedNs[timer]! <= deadlineNs) return;
    this.#generation[timer] = (this.#generation[timer]! + 1) & GENERATION_MASK;
    this.#enqueue(timer);
  }

  cancel(timer: TimerId): void {
    this.#deadlineNs[timer] = Number.POSITIVE_INFINITY;
  }

  armed(timer: TimerId): boolean {
    return this.#deadlineNs[timer]! !== Number.POSITIVE_INFINITY;
  }

  /** When it fires, ns; Infinity if it is not armed. */
  deadlineNs(timer: TimerId): number {
    return this.#deadlineNs[timer]!;
  }

  pause(): void {
    this.#paused = true;
    this.#mayBeLate = true;
  }

  resume(): void {
    this.#paused = false;
    const overdue = this.#overdue;
    this.#overdue = [];
    for (const timer of overdue) {
      const isQueued = this.#queuedNs[timer] !== Number.POSITIVE_INFINITY;
      if (isQueued || this.#deadlineNs[timer] === Number.POSITIVE_INFINITY) continue;
      this.#scheduler.takeSequence(this.#sequence, timer);
      this.#enqueue(timer);
    }
  }

  onEvent(timer: number, generation: number): void {
    if (generation !== this.#generation[timer]) return;
    this.#queuedNs[timer] = Number.POSITIVE_INFINITY;
    if (this.#deadlineNs[timer] === Number.POSITIVE_INFINITY) return;
    // Armed anew since: for later, or for this very moment but behind what was armed for it in between.
    if (this.#sequence[timer] !== this.#queuedSequence[timer]) {
      this.#enqueue(timer);
      return;
    }
    if (this.#paused) {
      this.#overdue.push(timer);
      return;
    }
    this.#deadlineNs[timer] = Number.POSITIVE_INFINITY;
    this.#owner[timer]!.onTimer(this.#token[timer]!);
  }

  #enqueue(timer: number): void {
    const deadlineNs = this.#deadlineNs[timer]!;
    this.#queuedNs[timer] = deadlineNs;
    this.#queuedSequence[timer] = this.#sequence[timer]!;
    this.#scheduler.dueNs[0] = this.#mayBeLate ? Math.max(deadlineNs, this.#scheduler.clock.cell[0]!) : deadlineNs;
    const queued = this.#scheduler.pushTaken(this.#sequence, timer, this.#kind, timer, this.#generation[timer]!);
    assert(queued, "more timers are armed than the scheduler can hold");
  }

  #grow(): void {
    const capacity = this.#deadlineNs.length * 2;
    this.#deadlineNs = grownFloats(this.#deadlineNs, capacity);
    this.#sequence = grownFloats(this.#sequence, capacity);
    this.#queuedNs = grownFloats(this.#queuedNs, capacity);
    this.#queuedSequence = grownFloats(this.#queuedSequence, capacity);
    this.#generation = grownInts(this.#generation, capacity);
    this.#token = grownInts(this.#token, capacity);
  }
}
