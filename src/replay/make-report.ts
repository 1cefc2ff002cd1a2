/** From what a replay has gathered to its report: names instead of hosts, seconds instead of nanoseconds. */
import { secondsFromNs } from "../base/units.ts";
import { VERSION } from "../base/version.ts";
import { DROP_NAMES } from "../switch/drop-cause.ts";
import { formatFinding } from "../text/config-error.ts";
import { formatIp } from "../wire/address.ts";
import type { AddressStory } from "./address-story.ts";
import type { Hold, HoldReason } from "./hold.ts";
import { formatMacKey } from "./mac-key.ts";
import type { Moment } from "./moment.ts";
import { overlapsOf } from "./overlaps.ts";
import { type Cast, Replay, type ReplayOptions } from "./replay.ts";
import type {
  ReplayReport,
  ReportAddress,
  ReportCapture,
  ReportContest,
  ReportHold,
  ReportPriorityChange,
  ReportReign,
  ReportSender,
  ReportStrangeAnswers,
  ReportVirtualMac,
  ReportVirtualRouter,
  ReportWhy,
} from "./report.ts";
import { disagreementsOf } from "./settings.ts";
import { silencesOf } from "./silences.ts";
import type { VirtualMacStory } from "./story.ts";
import type { PriorityChange, Reign, Sender, VirtualRouterStory, Why } from "./virtual-router-story.ts";
import { wallClock } from "./wall-clock.ts";

/** Replays a capture from its first frame to its last. Throws a ConfigError if `bytes` is none, or damaged. */
export function replayCapture(file: string, bytes: Uint8Array, options: ReplayOptions = {}): ReplayReport {
  const replay = new Replay(file, bytes, options);
  while (replay.advance());
  return makeReport(file, replay);
}

/** The report of a replay that is done. */
export function makeReport(file: string, replay: Replay): ReplayReport {
  const cast = replay.cast!;
  const { story } = replay;
  const addresses = [...story.addresses.values()];
  const routers = [...story.routers.values()];
  const virtual = addresses.filter(({ isVirtual }) => isVirtual);
  const reigns = new Map(routers.map((router) => [router, router.reigns.items]));
  return {
    schemaVersion: 1,
    viplane: VERSION,
    mode: "replay",
    capture: captureOf(file, replay, cast),
    by: cast.by,
    hosts: cast.hosts.list
      .filter(({ frames }) => frames > 0)
      .map(({ name, macs, addresses: own, interfaceName, frames }) => {
        return { name, macs, addresses: own, interface: interfaceName, frames };
      }),
    addresses: virtual.map(addressOf),
    virtualMacs: [...story.virtualMacs.values()].map((mac) => virtualMacOf(mac, cast)),
    virtualRouters: routers.map(routerOf),
    contests: [
      ...[...reigns].flatMap(([router, list]) => contestsOf(router, list)),
      ...addresses.flatMap(duelsOf),
    ].sort((a, b) => a.from - b.from || a.frame - b.frame),
    strangeAnswers: addresses.flatMap(strangersOf).sort((a, b) => a.first - b.first || a.firstFrame - b.firstFrame),
    moves: story.moves.items.map(({ at, mac, vlan, from, to }) => ({
      ...begins(at, "at"),
      mac,
      vlan: vlanText(vlan),
      from: from.name,
      to: to.name,
    })),
    loops: story.loops.items.map(({ host, what, vlan, run }) => ({
      host: host.name,
      what,
      vlan: vlanText(vlan),
      sightings: run.sightings,
      ...begins(run.from, "from"),
      ...ends(run.until),
    })),
    malformed: [...story.malformed.values()].map(({ protocol, reason, host, first, count }) => {
      return { protocol, reason, host: host.name, count, first: secondsFromNs(first.atNs), firstFrame: first.frame };
    }),
    refused: [...replay.refused].map(([cause, { first, count }]) => {
      return { cause: DROP_NAMES[cause]!, count, firstFrame: first.frame };
    }),
    omitted: omittedOf(replay),
    warnings: replay.warnings.map(formatFinding),
  };
}

function captureOf(file: string, replay: Replay, { network }: Cast): ReportCapture {
  const { capture, counts, now: end, story } = replay;
  const { seconds, nanoseconds } = capture.first ?? { seconds: 0, nanoseconds: 0 };
  const clock = wallClock(seconds, nanoseconds);
  const { packets, ...rest } = counts;
  return {
    file,
    format: capture.format,
    seconds: secondsFromNs(end.atNs),
    begins: clock === null ? null : `${clock.date}T${clock.time}Z`,
    firstSeconds: seconds,
    firstNanoseconds: nanoseconds,
    sorted: replay.isSorted,
    interfaces: capture.interfaces.map(({ name }) => name),
    frames: {
      all: packets,
      ...rest,
      delivered: network.delivered,
      withoutPseudoHeader: story.withoutPseudoHeader,
    },
  };
}

function addressOf(story: AddressStory): ReportAddress {
  return {
    address: story.address,
    vlan: vlanText(story.vlan),
    vrids: [...story.routers].map(({ vrid }) => vrid),
    announcements: story.announcements,
    holds: story.holds().map(holdOf),
    silences: silencesOf(story.routers).map(({ from, until }) => ({ ...begins(from, "from"), ...endsOrNot(until) })),
  };
}

function holdOf({ host, mac, from, until, cause, announcements, why }: Hold): ReportHold {
  return {
    holder: host.name,
    mac: mac === null ? null : formatMacKey(mac),
    ...begins(from, "from"),
    ...endsOrNot(until),
    cause,
    announcements,
    why: whyOf(why, why.router?.vrid ?? null, from),
  };
}

