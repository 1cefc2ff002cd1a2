/** keepalived 2.2.7's table of transitions, a test for each row; adverts that no peer would send come from a stranger on the subnet. */
import { expect, it } from "vitest";
import { NS_PER_S } from "../../../src/base/units.ts";
import { advert } from "./adverts.ts";
import { Cluster, conf, expectInTime, expectSaid, script, TRACK_CHK } from "./cluster.ts";

const DOWN_100 = 3.609375;
const SKEW_100 = 0.609375;
const UP = 0.0005;

/** n1 alone with a stranger that only does what the test says. */
const alone = (n1 = conf()) => new Cluster({ n1, stranger: {} });
const master = (n1 = conf()) => {
  const cluster = alone(n1).run(1);
  const t = cluster.up("n1") + DOWN_100;
  return { cluster: cluster.run(t + 0.25), t };
};
const hears = (cluster: Cluster, at: number, options: Parameters<typeof advert>[0]) =>
  cluster.at(at, () => cluster.inject("stranger", advert(options)));

it("INIT, start without a fault: BACKUP; the group is joined, no advert", () => {
  const cluster = alone().run(1.5);
  const [first] = cluster.said(0, 1.5, ["adv", "garp", "igmp"]);
  expect(first!.what).toBe("igmp+");
  // Two jiffies later.
  expect(first!.atNs / NS_PER_S - cluster.up("n1")).toBeCloseTo(0.01, 2);
  expect(cluster.said(0, 1.5)).toEqual([]);
  expect(cluster.changes().map(({ what }) => what)).toEqual(["n1 INIT → BACKUP (startup)"]);
  expect(cluster.up("n1")).toBeGreaterThanOrEqual(0.01);
  expect(cluster.up("n1")).toBeLessThan(0.05);
});

it("INIT, start with a fault: FAULT, no timer", () => {
  const cluster = alone();
  cluster.network.linkDown("n1");
  cluster.run(10);
  expect(cluster.changes().map(({ what }) => what)).toEqual(["n1 INIT → FAULT (interface-down)"]);
  expect(cluster.said(0, 10, ["n1", "adv", "garp", "igmp"])).toEqual([]);
});

it("INIT with a tracked script: nothing until its first result", () => {
  const cluster = new Cluster({
    n1: {
      keepalived: conf({ before: script("timeout 3"), lines: TRACK_CHK }),
      scripts: { chk: { runsNs: 2_000_000_000 } },
    },
  }).run(1.9);
  expect(cluster.changes()).toEqual([]);
  expect(cluster.state("n1")).toBe("INIT");
  cluster.run(6);
  const up = cluster.up("n1");
  expect(up).toBeGreaterThan(2.01);
  expectInTime(cluster.changes(3), [[up + DOWN_100, "n1 BACKUP → MASTER (master-down-timer)"]]);
});

it("INIT with a tracked script that fails: FAULT at its first result", () => {
  const cluster = new Cluster({
    n1: { keepalived: conf({ before: script("fall 3"), lines: TRACK_CHK }), scripts: { chk: { exit: 1 } } },
  }).run(6);
  expect(cluster.changes().map(({ what }) => what)).toEqual(["n1 INIT → FAULT (script-failed)"]);
});

it("BACKUP, the timer expires: MASTER; advert, address, announcements", () => {
  const { cluster, t } = master();
  expectSaid(cluster.said(0, t + 0.2), [
    [t, "n1 adv(100)"],
    [t + UP, "n1 garp .100 ×5"],
  ]);
  expect(cluster.has("n1", "10.0.0.100")).toBe(true);
});

it("BACKUP, a farewell: the timer is the skew", () => {
  const cluster = alone();
  hears(cluster, 0.5, { priority: 0 }).run(2);
  expectInTime(cluster.changes(0.5), [[0.5 + SKEW_100, "n1 BACKUP → MASTER (master-down-timer)"]]);
});

it("BACKUP, an advert of at least its priority: the timer starts again", () => {
  const cluster = alone();
  hears(cluster, 2, { priority: 100 });
  hears(cluster, 3, { priority: 101 }).run(8);
  expectInTime(cluster.changes(0.5), [[3 + DOWN_100, "n1 BACKUP → MASTER (master-down-timer)"]]);
});

it("BACKUP, an advert of lower priority: the timer runs on", () => {
  const cluster = alone();
  hears(cluster, 2, { priority: 99 }).run(8);
  expectInTime(cluster.changes(0.5), [[cluster.up("n1") + DOWN_100, "n1 BACKUP → MASTER (master-down-timer)"]]);
});

it("BACKUP, an invalid advert: the timer runs on", () => {
  const cluster = alone();
  hears(cluster, 2, { priority: 200, ttl: 254 }).run(8);
  expectInTime(cluster.changes(0.5), [[cluster.up("n1") + DOWN_100, "n1 BACKUP → MASTER (master-down-timer)"]]);
});

