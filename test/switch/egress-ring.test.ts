import { describe, expect, it } from "vitest";
import type { FrameRef, PortId } from "../../src/base/ids.ts";
import { EgressRing } from "../../src/switch/egress-ring.ts";

const push = (ring: EgressRing, port: number, frame: number) => ring.push(port as PortId, frame as FrameRef);

describe("the egress ring", () => {
  it("gives pairs back in order", () => {
    const ring = new EgressRing(4);
    push(ring, 1, 10);
    push(ring, 2, 20);
    expect([ring.headPort(), ring.headFrame()]).toEqual([1, 10]);
    ring.pop();
    expect([ring.headPort(), ring.headFrame()]).toEqual([2, 20]);
    ring.pop();
    expect(ring.size).toBe(0);
  });

  it("is full at its capacity, and has room again after a pop", () => {
    const ring = new EgressRing(4);
    for (let i = 0; i < 4; i++) push(ring, i, i);
    expect([ring.size, ring.free, ring.capacity]).toEqual([4, 0, 4]);
    ring.pop();
    expect([ring.size, ring.free, ring.capacity]).toEqual([3, 1, 4]);
  });

  it("keeps order while it goes round and round", () => {
    const ring = new EgressRing(8);
    let next = 0;
    for (let frame = 0; frame < 1000; frame++) {
      push(ring, frame % 5, frame);
      if (ring.free > frame % 4) continue;
      while (ring.size > 0) {
        expect([ring.headPort(), ring.headFrame()]).toEqual([next % 5, next]);
        ring.pop();
        next++;
      }
    }
    expect(next).toBeGreaterThan(900);
  });
});
