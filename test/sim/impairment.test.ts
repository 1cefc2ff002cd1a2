/** The impairment of one way, alone: held against netem written down plainly, and what it loses, doubles and changes in the long run. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FrameRef } from "../../src/base/ids.ts";
import { NS_PER_MS, NS_PER_S, NS_PER_US } from "../../src/base/units.ts";
import { Fabric } from "../../src/sim/fabric.ts";
import { type ImpairKey, type ImpairWords, impairWordsOf, SET_BY } from "../../src/sim/impair-words.ts";
import { Impairment, LIMIT } from "../../src/sim/impairment.ts";
import type { ImpairOptions } from "../../src/sim/options.ts";
import { type PlainEvent, type PlainWords, plainNetem } from "./plain-netem.ts";
import { star } from "./wires.ts";

const STREAM = "impairment of vm-A.eth0 out";

class Bench {
  readonly fabric: Fabric;
  readonly way: Impairment;
  /** `time octets`, as they come out. */
  readonly delivered: string[] = [];

  constructor(seed = 1, words: Omit<ImpairOptions, "on"> = {}) {
    this.fabric = new Fabric(seed);
    const { slab } = this.fabric;
    const forward = (frame: FrameRef) => {
      this.delivered.push(`${this.fabric.clock.nowNs} ${this.octets(frame)}`);
      slab.release(frame);
    };
    const [at] = star().fabric.switches;
    const place = { link: "vm-A.eth0", from: "vm-A", to: "app", at: at!, nic: null };
    this.way = new Impairment(this.fabric, place, { forward }, STREAM);
    if (Object.keys(words).length > 0) this.way.set(impairWordsOf({ on: "vm-A", ...words }), null);
  }

  octets(frame: FrameRef): string {
    const { bytes, octets } = this.fabric.slab;
    const start = this.fabric.slab.start(frame);
    return Buffer.from(bytes.subarray(start, start + octets[frame]!)).toString("hex");
  }

  /** The frame that has these octets, held once. */
  frame(hex: string): FrameRef {
    const { slab } = this.fabric;
    const frame = slab.acquire();
    slab.bytes.set(Buffer.from(hex, "hex"), slab.start(frame));
    slab.octets[frame] = hex.length / 2;
    return frame;
  }

  send(hex: string): void {
    this.way.take(this.frame(hex));
  }

  /** `count` frames, one each microsecond, of 60 octets that begin with their number; the numbers that come out. */
  series(count: number): number[] {
    const { scheduler, clock } = this.fabric;
    const before = this.delivered.length;
    for (let i = 0; i < count; i++) {
      this.send(i.toString(16).padStart(8, "0").padEnd(120, "0"));
      scheduler.runUntil(clock.nowNs + NS_PER_US);
    }
    scheduler.runUntil(clock.nowNs + 10 * NS_PER_S);
    return this.delivered.slice(before).map((line) => Number.parseInt(line.split(" ")[1]!.slice(0, 8), 16));
  }
}

/** `ffffffffffff 020000000001`, an ARP request of 10.0.1.n for itself. */
const gratuitous = (n: number) => {
  const [mac, ip] = ["020000000001", `0a0001${n.toString(16).padStart(2, "0")}`];
  return `ffffffffffff${mac}08060001080006040001${mac}${ip}000000000000${ip}`;
};
const frameOf = (n: number, octets: number) =>
  n
    .toString(16)
    .padStart(8, "0")
    .padEnd(2 * octets, "5");

function runBoth(seed: number, events: readonly PlainEvent[]) {
  const bench = new Bench(seed);
  const { scheduler } = bench.fabric;
  const kind = scheduler.register({
    onEvent: (index) => {
      const event = events[index]!;
      if ("say" in event) bench.way.set(wordsOf(event.say), event.forNs);
      else if ("cut" in event) bench.way.cut();
      else bench.send(event.send);
    },
  });
  events.forEach(({ atNs }, index) => {
    scheduler.dueNs[0] = atNs;
    scheduler.push(kind, index, 0);
  });
  scheduler.runUntil(100 * NS_PER_S);
  return { bench, wanted: plainNetem(seed, STREAM, events) };
}

function wordsOf(say: Partial<PlainWords>): ImpairWords {
  return Object.fromEntries(Object.entries(say).map(([key, value]) => [SET_BY[key as ImpairKey], value]));
}

