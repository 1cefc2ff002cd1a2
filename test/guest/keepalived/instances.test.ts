/** Several instances on a host, both families, and the interval that version 3 learns. */
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../../src/base/units.ts";
import { advert } from "./adverts.ts";
import { Cluster, conf, expectInTime, expectSaid } from "./cluster.ts";

const DOWN_100 = 3.609375;
const DOWN_90 = 3.6484375;
const UP = 0.0005;

describe("two instances on one host", () => {
  const second = (priority: number) => conf({ name: "VI_2", vrid: 52, priority, vips: ["10.0.0.110/24"] });
  const crossed = {
    n1: `${conf({ priority: 100 })}${second(90)}`,
    n2: `${conf({ priority: 90 })}${second(100)}`,
  };

  it("have masters of their own", () => {
    const cluster = new Cluster(crossed).run(6);
    expect(["VI_1", "VI_2"].map((name) => cluster.state("n1", name))).toEqual(["MASTER", "BACKUP"]);
    expect(["VI_1", "VI_2"].map((name) => cluster.state("n2", name))).toEqual(["BACKUP", "MASTER"]);
    const said = cluster.said(5, 6, ["adv"]).map(({ host, what }) => `${host} ${what}`);
    expect(said.sort()).toEqual(["n1 adv(100)", "n2 adv(52:100)"]);
  });

  it("are one machine: when it dies the other takes both", () => {
    const cluster = new Cluster(crossed);
    cluster.at(8, () => cluster.network.crash("n1")).run(14);
    expect(["VI_1", "VI_2"].map((name) => cluster.state("n2", name))).toEqual(["MASTER", "MASTER"]);
    expect(cluster.has("n2", "10.0.0.100")).toBe(true);
    expect(cluster.has("n2", "10.0.0.110")).toBe(true);
  });

  it("join the group once", () => {
    const cluster = new Cluster({ n1: crossed.n1 }).run(2);
    expect(cluster.said(0, 2, ["igmp"]).map(({ what }) => what)).toEqual(["igmp+", "igmp+"]);
  });

  it("say farewell each for itself, in the order of the file", () => {
    const cluster = new Cluster({ n1: crossed.n1 });
    cluster.at(6, () => cluster.network.stop("n1")).run(7);
    expectSaid(cluster.said(6, 7), [
      [6.001, "n1 adv(0)"],
      [6.001, "n1 adv(52:0)"],
    ]);
  });
});

describe("one VRID for IPv4 and IPv6", () => {
  const both = (priority: number) =>
    `${conf({ priority })}${conf({ name: "VI_6", priority, vips: ["2001:db8::100/64"] })}`;

  it("are two virtual routers that do not hear each other", () => {
    const cluster = new Cluster({ n1: both(100), n2: both(90) }).run(6);
    expect(cluster.notes).toEqual([]);
    expect(["VI_1", "VI_6"].map((name) => cluster.state("n1", name))).toEqual(["MASTER", "MASTER"]);
    expect(["VI_1", "VI_6"].map((name) => cluster.state("n2", name))).toEqual(["BACKUP", "BACKUP"]);
    const t = cluster.up("n1") + DOWN_100;
    const what = cluster.said(t, t + 0.1, ["adv", "garp", "na ", "mld", "igmp"]).map((said) => said.what);
    expect(what).toEqual(["adv(100) ×2", "garp .100 ×5", "na ::100 ×5"]);
    expect(new Set(cluster.said(0, 0.1, ["mld", "igmp"]).map((said) => said.what))).toEqual(new Set(["igmp+", "mld+"]));
  });
});

describe("one VRID for two groups", () => {
  const twoGroups = (first: number, second: number) =>
    `${conf({ priority: first })}${conf({
      name: "VI_2",
      priority: second,
      vips: ["10.0.0.110/24"],
      lines: ["mcast_dst_ip 224.0.0.50"],
    })}`;

  it("are two virtual routers: the destination tells them apart", () => {
    const cluster = new Cluster({ n1: twoGroups(100, 90), n2: twoGroups(90, 100) }).run(10);
    expect(cluster.notes).toEqual([]);
    expect(["VI_1", "VI_2"].map((name) => cluster.state("n1", name))).toEqual(["MASTER", "BACKUP"]);
    expect(["VI_1", "VI_2"].map((name) => cluster.state("n2", name))).toEqual(["BACKUP", "MASTER"]);
  });
});

describe("IPv6", () => {
  const pair = () =>
    new Cluster({
      n1: conf({ vips: ["2001:db8::100/64"] }),
      n2: conf({ priority: 90, vips: ["2001:db8::100/64"] }),
      client: {},
    });

  it("boots and fails over like IPv4, with version 3 and neighbour advertisements", () => {
    const cluster = pair();
    cluster.at(6, () => cluster.network.crash("n1")).run(14);
    const t = cluster.up("n1") + DOWN_100;
    const taken = t + UP + 2 + DOWN_90;
    expectSaid(cluster.said(0, taken + 1.5), [
      [t, "n1 adv(100)"],
      [t + UP, "n1 na ::100 ×5"],
      [t + UP + 1, "n1 adv(100)"],
      [t + UP + 2, "n1 adv(100)"],
      [taken, "n2 adv(90)"],
      [taken + UP, "n2 na ::100 ×5"],
      [taken + UP + 1, "n2 adv(90)"],
    ]);
  });

  it("sends from the link-local address to ff02::12 with hop limit 255 and traffic class 0xc0", () => {
    const { bytes } = pair().run(4).said(3, 4, ["adv"])[0]!;
    const octets = Array.from(bytes, (octet) => octet.toString(16).padStart(2, "0")).join("");
    expect(octets.slice(0, 108)).toBe(
      `33330000001202000000000186dd6c000000001870fffe80000000000000000000fffe000001${"ff020000000000000000000000000012"}`,
    );
    expect(octets.slice(108, 120)).toBe("313364010064");
  });

  it("reaches a client that keeps asking", () => {
    const cluster = pair();
    cluster.network.addProbe("ping", { from: "client", to: "2001:db8::100", every: "100ms", start: "5s" });
    cluster.at(6, () => cluster.network.crash("n1")).run(14);
    const outages = cluster.network.outagesOf("ping");
    expect(outages.length).toBe(1);
    expect((outages[0]!.untilNs - outages[0]!.fromNs) / NS_PER_S).toBeLessThan(DOWN_90 + 0.2);
  });
});

