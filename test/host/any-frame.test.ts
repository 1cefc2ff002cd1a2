/** Whatever comes over the cable, a host does not throw, does not lose slots, and does not run away. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { arp, echo, na, ns, udp } from "./frames.ts";
import { HOST_MAC, LoneHost, mac } from "./lone-host.ts";

const PEER = "02:00:00:00:00:0a";
const SOMEBODY = { from: PEER, source: "10.0.0.77", destination: "10.0.0.1" };
const SOMEBODY6 = { from: PEER, source: "2001:db8::77", destination: "2001:db8::1" };

/** Right frames of every kind that a host looks into. */
const RIGHT: readonly Uint8Array[] = [
  arp({ operation: 1, senderMac: PEER, senderIp: "10.0.0.77", targetIp: "10.0.0.1" }),
  arp({ operation: 2, senderMac: PEER, senderIp: "10.0.0.50", targetIp: "10.0.0.50" }),
  echo(SOMEBODY),
  echo({ ...SOMEBODY, reply: true, identifier: 61_000 }),
  echo(SOMEBODY6),
  echo({ ...SOMEBODY6, reply: true, identifier: 61_000 }),
  udp({ ...SOMEBODY, sourcePort: 40_000, destinationPort: 7 }),
  udp({ ...SOMEBODY, sourcePort: 7, destinationPort: 61_000 }),
  udp({ ...SOMEBODY6, sourcePort: 40_000, destinationPort: 7 }),
  na({ from: PEER, target: "2001:db8::50", flags: 0x20, mac: PEER }),
  ns({ from: PEER, source: "2001:db8::77", target: "2001:db8::1", mac: PEER }),
];

const octet = fc.integer({ min: 0, max: 255 });
/** Noise of any length, noise to our MAC or to all with an EtherType that we read, and right frames changed, cut or made longer. */
const frames = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .tuple(
      fc.constantFrom(HOST_MAC, "ff:ff:ff:ff:ff:ff", "33:33:00:00:00:01"),
      fc.constantFrom(0x0800, 0x0806, 0x86dd),
      fc.uint8Array({ maxLength: 200 }),
    )
    .map(([to, type, payload]) => Uint8Array.from([...mac(to), ...mac(PEER), type >> 8, type & 255, ...payload])),
  fc
    .tuple(
      fc.constantFrom(...RIGHT),
      fc.array(fc.tuple(fc.nat({ max: 120 }), octet), { maxLength: 4 }),
      fc.integer({ min: -80, max: 40 }),
    )
    .map(([right, changes, longer]) => {
      const bytes = new Uint8Array(Math.max(0, right.length + longer));
      bytes.set(right.subarray(0, bytes.length));
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      return bytes;
    }),
);

it("any frames, in any state of the cache", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(frames, fc.constantFrom(0, 0, 0.2, 1, 6)), { maxLength: 60 }),
      fc.boolean(),
      (script, withMacvlan) => {
        const host = new LoneHost(["10.0.0.1/24", "2001:db8::1/64"], { slots: 64 });
        if (withMacvlan) host.host.addMacvlan(host.nic, "vrrp.51", mac("00:00:5e:00:01:33"));
        host.host.listenForEchoes({ onEchoReply: () => undefined });
        host.ask("10.0.0.50");
        host.ask("2001:db8::50");
        let now = 0;
        for (const [frame, pause] of script) {
          host.deliver(frame);
          now += pause;
          host.runTo(now);
        }
        host.runTo(now + 60);
        expect(host.slab.inUse).toBe(0);
        // One frame makes at most an answer and a question, and a question is asked three times.
        expect(host.sent.length).toBeLessThanOrEqual(6 + script.length * 8);
      },
    ),
    { numRuns: 300 },
  );
});

it("right frames are understood among any others", () => {
  fc.assert(
    fc.property(fc.array(frames, { maxLength: 30 }), (noise) => {
      const host = new LoneHost(["10.0.0.1/24", "2001:db8::1/64"], { slots: 64 });
      for (const frame of noise) host.deliver(frame);
      host.takeSent();
      host.deliver(RIGHT[0]!);
      // Answers to the noise may have waited for the asker's MAC.
      expect(host.takeSent()).toContain(`${PEER} ARP, Reply 10.0.0.1 is-at ${HOST_MAC}`);
      host.deliver(RIGHT[2]!);
      expect(host.takeSent().filter((line) => line.includes("echo reply")).length).toBe(1);
    }),
    { numRuns: 100 },
  );
});
