/** What rules say of configurations that run together on one segment; each finding is held to the wording of all. */
import { NO_FILES } from "../../../src/guest/keepalived/conf/files.ts";
import { parseKeepalivedConf } from "../../../src/guest/keepalived/conf/parse.ts";
import { type ClusterNode, clusterOf } from "../../../src/lint/cluster.ts";
import type { LintFinding, Rule } from "../../../src/lint/rule.ts";
import type { Position } from "../../../src/text/config-error.ts";
import { expectWording } from "../wording.ts";

/** A finding with its places as people read them, `file:line:column`. */
export interface FoundByRules extends Pick<LintFinding, "rule" | "severity" | "message" | "why" | "fix"> {
  readonly place: string;
  /** `place: message` of the other lines that are part of it. */
  readonly related: readonly string[];
}

/** `texts` by the name of the node, which is that of its file too; `given` adds what a rule may know beyond the text. */
export function findingsOf(
  rules: readonly Rule[],
  texts: Readonly<Record<string, string>>,
  given: Partial<ClusterNode> = {},
): FoundByRules[] {
  return findingsIn(rules, nodesOf(texts, given));
}

/** The same for nodes that differ in more than their texts. */
export function findingsIn(rules: readonly Rule[], nodes: readonly ClusterNode[]): FoundByRules[] {
  const found: FoundByRules[] = [];
  const cluster = clusterOf(nodes);
  const names = nodes.flatMap(({ name, conf }) => [name, ...conf.instances.map((instance) => instance.name)]);
  for (const { name, severity, check } of rules)
    check(cluster, ({ at, related = [], ...report }) => {
      const said = related.map((other) => `${placeOf(other)}: ${other.message}`);
      const { message, why, fix } = report;
      expectWording(report, names);
      found.push({
        rule: name,
        severity: report.severity ?? severity,
        place: placeOf(at),
        message,
        why,
        fix,
        related: said,
      });
    });
  return found;
}

/** The nodes that `findingsOf` judges: one segment, no host known. */
export function nodesOf(texts: Readonly<Record<string, string>>, given: Partial<ClusterNode> = {}): ClusterNode[] {
  return Object.entries(texts).map(([name, text]) => ({
    name,
    conf: parseKeepalivedConf(name, text, NO_FILES),
    host: null,
    segmentOf: () => "lan",
    ...given,
  }));
}

function placeOf({ file, line, column }: Position): string {
  return line > 0 ? `${file}:${line}:${column}` : file;
}
