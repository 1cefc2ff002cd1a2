/** Who held an address and why; hosts that announce or answer in turn; malformed and refused frames. */
import { describe, expect, it } from "vitest";
import type { ReplayReport } from "../../src/replay/report.ts";
import {
  A,
  advert,
  adverts,
  arpReply,
  arpRequest,
  B,
  CLIENT,
  garp,
  inOrder,
  mac,
  na,
  patched,
  replay,
  type Sent,
  tagged,
  udp,
  VIP,
  VIRTUAL,
} from "./frames.ts";

const OF_A = advert(A, "10.0.1.11", { priority: 100 });
const OF_B = advert(B, "10.0.1.12", { priority: 90 });

/** `holder from cause why` of the virtual address. */
function holds({ addresses }: ReplayReport, address = VIP): string[] {
  const found = addresses.find(({ address: text }) => text === address);
  return (found?.holds ?? []).map(
    ({ holder, from, cause, why }) => `${holder.slice(-2)} ${from.toFixed(1)} ${cause} ${why.kind}`,
  );
}

describe("an address", () => {
  it.each<[string, Sent[], string[]]>([
    [
      "is announced right behind an advert",
      inOrder(adverts(0, 4, 1, OF_A), [{ at: 0.001, bytes: garp(A, VIP) }], adverts(7.6, 9.6, 1, OF_B), [
        { at: 7.601, bytes: garp(B, VIP) },
      ]),
      ["11 0.0 garp-request start", "12 7.6 garp-request silence"],
    ],
    [
      "is announced right before the first advert",
      inOrder(adverts(0, 4, 1, OF_A), [{ at: 7.5, bytes: garp(B, VIP) }], adverts(7.6, 9.6, 1, OF_B)),
      ["11 0.0 advert start", "12 7.5 garp-request silence"],
    ],
    [
      "is only announced again when the capture begins later",
      inOrder(adverts(0, 40, 1, OF_A), [{ at: 30, bytes: garp(A, VIP) }]),
      ["11 0.0 advert start"],
    ],
    [
      "is taken to be the master's if nothing announces it",
      inOrder(adverts(0, 20, 1, OF_A), adverts(5.4, 12.4, 1, OF_B)),
      ["11 0.0 advert start", "12 5.4 advert contest", "11 12.4 advert return"],
    ],
    [
      "is kept while its master is silent and nobody announces it",
      inOrder(adverts(0, 4, 1, OF_A), [{ at: 0.1, bytes: garp(A, VIP) }], adverts(8, 12, 1, OF_B)),
      ["11 0.1 garp-request start"],
    ],
    [
      "is taken by somebody who is not master",
      inOrder(
        adverts(0, 9, 1, OF_A),
        [
          { at: 0.1, bytes: garp(A, VIP) },
          { at: 4.5, bytes: garp(CLIENT, VIP) },
        ],
        [{ at: 0.5, bytes: arpRequest(CLIENT, "10.0.1.100", "10.0.1.11") }],
      ),
      ["11 0.1 garp-request start", "00 4.5 garp-request not-master"],
    ],
    [
      "is announced, and no advert lists it",
      [
        { at: 0, bytes: garp(A, VIP) },
        { at: 5, bytes: garp(B, VIP) },
        { at: 6, bytes: arpRequest(A, "10.0.1.11", "10.0.1.100") },
        { at: 7, bytes: arpRequest(B, "10.0.1.12", "10.0.1.100") },
      ],
      ["11 0.0 garp-request announcement", "12 5.0 garp-request announcement"],
    ],
    [
      "is excluded from adverts, and moves with their master",
      inOrder(
        adverts(0, 4, 1, advert(A, "10.0.1.11", { addresses: ["10.0.1.60"] })),
        [{ at: 0.001, bytes: garp(A, VIP) }],
        adverts(7.6, 9.6, 1, advert(B, "10.0.1.12", { addresses: ["10.0.1.60"], priority: 90 })),
        [{ at: 7.601, bytes: garp(B, VIP) }],
      ),
      ["11 0.0 garp-request start", "12 7.6 garp-request silence"],
    ],
    [
      "changes its MAC, not its host",
      inOrder(adverts(0, 9, 1, OF_A), [
        { at: 0.1, bytes: garp(A, VIP) },
        { at: 4.5, bytes: garp(A, VIP, VIRTUAL) },
      ]),
      ["11 0.1 garp-request start", "11 4.5 garp-request other-mac"],
    ],
  ])("%s", (_, sent, expected) => {
    expect(holds(replay(sent))).toEqual(expected);
  });

  it("of IPv6 is announced by an unsolicited neighbour advertisement, not by an answer", () => {
    const sent = [
      { at: 0, bytes: na(A, "2001:db8:1::50") },
      { at: 1, bytes: na(B, "2001:db8:1::50", true) },
      { at: 2, bytes: na(B, "2001:db8:1::50") },
    ];
    const report = replay(sent);
    expect(holds(report, "2001:db8:1::50")).toEqual(["01 0.0 na announcement", "02 2.0 na announcement"]);
    expect(report.strangeAnswers).toMatchObject([
      { address: "2001:db8:1::50", host: B, mac: B, holder: A, count: 1, firstFrame: 2 },
    ]);
  });

  it("that only its own host announces is told all the same, with everything else about it", () => {
    const report = replay([
      { at: 0, bytes: garp(A, "10.0.1.11") },
      { at: 1, bytes: garp(A, "10.0.1.11") },
      { at: 2, bytes: arpRequest(A, "10.0.1.11", "10.0.1.12") },
    ]);
    expect(report.hosts).toMatchObject([{ name: "10.0.1.11", macs: [A], frames: 3 }]);
    expect(report.addresses).toEqual([
      {
        address: "10.0.1.11",
        vlan: null,
        vrids: [],
        announcements: 2,
        holds: [
          {
            holder: "10.0.1.11",
            mac: A,
            from: 0,
            frame: 1,
            until: null,
            untilFrame: null,
            cause: "garp-request",
            announcements: 2,
            why: { kind: "announcement", before: null, frame: null, seconds: null, missed: 0, vrid: null, fall: null },
          },
        ],
        silences: [],
      },
    ]);
  });

  it("lives in its VLAN", () => {
    const report = replay([
      { at: 0, bytes: tagged(10, garp(A, VIP)) },
      { at: 1, bytes: tagged(20, garp(B, VIP)) },
      { at: 2, bytes: tagged(7, tagged(10, garp(B, VIP))) },
      { at: 3, bytes: tagged(10, advert(A, "10.0.1.11")) },
      { at: 4, bytes: tagged(20, advert(B, "10.0.1.12")) },
    ]);
    expect(report.addresses.map(({ vlan, holds: list }) => [vlan, list.length])).toEqual([
      ["10", 1],
      ["20", 1],
      ["7.10", 1],
    ]);
    expect(report.virtualRouters.map(({ vlan }) => vlan)).toEqual(["10", "20"]);
    expect(report.contests).toEqual([]);
    // That nobody else was heard in these networks is no fault of the frames.
    expect(report.refused).toEqual([]);
  });
});

