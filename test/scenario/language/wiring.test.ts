/** Switches, links and servers: what good files mean, and what people must be told of bad ones. */
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import { FILES, findingsOf, WIRED } from "./files.ts";
import type { Mistake } from "./mistakes-table.ts";

const load = (text: string) => loadScenario("dir/x.yaml", text, FILES);
const warnings = (text: string) =>
  load(text).warnings.map(({ line, column, severity, message }) => `${line}:${column} ${severity} ${message}`);

describe("a scenario with switches, links and servers", () => {
  const scenario = load(WIRED);
  const [lan, ring] = scenario.subnets;

  it("has its switches, with what they say of themselves and what the subnet says", () => {
    expect(lan).toMatchObject({ ageingMs: 60_000, profile: "linux", mayStorm: false });
    expect(lan!.switches.map(({ name, position, ...rest }) => [name, position.line, rest])).toEqual([
      ["core", 9, { ageingMs: null, profile: null }],
      ["rack-1", 10, { ageingMs: 10_000, profile: "linux" }],
      ["rack-2", 11, { ageingMs: null, profile: null }],
    ]);
  });

  it("has its links, loops too where they are allowed", () => {
    expect(lan!.links.map(({ position, ...rest }) => ({ line: position.line, ...rest }))).toEqual([
      { line: 13, name: "uplink-1", between: ["core", "rack-1"], latencyNs: 5_000, bitsPerSecond: 1e9 },
      { line: 14, name: "uplink-2", between: ["core", "rack-2"], latencyNs: null, bitsPerSecond: null },
    ]);
    expect(ring!.mayStorm).toBe(true);
    expect(ring!.links.map(({ between }) => between.join(" "))).toEqual(["a b", "b a", "a a"]);
  });

  it("has its hosts at their switches, and on their servers", () => {
    expect(scenario.hosts.map(({ nics }) => nics[0]!.switch)).toEqual(["rack-1", "rack-2", "core"]);
    expect(scenario.servers.map(({ name, hosts }) => [name, hosts])).toEqual([
      ["server-1", ["vm-A"]],
      ["server-2", ["vm-B", "client"]],
    ]);
  });

  it("has its steps", () => {
    const on = { link: "uplink-2", end: null, way: null };
    const impaired = { verb: "impair", on, direction: "both", forNs: null };
    const loss = (share: number) => ({ loss: { share, burst: null } });
    expect(scenario.timeline.map(({ action }) => action)).toEqual([
      { verb: "link-down", on: { link: "uplink-1" } },
      { verb: "link-up", on: { link: "uplink-1" } },
      { ...impaired, words: loss(1), forNs: 300_000_000 },
      {
        ...impaired,
        on: { ...on, end: "core", way: { from: "rack-2", to: "core" } },
        direction: "in",
        words: loss(0.025),
      },
      { ...impaired, words: loss(0) },
      { verb: "crash", machine: "server-2", hosts: ["vm-B", "client"] },
      { verb: "restore", machine: "server-2", hosts: ["vm-B", "client"] },
    ]);
  });

  it("needs no name for the only switch, named or not", () => {
    const named = `name: x\nuntil: 1s\nsubnets: { lan: { cidr: 10.0.1.0/24, switches: { core: } } }\nhosts: { a: { subnet: lan } }\n`;
    expect(load(named).hosts[0]!.nics[0]!.switch).toBe("core");
    expect(load(named.replace(", switches: { core: }", ", ageing: 1s")).hosts[0]!.nics[0]!.switch).toBeNull();
  });
});

