/**
 * `track_group NAME { group { VI_1 … } }`: instances that follow the interfaces of static addresses, routes and rules which name the group.
 */
import type { Context } from "./context.ts";
import { type GroupMembers, groupMembers, NO_MEMBERS } from "./group-members.ts";
import { type Draft, type KeywordTable, keywordTable, newDraft } from "./keywords.ts";
import type { Word } from "./statement.ts";

export interface TrackGroupDraft extends Draft, GroupMembers {}

export function newTrackGroupDraft(name: Word): TrackGroupDraft {
  return { ...newDraft(name.text), ...NO_MEMBERS };
}

export const TRACK_GROUP_KEYWORDS: KeywordTable<TrackGroupDraft> = keywordTable<TrackGroupDraft>({
  group: groupMembers("track-group-empty", "track"),
});

/** A static item that an instance may have to follow: its interface and its group. */
export interface StaticItem {
  readonly device: string;
  readonly group: string;
}

/** The `dev` and the `track_group` of a static address, route or rule; null without either of them, or with `no_track`. */
export function readStaticItem(words: readonly Word[], { trackGroups, findings }: Context): StaticItem | null {
  const after = (...keys: string[]) => words[words.findIndex(({ text }) => keys.includes(text)) + 1];
  if (!words.some(({ text }) => text === "track_group")) return null;
  const group = after("track_group");
  if (group !== undefined && group !== words[0] && !trackGroups.has(group.text)) {
    findings.error(
      "track-group-not-found",
      group,
      `track_group ${group.text} not found`,
      "track_group NAME { … } before",
    );
    return null;
  }
  const device = after("dev", "oif", "iif");
  if (group === undefined || device === undefined || device === words[0]) return null;
  return words.some(({ text }) => text === "no_track") ? null : { device: device.text, group: group.text };
}

/** The interfaces that instances follow for their groups, by the instance's name. */
export function staticDevices({ staticItems, trackGroups }: Context): ReadonlyMap<string, readonly string[]> {
  const ofGroup = new Map<string, Set<string>>();
  for (const { group, device } of staticItems) ofGroup.set(group, (ofGroup.get(group) ?? new Set()).add(device));
  const ofInstance = new Map<string, readonly string[]>();
  for (const [group, devices] of ofGroup) {
    const list = [...devices];
    for (const { text } of trackGroups.get(group)?.members ?? []) {
      const before = ofInstance.get(text);
      ofInstance.set(text, before === undefined ? list : [...new Set([...before, ...list])]);
    }
  }
  return ofInstance;
}
