/** Decisions for people: each frame in one line, and below it what the switch made of it and why. */
import type { Style } from "../text/style.ts";
import { formatMac } from "../wire/address.ts";
import { describeFrame } from "../wire/describe.ts";
import { ETHERNET_DESTINATION, ETHERNET_OCTETS, ETHERNET_SOURCE } from "../wire/ethernet.ts";
import type { ChangeDecision, Decision, FrameDecision, SnapshotDecision, TableRow } from "./decision.ts";
import { DecisionFilter } from "./filter.ts";
import type { StepPlace, TraceSource } from "./steps.ts";
import {
  decisionWords,
  fixedSeconds,
  formatPlace,
  learningWords,
  type PortNames,
  portsText,
  portText,
  withheldWords,
} from "./words.ts";

/** Longer tables are cut at the end of a trace; a snapshot shows all. */
const ROWS_MAX = 40;
const LABEL_WIDTH = 6;
const WHOLE_SECONDS_WIDTH = 5;

export class TextReport {
  readonly #style: Style;
  readonly #portNames: PortNames;
  readonly #about: string | null;
  readonly #decimals: number;
  readonly #dryRun: boolean;
  readonly #filter: DecisionFilter;
  readonly #timeWidth: number;
  readonly #indent: string;
  readonly #actions = { flood: 0, forward: 0, drop: 0 };
  readonly #drops = new Map<string, number>();
  #steps = 0;
  #shown = 0;
  #endsWithTable = false;

  constructor(
    style: Style,
    { portNames, about, decimals }: Pick<TraceSource, "portNames" | "about" | "decimals">,
    { dryRun = false, filter = new DecisionFilter() }: { dryRun?: boolean; filter?: DecisionFilter } = {},
  ) {
    this.#style = style;
    this.#portNames = portNames;
    this.#about = about;
    this.#decimals = decimals;
    this.#dryRun = dryRun;
    this.#filter = filter;
    this.#timeWidth = WHOLE_SECONDS_WIDTH + 1 + decimals;
    this.#indent = " ".repeat(LABEL_WIDTH + 2 + this.#timeWidth + 2);
  }

