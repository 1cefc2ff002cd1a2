import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DomainId, NO_PORT, type PortId } from "../../src/base/ids.ts";
import {
  NO_VIP,
  VIP_MOVED,
  VIP_NEW,
  VIP_REFRESHED,
  VIP_REFUSED,
  type VipChange,
  VipTable,
} from "../../src/observe/vip-table.ts";
import { Announcement, setAnnouncedAddress } from "../../src/wire/announcement-record.ts";
import { ip } from "../wire/frame-writers.ts";

const LAN = 1 as DomainId;
const A = 3 as PortId;
const B = 4 as PortId;

/** An announcement of `address`; the MAC is two words. */
function announced(address: Uint8Array | string, macHi = 0, macLo = 1): Announcement {
  const record = new Announcement();
  const octets = typeof address === "string" ? ip(address) : address;
  setAnnouncedAddress(record, octets, 0, octets.length);
  record.macHi = macHi;
  record.macLo = macLo;
  return record;
}

describe("the table of virtual addresses", () => {
  it("tells a first announcement, one more, and a move to another port or MAC", () => {
    const table = new VipTable(10);
    const vip = "10.0.0.50";
    expect(table.announce(LAN, A, announced(vip), 5)).toBe(VIP_NEW);
    expect(table.announce(LAN, A, announced(vip), 6)).toBe(VIP_REFRESHED);
    expect(table.announce(LAN, B, announced(vip), 7)).toBe(VIP_MOVED);
    expect(table.announce(LAN, B, announced(vip, 2, 1), 8)).toBe(VIP_MOVED);
    expect(table.announce(LAN, B, announced(vip, 2, 9), 9)).toBe(VIP_MOVED);
    expect([table.port(0), table.macHi(0), table.macLo(0), table.moves(0), table.seenTick(0)]).toEqual([B, 2, 9, 3, 9]);
    expect(table.count).toBe(1);
  });

  it("has a new holder, not a move, where nobody held the address", () => {
    const table = new VipTable(10);
    const entry = table.add(LAN, announced("10.0.0.50"));
    expect(table.port(entry)).toBe(NO_PORT);
    expect(table.announce(LAN, A, announced("10.0.0.50"), 1)).toBe(VIP_NEW);
    table.release(entry);
    expect(table.port(entry)).toBe(NO_PORT);
    expect(table.announce(LAN, A, announced("10.0.0.50"), 2)).toBe(VIP_NEW);
    expect([table.port(entry), table.moves(entry)]).toEqual([A, 0]);
  });

  it("keeps apart the same address in two domains, and octets that are the start of an IPv6 address", () => {
    const table = new VipTable(20);
    const address4 = Uint8Array.of(32, 1, 13, 184);
    const addresses6 = [15, 11, 7].map((place) => ip("2001:db8::").map((octet, i) => (i === place ? 1 : octet)));
    const all = [address4, ip("2001:db8::"), ...addresses6];
    for (const domain of [LAN, 2 as DomainId, 65_535 as DomainId]) {
      for (const address of all) expect(table.announce(domain, A, announced(address), 0)).toBe(VIP_NEW);
    }
    expect(table.count).toBe(15);
    expect(table.find(LAN, announced(ip("2001:db8::2")))).toBe(NO_VIP);
  });

  it("refuses and counts what finds no room, and still knows the others", () => {
    const table = new VipTable(2);
    for (const vip of ["10.0.0.1", "10.0.0.2"]) expect(table.announce(LAN, A, announced(vip), 0)).toBe(VIP_NEW);
    expect(table.announce(LAN, A, announced("10.0.0.3"), 0)).toBe(VIP_REFUSED);
    expect(table.add(LAN, announced("10.0.0.3"))).toBe(NO_VIP);
    expect(table.find(LAN, announced("10.0.0.3"))).toBe(NO_VIP);
    expect(table.announce(LAN, B, announced("10.0.0.2"), 0)).toBe(VIP_MOVED);
    expect([table.count, table.refused]).toEqual([2, 2]);
  });

  it("gives numbers in the order of adding, which stay as it grows", () => {
    const table = new VipTable(5000);
    const address = (n: number) => announced(Uint8Array.of(10, 0, n >> 8, n & 255), 0, n);
    for (let n = 0; n < 5000; n++) expect(table.add(LAN, address(n))).toBe(n);
    for (let n = 0; n < 5000; n++) table.claim(n, A, address(n), n);
    for (let n = 0; n < 5000; n++) {
      const entry = table.find(LAN, address(n));
      expect([entry, table.macLo(entry), table.seenTick(entry)]).toEqual([n, n, n]);
    }
  });
});

