/**
 * Real keepalived daemons were recorded; the simulator does the same again, from the same configurations and the same events, and every
 * frame of keepalived's must be there: from the same host, in the same order, with the same octets, at the same time but for the
 * milliseconds that a real machine takes.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { NS_PER_MS, NS_PER_S } from "../../src/base/units.ts";
import { type KeepalivedFrame, keepalivedFrames } from "./keepalived-frames.ts";
import { readRecording, type TimedFrame } from "./recording.ts";
import { replay } from "./replay.ts";

const NAMES = [
  "crash-and-return",
  "graceful-stop",
  "ipv6-vip",
  "link-down",
  "preempt-delay",
  "script-fault",
  "script-weight",
  "split-brain",
  "three-nodes",
  "unicast-nopreempt",
  "v3-100ms",
  "virtual-mac",
];

/** Real timers of seconds are up to 50 ms late. */
const TOLERANCE_NS = 50 * NS_PER_MS;
/** The end of a recording may be incomplete. */
const END_NS = 1.3 * NS_PER_S;

describe.each(NAMES)("recording %s", (name) => {
  const recording = readRecording(name);
  const horizonNs = recording.forSeconds * NS_PER_S - END_NS;
  let replayed: TimedFrame[] = [];
  beforeAll(() => {
    replayed = replay(recording);
  });

  it.each(Object.keys(recording.hosts))(`${recording.why}: every frame of %s, in order, octet for octet`, (host) => {
    const of = (frames: readonly TimedFrame[]) =>
      keepalivedFrames(recording, frames).filter((frame) => frame.host === host && frame.kind !== "repeat");
    const wanted = of(recording.frames).filter(({ atNs }) => atNs < horizonNs);
    const simulated = of(replayed);
    const due = simulated.filter(({ atNs }) => atNs < horizonNs - TOLERANCE_NS);
    const seen = simulated.slice(0, Math.max(wanted.length, due.length));
    expect(wanted.length).toBeGreaterThan(10);
    expect(seen.map(inOneLine)).toEqual(wanted.map(inOneLine));
    const offNs = wanted.map((frame, i) => Math.abs(frame.atNs - seen[i]!.atNs));
    expect(Math.max(...offNs)).toBeLessThanOrEqual(TOLERANCE_NS);
  });

  it("repeats each group report once", () => {
    const repeats = (frames: readonly TimedFrame[]) =>
      keepalivedFrames(recording, frames)
        .filter(({ kind, atNs }) => kind === "repeat" && atNs < horizonNs)
        .map(({ host, text }) => `${host} ${text}`)
        .sort();
    expect(repeats(replayed)).toEqual(repeats(recording.frames));
  });
});

function inOneLine({ kind, text, octets }: KeepalivedFrame): string {
  return `${kind} ${text} ${octets}`;
}
