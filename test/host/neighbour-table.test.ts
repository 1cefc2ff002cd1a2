/** Many neighbours: how many there may be, who is collected when (`gc_thresh1` to `3`, `gc_stale_time`), and what the carrier takes away. */
import { describe, expect, it } from "vitest";
import { NS_PER_MS } from "../../src/base/units.ts";
import { NUD_PERMANENT } from "../../src/host/nud.ts";
import { parseSysctl, writeSysctl } from "../../src/host/sysctl.ts";
import { arp } from "./frames.ts";
import { ip, LoneHost, mac } from "./lone-host.ts";
import { A, B, hostWith, stateOf, US, VIP } from "./vip-host.ts";

describe("many neighbours", () => {
  const neighbour = (i: number) => `10.1.${i >> 8}.${i & 255}`;
  const known = (host: LoneHost, i: number) =>
    host.deliver(arp({ operation: 1, senderMac: A, senderIp: neighbour(i), targetIp: "10.1.255.1" }));

  /** So many neighbours, STALE, a millisecond apart. */
  const hostKnowing = (count: number, seed = 1, settings: Readonly<Record<string, number>> = {}) => {
    const host = new LoneHost(["10.1.255.1/16"], { seed });
    for (const [key, value] of Object.entries(settings))
      writeSysctl(host.host, parseSysctl(`net.ipv4.neigh.default.${key}`)!, value);
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

  it("are collected by the work of every 15.104 s, which has begun long before the run", () => {
    const collectedAt = [1, 2, 3, 4, 5, 6].map((seed) => {
      const host = hostKnowing(129, seed);
      let s = 60;
      while (host.nic.neighbours4.count === 129 && s < 100) host.runTo(++s);
      return s;
    });
    for (const s of collectedAt) {
      expect(s).toBeGreaterThan(60);
      expect(s).toBeLessThanOrEqual(60 + 0.129 + 15.104 + 1);
    }
    expect(new Set(collectedAt).size).toBeGreaterThan(3);
  });

  it("that have failed are collected though they were just used", () => {
    const host = hostKnowing(129);
    host.runTo(40);
    host.ask(neighbour(999));
    host.runTo(60);
    expect(host.entry(neighbour(999))).toBe("-");
    expect(host.nic.neighbours4.count).toBe(129);
  });

  it("have the limits that are set: gc_thresh1, 2 and 3", () => {
    const host = hostKnowing(6, 1, { gc_thresh1: 2, gc_thresh2: 3, gc_thresh3: 5 });
    expect(host.nic.neighbours4.count).toBe(5);
    host.runTo(10);
    known(host, 7);
    expect(host.nic.neighbours4.count).toBe(4);
    // The last of them is below gc_thresh1.
    host.runTo(90);
    expect([host.nic.neighbours4.count, host.entry(neighbour(7))]).toEqual([1, `STALE ${A}`]);
    expect(host.host.neighbours6.gcThresh3).toBe(1024);
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
