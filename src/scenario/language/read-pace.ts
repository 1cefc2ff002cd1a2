/** `count`, `every` and `until`: how often a step sends, and how fast. */
import type { Pace } from "../../host/repeater.ts";
import { parseDuration } from "../../text/duration.ts";
import type { Path } from "./positions.ts";
import type { Network } from "./read-hosts.ts";
import { PACKETS_MAX } from "./schema-sending.ts";

interface PaceDraft {
  readonly count?: number | undefined;
  readonly every?: string | undefined;
  readonly until?: string | undefined;
}

/** Null and findings if it is broken. */
export function readPace({ judge, untilNs: endNs }: Network, path: Path, draft: PaceDraft): Pace | null {
  const everyNs = draft.every === undefined ? 0 : parseDuration(draft.every);
  if (draft.every !== undefined && everyNs === 0)
    return judge.error([...path, "every"], `${draft.every} would send without end at one moment`, "every: 10ms");
  if (draft.until !== undefined && draft.every === undefined && !judge.isWritten([...path, "every"]))
    return judge.errorAtKey(
      [...path, "until"],
      "without 'every' all of them are sent at once",
      "every: 200ms, or leave it out",
    );
  const untilNs = draft.until === undefined ? Number.POSITIVE_INFINITY : parseDuration(draft.until);
  if (everyNs === null || untilNs === null) return null;
  const lastNs = Math.min(untilNs, endNs ?? 0);
  const count = draft.count ?? (everyNs === 0 ? 1 : Number.POSITIVE_INFINITY);
  if (everyNs > 0 && Math.min(count, lastNs / everyNs) > PACKETS_MAX)
    return judge.error([...path, "every"], `${draft.every} would send more than ${PACKETS_MAX} packets`, "every: 10ms");
  return { count, everyNs, untilNs };
}
