/** Findings as GitHub's workflow commands (`::error file=…::…`): the runner shows each beside its line in a pull request. */
import { printable } from "../text/style.ts";
import type { LintFinding, LintSeverity } from "./rule.ts";

const COMMANDS: Readonly<Record<LintSeverity, string>> = { error: "error", warning: "warning", hint: "notice" };

export function formatGithub(findings: readonly LintFinding[]): string {
  return findings.map((finding) => `${command(finding)}\n`).join("");
}

function command({ severity, file, line, column, rule, message, why, fix, related }: LintFinding): string {
  const place = { file, ...(line === 0 ? {} : { line: `${line}`, col: `${column}` }), title: rule };
  const properties = Object.entries(place).map(([name, value]) => `${name}=${propertyText(value)}`);
  const text = [
    message,
    ...(why === "" ? [] : [`why: ${why}`]),
    ...(fix === "" ? [] : [`fix: ${fix}`]),
    ...related.map((other) => `${other.file}:${other.line}:${other.column}: ${other.message}`),
  ].join("\n");
  return `::${COMMANDS[severity]} ${properties.join(",")}::${dataText(text)}`;
}

/** What ends a command or begins an escape (actions/toolkit, `escapeData`). */
function dataText(text: string): string {
  return printable(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** What ends a property, too (`escapeProperty`). */
function propertyText(text: string): string {
  return dataText(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
