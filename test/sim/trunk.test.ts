/** One way of a link: loss by chance, and a rate with a finite queue. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NS_PER_US } from "../../src/base/units.ts";
import type { Network } from "../../src/sim/network.ts";
import { QUEUE_OCTETS } from "../../src/sim/trunk.ts";
import { conf } from "../guest/keepalived/cluster.ts";
import { arrivals, BROADCAST, plug, send, star } from "./wires.ts";

/** A host sends `count` frames, one each 10 us; when those arrived that did, ns after the first was sent. */
function arrived(network: Network, count: number, from = "a"): number[] {
  const timesNs: number[] = [];
  const startNs = network.nowNs;
  network.fabric.egressTap = {
    onFrame: (port) => {
      if (network.fabric.ports[port]!.nic !== null) timesNs.push(network.nowNs - startNs);
    },
  };
  for (let i = 0; i < count; i++) network.at(startNs + i * 10 * NS_PER_US, () => send(network, from, BROADCAST));
  network.run(startNs + (count + 100) * 10 * NS_PER_US);
  return timesNs;
}

/** Hosts `a` at rack r1 and `b` at the core. */
function line(seed = 1, racks: readonly string[] = ["r1"]): Network {
  const network = star({ seed, racks });
  plug(network, { a: "r1", b: "core" });
  return network;
}

describe("an impaired link", () => {
  it("loses about the share it is told to, and counts it", () => {
    const network = line();
    network.impair({ on: "to-r1", loss: "30%" });
    const got = arrived(network, 5_000);
    const [, back] = network.links.get("to-r1")!.ways;
    expect(back.lost).toBe(5_000 - got.length);
    expect(back.frames).toBe(5_000);
    expect(got.length / 5_000).toBeGreaterThan(0.67);
    expect(got.length / 5_000).toBeLessThan(0.73);
  });

  it("loses the same frames with the same seed, others with another, whatever else there is", () => {
    const lossy = (network: Network, from?: string) => {
      network.impair({ on: "to-r1", loss: 0.5 });
      return arrived(network, 200, from);
    };
    const first = lossy(line(1));
    expect(lossy(line(1))).toEqual(first);
    expect(lossy(line(1, ["r0", "r1", "r2"])).length).toBe(first.length);
    expect(lossy(line(1, ["r0", "r1", "r2"]))).toEqual(first);
    expect(lossy(line(2))).not.toEqual(first);
    // The way back draws by itself.
    expect(lossy(line(1), "b")).not.toEqual(first);
  });

  it("draws nothing where nothing or everything is lost", () => {
    const after = (losses: readonly number[]) => {
      const network = line();
      for (const loss of losses) {
        network.impair({ on: "to-r1", loss });
        arrived(network, 50);
      }
      network.impair({ on: "to-r1", loss: 0.5 });
      return arrived(network, 200);
    };
    expect(after([0, 1])).toEqual(after([]));
  });

  it("loses on the way that is named, as seen from the end that is named", () => {
    const reaches = (on: string, direction: "in" | "out" | "both") => {
      const network = line();
      network.impair({ on, direction, loss: 1 });
      return ["a", "b"].filter((from) => arrived(network, 1, from).length === 1).join();
    };
    expect(reaches("r1:to-r1", "out")).toBe("b");
    expect(reaches("r1:to-r1", "in")).toBe("a");
    expect(reaches("core:to-r1", "in")).toBe("b");
    expect(reaches("core:to-r1", "both")).toBe("");
    expect(reaches("to-r1", "both")).toBe("");
  });

  it("is sound again when its time is over, and says so once each way", () => {
    const network = line();
    const notes: string[] = [];
    network.events.on("note", ({ atNs, host, text }) => notes.push(`${atNs / 1e6} ${host} ${text}`));
    network.impair({ on: "to-r1", loss: 1, for: "2ms" });
    expect(arrived(network, 100)).toEqual([]);
    network.run("3ms");
    expect(arrived(network, 1)).toHaveLength(1);
    expect(notes).toEqual([
      "2 to-r1 loses nothing any more from core to r1",
      "2 to-r1 loses nothing any more from r1 to core",
    ]);
  });

  it("does what was said last: neither an earlier end nor an earlier loss remains", () => {
    const network = line();
    network.impair({ on: "to-r1", loss: 1, for: "2ms" });
    network.impair({ on: "to-r1", loss: 1 });
    network.run("3ms");
    expect(arrived(network, 1)).toEqual([]);
    network.impair({ on: "to-r1", loss: 1, for: "9ms" });
    network.impair({ on: "to-r1", loss: 0 });
    expect(arrived(network, 1)).toHaveLength(1);
    const notes: string[] = [];
    network.events.on("note", ({ text }) => notes.push(text));
    network.run("30ms");
    expect(notes).toEqual([]);
  });

  it("tells of each lost frame, and which announced an address", () => {
    const network = star({ racks: ["r1"] });
    const keepalived = conf({ vips: ["10.0.0.50", "2001:db8::50"].slice(0, 1) });
    network.addHost("a", { subnet: "lan", switch: "r1", address: "10.0.0.1", keepalived });
    network.impair({ on: "to-r1", loss: 1 });
    const lost: string[] = [];
    network.events.on("lost", ({ link, from, to, announces, frame }) =>
      lost.push(`${link} ${from} ${to} ${announces} ${frame.slice(0, 14)}`),
    );
    network.run("4s");
    const announcements = lost.filter((text) => text.startsWith("to-r1 r1 core 10.0.0.50"));
    expect(announcements).toHaveLength(5);
    expect(lost.length).toBeGreaterThan(5);
    expect(lost.filter((text) => text.includes(" null "))).toHaveLength(lost.length - 5);
  });
});

