/** Who gives way to whom: nopreempt, preempt_delay, equal priorities, address owners. */
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../../src/base/units.ts";
import { advert } from "./adverts.ts";
import { Cluster, conf, expectInTime, expectSaid, script, TRACK_CHK } from "./cluster.ts";

const DOWN_255 = 3.003906;
const DOWN_100 = 3.609375;
const DOWN_90 = 3.6484375;
const UP = 0.0005;
const MASTERED = "n1 BACKUP → MASTER (master-down-timer)";

const alone = (lines: readonly string[]) => new Cluster({ n1: conf({ lines }), stranger: {} });
const hears = (cluster: Cluster, at: number, priority: number) =>
  cluster.at(at, () => cluster.inject("stranger", advert({ priority })));

describe("nopreempt", () => {
  it("accepts an advert of any priority, and takes over on silence", () => {
    const cluster = alone(["nopreempt"]);
    hears(cluster, 2, 1);
    hears(cluster, 4, 50).run(9);
    expectInTime(cluster.changes(1), [[4 + DOWN_100, MASTERED]]);
  });

  it("takes over after a farewell like any other", () => {
    const cluster = alone(["nopreempt"]);
    hears(cluster, 2, 50);
    hears(cluster, 3, 0).run(9);
    expectInTime(cluster.changes(1), [[3.609375, MASTERED]]);
  });

  it("a master yields all the same", () => {
    const cluster = alone(["nopreempt"]);
    hears(cluster, 5, 101).run(6);
    expectInTime(cluster.changes(4.5), [[5, "n1 MASTER → BACKUP (higher-priority-advert)"]]);
  });

  it("keeps a weakened master in office: no failover", () => {
    const cluster = new Cluster({
      n1: conf({ before: script("weight -20"), lines: TRACK_CHK }),
      n2: conf({ priority: 90, lines: ["nopreempt"] }),
    });
    cluster.at(5, () => cluster.network.script("n1", "chk", 1)).run(25);
    expect(cluster.router("n1").priority).toBe(80);
    expect([cluster.state("n1"), cluster.state("n2")]).toEqual(["MASTER", "BACKUP"]);
  });
});

describe("preempt_delay", () => {
  it("has no effect where no master is alive", () => {
    const cluster = alone(["preempt_delay 30"]).run(6);
    expectInTime(cluster.changes(1), [[cluster.up("n1") + DOWN_100, MASTERED]]);
  });

  it("begins with the first lower advert; what comes before its end re-arms the timer, what comes later does not", () => {
    const cluster = alone(["preempt_delay 2.5"]);
    for (const at of [1, 2, 3, 3.4999, 3.5, 4, 5, 6]) hears(cluster, at, 50);
    cluster.run(9);
    expectInTime(cluster.changes(0.5, 9), [[3.4999 + DOWN_100, MASTERED]]);
  });

  it("is forgotten when an advert of at least its own priority comes, and begins anew", () => {
    const cluster = alone(["preempt_delay 2"]);
    for (const [at, priority] of [
      [1, 50],
      [2, 100],
      [3, 50],
      [4, 50],
      [5.1, 50],
    ] as const)
      hears(cluster, at, priority);
    cluster.run(9);
    // From 3 to 5 it accepts; the advert at 5.1 is discarded.
    expectInTime(cluster.changes(0.5), [[4 + DOWN_100, MASTERED]]);
  });

  it("begins anew when the node has become a backup again", () => {
    const cluster = alone(["preempt_delay 3"]);
    hears(cluster, 1, 50);
    hears(cluster, 5, 101);
    hears(cluster, 6, 50);
    hears(cluster, 8.9, 50);
    hears(cluster, 9.1, 50).run(14);
    expectInTime(cluster.changes(0.5), [
      [1 + DOWN_100, MASTERED],
      [5, "n1 MASTER → BACKUP (higher-priority-advert)"],
      [8.9 + DOWN_100, MASTERED],
    ]);
  });

  it("holds a takeover from a weakened master up too", () => {
    const cluster = new Cluster({
      n1: conf({ before: script("weight -20"), lines: TRACK_CHK }),
      n2: conf({ priority: 90, lines: ["preempt_delay 5"] }),
    });
    cluster.at(5, () => cluster.network.script("n1", "chk", 1)).run(25);
    const weak = cluster.said(5, 10, ["adv(80)"])[0]!.atNs / NS_PER_S;
    expectInTime(cluster.changes(5), [
      [weak + 4 + DOWN_90, "n2 BACKUP → MASTER (master-down-timer)"],
      [weak + 4 + DOWN_90, "n1 MASTER → BACKUP (higher-priority-advert)"],
    ]);
  });
});

