/**
 * The time of a kernel, and its timers. Linux counts jiffies, here 250 a second, as the recorded machines and most distributions have it:
 * what happens within one has the same time, and timers fire when the next one begins. They wait in a wheel whose levels have 64 slots each,
 * eight times as wide as those of the level below; a timer waits in the lowest level that reaches as far, and fires when its slot is over:
 *
 *   set for less than   63 jiffies (0.252 s)      it fires at most   1 jiffy (4 ms) late
 *                      504 jiffies (2.016 s)                         8 jiffies (32 ms)
 *                    4,032 jiffies (16.128 s)                       64 jiffies (0.256 s)
 *                   32,256 jiffies (129.024 s)                     512 jiffies (2.048 s)   and so on
 *
 * Never early. So questions repeated every second are 1.024 s apart, and 5 s of doubt last up to 5.256 s (all observed on Linux 6.18). The
 * slots lie at fixed times since the machine has started, which was long before the run: when, is drawn for each host.
 *
 * Programs that wait by themselves (timerfd, select, epoll) use other timers of the kernel, which are exact.
 */
import type { Clock } from "../base/clock.ts";
import type { TimerId } from "../base/ids.ts";
import type { Prng } from "../base/prng.ts";
import { NS_PER_CS, NS_PER_MS, NS_PER_S } from "../base/units.ts";
import type { Timers } from "../time/timers.ts";

/** Linux: CONFIG_HZ 250. */
export const JIFFY_NS = NS_PER_S / 250;

/** The lowest level reaches this far. */
const LEVEL_JIFFIES = 63;
const LEVEL_FACTOR = 8;
/** Width of a slot in the highest of the nine levels. */
const WIDEST_SLOT_JIFFIES = LEVEL_FACTOR ** 8;

/** The jiffy in which a timer fires that is set in jiffy `now` for jiffy `expires`. Linux: `calc_wheel_index`. */
export function wheelJiffy(now: number, expires: number): number {
  let slot = 1;
  for (let reach = LEVEL_JIFFIES; expires - now >= reach && slot < WIDEST_SLOT_JIFFIES; reach *= LEVEL_FACTOR)
    slot *= LEVEL_FACTOR;
  // What is due already fires in the next jiffy.
  return (Math.floor(Math.max(expires, now) / slot) + 1) * slot;
}

/** What Linux makes of a setting in ms: whole jiffies, rounded up; in ns. */
export function jiffiesOfMs(ms: number): number {
  return Math.ceil((ms * NS_PER_MS) / JIFFY_NS) * JIFFY_NS;
}

/** What Linux makes of a setting in 1/100 s: whole jiffies, rounded down; in ns. */
export function jiffiesOfCs(cs: number): number {
  return Math.floor((cs * NS_PER_CS) / JIFFY_NS) * JIFFY_NS;
}

export class KernelTimers {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #hasWheel: boolean;
  readonly #jiffyNs: number;
  /** How long before the run it began to count. */
  readonly #bootedNs: number;

  /** `chance`: for when the machine has started; null: this kernel's time is exact, as of systems whose timers are not known. */
  constructor(clock: Clock, timers: Timers, chance: Prng | null) {
    this.#clock = clock;
    this.#timers = timers;
    this.#hasWheel = chance !== null;
    this.#jiffyNs = chance === null ? 1 : JIFFY_NS;
    this.#bootedNs = chance?.uniformNs(0, WIDEST_SLOT_JIFFIES * JIFFY_NS) ?? 0;
  }

  /** When the present jiffy began, ns since the run did: the time that the kernel writes down. It may lie before the run. */
  get nowNs(): number {
    return Math.floor((this.#clock.cell[0]! + this.#bootedNs) / this.#jiffyNs) * this.#jiffyNs - this.#bootedNs;
  }

  /** Writes `nowNs` to `into[at]`: for what is done at every frame, where a result might be boxed. */
  stamp(into: Float64Array, at: number): void {
    into[at] = Math.floor((this.#clock.cell[0]! + this.#bootedNs) / this.#jiffyNs) * this.#jiffyNs - this.#bootedNs;
  }

  /** Fires at `dueNs` or as much later as the wheel has it, instead of whenever it was armed for. */
  armAt(timer: TimerId, dueNs: number): void {
    this.#timers.dueNs[0] = this.#hasWheel ? this.#firesNs(dueNs) : Math.max(dueNs, this.#clock.cell[0]!);
    this.#timers.arm(timer);
  }

  /** Fires `delayNs` from the beginning of this jiffy, or as much later as the wheel has it. */
  armAfter(timer: TimerId, delayNs: number): void {
    this.armAt(timer, this.nowNs + delayNs);
  }

  /**
   * How often something is done that sets its timer for `periodNs` whenever it was done: the wheel makes that longer. It has been done since the
   * machine has started, at multiples of this.
   */
  everyNs(periodNs: number): number {
    return this.#hasWheel ? wheelJiffy(0, periodNs / this.#jiffyNs) * this.#jiffyNs : periodNs;
  }

  /** How many times it has been done, up to now. */
  timesDone(everyNs: number): number {
    return Math.floor((this.#clock.cell[0]! + this.#bootedNs) / everyNs);
  }

  /** The timer fires when it is done next. */
  armForNext(timer: TimerId, everyNs: number): void {
    this.#timers.armAt(timer, (this.timesDone(everyNs) + 1) * everyNs - this.#bootedNs);
  }

  #firesNs(dueNs: number): number {
    const now = Math.floor((this.#clock.cell[0]! + this.#bootedNs) / this.#jiffyNs);
    const expires = Math.ceil((dueNs + this.#bootedNs) / this.#jiffyNs);
    return wheelJiffy(now, expires) * this.#jiffyNs - this.#bootedNs;
  }
}
