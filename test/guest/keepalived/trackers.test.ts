/** What a router tracks: scripts, interfaces, the devices of its addresses. */
import { describe, expect, it } from "vitest";
import { NS_PER_MS, NS_PER_S } from "../../../src/base/units.ts";
import type { HostOptions } from "../../../src/sim/options.ts";
import { Cluster, conf, expectInTime, script, TRACK_CHK } from "./cluster.ts";

const DOWN_90 = 3.6484375;
/** From the end of a run to the daemon's knowing of it. */
const REAP = 0.005;

/** Changes of the judgement and of the priority, in seconds since the daemon's start. */
function judgements(cluster: Cluster, startedAt: number): (readonly [number, string])[] {
  return cluster.notes.map(({ atNs, text }) => [Number((atNs / NS_PER_S - startedAt).toFixed(4)), text] as const);
}

/** n1 with a tracked script that takes `runs` seconds. `at` changes its exit status, in seconds since the daemon's start. */
function scripted(
  lines: readonly string[],
  exits: readonly (readonly [at: number, exit: number])[],
  runs = 0,
  exit = 0,
) {
  const cluster = new Cluster({
    n1: {
      keepalived: conf({ before: script(...lines), lines: TRACK_CHK }),
      scripts: { chk: { exit, runsNs: runs * NS_PER_S } },
    },
  }).run(0.05);
  // A weighted script does not hold the daemon up: it is a backup when it starts its first run.
  const startedAt = cluster.up("n1");
  for (const [at, status] of exits) cluster.at(startedAt + at, () => cluster.network.script("n1", "chk", status));
  return { cluster, startedAt };
}

describe("a tracked script", () => {
  it("runs at the start and each interval; `fall` failures in a row, then `rise` successes, change the judgement", () => {
    const { cluster, startedAt } = scripted(
      ["weight -20", "fall 3", "rise 2"],
      [
        [2.5, 1],
        [4.5, 0],
        [5.5, 1],
        [8.5, 0],
      ],
    );
    cluster.run(13);
    // Runs 3 and 4 fail, 5 succeeds: forgotten. Runs 6, 7 and 8 fail; 9 and 10 succeed.
    expect(judgements(cluster, startedAt)).toEqual([
      [REAP, "script chk succeeds"],
      [8 + REAP, "script chk fails"],
      [8 + REAP, "VI_1: priority 100 → 80"],
      [10 + REAP, "script chk succeeds"],
      [10 + REAP, "VI_1: priority 80 → 100"],
    ]);
  });

  it("the first result counts alone, whatever `fall` says", () => {
    const { cluster, startedAt } = scripted(["weight -20", "fall 5"], [], 0.25, 1);
    cluster.run(2);
    expect(judgements(cluster, startedAt)).toEqual([
      [0.25 + REAP, "script chk fails"],
      [0.25 + REAP, "VI_1: priority 100 → 80"],
    ]);
  });

  it("that takes longer than its timeout fails when that has passed", () => {
    const { cluster, startedAt } = scripted(["weight -20", "interval 3", "timeout 2"], [], 2.5);
    cluster.run(4);
    expect(judgements(cluster, startedAt)[0]).toEqual([2 + REAP, "script chk fails"]);
  });

  it("may take as long as its timeout", () => {
    const { cluster, startedAt } = scripted(["weight -20", "interval 3", "timeout 2"], [], 2);
    cluster.run(4);
    expect(judgements(cluster, startedAt)[0]).toEqual([2 + REAP, "script chk succeeds"]);
  });

  it("that ignores SIGTERM fails when it is killed 2 s later", () => {
    const chk = { exit: 0, runsNs: 60 * NS_PER_S, ignoresTerm: true };
    const before = script("weight -20", "timeout 2").replace("interval 1", "interval 10");
    const cluster = new Cluster({ n1: { keepalived: conf({ before, lines: TRACK_CHK }), scripts: { chk } } }).run(5);
    expect(judgements(cluster, cluster.up("n1"))[0]).toEqual([4 + REAP, "script chk fails"]);
  });

  it("that ignores SIGTERM and ends by itself before the SIGKILL counts with its status", () => {
    const chk = { exit: 0, runsNs: 3 * NS_PER_S, ignoresTerm: true };
    const before = script("weight -20", "timeout 2").replace("interval 1", "interval 10");
    const cluster = new Cluster({ n1: { keepalived: conf({ before, lines: TRACK_CHK }), scripts: { chk } } }).run(5);
    expect(judgements(cluster, cluster.up("n1"))[0]).toEqual([3 + REAP, "script chk succeeds"]);
  });

  // A run that begins makes the daemon forget whom it has asked to end (all observed with 2.2.7).
  it.each([
    [1, 1, 3],
    [1, 2, 4],
    [2, 1, 3],
    [3, 5, 8],
    [4, 5, 7],
  ])("that ignores SIGTERM, with interval %i and timeout %i, fails first after %i s", (interval, timeout, after) => {
    const chk = { exit: 0, runsNs: 60 * NS_PER_S, ignoresTerm: true };
    const before = script("weight -20", `timeout ${timeout}`).replace("interval 1", `interval ${interval}`);
    const cluster = new Cluster({ n1: { keepalived: conf({ before, lines: TRACK_CHK }), scripts: { chk } } }).run(12);
    expect(judgements(cluster, cluster.up("n1"))[0]).toEqual([after + REAP, "script chk fails"]);
  });

  it("that outlives its interval is started again all the same, and every result counts", () => {
    const { cluster, startedAt } = scripted(["weight -20", "timeout 4", "fall 3"], [[2.1, 1]], 2.5);
    cluster.run(10);
    // Runs from 3, 4 and 5 on end with 1, after 2.5 s each.
    expect(judgements(cluster, startedAt)).toEqual([
      [2.5 + REAP, "script chk succeeds"],
      [7.5 + REAP, "script chk fails"],
      [7.5 + REAP, "VI_1: priority 100 → 80"],
    ]);
  });

  it("is not run while nobody tracks it", () => {
    const cluster = new Cluster({ n1: conf({ before: script() }) }).run(5);
    expect(cluster.notes).toEqual([]);
  });

  it("runs no more when the daemon has ended, and afresh when it starts again", () => {
    const { cluster } = scripted(["weight -20"], []);
    cluster.at(3, () => cluster.network.kill("n1"));
    cluster
      .at(5, () => cluster.network.script("n1", "chk", 1))
      .at(8, () => cluster.network.start("n1"))
      .run(9);
    expect(judgements(cluster, cluster.up("n1", 2)).slice(1)).toEqual([
      [REAP, "script chk fails"],
      [REAP, "VI_1: priority 100 → 80"],
    ]);
  });
});

