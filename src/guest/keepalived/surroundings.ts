/**
 * What a host's keepalived finds around it and tracks: what its scripts do, which numbers files hold, how many processes of a program run,
 * which BFD sessions are up. It belongs to the host and outlives the daemon; steps of a scenario change it while the daemon runs or not.
 */
import type { KeepalivedConf, TrackProcess } from "./conf/model.ts";
import type { ScriptBehaviour } from "./script-runner.ts";

/** What keepalived takes for a number in a file: 32 bits with a sign. */
export const FILE_VALUE_MIN = -0x8000_0000;
export const FILE_VALUE_MAX = 0x7fff_ffff;
/** No quorum is larger (`quorum_max`). */
export const PROCESSES_MAX = 65_535;

/** How it is at the beginning, by the names of the configuration's blocks. What is not named: see each. */
export interface InitialSurroundings {
  /** A script that is not named succeeds at once. */
  readonly scripts?: Readonly<Record<string, Partial<ScriptBehaviour>>>;
  /** What the `track_file` holds; one that is not named does not exist, which counts as 0. */
  readonly fileValues?: Readonly<Record<string, number>>;
  /** How many processes a `vrrp_track_process` finds; as many as its quorum if it is not named. */
  readonly processes?: Readonly<Record<string, number>>;
  /** Whether the session of a `bfd_instance` is up; it is if not named. */
  readonly bfd?: Readonly<Record<string, boolean>>;
}

/** Told of a change of what it names, after it. */
export interface SurroundingsListener {
  onFile(): void;
  /** `forked`: new processes are children of those that ran. */
  onProcesses(name: string, count: number, forked: boolean): void;
  onBfd(name: string): void;
}

export class Surroundings {
  /** The daemon while it runs. */
  listener: SurroundingsListener | null = null;
  readonly #scripts = new Map<string, ScriptBehaviour>();
  /** By path: several `track_file` blocks may name one. */
  readonly #files = new Map<string, number>();
  readonly #processes = new Map<string, number>();
  readonly #bfd = new Map<string, boolean>();

  /** `conf` says which files are meant. */
  constructor(conf: KeepalivedConf, { scripts = {}, fileValues = {}, processes = {}, bfd = {} }: InitialSurroundings) {
    for (const [name, script] of Object.entries(scripts)) Object.assign(this.script(name), script);
    for (const { name, path } of conf.trackFiles) {
      const value = fileValues[name];
      if (value !== undefined) this.#files.set(path, value);
    }
    for (const [name, count] of Object.entries(processes)) this.#processes.set(name, count);
    for (const [name, up] of Object.entries(bfd)) this.#bfd.set(name, up);
  }

  /** What the script does; changed in place, and seen by its next run. */
  script(name: string): ScriptBehaviour {
    const known = this.#scripts.get(name) ?? { exit: 0, runsNs: 0, ignoresTerm: false };
    this.#scripts.set(name, known);
    return known;
  }

  /** The number in the file; undefined: there is none, or no file. */
  file(path: string): number | undefined {
    return this.#files.get(path);
  }

  setFile(path: string, value: number): void {
    this.#files.set(path, value);
    this.listener?.onFile();
  }

  /** How many there are of the program. */
  processes({ name, quorum }: TrackProcess): number {
    return this.#processes.get(name) ?? quorum;
  }

  setProcesses(name: string, count: number, forked: boolean): void {
    this.#processes.set(name, count);
    this.listener?.onProcesses(name, count, forked);
  }

  bfdUp(name: string): boolean {
    return this.#bfd.get(name) ?? true;
  }

  setBfd(name: string, up: boolean): void {
    if (up === this.bfdUp(name)) return;
    this.#bfd.set(name, up);
    this.listener?.onBfd(name);
  }
}
