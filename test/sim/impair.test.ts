/** Impaired cables in a network: which are meant, who hears of it, and what becomes of frames that wait. */
import { describe, expect, it } from "vitest";
import type { LostEvent } from "../../src/observe/events.ts";
import type { Network } from "../../src/sim/network.ts";
import type { ImpairOptions } from "../../src/sim/options.ts";
import { ConfigError } from "../../src/text/config-error.ts";
import { conf } from "../guest/keepalived/cluster.ts";
import { arrivals, BROADCAST, macOf, plug, send, star } from "./wires.ts";

/** Hosts `a` and `c` at rack r1, `b` at the core. */
function trio(seed = 1): Network {
  const network = star({ seed, racks: ["r1"] });
  plug(network, { a: "r1", b: "core", c: "r1" });
  return network;
}

/** The time at which each host has a broadcast of `a`, us. */
function reached(network: Network, from = "a"): Record<string, number> {
  const times: Record<string, number> = {};
  const startNs = network.nowNs;
  for (const [name, host] of network.hosts)
    host.nics[0]!.receive = () => {
      times[name] = (network.nowNs - startNs) / 1_000;
    };
  send(network, from, BROADCAST);
  network.run(startNs + 1e9);
  return times;
}

describe("an impaired cable of a host", () => {
  const base = { b: 105, c: 100 };

  it.each([
    [
      { on: "a", delay: "1ms" },
      { b: 1_105, c: 1_100 },
    ],
    [
      { on: "a.eth0", direction: "out", delay: "1ms" },
      { b: 1_105, c: 1_100 },
    ],
    [{ on: "a.eth0", direction: "in", delay: "1ms" }, base],
    [
      { on: "b", direction: "in", delay: "1ms" },
      { b: 1_105, c: 100 },
    ],
    [{ on: "b", direction: "out", delay: "1ms" }, base],
    [{ on: "b", loss: "100%" }, { c: 100 }],
    [
      { on: "to-r1", delay: "1ms" },
      { b: 1_105, c: 100 },
    ],
    [
      { on: "r1:to-r1", direction: "out", delay: "1ms" },
      { b: 1_105, c: 100 },
    ],
    [{ on: "r1:to-r1", direction: "in", delay: "1ms" }, base],
    [
      { on: "a", direction: "out", rate: "1mbit" },
      { b: 585, c: 580 },
    ],
  ] as const)("%o: what it means", (options, times) => {
    const network = trio();
    expect(reached(network)).toEqual(base);
    network.impair(options);
    expect(reached(network)).toEqual(times);
    expect(network.fabric.slab.inUse).toBe(0);
  });

  it("of several NICs means all, or the one that is named", () => {
    const network = star({ racks: [] });
    network.addHost("a", { nics: { eth0: { subnet: "lan" }, eth1: { subnet: "lan" } } });
    network.impair({ on: "a.eth1", loss: 1 });
    const impaired = () => network.fabric.ports.map(({ fromNic, toNic }) => [fromNic !== null, toNic !== null]);
    expect(impaired()).toEqual([
      [false, false],
      [true, true],
    ]);
    network.impair({ on: "a", direction: "out", loss: 1 });
    expect(impaired()).toEqual([
      [true, false],
      [true, true],
    ]);
  });

  it("draws by itself: another impairment changes nothing for it", () => {
    const got = (others: readonly ImpairOptions[]) => {
      const network = trio();
      for (const options of others) network.impair(options);
      network.impair({ on: "b", direction: "in", loss: "50%" });
      const seen = arrivals(network);
      const times: number[] = [];
      network.host("b").nics[0]!.receive = () => void times.push(network.nowNs);
      for (let i = 0; i < 100; i++) network.at(i * 1_000, () => send(network, "a", BROADCAST));
      network.run("1s");
      expect(seen.length).toBeGreaterThan(100);
      return times;
    };
    const alone = got([]);
    expect(alone.length).toBeGreaterThan(30);
    expect(alone.length).toBeLessThan(70);
    expect(
      got([
        { on: "c", loss: "50%" },
        { on: "b", direction: "out", loss: "10%" },
      ]),
    ).toEqual(alone);
  });

  it("has flipped bits only for the receiver that it belongs to", () => {
    const network = trio();
    network.impair({ on: "b", direction: "in", corrupt: "100%" });
    const got: Record<string, string> = {};
    for (const name of ["b", "c"])
      network.host(name).nics[0]!.receive = (frame) => {
        const { slab } = network.fabric;
        got[name] = Buffer.from(slab.bytes.subarray(slab.start(frame), slab.start(frame) + 60)).toString("hex");
      };
    send(network, "a", BROADCAST);
    network.run("1s");
    const whole = `ffffffffffff${macOf(network, "a").replaceAll(":", "")}88b5`.padEnd(120, "0");
    expect(got.c).toBe(whole);
    expect(got.b).not.toBe(whole);
    expect(network.fabric.slab.inUse).toBe(0);
  });

  it("does not make a storm of frames that come twice", () => {
    const network = star({ racks: ["r1", "r2"], subnet: { storm: "allow" } });
    plug(network, { a: "r1", b: "r2" });
    network.impair({ on: "to-r1", duplicate: "100%" });
    network.impair({ on: "to-r2", duplicate: "100%" });
    const seen = arrivals(network);
    send(network, "a", BROADCAST);
    network.run("1s");
    expect(seen).toEqual(["b", "b", "b", "b"]);
    expect(network.storms).toEqual([]);
  });
});

