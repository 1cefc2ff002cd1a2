/**
 * Everything that one run of the daemon tracks: its scripts at work, the carriers, files, processes and BFD sessions of its host, as far as
 * some virtual router looks at them. Any change is applied to all routers at once.
 */
import type { Host } from "../../host/host.ts";
import type { KeepalivedConf, SyncGroup, Tracker, VrrpInstance } from "./conf/model.ts";
import { LinkWatch } from "./link-watch.ts";
import type { KeepalivedObserver } from "./observer.ts";
import { ProcessWatch } from "./process-watch.ts";
import { ScriptRunner } from "./script-runner.ts";
import type { Surroundings, SurroundingsListener } from "./surroundings.ts";
import type { Tracked } from "./tracking.ts";

export class Trackers implements Tracked, SurroundingsListener {
  readonly #host: Host;
  readonly #surroundings: Surroundings;
  readonly #observer: KeepalivedObserver;
  readonly #changed: () => void;
  readonly #links: LinkWatch;
  readonly #scripts = new Map<string, ScriptRunner>();
  readonly #processes = new Map<string, ProcessWatch>();
  /** Path of each `track_file` in use. */
  readonly #files = new Map<string, string>();
  readonly #bfds: ReadonlySet<string>;

  /** Knows at once what can be known without waiting. `changed` is called after every change of what is tracked. */
  constructor(
    conf: KeepalivedConf,
    host: Host,
    surroundings: Surroundings,
    observer: KeepalivedObserver,
    changed: () => void,
  ) {
    this.#host = host;
    this.#surroundings = surroundings;
    this.#observer = observer;
    this.#changed = changed;
    this.#links = new LinkWatch(host, conf.linkDelays, changed);
    const { platform } = host;
    const isUsed = (list: (by: VrrpInstance | SyncGroup) => readonly Tracker[]) => {
      const names = new Set([...conf.instances, ...conf.syncGroups].flatMap((by) => list(by).map(({ name }) => name)));
      return ({ name }: { readonly name: string }) => names.has(name);
    };
    for (const script of conf.scripts.filter(isUsed(({ trackScripts }) => trackScripts))) {
      const judged = ({ conf: { name }, ok }: ScriptRunner) => this.#told(`script ${name}`, ok ? "succeeds" : "fails");
      this.#scripts.set(
        script.name,
        new ScriptRunner(script, surroundings.script(script.name), platform, judged, conf.version),
      );
    }
    for (const process of conf.trackProcesses.filter(isUsed(({ trackProcesses }) => trackProcesses))) {
      const count = surroundings.processes(process);
      const judged = ({ conf: { name }, hasQuorum }: ProcessWatch) =>
        this.#told(`process ${name}`, hasQuorum ? "has its quorum" : "has lost its quorum");
      this.#processes.set(process.name, new ProcessWatch(process, count, platform.timers, judged));
    }
    for (const { name, path, initValue, overwrite } of conf.trackFiles) {
      if (initValue !== null && (overwrite || surroundings.file(path) === undefined))
        surroundings.setFile(path, initValue);
      this.#files.set(name, path);
    }
    this.#bfds = new Set(conf.trackBfds.filter(isUsed(({ trackBfds }) => trackBfds)).map(({ name }) => name));
  }

  /** After a reload: scripts that ran before keep their judgement until they have another one. */
  keepResults(before: Trackers): void {
    for (const [name, script] of this.#scripts) script.ok = before.#scripts.get(name)?.ok ?? null;
  }

  /** Runs the scripts for the first time, and hears of changes from now on. */
  start(): void {
    this.#surroundings.listener = this;
    for (const script of this.#scripts.values()) script.start();
  }

  release(): void {
    this.#surroundings.listener = null;
    this.#links.release();
    for (const script of this.#scripts.values()) script.release();
    for (const process of this.#processes.values()) process.release();
  }

  // --- as it is -----------------------------------------------------------------------------------------------------

  scriptOk(name: string): boolean | null {
    return this.#scripts.get(name)?.ok ?? null;
  }

  linkUp(name: string): boolean | null {
    return this.#links.isUp(name);
  }

  fileValue(name: string): number {
    return this.#surroundings.file(this.#files.get(name)!) ?? 0;
  }

  hasQuorum(name: string): boolean | null {
    return this.#processes.get(name)?.hasQuorum ?? null;
  }

  bfdUp(name: string): boolean | null {
    return this.#bfds.has(name) ? this.#surroundings.bfdUp(name) : null;
  }

  // --- changes ------------------------------------------------------------------------------------------------------

  onFile(): void {
    this.#whenAwake(() => this.#changed());
  }

  onProcesses(name: string, count: number, forked: boolean): void {
    this.#whenAwake(() => this.#processes.get(name)?.changed(count, forked));
  }

  onBfd(name: string): void {
    if (!this.#bfds.has(name)) return;
    const how = this.#surroundings.bfdUp(name) ? "is up" : "is down";
    this.#whenAwake(() => this.#told(`BFD session ${name}`, how));
  }

  /** The daemon of a machine that stands still hears of changes when that goes on, if it is there then. */
  #whenAwake(hear: () => void): void {
    this.#host.whenAwake(() => {
      if (this.#surroundings.listener === this) hear();
    });
  }

  #told(what: string, how: string): void {
    this.#observer.onTracked(this.#host.name, what, how);
    this.#changed();
  }
}
