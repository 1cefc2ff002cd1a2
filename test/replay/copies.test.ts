/** The same frame several times in a capture: at several interfaces, behind one that stands for many, and in a loop. */
import { describe, expect, it } from "vitest";
import { replayCapture } from "../../src/replay/make-report.ts";
import type { ReplayReport } from "../../src/replay/report.ts";
import { formatReplay } from "../../src/replay/text-report.ts";
import { PLAIN } from "../../src/text/style.ts";
import { classicPcap, concat } from "../capture/build-capture.ts";
import {
  A,
  advert,
  adverts,
  arpRequest,
  B,
  CLIENT,
  garp,
  inOrder,
  replay,
  type Sent,
  udp,
  VIP,
  VIRTUAL,
} from "./frames.ts";

const OF_A = advert(A, "10.0.1.11", { priority: 100 });
const OF_B = advert(B, "10.0.1.12", { priority: 90 });
const US = 1e-6;
/** As keepalived sends them: within a tenth of a millisecond. */
const burst = (at: number, bytes: Uint8Array): Sent[] => [0, 1, 2, 3, 4].map((i) => ({ at: at + i * 20 * US, bytes }));
/** B takes over from A, who has vanished. */
const TAKEOVER = inOrder(
  [{ at: 0, bytes: arpRequest(CLIENT, "10.0.1.100", VIP) }],
  adverts(0.5, 4.5, 1, OF_A),
  burst(0.5005, garp(A, VIP)),
  adverts(8.1, 10.1, 1, OF_B),
  burst(8.1005, garp(B, VIP)),
);

const counts = ({ virtualRouters, addresses }: ReplayReport) => [
  virtualRouters[0]!.senders.map(({ adverts: count }) => count),
  addresses[0]!.announcements,
  addresses[0]!.holds.length,
];

describe("a trunk", () => {
  /** A and the client at one switch, B at another one; each port tells what came in, and what left. */
  function atTwoSwitches(sent: readonly Sent[]): Sent[] {
    const portOf = new Map([
      [A, "a.eth0"],
      [B, "b.eth0"],
      [CLIENT, "client.eth0"],
    ]);
    const nameOf = (bytes: Uint8Array) =>
      [...portOf].find(
        ([mac]) => mac === [...bytes.subarray(6, 12)].map((it) => it.toString(16).padStart(2, "0")).join(":"),
      )![1];
    return sent.flatMap(({ at, bytes }) => {
      const port = nameOf(bytes);
      const [near, far] = port === "b.eth0" ? ["2:up", "1:up"] : ["1:up", "2:up"];
      return [
        { at, bytes, on: port, direction: "inbound" as const },
        { at: at + US, bytes, on: near!, direction: "outbound" as const },
        { at: at + 3 * US, bytes, on: far!, direction: "inbound" as const },
        ...[...portOf.values()]
          .filter((name) => name !== port)
          .map((on) => ({ at: at + 4 * US, bytes, on, direction: "outbound" as const })),
      ];
    });
  }

  it("is no host, and what comes in there is a copy", () => {
    const report = replay(inOrder(atTwoSwitches(TAKEOVER)));
    expect(report.by).toBe("interface");
    expect(report.hosts.map(({ name, frames }) => [name, frames])).toEqual([
      ["client.eth0", 1],
      ["a.eth0", 10],
      ["b.eth0", 8],
    ]);
    expect(counts(report)).toEqual([[5, 3], 10, 2]);
    expect(report.addresses[0]!.holds.map(({ holder }) => holder)).toEqual(["a.eth0", "b.eth0"]);
    expect([report.contests, report.moves]).toEqual([[], []]);
    expect(report.capture.frames).toMatchObject({ switched: 19, copies: 19, leaving: 57 });
  });

  it("with one talkative host behind is none either", () => {
    const report = replay(inOrder(atTwoSwitches(TAKEOVER.filter(({ bytes }) => bytes[11] !== 0x64))));
    expect(report.hosts.map(({ name }) => name)).toEqual(["a.eth0", "b.eth0"]);
    expect(counts(report)).toEqual([[5, 3], 10, 2]);
  });

  it("lets in whoever has no port of his own: told by MAC", () => {
    const sent = atTwoSwitches(TAKEOVER).filter(({ on }) => on !== "a.eth0" && on !== "client.eth0");
    const report = replay(inOrder(sent), { by: "interface" });
    expect(report.hosts.map(({ name, interface: port }) => [name, port])).toEqual([
      ["b.eth0", "b.eth0"],
      ["10.0.1.100", null],
      ["10.0.1.11", null],
    ]);
    expect(counts(report)).toEqual([[5, 3], 10, 2]);
  });
});

