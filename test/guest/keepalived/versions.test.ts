/** What releases of keepalived do differently on the wire; 2.2.7 is the reference. */
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../../src/base/units.ts";
import { ConfigError } from "../../../src/text/config-error.ts";
import { advert } from "./adverts.ts";
import { Cluster, conf, expectInTime, script, TRACK_CHK } from "./cluster.ts";

const DOWN_100 = 3.609375;
const UP = 0.0005;

const node = (version: string, keepalived = conf()) => ({ keepalived, keepalivedVersion: version });
const mastered = (cluster: Cluster, host = "n1") =>
  cluster.transitions.find((event) => event.host === host && event.to === "MASTER")!.atNs / NS_PER_S;

it("an unknown version is refused, and the known ones are named", () => {
  expect(() => new Cluster({ n1: node("1.9") })).toThrow(ConfigError);
  expect(() => new Cluster({ n1: node("1.9") })).toThrow(
    /keepalived of n1: version 1\.9 is not known[\s\S]*2\.2\.7, 2\.2\.8/,
  );
});

describe("vrrp_startup_delay 5", () => {
  const delayed = conf({ globals: ["vrrp_startup_delay 5"] });

  it.each(["2.2.7", "2.2.8"])("alone: the wait begins when the delay is over (%s)", (version) => {
    const cluster = new Cluster({ n1: node(version, delayed) }).run(10);
    expectInTime(cluster.changes(1), [[cluster.up("n1") + 5 + DOWN_100, "n1 BACKUP → MASTER (master-down-timer)"]]);
    expect(cluster.transitions.find(({ to }) => to === "MASTER")!.reason).toContain("vrrp_startup_delay ended at 5.0");
  });

  /** A weaker master says so every second, first at `phase`. */
  const besideWeak = (version: string, phase: number) => {
    const cluster = new Cluster({ n1: node(version, delayed), stranger: {} });
    for (let at = phase; at < 30; at++) cluster.at(at, () => cluster.inject("stranger", advert({ priority: 50 })));
    return cluster.run(30);
  };

  it.each([0.3, 0.64, 0.9])(
    "2.2.7 beside a weaker master: each advert adds what is left of the delay (first at %d s)",
    (phase) => {
      const cluster = besideWeak("2.2.7", phase);
      const up = cluster.up("n1");
      const ends = up + 5;
      let deadline = ends + DOWN_100;
      for (let at = phase; at < ends; at++) deadline += ends - at;
      expect(deadline).toBeGreaterThan(18);
      expect(mastered(cluster)).toBeCloseTo(deadline, 3);
    },
  );

  it("2.2.8 beside a weaker master: as if it were not there", () => {
    const cluster = besideWeak("2.2.8", 0.64);
    expect(mastered(cluster)).toBeCloseTo(cluster.up("n1") + 5 + DOWN_100, 6);
  });

  it.each([
    ["2.2.7", 4.5, 5],
    ["2.2.8", 4.5, 5],
    ["2.2.7", 6, 6],
    ["2.2.8", 6, 6],
  ])(
    "%s beside a better master that falls silent after an advert at %d s: its wait begins at %d s",
    (version, last, begins) => {
      const cluster = new Cluster({ n1: node(version, delayed), stranger: {} });
      for (const at of [0.5, last]) cluster.at(at, () => cluster.inject("stranger", advert({ priority: 200 })));
      cluster.run(12);
      const from = begins === 5 ? cluster.up("n1") + 5 : begins;
      expect(mastered(cluster)).toBeCloseTo(from + DOWN_100, 3);
    },
  );
});

describe("garp_interval 0.2, three addresses, garp_master_repeat 5", () => {
  const paced = conf({
    vips: ["10.0.0.100/24", "10.0.0.101/24", "10.0.0.102/24"],
    globals: ["vrrp_garp_interval 0.2"],
    lines: ["garp_master_delay 0"],
  });
  const garps = (version: string) => {
    const cluster = new Cluster({ n1: node(version, paced) }).run(9);
    const t = mastered(cluster) + UP;
    return cluster.said(0, 9, ["garp"]).map(({ atNs, what }) => `${((atNs / NS_PER_S - t) / 0.2).toFixed(3)} ${what}`);
  };

  it("2.2.7: rounds collapse", () => {
    expect(garps("2.2.7")).toEqual(["0.000 garp .100", "1.000 garp .100", "2.000 garp .101", "3.000 garp .102"]);
  });

  it.each(["2.3.2", "2.3.4"])("%s: every round is sent, one address after the other", (version) => {
    const all = [1, 2, 3, 4, 5].flatMap(() => [".100", ".101", ".102"]);
    expect(garps(version)).toEqual(all.map((address, i) => `${i}.000 garp ${address}`));
  });

  it("2.3.2: what waits is dropped when the router is no master any more", () => {
    const cluster = new Cluster({ n1: node("2.3.2", paced), stranger: {} }).run(4);
    const t = mastered(cluster);
    cluster.at(t + 1.1, () =>
      cluster.inject("stranger", advert({ addresses: ["10.0.0.100", "10.0.0.101", "10.0.0.102"] })),
    );
    cluster.run(t + 3);
    expect(cluster.said(0, t + 3, ["garp"]).length).toBe(6);
  });
});

