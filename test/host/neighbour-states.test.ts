/** A neighbour's entry and the packets to it: what is sent, what waits, and what is asked. Rows marked "observed" were recorded on Linux 6.18. */
import { describe, expect, it } from "vitest";
import { arp, BROADCAST } from "./frames.ts";
import { LoneHost } from "./lone-host.ts";
import { A, answer, hostWith, stateOf, US, VIP } from "./vip-host.ts";

describe("states are reached as the tables assume", () => {
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
