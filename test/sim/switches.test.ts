/** Several switches in one subnet: how frames cross links, what each switch learns, and what becomes of it in faults. */
import { describe, expect, it } from "vitest";
import { NS_PER_MS, NS_PER_S, NS_PER_US } from "../../src/base/units.ts";
import { Network } from "../../src/sim/network.ts";
import { ConfigError } from "../../src/text/config-error.ts";
import { conf } from "../guest/keepalived/cluster.ts";
import { arrivals, BROADCAST, macOf, plug, send, star, tables } from "./wires.ts";

const RACKS = { a: "r1", b: "r2", c: "core" } as const;

describe("frames between switches", () => {
  it("take the latency of the link on top of both cables, each way", () => {
    const network = star({ subnet: { latency: "1ms" }, racks: ["r1"], link: { latency: "10ms" } });
    plug(network, { x: "r1", y: "core" });
    const probe = network.addProbe("p", { from: "x", to: "10.0.0.2", every: "1s", start: "1s" });
    network.run("3s");
    // The first waits for ARP: there and back once more.
    const took = Array.from(probe.answeredNs.subarray(0, 2), (atNs, i) => (atNs - (i + 1) * NS_PER_S) / NS_PER_MS);
    expect(took).toEqual([48, 24]);
  });

  it("are flooded over every link once, by reference, and reach everybody else once", () => {
    const network = star({ racks: ["r1", "r2", "r3"] });
    plug(network, { a: "r1", b: "r2", c: "core", d: "r3", e: "r1" });
    const seen = arrivals(network);
    send(network, "a", BROADCAST);
    expect(network.fabric.slab.inUse).toBe(1);
    network.run("60us");
    expect(network.fabric.slab.inUse).toBe(1);
    network.run("1s");
    expect(seen.toSorted()).toEqual(["b", "c", "d", "e"]);
    const carried = [...network.links.values()].map(({ name, ways }) => [name, ...ways.map(({ frames }) => frames)]);
    expect(carried).toEqual([
      ["to-r1", 0, 1],
      ["to-r2", 1, 0],
      ["to-r3", 1, 0],
    ]);
    expect(network.fabric.slab.inUse).toBe(0);
  });

  it("to a known address cross only the links on the way", () => {
    const network = star({ racks: ["r1", "r2", "r3"] });
    plug(network, { a: "r1", b: "r2", d: "r3" });
    send(network, "b", BROADCAST);
    network.run("1s");
    const seen = arrivals(network);
    send(network, "a", macOf(network, "b"));
    network.run("2s");
    expect(seen).toEqual(["b"]);
    expect(network.links.get("to-r3")!.ways.map(({ frames }) => frames)).toEqual([1, 0]);
  });

  it("teach each switch where their sender is, as seen from there", () => {
    const network = star();
    plug(network, RACKS);
    send(network, "a", BROADCAST);
    network.run("1s");
    const mac = macOf(network, "a");
    expect(tables(network)).toEqual({
      core: { [mac]: "core:to-r1" },
      r1: { [mac]: "a.eth0" },
      r2: { [mac]: "r2:to-r2" },
    });
  });

  it("are seen once by taps, where they came from their host", () => {
    const network = star();
    plug(network, RACKS);
    const entered: string[] = [];
    network.fabric.taps.push({ onFrame: (port) => entered.push(network.fabric.nicAt(port).label) });
    const crossed: number[] = [];
    network.fabric.trunkTaps.push({ onFrame: (port) => crossed.push(port) });
    send(network, "a", BROADCAST);
    network.run("1s");
    expect([entered, crossed.length]).toEqual([["a.eth0"], 2]);
  });
});

