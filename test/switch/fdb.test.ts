import { describe, expect, it } from "vitest";
import { AssertionError } from "../../src/base/assert.ts";
import { Clock } from "../../src/base/clock.ts";
import { type DomainId, NO_PORT, type PortId } from "../../src/base/ids.ts";
import { NS_PER_MS } from "../../src/base/units.ts";
import {
  AGEING_MS_MAX,
  AGEING_NEVER,
  type EntryKind,
  Fdb,
  LEARNED,
  MOVED,
  NOT_LEARNED,
  REFRESHED,
} from "../../src/switch/fdb.ts";
import { LINUX } from "../../src/switch/profile.ts";

const DAY_MS = 86_400_000;

/** A table in domain 1 whose MACs are numbers. */
function table(entriesMax?: number) {
  const clock = new Clock();
  const fdb = new Fdb(clock, LINUX.table, entriesMax);
  const hi = 1 << 16;
  return {
    fdb,
    clock,
    learn: (mac: number, port: number) => fdb.learn(hi, mac, port as PortId),
    lookup: (mac: number) => fdb.lookup(hi, mac),
    atMs: (ms: number) => clock.advanceTo(ms * NS_PER_MS),
    rows() {
      const rows: number[][] = [];
      fdb.forEach(({ domain, macHi, macLo, port, ageMs }) => void rows.push([domain, macHi, macLo, port, ageMs]));
      return rows.sort((x, y) => x[2]! - y[2]!);
    },
  };
}

describe("the forwarding table", () => {
  it("learns, refreshes and moves", () => {
    const { fdb, learn, lookup } = table();
    expect(lookup(7)).toBe(NO_PORT);
    expect(learn(7, 3)).toBe(LEARNED);
    expect(lookup(7)).toBe(3);
    expect(learn(7, 3)).toBe(REFRESHED);
    expect(learn(7, 5)).toBe(MOVED);
    expect(fdb.movedFrom).toBe(3);
    expect(lookup(7)).toBe(5);
    expect(fdb.count).toBe(1);
  });

  it("tells port 0 from no port", () => {
    const { learn, lookup } = table();
    learn(1, 0);
    expect(lookup(1)).toBe(0);
    expect(learn(1, 0)).toBe(REFRESHED);
  });

  it("keeps one MAC apart in all domains, up to the last", () => {
    const fdb = new Fdb(new Clock(), LINUX.table);
    const key = (domain: number) => (domain << 16) | 0x0002;
    const domains = [1, 2, 32_767, 32_768, 65_535];
    for (const domain of domains) fdb.learn(key(domain), -1, (domain % 7) as PortId);
    for (const domain of domains) expect(fdb.lookup(key(domain), -1)).toBe(domain % 7);
    expect(fdb.lookup(key(3), -1)).toBe(NO_PORT);
    const seen: number[][] = [];
    fdb.forEach(({ domain, macHi, macLo, port }) => void seen.push([domain, macHi, macLo, port]));
    expect(seen.sort((x, y) => x[0]! - y[0]!)).toEqual(domains.map((domain) => [domain, 0x0002, -1, domain % 7]));
  });

  it("keeps entries through growth, whatever their keys have in common", () => {
    const { fdb, learn, lookup } = table();
    const macs = Array.from({ length: 50_000 }, (_, i) => (i % 2 === 0 ? i : i << 16) | 0);
    expect(macs.filter((mac, i) => learn(mac, i % 64) !== LEARNED)).toEqual([]);
    expect(macs.filter((mac, i) => lookup(mac) !== i % 64)).toEqual([]);
    expect(fdb.count).toBe(50_000);
    expect(lookup(123_456_789)).toBe(NO_PORT);
  });
});

