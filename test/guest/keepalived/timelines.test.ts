/**
 * Failovers with their frames, as keepalived 2.2.7 goes through them: version 2, one advert a second, n1 with priority 100 and n2 with
 * 90, one virtual address. Times are computed from the moment at which a daemon became a backup, which is drawn; every frame must be
 * there within a millisecond, and no other.
 */
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../../src/base/units.ts";
import { Cluster, conf, expectInTime, expectSaid, script, TRACK_CHK } from "./cluster.ts";

/** Three adverts and the skew of 156/256 s, or 166/256 s. */
const DOWN_100 = 3.609375;
const DOWN_90 = 3.6484375;
const SKEW_90 = 0.6484375;
/** A new master's addresses are up so much later; its announcements, and its next adverts, count from there. */
const UP = 0.0005;

const pair = (n1 = conf(), n2 = conf({ priority: 90 })) => new Cluster({ n1, n2, client: {} });

/** When n1 became master for the first time. */
const mastered = (cluster: Cluster) => cluster.up("n1") + DOWN_100;

describe("(a) cold boot", () => {
  it("makes the better node master, which announces twice", () => {
    const cluster = pair().run(10);
    const t = mastered(cluster);
    expectSaid(cluster.said(0, 10), [
      [t, "n1 adv(100)"],
      [t, "n1 garp .100 ×5"],
      [t + 1, "n1 adv(100)"],
      [t + 2, "n1 adv(100)"],
      [t + 3, "n1 adv(100)"],
      [t + 4, "n1 adv(100)"],
      [t + 5, "n1 garp .100 ×5"],
      [t + 5, "n1 adv(100)"],
      [t + 6, "n1 adv(100)"],
    ]);
    expect(cluster.has("n1", "10.0.0.100")).toBe(true);
    expect(cluster.has("n2", "10.0.0.100")).toBe(false);
  });

  it("lets a node that boots earlier be master for a moment", () => {
    const cluster = new Cluster({ n1: { keepalived: conf(), autostart: false }, n2: conf({ priority: 90 }) });
    cluster.at(0.2, () => cluster.network.start("n1")).run(5);
    const early = cluster.up("n2") + DOWN_90;
    const t = mastered(cluster);
    expectSaid(cluster.said(0, t + 0.5), [
      [early, "n2 adv(90)"],
      [early, "n2 garp .100 ×5"],
      [t, "n1 adv(100)"],
      [t, "n1 garp .100 ×5"],
    ]);
    expectInTime(cluster.changes(1), [
      [early, "n2 BACKUP → MASTER (master-down-timer)"],
      [t, "n1 BACKUP → MASTER (master-down-timer)"],
      [t, "n2 MASTER → BACKUP (higher-priority-advert)"],
    ]);
  });
});

describe("(b) the holder dies", () => {
  it.each([0.01, 0.5, 0.99])(
    "the standby takes over 3.648 s after the last advert, which came %d s before",
    (phase) => {
      const cluster = pair().run(4);
      const last = mastered(cluster) + UP + 4;
      cluster.at(last + phase, () => cluster.network.crash("n1")).run(18);
      const t = last + DOWN_90;
      expectSaid(cluster.said(last + 0.001, t + 5.5), [
        [t, "n2 adv(90)"],
        [t, "n2 garp .100 ×5"],
        [t + 1, "n2 adv(90)"],
        [t + 2, "n2 adv(90)"],
        [t + 3, "n2 adv(90)"],
        [t + 4, "n2 adv(90)"],
        [t + 5, "n2 garp .100 ×5"],
        [t + 5, "n2 adv(90)"],
      ]);
    },
  );

  it("killed processes leave the address: both answer for it until the daemon starts again and takes it off", () => {
    const cluster = pair().run(4);
    const last = mastered(cluster) + UP + 4;
    cluster.at(last + 0.58, () => cluster.network.kill("n1"));
    cluster.at(12.9, () => cluster.network.addProbe("early", { from: "client", to: "10.0.0.100", every: "10s" }));
    cluster.at(13, () => cluster.network.start("n1")).run(20);
    expect(cluster.said(last + 0.6, last + DOWN_90)).toEqual([]);
    const answers = cluster.said(12.9, 12.95, ["arp!"]).map(({ host, what }) => `${host} ${what}`);
    expect(answers.sort()).toEqual(["n1 arp! .100", "n2 arp! .100"]);
    const again = cluster.up("n1", 2);
    expectSaid(cluster.said(again + 3.5, again + 3.9, ["adv(100)", "garp"]), [
      [again + DOWN_100, "n1 adv(100)"],
      [again + DOWN_100, "n1 garp .100 ×5"],
    ]);
    const taken = cluster.changes(again).filter(({ what }) => what.startsWith("n2"));
    expectInTime(taken, [[again + DOWN_100, "n2 MASTER → BACKUP (higher-priority-advert)"]]);
  });
});

