/** What a recorder hears of a run. */
import { describe, expect, it } from "vitest";
import type { ReportProbe } from "../../src/scenario/report.ts";
import { topology } from "../scenario/run/stage.ts";
import { loaded, PARTITION, recorded, THREE_NODES } from "./scenarios.ts";

const S = 1e9;

describe("a recorder", () => {
  it("knows of each host whether it lives, stands still, has carrier, and runs its software", () => {
    const { hosts } = recorded(loaded(THREE_NODES)).recording;
    const told = (name: string) =>
      hosts
        .find((host) => host.name === name)!
        .lives.map(({ atNs, value: { machine, dark, software } }) => [
          Number((atNs / S).toFixed(2)),
          machine,
          dark.join(),
          software,
        ]);
    expect(told("vm-A")).toEqual([
      [0, "running", "", true],
      [10, "down", "", false],
    ]);
    expect(told("vm-B")).toEqual([
      [0, "running", "", true],
      [16, "running", "", false],
    ]);
    expect(told("vm-C")).toEqual([
      [0, "running", "", true],
      [20, "paused", "", true],
      [20.5, "running", "", true],
      [22, "running", "eth0", true],
      [25, "running", "", true],
    ]);
    expect(told("client")).toEqual([[0, "running", "", true]]);
  });

  it("knows where a switch has the holder's MAC, when it forgets it, and when it learns it again", () => {
    const { result, recording } = recorded(loaded(THREE_NODES));
    const mac = result.report.holders.findLast(({ holder }) => holder === "vm-C")!.mac;
    const place = recording.places.find((one) => one.mac === mac)!;
    expect([place.subnet, place.switch]).toEqual(["app", "app"]);
    expect(place.ports.map(({ value }) => value)).toEqual(["vm-C.eth0", null, "vm-C.eth0"]);
    const [first, lost, again] = place.ports.map(({ atNs }) => atNs / S);
    expect(first).toBeCloseTo(result.report.holders.find(({ mac: its }) => its === mac)!.at, 6);
    expect(lost).toBe(22);
    expect(again).toBeGreaterThan(25);
  });

  it("sees at every switch where a MAC is, and when an entry has aged, to the moment", () => {
    const { result, recording } = recorded(topology("three-switches-repairs"));
    const virtual = recording.places.filter(({ mac }) => mac === "00:00:5e:00:01:35");
    expect(virtual.map((one) => one.switch)).toEqual(["core", "rack-1", "rack-2"]);
    const core = virtual[0]!.ports;
    expect(core.slice(0, 4).map(({ value }) => value)).toEqual([null, "core:uplink-1", null, "core:uplink-2"]);
    // From then on questions are flooded, and answered: one is sent every 10 ms.
    const [outage] = result.report.probes.find(({ name }) => name === "ageing")!.outages;
    const agedFor = outage!.until - core[2]!.atNs / S;
    expect(agedFor).toBeGreaterThanOrEqual(0);
    expect(agedFor).toBeLessThanOrEqual(0.01);
    expect([...recording.behind.get("core:uplink-2")!]).toEqual(["lb-2"]);
    expect([...recording.behind.get("rack-1:uplink-1")!].sort()).toEqual(["client", "lb-2"]);
  });

  it("knows what cables did, to the end of it", () => {
    const { impairments, links } = recorded(topology("three-switches")).recording;
    expect(
      impairments.map(({ name, way, words }) => [name, way, ...words.map(({ atNs, value }) => [atNs / S, value])]),
    ).toEqual([["uplink-2", "from rack-2 to core", [12, "LOSES EVERY FRAME"], [14, ""]]]);
    expect(links.map(({ name, carrier }) => [name, carrier.length])).toEqual([
      ["uplink-1", 1],
      ["uplink-2", 1],
    ]);
  });

  it("turns a probe's questions into stretches with the same fate that leave out none", () => {
    const { result, recording } = recorded(loaded(PARTITION));
    const { fates, parts } = recording.probes[0]!;
    const [probe] = result.report.probes;
    const count = (answered: boolean) =>
      fates!.filter((fate) => fate.answered === answered).reduce((sum, { questions }) => sum + questions, 0);
    expect([count(true), count(false)]).toEqual([probe!.answered, probe!.sent - probe!.answered]);
    const [outage] = probe!.outages;
    const lost = fates!.findLast(({ answered }) => !answered)!;
    expect([lost.fromNs / S, lost.untilNs / S, lost.questions]).toEqual([outage!.from, outage!.until, outage!.lost]);
    expect(parts.reduce((sum, { sent }) => sum + sent, 0)).toBe(probe!.sent);
    expect(parts.reduce((sum, part) => sum + part.unanswered, 0)).toBe(probe!.sent - probe!.answered);
    expect(Math.max(...parts.map(({ slowestNs }) => slowestNs)) / S).toBeCloseTo(probe!.latency!.max, 9);
  });

  it("counts late answers among the slow ones", () => {
    const kept = PARTITION.replace("every: 10ms", "every: 10ms, kind: tcp, connection: kept")
      .replace("partition: [[vm-A], [vm-B, client]]", "link-down: client")
      .replace("{ at: 20s, heal: all }", "{ at: 10.5s, link-up: client }");
    const { result, recording } = recorded(loaded(kept));
    const [{ latency, flow, sent, answered }] = result.report.probes as [ReportProbe];
    const { parts } = recording.probes[0]!;
    expect(flow!.late).toBeGreaterThan(0);
    expect(Math.max(...parts.map(({ slowestNs }) => slowestNs)) / S).toBeCloseTo(latency!.max, 9);
    expect(parts.reduce((sum, { unanswered }) => sum + unanswered, 0)).toBe(sent - answered + flow!.late);
  });

  it("says nothing of words that do nothing without a delay", () => {
    const impaired = PARTITION.replace(
      "{ at: 10s, partition: [[vm-A], [vm-B, client]] }",
      "{ at: 10s, impair: { on: client, direction: out, delay: 5ms, for: 1s } }",
    ).replace(
      "{ at: 20s, heal: all }",
      "{ at: 10.5s, impair: { on: client, direction: out, jitter: 1ms, reorder: 25% } }",
    );
    const [way] = recorded(loaded(impaired)).recording.impairments;
    expect(way!.words.map(({ atNs, value }) => [atNs / S, value])).toEqual([
      [10, "delays frames by 5 ms"],
      [10.5, "delays frames by 5 ms ± 1 ms, lets 25 % of its frames overtake"],
      [11, ""],
    ]);
  });
});