describe("the interval that version 3 learns", () => {
  const lines = (seconds: number) => ["version 3", `advert_int ${seconds}`];

  it("is the master's: 0.5 s there and 2 s here make a wait of 1.824 s, and then adverts every 2 s", () => {
    const cluster = new Cluster({
      n1: conf({ lines: lines(0.5) }),
      n2: conf({ priority: 90, lines: lines(2) }),
    });
    cluster.at(6.2, () => cluster.network.crash("n1")).run(14);
    const last = cluster.said(5, 6.2, ["adv(100)"]).at(-1)!.atNs / NS_PER_S;
    // 3 × 0.5 s and 166/256 of 0.5 s, in whole microseconds.
    const taken = last + 1.824218;
    expectSaid(cluster.said(6.2, taken + 4.5, ["adv"]), [
      [taken, "n2 adv(90)"],
      [taken + UP + 2, "n2 adv(90)"],
      [taken + UP + 4, "n2 adv(90)"],
    ]);
  });

  it("is not learned from an advert that is discarded", () => {
    const cluster = new Cluster({ n1: conf({ lines: lines(1) }), stranger: {} });
    const weak = advert({ version: 3, priority: 50, interval: 3000 });
    cluster.at(1, () => cluster.inject("stranger", weak)).run(6);
    expectInTime(cluster.changes(0.5), [[cluster.up("n1") + DOWN_100, "n1 BACKUP → MASTER (master-down-timer)"]]);
  });

  it("is learned from the master that one yields to", () => {
    const cluster = new Cluster({ n1: conf({ lines: lines(1) }), stranger: {} });
    const strong = advert({ version: 3, priority: 200, interval: 20 });
    cluster.at(5, () => cluster.inject("stranger", strong)).run(7);
    expectInTime(cluster.changes(4.5), [
      [5, "n1 MASTER → BACKUP (higher-priority-advert)"],
      [5 + 0.6 + 0.121875, "n1 BACKUP → MASTER (master-down-timer)"],
    ]);
  });

  it("decides the skew after a farewell too", () => {
    const cluster = new Cluster({ n1: conf({ lines: lines(1) }), stranger: {} });
    cluster.at(1, () => cluster.inject("stranger", advert({ version: 3, priority: 200, interval: 2000 })));
    cluster.at(2, () => cluster.inject("stranger", advert({ version: 3, priority: 0, interval: 2000 }))).run(20);
    expectInTime(cluster.changes(0.5), [[2 + 12.1875, "n1 BACKUP → MASTER (master-down-timer)"]]);
  });

  it("is forgotten in FAULT", () => {
    const cluster = new Cluster({ n1: conf({ lines: lines(1) }), stranger: {} });
    cluster.at(1, () => cluster.inject("stranger", advert({ version: 3, priority: 200, interval: 2000 })));
    cluster
      .at(2, () => cluster.network.linkDown("n1"))
      .at(3, () => cluster.network.linkUp("n1"))
      .run(20);
    expectInTime(cluster.changes(2.5), [
      [3.003, "n1 FAULT → BACKUP (faults-cleared)"],
      [3.003 + DOWN_100, "n1 BACKUP → MASTER (master-down-timer)"],
    ]);
  });

  it("version 2 learns nothing: another interval is refused", () => {
    const cluster = new Cluster({ n1: conf(), stranger: {} });
    cluster.at(1, () => cluster.inject("stranger", advert({ interval: 5 }))).run(6);
    expect(cluster.notes.map(({ text }) => text)).toEqual([
      "VI_1 refuses adverts from 10.0.0.99: its advertisement interval is another",
    ]);
  });
});

describe("waits for other priorities and intervals", () => {
  it.each([
    [254, ["advert_int 1"], 3.007812],
    [150, ["advert_int 1"], 3.414062],
    [101, ["advert_int 1"], 3.605468],
    [50, ["advert_int 1"], 3.804687],
    [1, ["advert_int 1"], 3.996093],
    [90, ["advert_int 2"], 6.648437],
    [90, ["version 3", "advert_int 2"], 7.296875],
    [90, ["version 3", "advert_int 0.1"], 0.364843],
    [90, ["version 3", "advert_int 0.2"], 0.729687],
    [100, ["advert_int 1", "down_timer_adverts 5"], 5.609375],
  ])("priority %i, %j: %d s", (priority, lines, wait) => {
    const cluster = new Cluster({ n1: conf({ priority, lines }) }).run(9);
    const mastered = cluster.changes(0.06)[0]!.atNs / NS_PER_S;
    expect(mastered - cluster.up("n1")).toBeCloseTo(wait, 6);
  });
});
