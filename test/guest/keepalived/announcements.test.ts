/** When a master announces its addresses, in which order, and what the frames are. */
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../../src/base/units.ts";
import { formatMac } from "../../../src/wire/address.ts";
import { advert } from "./adverts.ts";
import { Cluster, conf, expectSaid, type InstanceOptions } from "./cluster.ts";

const DOWN_100 = 3.609375;
const UP = 0.0005;

/** n1 alone; `t` is when it became master. */
function master(options: InstanceOptions, until = 12) {
  const cluster = new Cluster({ n1: conf(options), stranger: {} }).run(1);
  const t = cluster.up("n1") + DOWN_100;
  return { cluster: cluster.run(until), t };
}

const announced = (cluster: Cluster, from: number, until: number) => cluster.said(from, until, ["garp", "na "]);

describe("a new master", () => {
  it("announces five rounds of all addresses in the order of the file, excluded ones last, and the same again five seconds later", () => {
    const { cluster, t } = master({ vips: ["10.0.0.101", "10.0.0.100"], excluded: ["10.0.0.90", "2001:db8::90/64"] });
    const round = ["garp .101", "garp .100", "garp .90", "na ::90"];
    const burst = Array.from({ length: 5 }, () => round).flat();
    expect(announced(cluster, t, t + 0.1).map(({ what }) => what)).toEqual(burst);
    expect(announced(cluster, t + 0.1, t + 8).map(({ what }) => what)).toEqual(burst);
    for (const { atNs } of announced(cluster, t, t + 0.1)) expect(atNs / NS_PER_S).toBeCloseTo(t + UP, 5);
    for (const { atNs } of announced(cluster, t + 0.1, t + 8)) expect(atNs / NS_PER_S).toBeCloseTo(t + UP + 5, 5);
  });

  it.each([
    [["garp_master_repeat 2"], [], ["garp .100 ×2", "garp .100 ×2"]],
    [["garp_master_delay 0"], [], ["garp .100 ×5"]],
    [[], ["vrrp_min_garp"], ["garp .100"]],
    [[], ["vrrp_garp_master_repeat 3", "vrrp_garp_master_delay 2"], ["garp .100 ×3", "garp .100 ×3"]],
    [["garp_master_repeat 1"], ["vrrp_garp_master_repeat 3"], ["garp .100", "garp .100"]],
  ])("with %j in the instance and %j in global_defs", (lines, globals, expected) => {
    const { cluster, t } = master({ lines, globals });
    expect(announced(cluster, t, 12).map(({ what }) => what)).toEqual(expected);
  });

  it("announces later by garp_master_delay", () => {
    const { cluster, t } = master({ lines: ["garp_master_delay 1"] });
    expectSaid(cluster.said(t, t + 1.5), [
      [t, "n1 adv(100)"],
      [t + UP, "n1 garp .100 ×5"],
      [t + UP + 1, "n1 adv(100)"],
      [t + UP + 1, "n1 garp .100 ×5"],
    ]);
  });

  it("does not announce later if it is master no more", () => {
    const cluster = new Cluster({ n1: conf(), stranger: {} }).run(1);
    const t = cluster.up("n1") + DOWN_100;
    cluster.at(t + 1, () => cluster.inject("stranger", advert({ priority: 200 })));
    cluster.at(t + 4, () => cluster.inject("stranger", advert({ priority: 200 }))).run(t + 6);
    expect(announced(cluster, t + 0.1, t + 6)).toEqual([]);
  });

  it("that was one before within five seconds announces for both: the first timer is not cancelled", () => {
    const cluster = new Cluster({ n1: conf(), stranger: {} }).run(1);
    const t = cluster.up("n1") + DOWN_100;
    cluster.at(t + 0.5, () => cluster.inject("stranger", advert({ priority: 200 })));
    cluster.at(t + 0.6, () => cluster.inject("stranger", advert({ priority: 0 }))).run(t + 8);
    const again = t + 0.6 + 0.609375;
    expectSaid(announced(cluster, t, t + 8), [
      [t + UP, "n1 garp .100 ×5"],
      [again + UP, "n1 garp .100 ×5"],
      [t + UP + 5, "n1 garp .100 ×5"],
      [again + UP + 5, "n1 garp .100 ×5"],
    ]);
  });
});

describe("garp_master_refresh", () => {
  it("is looked at when an advert goes out, so that 3 s become 4 s with adverts every 4 s", () => {
    const { cluster } = master({ lines: ["garp_master_refresh 3", "advert_int 4", "garp_master_delay 0"] }, 40);
    const mastered = cluster.changes(5)[0]!.atNs / NS_PER_S;
    expectSaid(announced(cluster, mastered + 1, 40).slice(0, 4), [
      [mastered + UP + 4, "n1 garp .100"],
      [mastered + UP + 8, "n1 garp .100"],
      [mastered + UP + 12, "n1 garp .100"],
      [mastered + UP + 16, "n1 garp .100"],
    ]);
  });

  it("repeats garp_master_refresh_repeat times", () => {
    const { cluster, t } = master({
      lines: ["garp_master_refresh 2", "garp_master_refresh_repeat 3", "garp_master_delay 0"],
    });
    expectSaid(announced(cluster, t + 0.1, t + 5), [
      [t + UP + 2, "n1 garp .100 ×3"],
      [t + UP + 4, "n1 garp .100 ×3"],
    ]);
  });
});

