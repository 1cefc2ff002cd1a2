/** What an instance follows: its own trackers, and those of its sync group, which count for each member. */
import type { KeepalivedConf, SyncGroup, Tracker, VrrpInstance } from "../../guest/keepalived/conf/model.ts";

/** A kind of tracker, by its key in the model. */
export type TrackerKind = "trackScripts" | "trackInterfaces" | "trackProcesses" | "trackBfds" | "trackFiles";

/** Each name once: an instance's own item comes before that of its group. */
export function trackersOf(conf: KeepalivedConf, instance: VrrpInstance, kind: TrackerKind): Tracker[] {
  const own = instance[kind];
  const inherited = syncGroupOf(conf, instance)?.[kind] ?? [];
  return [...own, ...inherited.filter(({ name }) => own.every((tracker) => tracker.name !== name))];
}

export function syncGroupOf({ syncGroups }: KeepalivedConf, { name }: VrrpInstance): SyncGroup | undefined {
  return syncGroups.find(({ members }) => members.includes(name));
}
