/** A recording of real keepalived daemons, as `test/recordings/README.md` describes it. */
import { readdirSync, readFileSync } from "node:fs";
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
    | "kill9"
    | "killchild"
    | "killparent"
    | "reload"
    | "linkdown"
    | "linkup"
    | "isolate"
    | "unisolate"
    | "touch"
    | "rm"
    | "write"
    | "command";
  readonly host?: string;
  /** Of `linkdown` and `linkup`; default: eth0. */
  readonly nic?: string;
  /** Of `reload`: the new configuration. */
  readonly conf?: string;
  /** Of `write`: which tracked file holds which number from now on. */
  readonly file?: string;
  readonly value?: number;
  /** Of `command`: what is typed. */
  readonly run?: string;
}

export interface RecordedNic {
  readonly ip: string | readonly string[];
  readonly mac: string;
}

export interface RecordedHost extends RecordedNic {
  readonly conf: string;
  /** Beside eth0, which is in the network `lan`. */
  readonly nics?: Readonly<Record<string, RecordedNic & { readonly network: string }>>;
}

export interface TimedFrame {
  readonly atNs: number;
  readonly bytes: Uint8Array;
}

export interface Recording {
  readonly name: string;
  readonly why: string;
  readonly hosts: Readonly<Record<string, RecordedHost>>;
  readonly actions: readonly RecordedAction[];
  readonly forSeconds: number;
  /** Those of the hosts, on the recording's own clock. */
  readonly frames: readonly TimedFrame[];
}

const FOLDER = new URL("../recordings/", import.meta.url);

/** The vNICs of a host by name, eth0 first. */
export function nicsOf({ ip, mac, nics = {} }: RecordedHost): (readonly [string, RecordedNic & { network: string }])[] {
  return [["eth0", { ip, mac, network: "lan" }], ...Object.entries(nics)];
}

/** Names of the recordings in a folder under `test/recordings`, in the order of the alphabet. */
export function recordingsIn(folder: string): string[] {
  const files = readdirSync(new URL(folder, FOLDER)).filter((file) => file.endsWith(".pcap"));
  return files.map((file) => `${folder}${file.slice(0, -".pcap".length)}`).sort();
}

/** `name` may stand in a folder: `further/auth-ah`. */
export function readRecording(name: string): Recording {
  const text = JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")) as Omit<Recording, "frames"> & {
    readonly frames: readonly { readonly t: number }[];
  };
  const packets = readPcap(new Uint8Array(readFileSync(new URL(`${name}.pcap`, FOLDER))));
  const zeroNs = packets[0]!.tNs - Math.round(text.frames[0]!.t * NS_PER_S);
  return { ...text, frames: packets.map(({ tNs, bytes }) => ({ atNs: tNs - zeroNs, bytes })) };
}