function whyOf({ kind, before, last, missed, fall }: Why | HoldReason, vrid: number | null, now: Moment): ReportWhy {
  return {
    kind,
    before: before?.name ?? null,
    frame: last?.frame ?? null,
    seconds: last === null ? null : secondsFromNs(now.atNs - last.atNs),
    missed,
    vrid,
    fall: fall === null ? null : changeOf(fall),
  };
}

function virtualMacOf({ mac, vlan, holds }: VirtualMacStory, { hosts }: Cast): ReportVirtualMac {
  return {
    mac: formatMacKey(mac),
    vlan: vlanText(vlan),
    vrid: mac % 256,
    holds: holds.items.map(({ host, from, until }) => ({
      holder: host.name,
      ...begins(from, "from"),
      ...endsOrNot(until),
    })),
    doubtful: hosts.doubtful.get(mac) ?? 0,
  };
}

function routerOf(router: VirtualRouterStory): ReportVirtualRouter {
  return {
    vrid: router.vrid,
    vlan: vlanText(router.vlan),
    family: router.family,
    versions: [...router.versions].sort((a, b) => a - b),
    addresses: [...router.addresses.keys()],
    masters: router.reigns.items.map((reign) => reignOf(router, reign)),
    senders: [...router.senders.values()].map(senderOf),
    disagreements: disagreementsOf(router).map(({ about, values }) => ({
      about,
      values: values.map(({ sender, value }) => ({ host: sender.host.name, value })),
    })),
    gaps: router.gaps.items.map(({ host, from, until, missed }) => ({
      host: host.name,
      ...begins(from, "from"),
      ...ends(until),
      missed,
    })),
  };
}

function reignOf({ vrid }: VirtualRouterStory, reign: Reign): ReportReign {
  const { host, from, until, end, priority, changes, adverts, why } = reign;
  return {
    host: host.name,
    ...begins(from, "from"),
    ...ends(until),
    end,
    priority,
    priorityChanges: changes.items.map(changeOf),
    adverts,
    why: whyOf(why, vrid, from),
  };
}

function changeOf({ at, from, to }: PriorityChange): ReportPriorityChange {
  return { ...begins(at, "at"), from, to };
}

function senderOf({ host, address, adverts, farewells, priorities, intervalNs, seen, missed }: Sender): ReportSender {
  const { count, sumNs, minNs, maxNs } = seen;
  return {
    host: host.name,
    address: formatIp(address),
    adverts,
    farewells,
    priorities: [...priorities].sort((a, b) => a - b),
    interval: intervalNs === 0 ? null : secondsFromNs(intervalNs),
    seen:
      count === 0
        ? null
        : { min: secondsFromNs(minNs), mean: secondsFromNs(Math.round(sumNs / count)), max: secondsFromNs(maxNs) },
    missed,
  };
}

function contestsOf(router: VirtualRouterStory, reigns: readonly Reign[]): ReportContest[] {
  return overlapsOf(reigns).map(({ from, until, hosts }) => ({
    kind: "masters",
    vrid: router.vrid,
    address: null,
    vlan: vlanText(router.vlan),
    ...begins(from, "from"),
    ...ends(until),
    hosts: hosts.map(({ name }) => name),
    changes: null,
  }));
}

function duelsOf({ address, vlan, duels }: AddressStory): ReportContest[] {
  return duels.items.map(({ from, until, hosts, changes }) => ({
    kind: "announcers",
    vrid: null,
    address,
    vlan: vlanText(vlan),
    ...begins(from, "from"),
    ...ends(until),
    hosts: hosts.map(({ name }) => name),
    changes,
  }));
}

function strangersOf({ address, vlan, strangers }: AddressStory): ReportStrangeAnswers[] {
  return [...strangers.values()].map(({ how, host, mac, holder, holderMac, first, last, count }) => ({
    how,
    address,
    vlan: vlanText(vlan),
    host: host.name,
    mac: formatMacKey(mac),
    holder: holder.name,
    holderMac: holderMac === null ? null : formatMacKey(holderMac),
    count,
    first: secondsFromNs(first.atNs),
    firstFrame: first.frame,
    last: secondsFromNs(last.atNs),
    lastFrame: last.frame,
  }));
}

function omittedOf({ story }: Replay): number {
  let omitted = story.moves.omitted + story.loops.omitted;
  for (const address of story.addresses.values()) omitted += address.omitted + address.duels.omitted;
  for (const router of story.routers.values()) omitted += omittedOfRouter(router);
  for (const mac of story.virtualMacs.values()) omitted += mac.holds.omitted;
  return omitted;
}

function omittedOfRouter({ reigns, gaps }: VirtualRouterStory): number {
  return reigns.items.reduce((sum, { changes }) => sum + changes.omitted, reigns.omitted + gaps.omitted);
}

function begins<Key extends "from" | "at">(moment: Moment, key: Key): Record<Key, number> & { frame: number } {
  return { [key]: secondsFromNs(moment.atNs), frame: moment.frame } as Record<Key, number> & { frame: number };
}

function ends(moment: Moment): { until: number; untilFrame: number } {
  return { until: secondsFromNs(moment.atNs), untilFrame: moment.frame };
}

function endsOrNot(moment: Moment | null): { until: number | null; untilFrame: number | null } {
  return moment === null ? { until: null, untilFrame: null } : ends(moment);
}

function vlanText(vlan: number): string | null {
  if (vlan === 0) return null;
  return vlan < 4096 ? String(vlan) : `${Math.floor(vlan / 4096)}.${vlan % 4096}`;
}
