/** What keepalived tells those who watch it; all of it cold. */
import type { VirtualRouter } from "./virtual-router.ts";

/** STOPPED: the daemon does not run. The others are keepalived's own words. */
export type VrrpState = "INIT" | "BACKUP" | "MASTER" | "FAULT" | "STOPPED";

/** Why a state changed: stable names, printed in reports. */
export type VrrpCause =
  | "startup"
  | "master-down-timer"
  | "higher-priority-advert"
  | "same-priority-higher-address"
  | "interface-down"
  | "script-failed"
  | "source-address-missing"
  | "faults-cleared"
  | "stopped"
  | "killed"
  | "crashed";

export interface KeepalivedObserver {
  /** The router is in its new state already. `reason` is one sentence with the figures behind it. */
  onTransition(router: VirtualRouter, from: VrrpState, to: VrrpState, cause: VrrpCause, reason: string): void;
  /** A priority was lowered or raised by what the router tracks. */
  onPriority(router: VirtualRouter, from: number, to: number): void;
  /** A master has heard an advert of lower priority, or of the same from a lower address: it asserts itself. */
  onLowerAdvert(router: VirtualRouter, source: string, priority: number): void;
  /** An advert for the router's VRID was refused; `reason` as in `REJECT_REASONS`. Told once per reason and state. */
  onReject(router: VirtualRouter, source: string, reason: string): void;
  /** A tracked script was judged differently than before. */
  onScript(host: string, script: string, ok: boolean): void;
}
