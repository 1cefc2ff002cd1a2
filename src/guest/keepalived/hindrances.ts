/** What keeps a virtual router from taking part: faults, each by what it is about, and tracked scripts that have not given a result yet. */
import type { VrrpCause } from "./observer.ts";

export interface Fault {
  readonly cause: VrrpCause;
  /** A sentence: `interface eth0 is down`. */
  readonly reason: string;
}

export class Hindrances {
  readonly #faults = new Map<string, Fault>();
  readonly #awaited = new Set<string>();

  /** The fault that came first; null: there is none. */
  get fault(): Fault | null {
    for (const fault of this.#faults.values()) return fault;
    return null;
  }

  get isWaiting(): boolean {
    return this.#awaited.size > 0;
  }

  has(what: string): boolean {
    return this.#faults.has(what);
  }

  add(what: string, fault: Fault): void {
    this.#faults.set(what, fault);
  }

  remove(what: string): void {
    this.#faults.delete(what);
  }

  /** The first result of the script must come before anything else. */
  await(script: string): void {
    this.#awaited.add(script);
  }

  /** The script has a result; false if it was not waited for. */
  reported(script: string): boolean {
    return this.#awaited.delete(script);
  }
}
