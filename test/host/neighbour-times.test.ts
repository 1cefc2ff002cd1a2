/**
 * What time does to a neighbour's entry. Timers are late by what the wheel of the kernel makes of them, at most a slot (`lateBy`); rows
 * marked "observed" were recorded on Linux 6.18.
 */
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../src/base/units.ts";
import { parseSysctl, writeSysctl } from "../../src/host/sysctl.ts";
import { BROADCAST } from "./frames.ts";
import { LoneHost } from "./lone-host.ts";
import { A, answer, B, expectChanges, hostWith, lateBy, stateOf, US, VIP } from "./vip-host.ts";

/** The moments at which something was sent, s. */
const sentAt = (host: LoneHost) => host.sent.map(({ atNs }) => atNs / NS_PER_S);

describe("INCOMPLETE", () => {
  it("three questions, the first one jiffy to eight late, then 1.024 s apart; FAILED with the packets that waited", () => {
    const host = new LoneHost([`${US}/24`]);
    host.ask(VIP);
    host.ask(VIP);
    host.runTo(10);
    const [first, second, third] = sentAt(host);
    expect(first).toBe(0);
    expect(second).toBeGreaterThan(1);
    expect(second).toBeLessThanOrEqual(1 + lateBy(1));
    expect(third! - second!).toBeCloseTo(1.024, 9);
    expect(sentAt(host)).toHaveLength(3);
    expectChanges(host, third!, [["FAILED", 1]]);
    expect(host.host.packetsUnreachable).toBe(2);
    expect(host.slab.inUse).toBe(0);
  });

  it("retrans_time_ms 4: no less than two jiffies apart", () => {
    const host = new LoneHost([`${US}/24`]);
    writeSysctl(host.host, parseSysctl("net.ipv4.neigh.eth0.retrans_time_ms")!, 4);
    host.ask(VIP);
    host.runTo(1);
    const [first, second, third] = sentAt(host);
    expect(second! - first!).toBeGreaterThan(0.008);
    expect(second! - first!).toBeLessThanOrEqual(0.012);
    expect(third! - second!).toBeCloseTo(0.012, 9);
  });
});

describe("REACHABLE", () => {
  it("not used for 5 s: STALE when its time is over", () => {
    const host = new LoneHost([`${US}/24`]);
    host.nic.neighbours4.reachableNs = 30 * NS_PER_S;
    host.ask(VIP);
    host.deliver(answer(A));
    host.runTo(40);
    expectChanges(host, 0, [["STALE", 30]]);
  });

  it("used while it was: STALE all the same, DELAY with the next packet (observed)", () => {
    const host = hostWith("REACHABLE", 0);
    for (let s = 2; s < 34; s++) {
      host.runTo(s + 0.25);
      host.ask(VIP);
    }
    const [stale, delay, ...more] = host.changes.slice(2);
    expect([stale!.state, delay!.state, more]).toEqual(["STALE", "DELAY", []]);
    expect(stale!.atNs).toBeGreaterThan(30 * NS_PER_S);
    expect(delay!.atNs / NS_PER_S).toBe(Math.ceil(stale!.atNs / NS_PER_S - 0.25) + 0.25);
  });

  it("for less than 5 s and used before that: DELAY without a packet (observed)", () => {
    const host = new LoneHost([`${US}/24`]);
    host.nic.neighbours4.reachableNs = 3 * NS_PER_S;
    host.ask(VIP);
    host.deliver(answer(A));
    host.runTo(9);
    expectChanges(host, 0, [
      ["DELAY", 3],
      ["PROBE", 5],
    ]);
  });

  it("for less than 5 s after an answer that nobody asked for: the answer counts as use (read in source)", () => {
    const host = hostWith("STALE");
    host.nic.neighbours4.reachableNs = 3 * NS_PER_S;
    host.runTo(20);
    host.deliver(answer(A));
    host.runTo(24);
    expectChanges(host, 20, [["DELAY", 3]]);
  });

  it("confirmed again: its time counts from there, from the timer on that was set before", () => {
    const host = new LoneHost([`${US}/24`]);
    host.nic.neighbours4.reachableNs = 30 * NS_PER_S;
    host.ask(VIP);
    host.deliver(answer(A));
    host.runTo(10);
    host.deliver(answer(A));
    host.runTo(39.9);
    expect(stateOf(host)).toBe("REACHABLE A");
    host.runTo(43);
    expect(host.changes.at(-1)!.state).toBe("STALE");
    expect(host.changes.at(-1)!.atNs / NS_PER_S).toBeLessThanOrEqual(40 + lateBy(10));
  });
});

describe("the reachable time", () => {
  it("is drawn between 15 and 45 s, once for each interface and family", () => {
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

  it("is drawn again by the twentieth work of 15.104 s, some time in the first 302.08 s of a run, and then each time", () => {
    const host = new LoneHost([`${US}/24`]);
    const { neighbours4 } = host.nic;
    const changedAt: number[] = [];
    let last = neighbours4.reachableNs;
    for (let s = 1; s <= 1000; s++) {
      host.runTo(s);
      if (neighbours4.reachableNs !== last) changedAt.push(s);
      last = neighbours4.reachableNs;
    }
    expect(changedAt[0]).toBeLessThanOrEqual(303);
    expect(changedAt.length).toBeGreaterThanOrEqual(3);
    expect(Math.abs(changedAt[2]! - changedAt[0]! - 604)).toBeLessThanOrEqual(1);
  });

  it("is drawn again when its base changes", () => {
    const { nic } = new LoneHost([`${US}/24`]);
    nic.neighbours4.settings.baseReachableNs = 60 * NS_PER_S;
    expect(nic.neighbours4.reachableNs).toBeGreaterThanOrEqual(30 * NS_PER_S);
  });
});

describe("DELAY", () => {
  it("PROBE after 5 s, three unicast questions, FAILED; then a broadcast with the next packet", () => {
    const host = hostWith("STALE");
    const fromS = host.nowNs / NS_PER_S;
    host.ask(VIP);
    host.takeSent();
    host.runTo(fromS + 9);
    expectChanges(host, fromS, [
      ["PROBE", 5],
      ["FAILED", 3.072],
    ]);
    expect(host.takeSent()).toEqual(Array(3).fill(`${A} ARP, Request who-has ${VIP} tell ${US}`));
    host.ask(VIP);
    expect(host.takeSent()).toEqual([`${BROADCAST} ARP, Request who-has ${VIP} tell ${US}`]);
  });

  it("confirmed within its 5 s by an answer: REACHABLE", () => {
    const host = hostWith("DELAY");
    host.runTo(4);
    host.deliver(answer(A));
    host.runTo(9);
    expectChanges(host, 3, [["REACHABLE", 1]]);
  });

  it("an answer with a MAC that the locktime refuses confirms it: REACHABLE with the old MAC after 5 s", () => {
    const host = hostWith("DELAY", 0.2);
    host.deliver(answer(B));
    expect(stateOf(host)).toBe("DELAY A");
    host.runTo(6);
    expect(stateOf(host)).toBe("REACHABLE A");
  });
});

describe("PROBE", () => {
  it("answered: REACHABLE", () => {
    const host = hostWith("PROBE", 1);
    host.deliver(answer(A));
    host.runTo(20);
    expect(host.changes.map(({ state }) => state)).toEqual(["STALE", "DELAY", "PROBE", "REACHABLE"]);
  });
});

describe("STALE", () => {
  it("stays for ever, unused", () => {
    const host = hostWith("STALE");
    host.runTo(1000);
    expect(stateOf(host)).toBe("STALE A");
  });
});
