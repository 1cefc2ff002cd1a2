/** What a neighbour cache needs of the interface that it belongs to, and of the machine. */
import type { FrameRef } from "../base/ids.ts";
import type { FrameSlab } from "../frame/slab.ts";
import type { Timers } from "../time/timers.ts";
import type { KernelTimers } from "./kernel-timers.ts";
import type { NeighbourCache } from "./neighbour-cache.ts";

/** What a family's cache needs of the interface behind it. */
export interface NeighbourSupport {
  /**
   * Asks for the address at `offset`: by multicast if `mac` is null, else only the owner of that MAC. `waiting` is the packet that began
   * to wait last, if one does; it is only borrowed.
   */
  solicit(
    address: Uint8Array,
    offset: number,
    mac: Uint8Array | null,
    macOffset: number,
    waiting: FrameRef | undefined,
  ): void;
  /** Sends a packet that has waited. Takes over the frame. */
  transmitTo(frame: FrameRef, mac: Uint8Array, macOffset: number): void;
  /** Gives up a packet. Takes over the frame. */
  unreachable(frame: FrameRef): void;
  /** An entry got another state or MAC. Cold: called for changes only. */
  neighbourChanged(cache: NeighbourCache, index: number): void;
}

export interface NeighbourSurroundings {
  /** Time as the machine has it. */
  readonly kernel: KernelTimers;
  readonly timers: Timers;
  readonly slab: FrameSlab;
}