describe("tables of their own", () => {
  it("age apart", () => {
    const network = new Network();
    network.addSubnet("lan", { cidr: "10.0.0.0/24", ageing: "5s" });
    network.addSwitch("x", { subnet: "lan" });
    network.addSwitch("y", { subnet: "lan", ageing: "2s" });
    network.addLink("xy", { subnet: "lan", between: ["x", "y"] });
    plug(network, { a: "x", b: "y" });
    send(network, "a", BROADCAST);
    network.run("3s");
    expect(tables(network)).toEqual({ x: { [macOf(network, "a")]: "a.eth0" }, y: {} });
    network.run("6s");
    expect(tables(network)).toEqual({ x: {}, y: {} });
  });

  it("a subnet without switches has one, with what the subnet says", () => {
    const network = new Network();
    network.addSubnet("lan", { cidr: "10.0.0.0/24", ageing: "2s" });
    network.addSubnet("other", { cidr: "10.0.1.0/24" });
    network.addHost("a", { subnet: "lan" });
    network.addHost("b", { subnet: "lan" });
    network.addHost("c", { subnet: "other" });
    expect(network.fabric.switches.map(({ name, ports, bridge }) => [name, ports.length, bridge.fdb.ageingMs])).toEqual(
      [
        ["lan", 2, 2_000],
        ["other", 1, 300_000],
      ],
    );
  });

  it("carry no multicast where the subnet carries none", () => {
    const network = star({ subnet: { multicast: false } });
    plug(network, RACKS);
    const seen = arrivals(network);
    const causes: string[] = [];
    network.events.on("dropped", ({ port, cause }) => causes.push(`${port} ${cause}`));
    send(network, "a", "01:00:5e:00:00:12");
    network.run("1s");
    expect([seen, causes]).toEqual([[], ["a.eth0 multicast-not-carried"]]);
  });
});

describe("a takeover with a virtual MAC", () => {
  const vmac = "00:00:5e:00:01:33";
  const keepalived = (priority: number) => conf({ priority, vips: ["10.0.0.50"], lines: ["use_vmac"] });
  function pair(): Network {
    const network = star();
    network.addHost("a", { subnet: "lan", switch: "r1", address: "10.0.0.1", keepalived: keepalived(100) });
    network.addHost("b", { subnet: "lan", switch: "r2", address: "10.0.0.2", keepalived: keepalived(90) });
    network.addHost("c", { subnet: "lan", switch: "core", address: "10.0.0.3" });
    network.at("8s", () => network.crash("a"));
    return network;
  }
  const places = (network: Network) => Object.values(tables(network)).map((rows) => rows[vmac]);

  it("re-points every switch", () => {
    const network = pair();
    const moves: string[] = [];
    network.events.on("moved", ({ subnet, switch: at, mac, from, to }) =>
      moves.push(`${subnet} ${at} ${mac} ${from} ${to}`),
    );
    network.run("7s");
    expect(places(network)).toEqual(["core:to-r1", "a.eth0", "r2:to-r2"]);
    network.run("13s");
    expect(places(network)).toEqual(["core:to-r2", "r1:to-r1", "b.eth0"]);
    expect(moves).toEqual([
      `lan r2 ${vmac} r2:to-r2 b.eth0`,
      `lan core ${vmac} core:to-r1 core:to-r2`,
      `lan r1 ${vmac} a.eth0 r1:to-r1`,
    ]);
    expect(network.fabric.moves).toBe(3);
  });

  it("leaves those behind a silent link as they were", () => {
    const network = pair();
    network.at("8s", () => network.impair({ on: "r2:to-r2", direction: "out", loss: "100%" }));
    network.run("13s");
    expect(places(network)).toEqual(["core:to-r1", "a.eth0", "b.eth0"]);
  });
});

