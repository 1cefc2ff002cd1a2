/** Who sent a frame, and what that host is called. */
import { describe, expect, it } from "vitest";
import { SORTED_MAX } from "../../src/capture/sorted-packets.ts";
import { replayCapture } from "../../src/replay/make-report.ts";
import type { ReplayReport } from "../../src/replay/report.ts";
import { formatReplay } from "../../src/replay/text-report.ts";
import { PLAIN } from "../../src/text/style.ts";
import {
  A,
  advert,
  advert6,
  adverts,
  arpReply,
  arpRequest,
  B,
  CLIENT,
  captureOf,
  garp,
  inOrder,
  na,
  replay,
  type Sent,
  udp,
  VIP,
  VIRTUAL,
} from "./frames.ts";

const VIRTUAL6 = "00:00:5e:00:02:33";
const GATEWAY = "02:00:00:00:00:fe";

const named = ({ hosts }: ReplayReport) => hosts.map(({ name }) => name);
const holders = ({ addresses }: ReplayReport, address = VIP) =>
  addresses.find(({ address: text }) => text === address)!.holds.map(({ holder, frame }) => `${holder} ${frame}`);

describe("by MAC, a host is called", () => {
  it.each<[string, Uint8Array[], string[]]>([
    [
      "by the address of its adverts",
      [advert(A, "10.0.1.11"), garp(A, VIP), arpRequest(A, VIP, "10.0.1.1")],
      ["10.0.1.11"],
    ],
    ["by the address that it asks with", [arpRequest(A, "10.0.1.11", "10.0.1.1")], ["10.0.1.11"]],
    ["by the address that it answers for", [arpReply(A, "10.0.1.11")], ["10.0.1.11"]],
    ["by the one address that it sends from", [udp(A, "10.0.1.11", B, "10.0.1.12")], ["10.0.1.11"]],
    [
      "by its own address, which it announces when it starts",
      [garp(A, "10.0.1.11"), arpRequest(A, "10.0.1.11", VIP)],
      ["10.0.1.11"],
    ],
    ["by its MAC, if all that it names is what it announces", [garp(A, VIP), arpReply(A, VIP)], [A]],
    ["by its MAC, if another host announces what it answers for", [garp(B, VIP), arpReply(A, VIP)], [B, A]],
    [
      "by its MAC, if it is a gateway for many",
      [1, 2, 3].map((i) => udp(GATEWAY, `192.0.2.${i}`, A, "10.0.1.11")),
      [GATEWAY],
    ],
    ["by its MAC, if it only speaks IPv6", [advert6(A, "fe80::1", ["2001:db8:1::50"])], [A]],
  ])("%s", (_, frames, expected) => {
    expect(named(replay(frames.map((bytes, at) => ({ at, bytes }))))).toEqual(expected);
  });

  it("with its MAC behind it, if another one has its address", () => {
    const report = replay([
      { at: 0, bytes: arpRequest(A, "10.0.1.11", VIP) },
      { at: 1, bytes: arpRequest(B, "10.0.1.11", VIP) },
    ]);
    expect(named(report)).toEqual([`10.0.1.11 (${A})`, `10.0.1.11 (${B})`]);
  });

  it("what the user says, by MAC or by any address of its own", () => {
    const sent = [
      { at: 0, bytes: advert(A, "10.0.1.11") },
      { at: 1, bytes: advert6(B, "fe80::2", ["2001:db8:1::50"]) },
      { at: 2, bytes: udp(CLIENT, "10.0.1.100", A, VIP) },
      { at: 3, bytes: udp(CLIENT, "10.0.1.101", A, VIP) },
    ];
    const names = new Map([
      [A, "vm-A"],
      ["fe80::2", "vm-B"],
      ["10.0.1.101", "client"],
      ["10.0.1.77", "nobody"],
    ]);
    const report = replay(sent, { names });
    expect(named(report)).toEqual(["vm-A", "vm-B", "client"]);
    expect(report.warnings).toHaveLength(1);
    expect(report.warnings[0]).toMatch(
      /^x: warning: no host of this capture is 10\.0\.1\.77, so nobody is called nobody\n/,
    );
  });

  it("'others' with all the rest, if there are too many", () => {
    const macOf = (i: number) =>
      `02:00:00:00:${(i >> 8).toString(16).padStart(2, "0")}:${(i & 255).toString(16).padStart(2, "0")}`;
    const crowd = Array.from({ length: 1_500 }, (_, i) => ({
      at: i / 1e4,
      bytes: udp(macOf(i + 300), "10.9.9.9", A, VIP),
    }));
    const report = replay([...crowd, { at: 1, bytes: garp(A, VIP) }]);
    expect(report.hosts).toHaveLength(1_001);
    expect(report.hosts.find(({ name }) => name === "others")!.frames).toBe(501);
    // Those who announce come before the crowd.
    expect(holders(report)).toEqual([`${A} 1501`]);
  });
});