it("BACKUP, a fault: FAULT, no frames", () => {
  const cluster = alone();
  cluster.at(1.6, () => cluster.network.linkDown("n1")).run(8);
  expectInTime(cluster.changes(0.5), [[1.603, "n1 BACKUP → FAULT (interface-down)"]]);
  expect(cluster.said(1.6, 8)).toEqual([]);
});

it("MASTER, an interval passes: an advert; with garp_master_refresh an announcement when it is due", () => {
  const { cluster, t } = master(conf({ lines: ["garp_master_refresh 2", "garp_master_refresh_repeat 2"] }));
  cluster.run(t + 4.5);
  expectSaid(cluster.said(t + 0.5, t + 4.5), [
    [t + 1, "n1 adv(100)"],
    [t + 2, "n1 adv(100)"],
    [t + 2, "n1 garp .100 ×2"],
    [t + 3, "n1 adv(100)"],
    [t + 4, "n1 adv(100)"],
    [t + 4, "n1 garp .100 ×2"],
  ]);
});

it("MASTER, an advert of higher priority: BACKUP without a word, address gone, full wait", () => {
  const { cluster, t } = master();
  hears(cluster, t + 0.3, { priority: 101 }).run(t + 5);
  expectInTime(cluster.changes(t + 0.1), [
    [t + 0.3, "n1 MASTER → BACKUP (higher-priority-advert)"],
    [t + 0.3 + DOWN_100, "n1 BACKUP → MASTER (master-down-timer)"],
  ]);
  expect(cluster.said(t + 0.31, t + 0.3 + DOWN_100 - 0.01)).toEqual([]);
});

it("MASTER, an advert of higher priority, higher_prio_send_advert: one advert first", () => {
  const { cluster, t } = master(conf({ lines: ["higher_prio_send_advert"] }));
  hears(cluster, t + 0.3, { priority: 101 }).run(t + 2);
  expectSaid(
    cluster.said(t + 0.3, t + 2).filter(({ host }) => host === "n1"),
    [[t + 0.3, "n1 adv(100)"]],
  );
  expect(cluster.state("n1")).toBe("BACKUP");
});

it.each([
  ["10.0.0.2", "BACKUP"],
  ["10.0.0.0", "MASTER"],
])("MASTER, the same priority from %s: %s", (source, state) => {
  const { cluster, t } = master();
  hears(cluster, t + 0.3, { priority: 100, source }).run(t + 0.4);
  expect(cluster.state("n1")).toBe(state);
});

it("MASTER, the same priority from its own address: nothing but the advert put off", () => {
  const { cluster, t } = master();
  // Otherwise the kernel does not let it in.
  cluster.network.host("n1").settings4.acceptLocal = 1;
  hears(cluster, t + 0.3, { priority: 100, source: "10.0.0.1" }).run(t + 2);
  expect(cluster.state("n1")).toBe("MASTER");
  const own = cluster.said(t + 0.1, t + 2).filter(({ host }) => host === "n1");
  expectSaid(own, [[t + 1.3, "n1 adv(100)"]]);
});

it("MASTER, an advert of lower priority: an advert, announcements now and after five seconds", () => {
  const { cluster, t } = master();
  hears(cluster, t + 7.3, { priority: 99 }).run(t + 14);
  const own = cluster.said(t + 7.2, t + 13.4).filter(({ host }) => host === "n1");
  expectSaid(own, [
    [t + 7.3, "n1 adv(100)"],
    [t + 7.3, "n1 garp .100 ×5"],
    [t + 8.3, "n1 adv(100)"],
    [t + 9.3, "n1 adv(100)"],
    [t + 10.3, "n1 adv(100)"],
    [t + 11.3, "n1 adv(100)"],
    [t + 12.3, "n1 garp .100 ×5"],
    [t + 12.3, "n1 adv(100)"],
    [t + 13.3, "n1 adv(100)"],
  ]);
});

it("MASTER, a farewell: an advert, still MASTER", () => {
  const { cluster, t } = master();
  hears(cluster, t + 0.3, { priority: 0 }).run(t + 2);
  const own = cluster.said(t + 0.1, t + 2).filter(({ host }) => host === "n1");
  expectSaid(own, [
    [t + 0.3, "n1 adv(100)"],
    [t + 1.3, "n1 adv(100)"],
  ]);
  expect(cluster.state("n1")).toBe("MASTER");
});

it("MASTER, a fault that is not its link: FAULT with two farewells, address gone", () => {
  const { cluster, t } = master(conf({ before: script(), lines: TRACK_CHK }));
  cluster.at(t + 0.3, () => cluster.network.script("n1", "chk", 1)).run(t + 3);
  const [change] = cluster.changes(t + 0.1);
  expect(change!.what).toBe("n1 MASTER → FAULT (script-failed)");
  const failed = change!.atNs / 1e9;
  expectSaid(cluster.said(failed - 0.001, t + 3), [[failed, "n1 adv(0) ×2"]]);
  expect(cluster.has("n1", "10.0.0.100")).toBe(false);
});