describe("ageing", () => {
  it("is 300 s, as in Linux and as IEEE 802.1D recommends, unless set", () => {
    expect(new Fdb(new Clock(), LINUX.table).ageingMs).toBe(300_000);
  });

  it("ends an entry exactly that long after the last frame from its MAC", () => {
    const { learn, lookup, atMs, rows } = table();
    atMs(1000);
    learn(1, 4);
    atMs(300_999);
    expect(lookup(1)).toBe(4);
    expect(rows()).toEqual([[1, 0, 1, 4, 299_999]]);
    atMs(301_000);
    expect(lookup(1)).toBe(NO_PORT);
    expect(rows()).toEqual([]);
  });

  it("begins anew with each frame, at a new port too", () => {
    const { fdb, learn, lookup, atMs } = table();
    fdb.ageingMs = 10;
    learn(1, 4);
    atMs(9);
    expect(learn(1, 4)).toBe(REFRESHED);
    atMs(18);
    expect(learn(1, 5)).toBe(MOVED);
    atMs(27);
    expect(lookup(1)).toBe(5);
    atMs(28);
    expect(lookup(1)).toBe(NO_PORT);
  });

  it("makes an expired entry a new one when its MAC speaks again, wherever", () => {
    const { fdb, learn, atMs } = table();
    fdb.ageingMs = 10;
    learn(1, 4);
    atMs(10);
    expect(learn(1, 5)).toBe(LEARNED);
    atMs(20);
    expect(learn(1, 5)).toBe(LEARNED);
    expect(fdb.count).toBe(1);
  });

  it("of 0 remembers nothing and forgets what it knew", () => {
    const { fdb, learn, lookup, rows } = table();
    learn(1, 4);
    fdb.ageingMs = 0;
    learn(1, 5);
    learn(2, 5);
    expect([lookup(1), lookup(2)]).toEqual([NO_PORT, NO_PORT]);
    fdb.ageingMs = 300_000;
    expect(rows()).toEqual([]);
    expect(fdb.count).toBe(0);
  });

  it("that changes counts for the entries that are there", () => {
    const { fdb, learn, lookup, atMs } = table();
    learn(1, 4);
    atMs(1000);
    learn(2, 5);
    atMs(6000);
    fdb.ageingMs = 6000;
    expect([lookup(1), lookup(2)]).toEqual([NO_PORT, 5]);
    atMs(6999);
    expect(lookup(2)).toBe(5);
    atMs(7000);
    expect(lookup(2)).toBe(NO_PORT);
  });

  it("that grows brings nothing back", () => {
    const { fdb, learn, lookup, atMs } = table();
    fdb.ageingMs = 10;
    learn(1, 4);
    atMs(9);
    learn(2, 5);
    atMs(10);
    fdb.ageingMs = 300_000;
    expect([lookup(1), lookup(2)]).toEqual([NO_PORT, 5]);
  });

  it("is no less than 0 and no more than 1,000,000 s", () => {
    const { fdb } = table();
    for (const ms of [-1, AGEING_MS_MAX + 1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => {
        fdb.ageingMs = ms;
      }).toThrow(AssertionError);
    }
    expect(fdb.ageingMs).toBe(300_000);
  });

  it("is right across the wrap of the ticks after 24 days", () => {
    const { learn, lookup, atMs } = table();
    atMs(2 ** 31 - 1);
    learn(1, 4);
    atMs(2 ** 31 + 299_998);
    expect(lookup(1)).toBe(4);
    atMs(2 ** 31 + 299_999);
    expect(lookup(1)).toBe(NO_PORT);
  });

  for (const days of [25, 30, 49, 50, 74, 100]) {
    it(`has not forgotten after ${days} days of silence that an entry expired`, () => {
      const { learn, lookup, atMs, rows } = table();
      learn(1, 4);
      atMs(days * DAY_MS);
      learn(2, 5);
      expect(lookup(1)).toBe(NO_PORT);
      expect(rows()).toEqual([[1, 0, 2, 5, 0]]);
      expect(learn(1, 6)).toBe(LEARNED);
    });
  }

  it("has not forgotten it either when others kept speaking", () => {
    const { learn, lookup, atMs } = table();
    learn(1, 4);
    for (let ms = 0; ms < 60 * DAY_MS; ms += 200_000) {
      atMs(ms);
      learn(2, 5);
    }
    expect(lookup(1)).toBe(NO_PORT);
    expect(lookup(2)).toBe(5);
  });

  it("of 1,000,000 s, the longest, ends to the millisecond too", () => {
    const { fdb, learn, lookup, atMs, rows } = table();
    fdb.ageingMs = AGEING_MS_MAX;
    atMs(DAY_MS);
    learn(1, 4);
    atMs(DAY_MS + AGEING_MS_MAX - 1);
    learn(2, 5);
    expect(lookup(1)).toBe(4);
    atMs(DAY_MS + AGEING_MS_MAX);
    expect(lookup(1)).toBe(NO_PORT);
    atMs(DAY_MS + 2 * AGEING_MS_MAX - 2);
    expect(rows()).toEqual([[1, 0, 2, 5, AGEING_MS_MAX - 1]]);
  });
});

