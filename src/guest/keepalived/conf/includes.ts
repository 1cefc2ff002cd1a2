/**
 * `include PATTERN`, anywhere in a configuration, also inside a block: a glob pattern with braces, relative to the file
 * that includes. What cannot be found is only logged, unless the variant of the keyword, or `include_check`, makes it
 * fatal: `includer` insists on readable files, `includem` on a match, `includew` also for wildcards, `includeb` on a
 * match for every brace alternative, `includea` on all of it.
 */

import type { Position } from "../../../text/config-error.ts";
import { expandBraces } from "./braces.ts";
import type { ConfFiles } from "./files.ts";
import type { Findings } from "./findings.ts";
import { PhysicalLines } from "./physical-lines.ts";
import type { PlacedText } from "./placed-text.ts";

/** What an include insists on, as bits. */
export const MUST_READ = 1;
export const MUST_MATCH = 2;
export const MUST_MATCH_WILDCARD = 4;
export const MUST_MATCH_BRACES = 8;
export const MUST_ALL = 15;

/** Files within files; keepalived itself goes on until it runs out of file descriptors. */
export const INCLUDE_DEPTH_MAX = 32;

const STRICTNESS: Readonly<Record<string, number>> = {
  "": 0,
  r: MUST_READ,
  m: MUST_READ | MUST_MATCH,
  w: MUST_READ | MUST_MATCH | MUST_MATCH_WILDCARD,
  b: MUST_READ | MUST_MATCH_BRACES,
  a: MUST_ALL,
};

/** Where includes are resolved: the files open now, outermost first, and what `include_check` insists on. */
export interface IncludeContext {
  readonly files: ConfFiles;
  readonly findings: Findings;
  readonly openFiles: readonly string[];
  readonly check: number;
}

/** The files that an include line brings, in order of reading; null if the line is no include. */
export function readInclude(line: PlacedText, context: IncludeContext): PhysicalLines[] | null {
  const match = /^include([rmwba]?)[ \t\f\v]+(.*)$/.exec(line.text);
  if (match === null) return null;
  const pattern = match[2]!;
  const at = line.at(match[0].length - pattern.length);
  const { files, findings, openFiles } = context;
  const insists = context.check | STRICTNESS[match[1]!]!;
  if (openFiles.length >= INCLUDE_DEPTH_MAX) {
    findings.fatal("include-too-deep", at, `Files include each other more than ${INCLUDE_DEPTH_MAX} deep`);
    return [];
  }
  const found = alternatives(pattern, line.file, at, insists, context);
  const opened: PhysicalLines[] = [];
  for (const path of found) {
    if (path.endsWith("/")) {
      report(findings, insists & MUST_READ, at, `Configuration file '${path}' is a directory - skipping`);
      continue;
    }
    if (openFiles.includes(path)) {
      findings.fatal(
        "include-cycle",
        at,
        `Configuration file '${path}' includes itself`,
        [...openFiles.slice(openFiles.indexOf(path)), path].join(" → "),
      );
      continue;
    }
    const text = files.read(path);
    if (text !== null) opened.push(new PhysicalLines(path, text));
    else
      report(
        findings,
        insists & MUST_READ,
        at,
        `Configuration file '${path}' is not a regular non-executable file - skipping`,
      );
  }
  return opened;
}

/** The paths that exist for each brace alternative, without repetition, once what is missing has been said. */
function alternatives(
  pattern: string,
  from: string,
  at: Position,
  insists: number,
  { files, findings }: IncludeContext,
): string[] {
  const choices = expandBraces(pattern);
  const paths = choices.map((choice) => files.glob(choice, from));
  const found = [...new Set(paths.flat())];
  const missing = choices.some((choice, index) => paths[index]!.length === 0 && isMissing(choice, from, files));
  const braces = choices.length > 1;
  if (found.length === 0) {
    const duty = missing ? (braces ? MUST_MATCH_BRACES : MUST_MATCH) : MUST_MATCH_WILDCARD;
    if (missing) report(findings, insists & duty, at, `Config files missing '${pattern}'.`);
    else if (insists & duty) report(findings, duty, at, `No config files matched '${pattern}'.`);
  } else if (missing) {
    report(findings, insists & MUST_MATCH_BRACES, at, `Some config files missing: "${pattern}".`);
    if (insists & MUST_MATCH_BRACES) return [];
  }
  return found;
}

/**
 * Whether keepalived calls a pattern without a match missing: one without wildcards, or one whose directory does not
 * exist. A directory in which nothing can be found counts as one that does not exist.
 */
function isMissing(pattern: string, from: string, files: ConfFiles): boolean {
  const wildcard = pattern.search(/[*?[]/);
  if (wildcard < 0) return true;
  const slash = pattern.lastIndexOf("/", wildcard);
  const directory = pattern.slice(0, slash + 1);
  if (/^(?:\.?\/)*$/.test(directory)) return false;
  return [`${directory}*`, `${directory}*/*`].every((inside) => files.glob(inside, from).length === 0);
}

function report(findings: Findings, fatal: number, at: Position, message: string): void {
  const hint =
    "a path in an include is relative to the file that includes; a folder that holds no file counts as missing";
  if (fatal !== 0) findings.fatal("include-missing", at, message, hint);
  else findings.warning("include-missing", at, message, hint);
}
