/** What the rules of a client's neighbour cache make of a failover: who hears what decides how long packets go to a holder that is gone. */
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../src/base/units.ts";
import { formatMac } from "../../src/wire/address.ts";
import { arp, BROADCAST } from "./frames.ts";
import { LoneHost } from "./lone-host.ts";
import { A, answer, B, expectChanges, hostWith, lateBy, questionToUs, runUntil, stateOf, US, VIP } from "./vip-host.ts";

const announcement = (senderMac: string) =>
  arp({ operation: 1, senderMac, senderIp: VIP, targetMac: BROADCAST, targetIp: VIP });
const secondsOf = (host: LoneHost) => host.nowNs / NS_PER_S;
const isQuestion = (bytes: Uint8Array) => bytes[12] === 0x08 && bytes[13] === 0x06;

/** The holder of the MAC answers the questions that it hears: those to it alone, and those to everybody. */
function answering(host: LoneHost, holder: string): void {
  host.onSent = (bytes) => {
    if (isQuestion(bytes) && (bytes[0]! & 1 || formatMac(bytes) === holder)) host.deliver(answer(holder));
  };
}

/** A packet every 10 ms until the first goes to B: how long after `fromS` that was. */
function blackout(host: LoneHost, fromS: number): number {
  let seen = host.sent.length;
  for (let ms = 10; ms < 60_000; ms += 10) {
    host.runTo(fromS + ms / 1000);
    host.ask(VIP);
    for (; seen < host.sent.length; seen++) {
      const { bytes } = host.sent[seen]!;
      if (!isQuestion(bytes) && formatMac(bytes) === B) return ms / 1000;
    }
  }
  throw new Error("no packet has reached B");
}

describe("a client", () => {
  it("(i) that hears a gratuitous request switches at once, and asks the new holder 5 s after it was used", () => {
    const host = hostWith("REACHABLE", 0.05);
    host.deliver(announcement(B));
    expect(stateOf(host)).toBe("STALE B");
    answering(host, B);
    const fromS = secondsOf(host);
    host.ask(VIP);
    expect(host.takeSent()[0]).toContain(`${B} `);
    host.runTo(fromS + 6);
    expectChanges(host, fromS - 1e-9, [
      ["STALE", 0],
      ["DELAY", 0],
      ["PROBE", 5],
      ["REACHABLE", 0],
    ]);
    expect(host.takeSent()).toEqual([`${B} ARP, Request who-has ${VIP} tell ${US}`]);
  });

  it.each([15, 30, 44.9])(
    "(ii) in steady traffic that hears nothing goes on to the dead holder for R, 5 s and 3 s: R = %f s",
    (reachableS) => {
      const host = new LoneHost([`${US}/24`], { slots: 8192 });
      host.nic.neighbours4.reachableNs = reachableS * NS_PER_S;
      host.ask(VIP);
      host.deliver(answer(A));
      answering(host, B);
      const tookS = blackout(host, 0);
      expect(tookS).toBeGreaterThan(reachableS + 5 + 3);
      // Three questions, the packets 10 ms apart at each step.
      expect(tookS).toBeLessThanOrEqual(reachableS + lateBy(reachableS) + 5 + lateBy(5) + 3 * 1.032 + 0.03);
    },
  );

  it("(iii) that was silent for long, its entry STALE, loses packets for 5 s and 3 s", () => {
    const host = hostWith("STALE", 100);
    answering(host, B);
    const tookS = blackout(host, secondsOf(host));
    expect(tookS).toBeGreaterThan(8);
    expect(tookS).toBeLessThanOrEqual(5 + lateBy(5) + 3 * 1.032 + 0.03);
  });

  it("(iv) that has no entry asks, and reaches the new holder as soon as that has answered", () => {
    const host = hostWith("absent");
    answering(host, B);
    host.ask(VIP);
    expect(stateOf(host)).toBe("REACHABLE B");
    expect(host.sent.map(({ bytes }) => formatMac(bytes))).toEqual([BROADCAST, B]);
  });

  it.each([
    [0.4, "REACHABLE A"],
    [1.1, "STALE B"],
  ])(
    "(v) believes a reply to everybody that is not addressed to its sender only behind the locktime: %f s after a change",
    (sinceChange, entry) => {
      const host = hostWith("REACHABLE", sinceChange);
      host.deliver(arp({ operation: 2, senderMac: B, senderIp: VIP, targetMac: BROADCAST, targetIp: VIP }));
      expect(stateOf(host)).toBe(entry);
    },
  );

  it("(vi) never leaves an old holder that is alive and has the address still: it answers each question", () => {
    const host = hostWith("REACHABLE", 0);
    answering(host, A);
    for (let s = 1; s < 600; s++) {
      host.runTo(s);
      host.ask(VIP);
      expect(host.entry(VIP)).toContain(A);
    }
    expect(host.changes.filter(({ state }) => state === "PROBE").length).toBeGreaterThan(10);
    expect(host.changes.some(({ state }) => state === "FAILED")).toBe(false);
  });

  it("(vi) nor does MSG_CONFIRM, or TCP, look at the MAC: what is confirmed is not asked for at all", () => {
    const host = hostWith("STALE", 0);
    const { neighbours4 } = host.nic;
    for (let s = 1; s < 60; s++) {
      host.runTo(s);
      host.ask(VIP);
      neighbours4.confirm(0);
    }
    expect(host.sent.some(({ bytes }) => isQuestion(bytes))).toBe(false);
    expect(host.entry(VIP)).toContain(A);
  });
});

