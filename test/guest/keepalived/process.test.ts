/** keepalived as a process: it starts, is stopped, killed, or vanishes with its machine, at any moment. */
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../../src/base/units.ts";
import { Cluster, conf, expectInTime, script, TRACK_CHK } from "./cluster.ts";

const DOWN_100 = 3.609375;
const manual = (keepalived = conf()) => ({ keepalived, autostart: false });

describe("the start", () => {
  it("takes 10 to 50 ms, drawn from the seed and the host's name", () => {
    const draws = new Set<number>();
    for (let seed = 1; seed <= 20; seed++) {
      const cluster = new Cluster({ n1: conf(), n2: conf({ priority: 90 }) }, { seed }).run(0.1);
      for (const host of ["n1", "n2"]) {
        expect(cluster.up(host)).toBeGreaterThanOrEqual(0.01);
        expect(cluster.up(host)).toBeLessThan(0.05);
        draws.add(cluster.up(host));
      }
    }
    expect(draws.size).toBe(40);
  });

  it("is drawn anew each time", () => {
    const cluster = new Cluster({ n1: manual() });
    for (let i = 0; i < 5; i++)
      cluster.at(1 + 2 * i, () => cluster.network.start("n1")).at(2 + 2 * i, () => cluster.network.kill("n1"));
    cluster.run(12);
    const delays = [1, 2, 3, 4, 5].map((nth) => cluster.up("n1", nth) - (2 * nth - 1));
    expect(new Set(delays.map((delay) => delay.toFixed(6))).size).toBe(5);
  });

  it("waits for `start` where autostart is off", () => {
    const cluster = new Cluster({ n1: manual() }).run(2);
    expect(cluster.transitions).toEqual([]);
    cluster.network.start("n1");
    cluster.run(3);
    expect(cluster.up("n1")).toBeGreaterThan(2.01);
  });

  it("of what runs already is nothing", () => {
    const cluster = new Cluster({ n1: conf() });
    cluster
      .at(0.001, () => cluster.network.start("n1"))
      .at(1, () => cluster.network.start("n1"))
      .run(3);
    expect(cluster.changes().length).toBe(1);
  });

  it("takes addresses off that an earlier life has left", () => {
    const cluster = new Cluster({ n1: conf() });
    cluster.at(5, () => cluster.network.kill("n1")).run(6);
    expect(cluster.has("n1", "10.0.0.100")).toBe(true);
    cluster.network.start("n1");
    cluster.run(7);
    expect(cluster.has("n1", "10.0.0.100")).toBe(false);
    cluster.run(12);
    expect(cluster.has("n1", "10.0.0.100")).toBe(true);
  });

  it("counts adverts from 1 again", () => {
    const cluster = new Cluster({ n1: conf() });
    cluster
      .at(6, () => cluster.network.kill("n1"))
      .at(7, () => cluster.network.start("n1"))
      .run(13);
    const identifications = cluster.said(0, 13, ["adv"]).map(({ bytes }) => (bytes[18]! << 8) | bytes[19]!);
    expect(identifications).toEqual([1, 2, 3, 1, 2, 3]);
  });
});

describe("stop (SIGTERM)", () => {
  it("takes effect after a millisecond, once", () => {
    const cluster = new Cluster({ n1: conf() });
    cluster.at(5, () => cluster.network.stop("n1")).at(5.0005, () => cluster.network.stop("n1"));
    cluster.at(6, () => cluster.network.stop("n1")).run(8);
    expectInTime(cluster.changes(4.5), [[5.001, "n1 MASTER → STOPPED (stopped)"]]);
    expect(cluster.said(4.9, 8, ["adv(0)"]).map(({ what }) => what)).toEqual(["adv(0)"]);
    expect(cluster.network.daemons.get("n1")!.running).toBe(false);
  });

  it("while starting ends the start", () => {
    const cluster = new Cluster({ n1: conf() });
    cluster.at(0.005, () => cluster.network.stop("n1")).run(5);
    expect(cluster.transitions).toEqual([]);
    expect(cluster.network.daemons.get("n1")!.running).toBe(false);
  });

  it("is followed by another start as if nothing had been", () => {
    const cluster = new Cluster({ n1: conf() });
    cluster
      .at(5, () => cluster.network.stop("n1"))
      .at(6, () => cluster.network.start("n1"))
      .run(11);
    const up = cluster.up("n1", 2);
    expectInTime(cluster.changes(6), [
      [up, "n1 INIT → BACKUP (startup)"],
      [up + DOWN_100, "n1 BACKUP → MASTER (master-down-timer)"],
    ]);
    expect(cluster.said(6, 7, ["igmp"]).map(({ what }) => what)[0]).toBe("igmp+");
  });
});

