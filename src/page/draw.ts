/**
 * Lanes as HTML and SVG. Everything along the axis of time is written in shares of the width, so that the picture fills any screen and any
 * paper without a script; the exact moments stand in `data-` attributes, for the script that zooms (`viewer.ts`).
 *
 *     <svg class="span MASTER" x="44%" width="35%" data-from="…" data-until="…"><rect/><text>MASTER</text><title>…</title></svg>
 */
import { formatSeconds } from "../base/units.ts";
import type { Curve, Lane, LaneGroup, Mark, MarkShape, Span } from "./lane.ts";
import { element, type Markup } from "./markup.ts";
import { percent, tickLabel, tickStep, ticksOf } from "./scale.ts";

/** The axis that lanes stand on: one for each run of a page. */
export interface Axis {
  /** Number of the run on its page: part of what ids are made of. */
  readonly run: number;
  readonly endNs: number;
  /** When steps of the timeline happened: lines through all lanes. */
  readonly stepsNs: readonly number[];
}

const BAR_HEIGHT = 20;
const MARKS_HEIGHT = 13;
const CURVE_HEIGHT = 26;
const AXIS_HEIGHT = 22;
/** Lines are longer than any lane is high, which cuts them. */
const LINE_LENGTH = 100;
/** Lines of the axis before a script knows how much room there is. */
const TICKS_STATIC = 6;
/** What is shorter could not be seen. */
const WIDTH_MIN_PERCENT = 0.12;
/** Of lanes in most windows; whether a label has room is guessed until a script has looked. */
const WIDTH_GUESSED = 820;
/** Of a letter, pixels. */
export const LETTER_WIDTH = 6.4;
/** Beside a label. */
const LABEL_ROOM = 8;
/** Lanes of a group beyond these wait in a fold-out, and beyond those are left out: nobody could look at them. */
const LANES_OPEN = 24;
const LANES_MAX = 300;

export const SHAPES: Readonly<Record<MarkShape, string>> = {
  down: "M-5-5H5L0 5Z",
  diamond: "M0-5.5L5.5 0 0 5.5-5.5 0Z",
  circle: "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0Z",
  bar: "M-1.5-5h3v10h-3Z",
};

/** The lanes of a group under its title; where there are many, those to which nothing happened are folded, and those beyond what fits. */
export function drawGroup({ title, about, lanes }: LaneGroup, axis: Axis): Markup | null {
  if (lanes.length === 0) return null;
  const eventful = lanes.filter(({ isUneventful }) => isUneventful !== true);
  const open = lanes.length <= LANES_OPEN ? lanes : eventful.slice(0, LANES_OPEN);
  const closed = lanes.filter((lane) => !open.includes(lane));
  const folded = closed.slice(0, LANES_MAX - open.length);
  const left = closed.length - folded.length;
  const more = element(
    "summary",
    {},
    `${folded.length} more lanes${left === 0 ? "" : `; ${left} others are left out`}`,
  );
  return element(
    "div",
    { class: "group" },
    element("h4", {}, title, element("span", { class: "about" }, ` ${about}`)),
    ...open.map((lane) => drawLane(lane, axis)),
    drawAxisAgain(axis),
    folded.length === 0 ? null : element("details", {}, more, ...folded.map((lane) => drawLane(lane, axis))),
  );
}

/** The axis, with what its lanes refer to: the lines of the grid and of the steps. */
export function drawAxis({ run, endNs, stepsNs }: Axis): Markup {
  const step = tickStep(endNs, TICKS_STATIC);
  const ticks = ticksOf(0, endNs, step);
  const line = (atNs: number, data: Readonly<Record<string, number>>): Markup => {
    const x = percent(atNs, endNs);
    return element("line", { x1: x, x2: x, y2: LINE_LENGTH, ...data });
  };
  const labels = ticks.map((atNs) => {
    const share = atNs / endNs;
    const side = share < 0.02 ? "start" : share > 0.98 ? "end" : "middle";
    return element("text", { x: percent(atNs, endNs), y: 14, "text-anchor": side }, tickLabel(atNs, step));
  });
  return element(
    "div",
    { class: "lane axis" },
    element("div", { class: "name" }, element("output", { class: "range" }, `0 s to ${formatSeconds(endNs)}`)),
    element(
      "svg",
      { class: "plot", height: AXIS_HEIGHT, "aria-hidden": "true" },
      element("g", { class: "grid", id: `grid-${run}` }, ...ticks.map((atNs) => line(atNs, {}))),
      element("g", { class: "steps", id: `steps-${run}` }, ...stepsNs.map((atNs) => line(atNs, { "data-at": atNs }))),
      element("g", { class: "ticks", id: `ticks-${run}` }, ...labels),
    ),
  );
}

