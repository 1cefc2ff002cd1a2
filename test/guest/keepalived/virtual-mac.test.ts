/** `use_vmac`: the addresses live on a macvlan with the virtual router's MAC, and what crosses the wire has it where a real one has. */
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../../src/base/units.ts";
import type { SimSwitch } from "../../../src/sim/sim-switch.ts";
import { formatMacWords } from "../../../src/switch/mac-words.ts";
import { formatMac } from "../../../src/wire/address.ts";
import { describeFrame } from "../../../src/wire/describe.ts";
import { Cluster, conf, expectInTime, type Spoken } from "./cluster.ts";

const DOWN_100 = 3.609375;
const DOWN_90 = 3.6484375;
const VMAC4 = "00:00:5e:00:01:33";
const VMAC6 = "00:00:5e:00:02:33";
const UP = 0.0005;
const BASE = "02:00:00:00:00:01";
const VIP6 = ["2001:db8::100/64"];

const pair = (lines: readonly string[], vips: readonly string[] = ["10.0.0.100"]) =>
  new Cluster({ n1: conf({ lines, vips }), n2: conf({ priority: 90, lines, vips }), client: {} });

/** `SOURCE > DESTINATION text` of what a host said. */
const onTheWire = ({ bytes }: Spoken) =>
  `${formatMac(bytes, 6)} > ${formatMac(bytes)} ${describeFrame(bytes, 0, bytes.length)}`;
const sources = (said: readonly Spoken[]) => new Set(said.map(({ bytes }) => formatMac(bytes, 6)));

/** Where the switch believes a MAC to be: a host's name. */
function placeOf(cluster: Cluster, mac: string): string | undefined {
  let place: string | undefined;
  const [{ bridge, ports }] = cluster.network.fabric.switches as [SimSwitch];
  bridge.fdb.forEach(({ macHi, macLo, port }) => {
    if (formatMacWords(macHi, macLo) === mac) place = ports[port]!.nic!.host.name;
  });
  return place;
}

describe("the frames of a master", () => {
  it("adverts and announcements carry the virtual MAC, the adverts the interface's own address", () => {
    const cluster = pair(["use_vmac"]).run(5);
    expect(sources(cluster.said(0, 5, ["adv"]))).toEqual(new Set([VMAC4]));
    expect(Array.from(cluster.said(0, 5, ["adv"])[0]!.bytes.subarray(26, 30))).toEqual([10, 0, 0, 1]);
    const { bytes } = cluster.said(0, 5, ["garp"])[0]!;
    expect([formatMac(bytes, 6), formatMac(bytes, 22)]).toEqual([VMAC4, VMAC4]);
  });

  it("vmac_xmit_base: adverts from the interface's own MAC, announcements from the virtual one", () => {
    const cluster = pair(["use_vmac", "vmac_xmit_base"]).run(5);
    expect(sources(cluster.said(0, 5, ["adv"]))).toEqual(new Set([BASE]));
    expect(sources(cluster.said(0, 5, ["garp"]))).toEqual(new Set([VMAC4]));
  });

  it("IPv6: 00:00:5e:00:02:VRID, as the source and in the option", () => {
    const cluster = pair(["use_vmac"], VIP6).run(5);
    expect(sources(cluster.said(0, 5, ["adv", "na "]))).toEqual(new Set([VMAC6]));
    expect(formatMac(cluster.said(0, 5, ["na "])[0]!.bytes, 80)).toBe(VMAC6);
    expect(onTheWire(cluster.said(0, 5, ["adv"])[0]!)).toContain("fe80::ff:fe00:1 > ff02::12");
  });

  it("a MAC that the configuration names is used instead", () => {
    const cluster = pair(["use_vmac vrrp.99 02:00:5e:10:00:07"]).run(5);
    expect(sources(cluster.said(0, 5, ["garp"]))).toEqual(new Set(["02:00:5e:10:00:07"]));
    expect(cluster.nic("n1", "vrrp.99").addresses.length).toBe(1);
  });

  it("unicast adverts leave from the interface's own MAC", () => {
    const cluster = new Cluster({ n1: conf({ lines: ["use_vmac", "unicast_peer {", "10.0.0.2", "}"] }), n2: {} }).run(
      5,
    );
    expect(sources(cluster.said(0, 5, ["adv"]))).toEqual(new Set([BASE]));
  });

  it("group reports leave from the interface's own MAC, with the source 0.0.0.0", () => {
    const reports = pair(["use_vmac"]).run(1.5).said(0, 1.5, ["igmp"]);
    expect(sources(reports)).toEqual(new Set([BASE, "02:00:00:00:00:02"]));
    for (const { bytes } of reports) expect(Array.from(bytes.subarray(26, 30))).toEqual([0, 0, 0, 0]);
  });

  it("with vmac_xmit_base the group is joined on the interface itself", () => {
    const [report] = pair(["use_vmac", "vmac_xmit_base"]).run(1.5).said(0, 1.5, ["igmp"]);
    expect(Array.from(report!.bytes.subarray(26, 29))).toEqual([10, 0, 0]);
  });
});

