/** Adverts to peers instead of a group: they go through ARP and ND like any packet, and their receivers are less strict. */
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../../src/base/units.ts";
import { Cluster, conf, expectSaid, script, TRACK_CHK } from "./cluster.ts";

const DOWN_100 = 3.609375;
const UP = 0.0005;
const peers = (...addresses: string[]) => ["unicast_peer {", ...addresses, "}"];
const ALL = ["adv", "arp", "garp"];

describe("unicast peers", () => {
  it("join no group; the first advert waits for ARP, later ones do not", () => {
    const cluster = new Cluster({
      n1: conf({ lines: peers("10.0.0.2") }),
      n2: conf({ priority: 90, lines: peers("10.0.0.1") }),
    }).run(6);
    const t = cluster.up("n1") + DOWN_100;
    expectSaid(cluster.said(0, t + 2.5, [...ALL, "igmp"]), [
      [t, "n1 arp? .2"],
      [t, "n2 arp! .2"],
      [t, "n1 adv(100)→10.0.0.2"],
      [t + UP, "n1 garp .100 ×5"],
      [t + UP + 1, "n1 adv(100)→10.0.0.2"],
      [t + UP + 2, "n1 adv(100)→10.0.0.2"],
    ]);
    expect([cluster.state("n1"), cluster.state("n2")]).toEqual(["MASTER", "BACKUP"]);
  });

  it("are told one after the other in the order of the list; one that is not there is asked for in vain", () => {
    const cluster = new Cluster({
      n1: conf({ lines: peers("10.0.0.9", "10.0.0.3", "10.0.0.2") }),
      n2: {},
      n3: {},
    }).run(8);
    const t = cluster.up("n1") + DOWN_100;
    expectSaid(cluster.said(t + 0.9, t + 2.9, ["adv"]), [
      [t + UP + 1, "n1 adv(100)→10.0.0.3"],
      [t + UP + 1, "n1 adv(100)→10.0.0.2"],
      [t + UP + 2, "n1 adv(100)→10.0.0.3"],
      [t + UP + 2, "n1 adv(100)→10.0.0.2"],
    ]);
    // The kernel's timers are up to 32 ms late.
    expect(cluster.said(t + 0.9, t + 2.9, ["arp?"]).map(({ what }) => what)).toEqual(["arp? .9", "arp? .9"]);
    // Three seconds' adverts waited for the answer that never came.
    expect(cluster.network.host("n1").packetsUnreachable).toBeGreaterThanOrEqual(3);
  });

  it("give all copies of an advert one identification", () => {
    const cluster = new Cluster({ n1: conf({ lines: peers("10.0.0.2", "10.0.0.3") }), n2: {}, n3: {} }).run(6.5);
    const identifications = cluster.said(0, 6.5, ["adv"]).map(({ bytes }) => (bytes[18]! << 8) | bytes[19]!);
    expect(identifications).toEqual([1, 1, 2, 2, 3, 3]);
  });

  it("send with unicast_ttl", () => {
    const cluster = new Cluster({ n1: conf({ lines: [...peers("10.0.0.2"), "unicast_ttl 3"] }), n2: {} }).run(5);
    expect(cluster.said(0, 5, ["adv"]).map(({ bytes }) => bytes[22])).toEqual([3, 3]);
  });

  it("send from unicast_src_ip", () => {
    const cluster = new Cluster({
      n1: {
        address: ["10.0.0.1", "10.0.0.50"],
        subnet: "lan",
        keepalived: conf({ lines: ["unicast_src_ip 10.0.0.50", ...peers("10.0.0.2")] }),
      },
      n2: {},
    }).run(5);
    expect(Array.from(cluster.said(0, 5, ["adv"])[0]!.bytes.subarray(26, 30))).toEqual([10, 0, 0, 50]);
  });

  it("with a unicast_src_ip that the host does not have: FAULT, nothing sent", () => {
    const cluster = new Cluster({
      n1: conf({ lines: ["unicast_src_ip 10.0.0.50", ...peers("10.0.0.2")] }),
      n2: {},
    }).run(8);
    expect(cluster.changes().map(({ what }) => what)).toEqual(["n1 INIT → FAULT (source-address-missing)"]);
    expect(cluster.said(0, 8, ALL)).toEqual([]);
  });

  it("announce their own address when they come out of FAULT, and not at the start", () => {
    const cluster = new Cluster({
      n1: conf({ before: script(), lines: [...TRACK_CHK, ...peers("10.0.0.2")] }),
      n2: {},
    });
    cluster.at(1.5, () => cluster.network.script("n1", "chk", 1));
    cluster.at(2.5, () => cluster.network.script("n1", "chk", 0)).run(4);
    const cleared = cluster.changes().at(-1)!;
    expect(cleared.what).toBe("n1 FAULT → BACKUP (faults-cleared)");
    expectSaid(cluster.said(0, 4, ["garp"]), [[cleared.atNs / NS_PER_S, "n1 garp .1"]]);
  });

  it("a farewell from a lost link waits for the neighbour, and arrives when the link is back: the standby takes over then (observed)", () => {
    const cluster = new Cluster({
      n1: conf({ lines: peers("10.0.0.2") }),
      n2: conf({ priority: 90, lines: peers("10.0.0.1") }),
    });
    cluster
      .at(6.2, () => cluster.network.linkDown("n1"))
      .at(7.6, () => cluster.network.linkUp("n1"))
      .run(12);
    // FAULT at 6.203; the question of that moment is lost, the next but one is answered.
    const heard = cluster.said(8, 9, ["arp?"])[0]!.atNs / NS_PER_S;
    expect(heard).toBeGreaterThan(8.203);
    expect(heard).toBeLessThanOrEqual(8.203 + 2 * 0.032);
    expectSaid(cluster.said(6.2, heard + 1, ALL), [
      [7.603, "n1 garp .1"],
      [heard, "n1 arp? .2"],
      [heard, "n2 arp! .2"],
      [heard, "n1 adv(0)→10.0.0.2 ×2"],
      [heard + 0.6484375, "n2 adv(90)→10.0.0.1"],
      [heard + 0.6484375 + UP, "n2 garp .100 ×5"],
    ]);
    expect([cluster.state("n1"), cluster.state("n2")]).toEqual(["MASTER", "BACKUP"]);
  });

  it.each([
    ["a backup", 100, 90, ["MASTER", "BACKUP"]],
    ["master", 90, 100, ["MASTER", "MASTER"]],
  ])("of which one tells nobody, while that one is %s", (_what, one, two, states) => {
    const cluster = new Cluster({
      n1: conf({ priority: one, lines: peers("10.0.0.2") }),
      // Its list names a host that does not exist, instead of n1.
      n2: conf({ priority: two, lines: peers("10.0.0.3") }),
    }).run(15);
    expect([cluster.state("n1"), cluster.state("n2")]).toEqual(states);
  });

  it("over IPv6 the first advert waits for a neighbour solicitation", () => {
    const vips = ["2001:db8::100/64"];
    const lines = (own: string, other: string) => [`unicast_src_ip ${own}`, ...peers(other)];
    const cluster = new Cluster({
      n1: conf({ vips, lines: lines("2001:db8::1", "2001:db8::2") }),
      n2: conf({ priority: 90, vips, lines: lines("2001:db8::2", "2001:db8::1") }),
    }).run(6);
    const t = cluster.up("n1") + DOWN_100;
    const said = cluster.said(t - 0.001, t + 0.1, [""]).map(({ host, what }) => `${host} ${what}`);
    expect(said[0]).toMatch(/^n1 .*2001:db8::1 > ff02::1:ff00:2.*solicitation/);
    expect(said[1]).toMatch(/^n2 .*advertisement/);
    expect(said[2]).toBe("n1 adv(100)→2001:db8::2");
    expect([cluster.state("n1"), cluster.state("n2")]).toEqual(["MASTER", "BACKUP"]);
  });
});

