/**
 * Everything that is given to `viplane check`, judged: the configurations together as one cluster, each scenario as a cluster of its own. Comments
 * silence findings only here, when all are known: one that silences nothing anywhere is of no use.
 */
import type { Finding } from "../text/config-error.ts";
import { placeOutside } from "../text/enclosed-text.ts";
import { clusterOf } from "./cluster.ts";
import { type ConfFile, confNodes } from "./conf-nodes.ts";
import { type FailoverTimes, failoverTimes } from "./failover-times.ts";
import { type IgnoreComment, ignoreComments, silenced } from "./ignore-comments.ts";
import { inOrder, lint, readableParts } from "./lint.ts";
import { placeOf, relocated } from "./relocate.ts";
import type { LintFinding } from "./rule.ts";
import { RULE_NAMES, RULES, SCENARIO_WARNING } from "./rules.ts";
import { type LintedScenario, scenarioNodes } from "./scenario-nodes.ts";

export interface Judged {
  /** By file, line and column. */
  readonly findings: readonly LintFinding[];
  readonly failover: readonly (FailoverTimes & { readonly scenario: string | null })[];
}

export interface ToJudge {
  readonly confs: readonly ConfFile[];
  readonly scenarios: readonly LintedScenario[];
  /** Names of rules whose findings are not wanted. */
  readonly ignored: ReadonlySet<string>;
  /** By name, every configuration that was read, included ones too; those inside scenarios come with them. */
  readonly texts: ReadonlyMap<string, string>;
}

export function judge({ confs, scenarios, ignored, texts }: ToJudge): Judged {
  const clusters = [
    { scenario: null, cluster: clusterOf(confNodes(confs)), findings: [] as readonly LintFinding[] },
    ...scenarios.map((scenario) => {
      const { nodes, warnings } = scenarioNodes(scenario);
      const findings = warnings.map((warning) => ownFinding(SCENARIO_WARNING, warning));
      return { scenario: scenario.file, cluster: clusterOf(nodes), findings };
    }),
  ];
  const found = clusters.flatMap(({ cluster, findings }) => [...findings, ...lint(cluster, RULES)]);
  const heard = silenced(found, commentsOf(scenarios, texts), RULE_NAMES);
  return {
    findings: inOrder(heard.filter(({ rule }) => !ignored.has(rule))),
    failover: clusters.flatMap(({ scenario, cluster }) =>
      readableParts(cluster).flatMap((part) => failoverTimes(part).map((times) => ({ scenario, ...times }))),
    ),
  };
}

/** What is found by who knows no rules: reading a file, validating a scenario. */
export function ownFinding(rule: string, { message, hint, severity, ...at }: Finding): LintFinding {
  return { ...placeOf(at), rule, severity, message, why: "", fix: hint ?? "", related: [] };
}

/** Each once, though several hosts may have one configuration. */
function commentsOf(scenarios: readonly LintedScenario[], texts: ReadonlyMap<string, string>): IgnoreComment[] {
  const inFiles = [...texts].flatMap(([file, text]) => ignoreComments(file, text));
  const inScenarios = scenarios.flatMap(({ hosts }) =>
    hosts.flatMap(({ keepalived: spec }) =>
      spec === null || spec.source === "file"
        ? []
        : relocated(ignoreComments(spec.path, spec.text), (at) => placeOutside(spec, at)),
    ),
  );
  const all = [...inFiles, ...inScenarios];
  const once = new Map(all.map((comment) => [`${comment.at.file}:${comment.at.line}:${comment.at.column}`, comment]));
  return [...once.values()];
}