describe("who asks for the address", () => {
  it("is answered with the virtual MAC, by the master alone", () => {
    const cluster = pair(["use_vmac"]);
    cluster.network.addProbe("ping", { from: "client", to: "10.0.0.100", every: "1s", start: "5s", end: "5.5s" });
    cluster.run(5.9);
    const answers = cluster.spoken.filter(({ what }) => what === "arp! .100");
    expect(answers.length).toBe(1);
    expect([formatMac(answers[0]!.bytes, 6), formatMac(answers[0]!.bytes, 22)]).toEqual([VMAC4, VMAC4]);
    // The answer to the ping takes the interface's own route, whose question teaches the client the interface's own MAC (observed).
    const question = cluster.spoken.find(({ host, what }) => host === "n1" && what === "arp? .202");
    expect(formatMac(question!.bytes, 6)).toBe(BASE);
    expect(Array.from(question!.bytes.subarray(28, 32))).toEqual([10, 0, 0, 100]);
    const ping = cluster.network.probes.get("ping")!;
    expect([ping.sent, ping.answered, ping.duplicates]).toEqual([1, 1, 0]);
    const cache = cluster.nic("client").neighbours4;
    const entry = cache.find(Uint8Array.of(10, 0, 0, 100), 0);
    expect(formatMac(cache.macs, entry * 6)).toBe(BASE);
  });

  it("over IPv6 is answered with the virtual MAC, and so is what follows", () => {
    const cluster = pair(["use_vmac"], VIP6);
    cluster.network.addProbe("ping", { from: "client", to: "2001:db8::100", every: "1s", start: "5s" });
    cluster.run(7.9);
    const ping = cluster.network.probes.get("ping")!;
    expect([ping.sent, ping.answered, ping.duplicates]).toEqual([3, 3, 0]);
    const fromMaster = cluster.spoken.filter(({ host, atNs }) => host === "n1" && atNs > 5 * NS_PER_S);
    expect(sources(fromMaster)).toEqual(new Set([VMAC6]));
    const cache = cluster.nic("client").neighbours6;
    const entry = cache.find(cluster.nic("n1", "vrrp.51").addresses[0]!.ip, 0);
    expect(formatMac(cache.macs, entry * 6)).toBe(VMAC6);
  });

  it("for the host's other address is answered by the interface, with its own MAC", () => {
    const cluster = pair(["use_vmac"]);
    cluster.network.addProbe("ping", { from: "client", to: "10.0.0.1", every: "1s", start: "5s", end: "5.5s" });
    cluster.run(6);
    const answers = cluster.spoken.filter(({ what }) => what === "arp! .1");
    expect(answers.map(({ bytes }) => formatMac(bytes, 6))).toEqual([BASE]);
  });
});

