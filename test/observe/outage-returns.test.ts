/** Where an outage's time goes when nobody takes over: the old one comes back, the way is mended, or nobody has the address. */
import { describe, expect, it } from "vitest";
import { NS_PER_MS } from "../../src/base/units.ts";
import type { OutageEvent, OutageStages } from "../../src/observe/events.ts";
import { conf, script, TRACK_CHK } from "../guest/keepalived/cluster.ts";
import { ANNOUNCED, brief, CABLE, cast, masteredNs, NONE, only, outagesOf, SKEW_100, seconds } from "./outage-cast.ts";

describe("the old one comes back", () => {
  it("a lone master whose cable was pulled: it must wait for adverts that do not come", () => {
    const cluster = cast({ n1: conf() });
    cluster
      .at(6.005, () => cluster.network.linkDown("n1"))
      .at(8.005, () => cluster.network.linkUp("n1"))
      .run(14);
    const { fromNs, untilNs, stages, takeovers } = only(cluster);
    const decidedNs = masteredNs(cluster, "n1", 1);
    expect(stages).toEqual({
      ...NONE,
      detect: decidedNs - SKEW_100 - fromNs,
      elect: SKEW_100,
      // The client's cache was right all the time, and the switch knows nothing: the address is there with the decision.
      transport: untilNs - decidedNs,
    });
    expect(takeovers).toMatchObject([{ host: "n1", from: "n1", by: "keepalived" }]);
  });

  it("a lone master that flaps faster than it waits: until it had peace for once", () => {
    const cluster = cast({ n1: conf() });
    for (let downs = 0; downs < 4; downs++)
      cluster
        .at(9.505 + 3 * downs, () => cluster.network.linkDown("n1"))
        .at(10.005 + 3 * downs, () => cluster.network.linkUp("n1"));
    cluster.run(25);
    const { fromNs, untilNs, stages, takeovers } = only(cluster);
    const decidedNs = masteredNs(cluster, "n1", 1);
    expect(decidedNs).toBeGreaterThan(seconds(19.005 + 3.6));
    expect(stages).toMatchObject({ detect: decidedNs - SKEW_100 - fromNs, elect: SKEW_100 });
    expect(stages.transport + stages.cache + stages.announce).toBe(untilNs - decidedNs);
    expect(takeovers).toHaveLength(1);
  });

  it("a lone host that reboots has its address when it boots", () => {
    const cluster = cast({ n1: {} }, "10.0.0.1");
    cluster
      .at(6.005, () => cluster.network.crash("n1"))
      .at(9.005, () => cluster.network.restore("n1"))
      .run(12);
    const { stages, takeovers } = only(cluster);
    expect(stages).toEqual({ ...NONE, detect: seconds(9.005 - 6.01), transport: 5 * NS_PER_MS });
    expect(takeovers).toEqual([{ atNs: seconds(9.005), host: "n1", from: "n1", by: "boot", bootedNs: seconds(9.005) }]);
  });

  it("a lone virtual router that reboots decides when it has waited", () => {
    const cluster = cast({ n1: conf() });
    cluster
      .at(9.505, () => cluster.network.crash("n1"))
      .at(11.005, () => cluster.network.restore("n1"))
      .run(18);
    const { fromNs, untilNs, stages, takeovers } = only(cluster);
    const decidedNs = masteredNs(cluster, "n1", 1);
    expect(stages).toEqual({
      ...NONE,
      detect: decidedNs - SKEW_100 - fromNs,
      elect: SKEW_100,
      transport: untilNs - decidedNs,
    });
    expect(takeovers).toMatchObject([{ by: "keepalived", bootedNs: seconds(11.005) }]);
  });

  it("and ends the outage with a question that waits in the client: that was sent before anybody had decided", () => {
    const cluster = cast({ n1: conf() });
    cluster
      .at(6.005, () => cluster.network.crash("n1"))
      .at(9.005, () => cluster.network.restore("n1"))
      .run(16);
    const { fromNs, untilNs, stages, takeovers } = only(cluster);
    expect(untilNs).toBeLessThan(masteredNs(cluster, "n1", 1));
    expect(stages).toEqual({ ...NONE, detect: untilNs - fromNs });
    expect(takeovers.map(({ host }) => host)).toEqual(["n1"]);
  });

  it("after a split brain it has announced itself before the other gives way: all that is lost is under way then", () => {
    const cluster = cast({ n1: conf(), n2: conf({ priority: 90 }) }, "10.0.0.100", "50us", "11.9s");
    cluster
      .at(6.005, () => cluster.network.partition([["n1"], ["n2", "client"]]))
      .at(12.005, () => cluster.network.heal())
      .run(12.6);
    const again = only(cluster);
    expect(again.stages).toEqual({ ...NONE, transport: again.untilNs - again.fromNs });
    expect(again.parts.map(brief)).toEqual(["transport reached  n2", "transport reached  n1"]);
    expect(again.takeovers).toEqual([]);
  });

  it("a better master preempts: until it has announced itself the client asks the other, who has given way", () => {
    const cluster = cast({ n1: conf(), n2: conf({ priority: 90 }) }, "10.0.0.100", "50us", "10s");
    cluster
      .at(5, () => cluster.network.stop("n1"))
      .at(7, () => cluster.network.start("n1"))
      .run(11);
    const { fromNs, untilNs, stages } = only(cluster);
    const decidedNs = masteredNs(cluster, "n1", 1);
    // The other has heard the first advert after two cables.
    const yieldedNs = decidedNs + 2 * CABLE;
    expect(stages).toEqual({
      ...NONE,
      announce: decidedNs + ANNOUNCED - yieldedNs,
      cache: CABLE,
      // The first lost question was under way when the other gave way.
      transport: yieldedNs - fromNs + (untilNs - decidedNs - ANNOUNCED - CABLE),
    });
  });
});

