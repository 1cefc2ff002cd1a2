import { describe, expect, it } from "vitest";
import { Clock } from "../../src/base/clock.ts";
import type { DomainId, PortId } from "../../src/base/ids.ts";
import { Fdb } from "../../src/switch/fdb.ts";
import { LINUX } from "../../src/switch/profile.ts";
import { Provenance } from "../../src/trace/provenance.ts";

const DOMAIN = 65_535 as DomainId;
const place = (step: number) => ({ step, atNs: step * 1e9 });

describe("where entries come from", () => {
  it("is known by domain and MAC, and who was heard last", () => {
    const provenance = new Provenance(new Fdb(new Clock(), LINUX.table));
    provenance.placed(DOMAIN, 2, -1, place(3), "frame");
    provenance.heard(DOMAIN, 2, -1, place(4));
    provenance.heard(DOMAIN, 3, -1, place(5));
    expect(provenance.of(DOMAIN, 2, -1)).toEqual({ placed: place(3), by: "frame", heard: place(4) });
    provenance.placed(DOMAIN, 2, -1, place(6), "hand");
    expect(provenance.of(DOMAIN, 2, -1)).toEqual({ placed: place(6), by: "hand", heard: null });
    expect(provenance.of(DOMAIN, 3, -1)).toBeNull();
    expect(provenance.of(1 as DomainId, 2, -1)).toBeNull();
  });

  it("is forgotten when the table has forgotten the entry long ago, and kept while it has not", () => {
    const clock = new Clock();
    const fdb = new Fdb(clock, LINUX.table);
    const provenance = new Provenance(fdb);
    const learn = (n: number) => {
      fdb.learn((DOMAIN << 16) | 2, n, 0 as PortId);
      provenance.placed(DOMAIN, 2, n, place(n), "frame");
    };
    for (let n = 0; n < 2000; n++) learn(n);
    clock.advanceTo(299e9);
    for (let n = 2000; n < 4000; n++) learn(n);
    clock.advanceTo(300e9);
    for (let n = 4000; n < 6000; n++) learn(n);
    for (let n = 0; n < 2000; n++) expect(provenance.of(DOMAIN, 2, n)).toBeNull();
    for (let n = 2000; n < 6000; n++) expect(provenance.of(DOMAIN, 2, n)?.placed.step).toBe(n);
  });
});
