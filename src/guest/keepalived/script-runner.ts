/**
 * A `vrrp_script` at work: started at once and then every `interval`, judged by its exit status after `fall` failures or `rise`
 * successes in a row; the first result counts by itself. What the command would do on this host is scripted: an exit status, and how long
 * it takes. Longer than `timeout` is a failure, known when the timeout ends it. A run that outlives its interval does not hold the next
 * one up: keepalived 2.2.7 logs "skipping run" and starts another all the same, and each result counts (observed).
 */
import type { Clock } from "../../base/clock.ts";
import type { TimerId } from "../../base/ids.ts";
import type { HostPlatform } from "../../host/platform.ts";
import type { TimerOwner, Timers } from "../../time/timers.ts";
import type { VrrpScript } from "./conf/model.ts";
import { SCRIPT_REAP_NS } from "./timing.ts";

/** What a tracked script does on a host. It may be changed while the daemon runs: the next run sees it. */
export interface ScriptBehaviour {
  /** Exit status, 0 to 255. */
  exit: number;
  /** How long a run takes, ns. */
  runsNs: number;
}

/** A run under way. */
interface Run {
  readonly endNs: number;
  readonly exit: number;
}

const TIMER_LAUNCH = 0;
const TIMER_RESULT = 1;

export class ScriptRunner implements TimerOwner {
  readonly conf: VrrpScript;
  /** The judgement; null until the first result. */
  ok: boolean | null = null;
  readonly #behaviour: ScriptBehaviour;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #judged: (runner: ScriptRunner) => void;
  readonly #launch: TimerId;
  readonly #result: TimerId;
  /** The one that ends first comes first. */
  readonly #runs: Run[] = [];
  /** Results in a row that contradict the judgement. */
  #contrary = 0;

  /** `judged` is called after the first result and after every change of the judgement. */
  constructor(
    conf: VrrpScript,
    behaviour: ScriptBehaviour,
    { clock, timers }: HostPlatform,
    judged: (runner: ScriptRunner) => void,
  ) {
    this.conf = conf;
    this.#behaviour = behaviour;
    this.#clock = clock;
    this.#timers = timers;
    this.#judged = judged;
    this.#launch = timers.create(this, TIMER_LAUNCH);
    this.#result = timers.create(this, TIMER_RESULT);
  }

  start(): void {
    this.#run();
  }

  /** The process ends. */
  release(): void {
    this.#timers.release(this.#launch);
    this.#timers.release(this.#result);
  }

  onTimer(token: number): void {
    if (token === TIMER_LAUNCH) {
      this.#run();
      return;
    }
    const { exit } = this.#runs.shift()!;
    if (this.#runs.length > 0) this.#timers.armAt(this.#result, this.#runs[0]!.endNs);
    this.#note(exit === 0);
  }

  #run(): void {
    this.#timers.armAfter(this.#launch, this.conf.intervalNs);
    const { runsNs, exit } = this.#behaviour;
    const timedOut = runsNs > this.conf.timeoutNs;
    const endNs = this.#clock.nowNs + (timedOut ? this.conf.timeoutNs : runsNs) + SCRIPT_REAP_NS;
    const later = this.#runs.findIndex((run) => run.endNs > endNs);
    this.#runs.splice(later < 0 ? this.#runs.length : later, 0, { endNs, exit: timedOut ? 1 : exit });
    this.#timers.armAt(this.#result, this.#runs[0]!.endNs);
  }

  #note(success: boolean): void {
    if (success === this.ok) {
      this.#contrary = 0;
      return;
    }
    this.#contrary++;
    const needed = this.ok === null ? 1 : success ? this.conf.rise : this.conf.fall;
    if (this.#contrary < needed) return;
    this.#contrary = 0;
    this.ok = success;
    this.#judged(this);
  }
}
