/**
 * An impaired way: what a cable does to the frames that go one way along it, in the words and with the meaning of tc-netem(8), as
 * Linux's `sch_netem` acts. A frame that enters is, in this order,
 *
 * 1. doubled; the second one goes through all the rest by itself, ahead of the first,
 * 2. lost; where both happen to a frame, one of the two goes on, and neither is counted,
 * 3. refused by the policer of announcements, which netem does not have,
 * 4. corrupted: one random bit is flipped, in a slot of its own, since other receivers share the one that it came in,
 * 5. refused where LIMIT frames wait already,
 * 6. sent at once, if it is one of those that overtake,
 * 7. or kept for the delay, more or less jitter, evenly distributed. Its due time is its own, so that jitter lets frames overtake each other.
 *    With a rate it is also behind everything that waits, and takes the time of its octets: then order is kept.
 *
 * What leaves goes on as if it had just been sent: into the cable, or the queue of a link that has a rate of its own. A frame that waits is a
 * slot number in the scheduler's heap; nothing is allocated for it.
 *
 * Each word that a step sets with `for` has its own end, and is cleared then, unless a later step has said it again.
 */
import { type FrameRef, NO_FRAME, type TimerId } from "../base/ids.ts";
import { Prng } from "../base/prng.ts";
import { NS_PER_S } from "../base/units.ts";
import type { LostEvent } from "../observe/events.ts";
import type { EventSink } from "../time/scheduler.ts";
import type { TimerOwner } from "../time/timers.ts";
import type { Fabric } from "./fabric.ts";
import { happens, LossByChance, of2To32 } from "./impair-chance.ts";
import { AnnouncementPolicer } from "./impair-policer.ts";
import { IMPAIR_KEYS, type Impairing, type ImpairWords, namedIn, SET_BY, UNIMPAIRED } from "./impair-words.ts";
import type { SimSwitch } from "./sim-switch.ts";

/** Frames that may wait on a way: netem's default `limit`. */
export const LIMIT = 1_000;

/** Why a frame did not go on. */
export type LossCause = LostEvent["cause"];

/** One way along a cable, in names. */
export interface WayPlace {
  /** The link, or the vNIC whose cable it is: `vm-A.eth0`. */
  readonly link: string;
  /** Switches, or the vNIC's host and its switch. */
  readonly from: string;
  readonly to: string;
  /** The switch at its beginning, or the only one. */
  readonly at: SimSwitch;
  /** Null: it leads from switch to switch. */
  readonly nic: { readonly host: string; readonly name: string; readonly direction: "in" | "out" } | null;
}

/** Where frames go on. */
export interface FrameExit {
  /** Takes over the frame. */
  forward(frame: FrameRef): void;
}

/** What an impairment has done since there is one. */
export interface ImpairCounts {
  /** Those that entered. */
  readonly frames: number;
  /** By chance, or because the carrier was lost while they waited. */
  readonly lost: number;
  /** For which there was no room. */
  readonly overflowed: number;
  /** Announcements beyond what the policer lets pass. */
  readonly policed: number;
  readonly duplicated: number;
  readonly reordered: number;
  readonly corrupted: number;
}

const FRAMES = 0;
const LOST = 1;
const OVERFLOWED = 2;
const POLICED = 3;
const DUPLICATED = 4;
const REORDERED = 5;
const CORRUPTED = 6;

export class Impairment implements EventSink, TimerOwner {
  readonly place: WayPlace;
  readonly #fabric: Fabric;
  readonly #exit: FrameExit;
  readonly #kind: number;
  readonly #timer: TimerId;
  readonly #prng: Prng;
  readonly #loss: LossByChance;
  readonly #policer: AnnouncementPolicer;
  #impairing: Impairing = UNIMPAIRED;
  /** When each word is cleared, in the order of IMPAIR_KEYS; Infinity: when another step says so. */
  readonly #endsNs = new Float64Array(IMPAIR_KEYS.length).fill(Number.POSITIVE_INFINITY);
  #delayNs = 0;
  #jitterNs = 0;
  // Of 2^32 frames so many.
  #duplicate = 0;
  #reorder = 0;
  #corrupt = 0;
  /** 0: no rate. */
  #nsPerOctet = 0;
  /** When the last of those that wait is due, or was. */
  readonly #lastNs = new Float64Array(1);
  #waiting = 0;
  /** One more with each loss of the carrier: frames that waited then are lost. */
  #generation = 0;
  readonly #counts = new Float64Array(CORRUPTED + 1);

