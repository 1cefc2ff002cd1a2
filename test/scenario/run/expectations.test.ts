/** What holds and what does not, at every edge of moments and windows. */
import { describe, expect, it } from "vitest";
import type { HolderEvent, OutageEvent } from "../../../src/observe/events.ts";
import { type Evidence, judge, type Verdict } from "../../../src/scenario/expectations.ts";
import { load, play } from "./stage.ts";

const S = 1_000_000_000;

function change(atNs: number, to: string | null, vip = "10.0.1.50"): HolderEvent {
  const [host, nic = "eth0"] = to?.split(".") ?? [];
  const holder = host === undefined ? null : { host, nic, mac: "02:00:00:00:00:01" };
  return { atNs, vip, havip: "web", from: null, to: holder, cause: holder === null ? "link-down" : "garp-request" };
}

function outage(fromNs: number, untilNs: number, ended = true): OutageEvent {
  const stages = { detect: 0, elect: 0, announce: 0, bind: 0, cache: 0, transport: untilNs - fromNs };
  return { probe: "client-to-web", fromNs, untilNs, lost: 1, ended, stages, parts: [], takeovers: [] };
}

/** The verdict on one expectation of a run of 12 s. */
function verdict(wish: string, evidence: Partial<Evidence> & { outages?: readonly OutageEvent[] } = {}): Verdict {
  const { outages = [], holders = [], hasAsked = () => true, endNs = 12 * S } = evidence;
  const [only] = judge(load({ expect: [wish] }), { endNs, holders, outagesOf: () => outages, hasAsked });
  return only!;
}

const holds = (wish: string, holders: readonly HolderEvent[]) => verdict(wish, { holders }).ok;

describe("a holder at a moment", () => {
  const events = [change(4 * S, "vm-A"), change(8 * S, "vm-B")];

  it.each([
    ["3.999999999s", "null"],
    ["4s", "vm-A"],
    ["7.999999999s", "vm-A"],
    ["8s", "vm-B"],
    ["12s", "vm-B"],
    ["0s", "null"],
  ])("at %s is %s: a change counts from its own nanosecond on", (at, who) => {
    for (const other of ["null", "vm-A", "vm-B", "client"])
      expect(holds(`at: ${at}, holder: { of: web, is: ${other} }`, events)).toBe(other === who);
  });

  it("says what was wanted and seen, and where it went wrong", () => {
    const { ok, wanted, seen, brokenNs } = verdict("at: 8s, holder: { of: web, is: vm-A }", { holders: events });
    expect({ ok, wanted, seen, brokenNs }).toEqual({
      ok: false,
      wanted: "web held by vm-A at 8.000 s",
      seen: "vm-B",
      brokenNs: [8 * S],
    });
  });

  it("is nobody before the first claim and after a lost carrier", () => {
    expect(verdict("at: 1s, holder: { of: web, is: vm-A }", { holders: events }).seen).toBe("nobody");
    const lost = [...events, change(9 * S, null)];
    expect(holds("at: 9s, holder: { of: web, is: null }", lost)).toBe(true);
    expect(verdict("at: 9s, holder: { of: web, is: null }", { holders: lost }).wanted).toBe(
      "web held by nobody at 9.000 s",
    );
  });

  it("may be denied", () => {
    expect(holds("at: 8s, holder: { of: web, never: vm-A }", events)).toBe(true);
    const { ok, wanted } = verdict("at: 4s, holder: { of: web, never: vm-A }", { holders: events });
    expect([ok, wanted]).toEqual([false, "web not held by vm-A at 4.000 s"]);
  });
});

