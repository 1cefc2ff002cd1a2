/**
 * One way of a link between two switches: what enters it comes out at the far switch after the link's latency. It may be impaired,
 * and it may have a rate: then a frame waits until those before it have been put on the wire, and is lost where too much waits already.
 *
 * The rate is reckoned without a queue of frames: `busyUntil` is when the last octet that was accepted will have left, so that what
 * waits is the time until then, times the rate. That is a first-in first-out queue of so many octets, exactly.
 */
import type { FrameRef } from "../base/ids.ts";
import { NS_PER_S } from "../base/units.ts";
import type { Fabric } from "./fabric.ts";
import type { FrameExit, Impairment } from "./impairment.ts";
import type { SimPort } from "./sim-switch.ts";

/** What may wait for one way of a link, octets: a port's share of a small gigabit switch's 512 KiB. */
export const QUEUE_OCTETS = 65_536;
/** On the wire a frame has 60 octets at least, a check sequence (4), a preamble (8), and a gap behind it (12): IEEE 802.3. */
const FRAME_OCTETS_MIN = 60;
const OVERHEAD_OCTETS = 24;

const FRAMES = 0;
const OCTETS = 1;
const OVERFLOWED = 2;

export class Trunk implements FrameExit {
  /** The link's name. */
  readonly link: string;
  readonly from: SimPort;
  readonly to: SimPort;
  /** What frames go through before all else; null: it was never impaired. */
  impairment: Impairment | null = null;
  readonly #kind: number;
  readonly #fabric: Fabric;
  /** 0: no rate. */
  readonly #nsPerOctet: number;
  readonly #busyUntilNs = new Float64Array(1);
  readonly #counts = new Float64Array(3);

  /** Frames arrive as events of `kind`: (port at the far switch, frame). `bitsPerSecond` 0: as many as come. */
  constructor(link: string, from: SimPort, to: SimPort, kind: number, bitsPerSecond: number, fabric: Fabric) {
    this.link = link;
    this.from = from;
    this.to = to;
    this.#kind = kind;
    this.#fabric = fabric;
    this.#nsPerOctet = bitsPerSecond === 0 ? 0 : (8 * NS_PER_S) / bitsPerSecond;
  }

  /** Frames that entered, lost ones included. */
  get frames(): number {
    return this.#counts[FRAMES]!;
  }

  get octets(): number {
    return this.#counts[OCTETS]!;
  }

  /** Frames lost for an impairment, but for those that its queue or its policer refused. */
  get lost(): number {
    return this.impairment?.counts.lost ?? 0;
  }

  /** Frames lost because too much waited, here or in an impairment. */
  get overflowed(): number {
    return this.#counts[OVERFLOWED]! + (this.impairment?.counts.overflowed ?? 0);
  }

  /** Takes over the frame. */
  send(frame: FrameRef): void {
    this.#counts[FRAMES]! += 1;
    this.#counts[OCTETS]! += this.#fabric.slab.octets[frame]!;
    if (this.impairment === null) this.forward(frame);
    else this.impairment.take(frame);
  }

  /** Takes over a frame that no impairment keeps back any more. */
  forward(frame: FrameRef): void {
    if (this.#carry(frame)) return;
    this.#counts[OVERFLOWED]! += 1;
    this.#fabric.slab.release(frame);
  }

  /** False: too much is under way. */
  #carry(frame: FrameRef): boolean {
    if (this.#nsPerOctet !== 0) return this.#enqueue(frame, this.#fabric.slab.octets[frame]!);
    return this.#fabric.carry(this.from, this.#kind, this.to.id, frame);
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
