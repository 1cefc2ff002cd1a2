/** SIGHUP with another configuration (keepalived 2.2.7): what goes on, what changes, what ends. */
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../../src/base/units.ts";
import { ConfigError } from "../../../src/text/config-error.ts";
import { Cluster, conf, expectInTime, expectSaid, script, TRACK_CHK } from "./cluster.ts";

const DOWN_100 = 3.609375;
const DOWN_90 = 3.6484375;
const SKEW_90 = 0.6484375;
const DOWN_80 = 3.6875;
/** From the signal to its effect. */
const SIGNAL = 0.001;

const N2 = conf({ priority: 90 });
/** n1 with priority 100 is master from 3.65 s on; it reloads at 6 s. */
const reloaded = (after: string, before = conf(), n2 = N2) => {
  const cluster = new Cluster({ n1: before, n2 });
  return cluster.at(6, () => cluster.network.reload("n1", after));
};
const t = 6 + SIGNAL;

describe("a master", () => {
  it("stays master and sends two adverts within milliseconds, then one each interval", () => {
    const cluster = reloaded(conf()).run(9);
    expect(cluster.changes(5)).toEqual([]);
    expectSaid(cluster.said(6, 8.5), [
      [t, "n1 adv(100) ×2"],
      [t + 1, "n1 adv(100)"],
      [t + 2, "n1 adv(100)"],
    ]);
    // The socket is closed and opened again: it joins anew, and no leaving is reported.
    expect(cluster.said(6, 9, ["igmp"]).map(({ host, what }) => `${host} ${what}`)).toEqual(["n1 igmp+", "n1 igmp+"]);
  });

  it("has its new priority at once: the second advert says it", () => {
    const cluster = reloaded(conf({ priority: 80 })).run(11);
    const last = cluster.said(5, 6.5, ["adv(100)"]).at(-1)!.atNs / NS_PER_S;
    expect(last).toBeCloseTo(t, 3);
    expectSaid(cluster.said(6, 6.5), [
      [t, "n1 adv(100)"],
      [t, "n1 adv(80)"],
    ]);
    expectInTime(cluster.changes(6), [
      [t + DOWN_90, "n2 BACKUP → MASTER (master-down-timer)"],
      [t + DOWN_90, "n1 MASTER → BACKUP (higher-priority-advert)"],
    ]);
  });

  it("configures added addresses and announces all of them before its next advert, and not again", () => {
    const vips = ["10.0.0.100/24", "10.0.0.101/24"];
    const cluster = reloaded(conf({ vips }), conf(), conf({ priority: 90, vips })).run(12);
    expect(cluster.has("n1", "10.0.0.101")).toBe(true);
    const said = cluster.said(6, 6.1);
    const [first, last] = [said[0]!, said.at(-1)!];
    expect([first.what, last.what]).toEqual(["adv(100)", "adv(100)"]);
    // The number of addresses; the identification counts from 1 again.
    expect([first.bytes[37], last.bytes[37], last.bytes[19]]).toEqual([1, 2, 1]);
    expectSaid(cluster.said(t, t + 5.1, ["garp"]), [
      ...[1, 2, 3, 4, 5].flatMap(
        () =>
          [
            [t, "n1 garp .100"],
            [t, "n1 garp .101"],
          ] as [number, string][],
      ),
    ]);
  });

  it("takes removed addresses off, in silence", () => {
    const before = conf({ vips: ["10.0.0.100/24", "10.0.0.101/24"] });
    const cluster = reloaded(conf(), before).run(6.5);
    expect([cluster.has("n1", "10.0.0.100"), cluster.has("n1", "10.0.0.101")]).toEqual([true, false]);
    expect(cluster.said(6, 6.5, ["garp"])).toEqual([]);
  });

  it("whose peer has the old list is refused by it: two masters a master-down time later", () => {
    const cluster = reloaded(conf({ vips: ["10.0.0.100/24", "10.0.0.101/24"] })).run(11);
    // The advert before the reload was the last that counts.
    expectInTime(cluster.changes(6), [[t + DOWN_90, "n2 BACKUP → MASTER (master-down-timer)"]]);
    expect(cluster.state("n1")).toBe("MASTER");
  });
});

