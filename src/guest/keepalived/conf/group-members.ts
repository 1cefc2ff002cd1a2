/** `group { VI_1 … }`: the instances of a `vrrp_sync_group` or a `track_group`. Only the first one of a block counts. */
import { type Draft, type ItemsKeyword, items } from "./keywords.ts";
import type { Word } from "./statement.ts";

export interface GroupMembers {
  /** Names of instances; null until `group` is read. */
  members: Word[] | null;
  /** A further `group` is left out. */
  membersRead: boolean;
}

export const NO_MEMBERS: Readonly<GroupMembers> = { members: null, membersRead: false };

/** `emptyCode`: of the finding that there are none. keepalived calls both kinds a sync group where their members are given again. */
export function groupMembers<D extends Draft & GroupMembers>(
  emptyCode: string,
  kind: "sync" | "track",
): ItemsKeyword<D> {
  return items(
    (draft, words) => {
      if (!draft.membersRead) draft.members?.push(...words);
    },
    {
      begin: (draft, keyword, { findings }) => {
        if (draft.members !== null)
          findings.error("duplicate-key", keyword, `Group list already specified for sync group ${draft.name}`);
        draft.members ??= [];
      },
      end: (draft, keyword, { findings }) => {
        draft.membersRead = true;
        if (draft.members?.length !== 0) return;
        findings.error(emptyCode, keyword, `Warning - ${kind} group ${draft.name} has empty group block`);
      },
    },
  );
}