describe("an impaired way does what netem does, written down plainly", () => {
  const share = fc.constantFrom(0, 0.01, 0.3, 0.5, 1);
  const all = {
    delay: fc.constantFrom(0, 5 * NS_PER_US, 200 * NS_PER_US, 400 * NS_PER_US),
    jitter: fc.constantFrom(0, 3 * NS_PER_US, 400 * NS_PER_US),
    loss: fc.oneof(
      fc.record({ share, burst: fc.constant(null) }),
      fc.record({ share: fc.constantFrom(0, 0.2, 0.5), burst: fc.integer({ min: 1, max: 9 }) }),
    ),
    duplicate: share,
    reorder: share,
    corrupt: share,
    rate: fc.constantFrom(0, 1e6, 1e8, 3e8),
    announcements: fc.constantFrom(0, 0.5, 2, 1000),
  };
  // Few words a step, so that others stay as they are.
  const words = fc
    .subarray(Object.keys(all) as (keyof PlainWords)[], { minLength: 1, maxLength: 3 })
    .chain((keys) => fc.record(Object.fromEntries(keys.map((key) => [key, all[key]])) as Partial<typeof all>));
  const gapNs = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20_000 }), fc.constant(5 * NS_PER_MS));
  const event = fc.oneof(
    {
      weight: 10,
      arbitrary: fc.record({ gapNs, octets: fc.integer({ min: 4, max: 300 }), burst: fc.integer({ min: 1, max: 40 }) }),
    },
    { weight: 3, arbitrary: fc.record({ gapNs, announces: fc.integer({ min: 1, max: 4 }) }) },
    { weight: 4, arbitrary: fc.record({ gapNs, say: words, forNs: fc.option(fc.integer({ min: 1, max: 300_000 })) }) },
    { weight: 1, arbitrary: fc.record({ gapNs, cut: fc.constant(true as const) }) },
  );

  it("delivers the same octets at the same times, and loses none unaccounted for", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 40 }),
        fc.array(event, { minLength: 1, maxLength: 60, size: "max" }),
        (seed, drawn) => {
          let atNs = 0;
          let number = 0;
          const events = drawn.flatMap((item): PlainEvent[] => {
            atNs += item.gapNs;
            const now = atNs;
            if ("say" in item) return [{ atNs: now, say: item.say, forNs: item.forNs }];
            if ("cut" in item) return [{ atNs: now, cut: true }];
            if ("announces" in item)
              return Array.from({ length: item.announces }, (_, n) => ({
                atNs: now,
                send: gratuitous(n + 1),
                announces: true,
              }));
            return Array.from({ length: item.burst }, () => ({
              atNs: now,
              send: frameOf(number++, item.octets),
              announces: false,
            }));
          });
          const { bench, wanted } = runBoth(seed, events);
          const { frames, overflowed, ...counts } = bench.way.counts;
          expect(bench.delivered).toEqual(wanted.delivered);
          const { delivered, dropped, ...plain } = wanted;
          expect(counts).toEqual(plain);
          expect(overflowed).toBe(dropped);
          expect(frames + counts.duplicated).toBe(delivered.length + counts.lost + counts.policed + overflowed);
          expect(bench.way.waiting).toBe(0);
          expect(bench.fabric.slab.inUse).toBe(0);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("also where more come than may wait", () => {
    const events: PlainEvent[] = [
      { atNs: 0, say: { rate: 1e8, duplicate: 0.3, delay: NS_PER_MS, reorder: 0.1 }, forNs: null },
      ...Array.from({ length: 1_500 }, (_, n) => ({ atNs: n, send: frameOf(n, 300), announces: false })),
    ];
    const { bench, wanted } = runBoth(7, events);
    expect(wanted.dropped).toBeGreaterThan(300);
    expect(bench.delivered).toEqual(wanted.delivered);
    expect(bench.way.counts.overflowed).toBe(wanted.dropped);
  });
});

