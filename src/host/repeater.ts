/** Something that a host does once or again and again: what a person or a program begins there, and what is over with the machine. */
import type { TimerId } from "../base/ids.ts";
import type { TimerOwner } from "../time/timers.ts";
import type { Host } from "./host.ts";

/** How often, and how fast. */
export interface Pace {
  /** With `everyNs` one after the other; may be Infinity then. */
  readonly count: number;
  /** 0: all at once. */
  readonly everyNs: number;
  /** None at this moment or later; Infinity: no end. Means nothing where all are done at once. */
  readonly untilNs: number;
}

export const ONCE: Pace = { count: 1, everyNs: 0, untilNs: Number.POSITIVE_INFINITY };

/** Begins at once, and lasts until it is over or the machine is gone. */
export class Repeater implements TimerOwner {
  readonly #host: Host;
  readonly #pace: Pace;
  readonly #action: () => void;
  readonly #timer: TimerId;
  readonly #boot: number;
  #done = 0;

  constructor(host: Host, pace: Pace, action: () => void) {
    this.#host = host;
    this.#pace = pace;
    this.#action = action;
    this.#boot = host.boots;
    this.#timer = host.platform.timers.create(this, 0);
    if (pace.everyNs > 0) {
      this.onTimer();
      return;
    }
    for (; this.#done < pace.count; this.#done++) action();
    host.platform.timers.release(this.#timer);
  }

  onTimer(): void {
    const { timers, clock } = this.#host.platform;
    const { count, everyNs, untilNs } = this.#pace;
    const { running, boots } = this.#host;
    if (!running || boots !== this.#boot || clock.nowNs >= untilNs || this.#done >= count) {
      timers.release(this.#timer);
      return;
    }
    this.#done++;
    timers.armAfter(this.#timer, everyNs);
    this.#action();
  }
}
