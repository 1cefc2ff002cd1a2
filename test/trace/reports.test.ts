import { describe, expect, it } from "vitest";
import { PLAIN } from "../../src/text/style.ts";
import type { Decision } from "../../src/trace/decision.ts";
import { macWords } from "../../src/trace/fields.ts";
import { DecisionFilter, type FilterOptions, type ShownKind } from "../../src/trace/filter.ts";
import { formatDecisionJson } from "../../src/trace/json-report.ts";
import { TextReport } from "../../src/trace/text-report.ts";
import { type TraceOptions, Tracer } from "../../src/trace/tracer.ts";
import { formatMoment } from "../../src/trace/words.ts";
import { BROADCAST, hex, host, lines, read, trace } from "./inputs.ts";

const say = (at: number, port: number, n: number, to = BROADCAST) => ({ at, port, frame: hex(to, host(n)) });

function json(objects: readonly object[], options: TraceOptions = {}): unknown[] {
  return trace(objects, options).map((decision) =>
    JSON.parse(formatDecisionJson(decision, null, options.dryRun === true)),
  );
}

function text(objects: readonly object[], options: TraceOptions = {}): string {
  const source = read(lines(...objects));
  const tracer = new Tracer(source.setup, options);
  const report = new TextReport(PLAIN, source, { dryRun: options.dryRun === true });
  const body = Array.from(source.steps(), (step) => report.decision(tracer.step(step)));
  return report.head() + body.join("") + report.foot(tracer.table());
}

describe("the JSON of a decision", () => {
  it("has the keys that stay stable, in their order", () => {
    const [first, second, moved] = json([
      { ports: 4 },
      say(0.05, 0, 1),
      say(0.1, 2, 2, host(1)),
      say(1.5, 3, 1, host(2)),
    ]);
    expect(JSON.stringify(first)).toBe(
      '{"step":0,"at":0.05,"in":0,"out":[1,2,3],"action":"flood","learned":true,"moved":null,"drop":null,' +
        '"why":"broadcast goes to everybody in this broadcast domain","source":"learned 02:00:00:00:00:01 at port 0 (new)",' +
        '"sourceMac":"02:00:00:00:00:01","destinationMac":"ff:ff:ff:ff:ff:ff"}',
    );
    expect(second).toMatchObject({
      action: "forward",
      out: [0],
      learned: true,
      provenance: { step: 0, at: 0.05, port: 0, by: "frame", heard: null },
    });
    expect(moved).toMatchObject({
      learned: false,
      moved: { from: 0, heard: { step: 0, at: 0.05 } },
      provenance: { step: 1, at: 0.1, port: 2 },
    });
  });

  it("says why a frame went nowhere, and who was left out of a flood", () => {
    const header = { ports: 3, options: { portFlags: { "1": { bcastFlood: false } } } };
    expect(json([header, say(0, 0, 1), say(1, 0, 2, host(1))])).toMatchObject([
      { out: [2], withheld: { "1": "flood-off" } },
      {
        out: [],
        action: "drop",
        drop: "same-port",
        why: expect.stringContaining("is known at port 0 since step 0"),
        provenance: { step: 0, at: 0, port: 0 },
      },
    ]);
  });

  it("has VLANs, and the octets that were changed", () => {
    const vlans = [
      { port: 0, vid: 10, pvid: true },
      { port: 1, vid: 10, untagged: true },
    ];
    const header = { ports: 2, options: { vlanFiltering: true, vlans } };
    const tagged = { at: 0, port: 0, frame: `${BROADCAST}${host(1)}8100000a88b50000` };
    const decisions = json([
      header,
      tagged,
      { at: 0, snapshot: "s" },
      { ...tagged, port: 1, frame: hex(BROADCAST, host(2)) },
    ]);
    expect(decisions[0]).toMatchObject({ vlan: 10, frames: { "1": `${BROADCAST}${host(1)}88b50000` } });
    expect(decisions[1]).toEqual({
      step: 1,
      at: 0,
      snapshot: "s",
      forwarding: [{ mac: "02:00:00:00:00:01", port: 0, kind: "dynamic", vlan: 10 }],
    });
    expect(decisions[2]).toMatchObject({ drop: "no-pvid", learned: false, moved: null });
    expect(decisions[2]).not.toHaveProperty("vlan");
    expect(decisions[2]).not.toHaveProperty("source");
    expect(decisions[2]).not.toHaveProperty("frames");
  });

  it("numbers the frames of a batch, and tells what was done by hand", () => {
    const batch = { sources: host(1) + host(2), destinations: BROADCAST, ports: "01" };
    expect(json([{ ports: 2 }, { at: 0, portFlags: { port: 1, learning: false } }, { at: 1, batch }])).toMatchObject([
      { step: 0, at: 0, did: "port 1: learning off" },
      { step: 1, frame: 0, at: 1, in: 0 },
      { step: 1, frame: 1, at: 1, in: 1, source: "02:00:00:00:00:02 is not learned: learning is off at port 1" },
    ]);
  });

  it("marks what was refused", () => {
    const change = (n: number) => ({ at: n, portAdd: 0 });
    expect(json([{ ports: 2 }, change(1), { at: 2, ageing: 3 }])).toEqual([
      { step: 0, at: 1, did: "refused: port 0 is in the switch already", refused: true },
      { step: 1, at: 2, did: "entries now age in 3 s" },
    ]);
  });

  it("says which VLAN is not allowed where", () => {
    const vlans = [
      { port: 0, vid: 10, pvid: true },
      { port: 1, vid: 20, pvid: true },
    ];
    const header = { ports: 2, options: { vlanFiltering: true, vlans } };
    const tagged = { at: 0, port: 0, frame: `${BROADCAST}${host(1)}8100001e88b50000` };
    const byHand = { at: 0, fdbAdd: { mac: "02:00:00:00:00:02", port: 1, kind: "static" } };
    expect(json([header, tagged, byHand, { at: 1, port: 0, frame: hex(host(2), host(1)) }])).toMatchObject([
      { drop: "not-in-vlan", why: "VLAN 30 is not allowed at port 0" },
      {},
      { drop: "no-other-port" },
    ]);
  });

  it("says of a dry run what would be", () => {
    expect(json([{ ports: 2 }, say(0, 0, 1)], { dryRun: true })).toMatchObject([
      { learned: true, source: "would learn 02:00:00:00:00:01 at port 0 (new)" },
    ]);
  });
});