describe("unicast_ttl without peers", () => {
  it("makes adverts that never leave: both are master", () => {
    const lines = ["unicast_ttl 64"];
    const cluster = new Cluster({ n1: conf({ lines }), n2: conf({ priority: 90, lines }) }).run(10);
    expect(cluster.said(0, 10, ["adv"])).toEqual([]);
    expect([cluster.state("n1"), cluster.state("n2")]).toEqual(["MASTER", "MASTER"]);
    expect(cluster.said(0, 5, ["garp"]).map(({ host }) => host)).toEqual(["n1", "n2"]);
  });
});

describe("a network without multicast", () => {
  it("carries unicast adverts and no others", () => {
    const run = (lines: (other: string) => readonly string[]) => {
      const cluster = new Cluster({});
      cluster.network.addSubnet("cloud", { cidr: "10.0.2.0/24", multicast: false });
      for (const [name, own, other] of [
        ["n1", "10.0.2.1", "10.0.2.2"],
        ["n2", "10.0.2.2", "10.0.2.1"],
      ] as const) {
        const priority = name === "n1" ? 100 : 90;
        const keepalived = conf({ priority, vips: ["10.0.2.100/24"], lines: lines(other) });
        cluster.network.addHost(name, { subnet: "cloud", address: own, keepalived });
      }
      cluster.run(10);
      return [cluster.state("n1"), cluster.state("n2")];
    };
    expect(run(() => [])).toEqual(["MASTER", "MASTER"]);
    expect(run((other) => peers(other))).toEqual(["MASTER", "BACKUP"]);
  });
});