describe("an old Linux (up to 4.11)", () => {
  const system = "linux-4.11";

  it("ignores a whole burst whose gaps are shorter than the locktime, however long it lasts", () => {
    const host = hostWith("REACHABLE", 0.5, system);
    for (let i = 0; i < 100; i++) {
      host.runTo(0.5 + i * 0.9);
      host.deliver(announcement(B));
      if (i < 30) expect(host.entry(VIP)).toContain(A);
    }
    expect(host.entry(VIP)).toContain(A);
    host.runTo(secondsOf(host) + 1.008);
    host.deliver(announcement(B));
    expect(stateOf(host)).toBe("STALE B");
  });

  it("believes the second of two announcements, a second and a bit later (MetalLB's 1.1 s)", () => {
    const host = hostWith("REACHABLE", 0.5, system);
    host.deliver(announcement(B));
    expect(stateOf(host)).toBe("REACHABLE A");
    host.runTo(1.6);
    host.deliver(announcement(B));
    expect(stateOf(host)).toBe("STALE B");
  });

  it("with arp_accept 1 believes gratuitous requests at once, replies not", () => {
    for (const [operation, entry] of [
      [1, "STALE B"],
      [2, "REACHABLE A"],
    ] as const) {
      const host = hostWith("REACHABLE", 0.5, system);
      host.nic.settings4.arpAccept = 1;
      host.deliver(arp({ operation, senderMac: B, senderIp: VIP, targetMac: B, targetIp: VIP }));
      expect(stateOf(host)).toBe(entry);
    }
  });

  it("asks again no sooner than after half a second, and keeps its neighbours without a carrier", () => {
    const host = new LoneHost([`${US}/24`], { system });
    host.nic.neighbours4.settings.retransNs = 0;
    host.ask(VIP);
    host.runTo(5);
    const [first, second] = host.sent.map(({ atNs }) => atNs / NS_PER_S);
    expect(second! - first!).toBeGreaterThan(0.5);
    host.deliver(questionToUs(A));
    host.nic.setCarrier(false);
    expect(stateOf(host)).toBe("STALE A");
  });
});

