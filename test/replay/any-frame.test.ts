/** Whatever the frames are, and whatever is done to a good capture: it is told, or refused with a ConfigError. */
import { readdirSync, readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { replayCapture } from "../../src/replay/make-report.ts";
import { formatReplayReport, type ReplayReport } from "../../src/replay/report.ts";
import { formatReplay } from "../../src/replay/text-report.ts";
import { ConfigError } from "../../src/text/config-error.ts";
import { PLAIN } from "../../src/text/style.ts";
import {
  A,
  advert,
  advert6,
  arpReply,
  arpRequest,
  B,
  captureOf,
  garp,
  na,
  type Sent,
  tagged,
  udp,
  VIP,
  VIRTUAL,
} from "./frames.ts";

const RECORDINGS = new URL("../recordings/", import.meta.url);
const CAPTURES = readdirSync(RECORDINGS)
  .filter((name) => name.endsWith(".pcap"))
  .map((name) => new Uint8Array(readFileSync(new URL(name, RECORDINGS))));

/** What holds of every story. */
function expectConsistent(report: ReplayReport): void {
  const { capture, addresses, virtualMacs, virtualRouters, contests, hosts } = report;
  const { all, switched, leftOut, leaving, copies } = capture.frames;
  expect(switched + leftOut + leaving + copies).toBe(all);
  expect(hosts.reduce((sum, { frames }) => sum + frames, 0)).toBe(switched);
  expect(new Set(hosts.map(({ name }) => name)).size).toBe(hosts.length);
  // What only a farewell lists, nobody is known to have held.
  for (const { holds, announcements } of addresses) expect(holds.length > 0 || announcements === 0).toBe(true);
  for (const { holds } of [...addresses, ...virtualMacs]) {
    for (const [i, { from, frame, until, untilFrame }] of holds.entries()) {
      const next = holds[i + 1];
      expect([until, untilFrame]).toEqual(next === undefined ? [null, null] : [next.from, next.frame]);
      expect(from <= (until ?? capture.seconds) && frame >= 1 && frame <= all).toBe(true);
    }
  }
  for (const { masters, senders, gaps } of virtualRouters) {
    for (const { from, until, adverts } of masters)
      expect(from <= until && until <= capture.seconds && adverts > 0).toBe(true);
    const reigned = masters.reduce((sum, { adverts }) => sum + adverts, 0);
    const sent = senders.reduce((sum, { adverts, farewells }) => sum + adverts - farewells, 0);
    expect(reigned).toBe(sent);
    expect(gaps.reduce((sum, { missed }) => sum + missed, 0)).toBe(
      senders.reduce((sum, { missed }) => sum + missed, 0),
    );
  }
  for (const { silences } of addresses)
    for (const { from, until } of silences) expect(from <= (until ?? capture.seconds)).toBe(true);
  for (const { from, until, hosts: those } of contests) expect(from <= until && those.length > 1).toBe(true);
  expect(JSON.parse(formatReplayReport(report))).toEqual(report);
  const text = formatReplay(report, PLAIN);
  expect(text).toMatch(/\S\n$/);
  // Wider than a screen only for names with MACs behind them, several in a row.
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(180);
}

function tell(bytes: Uint8Array, by?: "mac" | "interface"): ReplayReport | null {
  try {
    const report = replayCapture("x", bytes, by === undefined ? {} : { by });
    expectConsistent(report);
    return report;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return null;
  }
}

const sources = fc.constantFrom(A, B, VIRTUAL, "01:00:5e:00:00:01", "00:00:00:00:00:00");
const addresses = fc.constantFrom("10.0.1.11", "10.0.1.12", VIP, "10.0.1.51");
const goodFrame = fc.oneof(
  fc.tuple(sources, addresses).map(([source, address]) => garp(source, address)),
  fc.tuple(sources, addresses).map(([source, address]) => arpReply(source, address)),
  fc.tuple(sources, addresses).map(([source, address]) => arpRequest(source, address, VIP)),
  fc.tuple(sources, addresses).map(([source, address]) => udp(source, address, B, VIP)),
  fc.tuple(sources, fc.boolean()).map(([source, isAnswer]) => na(source, "2001:db8:1::50", isAnswer)),
  fc.tuple(sources, fc.nat(255)).map(([source, priority]) => advert6(source, "fe80::1", ["fe80::50"], priority)),
  fc
    .tuple(sources, addresses, fc.nat(255), fc.nat(300), fc.constantFrom<2 | 3>(2, 3))
    .map(([source, from, priority, intervalCs, version]) =>
      advert(source, from, {
        priority,
        intervalCs: version === 2 ? Math.floor(intervalCs / 100) * 100 : intervalCs,
        version,
      }),
    ),
);
const frame = fc.oneof(
  { weight: 6, arbitrary: goodFrame },
  { weight: 1, arbitrary: fc.tuple(fc.nat(4094), goodFrame).map(([vlan, bytes]) => tagged(vlan, bytes)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(goodFrame, fc.nat(), fc.nat(255))
      .map(([bytes, at, octet]) => bytes.with(at % bytes.length, octet)),
  },
  { weight: 1, arbitrary: fc.tuple(goodFrame, fc.nat()).map(([bytes, at]) => bytes.subarray(0, at % bytes.length)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 90 }) },
);
/** Milliseconds between frames: bursts, intervals, silence, and now and then back in time. */
const pauses = fc.oneof(fc.nat(2), fc.nat(1_000), fc.nat(10_000), fc.integer({ min: -1_000, max: 0 }));

function sent(settings: { on: fc.Arbitrary<string | undefined> }): fc.Arbitrary<Sent[]> {
  const one = fc.record({
    bytes: frame,
    pause: pauses,
    on: settings.on,
    direction: fc.constantFrom("inbound", "outbound", undefined),
  });
  return fc.array(one, { minLength: 1, maxLength: 40 }).map((list) => {
    let ms = 100_000;
    return list.map(({ bytes, pause, on, direction }) => {
      ms += pause;
      return {
        at: ms / 1000,
        bytes,
        ...(on === undefined ? {} : { on }),
        ...(direction === undefined ? {} : { direction }),
      };
    });
  });
}

describe("any frames", () => {
  it("of one interface", () => {
    fc.assert(
      fc.property(sent({ on: fc.constant(undefined) }), (list) => {
        expect(tell(captureOf(list))).not.toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  it("of several interfaces, told apart in any way", () => {
    fc.assert(
      fc.property(
        sent({ on: fc.constantFrom("a.eth0", "b.eth0", "") }),
        fc.constantFrom("mac", "interface", undefined),
        (list, by) => {
          expect(tell(captureOf(list), by)).not.toBeNull();
        },
      ),
      { numRuns: 500 },
    );
  });

  it("of a recording with some of its octets changed", () => {
    let told = 0;
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.constantFrom(...CAPTURES), changes, (capture, list) => {
        const changed = capture.slice();
        for (const [at, octet] of list) changed[at % changed.length] = octet;
        if (tell(changed) !== null) told++;
      }),
      { numRuns: 600 },
    );
    expect(told).toBeGreaterThan(50);
  });

  it("of a recording that is cut off anywhere", () => {
    fc.assert(
      fc.property(fc.constantFrom(...CAPTURES), fc.nat(), (capture, at) => {
        tell(capture.subarray(0, at % capture.length));
      }),
      { numRuns: 200 },
    );
  });

  it("none at all", () => {
    expect(tell(captureOf([]))).toMatchObject({ hosts: [], addresses: [], capture: { seconds: 0, begins: null } });
  });
});
