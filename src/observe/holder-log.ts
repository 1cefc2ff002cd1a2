/**
 * Who was to answer for one address at any moment of a run: what says whether an answer came from the right host. Where keepalived is master
 * for the address that is the master's host, or each of several; where it is nowhere, the host that holds the address as the network
 * sees it. A network that missed an announcement takes the old holder for the right one, a master knows better.
 */
import type { FrameRef, PortId } from "../base/ids.ts";
import type { FrameSlab } from "../frame/slab.ts";
import type { AnswerWitness } from "../host/probe-answers.ts";

export class HolderLog implements AnswerWitness {
  readonly #slab: FrameSlab;
  readonly #hostAt: (port: PortId) => string;
  /** When it changed, and to whom; empty: nobody. */
  readonly #atNs: number[] = [];
  readonly #hosts: (readonly string[])[] = [];

  constructor(slab: FrameSlab, hostAt: (port: PortId) => string) {
    this.#slab = slab;
    this.#hostAt = hostAt;
  }

  /** `masters`: hosts whose keepalived is master for the address. `holder`: who holds it as the network sees it; null: nobody. */
  changed(atNs: number, masters: readonly string[], holder: string | null): void {
    this.#atNs.push(atNs);
    this.#hosts.push(masters.length > 0 || holder === null ? masters : [holder]);
  }

  hostAt(port: PortId): string {
    return this.#hostAt(port);
  }

  isFromAnother(frame: FrameRef): boolean {
    const slab = this.#slab;
    let last = this.#atNs.length - 1;
    while (last >= 0 && this.#atNs[last]! > slab.departedNs[frame]!) last--;
    if (last < 0) return false;
    const hosts = this.#hosts[last]!;
    return hosts.length > 0 && !hosts.includes(this.#hostAt(slab.origin[frame] as PortId));
  }
}
