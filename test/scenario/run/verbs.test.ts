/** Every verb of the timeline has its effect, and nothing else happens. */
import { describe, expect, it } from "vitest";
import { ETHERTYPE_IPV4, etherType } from "../../../src/wire/ethernet.ts";
import { readPcap } from "../../support/read-pcap.ts";
import { type Cast, holders, load, play, playCaptured, transitions } from "./stage.ts";

const STEADY = ["INIT BACKUP startup", "BACKUP MASTER master-down-timer"];
const IPPROTO_VRRP = 112;

/** Priorities of the adverts that vm-A sent from `fromS` on. */
function advertPriorities(cast: Cast, fromS: number): number[] {
  return readPcap(playCaptured(load(cast)).capture)
    .filter(({ tNs, interfaceName }) => tNs >= fromS * 1e9 && interfaceName === "vm-A.eth0")
    .map(({ bytes }) => bytes)
    .filter((bytes) => etherType(bytes, 0) === ETHERTYPE_IPV4 && bytes[23] === IPPROTO_VRRP)
    .map((bytes) => bytes[14 + 20 + 2]!);
}

describe("start and stop", () => {
  it("start begins what autostart: false holds back", () => {
    const a = "keepalived: a.conf, autostart: false";
    expect(transitions(play({ a }), "vm-A")).toEqual([]);
    const result = play({ a, timeline: ["at: 2s, start: vm-A"] });
    const [first] = result.report.vrrp.filter(({ host }) => host === "vm-A");
    expect(transitions(result, "vm-A")).toEqual(STEADY);
    expect(first!.at).toBeGreaterThan(2);
    expect(first!.at).toBeLessThan(2.1);
  });

  it("stop says farewell: the standby waits for its skew alone", () => {
    const cast: Cast = { timeline: ["at: 6s, stop: { host: vm-A, daemon: keepalived }"] };
    const result = play(cast);
    expect(transitions(result, "vm-A")).toEqual([...STEADY, "MASTER STOPPED stopped"]);
    expect(holders(result)).toEqual(["vm-A garp-request", "vm-B garp-request"]);
    const [outage] = result.report.probes[0]!.outages;
    expect(outage!.until - outage!.from).toBeGreaterThan(0.6);
    expect(outage!.until - outage!.from).toBeLessThan(0.7);
    expect(advertPriorities(cast, 6)).toEqual([0]);
  });

  it("kill leaves the address behind: no farewell, and the old holder goes on answering", () => {
    const cast: Cast = { timeline: ["at: 6s, kill: vm-A"] };
    const result = play(cast);
    expect(transitions(result, "vm-A")).toEqual([...STEADY, "MASTER STOPPED killed"]);
    expect(holders(result)).toEqual(["vm-A garp-request", "vm-B garp-request"]);
    expect(result.report.holders[1]!.at).toBeGreaterThan(8.6);
    expect(result.report.probes[0]!.outages).toEqual([]);
    expect(advertPriorities(cast, 6)).toEqual([]);
  });

  it("a killed daemon can be started again, at the same moment too, in the order of the file", () => {
    const result = play({ timeline: ["at: 6s, kill: vm-A", "at: 6s, start: vm-A"] });
    expect(transitions(result, "vm-A").slice(2, 4)).toEqual(["MASTER STOPPED killed", "INIT BACKUP startup"]);
    const other = play({ timeline: ["at: 6s, start: vm-A", "at: 6s, kill: vm-A"] });
    expect(transitions(other, "vm-A")).toEqual([...STEADY, "MASTER STOPPED killed"]);
  });
});