describe("two at once", () => {
  it("announce an address in turn", () => {
    const times = [0, 1, 1.3, 1.5, 1.6, 1.7, 9, 9.5];
    const report = replay(times.map((at, i) => ({ at, bytes: garp(i % 2 === 0 ? A : B, VIP) })));
    expect(
      report.contests.map(({ kind, address, from, until, hosts, changes }) => [
        kind,
        address,
        from,
        until,
        hosts,
        changes,
      ]),
    ).toEqual([
      ["announcers", VIP, 1, 1.7, [A, B], 5],
      ["announcers", VIP, 9, 9.5, [B, A], 2],
    ]);
  });

  it("do not if one of them only took it over, and over again", () => {
    const sent = [0, 5, 10, 15, 20].map((at, i) => ({ at, bytes: garp(i % 2 === 0 ? A : B, VIP) }));
    expect(replay(sent).contests).toEqual([]);
  });

  it("answer for an address", () => {
    const report = replay([
      { at: 0, bytes: garp(A, VIP) },
      { at: 1, bytes: arpReply(A, VIP) },
      { at: 2, bytes: arpReply(B, VIP) },
      { at: 3, bytes: arpReply(A, VIP) },
      { at: 4, bytes: arpReply(B, VIP) },
      { at: 5, bytes: arpReply(A, VIP, VIRTUAL) },
    ]);
    expect(report.strangeAnswers).toMatchObject([
      {
        address: VIP,
        host: B,
        mac: B,
        holder: A,
        holderMac: A,
        count: 2,
        first: 2,
        firstFrame: 3,
        last: 4,
        lastFrame: 5,
      },
      { address: VIP, host: A, mac: VIRTUAL, holder: A, count: 1 },
    ]);
  });

  it("answer for an address that nobody announced", () => {
    const report = replay([
      { at: 0, bytes: arpReply(A, "10.0.1.77") },
      { at: 1, bytes: arpReply(B, "10.0.1.77") },
      { at: 2, bytes: arpReply(A, "10.0.1.77") },
    ]);
    expect(report.strangeAnswers).toMatchObject([
      { address: "10.0.1.77", host: "10.0.1.77 (02:00:00:00:00:02)", count: 1, first: 1 },
    ]);
    expect(report.addresses).toEqual([]);
  });

  it("use an address: one holds it, and another one asks from it", () => {
    const report = replay(
      inOrder(
        [
          { at: 0, bytes: arpRequest(B, VIP, "10.0.1.1") },
          { at: 0.1, bytes: garp(A, VIP) },
          { at: 0.2, bytes: arpRequest(A, VIP, "10.0.1.1") },
          { at: 0.3, bytes: arpRequest(B, VIP, "10.0.1.1") },
          { at: 0.9, bytes: arpRequest(B, VIP, "10.0.1.1") },
          { at: 0.95, bytes: arpRequest(CLIENT, "10.0.1.100", VIP) },
        ],
        adverts(1, 3, 1, OF_A),
      ),
    );
    expect(report.strangeAnswers).toMatchObject([
      { how: "question", address: VIP, host: B, mac: B, holder: "10.0.1.11", holderMac: A, count: 2, firstFrame: 4 },
    ]);
  });

  it("use an address that its master only advertises", () => {
    const report = replay(
      inOrder(adverts(0, 3, 1, OF_A), [
        { at: 0.5, bytes: arpRequest(A, VIP, "10.0.1.1") },
        { at: 0.6, bytes: arpRequest(B, VIP, "10.0.1.1") },
      ]),
    );
    expect(report.strangeAnswers).toMatchObject([
      { how: "question", host: B, holder: "10.0.1.11", holderMac: null, count: 1 },
    ]);
  });

  it("do not if each answers while it is master, and nothing announces the address", () => {
    const report = replay(
      inOrder(adverts(0, 4, 1, OF_A), [{ at: 0.5, bytes: arpReply(A, VIP) }], adverts(7.6, 9.6, 1, OF_B), [
        { at: 8, bytes: arpReply(B, VIP) },
      ]),
    );
    expect(report.strangeAnswers).toEqual([]);
  });
});

