import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AssertionError } from "../../src/base/assert.ts";
import { EventHeap, grownFloats, grownInts } from "../../src/time/event-heap.ts";

function push(heap: EventHeap, atNs: number, sequence: number, kind = 0, a = 0, b = 0): boolean {
  heap.key[0] = atNs;
  heap.key[1] = sequence;
  return heap.push(kind, a, b);
}

function drain(heap: EventHeap): number[][] {
  const seen: number[][] = [];
  while (heap.size > 0) {
    heap.lookAtTop();
    seen.push([...heap.top, heap.topKind(), heap.topA(), heap.topB()]);
    heap.pop();
  }
  return seen;
}

describe("the event heap", () => {
  it("gives events by time, then by sequence, with what they were pushed with", () => {
    const heap = new EventHeap(256);
    push(heap, 30, 1, 7, -1, 2 ** 31 - 1);
    push(heap, 10, 4, 1, 2, 3);
    push(heap, 10, 3, 4, 5, 6);
    push(heap, 20, 2, 0, 0, -(2 ** 31));
    expect(drain(heap)).toEqual([
      [10, 3, 4, 5, 6],
      [10, 4, 1, 2, 3],
      [20, 2, 0, 0, -(2 ** 31)],
      [30, 1, 7, -1, 2 ** 31 - 1],
    ]);
  });

  it("shows Infinity as the time of an empty heap, and does not pop it", () => {
    const heap = new EventHeap(256);
    heap.lookAtTop();
    expect(heap.top[0]).toBe(Number.POSITIVE_INFINITY);
    expect(() => heap.pop()).toThrow(AssertionError);
  });

  it("refuses what exceeds its limit, keeps the rest, and takes events again afterwards", () => {
    const heap = new EventHeap(300);
    for (let i = 0; i < 300; i++) expect(push(heap, 1000 - i, i)).toBe(true);
    expect(push(heap, 0, 300)).toBe(false);
    expect(heap.size).toBe(300);
    heap.lookAtTop();
    expect(heap.top[0]).toBe(701);
    heap.pop();
    expect(push(heap, 0, 301)).toBe(true);
    expect(drain(heap)).toHaveLength(300);
  });

  it("needs a limit of at least 256", () => {
    expect(() => new EventHeap(255)).toThrow(AssertionError);
  });

  it("is a sorted list, however pushes and pops alternate, growth included", () => {
    // A burst of pushes, then a burst of pops, and so on.
    const bursts = fc.array(fc.tuple(fc.array(fc.nat(50), { maxLength: 400, size: "max" }), fc.nat(400)), {
      maxLength: 6,
      size: "max",
    });
    fc.assert(
      fc.property(bursts, (steps) => {
        const heap = new EventHeap(4096);
        let model: number[][] = [];
        let sequence = 0;
        for (const [times, pops] of steps) {
          for (const atNs of times) {
            sequence++;
            push(heap, atNs, sequence, sequence % 3, sequence * 7, -sequence);
            model.push([atNs, sequence, sequence % 3, sequence * 7, -sequence]);
          }
          model.sort((x, y) => x[0]! - y[0]! || x[1]! - y[1]!);
          const expected = model.slice(0, pops);
          const seen: number[][] = [];
          while (seen.length < expected.length) {
            heap.lookAtTop();
            seen.push([...heap.top, heap.topKind(), heap.topA(), heap.topB()]);
            heap.pop();
          }
          expect(seen).toEqual(expected);
          model = model.slice(pops);
          expect(heap.size).toBe(model.length);
        }
        expect(drain(heap)).toEqual(model);
      }),
    );
  });
});

describe("growing an array", () => {
  it("keeps what was in it and adds zeros", () => {
    expect(Array.from(grownFloats(Float64Array.of(1.5, 2), 4))).toEqual([1.5, 2, 0, 0]);
    expect(Array.from(grownInts(Int32Array.of(-1, 2), 3))).toEqual([-1, 2, 0]);
  });
});
