/**
 * The anatomy of an outage: for each kind of fault and repair, the stages that follow from timers. Hosts are 50 us from their switch, clients
 * trust their caches for a minute, so that only what is told changes them.
 */
import { describe, expect, it } from "vitest";
import { NS_PER_MS, NS_PER_S } from "../../src/base/units.ts";
import type { OutageEvent, OutagePart, OutageStages } from "../../src/observe/events.ts";
import { runScenario } from "../../src/scenario/run.ts";
import { Cluster, conf, script, TRACK_CHK } from "../guest/keepalived/cluster.ts";
import { topology } from "../scenario/run/stage.ts";

const NONE: OutageStages = { detect: 0, elect: 0, announce: 0, bind: 0, cache: 0, transport: 0 };
const US = 1_000;
/** From the decision to the addresses' announcement at the switch: 0.5 ms until they are up, 50 us of cable. */
const ANNOUNCED = 550 * US;
const CABLE = 50 * US;
/** (256 - priority) / 256 of an advert interval of 1 s, in whole microseconds. */
const SKEW_100 = 609_375 * US;
const SKEW_90 = 648_437 * US;
const SKEW_80 = 687_500 * US;

type Hosts = ConstructorParameters<typeof Cluster>[0];

function cast(hosts: Hosts, to = "10.0.0.100", every = "10ms", start = "0s"): Cluster {
  const cluster = new Cluster({ ...hosts, client: { reachableTime: "60s" } }, { seed: 1, latency: "50us" });
  cluster.network.addProbe("ping", { from: "client", to, every, start });
  return cluster;
}

const outagesOf = (cluster: Cluster, probe = "ping") => cluster.network.outagesOf(probe);
const only = (cluster: Cluster, probe = "ping"): OutageEvent => {
  const outages = outagesOf(cluster, probe);
  expect(outages).toHaveLength(1);
  return outages[0]!;
};
const masteredNs = ({ transitions }: Cluster, host: string, nth = 0) =>
  transitions.filter((event) => event.host === host && event.to === "MASTER")[nth]!.atNs;
const seconds = (atSeconds: number) => Math.round(atSeconds * NS_PER_S);
const brief = ({ stage, why, where, host }: OutagePart) => [stage, why, where, host].join(" ");

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

describe("a person moves an address that no keepalived knows of", () => {
  const moved = (withArping: boolean, named: boolean): Cluster => {
    const cluster = cast({ n1: {}, n2: {} }, "10.0.0.50");
    const { network } = cluster;
    if (named) network.addHavip("vip", { subnet: "lan", address: "10.0.0.50" });
    cluster
      .at(0.5, () => network.addAddress("n1", "eth0", "10.0.0.50/24"))
      .at(6.005, () => network.crash("n1"))
      .at(9, () => network.addAddress("n2", "eth0", "10.0.0.50/24"));
    if (withArping) {
      const address = Uint8Array.of(10, 0, 0, 50);
      cluster.at(11, () =>
        network.hands.type("n2", { what: "arping", nic: "eth0", address, form: "request", count: 1 }),
      );
    }
    return cluster.run(14);
  };
  const wait = seconds(9 - 6.01);

  it("and announces it: the network, which watches the address, knows when", () => {
    const { stages, takeovers } = only(moved(true, true));
    expect(stages).toEqual({
      ...NONE,
      detect: wait,
      announce: seconds(2) + CABLE,
      cache: CABLE,
      transport: 10 * NS_PER_MS - 2 * CABLE,
    });
    expect(takeovers).toEqual([{ atNs: seconds(9), host: "n2", from: "n1", by: "command", bootedNs: 0 }]);
  });

  it("and announces it, but the address is not watched: the client did not know", () => {
    const { stages } = only(moved(true, false));
    expect(stages).toEqual({
      ...NONE,
      detect: wait,
      cache: seconds(2) + 2 * CABLE,
      transport: 10 * NS_PER_MS - 2 * CABLE,
    });
  });

  it("and says nothing: the client goes on sending to the dead", () => {
    const { stages, ended, fromNs, untilNs } = only(moved(false, true));
    expect(ended).toBe(false);
    expect(stages).toEqual({ ...NONE, detect: wait, cache: untilNs - fromNs - wait });
  });
});

describe("switches that disagree", () => {
  it("keep those in the dark who are behind an uplink that loses the announcement, each client by itself", () => {
    const { outages } = runScenario(topology("three-switches"));
    const cache = (probe: string) => outages.get(probe)![0]!.stages.cache;
    const uplink = 5 * US;
    expect(cache("from-rack-2")).toBe(CABLE);
    // The second burst comes after garp_master_delay, and over one uplink or two.
    expect(cache("from-core")).toBe(5 * NS_PER_S + uplink + CABLE);
    expect(cache("from-rack-1")).toBe(5 * NS_PER_S + 2 * uplink + CABLE);
  });

  it("until they forget: to the millisecond at which an entry expires", () => {
    const [{ parts }] = runScenario(topology("three-switches-repairs")).outages.get("ageing") as [OutageEvent];
    const cache = parts.find(({ stage }) => stage === "cache")!;
    expect(cache).toMatchObject({ why: "switch", where: "core", host: "lb-2" });
    expect(cache.untilNs % NS_PER_MS).toBe(0);
    expect(parts.at(-1)).toMatchObject({ stage: "transport", fromNs: cache.untilNs });
  });

  it("and are blamed where they believe late, or never, that a MAC has moved", () => {
    const { outages, endNs } = runScenario(topology("switch-profiles"));
    const blamed = (probe: string) =>
      outages.get(probe)!.map(({ parts }) => {
        const { stage, why, where, host } = parts.toSorted((a, b) => b.untilNs - b.fromNs - (a.untilNs - a.fromNs))[0]!;
        return [stage, why, where, host].join(" ");
      });
    expect(blamed("vde-virtual")).toEqual([
      "cache switch vde lb-2",
      "cache switch vde lb-1",
      "detect nobody  lb-2",
      "cache switch vde lb-1",
      "detect nobody  lb-2",
    ]);
    expect(blamed("gvisor-virtual")).toEqual(Array(3).fill("cache switch gvisor lb-2"));
    for (const probe of ["vde-virtual", "gvisor-virtual"])
      for (const { stages } of outages.get(probe)!) expect(stages.transport).toBeLessThanOrEqual(10 * NS_PER_MS);
    const last = outages.get("gvisor-virtual")![2]!;
    expect(last).toMatchObject({ ended: false, untilNs: endNs });
    expect(last.stages.transport).toBe(0);
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
