/**
 * The neighbour cache, seen from outside: what a Linux host does with packets, answers, announcements and time. The tables stand for
 * `neigh_update` and `neigh_timer_handler`; rows marked "observed" were recorded on Linux 6.18.
 */
import { describe, expect, it } from "vitest";
import { NS_PER_MS, NS_PER_S } from "../../src/base/units.ts";
import { NUD_PERMANENT } from "../../src/host/nud.ts";
import { arp, BROADCAST, na } from "./frames.ts";
import { HOST_MAC, ip, LoneHost, mac } from "./lone-host.ts";

const US = "10.0.0.1";
const VIP = "10.0.0.50";
const A = "02:00:00:00:00:0a";
const B = "02:00:00:00:00:0b";

type State = "absent" | "INCOMPLETE" | "REACHABLE" | "STALE" | "DELAY" | "PROBE" | "FAILED";
const STATES: readonly State[] = ["absent", "INCOMPLETE", "REACHABLE", "STALE", "DELAY", "PROBE", "FAILED"];

const answer = (senderMac: string) =>
  arp({ operation: 2, senderMac, senderIp: VIP, targetMac: HOST_MAC, targetIp: US, to: HOST_MAC });

/** A host whose entry of the VIP has the state, and A's MAC if it has one; `sinceChange` seconds after the entry was changed. */
function hostWith(state: State, sinceChange = 1.5): LoneHost {
  const host = new LoneHost([`${US}/24`]);
  host.nic.neighbours4.reachableNs = 30 * NS_PER_S;
  let changed = 0;
  switch (state) {
    case "absent":
      break;
    case "INCOMPLETE":
      host.ask(VIP);
      break;
    case "FAILED":
      host.ask(VIP);
      changed = 3;
      break;
    case "REACHABLE":
      host.ask(VIP);
      host.deliver(answer(A));
      break;
    default:
      // A question for us makes the asker known, STALE.
      host.deliver(arp({ operation: 1, senderMac: A, senderIp: VIP, targetIp: US }));
      if (state !== "STALE") host.ask(VIP);
      if (state === "PROBE") changed = 5;
  }
  host.runTo(changed + sinceChange);
  host.takeSent();
  return host;
}

const stateOf = (host: LoneHost) => host.entry(VIP).replace(A, "A").replace(B, "B");

describe("states are reached as the tables below assume", () => {
  it.each([
    ["absent", "-"],
    ["INCOMPLETE", "INCOMPLETE"],
    ["REACHABLE", "REACHABLE A"],
    ["STALE", "STALE A"],
    ["DELAY", "DELAY A"],
    ["PROBE", "PROBE A"],
    ["FAILED", "FAILED"],
  ] as const)("%s", (state, entry) => {
    expect(stateOf(hostWith(state))).toBe(entry);
  });
});

describe("a packet to send", () => {
  it.each([
    ["absent", "INCOMPLETE", [`${BROADCAST} ARP, Request who-has ${VIP} tell ${US}`]],
    ["INCOMPLETE", "INCOMPLETE", []],
    ["REACHABLE", "REACHABLE A", [`${A} 10.0.0.1`]],
    ["STALE", "DELAY A", [`${A} 10.0.0.1`]],
    ["DELAY", "DELAY A", [`${A} 10.0.0.1`]],
    ["PROBE", "PROBE A", [`${A} 10.0.0.1`]],
    ["FAILED", "INCOMPLETE", [`${BROADCAST} ARP, Request who-has ${VIP} tell ${US}`]],
  ] as const)("%s → %s", (from, to, sent) => {
    const host = hostWith(from);
    host.ask(VIP);
    expect(stateOf(host)).toBe(to);
    const lines = host.takeSent();
    expect(lines.length).toBe(sent.length);
    sent.forEach((start, i) => {
      expect(lines[i]!.startsWith(start)).toBe(true);
    });
  });
});

/**
 * Announcement forms and who obeys them. The results stand in the order of STATES, for A's MAC and for another one; `-` is
 * no entry. `late`: the same within a second of the last change, where the locktime holds, if that is different.
 */
