/**
 * What a trace is made of: a switch as it is set up, and steps in order of time. Most steps are frames; the others are what an
 * administrator does to a bridge.
 */

import type { PortFlags } from "../switch/port-state.ts";
import type { VlanMembership } from "../switch/vlans.ts";
import type { Finding } from "../text/config-error.ts";

/** A MAC as the switch knows it: its first two octets and its last four, the first octet lowest. */
export interface MacWords {
  readonly hi: number;
  readonly lo: number;
}

export interface PortVlan extends VlanMembership {
  readonly port: number;
}

/** The switch before the first step. Ports count from 0. */
export interface TraceSetup {
  readonly ports: number;
  /** Null: as the profile has it. */
  readonly ageingMs: number | null;
  /** By port: what differs from the defaults. */
  readonly portFlags: ReadonlyMap<number, Partial<PortFlags>>;
  /** Bit X: 01:80:c2:00:00:0X is forwarded. */
  readonly groupForwardMask: number;
  /** MTU of every port; null: frames of any length come in. */
  readonly portMtu: number | null;
  /** MTU of what sends the frames; null: they can be of any length. */
  readonly hostMtu: number | null;
  /** Null: the switch looks at no tags. */
  readonly vlans: readonly PortVlan[] | null;
  readonly bridgeMac: MacWords | null;
  /** By port. */
  readonly portMacs: readonly MacWords[];
}

/** A kind of entry that is made by hand. */
export type HandMadeKind = "dynamic" | "static" | "sticky";

/** Where in the input something stands. */
export interface StepPlace {
  /** Steps count from 0; a header is none. */
  readonly step: number;
  readonly atNs: number;
  /** Of several frames in one step: the how-manieth, from 0. */
  readonly frame?: number;
  /** Of a frame in a capture: its number there, from 1, as Wireshark counts. */
  readonly number?: number;
}

/** The octets are borrowed: they hold until the next step is asked for. */
export interface FrameStep {
  readonly place: StepPlace;
  readonly do: "frame";
  readonly port: number;
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly octets: number;
}

export type ChangeStep = { readonly place: StepPlace } & (
  | { readonly do: "carrier"; readonly port: number; readonly up: boolean; readonly by: "port" | "hostEnd" }
  | { readonly do: "member"; readonly port: number; readonly joins: boolean }
  | { readonly do: "flags"; readonly port: number; readonly flags: Partial<PortFlags> }
  | ({ readonly do: "add"; readonly kind: HandMadeKind } & EntryName)
  | ({ readonly do: "delete" } & EntryName)
  | { readonly do: "flush" }
  | { readonly do: "ageing"; readonly ageingMs: number }
);

export interface SnapshotStep {
  readonly place: StepPlace;
  readonly do: "snapshot";
  readonly name: string;
}

export type TraceStep = FrameStep | ChangeStep | SnapshotStep;

/** An entry as a command names it. */
export interface EntryName {
  readonly mac: MacWords;
  readonly port: number;
  /** Null: none was named. */
  readonly vlan: number | null;
}

/** What is said beside the input. */
export interface TraceInput {
  /** How many ports the switch has; null: the input says it. */
  readonly ports?: number | null;
  /** Which network of a capture of several; null: there is one. */
  readonly network?: string | null;
}

/** An input that was judged as a whole and found right. */
export interface TraceSource {
  readonly setup: TraceSetup;
  /** By port; null if ports have no names. */
  readonly portNames: readonly string[] | null;
  /** What the switch is, where that is not for the input to say, in one line; null: the input describes it. */
  readonly about: string | null;
  /** As many decimals as times in seconds need, three at least. */
  readonly decimals: number;
  /** What is worth knowing and did not keep the input from being read. */
  readonly warnings: readonly Finding[];
  /** How much of the input the steps handed out so far were, 0 to 1. */
  readonly progress: number;
  /** The steps from the first one on, in order of time. */
  steps(): Iterable<TraceStep>;
}
