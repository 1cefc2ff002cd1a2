/** What good files mean. */
import { describe, expect, it } from "vitest";
import { NS_PER_MS, NS_PER_S } from "../../../src/base/units.ts";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import type { Scenario } from "../../../src/scenario/model.ts";
import { formatIp, formatMac } from "../../../src/wire/address.ts";
import { FILES, GOOD, memoryFiles, VM_A, VM_B } from "./files.ts";

const load = (text: string): Scenario => loadScenario("dir/x.yaml", text, FILES);

const MINIMAL = `
name: small
until: 1s
subnets: { lan: { cidr: 10.0.1.0/24 } }
hosts: { a: { subnet: lan, address: 10.0.1.1 }, b: { subnet: lan } }
`;

/** A subnet of which nobody said more. */
const PLAIN = { latencyNs: 50_000, profile: null, ageingMs: null, switches: [], links: [], mayStorm: false };

describe("a scenario with every key", () => {
  const scenario = load(GOOD);

  it("has its head", () => {
    expect(scenario).toMatchObject({ file: "dir/x.yaml", name: "havip-failover", seed: 1, untilNs: 30 * NS_PER_S });
    expect(scenario.description).toBe("vm-A holds 10.0.1.50, crashes, vm-B takes over");
  });

  it("has its subnets", () => {
    expect(
      scenario.subnets.map(({ prefixes, position, ...subnet }) => ({
        ...subnet,
        line: position.line,
        prefixes: prefixes.map(({ address, length }) => `${formatIp(address)}/${length}`),
      })),
    ).toEqual([
      { name: "app", line: 6, network: "vpc", multicast: true, ...PLAIN, prefixes: ["10.0.1.0/24"] },
      {
        name: "back",
        line: 11,
        network: "lan",
        multicast: true,
        ...PLAIN,
        prefixes: ["10.0.2.0/24", "2001:db8:2::/64"],
      },
    ]);
  });

  it("has its hosts: the shorthand is a vNIC eth0, a prefix length comes from the subnet unless written", () => {
    const nics = scenario.hosts.flatMap((host) =>
      host.nics.map(
        (nic) =>
          `${host.name}.${nic.name} ${nic.subnet} ${nic.addresses.map(({ address, prefixLength }) => `${formatIp(address)}/${prefixLength}`).join(" ")}`,
      ),
    );
    expect(nics).toEqual([
      "vm-A.eth0 app 10.0.1.11/24",
      "vm-B.eth0 app 10.0.1.12/24",
      "client.eth0 app 10.0.1.100/24",
      "client.eth1 back 10.0.2.100/24 2001:db8:2::100/128",
    ]);
    expect(formatMac(scenario.hosts[0]!.nics[0]!.mac)).toBe("02:00:00:00:00:01");
    expect(scenario.hosts.map(({ autostart, scripts }) => [autostart, scripts.length])).toEqual([
      [true, 1],
      [true, 0],
      [true, 0],
    ]);
    expect(scenario.hosts[0]!.scripts[0]).toMatchObject({ name: "chk", exit: 0, runsNs: 20 * NS_PER_MS });
  });

  it("has the configurations of its hosts, read from the files beside it", () => {
    expect(scenario.hosts[0]!.keepalived).toMatchObject({ path: "dir/vm-a.conf", source: "file", text: VM_A });
    expect(scenario.hosts[0]!.keepalived!.conf.instances[0]).toMatchObject({ name: "VI_1", vrid: 51 });
    expect(scenario.hosts[2]!.keepalived).toBeNull();
  });

  it("has its HAVIPs and probes", () => {
    expect(scenario.havips).toMatchObject([
      { name: "web", subnet: "app", address: Uint8Array.of(10, 0, 1, 50), claimants: ["vm-A", "vm-B"] },
    ]);
    expect(scenario.probes).toMatchObject([
      {
        name: "client-to-web",
        from: "client",
        nic: "eth0",
        to: Uint8Array.of(10, 0, 1, 50),
        kind: "icmp",
        everyNs: 10 * NS_PER_MS,
        fromNs: 5 * NS_PER_S,
        untilNs: 29 * NS_PER_S,
      },
    ]);
  });

  it("has its steps in the order of time", () => {
    expect(scenario.timeline.map(({ atNs, action }) => [atNs / NS_PER_S, action])).toEqual([
      [1, { verb: "script", host: "vm-A", name: "chk", exit: 1 }],
      [2, { verb: "stop", host: "vm-B", daemon: "keepalived" }],
      [3, { verb: "start", host: "vm-B", daemon: "keepalived" }],
      [4, { verb: "link-down", on: { nics: [{ host: "client", nic: "eth1" }] } }],
      [
        5,
        {
          verb: "link-up",
          on: {
            nics: [
              { host: "client", nic: "eth0" },
              { host: "client", nic: "eth1" },
            ],
          },
        },
      ],
      [6, { verb: "partition", groups: [["vm-A"], ["vm-B"], ["client"]] }],
      [7, { verb: "heal" }],
      [8, { verb: "kill", host: "vm-B", daemon: "keepalived", process: "both" }],
      [10, { verb: "crash", machine: "vm-A", hosts: null }],
      [20, { verb: "restore", machine: "vm-A", hosts: null }],
      [30, { verb: "snapshot", name: "after" }],
    ]);
  });

  it("has its expectations with moments, windows and places", () => {
    const address = Uint8Array.of(10, 0, 1, 50);
    const seconds = (from: number, until: number) => ({ fromNs: from * NS_PER_S, untilNs: until * NS_PER_S });
    expect(scenario.expectations.map(({ position, ...rest }) => ({ line: position.line, ...rest }))).toEqual([
      { line: 42, kind: "holder", address, havip: "web", relation: "is", host: "vm-A", nic: null, ...seconds(9, 9) },
      {
        line: 43,
        kind: "outage",
        probe: "client-to-web",
        atMostNs: 3.7 * NS_PER_S,
        atLeastNs: NS_PER_S,
        ...seconds(10, 20),
      },
      {
        line: 44,
        kind: "holder",
        address,
        havip: "web",
        relation: "never",
        host: "client",
        nic: "eth0",
        ...seconds(0, 30),
      },
      { line: 45, kind: "holder", address, havip: "web", relation: "is", host: null, nic: null, ...seconds(1, 2) },
    ]);
  });
});

