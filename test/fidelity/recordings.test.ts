/**
 * Real keepalived daemons were recorded; the simulator does the same again, from the same configurations and the same events, and every
 * frame of keepalived's must be there: from the same vNIC, in the same order, with the same octets, at the same time but for the
 * milliseconds that a real machine takes. In `further/` the order counts among frames that say the same: which of two things that are due in
 * the same millisecond comes first is chance.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { NS_PER_MS, NS_PER_S } from "../../src/base/units.ts";
import { type KeepalivedFrame, keepalivedFrames } from "./keepalived-frames.ts";
import { nicsOf, readRecording, recordingsIn, type TimedFrame } from "./recording.ts";
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

const FURTHER = "further/";
/** Nodes that wrest the addresses from each other many times a second: what they do hangs on fractions of a millisecond. */
const RESTLESS: readonly string[] = ["further/mixed-intervals-equal", "further/mixed-intervals-joins"];

/** Real timers of seconds are up to 50 ms late, a little more while nine other recordings are made. */
const toleranceNs = (name: string) => (name.startsWith(FURTHER) ? 80 : 50) * NS_PER_MS;
/** The end of a recording may be incomplete. */
const END_NS = 1.3 * NS_PER_S;

const STEADY = recordingsIn(FURTHER).filter((name) => !RESTLESS.includes(name));

describe.each([...NAMES, ...STEADY])("recording %s", (name) => {
  const recording = readRecording(name);
  const horizonNs = recording.forSeconds * NS_PER_S - END_NS;
  let replayed: TimedFrame[] = [];
  beforeAll(() => {
    replayed = replay(recording);
  });

  const senders = Object.entries(recording.hosts).flatMap(([host, recorded]) =>
    nicsOf(recorded).map(([nic]) => (nic === "eth0" ? host : `${host}.${nic}`)),
  );

  it.each(senders)(`${recording.why}: every frame of %s, in order, octet for octet`, (sender) => {
    const of = (frames: readonly TimedFrame[]) =>
      keepalivedFrames(recording, frames).filter((frame) => frame.sender === sender && frame.kind !== "repeat");
    const wanted = of(recording.frames).filter(({ atNs }) => atNs < horizonNs);
    const simulated = of(replayed);
    const due = simulated.filter(({ atNs }) => atNs < horizonNs - toleranceNs(name));
    const seen = simulated.slice(0, Math.max(wanted.length, due.length));
    if (name.startsWith(FURTHER)) for (const frames of [wanted, seen]) frames.sort(byText);
    expect(seen.map(inOneLine)).toEqual(wanted.map(inOneLine));
    const offNs = wanted.map((frame, i) => Math.abs(frame.atNs - seen[i]!.atNs));
    expect(Math.max(0, ...offNs)).toBeLessThanOrEqual(toleranceNs(name));
  });

  it("holds frames to compare", () => {
    expect(keepalivedFrames(recording, recording.frames).length).toBeGreaterThan(20);
  });

  it("repeats each group report once", () => {
    const repeats = (frames: readonly TimedFrame[]) =>
      keepalivedFrames(recording, frames)
        .filter(({ kind, atNs }) => kind === "repeat" && atNs < horizonNs)
        .map(({ sender, text }) => `${sender} ${text}`)
        .sort();
    expect(repeats(replayed)).toEqual(repeats(recording.frames));
  });
});

describe.each(RESTLESS)("recording %s", (name) => {
  it("shows the same unrest: about as many adverts from each host", () => {
    const recording = readRecording(name);
    const adverts = (frames: readonly TimedFrame[], host: string) =>
      keepalivedFrames(recording, frames).filter(({ sender, kind }) => sender === host && kind === "advert").length;
    const replayed = replay(recording);
    for (const host of Object.keys(recording.hosts)) {
      const wanted = adverts(recording.frames, host);
      expect(Math.abs(adverts(replayed, host) - wanted)).toBeLessThanOrEqual(3 + wanted / 4);
    }
  });
});

/** Stable, so that frames of one text stay in their order. */
function byText(a: KeepalivedFrame, b: KeepalivedFrame): number {
  return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
}

function inOneLine({ kind, text, octets }: KeepalivedFrame): string {
  return `${kind} ${text} ${octets}`;
}
