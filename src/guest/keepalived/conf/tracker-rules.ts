/**
 * Which trackers of an instance count. An address owner (priority 255) has no weights at all; in a sync group the
 * weights of members do not count unless the group says `sync_group_tracking_weight`. Version 2.2.7 forgets processes in this.
 */
import type { Context } from "./context.ts";
import type { InstanceDraft } from "./instance-draft.ts";
import type { SyncGroup, Tracker } from "./model.ts";

/** The weight that `track_file` has unless one is written. */
const FILE_WEIGHT_DEFAULT = 1;

export interface KeptTrackers {
  readonly trackInterfaces: readonly Tracker[];
  readonly trackScripts: readonly Tracker[];
  readonly trackFiles: readonly Tracker[];
  readonly trackProcesses: readonly Tracker[];
  readonly trackBfds: readonly Tracker[];
}

export function keepTrackers(
  draft: InstanceDraft,
  isOwner: boolean,
  group: SyncGroup | undefined,
  context: Context,
): KeptTrackers {
  const kept = keepOwn(draft, isOwner, group, context);
  if (group === undefined) return kept;
  for (const { name, position } of group.trackInterfaces) {
    if (!kept.trackInterfaces.some((own) => own.name === name)) continue;
    const message = `(${draft.name}) track_interface ${name} is configured on VRRP instance and sync group. Remove vrrp instance or sync group config`;
    context.findings.error("tracked-twice", position, message, "the group's item is enough");
  }
  return kept;
}

function keepOwn(draft: InstanceDraft, isOwner: boolean, group: SyncGroup | undefined, context: Context): KeptTrackers {
  const others = keepOthers(draft, context);
  const scripts = [...draft.trackScripts.values()];
  const files = [...draft.trackFiles.values()];
  const trackProcesses = [...draft.trackProcesses.values()];
  const bfds = [...draft.trackBfds.values()];
  const inGroup = group !== undefined && !group.trackingWeight;
  if (!inGroup && !isOwner)
    return { trackInterfaces: others, trackScripts: scripts, trackFiles: files, trackProcesses, trackBfds: bfds };
  const { name } = draft;
  const { findings } = context;
  const ignore = ({ position }: Tracker, message: string) => {
    findings.error(
      "weight-ignored",
      position,
      `(${name}) ${message}`,
      inGroup ? "sync_group_tracking_weight in the group" : "a priority below 255",
    );
  };
  const reason = inGroup ? "SYNC group" : "address_owner";
  return {
    trackInterfaces: others.flatMap((tracker) => {
      if (tracker.weight === 0) return [tracker];
      ignore(
        tracker,
        `ignoring ${tracker.name} tracked interface ${inGroup ? "weight " : ""}due to ${inGroup ? reason : "address owner"}`,
      );
      return inGroup ? [{ ...tracker, weight: 0 }] : [];
    }),
    trackScripts: scripts.filter((tracker) => {
      if (tracker.weight === 0) return true;
      ignore(tracker, `ignoring tracked script ${tracker.name} with weights due to ${reason}`);
      return false;
    }),
    trackFiles: files.flatMap((tracker) => {
      if (tracker.weight === 0) return [tracker];
      if (tracker.weight === FILE_WEIGHT_DEFAULT) {
        ignore(tracker, `ignoring weight from tracked file ${tracker.name} due to ${reason}. specify weight 0`);
        return [{ ...tracker, weight: 0 }];
      }
      ignore(tracker, `ignoring tracked file ${tracker.name} with weight ${tracker.weight} due to ${reason}`);
      return [];
    }),
    trackProcesses,
    trackBfds: bfds.filter((tracker) => {
      if (tracker.weight === 0) return true;
      ignore(tracker, `ignoring tracked bfd ${tracker.name} with weight ${tracker.weight} due to ${reason}`);
      return false;
    }),
  };
}

/** The tracked interfaces less the instance's own, which it follows anyway. */
function keepOthers(draft: InstanceDraft, { findings }: Context): Tracker[] {
  return [...draft.trackInterfaces.values()].filter((tracker) => {
    if (tracker.name !== draft.interface) return true;
    const message = `(${draft.name}) Ignoring track_interface ${tracker.name} since own interface`;
    findings.error("own-interface-tracked", tracker.position, message, "the own interface is followed anyway");
    return false;
  });
}