describe("equal priorities", () => {
  it("a backup accepts its equal, whatever its address", () => {
    const cluster = new Cluster({ n1: conf(), n2: { keepalived: conf(), autostart: false } });
    cluster.at(5, () => cluster.network.start("n2")).run(15);
    expect([cluster.state("n1"), cluster.state("n2")]).toEqual(["MASTER", "BACKUP"]);
  });

  it("after a split the higher address wins", () => {
    const cluster = new Cluster({ n1: conf(), n2: { keepalived: conf(), autostart: false } });
    cluster.at(5, () => cluster.network.start("n2"));
    cluster
      .at(8, () => cluster.network.partition([["n1"], ["n2"]]))
      .at(16, () => cluster.network.heal())
      .run(20);
    const changes = cluster.changes(16).map(({ what }) => what);
    expect(changes).toEqual(["n1 MASTER → BACKUP (same-priority-higher-address)"]);
  });

  it("compares IPv6 link-local addresses the same way", () => {
    const vips = ["2001:db8::100/64"];
    const cluster = new Cluster({ n1: conf({ vips }), n2: { keepalived: conf({ vips }), autostart: false } });
    cluster.at(5, () => cluster.network.start("n2"));
    cluster
      .at(8, () => cluster.network.partition([["n1"], ["n2"]]))
      .at(16, () => cluster.network.heal())
      .run(20);
    expect(cluster.changes(16).map(({ what }) => what)).toEqual(["n1 MASTER → BACKUP (same-priority-higher-address)"]);
  });
});

describe("an address owner (priority 255)", () => {
  it.each([
    ["priority 255", conf({ priority: 255 })],
    ["priority 255 and state MASTER", conf({ priority: 255, lines: ["state MASTER"] })],
    ["state MASTER without a priority", conf({ priority: null, lines: ["state MASTER"] })],
  ])("%s: is master at once", (_what, n1) => {
    const cluster = new Cluster({ n1 }).run(2);
    const up = cluster.up("n1");
    expectInTime(cluster.changes(), [
      [up, "n1 INIT → BACKUP (startup)"],
      [up, MASTERED],
    ]);
    expectSaid(cluster.said(0, up + 0.5), [
      [up, "n1 adv(255)"],
      [up + UP, "n1 garp .100 ×5"],
    ]);
  });

  it("with state BACKUP it waits like anybody", () => {
    const cluster = new Cluster({ n1: conf({ priority: 255, lines: ["state BACKUP"] }) }).run(5);
    expectInTime(cluster.changes(1), [[cluster.up("n1") + DOWN_255, MASTERED]]);
  });

  it("`state MASTER` alone is only a hint", () => {
    const cluster = new Cluster({ n1: conf({ lines: ["state MASTER"] }) }).run(5);
    expectInTime(cluster.changes(1), [[cluster.up("n1") + DOWN_100, MASTERED]]);
  });

  it("is master at once after a fault too", () => {
    const cluster = new Cluster({ n1: conf({ priority: 255 }) });
    cluster
      .at(1, () => cluster.network.linkDown("n1"))
      .at(2, () => cluster.network.linkUp("n1"))
      .run(3);
    expectInTime(cluster.changes(0.5), [
      [1.003, "n1 MASTER → FAULT (interface-down)"],
      [2.003, "n1 FAULT → BACKUP (faults-cleared)"],
      [2.003, MASTERED],
    ]);
  });

  it("is not weakened by what it tracks", () => {
    const cluster = new Cluster({
      n1: conf({ priority: 255, before: script("weight -20"), lines: TRACK_CHK }),
    });
    cluster.at(1, () => cluster.network.script("n1", "chk", 1)).run(4);
    expect(cluster.router("n1").priority).toBe(255);
    expect(cluster.said(3, 4, ["adv"]).map(({ what }) => what)).toEqual(["adv(255)"]);
  });

  it("of two, the master that hears the other lowers itself for good and yields", () => {
    const cluster = new Cluster({
      n1: conf({ priority: 255 }),
      n2: { keepalived: conf({ priority: 255 }), autostart: false },
    });
    cluster
      .at(2.5, () => cluster.network.start("n2"))
      .at(8, () => cluster.network.crash("n2"))
      .run(14);
    const second = cluster.up("n2");
    const down254 = 3.007812;
    const last = cluster.said(7, 8, ["adv(255)"])[0]!.atNs / NS_PER_S;
    expectInTime(
      cluster.changes(2.4).filter(({ what }) => what.startsWith("n1")),
      [
        [second, "n1 MASTER → BACKUP (higher-priority-advert)"],
        [last + down254, MASTERED],
      ],
    );
    expect(cluster.router("n1").priority).toBe(254);
    expect(cluster.said(second + 0.01, 14, ["adv(255)"]).every(({ host }) => host === "n2")).toBe(true);
  });
});