const MISTAKES: Readonly<Record<string, readonly Mistake[]>> = {
  switches: [
    [["rack-1: { ageing: 10s,", "rack-1: { agein: 10s,"], "10:17", "a switch has no key 'agein'", "'ageing'"],
    [["ageing: 60s", "ageing: 60"], "6:13", "expected a duration such as 300s, got the number 60", "60ms or 60s"],
    [["ageing: 60s", "ageing: 300h"], "6:13", "300h is longer than 1,000,000 s", "300s"],
    [["ageing: 60s", "ageing: 1.5us"], "6:13", "1.5us is no whole number of milliseconds", "300s"],
    [
      ["profile: linux\n", "profile: cisco\n"],
      "7:14",
      "profile: expected the name of a switch such as ovs, got 'cisco'",
      "known: linux, ovs, vde, dynamips, gvisor, ns3, inet",
    ],
    [["profile: linux\n", "profile: linx\n"], "7:14", "got 'linx'", "did you mean 'linux'?"],
    [["profile: linux\n", "profile: openvswitch\n"], "7:14", "got 'openvswitch'", "Open vSwitch is ovs; known: linux"],
    [["profile: linux\n", "profile: 5\n"], "7:14", "got the number 5", ""],
    [["core: {}", "co re: {}\n      core: {}"], "9:7", "expected a name such as core, got 'co re'", "letters"],
    [["core: {}", "core: 1"], "9:13", "expected a switch such as { ageing: 300s }, or {}, got the number 1", ""],
    [["switches: { a: , b: }", "switches: {}"], "18:15", "switches: expected 1 to 64 names", ""],
    [
      ["switches: { a: , b: }", "switches: [a, b]"],
      "18:15",
      "got a list of 2",
      "names are keys here, each with its value: { a: …, b: … }",
    ],
    [["switches: { a: , b: }", "switches: [1]"], "18:15", "got a list of 1", "{ name: … }"],
    [["storm: allow", "storm: yes"], "17:12", "storm: expected allow, got 'yes'", "leave the key out"],
  ],
  links: [
    [["[core, rack-2]", "[core, rak-2]"], "14:35", "there is no switch 'rak-2'", "did you mean 'rack-2'?"],
    [
      ["[core, rack-2]", "[core]"],
      "14:28",
      "between: expected two switches such as [core, rack-1], got a list of 1",
      "name both ends",
    ],
    [["[core, rack-2]", "[core, rack-1, rack-2]"], "14:28", "expected two switches", "a link has two ends"],
    [["[core, rack-2]", "core"], "14:28", "expected two switches", "between brackets"],
    [["{ between: [core, rack-2] }", "{}"], "14:7", "uplink-2: a link needs the key 'between'", "two switches"],
    [["latency: 5us", "latency: 11s"], "13:53", "11s is longer than 10s", "5us"],
    [["rate: 1gbit", "rate: 1Gb/s"], "13:64", "expected a rate such as 1gbit, got '1Gb/s'", "100mbit"],
    [["rate: 1gbit", "rate: 10kbit"], "13:64", "expected a rate", "from 1mbit to 400gbit"],
    [["rate: 1gbit", "endpoints: []"], "13:58", "a link has no key 'endpoints'", "between, latency, rate"],
    [
      ["      uplink-2: {", "      up.link: { between: [core, rack-2] }\n      uplink-2: {"],
      "14:7",
      "expected a link name such as uplink-1, got 'up.link'",
      "letters",
    ],
    [["links: { x:", "links: { uplink-1:"], "19:14", "'uplink-1' is the name of a link already (line 13)", "share"],
  ],
  loops: [
    [
      ["      uplink-2:", "      patch: { between: [rack-2, rack-1] }\n      uplink-2:"],
      "15:7",
      "link 'uplink-2' closes a loop: core – rack-1 – rack-2 – core; a broadcast would circle for ever",
      "leave out one of uplink-1, patch, uplink-2, or say storm: allow",
    ],
    [
      ["      uplink-2:", "      spare: { between: [rack-1, core] }\n      uplink-2:"],
      "14:7",
      "link 'spare' closes a loop: rack-1 – core – rack-1;",
      "leave out one of uplink-1, spare",
    ],
    [
      ["      uplink-2:", "      self: { between: [core, core] }\n      uplink-2:"],
      "14:7",
      "link 'self' closes a loop: core – core;",
      "leave it out, or say storm",
    ],
  ],
  hosts: [
    [
      ["switch: rack-1, addr", "switch: rack-9, addr"],
      "21:32",
      "there is no switch 'rack-9'",
      "did you mean 'rack-1'?",
    ],
    [
      ["switch: rack-1, address", "address"],
      "21:3",
      "which switch of subnet 'lan' is 'vm-A' plugged into?",
      "core, rack-1 or rack-2",
    ],
    [["subnet: lan, switch: core, ", "subnet: lan, "], "23:21", "which switch of subnet 'lan' is 'eth0'", "rack-2"],
    [["client: { nics", "client: { switch: core, nics"], "23:13", "both 'nics' and 'switch'", "write it there"],
    [
      ["  vm-A: {", "  uplink-2: { subnet: lan, switch: core }\n  vm-A: {"],
      "21:3",
      "'uplink-2' is the name of a link already (line 14)",
      "share their names",
    ],
  ],
  "the cloud": [
    [["    ageing: 60s\n    profile: linux\n", "    network: vpc\n"], "7:5", "a vpc has no 'switches'", "network: lan"],
  ],
  servers: [
    [
      ["server-1: { hosts: [vm-A] }", "server-1: {}"],
      "25:3",
      "server-1: a server needs the key 'hosts'",
      "[vm-A, vm-B]",
    ],
    [
      ["hosts: [vm-A] }", "hosts: [] }"],
      "25:22",
      "expected a list of hosts such as [vm-A, vm-B], got an empty list",
      "",
    ],
    [["hosts: [vm-A] }", "hosts: [vm-a] }"], "25:23", "there is no host 'vm-a'", "did you mean 'vm-A'?"],
    [["hosts: [vm-A] }", "hosts: [vm-A, vm-A] }"], "25:29", "'vm-A' stands here twice", "once"],
    [
      ["hosts: [vm-B, client] }", "hosts: [vm-B, vm-A] }"],
      "26:29",
      "'vm-A' stands on server 'server-1' already",
      "one server",
    ],
    [["  server-1:", "  client:"], "25:3", "'client' is the name of a host already (line 23)", "share"],
  ],
  timeline: [
    [
      ["crash: server-2", "crash: serve-2"],
      "33:22",
      "there is no host or server 'serve-2'",
      "did you mean 'server-2'?",
    ],
    [
      ["link-down: uplink-1", "link-down: uplink-9"],
      "28:26",
      "there is no host or link 'uplink-9'",
      "did you mean 'uplink-1'?",
    ],
    [
      ["link-down: uplink-1", "link-down: server-1"],
      "28:26",
      "'server-1' is a server, and cables end at hosts",
      "a link",
    ],
  ],
};

