import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Clock } from "../../src/base/clock.ts";
import type { DomainId, PortId } from "../../src/base/ids.ts";
import { NS_PER_MS } from "../../src/base/units.ts";
import { Fdb, LEARNED, NOT_LEARNED } from "../../src/switch/fdb.ts";
import { LINUX, type TableRules } from "../../src/switch/profile.ts";
import { DYNAMIPS, OVS } from "../../src/switch/profiles.ts";

const HI = (1 << 16) | 0x0002;

/** A table in domain 1 whose MACs are numbers; each call is a millisecond after the one before. */
class Table {
  readonly fdb: Fdb;
  readonly #clock = new Clock();
  nowMs = 0;

  constructor(rules: TableRules, entriesMax = rules.entriesMax) {
    this.fdb = new Fdb(this.#clock, rules, entriesMax);
  }

  wait(ms: number): void {
    this.nowMs += ms;
    this.#clock.advanceTo(this.nowMs * NS_PER_MS);
  }

  learn(mac: number, port: number): number {
    this.wait(1);
    return this.fdb.learn(HI, mac, port as PortId);
  }

  /** MACs by number, with their ports. */
  rows(): Map<number, number> {
    const rows = new Map<number, number>();
    this.fdb.forEach(({ macLo, port }) => {
      rows.set(macLo, port);
    });
    return rows;
  }
}

function shares(rows: ReadonlyMap<number, number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const port of rows.values()) counts.set(port, (counts.get(port) ?? 0) + 1);
  return counts;
}

const step = fc.record({ mac: fc.nat(30), port: fc.nat(4), pauseMs: fc.nat(3) });

