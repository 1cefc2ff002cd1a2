/** Where an outage's time goes when what decides is no keepalived: a person, or switches that disagree. */
import { describe, expect, it } from "vitest";
import { NS_PER_MS, NS_PER_S } from "../../src/base/units.ts";
import type { OutageEvent } from "../../src/observe/events.ts";
import { runScenario } from "../../src/scenario/run.ts";
import type { Cluster } from "../guest/keepalived/cluster.ts";
import { topology } from "../scenario/run/stage.ts";
import { CABLE, cast, NONE, only, seconds, US } from "./outage-cast.ts";

describe("a person moves an address that no keepalived knows of", () => {
  const moved = (withArping: boolean, named: boolean): Cluster => {
    const cluster = cast({ n1: {}, n2: {} }, "10.0.0.50");
    const { network } = cluster;
    if (named) network.addHavip("vip", { subnet: "lan", address: "10.0.0.50" });
    cluster
      .at(0.5, () => network.addAddress("n1", "eth0", "10.0.0.50/24"))
      .at(6.005, () => network.crash("n1"))
      .at(9, () => network.addAddress("n2", "eth0", "10.0.0.50/24"));
    if (withArping) {
      const address = Uint8Array.of(10, 0, 0, 50);
      cluster.at(11, () =>
        network.hands.type("n2", { what: "arping", nic: "eth0", address, form: "request", count: 1 }),
      );
    }
    return cluster.run(14);
  };
  const wait = seconds(9 - 6.01);

  it("and announces it: the network, which watches the address, knows when", () => {
    const { stages, takeovers } = only(moved(true, true));
    expect(stages).toEqual({
      ...NONE,
      detect: wait,
      announce: seconds(2) + CABLE,
      cache: CABLE,
      transport: 10 * NS_PER_MS - 2 * CABLE,
    });
    expect(takeovers).toEqual([{ atNs: seconds(9), host: "n2", from: "n1", by: "command", bootedNs: 0 }]);
  });

  it("and announces it, but the address is not watched: the client did not know", () => {
    const { stages } = only(moved(true, false));
    expect(stages).toEqual({
      ...NONE,
      detect: wait,
      cache: seconds(2) + 2 * CABLE,
      transport: 10 * NS_PER_MS - 2 * CABLE,
    });
  });

  it("and says nothing: the client goes on sending to the dead", () => {
    const { stages, ended, fromNs, untilNs } = only(moved(false, true));
    expect(ended).toBe(false);
    expect(stages).toEqual({ ...NONE, detect: wait, cache: untilNs - fromNs - wait });
  });
});

describe("switches that disagree", () => {
  it("keep those in the dark who are behind an uplink that loses the announcement, each client by itself", () => {
    const { outages } = runScenario(topology("three-switches"));
    const cache = (probe: string) => outages.get(probe)![0]!.stages.cache;
    const uplink = 5 * US;
    expect(cache("from-rack-2")).toBe(CABLE);
    // The second burst comes after garp_master_delay, and over one uplink or two.
    expect(cache("from-core")).toBe(5 * NS_PER_S + uplink + CABLE);
    expect(cache("from-rack-1")).toBe(5 * NS_PER_S + 2 * uplink + CABLE);
  });

  it("until they forget: to the millisecond at which an entry expires", () => {
    const [{ parts }] = runScenario(topology("three-switches-repairs")).outages.get("ageing") as [OutageEvent];
    const cache = parts.find(({ stage }) => stage === "cache")!;
    expect(cache).toMatchObject({ why: "switch", where: "core", host: "lb-2" });
    expect(cache.untilNs % NS_PER_MS).toBe(0);
    expect(parts.at(-1)).toMatchObject({ stage: "transport", fromNs: cache.untilNs });
  });

  it("and are blamed where they believe late, or never, that a MAC has moved", () => {
    const { outages, endNs } = runScenario(topology("switch-profiles"));
    const blamed = (probe: string) =>
      outages.get(probe)!.map(({ parts }) => {
        const { stage, why, where, host } = parts.toSorted((a, b) => b.untilNs - b.fromNs - (a.untilNs - a.fromNs))[0]!;
        return [stage, why, where, host].join(" ");
      });
    expect(blamed("vde-virtual")).toEqual([
      "cache switch vde lb-2",
      "cache switch vde lb-1",
      "detect nobody  lb-2",
      "cache switch vde lb-1",
      "detect nobody  lb-2",
    ]);
    expect(blamed("gvisor-virtual")).toEqual(Array(3).fill("cache switch gvisor lb-2"));
    for (const probe of ["vde-virtual", "gvisor-virtual"])
      for (const { stages } of outages.get(probe)!) expect(stages.transport).toBeLessThanOrEqual(10 * NS_PER_MS);
    const last = outages.get("gvisor-virtual")![2]!;
    expect(last).toMatchObject({ ended: false, untilNs: endNs });
    expect(last.stages.transport).toBe(0);
  });
});
