/** What a trace says of each step: for a frame, where it went and all that is needed to say why. Octets and objects are the reader's. */
import type { DropName } from "../switch/drop-cause.ts";
import type { EntryKind } from "../switch/fdb.ts";
import type { Origin } from "./provenance.ts";
import type { FrameStep, StepPlace } from "./steps.ts";

/** What the table made of a frame's source; in a dry run: would make of it. */
export type SourceVerdict = { readonly mac: string } & (
  | { readonly is: "new" }
  /** `heard`: the last time that it was heard at its old port; null if an entry made by hand was there. */
  | { readonly is: "moved"; readonly from: number; readonly heard: StepPlace | null }
  | { readonly is: "refreshed"; readonly origin: Origin }
  | { readonly is: "not-learned"; readonly because: string }
);

/** What the table had of a frame's destination. */
export interface KnownDestination {
  readonly mac: string;
  readonly port: number;
  readonly kind: EntryKind;
  /** Null: this very frame, whose source is its destination. */
  readonly origin: Origin | null;
}

/** Why a flood is one. */
export type FloodKind = "broadcast" | "group" | "unknown" | "known-at-ingress";

export interface FrameDecision {
  readonly do: "frame";
  readonly step: FrameStep;
  /** Ports that got the frame, ascending. */
  readonly out: readonly number[];
  readonly action: "flood" | "forward" | "drop";
  /** Null if somebody got it. */
  readonly cause: DropName | null;
  /** The cause in words, where those of all frames of that cause would leave something open. */
  readonly because: string | null;
  /** The VLAN that the frame belongs to; null if the switch looks at no tags, or it belongs to none. */
  readonly vlan: number | null;
  /** Null: the frame did not come so far as to teach. */
  readonly source: SourceVerdict | null;
  /** Null: the destination was looked up in vain, or not at all. */
  readonly destination: KnownDestination | null;
  /** Null: it was not flooded. */
  readonly flood: FloodKind | null;
  /** Ports that a flood left out, ascending, and why; the one that it came in by only if it may leave there. */
  readonly withheld: readonly { readonly port: number; readonly cause: DropName }[];
  /** The octets that left, by port, where they differ from those that came in. */
  readonly altered: ReadonlyMap<number, Uint8Array>;
}

/** Something was changed, or refused, by hand. */
export interface ChangeDecision {
  readonly do: "change";
  readonly place: StepPlace;
  /** In words. */
  readonly did: string;
  readonly refused: boolean;
  /** Of the entry that it is about; null if it is about none. */
  readonly mac: string | null;
}

export interface TableRow {
  readonly mac: string;
  readonly port: number;
  readonly kind: EntryKind;
  /** Null: the switch looks at no tags. */
  readonly vlan: number | null;
  readonly origin: Origin | null;
}

export interface SnapshotDecision {
  readonly do: "snapshot";
  readonly place: StepPlace;
  readonly name: string;
  /** Sorted by MAC, then VLAN. */
  readonly rows: readonly TableRow[];
}

export type Decision = FrameDecision | ChangeDecision | SnapshotDecision;