describe("kill (SIGKILL of all its processes)", () => {
  it("is silent but for the kernel's leaving of the group; the address stays and answers", () => {
    const cluster = new Cluster({ n1: conf(), client: {} });
    cluster.at(5, () => cluster.network.kill("n1"));
    cluster.network.addProbe("ping", { from: "client", to: "10.0.0.100", every: "1s", start: "7s" });
    cluster.run(10.5);
    expectInTime(cluster.changes(4.5), [[5, "n1 MASTER → STOPPED (killed)"]]);
    expect(cluster.said(5, 10.5)).toEqual([]);
    expect(cluster.said(5, 10.5, ["igmp"]).map(({ what }) => what)).toEqual(["igmp-", "igmp-"]);
    expect(cluster.network.probes.get("ping")!.answered).toBe(4);
  });

  it("while starting, or of what does not run, is nothing", () => {
    const cluster = new Cluster({ n1: conf() });
    cluster
      .at(0.005, () => cluster.network.kill("n1"))
      .at(2, () => cluster.network.kill("n1"))
      .run(5);
    expect(cluster.transitions).toEqual([]);
  });

  it("between SIGTERM and its effect leaves no farewell", () => {
    const cluster = new Cluster({ n1: conf() });
    cluster
      .at(5, () => cluster.network.stop("n1"))
      .at(5.0005, () => cluster.network.kill("n1"))
      .run(8);
    expect(cluster.said(5, 8)).toEqual([]);
    expect(cluster.has("n1", "10.0.0.100")).toBe(true);
  });
});

describe("kill of one of its two processes", () => {
  const pair = () => new Cluster({ n1: conf(), n2: conf({ priority: 90 }) });

  it("the parent: its child ends as with SIGTERM", () => {
    const cluster = pair();
    cluster.at(6, () => cluster.network.kill("n1", "parent")).run(8);
    expectInTime(cluster.changes(5.5), [
      [6.001, "n1 MASTER → STOPPED (stopped)"],
      [6.001 + 0.6484375, "n2 BACKUP → MASTER (master-down-timer)"],
    ]);
    expect(cluster.said(6, 6.1, ["adv"]).map(({ what }) => what)).toEqual(["adv(0)"]);
    expect(cluster.has("n1", "10.0.0.100")).toBe(false);
    expect(cluster.network.daemons.get("n1")!.running).toBe(false);
    expect(cluster.transitions.at(-2)!.reason).toContain("parent process was killed");
  });

  it("the child: the address stays until the next one takes it off, without a farewell; then it waits and preempts", () => {
    const cluster = pair().run(5);
    const last = cluster.said(4.5, 5, ["adv"]).at(-1)!.atNs / NS_PER_S + 1;
    const killed = last + 0.3;
    cluster.at(killed, () => cluster.network.kill("n1", "child"));
    cluster.at(killed + 0.009, () => expect(cluster.has("n1", "10.0.0.100")).toBe(true)).run(12);
    const up = cluster.up("n1", 2);
    expect(up - killed).toBeGreaterThanOrEqual(0.01);
    expect(up - killed).toBeLessThan(0.05);
    const taken = last + 3.6484375;
    expectInTime(cluster.changes(last), [
      [killed, "n1 MASTER → STOPPED (killed)"],
      [up, "n1 INIT → BACKUP (startup)"],
      [taken, "n2 BACKUP → MASTER (master-down-timer)"],
      [up + DOWN_100, "n1 BACKUP → MASTER (master-down-timer)"],
      [up + DOWN_100, "n2 MASTER → BACKUP (higher-priority-advert)"],
    ]);
    expect(cluster.said(last + 0.1, taken - 0.01)).toEqual([]);
    // The kernel leaves the group for the dead process, and joins it for the new one.
    const reports = cluster.said(killed, up + 0.013, ["igmp"]).map(({ what }) => what);
    expect([reports[0], reports.at(-1)]).toEqual(["igmp-", "igmp+"]);
  });

  it("the child of a backup: it begins its wait anew", () => {
    const cluster = pair();
    cluster.at(6, () => cluster.network.kill("n2", "child")).run(12);
    expect(cluster.changes(6).map(({ what }) => what)).toEqual([
      "n2 BACKUP → STOPPED (killed)",
      "n2 INIT → BACKUP (startup)",
    ]);
  });

  it("of what does not run is nothing", () => {
    const cluster = new Cluster({ n1: manual() });
    for (const process of ["parent", "child", "both"] as const)
      cluster.at(1, () => cluster.network.kill("n1", process));
    cluster.run(3);
    expect(cluster.transitions).toEqual([]);
    expect(cluster.network.daemons.get("n1")!.running).toBe(false);
  });

  it("the child, while it starts: another one is started", () => {
    const cluster = new Cluster({ n1: conf() });
    cluster.at(0.005, () => cluster.network.kill("n1", "child")).run(1);
    expect(cluster.up("n1")).toBeGreaterThan(0.015);
  });
});

