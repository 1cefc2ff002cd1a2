/** Tracked interfaces: listed ones, those that carry addresses, and how long a loss must last to count. */
import { describe, expect, it } from "vitest";
import { NS_PER_MS, NS_PER_S } from "../../../src/base/units.ts";
import type { HostOptions } from "../../../src/sim/options.ts";
import { Cluster, conf, expectInTime } from "./cluster.ts";

const DOWN_90 = 3.6484375;

describe("interfaces", () => {
  /** n1 with a second NIC, eth1, on another subnet. */
  const twoNics = (keepalived: string) => {
    const cluster = new Cluster({});
    cluster.network.addSubnet("back", { cidr: "10.0.1.0/24" });
    const n1: HostOptions = {
      nics: {
        eth0: { subnet: "lan", mac: "02:00:00:00:00:01", address: "10.0.0.1" },
        eth1: { subnet: "back", mac: "02:00:00:00:01:01", address: "10.0.1.1" },
      },
      keepalived,
    };
    cluster.network.addHost("n1", n1);
    cluster.network.addHost("n2", { subnet: "lan", address: "10.0.0.2", keepalived: conf({ priority: 90 }) });
    return cluster.run(6);
  };
  const TRACK_ETH1 = (item: string) => ["track_interface {", item, "}"];

  it("weight 0: FAULT with farewells 3 ms after the loss, BACKUP 3 ms after the return", () => {
    const cluster = twoNics(conf({ lines: TRACK_ETH1("eth1") }));
    cluster.at(7, () => cluster.network.linkDown("n1", "eth1"));
    cluster.at(10, () => cluster.network.linkUp("n1", "eth1")).run(12);
    expectInTime(
      cluster.changes(6).filter(({ what }) => what.startsWith("n1")),
      [
        [7.003, "n1 MASTER → FAULT (interface-down)"],
        [10.003, "n1 FAULT → BACKUP (faults-cleared)"],
      ],
    );
    expect(cluster.said(7, 7.1).map(({ what }) => what)).toEqual(["adv(0) ×2"]);
  });

  it("with a weight: the priority changes after 3 ms, and the standby takes over as after a failed script", () => {
    const cluster = twoNics(conf({ lines: TRACK_ETH1("eth1 weight -20") }));
    cluster.at(7, () => cluster.network.linkDown("n1", "eth1")).run(14);
    expect(cluster.notes.map(({ atNs, text }) => [atNs / NS_PER_MS, text])).toEqual([
      [7003, "VI_1: priority 100 → 80"],
    ]);
    const last = cluster.said(6, 7.003, ["adv(100)"])[0]!.atNs / NS_PER_S;
    expectInTime(cluster.changes(7), [
      [last + DOWN_90, "n2 BACKUP → MASTER (master-down-timer)"],
      [last + DOWN_90, "n1 MASTER → BACKUP (higher-priority-advert)"],
    ]);
  });

  it("with a weight, reversed", () => {
    const cluster = twoNics(conf({ lines: TRACK_ETH1("eth1 weight 20 reverse") }));
    expect(cluster.router("n1").priority).toBe(80);
    cluster.at(7, () => cluster.network.linkDown("n1", "eth1")).run(8);
    expect(cluster.router("n1").priority).toBe(100);
  });

  it("that carry one of the addresses are tracked without being listed", () => {
    const vips = ["10.0.0.100/24", "10.0.1.100/24 dev eth1"];
    const cluster = twoNics(conf({ vips }));
    cluster.at(7, () => cluster.network.linkDown("n1", "eth1")).run(8);
    expect(cluster.changes(7).map(({ what }) => what)).toEqual(["n1 MASTER → FAULT (interface-down)"]);
  });

  it("that carry one of the addresses are tracked even with dont_track_primary, which speaks of the own interface", () => {
    const vips = ["10.0.0.100/24 dev eth0", "10.0.1.100/24 dev eth1"];
    const cluster = twoNics(conf({ vips, lines: ["dont_track_primary"] }));
    cluster
      .at(7, () => cluster.network.linkDown("n1", "eth0"))
      .at(8, () => cluster.network.linkDown("n1", "eth1"))
      .run(9);
    expectInTime(
      cluster.changes(7).filter(({ what }) => what.startsWith("n1")),
      [[8.003, "n1 MASTER → FAULT (interface-down)"]],
    );
  });

  it("that carry one of the addresses with no_track are not", () => {
    const vips = ["10.0.0.100/24", "10.0.1.100/24 dev eth1 no_track"];
    const cluster = twoNics(conf({ vips }));
    cluster.at(7, () => cluster.network.linkDown("n1", "eth1")).run(8);
    expect(cluster.state("n1")).toBe("MASTER");
  });

  it("dont_track_primary: a master keeps state and address through the loss, its adverts are lost, nothing is announced after", () => {
    const cluster = twoNics(conf({ lines: ["dont_track_primary"] }));
    cluster.at(7, () => cluster.network.linkDown("n1", "eth0"));
    // Between n2's advert and its own: what it heard first would be answered.
    const back = cluster.run(13).said(12, 13, ["adv(90)"])[0]!.atNs / NS_PER_S + 1.1;
    cluster.at(back, () => cluster.network.linkUp("n1", "eth0")).run(16);
    expect(cluster.said(7, back).every(({ host }) => host === "n2")).toBe(true);
    expect(cluster.has("n1", "10.0.0.100")).toBe(true);
    expect(cluster.changes(7, back).map(({ what }) => what)).toEqual(["n2 BACKUP → MASTER (master-down-timer)"]);
    expect(cluster.changes(back).map(({ what }) => what)).toEqual(["n2 MASTER → BACKUP (higher-priority-advert)"]);
    expect(cluster.said(back, 16, ["garp"]).filter(({ host }) => host === "n1")).toEqual([]);
  });
});