interface Form {
  readonly form: string;
  readonly frame: (senderMac: string) => Uint8Array;
  readonly same: string;
  readonly other: string;
  readonly early?: string;
}
const FORMS: readonly Form[] = [
  {
    form: "F1 request, broadcast target MAC (keepalived)",
    frame: (senderMac) => arp({ operation: 1, senderMac, senderIp: VIP, targetMac: BROADCAST, targetIp: VIP }),
    same: "-, DELAY A, REACHABLE A, STALE A, DELAY A, PROBE A, STALE A",
    other: "-, DELAY B, STALE B, STALE B, STALE B, STALE B, STALE B",
  },
  {
    form: "F2 request, own target MAC (ucarp)",
    frame: (senderMac) => arp({ operation: 1, senderMac, senderIp: VIP, targetMac: senderMac, targetIp: VIP }),
    same: "-, DELAY A, REACHABLE A, STALE A, DELAY A, PROBE A, STALE A",
    other: "-, DELAY B, STALE B, STALE B, STALE B, STALE B, STALE B",
  },
  {
    form: "F3 reply, own target MAC (arping -A)",
    frame: (senderMac) => arp({ operation: 2, senderMac, senderIp: VIP, targetMac: senderMac, targetIp: VIP }),
    same: "-, DELAY A, REACHABLE A, STALE A, DELAY A, PROBE A, STALE A",
    other: "-, DELAY B, STALE B, STALE B, STALE B, STALE B, STALE B",
  },
  {
    form: "F4 reply, broadcast target MAC (MetalLB): no announcement to Linux",
    frame: (senderMac) => arp({ operation: 2, senderMac, senderIp: VIP, targetMac: BROADCAST, targetIp: VIP }),
    same: "-, DELAY A, REACHABLE A, STALE A, DELAY A, PROBE A, STALE A",
    other: "-, DELAY B, STALE B, STALE B, STALE B, STALE B, STALE B",
    early: "-, DELAY B, REACHABLE A, STALE A, DELAY A, PROBE A, STALE B",
  },
  {
    form: "F5 unicast reply to us",
    frame: answer,
    same: "-, REACHABLE A, REACHABLE A, REACHABLE A, REACHABLE A, REACHABLE A, REACHABLE A",
    other: "-, REACHABLE B, REACHABLE B, REACHABLE B, REACHABLE B, REACHABLE B, REACHABLE B",
    early: "-, REACHABLE B, REACHABLE A, STALE A, DELAY A, PROBE A, REACHABLE B",
  },
  {
    form: "F6 a question of its to us",
    frame: (senderMac) => arp({ operation: 1, senderMac, senderIp: VIP, targetIp: US }),
    // The answer is no use of the entry.
    same: "STALE A, DELAY A, REACHABLE A, STALE A, DELAY A, PROBE A, STALE A",
    other: "STALE B, DELAY B, STALE B, STALE B, STALE B, STALE B, STALE B",
  },
  {
    form: "F6 a question of its to somebody else",
    frame: (senderMac) => arp({ operation: 1, senderMac, senderIp: VIP, targetIp: "10.0.0.77" }),
    same: "-, DELAY A, REACHABLE A, STALE A, DELAY A, PROBE A, STALE A",
    other: "-, DELAY B, STALE B, STALE B, STALE B, STALE B, STALE B",
    early: "-, DELAY B, REACHABLE A, STALE A, DELAY A, PROBE A, STALE B",
  },
  {
    form: "F7 a probe for the address",
    frame: (senderMac) => arp({ operation: 1, senderMac, senderIp: "0.0.0.0", targetIp: VIP }),
    same: "-, INCOMPLETE, REACHABLE A, STALE A, DELAY A, PROBE A, FAILED",
    other: "-, INCOMPLETE, REACHABLE A, STALE A, DELAY A, PROBE A, FAILED",
  },
];

describe.each(FORMS)("$form", ({ frame, same, other, early }) => {
  const results = (senderMac: string, sinceChange: number) =>
    STATES.map((state) => {
      const host = hostWith(state, sinceChange);
      host.deliver(frame(senderMac));
      return stateOf(host);
    }).join(", ");

  it("from the MAC that is known", () => {
    expect(results(A, 1.5)).toBe(same);
  });

  it("from another MAC, more than a second after the last change", () => {
    expect(results(B, 1.001)).toBe(other);
  });

  it("from another MAC, within a second of it", () => {
    expect(results(B, 0.5)).toBe(early ?? other);
  });
});