describe("an advert of lower priority", () => {
  it.each([
    [[], [], ["garp .100 ×5", "garp .100 ×5"], 5],
    [["garp_lower_prio_repeat 2", "garp_lower_prio_delay 3"], [], ["garp .100 ×2", "garp .100 ×2"], 3],
    [["garp_lower_prio_delay 0"], [], ["garp .100 ×5"], 0],
    [["garp_lower_prio_repeat 0"], [], [], 0],
    [[], ["vrrp_garp_master_repeat 3", "vrrp_garp_master_delay 2"], ["garp .100 ×3", "garp .100 ×3"], 2],
  ])("with %j in the instance and %j in global_defs", (lines, globals, expected, delay) => {
    const cluster = new Cluster({ n1: conf({ lines, globals }), stranger: {} });
    cluster.at(11.3, () => cluster.inject("stranger", advert({ priority: 50 }))).run(20);
    const said = announced(cluster, 11, 20);
    expect(said.map(({ what }) => what)).toEqual(expected);
    if (said.length === 2) expect((said[1]!.atNs - said[0]!.atNs) / NS_PER_S).toBeCloseTo(delay, 4);
  });

  it("is answered each time", () => {
    const cluster = new Cluster({ n1: conf({ lines: ["garp_lower_prio_delay 0"] }), stranger: {} });
    for (const at of [11.1, 11.2, 11.3]) cluster.at(at, () => cluster.inject("stranger", advert({ priority: 50 })));
    cluster.run(12);
    expect(announced(cluster, 11, 12).map(({ what }) => what)).toEqual(Array(3).fill("garp .100 ×5"));
  });
});

describe("vrrp_garp_interval", () => {
  const PACED = ["vrrp_garp_interval 0.2", "vrrp_garp_master_delay 0"];

  it("collapses the rounds: three addresses, five rounds, the first twice and the others once (observed)", () => {
    const { cluster, t } = master({ vips: ["10.0.0.100", "10.0.0.101", "10.0.0.102"], globals: PACED });
    expectSaid(announced(cluster, t, t + 5), [
      [t + UP, "n1 garp .100"],
      [t + UP + 0.2, "n1 garp .100"],
      [t + UP + 0.4, "n1 garp .101"],
      [t + UP + 0.6, "n1 garp .102"],
    ]);
  });

  it("is one interval for all instances on the interface (observed)", () => {
    const second = conf({ name: "VI_2", vrid: 52, vips: ["10.0.0.110", "10.0.0.111"] });
    const cluster = new Cluster({
      n1: `${conf({ vips: ["10.0.0.100", "10.0.0.101"], globals: PACED })}${second}`,
    }).run(8);
    const t = cluster.up("n1") + DOWN_100;
    expectSaid(announced(cluster, t, t + 4), [
      [t + UP, "n1 garp .100"],
      [t + UP + 0.2, "n1 garp .100"],
      [t + UP + 0.4, "n1 garp .101"],
      [t + UP + 0.6, "n1 garp .110"],
      [t + UP + 0.8, "n1 garp .111"],
    ]);
  });

  it("has one of its own for neighbour advertisements: vrrp_gna_interval", () => {
    const { cluster, t } = master({
      vips: ["10.0.0.100", "10.0.0.101"],
      excluded: ["2001:db8::90/64", "2001:db8::91/64"],
      globals: ["vrrp_garp_interval 0.2", "vrrp_gna_interval 0.5", "vrrp_garp_master_delay 0"],
    });
    const at = (what: string) => announced(cluster, t, t + 5).filter((said) => said.what.startsWith(what));
    expectSaid(at("garp"), [
      [t + UP, "n1 garp .100"],
      [t + UP + 0.2, "n1 garp .100"],
      [t + UP + 0.4, "n1 garp .101"],
    ]);
    expectSaid(at("na"), [
      [t + UP, "n1 na ::90"],
      [t + UP + 0.5, "n1 na ::90"],
      [t + UP + 1, "n1 na ::91"],
    ]);
  });

  it("what still waits is dropped when the master yields", () => {
    const cluster = new Cluster({
      n1: conf({ vips: ["10.0.0.100", "10.0.0.101", "10.0.0.102"], globals: PACED }),
      stranger: {},
    }).run(1);
    const t = cluster.up("n1") + DOWN_100;
    const addresses = ["10.0.0.100", "10.0.0.101", "10.0.0.102"];
    cluster.at(t + 0.3, () => cluster.inject("stranger", advert({ priority: 200, addresses }))).run(t + 3);
    expect(announced(cluster, t, t + 3).map(({ what }) => what)).toEqual(["garp .100", "garp .100"]);
  });
});

describe("the frames", () => {
  it("a gratuitous ARP is a request of 42 octets, broadcast, with a broadcast target MAC", () => {
    const { cluster, t } = master({}, 4);
    const { bytes } = announced(cluster, t, 4)[0]!;
    const octets = Array.from(bytes, (octet) => octet.toString(16).padStart(2, "0")).join("");
    expect(octets).toBe("ffffffffffff020000000001080600010800060400010200000000010a000064ffffffffffff0a000064");
  });

  it("an unsolicited neighbour advertisement goes to all nodes, from the address, overriding, with the MAC", () => {
    const { cluster, t } = master({ vips: ["2001:db8::100/64"] }, 4);
    const { bytes } = announced(cluster, t, 4)[0]!;
    expect(bytes.length).toBe(86);
    expect(formatMac(bytes)).toBe("33:33:00:00:00:01");
    expect(Array.from(bytes.subarray(22, 38))).toEqual(Array.from(bytes.subarray(62, 78)));
    expect([bytes[21], bytes[54], bytes[58]]).toEqual([255, 136, 0x20]);
    expect(formatMac(bytes, 80)).toBe("02:00:00:00:00:01");
  });
});
