/** Broadcast storms: noticed where links form a loop and nowhere else, measured, and bounded. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../src/base/units.ts";
import type { StormEvent } from "../../src/observe/events.ts";
import { type Edge, loopClosedBy } from "../../src/sim/loops.ts";
import { Network } from "../../src/sim/network.ts";
import { CHANGES_MAX, COPIES_MAX } from "../../src/sim/storm-watch.ts";
import { conf } from "../guest/keepalived/cluster.ts";
import { BROADCAST, plug, send } from "./wires.ts";

/** Switches x, y, z in a ring, one host at each, which may storm. */
function ring(seed = 1): Network {
  const network = new Network({ seed });
  network.addSubnet("lan", { cidr: "10.0.0.0/24", storm: "allow" });
  for (const name of ["x", "y", "z"]) network.addSwitch(name, { subnet: "lan" });
  for (const ends of ["xy", "yz", "zx"])
    network.addLink(ends, { subnet: "lan", between: [ends[0]!, ends[1]!], latency: "5us" });
  plug(network, { a: "x", b: "y", c: "z" });
  return network;
}

function told(network: Network): StormEvent[] {
  const events: StormEvent[] = [];
  network.events.on("storm", (event) => events.push(event));
  return events;
}

describe("a frame in a loop", () => {
  it("circles in both directions, and each copy crosses a link every lap's third", () => {
    const network = ring();
    const events = told(network);
    network.at("1s", () => send(network, "a", BROADCAST));
    network.run("1.1s");
    expect(events).toHaveLength(1);
    const [began] = events;
    expect(began).toMatchObject({ phase: "began", subnet: "lan" });
    expect(began!.switches).toHaveLength(4);
    expect(new Set(began!.switches)).toEqual(new Set(["x", "y", "z"]));
    expect(began!.switches[3]).toBe(began!.switches[0]);
    expect(began!.links.toSorted()).toEqual(["xy", "yz", "zx"]);
    // Two copies, each on a link for 84 octets at 1 Gbit/s and 5 us of latency.
    const perSecond = (2 * NS_PER_S) / (84 * 8 + 5_000);
    expect(began!.crossingsPerSecond / perSecond).toBeCloseTo(1, 2);
    expect((began!.fromNs - NS_PER_S) / 1e3).toBeLessThan(100);
    expect(network.fabric.slab.inUse).toBe(1);
  });

  it("goes round until somebody pulls a cable", () => {
    const network = ring();
    const events = told(network);
    send(network, "a", BROADCAST);
    network.at("100ms", () => network.linkDown("yz"));
    network.run("1s");
    expect(events.map(({ phase }) => phase)).toEqual(["began", "over"]);
    expect(events[1]!.untilNs / 1e6).toBeCloseTo(100, 1);
    expect(network.fabric.slab.inUse).toBe(0);
    expect(network.storms).toHaveLength(1);
    expect(network.storms[0]).toMatchObject({ isOver: true, endedRun: false });
    const crossings = network.storms[0]!.crossings;
    const carried = [...network.links.values()].flatMap(({ ways }) => ways.map(({ frames }) => frames));
    const all = carried.reduce((sum, frames) => sum + frames, 0);
    // All but the first lap, and what was under way when the cable went.
    expect(all - crossings).toBeGreaterThan(0);
    expect(all - crossings).toBeLessThan(8);
  });

  it("may do so again: two storms, told apart", () => {
    const network = ring();
    const events = told(network);
    send(network, "a", BROADCAST);
    network.at("50ms", () => network.linkDown("xy"));
    network.at("200ms", () => network.linkUp("xy"));
    network.at("300ms", () => send(network, "b", BROADCAST));
    network.at("350ms", () => network.linkDown("zx"));
    network.run("1s");
    expect(events.map(({ phase, fromNs }) => `${phase} ${Math.floor(fromNs / 1e6)}`)).toEqual([
      "began 0",
      "over 0",
      "began 300",
      "over 300",
    ]);
  });

  it("makes MACs move at every lap, which is counted and not told", () => {
    const network = ring();
    let moved = 0;
    network.events.on("moved", () => moved++);
    send(network, "a", BROADCAST);
    network.run("50ms");
    expect(network.fabric.moves).toBeGreaterThan(10_000);
    expect(moved).toBeLessThan(10);
  });

  it("is noticed with parallel links, and with a cable from a switch to itself", () => {
    for (const ends of [
      ["x", "y"],
      ["x", "x"],
    ] as const) {
      const network = new Network();
      network.addSubnet("lan", { cidr: "10.0.0.0/24", storm: "allow" });
      for (const name of ["x", "y"]) network.addSwitch(name, { subnet: "lan" });
      network.addLink("one", { subnet: "lan", between: ["x", "y"] });
      network.addLink("two", { subnet: "lan", between: ends });
      plug(network, { a: "x", b: "y" });
      send(network, "a", BROADCAST);
      network.run("20ms");
      expect(network.storms[0]!.loop.switches).toHaveLength(ends[0] === ends[1] ? 2 : 3);
    }
  });
});

