/**
 * The one timer that a virtual router has, as the daemon has one deadline for it: a master's next advert, or the end of a backup's wait.
 * With `vrrp_startup_delay` no wait begins before the delay is over.
 */
import type { Clock } from "../../base/clock.ts";
import type { TimerId } from "../../base/ids.ts";
import type { HostPlatform } from "../../host/platform.ts";
import type { TimerOwner, Timers } from "../../time/timers.ts";

export class Deadline {
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #timer: TimerId;
  readonly #startupEndsNs: number;

  /** `owner` is told when it is reached. `startupEndsNs`: the end of `vrrp_startup_delay`; 0 without it. */
  constructor(owner: TimerOwner, { clock, timers }: HostPlatform, startupEndsNs: number) {
    this.#clock = clock;
    this.#timers = timers;
    this.#timer = timers.create(owner, 0);
    this.#startupEndsNs = startupEndsNs;
  }

  get isStartingUp(): boolean {
    return this.#clock.nowNs < this.#startupEndsNs;
  }

  /** It lies in the future: nothing happens at this very moment. */
  get isLater(): boolean {
    return this.#timers.deadlineNs(this.#timer) > this.#clock.nowNs;
  }

  /** A master's next advert. */
  advertAfter(delayNs: number): void {
    this.#timers.armAfter(this.#timer, delayNs);
  }

  /** A backup's wait. */
  wait(delayNs: number): void {
    if (this.isStartingUp) this.#timers.armAt(this.#timer, this.#startupEndsNs + delayNs);
    else this.#timers.armAfter(this.#timer, delayNs);
  }

  /**
   * An advert was discarded and the wait goes on. 2.2.7 takes what is left of the wait and, as with any wait, lets it begin when the
   * startup delay is over: so the takeover comes later by what is left of the delay, advert by advert (observed: 20.4 s instead of 8.6 s
   * with a delay of 5 s).
   */
  goOn(): void {
    if (this.isStartingUp) this.wait(this.#timers.deadlineNs(this.#timer) - this.#clock.nowNs);
  }

  /** What it waits for has become so much longer, or shorter; it is never earlier than now. */
  shift(byNs: number): void {
    if (!this.#timers.armed(this.#timer)) return;
    this.#timers.armAt(this.#timer, Math.max(this.#clock.nowNs, this.#timers.deadlineNs(this.#timer) + byNs));
  }

  cancel(): void {
    this.#timers.cancel(this.#timer);
  }

  /** The process ends. */
  release(): void {
    this.#timers.release(this.#timer);
  }
}
