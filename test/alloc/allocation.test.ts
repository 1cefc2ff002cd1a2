import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { built } from "./built.ts";

/** Less than any object has: the smallest, one boxed number a frame, reads 16. What remains below is the heap's own bookkeeping. */
const OCTETS_PER_FRAME_MAX = 4;
const FRAMES_MIN = 200_000;
const measure = fileURLToPath(new URL("measure.mjs", import.meta.url));

/** Median of seven rounds, each over 200,000 frames, after warming up. */
async function octetsPerFrame(workload: string): Promise<number> {
  built("sim/network.js");
  // Room for what a round allocates, 300 octets a frame say: a collection in between would hide it.
  const flags = ["--expose-gc", "--max-semi-space-size=128", "--min-semi-space-size=128"];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, measure, workload]);
  const { frames, octetsPerFrame: rounds }: { frames: number; octetsPerFrame: number[] } = JSON.parse(stdout);
  expect(frames).toBeGreaterThanOrEqual(FRAMES_MIN);
  expect(rounds).toHaveLength(7);
  return rounds.sort((x, y) => x - y)[3]!;
}

describe("the gate", () => {
  it("sees one number boxed per frame", async () => {
    expect(await octetsPerFrame("boxing")).toBeGreaterThan(12);
  });
});

describe("nothing is allocated per frame", () => {
  const workloads: readonly (readonly [string, string])[] = [
    ["known-unicast", "when the switch forwards known unicast"],
    ["flood", "when the switch floods to 63 ports"],
    ["network", "when two simulated hosts ping each other through links, neighbour caches and the switch"],
    ["connecting", "when clients open connections, and write requests to one that they keep"],
    ["impaired", "when impaired cables delay, lose, double, reorder, corrupt and slow down frames"],
    ["timers", "when timers are armed anew"],
    ["W1", "in the benchmark of known unicast"],
    ["W2", "in the benchmark of known unicast among many MACs"],
    ["W3", "in the benchmark of floods, per delivery"],
    ["W4", "in the benchmark of addresses that move, watched"],
    ["W5", "in the benchmark of announcements read"],
    ["W6", "in the benchmark of a simulated network"],
  ];
  for (const [workload, when] of workloads) {
    it(when, async () => {
      expect(await octetsPerFrame(workload)).toBeLessThan(OCTETS_PER_FRAME_MAX);
    });
  }
});