describe("from a virtual MAC", () => {
  const ofA = advert(VIRTUAL, "10.0.1.11", { priority: 100 });
  const ofB = advert(VIRTUAL, "10.0.1.12", { priority: 90 });
  const announcement = garp(VIRTUAL, VIP);

  it("sends the router that advertises", () => {
    const report = replay(
      inOrder(
        adverts(0, 4, 1, ofA),
        [{ at: 0.001, bytes: announcement }],
        [{ at: 4.5, bytes: arpReply(VIRTUAL, VIP) }],
        adverts(7.6, 12.6, 1, ofB),
        [{ at: 7.601, bytes: announcement }],
        [{ at: 12.599, bytes: announcement }],
      ),
    );
    expect(named(report)).toEqual(["10.0.1.11", "10.0.1.12"]);
    expect(holders(report)).toEqual(["10.0.1.11 2", "10.0.1.12 9"]);
    expect(report.virtualMacs).toMatchObject([
      {
        mac: VIRTUAL,
        vrid: 51,
        doubtful: 0,
        holds: [
          { holder: "10.0.1.11", frame: 1, until: 7.6 },
          { holder: "10.0.1.12", frame: 8, until: null },
        ],
      },
    ]);
    expect(report.moves).toMatchObject([{ mac: VIRTUAL, from: "10.0.1.11", to: "10.0.1.12", frame: 8, at: 7.6 }]);
    expect(report.strangeAnswers).toEqual([]);
  });

  it("is a host of its own if nobody advertises", () => {
    const report = replay([{ at: 0, bytes: announcement }]);
    expect([named(report), holders(report)]).toEqual([[VIRTUAL], [`${VIRTUAL} 1`]]);
  });

  it("sends a host that is known by its own MAC, where a frame shows both", () => {
    const report = replay(
      inOrder(adverts(0, 4, 1, ofA), [
        { at: 0.5, bytes: arpRequest(A, "10.0.1.11", "10.0.1.100") },
        { at: 0.001, bytes: announcement },
      ]),
    );
    expect(report.hosts).toMatchObject([{ name: "10.0.1.11", macs: [A], frames: 7 }]);
  });

  it("sends a host that others answer to by its own MAC", () => {
    const answer = arpReply(CLIENT, "10.0.1.100");
    answer.set([2, 0, 0, 0, 0, 1, 10, 0, 1, 11], 32);
    const report = replay(
      inOrder(adverts(0, 4, 1, ofA), [
        { at: 0.5, bytes: na(A, "2001:db8:1::11") },
        { at: 0.6, bytes: answer },
      ]),
    );
    expect(report.hosts.map(({ name, macs }) => [name, macs])).toEqual([
      ["10.0.1.11", [A]],
      ["10.0.1.100", [CLIENT]],
    ]);
    expect(report.virtualRouters[0]!.senders).toMatchObject([{ host: "10.0.1.11", address: "10.0.1.11" }]);
  });

  it("sends a host whose link-local address is made from its own MAC", () => {
    const report = replay(
      inOrder(adverts(0, 4, 1, advert6(VIRTUAL6, "fe80::ff:fe00:1", ["2001:db8:1::50"])), [
        { at: 0.5, bytes: arpRequest(A, "10.0.1.11", "10.0.1.1") },
      ]),
    );
    expect(report.hosts).toMatchObject([{ name: "10.0.1.11", macs: [A], frames: 6 }]);
  });

  it("of IPv6, too", () => {
    const report = replay(
      inOrder(adverts(0, 4, 1, advert6(VIRTUAL6, "fe80::1", ["2001:db8:1::50"])), [
        { at: 0.001, bytes: na(VIRTUAL6, "2001:db8:1::50") },
        { at: 2.5, bytes: na(A, "fe80::1", true) },
      ]),
    );
    expect(report.hosts).toMatchObject([{ name: A, macs: [A], addresses: ["fe80::1"], frames: 7 }]);
    expect(holders(report, "2001:db8:1::50")).toEqual([`${A} 2`]);
  });

  it("is doubtful only between two that advertise, far from the adverts of both", () => {
    const both = inOrder(adverts(0, 9, 1, ofA), adverts(5.4, 9.4, 1, ofB));
    const doubts = (at: number) => replay(inOrder(both, [{ at, bytes: announcement }])).virtualMacs[0]!.doubtful;
    expect([0.5, 3.5, 5.401, 6.399, 6.409, 7.001, 7.2, 8.7].map(doubts)).toEqual([0, 0, 0, 0, 0, 0, 1, 1]);
    // Right before an advert it is that one's.
    const { addresses } = replay(inOrder(both, [{ at: 7.399, bytes: announcement }]));
    expect(addresses[0]!.holds.at(-1)!.holder).toBe("10.0.1.12");
  });
});