describe("the ports of a bridge, without directions", () => {
  const PORTS = ["va", "vb", "vc"];
  const homeOf = (bytes: Uint8Array) => PORTS[[1, 2, 0x64].indexOf(bytes[11]!)]!;
  /** First where it comes in, then where it leaves. */
  const atPorts = (sent: readonly Sent[], home = ({ bytes }: Sent) => homeOf(bytes)) =>
    inOrder(
      sent.flatMap((it) => PORTS.map((on, i) => ({ ...it, on, at: it.at + (on === home(it) ? 0 : (3 + i) * US) }))),
    );

  it("show each frame once for each: it is its sender's", () => {
    const byInterface = replay(atPorts(TAKEOVER), { by: "interface" });
    expect(byInterface.hosts.map(({ name, macs, frames }) => [name, macs, frames])).toEqual([
      ["vc", [CLIENT], 1],
      ["va", [A], 10],
      ["vb", [B], 8],
    ]);
    expect(counts(byInterface)).toEqual([[5, 3], 10, 2]);
    expect([byInterface.contests, byInterface.moves]).toEqual([[], []]);
    expect(counts(replay(atPorts(TAKEOVER), { by: "mac" }))).toEqual(counts(byInterface));
  });

  it("tell apart two that send from a virtual MAC, by where that is seen first", () => {
    const [ofA, ofB] = ["10.0.1.11", "10.0.1.12"].map((from) => advert(VIRTUAL, from));
    const sent: (Sent & { home: string })[] = [
      ...adverts(0, 4, 1, ofA!).map((it) => ({ ...it, home: "va" })),
      ...burst(0.0005, garp(VIRTUAL, VIP)).map((it) => ({ ...it, home: "va" })),
      ...adverts(7.6, 9.6, 1, ofB!).map((it) => ({ ...it, home: "vb" })),
      ...burst(7.6005, garp(VIRTUAL, VIP)).map((it) => ({ ...it, home: "vb" })),
    ];
    const report = replay(
      atPorts(sent, (it) => (it as (typeof sent)[number]).home),
      { by: "interface" },
    );
    expect(report.addresses[0]!.holds.map(({ holder, announcements }) => [holder, announcements])).toEqual([
      ["va", 5],
      ["vb", 5],
    ]);
    expect(report.virtualRouters[0]!.senders.map(({ host, adverts: count }) => [host, count])).toEqual([
      ["va", 5],
      ["vb", 3],
    ]);
  });
});

describe("a cooked capture that does not tell interfaces", () => {
  /** Packet types of a frame from a container: at its veth, at the bridge, and where it leaves. */
  const FORWARDED = ["in", "in", "out", "out"];
  const OWN = ["out", "out", "out"];

  function cooked(sent: readonly Sent[], ways: readonly string[]): ReplayReport {
    const packets = sent.flatMap(({ at, bytes }) =>
      ways.map((way, i) => {
        const isBroadcast = bytes[0] === 0xff;
        const type = way === "out" ? 4 : isBroadcast ? 1 : 2;
        const header = Uint8Array.of(0, type, 0, 1, 0, 6, ...bytes.subarray(6, 12), 0, 0, ...bytes.subarray(12, 14));
        const ns = Math.round((at + i * 2 * US) * 1e9);
        return {
          seconds: Math.floor(ns / 1e9),
          fraction: ns % 1e9,
          bytes: concat(header, bytes.subarray(14)),
        };
      }),
    );
    return replayCapture("x", classicPcap(packets, { nanoseconds: true, linkType: 113 }));
  }

  it.each([
    ["forwarded", FORWARDED],
    ["of its own", OWN],
  ])("counts frames once, %s", (_, ways) => {
    const report = cooked(TAKEOVER, ways);
    expect(counts(report)).toEqual([[5, 3], 10, 2]);
    expect(report.virtualRouters[0]!.senders[0]!.seen!.min).toBeCloseTo(1, 3);
    const all = TAKEOVER.length * ways.length;
    expect(report.capture.frames).toMatchObject({ all, interfaceUnknown: all, switched: TAKEOVER.length });
  });

  it("knows how often a frame shows before the first advert, from those that follow", () => {
    const sent = inOrder(burst(0.4, garp(A, VIP)), adverts(0.5, 4.5, 1, OF_A));
    expect(counts(cooked(sent, FORWARDED))).toEqual([[5], 5, 1]);
  });

  it("cannot tell a burst of a host that sends nothing else", () => {
    const report = cooked(burst(0.4, garp(A, VIP)), FORWARDED);
    expect(report.addresses[0]!.announcements).toBe(10);
    expect(formatReplay(report, PLAIN)).toContain("tcpdump -i any -y LINUX_SLL2 tells the interface");
  });
});

describe("at one interface", () => {
  it("a burst of equal announcements is a burst", () => {
    expect(replay(burst(0, garp(A, VIP))).addresses[0]!.announcements).toBe(5);
  });

  it("adverts that are equal count each time, down to the shortest interval", () => {
    const bytes = advert(A, "10.0.1.11", { version: 3, intervalCs: 1 });
    expect(replay(adverts(0, 1, 0.01, bytes)).virtualRouters[0]!.senders[0]!.adverts).toBe(101);
  });
});

describe("a loop", () => {
  const around = (at: number, count: number, bytes: Uint8Array) => adverts(at, at + (count - 1) * 5e-6, 5e-6, bytes);

  it("is told as such, and is one advert", () => {
    const report = replay(inOrder(adverts(0, 2, 1, OF_A), around(3, 20_000, OF_A), adverts(4, 6, 1, OF_A)));
    expect(report.virtualRouters[0]!.senders).toMatchObject([{ adverts: 7, seen: { min: 1, max: 1 } }]);
    expect(report.loops).toEqual([
      {
        host: "10.0.1.11",
        what: "advert of VRID 51",
        vlan: null,
        sightings: 20_000,
        from: 3,
        frame: 4,
        until: expect.closeTo(3.099995, 6),
        untilFrame: 20_003,
      },
    ]);
  });

  it("of an announcement makes no duel", () => {
    const sent = inOrder(around(0, 20_000, garp(A, VIP)), [{ at: 1, bytes: garp(B, VIP) }]);
    const { loops, addresses, contests } = replay(sent);
    expect(loops).toMatchObject([{ host: A, what: "announcement of 10.0.1.50", sightings: 20_000 }]);
    expect([addresses[0]!.holds.length, contests]).toEqual([2, []]);
    expect(addresses[0]!.announcements).toBe(101);
  });

  it("is none of data that is equal, nor of a long burst", () => {
    expect(replay(around(0, 5_000, udp(A, "10.0.1.11", B, "10.0.1.12"))).loops).toEqual([]);
    expect(replay(around(0, 1_000, garp(A, VIP))).loops).toEqual([]);
  });
});
