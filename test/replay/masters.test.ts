/** Who was master and why: reigns, gaps and contests, from adverts. */
import { describe, expect, it } from "vitest";
import type { ReplayReport } from "../../src/replay/report.ts";
import { A, advert, advert6, adverts, B, garp, inOrder, patched, replay, type Sent } from "./frames.ts";

const OF_A = advert(A, "10.0.1.11", { priority: 100 });
const OF_B = advert(B, "10.0.1.12", { priority: 90 });
const FAREWELL = advert(A, "10.0.1.11", { priority: 0 });

/** `host from-until why end`, times in whole tenths. */
function reigns({ virtualRouters }: ReplayReport): string[] {
  return virtualRouters.flatMap(({ masters }) =>
    masters.map(
      ({ host, from, until, why, end }) =>
        `${host.slice(-2)} ${from.toFixed(1)}-${until.toFixed(1)} ${why.kind} ${end}`,
    ),
  );
}

describe("a reign", () => {
  it.each<[string, Sent[], string[]]>([
    ["lasts to the end of the capture", adverts(0, 5, 1, OF_A), ["11 0.0-5.0 start capture-end"]],
    [
      "ends with a farewell",
      inOrder(adverts(0, 4, 1, OF_A), [{ at: 4.5, bytes: FAREWELL }], adverts(5.2, 8.2, 1, OF_B)),
      ["11 0.0-4.5 start farewell", "12 5.2-8.2 farewell capture-end"],
    ],
    [
      "ends in silence",
      inOrder(adverts(0, 4, 1, OF_A), adverts(7.6, 10.6, 1, OF_B)),
      ["11 0.0-4.0 start silence", "12 7.6-10.6 silence capture-end"],
    ],
    [
      "ends in silence although nobody takes over, once a backup would have",
      inOrder(adverts(0, 4, 1, OF_A), adverts(0, 9, 1, advert(B, "10.0.1.12", { vrid: 52 }))),
      ["11 0.0-4.0 start silence", "12 0.0-9.0 start capture-end"],
    ],
    [
      "ends when a better master comes",
      inOrder(adverts(0, 4, 1, OF_B), adverts(4.3, 8.3, 1, OF_A)),
      ["12 0.0-4.3 start superseded", "11 4.3-8.3 preemption capture-end"],
    ],
    [
      "ends when the priority falls and another one is better",
      inOrder(
        adverts(0, 2, 1, OF_A),
        adverts(3, 5, 1, advert(A, "10.0.1.11", { priority: 80 })),
        adverts(5.4, 8.4, 1, OF_B),
      ),
      ["11 0.0-5.4 start superseded", "12 5.4-8.4 preemption capture-end"],
    ],
    [
      "of equal priority ends when a higher address comes",
      inOrder(adverts(0, 4, 1, OF_A), adverts(4.3, 8.3, 1, advert(B, "10.0.1.12", { priority: 100 }))),
      ["11 0.0-4.3 start superseded", "12 4.3-8.3 preemption capture-end"],
    ],
    [
      "begins anew after a farewell of its own",
      inOrder(adverts(0, 4, 1, OF_A), [{ at: 4.5, bytes: FAREWELL }], adverts(20, 22, 1, OF_A)),
      ["11 0.0-4.5 start farewell", "11 20.0-22.0 farewell capture-end"],
    ],
    [
      "of tenths of a second is judged by them",
      inOrder(
        adverts(0, 1, 0.1, advert(A, "10.0.1.11", { version: 3, intervalCs: 10 })),
        adverts(1.4, 2, 0.1, advert(B, "10.0.1.12", { version: 3, intervalCs: 10, priority: 90 })),
      ),
      ["11 0.0-1.0 start silence", "12 1.4-2.0 silence capture-end"],
    ],
  ])("%s", (_, sent, expected) => {
    expect(reigns(replay(sent))).toEqual(expected);
  });

  it("tells of silence how long it was, and how many adverts did not come", () => {
    const { virtualRouters } = replay(inOrder(adverts(0, 4, 1, OF_A), adverts(7.65, 9.65, 1, OF_B)));
    expect(virtualRouters[0]!.masters[1]!.why).toEqual({
      kind: "silence",
      before: "10.0.1.11",
      frame: 5,
      seconds: 3.65,
      missed: 3,
      vrid: 51,
      fall: null,
    });
  });

  it("tells of a priority that fell, and what that led to", () => {
    const { virtualRouters } = replay(
      inOrder(
        adverts(0, 2, 1, OF_A),
        adverts(3, 5, 1, advert(A, "10.0.1.11", { priority: 80 })),
        adverts(5.4, 8.4, 1, OF_B),
      ),
    );
    const change = { at: 3, frame: 4, from: 100, to: 80 };
    expect(virtualRouters[0]!.masters).toMatchObject([
      { priority: 80, priorityChanges: [change], why: { kind: "start", fall: null } },
      { priority: 90, priorityChanges: [], why: { kind: "preemption", fall: change } },
    ]);
  });

  it("of a master that was the lesser one all along fell from nothing", () => {
    const { virtualRouters } = replay(inOrder(adverts(0, 4, 1, OF_B), adverts(4.3, 8.3, 1, OF_A)));
    expect(virtualRouters[0]!.masters[1]!.why).toMatchObject({ kind: "preemption", fall: null });
  });

  it("ends with the first of several farewells", () => {
    const { virtualRouters } = replay(
      inOrder(
        adverts(0, 4, 1, OF_A),
        [4.5, 4.5001].map((at) => ({ at, bytes: FAREWELL })),
        adverts(5.2, 8.2, 1, OF_B),
      ),
    );
    expect(virtualRouters[0]!.masters).toMatchObject([
      { end: "farewell", untilFrame: 6 },
      { why: { kind: "farewell", frame: 6 } },
    ]);
  });
});

