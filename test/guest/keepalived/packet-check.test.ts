/**
 * Which adverts a router refuses, and why: the tests in keepalived 2.2.7's order, one after the other and in pairs, because its log names
 * the first that fails. Then what comes of two nodes that refuse each other.
 */
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../../src/base/units.ts";
import { type AdvertOptions, advert } from "./adverts.ts";
import { Cluster, conf, expectInTime } from "./cluster.ts";

const DOWN_100 = 3.609375;
const AUTH = ["authentication {", "auth_type PASS", "auth_pass secret", "}"];
/** What n1 accepts. */
const RIGHT: AdvertOptions = { authType: 1, password: "secret" };

/** In the order of the tests: what makes an advert fail each of them, and what is said then. */
const FAULTS: readonly (readonly [reason: string, AdvertOptions])[] = [
  ["its length does not fit the number of addresses", { longer: 4 }],
  ["its TTL is not 255", { ttl: 254 }],
  ["its VRRP version is another", { version: 3 }],
  ["its authentication type is another", { authType: 0 }],
  ["its password is another", { password: "other" }],
  ["its advertisement interval is another", { interval: 2 }],
  ["it is no advertisement", { spoil: (message) => message.set([(message[0]! & 0xf0) | 2]) }],
  ["it lists another number of virtual addresses", { addresses: ["10.0.0.100", "10.0.0.101"] }],
  ["its checksum is wrong", { spoil: (message) => message.set([message[6]! ^ 1], 6) }],
  [
    "it came by multicast where unicast is configured, or the other way round",
    { destination: "10.0.0.1", destinationMac: "02:00:00:00:00:01" },
  ],
  ["it lacks one of the configured virtual addresses", { addresses: ["10.0.0.101"] }],
];
const PAIRS = FAULTS.flatMap(([reason, first], i) =>
  FAULTS.slice(i + 1).map(([second, options]) => [reason, second, merged(first, options)] as const),
);

/** Both faults in one advert; the number of addresses is a fault of its own, so the longer list stays. */
function merged(first: AdvertOptions, second: AdvertOptions): AdvertOptions {
  const addresses = [first.addresses ?? [], second.addresses ?? []].sort((a, b) => b.length - a.length)[0]!;
  return {
    ...first,
    ...second,
    ...(addresses.length === 0 ? {} : { addresses }),
    spoil: (message) => {
      first.spoil?.(message);
      second.spoil?.(message);
    },
  };
}

/** What n1, a backup, says of an advert that would re-arm its timer if it were right; null: it was accepted. */
function refusal(options: AdvertOptions, lines: readonly string[] = AUTH): string | null {
  const cluster = new Cluster({ n1: conf({ lines }), stranger: {} });
  cluster.at(2, () => cluster.inject("stranger", advert({ ...RIGHT, ...options }))).run(6);
  const mastered = cluster.transitions.find(({ to }) => to === "MASTER")!.atNs / NS_PER_S;
  const accepted = Math.abs(mastered - (2 + DOWN_100)) < 0.001;
  const note = cluster.notes.find(({ text }) => text.startsWith("VI_1 refuses adverts from 10.0.0.99: "));
  expect(note === undefined).toBe(accepted);
  return note === undefined ? null : note.text.slice("VI_1 refuses adverts from 10.0.0.99: ".length);
}