describe("a failover", () => {
  it.each([[["use_vmac"]], [["use_vmac", "vmac_xmit_base"]]])(
    "with %j moves the virtual MAC to the other port; a client's cache stays as it is",
    (lines) => {
      const cluster = pair(lines);
      cluster.network.addProbe("ping", { from: "client", to: "10.0.0.100", every: "100ms", start: "5s" });
      cluster.run(6);
      expect(placeOf(cluster, VMAC4)).toBe("n1");
      cluster.at(6.1, () => cluster.network.crash("n1")).run(14);
      expect(placeOf(cluster, VMAC4)).toBe("n2");
      const last = cluster.said(5, 6.1, ["adv(100)"]).at(-1)!.atNs / NS_PER_S;
      expectInTime(cluster.changes(6.2), [[last + DOWN_90, "n2 BACKUP → MASTER (master-down-timer)"]]);
      const [outage] = cluster.network.outagesOf("ping");
      expect((outage!.untilNs - last * NS_PER_S) / NS_PER_S).toBeCloseTo(DOWN_90, 0);
      expect(cluster.holders.map(({ to }) => `${to?.host} ${to?.mac}`)).toEqual([`n1 ${VMAC4}`, `n2 ${VMAC4}`]);
    },
  );

  it("back again, by preemption", () => {
    const cluster = pair(["use_vmac"]);
    cluster
      .at(5, () => cluster.network.crash("n1"))
      .at(10, () => cluster.network.restore("n1"))
      .run(16);
    expectInTime(cluster.changes(11), [
      [cluster.up("n1", 2) + DOWN_100, "n1 BACKUP → MASTER (master-down-timer)"],
      [cluster.up("n1", 2) + DOWN_100, "n2 MASTER → BACKUP (higher-priority-advert)"],
    ]);
    expect(placeOf(cluster, VMAC4)).toBe("n1");
  });

  it("while both hold it, each answers the other's announcements from the virtual MAC (accept_local, observed)", () => {
    const cluster = pair(["use_vmac"]);
    cluster.at(5, () => cluster.network.partition([["n1"], ["n2", "client"]])).run(9);
    // n2's second burst comes just before its advert, which makes n1 announce in turn and n2 yield.
    const second = cluster.changes(6)[0]!.atNs / NS_PER_S + UP + 5;
    cluster.at(second - 0.1, () => cluster.network.heal()).run(second + 0.5);
    const said = cluster.said(second - 0.05, second + 0.3, ["garp", "adv"]);
    const isReply = ({ bytes }: Spoken) => bytes[21] === 2;
    expect(said.map(({ host, what }) => `${host} ${what}`)).toEqual([
      "n2 garp .100 ×5",
      "n2 adv(90)",
      "n1 garp .100 ×5",
      "n1 adv(100)",
      "n1 garp .100 ×5",
    ]);
    expect(said.map(isReply)).toEqual([false, false, true, false, false]);
    expect(onTheWire(said[2]!)).toContain(`${VMAC4} > ${VMAC4} ARP, Reply`);
    expect(cluster.state("n2")).toBe("BACKUP");
    expect(placeOf(cluster, VMAC4)).toBe("n1");
  });
});

describe("the macvlan", () => {
  it("follows the interface's carrier, and a fault is told of the interface", () => {
    const cluster = pair(["use_vmac"]);
    cluster
      .at(5, () => cluster.network.linkDown("n1"))
      .at(6, () => cluster.network.linkUp("n1"))
      .run(7);
    expectInTime(cluster.changes(4.9, 6.5), [
      [5.003, "n1 MASTER → FAULT (interface-down)"],
      [6.003, "n1 FAULT → BACKUP (faults-cleared)"],
    ]);
  });

  it("is empty after a stop, keeps its address after a kill, and loses it with the machine", () => {
    const addresses = (verb: "stop" | "kill" | "crash") => {
      const cluster = pair(["use_vmac"]);
      cluster.at(5, () => cluster.network[verb]("n1")).run(6);
      return cluster.nic("n1", "vrrp.51").addresses.length;
    };
    expect([addresses("stop"), addresses("kill"), addresses("crash")]).toEqual([0, 1, 0]);
  });

  it("killed, its host answers on with the virtual MAC beside the new master", () => {
    const cluster = pair(["use_vmac"]);
    cluster.at(5, () => cluster.network.kill("n1"));
    cluster.network.addProbe("ping", { from: "client", to: "10.0.0.100", every: "10s", start: "10.5s" });
    cluster.run(11);
    const answers = cluster.spoken.filter(({ what }) => what === "arp! .100");
    expect(new Set(answers.map(({ host }) => host))).toEqual(new Set(["n1", "n2"]));
    expect(sources(answers)).toEqual(new Set([VMAC4]));
  });

  it("of a backup hears the adverts that come from its own MAC", () => {
    const cluster = pair(["use_vmac"]);
    const takeovers: string[] = [];
    cluster.network.events.on("vrrp", ({ host, to, reason }) => {
      if (host === "n2" && to === "MASTER") takeovers.push(reason);
    });
    cluster.run(20);
    expect([cluster.state("n1"), cluster.state("n2")]).toEqual(["MASTER", "BACKUP"]);
    cluster.network.crash("n1");
    cluster.run(25);
    expect(takeovers).toEqual([expect.stringMatching(/; the last one came at 19\.\d{3} s from /)]);
  });
});