/** The table at its plainest. */
class PlainTable {
  readonly entries = new Map<string, { port: number | null; mac: string; moves: number; tick: number }>();
  refused = 0;
  readonly #entriesMax: number;

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  announce(key: string, port: number, mac: string, tick: number): VipChange {
    const entry = this.entries.get(key);
    if (entry === undefined && this.entries.size === this.#entriesMax) {
      this.refused++;
      return VIP_REFUSED;
    }
    const moves = entry?.moves ?? 0;
    if (entry === undefined || entry.port === null) {
      this.entries.set(key, { port, mac, moves, tick });
      return VIP_NEW;
    }
    const isMove = entry.port !== port || entry.mac !== mac;
    this.entries.set(key, { port, mac, moves: moves + (isMove ? 1 : 0), tick });
    return isMove ? VIP_MOVED : VIP_REFRESHED;
  }
}

/** Few enough to meet again; most are alike in all octets but one, where a weak hash would crowd them. */
const addresses = fc
  .tuple(fc.constantFrom("10.0.0.0", "2001:db8::"), fc.nat(15), fc.nat(40))
  .map(([text, place, value]) => ip(text).map((octet, i, { length }) => (i === place % length ? value : octet)));

const steps = fc.array(
  fc.record({
    isRelease: fc.nat(9).map((n) => n === 0),
    domain: fc.constantFrom(1, 2, 65_535),
    address: addresses,
    port: fc.nat(3),
    mac: fc.tuple(fc.constantFrom(0, 0xffff), fc.constantFrom(0, -1)),
    tick: fc.integer(),
  }),
  { maxLength: 400, size: "max" },
);

describe("the table of virtual addresses, against a Map", () => {
  it("says and holds the same, full or not, growing or not", () => {
    fc.assert(
      fc.property(fc.constantFrom(0, 5, 64, 65, 1000), steps, (entriesMax, all) => {
        const table = new VipTable(entriesMax);
        const plain = new PlainTable(entriesMax);
        for (const { isRelease, domain, address, port, mac, tick } of all) {
          const key = `${domain} ${address.join(".")}`;
          const record = announced(address, ...mac);
          if (isRelease) {
            const entry = table.find(domain as DomainId, record);
            const known = plain.entries.get(key);
            expect(entry >= 0).toBe(known !== undefined);
            if (known !== undefined) known.port = null;
            if (entry >= 0) table.release(entry);
          } else {
            const before = plain.entries.get(key);
            const change = table.announce(domain as DomainId, port as PortId, record, tick);
            expect(change).toBe(plain.announce(key, port, mac.join(), tick));
            if (change === VIP_MOVED) {
              const from = [table.movedFrom, `${table.movedFromHi},${table.movedFromLo}`];
              expect(from).toEqual([before?.port, before?.mac]);
            }
          }
        }
        expect([table.count, table.refused]).toEqual([plain.entries.size, plain.refused]);
        const held = [...plain.entries.values()].map(({ port, mac, moves, tick }) => [
          port ?? NO_PORT,
          mac,
          moves,
          tick,
        ]);
        const rows = held.map((_, entry) => [
          table.port(entry),
          `${table.macHi(entry)},${table.macLo(entry)}`,
          table.moves(entry),
          table.seenTick(entry),
        ]);
        expect(rows).toEqual(held);
      }),
      { numRuns: 200 },
    );
  });
});
