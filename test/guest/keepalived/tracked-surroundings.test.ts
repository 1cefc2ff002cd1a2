/** What else a router tracks of its machine: files, processes, BFD sessions. */
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../../src/base/units.ts";
import { Cluster, conf, expectInTime } from "./cluster.ts";

/** An instance with a block before it that it tracks by `items`. */
const tracking = (before: readonly string[], kind: string, ...items: string[]) =>
  conf({ before: before.join("\n"), lines: [`${kind} {`, ...items, "}"] });

describe("files", () => {
  const file = (...lines: string[]) => ["track_file load {", "file /run/load", ...lines, "}"];

  it.each([
    ["weight 1", 10, 110],
    ["weight 1", -10, 90],
    ["weight -2", 10, 80],
    ["weight 2 reverse", 10, 80],
    ["weight 1", 500, 254],
    ["weight 1", -253, 1],
    ["", 10, 110],
  ])("%s, value %i: priority %i, at once", (weight, value, priority) => {
    const cluster = new Cluster({ n1: tracking(file(weight), "track_file", "load") });
    cluster.at(1, () => cluster.network.file("n1", "load", value)).run(2);
    expect(cluster.notes.map(({ atNs, text }) => [atNs, text])).toEqual([
      [1 * NS_PER_S, `VI_1: priority 100 → ${priority}`],
    ]);
  });

  it.each([
    ["weight 0", 0, "BACKUP"],
    ["weight 0", 1, "FAULT"],
    ["weight 0", -1, "FAULT"],
    ["weight 0 reverse", 0, "FAULT"],
    ["weight 0 reverse", 7, "BACKUP"],
    ["weight 1", -254, "FAULT"],
    ["weight -2", 127, "FAULT"],
    ["weight -2", 126, "BACKUP"],
    ["weight 2 reverse", 200, "FAULT"],
  ])("%s, value %i at the start: %s", (weight, value, state) => {
    const keepalived = tracking(file("weight 3"), "track_file", `load ${weight}`);
    expect(new Cluster({ n1: { keepalived, fileValues: { load: value } } }).run(1).state("n1")).toBe(state);
  });

  it("a fault takes nothing from the priority, and what is left after it counts from the new wait on", () => {
    const cluster = new Cluster({ n1: tracking(file(), "track_file", "load") });
    cluster
      .at(1, () => cluster.network.file("n1", "/run/load", -300))
      .at(2, () => cluster.network.file("n1", "/run/load", -20))
      .run(7);
    expectInTime(cluster.changes(0.5), [
      [1, "n1 BACKUP → FAULT (file-failed)"],
      [2, "n1 FAULT → BACKUP (faults-cleared)"],
      [2 + 3 + 176 / 256, "n1 BACKUP → MASTER (master-down-timer)"],
    ]);
    expect(cluster.transitions.map(({ reason }) => reason)[1]).toBe("file load holds -300");
    expect(cluster.notes.map(({ text }) => text)).toEqual(["VI_1: priority 100 → 80"]);
  });

  it.each([
    ["init_file", undefined, 100],
    ["init_file 7", undefined, 107],
    ["init_file 7", 3, 103],
    ["init_file 7 overwrite", 3, 107],
    ["", 3, 103],
  ])("%s, the file before: %s, comes to priority %i", (init, value, priority) => {
    const keepalived = tracking(file(init), "track_file", "load");
    const fileValues = value === undefined ? {} : { load: value };
    expect(new Cluster({ n1: { keepalived, fileValues } }).run(1).router("n1").priority).toBe(priority);
  });

  it("is written by init_file at the first start only, unless it says overwrite", () => {
    const priorityAfterRestart = (init: string) => {
      const cluster = new Cluster({ n1: tracking(file(init), "track_file", "load") });
      cluster
        .at(1, () => cluster.network.file("n1", "load", 20))
        .at(2, () => cluster.network.kill("n1"))
        .at(3, () => cluster.network.start("n1"))
        .run(4);
      return cluster.router("n1").priority;
    };
    expect([priorityAfterRestart("init_file 7"), priorityAfterRestart("init_file 7 overwrite")]).toEqual([120, 107]);
  });

  it("are read when the machine goes on, if it stands still", () => {
    const cluster = new Cluster({ n1: tracking(file("weight 0"), "track_file", "load") });
    cluster
      .at(1, () => cluster.network.pause("n1"))
      .at(2, () => cluster.network.file("n1", "load", 1))
      .at(3, () => cluster.network.resume("n1"))
      .run(4);
    expectInTime(cluster.changes(0.5), [[3, "n1 BACKUP → FAULT (file-failed)"]]);
  });

  it("of one path are one file, each with its own weight", () => {
    const before = [...file("weight 2"), "track_file twin {", "file /run/load", "weight -1", "}"];
    const cluster = new Cluster({ n1: tracking(before, "track_file", "load", "twin") });
    cluster.at(1, () => cluster.network.file("n1", "twin", 30)).run(2);
    expect(cluster.router("n1").priority).toBe(130);
  });
});

