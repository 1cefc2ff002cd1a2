/** What a page says in tables: what was expected, what happened, and in fold-outs what tables and counters held. */
import { formatSeconds } from "../base/units.ts";
import type { Happening } from "../scenario/happenings.ts";
import type { Snapshot } from "../scenario/report.ts";
import type { RunResult } from "../scenario/run.ts";
import type { Story } from "../scenario/story.ts";
import type { DropName } from "../switch/drop-cause.ts";
import { dropWords } from "../switch/drop-words.ts";
import { element, type Markup, together } from "./markup.ts";
import type { NumberedStep } from "./step-lane.ts";
import { type Column, figure, fold, row, table, viewLink } from "./table.ts";

/** Of expectations that hold so many are shown; more are folded away. */
const HELD_OPEN = 8;
/** More rows than these make a page that nobody reads: the JSON report has all. */
const ROWS_MAX = 1000;
/** Around a happening this share of the run is shown, each way. */
const AROUND = 1 / 60;

export function expectationTable({ verdicts }: RunResult): Markup {
  if (verdicts.length === 0) return element("p", { class: "dim" }, "nothing was expected, so nothing failed");
  const [held, failed] = [verdicts.filter(({ ok }) => ok), verdicts.filter(({ ok }) => !ok)];
  if (held.length <= HELD_OPEN) return verdictTable(verdicts);
  return together(
    failed.length === 0 ? null : verdictTable(failed),
    fold(`${held.length} expectations hold`, verdictTable(held)),
  );
}

function verdictTable(verdicts: RunResult["verdicts"]): Markup {
  const rows = verdicts.map(({ ok, wanted, seen, expectation }) =>
    row(
      element("b", { class: ok ? "pass" : "fail" }, ok ? "✓ holds" : "✗ fails"),
      wanted,
      seen,
      `line ${expectation.position.line}`,
    ),
  );
  return table([{ title: "" }, { title: "wanted" }, { title: "seen" }, { title: "where" }], rows, "expected");
}

/** Everything that is worth a line, in order; the text that says what the picture shows. */
export function storyTable(
  { endNs }: RunResult,
  { shown, refreshes, echoes }: Story,
  steps: readonly NumberedStep[],
  chart: string,
): Markup {
  const numbers = new Map(steps.map(({ atNs, number }) => [atNs, number]));
  const around = Math.round(endNs * AROUND);
  const rows = shown.slice(0, ROWS_MAX).map(({ atNs, kind, who, text }) => {
    const number = kind === "step" ? String(numbers.get(atNs)) : "";
    const link = viewLink(chart, [atNs - around, atNs + around], formatSeconds(atNs));
    return element(
      "tr",
      { class: lookOf(kind) },
      figure(number),
      element("td", { class: "figure" }, link),
      element("td", {}, who),
      element("td", {}, text),
    );
  });
  const more = [
    [refreshes, "announcements by the same holders"],
    [echoes, "notes in the storm that say the same again"],
    [shown.length - rows.length, "happenings that the JSON report has"],
  ] as const;
  const columns: Column[] = [
    { title: "step", isFigure: true },
    { title: "time", isFigure: true },
    { title: "who" },
    { title: "what" },
  ];
  return together(
    rows.length === 0 ? element("p", {}, "Nothing happened.") : table(columns, rows, "story"),
    ...more.map(([count, what]) => (count > 0 ? element("p", { class: "dim" }, `${count} more ${what}`) : null)),
  );
}

function lookOf(kind: Happening["kind"]): string | null {
  if (kind === "step") return "step";
  return kind === "outage" || kind === "storm" ? "fail" : null;
}

export function snapshotFolds({ report }: RunResult): Markup {
  return together(...report.snapshots.map(snapshotFold));
}

function snapshotFold({ name, at, forwarding, neighbours, vrrp, havips }: Snapshot): Markup {
  const titles = (...names: string[]): Column[] => names.map((title) => ({ title }));
  return fold(
    `Snapshot ${name}, ${at.toFixed(3)} s`,
    element("h4", {}, "virtual routers"),
    table(
      titles("host", "instance", "state", "priority"),
      vrrp.map((one) => row(one.host, one.instance, one.state, String(one.priority))),
    ),
    element("h4", {}, "HAVIPs"),
    table(
      titles("name", "address", "holder", "state"),
      havips.map((one) => row(one.name, one.address, one.holder ?? "nobody", one.state)),
    ),
    element("h4", {}, "forwarding tables"),
    table(
      titles("subnet", "switch", "MAC", "port", "age", "kind"),
      forwarding.map((one) =>
        row(one.subnet, one.switch ?? "", one.mac, one.port, `${one.age.toFixed(3)} s`, one.kind),
      ),
    ),
    element("h4", {}, "neighbours"),
    table(
      titles("host", "vNIC", "address", "MAC", "state"),
      neighbours.map((one) => row(one.host, one.nic, one.address, one.mac ?? "–", one.state)),
    ),
  );
}

export function counterFold({ report }: RunResult): Markup {
  const { frames, drops, hosts, links = [], impaired = [] } = report.counters;
  const rows: [string, number][] = [
    ["frames that entered the network", frames.in],
    ["copies that left it", frames.out],
    ["times a MAC moved at a switch", frames.moved],
    ...Object.entries(drops).map(([cause, count]): [string, number] => [
      `${cause}: ${dropWords(cause as DropName)}`,
      count,
    ]),
    ...links.flatMap(({ link, from, to, ...counts }) => wayRows(`${link} from ${from} to ${to}`, counts)),
    ...impaired.flatMap(({ host, nic, direction, ...counts }) => wayRows(`${host}.${nic} ${direction}`, counts)),
    ["unheard: the machine was gone", hosts.unheard],
    ["unreachable: no neighbour answered, no route, or no carrier", hosts.unreachable],
    ["malformed: refused by a host", hosts.malformed],
    ["no room for another frame", hosts.lost],
  ];
  const columns: Column[] = [{ title: "count", isFigure: true }, { title: "of what" }];
  const drawn = rows.map(([what, count]) => element("tr", {}, figure(String(count)), element("td", {}, what)));
  return fold("Counters at the end", table(columns, drawn));
}

/** What became of the frames on one way of a cable, and nothing of what did not happen. */
function wayRows(way: string, counts: Readonly<Record<string, unknown>>): [string, number][] {
  return Object.entries(counts).flatMap(([what, count]): [string, number][] =>
    typeof count === "number" && count > 0 ? [[`${way}: ${what}`, count]] : [],
  );
}

/** Hosts that run something else than a present Linux, and what of that nobody has confirmed; nothing where there are none. */
export function systemTable({ report }: RunResult): Markup | null {
  const { systems = [] } = report;
  if (systems.length === 0) return null;
  const rows = systems.map(({ host, system, unconfirmed }) => row(host, system, unconfirmed.join("; ")));
  return together(
    element("h3", {}, "Hosts that run something else"),
    table([{ title: "host" }, { title: "system" }, { title: "not confirmed" }], rows),
  );
}