describe("the end of an impairment", () => {
  it("is that of what its step set, word by word, back to nothing", () => {
    const network = trio();
    const notes: string[] = [];
    network.events.on("note", ({ atNs, host, text }) => notes.push(`${atNs / 1e6} ${host} ${text}`));
    network.impair({ on: "a", direction: "out", delay: "1ms", jitter: "100us", loss: "1%", for: "10ms" });
    network.impair({ on: "a", direction: "out", loss: "2%" });
    network.impair({ on: "a", direction: "out", corrupt: "3%", for: "20ms" });
    const now = () => network.fabric.ports[network.host("a").nics[0]!.port]!.fromNic!.impairing;
    network.run("15ms");
    expect(now()).toMatchObject({ delayNs: 0, jitterNs: 0, loss: { share: 0.02, burst: null }, corrupt: 0.03 });
    network.run("25ms");
    expect(now()).toMatchObject({ loss: { share: 0.02 }, corrupt: 0 });
    expect(notes).toEqual([
      "10 a eth0 delays nothing any more on its way out",
      "20 a eth0 corrupts nothing any more on its way out",
    ]);
  });

  it("comes only of what was set, not of what was cleared for a time", () => {
    const network = trio();
    const notes: string[] = [];
    network.events.on("note", ({ text }) => notes.push(text));
    network.impair({ on: "to-r1", delay: "1ms", loss: 0, corrupt: 0, for: "1s" });
    network.run("2s");
    expect(notes).toEqual(["delays nothing any more from core to r1", "delays nothing any more from r1 to core"]);
  });

  it("says every word, both ways", () => {
    const network = trio();
    const notes: string[] = [];
    network.events.on("note", ({ host, text }) => notes.push(`${host} ${text}`));
    network.impair({ on: "a", delay: "1ms", for: "1s" });
    network.impair({ on: "a", jitter: "1ms", loss: 0.1, duplicate: 0.1, reorder: 0.1, for: "500ms" });
    network.impair({ on: "to-r1", corrupt: 0.1, rate: "1gbit", announcements: "3/s", for: "2s" });
    network.run("3s");
    const [some, few] = [
      "eth0 delays all frames alike, loses nothing any more, doubles nothing any more, lets no frame overtake any more on its way",
      "corrupts nothing any more, carries as much as comes, lets all announcements pass from",
    ];
    expect(notes).toEqual([
      `a ${some} out`,
      `a ${some} in`,
      "a eth0 delays nothing any more on its way out",
      "a eth0 delays nothing any more on its way in",
      `to-r1 ${few} core to r1`,
      `to-r1 ${few} r1 to core`,
    ]);
  });
});