describe("time", () => {
  /** The changes of the VIP's entry from `fromS` on, as `5.0 PROBE`. */
  const changes = (host: LoneHost, fromS: number) =>
    host.changes
      .filter(({ atNs, address }) => address === VIP && atNs > fromS * NS_PER_S)
      .map(({ atNs, state }) => `${(atNs / NS_PER_S).toFixed(1)} ${state}`);

  it("INCOMPLETE: three questions a second apart, FAILED after three seconds; the packets that waited are lost", () => {
    const host = new LoneHost([`${US}/24`]);
    host.ask(VIP);
    host.ask(VIP);
    host.runTo(10);
    expect(changes(host, 0)).toEqual(["3.0 FAILED"]);
    expect(host.sent.map(({ atNs }) => atNs / NS_PER_S)).toEqual([0, 1, 2]);
    expect(host.host.packetsUnreachable).toBe(2);
    expect(host.slab.inUse).toBe(0);
  });

  it("REACHABLE, not used for 5 s: STALE when its time is over", () => {
    const host = hostWith("REACHABLE");
    host.runTo(40);
    expect(changes(host, 1)).toEqual(["30.0 STALE"]);
  });

  it("REACHABLE, used while it was: STALE all the same, DELAY with the next packet (observed)", () => {
    const host = hostWith("REACHABLE");
    for (let s = 2; s < 33; s++) {
      host.runTo(s + 0.25);
      host.ask(VIP);
    }
    expect(changes(host, 1)).toEqual(["30.0 STALE", "30.3 DELAY"]);
  });

  it("REACHABLE for less than 5 s and used before that: DELAY without a packet (observed)", () => {
    const host = new LoneHost([`${US}/24`]);
    host.nic.neighbours4.reachableNs = 3 * NS_PER_S;
    host.ask(VIP);
    host.deliver(answer(A));
    host.runTo(10);
    expect(changes(host, 0)).toEqual(["3.0 DELAY", "8.0 PROBE"]);
  });

  it("REACHABLE for less than 5 s after an answer that nobody asked for: the answer counts as use (read in source)", () => {
    const host = hostWith("STALE");
    host.nic.neighbours4.reachableNs = 3 * NS_PER_S;
    host.runTo(20);
    host.deliver(answer(A));
    host.runTo(24);
    expect(changes(host, 2)).toEqual(["20.0 REACHABLE", "23.0 DELAY"]);
  });

  it("the reachable time is drawn again every 300 s, and when its base changes", () => {
    const host = new LoneHost([`${US}/24`]);
    const { nic } = host;
    const times = [nic.neighbours4.reachableNs];
    host.runTo(299);
    expect(nic.neighbours4.reachableNs).toBe(times[0]);
    host.runTo(300);
    times.push(nic.neighbours4.reachableNs);
    nic.neighbours4.settings.baseReachableNs = 60 * NS_PER_S;
    times.push(nic.neighbours4.reachableNs);
    expect(new Set(times).size).toBe(3);
    expect(times[2]).toBeGreaterThanOrEqual(30 * NS_PER_S);
  });

  it("REACHABLE, confirmed again: its time counts from there", () => {
    const host = hostWith("REACHABLE");
    host.runTo(10);
    host.deliver(answer(A));
    host.runTo(39.9);
    expect(changes(host, 1)).toEqual([]);
    host.runTo(41);
    expect(changes(host, 1)).toEqual(["40.0 STALE"]);
  });

  it("DELAY: PROBE after 5 s, three unicast questions, FAILED 3 s later; then a broadcast with the next packet", () => {
    const host = hostWith("DELAY");
    host.runTo(8.5);
    expect(changes(host, 1)).toEqual(["5.0 PROBE", "8.0 FAILED"]);
    expect(host.takeSent()).toEqual(Array(3).fill(`${A} ARP, Request who-has ${VIP} tell ${US}`));
    host.ask(VIP);
    expect(host.takeSent()).toEqual([`${BROADCAST} ARP, Request who-has ${VIP} tell ${US}`]);
  });

  it("DELAY, confirmed within its 5 s by an answer: REACHABLE", () => {
    const host = hostWith("DELAY");
    host.runTo(4);
    host.deliver(answer(A));
    host.runTo(9);
    expect(changes(host, 3)).toEqual(["4.0 REACHABLE"]);
  });

  it("DELAY, an answer with a MAC that the locktime refuses confirms it: REACHABLE with the old MAC after 5 s", () => {
    const host = hostWith("DELAY", 0.2);
    host.deliver(answer(B));
    expect(stateOf(host)).toBe("DELAY A");
    host.runTo(6);
    expect(changes(host, 1)).toEqual(["5.0 REACHABLE"]);
    expect(stateOf(host)).toBe("REACHABLE A");
  });

  it("PROBE, answered: REACHABLE", () => {
    const host = hostWith("PROBE");
    host.deliver(answer(A));
    host.runTo(20);
    expect(changes(host, 6)).toEqual(["6.5 REACHABLE"]);
  });

  it("STALE stays for ever, unused", () => {
    const host = hostWith("STALE");
    host.runTo(1000);
    expect(stateOf(host)).toBe("STALE A");
  });

  it("the reachable time is drawn between 15 and 45 s, once for each interface and family", () => {
    const drawn = new Set<number>();
    for (let seed = 1; seed <= 50; seed++) {
      const { nic } = new LoneHost([`${US}/24`], { seed, slots: 4 });
      for (const { reachableNs } of [nic.neighbours4, nic.neighbours6]) {
        expect(reachableNs).toBeGreaterThanOrEqual(15 * NS_PER_S);
        expect(reachableNs).toBeLessThan(45 * NS_PER_S);
        drawn.add(reachableNs);
      }
    }
    expect(drawn.size).toBe(100);
  });

  it("without an announcement a client goes on to a dead holder for its reachable time, 5 s and 3 s", () => {
    const host = hostWith("REACHABLE");
    const lost: number[] = [];
    for (let ms = 2000; ms < 45_000; ms += 100) {
      host.runTo(ms / 1000);
      host.ask(VIP);
      if (host.takeSent().some((line) => line.startsWith(A))) lost.push(ms / 1000);
    }
    expect(lost.at(-1)).toBeCloseTo(30 + 5 + 3, 0);
  });
});

