/** The library's front door: building a network, what it refuses, faults, and that it comes to rest. */
import { describe, expect, it } from "vitest";
import type { PortId } from "../../src/base/ids.ts";
import { NS_PER_S } from "../../src/base/units.ts";
import { Network } from "../../src/sim/network.ts";
import { ConfigError } from "../../src/text/config-error.ts";
import { formatIp } from "../../src/wire/address.ts";
import { conf, script, TRACK_CHK } from "../guest/keepalived/cluster.ts";

function network(): Network {
  const made = new Network({ seed: 1 });
  made.addSubnet("lan", { cidr: ["10.0.0.0/24", "2001:db8::/64"] });
  made.addHost("a", { subnet: "lan", address: "10.0.0.1", keepalived: conf({ before: script(), lines: TRACK_CHK }) });
  made.addHost("b", { subnet: "lan", address: "10.0.0.2" });
  return made;
}

describe("a network", () => {
  it.each([-1, 1.5, Number.NaN, 2 ** 53])("has no seed %s", (seed) => {
    expect(() => new Network({ seed })).toThrow(`${seed} is no seed`);
  });

  it("keeps what keepalived would complain about", () => {
    const made = network();
    const keepalived = conf().replace("priority", "priorty 3\n priority");
    made.addHost("x", { subnet: "lan", address: "10.0.0.3", keepalived });
    expect(made.warnings.map(({ message }) => message)).toEqual(["Unknown keyword 'priorty'"]);
  });

  it("keeps nothing of a host that it refuses: no port, no address, no name", () => {
    const made = network();
    const { ports } = made.fabric.switches[0]!.bridge;
    const { count } = ports;
    const keepalived = conf().replace("eth0", "eth7");
    const options = { subnet: "lan", address: "10.0.0.3", mac: "02:00:00:00:00:33" };
    expect(() => made.addHost("x", { ...options, keepalived })).toThrow(ConfigError);
    expect(made.fabric.ports).toHaveLength(count);
    expect(ports.count).toBe(count);
    expect(made.warnings).toEqual([]);
    expect(made.addHost("x", options).name).toBe("x");
  });

  it("boots a host that comes while it runs", () => {
    const made = network();
    made.at("1s", () => {
      made.addHost("x", { subnet: "lan", address: "10.0.0.3" });
      made.addProbe("p", { from: "x", to: "10.0.0.2", every: "10ms" });
    });
    made.run("2s");
    expect(made.probes.get("p")!.answered).toBe(made.probes.get("p")!.sent - 1);
  });

  it("ends when a listener throws, and can go on: nothing was cut in half", () => {
    const made = network();
    const states: string[] = [];
    made.events.on("vrrp", ({ to }) => {
      states.push(to);
      throw new Error(`no ${to}`);
    });
    expect(() => made.run("9s")).toThrow("no BACKUP");
    expect(() => made.run("9s")).toThrow("no MASTER");
    made.run("9s");
    expect(states).toEqual(["BACKUP", "MASTER"]);
  });

  it("has no probe or HAVIP twice", () => {
    const made = network();
    made.addProbe("p", { from: "a", to: "10.0.0.2", every: "10ms" });
    expect(() => made.addProbe("p", { from: "b", to: "10.0.0.1", every: "10ms" })).toThrow(
      "there is a probe p already",
    );
    made.addHavip("v", { subnet: "lan", address: "10.0.0.9" });
    expect(() => made.addHavip("v", { subnet: "lan", address: "10.0.0.8" })).toThrow("there is a HAVIP v already");
  });
});

