/** A machine that stands still for a while: its clock runs on, what arrives waits, and what was due happens when it goes on. */
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../../src/base/units.ts";
import { Cluster, conf, expectInTime, expectSaid, script, TRACK_CHK } from "./cluster.ts";

const DOWN_90 = 3.6484375;
const UP = 0.0005;

const paused = (from: number, until: number, n1 = conf(), n2 = conf({ priority: 90 })) => {
  const cluster = new Cluster({ n1, n2, client: {} });
  return cluster.at(from, () => cluster.network.pause("n1")).at(until, () => cluster.network.resume("n1"));
};
const lastAdvert = (cluster: Cluster, before: number) =>
  cluster.said(before - 1.1, before, ["adv(100)"]).at(-1)!.atNs / NS_PER_S;

describe("the better one, a master, stands still", () => {
  it("shortly: its adverts are late, and nothing else happens", () => {
    const cluster = paused(6, 8).run(10);
    const last = lastAdvert(cluster, 6);
    expect(cluster.changes(5)).toEqual([]);
    expectSaid(cluster.said(6, 9.5, ["adv"]), [
      [8, "n1 adv(100)"],
      [9, "n1 adv(100)"],
    ]);
    expect(last).toBeLessThan(6);
  });

  it("long: the standby takes over; back, it reads the weaker adverts, asserts itself, and the other one yields", () => {
    const cluster = paused(6, 12).run(13);
    const taken = lastAdvert(cluster, 6) + DOWN_90;
    expectInTime(cluster.changes(6), [
      [taken, "n2 BACKUP → MASTER (master-down-timer)"],
      [12, "n2 MASTER → BACKUP (higher-priority-advert)"],
    ]);
    const weaker = cluster.said(taken - 0.1, 12, ["adv(90)"]).length;
    expect(weaker).toBe(3);
    // One answer and one burst for each advert that it finds waiting; then the second burst of its own, which was due at 8.6 s.
    expectSaid(cluster.said(12, 12.9), [
      [12, "n1 adv(100)"],
      [12, "n1 garp .100 ×5"],
      [12, "n1 adv(100)"],
      [12, "n1 garp .100 ×5"],
      [12, "n1 adv(100)"],
      [12, "n1 garp .100 ×10"],
    ]);
  });

  it("answers what has come meanwhile only when it goes on", () => {
    const cluster = paused(6, 8);
    cluster.network.addProbe("ping", { from: "client", to: "10.0.0.100", every: "100ms", start: "5.05s", end: "9s" });
    cluster.run(10);
    const { sent, answered, sentNs, answeredNs } = cluster.network.probes.get("ping")!;
    expect(answered).toBe(sent);
    for (let i = 0; i < sent; i++) {
      const isHeld = sentNs[i]! > 6e9 && sentNs[i]! < 8e9;
      expect(answeredNs[i]! - (isHeld ? 8e9 : sentNs[i]!)).toBeLessThan(1e6);
    }
  });
});

it("the worse one, a master, stands still: back, it reads the better adverts and yields without a word", () => {
  // n2 boots first, and is paused before n1 comes.
  const cluster = new Cluster({ n1: { keepalived: conf(), autostart: false }, n2: conf({ priority: 90 }) });
  cluster
    .at(5, () => cluster.network.pause("n2"))
    .at(6, () => cluster.network.start("n1"))
    .at(12, () => cluster.network.resume("n2"))
    .run(13);
  expectInTime(cluster.changes(11), [[12, "n2 MASTER → BACKUP (higher-priority-advert)"]]);
  expect(cluster.said(12, 13).filter(({ host }) => host === "n2")).toEqual([]);
});

describe("a backup stands still", () => {
  it("its wait was over: it reads the adverts first and stays a backup", () => {
    const cluster = new Cluster({ n1: conf(), n2: conf({ priority: 90 }) });
    cluster
      .at(6, () => cluster.network.pause("n2"))
      .at(12, () => cluster.network.resume("n2"))
      .run(14);
    expect(cluster.changes(5)).toEqual([]);
  });

  it("and nothing has come: it is master at once", () => {
    const cluster = new Cluster({ n1: conf(), n2: conf({ priority: 90 }) });
    cluster
      .at(6, () => cluster.network.pause("n2"))
      .at(6, () => cluster.network.crash("n1"))
      .at(12, () => cluster.network.resume("n2"))
      .run(14);
    expectInTime(cluster.changes(6.5), [[12, "n2 BACKUP → MASTER (master-down-timer)"]]);
    expectSaid(cluster.said(12, 12.5), [
      [12, "n2 adv(90)"],
      [12 + UP, "n2 garp .100 ×5"],
    ]);
  });
});

describe("while a machine stands still", () => {
  it("what is done to it waits", () => {
    const cluster = paused(6, 8);
    cluster.at(7, () => cluster.network.stop("n1")).run(10);
    expectInTime(cluster.changes(6, 8.5), [[8.001, "n1 MASTER → STOPPED (stopped)"]]);
  });

  it("a lost link is heard of when it goes on, and so is its return", () => {
    const cluster = paused(6, 8);
    cluster
      .at(6.5, () => cluster.network.linkDown("n1"))
      .at(7, () => cluster.network.linkUp("n1"))
      .run(9);
    expectInTime(cluster.changes(6, 8.5), [
      [8, "n1 MASTER → FAULT (interface-down)"],
      [8, "n1 FAULT → BACKUP (faults-cleared)"],
    ]);
  });

  it("scripts do not run; then they do again", () => {
    const cluster = paused(6, 8.5, conf({ before: script("weight -20"), lines: TRACK_CHK }));
    cluster.at(7, () => cluster.network.script("n1", "chk", 1)).run(11);
    const failed = cluster.notes.find(({ text }) => text === "script chk fails")!.atNs / NS_PER_S;
    expect(failed).toBeGreaterThan(8.5);
    expect(failed).toBeLessThan(8.52);
  });

  it("it may crash, and boots again as any other", () => {
    const cluster = paused(6, 30);
    cluster
      .at(7, () => cluster.network.crash("n1"))
      .at(9, () => cluster.network.restore("n1"))
      .run(18);
    expect(cluster.state("n1")).toBe("MASTER");
    expect(cluster.network.fabric.slab.inUse).toBe(0);
  });

  it("its queue holds 256 frames, and what comes then is lost", () => {
    const cluster = paused(6, 20);
    cluster.network.addProbe("flood", { from: "client", to: "10.0.0.1", every: "10ms", start: "5s", end: "19s" });
    cluster.run(19.9);
    expect(cluster.network.host("n1").framesUnheard).toBeGreaterThan(0);
    cluster.run(20.5);
    expect(cluster.network.fabric.slab.inUse).toBe(0);
  });

  it("a client asks nothing, and does not make up for it", () => {
    const cluster = new Cluster({ n1: conf(), client: {} });
    cluster.network.addProbe("ping", { from: "client", to: "10.0.0.1", every: "100ms", start: "0s" });
    cluster
      .at(1.05, () => cluster.network.pause("client"))
      .at(2.05, () => cluster.network.resume("client"))
      .run(2.99);
    // 0 to 1 s, one at 2.05 s, and from 2.1 s on.
    expect(cluster.network.probes.get("ping")!.sent).toBe(11 + 1 + 9);
  });

  it("pausing again, or what runs, changes nothing", () => {
    const cluster = paused(6, 8);
    cluster
      .at(5, () => cluster.network.resume("n1"))
      .at(7, () => cluster.network.pause("n1"))
      .run(10);
    expect(cluster.changes(5)).toEqual([]);
  });
});
