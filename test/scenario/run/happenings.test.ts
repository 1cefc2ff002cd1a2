/** What happened, in words: one line each, in order. */
import { describe, expect, it } from "vitest";
import type { Happening } from "../../../src/scenario/happenings.ts";
import { type Cast, play } from "./stage.ts";

function told(cast: Cast): Happening[] {
  const lines: Happening[] = [];
  play(cast, { onHappening: (happening) => lines.push(happening) });
  return lines;
}

describe("steps", () => {
  it.each([
    ["start: vm-A", "vm-A", "keepalived is started"],
    ["stop: vm-A", "vm-A", "keepalived is stopped in good order"],
    ["kill: { host: vm-A, daemon: keepalived }", "vm-A", "keepalived is killed"],
    ["crash: vm-A", "vm-A", "CRASHES: the machine vanishes without a word"],
    ["restore: vm-A", "vm-A", "boots again"],
    ["link-down: vm-A.eth0", "vm-A", "eth0 LOSES CARRIER"],
    ["link-up: vm-A", "vm-A", "eth0 has carrier again"],
    ["partition: [[vm-A], [vm-B, client]]", "network", "PARTITIONED: vm-A | vm-B client"],
    ["partition: [[vm-A]]", "network", "PARTITIONED: vm-A | vm-B client"],
    ["heal: all", "network", "whole again"],
    ["script: { host: vm-A, name: chk, exit: 1 }", "vm-A", "script chk exits with 1 from now on"],
    ["snapshot: mid", "network", "snapshot mid"],
  ])("%s", (step, who, text) => {
    const a = "keepalived: checked.conf";
    const before = step.startsWith("restore")
      ? ["at: 1s, crash: vm-A"]
      : step.startsWith("start")
        ? ["at: 1s, kill: vm-A"]
        : step.startsWith("link-up")
          ? ["at: 1s, link-down: vm-A"]
          : [];
    const lines = told({ until: "3s", a, timeline: [...before, `at: 2s, ${step}`] });
    expect(lines.filter(({ atNs, kind }) => kind === "step" && atNs === 2e9)).toEqual([
      { atNs: 2e9, kind: "step", who, text },
    ]);
  });
});

describe("what follows from them", () => {
  const lines = told({
    until: "20s",
    a: "keepalived: checked.conf",
    timeline: ["at: 6s, script: { host: vm-A, name: chk, exit: 1 }", "at: 12s, link-down: vm-B"],
  });
  const texts = (kind: Happening["kind"]) =>
    lines.filter((line) => line.kind === kind).map(({ who, text }) => `${who}: ${text}`);

  it("come in the order of time", () => {
    const times = lines.map(({ atNs }) => atNs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it("states, with the figures behind them", () => {
    expect(texts("state")[0]).toMatch(/^vm-[AB]: VI_1 INIT → BACKUP: /);
    expect(texts("state")).toContainEqual(
      expect.stringMatching(/^vm-A: VI_1 BACKUP → MASTER: no advert for 3\.609 s = 3 × 1\.00 s \+ skew 0\.609 s/),
    );
    expect(texts("state")).toContain("vm-A: VI_1 MASTER → FAULT: script chk fails");
  });

  it("holders, with who held before", () => {
    expect(texts("holder")).toEqual([
      "network: web 10.0.1.50 is now at vm-A.eth0 (02:00:00:00:00:01): gratuitous ARP request",
      "network: web 10.0.1.50 is now at vm-B.eth0 (02:00:00:00:00:02), before vm-A.eth0: gratuitous ARP request",
      "network: nobody holds web 10.0.1.50 now, before vm-B.eth0: its port lost carrier",
    ]);
  });

  it("announcements, neighbours, scripts and recoveries", () => {
    expect(texts("announcement")[0]).toBe("vm-A: announces 10.0.1.50 (gratuitous ARP request)");
    expect(texts("neighbour")).toContain("client: neighbour 10.0.1.50 lladdr 02:00:00:00:00:02 STALE");
    expect(texts("note")).toEqual(["vm-A: script chk succeeds", "vm-A: script chk fails"]);
    expect(texts("outage")).toEqual([
      expect.stringMatching(/^client-to-web: answered again after \d{3} ms, \d+ lost$/),
    ]);
  });

  it("details: dropped frames, moved MACs, states of a neighbour", () => {
    expect(texts("detail")).toContain("client: neighbour 10.0.1.50 INCOMPLETE");
    const cut = told({ until: "8s", timeline: ["at: 6s, partition: [[client]]"] });
    expect(cut.filter(({ kind }) => kind === "detail").map(({ text }) => text)).toContainEqual(
      expect.stringMatching(
        /^dropped from client\.eth0 \(partitioned\): .*10\.0\.1\.100 > 10\.0\.1\.50: ICMP echo request/,
      ),
    );
  });

  it("an address without a name of its own is called by its octets", () => {
    const text = play({ until: "5s" }).happenings.find(({ kind }) => kind === "holder")!.text;
    expect(text).toContain("web 10.0.1.50");
  });
});

describe("the result of a run", () => {
  it("keeps everything but the details", () => {
    const cast: Cast = { timeline: ["at: 6s, partition: [[client]]"] };
    const all = told(cast);
    expect(all.some(({ kind }) => kind === "detail")).toBe(true);
    expect(play(cast).happenings).toEqual(all.filter(({ kind }) => kind !== "detail"));
  });
});
