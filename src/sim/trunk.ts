/**
 * One way of a link between two switches: what enters it comes out at the far switch after the link's latency. It may lose frames by
 * chance (an impairment), and it may have a rate: then a frame waits until those before it have been put on the wire, and is lost
 * where too much waits already.
 *
 * The rate is reckoned without a queue of frames: `busyUntil` is when the last octet that was accepted will have left, so that what
 * waits is the time until then, times the rate. That is a first-in first-out queue of so many octets, exactly.
 */
import type { FrameRef } from "../base/ids.ts";
import { Prng } from "../base/prng.ts";
import { NS_PER_S } from "../base/units.ts";
import type { Fabric } from "./fabric.ts";
import type { SimPort } from "./sim-switch.ts";

/** What may wait for one way of a link, octets: a port's share of a small gigabit switch's 512 KiB. */
export const QUEUE_OCTETS = 65_536;
/** On the wire a frame has 60 octets at least, a check sequence (4), a preamble (8), and a gap behind it (12): IEEE 802.3. */
const FRAME_OCTETS_MIN = 60;
const OVERHEAD_OCTETS = 24;
const CERTAIN = 2 ** 32;

const FRAMES = 0;
const OCTETS = 1;
const LOST = 2;
const OVERFLOWED = 3;

export class Trunk {
  /** The link's name. */
  readonly link: string;
  readonly from: SimPort;
  readonly to: SimPort;
  readonly #kind: number;
  readonly #fabric: Fabric;
  readonly #chance: Prng;
  /** Of 2^32 frames so many are lost. */
  #lossOf2To32 = 0;
  /** 0: no rate. */
  readonly #nsPerOctet: number;
  readonly #busyUntilNs = new Float64Array(1);
  readonly #counts = new Float64Array(4);

  /** Frames arrive as events of `kind`: (port at the far switch, frame). `bitsPerSecond` 0: as many as come. */
  constructor(link: string, from: SimPort, to: SimPort, kind: number, bitsPerSecond: number, fabric: Fabric) {
    this.link = link;
    this.from = from;
    this.to = to;
    this.#kind = kind;
    this.#fabric = fabric;
    this.#nsPerOctet = bitsPerSecond === 0 ? 0 : (8 * NS_PER_S) / bitsPerSecond;
    this.#chance = new Prng(fabric.seed, `loss on ${link} ${from.id < to.id ? "there" : "back"}`);
  }

  /** The share of frames that is lost, 0 to 1. 0 and 1 draw nothing. */
  set loss(share: number) {
    this.#lossOf2To32 = Math.round(share * CERTAIN);
  }

  get loss(): number {
    return this.#lossOf2To32 / CERTAIN;
  }

  /** Frames that entered, lost ones included. */
  get frames(): number {
    return this.#counts[FRAMES]!;
  }

  get octets(): number {
    return this.#counts[OCTETS]!;
  }

  /** Frames lost by chance. */
  get lost(): number {
    return this.#counts[LOST]!;
  }

  /** Frames lost because too much waited. */
  get overflowed(): number {
    return this.#counts[OVERFLOWED]!;
  }

  /** Takes over the frame. */
  send(frame: FrameRef): void {
    const fabric = this.#fabric;
    const octets = fabric.slab.octets[frame]!;
    this.#counts[FRAMES]! += 1;
    this.#counts[OCTETS]! += octets;
    if (this.#lossOf2To32 !== 0 && this.#loses()) {
      this.#counts[LOST]! += 1;
      fabric.lost(this, frame);
      fabric.slab.release(frame);
    } else if (!this.#carry(frame, octets)) {
      this.#counts[OVERFLOWED]! += 1;
      fabric.slab.release(frame);
    }
  }

  /** False: too much is under way. */
  #carry(frame: FrameRef, octets: number): boolean {
    if (this.#nsPerOctet !== 0) return this.#enqueue(frame, octets);
    return this.#fabric.carry(this.from, this.#kind, this.to.id, frame);
  }

  #loses(): boolean {
    return this.#lossOf2To32 === CERTAIN || this.#chance.nextInt32() >>> 0 < this.#lossOf2To32;
  }

  #enqueue(frame: FrameRef, octets: number): boolean {
    const { scheduler } = this.#fabric;
    const nowNs = scheduler.clock.cell[0]!;
    const startNs = Math.max(nowNs, this.#busyUntilNs[0]!);
    if (startNs - nowNs > QUEUE_OCTETS * this.#nsPerOctet) return false;
    const endNs = startNs + Math.ceil((Math.max(octets, FRAME_OCTETS_MIN) + OVERHEAD_OCTETS) * this.#nsPerOctet);
    this.#busyUntilNs[0] = endNs;
    scheduler.dueNs[0] = endNs + this.from.latencyNs;
    return scheduler.push(this.#kind, this.to.id, frame);
  }
}
