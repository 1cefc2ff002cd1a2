/** The lane of the timeline's steps, numbered as in the list of what happened. */
import { formatSeconds } from "../base/units.ts";
import type { Happening } from "../scenario/happenings.ts";
import type { Lane, Span } from "./lane.ts";

export interface NumberedStep {
  readonly number: number;
  readonly atNs: number;
  readonly words: string;
}

/** Steps of one moment have one number. */
export function numberedSteps(happenings: readonly Happening[]): NumberedStep[] {
  const moments = new Map<number, string[]>();
  for (const { atNs, kind, who, text } of happenings) {
    if (kind === "step") moments.set(atNs, [...(moments.get(atNs) ?? []), `${who} ${text}`]);
  }
  return [...moments].map(([atNs, words], i) => ({ number: i + 1, atNs, words: words.join("; ") }));
}

/** The words of a step have room until the next one. */
export function stepLane(steps: readonly NumberedStep[], endNs: number): Lane {
  const spans = steps.map(({ number, atNs, words }, i): Span => {
    const untilNs = steps[i + 1]?.atNs ?? endNs;
    const tells = `${formatSeconds(atNs)}  step ${number} of the timeline\n${words}`;
    return { fromNs: atNs, untilNs, look: "step", label: `${number}  ${words}`, tells };
  });
  const summary =
    steps.length === 0
      ? "the timeline has no steps"
      : `steps: ${steps.map(({ atNs, words }) => `${formatSeconds(atNs)} ${words}`).join("; ")}`;
  return { name: "timeline", note: "steps", spans, marks: [], curves: [], summary, cutsLabels: true };
}
