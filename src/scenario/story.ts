/** Which of the happenings of a run are worth a line: what only repeats itself is counted. */
import type { OutageEvent } from "../observe/events.ts";
import type { Storm } from "../sim/storm-watch.ts";
import type { Happening } from "./happenings.ts";

export interface Story {
  readonly shown: readonly Happening[];
  /** A holder's announcements after its second burst. */
  readonly refreshes: number;
  /** What hosts remark upon a frame that comes round again and again in a storm. */
  readonly echoes: number;
  /** Outages that are only summed up, by probe. */
  readonly blips: ReadonlyMap<string, readonly OutageEvent[]>;
}

/** Of a probe so many outages are told in full, the longest. One more would take no less room summed up. */
const OUTAGES_SHOWN = 5;

/** `outages` by probe; those that `longestOutages` leaves out are no part of the story. */
export function storyOf(
  happenings: readonly Happening[],
  storms: readonly Storm[],
  outages: ReadonlyMap<string, readonly OutageEvent[]>,
): Story {
  const announced = new Map<string, number>();
  const noted = new Map<string, number>();
  const blips = new Map<string, readonly OutageEvent[]>();
  for (const [probe, all] of outages) {
    const { others } = longestOutages(all);
    if (others.length > 0) blips.set(probe, others);
  }
  const isBlip = ({ kind, who, atNs }: Happening): boolean =>
    kind === "outage" && blips.get(who)?.some(({ untilNs }) => untilNs === atNs) === true;
  let refreshes = 0;
  let echoes = 0;
  const shown = happenings.filter((happening) => {
    const { kind, atNs } = happening;
    if (isBlip(happening)) return false;
    if (kind === "state") announced.clear();
    if (kind === "announcement" && countOf(announced, happening) > 2) {
      refreshes++;
      return false;
    }
    const isInStorm = kind === "note" && storms.some(({ fromNs, untilNs }) => atNs >= fromNs && atNs <= untilNs);
    if (isInStorm && countOf(noted, happening) > 2) {
      echoes++;
      return false;
    }
    return true;
  });
  return { shown, refreshes, echoes, blips };
}

/** The longest outages of a probe, in order of time, and the others: none unless there are more than one of them. */
export function longestOutages(outages: readonly OutageEvent[]): {
  readonly longest: readonly OutageEvent[];
  readonly others: readonly OutageEvent[];
} {
  if (outages.length <= OUTAGES_SHOWN + 1) return { longest: outages, others: [] };
  const byLength = outages.toSorted((a, b) => b.untilNs - b.fromNs - (a.untilNs - a.fromNs) || a.fromNs - b.fromNs);
  const kept = new Set(byLength.slice(0, OUTAGES_SHOWN));
  return { longest: outages.filter((one) => kept.has(one)), others: outages.filter((one) => !kept.has(one)) };
}

/** How often the same has been said of the same, this time included. */
function countOf(counts: Map<string, number>, { who, text }: Happening): number {
  const key = `${who} ${text}`;
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
}