describe("an advert to a multicast router", () => {
  it("is accepted if all is right", () => {
    expect(refusal({})).toBe(null);
  });

  it.each(FAULTS)("is refused because %s", (reason, options) => {
    expect(refusal(options)).toBe(reason);
  });

  it.each(PAIRS)("is refused because %s, although also: %s", (reason, _second, options) => {
    expect(refusal(options)).toBe(reason);
  });

  it("is refused as too short for its addresses before its password is looked at", () => {
    expect(refusal({ longer: -4, password: "other" })).toBe("its length does not fit the number of addresses");
  });

  it("may list the addresses in any order", () => {
    const cluster = new Cluster({ n1: conf({ vips: ["10.0.0.100", "10.0.0.101"] }), stranger: {} });
    const bytes = advert({ addresses: ["10.0.0.101", "10.0.0.100"] });
    cluster.at(2, () => cluster.inject("stranger", bytes)).run(6);
    expect(cluster.notes).toEqual([]);
    expectInTime(cluster.changes(1), [[2 + DOWN_100, "n1 BACKUP → MASTER (master-down-timer)"]]);
  });

  it("for another VRID is nobody's business", () => {
    const cluster = new Cluster({ n1: conf(), stranger: {} });
    cluster.at(2, () => cluster.inject("stranger", advert({ vrid: 52, ttl: 1 }))).run(6);
    expect(cluster.notes).toEqual([]);
  });

  it("is refused aloud once in each state, however often it comes", () => {
    const cluster = new Cluster({ n1: conf(), stranger: {} });
    for (let i = 0; i < 20; i++) cluster.at(1 + i / 4, () => cluster.inject("stranger", advert({ ttl: 1 })));
    cluster.run(7);
    expect(cluster.notes.length).toBe(2);
  });
});

describe("an advert to a unicast router", () => {
  const UNICAST = ["unicast_peer {", "10.0.0.2", "}"];
  const to = { destination: "10.0.0.1", destinationMac: "02:00:00:00:00:01", authType: 0 };

  it("may have any TTL and, unless it is asked for, any source", () => {
    expect(refusal({ ...to, ttl: 7 }, UNICAST)).toBe(null);
  });

  it("is refused from a stranger with check_unicast_src", () => {
    expect(refusal(to, [...UNICAST, "check_unicast_src"])).toBe("its source is not among the unicast peers");
  });

  it.each([
    [9, "its TTL is not one that this peer may have"],
    [10, null],
    [20, null],
    [21, "its TTL is not one that this peer may have"],
  ])("with TTL %i where a peer may have 10 to 20: %s", (ttl, reason) => {
    const lines = ["unicast_peer {", "10.0.0.99 min_ttl 10 max_ttl 20", "}"];
    expect(refusal({ ...to, ttl }, lines)).toBe(reason);
  });
});

describe("skip_check_adv_addr", () => {
  it("trusts the addresses of the master that was heard last", () => {
    const cluster = new Cluster({ n1: conf({ lines: ["skip_check_adv_addr"] }), stranger: {} });
    const foreign = { addresses: ["10.0.0.101", "10.0.0.102"] };
    cluster.at(1, () => cluster.inject("stranger", advert(foreign)));
    cluster.at(2, () => cluster.inject("stranger", advert({})));
    cluster.at(3, () => cluster.inject("stranger", advert(foreign))).run(8);
    expect(cluster.notes.map(({ atNs }) => Math.round(atNs / NS_PER_S))).toEqual([1]);
    expectInTime(cluster.changes(1), [[3 + DOWN_100, "n1 BACKUP → MASTER (master-down-timer)"]]);
  });
});

describe("skip_check_adv_addr, as 2.2.7 has it,", () => {
  const foreign = { addresses: ["10.0.0.101", "10.0.0.102"] };
  /** When n1, which trusts whom it heard last, refuses a foreign advert that comes at 6 s. */
  const refusals = (before: (cluster: Cluster) => void) => {
    const cluster = new Cluster({ n1: conf({ lines: ["skip_check_adv_addr", "advert_int 5"] }), stranger: {} });
    before(cluster);
    cluster.at(6, () => cluster.inject("stranger", advert({ ...foreign, interval: 5 }))).run(7);
    return cluster.notes.filter(({ text }) => text.includes("refuses")).map(({ atNs }) => Math.round(atNs / NS_PER_S));
  };
  const heard = (options: AdvertOptions) => (cluster: Cluster) =>
    cluster.at(2, () => cluster.inject("stranger", advert({ interval: 5, ...options })));

  it("remembers who was heard even after a fault", () => {
    const flap = (cluster: Cluster) => {
      heard({})(cluster);
      cluster.at(3, () => cluster.network.linkDown("n1")).at(4, () => cluster.network.linkUp("n1"));
    };
    expect(refusals(flap)).toEqual([]);
  });

  it("trusts whose lower advert was discarded", () => {
    expect(refusals(heard({ priority: 50 }))).toEqual([]);
  });

  it("does not trust who said farewell, and nobody at first", () => {
    expect(refusals(heard({ priority: 0 }))).toEqual([6]);
    expect(refusals(() => {})).toEqual([6]);
  });
});

