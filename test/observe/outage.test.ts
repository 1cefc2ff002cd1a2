/** Outages: what counts as one, and that their stages sum to the whole, whatever happened. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NS_PER_MS, NS_PER_S } from "../../src/base/units.ts";
import type { OutageEvent } from "../../src/observe/events.ts";
import { Cluster, conf, script, TRACK_CHK } from "../guest/keepalived/cluster.ts";

const tracked = (priority: number) => conf({ priority, before: script("fall 1", "rise 1"), lines: TRACK_CHK });
const pair = (seed = 1) => {
  const cluster = new Cluster({ n1: tracked(100), n2: tracked(90), client: {} }, { seed, latency: "50us" });
  cluster.network.addProbe("ping", { from: "client", to: "10.0.0.100", every: "20ms" });
  return cluster;
};
const sumOf = ({ stages }: OutageEvent) => Object.values(stages).reduce((sum, ns) => sum + ns, 0);

describe("an outage", () => {
  it("is from the first lost question to the next answer; a start is none", () => {
    const cluster = pair();
    cluster.at(6, () => cluster.network.crash("n1")).run(14);
    const [outage, ...more] = cluster.network.outagesOf("ping");
    expect(more).toEqual([]);
    expect(outage!.fromNs).toBe(6 * NS_PER_S);
    expect(outage!.ended).toBe(true);
    expect(outage!.lost).toBe(Math.floor((outage!.untilNs - outage!.fromNs) / (20 * NS_PER_MS)));
  });

  it("is told when it ends, as it is listed later", () => {
    const cluster = pair();
    const told: OutageEvent[] = [];
    cluster.network.events.on("outage", (event) => told.push(event));
    cluster
      .at(6, () => cluster.network.crash("n1"))
      .at(12, () => cluster.network.restore("n1"))
      .run(20);
    expect(told.length).toBeGreaterThan(0);
    expect(told).toEqual(cluster.network.outagesOf("ping"));
  });

  it("is not what answers have overtaken, and is told once nothing can overtake any more", () => {
    const cluster = new Cluster({ n1: {}, client: {} }, { latency: "50us" });
    const { network } = cluster;
    const told: { readonly event: OutageEvent; readonly atNs: number }[] = [];
    network.events.on("outage", (event) => told.push({ event, atNs: network.nowNs }));
    network.addProbe("ping", { from: "client", to: "10.0.0.1", every: "20ms", end: "5.5s" });
    network.impair({ on: "client", direction: "out", delay: "100ms", reorder: "20%" });
    cluster
      .at(5, () => network.linkDown("n1"))
      .at(5.3, () => network.linkUp("n1"))
      .run(8);
    const outages = network.outagesOf("ping");
    expect(outages.length).toBeGreaterThan(0);
    expect(told.map(({ event }) => event)).toEqual(outages);
    for (const { event, atNs } of told) {
      expect(event.fromNs).toBeGreaterThanOrEqual(4.89 * NS_PER_S);
      expect(atNs - event.fromNs).toBeGreaterThanOrEqual(NS_PER_S);
    }
  });

  it("is also when the client has no address to ask from", () => {
    const { network } = new Cluster({ n1: {}, client: {} }, { latency: "50us" });
    network.addProbe("ping", { from: "client", to: "10.0.0.1", every: "100ms" });
    network.at("2s", () => {
      const { ip, prefixLength: length } = network.host("client").nics[0]!.addresses.find(({ ip }) => ip.length === 4)!;
      network.deleteAddress("client", "eth0", ip);
      network.at("4s", () => network.addAddress("client", "eth0", { address: ip, length }));
    });
    network.run("10s");
    const { sent, answered, lost } = network.probes.get("ping")!;
    expect([sent, answered, lost]).toEqual([101, 80, 20]);
    const [outage, ...more] = network.outagesOf("ping");
    expect(more).toEqual([]);
    expect(outage).toMatchObject({ fromNs: 2 * NS_PER_S, untilNs: 4 * NS_PER_S, lost: 20 });
  });

  it("lasts no longer than its probe asks", () => {
    const { network } = new Cluster({ n1: {}, client: {} }, { latency: "50us" });
    network.addProbe("ping", { from: "client", to: "10.0.0.1", every: "100ms", end: "3s" });
    network.at("2.75s", () => network.crash("n1"));
    network.run("20s");
    const [outage, ...more] = network.outagesOf("ping");
    expect(more).toEqual([]);
    expect(outage).toMatchObject({ fromNs: 2.8 * NS_PER_S, untilNs: 3 * NS_PER_S, lost: 2, ended: false });
    expect(sumOf(outage!)).toBe(outage!.untilNs - outage!.fromNs);
  });

  it("is none where the answer comes in the very first moment", () => {
    const { network } = new Cluster({ n1: {}, client: {} }, { latency: "0s" });
    network.addProbe("ping", { from: "client", to: "10.0.0.1", every: "1s", end: "1ms" });
    network.run("5s");
    const { sent, answered, lost, latency } = network.probes.get("ping")!;
    expect([sent, answered, lost, latency?.maxNs, network.outagesOf("ping")]).toEqual([1, 1, 0, 0, []]);
  });

  it("lasts to the end if no answer comes", () => {
    const cluster = pair();
    cluster
      .at(6, () => cluster.network.crash("n1"))
      .at(6, () => cluster.network.crash("n2"))
      .run(10);
    const [outage] = cluster.network.outagesOf("ping");
    expect(outage).toMatchObject({ fromNs: 6 * NS_PER_S, untilNs: 10 * NS_PER_S, ended: false });
    expect(sumOf(outage!)).toBe(4 * NS_PER_S);
  });

  it("is the whole time if there never was an answer", () => {
    const cluster = new Cluster({ client: {} });
    cluster.network.addProbe("ping", { from: "client", to: "10.0.0.100", every: "20ms" });
    cluster.run(2.99);
    expect(cluster.network.outagesOf("ping")).toMatchObject([
      { fromNs: 0, untilNs: 2.99 * NS_PER_S, lost: 150, ended: false },
    ]);
  });

  it("is not what is still unanswered within its last second", () => {
    const cluster = pair();
    cluster.at(6, () => cluster.network.crash("n1")).run(6.9);
    expect(cluster.network.outagesOf("ping")).toEqual([]);
  });
});

describe("a round trip that is longer than the pause between questions", () => {
  it("neither lengthens outages nor makes them overlap", () => {
    const cluster = new Cluster({ n1: {}, client: {} }, { seed: 1, latency: "50ms" });
    const { network } = cluster;
    network.addProbe("ping", { from: "client", to: "10.0.0.1", every: "10ms" });
    for (const second of [2, 2.1])
      cluster.at(second, () => network.linkDown("n1")).at(second + 0.01, () => network.linkUp("n1"));
    cluster.run(5);
    const outages = network.outagesOf("ping");
    expect(outages.length).toBeGreaterThan(1);
    outages.forEach(({ fromNs, untilNs, lost }, i) => {
      expect(untilNs).toBe(fromNs + lost * 10 * NS_PER_MS);
      expect(fromNs).toBeGreaterThanOrEqual(outages[i - 1]?.untilNs ?? 0);
    });
  });
});

describe("the stages of a crash", () => {
  it("are the missing adverts, the skew, and milliseconds", () => {
    const cluster = pair();
    cluster.at(6, () => cluster.network.crash("n1")).run(14);
    const [{ stages, fromNs, untilNs }] = cluster.network.outagesOf("ping") as [OutageEvent];
    const mastered = cluster.transitions.find(({ host, to }) => host === "n2" && to === "MASTER")!.atNs;
    expect(stages.elect).toBe(648_437_000);
    expect(stages.detect).toBe(mastered - 648_437_000 - fromNs);
    // The addresses are up half a millisecond after the first advert; 50 us to the switch, 50 us to the client.
    expect(stages.announce).toBe(550_000);
    expect(stages.bind).toBe(0);
    expect(stages.cache).toBe(50_000);
    expect(stages.transport).toBe(untilNs - mastered - 600_000);
    expect(stages.transport).toBeLessThan(21 * NS_PER_MS);
  });

  it("of a stop in good order are the skew, and milliseconds", () => {
    const cluster = pair();
    cluster.at(6, () => cluster.network.stop("n1")).run(14);
    const [{ stages, fromNs }] = cluster.network.outagesOf("ping") as [OutageEvent];
    const mastered = cluster.transitions.find(({ host, to }) => host === "n2" && to === "MASTER")!.atNs;
    // The first lost question comes after the farewell: the standby knew already.
    expect([stages.detect, stages.elect]).toEqual([0, mastered - fromNs]);
    expect(stages.announce).toBe(550_000);
  });
});

describe("any faults, any seed", () => {
  const fault = fc.record({
    atMs: fc.integer({ min: 3000, max: 20_000 }),
    host: fc.constantFrom("n1", "n2"),
    verb: fc.constantFrom(
      "crash",
      "restore",
      "stop",
      "start",
      "kill",
      "linkDown",
      "linkUp",
      "partition",
      "heal",
      "fail",
      "succeed",
    ),
  });

  it("the stages are never negative and sum exactly to the outage; events come in the order of time; no frame is kept", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2 ** 31 }),
        fc.array(fault, { minLength: 1, maxLength: 6 }),
        (seed, faults) => {
          const cluster = pair(seed);
          const { network } = cluster;
          const times: number[] = [];
          for (const name of ["holder", "announcement", "moved", "vrrp", "note", "neighbour"] as const)
            network.events.on(name, ({ atNs }: { atNs: number }) => times.push(atNs));
          for (const { atMs, host, verb } of faults) {
            cluster.at(atMs / 1000, () => {
              if (verb === "partition") network.partition([["n1"], ["n2"]]);
              else if (verb === "heal") network.heal();
              else if (verb === "fail") network.script(host, "chk", 1);
              else if (verb === "succeed") network.script(host, "chk", 0);
              else network[verb](host);
            });
          }
          cluster.run(24);
          const outages = network.outagesOf("ping");
          for (const outage of outages) {
            expect(sumOf(outage)).toBe(outage.untilNs - outage.fromNs);
            for (const ns of Object.values(outage.stages)) expect(ns).toBeGreaterThanOrEqual(0);
            expect(outage.lost).toBeGreaterThan(0);
          }
          for (let i = 1; i < outages.length; i++) expect(outages[i]!.fromNs).toBeGreaterThan(outages[i - 1]!.fromNs);
          expect(times).toEqual(times.toSorted((a, b) => a - b));
          // All machines gone, and three seconds for what still waits for a neighbour.
          for (const host of ["n1", "n2", "client"]) network.crash(host);
          cluster.run(28);
          expect(network.fabric.slab.inUse).toBe(0);
        },
      ),
      { numRuns: 80 },
    );
  });
});