  /** `stream` names the way's draws. Nothing is impaired yet. */
  constructor(fabric: Fabric, place: WayPlace, exit: FrameExit, stream: string) {
    this.place = place;
    this.#fabric = fabric;
    this.#exit = exit;
    this.#kind = fabric.scheduler.register(this);
    this.#timer = fabric.timers.create(this, 0);
    this.#prng = new Prng(fabric.seed, stream);
    this.#loss = new LossByChance(this.#prng);
    this.#policer = new AnnouncementPolicer(fabric.slab);
  }

  /** What it does to frames now. */
  get impairing(): Impairing {
    return this.#impairing;
  }

  get counts(): ImpairCounts {
    const [frames, lost, overflowed, policed, duplicated, reordered, corrupted] = this.#counts;
    return {
      frames: frames!,
      lost: lost!,
      overflowed: overflowed!,
      policed: policed!,
      duplicated: duplicated!,
      reordered: reordered!,
      corrupted: corrupted!,
    };
  }

  /** Frames that wait to go on. */
  get waiting(): number {
    return this.#waiting;
  }

  /** From now on what the words say, for so long; `forNs` null: until something else is said. Frames that wait keep their time. */
  set(words: ImpairWords, forNs: number | null): void {
    const untilNs = forNs === null ? Number.POSITIVE_INFINITY : this.#fabric.clock.nowNs + forNs;
    this.#apply(words);
    for (const key of namedIn(words)) {
      const isCleared = isNothing(words, SET_BY[key]);
      this.#endsNs[IMPAIR_KEYS.indexOf(key)] = isCleared ? Number.POSITIVE_INFINITY : untilNs;
    }
    this.#arm();
  }

  /** The carrier is gone, and with it what waits. Its slots come back when it would have gone on. */
  cut(): void {
    this.#generation++;
    this.#counts[LOST]! += this.#waiting;
    this.#waiting = 0;
    this.#lastNs[0] = 0;
  }

