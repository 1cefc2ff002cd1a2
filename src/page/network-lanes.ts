/** Lanes of the network: who held each virtual address and who announced it, split brains, partitions, links, storms. */
import { formatSeconds, formatSpan } from "../base/units.ts";
import type { AnnouncementEvent, HolderEvent } from "../observe/events.ts";
import { FORM_TEXT, type Happening, havipNames } from "../scenario/happenings.ts";
import type { RunResult } from "../scenario/run.ts";
import type { Cast } from "./cast.ts";
import {
  type Change,
  coarsened,
  type Lane,
  type Mark,
  type MarkShape,
  type Span,
  spansOf,
  spanWords,
  thinned,
} from "./lane.ts";
import type { ImpairmentRecord, LinkRecord, Recording } from "./recording.ts";

export const FORM_SHAPES: Readonly<Record<AnnouncementEvent["form"], MarkShape>> = {
  "garp-request": "down",
  "garp-reply": "diamond",
  na: "circle",
};

/** Of each virtual address who held it and who announced it, and below it when too many were master for it. */
export function addressLanes(result: RunResult, { announcements }: Recording, cast: Cast): Lane[] {
  const names = havipNames(result.scenario);
  const { holders, endNs } = result;
  const vips = new Set([...names.keys(), ...holders.map(({ vip }) => vip), ...announcements.map(({ vip }) => vip)]);
  return [...vips].flatMap((vip) => {
    const changes = holders.filter((event) => event.vip === vip);
    const marks = announcements.filter((event) => event.vip === vip).map((event) => announcementMark(event, cast));
    const spans = holderSpans(vip, changes, cast, endNs);
    const lane: Lane = {
      name: vip,
      note: names.get(vip) ?? "",
      spans: coarsened(spans, endNs),
      marks: thinned(marks, endNs),
      curves: [],
      summary: `${vip} was held by ${spans.map(({ label, fromNs }) => `${label} from ${formatSeconds(fromNs)}`).join(", ")}; announced ${marks.length} times`,
    };
    return [lane, ...splitLanes(result, vip)];
  });
}

function holderSpans(vip: string, events: readonly HolderEvent[], cast: Cast, endNs: number): Span[] {
  const changes: Change<HolderEvent | null>[] = [
    { atNs: 0, value: null },
    ...events.map((event) => ({ atNs: event.atNs, value: event })),
  ];
  return spansOf(changes, endNs, (event, fromNs, untilNs) => {
    const to = event?.to ?? null;
    const holder = to === null ? "nobody" : to.host;
    const cause = event === null ? "" : event.cause === "link-down" ? "its port lost carrier" : FORM_TEXT[event.cause];
    const who = to === null ? "" : ` ${to.host}.${to.nic} (${to.mac}):`;
    const why = event === null ? "nobody has announced it yet" : `network re-points it:${who} ${cause}`;
    const tells = `${vip} is at ${holder}\n${spanWords(fromNs, untilNs)}\n${why}`;
    return { fromNs, untilNs, look: to === null ? "nobody" : cast.look(to.host), label: holder, tells };
  });
}

function announcementMark({ atNs, vip, host, nic, form, counts }: AnnouncementEvent, cast: Cast): Mark {
  const title = `${formatSeconds(atNs)}  ${host}.${nic} announces ${vip}`;
  const fate = counts ? "it counts" : "it is no claimant: the network takes no notice";
  const look = `${cast.look(host)}${counts ? "" : " ignored"}`;
  return { atNs, shape: FORM_SHAPES[form], look, tells: `${title}\n${FORM_TEXT[form]}; ${fate}` };
}