describe("nobody advertises", () => {
  const silences = (...sent: Sent[][]) =>
    replay(inOrder(...sent)).addresses[0]!.silences.map(({ from, until }) => [from, until]);

  it("between two masters, and after the last", () => {
    expect(
      silences(adverts(0, 4, 1, OF_A), adverts(7.6, 8.6, 1, OF_B), [{ at: 20, bytes: garp(A, "10.0.1.11") }]),
    ).toEqual([
      [4, 7.6],
      [8.6, null],
    ]);
    expect(silences(adverts(0, 4, 1, OF_A), [{ at: 4.5, bytes: FAREWELL }])).toEqual([[4.5, null]]);
  });

  it("never, as long as one of two goes on", () => {
    expect(silences(adverts(0, 9, 1, OF_A), adverts(2.4, 5.4, 1, OF_B))).toEqual([]);
  });
});

describe("routers of one VRID", () => {
  const about = (b: Uint8Array, a = OF_A) =>
    replay(inOrder(adverts(0, 4, 1, a), adverts(0.4, 4.4, 1, b))).virtualRouters[0]!.disagreements.map(
      ({ about: what, values }) => [what, ...values.map(({ value }) => value)],
    );

  it.each<[string, Uint8Array, string[][]]>([
    ["agree", OF_B, []],
    ["disagree on the interval", advert(B, "10.0.1.12", { intervalCs: 200 }), [["interval", "1.000 s", "2.000 s"]]],
    ["disagree on the version", advert(B, "10.0.1.12", { version: 3 }), [["version", "2", "3"]]],
    [
      "disagree on addresses",
      advert(B, "10.0.1.12", { addresses: ["10.0.1.51"] }),
      [["addresses", "10.0.1.50", "10.0.1.51"]],
    ],
    ["disagree on authentication", withPassword(OF_B), [["authentication", "none", "password"]]],
  ])("%s", (_, b, expected) => {
    expect(about(b)).toEqual(expected);
  });

  it("agree if their addresses come in another order", () => {
    const listing = (source: string, from: string, addresses: string[]) => advert(source, from, { addresses });
    const [one, other] = ["10.0.1.50", "10.0.1.51"];
    expect(about(listing(B, "10.0.1.12", [other!, one!]), listing(A, "10.0.1.11", [one!, other!]))).toEqual([]);
  });
});

