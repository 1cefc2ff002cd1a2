/** Where an outage's time goes when somebody takes over. What is expected follows from timers, latencies and the rules in `outage-parts.ts`. */
import { describe, expect, it } from "vitest";
import { NS_PER_MS, NS_PER_S } from "../../src/base/units.ts";
import type { OutageEvent } from "../../src/observe/events.ts";
import { conf } from "../guest/keepalived/cluster.ts";
import {
  ANNOUNCED,
  brief,
  CABLE,
  cast,
  masteredNs,
  only,
  outagesOf,
  SKEW_80,
  SKEW_90,
  seconds,
} from "./outage-cast.ts";

describe("somebody takes over", () => {
  it("after a crash: missing adverts, the skew, the announcement, the client's cache, and the next question", () => {
    const cluster = cast({ n1: conf(), n2: conf({ priority: 90 }) });
    cluster.at(6.005, () => cluster.network.crash("n1")).run(14);
    const { fromNs, untilNs, stages, takeovers, parts } = only(cluster);
    const decidedNs = masteredNs(cluster, "n2");
    expect(fromNs).toBe(seconds(6.01));
    expect(stages).toEqual({
      detect: decidedNs - SKEW_90 - fromNs,
      elect: SKEW_90,
      announce: ANNOUNCED,
      bind: 0,
      cache: CABLE,
      transport: untilNs - decidedNs - ANNOUNCED - CABLE,
    });
    expect(takeovers).toEqual([{ atNs: decidedNs, host: "n2", from: "n1", by: "keepalived", bootedNs: 0 }]);
    expect(parts.map(brief)).toEqual([
      "detect nobody  n2",
      "elect nobody  n2",
      "announce client-cache client n2",
      "cache client-cache client n2",
      "transport reached  n2",
    ]);
  });

  it("after a pause: the same, and the old master's return is no outage of its own", () => {
    const cluster = cast({ n1: conf(), n2: conf({ priority: 90 }) });
    cluster
      .at(6.005, () => cluster.network.pause("n1"))
      .at(30, () => cluster.network.resume("n1"))
      .run(40);
    const [{ fromNs, stages, parts, takeovers }] = outagesOf(cluster) as [OutageEvent];
    const decidedNs = masteredNs(cluster, "n2");
    expect(stages).toMatchObject({
      detect: decidedNs - SKEW_90 - fromNs,
      elect: SKEW_90,
      announce: ANNOUNCED,
      cache: CABLE,
    });
    expect(parts[0]!.why).toBe("paused");
    expect(takeovers.map(({ host, from }) => [host, from])).toEqual([["n2", "n1"]]);
  });

  it("behind a partition, which heals later", () => {
    const cluster = cast({ n1: conf(), n2: conf({ priority: 90 }) });
    cluster
      .at(6.005, () => cluster.network.partition([["n1"], ["n2", "client"]]))
      .at(12.005, () => cluster.network.heal())
      .run(16);
    const [{ fromNs, stages, parts }] = outagesOf(cluster) as [OutageEvent];
    const decidedNs = masteredNs(cluster, "n2");
    expect(stages).toMatchObject({
      detect: decidedNs - SKEW_90 - fromNs,
      elect: SKEW_90,
      announce: ANNOUNCED,
      cache: CABLE,
    });
    expect(parts[0]!.why).toBe("partition");
  });

  it("for IPv6, by neighbour advertisements", () => {
    const vips = ["2001:db8::100/64"];
    const cluster = cast({ n1: conf({ vips }), n2: conf({ vips, priority: 90 }) }, "2001:db8::100");
    cluster.at(6.005, () => cluster.network.crash("n1")).run(14);
    const { fromNs, stages } = only(cluster);
    expect(stages).toMatchObject({
      detect: masteredNs(cluster, "n2") - SKEW_90 - fromNs,
      elect: SKEW_90,
      announce: ANNOUNCED,
      cache: CABLE,
    });
  });

  it("of several addresses, which are announced one after the other", () => {
    const vips = ["10.0.0.100/24", "10.0.0.101/24", "10.0.0.102/24"];
    const options = { vips, globals: ["vrrp_garp_interval 0.1"] };
    const cluster = cast({ n1: conf(options), n2: conf({ ...options, priority: 90 }) });
    for (const last of [101, 102])
      cluster.network.addProbe(`to-${last}`, { from: "client", to: `10.0.0.${last}`, every: "10ms" });
    cluster.at(9.505, () => cluster.network.crash("n1")).run(17);
    const announced = ["ping", "to-101", "to-102"].map((probe) => only(cluster, probe).stages.announce);
    // At once; then the first one again, because the second of the five rounds has marked it anew; then the others.
    expect(announced).toEqual([0, 2, 3].map((turn) => ANNOUNCED + turn * 100 * NS_PER_MS));
    for (const probe of ["ping", "to-101", "to-102"]) expect(only(cluster, probe).stages.cache).toBe(CABLE);
  });

  it("three in a row: each has its share, and the time in which one served and nobody asked is nobody's fault", () => {
    const cluster = cast({ n1: conf(), n2: conf({ priority: 90 }), n3: conf({ priority: 80 }) }, "10.0.0.100", "5s");
    cluster
      .at(9.9, () => cluster.network.crash("n1"))
      .at(14, () => cluster.network.crash("n2"))
      .run(21);
    const { fromNs, untilNs, parts, stages, takeovers } = only(cluster);
    const [second, third] = [masteredNs(cluster, "n2"), masteredNs(cluster, "n3")];
    expect([fromNs, untilNs]).toEqual([seconds(10), seconds(20)]);
    expect(parts.map(({ stage, fromNs: from, untilNs: until }) => [stage, from, until])).toEqual([
      ["detect", fromNs, second - SKEW_90],
      ["elect", second - SKEW_90, second],
      ["announce", second, second + ANNOUNCED],
      ["cache", second + ANNOUNCED, second + ANNOUNCED + CABLE],
      ["transport", second + ANNOUNCED + CABLE, seconds(14)],
      ["detect", seconds(14), third - SKEW_80],
      ["elect", third - SKEW_80, third],
      ["announce", third, third + ANNOUNCED],
      ["cache", third + ANNOUNCED, third + ANNOUNCED + CABLE],
      ["transport", third + ANNOUNCED + CABLE, untilNs],
    ]);
    expect(stages).toMatchObject({ elect: SKEW_90 + SKEW_80, announce: 2 * ANNOUNCED, cache: 2 * CABLE });
    expect(takeovers.map(({ host, from }) => [host, from])).toEqual([
      ["n2", "n1"],
      ["n3", "n2"],
    ]);
  });
});

describe("an announcement that its host's own cable lost", () => {
  it("is said: what follows is the cache's, whether somebody listens to `lost` or not", () => {
    const played = (listens: boolean) => {
      const cluster = cast({ n1: conf(), n2: conf({ priority: 90 }) });
      const { network } = cluster;
      if (listens) network.events.on("lost", () => {});
      cluster
        .at(6.005, () => network.crash("n1"))
        .at(6.01, () => network.impair({ on: "n2", direction: "out", loss: "100%", for: "5s" }))
        .run(20);
      return { outage: only(cluster), decidedNs: masteredNs(cluster, "n2") };
    };
    const { outage, decidedNs } = played(false);
    expect(outage.stages.announce).toBe(ANNOUNCED - CABLE);
    expect(outage.stages.bind).toBe(0);
    // Nothing of n2 gets out before the impairment ends; then the client's own question is the first.
    expect(outage.stages.cache).toBeGreaterThan(11.01 * NS_PER_S - decidedNs - ANNOUNCED);
    expect(outage.parts.find(({ stage }) => stage === "cache")!.fromNs).toBe(decidedNs + ANNOUNCED - CABLE);
    expect(played(true).outage).toEqual(outage);
  });
});