describe("in the long run", () => {
  const COUNT = 20_000;

  it("each frame is lost by itself, as often as is said", () => {
    const got = new Set(new Bench(1, { loss: "5%" }).series(COUNT));
    const lost = COUNT - got.size;
    expect(lost / COUNT).toBeGreaterThan(0.045);
    expect(lost / COUNT).toBeLessThan(0.055);
    const runs = runsOfLost(got, COUNT);
    expect(lost / runs.length).toBeLessThan(1.1);
  });

  it.each([
    ["5%", 8],
    ["20%", 3],
    ["50%", 1],
    ["50%", 30],
  ])("%s are lost in bursts of %d on average", (share, burst) => {
    const got = new Set(new Bench(3, { loss: { share, burst } }).series(4 * COUNT));
    const lost = 4 * COUNT - got.size;
    const wanted = Number.parseFloat(share) / 100;
    expect(lost / (4 * COUNT)).toBeGreaterThan(0.9 * wanted);
    expect(lost / (4 * COUNT)).toBeLessThan(1.1 * wanted);
    const runs = runsOfLost(got, 4 * COUNT);
    const mean = lost / runs.length;
    expect(mean).toBeGreaterThan(0.9 * burst);
    expect(mean).toBeLessThan(1.1 * burst);
  });

  it("frames come twice, never three times, as often as is said", () => {
    const got = new Bench(1, { duplicate: "10%" }).series(COUNT);
    expect(new Set(got).size).toBe(COUNT);
    expect(got.length - COUNT).toBeGreaterThan(0.09 * COUNT);
    expect(got.length - COUNT).toBeLessThan(0.11 * COUNT);
    expect(new Bench(1, { duplicate: 1 }).series(100)).toHaveLength(200);
  });

  it("one bit is flipped, anywhere in the frame, as often as is said", () => {
    const bench = new Bench(1, { corrupt: "10%" });
    const sent = "00".repeat(60);
    for (let i = 0; i < COUNT; i++) bench.send(sent);
    const changed = bench.delivered.map((line) => line.split(" ")[1]!).filter((octets) => octets !== sent);
    expect(changed.length).toBe(bench.way.counts.corrupted);
    expect(changed.length / COUNT).toBeGreaterThan(0.09);
    expect(changed.length / COUNT).toBeLessThan(0.11);
    const bits = changed.map((octets) => [...BigInt(`0x${octets}`).toString(2)].filter((bit) => bit === "1").length);
    expect(new Set(bits)).toEqual(new Set([1]));
    const places = new Set(changed);
    expect(places.size).toBeGreaterThan(450);
  });

  it("frames overtake each other with jitter, and stay in order with a rate besides", () => {
    const swaps = (numbers: readonly number[]) => numbers.filter((n, i) => i > 0 && n < numbers[i - 1]!).length;
    const jittery = new Bench(1, { delay: "100us", jitter: "50us" }).series(900);
    expect(jittery.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 900 }, (_, n) => n));
    expect(swaps(jittery)).toBeGreaterThan(300);
    expect(swaps(new Bench(1, { delay: "100us", jitter: "50us", rate: "10gbit" }).series(900))).toBe(0);
    expect(swaps(new Bench(1, { delay: "100us" }).series(900))).toBe(0);
  });

  it("delays spread evenly between delay - jitter and delay + jitter", () => {
    const bench = new Bench(1, { delay: "10ms", jitter: "4ms" });
    const { scheduler } = bench.fabric;
    for (let i = 0; i < 5; i++) {
      for (let n = 0; n < 900; n++) bench.send(frameOf(n, 60));
      scheduler.runUntil((i + 1) * 20 * NS_PER_MS);
    }
    const delays = bench.delivered.map((line, i) => Number(line.split(" ")[0]) - Math.floor(i / 900) * 20 * NS_PER_MS);
    expect(delays).toHaveLength(4_500);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(6 * NS_PER_MS);
    expect(Math.max(...delays)).toBeLessThan(14 * NS_PER_MS);
    for (let quarter = 0; quarter < 4; quarter++) {
      const from = (6 + 2 * quarter) * NS_PER_MS;
      const share = delays.filter((ns) => ns >= from && ns < from + 2 * NS_PER_MS).length / delays.length;
      expect(share).toBeGreaterThan(0.23);
      expect(share).toBeLessThan(0.27);
    }
  });
});