describe("processes", () => {
  const watch = (...lines: string[]) => ["vrrp_track_process p {", "process haproxy", ...lines, "}"];
  /** Changes of the judgement after the start; `counts` are set at their seconds. */
  const judged = (
    lines: readonly string[],
    counts: readonly (readonly [at: number, count: number])[],
    by: "exec" | "fork" = "exec",
    first?: number,
  ) => {
    const keepalived = tracking(watch("weight -20", ...lines), "track_process", "p");
    const cluster = new Cluster({ n1: { keepalived, ...(first === undefined ? {} : { processes: { p: first } }) } });
    for (const [at, count] of counts) cluster.at(at, () => cluster.network.process("n1", "p", count, by));
    cluster.run(20);
    return cluster.notes
      .filter(({ text }) => text.startsWith("process"))
      .map(({ atNs, text }) => [atNs / NS_PER_S, text.includes("lost") ? "lost" : "quorum"]);
  };

  it("count while there are quorum to quorum_max of them, at once", () => {
    const counts = [
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 4],
      [5, 3],
      [6, 0],
    ] as const;
    expect(judged(["quorum 2", "quorum_max 3"], counts)).toEqual([
      [1, "lost"],
      [2, "quorum"],
      [4, "lost"],
      [5, "quorum"],
      [6, "lost"],
    ]);
  });

  it("with quorum_max 0 none may run", () => {
    expect(judged(["quorum_max 0"], [[1, 1]])).toEqual([[1, "lost"]]);
  });

  it("a loss counts after terminate_delay, unless it is made good before; a start counts at once (observed)", () => {
    const counts = [
      [1, 0],
      [2, 1],
      [3, 0],
      [6, 1],
    ] as const;
    expect(judged(["delay 1.5"], counts)).toEqual([
      [4.5, "lost"],
      [6, "quorum"],
    ]);
  });

  it("that fork count after fork_delay, the first one, which must be started, at once", () => {
    const counts = [
      [1, 2],
      [5, 1],
      [6, 2],
      [7, 1],
      [8, 0],
      [9, 2],
    ] as const;
    expect(judged(["quorum 2", "fork_delay 1.5"], counts, "fork", 1)).toEqual([
      [2.5, "quorum"],
      [5, "lost"],
      [10.5, "quorum"],
    ]);
    expect(judged(["quorum 1", "fork_delay 1.5"], [[1, 2]], "fork", 0)).toEqual([[1, "quorum"]]);
  });

  it.each([
    ["weight 20", 120, 100],
    ["weight -20", 100, 80],
    ["weight 20 reverse", 80, 100],
    ["weight -20 reverse", 100, 120],
  ])("%s: %i with a quorum, %i without", (weight, withQuorum, without) => {
    const cluster = new Cluster({ n1: tracking(watch(weight), "track_process", "p") }).run(1);
    expect(cluster.router("n1").priority).toBe(withQuorum);
    cluster.network.process("n1", "p", 0);
    expect(cluster.router("n1").priority).toBe(without);
  });

  it("weight 0: no quorum is a FAULT, with farewells", () => {
    const cluster = new Cluster({ n1: tracking(watch(), "track_process", "p") }).run(5);
    cluster
      .at(5, () => cluster.network.process("n1", "p", 0))
      .at(7, () => cluster.network.process("n1", "p", 3))
      .run(8);
    expectInTime(cluster.changes(4.9), [
      [5, "n1 MASTER → FAULT (process-failed)"],
      [7, "n1 FAULT → BACKUP (faults-cleared)"],
    ]);
    expect(cluster.said(5, 5.1).map(({ what }) => what)).toEqual(["adv(0) ×2"]);
  });
});

describe("BFD sessions", () => {
  const session = (...lines: string[]) => ["bfd_instance to-peer {", "neighbor_ip 10.0.0.9", ...lines, "}"];

  it("weight 0: down is a FAULT, and up again the end of it", () => {
    const keepalived = tracking(session(), "track_bfd", "to-peer");
    const cluster = new Cluster({ n1: { keepalived, bfd: { "to-peer": false } } });
    cluster.at(2, () => cluster.network.bfd("n1", "to-peer", true)).run(6);
    expect(cluster.changes(0, 1).map(({ what }) => what)).toEqual(["n1 INIT → FAULT (bfd-down)"]);
    expectInTime(cluster.changes(1), [
      [2, "n1 FAULT → BACKUP (faults-cleared)"],
      [5.609375, "n1 BACKUP → MASTER (master-down-timer)"],
    ]);
  });

  it("with a weight: the item's goes before the session's own", () => {
    const keepalived = tracking(session("weight 10"), "track_bfd", "to-peer weight -30 noreverse");
    const cluster = new Cluster({ n1: keepalived });
    cluster.at(1, () => cluster.network.bfd("n1", "to-peer", false)).run(2);
    expect(cluster.notes.map(({ text }) => text)).toEqual(["BFD session to-peer is down", "VI_1: priority 100 → 70"]);
  });
});