describe("frames that wait in an impairment", () => {
  const waiting = () => {
    const network = trio();
    for (const on of ["a", "b", "to-r1"]) network.impair({ on, delay: "100ms", jitter: "90ms", duplicate: "50%" });
    for (let i = 0; i < 50; i++) network.at(i * 1e6, () => send(network, "a", BROADCAST));
    return network;
  };
  const ways = (network: Network) => [
    ...network.fabric.ports.flatMap(({ fromNic, toNic }) => [fromNic, toNic]),
    ...[...network.links.values()].flatMap((link) => link.ways.map(({ impairment }) => impairment)),
  ];

  it.each([
    ["nothing happens", () => {}],
    ["their sender crashes", (network: Network) => network.crash("a")],
    ["their receiver crashes", (network: Network) => network.crash("b")],
    ["their receiver stands still", (network: Network) => network.pause("b")],
    ["the carrier of the sender goes", (network: Network) => network.linkDown("a")],
    ["the carrier of the receiver goes", (network: Network) => network.linkDown("b")],
    ["the carrier of the link goes", (network: Network) => network.linkDown("to-r1")],
    ["a partition begins", (network: Network) => network.partition([["a"], ["b", "c"]])],
    [
      "all words are cleared",
      (network: Network) => {
        for (const on of ["a", "b", "to-r1"]) network.impair({ on, delay: 0, jitter: 0, duplicate: 0 });
      },
    ],
  ] as const)("come back, when %s", (_what, act) => {
    const network = waiting();
    network.at("60ms", () => {
      expect(ways(network).some((way) => way !== null && way.waiting > 0)).toBe(true);
      act(network);
    });
    network.run("2s");
    if (network.host("b").paused) network.resume("b");
    expect(network.fabric.slab.inUse).toBe(0);
    for (const way of ways(network)) {
      if (way === null) continue;
      expect(way.waiting).toBe(0);
      expect(way.counts.frames + way.counts.duplicated).toBeGreaterThanOrEqual(way.counts.lost);
    }
  });

  it("are lost with the carrier, even if it is back before they are due", () => {
    const network = trio();
    network.impair({ on: "a", direction: "out", delay: "100ms" });
    const seen = arrivals(network);
    send(network, "a", BROADCAST);
    network.at("10ms", () => network.linkDown("a"));
    network.at("20ms", () => network.linkUp("a"));
    network.at("30ms", () => send(network, "a", BROADCAST));
    network.run("1s");
    expect(seen).toEqual(["c", "b"]);
    expect(network.fabric.ports[network.host("a").nics[0]!.port]!.fromNic!.counts).toMatchObject({
      frames: 2,
      lost: 1,
    });
    expect(network.fabric.slab.inUse).toBe(0);
  });

  it("are on the cable: a crash of the sender does not call them back", () => {
    const network = trio();
    network.impair({ on: "a", direction: "out", delay: "100ms" });
    const seen = arrivals(network);
    send(network, "a", BROADCAST);
    network.at("10ms", () => network.crash("a"));
    network.run("1s");
    expect(seen).toEqual(["c", "b"]);
  });

  it("belong to the side that their sender was on", () => {
    const network = trio();
    network.impair({ on: "a", direction: "out", delay: "100ms" });
    const seen = arrivals(network);
    network.partition([["a", "c"], ["b"]]);
    send(network, "a", BROADCAST);
    network.run("1s");
    expect(seen).toEqual(["c"]);
  });
});

describe("what is told of lost frames", () => {
  const announcing = (options: Omit<ImpairOptions, "on">, vips: readonly string[] = ["10.0.0.50"]) => {
    const network = star({ racks: [] });
    const keepalived = conf({ vips: [...vips] });
    network.addHost("a", { subnet: "lan", address: "10.0.0.1", keepalived });
    network.addHost("b", { subnet: "lan", address: "10.0.0.2" });
    network.impair({ on: "a", ...options });
    const lost: LostEvent[] = [];
    network.events.on("lost", (event) => lost.push(event));
    network.run("4s");
    return { network, lost };
  };

  it("is whose cable it was, which way, why, and what they announced", () => {
    const { lost } = announcing({ direction: "out", loss: "100%" });
    const announced = lost.filter(({ announces }) => announces !== null);
    expect(announced).toHaveLength(5);
    const { link, from, to, direction, cause, announces, frame } = announced[0]!;
    expect([link, from, to, direction, cause, announces]).toEqual([
      "a.eth0",
      "a",
      "core",
      "out",
      "chance",
      "10.0.0.50",
    ]);
    expect(frame).toContain("who-has 10.0.0.50");
    expect(announcing({ direction: "in", loss: "100%" }).lost).toEqual([]);
  });

  it("is that a policer took them: of three addresses the network believes in one", () => {
    const vips = ["10.0.0.50", "10.0.0.51", "10.0.0.52"];
    const { network, lost } = announcing({ announcements: "1/s" }, vips);
    expect(new Set(lost.map(({ cause }) => cause))).toEqual(new Set(["policer"]));
    expect(new Set(lost.map(({ announces }) => announces))).toEqual(new Set(vips));
    const way = network.fabric.ports[network.host("a").nics[0]!.port]!.fromNic!;
    expect(way.counts.policed).toBe(lost.length);
    expect(lost.length).toBe(14);
  });
});

