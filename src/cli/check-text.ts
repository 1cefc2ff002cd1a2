/** What `viplane check` finds, for people, as compilers print it: the place, the message, the line itself, why it matters and how to mend it. */
import { formatSeconds } from "../base/units.ts";
import type { Fault, FaultTime } from "../lint/failover-times.ts";
import type { Judged } from "../lint/judge.ts";
import type { LintFinding, LintSeverity } from "../lint/rule.ts";
import type { RuleInfo } from "../lint/rules.ts";
import type { Position } from "../text/config-error.ts";
import { printable, type Style } from "../text/style.ts";
import { type Column, table, WIDTH_MAX, wrapped } from "../text/table.ts";

const FAULT_WORDS: Readonly<Record<Fault, string>> = {
  crash: "crash",
  "link-loss": "link lost",
  stop: "orderly stop",
  script: "script",
  interface: "interface",
  process: "process",
};
/** The worst first. */
const SEVERITIES: readonly LintSeverity[] = ["error", "warning", "hint"];
/** Nobody reads more: of more than these the worst are shown. */
const FINDINGS_MAX = 100;
/** Of a line longer than this the part around the place is shown. */
const LINE_MAX = 100;
const INDENT = "    ";
/** Longer lists of virtual addresses are cut. */
const ADDRESSES_MAX = 3;

/** `lineOf` gives the text of a line, null where it is not at hand. */
export function formatFindings(
  findings: readonly LintFinding[],
  lineOf: (at: Position) => string | null,
  style: Style,
): string {
  const rank = ({ severity }: LintFinding) => SEVERITIES.indexOf(severity);
  const worst = findings.length > FINDINGS_MAX ? findings.toSorted((a, b) => rank(a) - rank(b)) : findings;
  const shown = worst.slice(0, FINDINGS_MAX).flatMap((finding) => [...findingLines(finding, lineOf, style), ""]);
  const more = findings.length - FINDINGS_MAX;
  if (more > 0) shown.push(`… and ${plural(more, "more finding", "more findings")}; --format json has them all`, "");
  return shown.map((line) => `${line}\n`).join("");
}

/** `1 error, 2 warnings, 3 hints`, each only if there are any. */
export function formatCounts(findings: readonly LintFinding[]): string {
  const counts = SEVERITIES.flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [plural(count, severity)];
  });
  return counts.join(", ") || "no findings";
}

const FAULT_COLUMNS: readonly Column[] = [
  { title: "fault" },
  { title: "best", right: true },
  { title: "typical", right: true },
  { title: "worst", right: true },
  { title: "next" },
  { title: "made of", wraps: true },
];

/** A table for all virtual routers that fail over alike; nothing where none can. */
export function formatFailover(failover: Judged["failover"], style: Style): string {
  const tables = new Map<string, { title: string; routers: string[]; rows: string[][] }>();
  for (const { scenario, vrid, family, addresses, master, faults } of failover) {
    const next = [...new Set(faults.flatMap(({ takeover }) => takeover?.by ?? []))];
    const where = scenario === null ? "" : `${scenario}: `;
    const to = next.length === 1 ? ` to ${next[0]}` : "";
    const title = `${where}failover from ${master.node} (priority ${master.priority})${to}`;
    const rows = faults.map((fault) => faultRow(fault, next.length > 1));
    const key = JSON.stringify([title, rows]);
    const alike = tables.get(key) ?? { title, routers: [], rows };
    tables.set(key, alike);
    alike.routers.push(`  VRID ${vrid}, IPv${family}${addresses.length === 0 ? "" : `: ${shortened(addresses)}`}`);
  }
  const lines = [...tables.values()].flatMap(({ title, routers, rows }) => [
    style.bold(printable(title)),
    ...routers,
    ...table(FAULT_COLUMNS, rows),
    "",
  ]);
  return lines.map((line) => `${line}\n`).join("");
}

/** The rules as a table. */
export function formatRules(rules: readonly RuleInfo[]): string {
  const columns = [{ title: "rule" }, { title: "severity" }, { title: "finds", wraps: true } as const];
  const rows = rules.map(({ name, severity, summary }) => [name, severity, summary]);
  return table(columns, rows)
    .map((line) => `${line}\n`)
    .join("");
}

export function plural(count: number, word: string, words = `${word}s`): string {
  return `${count} ${count === 1 ? word : words}`;
}

function faultRow({ fault, of, weight, takeover, reason }: FaultTime, naming: boolean): string[] {
  const span = takeover?.span;
  const times =
    span === undefined ? ["never", "", ""] : [span.bestNs, span.typicalNs, span.worstNs].map((ns) => formatSeconds(ns));
  const tracker = weight === null ? "" : ` ${of}${weight === 0 ? "" : `, weight ${weight}`}`;
  return [FAULT_WORDS[fault] + tracker, ...times, naming ? (takeover?.by ?? "") : "", reason];
}

function shortened(addresses: readonly string[]): string {
  const more = addresses.length - ADDRESSES_MAX;
  return [...addresses.slice(0, ADDRESSES_MAX), ...(more > 0 ? [`${more} more`] : [])].join(", ");
}

function findingLines(finding: LintFinding, lineOf: (at: Position) => string | null, style: Style): string[] {
  const { severity, message, rule, why, fix, related } = finding;
  const head = `${style.bold(printable(placeText(finding)))}: ${severityWord(severity, style)}: ${printable(message)} ${style.dim(`[${rule}]`)}`;
  return [
    head,
    ...sourceLines(finding, lineOf, style),
    ...labelled("why", why),
    ...labelled("fix", fix),
    ...related.flatMap((other) => [
      `${INDENT}${printable(placeText(other))}: ${printable(other.message)}`,
      ...sourceLines(other, lineOf, style),
    ]),
  ];
}

function severityWord(severity: LintSeverity, style: Style): string {
  if (severity === "error") return style.bad(severity);
  return severity === "warning" ? style.accent(severity) : severity;
}

/** The line with a mark under the word that is meant. */
function sourceLines(at: Position, lineOf: (at: Position) => string | null, style: Style): string[] {
  const text = at.line === 0 ? null : lineOf(at);
  if (text === null) return [];
  const start = Math.min(at.column - 1, text.length);
  const word = /^(?:"[^"]*"|[^\s{}#!"]+)/.exec(text.slice(start))?.[0].length ?? 1;
  const from = text.length <= LINE_MAX ? 0 : Math.max(0, start - LINE_MAX / 2);
  const shown = text.slice(from, from + LINE_MAX);
  const gap = shown.slice(0, start - from).replace(/[^\t]/g, " ");
  const mark = `^${"~".repeat(Math.max(0, Math.min(word, shown.length - (start - from)) - 1))}`;
  const margin = `${INDENT}${String(at.line).padStart(4)} | `;
  // One place a character, so that the mark stands under its word.
  const safe = shown.replace(/[^\P{Cc}\t]/gu, "·");
  return [
    `${style.dim(margin)}${safe}`,
    `${style.dim(`${" ".repeat(margin.length - 2)}| `)}${gap}${style.accent(mark)}`,
  ];
}

function labelled(label: string, text: string): string[] {
  if (text === "") return [];
  const lines = printable(text)
    .split("\n")
    .flatMap((line) => wrapped(line, WIDTH_MAX - INDENT.length - 5));
  return lines.map((line, i) => `${INDENT}${i === 0 ? `${label}: ` : "     "}${line}`);
}

function placeText({ file, line, column }: Position): string {
  return line > 0 ? `${file}:${line}:${column}` : file;
}
