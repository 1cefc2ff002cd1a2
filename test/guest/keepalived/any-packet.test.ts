/** Whatever follows an IP header with protocol 112, a running daemon stays what it is unless it is a right advert, and nothing is thrown. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { NS_PER_S } from "../../../src/base/units.ts";
import { ETHERNET_OCTETS } from "../../../src/wire/ethernet.ts";
import { IPV4_OCTETS } from "../../../src/wire/ipv4.ts";
import { IPV6_OCTETS } from "../../../src/wire/ipv6.ts";
import { advert } from "./adverts.ts";
import { Cluster, conf, expectInTime } from "./cluster.ts";

const DOWN_100 = 3.609375;

const octet = fc.integer({ min: 0, max: 255 });
/** Any message: noise, or a right one with some octets changed, cut or made longer. */
const messages = (right: Uint8Array) =>
  fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc
      .tuple(
        octet,
        fc.array(fc.tuple(fc.nat({ max: right.length - 1 }), octet), { maxLength: 3 }),
        fc.integer({ min: -right.length, max: 24 }),
        fc.boolean(),
      )
      .map(([priority, changes, longer, resum]) => {
        const message = new Uint8Array(Math.max(0, right.length + longer));
        message.set(right.subarray(0, message.length));
        if (message.length > 2) message[2] = priority;
        for (const [at, value] of changes) if (at < message.length) message[at] = value;
        if (resum) correctChecksum(message);
        return message;
      }),
  );

/** Makes the version 2 checksum right, whatever else is wrong. */
function correctChecksum(message: Uint8Array): void {
  if (message.length < 8) return;
  message.set([0, 0], 6);
  const sum = sumOf(message);
  message.set([(~sum >>> 8) & 0xff, ~sum & 0xff], 6);
}

function sumOf(message: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < message.length; i++) sum += i % 2 === 0 ? message[i]! << 8 : message[i]!;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

/** What n1 has to accept: version 2, VRID 51, one address, no authentication, one second, and the checksum. */
function isRight(message: Uint8Array): boolean {
  const fixed = [0x21, 51, -1, 1, 0, 1, -1, -1, 10, 0, 0, 100];
  return (
    message.length === 20 && fixed.every((value, i) => value < 0 || value === message[i]) && sumOf(message) === 0xffff
  );
}

function packet4(message: Uint8Array, ttl: number): Uint8Array {
  const bytes = advert({ ttl, longer: message.length - 20 });
  bytes.set(message, ETHERNET_OCTETS + IPV4_OCTETS);
  return bytes;
}

function packet6(message: Uint8Array, hopLimit: number): Uint8Array {
  const addresses = ["2001:db8::100"];
  const bytes = advert({ version: 3, addresses, ttl: hopLimit, longer: message.length - 24 });
  bytes.set(message, ETHERNET_OCTETS + IPV6_OCTETS);
  return bytes;
}

const right4 = advert().subarray(ETHERNET_OCTETS + IPV4_OCTETS);
const right6 = advert({ version: 3, addresses: ["2001:db8::100"] }).subarray(ETHERNET_OCTETS + IPV6_OCTETS);

it("a backup's timer runs on, and a master stays, whatever wrong IPv4 packets come", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(messages(right4), fc.constantFrom(255, 255, 254, 1)), { maxLength: 40 }),
      (packets) => {
        const cluster = new Cluster({ n1: conf(), stranger: {} });
        packets.forEach(([message, ttl], i) => {
          if (ttl === 255 && isRight(message)) return;
          for (const start of [0.5, 5])
            cluster.at(start + i / 20, () => cluster.inject("stranger", packet4(message, ttl)));
        });
        cluster.run(9);
        expectInTime(cluster.changes(0.1), [[cluster.up("n1") + DOWN_100, "n1 BACKUP → MASTER (master-down-timer)"]]);
        expect(cluster.network.fabric.slab.inUse).toBe(0);
      },
    ),
    { numRuns: 150 },
  );
});

it("a right advert is heard among any others", () => {
  fc.assert(
    fc.property(
      fc.array(messages(right4), { maxLength: 20 }),
      fc.integer({ min: 101, max: 255 }),
      (noise, priority) => {
        const cluster = new Cluster({ n1: conf(), stranger: {} });
        noise.forEach((message, i) => {
          if (!isRight(message)) cluster.at(5 + i / 50, () => cluster.inject("stranger", packet4(message, 255)));
        });
        cluster.at(5.5, () => cluster.inject("stranger", advert({ priority }))).run(6);
        expectInTime(cluster.changes(4), [[5.5, "n1 MASTER → BACKUP (higher-priority-advert)"]]);
      },
    ),
    { numRuns: 50 },
  );
});

it("any IPv6 packet is survived, and changes nothing with a wrong hop limit", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(messages(right6), fc.constantFrom(254, 64, 0)), { maxLength: 40 }),
      fc.array(messages(right6), { maxLength: 10 }),
      (far, near) => {
        const cluster = new Cluster({ n1: conf({ vips: ["2001:db8::100/64"] }), stranger: {} });
        far.forEach(([message, hopLimit], i) => {
          cluster.at(0.5 + i / 20, () => cluster.inject("stranger", packet6(message, hopLimit)));
        });
        near.forEach((message, i) => {
          cluster.at(5 + i / 20, () => cluster.inject("stranger", packet6(message, 255)));
        });
        cluster.run(8);
        const mastered = cluster.transitions.find(({ to }) => to === "MASTER")!;
        expect(mastered.atNs / NS_PER_S).toBeCloseTo(cluster.up("n1") + DOWN_100, 3);
        expect(cluster.network.fabric.slab.inUse).toBe(0);
      },
    ),
    { numRuns: 50 },
  );
});

it("a master that announces an interval of 0 does not stop time", () => {
  const cluster = new Cluster({ n1: conf({ lines: ["version 3"] }), stranger: {} });
  const endless = advert({ version: 3, priority: 200, interval: 0 });
  for (const at of [1, 2, 8]) cluster.at(at, () => cluster.inject("stranger", endless));
  cluster.run(20);
  expect(cluster.now).toBe(20);
  expect(cluster.state("n1")).toBe("MASTER");
  expect(cluster.said(10, 20, ["adv(100)"]).length).toBe(10);
});