describe("the locktime", () => {
  it("counts from the last change that was made, not from one that was refused (observed)", () => {
    const host = hostWith("REACHABLE", 0.4);
    host.deliver(answer(B));
    expect(stateOf(host)).toBe("REACHABLE A");
    host.runTo(1.001);
    host.deliver(answer(B));
    expect(stateOf(host)).toBe("REACHABLE B");
    host.runTo(1.9);
    host.deliver(answer(A));
    expect(stateOf(host)).toBe("REACHABLE B");
  });

  it("of two owners that answer one question the first counts, over IPv6 the last (observed)", () => {
    const host = new LoneHost([`${US}/24`, "2001:db8::1/64"]);
    host.ask(VIP);
    host.deliver(answer(A));
    host.deliver(answer(B));
    expect(stateOf(host)).toBe("REACHABLE A");
    const target = "2001:db8::50";
    host.ask(target);
    for (const from of [A, B]) host.deliver(na({ from, target, flags: 0x60, mac: from, destination: "2001:db8::1" }));
    expect(host.entry(target)).toBe(`REACHABLE ${B}`);
  });
});

describe("packets that wait", () => {
  it("go out in their order when the answer comes, the entry being REACHABLE", () => {
    const host = new LoneHost([`${US}/24`]);
    for (let i = 0; i < 5; i++) host.ask(VIP);
    host.takeSent();
    host.deliver(answer(A));
    const ids = host.sent.map(({ bytes }) => (bytes[18]! << 8) | bytes[19]!);
    expect(ids).toEqual([1, 2, 3, 4, 5]);
    expect(stateOf(host)).toBe("REACHABLE A");
    expect(host.slab.inUse).toBe(0);
  });

  it("go out on an announcement too, and so leave the entry in DELAY (observed)", () => {
    const host = new LoneHost([`${US}/24`]);
    host.ask(VIP);
    host.deliver(arp({ operation: 1, senderMac: A, senderIp: VIP, targetIp: VIP }));
    expect(host.changes.map(({ state }) => state)).toEqual(["INCOMPLETE", "STALE", "DELAY"]);
    host.runTo(7);
    expect(host.changes.at(-1)!.state).toBe("PROBE");
  });

  it("are at most 256; the oldest are lost (observed)", () => {
    const host = new LoneHost([`${US}/24`]);
    for (let i = 0; i < 300; i++) host.ask(VIP);
    expect(host.host.packetsUnreachable).toBe(44);
    host.takeSent();
    host.deliver(answer(A));
    const ids = host.sent.map(({ bytes }) => (bytes[18]! << 8) | bytes[19]!);
    expect(ids).toEqual(Array.from({ length: 256 }, (_, i) => i + 45));
    expect(host.slab.inUse).toBe(0);
  });

  it("decide the source of the question: the last of them does", () => {
    const host = new LoneHost([`${US}/24`, "10.0.0.2/24"]);
    host.ask(VIP, "udp", "10.0.0.1");
    host.ask(VIP, "udp", "10.0.0.2");
    host.runTo(1.5);
    expect(host.takeSent()).toEqual([
      `${BROADCAST} ARP, Request who-has ${VIP} tell 10.0.0.1`,
      `${BROADCAST} ARP, Request who-has ${VIP} tell 10.0.0.2`,
    ]);
  });
});