describe("malformed frames", () => {
  it.each<[string, Uint8Array, string]>([
    ["a cut ARP", garp(A, VIP).subarray(0, 40), "ARP truncated"],
    ["an ARP of another size", patched(garp(A, VIP), 18, 8), "ARP bad-length"],
    ["an ARP of an unknown operation", patched(garp(A, VIP), 21, 9), "ARP bad-type"],
    [
      "an IPv4 header with a wrong checksum",
      patched(udp(A, "10.0.1.11", CLIENT, "10.0.1.100"), 24, 0x12),
      "IPv4 bad-checksum",
    ],
    ["an IPv4 packet of version 5", patched(udp(A, "10.0.1.11", CLIENT, "10.0.1.100"), 14, 0x55), "IPv4 bad-version"],
    [
      "an IPv4 header without a length",
      patched(udp(A, "10.0.1.11", CLIENT, "10.0.1.100"), 14, 0x44, 0, 0, 0),
      "IPv4 bad-length",
    ],
    ["an advert with a wrong checksum", patched(advert(A, "10.0.1.11"), 40, 0x12), "VRRP bad-checksum"],
    ["an advert from beyond a router", advert(A, "10.0.1.11", { ttl: 254 }), "VRRP bad-ttl"],
    ["an advert with an address less than it says", patched(advert(A, "10.0.1.11"), 37, 2), "VRRP truncated"],
    ["an advert with an address more than it says", patched(advert(A, "10.0.1.11"), 37, 0), "VRRP bad-length"],
    ["an advert of version 4", patched(advert(A, "10.0.1.11"), 34, 0x41), "VRRP bad-version"],
    [
      "a neighbour advertisement with a wrong checksum",
      patched(na(A, "2001:db8:1::50"), 56, 0x12),
      "ICMPv6 bad-checksum",
    ],
    ["a neighbour advertisement from beyond a router", patched(na(A, "2001:db8:1::50"), 21, 64), "ICMPv6 bad-ttl"],
    ["an IPv6 packet that is longer than its frame", patched(na(A, "2001:db8:1::50"), 18, 9), "IPv6 truncated"],
  ])("%s", (_, bytes, expected) => {
    const report = replay([
      { at: 0, bytes: arpRequest(B, "10.0.1.12", VIP) },
      { at: 1, bytes },
      { at: 2, bytes },
    ]);
    expect(
      report.malformed.map(({ protocol, reason, count, firstFrame }) => [`${protocol} ${reason}`, count, firstFrame]),
    ).toEqual([[expected, 2, 2]]);
    expect([report.addresses, report.virtualRouters]).toEqual([[], []]);
  });

  it.each<[string, Uint8Array]>([
    ["a UDP checksum, which the sender's card writes", udp(A, "10.0.1.11", CLIENT, "10.0.1.100")],
    ["an IPv4 checksum of 0, which it may write too", patched(udp(A, "10.0.1.11", CLIENT, "10.0.1.100"), 24, 0, 0)],
    ["an IPv4 length of 0, of a segment that it cuts up", patched(udp(A, "10.0.1.11", CLIENT, "10.0.1.100"), 16, 0, 0)],
    ["a fragment", patched(udp(A, "10.0.1.11", CLIENT, "10.0.1.100"), 20, 0x20, 0, 64, 17, ...checksumOfFragment())],
    ["padding", Uint8Array.from([...garp(A, VIP), ...new Array(18).fill(0)])],
  ])("are none for %s", (_, bytes) => {
    expect(replay([{ at: 0, bytes }]).malformed).toEqual([]);
  });

  it("are none for what the capture has cut off", () => {
    const report = replay([
      { at: 0, bytes: garp(A, VIP).subarray(0, 30), originalOctets: 42 },
      { at: 1, bytes: advert(B, "10.0.1.12").subarray(0, 50), originalOctets: 54 },
      { at: 2, bytes: na(B, "2001:db8:1::50").subarray(0, 60), originalOctets: 86 },
    ]);
    expect(report.malformed).toEqual([]);
    expect(report.capture.frames.truncated).toBe(3);
  });

  it("are told by sender", () => {
    const broken = (source: string, from: string) => patched(advert(source, from), 40, 0x12);
    const report = replay([
      { at: 0, bytes: broken(A, "10.0.1.11") },
      { at: 1, bytes: broken(B, "10.0.1.12") },
      { at: 2, bytes: broken(A, "10.0.1.11") },
    ]);
    expect(report.malformed).toMatchObject([
      { host: "10.0.1.11", count: 2, firstFrame: 1 },
      { host: "10.0.1.12", count: 1, firstFrame: 2 },
    ]);
  });
});

