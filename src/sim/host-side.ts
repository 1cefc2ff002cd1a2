/** What one simulated host has of the fabric: everything is shared but the timers, which stand still when the machine does. */
import type { Clock } from "../base/clock.ts";
import type { FrameRef, PortId } from "../base/ids.ts";
import type { FrameSlab } from "../frame/slab.ts";
import type { HostObserver, HostPlatform } from "../host/platform.ts";
import { Timers } from "../time/timers.ts";
import type { Fabric } from "./fabric.ts";

export class HostSide implements HostPlatform {
  readonly slab: FrameSlab;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly seed: number;
  readonly #fabric: Fabric;

  constructor(fabric: Fabric) {
    this.slab = fabric.slab;
    this.clock = fabric.clock;
    this.timers = new Timers(fabric.scheduler);
    this.seed = fabric.seed;
    this.#fabric = fabric;
  }

  get hostObserver(): HostObserver | null {
    return this.#fabric.hostObserver;
  }

  transmit(port: PortId, frame: FrameRef): void {
    this.#fabric.transmit(port, frame);
  }
}
