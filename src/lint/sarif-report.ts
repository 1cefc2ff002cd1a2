/** Findings in SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format), as code hosts and editors show them beside the lines. */
import { VERSION } from "../base/version.ts";
import type { Position } from "../text/config-error.ts";
import type { LintFinding, LintSeverity } from "./rule.ts";
import type { RuleInfo } from "./rules.ts";

const LEVELS: Readonly<Record<LintSeverity, string>> = { error: "error", warning: "warning", hint: "note" };

/** `rules` has the rule of every finding. `succeeded`: every file could be judged. */
export function formatSarif(findings: readonly LintFinding[], rules: readonly RuleInfo[], succeeded: boolean): string {
  const indexes = new Map(rules.map(({ name }, index) => [name, index]));
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "viplane", version: VERSION, rules: rules.map(descriptor) } },
        invocations: [{ executionSuccessful: succeeded }],
        columnKind: "utf16CodeUnits",
        results: findings.map((finding) => ({
          ruleId: finding.rule,
          ruleIndex: indexes.get(finding.rule),
          level: LEVELS[finding.severity],
          message: { text: messageOf(finding) },
          locations: [{ physicalLocation: physicalLocation(finding) }],
          ...(finding.related.length === 0
            ? {}
            : {
                relatedLocations: finding.related.map((other, id) => ({
                  id,
                  physicalLocation: physicalLocation(other),
                  message: { text: other.message },
                })),
              }),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function descriptor({ name, severity, summary, help }: RuleInfo): object {
  const silence = `To silence it: --ignore ${name}, or # viplane: ignore ${name} at the end of the line.`;
  return {
    id: name,
    shortDescription: { text: summary },
    help: { text: [help ?? summary, silence].join("\n\n") },
    defaultConfiguration: { level: LEVELS[severity] },
  };
}

function messageOf({ message, why, fix }: LintFinding): string {
  return [message, why === "" ? "" : `Why: ${why}`, fix === "" ? "" : `Fix: ${fix}`]
    .filter((text) => text !== "")
    .join("\n");
}

function physicalLocation({ file, line, column }: Position): object {
  const region = line === 0 ? {} : { region: { startLine: line, startColumn: column } };
  return { artifactLocation: { uri: uriOf(file) }, ...region };
}

/** A relative reference, or a file's whole address (RFC 3986, RFC 8089). */
function uriOf(path: string): string {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return path.startsWith("/") ? `file://${encoded}` : encoded;
}