describe("a storm", () => {
  it("ends the run when it has cost what it may, and time stands still", () => {
    const network = ring();
    const events = told(network);
    for (let i = 0; i < 50; i++) send(network, "a", BROADCAST);
    let later = 0;
    network.at("10s", () => later++);
    network.run("20s");
    expect(events.map(({ phase }) => phase)).toEqual(["began", "limit"]);
    expect(network.hasEnded).toBe(true);
    expect(network.nowNs).toBeLessThan(2 * NS_PER_S);
    const stoppedNs = network.nowNs;
    network.run("30s");
    expect([network.nowNs, later]).toEqual([stoppedNs, 0]);
    const [storm] = network.storms;
    expect(storm).toMatchObject({ isOver: false, endedRun: true });
    // Three ports at each switch.
    expect(storm!.crossings).toBe(Math.floor(COPIES_MAX / 3) + 1);
  });

  it("fills links to their rate and no further: the rest finds no room", () => {
    const network = ring();
    for (let i = 0; i < 4_000; i++) send(network, "a", BROADCAST);
    network.run("60ms");
    const [storm] = network.storms;
    const lineRate = (6 * 1e9) / (84 * 8);
    expect(storm!.crossingsPerSecond / lineRate).toBeGreaterThan(0.8);
    expect(storm!.crossingsPerSecond / lineRate).toBeLessThan(1.01);
    const overflowed = [...network.links.values()].flatMap(({ ways }) => ways.map((way) => way.overflowed));
    expect(Math.max(...overflowed)).toBeGreaterThan(100);
    expect(network.fabric.scheduler.refused).toBe(0);
  });

  it("of many loops at once is bounded just so", () => {
    const network = new Network();
    network.addSubnet("lan", { cidr: "10.0.0.0/24", storm: "allow" });
    const names = Array.from({ length: 12 }, (_, i) => `s${i}`);
    for (const name of names) network.addSwitch(name, { subnet: "lan" });
    for (const [i, a] of names.entries())
      for (const b of names.slice(i + 1)) network.addLink(`${a}-${b}`, { subnet: "lan", between: [a, b] });
    plug(network, { a: "s0", b: "s7" });
    send(network, "a", BROADCAST);
    network.run("10s");
    expect(network.hasEnded).toBe(true);
    expect(network.fabric.slab.inUse).toBeGreaterThan(0);
  });

  it("that makes hosts change their minds without end ends the run, too", () => {
    const network = ring();
    // An advert of a lower priority comes round and round, and the better master asserts itself each time.
    const keepalived = (priority: number) => conf({ priority, vips: ["10.0.0.50"] });
    network.addHost("best", {
      subnet: "lan",
      switch: "x",
      address: "10.0.0.11",
      keepalived: keepalived(100),
      autostart: false,
    });
    network.addHost("other", { subnet: "lan", switch: "y", address: "10.0.0.12", keepalived: keepalived(90) });
    network.at("0s", () => network.linkDown("zx"));
    network.at("4s", () => network.start("best"));
    network.at("7.63s", () => network.linkUp("zx"));
    let events = 0;
    for (const name of ["note", "vrrp", "holder", "neighbour", "announcement"] as const)
      network.events.on(name, ({ atNs }) => {
        if (atNs > 7.63e9) events++;
      });
    network.run("20s");
    expect(network.hasEnded).toBe(true);
    expect(events).toBeLessThan(CHANGES_MAX + 20);
  });

  it("is the same twice", () => {
    const run = () => {
      const network = ring(7);
      network.impair({ on: "xy", loss: "10%" });
      for (let i = 0; i < 5; i++) send(network, "a", BROADCAST);
      network.run("100ms");
      return JSON.stringify([
        network.storms,
        [...network.links.values()].map(({ ways }) => ways.map((way) => way.frames)),
      ]);
    };
    expect(run()).toBe(run());
  });
});

describe("any links", () => {
  const NAMES = ["p", "q", "r", "s", "t"];
  const end = fc.constantFrom(...NAMES);
  const graph = fc
    .array(fc.tuple(end, end), { maxLength: 6 })
    .map((pairs) => pairs.map((between, index): Edge => ({ name: `l${index}`, between })));

  it("storm exactly where there is a loop within reach of the sender", () => {
    fc.assert(
      fc.property(graph, end, (edges, at) => {
        const network = new Network();
        network.addSubnet("lan", { cidr: "10.0.0.0/24", storm: "allow" });
        for (const name of NAMES) network.addSwitch(name, { subnet: "lan" });
        for (const { name, between } of edges) network.addLink(name, { subnet: "lan", between });
        plug(network, { a: at });
        for (let i = 0; i < 3; i++) send(network, "a", BROADCAST);
        network.run("600us");
        const near = reachable(at, edges);
        const hasLoop = edges.some(
          (edge, index) => near.has(edge.between[0]) && loopClosedBy(edge, edges.slice(0, index)) !== null,
        );
        expect(network.storms.length > 0).toBe(hasLoop);
        if (!hasLoop) expect(network.fabric.slab.inUse).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  function reachable(from: string, edges: readonly Edge[]): Set<string> {
    const found = new Set([from]);
    for (let size = 0; size < found.size; ) {
      size = found.size;
      for (const { between } of edges)
        if (between.some((name) => found.has(name))) for (const name of between) found.add(name);
    }
    return found;
  }
});
