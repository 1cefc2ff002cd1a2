/** Moments and windows: inside the run, the right way round. */
import { NS_PER_S } from "../../base/units.ts";
import { parseDuration } from "../../text/duration.ts";
import type { Window } from "../model.ts";
import type { Judge } from "./judge.ts";
import type { Path } from "./positions.ts";
import type { ScenarioDraft } from "./structure.ts";

/** The end of the run; null: broken. */
export function readUntil(judge: Judge, draft: ScenarioDraft): number | null {
  if (draft.until === undefined) return null;
  const untilNs = parseDuration(draft.until);
  return untilNs === 0 ? judge.error(["until"], "a run that lasts no time shows nothing", "until: 30s") : untilNs;
}

/** Whether the names of an optional section are all known: it is there and in form, or it was meant to be absent. */
export function isKnown(judge: Judge, draft: ScenarioDraft, section: "havips" | "probes" | "servers"): boolean {
  if (draft[section] !== undefined) return true;
  return !judge.isWritten([section]) && !judge.places.isDamaged([]);
}

/**
 * A moment of the run; null if it is broken or, with a finding, after the run's end. `consequence` says what comes of
 * that: `this step would never happen`.
 */
export function readMoment(
  judge: Judge,
  path: Path,
  text: string | undefined,
  untilNs: number | null,
  consequence: string,
): number | null {
  const ns = text === undefined ? null : parseDuration(text);
  if (ns === null || untilNs === null || ns <= untilNs) return ns;
  return judge.error(
    path,
    `${text} is after the end of the run (until: ${untilNs / NS_PER_S}s): ${consequence}`,
    "move it, or let the run last longer",
  );
}

/** `from` and `until` where they are written; the whole run where they are not. Null: broken. */
export function readWindow(
  judge: Judge,
  from: { readonly path: Path; readonly text: string | undefined },
  until: { readonly path: Path; readonly text: string | undefined },
  runNs: number | null,
): Window | null {
  const isFromWritten = judge.isWritten(from.path);
  const isUntilWritten = judge.isWritten(until.path);
  const consequence = "nothing is there to see";
  const fromNs = isFromWritten ? readMoment(judge, from.path, from.text, runNs, consequence) : 0;
  const untilNs = isUntilWritten ? readMoment(judge, until.path, until.text, runNs, consequence) : runNs;
  if (fromNs === null || untilNs === null) return null;
  if (fromNs < untilNs) return { fromNs, untilNs };
  const [path, text] = isUntilWritten ? [until.path, until.text] : [from.path, from.text];
  return judge.error(
    path,
    isUntilWritten && isFromWritten
      ? `the window ends at ${text}, but begins at ${from.text}`
      : `${text} leaves a window without any time in it`,
    "a window begins before it ends",
  );
}