describe("crash of the machine", () => {
  it("says nothing at all, and leaves nothing", () => {
    const cluster = new Cluster({ n1: conf(), client: {} });
    cluster.at(5, () => cluster.network.crash("n1"));
    cluster.network.addProbe("ping", { from: "client", to: "10.0.0.100", every: "1s", start: "7s" });
    cluster.run(10.5);
    expectInTime(cluster.changes(4.5), [[5, "n1 MASTER → STOPPED (crashed)"]]);
    expect(cluster.spoken.filter(({ host, atNs }) => host === "n1" && atNs > 5.0001 * NS_PER_S)).toEqual([]);
    expect(cluster.network.probes.get("ping")!.answered).toBe(0);
  });

  it("while starting ends the start; a start on a machine that is gone does nothing", () => {
    const cluster = new Cluster({ n1: conf() });
    cluster
      .at(0.005, () => cluster.network.crash("n1"))
      .at(1, () => cluster.network.start("n1"))
      .run(5);
    expect(cluster.transitions).toEqual([]);
  });

  it("restore starts what runs on it, even what waited for `start`", () => {
    const cluster = new Cluster({ n1: manual() });
    cluster
      .at(1, () => cluster.network.crash("n1"))
      .at(2, () => cluster.network.restore("n1"))
      .run(7);
    const up = cluster.up("n1");
    expect(up).toBeGreaterThan(2.01);
    expectInTime(cluster.changes(2.5), [[up + DOWN_100, "n1 BACKUP → MASTER (master-down-timer)"]]);
  });

  it("restore of what runs is nothing", () => {
    const cluster = new Cluster({ n1: conf() });
    cluster.at(5, () => cluster.network.restore("n1")).run(7);
    expect(cluster.changes(1).length).toBe(1);
  });
});

describe("any order of these", () => {
  it("leaves one running daemon or none, and no timer behind", () => {
    const verbs = ["start", "stop", "kill", "crash", "restore", "pause", "resume"] as const;
    const cluster = new Cluster({ n1: conf({ before: script(), lines: TRACK_CHK }) });
    // Every ordered pair of verbs, half a millisecond apart and then some time apart.
    let at = 1;
    for (const first of verbs) {
      for (const second of verbs) {
        for (const gap of [0.0005, 0.02, 5]) {
          cluster.at(at, () => cluster.network[first]("n1")).at(at + gap, () => cluster.network[second]("n1"));
          at += gap + 5;
        }
      }
    }
    cluster.at(at, () => cluster.network.crash("n1")).run(at + 10);
    expect(cluster.network.daemons.get("n1")!.running).toBe(false);
    expect(cluster.spoken.filter(({ atNs }) => atNs > (at + 0.001) * NS_PER_S)).toEqual([]);
    expect(cluster.network.fabric.slab.inUse).toBe(0);
    const lives = cluster.transitions.filter(({ from }) => from === "INIT").length;
    const deaths = cluster.transitions.filter(({ to }) => to === "STOPPED").length;
    expect(lives).toBeGreaterThan(10);
    expect(deaths).toBeGreaterThanOrEqual(lives);
  });
});
