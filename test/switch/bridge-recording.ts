/**
 * What a Linux bridge did with given steps: the recordings of `test/recordings/linux-bridge`, as `test/recordings/README.md` describes
 * them, typed, and with batches unrolled into single frames.
 */
import { readdirSync, readFileSync } from "node:fs";

export interface PortFlags {
  /** Sources are learned here. */
  readonly learning: boolean;
  /** Frames for unknown unicast addresses leave here. */
  readonly flood: boolean;
  readonly mcastFlood: boolean;
  readonly bcastFlood: boolean;
  /** Frames may leave where they came in. */
  readonly hairpin: boolean;
  /** Isolated ports do not hear each other. */
  readonly isolated: boolean;
  /** Only sources with an entry at this port may send. */
  readonly locked: boolean;
}

export const DEFAULT_FLAGS: PortFlags = {
  learning: true,
  flood: true,
  mcastFlood: true,
  bcastFlood: true,
  hairpin: false,
  isolated: false,
  locked: false,
};

export interface VlanMembership {
  readonly port: number;
  readonly vid: number;
  /** Untagged frames that come in here belong to this VLAN. */
  readonly pvid?: boolean;
  /** Its frames leave here without a tag. */
  readonly untagged?: boolean;
}

/** The bridge before the first step; the name of each field is the recordings'. */
export interface BridgeSetup {
  /** Ports count from 0. */
  readonly ports: number;
  readonly ageingSeconds: number;
  readonly options?: {
    /** By port: what differs from `DEFAULT_FLAGS`. */
    readonly portFlags?: Readonly<Record<string, Partial<PortFlags>>>;
    /** Bit X: 01:80:c2:00:00:0X is forwarded. */
    readonly groupFwdMask?: number;
    /** MTU of every port; 1500 if missing. */
    readonly portMtu?: number;
    /** MTU of every host end. */
    readonly hostMtu?: number;
    readonly vlanFiltering?: boolean;
    readonly vlans?: readonly VlanMembership[];
  };
  readonly bridgeMac?: string;
  readonly portMacs?: readonly string[];
}

export type HandMadeKind = "dynamic" | "static" | "sticky";

export interface FrameStep {
  readonly at: number;
  readonly port: number;
  /** Hexadecimal, from the destination to the last octet, without FCS. */
  readonly frame: string;
}

type CarrierSide = { readonly by?: "hostEnd" };

/** `at` is in seconds since the beginning. */
export type BridgeStep =
  | FrameStep
  | ({ readonly at: number; readonly portDown: number } & CarrierSide)
  | ({ readonly at: number; readonly portUp: number } & CarrierSide)
  | { readonly at: number; readonly portRemove: number }
  | { readonly at: number; readonly portAdd: number }
  | { readonly at: number; readonly portFlags: { readonly port: number } & Partial<PortFlags> }
  | { readonly at: number; readonly fdbAdd: TableKey & { readonly kind: HandMadeKind } }
  | { readonly at: number; readonly fdbDel: TableKey }
  | { readonly at: number; readonly flush: true }
  | { readonly at: number; readonly ageing: number }
  | { readonly at: number; readonly snapshot: string };

export interface TableKey {
  readonly mac: string;
  readonly port: number;
  readonly vlan?: number;
}

/** An entry of the forwarding table; `vlan` on VLAN-aware bridges only. */
export interface TableRow extends TableKey {
  readonly kind: HandMadeKind;
}

/** A large table: the number of its entries, and SHA-256 over the lines `MAC PORT KIND\n`, sorted by MAC. */
export interface TableDigest {
  readonly count: number;
  readonly sha256: string;
}

/** Octets in hexadecimal by port, where they differ from the octets sent. */
export type Altered = Readonly<Record<string, string>>;

export interface BridgeRecording {
  readonly name: string;
  readonly why: string;
  readonly setup: BridgeSetup;
  readonly steps: readonly BridgeStep[];
  /** As long as `steps`: the ports that received the frame, ascending; null for a step without a frame. */
  readonly deliveries: readonly (readonly number[] | null)[];
  /** As long as `steps`. */
  readonly altered: readonly Altered[];
  readonly snapshots: Readonly<Record<string, readonly TableRow[] | TableDigest>>;
}

const FOLDER = new URL("../recordings/linux-bridge/", import.meta.url);

/** The names of all recordings, sorted; those that were made to settle single questions begin with `further/`. */
export function bridgeRecordings(): string[] {
  return readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".json"))
    .map((path) => path.replaceAll("\\", "/").replace(".json", ""))
    .sort();
}

export function readBridgeRecording(name: string): BridgeRecording {
  return unrolled(JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")) as Written);
}

/** Many frames, one after another: see `test/recordings/README.md`. */
interface Batch {
  readonly at: number;
  readonly batch: { readonly sources: string; readonly destinations: string; readonly ports: string };
}

/** A recording as its file has it. */
interface Written extends BridgeSetup {
  readonly name: string;
  readonly why: string;
  readonly steps: readonly (BridgeStep | Batch)[];
  readonly deliveries: readonly (readonly number[] | string | null)[];
  readonly altered?: Readonly<Record<string, Altered>>;
  readonly snapshots: BridgeRecording["snapshots"];
}

function unrolled(written: Written): BridgeRecording {
  const {
    name,
    why,
    snapshots,
    steps: writtenSteps,
    deliveries: writtenDeliveries,
    altered: changes,
    ...setup
  } = written;
  const steps: BridgeStep[] = [];
  const deliveries: (readonly number[] | null)[] = [];
  const altered: Altered[] = [];
  writtenSteps.forEach((step, i) => {
    const delivery = writtenDeliveries[i]!;
    if ("batch" in step) {
      const frames = framesOf(step);
      steps.push(...frames);
      deliveries.push(...deliveriesOf(frames, String(delivery), written.ports));
      altered.push(...frames.map(() => ({})));
    } else {
      steps.push(step);
      deliveries.push(delivery as readonly number[] | null);
      altered.push(changes?.[i] ?? {});
    }
  });
  return { name, why, setup, steps, deliveries, altered, snapshots };
}

function framesOf({ at, batch: { sources, destinations, ports } }: Batch): FrameStep[] {
  return [...ports].map((port, k) => {
    const source = sources.slice(12 * k, 12 * k + 12);
    const destination = destinations.length === 12 ? destinations : destinations.slice(12 * k, 12 * k + 12);
    const frame = `${destination}${source}88b54b56${k.toString(16).padStart(8, "0")}`;
    return { at, port: Number.parseInt(port, 16), frame };
  });
}

function deliveriesOf(frames: readonly FrameStep[], written: string, ports: number): number[][] {
  if (written !== "allOthers")
    return written.split(";").map((list) => (list === "" ? [] : list.split(",").map(Number)));
  return frames.map(({ port }) => [...Array(ports).keys()].filter((out) => out !== port));
}