describe("a holder over a window", () => {
  const events = [change(4 * S, "vm-A"), change(8 * S, "vm-B")];

  it.each([
    ["from: 4s, until: 7.999999999s", true],
    ["from: 3.999999999s, until: 7s", false],
    ["from: 4s, until: 8s", false],
    ["from: 5s, until: 6s", true],
    ["from: 8s, until: 9s", false],
  ])("%s includes both ends: vm-A held throughout is %s", (window, expected) => {
    expect(holds(`${window}, holder: { of: web, is: vm-A }`, events)).toBe(expected);
  });

  it.each([
    ["from: 8s, until: 9s", true],
    ["from: 7.999999999s, until: 9s", false],
    ["from: 1s, until: 3.999999999s", true],
    ["from: 1s, until: 4s", false],
  ])("%s: vm-A never held is %s", (window, expected) => {
    expect(holds(`${window}, holder: { of: web, never: vm-A }`, events)).toBe(expected);
  });

  it("is the whole run by default", () => {
    const { wanted, seen, brokenNs } = verdict("holder: { of: web, never: vm-B }", { holders: events });
    expect(wanted).toBe("web never held by vm-B from 0.000 s to 12.000 s");
    expect(seen).toBe("nobody, then vm-A from 4.000 s, then vm-B from 8.000 s");
    expect(brokenNs).toEqual([8 * S]);
    expect(holds("holder: { of: web, never: client }", events)).toBe(true);
  });

  it("breaks at the window's start if it was broken before", () => {
    expect(verdict("from: 5s, until: 6s, holder: { of: web, is: vm-B }", { holders: events }).brokenNs).toEqual([
      5 * S,
    ]);
  });

  it("prints moments exactly, so that what was seen cannot look like what was wanted", () => {
    const holders = [change(4_000_000_001, "vm-A"), change(8_000_500_000, "vm-B")];
    const { ok, wanted, seen } = verdict("from: 4s, until: 9.25s, holder: { of: web, is: vm-A }", { holders });
    expect([ok, wanted, seen]).toEqual([
      false,
      "web held by vm-A from 4.000 s to 9.250 s",
      "nobody, then vm-A from 4.000000001 s, then vm-B from 8.000500 s",
    ]);
  });

  it("names those around the failure of an address that flaps", () => {
    const holders = Array.from({ length: 100 }, (_, i) => change((i + 1) * (S / 10), i % 2 === 0 ? "vm-A" : "vm-B"));
    const late = [...holders, change(11 * S, "client"), change(11.5 * S, "vm-A")];
    const { seen, brokenNs } = verdict("holder: { of: web, never: client }", { holders: late });
    expect(brokenNs).toEqual([11 * S]);
    expect(seen.split(", then ")).toEqual([
      "95 others",
      ...[9.5, 9.6, 9.7, 9.8, 9.9].map((at, i) => `${i % 2 === 0 ? "vm-A" : "vm-B"} from ${at.toFixed(3)} s`),
      "vm-B from 10.000 s",
      "client from 11.000 s",
      "vm-A from 11.500 s",
    ]);
    const early = verdict("holder: { of: web, is: null }", { holders });
    expect(early.seen.split(", then ")).toHaveLength(9);
    expect(early.seen).toMatch(/^nobody, then vm-A from 0\.100 s, .*, then 93 others$/);
  });

  it("skips a holder who was one for no time", () => {
    const holders = [change(4 * S, "vm-A"), change(4 * S, "vm-B")];
    expect(holds("at: 4s, holder: { of: web, is: vm-B }", holders)).toBe(true);
    expect(holds("holder: { of: web, never: vm-A }", holders)).toBe(true);
  });
});

describe("which vNIC holds, and which address", () => {
  const more = "  gate: { nics: { eth0: { subnet: app, address: 10.0.1.1 }, eth1: { subnet: app } } }\n";
  const seen = (wish: string, holders: readonly HolderEvent[]) =>
    judge(load({ more, a: "keepalived: excluding.conf", expect: [wish] }), {
      endNs: 12 * S,
      holders,
      outagesOf: () => [],
      hasAsked: () => true,
    })[0]!;

  it("any vNIC of the host will do unless one is named", () => {
    const holders = [change(4 * S, "gate.eth1")];
    expect(seen("at: 5s, holder: { of: web, is: gate }", holders).ok).toBe(true);
    expect(seen("at: 5s, holder: { of: web, is: gate.eth1 }", holders).ok).toBe(true);
    const wrong = seen("at: 5s, holder: { of: web, is: gate.eth0 }", holders);
    expect([wrong.ok, wrong.wanted, wrong.seen]).toEqual([false, "web held by gate.eth0 at 5.000 s", "gate.eth1"]);
    expect(seen("holder: { of: web, never: gate.eth0 }", holders).ok).toBe(true);
    expect(seen("holder: { of: web, never: gate.eth1 }", holders).ok).toBe(false);
  });

  it("an address may be meant by its octets, and others do not count", () => {
    const holders = [change(4 * S, "vm-A"), change(5 * S, "vm-B", "10.0.1.60")];
    expect(seen("at: 6s, holder: { of: 10.0.1.50, is: vm-A }", holders)).toMatchObject({
      ok: true,
      wanted: "web held by vm-A at 6.000 s",
    });
    expect(seen("at: 6s, holder: { of: 10.0.1.60, is: vm-B }", holders)).toMatchObject({
      ok: true,
      wanted: "10.0.1.60 held by vm-B at 6.000 s",
    });
    expect(seen("at: 6s, holder: { of: 10.0.1.77, is: null }", holders).ok).toBe(true);
  });
});

