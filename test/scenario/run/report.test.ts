/** The report: every key that programs read, with its meaning and its unit. */
import { describe, expect, it } from "vitest";
import { VERSION } from "../../../src/base/version.ts";
import { formatReport } from "../../../src/scenario/report.ts";
import { runScenario } from "../../../src/scenario/run.ts";
import { play, TOPOLOGIES, topology } from "./stage.ts";

const result = play({
  seed: 7,
  timeline: ["at: 5s, snapshot: steady", "at: 6s, crash: vm-A"],
  expect: ["at: 5s, holder: { of: web, is: vm-A }", "outage: { of: client-to-web, atMost: 1s }"],
});
const { report } = result;

describe("a report", () => {
  it("has these keys, in this order", () => {
    expect(Object.keys(report)).toEqual([
      "schemaVersion",
      "viplane",
      "scenario",
      "seed",
      "mode",
      "outcome",
      "until",
      "holders",
      "vrrp",
      "splitBrains",
      "probes",
      "snapshots",
      "counters",
      "expectations",
    ]);
    expect(report).toMatchObject({
      schemaVersion: 1,
      viplane: VERSION,
      scenario: "two-nodes",
      seed: 7,
      mode: "simulated",
      outcome: "fail",
      until: 12,
    });
  });

  it("tells every change of holder", () => {
    expect(report.holders).toEqual([
      {
        at: expect.any(Number),
        vip: "10.0.1.50",
        havip: "web",
        from: null,
        holder: "vm-A",
        nic: "eth0",
        mac: "02:00:00:00:00:01",
        cause: "garp-request",
      },
      {
        at: expect.any(Number),
        vip: "10.0.1.50",
        havip: "web",
        from: "vm-A",
        holder: "vm-B",
        nic: "eth0",
        mac: "02:00:00:00:00:02",
        cause: "garp-request",
      },
    ]);
  });

  it("tells every transition", () => {
    expect(report.vrrp.map(({ host, from, to, cause }) => [host, from, to, cause])).toEqual(
      expect.arrayContaining([
        ["vm-A", "INIT", "BACKUP", "startup"],
        ["vm-B", "INIT", "BACKUP", "startup"],
        ["vm-A", "BACKUP", "MASTER", "master-down-timer"],
        ["vm-A", "MASTER", "STOPPED", "crashed"],
        ["vm-B", "BACKUP", "MASTER", "master-down-timer"],
      ]),
    );
    expect(report.vrrp).toHaveLength(5);
    for (const transition of report.vrrp) {
      expect(Object.keys(transition)).toEqual([
        "at",
        "host",
        "instance",
        "vrid",
        "from",
        "to",
        "cause",
        "priority",
        "reason",
      ]);
      expect(transition).toMatchObject({
        instance: "VI_1",
        vrid: 51,
        priority: transition.host === "vm-A" ? 100 : 90,
        reason: expect.stringMatching(/./),
      });
    }
  });

  it("counts what probes sent, got and lost", () => {
    const [probe] = report.probes;
    expect(Object.keys(probe!)).toEqual([
      "name",
      "sent",
      "answered",
      "lost",
      "duplicates",
      "firstAnswer",
      "latency",
      "answeredBy",
      "wrongHost",
      "outages",
    ]);
    expect(probe!.lost).toBe(probe!.sent - probe!.answered);
    expect(Object.keys(probe!.answeredBy)).toEqual(["vm-A", "vm-B"]);
    expect(probe!.answeredBy["vm-A"]! + probe!.answeredBy["vm-B"]!).toBe(probe!.answered);
    expect(probe!.wrongHost).toBe(0);
    // Most go to the switch, on to the holder, and back: 50 us each.
    expect(probe!.latency).toMatchObject({ min: 0.0002, median: 0.0002 });
    const [outage] = probe!.outages;
    expect(Object.keys(outage!)).toEqual(["from", "until", "lost", "ended", "stages", "parts", "takeovers"]);
    expect(outage!.takeovers).toEqual([
      { at: report.vrrp.findLast(({ to }) => to === "MASTER")!.at, host: "vm-B", from: "vm-A", by: "keepalived" },
    ]);
    expect(outage!.parts.map(({ stage, why, where, host }) => [stage, why, where, host])).toEqual([
      ["detect", "nobody", null, "vm-B"],
      ["elect", "nobody", null, "vm-B"],
      ["announce", "client-cache", "client", "vm-B"],
      ["cache", "client-cache", "client", "vm-B"],
      ["transport", "reached", null, "vm-B"],
    ]);
    expect([outage!.parts[0]!.from, outage!.parts.at(-1)!.until]).toEqual([outage!.from, outage!.until]);
    expect(Object.keys(outage!.stages)).toEqual(["detect", "elect", "announce", "bind", "cache", "transport"]);
    expect(probe).toMatchObject({ name: "client-to-web", sent: 1200, duplicates: 0 });
    expect(outage).toMatchObject({ from: 6, ended: true });
    // One question every 10 ms: the first one lost left at 6 s, the answered one a network's round trip before the end.
    expect(outage!.lost).toBe(Math.floor((outage!.until - outage!.from) / 0.01));
    // What was lost before the first answer is start-up: nobody answered the client's ARP requests.
    expect(probe!.sent - probe!.answered).toBe(outage!.lost + report.counters.hosts.unreachable);
  });

  it("sums the stages up to the outage", () => {
    const [{ from, until, stages }] = report.probes[0]!.outages as [(typeof report.probes)[0]["outages"][0]];
    const sum = Object.values(stages).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(until - from, 9);
  });

  it("has exact times: seconds that say the nanosecond", () => {
    expect(report.holders.map(({ at }) => at)).toEqual(result.holders.map(({ atNs }) => atNs / 1e9));
    for (const [index, { at }] of report.holders.entries()) {
      const { atNs } = result.holders[index]!;
      expect(Math.round(at * 1e9)).toBe(atNs);
      expect(String(at)).toMatch(/^\d+\.\d{1,9}$/);
    }
    expect(report.snapshots[0]!.at).toBe(5);
  });

  it("counts frames, drops by cause and what hosts lost", () => {
    expect(Object.keys(report.counters)).toEqual(["frames", "drops", "hosts"]);
    const { frames, drops, hosts } = play({ timeline: ["at: 6s, partition: [[client]]"] }).report.counters;
    expect(frames).toEqual({ in: expect.any(Number), out: expect.any(Number), moved: 0 });
    expect(drops).toEqual({ partitioned: expect.any(Number) });
    expect(drops.partitioned).toBeGreaterThan(100);
    expect(hosts).toEqual({ unheard: 0, unreachable: expect.any(Number), malformed: 0, lost: 0 });
  });

  it("says of every expectation where it stands, what was wanted and seen", () => {
    expect(report.expectations).toEqual([
      { line: 19, kind: "holder", ok: true, wanted: "web held by vm-A at 5.000 s", seen: "vm-A" },
      {
        line: 20,
        kind: "outage",
        ok: false,
        wanted: "outages of client-to-web at most 1.000 s from 0.000 s to 12.000 s",
        seen: expect.stringMatching(/^\d\.\d+ s from 6\.000 s to \d\.\d+ s$/),
      },
    ]);
  });

  it("is JSON of two spaces that ends in a line feed", () => {
    const text = formatReport(report);
    expect(JSON.parse(text)).toEqual(report);
    expect(text).toBe(`${JSON.stringify(report, null, 2)}\n`);
  });

  it("names no HAVIP where there is none", () => {
    const { holders } = runScenario(topology("lan-preemption")).report;
    expect(new Set(holders.map(({ havip }) => havip))).toEqual(new Set([null]));
    expect(new Set(holders.map(({ cause }) => cause))).toEqual(new Set(["garp-request", "na", "link-down"]));
  });

  it("prefers the seed of the options", () => {
    expect(play({ seed: 7 }, { seed: 9 }).report.seed).toBe(9);
  });
});

describe.each(TOPOLOGIES)("the shipped topology %s", (name) => {
  const scenario = topology(name);

  it.each([undefined, 2, 3, 4, 5, 2 ** 53 - 1])("does what it says with seed %s", (seed) => {
    const { report } = runScenario(scenario, seed === undefined ? {} : { seed });
    expect(report.expectations.filter(({ ok }) => !ok)).toEqual([]);
    expect(report.outcome).toBe("pass");
  });
});