describe("a link without carrier", () => {
  it("is forgotten about at both ends, and comes back empty", () => {
    const network = star();
    plug(network, RACKS);
    for (const host of ["a", "b", "c"]) send(network, host, BROADCAST);
    network.run("1s");
    const [a, b, c] = ["a", "b", "c"].map((host) => macOf(network, host)) as [string, string, string];
    network.linkDown("to-r1");
    expect(tables(network)).toEqual({
      core: { [b]: "core:to-r2", [c]: "c.eth0" },
      r1: { [a]: "a.eth0" },
      r2: { [a]: "r2:to-r2", [b]: "b.eth0", [c]: "r2:to-r2" },
    });
    const seen = arrivals(network);
    send(network, "a", BROADCAST);
    send(network, "c", BROADCAST);
    network.run("2s");
    expect(seen).toEqual(["b"]);
    network.linkUp("to-r1");
    expect(tables(network).r1).toEqual({ [a]: "a.eth0" });
    send(network, "c", BROADCAST);
    network.run("3s");
    expect(seen.toSorted()).toEqual(["a", "b", "b"]);
  });

  it("loses what was under way", () => {
    const network = star({ link: { latency: "10ms" } });
    plug(network, RACKS);
    const seen = arrivals(network);
    const causes: string[] = [];
    network.events.on("dropped", ({ port, cause }) => causes.push(`${port} ${cause}`));
    send(network, "a", BROADCAST);
    network.at("5ms", () => network.linkDown("to-r1"));
    network.run("1s");
    expect([seen, causes]).toEqual([[], ["core:to-r1 link-down"]]);
    expect(network.fabric.slab.inUse).toBe(0);
  });

  it("takes no vNIC's carrier with it, and no holder away", () => {
    const network = star();
    plug(network, RACKS);
    const watched = network.addHavip("v", { subnet: "lan", address: "10.0.0.50" });
    network.linkDown("to-r1");
    expect(network.host("a").nics[0]!.carrier).toBe(true);
    expect(watched.holder).toBeNull();
  });
});

describe("a partition", () => {
  it("holds across switches: trunks carry both sides, hosts get their own side's frames", () => {
    const network = star();
    plug(network, { a: "r1", b: "r2", c: "core", d: "r1" });
    network.partition([
      ["a", "b"],
      ["c", "d"],
    ]);
    const seen = arrivals(network);
    send(network, "a", BROADCAST);
    network.run("1s");
    expect(seen).toEqual(["b"]);
    send(network, "c", macOf(network, "a"));
    network.run("2s");
    expect(seen).toEqual(["b"]);
    send(network, "b", macOf(network, "a"));
    network.run("3s");
    expect(seen).toEqual(["b", "a"]);
    network.heal();
    send(network, "d", BROADCAST);
    network.run("4s");
    expect(seen.slice(2).toSorted()).toEqual(["a", "b", "c"]);
  });

  it("has those who come later with the rest", () => {
    const network = star();
    plug(network, { a: "r1", b: "r2" });
    network.partition([["a"]]);
    plug(network, { late: "r1" });
    const seen = arrivals(network);
    send(network, "a", BROADCAST);
    network.run("1s");
    expect(seen).toEqual([]);
    send(network, "late", BROADCAST);
    network.run("2s");
    expect(seen).toEqual(["b"]);
  });

  it("names the far end of a link where a frame is refused there", () => {
    const network = star();
    plug(network, { a: "r1", b: "r2", c: "core" });
    send(network, "b", BROADCAST);
    network.run("1s");
    network.partition([["a", "c"], ["b"]]);
    const causes: string[] = [];
    network.events.on("dropped", ({ port, cause }) => causes.push(`${port} ${cause}`));
    send(network, "a", macOf(network, "b"));
    network.run("2s");
    expect(causes).toEqual(["r2:to-r2 partitioned"]);
  });

  it("lets nobody alone on a side claim an address: nobody hears it", () => {
    const network = star();
    const keepalived = conf({ vips: ["10.0.0.50"] });
    network.addHost("a", { subnet: "lan", switch: "r1", address: "10.0.0.1", keepalived });
    plug(network, { b: "r2", c: "core" });
    network.partition([["a"]]);
    const [watched] = network.holders.watched;
    network.run("5s");
    expect(watched!.holder).toBeNull();
    network.heal();
    network.run("10s");
    expect(watched!.holder).toMatchObject({ port: network.host("a").nics[0]!.port });
  });
});

