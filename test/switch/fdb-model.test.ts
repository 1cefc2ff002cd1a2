import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Clock } from "../../src/base/clock.ts";
import { NO_PORT, type PortId } from "../../src/base/ids.ts";
import { NS_PER_MS } from "../../src/base/units.ts";
import { Fdb, LEARNED, MOVED, NOT_LEARNED, REFRESHED } from "../../src/switch/fdb.ts";
import { LINUX } from "../../src/switch/profile.ts";

/** The table at its plainest: a Map that forgets nothing by itself and judges age at each use. */
class PlainTable {
  readonly entries = new Map<string, { port: number; seenMs: number }>();
  ageingMs = 0;
  nowMs = 0;
  refused = 0;
  #sweptMs = -1;
  readonly #entriesMax: number;

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  #serves(entry: { seenMs: number }): boolean {
    return this.nowMs - entry.seenMs < this.ageingMs;
  }

  learn(key: string, port: number): number {
    const entry = this.entries.get(key);
    if (entry !== undefined) {
      const result = !this.#serves(entry) ? LEARNED : entry.port === port ? REFRESHED : MOVED;
      this.entries.set(key, { port, seenMs: this.nowMs });
      return result;
    }
    if (this.ageingMs === 0) return NOT_LEARNED;
    if (this.entries.size >= this.#entriesMax && this.#sweptMs !== this.nowMs) {
      this.#sweptMs = this.nowMs;
      for (const [other, { seenMs }] of this.entries) if (!this.#serves({ seenMs })) this.entries.delete(other);
    }
    if (this.entries.size >= this.#entriesMax) {
      this.refused++;
      return NOT_LEARNED;
    }
    this.entries.set(key, { port, seenMs: this.nowMs });
    return LEARNED;
  }

  lookup(key: string): number {
    const entry = this.entries.get(key);
    return entry !== undefined && this.#serves(entry) ? entry.port : NO_PORT;
  }

  flushPort(port: number): number {
    const before = this.entries.size;
    for (const [key, entry] of this.entries) if (entry.port === port) this.entries.delete(key);
    return before - this.entries.size;
  }

  rows(): string[] {
    const serving = [...this.entries].filter(([, entry]) => this.#serves(entry));
    return serving.map(([key, { port, seenMs }]) => `${key} ${port} ${this.nowMs - seenMs}`).sort();
  }
}

const domain = fc.constantFrom(1, 2, 65_535);
/** Few enough to meet again; half of them alike in all but one bit or octet, where a weak hash would crowd them. */
const mac = fc.tuple(
  fc.constantFrom(0, 0x0002, 0xfffe),
  fc.oneof(
    fc.nat(40),
    fc.nat(40).map((n) => n << 24),
  ),
);
const port = fc.nat(5);

/** Enough for the table to grow, at addresses in a row. */
const CROWD = Array.from({ length: 400 }, (_, i) => 1000 + i);

const action = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.constant("learn" as const), domain, mac, port) },
  { weight: 4, arbitrary: fc.tuple(fc.constant("lookup" as const), domain, mac, port) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("flush" as const), domain, mac, port) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("crowd" as const), domain, mac, port) },
);
const waitMs = fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.nat(40) });

describe("the forwarding table", () => {
  it("does what a Map does, full or not, growing or not", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(3, 20, 100_000),
        fc.constantFrom(0, 1, 30, 300_000),
        fc.array(fc.tuple(action, waitMs), { maxLength: 150, size: "max" }),
        (entriesMax, ageingMs, steps) => {
          const clock = new Clock();
          const fdb = new Fdb(clock, LINUX.table, entriesMax);
          const plain = new PlainTable(entriesMax);
          fdb.ageingMs = ageingMs;
          plain.ageingMs = ageingMs;
          for (const [[what, inDomain, [macHi, macLo], at], pauseMs] of steps) {
            plain.nowMs += pauseMs;
            clock.advanceTo(plain.nowMs * NS_PER_MS);
            const hi = (inDomain << 16) | macHi;
            const learnBoth = (lo: number) => {
              const key = `${inDomain} ${macHi} ${lo}`;
              const before = plain.lookup(key);
              // The short way of the switch: it does what `learn` does, or nothing.
              if (lo % 2 === 0 && before === at && fdb.refresh(hi, lo, at as PortId))
                return plain.learn(key, at) === REFRESHED;
              const learned = fdb.learn(hi, lo, at as PortId);
              return learned === plain.learn(key, at) && (learned !== MOVED || fdb.movedFrom === before);
            };
            if (what === "learn") expect(learnBoth(macLo)).toBe(true);
            else if (what === "crowd") expect(CROWD.filter((lo) => !learnBoth(lo))).toEqual([]);
            else if (what === "lookup") {
              expect(fdb.lookup(hi, macLo)).toBe(plain.lookup(`${inDomain} ${macHi} ${macLo}`));
            } else expect(fdb.flushPort(at as PortId)).toBe(plain.flushPort(at));
            expect(fdb.count).toBe(plain.entries.size);
          }
          const rows: string[] = [];
          fdb.forEach(
            ({ domain: d, macHi, macLo, port: p, ageMs }) => void rows.push(`${d} ${macHi} ${macLo} ${p} ${ageMs}`),
          );
          expect(rows.sort()).toEqual(plain.rows());
          expect(fdb.refused).toBe(plain.refused);
        },
      ),
      { numRuns: 100 },
    );
  });
});