describe("Windows", () => {
  it("asks for a STALE neighbour as soon as it is used; packets go to the old MAC until three questions were in vain", () => {
    const host = hostWith("STALE", 100, "windows");
    const fromS = secondsOf(host);
    answering(host, B);
    const tookS = blackout(host, fromS);
    expect(tookS).toBeCloseTo(3.01, 2);
    expect(
      host.sent.filter(({ bytes }) => isQuestion(bytes)).map(({ atNs }) => atNs / NS_PER_S - fromS - 0.01),
    ).toEqual([0, 1, 2, 3].map((s) => expect.closeTo(s, 1)));
  });

  it("in steady traffic goes on to a dead holder for its reachable time and 3 s", () => {
    const host = new LoneHost([`${US}/24`], { slots: 8192, system: "windows" });
    host.nic.neighbours4.reachableNs = 20 * NS_PER_S;
    host.ask(VIP);
    host.deliver(answer(A));
    answering(host, B);
    expect(blackout(host, 0)).toBeCloseTo(23, 1);
  });

  it("believes an announcement at once, with no locktime", () => {
    const host = hostWith("REACHABLE", 0.01, "windows");
    host.deliver(arp({ operation: 2, senderMac: B, senderIp: VIP, targetMac: BROADCAST, targetIp: VIP }));
    expect(stateOf(host)).toBe("STALE B");
  });
});

describe("a router whose ARP table ages", () => {
  it("sends to a dead holder for four hours, and asks then", () => {
    const host = hostWith("REACHABLE", 0, "router");
    answering(host, B);
    host.runTo(14_399);
    host.ask(VIP);
    expect(stateOf(host)).toBe("REACHABLE A");
    expect(host.takeSent()).toHaveLength(1);
    host.runTo(14_400);
    expect(stateOf(host)).toBe("-");
    host.ask(VIP);
    expect(stateOf(host)).toBe("REACHABLE B");
  });

  it("believes an announcement at once, and counts from there", () => {
    const host = hostWith("REACHABLE", 10_000, "router");
    host.deliver(announcement(B));
    expect(stateOf(host)).toBe("REACHABLE B");
    host.runTo(24_399);
    expect(stateOf(host)).toBe("REACHABLE B");
    host.runTo(24_401);
    expect(stateOf(host)).toBe("-");
  });

  it("is not kept young by what it sends, nor by TCP", () => {
    const host = hostWith("REACHABLE", 14_000, "router");
    host.ask(VIP);
    host.nic.neighbours4.confirm(0);
    host.runTo(14_401);
    expect(stateOf(host)).toBe("-");
  });
});

describe("a router that verifies a move", () => {
  const system = "router-verifying";

  it("asks the old owner, and stays with it if that answers", () => {
    const host = hostWith("REACHABLE", 10, system);
    answering(host, A);
    host.deliver(announcement(B));
    expect(host.takeSent()).toEqual([`${A} ARP, Request who-has ${VIP} tell ${US}`]);
    host.runTo(60);
    expect(stateOf(host)).toBe("REACHABLE A");
  });

  it("believes whom it heard last when the old owner is silent for a second; a burst is one question", () => {
    const host = hostWith("REACHABLE", 10, system);
    for (let i = 0; i < 5; i++) host.deliver(announcement(B));
    expect(host.takeSent()).toHaveLength(1);
    host.runTo(10.9);
    expect(stateOf(host)).toBe("REACHABLE A");
    host.runTo(11.1);
    expect(stateOf(host)).toBe("REACHABLE B");
    host.deliver(announcement(A));
    expect(host.takeSent()).toEqual([`${B} ARP, Request who-has ${VIP} tell ${US}`]);
  });

  it("forgets the question with the entry", () => {
    const host = hostWith("REACHABLE", 10, system);
    host.deliver(announcement(B));
    host.nic.setCarrier(false);
    host.nic.setCarrier(true);
    host.runTo(20);
    expect(stateOf(host)).toBe("-");
  });
});

it("runUntil finds every state that time brings", () => {
  for (const state of ["PROBE", "FAILED"] as const) {
    const host = hostWith("DELAY", 0);
    runUntil(host, state);
    expect(host.entry(VIP).startsWith(state)).toBe(true);
  }
});
