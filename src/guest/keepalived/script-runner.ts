/**
 * A `vrrp_script` at work: started at once and then every `interval`, judged by its exit status after `fall` failures or `rise`
 * successes in a row; the first result counts by itself. What the command would do on this host is scripted: an exit status, how long it
 * takes, and whether it ignores SIGTERM.
 *
 * A run that outlives `timeout` gets SIGTERM, and SIGKILL 2 s later; its result is known when it has died. keepalived 2.2.7 notes only one state
 * for all runs of a script, and a run that outlives its interval does not hold the next one up (it logs "skipping run" and starts another
 * all the same, observed): a new run makes it forget that it has asked an older one to end.
 *
 *     launch ──▶ RUNNING ──timeout: SIGTERM──▶ ASKED ──2 s: SIGKILL──▶ FORCED
 *                   any run ends: IDLE, in which a timeout does nothing and its run is never heard of again
 */
import type { Clock } from "../../base/clock.ts";
import type { TimerId } from "../../base/ids.ts";
import { NS_PER_S } from "../../base/units.ts";
import type { HostPlatform } from "../../host/platform.ts";
import type { TimerOwner, Timers } from "../../time/timers.ts";
import type { VrrpScript } from "./conf/model.ts";
import { SCRIPT_REAP_NS } from "./timing.ts";
import type { KeepalivedVersion } from "./version.ts";

/** What a tracked script does on a host. It may be changed while the daemon runs: the next run sees it. */
export interface ScriptBehaviour {
  /** Exit status, 0 to 255. */
  exit: number;
  /** How long a run takes, ns. */
  runsNs: number;
  /** SIGTERM does not end it; SIGKILL does. */
  ignoresTerm: boolean;
}

/** A run under way. */
interface Run {
  /** When it ends by itself, ns, and with which status. */
  readonly endNs: number;
  readonly exit: number;
  readonly ignoresTerm: boolean;
  /** What comes next, and when: the daemon hears that it has ended, with success or not; null: its time is up. */
  dueNs: number;
  success: boolean | null;
}

type RunState = "idle" | "running" | "asked" | "forced";

/** From SIGTERM to SIGKILL. */
const KILL_NS = 2 * NS_PER_S;

const TIMER_LAUNCH = 0;
const TIMER_DUE = 1;

export class ScriptRunner implements TimerOwner {
  readonly conf: VrrpScript;
  /** The judgement; null until the first result. */
  ok: boolean | null = null;
  readonly #behaviour: ScriptBehaviour;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #judged: (runner: ScriptRunner) => void;
  readonly #skipsRunning: boolean;
  readonly #launch: TimerId;
  readonly #due: TimerId;
  /** The one that is due first comes first. */
  readonly #runs: Run[] = [];
  #state: RunState = "idle";
  /** Results in a row that contradict the judgement. */
  #contrary = 0;

  /** `judged` is called after the first result and after every change of the judgement. */
  constructor(
    conf: VrrpScript,
    behaviour: ScriptBehaviour,
    { clock, timers }: HostPlatform,
    judged: (runner: ScriptRunner) => void,
    { skipsRunningScripts }: KeepalivedVersion,
  ) {
    this.conf = conf;
    this.#behaviour = behaviour;
    this.#clock = clock;
    this.#timers = timers;
    this.#judged = judged;
    this.#skipsRunning = skipsRunningScripts;
    this.#launch = timers.create(this, TIMER_LAUNCH);
    this.#due = timers.create(this, TIMER_DUE);
  }

  start(): void {
    this.#run();
  }

  /** The process ends. */
  release(): void {
    this.#timers.release(this.#launch);
    this.#timers.release(this.#due);
  }

  onTimer(token: number): void {
    if (token === TIMER_LAUNCH) {
      this.#run();
      return;
    }
    const run = this.#runs.shift()!;
    const { success } = run;
    if (success === null) this.#timeIsUp(run);
    else this.#state = "idle";
    if (this.#runs.length > 0) this.#timers.armAt(this.#due, this.#runs[0]!.dueNs);
    if (success !== null) this.#note(success);
  }

  #run(): void {
    this.#timers.armAfter(this.#launch, this.conf.intervalNs);
    if (this.#skipsRunning && this.#runs.length > 0) return;
    const { runsNs, exit, ignoresTerm } = this.#behaviour;
    const endNs = this.#clock.nowNs + runsNs;
    this.#state = "running";
    this.#await({ endNs, exit, ignoresTerm, dueNs: 0, success: null }, this.conf.timeoutNs);
  }

  /** The run outlives the time that it was given. */
  #timeIsUp(run: Run): void {
    if (this.#state === "idle") return;
    const isAsked = this.#state === "running";
    this.#state = isAsked ? "asked" : "forced";
    if (isAsked && run.ignoresTerm) {
      this.#await(run, KILL_NS);
      return;
    }
    run.dueNs = this.#clock.nowNs + SCRIPT_REAP_NS;
    run.success = false;
    this.#enqueue(run);
  }

  /** The run goes on for at most `patienceNs`, if it does not end by itself before. */
  #await(run: Run, patienceNs: number): void {
    const patientUntilNs = this.#clock.nowNs + patienceNs;
    const ends = run.endNs <= patientUntilNs;
    run.dueNs = ends ? run.endNs + SCRIPT_REAP_NS : patientUntilNs;
    run.success = ends ? run.exit === 0 : null;
    this.#enqueue(run);
  }

  #enqueue(run: Run): void {
    const later = this.#runs.findIndex(({ dueNs }) => dueNs > run.dueNs);
    this.#runs.splice(later < 0 ? this.#runs.length : later, 0, run);
    this.#timers.armAt(this.#due, this.#runs[0]!.dueNs);
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