describe("many neighbours", () => {
  const neighbour = (i: number) => `10.1.${i >> 8}.${i & 255}`;
  const known = (host: LoneHost, i: number) =>
    host.deliver(arp({ operation: 1, senderMac: A, senderIp: neighbour(i), targetIp: "10.1.255.1" }));

  /** So many neighbours, STALE, a millisecond apart. */
  const hostKnowing = (count: number) => {
    const host = new LoneHost(["10.1.255.1/16"]);
    for (let i = 0; i < count; i++) {
      host.runTo(i / 1000);
      known(host, i);
    }
    host.takeSent();
    return host;
  };

  it("are 1,024 at most: where all have changed within 5 s there is no room for another, who is not answered either", () => {
    const host = hostKnowing(1024);
    known(host, 2000);
    expect([host.nic.neighbours4.count, host.sent.length]).toEqual([1024, 0]);
    expect(host.entry(neighbour(2000))).toBe("-");
    for (let i = 0; i < 1024; i++) expect(host.entry(neighbour(i))).toBe(`STALE ${A}`);
  });

  it("later make room for another, the oldest first, down to gc_thresh2", () => {
    const host = hostKnowing(1024);
    host.runTo(10);
    known(host, 2000);
    expect(host.nic.neighbours4.count).toBe(513);
    expect([host.entry(neighbour(511)), host.entry(neighbour(512))]).toEqual(["-", `STALE ${A}`]);
    expect(host.entry(neighbour(2000))).toBe(`STALE ${A}`);
  });

  it("below gc_thresh1 are never collected, above it when they were not used for gc_stale_time", () => {
    const [few, many] = [hostKnowing(127), hostKnowing(129)];
    for (const host of [few, many]) host.runTo(59);
    expect([few.nic.neighbours4.count, many.nic.neighbours4.count]).toEqual([127, 129]);
    for (const host of [few, many]) host.runTo(76);
    expect([few.nic.neighbours4.count, many.nic.neighbours4.count]).toEqual([127, 0]);
  });

  it("that people have set stay, whatever comes", () => {
    const host = hostKnowing(129);
    const { neighbours4 } = host.nic;
    neighbours4.configure(neighbours4.find(ip(neighbour(3)), 0), mac(B), NUD_PERMANENT);
    host.deliver(arp({ operation: 1, senderMac: A, senderIp: neighbour(3), targetIp: neighbour(3) }));
    host.runTo(200);
    expect([neighbours4.count, host.entry(neighbour(3))]).toEqual([1, `PERMANENT ${B}`]);
    host.nic.setCarrier(false);
    expect(neighbours4.count).toBe(1);
    host.nic.setUp(false);
    expect(neighbours4.count).toBe(0);
  });

  it("that are all being asked for leave no room: the packet is lost", () => {
    const host = new LoneHost(["10.1.255.1/16"], { slots: 2048 });
    for (let i = 0; i < 1025; i++) host.ask(neighbour(i));
    expect(host.host.packetsUnreachable).toBe(1);
    host.runTo(5);
    expect(host.host.packetsUnreachable).toBe(1025);
    expect(host.slab.inUse).toBe(0);
  });

  it("are forgotten with the carrier, and timers of the old ones do nothing to the new", () => {
    const host = hostWith("DELAY", 0.1);
    host.nic.setCarrier(false);
    expect(stateOf(host)).toBe("-");
    host.nic.setCarrier(true);
    host.deliver(arp({ operation: 1, senderMac: B, senderIp: VIP, targetIp: US }));
    host.runTo(20);
    expect(stateOf(host)).toBe("STALE B");
    expect(host.changes.filter(({ atNs }) => atNs > 200 * NS_PER_MS)).toEqual([]);
  });
});