describe("nobody took over: the time is transport's", () => {
  const whole = ({ fromNs, untilNs }: OutageEvent): OutageStages => ({ ...NONE, transport: untilNs - fromNs });

  it.each(["n1", "client"])("a carrier of %s was lost and came back", (host) => {
    const cluster = cast({ n1: {} }, "10.0.0.1");
    cluster
      .at(6.005, () => cluster.network.linkDown(host))
      .at(11.005, () => cluster.network.linkUp(host))
      .run(16);
    const outage = only(cluster);
    expect(outage.fromNs).toBe(seconds(6.01));
    expect(outage.stages).toEqual(whole(outage));
    expect(outage.parts[0]).toMatchObject({ why: "no-carrier", where: `${host}.eth0` });
    expect(outage.takeovers).toEqual([]);
  });

  it("a host stood still", () => {
    const cluster = cast({ n1: {} }, "10.0.0.1");
    cluster
      .at(6.005, () => cluster.network.pause("n1"))
      .at(12.005, () => cluster.network.resume("n1"))
      .run(14);
    const outage = only(cluster);
    // 256 frames wait, and are answered in the end.
    expect(outage.fromNs).toBe(seconds(6.01 + 256 * 0.01));
    expect(outage.untilNs).toBe(seconds(12.01));
    expect(outage.stages).toEqual(whole(outage));
    expect(outage.parts.map(brief)).toEqual(["transport paused n1 n1", "transport reached  n1"]);
  });

  it("a partition healed", () => {
    const cluster = cast({ n1: conf() });
    cluster
      .at(6.005, () => cluster.network.partition([["client"]]))
      .at(7.005, () => cluster.network.heal())
      .run(9);
    const outage = only(cluster);
    expect([outage.fromNs, outage.untilNs]).toEqual([seconds(6.01), seconds(7.01)]);
    expect(outage.stages).toEqual(whole(outage));
    expect(outage.parts.map(brief)).toEqual(["transport partition  n1", "transport reached  n1"]);
  });

  it("a link lost frames: each of many short outages is transport, and all agreed", () => {
    const cluster = cast({});
    const { network } = cluster;
    network.addSubnet("far", { cidr: "10.1.0.0/24" });
    for (const name of ["left", "right"]) network.addSwitch(name, { subnet: "far" });
    network.addLink("wire", { subnet: "far", between: ["left", "right"] });
    network.addHost("asker", { subnet: "far", switch: "left", address: "10.1.0.1", reachableTime: "60s" });
    network.addHost("asked", { subnet: "far", switch: "right", address: "10.1.0.2", reachableTime: "60s" });
    network.addProbe("over-the-wire", { from: "asker", to: "10.1.0.2", every: "10ms" });
    cluster.at(1, () => network.impair({ on: "wire", loss: "30%" })).run(8);
    const outages = outagesOf(cluster, "over-the-wire");
    expect(outages.length).toBeGreaterThan(50);
    for (const outage of outages) {
      expect(outage.stages).toEqual(whole(outage));
      expect(outage.parts.map(brief)).toEqual(["transport reached  asked"]);
    }
  });
});

describe("nobody has the address", () => {
  it("scripts fail everywhere, to the end: somebody ought to have taken it", () => {
    const tracked = (priority: number) => conf({ priority, before: script("fall 1", "rise 1"), lines: TRACK_CHK });
    const cluster = cast({ n1: tracked(100), n2: tracked(90) });
    cluster
      .at(8.5, () => {
        cluster.network.script("n1", "chk", 1);
        cluster.network.script("n2", "chk", 1);
      })
      .run(14);
    const { fromNs, untilNs, ended, stages, takeovers, parts } = only(cluster);
    expect(ended).toBe(false);
    expect(stages).toEqual({ ...NONE, detect: untilNs - fromNs });
    expect(takeovers).toEqual([]);
    expect(parts.map(brief)).toEqual(["detect nobody  "]);
  });

  it("it never was anywhere", () => {
    const cluster = cast({}, "10.0.0.77");
    cluster.run(5);
    expect(only(cluster).stages).toEqual({ ...NONE, detect: seconds(5) });
  });
});
