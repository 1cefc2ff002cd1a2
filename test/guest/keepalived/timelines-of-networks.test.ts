/**
 * Failovers that the network brings about, with their frames: partitions, lost links, several standbys, as keepalived 2.2.7 goes through them: version 2, one advert a second, n1 with priority 100 and n2 with
 * 90, one virtual address. Times are computed from the moment at which a daemon became a backup, which is drawn; every frame must be
 * there within a millisecond, and no other.
 */
import { describe, expect, it } from "vitest";
import { Cluster, conf, expectInTime, expectSaid } from "./cluster.ts";

/** Three adverts and the skew of 156/256 s, or 166/256 s. */
const DOWN_100 = 3.609375;
const DOWN_90 = 3.6484375;
/** A new master's addresses are up so much later; its announcements, and its next adverts, count from there. */
const UP = 0.0005;

const pair = (n1 = conf(), n2 = conf({ priority: 90 })) => new Cluster({ n1, n2, client: {} });

/** When n1 became master for the first time. */
const mastered = (cluster: Cluster) => cluster.up("n1") + DOWN_100;

describe("(g) a partition", () => {
  const GROUPS = [["n1", "client"], ["n2"]];
  /** Parted shortly after n1's advert at `last`; n2 is master from `split` on; healed at `last` + 10 + phase. */
  const parted = (healPhase: number, n1 = conf(), n2 = conf({ priority: 90 }), until = 26) => {
    const cluster = pair(n1, n2).run(4);
    const last = mastered(cluster) + UP + 3;
    const heal = last + 10 + healPhase;
    cluster.at(last + 0.1, () => cluster.network.partition(GROUPS));
    cluster.at(heal, () => cluster.network.heal()).run(until);
    return { cluster, last, split: last + DOWN_90 };
  };

  it("makes two masters", () => {
    const { cluster, last, split } = parted(0.1);
    expectInTime(cluster.changes(last, last + 9), [[split, "n2 BACKUP → MASTER (master-down-timer)"]]);
    expect(cluster.said(split + 1.1, split + 3.1).map(({ host }) => host)).toEqual(["n1", "n2", "n1", "n2"]);
  });

  // n1 sends on the full second after `last`, n2 648 ms later.
  it("healed before the better one's advert: the worse one falls silent, and nobody announces", () => {
    const { cluster, last } = parted(0.7);
    const yields = last + 11;
    expectInTime(cluster.changes(last + 9), [[yields, "n2 MASTER → BACKUP (higher-priority-advert)"]]);
    expectSaid(cluster.said(yields - 0.01, yields + 4.5, ["garp"]), []);
  });

  it("healed before the worse one's advert: the better one answers it and announces at once and five seconds later", () => {
    const { cluster, last, split } = parted(0.1);
    const heard = split + 7;
    expect(heard).toBeGreaterThan(last + 10.1);
    expectInTime(cluster.changes(last + 9), [[heard, "n2 MASTER → BACKUP (higher-priority-advert)"]]);
    expectSaid(cluster.said(heard - 0.01, heard + 5.5), [
      [heard, "n2 adv(90)"],
      [heard, "n1 adv(100)"],
      [heard, "n1 garp .100 ×5"],
      [heard + 1, "n1 adv(100)"],
      [heard + 2, "n1 adv(100)"],
      [heard + 3, "n1 adv(100)"],
      [heard + 4, "n1 adv(100)"],
      [heard + 5, "n1 garp .100 ×5"],
      [heard + 5, "n1 adv(100)"],
    ]);
  });

  it("higher_prio_send_advert on the worse one: announced whoever speaks first", () => {
    const { cluster, last } = parted(0.7, conf(), conf({ priority: 90, lines: ["higher_prio_send_advert"] }));
    const t = last + 11;
    expectSaid(cluster.said(t - 0.01, t + 0.5), [
      [t, "n1 adv(100)"],
      [t, "n2 adv(90)"],
      [t, "n1 adv(100)"],
      [t, "n1 garp .100 ×5"],
    ]);
  });

  it("lower_prio_no_advert on the better one: it announces, and the worse one yields to the next regular advert", () => {
    const { cluster, last, split } = parted(0.1, conf({ lines: ["lower_prio_no_advert"] }));
    const heard = split + 7;
    expectSaid(cluster.said(heard - 0.01, last + 11.01), [
      [heard, "n2 adv(90)"],
      [heard, "n1 garp .100 ×5"],
      [last + 11, "n1 adv(100)"],
    ]);
    expectInTime(cluster.changes(last + 9), [[last + 11, "n2 MASTER → BACKUP (higher-priority-advert)"]]);
  });

  it("garp_lower_prio_repeat 0: the answer alone", () => {
    const { cluster, split } = parted(0.1, conf({ lines: ["garp_lower_prio_repeat 0"] }));
    const heard = split + 7;
    expectSaid(cluster.said(heard - 0.01, heard + 0.9), [
      [heard, "n2 adv(90)"],
      [heard, "n1 adv(100)"],
    ]);
    expectSaid(cluster.said(heard - 0.01, heard + 6, ["garp"]), []);
  });

  it("garp_master_refresh announces within its period in both cases", () => {
    const { cluster, last } = parted(0.7, conf({ lines: ["garp_master_refresh 3"] }));
    const refreshes = cluster.said(last + 10.7, last + 20, ["n1", "garp"]).filter(({ host }) => host === "n1");
    expect(refreshes[0]!.atNs / 1e9 - (last + 10.7)).toBeLessThanOrEqual(3);
  });
});

