/** Computed failover times, held against timelines of real keepalived 2.2.7 (100 and 90, one second, defaults): fault, first advert of the new master. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FailoverTimes, type FaultTime, failoverTimes } from "../../src/lint/failover-times.ts";
import { delayed, detection, silence, slowest, sum } from "../../src/lint/spans.ts";
import { confCluster, instanceText } from "./clusters.ts";

interface Pair {
  /** Lines of both instances. */
  readonly both?: readonly string[];
  readonly a?: readonly string[];
  readonly b?: readonly string[];
  /** Blocks of both files. */
  readonly blocks?: string;
}

/** a with priority 100, b with 90, and others. */
function pair(
  { both = [], a = [], b = [], blocks = "" }: Pair,
  others: Readonly<Record<string, string>> = {},
): FailoverTimes[] {
  return failoverTimes(
    confCluster({
      a: blocks + instanceText({ lines: [...both, ...a] }),
      b: blocks + instanceText({ priority: 90, lines: [...both, ...b] }),
      ...others,
    }),
  );
}

function fault(times: readonly FailoverTimes[], wanted: FaultTime["fault"], of?: string): FaultTime {
  const found = times[0]!.faults.find((one) => one.fault === wanted && (of === undefined || one.of === of));
  if (found === undefined) throw new Error(`no ${wanted} ${of} among ${JSON.stringify(times[0]!.faults)}`);
  return found;
}

/** Seconds to the millisecond. */
function seconds({ takeover }: FaultTime): [number, number, number] {
  if (takeover === null) throw new Error("nobody takes over");
  const { bestNs, typicalNs, worstNs } = takeover.span;
  return [bestNs, typicalNs, worstNs].map((ns) => Math.round(ns / 1e6) / 1e3) as [number, number, number];
}

function script(...lines: string[]): string {
  return ["vrrp_script chk {", "script /bin/true", ...lines, "}", ""].join("\n");
}

const TRACKED = ["track_script {", "chk", "}"];

describe("failover times", () => {
  it("of a crash: the backup's timer since the last advert, 2.648 to 3.648 s, 3.15 s on average", () => {
    expect(seconds(fault(pair({}), "crash"))).toEqual([2.648, 3.148, 3.648]);
  });

  it("of a stop in good order: a farewell after a millisecond, then the skew, 0.649 s", () => {
    expect(seconds(fault(pair({}), "stop"))).toEqual([0.649, 0.649, 0.649]);
  });

  it("of a lost link: silence, as in a crash", () => {
    const [best, , worst] = seconds(fault(pair({}), "link-loss"));
    expect([best, worst]).toEqual([2.648, 3.648]);
  });

  it("of version 3 with ten adverts a second: 0.265 to 0.365 s", () => {
    const [best, , worst] = seconds(fault(pair({ both: ["version 3", "advert_int 0.1"] }), "crash"));
    expect([best, worst]).toEqual([0.265, 0.365]);
  });

  it("of a script with weight -20, fall 2: 5.07 s in the recorded run, without an outage", () => {
    const times = pair({ both: TRACKED, blocks: script("interval 1", "fall 2", "weight -20") });
    const [best, typical, worst] = seconds(fault(times, "script"));
    expect([best, typical, worst]).toEqual([3.648, 4.648, 6.648]);
    // KO came at 1.81 s, the last advert with full priority at 1.42 s.
    const { bestNs, worstNs } = silence(3.648437e9, 1e9);
    expect(5.067 - 1.81).toBeGreaterThanOrEqual(bestNs / 1e9);
    expect(5.067 - 1.81).toBeLessThanOrEqual(worstNs / 1e9);
    expect(5.067).toBeGreaterThanOrEqual(best);
    expect(5.067).toBeLessThanOrEqual(worst);
  });

  it("of a script with weight 0: 2.48 s in the recorded run, farewell and skew", () => {
    const times = pair({ both: TRACKED, blocks: script("interval 1", "fall 2") });
    const [best, typical, worst] = seconds(fault(times, "script"));
    expect([best, typical, worst]).toEqual([1.648, 2.148, 3.648]);
    expect(2.481).toBeGreaterThanOrEqual(best);
    expect(2.481).toBeLessThanOrEqual(worst);
  });

  it("of a tracked interface: known at once, then farewell or less priority", () => {
    expect(seconds(fault(pair({ both: ["track_interface {", "eth1", "}"] }), "interface"))).toEqual([
      0.651, 0.651, 0.651,
    ]);
    const weighted = pair({ both: ["track_interface {", "eth1 weight -20", "}"] });
    const [best, , worst] = seconds(fault(weighted, "interface", "eth1"));
    // 2.994 s in the recorded run.
    expect([best, worst]).toEqual([2.651, 3.651]);
  });

  it("grow with advert_int by three intervals, with the timer's adverts, and the skew of version 2 stays", () => {
    expect(seconds(fault(pair({ both: ["advert_int 5"] }), "crash"))).toEqual([10.648, 13.148, 15.648]);
    expect(seconds(fault(pair({ both: ["advert_int 2"], b: ["down_timer_adverts 5"] }), "crash"))[2]).toBe(10.648);
  });

  it("of a backup of version 3 are counted by the master's interval", () => {
    const times = pair({ both: ["version 3"], a: ["advert_int 0.5"], b: ["advert_int 2"] });
    // 1.825 s after the last advert in the recorded run.
    expect(seconds(fault(times, "crash"))[2]).toBe(1.824);
  });
});