it("MASTER, its own link lost: FAULT after 3 ms, in silence", () => {
  const { cluster, t } = master();
  cluster.at(t + 0.3, () => cluster.network.linkDown("n1")).run(t + 3);
  expectInTime(cluster.changes(t + 0.1), [[t + 0.303, "n1 MASTER → FAULT (interface-down)"]]);
  expect(cluster.said(t + 0.3, t + 3)).toEqual([]);
});

it("MASTER, a virtual address is taken off by somebody else: a farewell, BACKUP for its skew", () => {
  const { cluster, t } = master();
  cluster.at(t + 0.3, () => cluster.network.deleteAddress("n1", "eth0", "10.0.0.100")).run(t + 1.2);
  const gone = t + 0.303;
  expectInTime(cluster.changes(t + 0.1), [
    [gone, "n1 MASTER → BACKUP (address-deleted)"],
    [gone + SKEW_100, "n1 BACKUP → MASTER (master-down-timer)"],
  ]);
  expectSaid(cluster.said(t + 0.1, t + 1.2), [
    [gone, "n1 adv(0)"],
    [gone + SKEW_100, "n1 adv(100)"],
    [gone + SKEW_100 + UP, "n1 garp .100 ×5"],
  ]);
});

it("FAULT, all faults cleared, unicast: one announcement of its own address", () => {
  const cluster = new Cluster({ n1: conf({ lines: ["unicast_peer {", "10.0.0.2", "}"] }), n2: {} });
  cluster.at(6, () => cluster.network.linkDown("n1")).at(7, () => cluster.network.linkUp("n1"));
  cluster.run(10);
  expectSaid(cluster.said(6, 10, ["garp"]), [[7.003, "n1 garp .1"]]);
  expectInTime(cluster.changes(6.5), [[7.003, "n1 FAULT → BACKUP (faults-cleared)"]]);
});

it("FAULT, adverts are ignored", () => {
  const { cluster, t } = master(conf({ before: script(), lines: TRACK_CHK }));
  cluster.at(t + 0.3, () => cluster.network.script("n1", "chk", 1));
  hears(cluster, t + 2, { priority: 0 });
  hears(cluster, t + 2.5, { priority: 50 }).run(t + 8);
  expect(cluster.state("n1")).toBe("FAULT");
});

it("FAULT, all faults cleared: BACKUP with the full wait, no frames; two faults are two", () => {
  const n1 = conf({ before: script(), lines: TRACK_CHK });
  const { cluster, t } = master(n1);
  cluster.at(t + 0.3, () => cluster.network.linkDown("n1"));
  cluster.at(t + 0.3, () => cluster.network.script("n1", "chk", 1));
  cluster.at(t + 3.3, () => cluster.network.linkUp("n1"));
  cluster.at(t + 5.3, () => cluster.network.script("n1", "chk", 0)).run(t + 12);
  const changes = cluster.changes(t + 0.1);
  expect(changes.map(({ what }) => what)).toEqual([
    "n1 MASTER → FAULT (interface-down)",
    "n1 FAULT → BACKUP (faults-cleared)",
    "n1 BACKUP → MASTER (master-down-timer)",
  ]);
  const cleared = changes[1]!.atNs / 1e9;
  expect(cleared).toBeGreaterThan(t + 5.3);
  expectSaid(cluster.said(t + 0.3, cleared + DOWN_100 + 0.1), [
    [cleared + DOWN_100, "n1 adv(100)"],
    [cleared + DOWN_100, "n1 garp .100 ×5"],
  ]);
});

it.each(["BACKUP", "MASTER", "FAULT"])("%s, SIGTERM: only a master says farewell", (state) => {
  const { cluster, t } = master(conf({ before: script(), lines: TRACK_CHK }));
  if (state === "BACKUP") hears(cluster, t + 0.3, { priority: 200 });
  if (state === "FAULT") cluster.at(t + 0.3, () => cluster.network.script("n1", "chk", 1));
  cluster.run(t + 2.1);
  expect(cluster.state("n1")).toBe(state);
  cluster.network.stop("n1");
  cluster.run(t + 4.5);
  expectInTime(cluster.changes(t + 2.1), [[t + 2.101, `n1 ${state} → STOPPED (stopped)`]]);
  expectSaid(cluster.said(t + 2.1, t + 4.5), state === "MASTER" ? [[t + 2.101, "n1 adv(0)"]] : []);
  const reports = cluster.said(t + 2.1, t + 4.5, ["igmp"]).map(({ host, what }) => `${host} ${what}`);
  expect(reports).toEqual(["n1 igmp-", "n1 igmp-"]);
  expect(cluster.has("n1", "10.0.0.100")).toBe(false);
});