describe("after weeks", () => {
  it("no age looks young again, however long entries live and however seldom anybody speaks", () => {
    const { fdb, learn, lookup, atMs } = table();
    fdb.ageingMs = AGEING_MS_MAX;
    atMs(100_000_000);
    learn(1, 4);
    atMs(2 ** 30);
    learn(2, 5);
    expect(lookup(1)).toBe(4);
    // The first entry is 35 days old: more than 31 bits of milliseconds.
    atMs(3_137_000_000);
    learn(3, 6);
    expect([lookup(1), lookup(2), lookup(3)]).toEqual([NO_PORT, NO_PORT, 6]);
  });
});

describe("flushPort", () => {
  it("forgets what is behind the port and nothing else, and says how much", () => {
    const { fdb, learn, lookup } = table();
    for (let mac = 0; mac < 5000; mac++) learn(mac, mac % 3);
    expect(fdb.flushPort(1 as PortId)).toBe(1667);
    expect(fdb.count).toBe(3333);
    for (let mac = 0; mac < 5000; mac++) expect(lookup(mac)).toBe(mac % 3 === 1 ? NO_PORT : mac % 3);
    expect(fdb.flushPort(1 as PortId)).toBe(0);
    expect(learn(1, 1)).toBe(LEARNED);
  });
});

describe("a full table", () => {
  it("refuses and counts new MACs, and serves, refreshes and moves those it has", () => {
    const { fdb, learn, lookup } = table(4);
    for (let mac = 0; mac < 4; mac++) learn(mac, mac);
    expect(learn(9, 1)).toBe(NOT_LEARNED);
    expect(learn(9, 1)).toBe(NOT_LEARNED);
    expect(lookup(9)).toBe(NO_PORT);
    expect([fdb.count, fdb.refused]).toEqual([4, 2]);
    expect(learn(3, 3)).toBe(REFRESHED);
    expect(learn(3, 2)).toBe(MOVED);
  });

  it("throws out what has expired to make room", () => {
    const { fdb, learn, lookup, atMs } = table(4);
    fdb.ageingMs = 100;
    learn(0, 0);
    learn(1, 1);
    atMs(50);
    learn(2, 2);
    learn(3, 3);
    atMs(99);
    expect(learn(9, 1)).toBe(NOT_LEARNED);
    atMs(100);
    expect(learn(9, 1)).toBe(LEARNED);
    expect(fdb.count).toBe(3);
    expect(learn(10, 1)).toBe(LEARNED);
    expect(learn(11, 1)).toBe(NOT_LEARNED);
    expect([lookup(0), lookup(2), lookup(9)]).toEqual([NO_PORT, 2, 1]);
  });

  it("is not searched for room by every new source of a millisecond", () => {
    const { fdb, learn } = table();
    for (let mac = 0; mac < LINUX.table.entriesMax; mac++) learn(mac, 1);
    // With a search each this would take minutes.
    for (let mac = 0; mac < 300_000; mac++) learn(LINUX.table.entriesMax + mac, 1);
    expect([fdb.count, fdb.refused]).toEqual([LINUX.table.entriesMax, 300_000]);
  });

  it("is not searched for room by every new source while one entry expires each millisecond", () => {
    const { fdb, learn, atMs } = table();
    const { entriesMax } = LINUX.table;
    fdb.ageingMs = entriesMax;
    const sources = entriesMax * 3;
    let learned = 0;
    for (let mac = 0; mac < sources; mac++) {
      atMs(mac);
      // With a search each, for the question or for the deed, this would take minutes.
      if (fdb.wouldLearn(1 << 16, mac, 1 as PortId) === LEARNED && learn(mac, 1) === LEARNED) learned++;
    }
    expect([fdb.count, fdb.refused, learned]).toEqual([entriesMax, 0, sources]);
  });

  it("has room again after a flush", () => {
    const { fdb, learn } = table(4);
    for (let mac = 0; mac < 4; mac++) learn(mac, mac % 2);
    expect(learn(9, 1)).toBe(NOT_LEARNED);
    fdb.flushPort(0 as PortId);
    expect(learn(9, 1)).toBe(LEARNED);
  });
});