describe("what may be left out", () => {
  it("has defaults", () => {
    const scenario = load(MINIMAL);
    expect(scenario).toMatchObject({
      seed: 1,
      description: "",
      servers: [],
      havips: [],
      probes: [],
      timeline: [],
      expectations: [],
    });
    expect(scenario.subnets[0]).toMatchObject({ network: "lan", multicast: true, latencyNs: 50_000 });
    expect(scenario.hosts[1]!.nics[0]!.addresses).toEqual([]);
  });

  it("may also be an empty heading", () => {
    expect(load(`${MINIMAL}servers:\nhavips:\nprobes:\ntimeline:\nexpect:\n`).timeline).toEqual([]);
  });

  it("derives MAC addresses that are unique and stay the same when hosts are added", () => {
    const macs = (text: string) => load(text).hosts.flatMap(({ nics }) => nics.map(({ mac }) => formatMac(mac)));
    const [a, b] = macs(MINIMAL);
    expect(a).toMatch(/^02(:[0-9a-f]{2}){5}$/);
    expect(a).not.toBe(b);
    expect(macs(MINIMAL.replace("{ a:", "{ first: { subnet: lan }, a:")).slice(1)).toEqual([a, b]);
    // Somebody else has the address by hand: the next one is drawn.
    const taken = macs(MINIMAL.replace("b: { subnet: lan }", `b: { subnet: lan, mac: "${a}" }`));
    expect(taken[1]).toBe(a);
    expect(taken[0]).not.toBe(a);
  });
});

describe("other ways to write it", () => {
  it("takes a probe's target by the name of a HAVIP or a host", () => {
    const to = (target: string) => formatIp(load(GOOD.replace("to: 10.0.1.50", `to: ${target}`)).probes[0]!.to);
    expect(to("web")).toBe("10.0.1.50");
    expect(to("vm-A")).toBe("10.0.1.11");
  });

  it("takes a window beside the expectation or inside it", () => {
    const inside = load(GOOD.replace(", from: 10s, until: 20s } }", " }, from: 10s, until: 20s }"));
    expect(inside.expectations[1]).toMatchObject({ fromNs: 10 * NS_PER_S, untilNs: 20 * NS_PER_S });
  });

  it("takes a virtual address in place of a HAVIP, with or without one that has it", () => {
    const of = (text: string) => load(GOOD.replace("of: 10.0.1.50", `of: ${text}`)).expectations[2];
    expect(of("10.0.1.50")).toMatchObject({ havip: "web" });
    expect(() => of("10.0.1.51")).toThrow("10.0.1.51 is no virtual address");
    const two = memoryFiles({
      "dir/vm-a.conf": VM_A.replace("10.0.1.50", "10.0.1.50\n10.0.1.51"),
      "dir/vm-b.conf": VM_B,
    });
    const other = loadScenario("dir/x.yaml", GOOD.replace("of: 10.0.1.50", "of: 10.0.1.51"), two).expectations[2];
    expect(other).toMatchObject({ havip: null, address: Uint8Array.of(10, 0, 1, 51) });
  });

  it("takes the whole range of seeds", () => {
    expect(load(GOOD.replace("seed: 1", "seed: 9007199254740991")).seed).toBe(Number.MAX_SAFE_INTEGER);
    expect(load(GOOD.replace("seed: 1", "seed: 0")).seed).toBe(0);
  });

  it("takes Windows line ends and a byte order mark", () => {
    const scenario = load(`\uFEFF${GOOD.replaceAll("\n", "\r\n")}`);
    expect(scenario.hosts.map(({ position }) => `${position.line}:${position.column}`)).toEqual([
      "13:3",
      "20:3",
      "21:3",
    ]);
  });

  it("takes JSON, which is YAML too", () => {
    const scenario = load(
      JSON.stringify({
        name: "json",
        until: "1s",
        subnets: { lan: { cidr: "10.0.1.0/24" } },
        hosts: { constructor: { subnet: "lan", address: "10.0.1.1", keepalived: VM_A } },
      }),
    );
    expect(scenario.hosts[0]).toMatchObject({ name: "constructor", keepalived: { source: "string", text: VM_A } });
  });

  it("may have a map called length where a text or a list belongs", () => {
    for (const value of ["{ length: {} }", "{ length: { length: 1 } }", "{ length: [] }"])
      for (const key of ["switch", "address", "mac", "subnet"]) {
        const text = `name: x\nuntil: 5s\nsubnets: { lan: { cidr: 10.0.0.0/24, network: lan } }\nhosts:\n  a: { ${key}: ${value} }\n`;
        expect(() => loadScenario("x.yaml", text, memoryFiles({})), text).toThrow(/^x\.yaml:5:\d+: error: /m);
      }
  });
});