describe("weights", () => {
  it.each([
    ["weight 20", 0, 120],
    ["weight 20", 1, 100],
    ["weight -20", 0, 100],
    ["weight -20", 1, 80],
    // The sign is turned round, not what it counts for (observed with 2.2.7).
    ["weight 20 reverse", 0, 80],
    ["weight 20 reverse", 1, 100],
    ["weight -20 reverse", 0, 100],
    ["weight -20 reverse", 1, 120],
    ["weight 253", 0, 254],
    ["weight -253", 1, 1],
  ])("%s, status %i: priority %i", (weight, exit, priority) => {
    const { cluster } = scripted([weight], [], 0, exit);
    cluster.run(1);
    expect(cluster.router("n1").priority).toBe(priority);
  });

  it.each([
    ["reverse", 0, "FAULT"],
    ["reverse", 1, "BACKUP"],
    ["", 0, "BACKUP"],
    ["", 1, "FAULT"],
  ])("weight 0 %s, status %i: %s", (reverse, exit, state) => {
    const cluster = new Cluster({
      n1: {
        keepalived: conf({ before: script(`weight 0 ${reverse}`), lines: TRACK_CHK }),
        scripts: { chk: { exit } },
      },
    }).run(1);
    expect(cluster.state("n1")).toBe(state);
  });

  it("are summed, and the item's own goes before the script's", () => {
    const before = [
      ...["vrrp_script a {", 'script "/bin/true"', "weight 10", "}"],
      ...["vrrp_script b {", 'script "/bin/true"', "weight 7", "}"],
    ].join("\n");
    const cluster = new Cluster({
      n1: conf({ before, lines: ["track_script {", "a", "b weight -30", "}"] }),
    });
    cluster.at(1, () => cluster.network.script("n1", "b", 1)).run(3);
    expect(cluster.notes.filter(({ text }) => text.includes("priority")).map(({ text }) => text)).toEqual([
      "VI_1: priority 100 → 110",
      "VI_1: priority 110 → 80",
    ]);
  });

  it("move a backup's running timer by the difference of the waits", () => {
    const cluster = new Cluster({
      n1: {
        keepalived: conf({ priority: 80, before: script("weight 20"), lines: TRACK_CHK }),
        scripts: { chk: { exit: 1 } },
      },
    }).run(0.1);
    const up = cluster.up("n1");
    cluster.at(up + 1.5, () => cluster.network.script("n1", "chk", 0)).run(5);
    expectInTime(cluster.changes(1), [[up + 3.609375, "n1 BACKUP → MASTER (master-down-timer)"]]);
  });

  it("that make the wait shorter than what has passed of it end it at once", () => {
    const keepalived = conf({ priority: 1, before: script("weight 250"), lines: TRACK_CHK });
    const cluster = new Cluster({ n1: { keepalived, scripts: { chk: { exit: 1, runsNs: 0.5 * NS_PER_S } } } });
    cluster.at(2.6, () => cluster.network.script("n1", "chk", 0)).run(5);
    // With 1 it waits for 3.996 s, with 251 for 3.02 s; it knows so 3.505 s after its start.
    expectInTime(cluster.changes(1), [[cluster.up("n1") + 3.5 + REAP, "n1 BACKUP → MASTER (master-down-timer)"]]);
  });

  it("of a script that fails from the beginning count from its first result", () => {
    const { cluster } = scripted(["weight -20"], [], 0, 1);
    cluster.run(5);
    // The wait of 80 is that of 100 and 20/256 s more.
    expectInTime(cluster.changes(1), [[cluster.up("n1") + 3.6875, "n1 BACKUP → MASTER (master-down-timer)"]]);
  });

  it("a difference that the weight does not exceed changes no master", () => {
    const n1 = conf({ before: script("weight -10"), lines: TRACK_CHK });
    const cluster = new Cluster({ n1, n2: conf({ priority: 90 }) });
    cluster.at(6, () => cluster.network.script("n1", "chk", 1)).run(20);
    expect(cluster.router("n1").priority).toBe(90);
    expect([cluster.state("n1"), cluster.state("n2")]).toEqual(["MASTER", "BACKUP"]);
  });
});

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
