/**
 * Broadcast storms in a subnet whose links may form loops: noticed, measured, and bounded.
 *
 * How one is noticed: switches without a loop between them hand a frame over each link once at most. A frame that has crossed more
 * links than the subnet has is on its way round.
 *
 * What it costs: links carry at their rate and what waits for them is bounded, so a storm needs no more memory than any busy network.
 * But a gigabit link carries 1,488,095 of the smallest frames a second each way, so three of them in a ring make 9 million crossings a
 * second, and each is handed to every port of the switch behind it. At a quarter to half a microsecond a copy, with four ports a switch,
 * that is 10 to 20 s of work for each second of a storm. So all storms of a run may make COPIES_MAX copies together, one or two
 * seconds of work; that is 0.1 s of virtual time where links are full, and a second or two where a few frames circle. Then the run ends.
 * What hosts make of the copies may be changes without end (caches that believe now this one, now that one), and each is told of:
 * CHANGES_MAX of them end the run, too, so that its report stays one that somebody reads.
 */
import { assert } from "../base/assert.ts";
import type { FrameRef } from "../base/ids.ts";
import { NS_PER_MS, NS_PER_S } from "../base/units.ts";
import type { Scheduler } from "../time/scheduler.ts";
import { type Edge, type Loop, loopClosedBy } from "./loops.ts";
import type { SimPort } from "./sim-switch.ts";

/** Copies that circling frames may make in a run: the ports of each switch that one enters, in sum. */
export const COPIES_MAX = 4_000_000;
/** Events that may be told while storms last. */
export const CHANGES_MAX = 2_000;
/** A storm is measured over such a time, and is over when no frame has circled for as long. The time of a lap comes on top. */
const SAMPLE_NS = 10 * NS_PER_MS;

/** A storm, so far. */
export interface Storm {
  readonly subnet: string;
  readonly loop: Loop;
  /** When the first frame was caught on its second lap. */
  readonly fromNs: number;
  /** When the last one was. */
  readonly untilNs: number;
  /** How often circling frames have crossed a link. */
  readonly crossings: number;
  /** How many of those came a second, where they were most: measured over a hundredth of a second and the time of a lap. */
  readonly crossingsPerSecond: number;
  /** Nothing circles any more. */
  readonly isOver: boolean;
  /** It ended the run. */
  readonly endedRun: boolean;
}

export interface StormListener {
  /** A storm has been measured for the first time, is over, or ends the run. */
  onStorm(storm: Storm): void;
}

/** What all storms of a run may cost together. */
export class StormBudget {
  readonly listener: StormListener;
  /** Those that see a storm now. */
  readonly lasting = new Set<StormWatch>();
  copies = COPIES_MAX;
  changes = CHANGES_MAX;
  /** One of both is spent, and the run has ended. */
  isSpent = false;

  constructor(listener: StormListener) {
    this.listener = listener;
  }

  /** An event is told. */
  spendChange(): void {
    const [first] = this.lasting;
    if (first !== undefined && this.changes-- === 0) first.endRun();
  }
}

/** A link that a storm may use. */
export interface StormLink extends Edge {
  readonly isUp: boolean;
  readonly latencyNs: number;
}

export class StormWatch {
  /** Oldest first. */
  readonly storms: Storm[] = [];
  readonly #subnet: string;
  readonly #links: readonly StormLink[];
  readonly #hops: Int32Array;
  readonly #scheduler: Scheduler;
  readonly #budget: StormBudget;
  readonly #kind: number;
  #isLasting = false;
  /** Since the storm was measured last. */
  #sampleCrossings = 0;
  /** When the sample began, and when a frame last circled. */
  readonly #sampleNs = new Float64Array(1);
  readonly #lastNs = new Float64Array(1);