describe("what cannot be impaired", () => {
  const REFUSED: readonly (readonly [ImpairOptions, string, string])[] = [
    [{ on: "z", loss: 1 }, "there is no host, NIC or link z", "hosts: a, b, c; links: to-r1"],
    [{ on: "a.eth9", loss: 1 }, "there is no NIC a.eth9", "a.eth0"],
    [{ on: "z.eth0", loss: 1 }, "there is no host, NIC or link z.eth0", ""],
    [{ on: "core:a", loss: 1 }, "there is no link a", "links: to-r1"],
    [{ on: "a" }, "an impairment of a names nothing", "delay, jitter, loss"],
    [{ on: "a", loss: 1.1 }, "loss on a: 1.1 is no share", "%"],
    [{ on: "a", loss: { share: "101%", burst: 3 } }, "loss on a: 101% is no share", "%"],
    [{ on: "a", loss: { share: 0.5, burst: 0 } }, "0 is no length of a burst", "1 to 10000"],
    [{ on: "a", loss: { share: 0.5, burst: 1.5 } }, "1.5 is no length of a burst", "1 to 10000"],
    [{ on: "a", loss: { share: "90%", burst: 8 } }, "bursts of 8 cannot lose 90%", "8 of 9 frames"],
    [{ on: "a", duplicate: "x" }, "duplicate on a: x is no share", "%"],
    [{ on: "a", corrupt: -1 }, "corrupt on a: -1 is no share", "%"],
    [{ on: "a", delay: "1 fortnight" }, "delay on a: 1 fortnight is no duration", "10ms"],
    [{ on: "a", rate: "1bit" }, "rate on a: 1bit is no rate", "1kbit"],
    [{ on: "a", rate: 999 }, "rate on a: 999 is no rate", "1kbit"],
    [{ on: "a", announcements: "2" }, "announcements on a: 2 is no pace", "2/s"],
    [{ on: "a", announcements: 0.001 }, "announcements on a: 0.001 is no pace", "0.01/s"],
    [{ on: "a", jitter: "1ms" }, "jitter on a.eth0 from a to r1: it varies a delay", "delay: 10ms"],
    [{ on: "a", reorder: "1%" }, "reorder on a.eth0 from a to r1: some frames are sent at once", "delay: 10ms"],
    [{ on: "a", delay: 0, jitter: "1ms" }, "jitter on a.eth0 from a to r1", "delay"],
    [{ on: "a", loss: 1, for: 0 }, "for no time impairs nothing", "300ms"],
  ];

  it.each(REFUSED)("%o is refused", (options, message, hint) => {
    const network = trio();
    expect(() => network.impair(options)).toThrow(ConfigError);
    try {
      network.impair(options);
    } catch (error) {
      const [finding] = (error as ConfigError).findings;
      expect(finding!.message).toContain(message);
      expect(finding!.hint).toContain(hint);
    }
    expect(reached(network)).toEqual({ b: 105, c: 100 });
  });

  it("is nothing where an earlier delay is in force, and only one of two ways is not enough", () => {
    const network = trio();
    network.impair({ on: "a", direction: "out", delay: "10ms" });
    network.impair({ on: "a", direction: "out", jitter: "10ms", reorder: "10%" });
    expect(() => network.impair({ on: "a", jitter: "10ms" })).toThrow("jitter on a.eth0 from r1 to a");
  });
});
