/**
 * Reads the recorded cases of test/recordings/linux-neighbour, and lets a simulated host do what the recorded one did: the test plays
 * everybody else at the other end of the cable.
 */
import { readdirSync, readFileSync } from "node:fs";
import { NS_PER_MS, NS_PER_S } from "../../src/base/units.ts";
import { NUD_NAMES } from "../../src/host/nud.ts";
import { parseSysctl, writeSysctl } from "../../src/host/sysctl.ts";
import { sendTraffic } from "../../src/host/traffic.ts";
import { parsePrefix } from "../../src/text/ip-text.ts";
import { formatIp, formatMac } from "../../src/wire/address.ts";
import { arp, na } from "./frames.ts";
import { hex, ip, LoneHost, mac } from "./lone-host.ts";

interface Holder {
  readonly mac: string;
  readonly afterMs?: number;
  readonly S?: number;
  readonly O?: number;
}

interface RecordedStep {
  readonly at: number;
  readonly inject?: string;
  readonly peerAnswers?: Readonly<Record<string, null | string | readonly Holder[]>>;
  readonly hostSends?: {
    readonly udp: string;
    readonly count?: number;
    readonly everyMs?: number;
    readonly until?: number;
    readonly from?: string;
    readonly confirm?: boolean;
  };
  readonly hostDoes?: string;
  readonly peerLink?: "up" | "down";
}

interface RecordedNeighbour {
  readonly ip: string;
  readonly mac?: string;
  readonly state: string;
  readonly router?: boolean;
}

export interface NeighbourRecording {
  readonly name: string;
  readonly why: string;
  readonly family: "ipv4" | "ipv6";
  readonly host: { readonly mac: string; readonly addresses: readonly string[] };
  readonly sysctl: Readonly<Record<string, number>>;
  readonly reachableTimeMs: number;
  readonly forSeconds: number;
  readonly toleranceSeconds: number;
  readonly steps: readonly RecordedStep[];
  readonly observations: readonly { readonly at: number; readonly neigh: readonly RecordedNeighbour[] }[];
  readonly frames: readonly {
    readonly t: number;
    readonly dir: "in" | "out";
    readonly auto?: boolean;
    readonly hex: string;
    readonly what: string;
  }[];
}

/** A frame that the host sent. */
export interface SentByHost {
  readonly at: number;
  readonly hex: string;
}

const FOLDER = new URL("../recordings/linux-neighbour/", import.meta.url);

export function neighbourRecordings(): NeighbourRecording[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".json"));
  return files.sort().map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), "utf8")) as NeighbourRecording);
}

/** What the simulated host did: its frames, and its cache at each of the moments asked for. */
export interface Replayed {
  readonly sent: readonly SentByHost[];
  readonly caches: ReadonlyMap<number, readonly string[]>;
}

/** A line of a cache: `10.0.1.50 02:00:00:00:00:0a STALE`, and `router` behind it. */
export function lineOf({ ip: address, mac: lladdr, state, router }: RecordedNeighbour): string {
  return `${address} ${lladdr ?? "-"} ${state}${router === true ? " router" : ""}`;
}

