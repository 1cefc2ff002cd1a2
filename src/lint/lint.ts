/** The engine: what the parser has found and what the rules find in a cluster, as one list in the order of the lines. */
import type { KeepalivedConf } from "../guest/keepalived/conf/model.ts";
import { type Cluster, clusterOf } from "./cluster.ts";
import { explained } from "./parser-codes.ts";
import { placeOf } from "./relocate.ts";
import type { LintFinding, Rule } from "./rule.ts";

/**
 * Findings by file, line and column, each once however many nodes share the file. While keepalived would not even run somewhere, every
 * other node is judged alone: what does not fit together could follow from the lines that are lost.
 */
export function lint(cluster: Cluster, rules: readonly Rule[]): LintFinding[] {
  const found: LintFinding[] = cluster.nodes.flatMap(({ conf }) => conf.diagnostics.map(explained));
  for (const { name, severity, check } of rules)
    for (const part of readableParts(cluster))
      check(part, ({ at, related = [], ...report }) => {
        found.push({
          ...placeOf(at),
          rule: name,
          severity: report.severity ?? severity,
          message: report.message,
          why: report.why,
          fix: report.fix,
          related: related.map((other) => ({ ...placeOf(other), message: other.message })),
        });
      });
  return inOrder(found);
}

/** The cluster; or, if some of its nodes cannot run, each of the others as a cluster of its own. */
export function readableParts(cluster: Cluster): readonly Cluster[] {
  const runs = cluster.nodes.filter(({ conf }) => isRunnable(conf));
  return runs.length === cluster.nodes.length ? [cluster] : runs.map((node) => clusterOf([node]));
}

/** Sorted by place, those in the same place by rule, and each only once. */
export function inOrder(findings: readonly LintFinding[]): LintFinding[] {
  const once = new Map(findings.map((finding) => [identity(finding), finding]));
  return [...once.values()].sort(
    (a, b) =>
      byText(a.file, b.file) ||
      a.line - b.line ||
      a.column - b.column ||
      byText(a.rule, b.rule) ||
      byText(a.message, b.message),
  );
}

function isRunnable({ diagnostics }: KeepalivedConf): boolean {
  return diagnostics.every(({ severity }) => severity !== "fatal");
}

function identity({ rule, file, line, column, message }: LintFinding): string {
  return `${rule} ${file}:${line}:${column} ${message}`;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
