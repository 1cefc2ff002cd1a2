/** A recording of real keepalived daemons, as `test/recordings/README.md` describes it. */
import { readFileSync } from "node:fs";
import { NS_PER_S } from "../../src/base/units.ts";
import { readPcap } from "../support/read-pcap.ts";

export interface RecordedAction {
  /** Seconds since the recording began. */
  readonly at: number;
  readonly do:
    | "start"
    | "term"
    | "crash"
    | "restore"
    | "linkdown"
    | "linkup"
    | "isolate"
    | "unisolate"
    | "touch"
    | "rm";
  readonly host?: string;
}

export interface TimedFrame {
  readonly atNs: number;
  readonly bytes: Uint8Array;
}

export interface Recording {
  readonly name: string;
  readonly why: string;
  readonly hosts: Readonly<Record<string, { readonly ip: string; readonly mac: string; readonly conf: string }>>;
  readonly actions: readonly RecordedAction[];
  readonly forSeconds: number;
  /** Those of the hosts, on the recording's own clock. */
  readonly frames: readonly TimedFrame[];
}

const FOLDER = new URL("../recordings/", import.meta.url);

export function readRecording(name: string): Recording {
  const text = JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")) as Omit<Recording, "frames"> & {
    readonly frames: readonly { readonly t: number }[];
  };
  const packets = readPcap(new Uint8Array(readFileSync(new URL(`${name}.pcap`, FOLDER))));
  const zeroNs = packets[0]!.tNs - Math.round(text.frames[0]!.t * NS_PER_S);
  return { ...text, frames: packets.map(({ tNs, bytes }) => ({ atNs: tNs - zeroNs, bytes })) };
}