describe("garp_master_refresh 3, advert_int 4", () => {
  const lines = ["garp_master_refresh 3", "advert_int 4", "garp_master_delay 2"];
  const refreshes = (version: string) => {
    const cluster = new Cluster({ n1: node(version, conf({ lines })) }).run(32);
    const t = mastered(cluster) + UP;
    const later = cluster.said(t + 2.5, 32, ["garp"]);
    return later.map(({ atNs, what }) => `${(atNs / NS_PER_S - t).toFixed(2)} ${what}`);
  };

  it("2.2.7: at the advert ticks", () => {
    expect(refreshes("2.2.7").slice(0, 3)).toEqual(["4.00 garp .100", "8.00 garp .100", "12.00 garp .100"]);
  });

  it("2.3.2: by a timer of its own, first after the second burst", () => {
    expect(refreshes("2.3.2").slice(0, 3)).toEqual(["5.00 garp .100", "8.00 garp .100", "11.00 garp .100"]);
  });
});

describe("an advert that lists other addresses", () => {
  const lists = (version: string, addresses: readonly string[]) => {
    const cluster = new Cluster({ n1: node(version), stranger: {} });
    for (let at = 1; at < 8; at++) cluster.at(at, () => cluster.inject("stranger", advert({ addresses })));
    return cluster.run(8);
  };

  it.each([
    ["more", ["10.0.0.100", "10.0.0.101"]],
    ["another", ["10.0.0.101"]],
  ])("2.2.7 refuses it: %s", (_, addresses) => {
    const cluster = lists("2.2.7", addresses);
    expect(cluster.state("n1")).toBe("MASTER");
    expect(cluster.notes[0]!.text).toMatch(/refuses adverts from 10\.0\.0\.99/);
  });

  it.each([
    ["more", ["10.0.0.100", "10.0.0.101"]],
    ["another", ["10.0.0.101"]],
  ])("2.3.3 heeds it, and says so once: %s", (_, addresses) => {
    const cluster = lists("2.3.3", addresses);
    expect(cluster.state("n1")).toBe("BACKUP");
    expect(cluster.notes.map(({ text }) => text)).toEqual([
      "VI_1 takes an advert from 10.0.0.99 that lists other virtual addresses, which this version only logs",
    ]);
  });
});

describe("a unicast_src_ip that the host does not have", () => {
  const foreign = conf({ lines: ["unicast_src_ip 10.0.0.77", "unicast_peer {", "10.0.0.2", "}"] });

  it("2.3.2: FAULT", () => {
    const cluster = new Cluster({ n1: node("2.3.2", foreign), n2: {} }).run(6);
    expect(cluster.changes().map(({ what }) => what)).toEqual(["n1 INIT → FAULT (source-address-missing)"]);
    expect(cluster.network.warnings.map(({ message }) => message).join()).toContain("src address not configured");
  });

  it("2.3.3: adverts come from it", () => {
    const cluster = new Cluster({ n1: node("2.3.3", foreign), n2: {} }).run(6);
    expect(cluster.state("n1")).toBe("MASTER");
    const { bytes } = cluster.said(0, 6, ["adv"])[0]!;
    expect([...bytes.subarray(26, 30)]).toEqual([10, 0, 0, 77]);
    expect(cluster.network.warnings).toEqual([]);
  });

  it("2.3.3 with track_src_ip: FAULT", () => {
    const tracked = foreign.replace("unicast_peer", "track_src_ip\nunicast_peer");
    expect(new Cluster({ n1: node("2.3.3", tracked), n2: {} }).run(1).state("n1")).toBe("FAULT");
  });
});

describe("v3_checksum_as_v2", () => {
  const v3 = (...lines: string[]) => conf({ lines: ["version 3", ...lines] });
  const sums = (n1: string, n2: string) => new Cluster({ n1: node("2.3.4", n1), n2: node("2.3.4", n2) }).run(9);

  it("on both: they understand each other, and the checksum has no pseudo-header", () => {
    const cluster = sums(v3("v3_checksum_as_v2"), v3("v3_checksum_as_v2").replace("priority 100", "priority 90"));
    expect([cluster.state("n1"), cluster.state("n2")]).toEqual(["MASTER", "BACKUP"]);
    const { bytes } = cluster.said(4, 9, ["adv"])[0]!;
    let sum = 0;
    for (let i = 34; i < bytes.length; i += 2) sum += (bytes[i]! << 8) | bytes[i + 1]!;
    expect((sum & 0xffff) + (sum >>> 16)).toBe(0xffff);
  });

  it("on one: two masters", () => {
    const cluster = sums(v3("v3_checksum_as_v2"), v3().replace("priority 100", "priority 90"));
    expect([cluster.state("n1"), cluster.state("n2")]).toEqual(["MASTER", "MASTER"]);
    expect(cluster.notes.map(({ text }) => text).join()).toContain("its checksum is wrong");
  });

  it("is unknown to 2.2.7, and for all instances in global_defs", () => {
    const old = new Cluster({ n1: node("2.2.7", v3("v3_checksum_as_v2")) });
    expect(old.network.warnings[0]).toMatchObject({ message: "Unknown keyword 'v3_checksum_as_v2'" });
    const globals = ["v3_checksum_as_v2"];
    const cluster = sums(v3("v3_checksum_as_v2"), conf({ priority: 90, lines: ["version 3"], globals }));
    expect(cluster.network.warnings).toEqual([]);
    expect([cluster.state("n1"), cluster.state("n2")]).toEqual(["MASTER", "BACKUP"]);
  });
});

