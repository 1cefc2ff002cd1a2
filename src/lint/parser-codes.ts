/**
 * What the parser of `keepalived.conf` reports, as findings of the linter: the code is the name of the rule, and the tables add what it does
 * to a failover and how to mend it. The severity is the linter's own: keepalived calls many things an error that cost no failover.
 */
import { present } from "../base/assert.ts";
import type { ConfDiagnostic } from "../guest/keepalived/conf/model.ts";
import { toFinding } from "../guest/keepalived/conf/to-finding.ts";
import { INSTANCE_CODES } from "./instance-codes.ts";
import { LANGUAGE_CODES } from "./language-codes.ts";
import { placeOf } from "./relocate.ts";
import type { LintFinding, LintSeverity } from "./rule.ts";
import { SERVER_CODES } from "./server-codes.ts";

export interface ParserCode {
  /** Of what keepalived complains about and goes on; what ends it is always an error. */
  readonly severity: LintSeverity;
  /** Of what it does not complain about; unless given a warning, or a hint where `severity` is one. */
  readonly logged?: LintSeverity;
  readonly summary: string;
  readonly why: string;
  readonly fix: string;
  /** The parser's hint says more about what is wrong, not how to mend it. */
  readonly detail?: true;
}

/** Every code that `guest/keepalived/conf` emits. */
export const PARSER_CODES: ReadonlyMap<string, ParserCode> = new Map(
  Object.entries({ ...LANGUAGE_CODES, ...INSTANCE_CODES, ...SERVER_CODES }),
);

export function explained(diagnostic: ConfDiagnostic): LintFinding {
  const { message, hint } = toFinding(diagnostic);
  const { why, fix, detail, ...code } = present(PARSER_CODES.get(diagnostic.code), diagnostic.code);
  const isDetail = detail === true && hint !== undefined;
  return {
    ...placeOf(diagnostic),
    rule: diagnostic.code,
    severity: severityOf(diagnostic, code),
    message: isDetail ? `${message} (${hint})` : message,
    why,
    fix: hint === undefined || isDetail ? fix : `${fix}: ${hint}`,
    related: [],
  };
}

function severityOf(
  { severity: said }: ConfDiagnostic,
  { severity, logged }: Pick<ParserCode, "severity" | "logged">,
): LintSeverity {
  if (said === "fatal") return "error";
  if (said === "error") return severity;
  return logged ?? (severity === "hint" ? "hint" : "warning");
}
