/**
 * What the picture is made of: lanes of spans and marks on one axis of time. Those who make lanes know what happened; those who draw
 * them know only this.
 */
import { formatSeconds, formatSpan } from "../base/units.ts";

/** A stretch of time in which something was so. */
export interface Span {
  readonly fromNs: number;
  readonly untilNs: number;
  /** Class names: what it looks like. */
  readonly look: string;
  /** Shown inside, if there is room. */
  readonly label: string;
  /** What a person reads who points at it; the first line is its title. */
  readonly tells: string;
  /** What a click on it shows, ns; a span that has none is only looked at. */
  readonly zoom?: readonly [number, number];
}

/** A moment at which something happened. */
export interface Mark {
  readonly atNs: number;
  readonly shape: MarkShape;
  readonly look: string;
  readonly tells: string;
}

/** `down`: a triangle that points at the lane; the others as they are called. */
export type MarkShape = "down" | "diamond" | "circle" | "bar";

/** Figures over time, each for a part of the run of equal length. */
export interface Curve {
  /** 0 to 1 of the lane's height; null: nothing was measured. */
  readonly shares: readonly (number | null)[];
  readonly look: string;
}

export interface Lane {
  readonly name: string;
  /** Beside the name, in small letters. */
  readonly note: string;
  /** Whose it is: that lane stands above. */
  readonly within?: string;
  /** One after the other, oldest first. */
  readonly spans: readonly Span[];
  readonly marks: readonly Mark[];
  readonly curves: readonly Curve[];
  /** What somebody hears who sees no picture. */
  readonly summary: string;
  /** Its labels are sentences, of which the beginning stays where there is no room for all. */
  readonly cutsLabels?: true;
  /** Nothing ever befell it: whoever looks for trouble need not look here. */
  readonly isUneventful?: true;
}

export interface LaneGroup {
  readonly title: string;
  /** What its lanes show, in a sentence. */
  readonly about: string;
  readonly lanes: readonly Lane[];
}

/** Something that is so from a moment on. */
export interface Change<T> {
  readonly atNs: number;
  readonly value: T;
}

/** More spans than these no lane has: a page stays a page. */
const SPANS_MAX = 600;
/** So fine a lane is divided that has more. */
const CELLS = 400;

/** Changes as spans that end where the next begins, the last one with the run; `null` draws nothing. Equal neighbours stay apart. */
export function spansOf<T>(
  changes: readonly Change<T>[],
  endNs: number,
  draw: (value: T, fromNs: number, untilNs: number) => Span | null,
): Span[] {
  return changes.flatMap(({ atNs, value }, i) => {
    const untilNs = changes[i + 1]?.atNs ?? endNs;
    const span = untilNs > atNs ? draw(value, atNs, untilNs) : null;
    return span === null ? [] : [span];
  });
}

/** What lies so close together that nobody could tell it apart becomes one span that says how many it was. */
export function coarsened(spans: readonly Span[], endNs: number): readonly Span[] {
  if (spans.length <= SPANS_MAX) return spans;
  const cellNs = endNs / CELLS;
  const found: Span[] = [];
  let crowd: Span[] = [];
  const flush = (): void => {
    if (crowd.length > 1) found.push(crowdSpan(crowd));
    else found.push(...crowd);
    crowd = [];
  };
  for (const span of spans) {
    if (crowd.length > 0 && span.untilNs - crowd[0]!.fromNs > cellNs) flush();
    if (span.untilNs - span.fromNs > cellNs) found.push(span);
    else crowd.push(span);
  }
  flush();
  return found;
}

/** Marks of one look that nobody could tell apart stand there once. */
export function thinned(marks: readonly Mark[], endNs: number): readonly Mark[] {
  if (marks.length <= SPANS_MAX) return marks;
  const lastNs = new Map<string, number>();
  return marks.filter(({ atNs, look }) => {
    const isNear = atNs - (lastNs.get(look) ?? Number.NEGATIVE_INFINITY) < endNs / CELLS;
    if (!isNear) lastNs.set(look, atNs);
    return !isNear;
  });
}

function crowdSpan(crowd: readonly Span[]): Span {
  const [fromNs, untilNs] = [crowd[0]!.fromNs, crowd.at(-1)!.untilNs];
  const title = `${crowd.length} changes ${spanWords(fromNs, untilNs)}`;
  return {
    fromNs,
    untilNs,
    look: "crowd",
    label: `${crowd.length}×`,
    tells: `${title}\nthe last: ${crowd.at(-1)!.tells}`,
  };
}

/** `from 10.000 s to 13.280 s (3.280 s)`. */
export function spanWords(fromNs: number, untilNs: number): string {
  return `from ${formatSeconds(fromNs)} to ${formatSeconds(untilNs)} (${formatSpan(untilNs - fromNs)})`;
}