describe("a backup", () => {
  it("begins its wait anew, with its new priority", () => {
    const cluster = new Cluster({ n1: conf(), n2: N2 }).run(4.7);
    const last = cluster.said(4.5, 4.7, ["adv"]).at(-1)!.atNs / NS_PER_S;
    cluster.at(last + 0.1, () => cluster.network.crash("n1"));
    cluster.at(last + 2, () => cluster.network.reload("n2", conf({ priority: 80 }))).run(12);
    expectInTime(cluster.changes(last + 0.2), [
      [last + 2 + SIGNAL + DOWN_80, "n2 BACKUP → MASTER (master-down-timer)"],
    ]);
    expect(cluster.notes.map(({ text }) => text)).toContain("VI_1: priority 90 → 80");
  });

  it("forgets the interval that it has learned: with a shorter one of its own it takes over before the next advert", () => {
    const lines = (seconds: number) => ["version 3", `advert_int ${seconds}`];
    const cluster = new Cluster({
      n1: conf({ lines: lines(2) }),
      n2: { keepalived: conf({ priority: 80, lines: lines(0.2) }), autostart: false },
    }).run(9);
    const last = cluster.said(6.9, 9, ["adv(100)"]).at(-1)!.atNs / NS_PER_S;
    cluster.at(9, () => cluster.network.start("n2"));
    const reload = last + 4.1;
    cluster.at(reload, () => cluster.network.reload("n2", conf({ priority: 80, lines: lines(0.2) }))).run(reload + 1);
    // 0.6 s and 176/256 of 0.2 s.
    expectInTime(cluster.changes(reload), [
      [reload + SIGNAL + 0.7375, "n2 BACKUP → MASTER (master-down-timer)"],
      [reload + SIGNAL + 0.7375, "n2 MASTER → BACKUP (higher-priority-advert)"],
    ]);
  });

  it("remembers how long it has to delay its preemption", () => {
    const lines = ["preempt_delay 10"];
    const cluster = new Cluster({ n1: { keepalived: conf({ lines }), autostart: false }, n2: N2 });
    cluster.at(6, () => cluster.network.start("n1"));
    cluster.at(9, () => cluster.network.reload("n1", conf({ lines }))).run(25);
    const first = cluster.said(cluster.up("n1"), 9, ["adv(90)"])[0]!.atNs / NS_PER_S;
    const [change] = cluster.changes(10);
    expect(change!.what).toBe("n1 BACKUP → MASTER (master-down-timer)");
    expect(change!.atNs / NS_PER_S).toBeCloseTo(first + 9 + DOWN_100, 2);
  });
});

describe("a virtual router that is no more", () => {
  it.each([
    ["it has another VRID", conf({ vrid: 53 })],
    ["it has become unicast", conf({ lines: ["unicast_peer {", "10.0.0.2", "}"] })],
    ["it has another group", conf({ lines: ["mcast_dst_ip 224.0.0.50"] })],
  ])("says farewell: %s", (_, after) => {
    const cluster = reloaded(after).run(8);
    expectInTime(cluster.changes(6, 7), [
      [t, "n1 MASTER → STOPPED (reloaded)"],
      [t, "n1 INIT → BACKUP (startup)"],
      [t + SKEW_90, "n2 BACKUP → MASTER (master-down-timer)"],
    ]);
    expectSaid(cluster.said(6, 6.1).slice(0, 2), [
      [t, "n1 adv(100)"],
      [t, "n1 adv(0)"],
    ]);
    expect(cluster.has("n1", "10.0.0.100")).toBe(false);
  });

  it("says farewell when it was deleted; another one goes on", () => {
    const second = conf({ name: "VI_2", vrid: 52, vips: ["10.0.0.110/24"] });
    const cluster = reloaded(second, `${conf()}${second}`).run(8);
    expect(
      cluster.transitions
        .filter(({ atNs, host }) => host === "n1" && atNs > 5e9)
        .map(({ instance, to }) => `${instance} ${to}`),
    ).toEqual(["VI_1 STOPPED"]);
    expectSaid(cluster.said(6, 6.1), [
      [t, "n1 adv(100)"],
      [t, "n1 adv(52:100)"],
      [t, "n1 adv(0)"],
      [t, "n1 adv(52:100)"],
    ]);
    expect(cluster.state("n1", "VI_2")).toBe("MASTER");
    expect(cluster.has("n1", "10.0.0.110")).toBe(true);
  });

  it("leaves the group that nobody wants any more, and the new one is joined", () => {
    const cluster = reloaded(conf({ lines: ["mcast_dst_ip 224.0.0.50"] })).run(8);
    expect(
      cluster
        .said(6, 6.5, ["igmp"])
        .map(({ what }) => what)
        .slice(0, 2),
    ).toEqual(["igmp-", "igmp+"]);
  });

  it("may have another name, and is the same all the same", () => {
    const cluster = reloaded(conf({ name: "VI_renamed" })).run(8);
    expect(cluster.changes(6)).toEqual([]);
    expect(cluster.state("n1", "VI_renamed")).toBe("MASTER");
  });
});

