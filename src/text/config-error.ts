/**
 * The one exception that people see: something they wrote is wrong. It names the place and says what would be right,
 * and it may hold several findings, because a file is judged as a whole.
 */
/** Where something was written: line and column count from 1; 0 if it has no place (a missing file or key). */
export interface Position {
  /** As the user named it, `-` for stdin. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Finding extends Position {
  readonly severity: "error" | "warning";
  /** One sentence: what is wrong, without the place. */
  readonly message: string;
  /** What would be right: an example, the nearest spelling, the known words. */
  readonly hint?: string;
}

export class ConfigError extends Error {
  override name = "ConfigError";
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super(findings.map(formatFinding).join("\n"));
    this.findings = findings;
  }
}

/** `file:line:column: error: message (hint)`: the form that editors and CI turn into a link. */
export function formatFinding(finding: Finding): string {
  const place = finding.line > 0 ? `${finding.file}:${finding.line}:${finding.column}` : finding.file;
  const hint = finding.hint === undefined ? "" : `\n    ${finding.hint}`;
  return `${place}: ${finding.severity}: ${finding.message}${hint}`;
}
