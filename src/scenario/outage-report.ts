/** An outage in the JSON report. */
import { secondsFromNs } from "../base/units.ts";
import type { OutageEvent, OutagePart, Takeover } from "../observe/events.ts";
import type { ReportOutage, ReportPart, ReportTakeover } from "./report.ts";

export function reportOutage({
  fromNs,
  untilNs,
  lost,
  late,
  ended,
  stages,
  parts,
  takeovers,
}: OutageEvent): ReportOutage {
  const { detect, elect, announce, bind, cache, transport } = stages;
  return {
    from: secondsFromNs(fromNs),
    until: secondsFromNs(untilNs),
    lost,
    ...(late === undefined ? {} : { late }),
    ended,
    stages: {
      detect: secondsFromNs(detect),
      elect: secondsFromNs(elect),
      announce: secondsFromNs(announce),
      bind: secondsFromNs(bind),
      cache: secondsFromNs(cache),
      transport: secondsFromNs(transport),
    },
    parts: parts.map(reportPart),
    takeovers: takeovers.map(reportTakeover),
  };
}

function reportPart({ stage, fromNs, untilNs, why, where, host }: OutagePart): ReportPart {
  return { stage, from: secondsFromNs(fromNs), until: secondsFromNs(untilNs), why, where, host };
}

function reportTakeover({ atNs, host, from, by }: Takeover): ReportTakeover {
  return { at: secondsFromNs(atNs), host, from, by };
}