describe("outages", () => {
  const three = outage(5 * S, 8 * S);

  it.each([
    ["atMost: 3s", true],
    ["atMost: 2.999999999s", false],
    ["atMost: 4s, atLeast: 3s", true],
    ["atMost: 4s, atLeast: 3.000000001s", false],
    ["atMost: 0s", false],
  ])("of three seconds: %s holds: %s", (bounds, expected) => {
    expect(verdict(`outage: { of: client-to-web, ${bounds} }`, { outages: [three] }).ok).toBe(expected);
  });

  it.each([
    ["from: 0s, until: 5s", true],
    ["from: 0s, until: 5.000000001s", false],
    ["from: 6s, until: 7s", false],
    ["from: 7.999999999s, until: 12s", false],
    ["from: 8s, until: 12s", true],
  ])("a window that cuts one counts it whole, one that only touches does not: %s", (window, expected) => {
    expect(verdict(`${window}, outage: { of: client-to-web, atMost: 2s }`, { outages: [three] }).ok).toBe(expected);
  });

  it("are judged by the longest, and say which", () => {
    const outages = [outage(1 * S, 1.5 * S), three, outage(9 * S, 9.010_475 * S)];
    const { ok, wanted, seen, brokenNs } = verdict("outage: { of: client-to-web, atMost: 50ms, atLeast: 20ms }", {
      outages,
    });
    expect({ ok, wanted, seen, brokenNs }).toEqual({
      ok: false,
      wanted: "outages of client-to-web at most 50 ms, the longest at least 20 ms from 0.000 s to 12.000 s",
      seen: "3.000 s from 5.000 s to 8.000 s, the longest of 3",
      brokenNs: [5 * S, 8 * S],
    });
    const short = verdict("from: 9s, outage: { of: client-to-web, atMost: 10ms }", { outages });
    expect(short.seen).toBe("10.475 ms from 9.000 s to 9.010475 s");
    expect(verdict("from: 9s, outage: { of: client-to-web, atMost: 11ms }", { outages }).brokenNs).toEqual([]);
  });

  it("that did not happen are nothing, and too little for atLeast", () => {
    const { ok, seen } = verdict("outage: { of: client-to-web, atMost: 0s }");
    expect([ok, seen]).toEqual([true, "no outage"]);
    const wanting = verdict("from: 3s, outage: { of: client-to-web, atMost: 1s, atLeast: 475us }");
    expect(wanting.ok).toBe(false);
    expect(wanting.wanted).toContain("the longest at least 475 us from 3.000 s to 12.000 s");
    expect(wanting.brokenNs).toEqual([3 * S]);
  });

  it("that last say so", () => {
    const outages = [outage(5 * S, 12 * S, false)];
    expect(verdict("outage: { of: client-to-web, atMost: 1s }", { outages }).seen).toBe(
      "7.000 s from 5.000 s to 12.000 s, still lasting",
    );
  });

  it("cannot be ruled out by a probe that asked nothing", () => {
    const { ok, seen } = verdict("from: 2s, until: 4s, outage: { of: client-to-web, atMost: 1s }", {
      hasAsked: () => false,
    });
    expect([ok, seen]).toEqual([false, "no question was asked in this time"]);
  });
});

describe("in a run", () => {
  it("a probe that is never answered fails", () => {
    const { report } = play({
      until: "5s",
      a: "keepalived: a.conf, autostart: false",
      timeline: ["at: 0s, kill: vm-B"],
      expect: ["outage: { of: client-to-web, atMost: 4s }"],
    });
    expect(report.probes[0]).toMatchObject({ sent: 500, answered: 0, firstAnswer: null });
    expect(report.probes[0]!.outages).toEqual([
      expect.objectContaining({ from: 0, until: 5, ended: false, lost: 500 }),
    ]);
    expect(report.expectations[0]).toMatchObject({ ok: false, seen: "5.000 s from 0.000 s to 5.000 s, still lasting" });
  });

  it("what a service needs to start is no outage", () => {
    const { report } = play({ until: "6s", expect: ["outage: { of: client-to-web, atMost: 0s }"] });
    expect(report.outcome).toBe("pass");
    expect(report.probes[0]!.outages).toEqual([]);
    expect(report.probes[0]!.firstAnswer).toBeGreaterThan(3);
  });

  it("questions count from a window's start on, but not at its end", () => {
    const probe = ", at: 5s, until: 6s";
    const asked = (window: string) =>
      play({ until: "8s", probe, expect: [`${window}, outage: { of: client-to-web, atMost: 0s }`] }).report.outcome;
    expect(asked("from: 0s, until: 5s")).toBe("fail");
    expect(asked("from: 0s, until: 5.000000001s")).toBe("pass");
    expect(asked("from: 5.99s, until: 8s")).toBe("pass");
    expect(asked("from: 5.990000001s, until: 8s")).toBe("fail");
  });

  it("one failed expectation fails the run, and the others are still judged", () => {
    const { report } = play({
      expect: ["at: 9s, holder: { of: web, is: vm-A }", "at: 9s, holder: { of: web, is: vm-B }"],
    });
    expect(report.outcome).toBe("fail");
    expect(report.expectations.map(({ ok }) => ok)).toEqual([true, false]);
  });
});