describe("a way that is impaired", () => {
  it("makes of one seed the same, of another seed another", () => {
    const words = { loss: "30%", duplicate: "30%", delay: "20us", jitter: "10us" };
    expect(new Bench(5, words).series(200)).toEqual(new Bench(5, words).series(200));
    expect(new Bench(6, words).series(200)).not.toEqual(new Bench(5, words).series(200));
  });

  it("leaves alone what it is not told of, and 0 clears", () => {
    const bench = new Bench(1, { delay: "1ms", loss: "100%" });
    bench.way.set(impairWordsOf({ on: "x", loss: 0 }), null);
    bench.send("00".repeat(20));
    bench.fabric.scheduler.runUntil(NS_PER_S);
    expect(bench.delivered).toEqual([`${NS_PER_MS} ${"00".repeat(20)}`]);
    bench.way.set(impairWordsOf({ on: "x", delay: "0ms" }), null);
    bench.send("11".repeat(20));
    expect(bench.delivered).toHaveLength(2);
  });

  it("puts frames on the wire one after the other at its rate, octets as netem counts them", () => {
    const bench = new Bench(1, { rate: "1mbit" });
    for (let i = 0; i < 3; i++) bench.send("00".repeat(125));
    bench.fabric.scheduler.runUntil(NS_PER_S);
    expect(bench.delivered.map((line) => Number(line.split(" ")[0]) / NS_PER_MS)).toEqual([1, 2, 3]);
  });

  it("lets LIMIT frames wait and drops the others", () => {
    const bench = new Bench(1, { delay: "1s" });
    for (let i = 0; i < LIMIT + 5; i++) bench.send(frameOf(i, 20));
    expect(bench.way.waiting).toBe(LIMIT);
    expect(bench.way.counts.overflowed).toBe(5);
    bench.fabric.scheduler.runUntil(2 * NS_PER_S);
    expect(bench.delivered).toHaveLength(LIMIT);
  });

  it("polices announcements: at once as many as in a second, then one for each token", () => {
    const bench = new Bench(1, { announcements: "2/s" });
    const { scheduler } = bench.fabric;
    for (const [atMs, passes] of [
      [0, 2],
      [400, 0],
      [500, 1],
      [999, 0],
      [1_000, 1],
      [9_000, 2],
    ] as const) {
      scheduler.runUntil(atMs * NS_PER_MS);
      const before = bench.delivered.length;
      for (let i = 1; i <= 5; i++) bench.send(gratuitous(i));
      bench.send(frameOf(1, 60));
      expect(bench.delivered.length - before - 1).toBe(passes);
    }
    expect(bench.way.counts.policed).toBe(30 - 6);
  });

  it("changes a copy: whoever else holds the frame has it whole, and a copy goes the same ways", () => {
    const bench = new Bench(1, { corrupt: "100%" });
    const { fabric } = bench;
    const { slab } = fabric;
    const sent = "00".repeat(60);
    const frame = bench.frame(sent);
    slab.retain(frame);
    slab.mark[frame] = 3;
    slab.origin[frame] = 7;
    slab.departedNs[frame] = 5;
    fabric.hops[frame] = 2;
    const copies: unknown[] = [];
    const place = bench.way.place;
    const exit = {
      forward: (copy: FrameRef) => {
        copies.push([slab.mark[copy], slab.origin[copy], slab.departedNs[copy], fabric.hops[copy], copy === frame]);
        expect(bench.octets(copy)).not.toBe(sent);
        slab.release(copy);
      },
    };
    const way = new Impairment(fabric, place, exit, "another");
    way.set({ corrupt: 1, duplicate: 1 }, null);
    way.take(frame);
    expect(copies).toEqual([
      [3, 7, 5, 2, false],
      [3, 7, 5, 2, false],
    ]);
    expect(bench.octets(frame)).toBe(sent);
    expect(slab.inUse).toBe(1);
    slab.release(frame);
  });

  it("without a slot to change a frame in loses it, and doubles nothing", () => {
    const bench = new Bench(1, { corrupt: "100%", duplicate: "100%" });
    const { slab } = bench.fabric;
    const frame = bench.frame("00".repeat(60));
    const others: FrameRef[] = [];
    while (slab.inUse < slab.slotCount) others.push(slab.acquire());
    bench.way.take(frame);
    expect(bench.delivered).toEqual([]);
    expect(bench.way.counts).toMatchObject({ frames: 1, duplicated: 0, corrupted: 0, overflowed: 1 });
    expect(slab.inUse).toBe(others.length);
  });
});

/** Lengths of the runs of numbers below `count` that are missing. */
function runsOfLost(got: ReadonlySet<number>, count: number): number[] {
  const runs: number[] = [];
  let length = 0;
  for (let n = 0; n <= count; n++) {
    if (n < count && !got.has(n)) length++;
    else if (length > 0) {
      runs.push(length);
      length = 0;
    }
  }
  return runs;
}
