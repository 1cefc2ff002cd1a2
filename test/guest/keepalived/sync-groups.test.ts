/** vrrp_sync_group: what one member does all do. VI_1 (VRID 51) and VI_2 (VRID 52) on eth0 and eth1, two nodes. */
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../../src/base/units.ts";
import type { HostOptions } from "../../../src/sim/options.ts";
import { advert } from "./adverts.ts";
import { Cluster, conf, expectInTime, expectSaid, script } from "./cluster.ts";

const DOWN_100 = 3.609375;
const DOWN_90 = 3.6484375;
const DOWN_50 = 3.8046875;
const SKEW_90 = 0.6484375;
const UP = 0.0005;

interface GroupOptions {
  readonly priorities?: readonly [number, number];
  readonly before?: string;
  /** Lines of the group, of VI_1, of VI_2. */
  readonly group?: readonly string[];
  readonly first?: readonly string[];
  readonly second?: readonly string[];
}

function grouped({ priorities = [100, 100], before = "", group = [], first = [], second = [] }: GroupOptions = {}) {
  return [
    before,
    "vrrp_sync_group VG {",
    "group {",
    "VI_1",
    "VI_2",
    "}",
    ...group,
    "}",
    conf({ priority: priorities[0], lines: first }),
    conf({
      name: "VI_2",
      vrid: 52,
      priority: priorities[1],
      vips: ["10.0.0.110/24"],
      lines: second,
    }).replace("interface eth0", "interface eth1"),
  ].join("\n");
}

/** A host with two NICs on the subnet. */
function host(number: number, keepalived: string, more: Partial<HostOptions> = {}): Partial<HostOptions> {
  const nic = (which: number) => ({
    subnet: "lan",
    mac: `02:00:00:00:0${which}:0${number}`,
    address: [`10.0.0.${which * 20 + number}`],
  });
  return { nics: { eth0: nic(0), eth1: nic(1) }, keepalived, ...more };
}

const pair = (n1: GroupOptions = {}, n2: GroupOptions = { priorities: [90, 90] }, more: Partial<HostOptions> = {}) =>
  new Cluster({ n1: host(1, grouped(n1), more), n2: host(2, grouped(n2)) });

/** `n1 VI_1 MASTER (sync-group)`, in order of time. */
const steps = (cluster: Cluster, from: number, until = Number.POSITIVE_INFINITY) =>
  cluster.transitions
    .filter(({ atNs }) => atNs >= from * NS_PER_S && atNs < until * NS_PER_S)
    .map(({ atNs, host: name, instance, to, cause }) => ({ atNs, what: `${name} ${instance} ${to} (${cause})` }));

describe("MASTER", () => {
  it("comes when the waits of all are over, for all at once: each with its advert, its addresses and its announcements", () => {
    const cluster = new Cluster({ n1: host(1, grouped({ priorities: [100, 50] })) }).run(9.5);
    const up = cluster.up("n1");
    const t = up + DOWN_50;
    expectInTime(steps(cluster, 0.1), [
      [t, "n1 VI_2 MASTER (master-down-timer)"],
      [t, "n1 VI_1 MASTER (sync-group)"],
    ]);
    expectSaid(cluster.said(0, t + 1.2), [
      [t, "n1 adv(52:50)"],
      [t, "n1 adv(100)"],
      [t + UP, "n1 garp .110 ×5"],
      [t + UP, "n1 garp .100 ×5"],
      // The leader sets its timer last.
      [t + 1, "n1 adv(100)"],
      [t + 1, "n1 adv(52:50)"],
    ]);
    expectSaid(cluster.said(t + 4.9, t + 5.1, ["garp"]), [
      [t + 5, "n1 garp .110 ×5"],
      [t + 5, "n1 garp .100 ×5"],
    ]);
    expect(cluster.notes.map(({ text }) => text)).toEqual(["VI_1 could be master, but sync group VG waits for VI_2"]);
  });

  it("is not taken alone: while one member hears its master the others wait, again and again", () => {
    const cluster = new Cluster({ n1: host(1, grouped()), stranger: {} });
    for (let at = 1; at < 12; at++)
      cluster.at(at, () => cluster.inject("stranger", advert({ vrid: 52, addresses: ["10.0.0.110"] })));
    cluster.run(17);
    const t = 11 + DOWN_100;
    expectInTime(steps(cluster, 0.1), [
      [t, "n1 VI_2 MASTER (master-down-timer)"],
      [t, "n1 VI_1 MASTER (sync-group)"],
    ]);
  });

  it("is not wished for any more by a member that hears its master again", () => {
    const cluster = new Cluster({ n1: host(1, grouped({ priorities: [100, 50] })), stranger: {} });
    // VI_1 is ready at 3.63 s; VI_2 would be at 3.83 s.
    cluster.at(3.7, () => cluster.inject("stranger", advert())).run(9);
    expectInTime(steps(cluster, 0.1), [
      [3.7 + DOWN_100, "n1 VI_1 MASTER (master-down-timer)"],
      [3.7 + DOWN_100, "n1 VI_2 MASTER (sync-group)"],
    ]);
  });
});