function splitLanes({ splitBrains, endNs }: RunResult, vip: string): Lane[] {
  const spans = splitBrains
    .filter((split) => split.vip === vip)
    .map(({ fromNs, untilNs, hosts, subnet }): Span => {
      const words = `${hosts.join(" and ")} were master for ${vip} of ${subnet} at the same time`;
      const label = `SPLIT BRAIN: ${hosts.join(" and ")}, ${formatSpan(untilNs - fromNs)}`;
      return { fromNs, untilNs, look: "split", label, tells: `SPLIT BRAIN\n${words}\n${spanWords(fromNs, untilNs)}` };
    });
  if (spans.length === 0) return [];
  const summary = spans.map(({ tells }) => tells.replaceAll("\n", ": ")).join("; ");
  return [
    {
      name: "split brain",
      note: vip,
      spans: coarsened(spans, endNs),
      marks: [],
      curves: [],
      summary,
      cutsLabels: true,
    },
  ];
}

/** When the network was cut, when frames circled in it, and how its links fared. */
export function troubleLanes(
  result: RunResult,
  { links, impairments }: Recording,
  shown: readonly Happening[],
): Lane[] {
  const { storms, endNs } = result;
  const stormSpans = storms.map(({ fromNs, untilNs, isOver, subnet, crossings, loop }): Span => {
    const lastNs = isOver ? untilNs : endNs;
    const tells = `broadcast storm in ${subnet}\n${spanWords(fromNs, lastNs)}\n${crossings} crossings, ${loop.switches.join(" – ")}`;
    return { fromNs, untilNs: lastNs, look: "storm", label: "broadcast storm", tells };
  });
  return [
    ...laneOf("partition", "", partitionSpans(result)),
    ...laneOf("storm", "", stormSpans),
    ...links.flatMap((link) => linkLane(link, shown, endNs)),
    ...impairments.flatMap((impairment) => impairmentLane(impairment, endNs)),
  ];
}

function laneOf(name: string, note: string, spans: readonly Span[], marks: readonly Mark[] = []): Lane[] {
  if (spans.length + marks.length === 0) return [];
  const summary = `${name}: ${spans.map(({ tells }) => tells.replaceAll("\n", ", ")).join("; ")}`;
  return [{ name, note, spans, marks, curves: [], summary, cutsLabels: true }];
}

function partitionSpans({ scenario, endNs }: RunResult): Span[] {
  const changes = scenario.timeline.flatMap(({ atNs, action }): Change<string | null>[] => {
    if (action.verb === "heal") return [{ atNs, value: null }];
    return action.verb === "partition"
      ? [{ atNs, value: action.groups.map((group) => group.join(" ")).join(" | ") }]
      : [];
  });
  return spansOf(changes, endNs, (groups, fromNs, untilNs) =>
    groups === null
      ? null
      : { fromNs, untilNs, look: "cut", label: groups, tells: `partitioned: ${groups}\n${spanWords(fromNs, untilNs)}` },
  );
}

function linkLane({ name, between, carrier }: LinkRecord, shown: readonly Happening[], endNs: number): Lane[] {
  const spans = spansOf(carrier, endNs, (up, fromNs, untilNs): Span => {
    const label = up ? "up" : "no carrier";
    return {
      fromNs,
      untilNs,
      look: up ? "running" : "dark",
      label,
      tells: `${name}: ${label}\n${spanWords(fromNs, untilNs)}`,
    };
  });
  const marks = shown
    .filter(({ kind, who }) => kind === "note" && who === name)
    .map(
      ({ atNs, text }): Mark => ({
        atNs,
        shape: "bar",
        look: "note",
        tells: `${formatSeconds(atNs)}  ${name}\n${text}`,
      }),
    );
  return laneOf(name, between.join(" – "), coarsened(spans, endNs), thinned(marks, endNs));
}

/** One for each way of a cable that was ever impaired. */
function impairmentLane({ name, way, words }: ImpairmentRecord, endNs: number): Lane[] {
  const spans = spansOf(words, endNs, (text, fromNs, untilNs) => {
    const tells = `${name} ${text} ${way}\n${spanWords(fromNs, untilNs)}`;
    return text === "" ? null : { fromNs, untilNs, look: "impaired", label: text, tells };
  });
  return laneOf(`${name} impaired`, way, coarsened(spans, endNs));
}
