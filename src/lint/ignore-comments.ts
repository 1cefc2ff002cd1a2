/**
 * Comments that silence findings, in the comments of a `keepalived.conf`:
 *
 *   priority 100   # viplane: ignore equal-priorities
 *   # viplane: ignore rule-name, another      on a line of its own: for the next line that is no comment
 *   # viplane: ignore-file rule-name          anywhere: for the whole file
 *
 * What begins a comment is decided as keepalived decides it: `#` or `!` outside of double quotes.
 */
import { blanksFrom, decomment } from "../guest/keepalived/conf/comments.ts";
import { Findings } from "../guest/keepalived/conf/findings.ts";
import { PhysicalLines } from "../guest/keepalived/conf/physical-lines.ts";
import type { PlacedText } from "../guest/keepalived/conf/placed-text.ts";
import type { Position } from "../text/config-error.ts";
import { nearest } from "../text/nearest.ts";
import { placeOf } from "./relocate.ts";
import type { LintFinding } from "./rule.ts";

export interface IgnoreComment {
  /** Of the comment. */
  readonly at: Position;
  /** As written. */
  readonly text: string;
  /** Empty: the comment is not understood. */
  readonly rules: readonly string[];
  /** The line that it is about; null: its whole file. */
  readonly target: Position | null;
}

export const UNUSED_IGNORE = {
  name: "unused-ignore",
  severity: "hint",
  summary: "a comment to viplane that silences nothing",
  help: "The comment hides nothing that is found, or names no rule. Fix: remove it.",
} as const;

/** Both forms, less the comment's own beginning. */
const IGNORE = /^(ignore|ignore-file)\s+([a-z][a-z0-9-]*(?:\s*,\s*[a-z][a-z0-9-]*)*)$/;

/** The comments to viplane in one file, in the order of the lines. `file` is its name in findings. */
export function ignoreComments(file: string, text: string): IgnoreComment[] {
  const comments: IgnoreComment[] = [];
  const waiting: { at: Position; text: string; rules: readonly string[] }[] = [];
  const lines = new PhysicalLines(file, text);
  // Quotes that do not end are the parser's to report.
  const unheard = new Findings();
  for (let physical = lines.next(); physical !== null; physical = lines.next()) {
    const { code, comment } = parted(physical.line, unheard);
    const target = physical.line.at(0);
    if (code) comments.push(...waiting.splice(0).map((before) => ({ ...before, target })));
    const words = comment === null ? null : /^[#!]+\s*viplane:\s*(.*?)[\s\\]*$/.exec(comment.text);
    if (comment === null || words === null) continue;
    const [, kind, names] = IGNORE.exec(words[1]!) ?? [];
    const said = { at: comment.at(0), text: words[1]!, rules: names?.split(/\s*,\s*/) ?? [] };
    if (kind === "ignore" && !code) waiting.push(said);
    else comments.push({ ...said, target: kind === "ignore" ? target : null });
  }
  comments.push(...waiting.map((before) => ({ ...before, target: before.at })));
  return comments.sort((a, b) => a.at.line - b.at.line);
}

/** What no comment silences, and a hint for every comment that silences nothing. `known` are the names of all rules. */
export function silenced(
  findings: readonly LintFinding[],
  comments: readonly IgnoreComment[],
  known: readonly string[],
): LintFinding[] {
  const used = new Set<string>();
  const byPlace = new Map<string, { comment: IgnoreComment; rule: string }[]>();
  for (const comment of comments)
    for (const rule of comment.rules) {
      const key = `${rule} ${comment.target === null ? comment.at.file : lineOf(comment.target)}`;
      byPlace.set(key, [...(byPlace.get(key) ?? []), { comment, rule }]);
    }
  const heard = findings.filter((finding) => {
    const places = [finding.file, lineOf(finding)];
    const hits = places.flatMap((place) => byPlace.get(`${finding.rule} ${place}`) ?? []);
    for (const { comment, rule } of hits) used.add(identity(comment, rule));
    return hits.length === 0;
  });
  const idle = comments.flatMap((comment) => {
    if (comment.rules.length === 0) return [notUnderstood(comment)];
    return comment.rules
      .filter((rule) => !used.has(identity(comment, rule)))
      .map((rule) => unused(comment, rule, known));
  });
  return [...heard, ...idle];
}

/** Whether a line says anything, and its comment. */
function parted(line: PlacedText, unheard: Findings): { code: boolean; comment: PlacedText | null } {
  const { text } = line;
  const start = blanksFrom(text, 0);
  const kept = decomment(line, unheard).line.text;
  // A line that is continued keeps the \ of its end, even behind a comment.
  const end = start + (text.startsWith(kept, start) ? kept.length : kept.length - 1);
  const rest = blanksFrom(text, end);
  const comment = line.slice(text[rest] === "\\" ? rest + 1 : rest);
  return { code: kept !== "" && kept !== "\\", comment: /^[#!]/.test(comment.text) ? comment : null };
}

function unused({ at, text }: IgnoreComment, rule: string, known: readonly string[]): LintFinding {
  const isKnown = known.includes(rule);
  const near = isKnown ? undefined : nearest(rule, known);
  return hint(
    at,
    isKnown ? `'${text}' silences nothing: there is no ${rule} here` : `'${text}': there is no rule ${rule}`,
    near === undefined ? "remove it; viplane check --rules lists all rules" : `did you mean ${near}?`,
  );
}

function notUnderstood({ at, text }: IgnoreComment): LintFinding {
  return hint(
    at,
    `'viplane: ${text}' is not understood`,
    "# viplane: ignore rule-name, another, or # viplane: ignore-file rule-name",
  );
}

function hint(at: Position, message: string, fix: string): LintFinding {
  const why = "It is of no use, and could hide a finding that comes later.";
  return { ...placeOf(at), rule: UNUSED_IGNORE.name, severity: UNUSED_IGNORE.severity, message, why, fix, related: [] };
}

function identity({ at }: IgnoreComment, rule: string): string {
  return `${lineOf(at)}:${at.column} ${rule}`;
}

function lineOf({ file, line }: Position): string {
  return `${file}:${line}`;
}
