/**
 * The two hooks of the switch. Both are null unless somebody listens; what stands behind them may allocate, the switch does
 * not. Arguments are integers: a MAC is (hi, lo), its first two octets and its last four.
 */
import type { DomainId, FrameRef, PortId } from "../base/ids.ts";
import type { DropCause } from "./drop-cause.ts";

/** Sees every frame once, when it has been decided; used by captures and by the watch over announcements. */
export interface FrameTap {
  /** Borrows the frame: retain it to keep it. */
  onFrame(port: PortId, frame: FrameRef, cause: DropCause): void;
}

/** Hears of MAC addresses that turn up behind another port; and, if it wants to, of new ones, and of carriers. */
export interface SwitchObserver {
  onMove(domain: DomainId, macHi: number, macLo: number, from: PortId, to: PortId): void;
  /** A MAC that was not in the table is now, perhaps in the place of another. */
  onLearn?(domain: DomainId, macHi: number, macLo: number): void;
  /** A port has carrier or has none, and the table has forgotten what it forgets then. */
  onLink?(port: PortId): void;
}