describe("the fullest port gives way", () => {
  it("never beyond the limit, always by the entry that was silent for longest there, whatever happened before", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.oneof({ weight: 12, arbitrary: step }, { weight: 1, arbitrary: fc.nat(4) }), { maxLength: 150 }),
        (entriesMax, steps) => {
          const table = new Table(OVS.table, entriesMax);
          const heardMs = new Map<number, number>();
          for (const what of steps) {
            if (typeof what === "number") {
              table.fdb.flushPort(what as PortId);
              continue;
            }
            table.wait(what.pauseMs);
            const before = table.rows();
            table.learn(what.mac, what.port);
            const after = table.rows();
            const gone = [...before.keys()].filter((mac) => !after.has(mac));
            expect(after.size).toBeLessThanOrEqual(entriesMax);
            expect(after.get(what.mac)).toBe(what.port);
            expect(gone.length).toBe(before.has(what.mac) || before.size < entriesMax ? 0 : 1);
            for (const mac of gone) {
              const port = before.get(mac)!;
              expect(shares(before).get(port)).toBe(Math.max(...shares(before).values()));
              for (const [other, at] of before) {
                if (at === port) expect(heardMs.get(mac)!).toBeLessThanOrEqual(heardMs.get(other)!);
              }
            }
            heardMs.set(what.mac, table.nowMs);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("takes expired entries first", () => {
    const table = new Table(OVS.table, 3);
    table.learn(1, 0);
    table.wait(OVS.table.ageingMs - 2);
    table.learn(2, 1);
    table.learn(3, 1);
    expect(table.learn(4, 2)).toBe(LEARNED);
    expect([...table.rows().keys()].sort()).toEqual([2, 3, 4]);
    expect(table.fdb.displaced).toBe(0);
  });

  it("takes static entries, too, which traffic does not make younger, but not the switch's own address", () => {
    const table = new Table(OVS.table, 3);
    table.fdb.set(1 as DomainId, 2, 100, 0 as PortId, "local");
    table.fdb.set(1 as DomainId, 2, 1, 0 as PortId, "static");
    table.learn(2, 0);
    expect(table.learn(1, 0)).toBe(NOT_LEARNED);
    table.learn(3, 1);
    expect([...table.rows().keys()]).not.toContain(1);
    expect(table.fdb.isLocal(HI, 100)).toBe(true);
    expect(table.fdb.fixedCount).toBe(1);
    const nobody = new Table(OVS.table, 1);
    nobody.fdb.set(1 as DomainId, 2, 100, 0 as PortId, "local");
    expect(nobody.learn(1, 1)).toBe(NOT_LEARNED);
    expect([nobody.fdb.count, nobody.fdb.refused]).toEqual([1, 1]);
  });

  it("makes room for what is set by hand", () => {
    const table = new Table(OVS.table, 2);
    table.learn(1, 0);
    table.learn(2, 0);
    expect(table.fdb.set(1 as DomainId, 2, 9, 1 as PortId, "static")).toBe(true);
    expect([...table.rows().keys()].sort()).toEqual([2, 9]);
  });

  it("gives a flood of sources on one port what is left by others, and no more", () => {
    const table = new Table(OVS.table);
    for (let mac = 0; mac < 4000; mac++) table.learn(mac, mac % 4);
    for (let mac = 0; mac < 100_000; mac++) table.learn(1_000_000 + mac, 9);
    const counts = shares(table.rows());
    expect([...counts].sort(([a], [b]) => a - b)).toEqual([
      [0, 1000],
      [1, 1000],
      [2, 1000],
      [3, 1000],
      [9, 4192],
    ]);
    expect(table.fdb.displaced).toBe(104_000 - 8192);
    expect(table.rows().has(1_099_999)).toBe(true);
  });
});

describe("a full table that refuses", () => {
  it("has room when the ageing time is cut short, however long it had not to look for any", () => {
    const table = new Table(LINUX.table, 2);
    table.learn(1, 0);
    table.learn(2, 0);
    expect(table.learn(3, 0)).toBe(NOT_LEARNED);
    table.fdb.ageingMs = 10;
    expect(table.learn(3, 0)).toBe(NOT_LEARNED);
    table.wait(10);
    expect(table.learn(3, 0)).toBe(LEARNED);
    expect([...table.rows().keys()]).toEqual([3]);
  });
});

describe("one place for each hash", () => {
  it("replaces exactly the MAC with the same one, full or not", () => {
    fc.assert(
      fc.property(fc.constantFrom(4, 16, 4096), fc.array(step, { maxLength: 120 }), (places, steps) => {
        const table = new Table(DYNAMIPS.table, places);
        // Only the last two octets differ, the first of them the number's own.
        const placeOf = (mac: number) => (((0x0200 ^ (mac << 8)) & 0xffff) ^ 1) % places;
        const plain = new Map<number, { mac: number; port: number }>();
        for (const { mac, port } of steps) {
          table.learn(mac << 16, port);
          plain.set(placeOf(mac), { mac, port });
          expect(table.rows()).toEqual(new Map([...plain.values()].map((one) => [one.mac << 16, one.port])));
          expect(table.fdb.count).toBeLessThanOrEqual(places);
        }
      }),
    );
  });

  it("knows again who is there after a flush", () => {
    const table = new Table(DYNAMIPS.table, 4);
    const [one, two] = [0x01_00_00_00, 0x05_00_00_00];
    table.learn(one, 0);
    table.fdb.flush();
    expect(table.learn(two, 1)).toBe(LEARNED);
    expect(table.fdb.displaced).toBe(0);
    expect(table.learn(one, 0)).toBe(LEARNED);
    expect(table.fdb.displaced).toBe(1);
    expect([...table.rows().keys()]).toEqual([one]);
  });

  it("leaves the switch's own address alone", () => {
    const table = new Table(DYNAMIPS.table, 4);
    table.learn(0x01_00_00_00, 0);
    table.fdb.set(1 as DomainId, 2, 0x01_00_00_00, 0 as PortId, "local");
    expect(table.learn(0x05_00_00_00, 1)).toBe(LEARNED);
    expect(table.fdb.isLocal(HI, 0x01_00_00_00)).toBe(true);
    expect(table.fdb.displaced).toBe(0);
  });

  it("never holds more than it has places", () => {
    const table = new Table(DYNAMIPS.table);
    for (let mac = 0; mac < 50_000; mac++) table.learn(mac * 7919, mac % 64);
    expect(table.fdb.count).toBeLessThanOrEqual(4096);
    expect(table.fdb.refused).toBe(0);
  });
});