/** `seed`: of when the machine has started, which decides how late each of its timers is. */
export function replay(recording: NeighbourRecording, moments: readonly number[], seed = 1): Replayed {
  const addresses = recording.host.addresses.map((text) => text.split(" dev "));
  const own = addresses.filter(([, device]) => device === undefined).map(([address]) => address!);
  const lone = new LoneHost(own, { slots: 2048, seed });
  const { host, nic } = lone;
  for (const [address, device] of addresses)
    if (device === "lo") host.addLoopbackAddress(parsePrefix(address!)!.address);
  for (const [name, value] of Object.entries(recording.sysctl)) writeSysctl(host, parseSysctl(name)!, value);
  nic.neighbours4.reachableNs = nic.neighbours6.reachableNs = recording.reachableTimeMs * NS_PER_MS;
  const answers = new Map<string, readonly Holder[]>();
  const later: (() => void)[] = [];
  const kind = lone.scheduler.register({ onEvent: (index) => later[index]!() });
  const at = (ns: number, action: () => void): void => {
    lone.scheduler.dueNs[0] = Math.round(ns);
    lone.scheduler.push(kind, later.push(action) - 1, 0);
  };
  lone.onSent = (bytes) => {
    for (const { frame, afterMs } of answersTo(bytes, answers))
      at(lone.nowNs + afterMs * NS_PER_MS + 50_000, () => lone.deliver(frame));
  };
  for (const step of recording.steps) at(step.at * NS_PER_S, () => take(step));
  const caches = new Map<number, readonly string[]>();
  for (const moment of moments) at(moment * NS_PER_S, () => caches.set(moment, cacheOf(lone)));
  lone.runTo(recording.forSeconds);
  const sent = lone.sent.map(({ atNs, bytes }) => ({ at: atNs / NS_PER_S, hex: Buffer.from(bytes).toString("hex") }));
  return { sent, caches };

  function take({ inject, peerAnswers, hostSends, hostDoes, peerLink }: RecordedStep): void {
    if (inject !== undefined) lone.deliver(hex(inject));
    for (const [address, by] of Object.entries(peerAnswers ?? {}))
      answers.set(address, by === null ? [] : typeof by === "string" ? [{ mac: by }] : by);
    if (hostSends !== undefined) {
      const { udp, count, everyMs, until, from, confirm } = hostSends;
      sendTraffic(host, {
        kind: "udp",
        to: ip(udp),
        source: from === undefined ? null : ip(from),
        port: 9,
        confirm: confirm === true,
        count: count ?? (everyMs === undefined ? 1 : Number.POSITIVE_INFINITY),
        everyNs: (everyMs ?? 0) * NS_PER_MS,
        untilNs: until === undefined ? Number.POSITIVE_INFINITY : until * NS_PER_S,
      });
    }
    if (hostDoes !== undefined) type(lone, hostDoes);
    if (peerLink !== undefined) nic.setCarrier(peerLink === "up");
  }
}

/** The few commands that the recordings have. */
function type({ host, nic }: LoneHost, command: string): void {
  const [, object, verb, ...rest] = command.split(" ");
  const prefix = object === "addr" ? parsePrefix(rest[0]!)! : null;
  if (prefix !== null && verb === "add") host.addAddress(nic, prefix.address, prefix.length);
  else if (prefix !== null) host.deleteAddress(nic, prefix.address);
  else if (rest[1] === "address") nic.setMac(mac(rest[2]!));
  else host.setLink(nic, rest[1] === "up");
}

function cacheOf({ nic }: LoneHost): string[] {
  return [nic.neighbours4, nic.neighbours6].flatMap((cache) =>
    cache.entries.indices().map((index) =>
      lineOf({
        ip: formatIp(cache.addresses, index * cache.addressOctets, cache.addressOctets),
        ...(cache.usable(index) ? { mac: formatMac(cache.macs, index * 6) } : {}),
        state: NUD_NAMES[cache.state(index)]!,
        router: cache.entries.isRouter[index] === 1,
      }),
    ),
  );
}

/** What the peer says to a frame, if it is a question that it answers. */
function answersTo(
  bytes: Uint8Array,
  answers: ReadonlyMap<string, readonly Holder[]>,
): { readonly frame: Uint8Array; readonly afterMs: number }[] {
  const isArp = bytes[12] === 0x08 && bytes[13] === 0x06 && bytes[21] === 1;
  const isSolicitation = bytes[12] === 0x86 && bytes[20] === 58 && bytes[54] === 135;
  if (!isArp && !isSolicitation) return [];
  const target = isArp ? formatIp(bytes, 38, 4) : formatIp(bytes, 62, 16);
  const asker = isArp ? formatIp(bytes, 28, 4) : formatIp(bytes, 22, 16);
  const to = formatMac(bytes, 6);
  const isGroup = (bytes[0]! & 1) === 1;
  // An announcement is no question.
  if (isArp && target === asker) return [];
  return (answers.get(target) ?? [])
    .filter(({ mac: holder }) => isGroup || holder === formatMac(bytes))
    .map(({ mac: holder, afterMs = 0, S = 1, O = 1 }) => {
      const flags = S * 0x40 + O * 0x20;
      const frame = isArp
        ? arp({ operation: 2, senderMac: holder, senderIp: target, targetMac: to, targetIp: asker, to })
        : na({ from: holder, target, flags, mac: holder, destination: asker });
      if (!isArp) frame.set(mac(to));
      return { frame, afterMs };
    });
}