describe("two nodes that refuse each other are both master", () => {
  const n1 = conf({ lines: AUTH });
  it.each([
    ["auth_type", conf({ priority: 90 })],
    ["auth_pass", conf({ priority: 90, lines: AUTH.map((line) => line.replace("secret", "Secret")) })],
    ["advert_int", conf({ priority: 90, lines: [...AUTH, "advert_int 2"] })],
    ["version", conf({ priority: 90, lines: ["version 3"] })],
    ["the number of addresses", conf({ priority: 90, lines: AUTH, vips: ["10.0.0.100", "10.0.0.101"] })],
    ["the addresses", conf({ priority: 90, lines: AUTH, vips: ["10.0.0.101"] })],
    ["unicast_peer", conf({ priority: 90, lines: [...AUTH, "unicast_peer {", "10.0.0.1", "}"] })],
  ])("other %s", (_what, n2) => {
    const cluster = new Cluster({ n1, n2 }).run(15);
    expect([cluster.state("n1"), cluster.state("n2")]).toEqual(["MASTER", "MASTER"]);
  });

  it("eight characters of the password count", () => {
    const long = (end: string) => AUTH.map((line) => line.replace("secret", `12345678${end}`));
    const cluster = new Cluster({ n1: conf({ lines: long("a") }), n2: conf({ priority: 90, lines: long("b") }) });
    cluster.run(15);
    expect([cluster.state("n1"), cluster.state("n2")]).toEqual(["MASTER", "BACKUP"]);
  });

  it("the one that was first silences the other: whatever it hears puts off its own advert (rule R)", () => {
    const other = AUTH.map((line) => line.replace("secret", "other"));
    const cluster = new Cluster({ n1, n2: conf({ priority: 90, lines: other }) }, { latency: "50us" }).run(20);
    const speakers = cluster.said(0, 20, ["adv"]).map(({ host }) => host);
    // n2's only advert makes n1 wait; n1 is first again, and n2 is put off for good (observed with 2.2.7).
    expect(speakers.slice(0, 3)).toEqual(["n1", "n2", "n1"]);
    expect(new Set(speakers.slice(2))).toEqual(new Set(["n1"]));
    const [, second, third] = cluster.said(0, 20, ["adv"]).map(({ atNs }) => atNs / NS_PER_S);
    expect(third! - second!).toBeCloseTo(1, 3);
  });

  it("lower_prio_no_advert leaves the advert where it was", () => {
    const other = AUTH.map((line) => line.replace("secret", "other"));
    const lines = (auth: readonly string[]) => [...auth, "lower_prio_no_advert"];
    const cluster = new Cluster({
      n1: conf({ lines: lines(AUTH) }),
      n2: conf({ priority: 90, lines: lines(other) }),
    }).run(10);
    const speakers = cluster.said(5, 10, ["adv"]).map(({ host }) => host);
    expect(speakers.filter((host) => host === "n1").length).toBe(5);
    expect(speakers.filter((host) => host === "n2").length).toBe(5);
  });

  it("of two clusters with one VRID the silenced master's own backup takes over for a moment", () => {
    const other = ["10.0.0.60"];
    const cluster = new Cluster({
      n1: conf(),
      n2: conf({ priority: 90 }),
      n3: conf({ vips: other }),
      n4: conf({ priority: 90, vips: other }),
    }).run(20);
    const silenced = cluster.said(3, 5, ["adv"]).find(({ host }) => host === "n3")!.atNs / NS_PER_S;
    expectInTime(cluster.changes(silenced + 0.5), [
      [silenced + 3.6484375, "n4 BACKUP → MASTER (master-down-timer)"],
      [silenced + 3.6484375, "n4 MASTER → BACKUP (higher-priority-advert)"],
    ]);
    expect([cluster.state("n1"), cluster.state("n3")]).toEqual(["MASTER", "MASTER"]);
  });
});