  /** What stands above everything. */
  head(): string {
    const about = this.#about === null ? [] : [`${this.#about}\n`];
    const names = (this.#portNames ?? []).map((name, port) => `port ${port} is ${name}\n`);
    const what = this.#portNames === null ? "step" : "frame";
    const line = `${what.padStart(LABEL_WIDTH)}  ${"at (s)".padStart(this.#timeWidth)}  what came, and what was decided`;
    const dry = this.#dryRun ? ["a dry run: frames change nothing\n"] : [];
    return `${[...about, ...dry, ...names].join("")}${this.#style.dim(line)}\n`;
  }

  /** One decision, with the ends of its lines; empty if it is not to be shown. It is counted all the same. */
  decision(decision: Decision): string {
    this.#count(decision);
    const shown = this.#filter.shown(decision);
    this.#endsWithTable = shown?.do === "snapshot";
    if (shown === null) return "";
    this.#shown++;
    switch (shown.do) {
      case "frame":
        return this.#frame(shown);
      case "change":
        return this.#change(shown);
      case "snapshot":
        return this.#snapshot(shown);
    }
  }

  /** What stands below everything; `rows` is the table at the end, which is not shown again right behind a snapshot of it. */
  foot(rows: readonly TableRow[]): string {
    const { flood, forward, drop } = this.#actions;
    const causes = [...this.#drops].map(([cause, count]) => `${cause} ${count}`).join(", ");
    const frames = flood + forward + drop;
    const counts = `${countOf(frames, "frame")}: ${flood} flooded, ${forward} forwarded, ${drop} dropped`;
    const shown = this.#filter.isOpen ? "" : `; ${this.#shown} of ${countOf(this.#steps, "decision")} shown`;
    const lines = [`${counts}${causes === "" ? "" : ` (${causes})`}${shown}`];
    const kept = this.#filter.rows(rows);
    if (kept.length > 0 && !this.#endsWithTable) {
      const others = kept.length === rows.length ? "" : `${kept.length} of `;
      lines.push(`the table at the end: ${others}${countOf(rows.length, "entry", "entries")}`);
      lines.push(...this.#tableLines(kept.slice(0, ROWS_MAX)).map((line) => `  ${line}`));
      if (kept.length > ROWS_MAX) lines.push(`  and ${kept.length - ROWS_MAX} more`);
    }
    return `${lines.join("\n")}\n`;
  }

  #count(decision: Decision): void {
    this.#steps++;
    if (decision.do !== "frame") return;
    const { action, cause } = decision;
    this.#actions[action]++;
    if (cause !== null) this.#drops.set(cause, (this.#drops.get(cause) ?? 0) + 1);
  }

  #frame(decision: FrameDecision): string {
    const { step, out, action, cause, source, vlan } = decision;
    const style = this.#style;
    const names = this.#portNames;
    const port = portText(step.port, names);
    const lines = [this.#firstLine(step.place, style.bold(`${port}: ${frameText(decision)}`))];
    if (vlan !== null) lines.push(`belongs to VLAN ${vlan}`);
    if (source !== null) {
      const words = learningWords(source, step.port, this.#dryRun, names);
      lines.push(source.is === "moved" ? style.accent(words) : words);
    }
    const why = decisionWords(decision, names);
    if (action === "drop") lines.push(style.bad(`dropped (${cause}): ${why}`));
    else lines.push(style.good(`${action === "flood" ? "flooded to" : "to"} ${portsText(out, names)}: ${why}`));
    lines.push(...withheldWords(decision, names).map(style.dim));
    for (const [at, bytes] of decision.altered) {
      lines.push(`leaves ${portText(at, names)} as ${describeFrame(bytes, 0, bytes.length)}`);
    }
    return this.#indented(lines);
  }

  #change({ place, did }: ChangeDecision): string {
    return this.#indented([this.#firstLine(place, this.#style.accent(did))]);
  }

  #snapshot({ place, name, rows }: SnapshotDecision): string {
    const head = this.#style.accent(`snapshot ${JSON.stringify(name)}: ${countOf(rows.length, "entry", "entries")}`);
    return this.#indented([this.#firstLine(place, head), ...this.#tableLines(rows)]);
  }

  #firstLine(place: StepPlace, text: string): string {
    const { step, frame, number } = place;
    const label = number !== undefined ? `${number}` : frame === undefined ? `${step}` : `${step}.${frame}`;
    const time = fixedSeconds(place.atNs, this.#decimals).padStart(this.#timeWidth);
    return `${label.padStart(LABEL_WIDTH)}  ${time}  ${text}`;
  }

  #tableLines(rows: readonly TableRow[]): string[] {
    const width = Math.max(0, ...rows.map(({ port }) => this.#portCell(port).length));
    const at = (place: StepPlace): string => `${fixedSeconds(place.atNs, this.#decimals)} s`;
    return rows.map(({ mac, port, kind, vlan, origin }) => {
      const where = `${mac}  ${this.#portCell(port).padEnd(width)}  ${kind.padEnd(7)}${vlan === null ? "" : `  VLAN ${String(vlan).padEnd(4)}`}`;
      if (origin === null) return where.trimEnd();
      const { placed, by, heard } = origin;
      const since = `${by === "hand" ? "made by hand in" : "since"} ${formatPlace(placed)} at ${at(placed)}`;
      return `${where}  ${since}${heard === null ? "" : `, last heard at ${at(heard)}`}`;
    });
  }

  #portCell(port: number): string {
    return portText(port, this.#portNames);
  }

  #indented([first, ...rest]: readonly string[]): string {
    return `${[first, ...rest.map((line) => `${this.#indent}${line}`)].join("\n")}\n`;
  }
}

/** Addresses first, whatever the frame carries: they are what a switch looks at. */
function frameText({ step: { bytes, offset, octets } }: FrameDecision): string {
  const description = describeFrame(bytes, offset, octets);
  if (octets < ETHERNET_OCTETS) return description;
  const source = formatMac(bytes, offset + ETHERNET_SOURCE);
  const addresses = `${source} > ${formatMac(bytes, offset + ETHERNET_DESTINATION)}`;
  return description.includes(addresses) ? description : `${addresses}, ${description}`;
}

function countOf(count: number, word: string, words = `${word}s`): string {
  return `${count} ${count === 1 ? word : words}`;
}
