/**
 * Whether a backup heeds an advert of lower priority than its own: with `nopreempt` always, with `preempt_delay` until that is over, which
 * begins with the first such advert; otherwise never. An advert that is not lower ends the delay, and so does a change of state.
 */
import type { Clock } from "../../base/clock.ts";
import type { VrrpInstance } from "./conf/model.ts";

export class Preemption {
  readonly #conf: VrrpInstance;
  readonly #clock: Clock;
  /** End of `preempt_delay`, ns; 0: not started. */
  endsNs = 0;

  constructor(conf: VrrpInstance, clock: Clock) {
    this.#conf = conf;
    this.#clock = clock;
  }

  /** An advert of priority `theirs` has come to a backup with priority `own`. True: it counts; false: it is discarded. */
  heeds(theirs: number, own: number): boolean {
    const { nowNs } = this.#clock;
    const { nopreempt, preemptDelayNs } = this.#conf;
    if (theirs >= own) {
      this.endsNs = 0;
      return true;
    }
    if (nopreempt) return true;
    if (preemptDelayNs === 0) return false;
    if (this.endsNs === 0) this.endsNs = nowNs + preemptDelayNs;
    return nowNs < this.endsNs;
  }
}
