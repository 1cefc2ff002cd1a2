/**
 * A `vrrp_track_process` at work: the kernel tells of every process that begins or ends, one by one, and what counts is whether there are
 * `quorum` to `quorum_max` of them (keepalived 2.2.7, `track_process.c`; the delays observed).
 *
 *   a program is started      its quorum counts at once, whatever `fork_delay` says
 *   a process forks           after `fork_delay`, if that brings or breaks the quorum
 *   a process ends            after `terminate_delay`, likewise
 *
 * Whatever goes the other way while a delay runs ends the delay, and nothing has happened.
 */
import type { TimerId } from "../../base/ids.ts";
import type { TimerOwner, Timers } from "../../time/timers.ts";
import type { TrackProcess } from "./conf/model.ts";

const TIMER_FORK = 0;
const TIMER_TERMINATE = 1;

export class ProcessWatch implements TimerOwner {
  readonly conf: TrackProcess;
  /** The judgement. */
  hasQuorum: boolean;
  readonly #timers: Timers;
  readonly #judged: (watch: ProcessWatch) => void;
  readonly #fork: TimerId;
  readonly #terminate: TimerId;
  #count: number;

  /** `judged` is called after every change of the judgement. */
  constructor(conf: TrackProcess, count: number, timers: Timers, judged: (watch: ProcessWatch) => void) {
    this.conf = conf;
    this.#count = count;
    this.hasQuorum = this.#isEnough;
    this.#timers = timers;
    this.#judged = judged;
    this.#fork = timers.create(this, TIMER_FORK);
    this.#terminate = timers.create(this, TIMER_TERMINATE);
  }

  /** There are `count` now; `forked`: new ones are children of those that ran. */
  changed(count: number, forked: boolean): void {
    while (this.#count < count) this.#began(forked && this.#count > 0);
    while (this.#count > count) this.#ended();
  }

  release(): void {
    this.#timers.release(this.#fork);
    this.#timers.release(this.#terminate);
  }

  onTimer(): void {
    this.#judge(this.#isEnough);
  }

  get #isEnough(): boolean {
    return this.#count >= this.conf.quorum && this.#count <= this.conf.quorumMax;
  }

  #began(forked: boolean): void {
    const { quorum, quorumMax, forkDelayNs } = this.conf;
    this.#count++;
    if (this.#count !== quorum && this.#count !== quorumMax + 1) return;
    if (this.#timers.armed(this.#terminate)) this.#timers.cancel(this.#terminate);
    else if (forked && forkDelayNs > 0) {
      this.#timers.armAfter(this.#fork, forkDelayNs);
      return;
    }
    this.#judge(this.#count === quorum);
  }

  #ended(): void {
    const { quorum, quorumMax, terminateDelayNs } = this.conf;
    this.#count--;
    if (this.#count !== quorum - 1 && this.#count !== quorumMax) return;
    if (this.#timers.armed(this.#fork)) this.#timers.cancel(this.#fork);
    else if (terminateDelayNs > 0) {
      this.#timers.armAfter(this.#terminate, terminateDelayNs);
      return;
    }
    this.#judge(this.#count === quorumMax);
  }

  #judge(hasQuorum: boolean): void {
    if (hasQuorum === this.hasQuorum) return;
    this.hasQuorum = hasQuorum;
    this.#judged(this);
  }
}
