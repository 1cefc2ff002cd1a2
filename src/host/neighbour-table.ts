/**
 * All neighbour caches of one family on a host together: Linux limits and collects their entries as one table.
 *
 *   fewer than gc_thresh1 (128)    nothing is ever collected
 *   from gc_thresh1 on             every 15 s entries go that failed, or were not used for gc_stale_time
 *   from gc_thresh2 (512) on       a new entry makes room first, at most every 5 s: entries go that failed, or did not change for 5 s
 *   at gc_thresh3 (1024)           every new one does; where no room can be made there is no new entry
 *
 * What is being asked, or is REACHABLE, is never collected, nor what people have set (Linux: `neigh_forced_gc`, `neigh_periodic_work`).
 */
import type { TimerId } from "../base/ids.ts";
import { NS_PER_S } from "../base/units.ts";
import type { TimerOwner, Timers } from "../time/timers.ts";
import type { KernelTimers } from "./kernel-timers.ts";
import type { NeighbourCache } from "./neighbour-cache.ts";
import { COLLECTED_EVERY_NS } from "./neighbour-settings.ts";
import { isConnected, isTimed, NUD_FAILED } from "./nud.ts";

/** Linux's defaults. */
const GC_THRESH_1 = 128;
const GC_THRESH_2 = 512;
const GC_THRESH_3 = 1024;
const FLUSHED_EVERY_NS = 5 * NS_PER_S;
const UNCHANGED_NS = 5 * NS_PER_S;

interface Candidate {
  readonly cache: NeighbourCache;
  readonly index: number;
}

export class NeighbourTable implements TimerOwner {
  gcThresh1 = GC_THRESH_1;
  gcThresh2 = GC_THRESH_2;
  gcThresh3 = GC_THRESH_3;
  readonly #caches: NeighbourCache[] = [];
  readonly #kernel: KernelTimers;
  readonly #timers: Timers;
  readonly #timer: TimerId;
  readonly #everyNs: number;
  #made = 0;
  #flushedNs = Number.NEGATIVE_INFINITY;

  constructor(kernel: KernelTimers, timers: Timers) {
    this.#kernel = kernel;
    this.#timers = timers;
    this.#everyNs = kernel.everyNs(COLLECTED_EVERY_NS);
    this.#timer = timers.create(this, 0);
  }

  join(cache: NeighbourCache): void {
    this.#caches.push(cache);
  }

  /** Back to what the machine boots with. The caches are empty. */
  reset(): void {
    this.gcThresh1 = GC_THRESH_1;
    this.gcThresh2 = GC_THRESH_2;
    this.gcThresh3 = GC_THRESH_3;
    this.#flushedNs = Number.NEGATIVE_INFINITY;
    this.#timers.cancel(this.#timer);
  }

  /** The number of the entry that is about to be made; -1 if there is no room for it and none can be made. */
  admit(): number {
    const count = this.#count();
    const mayFlush = count >= this.gcThresh2 && this.#kernel.nowNs > this.#flushedNs + FLUSHED_EVERY_NS;
    if ((mayFlush || count >= this.gcThresh3) && !this.#flush(count) && count >= this.gcThresh3) return -1;
    if (count >= this.gcThresh1 && !this.#timers.armed(this.#timer)) this.#awaitPeriod();
    return this.#made++;
  }

  onTimer(): void {
    if (this.#count() < this.gcThresh1) return;
    const { nowNs } = this.#kernel;
    for (const { cache, index } of this.#idle()) {
      const { entries, settings } = cache;
      const usedNs = Math.max(entries.usedNs[index]!, entries.confirmedNs[index]!);
      if (entries.state[index] === NUD_FAILED || nowNs >= usedNs + settings.gcStaleNs) cache.remove(index);
    }
    this.#awaitPeriod();
  }

  /** Makes room, oldest entries first, down to gc_thresh2; false if there is nothing that may go. */
  #flush(count: number): boolean {
    this.#flushedNs = this.#kernel.nowNs;
    const unchangedSinceNs = this.#flushedNs - UNCHANGED_NS;
    const old = this.#idle().filter(
      ({ cache: { entries }, index }) =>
        entries.state[index] === NUD_FAILED || entries.updatedNs[index]! < unchangedSinceNs,
    );
    const madeOf = ({ cache, index }: Candidate) => cache.entries.made[index]!;
    old.sort((a, b) => madeOf(a) - madeOf(b));
    const gone = old.slice(0, Math.max(count - this.gcThresh2, 0));
    for (const { cache, index } of gone) cache.remove(index);
    return gone.length > 0;
  }

  #idle(): Candidate[] {
    return this.#caches.flatMap((cache) =>
      cache.entries
        .indices()
        .filter((index) => !isTimed(cache.entries.state[index]!) && !isConnected(cache.entries.state[index]!))
        .map((index) => ({ cache, index })),
    );
  }

  #count(): number {
    let count = 0;
    for (let i = 0; i < this.#caches.length; i++) count += this.#caches[i]!.entries.count;
    return count;
  }

  #awaitPeriod(): void {
    this.#kernel.armForNext(this.#timer, this.#everyNs);
  }
}