describe("(h) the holder loses its link", () => {
  it("is a FAULT after 3 ms, in silence; back after the wait", () => {
    const cluster = pair().run(4);
    const last = mastered(cluster) + UP + 4;
    cluster.at(last + 0.4, () => cluster.network.linkDown("n1"));
    cluster.at(last + 9, () => cluster.network.linkUp("n1")).run(21);
    const back = last + 9.003;
    expectInTime(cluster.changes(5), [
      [last + 0.403, "n1 MASTER → FAULT (interface-down)"],
      [last + DOWN_90, "n2 BACKUP → MASTER (master-down-timer)"],
      [back, "n1 FAULT → BACKUP (faults-cleared)"],
      [back + DOWN_100, "n1 BACKUP → MASTER (master-down-timer)"],
      [back + DOWN_100, "n2 MASTER → BACKUP (higher-priority-advert)"],
    ]);
    expect(cluster.said(last + 0.01, back + DOWN_100 - 0.01).filter(({ host }) => host === "n1")).toEqual([]);
  });

  it("a flap is noticed however short it is", () => {
    const cluster = pair().run(4);
    const last = mastered(cluster) + UP + 4;
    cluster.at(last + 0.4, () => cluster.network.linkDown("n1"));
    cluster.at(last + 0.401, () => cluster.network.linkUp("n1")).run(9);
    expectInTime(cluster.changes(last, last + 0.5), [
      [last + 0.403, "n1 MASTER → FAULT (interface-down)"],
      [last + 0.404, "n1 FAULT → BACKUP (faults-cleared)"],
    ]);
  });
});

describe("(i) three nodes", () => {
  it("the second takes over, and its advert re-arms the third", () => {
    const cluster = new Cluster({ n1: conf(), n2: conf({ priority: 90 }), n3: conf({ priority: 80 }) }).run(4);
    const last = mastered(cluster) + UP + 4;
    cluster.at(last + 0.5, () => cluster.network.crash("n1")).run(20);
    expectInTime(cluster.changes(last + 1), [[last + DOWN_90, "n2 BACKUP → MASTER (master-down-timer)"]]);
  });

  it("equal ones expire together, and the higher address wins", () => {
    const cluster = new Cluster({ n1: conf(), n2: conf({ priority: 90 }), n3: conf({ priority: 90 }) }).run(4);
    const last = mastered(cluster) + UP + 4;
    cluster.at(last + 0.5, () => cluster.network.crash("n1")).run(20);
    const t = last + DOWN_90;
    expectInTime(cluster.changes(last + 1), [
      [t, "n2 BACKUP → MASTER (master-down-timer)"],
      [t, "n3 BACKUP → MASTER (master-down-timer)"],
      [t, "n2 MASTER → BACKUP (same-priority-higher-address)"],
    ]);
    expectSaid(cluster.said(last + 1, t + 0.5), [
      [t, "n2 adv(90)"],
      [t, "n3 adv(90) ×2"],
      // It announces before it reads that there is a better one.
      [t, "n2 garp .100 ×5"],
      [t, "n3 garp .100 ×10"],
    ]);
    expect(cluster.has("n3", "10.0.0.100")).toBe(true);
    expect(cluster.has("n2", "10.0.0.100")).toBe(false);
  });
});

describe("(j) version 3, ten adverts a second", () => {
  it.each([0.01, 0.09])("takes over in well under half a second, crash %d s after an advert", (phase) => {
    const lines = ["version 3", "advert_int 0.1"];
    const cluster = pair(conf({ lines }), conf({ priority: 90, lines })).run(2);
    // Wait 0.3 s and 166/256 of a tenth of a second, in whole microseconds.
    const down90 = 0.364843;
    const last = cluster.said(1.8, 1.95, ["adv(100)"])[0]!.atNs / 1e9;
    cluster.at(last + 1 + phase, () => cluster.network.crash("n1")).run(4);
    expectInTime(cluster.changes(last + 1.1), [[last + 1 + down90, "n2 BACKUP → MASTER (master-down-timer)"]]);
    expectSaid(cluster.said(last + 1.001, last + 1 + down90 + 0.15), [
      [last + 1 + down90, "n2 adv(90)"],
      [last + 1 + down90, "n2 garp .100 ×5"],
      [last + 1.1 + down90, "n2 adv(90)"],
    ]);
  });
});