describe("crash and restore", () => {
  it("crash is silent: no farewell, no carrier change, and nobody answers", () => {
    const cast: Cast = { timeline: ["at: 6s, crash: vm-A"] };
    const result = play(cast);
    expect(transitions(result, "vm-A")).toEqual([...STEADY, "MASTER STOPPED crashed"]);
    expect(holders(result)).toEqual(["vm-A garp-request", "vm-B garp-request"]);
    const [outage] = result.report.probes[0]!.outages;
    expect(outage!.from).toBe(6);
    expect(outage!.until).toBeGreaterThan(8.6);
    expect(outage!.until).toBeLessThan(9.7);
    expect(result.report.counters.drops).toEqual({});
    expect(
      readPcap(playCaptured(load(cast)).capture).some(({ tNs, interfaceName }) => {
        return tNs > 6.0001e9 && interfaceName === "vm-A.eth0";
      }),
    ).toBe(false);
  });

  it("restore boots with empty caches and starts the software", () => {
    const { report } = play({
      until: "16s",
      timeline: [
        "at: 5.999s, snapshot: before",
        "at: 6s, crash: client",
        "at: 7s, restore: client",
        "at: 7s, snapshot: booted",
        "at: 8s, crash: vm-A",
        "at: 9s, restore: vm-A",
      ],
    });
    const [before, booted] = report.snapshots;
    expect(before!.neighbours.map(({ host, address }) => `${host} ${address}`)).toContain("client 10.0.1.50");
    expect(booted!.neighbours.filter(({ host }) => host === "client")).toEqual([]);
    const ofA = report.vrrp.filter(({ host }) => host === "vm-A").map(({ from, to }) => `${from} ${to}`);
    expect(ofA).toEqual(["INIT BACKUP", "BACKUP MASTER", "MASTER STOPPED", "INIT BACKUP", "BACKUP MASTER"]);
    // A client that is down asks nothing.
    expect(report.probes[0]!.sent).toBe(1500);
  });
});

describe("link-down and link-up", () => {
  it("both ends see the carrier go, and come back", () => {
    const result = play({ until: "20s", timeline: ["at: 6s, link-down: vm-A", "at: 12s, link-up: vm-A.eth0"] });
    expect(transitions(result, "vm-A")).toEqual([
      ...STEADY,
      "MASTER FAULT interface-down",
      "FAULT BACKUP faults-cleared",
      "BACKUP MASTER master-down-timer",
    ]);
    expect(holders(result)).toEqual(["vm-A garp-request", "null link-down", "vm-B garp-request", "vm-A garp-request"]);
    expect(result.report.holders[1]).toEqual({
      at: 6,
      vip: "10.0.1.50",
      havip: "web",
      from: "vm-A",
      holder: null,
      nic: null,
      mac: null,
      cause: "link-down",
    });
  });

  it("touch the named vNIC only, or all of a host", () => {
    const more =
      "  gate: { nics: { eth0: { subnet: app, address: 10.0.1.1 }, eth1: { subnet: app, address: 10.0.1.2 } } }\n";
    const lines = (step: string): string[] =>
      play({ more, timeline: [step] })
        .happenings.filter(({ kind }) => kind === "step")
        .map(({ text }) => text);
    expect(lines("at: 1s, link-down: gate.eth1")).toEqual(["eth1 LOSES CARRIER"]);
    expect(lines("at: 1s, link-down: gate")).toEqual(["eth0, eth1 LOSES CARRIER"]);
    const outages = (step: string) =>
      play({ more, timeline: [step] }).report.probes[0]!.outages.map(({ from }) => from);
    expect(outages("at: 6s, link-down: client.eth0")).toEqual([6]);
    expect(outages("at: 6s, link-down: gate")).toEqual([]);
  });
});

describe("partition and heal", () => {
  const result = play({
    until: "20s",
    timeline: ["at: 6s, partition: [[vm-A], [vm-B, client]]", "at: 14s, heal: all"],
  });

  it("makes two masters, and the better one remains", () => {
    expect(transitions(result, "vm-A")).toEqual(STEADY);
    expect(transitions(result, "vm-B")).toEqual([...STEADY, "MASTER BACKUP higher-priority-advert"]);
    expect(holders(result)).toEqual(["vm-A garp-request", "vm-B garp-request", "vm-A garp-request"]);
  });

  it("cuts the client off until its side has a master", () => {
    const [outage] = result.report.probes[0]!.outages;
    expect(outage!.from).toBe(6);
    expect(outage!.until).toBeLessThan(9.7);
    expect(result.report.counters.drops.partitioned).toBeGreaterThan(100);
  });

  it("hosts left out form a group of their own", () => {
    const { report } = play({ timeline: ["at: 6s, partition: [[vm-A, vm-B]]"] });
    expect(report.probes[0]!.outages).toEqual([expect.objectContaining({ from: 6, until: 12, ended: false })]);
    expect(report.vrrp.filter(({ at }) => at > 6)).toEqual([]);
  });

  it("a later partition replaces the earlier one", () => {
    const { report } = play({
      timeline: ["at: 6s, partition: [[vm-A, vm-B]]", "at: 7s, partition: [[vm-B]]"],
    });
    expect(report.probes[0]!.outages).toEqual([expect.objectContaining({ from: 6, ended: true })]);
  });
});

