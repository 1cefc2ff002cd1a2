/** All rules, and the list of everything that a finding can be called: what `--rules` prints, and `--ignore` and comments name. */
import { UNUSED_IGNORE } from "./ignore-comments.ts";
import { PARSER_CODES } from "./parser-codes.ts";
import type { LintSeverity, Rule } from "./rule.ts";
import { ADDRESS_RULES } from "./rules/addresses.ts";
import { ANNOUNCEMENT_RULES } from "./rules/announcements.ts";
import { AUTHENTICATION_RULES } from "./rules/authentication.ts";
import { ENVIRONMENT_RULES } from "./rules/environment.ts";
import { GROUP_RULES } from "./rules/groups.ts";
import { PREEMPTION_RULES } from "./rules/preemption.ts";
import { PRIORITY_RULES } from "./rules/priority.ts";
import { SCRIPT_RULES } from "./rules/scripts.ts";
import { SYNTAX_RULES } from "./rules/syntax.ts";
import { TIMING_RULES } from "./rules/timing.ts";
import { UNICAST_RULES } from "./rules/unicast.ts";

export const RULES: readonly Rule[] = [
  ...SYNTAX_RULES,
  ...GROUP_RULES,
  ...ADDRESS_RULES,
  ...PRIORITY_RULES,
  ...PREEMPTION_RULES,
  ...SCRIPT_RULES,
  ...UNICAST_RULES,
  ...AUTHENTICATION_RULES,
  ...TIMING_RULES,
  ...ANNOUNCEMENT_RULES,
  ...ENVIRONMENT_RULES,
];

/** What a scenario says of itself, its configurations aside. */
export const SCENARIO_WARNING = "scenario";
/** What cannot be judged at all. No rule, and nothing can silence it. */
export const INVALID_INPUT = "invalid-input";

export interface RuleInfo {
  readonly name: string;
  /** As a rule; one place can be milder or worse. */
  readonly severity: LintSeverity;
  readonly summary: string;
  /** What it costs and how to mend it, where that is the same everywhere; else null. */
  readonly help: string | null;
}

/** By name. */
export const ALL_RULES: readonly RuleInfo[] = [
  ...RULES.map(({ name, severity, summary }) => ({ name, severity, summary, help: null })),
  ...[...PARSER_CODES].map(([name, { severity, summary, why, fix }]) => ({
    name,
    severity,
    summary,
    help: `${why} Fix: ${fix}.`,
  })),
  {
    name: SCENARIO_WARNING,
    severity: "warning" as const,
    summary: "what a scenario says of its hosts, switches and servers",
    help: null,
  },
  {
    name: INVALID_INPUT,
    severity: "error" as const,
    summary: "a file that cannot be read, or a scenario that cannot be run",
    help: null,
  },
  UNUSED_IGNORE,
].sort((a, b) => (a.name < b.name ? -1 : 1));

/** What can be silenced. */
export const RULE_NAMES: readonly string[] = ALL_RULES.map(({ name }) => name).filter((name) => name !== INVALID_INPUT);
