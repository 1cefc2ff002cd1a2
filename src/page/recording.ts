/** What a page needs of a run beyond its result: how hosts and links fared, what tables held, and every question of the probes. */
import type { AnnouncementEvent, NeighbourEvent } from "../observe/events.ts";
import type { RunResult } from "../scenario/run.ts";
import type { Change } from "./lane.ts";

/** A run, and what a `RunRecorder` heard of it. */
export interface RecordedRun {
  readonly result: RunResult;
  readonly recording: Recording;
}

export interface Recording {
  readonly hosts: readonly HostRecord[];
  readonly links: readonly LinkRecord[];
  readonly impairments: readonly ImpairmentRecord[];
  /** Oldest first, one for each burst. */
  readonly announcements: readonly AnnouncementEvent[];
  /** Oldest first; of virtual addresses only. */
  readonly neighbours: readonly NeighbourEvent[];
  /** By switch, then MAC. */
  readonly places: readonly PlaceRecord[];
  readonly probes: readonly ProbeRecord[];
  /** Host of every vNIC's own MAC; virtual ones are nobody's own. */
  readonly macs: ReadonlyMap<string, string>;
  /** Hosts that a trunk's port leads to, by its name: `core:uplink-1`. */
  readonly behind: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface HostRecord {
  readonly name: string;
  /** From the first moment on. */
  readonly lives: readonly Change<Life>[];
}

export interface Life {
  readonly machine: "running" | "paused" | "down";
  /** vNICs that have no carrier, or are switched off. */
  readonly dark: readonly string[];
  /** False: the host has software, and it does not run. */
  readonly software: boolean;
}

export interface LinkRecord {
  readonly name: string;
  readonly between: readonly [string, string];
  /** Whether it has carrier, from the first moment on. */
  readonly carrier: readonly Change<boolean>[];
}

/** What one way of a cable did to its frames. */
export interface ImpairmentRecord {
  /** The link, or the vNIC. */
  readonly name: string;
  readonly way: string;
  /** From the first step that impaired it on; empty: nothing. */
  readonly words: readonly Change<string>[];
}

/** Where one switch believes a MAC to be that a holder has or had. */
export interface PlaceRecord {
  readonly subnet: string;
  readonly switch: string;
  readonly mac: string;
  /** `host.nic` or `switch:link`; null: the table has no such entry, and frames for it are flooded. */
  readonly ports: readonly Change<string | null>[];
}

export interface ProbeRecord {
  readonly name: string;
  /** Questions in turn that had the same fate; null where there would be too many of them. */
  readonly fates: readonly ProbeFate[] | null;
  /** The run in parts of equal length. */
  readonly parts: readonly ProbePart[];
}

export interface ProbeFate {
  /** When the first of them was sent, and the question after the last. */
  readonly fromNs: number;
  readonly untilNs: number;
  readonly answered: boolean;
  readonly questions: number;
}

export interface ProbePart {
  readonly sent: number;
  /** Lost or late. */
  readonly unanswered: number;
  /** The longest that an answer took, late ones included; 0: none came. */
  readonly slowestNs: number;
}