describe("by interface", () => {
  const on = (port: string, sent: readonly Sent[], direction: "inbound" | "outbound" = "inbound") =>
    sent.map((it) => ({ ...it, on: port, direction }));
  const ofA = adverts(0, 4, 1, advert(VIRTUAL, "10.0.1.11"));
  const ofB = adverts(0.3, 4.3, 1, advert(VIRTUAL, "10.0.1.12", { priority: 90 }));

  it("each is a host, if most let one MAC in", () => {
    const report = replay(
      inOrder(
        on("vm-A.eth0", ofA),
        on("vm-B.eth0", ofB),
        on("vm-A.eth0", [{ at: 2.15, bytes: garp(VIRTUAL, VIP) }]),
        on("vm-B.eth0", [{ at: 2.65, bytes: garp(VIRTUAL, VIP) }]),
        // The uplink has many behind it.
        on("uplink", [
          { at: 1.1, bytes: arpRequest(CLIENT, "10.0.1.100", VIP) },
          { at: 1.2, bytes: arpRequest(GATEWAY, "10.0.1.1", VIP) },
        ]),
      ),
    );
    expect(report.by).toBe("interface");
    expect(report.hosts).toMatchObject([
      { name: "vm-A.eth0", interface: "vm-A.eth0", macs: [], addresses: ["10.0.1.11"] },
      { name: "vm-B.eth0", macs: [], addresses: ["10.0.1.12"] },
      { name: "10.0.1.100", interface: null, macs: [CLIENT] },
      { name: "10.0.1.1", interface: null, macs: [GATEWAY] },
    ]);
    // Two send equal octets from one MAC: only the ports tell them apart.
    expect(holders(report)).toEqual(["vm-A.eth0 1", "vm-B.eth0 2", "vm-A.eth0 8", "vm-B.eth0 10"]);
    expect(report.virtualMacs[0]!.doubtful).toBe(0);
    expect(report.moves.length).toBeGreaterThan(5);
  });

  it("is called by its address or MAC if it has no name, and what the user says if he does", () => {
    const sent = inOrder(
      on("", [{ at: 0, bytes: arpRequest(A, "10.0.1.11", VIP) }]),
      on("b", [{ at: 1, bytes: garp(B, VIP) }]),
    );
    expect(named(replay(sent, { names: new Map([[B, "vm-B"]]) }))).toEqual(["10.0.1.11", "vm-B"]);
  });

  it("frames that leave are copies of those that came in", () => {
    const sent = inOrder(
      on("a", [{ at: 0, bytes: garp(A, VIP) }]),
      on("b", [{ at: 1, bytes: garp(B, "10.0.1.12") }]),
      on("b", [{ at: 0, bytes: garp(A, VIP) }], "outbound"),
      on("a", [{ at: 1, bytes: garp(B, "10.0.1.12") }], "outbound"),
    );
    const report = replay(sent);
    expect(report.by).toBe("interface");
    expect(report.capture.frames).toMatchObject({ all: 4, switched: 2, leaving: 2, copies: 0, delivered: 2 });
    expect(report.addresses.map(({ announcements }) => announcements)).toEqual([1, 1]);
  });

  it("is not taken where each sees everybody: a frame counts once", () => {
    const burst = [0, 0.0001, 0.0002].map((at) => ({ at, bytes: garp(A, VIP) }));
    // The receiver's card pads, its clock is late, and it missed one.
    const padded = burst
      .slice(1)
      .map(({ at, bytes }) => ({ at: at + 0.02, bytes: Uint8Array.from([...bytes, ...new Array(18).fill(0)]) }));
    const later = [{ at: 1, bytes: garp(A, VIP) }];
    const other = [{ at: 2, bytes: arpRequest(B, "10.0.1.12", VIP) }];
    const sent = inOrder(
      [...burst, ...later, ...other].map((it) => ({ ...it, on: "host A" })),
      [...padded, ...later, ...other].map((it) => ({ ...it, on: "host B" })),
    );
    const report = replay(sent);
    expect(report.by).toBe("mac");
    expect(report.capture.frames).toMatchObject({ all: 9, copies: 4, switched: 5 });
    expect(report.addresses[0]!.announcements).toBe(4);
  });

  it("is what the user says, either way", () => {
    const sent = inOrder(on("a", ofA), on("b", ofB));
    expect(replay(sent, { by: "mac" })).toMatchObject({
      by: "mac",
      hosts: [{ name: "10.0.1.11" }, { name: "10.0.1.12" }],
    });
    expect(replay(ofA, { by: "interface" })).toMatchObject({ by: "interface", hosts: [{ name: "10.0.1.11" }] });
  });
});

