/** TCP probes of a scenario: what the reports say of connections, beside what they say of the path. */
import { describe, expect, it } from "vitest";
import { runScenario } from "../../../src/scenario/run.ts";
import { formatRun } from "../../../src/scenario/text-report.ts";
import { PLAIN } from "../../../src/text/style.ts";
import { play, topology } from "./stage.ts";

const result = runScenario(topology("path-and-flow"));
const probe = (name: string) => result.report.probes.find((one) => one.name === name)!;

describe("the shipped scenario", () => {
  it("passes", () => {
    expect(result.verdicts.filter(({ ok }) => !ok)).toEqual([]);
    expect(result.verdicts.length).toBe(9);
  });

  it("has a flow only where a connection is kept, and refusals only over TCP", () => {
    expect(result.report.probes.map(({ name, flow, refused }) => [name, flow !== undefined, refused])).toEqual([
      ["ping", false, undefined],
      ["checker", false, 0],
      ["patient", false, 0],
      ["session", true, 0],
    ]);
  });

  it("tells of the connection what became of it, and of each outage what the path's share was", () => {
    const { flow, outages } = probe("session");
    expect(flow).toMatchObject({ resets: 1, timeouts: 0, reconnections: 1, late: outages[1]!.late });
    const [failover, link] = flow!.blackouts;
    const path = probe("ping").outages.map(({ from, until }) => until - from);
    // A ping is asked every 10 ms; the flow is dark between two answers.
    expect(Math.abs(failover!.pathDark - path[0]!)).toBeLessThan(0.01);
    expect(link!.pathDark).toBeCloseTo(0.7, 9);
    for (const [i, { from, until }] of flow!.blackouts.entries()) {
      expect(until! - from).toBeGreaterThan(path[i]! * 1.8);
      expect(Math.abs(until! - from - (outages[i]!.until - outages[i]!.from))).toBeLessThanOrEqual(0.02);
    }
  });

  it("says so in words", () => {
    const text = formatRun(result, PLAIN);
    expect(text).toContain("  checker  tcp from client to 10.0.1.50, port 443: a connection every 10 ms\n");
    expect(text).toContain(
      "  session  tcp from client to 10.0.1.50, port 443: one connection, a request every 10 ms\n",
    );
    expect(text).toMatch(/2900 sent, \d+ answered \(147 late\), 645 lost, the first answer at 5\.001 s\n/);
    expect(text).toMatch(/ {4}the connection: reset once, established anew once, sent again \d times\n/);
    expect(text).toMatch(/ {6}the flow was dark for 6\.\d{3} s, the path for 3\.277 s\n/);
    expect(text).toMatch(/ {6}the flow was dark for 1\.\d{3} s, the path for 700 ms\n/);
    expect(text).toMatch(/ vm-B reset the connection, which it knew nothing of; established anew at \d+\.\d{3} s\n/);
    expect(text).toMatch(/ transport .* until TCP sent again\n/);
    expect(text).toMatch(/session +answered again after 1\.4\d0 s, 147 late\n/);
  });

  it("tells no recovery of attempts that are still being made", () => {
    const told = result.happenings.filter(({ kind }) => kind === "outage").map(({ who }) => who);
    expect(told).toEqual(["ping", "checker", "session", "ping", "checker", "session"]);
  });
});

describe("an answer from the wrong host", () => {
  it("is counted, and stands out", () => {
    const lying = play({
      until: "8s",
      timeline: [
        // vm-A is master, and the client goes on asking vm-B, which has the address too.
        'at: 6s, command: { host: client, run: "ip neigh replace 10.0.1.50 lladdr 02:00:00:00:00:02 dev eth0" }',
        "at: 6s, command: { host: vm-B, run: ip addr add 10.0.1.50/32 dev eth0 }",
      ],
    });
    expect(lying.report.probes[0]).toMatchObject({ wrongHost: 200 });
    expect(formatRun(lying, PLAIN)).toContain(
      "    WRONG HOST 200 answers came from a host that the address did not belong to then\n",
    );
  });
});
