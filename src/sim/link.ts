/** A link between two switches of a subnet: both ways of it, and the faults one can bring upon it. */
import type { TimerId } from "../base/ids.ts";
import type { TimerOwner, Timers } from "../time/timers.ts";
import type { Edge } from "./loops.ts";
import type { Subnet } from "./subnet.ts";
import type { Trunk } from "./trunk.ts";

export class Link implements Edge, TimerOwner {
  readonly name: string;
  readonly subnet: Subnet;
  /** Names of the switches. */
  readonly between: readonly [string, string];
  /** From the first of them to the second, and back. */
  readonly ways: readonly [Trunk, Trunk];
  readonly #timers: Timers;
  /** By way: the impairment ends. */
  readonly #ends: readonly TimerId[];
  readonly #onMended: (way: Trunk) => void;
  #isUp = true;

  /** `onMended` is told when an impairment ends by itself. */
  constructor(
    name: string,
    subnet: Subnet,
    ways: readonly [Trunk, Trunk],
    timers: Timers,
    onMended: (way: Trunk) => void,
  ) {
    this.name = name;
    this.subnet = subnet;
    this.between = [ways[0].from.at.name, ways[1].from.at.name];
    this.ways = ways;
    this.#timers = timers;
    this.#ends = ways.map((_, index) => timers.create(this, index));
    this.#onMended = onMended;
  }

  get latencyNs(): number {
    return this.ways[0].from.latencyNs;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Carrier lost or back: both switches see it, and what is under way when it goes is lost. */
  setCarrier(up: boolean): void {
    this.#isUp = up;
    for (const { from } of this.ways) from.at.bridge.setLink(from.local, up);
  }

  /** From now on `share` (0 to 1) of the frames on a way is lost; `forNs` null: until something else is said. */
  setLoss(way: Trunk, share: number, forNs: number | null): void {
    const timer = this.#ends[this.ways.indexOf(way)]!;
    way.loss = share;
    if (forNs === null) this.#timers.cancel(timer);
    else this.#timers.armAfter(timer, forNs);
  }

  onTimer(index: number): void {
    const way = this.ways[index]!;
    way.loss = 0;
    this.#onMended(way);
  }
}
