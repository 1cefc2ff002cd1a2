import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AssertionError } from "../../src/base/assert.ts";
import { type FrameRef, NO_FRAME } from "../../src/base/ids.ts";
import { FrameSlab, SLOT_OCTETS } from "../../src/frame/slab.ts";

describe("the slab", () => {
  it("hands out every slot once, from the first, and then none", () => {
    const slab = new FrameSlab(3);
    expect([slab.acquire(), slab.acquire(), slab.acquire()]).toEqual([0, 1, 2]);
    expect(slab.inUse).toBe(3);
    expect(slab.acquire()).toBe(NO_FRAME);
    expect(slab.inUse).toBe(3);
  });

  it("hands out a slot again when its last reference is given back", () => {
    const slab = new FrameSlab(2);
    const first = slab.acquire();
    slab.acquire();
    slab.retain(first);
    slab.retainMany(first, 2);
    for (let i = 0; i < 3; i++) {
      slab.release(first);
      expect(slab.acquire()).toBe(NO_FRAME);
    }
    slab.release(first);
    expect(slab.inUse).toBe(1);
    expect(slab.acquire()).toBe(first);
  });

  it("gives each frame octets of its own, aligned to words", () => {
    const slab = new FrameSlab(4, 64);
    expect(slab.bytes.length).toBe(256);
    const frames = Array.from({ length: 4 }, () => slab.acquire());
    for (const frame of frames) slab.bytes.fill(frame + 1, slab.start(frame), slab.start(frame) + 64);
    for (const frame of frames) {
      expect(slab.start(frame) % 4).toBe(0);
      expect(slab.bytes[slab.start(frame)]).toBe(frame + 1);
      expect(slab.bytes[slab.start(frame) + 63]).toBe(frame + 1);
    }
  });

  it("shows the same octets as little-endian words", () => {
    const slab = new FrameSlab(2, 64);
    slab.acquire();
    const frame = slab.acquire();
    slab.bytes.set([0x01, 0x80, 0xc2, 0x00], slab.start(frame));
    expect(slab.words[slab.start(frame) >> 2]).toBe(0x00c28001);
  });

  it("has room for an Ethernet frame with a tag unless told otherwise", () => {
    expect(SLOT_OCTETS).toBeGreaterThanOrEqual(1518);
    expect(new FrameSlab(1).slotOctets).toBe(SLOT_OCTETS);
  });

  it("notices a release too many, and a reference to what nobody holds", () => {
    const slab = new FrameSlab(2);
    const frame = slab.acquire();
    slab.release(frame);
    expect(() => slab.release(frame)).toThrow(AssertionError);
    expect(() => slab.retain(frame)).toThrow(AssertionError);
    expect(() => slab.retainMany(frame, 3)).toThrow(AssertionError);
    expect(() => slab.release(NO_FRAME)).toThrow(AssertionError);
    expect(() => slab.retain(NO_FRAME)).toThrow(AssertionError);
    expect(slab.inUse).toBe(0);
  });

  it("refuses to be empty or to have slots that are no multiple of four octets", () => {
    expect(() => new FrameSlab(0)).toThrow(AssertionError);
    expect(() => new FrameSlab(1, 1518)).toThrow(AssertionError);
  });

  it("counts references as a table of counters does", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(7)), { maxLength: 200, size: "max" }), (actions) => {
        const slab = new FrameSlab(5, 4);
        const counts = new Map<FrameRef, number>();
        for (const [action, choice] of actions) {
          const held = [...counts.keys()];
          const frame = held[choice % Math.max(1, held.length)];
          if (action === 0) {
            const fresh = slab.acquire();
            expect(fresh === NO_FRAME).toBe(counts.size === 5);
            expect(counts.has(fresh)).toBe(false);
            if (fresh !== NO_FRAME) counts.set(fresh, 1);
          } else if (frame !== undefined && action === 1) {
            slab.retainMany(frame, choice);
            counts.set(frame, counts.get(frame)! + choice);
          } else if (frame !== undefined) {
            slab.release(frame);
            counts.set(frame, counts.get(frame)! - 1);
            if (counts.get(frame) === 0) counts.delete(frame);
          }
          expect(slab.inUse).toBe(counts.size);
        }
      }),
    );
  });
});