describe("a filter", () => {
  const objects = [
    { ports: 2 },
    say(0, 0, 1),
    say(1, 1, 2, host(1)),
    say(2, 1, 1),
    { at: 3, fdbDel: { mac: "02:00:00:00:00:09", port: 0 } },
    { at: 3, fdbAdd: { mac: "02:00:00:00:00:09", port: 0, kind: "static" } },
    { at: 4, port: 0, frame: "0102" },
    { at: 5, snapshot: "s" },
  ];
  const shown = (options: FilterOptions) => {
    const filter = new DecisionFilter(options);
    return trace(objects).flatMap((decision) => {
      const kept = filter.shown(decision);
      return kept === null ? [] : kept.do === "snapshot" ? [kept.rows.length] : [decisionPlace(kept).step];
    });
  };
  const decisionPlace = (decision: Exclude<Decision, { do: "snapshot" }>) =>
    decision.do === "frame" ? decision.step.place : decision.place;

  it.each<[ShownKind[], number[]]>([
    [["learned"], [0, 1]],
    [["moved"], [2]],
    [["flooded"], [0, 2]],
    [["forwarded"], [1]],
    [["dropped"], [5]],
    [
      ["refused", "changed"],
      [3, 4],
    ],
    [["snapshot"], [3]],
    [
      ["moved", "dropped"],
      [2, 5],
    ],
  ])("shows only %j", (kinds, steps) => {
    expect(shown({ only: new Set(kinds) })).toEqual(steps);
  });

  it("shows what is of one address: its frames, its entries, its rows", () => {
    const mac = (n: number) => ({ words: macWords(Buffer.from(host(n), "hex")), text: `02:00:00:00:00:0${n}` });
    expect(shown({ mac: mac(1) })).toEqual([0, 1, 2, 1]);
    expect(shown({ mac: mac(2) })).toEqual([1, 1]);
    expect(shown({ mac: mac(9) })).toEqual([3, 4, 1]);
    expect(shown({ mac: mac(1), only: new Set(["forwarded"]) })).toEqual([1]);
  });

  it("is told of below the text, and all frames are counted", () => {
    const source = read(lines(...objects));
    const tracer = new Tracer(source.setup);
    const report = new TextReport(PLAIN, source, { filter: new DecisionFilter({ only: new Set(["moved"]) }) });
    const body = Array.from(source.steps(), (step) => report.decision(tracer.step(step))).join("");
    expect(body).toMatch(/^ +2 +2\.000 +port 1: [\s\S]*moved 02:00:00:00:00:01/);
    expect(report.foot(tracer.table())).toMatch(
      /^4 frames: 2 flooded, 1 forwarded, 1 dropped \(runt 1\); 1 of 7 decisions shown\nthe table at the end: 3 entries\n/,
    );
  });
});