describe("what cannot be", () => {
  const REFUSED: readonly (readonly [string, (network: Network) => unknown, string])[] = [
    ["a switch twice", (n) => n.addSwitch("core", { subnet: "lan" }), "there is a switch core in subnet lan already"],
    ["a switch in no subnet", (n) => n.addSwitch("x", { subnet: "x" }), "there is no subnet x"],
    [
      "a profile that is none",
      (n) => n.addSwitch("x", { subnet: "lan", profile: "z" }),
      "there is no switch profile z",
    ],
    [
      "ageing in microseconds",
      (n) => n.addSwitch("x", { subnet: "lan", ageing: "1us" }),
      "ageing of switch x: 1us is none",
    ],
    [
      "a link twice",
      (n) => n.addLink("to-r1", { subnet: "lan", between: ["core", "r1"] }),
      "there is a link to-r1 already",
    ],
    [
      "a link named as a host",
      (n) => n.addLink("a", { subnet: "lan", between: ["core", "r1"] }),
      "there is a host a already",
    ],
    [
      "a link to nowhere",
      (n) => n.addLink("x", { subnet: "lan", between: ["core", "r9"] }),
      "subnet lan has no switch r9",
    ],
    [
      "a loop",
      (n) => n.addLink("x", { subnet: "lan", between: ["r1", "r2"] }),
      "link x closes a loop, r1 – core – r2 – r1",
    ],
    [
      "a slow link",
      (n) => n.addLink("x", { subnet: "lan", between: ["core", "r1"], rate: "1kbit" }),
      "1kbit is no rate",
    ],
    ["a host at no switch", (n) => n.addHost("x", { subnet: "lan" }), "several switches, and none is named"],
    ["a host at an unknown one", (n) => n.addHost("x", { subnet: "lan", switch: "r7" }), "has no switch r7"],
    [
      "a host named as a link",
      (n) => n.addHost("to-r1", { subnet: "lan", switch: "r1" }),
      "there is a link to-r1 already",
    ],
    ["a server named as a host", (n) => n.addServer("a", { hosts: [] }), "there is a host a already"],
    ["a server of unknown hosts", (n) => n.addServer("t", { hosts: ["z"] }), "there is no host z"],
    ["a host on two servers", (n) => n.addServer("t", { hosts: ["b"] }), "b is on server s already"],
    ["a share above one", (n) => n.impair({ on: "to-r1", loss: 1.1 }), "1.1 is no share"],
    ["a share that is none", (n) => n.impair({ on: "to-r1", loss: "all" }), "all is no share"],
    [
      "a direction seen from nowhere",
      (n) => n.impair({ on: "to-r1", direction: "in", loss: 1 }),
      "in of link to-r1 is seen from",
    ],
    ["an end that is none", (n) => n.impair({ on: "r2:to-r1", loss: 1 }), "link to-r1 does not end at r2"],
  ];

  it.each(REFUSED)("%s is refused, and leaves nothing behind", (_what, act, message) => {
    const network = star();
    plug(network, RACKS);
    network.addServer("s", { hosts: ["b"] });
    const before = [
      network.fabric.ports.length,
      network.fabric.switches.length,
      network.links.size,
      network.hosts.size,
    ];
    expect(() => act(network)).toThrow(ConfigError);
    expect(() => act(network)).toThrow(message);
    const after = [network.fabric.ports.length, network.fabric.switches.length, network.links.size, network.hosts.size];
    expect(after).toEqual(before);
  });
});

describe("a server", () => {
  it("takes its hosts with it, and brings them back", () => {
    const network = star();
    plug(network, { a: "r1", b: "r1", c: "core" });
    network.addServer("s", { hosts: ["a", "b"] });
    network.run("1s");
    const running = () => ["a", "b", "c"].map((host) => network.host(host).running);
    network.crash("s");
    expect(running()).toEqual([false, false, true]);
    network.restore("a");
    network.restore("s");
    expect(running()).toEqual([true, true, true]);
  });

  it("is seen by no switch: carriers stay", () => {
    const network = star();
    plug(network, { a: "r1", c: "core" });
    network.addServer("s", { hosts: ["a"] });
    send(network, "a", BROADCAST);
    network.run(100 * NS_PER_US);
    network.crash("s");
    expect(tables(network).core).toEqual({ [macOf(network, "a")]: "core:to-r1" });
  });
});