describe("BACKUP", () => {
  it("follows when one member hears a better master; the others leave without a word", () => {
    const cluster = new Cluster({ n1: host(1, grouped()), stranger: {} });
    cluster.at(6, () => cluster.inject("stranger", advert())).run(7);
    expectInTime(steps(cluster, 5), [
      [6, "n1 VI_1 BACKUP (higher-priority-advert)"],
      [6, "n1 VI_2 BACKUP (sync-group)"],
    ]);
    expect(cluster.notes).toEqual([]);
    expect(cluster.said(6.001, 7)).toEqual([]);
    expect(["10.0.0.100", "10.0.0.110"].map((address) => cluster.has("n1", address))).toEqual([false, false]);
  });
});

describe("FAULT", () => {
  it("of one is that of all; those that were MASTER say farewell once, and the standby waits for the slowest", () => {
    const cluster = pair().run(6);
    const last = cluster.said(5, 6, ["adv(52:100)"])[0]!.atNs / NS_PER_S + 1;
    const lost = last + 0.3;
    cluster.at(lost, () => cluster.network.linkDown("n1", "eth1")).run(lost + 9);
    const t = last + DOWN_90;
    expectInTime(steps(cluster, lost), [
      [lost + 0.003, "n1 VI_2 FAULT (interface-down)"],
      [lost + 0.003, "n1 VI_1 FAULT (sync-group)"],
      [t, "n2 VI_2 MASTER (master-down-timer)"],
      [t, "n2 VI_1 MASTER (sync-group)"],
    ]);
    expectSaid(cluster.said(lost, t + 0.1), [
      [lost + 0.003, "n1 adv(0)"],
      [t, "n2 adv(52:90)"],
      [t, "n2 adv(90)"],
      [t + UP, "n2 garp .110 ×5"],
      [t + UP, "n2 garp .100 ×5"],
    ]);
    expect(cluster.notes.map(({ host: name, text }) => `${name} ${text}`)).toContain(
      "n2 VI_1 could be master, but sync group VG waits for VI_2",
    );
  });

  it("of a script: the member that tracks it says farewell twice, the other once", () => {
    const n1 = { before: script(), first: ["track_script {", "chk", "}"] };
    const cluster = pair(n1).run(6);
    cluster.network.script("n1", "chk", 1);
    cluster.run(9);
    const [first] = steps(cluster, 6);
    const failed = first!.atNs / NS_PER_S;
    expect(steps(cluster, 6, failed + 0.1).map(({ what }) => what)).toEqual([
      "n1 VI_1 FAULT (script-failed)",
      "n1 VI_2 FAULT (sync-group)",
    ]);
    expectSaid(cluster.said(failed - 0.001, failed + SKEW_90 + 0.1), [
      [failed, "n1 adv(0) ×2"],
      [failed, "n1 adv(52:0)"],
      [failed + SKEW_90, "n2 adv(52:90)"],
      [failed + SKEW_90, "n2 adv(90)"],
      [failed + SKEW_90 + UP, "n2 garp .110 ×5"],
      [failed + SKEW_90 + UP, "n2 garp .100 ×5"],
    ]);
  });

  it("at the start: with one member's interface down nobody starts", () => {
    const cluster = new Cluster({ n1: host(1, grouped()) });
    cluster.network.linkDown("n1", "eth1");
    cluster.run(8);
    expect(steps(cluster, 0).map(({ what }) => what)).toEqual([
      "n1 VI_2 FAULT (interface-down)",
      "n1 VI_1 FAULT (sync-group)",
    ]);
    expect(cluster.said(0, 8)).toEqual([]);
  });

  it("ends for all when the last fault is gone: BACKUP, the full wait, MASTER together", () => {
    const cluster = new Cluster({ n1: host(1, grouped()) });
    cluster
      .at(6, () => cluster.network.linkDown("n1", "eth1"))
      .at(7, () => cluster.network.linkDown("n1", "eth0"))
      .at(8, () => cluster.network.linkUp("n1", "eth1"))
      .at(9, () => cluster.network.linkUp("n1", "eth0"))
      .run(14);
    const t = 9.003 + DOWN_100;
    expectInTime(steps(cluster, 6.5), [
      [9.003, "n1 VI_1 BACKUP (faults-cleared)"],
      [9.003, "n1 VI_2 BACKUP (sync-group)"],
      [t, "n1 VI_2 MASTER (master-down-timer)"],
      [t, "n1 VI_1 MASTER (sync-group)"],
    ]);
  });
});

describe("INIT", () => {
  it("lasts for all until the last script of any member has its first result", () => {
    const n1 = grouped({ before: script("timeout 3"), second: ["track_script {", "chk", "}"] });
    const cluster = new Cluster({ n1: host(1, n1, { scripts: { chk: { runsNs: 2 * NS_PER_S } } }) }).run(1.9);
    expect(steps(cluster, 0)).toEqual([]);
    cluster.run(3);
    expect(steps(cluster, 2).map(({ what }) => what)).toEqual(["n1 VI_2 BACKUP (startup)", "n1 VI_1 BACKUP (startup)"]);
  });
});

