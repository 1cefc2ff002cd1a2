/** A decision in words, for a person who wants to know at three in the morning why a frame went where it did. */
import { formatSpan, NS_PER_MS, NS_PER_S } from "../base/units.ts";
import type { DropName } from "../switch/drop-cause.ts";
import { dropWords } from "../switch/drop-words.ts";
import type { FrameDecision, KnownDestination, SourceVerdict } from "./decision.ts";
import type { StepPlace } from "./steps.ts";

/** `0.050 s`, with as many decimals as there are, three at least. */
export function formatMoment(ns: number): string {
  return `${fixedSeconds(ns, decimalsOf(ns))} s`;
}

/** `0.0500`, with so many decimals, of which nine tell all. */
export function fixedSeconds(ns: number, decimals: number): string {
  return `${Math.floor(ns / NS_PER_S)}.${String(ns % NS_PER_S)
    .padStart(9, "0")
    .slice(0, decimals)}`;
}

/** As many decimals as a time needs, three at least. */
export function decimalsOf(ns: number): number {
  let decimals = 3;
  for (let unit = NS_PER_MS; ns % unit !== 0; unit /= 10) decimals++;
  return decimals;
}

/** `step 7`, `step 12 frame 3` of a batch, `frame 8` of a capture. */
export function formatPlace({ step, frame, number }: StepPlace): string {
  if (number !== undefined) return `frame ${number}`;
  return frame === undefined ? `step ${step}` : `step ${step} frame ${frame}`;
}

/** Names of ports, by port; null if they have none. */
export type PortNames = readonly string[] | null;

/** `port 1`, `port 1 (vm-B.eth0)`. */
export function portText(port: number, names: PortNames = null): string {
  return `port ${numbered(port, names)}`;
}

/** `port 1`, `ports 1, 2, 3`, `ports 1 (vm-B.eth0), 2 (client.eth0)`. */
export function portsText(ports: readonly number[], names: PortNames = null): string {
  return `${ports.length === 1 ? "port" : "ports"} ${ports.map((port) => numbered(port, names)).join(", ")}`;
}

/** What the frame taught the switch; in a dry run: would have taught it. */
export function learningWords(verdict: SourceVerdict, port: number, dryRun: boolean, names: PortNames = null): string {
  const { mac } = verdict;
  const here = portText(port, names);
  switch (verdict.is) {
    case "new":
      return `${dryRun ? "would learn" : "learned"} ${mac} at ${here} (new)`;
    case "moved": {
      const heard =
        verdict.heard === null
          ? "an entry made by hand had it there"
          : `last heard at port ${verdict.from} at ${when(verdict.heard)}`;
      return `${dryRun ? "would move" : "moved"} ${mac} from ${portText(verdict.from, names)} to ${here}: ${heard}`;
    }
    case "refreshed":
      return `${mac} is at ${here}, as before`;
    case "not-learned":
      return `${mac} is not learned: ${verdict.because}`;
  }
}

/** Why the frame went where it did, or nowhere. */
export function decisionWords(decision: FrameDecision, names: PortNames = null): string {
  const { cause, because, destination, flood, step } = decision;
  const known = destination === null ? "" : knownWords(destination, step.place, names);
  if (cause !== null) {
    const why = because ?? dropWords(cause);
    return destination === null ? why : `${why}: ${known}`;
  }
  switch (flood) {
    case null:
      return known;
    case "broadcast":
      return "broadcast goes to everybody in this broadcast domain";
    case "group":
      return "a group goes to everybody in this broadcast domain, because the switch does not know who has joined";
    case "unknown":
      return "destination unknown in this broadcast domain";
    case "known-at-ingress":
      return `flooded all the same: ${known}, where the frame came in`;
  }
}

/** Which ports a flood left out, and why: one half sentence for each reason. */
export function withheldWords({ withheld, flood, vlan }: FrameDecision, names: PortNames = null): string[] {
  const byCause = new Map<DropName, number[]>();
  for (const { port, cause } of withheld) byCause.set(cause, [...(byCause.get(cause) ?? []), port]);
  return [...byCause].map(
    ([cause, ports]) => `not to ${portsText(ports, names)}: ${withheldReason(cause, flood, vlan)}`,
  );
}

function withheldReason(cause: DropName, flood: FrameDecision["flood"], vlan: number | null): string {
  switch (cause) {
    case "flood-off": {
      const what = {
        broadcast: "broadcast",
        group: "multicast",
        unknown: "unknown unicast",
        "known-at-ingress": "unicast",
      };
      return `${what[flood!]} is not flooded there`;
    }
    case "isolated":
      return "isolated, as the port that the frame came in by";
    case "egress-link-down":
      return "no carrier";
    case "port-removed":
      return "not in the switch";
    case "not-in-vlan":
      return `not in VLAN ${vlan}`;
    default:
      return dropWords(cause);
  }
}

function knownWords({ mac, port, kind, origin }: KnownDestination, now: StepPlace, names: PortNames = null): string {
  const where = portText(port, names);
  if (origin === null) return `${mac} is at ${where}: it is the source of this very frame`;
  const { placed, by, heard } = origin;
  const since =
    by === "frame"
      ? `${mac} is known at ${where} since ${formatPlace(placed)} at ${formatMoment(placed.atNs)}`
      : `${mac} has a ${kind} entry at ${where}, made by hand in ${formatPlace(placed)} at ${formatMoment(placed.atNs)}`;
  const last = heard ?? (by === "frame" ? placed : null);
  return last === null ? `${since}, not heard since` : `${since}, last heard ${formatSpan(now.atNs - last.atNs)} ago`;
}

function when(place: StepPlace): string {
  return `${formatMoment(place.atNs)} (${formatPlace(place)})`;
}

function numbered(port: number, names: PortNames = null): string {
  return names === null ? `${port}` : `${port} (${names[port]})`;
}
