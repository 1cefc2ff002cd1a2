import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DelayLane } from "../../src/time/delay-lane.ts";

/** A lane, the cells it is fed from, and the list that it should be. */
class Watched {
  readonly lane: DelayLane;
  /** Of three lanes: this is the one in the middle. */
  readonly heads = new Float64Array(6).fill(-1);
  readonly model: number[][] = [];
  readonly #nowNs = new Float64Array(1);
  readonly #sequence = new Float64Array(1);

  constructor(delayNs: number, sizeMax: number) {
    this.lane = new DelayLane(delayNs, sizeMax, this.heads, 1);
  }

  push(nowNs: number): boolean {
    this.#nowNs[0] = nowNs;
    this.#sequence[0]! += 1;
    const sequence = this.#sequence[0]!;
    const pushed = this.lane.push(this.#nowNs, this.#sequence, sequence % 5, sequence * 3, -sequence);
    if (pushed) this.model.push([nowNs + this.lane.delayNs, sequence, sequence % 5, sequence * 3, -sequence]);
    return pushed;
  }

  /** Takes the head, which must be the list's. */
  pop(): void {
    const { lane } = this;
    const [, , atNs, sequence] = this.heads;
    expect([atNs, sequence, lane.topKind(), lane.topA(), lane.topB()]).toEqual(this.model.shift());
    lane.pop();
    expect(this.heads[2]).toBe(this.model[0]?.[0] ?? Number.POSITIVE_INFINITY);
    expect([this.heads[0], this.heads[1], this.heads[4], this.heads[5]]).toEqual([-1, -1, -1, -1]);
    expect(lane.size).toBe(this.model.length);
  }
}

describe("a delay lane", () => {
  it("gives events in the order they came, its delay later", () => {
    const watched = new Watched(50_000, 256);
    for (const nowNs of [0, 0, 10, 99]) watched.push(nowNs);
    expect(watched.heads[2]).toBe(50_000);
    for (let i = 0; i < 4; i++) watched.pop();
    expect(watched.heads[2]).toBe(Number.POSITIVE_INFINITY);
  });

  it("refuses what exceeds its limit and takes events again afterwards", () => {
    const watched = new Watched(1, 512);
    for (let i = 0; i < 512; i++) expect(watched.push(i)).toBe(true);
    expect(watched.push(512)).toBe(false);
    expect(watched.lane.size).toBe(512);
    watched.pop();
    expect(watched.push(513)).toBe(true);
    while (watched.model.length > 0) watched.pop();
  });

  for (const head of [1, 100, 255]) {
    it(`loses nothing when it grows while wrapped, with its head at ${head}`, () => {
      const watched = new Watched(1_000, 2048);
      for (let i = 0; i < head; i++) watched.push(i);
      for (let i = 0; i < head; i++) watched.pop();
      // Full at 256, wrapped; the next ones make it grow to 512 and to 1,024.
      for (let i = 0; i < 1_000; i++) expect(watched.push(head + i)).toBe(true);
      while (watched.model.length > 0) watched.pop();
    });
  }

  it("is a list, however pushes and pops alternate", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(600), fc.nat(600)), { maxLength: 8, size: "max" }), (bursts) => {
        const watched = new Watched(7, 4096);
        let nowNs = 0;
        for (const [pushes, pops] of bursts) {
          for (let i = 0; i < pushes; i++) watched.push(nowNs++);
          for (let i = Math.min(pops, watched.model.length); i > 0; i--) watched.pop();
        }
        while (watched.model.length > 0) watched.pop();
      }),
      { numRuns: 30 },
    );
  });
});
