/**
 * A simulated host beside a recorded Linux 6.18: the same frames are given to it, and it must keep the same neighbours in the same states and
 * send the same frames. Linux's timers are late by up to a recording's tolerance, never early; states are compared where they are certain.
 */
import { describe, expect, it } from "vitest";
import {
  lineOf,
  type NeighbourRecording,
  neighbourRecordings,
  replay,
  type SentByHost,
} from "./neighbour-recording.ts";

/** Observations were made every 10 ms, and noted after they were made. */
const OBSERVED_LATE = 0.03;
const ARP = "0806";
const IPV4 = "0800";
const IPV6 = "86dd";
const UDP = "11";

const recordings = neighbourRecordings();

/** Moments at which the recorded cache is certain: at both ends of each state, away from its changes, and between. */
function certainMoments({ observations, forSeconds, toleranceSeconds }: NeighbourRecording): number[] {
  const settle = toleranceSeconds + OBSERVED_LATE;
  return observations.flatMap(({ at }, i) => {
    const until = (observations[i + 1]?.at ?? forSeconds) - settle;
    const from = at + settle;
    if (from >= until) return [];
    return [from, (from + until) / 2, until];
  });
}

const typeOf = (frame: string) => frame.slice(24, 28);
const isUdp = (frame: string) =>
  typeOf(frame) === IPV4 ? frame.slice(46, 48) === UDP : typeOf(frame) !== ARP && frame.slice(40, 42) === UDP;
/** From the IPv6 header on: source `::`, and a solicitation. */
const isDuplicateCheck = (frame: string) => typeOf(frame) === IPV6 && /^0{32}/.test(frame.slice(44));
/** IPv4 identifications, the checksums over them and the nonces of duplicate checks are arbitrary. */
const essence = (frame: string) => {
  if (typeOf(frame) === IPV4) return `${frame.slice(0, 36)} ${frame.slice(46, 48)} ${frame.slice(52, 72)}`;
  return isDuplicateCheck(frame) ? `${frame.slice(0, 112)} ${frame.slice(116, 160)}` : frame;
};

/** How many of the application's packets left for each MAC, and in which order the MACs came. */
function waysOf(frames: readonly SentByHost[]) {
  const macs = frames.filter(({ hex }) => isUdp(hex)).map(({ hex }) => hex.slice(0, 12));
  const counts = new Map<string, number>();
  const order = macs.filter((mac, i) => mac !== macs[i - 1]);
  for (const mac of macs) counts.set(mac, (counts.get(mac) ?? 0) + 1);
  return { order, counts };
}

const recordedBy = ({ frames }: NeighbourRecording) =>
  frames.filter(({ dir }) => dir === "out").map(({ t, hex }) => ({ at: t, hex }));

describe("a host keeps its neighbours as Linux does", () => {
  it("in 72 recorded cases", () => {
    expect(recordings).toHaveLength(72);
  });

  describe.each(recordings)("$name: $why", (recording) => {
    const moments = certainMoments(recording);
    const { sent, caches } = replay(recording, moments);
    const settle = recording.toleranceSeconds + OBSERVED_LATE;
    const recorded = recordedBy(recording);

    it("the states of the cache", () => {
      const at = (moment: number) => recording.observations.findLast((observation) => observation.at <= moment)!;
      const wanted = moments.map((moment) => [moment, at(moment).neigh.map(lineOf).sort()]);
      expect(moments.map((moment) => [moment, [...caches.get(moment)!].sort()])).toEqual(wanted);
    });

    it("the frames beside the application's", () => {
      const others = (frames: readonly SentByHost[]) => frames.filter(({ hex }) => !isUdp(hex));
      const [ours, theirs] = [others(sent), others(recorded)];
      expect(ours.map(({ hex }) => essence(hex))).toEqual(theirs.map(({ hex }) => essence(hex)));
      ours.forEach(({ at }, i) => {
        expect(Math.abs(at - theirs[i]!.at)).toBeLessThanOrEqual(settle);
      });
    });

    it("the MACs that the application's packets leave for", () => {
      const [ours, theirs] = [waysOf(sent), waysOf(recorded)];
      expect(ours.order).toEqual(theirs.order);
      // Where the timers that decide it are late, so many packets more or fewer take each way.
      const every = recording.steps.find(({ hostSends }) => hostSends?.everyMs !== undefined)?.hostSends?.everyMs;
      const slack = every === undefined ? 0 : (settle * 1000) / every + 1;
      for (const [mac, count] of theirs.counts)
        expect(Math.abs(ours.counts.get(mac)! - count)).toBeLessThanOrEqual(slack);
    });
  });
});

describe("timers are late as the recorded machine's were", () => {
  it.each(recordings.filter(({ name }) => name.includes("dead-holder")))(
    "$name: had it started at the right moment, each packet would take the recorded way, and each question come within 5 ms",
    (recording) => {
      const recorded = recordedBy(recording);
      const ways = waysOf(recorded);
      const questions = recorded.filter(({ hex }) => !isUdp(hex));
      const isSame = (sent: readonly SentByHost[]) => {
        const ours = sent.filter(({ hex }) => !isUdp(hex));
        const inTime = questions.every(({ at }, i) => Math.abs(ours[i]!.at - at) < 0.005);
        return inTime && [...ways.counts].every(([mac, count]) => waysOf(sent).counts.get(mac) === count);
      };
      // A slot of the wheel is 256 ms wide here, of 2,048 ms in one case.
      const seeds = Array.from({ length: 1000 }, (_, i) => i + 1);
      expect(seeds.some((seed) => isSame(replay(recording, [], seed).sent))).toBe(true);
    },
  );
});
