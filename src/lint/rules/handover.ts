/**
 * Whether a master whose weighted trackers fail hands the address over. Its adverts go on with a lower priority; a backup takes over only if it
 * preempts, and if its own priority is above that. An equal one is not: a backup heeds it.
 */
import type { Tracker } from "../../guest/keepalived/conf/model.ts";
import type { Member } from "../cluster.ts";
import { type Priority, priorityOf, weightedFiles, weightedTrackers } from "./priorities.ts";

export interface Handover {
  readonly master: Member;
  /** The scripts and interfaces with a weight, then such files. Not empty. */
  readonly trackers: readonly Tracker[];
  /** While all is well. */
  readonly normal: Priority;
  /** With everything failing. */
  readonly lowered: Priority;
  /** Nodes that can be alive and backups while this one is master, the best first: the others would have taken over from it before. */
  readonly backups: readonly Member[];
  /** `refused`: every backup that could has `nopreempt`. `insufficient`: no priority is above the lowered one. */
  readonly outcome: "done" | "refused" | "insufficient";
}

/** Null if no tracker of `master` has a weight, or nobody can be its backup. */
export function handoverOf(master: Member, router: readonly Member[]): Handover | null {
  const weighted = weightedTrackers(master);
  const files = weightedFiles(master);
  const normal = priorityOf(master);
  const backups = router
    .filter((other) => other !== master && (other.instance.nopreempt || priorityOf(other).value <= normal.value))
    .sort((a, b) => priorityOf(b).value - priorityOf(a).value);
  if (backups.length === 0 || weighted.length + files.length === 0) return null;
  const lowered = priorityOf(master, weighted);
  const outcome = outcomeOf(backups, lowered.value, files.length > 0);
  return { master, trackers: [...weighted, ...files], normal, lowered, backups, outcome };
}

/** `unbounded`: a file can lower the priority by any amount. */
function outcomeOf(backups: readonly Member[], lowered: number, unbounded: boolean): Handover["outcome"] {
  const isAbove = (backup: Member) => unbounded || priorityOf(backup).value > lowered;
  const refusing = backups.filter(({ instance }) => instance.nopreempt);
  if (backups.some((backup) => isAbove(backup) && !refusing.includes(backup))) return "done";
  return refusing.length === backups.length || refusing.some(isAbove) ? "refused" : "insufficient";
}
