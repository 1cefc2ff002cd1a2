/** Which overlaps of masters are a split brain. */
import { describe, expect, it } from "vitest";
import type { VrrpState } from "../../src/guest/keepalived/observer.ts";
import type { VrrpEvent } from "../../src/observe/events.ts";
import { splitBrainsOf } from "../../src/observe/split-brain.ts";

const S = 1_000_000_000;

function change(atNs: number, host: string, to: VrrpState, more: Partial<VrrpEvent> = {}): VrrpEvent {
  return {
    atNs,
    host,
    subnet: "app",
    instance: "VI_1",
    vrid: 51,
    from: "BACKUP",
    to,
    cause: "master-down-timer",
    reason: "",
    priority: 100,
    vips: ["10.0.1.50"],
    skewNs: 0,
    heardNs: -1,
    ...more,
  };
}

describe("split brain", () => {
  it("lasts from the second master to the last but one", () => {
    const events = [
      change(1 * S, "a", "MASTER"),
      change(5 * S, "b", "MASTER"),
      change(6 * S, "c", "MASTER"),
      change(7 * S, "b", "BACKUP"),
      change(8 * S, "a", "FAULT"),
    ];
    expect(splitBrainsOf(events, 20 * S)).toEqual([
      { fromNs: 5 * S, untilNs: 8 * S, subnet: "app", vip: "10.0.1.50", hosts: ["a", "b", "c"] },
    ]);
  });

  it("is no hand-over: an overlap of up to a tenth of a second", () => {
    const handOver = (overlapNs: number) => [
      change(1 * S, "a", "MASTER"),
      change(5 * S, "b", "MASTER"),
      change(5 * S + overlapNs, "a", "BACKUP"),
    ];
    expect(splitBrainsOf(handOver(S / 10), 20 * S)).toEqual([]);
    expect(splitBrainsOf(handOver(S / 10 + 1), 20 * S)).toHaveLength(1);
  });

  it("may last to the end of the run, and begin anew", () => {
    const events = [
      change(1 * S, "a", "MASTER"),
      change(2 * S, "b", "MASTER"),
      change(3 * S, "b", "STOPPED"),
      change(4 * S, "b", "MASTER"),
    ];
    expect(splitBrainsOf(events, 9 * S).map(({ fromNs, untilNs }) => [fromNs / S, untilNs / S])).toEqual([
      [2, 3],
      [4, 9],
    ]);
  });

  it("needs one address, one subnet and two hosts", () => {
    const apart = (more: Partial<VrrpEvent>) => [change(1 * S, "a", "MASTER"), change(2 * S, "b", "MASTER", more)];
    expect(splitBrainsOf(apart({ subnet: "other" }), 9 * S)).toEqual([]);
    expect(splitBrainsOf(apart({ vips: ["10.0.1.51"] }), 9 * S)).toEqual([]);
    expect(splitBrainsOf(apart({ host: "a", instance: "VI_2" }), 9 * S)).toEqual([]);
    expect(splitBrainsOf(apart({ vips: ["10.0.1.51", "10.0.1.50"] }), 9 * S)).toHaveLength(1);
  });
});
