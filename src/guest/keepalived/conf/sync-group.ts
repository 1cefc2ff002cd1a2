/** `vrrp_sync_group`: instances that change state together. */

import type { Position } from "../../../text/config-error.ts";
import { VRRP_PRIORITY_OWNER } from "../../../wire/vrrp.ts";
import type { Context } from "./context.ts";
import { type GroupMembers, groupMembers, NO_MEMBERS } from "./group-members.ts";
import type { InstanceDraft } from "./instance-draft.ts";
import { placesOf } from "./key-places.ts";
import { type Draft, flag, type KeywordTable, keywordTable, newDraft, truth } from "./keywords.ts";
import type { SyncGroup, Tracker } from "./model.ts";
import { type NotifyDraft, newNotifyDraft, notifyKeywords } from "./notify.ts";
import { positionOf, type Word } from "./statement.ts";
import { trackingKeywords } from "./trackers.ts";

export interface SyncGroupDraft extends Draft, GroupMembers {
  readonly position: Position;
  readonly trackInterfaces: Map<string, Tracker>;
  readonly trackScripts: Map<string, Tracker>;
  readonly trackFiles: Map<string, Tracker>;
  readonly trackProcesses: Map<string, Tracker>;
  readonly trackBfds: Map<string, Tracker>;
  trackingWeight: boolean;
  readonly notify: NotifyDraft;
}

export function newSyncGroupDraft(name: Word): SyncGroupDraft {
  return {
    ...newDraft(name.text),
    position: name,
    ...NO_MEMBERS,
    trackInterfaces: new Map(),
    trackScripts: new Map(),
    trackFiles: new Map(),
    trackProcesses: new Map(),
    trackBfds: new Map(),
    trackingWeight: false,
    notify: newNotifyDraft(),
  };
}

/**
 * The group with the members that exist; null if there are none. `groupOf` learns which group each instance is in: an
 * instance belongs to the first group that names it.
 */
export function completeSyncGroup(
  draft: SyncGroupDraft,
  { instances, findings }: Context,
  groupOf: Map<string, SyncGroup>,
): SyncGroup | null {
  const { name, position } = draft;
  if (draft.members === null) {
    const message = `Sync group ${name} has no virtual router(s). removing`;
    findings.error("sync-group-empty", position, message, "group { VI_1 … }");
    return null;
  }
  const members = new Set<string>();
  let owners = 0;
  let mixed = false;
  for (const member of draft.members) {
    const instance = instances.get(member.text);
    if (instance === undefined) {
      const message = `Virtual router ${member.text} specified in sync group ${name} doesn't exist - ignoring`;
      findings.error("sync-member-not-found", member, message, "the name of a vrrp_instance");
    } else if (groupOf.has(member.text) || members.has(member.text)) {
      const message = `Virtual router ${member.text} cannot exist in more than one sync group; ignoring ${name}`;
      findings.error("sync-member-twice", member, message);
    } else {
      if (instance.state === "MASTER" && instance.priority === 255) owners++;
      else if (instance.state === "BACKUP" && owners > 0 && owners === members.size) mixed = true;
      members.add(member.text);
    }
  }
  if (mixed) {
    const message = `Sync group ${name} has some member(s) as address owner and some not as address owner. This won't work.`;
    findings.error("sync-owner-mixed", position, message);
  }
  if (members.size === 0) {
    if (draft.members.length > 1) {
      const message = `Sync group ${name}, no matching virtual router found in group declaration - removing`;
      findings.error("sync-group-empty", position, message);
    }
    return null;
  }
  if (members.size === 1 && draft.members.length === 1) {
    const message = `Sync group ${name} has only 1 virtual router(s) - this probably isn't what you want`;
    findings.error("sync-group-single", position, message, "an instance alone needs no group");
  }
  const hasOwner = [...members].some((member) => isOwner(instances.get(member)!));
  const weighed = (what: string, trackers: ReadonlyMap<string, Tracker>, end = "setting weight 0") =>
    [...trackers.values()].map((tracker) => {
      if (!hasOwner || tracker.weight === 0) return tracker;
      const message = `(${name}) Cannot have weighted track ${what} '${tracker.name}' with member having priority ${VRRP_PRIORITY_OWNER} - ${end}`;
      findings.error("weight-ignored", tracker.position, message, `a priority below ${VRRP_PRIORITY_OWNER}`);
      return { ...tracker, weight: 0 };
    });
  const group: SyncGroup = {
    name,
    members: [...members],
    trackInterfaces: weighed("interface", draft.trackInterfaces, "clearing weight"),
    trackScripts: weighed("script", draft.trackScripts),
    trackFiles: weighed("file", draft.trackFiles),
    trackProcesses: weighed("process", draft.trackProcesses),
    trackBfds: weighed("bfd", draft.trackBfds),
    trackingWeight: draft.trackingWeight,
    notify: draft.notify,
    position: positionOf(position),
    keys: placesOf(draft),
  };
  for (const member of members) groupOf.set(member, group);
  return group;
}

function isOwner({ state, priority }: InstanceDraft): boolean {
  return priority === VRRP_PRIORITY_OWNER || (priority === null && state === "MASTER");
}

export const SYNC_GROUP_KEYWORDS: KeywordTable<SyncGroupDraft> = keywordTable<SyncGroupDraft>({
  ...trackingKeywords<SyncGroupDraft>(),
  ...notifyKeywords<SyncGroupDraft>(({ name }) => `vrrp group ${name}:`),
  group: groupMembers("sync-group-empty", "sync"),
  smtp_alert: truth(
    () => {},
    (_, text) => `Invalid vrrp_group smtp_alert parameter ${text}`,
  ),
  notify_priority_changes: truth(
    () => {},
    (draft, text) => `(${draft.name}) Invalid value '${text}' for sync group notify_priority_changes specified`,
  ),
  global_tracking: flag((draft, keyword, { findings }) => {
    draft.trackingWeight = true;
    const message = `(${draft.name}) global_tracking is deprecated. Use track_interface/script/file on the sync group`;
    findings.error("deprecated", keyword, message, "sync_group_tracking_weight");
  }),
  sync_group_tracking_weight: flag((draft) => {
    draft.trackingWeight = true;
  }),
});