describe("script and snapshot", () => {
  it("script decides what the tracked check returns from then on", () => {
    const result = play({
      until: "20s",
      a: "keepalived: checked.conf",
      timeline: [
        "at: 6s, script: { host: vm-A, name: chk, exit: 1 }",
        "at: 12s, script: { host: vm-A, name: chk, exit: 0 }",
      ],
    });
    expect(transitions(result, "vm-A").slice(2)).toEqual([
      "MASTER FAULT script-failed",
      "FAULT BACKUP faults-cleared",
      "BACKUP MASTER master-down-timer",
    ]);
    const fault = result.report.vrrp.find(({ to }) => to === "FAULT");
    expect(fault!.at).toBeGreaterThan(6);
    expect(fault!.at).toBeLessThan(7.1);
  });

  it("a script that a reload has taken away changes nothing, and that is said", () => {
    const result = play({
      a: "keepalived: checked.conf",
      timeline: [
        "at: 6s, reload: { host: vm-A, keepalived: a.conf }",
        "at: 8s, script: { host: vm-A, name: chk, exit: 1 }",
      ],
    });
    expect(transitions(result, "vm-A")).toEqual(STEADY);
    const said = result.happenings.find(({ atNs, kind }) => kind === "step" && atNs === 8e9);
    expect(said).toMatchObject({
      who: "vm-A",
      text: "script chk exits with 1 from now on, but the configuration has it no more",
    });
  });

  it("a script may fail from the start", () => {
    const result = play({ a: "keepalived: checked.conf, scripts: { chk: { exit: 1, runs: 20ms } }" });
    expect(transitions(result, "vm-A")).not.toContain("BACKUP MASTER master-down-timer");
    expect(holders(result)).toEqual(["vm-B garp-request"]);
  });

  it("snapshots are taken at their moment, in order, at both ends of the run too", () => {
    const { report } = play({
      timeline: ["at: 12s, snapshot: last", "at: 0s, snapshot: first", "at: 5s, snapshot: mid", "at: 5s, crash: vm-A"],
    });
    expect(report.snapshots.map(({ name, at }) => [name, at])).toEqual([
      ["first", 0],
      ["mid", 5],
      ["last", 12],
    ]);
    expect(report.snapshots[1]!.vrrp.map(({ host }) => host)).toEqual(["vm-A", "vm-B"]);
  });
});

describe("what changes nothing says so", () => {
  it.each([
    ["crash: vm-A", "CRASHES: the machine vanishes without a word, but it is down already", ["at: 1s, crash: vm-A"]],
    ["restore: vm-A", "boots again, but it is up already", []],
    ["start: vm-A", "keepalived is started, but it runs already", []],
    ["start: vm-A", "keepalived is started, but the machine is down", ["at: 1s, crash: vm-A"]],
    ["stop: vm-A", "keepalived is stopped in good order, but it does not run", ["at: 1s, kill: vm-A"]],
    ["kill: vm-A", "keepalived is killed, but it does not run", ["at: 1s, crash: vm-A"]],
  ])("%s: %s", (step, text, before) => {
    const { happenings, report } = play({ timeline: [...before, `at: 2s, ${step}`] });
    expect(happenings.filter(({ kind, atNs }) => kind === "step" && atNs === 2e9).map((line) => line.text)).toEqual([
      text,
    ]);
    expect(report.vrrp).toEqual(play({ timeline: before }).report.vrrp);
  });
});
