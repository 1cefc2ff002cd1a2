/** Who held one address at any moment of a run, as the network saw it: what says whether an answer came from the right host. */
import { type FrameRef, NO_PORT, type PortId } from "../base/ids.ts";
import type { FrameSlab } from "../frame/slab.ts";
import type { AnswerWitness } from "../host/probe-answers.ts";

export class HolderLog implements AnswerWitness {
  readonly #slab: FrameSlab;
  readonly #hostAt: (port: PortId) => string;
  /** When it changed, and to whom; NO_PORT: nobody. */
  readonly #atNs: number[] = [];
  readonly #ports: PortId[] = [];

  constructor(slab: FrameSlab, hostAt: (port: PortId) => string) {
    this.#slab = slab;
    this.#hostAt = hostAt;
  }

  changed(atNs: number, to: PortId): void {
    this.#atNs.push(atNs);
    this.#ports.push(to);
  }

  hostAt(port: PortId): string {
    return this.#hostAt(port);
  }

  isFromAnother(frame: FrameRef): boolean {
    const slab = this.#slab;
    let last = this.#atNs.length - 1;
    while (last >= 0 && this.#atNs[last]! > slab.departedNs[frame]!) last--;
    if (last < 0) return false;
    const holder = this.#ports[last]!;
    const origin = slab.origin[frame] as PortId;
    return holder !== NO_PORT && origin !== holder && this.#hostAt(origin) !== this.#hostAt(holder);
  }
}