describe("entries made by hand", () => {
  /** Sets MAC `mac` in domain 1; finds it as `port kind`. */
  function byHand() {
    const made = table();
    const domain = 1 as DomainId;
    return {
      ...made,
      set: (mac: number, port: number, kind: EntryKind) => made.fdb.set(domain, 0, mac, port as PortId, kind),
      remove: (mac: number) => made.fdb.remove(domain, 0, mac),
      find(mac: number) {
        const entry = made.fdb.find(domain, 0, mac);
        return entry === null ? null : `${entry.port} ${entry.kind}`;
      },
    };
  }

  it("do not age, unless they are dynamic", () => {
    const { set, find, atMs } = byHand();
    set(1, 3, "dynamic");
    set(2, 3, "static");
    set(3, 3, "sticky");
    atMs(300_000);
    expect([find(1), find(2), find(3)]).toEqual([null, "3 static", "3 sticky"]);
    atMs(100 * DAY_MS);
    expect([find(2), find(3)]).toEqual(["3 static", "3 sticky"]);
  });

  it("follow their MAC when static, and stay when sticky", () => {
    const { fdb, set, find, learn } = byHand();
    set(2, 3, "static");
    set(3, 3, "sticky");
    expect([learn(2, 5), fdb.movedFrom, find(2)]).toEqual([MOVED, 3, "5 static"]);
    expect([learn(3, 5), find(3)]).toEqual([NOT_LEARNED, "3 sticky"]);
    expect([learn(2, 5), learn(3, 3)]).toEqual([REFRESHED, REFRESHED]);
  });

  it("replace what is there, and are counted apart", () => {
    const { fdb, set, find, learn, remove } = byHand();
    learn(1, 3);
    set(1, 4, "static");
    set(1, 5, "sticky");
    expect([fdb.count, fdb.fixedCount, find(1)]).toEqual([1, 1, "5 sticky"]);
    set(1, 6, "dynamic");
    expect([fdb.count, fdb.fixedCount, find(1)]).toEqual([1, 0, "6 dynamic"]);
    expect([remove(1), remove(1), fdb.count]).toEqual([true, false, 0]);
  });

  it("survive a flush and the loss of carrier, but not their port", () => {
    const { fdb, set, find, learn } = byHand();
    learn(1, 3);
    set(2, 3, "static");
    expect([fdb.flushPort(3 as PortId), find(1), find(2)]).toEqual([1, null, "3 static"]);
    learn(1, 3);
    expect([fdb.flush(), find(1), find(2)]).toEqual([1, null, "3 static"]);
    expect([fdb.removePort(3 as PortId), find(2), fdb.count, fdb.fixedCount]).toEqual([1, null, 0, 0]);
  });

  it("are the switch's own when local: found as such, shown to nobody, moved by nobody", () => {
    const { fdb, set, learn, rows } = byHand();
    set(9, NO_PORT, "local");
    expect([fdb.isLocal(1 << 16, 9), fdb.isLocal(1 << 16, 8), fdb.lookupAny(1 << 16, 9)]).toEqual([
      true,
      false,
      NO_PORT,
    ]);
    expect([learn(9, 3), rows()]).toEqual([NOT_LEARNED, []]);
  });

  it("are refused by a full table", () => {
    const clock = new Clock();
    const fdb = new Fdb(clock, LINUX.table, 1);
    expect(fdb.set(1 as DomainId, 0, 1, 2 as PortId, "static")).toBe(true);
    expect(fdb.set(1 as DomainId, 0, 2, 2 as PortId, "static")).toBe(false);
    expect(fdb.set(1 as DomainId, 0, 1, 3 as PortId, "static")).toBe(true);
  });
});

describe("a table that does not age", () => {
  it("remembers for ever, and says at most 12 days of it", () => {
    const { fdb, learn, lookup, rows, atMs } = table();
    fdb.ageingMs = AGEING_NEVER;
    learn(1, 4);
    atMs(1000);
    expect(rows()).toEqual([[1, 0, 1, 4, 1000]]);
    for (const days of [25, 50, 75, 104]) {
      atMs(days * DAY_MS);
      expect(lookup(1)).toBe(4);
      expect(rows()[0]![4]).toBeGreaterThan(12 * DAY_MS);
    }
  });
});
