/** What colours, hatchings and shapes mean, beside a sample of each; and the hatchings themselves. */
import { FORM_TEXT } from "../scenario/happenings.ts";
import { STAGES } from "../scenario/outage-text.ts";
import type { Cast } from "./cast.ts";
import { SHAPES } from "./draw.ts";
import type { Lane, MarkShape } from "./lane.ts";
import { element, type Markup } from "./markup.ts";
import { FORM_SHAPES } from "./network-lanes.ts";
import { STAGE_ABOUT } from "./probe-lanes.ts";

const LOOKS: readonly (readonly [look: string, words: string])[] = [
  ["doubted", "a cache entry in doubt (STALE, DELAY, PROBE)"],
  ["backup", "BACKUP"],
  ["fault", "FAULT"],
  ["init", "starting"],
  ["stopped", "stopped"],
  ["down", "machine down"],
  ["paused", "machine paused"],
  ["dark", "no carrier"],
  ["split", "split brain"],
  ["cut", "partition"],
  ["storm", "broadcast storm"],
  ["impaired", "cable impaired"],
  ["unknown", "not known"],
  ["astray", "a port that does not lead to the holder"],
  ["answered", "answered"],
  ["lost", "lost"],
  ["startup", "no answer, and no outage"],
  ["crowd", "many changes"],
];
const MARKS: readonly (readonly [shape: MarkShape, words: string])[] = [
  [FORM_SHAPES["garp-request"], FORM_TEXT["garp-request"]],
  [FORM_SHAPES["garp-reply"], FORM_TEXT["garp-reply"]],
  [FORM_SHAPES.na, FORM_TEXT.na],
  ["bar", "note"],
];

/** Hatchings, once for a page. */
export function hatchings(): Markup {
  return element(
    "svg",
    { class: "defs", "aria-hidden": "true" },
    element(
      "defs",
      {},
      hatching("hatch-down", "var(--soft)", "M-1 7L7-1M-1 1L1-1M5 7L7 5", "var(--dim)"),
      hatching("hatch-paused", "var(--soft)", "M1.5 0V6M4.5 0V6", "var(--dim)"),
      hatching("hatch-dark", "var(--soft)", "M0 1.5H6M0 4.5H6", "var(--dim)"),
      hatching("hatch-startup", "var(--paper)", "M-1 7L7-1M-1 1L1-1M5 7L7 5", "var(--rule)"),
      hatching("hatch-bad", "var(--lost)", "M-1-1L7 7M-1 5L1 7M5-1L7 1", "var(--paper)"),
    ),
  );
}

function hatching(id: string, ground: string, lines: string, colour: string): Markup {
  return element(
    "pattern",
    { id, width: 6, height: 6, patternUnits: "userSpaceOnUse" },
    element("rect", { width: 6, height: 6, style: `fill:${ground}` }),
    element("path", { d: lines, style: `stroke:${colour};stroke-width:1` }),
  );
}

/** What the lanes show, and nothing else. */
export function legend(cast: Cast, lanes: readonly Lane[]): Markup {
  const looks = lanes.flatMap(({ spans, curves }) => [...spans, ...curves]).map(({ look }) => look.split(" "));
  const used = new Set(looks.flat());
  const marks = lanes.flatMap((lane) => lane.marks);
  const isIgnored = marks.some(({ look }) => look.includes("ignored"));
  const player = cast.players[0];
  return element(
    "div",
    { class: "keys" },
    ...cast.players.map((host) => sample(cast.look(host), `${host}: master, holder, or what leads to it`)),
    ...LOOKS.filter(([look]) => used.has(look)).map(([look, words]) =>
      sample(look === "doubted" && player !== undefined ? `${cast.look(player)} doubted` : look, words),
    ),
    ...MARKS.filter(([shape]) => marks.some((mark) => mark.shape === shape)).map(([shape, words]) =>
      markSample(shape, shape === "bar" ? "note" : "h0", words),
    ),
    isIgnored ? markSample("down", "h0 ignored", "announced, but does not count") : null,
    ...STAGES.filter((key) => used.has(key)).map((key) => sample(`stage ${key}`, `${key}: ${STAGE_ABOUT[key]}`)),
  );
}

function sample(look: string, words: string): Markup {
  const swatch = element("svg", { class: look, "aria-hidden": "true" }, element("rect", { width: 26, height: 13 }));
  return element("span", {}, swatch, words);
}

function markSample(shape: MarkShape, look: string, words: string): Markup {
  const path = element("path", { d: SHAPES[shape] });
  const mark = element("svg", { class: `mark ${look}`, x: 13, y: 7 }, path);
  return element("span", {}, element("svg", { "aria-hidden": "true" }, mark), words);
}