describe("what cannot be", () => {
  it.each([
    ["a subnet twice", (n: Network) => n.addSubnet("lan", { cidr: "10.0.1.0/24" }), "there is a subnet lan already"],
    ["a prefix that is none", (n: Network) => n.addSubnet("x", { cidr: "10.0.1.0/33" }), "is no address or prefix"],
    [
      "a latency that is none",
      (n: Network) => n.addSubnet("x", { cidr: "10.0.1.0/24", latency: "fast" }),
      "is no duration",
    ],
    ["a negative latency", (n: Network) => n.addSubnet("x", { cidr: "10.0.1.0/24", latency: -1 }), "is no duration"],
    ["a host twice", (n: Network) => n.addHost("a", { subnet: "lan" }), "there is a host a already"],
    ["a host in no subnet", (n: Network) => n.addHost("x", {}), "host x is in no subnet"],
    ["a host in an unknown subnet", (n: Network) => n.addHost("x", { subnet: "lam" }), "there is no subnet lam"],
    ["a host without a NIC", (n: Network) => n.addHost("x", { nics: {} }), "host x has no NIC"],
    ["a MAC that is none", (n: Network) => n.addHost("x", { subnet: "lan", mac: "02:00" }), "is no MAC address"],
    [
      "an address that is none",
      (n: Network) => n.addHost("x", { subnet: "lan", address: "10.0.0" }),
      "is no address or prefix",
    ],
    [
      "an address outside the subnet",
      (n: Network) => n.addHost("x", { subnet: "lan", address: "192.168.0.1" }),
      "outside",
    ],
    ["an address twice", (n: Network) => n.addHost("x", { subnet: "lan", address: "10.0.0.2" }), "is b.eth0's already"],
    [
      "an interface that the host lacks",
      (n: Network) =>
        n.addHost("x", { subnet: "lan", address: "10.0.0.3", keepalived: conf().replace("eth0", "eth7") }),
      "interface eth7",
    ],
    [
      "a HAVIP outside its subnet",
      (n: Network) => n.addHavip("v", { subnet: "lan", address: "10.0.9.9" }),
      "outside its subnet",
    ],
    [
      "a HAVIP in an unknown subnet",
      (n: Network) => n.addHavip("v", { subnet: "x", address: "10.0.0.9" }),
      "there is no subnet x",
    ],
    [
      "a HAVIP of an unknown host",
      (n: Network) => n.addHavip("v", { subnet: "lan", address: "10.0.0.9", claimants: ["z"] }),
      "there is no host z",
    ],
    [
      "a HAVIP without an address",
      (n: Network) => n.addHavip("v", { subnet: "lan", address: "web" }),
      "is no IP address",
    ],
    [
      "a probe to another subnet",
      (n: Network) => n.addProbe("p", { from: "b", to: "10.9.9.9", every: "1s" }),
      "is in no subnet of b",
    ],
    [
      "a probe without a pause",
      (n: Network) => n.addProbe("p", { from: "b", to: "10.0.0.1", every: 0 }),
      "has no pause",
    ],
    [
      "a probe in the past",
      (n: Network) => n.addProbe("p", { from: "b", to: "10.0.0.1", every: "1s", start: "1s" }),
      "1.000 s has passed",
    ],
    ["an action in the past", (n: Network) => n.at("1s", () => undefined), "1.000 s has passed"],
    ["a moment that is none", (n: Network) => n.at("soon", () => undefined), "is no duration"],
    ["faults of unknown hosts", (n: Network) => n.crash("z"), "there is no host z"],
    ["a daemon where there is none", (n: Network) => n.stop("b"), "b runs no keepalived"],
    ["a link of an unknown NIC", (n: Network) => n.linkDown("a", "eth9"), "a has no NIC eth9"],
    ["an unknown script", (n: Network) => n.script("a", "chck", 1), "a has no vrrp_script chck"],
    ["a partition of unknown hosts", (n: Network) => n.partition([["a"], ["z"]]), "there is no host z"],
    ["outages of an unknown probe", (n: Network) => n.outagesOf("p"), "there is no probe p"],
  ])("%s is refused", (_what, act, message) => {
    const made = network();
    made.run("2s");
    expect(() => act(made)).toThrow(ConfigError);
    expect(() => act(made)).toThrow(message);
  });

  it("two NICs with one MAC", () => {
    const made = network();
    made.addHost("x", { subnet: "lan", mac: "02:00:00:00:00:07" });
    expect(() => made.addHost("y", { subnet: "lan", mac: "02:00:00:00:00:07" })).toThrow(
      "the MAC of y.eth0 is another NIC's",
    );
  });

  it("a configuration that keepalived would not run with is refused as a whole: the name is free afterwards", () => {
    const made = network();
    expect(() =>
      made.addHost("x", { subnet: "lan", keepalived: "vrrp_instance VI_1 {\n interface eth0\n}\n" }),
    ).toThrow(ConfigError);
    made.addHost("x", { subnet: "lan", address: "10.0.0.3" });
    expect(made.host("x").software).toEqual([]);
  });
});

describe("building", () => {
  it("a prefix length is the subnet's unless written", () => {
    const made = network();
    made.addHost("x", { subnet: "lan", address: ["10.0.0.7", "10.0.0.8/28", "2001:db8::7"] });
    made.run("1ms");
    expect(
      made
        .host("x")
        .nics[0]!.addresses.map(({ ip, prefixLength }) => `${formatIp(ip)}/${prefixLength}`)
        .slice(0, 3),
    ).toEqual(["10.0.0.7/24", "10.0.0.8/28", "2001:db8::7/64"]);
  });

  it("derived MACs depend on the names alone", () => {
    const macOf = (before: readonly string[]) => {
      const made = network();
      for (const name of before) made.addHost(name, { subnet: "lan" });
      return made.addHost("x", { subnet: "lan" }).nics[0]!.macText;
    };
    expect(macOf([])).toBe(macOf(["y", "z"]));
    expect(macOf([])).toMatch(/^02:/);
  });

  it("hosts and probes may come while time passes", () => {
    const made = network();
    made.run("5s");
    made.addHost("late", { subnet: "lan", address: "10.0.0.9" });
    const probe = made.addProbe("p", { from: "late", to: "10.0.0.1", every: "100ms" });
    made.run("6s");
    expect([probe.sent, probe.answered]).toEqual([11, 10]);
    expect(probe.sentNs[0]).toBe(5 * NS_PER_S);
  });
});