/** A queue of frames, served one after the other: the plain way. Arrival times at the far end, ns; null: no room. */
function plainQueue(frames: readonly { atNs: number; octets: number }[], nsPerOctet: number): (number | null)[] {
  let queue: { octets: number; endNs: number }[] = [];
  return frames.map(({ atNs, octets }) => {
    queue = queue.filter(({ endNs }) => endNs > atNs);
    const [served, ...waiting] = queue;
    const leftNs = served === undefined ? 0 : Math.min(served.endNs - atNs, served.octets * nsPerOctet);
    const waitingOctets = leftNs / nsPerOctet + waiting.reduce((sum, frame) => sum + frame.octets, 0);
    if (waitingOctets > QUEUE_OCTETS) return null;
    const onWire = Math.max(octets, 60) + 24;
    const endNs = (queue.at(-1)?.endNs ?? atNs) + onWire * nsPerOctet;
    queue.push({ octets: onWire, endNs });
    return endNs;
  });
}

describe("a link with a rate", () => {
  it("serves frames one after the other, and loses those for which its queue has no room", () => {
    const frame = fc.record({ gapNs: fc.integer({ min: 0, max: 20_000 }), octets: fc.integer({ min: 14, max: 1514 }) });
    fc.assert(
      fc.property(fc.array(frame, { minLength: 1, maxLength: 200 }), (gaps) => {
        // 8 ns an octet at 1gbit: whole numbers, so that both reckon exactly.
        const network = star({ racks: ["r1"], link: { rate: "1gbit", latency: "5us" } });
        plug(network, { a: "r1", b: "core" });
        const times: number[] = [];
        network.fabric.trunkTaps.push({ onFrame: () => times.push(network.nowNs) });
        let atNs = 0;
        const frames = gaps.map(({ gapNs, octets }) => {
          atNs += gapNs;
          return { atNs, octets };
        });
        for (const { atNs: sentNs, octets } of frames) network.at(sentNs, () => send(network, "a", BROADCAST, octets));
        network.run("1s");
        const entered = frames.map(({ atNs: sentNs, octets }) => ({ atNs: sentNs + 50_000, octets }));
        const wanted = plainQueue(entered, 8);
        expect(times).toEqual(wanted.filter((endNs) => endNs !== null).map((endNs) => endNs + 5_000));
        const [, back] = network.links.get("to-r1")!.ways;
        expect(back.overflowed).toBe(wanted.filter((endNs) => endNs === null).length);
        expect(network.fabric.slab.inUse).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it("fills its queue with what comes at once, and no more", () => {
    const network = star({ racks: ["r1"], link: { rate: "100mbit" } });
    plug(network, { a: "r1", b: "core" });
    const seen = arrivals(network);
    for (let i = 0; i < 100; i++) send(network, "a", BROADCAST, 1514);
    network.run("1s");
    // 65,536 octets are 42.6 frames of 1,538 on the wire: so many may wait, and one is accepted while that holds.
    expect(seen).toHaveLength(43);
    expect(network.links.get("to-r1")!.ways[1].overflowed).toBe(57);
  });
});
