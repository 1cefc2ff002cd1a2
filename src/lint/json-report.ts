/** Findings and failover times for programs, `schemaVersion` 1. Times are in seconds, as in the report of a run. */
import { secondsFromNs } from "../base/units.ts";
import { VERSION } from "../base/version.ts";
import type { Judged } from "./judge.ts";

export function formatJson({ findings, failover }: Judged): string {
  const document = {
    schemaVersion: 1,
    viplane: VERSION,
    findings: findings.map(({ rule, severity, file, line, column, message, why, fix, related }) => ({
      rule,
      severity,
      file,
      line,
      column,
      message,
      why,
      fix,
      related,
    })),
    failover: failover.map(({ scenario, segment, family, vrid, addresses, master, faults }) => ({
      scenario,
      segment,
      family,
      vrid,
      addresses,
      master,
      faults: faults.map(({ fault, of, weight, takeover, reason }) => ({
        fault,
        of,
        weight,
        next: takeover?.by ?? null,
        best: seconds(takeover?.span.bestNs),
        typical: seconds(takeover?.span.typicalNs),
        worst: seconds(takeover?.span.worstNs),
        reason,
      })),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function seconds(ns: number | undefined): number | null {
  return ns === undefined ? null : secondsFromNs(ns);
}