describe("the switch", () => {
  it("refuses what it refuses, by cause", () => {
    const to = (destination: string, source: string) => {
      const bytes = garp(A, VIP);
      bytes.set(mac(destination), 0);
      bytes.set(mac(source), 6);
      return bytes;
    };
    const report = replay([
      { at: 0, bytes: garp(A, VIP) },
      { at: 1, bytes: garp(B, "10.0.1.12") },
      { at: 2, bytes: to("01:80:c2:00:00:0e", A) },
      { at: 3, bytes: to("ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:01") },
      { at: 4, bytes: to("ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00") },
      { at: 5, bytes: to(A, A) },
      { at: 6, bytes: garp(A, VIP).subarray(0, 13) },
      { at: 7, bytes: Uint8Array.from([...garp(A, VIP), ...new Array(8_000).fill(0)]) },
    ]);
    expect(report.refused).toEqual([
      { cause: "reserved-destination", count: 1, firstFrame: 3 },
      { cause: "multicast-source", count: 1, firstFrame: 4 },
      { cause: "zero-source", count: 1, firstFrame: 5 },
      { cause: "runt", count: 1, firstFrame: 7 },
    ]);
    expect(report.capture.frames).toMatchObject({ all: 8, switched: 8, long: 1 });
  });
});

/** TTL and protocol follow the flags: the sum of the fragment's header. */
function checksumOfFragment(): number[] {
  const header = patched(udp(A, "10.0.1.11", CLIENT, "10.0.1.100"), 20, 0x20, 0, 64, 17, 0, 0).subarray(14, 34);
  let sum = 0;
  for (let i = 0; i < 20; i += 2) sum += header[i]! * 256 + header[i + 1]!;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return [(~sum >>> 8) & 0xff, ~sum & 0xff];
}
