/** What the sections of the text have in common: titles, moments, spans, VLANs. */
import { NS_PER_S } from "../base/units.ts";
import type { Style } from "../text/style.ts";
import type { Column } from "../text/table.ts";
import { spanText } from "./phrases.ts";
import type { ReportCapture } from "./report.ts";
import { type WallClock, wallClock } from "./wall-clock.ts";

export const FRAME: Column = { title: "frame", right: true };
export const CLOCK: Column = { title: "clock", right: true };
/** The columns of `SectionWriter.span`. */
export const SPAN: readonly Column[] = [
  { title: "from", right: true },
  { title: "until", right: true },
  { title: "for", right: true },
  CLOCK,
];

export class SectionWriter {
  readonly style: Style;
  readonly #capture: ReportCapture;
  /** The capture lasts past midnight: clocks show the date. */
  readonly #hasDates: boolean;

  constructor(capture: ReportCapture, style: Style) {
    this.style = style;
    this.#capture = capture;
    this.#hasDates = this.#wallClock(0)?.date !== this.#wallClock(capture.seconds)?.date;
  }

  /** Nothing without rows. */
  section(title: string, rows: readonly string[]): string[] {
    return rows.length === 0 ? [] : [this.style.bold(title), ...rows, ""];
  }

  /** The cells of SPAN; `until` null: the end of the capture. */
  span(from: number, until: number | null): string[] {
    const end = until ?? this.#capture.seconds;
    return [secondsText(from), until === null ? "end" : secondsText(end), spanText(end - from), this.clock(from)];
  }

  /** Time of day; empty if the capture has a clock of its own. */
  clock(at: number): string {
    const clock = this.#wallClock(at);
    if (clock === null) return "";
    const time = clock.time.slice(0, "07:52:31.123".length);
    return this.#hasDates ? `${clock.date} ${time}` : time;
  }

  #wallClock(at: number): WallClock | null {
    const { firstSeconds, firstNanoseconds } = this.#capture;
    return wallClock(firstSeconds, firstNanoseconds + Math.round(at * NS_PER_S));
  }
}

export function secondsText(seconds: number): string {
  return `${seconds.toFixed(3)} s`;
}

export function inVlan(vlan: string | null): string {
  return vlan === null ? "" : ` (VLAN ${vlan})`;
}