for (const [group, mistakes] of Object.entries(MISTAKES))
  describe(`a mistake in ${group}`, () => {
    it.each(mistakes.map((mistake) => [mistake[2], mistake] as const))(
      "%s",
      (_, [[wrong, right], place, message, hint]) => {
        expect(WIRED).toContain(wrong);
        const findings = findingsOf(WIRED.replace(wrong, () => right));
        const [finding] = findings;
        expect(findings.map(({ line, column, message: text }) => `${line}:${column} ${text}`)).toHaveLength(
          group === "the cloud" ? 2 : 1,
        );
        expect(`${finding!.line}:${finding!.column}`).toBe(place);
        expect(finding!.message).toContain(message);
        expect(finding!.hint ?? "").toContain(hint);
      },
    );
  });

describe("warnings", () => {
  /** Three hosts of one virtual router; `links`, `servers` and `more` as they stand in the file. */
  const trio = (links: string, servers: string, more = "") => `name: trio
until: 1s
subnets:
  lan:
    cidr: 10.0.1.0/24
    switches: { x: , y: , z: }
    links: { ${links} }
hosts:
  a: { subnet: lan, switch: x, address: 10.0.1.1, keepalived: vm-a.conf }
  b: { subnet: lan, switch: y, address: 10.0.1.2, keepalived: vm-b.conf }
  c: { subnet: lan, switch: z, address: 10.0.1.3 }
servers: { ${servers} }
${more}`;
  const TREE = "xy: { between: [x, y] }, yz: { between: [y, z] }";

  it("there are none where everything hangs together and is spread", () => {
    expect(warnings(WIRED)).toEqual([]);
    expect(warnings(trio(TREE, "s: { hosts: [a, c] }, t: { hosts: [b] }"))).toEqual([]);
  });

  it("of switches that no link leads to", () => {
    expect(warnings(trio("xz: { between: [z, x] }", ""))).toEqual([
      "6:22 warning switch 'y' has no link to x, z: frames do not get from one to the other",
    ]);
    expect(warnings(trio("yz: { between: [y, z] }", ""))).toEqual([
      "6:22 warning switches y, z have no link to x: frames do not get from one to the other",
    ]);
    expect(warnings(trio("", ""))).toHaveLength(2);
  });

  it("of a server that takes a whole virtual router with it", () => {
    const [warning] = load(trio(TREE, "s: { hosts: [c, b, a] }")).warnings;
    expect(warning).toMatchObject({ file: "dir/x.yaml", line: 12, column: 24, severity: "warning" });
    expect(warning!.message).toBe(
      "virtual router 51 (10.0.1.50): both a and b stand on 's'; when it fails, nobody is left to take over",
    );
    expect(warning!.hint).toContain("placement group with anti-affinity");
  });

  it("of a server that takes all claimants with it: once, if they are the router's hosts", () => {
    const claimants = (names: string) =>
      warnings(trio(TREE, "s: { hosts: [a, b, c] }", `havips: { v: { subnet: lan, address: 10.0.1.50${names} } }\n`));
    expect(claimants(", claimants: [b, a]")).toEqual([
      "12:24 warning HAVIP 'v' (10.0.1.50): both b and a stand on 's'; when it fails, nobody is left to take over",
    ]);
    expect(claimants(", claimants: [a, b, c]")).toEqual([expect.stringContaining("all of a, b, c stand on 's'")]);
    expect(claimants(", claimants: [c]")).toEqual([expect.stringContaining("virtual router 51")]);
    expect(claimants("")).toEqual([expect.stringContaining("virtual router 51")]);
  });

  it("of the same address in different virtual routers", () => {
    const files = {
      ...FILES,
      read: (path: string) => FILES.read(path)?.replace("router_id 51", routerOf(path)) ?? null,
    };
    const routerOf = (path: string) => (path.includes("vm-a") ? "router_id 7" : "router_id 8");
    const { warnings: found } = loadScenario("dir/x.yaml", trio(TREE, "s: { hosts: [a, b] }"), files);
    expect(found.map(({ message }) => message)).toEqual([
      "virtual address 10.0.1.50: both a and b stand on 's'; when it fails, nobody is left to take over",
    ]);
  });
});