describe("a script with a weight", () => {
  const weighted = (weight: number, given: Pair = {}) =>
    fault(pair({ ...given, both: [...TRACKED, ...(given.both ?? [])], blocks: script(`weight ${weight}`) }), "script");

  it.each([
    [-10, "100 → 90 is not below the 90 of b"],
    [-5, "100 → 95 is not below the 90 of b"],
  ])("of %s never fails over from 100 to 90", (weight, reason) => {
    expect(weighted(weight)).toMatchObject({ takeover: null, reason });
  });

  it("counts on the other node as well, where it is positive", () => {
    expect(weighted(10)).toMatchObject({ takeover: null, reason: "110 → 100 is not below the 100 of b" });
    expect(weighted(11).takeover?.by).toBe("b");
  });

  it("never fails over to a backup with nopreempt", () => {
    expect(weighted(-20, { b: ["nopreempt"] })).toMatchObject({
      takeover: null,
      reason: "100 → 80 but b has nopreempt",
    });
  });

  it("fails over to the best backup that preempts", () => {
    const blocks = script("weight -40");
    const third = { c: blocks + instanceText({ priority: 80 }) };
    const found = fault(pair({ a: TRACKED, b: ["nopreempt"], blocks }, third), "script");
    expect(found.takeover?.by).toBe("c");
  });

  it("waits for the backup's preempt_delay, from the first lower advert on", () => {
    const [best, typical, worst] = seconds(weighted(-20, { b: ["preempt_delay 10"] }));
    expect([best, typical, worst]).toEqual([12.648, 14.148, 16.648]);
  });
});

describe("a sync group", () => {
  const group = "vrrp_sync_group G {\ngroup {\nVI_1\nVI_2\n}\n}\n";
  const node = (priority: number, advertInterval: number) =>
    group +
    instanceText({ priority }) +
    instanceText({
      name: "VI_2",
      interface: "eth1",
      vrid: 52,
      vip: "10.0.2.50",
      priority,
      lines: [`advert_int ${advertInterval}`],
    });

  it("moves when the slowest of its members is ready", () => {
    const times = failoverTimes(confCluster({ a: node(100, 4), b: node(90, 4) }));
    expect(times).toHaveLength(2);
    for (const router of times) expect(seconds(fault([router], "crash"))[2]).toBe(12.648);
    // Where only the link of the quick one is lost, the other says farewell.
    expect(seconds(fault([times[0]!], "link-loss"))[2]).toBe(3.648);
  });
});

describe("the routers of a cluster", () => {
  it("have the highest priority as master, and the best of the others next", () => {
    const times = failoverTimes(
      confCluster({
        a: instanceText({ priority: 80 }),
        b: instanceText({ priority: 100 }),
        c: instanceText({ priority: 90 }),
      }),
    );
    expect(times).toMatchObject([
      { vrid: 51, family: 4, addresses: ["10.0.1.50"], master: { node: "b", priority: 100 } },
    ]);
    expect(times[0]!.faults.map(({ takeover }) => takeover?.by)).toEqual(["c", "c", "c"]);
  });

  it.each([
    ["alone", { a: instanceText() }],
    ["with other addresses", { a: instanceText(), b: instanceText({ vip: "10.0.1.51" }) }],
  ])("that are %s fail over to nobody", (_, texts) => {
    expect(failoverTimes(confCluster(texts))).toEqual([]);
  });

  it.each([
    ["version", ["version 3"]],
    ["advert_int", ["advert_int 2"]],
    ["password", ["authentication {", "auth_type PASS", "auth_pass x", "}"]],
    ["cast", ["unicast_peer {", "10.0.1.12", "}"]],
    ["group", ["mcast_dst_ip 224.0.0.99"]],
  ])("whose %s differs have no failover: both are masters", (_, a) => {
    expect(pair({ a })).toEqual([]);
  });
});

describe("unicast", () => {
  const from = (own: string, ...peers: string[]) => [`unicast_src_ip ${own}`, "unicast_peer {", ...peers, "}"];

  it("has times where each names the other, and none where the master does not name its backup", () => {
    const b = from("10.0.1.12", "10.0.1.11");
    expect(pair({ a: from("10.0.1.11", "10.0.1.12"), b })).toHaveLength(1);
    expect(pair({ a: from("10.0.1.11", "10.0.1.99"), b })).toEqual([]);
  });
});

describe("spans", () => {
  const ns = fc.integer({ min: 0, max: 1e12 });
  const script = fc.record({ fall: fc.integer({ min: 1, max: 100 }), intervalNs: ns, timeoutNs: ns });

  it("go from the best to the worst case, whatever they are made of", () => {
    fc.assert(
      fc.property(script, ns, ns, ns, ({ fall, intervalNs, timeoutNs }, down, interval, delay) => {
        const found = detection({ fall, intervalNs, timeoutNs } as Parameters<typeof detection>[0]);
        const silent = silence(down + interval, interval);
        for (const { bestNs, typicalNs, worstNs } of [
          found,
          silent,
          sum(found, silent),
          slowest(found, silent),
          delayed(silent, delay, interval),
        ]) {
          expect(bestNs).toBeLessThanOrEqual(typicalNs);
          expect(typicalNs).toBeLessThanOrEqual(worstNs);
        }
      }),
    );
  });
});
