/**
 * A `vrrp_script` at work: started at once and then every `interval`, judged by its exit status after `fall` failures or `rise`
 * successes in a row; the first result counts by itself. What the command would do on this host is scripted: an exit status, and how long
 * it takes. Longer than `timeout` is a failure, known when the timeout ends it.
 */
import type { TimerId } from "../../base/ids.ts";
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

const TIMER_LAUNCH = 0;
const TIMER_RESULT = 1;

export class ScriptRunner implements TimerOwner {
  readonly conf: VrrpScript;
  /** The judgement; null until the first result. */
  ok: boolean | null = null;
  readonly #behaviour: ScriptBehaviour;
  readonly #timers: Timers;
  readonly #judged: (runner: ScriptRunner) => void;
  readonly #launch: TimerId;
  readonly #result: TimerId;
  /** Results in a row that contradict the judgement. */
  #contrary = 0;
  #exit = 0;

  /** `judged` is called after the first result and after every change of the judgement. */
  constructor(conf: VrrpScript, behaviour: ScriptBehaviour, timers: Timers, judged: (runner: ScriptRunner) => void) {
    this.conf = conf;
    this.#behaviour = behaviour;
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
    if (token === TIMER_LAUNCH) this.#run();
    else this.#note(this.#exit === 0);
  }

  #run(): void {
    this.#timers.armAfter(this.#launch, this.conf.intervalNs);
    // A run that outlives its interval is not started again while it lasts.
    if (this.#timers.armed(this.#result)) return;
    const timedOut = this.#behaviour.runsNs > this.conf.timeoutNs;
    this.#exit = timedOut ? 1 : this.#behaviour.exit;
    this.#timers.armAfter(this.#result, (timedOut ? this.conf.timeoutNs : this.#behaviour.runsNs) + SCRIPT_REAP_NS);
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
