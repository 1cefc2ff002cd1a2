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
  | "file-failed"
  | "process-failed"
  | "bfd-down"
  | "source-address-missing"
  | "faults-cleared"
  | "sync-group"
  | "address-deleted"
  | "reloaded"
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
  /** Something else that is worth knowing; `text` goes on after the router's name. Told once per state. */
  onRemark(router: VirtualRouter, text: string): void;
  /** A tracked thing was judged differently than before: `what` names it ("script chk"), `how` says how it is now. */
  onTracked(host: string, what: string, how: string): void;
}