  /** Words have come to their end. */
  onTimer(): void {
    const nowNs = this.#fabric.clock.nowNs;
    const ended = IMPAIR_KEYS.filter((_, index) => this.#endsNs[index]! <= nowNs);
    for (const key of ended) this.#endsNs[IMPAIR_KEYS.indexOf(key)] = Number.POSITIVE_INFINITY;
    this.#apply(Object.fromEntries(ended.map((key) => [SET_BY[key], UNIMPAIRED[SET_BY[key]]])));
    this.#arm();
    this.#fabric.mended(this.place, ended);
  }

  // --- the walk of a frame ------------------------------------------------------------------------------------------

  /** Takes over the frame. */
  take(frame: FrameRef): void {
    this.#counts[FRAMES]! += 1;
    const comesTwice = happens(this.#prng, this.#duplicate);
    const isLost = this.#loss.loses();
    if (comesTwice && !isLost) this.#double(frame);
    if (isLost && !comesTwice) this.#lose(frame, LOST, "chance");
    else this.#goOn(frame);
  }

  /** A frame has waited for its time. */
  onEvent(generation: number, frame: number): void {
    if (generation !== this.#generation) {
      this.#fabric.slab.release(frame as FrameRef);
      return;
    }
    this.#waiting--;
    this.#exit.forward(frame as FrameRef);
  }

  /** Without a slot for it there is no second one. */
  #double(frame: FrameRef): void {
    const second = this.#fabric.copyOf(frame);
    if (second === NO_FRAME) return;
    this.#counts[DUPLICATED]! += 1;
    if (this.#loss.loses()) this.#lose(second, LOST, "chance");
    else this.#goOn(second);
  }

  #goOn(frame: FrameRef): void {
    if (!this.#policer.passes(frame, this.#fabric.clock.cell)) {
      this.#lose(frame, POLICED, "policer");
      return;
    }
    const sent = happens(this.#prng, this.#corrupt) ? this.#corrupted(frame) : frame;
    if (sent === NO_FRAME) this.#lose(frame, OVERFLOWED, "queue");
    else if (this.#delayNs === 0 && this.#nsPerOctet === 0) this.#exit.forward(sent);
    else if (this.#waiting >= LIMIT) this.#lose(sent, OVERFLOWED, "queue");
    else if (this.#delayNs > 0 && happens(this.#prng, this.#reorder)) {
      this.#counts[REORDERED]! += 1;
      this.#exit.forward(sent);
    } else this.#wait(sent);
  }

  #wait(frame: FrameRef): void {
    const { scheduler, slab } = this.#fabric;
    const nowNs = scheduler.clock.cell[0]!;
    let dueNs = nowNs + this.#delayNs;
    if (this.#delayNs > 0 && this.#jitterNs > 0) {
      const moreNs = Math.floor(((this.#prng.nextInt32() >>> 0) / 2 ** 32) * 2 * this.#jitterNs) - this.#jitterNs;
      dueNs = Math.max(nowNs, dueNs + moreNs);
    }
    if (this.#nsPerOctet !== 0)
      dueNs = Math.max(dueNs, this.#lastNs[0]!) + Math.ceil(slab.octets[frame]! * this.#nsPerOctet);
    scheduler.dueNs[0] = dueNs;
    if (!scheduler.push(this.#kind, this.#generation, frame)) {
      this.#lose(frame, OVERFLOWED, "queue");
      return;
    }
    this.#lastNs[0] = Math.max(dueNs, this.#lastNs[0]!);
    this.#waiting++;
  }

  /** The frame in a slot of its own, with one bit flipped, instead of the one that is given; NO_FRAME, and nothing done, if there is no slot. */
  #corrupted(frame: FrameRef): FrameRef {
    const { slab } = this.#fabric;
    const own = this.#fabric.copyOf(frame);
    if (own === NO_FRAME) return NO_FRAME;
    slab.release(frame);
    this.#counts[CORRUPTED]! += 1;
    const bit = Math.floor(((this.#prng.nextInt32() >>> 0) / 2 ** 32) * slab.octets[own]! * 8);
    slab.bytes[slab.start(own) + (bit >> 3)]! ^= 1 << (bit & 7);
    return own;
  }

  #lose(frame: FrameRef, count: number, cause: LossCause): void {
    this.#counts[count]! += 1;
    this.#fabric.lost(this.place, frame, cause);
    this.#fabric.slab.release(frame);
  }

  // --- what is in force ---------------------------------------------------------------------------------------------

  #apply(words: ImpairWords): void {
    const impairing = { ...this.#impairing, ...words };
    this.#impairing = impairing;
    this.#delayNs = impairing.delayNs;
    this.#jitterNs = impairing.jitterNs;
    this.#duplicate = of2To32(impairing.duplicate);
    this.#reorder = of2To32(impairing.reorder);
    this.#corrupt = of2To32(impairing.corrupt);
    this.#nsPerOctet = impairing.bitsPerSecond === 0 ? 0 : (8 * NS_PER_S) / impairing.bitsPerSecond;
    if (words.loss !== undefined) this.#loss.set(words.loss);
    if (words.announcementsPerSecond !== undefined) this.#policer.set(words.announcementsPerSecond);
  }

  #arm(): void {
    const { timers } = this.#fabric;
    const endNs = Math.min(...this.#endsNs);
    if (endNs === Number.POSITIVE_INFINITY) timers.cancel(this.#timer);
    else timers.armAt(this.#timer, endNs);
  }
}

function isNothing(words: ImpairWords, key: keyof Impairing): boolean {
  return key === "loss" ? words.loss!.share === 0 : words[key] === 0;
}