describe("interface_up_down_delays", () => {
  const delays = (down: string, up: string) => conf({ before: `interface_up_down_delays {\neth0 ${down} ${up}\n}` });
  const flap = (keepalived: string, ...changes: (readonly [at: number, up: boolean])[]) => {
    const cluster = new Cluster({ n1: keepalived, n2: {} });
    for (const [at, up] of changes)
      cluster.at(at, () => (up ? cluster.network.linkUp("n1") : cluster.network.linkDown("n1")));
    return cluster.run(20);
  };

  it("a loss that is shorter than its delay is none, but what is sent in it is lost", () => {
    const cluster = flap(delays("1.5", "0.5"), [10, false], [11.4, true]);
    expect(cluster.changes(5)).toEqual([]);
    expect(cluster.said(10, 11.4)).toEqual([]);
    expect(cluster.said(11.4, 13, ["adv"]).length).toBe(2);
  });

  it("a longer one is a FAULT when the delay is over, and the return is believed after its own", () => {
    const cluster = flap(delays("1.5", "0.5"), [10, false], [13, true]);
    expectInTime(cluster.changes(5, 15), [
      [11.503, "n1 MASTER → FAULT (interface-down)"],
      [13.503, "n1 FAULT → BACKUP (faults-cleared)"],
    ]);
  });

  it("without a delay of the return that is believed at once", () => {
    const cluster = flap(delays("0.2", ""), [10, false], [11, true]);
    expectInTime(cluster.changes(5, 12), [
      [10.203, "n1 MASTER → FAULT (interface-down)"],
      [11.003, "n1 FAULT → BACKUP (faults-cleared)"],
    ]);
  });

  it("a return that does not last does not count", () => {
    const cluster = flap(delays("0.2", "1"), [10, false], [11, true], [11.5, false], [12, true], [12.9, false]);
    expectInTime(cluster.changes(5), [[10.203, "n1 MASTER → FAULT (interface-down)"]]);
  });

  it("an interface that was never up is believed at once when it comes", () => {
    const cluster = flap(delays("1", "1"), [0, false], [3, true], [4, false]);
    expect(cluster.changes(0, 1).map(({ what }) => what)).toEqual(["n1 INIT → FAULT (interface-down)"]);
    expectInTime(cluster.changes(1), [
      [3.003, "n1 FAULT → BACKUP (faults-cleared)"],
      [5.003, "n1 BACKUP → FAULT (interface-down)"],
    ]);
  });

  it("is cut below the time in which a peer would take over", () => {
    const cluster = flap(delays("30", "0"), [10, false]);
    expectInTime(cluster.changes(5), [[10.003 + 2 - 0.003906, "n1 MASTER → FAULT (interface-down)"]]);
  });
});

describe("track_group", () => {
  it("the interface of a static address in it is followed by its instances", () => {
    const before = ["track_group G {", "group {", "VI_1", "}", "}", "static_ipaddress {"].join("\n");
    const item = (options: string) => conf({ before: `${before}\n10.0.1.60/24 dev eth1 ${options}\n}` });
    const stateAfterLoss = (keepalived: string) => {
      const cluster = new Cluster({});
      cluster.network.addSubnet("back", { cidr: "10.0.1.0/24" });
      const nics = { eth0: { subnet: "lan", address: "10.0.0.1" }, eth1: { subnet: "back" } };
      cluster.network.addHost("n1", { nics, keepalived });
      cluster.at(5, () => cluster.network.linkDown("n1", "eth1")).run(6);
      return cluster.state("n1");
    };
    expect(stateAfterLoss(item("track_group G"))).toBe("FAULT");
    expect(stateAfterLoss(item("track_group G no_track"))).toBe("MASTER");
    expect(stateAfterLoss(item(""))).toBe("MASTER");
  });
});
