/** Outages under any faults: nothing is lost or counted twice, and every nanosecond belongs to one stage, for a reason that fits. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../src/base/units.ts";
import { NO_ANSWER, type Probe } from "../../src/host/probe.ts";
import type { OutageEvent, OutageStage } from "../../src/observe/events.ts";
import { stagesOf } from "../../src/observe/outage-parts.ts";
import { clusterOf, settings, UNTIL_SECONDS } from "../support/any-faults.ts";

/** Runs of lost questions, told from the probe's lists alone. */
function runsOf({ sent, sentNs, answeredNs }: Probe, endNs: number) {
  const isLost = Array.from(answeredNs.subarray(0, sent), (atNs) => atNs === NO_ANSWER);
  const first = isLost.indexOf(false);
  const runs: { fromNs: number; untilNs: number; lost: number; ended: boolean }[] = [];
  let forgiven = Math.max(0, first);
  for (let i = forgiven; i < sent; ) {
    let next = i;
    while (next < sent && isLost[next]) next++;
    const ended = next < sent;
    const run = { fromNs: sentNs[i]!, untilNs: ended ? sentNs[next]! : endNs, lost: next - i, ended };
    if (run.lost > 0 && (ended || endNs - run.fromNs >= NS_PER_S)) runs.push(run);
    else forgiven += run.lost;
    i = next + 1;
  }
  return { runs, forgiven };
}

function expectSound({ fromNs, untilNs, stages, parts, takeovers }: OutageEvent): void {
  expect(Object.values(stages).reduce((sum, ns) => sum + ns, 0)).toBe(untilNs - fromNs);
  for (const ns of Object.values(stages)) expect(Number.isInteger(ns) && ns >= 0).toBe(true);
  expect(stagesOf(parts)).toEqual(stages);
  let reachedNs = fromNs;
  for (const part of parts) {
    expect(part.fromNs).toBe(reachedNs);
    expect(part.untilNs).toBeGreaterThan(part.fromNs);
    reachedNs = part.untilNs;
    expect(stagesFor(part.why)).toContain(part.stage);
  }
  expect(reachedNs).toBe(untilNs);
  expect(takeovers).toEqual(takeovers.toSorted((a, b) => a.atNs - b.atNs));
  for (const { atNs } of takeovers) expect(atNs).toBeGreaterThanOrEqual(fromNs);
}

function stagesFor(why: OutageEvent["parts"][0]["why"]): OutageStage[] {
  if (why === "reached") return ["transport"];
  if (why === "switch" || why === "client-cache") return ["announce", "bind", "cache"];
  return why === "nobody" ? ["detect", "elect"] : ["detect", "elect", "transport"];
}

describe("any faults, any seed, any switch", () => {
  it("outages are the runs of lost questions, and their stages sum to them to the nanosecond", () => {
    fc.assert(
      fc.property(settings(true), (setting) => {
        const network = clusterOf(setting);
        const told = new Map<string, OutageEvent[]>([...network.probes.keys()].map((name) => [name, []]));
        network.events.on("outage", (event) => told.get(event.probe)!.push(event));
        network.run(`${UNTIL_SECONDS}s`);
        for (const [name, probe] of network.probes) {
          const outages = network.outagesOf(name);
          const { runs, forgiven } = runsOf(probe, network.nowNs);
          expect(outages.map(({ fromNs, untilNs, lost, ended }) => ({ fromNs, untilNs, lost, ended }))).toEqual(runs);
          expect(outages.reduce((sum, { lost }) => sum + lost, 0) + forgiven + probe.answered).toBe(probe.sent);
          for (let i = 1; i < outages.length; i++) expect(outages[i]!.fromNs).toBeGreaterThan(outages[i - 1]!.untilNs);
          outages.forEach(expectSound);
          for (const event of told.get(name)!) {
            // What was told as one may since have been cut in two by an answer that came late.
            const listed = outages.find(({ fromNs, lost }) => fromNs === event.fromNs && lost === event.lost);
            if (listed !== undefined) expect(listed).toEqual(event);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
