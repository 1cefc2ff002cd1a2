import { describe, expect, it } from "vitest";
import { AssertionError } from "../../src/base/assert.ts";
import type { FrameRef, PortId } from "../../src/base/ids.ts";
import { EgressRing } from "../../src/switch/egress-ring.ts";

const push = (ring: EgressRing, port: number, frame: number) => ring.push(port as PortId, frame as FrameRef);

/** What the ring hands over, as [port, frame]. */
function drained(ring: EgressRing): number[][] {
  const pairs: number[][] = [];
  ring.drain({ deliver: (port, frame) => void pairs.push([port, frame]) });
  return pairs;
}

describe("the egress ring", () => {
  it("gives deliveries back in order, once", () => {
    const ring = new EgressRing(4, []);
    push(ring, 1, 10);
    push(ring, 2, 20);
    expect(drained(ring)).toEqual([
      [1, 10],
      [2, 20],
    ]);
    expect([ring.size, drained(ring)]).toEqual([0, []]);
  });

  it("spreads a flood out over its list, one port left out, between what came before and after", () => {
    const ring = new EgressRing(4, [new Int32Array(0), Int32Array.of(3, 5, 9)]);
    push(ring, 1, 10);
    expect(ring.pushFlood(1, 5 as PortId, 20 as FrameRef)).toBe(true);
    push(ring, 2, 30);
    expect(ring.size).toBe(3);
    expect(drained(ring)).toEqual([
      [1, 10],
      [3, 20],
      [9, 20],
      [2, 30],
    ]);
  });

  it("is full at its capacity, refuses, and has room again when drained", () => {
    const ring = new EgressRing(4, [new Int32Array(0), Int32Array.of(1, 2)]);
    for (let i = 0; i < 4; i++) expect(push(ring, i, i)).toBe(true);
    expect([ring.size, ring.free, ring.capacity]).toEqual([4, 0, 4]);
    expect([push(ring, 9, 9), ring.pushFlood(1, 0 as PortId, 9 as FrameRef)]).toEqual([false, false]);
    expect(drained(ring)).toHaveLength(4);
    expect([ring.size, ring.free, ring.capacity]).toEqual([0, 4, 4]);
  });

  it("keeps order while it goes round and round", () => {
    const ring = new EgressRing(8, []);
    let next = 0;
    for (let frame = 0; frame < 1000; frame++) {
      push(ring, frame % 5, frame);
      if (ring.free > frame % 4) continue;
      for (const pair of drained(ring)) {
        expect(pair).toEqual([next % 5, next]);
        next++;
      }
    }
    expect(next).toBeGreaterThan(900);
  });

  it("grows to the next power of two, but only while nothing waits", () => {
    const ring = new EgressRing(4, []);
    ring.reserve(4);
    expect(ring.capacity).toBe(4);
    ring.reserve(5);
    expect(ring.capacity).toBe(8);
    for (let i = 0; i < 8; i++) push(ring, i, i);
    expect(() => ring.reserve(9)).toThrow(AssertionError);
    expect(drained(ring)).toHaveLength(8);
    ring.reserve(1000);
    expect([ring.capacity, ring.free]).toEqual([1024, 1024]);
  });
});