describe("what is tracked", () => {
  it("keeps the results of scripts until there are others", () => {
    const tracking = (priority: number) => conf({ priority, before: script("weight -20"), lines: TRACK_CHK });
    const cluster = new Cluster({ n1: { keepalived: tracking(100), scripts: { chk: { exit: 1 } } } });
    cluster.at(6, () => cluster.network.reload("n1", tracking(110))).run(6.002);
    expect(cluster.router("n1").priority).toBe(90);
    expectSaid(cluster.said(6, 6.01, ["adv"]), [
      [t, "n1 adv(80)"],
      [t, "n1 adv(90)"],
    ]);
  });

  it("a fault that the new configuration does not have is over", () => {
    const tracking = conf({ before: script(), lines: TRACK_CHK });
    const cluster = new Cluster({ n1: { keepalived: tracking, scripts: { chk: { exit: 1 } } } });
    cluster.at(6, () => cluster.network.reload("n1", conf())).run(12);
    expectInTime(cluster.changes(5), [
      [t, "n1 FAULT → BACKUP (faults-cleared)"],
      [t + DOWN_100, "n1 BACKUP → MASTER (master-down-timer)"],
    ]);
  });

  it("a fault that it has is one at once", () => {
    const after = conf({ lines: ["track_interface {", "eth1", "}"] });
    const nics = { eth0: { subnet: "lan", address: "10.0.0.1" }, eth1: { subnet: "lan", address: "10.0.0.21" } };
    const cluster = new Cluster({ n1: { keepalived: conf(), nics } });
    cluster.at(5.5, () => cluster.network.linkDown("n1", "eth1"));
    cluster.at(6, () => cluster.network.reload("n1", after)).run(8);
    expectInTime(cluster.changes(5), [[t, "n1 MASTER → FAULT (interface-down)"]]);
    expectSaid(cluster.said(6, 8), [
      [t, "n1 adv(100)"],
      [t, "n1 adv(0) ×2"],
    ]);
  });

  it("while it waits for a script it goes on waiting", () => {
    const tracking = conf({ before: script("timeout 3"), lines: TRACK_CHK });
    const cluster = new Cluster({ n1: { keepalived: tracking, scripts: { chk: { runsNs: 2 * NS_PER_S } } } });
    cluster.at(1, () => cluster.network.reload("n1", tracking)).run(2.9);
    expect(cluster.state("n1")).toBe("INIT");
    cluster.run(3.1);
    expect(cluster.state("n1")).toBe("BACKUP");
  });
});

describe("a daemon that does not run", () => {
  it("has the new configuration when it starts", () => {
    const cluster = new Cluster({ n1: { keepalived: conf(), autostart: false } });
    cluster.network.reload("n1", conf({ priority: 120 }));
    cluster.at(1, () => cluster.network.start("n1")).run(2);
    expect(cluster.router("n1").priority).toBe(120);
  });

  it("or is killed before it has read it, too", () => {
    const cluster = reloaded(conf({ priority: 120 }));
    cluster
      .at(6.0005, () => cluster.network.kill("n1"))
      .at(7, () => cluster.network.start("n1"))
      .run(8);
    expect(cluster.router("n1").priority).toBe(120);
  });
});

it("refuses what keepalived would not run with, and leaves everything as it is", () => {
  const cluster = new Cluster({ n1: conf() }).run(5);
  expect(() => cluster.network.reload("n1", conf().replace("eth0", "eth7"))).toThrow(ConfigError);
  cluster.run(6);
  expect(cluster.state("n1")).toBe("MASTER");
});

it("with use_vmac added is another interface: farewell, and the address moves to it", () => {
  const cluster = reloaded(conf({ lines: ["use_vmac"] })).run(11);
  expectInTime(cluster.changes(6, 6.1), [
    [t, "n1 MASTER → STOPPED (reloaded)"],
    [t, "n1 INIT → BACKUP (startup)"],
  ]);
  expect(cluster.nic("n1", "vrrp.51").addresses.length).toBe(1);
});