describe("the text of a trace", () => {
  it("is an aligned list: what came, what was learned, what was decided", () => {
    expect(
      text([
        { ports: 3 },
        say(0.05, 0, 1),
        { at: 0.1, portDown: 2 },
        say(12.345678, 1, 2, host(1)),
        { at: 20, snapshot: "end" },
        { at: 20, port: 1, frame: "0102" },
      ]),
    ).toBe(`\
  step        at (s)  what came, and what was decided
     0      0.050000  port 0: 02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, ethertype 0x88b5, length 46
                      learned 02:00:00:00:00:01 at port 0 (new)
                      flooded to ports 1, 2: broadcast goes to everybody in this broadcast domain
     1      0.100000  port 2 is down: the port has lost its carrier, and the switch forgets nothing
     2     12.345678  port 1: 02:00:00:00:00:02 > 02:00:00:00:00:01, ethertype 0x88b5, length 46
                      learned 02:00:00:00:00:02 at port 1 (new)
                      to port 0: 02:00:00:00:00:01 is known at port 0 since step 0 at 0.050 s, last heard 12.296 s ago
     3     20.000000  snapshot "end": 2 entries
                      02:00:00:00:00:01  port 0  dynamic  since step 0 at 0.050000 s
                      02:00:00:00:00:02  port 1  dynamic  since step 2 at 12.345678 s
     4     20.000000  port 1: Ethernet [truncated], length 2
                      dropped (runt): it is shorter than an Ethernet header (14 octets): 2 octets
3 frames: 1 flooded, 1 forwarded, 1 dropped (runt 1)
the table at the end: 2 entries
  02:00:00:00:00:01  port 0  dynamic  since step 0 at 0.050000 s
  02:00:00:00:00:02  port 1  dynamic  since step 2 at 12.345678 s
`);
  });

  it("shows tags that change, and addresses of frames that are told by what they carry", () => {
    const vlans = [
      { port: 0, vid: 10, pvid: true, untagged: true },
      { port: 1, vid: 10 },
    ];
    const arp = `${BROADCAST}${host(1)}0806000108000604000102000000000${"1"}0a000132000000000000${"0a000132"}`;
    const shown = text([
      { ports: 2, options: { vlanFiltering: true, vlans } },
      { at: 0, port: 0, frame: arp },
    ]);
    expect(shown).toContain("port 0: 02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, ARP, Request who-has 10.0.1.50");
    expect(shown).toContain("belongs to VLAN 10\n");
    expect(shown).toContain("leaves port 1 as vlan 10, p 0, ARP, Request who-has 10.0.1.50");
    expect(shown).toContain("VLAN 10 ");
  });

  it("says that a run is dry, and that nothing was learned", () => {
    const shown = text([{ ports: 2 }, say(0, 0, 1)], { dryRun: true });
    expect(shown).toMatch(/^a dry run: frames change nothing\n/);
    expect(shown).toContain("would learn 02:00:00:00:00:01 at port 0 (new)");
    expect(shown).toMatch(/1 frame: 1 flooded, 0 forwarded, 0 dropped\n$/);
  });

  it("cuts a long table at the end, not in a snapshot", () => {
    const sources = Array.from({ length: 60 }, (_, n) => host(n + 1)).join("");
    const batch = { sources, destinations: BROADCAST, ports: "0".repeat(60) };
    const shown = text([{ ports: 2 }, { at: 0, batch }, { at: 1, snapshot: "all" }, { at: 2, ageing: 400 }]);
    expect(shown.match(/since step 0 frame 59/g)).toHaveLength(1);
    expect(shown).toMatch(/\n {2}and 20 more\n$/);
  });

  it("does not show the table again behind a snapshot of it, and says what was made by hand", () => {
    const byHand = { at: 0, fdbAdd: { mac: "02:00:00:00:00:02", port: 1, kind: "static" } };
    const shown = text([{ ports: 2 }, byHand, { at: 1, snapshot: "all" }]);
    expect(shown.match(/made by hand in step 0 at 0\.000 s/g)).toHaveLength(1);
    expect(shown).not.toContain("the table at the end");
    expect(text([{ ports: 2 }, byHand])).toContain("the table at the end: 1 entry\n");
  });

  it("has the names of ports beside their numbers", () => {
    const source = read(lines({ ports: 3 }, say(0, 0, 1), say(1, 1, 1)));
    const portNames = ["a.eth0", "b.eth0", "c.eth0"];
    const tracer = new Tracer(source.setup, { portNames });
    const report = new TextReport(PLAIN, { portNames, about: "3 interfaces", decimals: 3 });
    const shown =
      report.head() +
      Array.from(source.steps(), (step) => report.decision(tracer.step(step))).join("") +
      report.foot(tracer.table());
    expect(shown).toMatch(/^3 interfaces\nport 0 is a\.eth0\n/);
    expect(shown).toContain("flooded to ports 1 (b.eth0), 2 (c.eth0): broadcast");
    expect(shown).toContain("from port 0 (a.eth0) to port 1 (b.eth0): last heard at port 0 at 0.000 s");
    expect(shown).toContain("02:00:00:00:00:01  port 1 (b.eth0)  dynamic");
  });

  it("prints moments as they are", () => {
    expect([0, 5e7, 1.5e9, 123_456_789_012, 1].map(formatMoment)).toEqual([
      "0.000 s",
      "0.050 s",
      "1.500 s",
      "123.456789012 s",
      "0.000000001 s",
    ]);
  });
});