  /** `links` are the subnet's, also those that are still to come; `hops` counts the links that each frame has crossed. */
  constructor(
    subnet: string,
    links: readonly StormLink[],
    hops: Int32Array,
    scheduler: Scheduler,
    budget: StormBudget,
  ) {
    this.#subnet = subnet;
    this.#links = links;
    this.#hops = hops;
    this.#scheduler = scheduler;
    this.#budget = budget;
    this.#kind = scheduler.register({ onEvent: () => this.#sample() });
  }

  /** A storm lasts. */
  get isLasting(): boolean {
    return this.#isLasting;
  }

  /** A frame has come over a trunk to `port`. */
  crossed(frame: FrameRef, port: SimPort): void {
    const hops = this.#hops[frame]! + 1;
    this.#hops[frame] = hops;
    if (hops <= this.#links.length) return;
    if (!this.#isLasting) this.#begin(port.trunk!.link);
    this.#sampleCrossings++;
    this.#lastNs[0] = this.#scheduler.clock.cell[0]!;
    this.#budget.copies -= port.at.ports.length;
    if (this.#budget.copies < 0) this.endRun();
  }

  /** The budget is spent: the run ends after the event in progress. */
  endRun(): void {
    if (this.#budget.isSpent) return;
    this.#budget.isSpent = true;
    this.#measure({ endedRun: true });
    this.#budget.listener.onStorm(this.storms.at(-1)!);
    this.#scheduler.stop();
  }

  /** `link`: over which a frame was caught. */
  #begin(link: string): void {
    const nowNs = this.#scheduler.clock.nowNs;
    this.#isLasting = true;
    this.#budget.lasting.add(this);
    this.#sampleNs[0] = nowNs;
    this.storms.push({
      subnet: this.#subnet,
      loop: this.#loopThrough(link),
      fromNs: nowNs,
      untilNs: nowNs,
      crossings: 0,
      crossingsPerSecond: 0,
      isOver: false,
      endedRun: false,
    });
    this.#plan();
  }

  #sample(): void {
    const isFirst = this.storms.at(-1)!.crossings === 0;
    const isOver = this.#sampleCrossings === 0;
    this.#measure({ isOver });
    if (isOver) {
      this.#isLasting = false;
      this.#budget.lasting.delete(this);
    } else {
      this.#plan();
    }
    if (isFirst || isOver) this.#budget.listener.onStorm(this.storms.at(-1)!);
  }

  #plan(): void {
    const lapNs = this.#links.reduce((sum, { latencyNs }) => sum + latencyNs, 0);
    this.#scheduler.dueNs[0] = this.#scheduler.clock.nowNs + SAMPLE_NS + lapNs;
    this.#scheduler.push(this.#kind, 0, 0);
  }

  /** Enters in the newest storm what has been counted since the last sample. */
  #measure(change: { readonly isOver?: boolean; readonly endedRun?: boolean }): void {
    const storm = this.storms.pop()!;
    const nowNs = this.#scheduler.clock.nowNs;
    const perSecond = Math.round((this.#sampleCrossings * NS_PER_S) / Math.max(1, nowNs - this.#sampleNs[0]!));
    this.storms.push({
      ...storm,
      untilNs: this.#lastNs[0]!,
      crossings: storm.crossings + this.#sampleCrossings,
      crossingsPerSecond: Math.max(storm.crossingsPerSecond, perSecond),
      ...change,
    });
    this.#sampleNs[0] = nowNs;
    this.#sampleCrossings = 0;
  }

  /** The shortest way round that the link is part of; another, where a change of carriers has left it none. */
  #loopThrough(name: string): Loop {
    for (const links of [this.#links.filter(({ isUp }) => isUp), this.#links]) {
      for (const link of links.toSorted((a, b) => Number(b.name === name) - Number(a.name === name))) {
        const others = links.filter((other) => other !== link);
        const loop = loopClosedBy(link, others);
        if (loop !== null) return loop;
      }
    }
    assert(false, "a frame circles where no loop is");
  }
}
