/** `auth_type AH`: adverts behind an authentication header, and what a router makes of those that do not verify. */
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../../src/base/units.ts";
import { ahSequence } from "../../../src/wire/ah.ts";
import { Cluster, conf, expectInTime, type Spoken } from "./cluster.ts";

const AH = (pass = "secret") => ["authentication {", "auth_type AH", `auth_pass ${pass}`, "}"];
const DOWN_90 = 3.6484375;
const AT = 34;

const adverts = (cluster: Cluster, from = 0, until = Number.POSITIVE_INFINITY) => cluster.said(from, until, ["AH seq"]);
const inShort = ({ host, bytes }: Spoken) => `${host} ${ahSequence(bytes, AT)}`;

describe("a master with AH", () => {
  it("numbers its adverts from 1; each has 24 octets more, and no password in it", () => {
    const cluster = new Cluster({ n1: conf({ lines: AH() }) }).run(6);
    const said = adverts(cluster);
    expect(said.map(({ bytes }) => ahSequence(bytes, AT))).toEqual([1, 2, 3]);
    const { bytes } = said[0]!;
    expect([bytes.length, bytes[23], bytes[AT], bytes[AT + 1]]).toEqual([78, 51, 112, 4]);
    expect(Array.from(bytes.subarray(62 + 8))).toEqual(new Array(8).fill(0));
  });

  it("gives every peer the same number", () => {
    const lines = [...AH(), "unicast_peer {", "10.0.0.2", "10.0.0.3", "}"];
    const cluster = new Cluster({ n1: conf({ lines }), n2: {}, n3: {} }).run(6);
    expect(
      adverts(cluster)
        .map(({ bytes }) => ahSequence(bytes, AT))
        .slice(-4),
    ).toEqual([2, 2, 3, 3]);
  });

  it("is heard by who has the password, also by unicast through changed TTLs", () => {
    const unicast = (peer: string) => [...AH(), "unicast_peer {", peer, "}"];
    for (const [one, two] of [
      [AH(), AH()],
      [unicast("10.0.0.2"), unicast("10.0.0.1")],
    ]) {
      const cluster = new Cluster({ n1: conf({ lines: one! }), n2: conf({ priority: 90, lines: two! }) }).run(12);
      expect([cluster.state("n1"), cluster.state("n2")]).toEqual(["MASTER", "BACKUP"]);
    }
  });
});

describe("nodes that do not understand each other are both master", () => {
  it("with other passwords, and say so", () => {
    const cluster = new Cluster({ n1: conf({ lines: AH() }), n2: conf({ priority: 90, lines: AH("other") }) }).run(12);
    expect([cluster.state("n1"), cluster.state("n2")]).toEqual(["MASTER", "MASTER"]);
    expect(cluster.notes.map(({ text }) => text)).toContain(
      "VI_1 refuses adverts from 10.0.0.1: its AH check value is wrong: another password, or it was changed on its way",
    );
  });

  it.each([
    ["none", []],
    ["PASS", AH().map((line) => line.replace("AH", "PASS"))],
  ])("AH and %s do not hear each other at all, so that nobody puts off anybody's advert", (_, lines) => {
    const cluster = new Cluster({ n1: conf({ lines: AH() }), n2: conf({ priority: 90, lines }) }).run(12);
    expect([cluster.state("n1"), cluster.state("n2")]).toEqual(["MASTER", "MASTER"]);
    expect(cluster.notes).toEqual([]);
    expect(adverts(cluster, 6, 12).length).toBe(6);
    expect(cluster.said(6, 12, ["adv("]).length).toBe(6);
  });
});

describe("sequence numbers", () => {
  const pair = () => new Cluster({ n1: conf({ lines: AH() }), n2: conf({ priority: 90, lines: AH() }) });

  it("a replayed advert is refused, and does not keep a backup quiet", () => {
    const cluster = new Cluster({
      n1: conf({ lines: AH() }),
      n2: conf({ priority: 90, lines: AH() }),
      stranger: {},
    }).run(8);
    const last = adverts(cluster, 0, 8).at(-1)!;
    cluster.at(8.1, () => cluster.network.crash("n1"));
    for (let i = 1; i <= 20; i++) cluster.at(8.1 + i / 4, () => cluster.inject("stranger", last.bytes));
    cluster.run(14);
    expect(cluster.notes.map(({ text }) => text)).toContain(
      "VI_1 refuses adverts from 10.0.0.1: its AH sequence number is not new",
    );
    expectInTime(cluster.changes(8.2), [[last.atNs / NS_PER_S + DOWN_90, "n2 BACKUP → MASTER (master-down-timer)"]]);
  });

  it("a new master goes on where the old one was, and so does the old one when it preempts", () => {
    const cluster = pair();
    cluster
      .at(8, () => cluster.network.crash("n1"))
      .at(14, () => cluster.network.restore("n1"))
      .run(20);
    const numbers = adverts(cluster).map(({ bytes }) => ahSequence(bytes, AT));
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
    expect([cluster.state("n1"), cluster.state("n2")]).toEqual(["MASTER", "BACKUP"]);
  });

  it("after a split whose other side counted further, the better one jumps over that number", () => {
    const cluster = pair();
    cluster
      .at(6, () => cluster.network.partition([["n1"], ["n2"]]))
      .at(8, () => cluster.network.linkDown("n1"))
      .at(12, () => cluster.network.linkUp("n1"))
      .at(22, () => cluster.network.heal())
      .run(26);
    const before = adverts(cluster, 20, 22).map(inShort);
    const n1 = Number(before.find((said) => said.startsWith("n1"))!.slice(3));
    const n2 = Number(before.find((said) => said.startsWith("n2"))!.slice(3));
    expect(n2).toBeGreaterThan(n1);
    expect([cluster.state("n1"), cluster.state("n2")]).toEqual(["MASTER", "BACKUP"]);
  });
});