describe("fractions of seconds", () => {
  const checked = conf({
    before: ["vrrp_script chk {", 'script "/bin/true"', "interval 0.25", "weight -20", "}"].join("\n"),
    lines: ["track_script {", "chk", "}"],
  });
  /** From the change of the exit status at 2.1 s to the daemon's knowing of it. */
  const noticed = (version: string) => {
    const cluster = new Cluster({ n1: node(version, checked) });
    cluster.at(2.1, () => cluster.network.script("n1", "chk", 1)).run(4);
    return cluster.notes.find(({ text }) => text === "script chk fails")!.atNs / NS_PER_S - 2.1;
  };

  it("are an interval of 1 s to 2.2.7, and what they are to 2.3.2", () => {
    expect(noticed("2.2.7")).toBeGreaterThan(0.255);
    expect(noticed("2.3.2")).toBeLessThanOrEqual(0.255);
  });
});

describe("two owners", () => {
  const owner = conf({ priority: 255 });
  const owners = (version: string) =>
    new Cluster({ n1: node(version, owner), n2: { ...node(version, owner), autostart: false } });

  it("2.2.7: who hears the other one gives way, and is no owner any more", () => {
    const cluster = owners("2.2.7");
    cluster
      .at(2, () => cluster.network.start("n2"))
      .at(8, () => cluster.network.crash("n2"))
      .run(13);
    const t = cluster.up("n2");
    const late = cluster.said(7, 8, ["n2", "adv"]).at(-1)!.atNs / NS_PER_S;
    expectInTime(cluster.changes(t), [
      [t, "n2 INIT → BACKUP (startup)"],
      [t, "n2 BACKUP → MASTER (master-down-timer)"],
      [t, "n1 MASTER → BACKUP (higher-priority-advert)"],
      [8, "n2 MASTER → STOPPED (crashed)"],
      [late + 3 + 0.007812, "n1 BACKUP → MASTER (master-down-timer)"],
    ]);
    expect(cluster.router("n1").priority).toBe(254);
  });

  it("2.3.3: the lower address gives way, whoever came first, and is an owner again when the other is silent", () => {
    const cluster = owners("2.3.3");
    cluster.at(2, () => cluster.network.start("n2")).run(5);
    expect([cluster.state("n1"), cluster.state("n2")]).toEqual(["BACKUP", "MASTER"]);
    cluster.at(8, () => cluster.network.crash("n2")).run(13);
    expect(cluster.state("n1")).toBe("MASTER");
    expect(cluster.router("n1").priority).toBe(255);
  });

  it("2.3.3: the higher address stays, and asserts itself", () => {
    const cluster = new Cluster({ n1: { ...node("2.3.3", owner), autostart: false }, n2: node("2.3.3", owner) });
    cluster.at(2, () => cluster.network.start("n1")).run(5);
    expect([cluster.state("n1"), cluster.state("n2")]).toEqual(["BACKUP", "MASTER"]);
  });

  it("2.3.3 with owner_ignore_adverts: nobody gives way", () => {
    const stubborn = conf({ priority: 255, lines: ["owner_ignore_adverts"] });
    const cluster = new Cluster({ n1: node("2.3.3", stubborn), n2: node("2.3.3", stubborn) }).run(5);
    expect([cluster.state("n1"), cluster.state("n2")]).toEqual(["MASTER", "MASTER"]);
  });
});

it("a script that is still running: from 2.3.3 on the next run waits for its turn, before that it begins beside", () => {
  const before = script("timeout 5", "fall 3");
  const failing = (version: string) => {
    const host = { ...node(version, conf({ before, lines: TRACK_CHK })), scripts: { chk: { runsNs: 2.5 * NS_PER_S } } };
    const cluster = new Cluster({ n1: host });
    cluster.at(10, () => cluster.network.script("n1", "chk", 1));
    cluster.run(25);
    return cluster.transitions.find(({ to, cause }) => to === "FAULT" && cause === "script-failed")!.atNs / NS_PER_S;
  };
  // Three runs that were launched after 10 s, each 2.5 s long: one a second, or one every three seconds.
  expect(failing("2.2.7")).toBeGreaterThan(14.5);
  expect(failing("2.2.7")).toBeLessThan(15.6);
  expect(failing("2.3.3")).toBeGreaterThan(18.5);
  expect(failing("2.3.3")).toBeLessThan(21.6);
});