describe("trackers", () => {
  it("of the group apply to every member", () => {
    const group = ["track_script {", "chk", "}", "track_interface {", "eth0 weight -30", "}"];
    const n1 = grouped({ before: script("weight -20"), group });
    const cluster = new Cluster({ n1: host(1, n1, { scripts: { chk: { exit: 1 } } }) }).run(5);
    expect(["VI_1", "VI_2"].map((name) => cluster.router("n1", name).priority)).toEqual([80, 80]);
    cluster.at(5.5, () => cluster.network.script("n1", "chk", 0)).run(7);
    expect(["VI_1", "VI_2"].map((name) => cluster.router("n1", name).priority)).toEqual([100, 100]);
  });

  it("of the group without a weight are faults of all", () => {
    const n1 = grouped({ before: script(), group: ["track_script {", "chk", "}"] });
    const cluster = new Cluster({ n1: host(1, n1) });
    cluster.at(6, () => cluster.network.script("n1", "chk", 1)).run(8);
    expect(steps(cluster, 6).map(({ what }) => what.replace(/ \(.*/, ""))).toEqual(["n1 VI_1 FAULT", "n1 VI_2 FAULT"]);
  });

  it.each([
    ["do not count", [], 100],
    ["count with sync_group_tracking_weight", ["sync_group_tracking_weight"], 80],
  ])("of members with a weight %s", (_, group, priority) => {
    const n1 = grouped({ before: script("weight -20"), group, first: ["track_script {", "chk", "}"] });
    const cluster = new Cluster({ n1: host(1, n1, { scripts: { chk: { exit: 1 } } }) }).run(2);
    expect(cluster.router("n1").priority).toBe(priority);
  });
});

describe("a lower advert", () => {
  it("heard by one member makes all announce, now and later", () => {
    const cluster = new Cluster({ n1: host(1, grouped()), stranger: {} });
    cluster.at(10, () => cluster.inject("stranger", advert({ priority: 50 }))).run(16);
    expectSaid(cluster.said(9.9, 16, ["garp", "adv(50)"]), [
      [10, "stranger adv(50)"],
      [10, "n1 garp .100 ×5"],
      [10, "n1 garp .110 ×5"],
      [15, "n1 garp .100 ×5"],
      [15, "n1 garp .110 ×5"],
    ]);
  });
});

describe("owners (priority 255)", () => {
  it("alone in a group are masters at once", () => {
    const n1 = grouped({ priorities: [255, 255] });
    const cluster = new Cluster({ n1: host(1, n1) }).run(1);
    expect(["VI_1", "VI_2"].map((name) => cluster.state("n1", name))).toEqual(["MASTER", "MASTER"]);
  });

  it("mixed with others wait like these", () => {
    const n1 = grouped({ priorities: [255, 100] });
    const cluster = new Cluster({ n1: host(1, n1) }).run(3.5);
    expect(["VI_1", "VI_2"].map((name) => cluster.state("n1", name))).toEqual(["BACKUP", "BACKUP"]);
    cluster.run(4);
    expect(["VI_1", "VI_2"].map((name) => cluster.state("n1", name))).toEqual(["MASTER", "MASTER"]);
  });
});

it("SIGTERM: each member says its farewell", () => {
  const cluster = pair();
  cluster.at(6, () => cluster.network.stop("n1")).run(8);
  const t = 6.001 + SKEW_90;
  expectSaid(cluster.said(6, t + 0.1), [
    [6.001, "n1 adv(0)"],
    [6.001, "n1 adv(52:0)"],
    [t, "n2 adv(52:90)"],
    [t, "n2 adv(90)"],
    [t + UP, "n2 garp .110 ×5"],
    [t + UP, "n2 garp .100 ×5"],
  ]);
});

it("an address taken off by hand: all say farewell, and are masters again after the longest skew", () => {
  const cluster = new Cluster({ n1: host(1, grouped({ priorities: [100, 50] })) });
  cluster.at(6, () => cluster.network.deleteAddress("n1", "eth0", "10.0.0.100")).run(7.5);
  const t = 6.003 + (256 - 50) / 256;
  expectInTime(steps(cluster, 6), [
    [6.003, "n1 VI_1 BACKUP (address-deleted)"],
    [6.003, "n1 VI_2 BACKUP (sync-group)"],
    [t, "n1 VI_2 MASTER (master-down-timer)"],
    [t, "n1 VI_1 MASTER (sync-group)"],
  ]);
  expectSaid(cluster.said(6, t + 0.2), [
    [6.003, "n1 adv(0)"],
    [6.003, "n1 adv(52:0)"],
    [t, "n1 adv(52:50)"],
    [t, "n1 adv(100)"],
    [t + UP, "n1 garp .110 ×5"],
    [t + UP, "n1 garp .100 ×5"],
  ]);
});
