/**
 * A rule of the linter: a stable name, what it looks for, and why that hurts in a failover. A rule sees the whole cluster, and reports at the line
 * where a person would mend it.
 */
import type { Position } from "../text/config-error.ts";
import type { Cluster } from "./cluster.ts";

/** `error`: the failover or the address is broken. `warning`: it does something else than its author expects. `hint`: worth knowing. */
export type LintSeverity = "error" | "warning" | "hint";

/**
 * How it is worded: `message` is one sentence without its full stop, as compilers print it; `why` is sentences; `fix` is what to write, in lower case
 * and without a full stop. What the parser says follows keepalived's own words.
 */
export interface LintFinding extends Position {
  /** Of the rule, in kebab case: what `--ignore` and comments name. */
  readonly rule: string;
  readonly severity: LintSeverity;
  /** What is wrong here, with the values. */
  readonly message: string;
  /** What it does in a failover, with the time it costs where one can be computed. */
  readonly why: string;
  /** How to mend it, as it would be written. */
  readonly fix: string;
  /** Other lines that are part of it, as in another node's file. */
  readonly related: readonly (Position & { readonly message: string })[];
}

/** What a rule says of one place; name and severity are the rule's, unless it is milder or worse here. */
export interface Report {
  readonly at: Position;
  readonly message: string;
  readonly why: string;
  readonly fix: string;
  readonly related?: readonly (Position & { readonly message: string })[];
  readonly severity?: LintSeverity;
}

export interface Rule {
  readonly name: string;
  readonly severity: LintSeverity;
  /** One line for lists of rules: what it finds. */
  readonly summary: string;
  check(cluster: Cluster, report: (found: Report) => void): void;
}
