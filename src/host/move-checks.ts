/**
 * Neighbours of whom somebody says that they have moved, while their old owner is being asked: if that answers in time everything stays as
 * it was; otherwise who was heard last is believed.
 */
import { copyBytes } from "../base/bytes.ts";
import type { TimerId } from "../base/ids.ts";
import { NS_PER_S } from "../base/units.ts";
import type { TimerOwner, Timers } from "../time/timers.ts";
import type { KernelTimers } from "./kernel-timers.ts";

/** How long the old owner has to answer. */
const ANSWER_NS = 1 * NS_PER_S;

interface Move {
  readonly timer: TimerId;
  readonly mac: Uint8Array;
}

export class MoveChecks implements TimerOwner {
  readonly #kernel: KernelTimers;
  readonly #timers: Timers;
  /** Told of an entry whose old owner is silent, and of the MAC that it has moved to. */
  readonly #believe: (index: number, mac: Uint8Array) => void;
  /** By index of the entry. */
  readonly #moves = new Map<number, Move>();

  constructor(kernel: KernelTimers, timers: Timers, believe: (index: number, mac: Uint8Array) => void) {
    this.#kernel = kernel;
    this.#timers = timers;
    this.#believe = believe;
  }

  /** The entry is said to have the MAC at `macOffset` now. True if its old owner is to be asked; false if that was done already. */
  begin(index: number, mac: Uint8Array, macOffset: number): boolean {
    const known = this.#moves.get(index);
    const move = known ?? { timer: this.#timers.create(this, index), mac: new Uint8Array(6) };
    copyBytes(mac, macOffset, move.mac, 0, 6);
    if (known !== undefined) return false;
    this.#moves.set(index, move);
    this.#kernel.armAfter(move.timer, ANSWER_NS);
    return true;
  }

  /** The old owner is there, or nobody wants to know any more. */
  end(index: number): void {
    const move = this.#moves.get(index);
    if (move === undefined) return;
    this.#timers.release(move.timer);
    this.#moves.delete(index);
  }

  onTimer(index: number): void {
    const { mac } = this.#moves.get(index)!;
    this.end(index);
    this.#believe(index, mac);
  }
}