describe("time", () => {
  const shuffled = [
    { at: 10, bytes: garp(A, VIP) },
    { at: 12, bytes: garp(B, VIP) },
    { at: 11, bytes: garp(A, VIP) },
    { at: 5, bytes: garp(B, VIP) },
  ];

  it("is the order of the frames, whatever the file's is", () => {
    const report = replay(shuffled);
    expect(report.addresses[0]!.holds.map(({ from, frame, until }) => [from, frame, until])).toEqual([
      [0, 4, 5],
      [5, 1, 7],
      [7, 2, null],
    ]);
    expect(report.capture).toMatchObject({
      seconds: 7,
      begins: null,
      firstSeconds: 5,
      sorted: true,
      frames: { all: 4, backInTime: 2 },
    });
  });

  it("is the file's if that is in order", () => {
    const report = replay(inOrder(shuffled));
    expect(report.capture).toMatchObject({ sorted: false, frames: { backInTime: 0 } });
    expect(report.addresses[0]!.holds.map(({ frame }) => frame)).toEqual([1, 2, 4]);
  });

  it("does not go back in a file that is too long to be sorted, and the report says so", () => {
    const packets = SORTED_MAX + 1;
    const file = Buffer.alloc(24 + 16 * packets);
    file.set(captureOf([]));
    // Packets of no octets, a second apart, but for the last one, which is as old as the first.
    for (let i = 0; i < packets - 1; i++) file.writeUInt32LE(i, 24 + 16 * i);
    const report = replayCapture("x", file);
    expect(report.capture).toMatchObject({
      seconds: packets - 2,
      sorted: false,
      frames: { all: packets, backInTime: 1 },
    });
    expect(formatReplay(report, PLAIN).replaceAll(/\s+/g, " ")).toContain(
      "1 older than a frame before them, and taken to be as old as that: times, spans and takeovers are WRONG",
    );
  });

  it("tells the same of a file in disorder as of one in order", () => {
    const sent = inOrder(
      adverts(0, 4, 1, advert(A, "10.0.1.11")),
      [{ at: 4.5, bytes: advert(A, "10.0.1.11", { priority: 0 }) }],
      adverts(5.2, 9.2, 1, advert(B, "10.0.1.12", { priority: 90 })),
      [{ at: 5.201, bytes: garp(B, VIP) }],
    );
    const kinds = ({ virtualRouters, addresses }: ReplayReport) => [
      virtualRouters[0]!.masters.map(({ host, from, until, why, end }) => [host, from, until, why.kind, end]),
      addresses[0]!.holds.map(({ holder, from, why }) => [holder, from, why.kind]),
    ];
    expect(kinds(replay([...sent].reverse()))).toEqual(kinds(replay(sent)));
  });
});