describe("(b) a process of the holder is killed", () => {
  it("the child: the next one takes the address off; it is absent until the standby has it, and then comes back", () => {
    const cluster = pair().run(4);
    const last = mastered(cluster) + UP + 4;
    cluster.at(last + 0.58, () => cluster.network.kill("n1", "child")).run(20);
    const again = cluster.up("n1", 2);
    const t = last + DOWN_90;
    const back = again + DOWN_100;
    expect(again - last - 0.58).toBeLessThan(0.05);
    expect(back).toBeGreaterThan(t);
    expectSaid(cluster.said(last + 0.1, back + 1.1), [
      [t, "n2 adv(90)"],
      [t + UP, "n2 garp .100 ×5"],
      [back, "n1 adv(100)"],
      [back + UP, "n1 garp .100 ×5"],
      [back + UP + 1, "n1 adv(100)"],
    ]);
  });

  it("the parent: as stopped in good order", () => {
    const cluster = pair().run(6);
    cluster.at(7, () => cluster.network.kill("n1", "parent")).run(8);
    const t = 7.001 + SKEW_90;
    expectSaid(cluster.said(7, t + 0.2), [
      [7.001, "n1 adv(0)"],
      [t, "n2 adv(90)"],
      [t + UP, "n2 garp .100 ×5"],
    ]);
  });
});

describe("(c) the holder is stopped in good order", () => {
  it("says farewell and gives the address back, and only the skew passes", () => {
    const cluster = pair().run(6);
    cluster.at(7, () => cluster.network.stop("n1")).run(13);
    const t = 7.001 + SKEW_90;
    const [farewell, left] = cluster.said(7, t + 1.5, ["adv", "garp", "igmp"]).filter(({ host }) => host !== "client");
    expectSaid([farewell!], [[7.001, "n1 adv(0)"]]);
    expect([left!.host, left!.what]).toEqual(["n1", "igmp-"]);
    // Two jiffies later.
    expect(left!.atNs / NS_PER_S).toBeCloseTo(7.011, 2);
    expectSaid(cluster.said(7.002, t + 5.5), [
      [t, "n2 adv(90)"],
      [t, "n2 garp .100 ×5"],
      [t + 1, "n2 adv(90)"],
      [t + 2, "n2 adv(90)"],
      [t + 3, "n2 adv(90)"],
      [t + 4, "n2 adv(90)"],
      [t + 5, "n2 garp .100 ×5"],
      [t + 5, "n2 adv(90)"],
    ]);
    expectInTime(cluster.changes(7, 7.5), [[7.001, "n1 MASTER → STOPPED (stopped)"]]);
    expect(cluster.has("n1", "10.0.0.100")).toBe(false);
  });
});

describe("(d) the better node returns while the other is master", () => {
  /** n1 is gone from 5 s to 12 s; n2 has been master since before 9 s. */
  const returned = (n1: string, n2 = conf({ priority: 90 }), until = 30) => {
    const cluster = pair(n1, n2);
    cluster.at(5, () => cluster.network.crash("n1")).at(12, () => cluster.network.restore("n1"));
    return cluster.run(until);
  };

  it("preempting, it takes over after its own wait, without a word from the other", () => {
    const cluster = returned(conf());
    const t = cluster.up("n1", 2) + DOWN_100;
    expectInTime(cluster.changes(13), [
      [t, "n1 BACKUP → MASTER (master-down-timer)"],
      [t, "n2 MASTER → BACKUP (higher-priority-advert)"],
    ]);
    expectSaid(cluster.said(t - 0.01, t + 5.5), [
      [t, "n1 adv(100)"],
      [t, "n1 garp .100 ×5"],
      [t + 1, "n1 adv(100)"],
      [t + 2, "n1 adv(100)"],
      [t + 3, "n1 adv(100)"],
      [t + 4, "n1 adv(100)"],
      [t + 5, "n1 garp .100 ×5"],
      [t + 5, "n1 adv(100)"],
    ]);
  });

  it("with nopreempt it stays a backup", () => {
    const cluster = returned(conf({ lines: ["nopreempt"] }));
    expect(cluster.changes(13)).toEqual([]);
    expect(cluster.state("n1")).toBe("BACKUP");
  });

  it("with preempt_delay 10 it accepts adverts for ten seconds, and waits from the last of them", () => {
    const cluster = returned(conf({ lines: ["preempt_delay 10"] }));
    const first = cluster.said(cluster.up("n1", 2), 20, ["adv(90)"])[0]!.atNs / 1e9;
    expectInTime(cluster.changes(13), [
      [first + 9 + DOWN_100, "n1 BACKUP → MASTER (master-down-timer)"],
      [first + 9 + DOWN_100, "n2 MASTER → BACKUP (higher-priority-advert)"],
    ]);
  });

  it("higher_prio_send_advert makes the other one answer, and so the better one announce more often", () => {
    const cluster = returned(conf(), conf({ priority: 90, lines: ["higher_prio_send_advert"] }));
    const t = cluster.up("n1", 2) + DOWN_100;
    expectSaid(cluster.said(t - 0.01, t + 0.5), [
      [t, "n1 adv(100)"],
      [t, "n2 adv(90)"],
      [t, "n1 adv(100)"],
      [t, "n1 garp .100 ×10"],
    ]);
    expectSaid(cluster.said(t + 4.9, t + 5.5, ["garp"]), [[t + 5, "n1 garp .100 ×10"]]);
  });

  it("nopreempt on the worse node has no effect", () => {
    const cluster = returned(conf(), conf({ priority: 90, lines: ["nopreempt"] }));
    const t = cluster.up("n1", 2) + DOWN_100;
    expectInTime(cluster.changes(13), [
      [t, "n1 BACKUP → MASTER (master-down-timer)"],
      [t, "n2 MASTER → BACKUP (higher-priority-advert)"],
    ]);
  });
});