/** On paper each group has the axis below it: it may stand on a page of its own. */
function drawAxisAgain({ run }: Axis): Markup {
  const labels = element("svg", { class: "plot", height: AXIS_HEIGHT }, element("use", { href: `#ticks-${run}` }));
  return element("div", { class: "lane again", "aria-hidden": "true" }, element("div", { class: "name" }), labels);
}

export function drawLane(lane: Lane, axis: Axis): Markup {
  const { name, note, within, spans, marks, curves, summary, cutsLabels } = lane;
  const top = marks.length > 0 ? MARKS_HEIGHT : 0;
  const isCurve = spans.length === 0 && curves.length > 0;
  const height = top + (isCurve ? CURVE_HEIGHT : BAR_HEIGHT) + 4;
  return element(
    "div",
    { class: within === undefined ? "lane" : "lane within" },
    element(
      "div",
      { class: "name", title: `${name} ${note}` },
      element("b", {}, name),
      element("span", {}, ` ${note}`),
    ),
    element(
      "svg",
      { class: "plot", height, role: "group", "aria-label": within === undefined ? summary : `${within}: ${summary}` },
      element("use", { href: `#grid-${axis.run}` }),
      drawCurves(curves),
      ...spans.map((span) => drawSpan(span, top + 2, axis.endNs, cutsLabels === true)),
      ...marks.map((mark) => drawMark(mark, axis.endNs)),
      element("use", { href: `#steps-${axis.run}` }),
    ),
  );
}

function drawSpan(
  { fromNs, untilNs, look, label, tells, zoom }: Span,
  y: number,
  endNs: number,
  cuts: boolean,
): Markup {
  const share = (untilNs - fromNs) / endNs;
  const hasRoom = label.length * LETTER_WIDTH + LABEL_ROOM <= share * WIDTH_GUESSED;
  const width = `${Math.max(WIDTH_MIN_PERCENT, Number((share * 100).toFixed(4)))}%`;
  return element(
    "svg",
    {
      class: `span ${look}${hasRoom || cuts ? "" : " tight"}`,
      x: percent(fromNs, endNs),
      y,
      width,
      height: BAR_HEIGHT,
      "data-from": fromNs,
      "data-until": untilNs,
      "data-cut": cuts,
      "data-zoom": zoom === undefined ? null : zoom.join(" "),
    },
    element("rect", { width: "100%", height: BAR_HEIGHT }),
    element("text", { x: LABEL_ROOM / 2, y: 14 }, label),
    element("title", {}, tells),
  );
}

function drawMark({ atNs, shape, look, tells }: Mark, endNs: number): Markup {
  return element(
    "svg",
    { class: `mark ${look}`, x: percent(atNs, endNs), y: MARKS_HEIGHT / 2 + 1, "data-at": atNs },
    element("path", { d: SHAPES[shape] }),
    element("title", {}, tells),
  );
}

function drawCurves(curves: readonly Curve[]): Markup | null {
  if (curves.length === 0) return null;
  const parts = curves[0]!.shares.length;
  return element(
    "svg",
    {
      class: "curves",
      y: 2,
      height: CURVE_HEIGHT,
      viewBox: `0 0 ${parts} 100`,
      preserveAspectRatio: "none",
      "data-parts": parts,
    },
    ...curves.map(({ look, shares }) => element("path", { class: look, d: areaPath(shares) })),
  );
}

/** The area under steps; 8 of 100 high at least, so that what was measured is seen. */
function areaPath(shares: readonly (number | null)[]): string {
  return shares
    .map((share, i) => {
      if (share === null) return "";
      const height = Math.round(100 - Math.max(8, share * 100));
      const isFirst = (shares[i - 1] ?? null) === null;
      const isLast = (shares[i + 1] ?? null) === null;
      return `${isFirst ? `M${i} 100` : ""}V${height}H${i + 1}${isLast ? "V100Z" : ""}`;
    })
    .join("");
}