describe("frames", () => {
  it("take their subnet's latency twice: to the switch and from it", () => {
    const made = new Network({ seed: 1 });
    made.addSubnet("slow", { cidr: "10.0.1.0/24", latency: "3ms" });
    made.addHost("x", { subnet: "slow", address: "10.0.1.1" });
    made.addHost("y", { subnet: "slow", address: "10.0.1.2" });
    const probe = made.addProbe("p", { from: "x", to: "10.0.1.2", every: "1s", start: "1s" });
    made.run("3s");
    // The first waits for ARP: four crossings more.
    expect(Array.from(probe.answeredNs.subarray(0, 2), (atNs) => atNs / NS_PER_S)).toEqual([1.024, 2.012]);
  });

  it("stay in their subnet", () => {
    const made = network();
    made.addSubnet("other", { cidr: "10.0.0.0/24" });
    made.addHost("x", { subnet: "other", address: "10.0.0.9" });
    const probe = made.addProbe("p", { from: "x", to: "10.0.0.1", every: "1s" });
    made.run("5s");
    expect(probe.answered).toBe(0);
  });

  it("cross a partition only inside a group; who is not named is in one more", () => {
    const made = network();
    made.addHost("c", { subnet: "lan", address: "10.0.0.3" });
    made.addHost("d", { subnet: "lan", address: "10.0.0.4" });
    const across = made.addProbe("across", { from: "c", to: "10.0.0.1", every: "1s", start: "1s" });
    const within = made.addProbe("within", { from: "c", to: "10.0.0.4", every: "1s", start: "1s" });
    made.partition([["a"], ["b"]]);
    made.run("5.5s");
    expect([across.answered, within.answered]).toEqual([0, 5]);
    made.addHost("e", { subnet: "lan", address: "10.0.0.5" });
    const late = made.addProbe("late", { from: "e", to: "10.0.0.4", every: "1s" });
    made.run("6.9s");
    expect(late.answered).toBe(2);
    made.heal();
    made.run("10.5s");
    expect(across.answered).toBeGreaterThan(3);
  });

  it("that were dropped are told of, with the reason, while somebody listens", () => {
    const made = network();
    const causes: string[] = [];
    made.events.on("dropped", ({ port, cause }) => causes.push(`${port} ${cause}`));
    made.partition([["a"], ["b"]]);
    made.run("2s");
    expect(causes).toContain("a.eth0 partitioned");
  });
});

describe("rest", () => {
  it.each(["stop", "kill", "crash"] as const)("after %s no frame is in use and nothing more happens", (verb) => {
    const made = network();
    made.addProbe("p", { from: "b", to: "10.0.0.100", every: "10ms", end: "8s" });
    made.at("6s", () => made[verb]("a"));
    made.run("12s");
    expect(made.fabric.slab.inUse).toBe(0);
    const { ports } = made.fabric.switches[0]!.bridge;
    const counted = () => Array.from({ length: ports.count }, (_, port) => ports.counters(port as PortId).rxFrames);
    const frames = counted();
    made.run("600s");
    // A killed daemon's address is still asked for by nobody; caches are verified for a while, and then there is silence.
    const later = counted();
    made.run("1200s");
    expect(counted()).toEqual(later);
    expect(later[0]! - frames[0]!).toBeLessThan(10);
  });

  it("a network in which nothing was ever started stays empty", () => {
    const made = new Network();
    made.addSubnet("lan", { cidr: "10.0.0.0/24" });
    made.addHost("x", { subnet: "lan", address: "10.0.0.1" });
    made.run("3600s");
    const { rxFrames } = made.fabric.switches[0]!.bridge.ports.counters(0 as PortId);
    expect([made.nowNs, made.fabric.slab.inUse, rxFrames]).toEqual([3600 * NS_PER_S, 0, 0]);
  });

  it("time is not let on from within", () => {
    const made = network();
    made.run("5s");
    made.at("6s", () => made.run("8s"));
    expect(() => made.run("7s")).toThrow("the network is running already");
    made.run("7s");
    expect(made.nowNs).toBe(7 * NS_PER_S);
  });
});