describe("missed adverts", () => {
  it("are counted where nobody took over", () => {
    const report = replay(inOrder(adverts(0, 3, 1, OF_A), adverts(6, 8, 1, OF_A), adverts(20, 21, 1, OF_A)));
    const [router] = report.virtualRouters;
    expect(reigns(report)).toEqual(["11 0.0-21.0 start capture-end"]);
    expect(router!.gaps).toEqual([
      { host: "10.0.1.11", from: 3, frame: 4, until: 6, untilFrame: 5, missed: 2 },
      { host: "10.0.1.11", from: 8, frame: 7, until: 20, untilFrame: 8, missed: 11 },
    ]);
    expect(router!.senders[0]).toMatchObject({ adverts: 9, missed: 13, seen: { min: 1, mean: 1, max: 1 } });
  });

  it("are none while an advert is only late", () => {
    const sent = [0, 1, 2.4, 3, 4.49].map((at) => ({ at, bytes: OF_A }));
    const [router] = replay(sent).virtualRouters;
    expect(router!.gaps).toEqual([]);
    expect(router!.senders[0]!.seen).toEqual({ min: 0.6, mean: 1.1225, max: 1.49 });
  });
});

describe("two masters at once", () => {
  it("are told from when to when", () => {
    const report = replay(inOrder(adverts(0, 20, 1, OF_A), adverts(5.4, 12.4, 1, OF_B)));
    expect(reigns(report)).toEqual(["11 0.0-20.0 start capture-end", "12 5.4-12.4 contest superseded"]);
    expect(report.contests).toEqual([
      {
        kind: "masters",
        vrid: 51,
        address: null,
        vlan: null,
        from: 5.4,
        frame: 7,
        until: 12.4,
        untilFrame: 21,
        hosts: ["10.0.1.11", "10.0.1.12"],
        changes: null,
      },
    ]);
  });

  it("are none in a hand-over in which adverts cross", () => {
    const report = replay(inOrder(adverts(0, 5, 1, OF_B), adverts(4.999, 9.999, 1, OF_A)));
    expect(reigns(report)).toEqual(["12 0.0-5.0 start superseded", "11 5.0-10.0 preemption capture-end"]);
    expect(report.contests).toEqual([]);
  });

  it("may last to the end", () => {
    const { contests } = replay(inOrder(adverts(0, 9, 1, OF_A), adverts(5.4, 9.4, 1, OF_B)));
    expect(contests).toMatchObject([{ from: 5.4, until: 9.4, hosts: ["10.0.1.11", "10.0.1.12"] }]);
  });

  it("are apart if their VRIDs, families or VLANs are", () => {
    const report = replay(
      inOrder(
        adverts(0, 9, 1, OF_A),
        adverts(0.2, 9.2, 1, advert(B, "10.0.1.12", { vrid: 52, addresses: ["10.0.1.52"] })),
        adverts(0.4, 9.4, 1, advert6(B, "fe80::2", ["fe80::50", "2001:db8:1::50"])),
      ),
    );
    expect(report.contests).toEqual([]);
    expect(
      report.virtualRouters.map(({ vrid, family, versions, addresses }) => [vrid, family, versions, addresses]),
    ).toEqual([
      [51, 4, [2], ["10.0.1.50"]],
      [52, 4, [2], ["10.0.1.52"]],
      [51, 6, [3], ["fe80::50", "2001:db8:1::50"]],
    ]);
  });

  it("may be many at once", () => {
    const hosts = Array.from({ length: 40 }, (_, i) => i + 1);
    const sent = hosts.flatMap((i) =>
      adverts(i / 100, 9 + i / 100, 1, advert(`02:00:00:00:01:${i.toString(16).padStart(2, "0")}`, `10.0.1.${i}`)),
    );
    const { contests, virtualRouters } = replay(inOrder(sent));
    expect(virtualRouters[0]!.senders).toHaveLength(40);
    expect(contests[0]!.hosts.length).toBeGreaterThan(30);
  });
});

/** Authentication type 1; the checksum of a version 2 advert counts it. */
function withPassword(bytes: Uint8Array): Uint8Array {
  const sum = bytes[40]! * 256 + bytes[41]! - 256;
  return patched(patched(bytes, 38, 1), 40, (sum >> 8) & 0xff, sum & 0xff);
}