describe("(e) a tracked script with weight -20 fails twice, later it succeeds twice", () => {
  it("the standby discards the weaker adverts, takes over, and gives back", () => {
    const n1 = conf({ before: script("fall 2", "rise 2", "weight -20"), lines: TRACK_CHK });
    const cluster = pair(n1).run(4);
    const up = cluster.up("n1");
    const t = up + DOWN_100;
    cluster.at(up + 10.2, () => cluster.network.script("n1", "chk", 1));
    cluster.at(up + 20.2, () => cluster.network.script("n1", "chk", 0)).run(31);
    // Runs at up + 11 and up + 12 fail; the last full advert went out at t + 8.
    const taken = t + UP + 8 + DOWN_90;
    expectSaid(cluster.said(t + 7.5, taken + 0.5), [
      [t + 8, "n1 adv(100)"],
      [t + 9, "n1 adv(80)"],
      [t + 10, "n1 adv(80)"],
      [t + 11, "n1 adv(80)"],
      [taken, "n2 adv(90)"],
      [taken, "n2 garp .100 ×5"],
    ]);
    // n1 hears adverts of n2 as a backup with 80; with 100 again at up + 22.005 it discards them. Its wait was 39/512 s longer with 80.
    const lastHeard = taken + UP + Math.floor(up + 22.005 - taken);
    const back = lastHeard + DOWN_100;
    expectInTime(cluster.changes(t + 0.5), [
      [taken, "n2 BACKUP → MASTER (master-down-timer)"],
      [taken, "n1 MASTER → BACKUP (higher-priority-advert)"],
      [back, "n1 BACKUP → MASTER (master-down-timer)"],
      [back, "n2 MASTER → BACKUP (higher-priority-advert)"],
    ]);
    expect(cluster.notes.map(({ host, text }) => `${host} ${text}`)).toEqual([
      "n1 script chk succeeds",
      "n1 script chk fails",
      "n1 VI_1: priority 100 → 80",
      "n1 script chk succeeds",
      "n1 VI_1: priority 80 → 100",
    ]);
  });
});

describe("(f) the same script without a weight", () => {
  it("is a FAULT with two farewells, and only the skew passes", () => {
    const cluster = pair(conf({ before: script("fall 2", "rise 2"), lines: TRACK_CHK })).run(1);
    // Held in INIT for its first result: the runs are counted from the start, 5 ms before.
    const start = cluster.up("n1") - 0.005;
    cluster.at(start + 10.2, () => cluster.network.script("n1", "chk", 1));
    cluster.at(start + 20.2, () => cluster.network.script("n1", "chk", 0)).run(27);
    const failed = start + 12.005;
    const cleared = start + 22.005;
    expectSaid(cluster.said(failed - 0.1, failed + 1), [
      [failed, "n1 adv(0) ×2"],
      [failed + SKEW_90, "n2 adv(90)"],
      [failed + SKEW_90, "n2 garp .100 ×5"],
    ]);
    expectInTime(cluster.changes(5), [
      [failed, "n1 MASTER → FAULT (script-failed)"],
      [failed + SKEW_90, "n2 BACKUP → MASTER (master-down-timer)"],
      [cleared, "n1 FAULT → BACKUP (faults-cleared)"],
      [cleared + DOWN_100, "n1 BACKUP → MASTER (master-down-timer)"],
      [cleared + DOWN_100, "n2 MASTER → BACKUP (higher-priority-advert)"],
    ]);
  });
});
