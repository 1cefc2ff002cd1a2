/** `keepalived: { file, config, version }`, `reload` and `command`: what is read, and what a person is told who wrote it wrong. */
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import type { Scenario } from "../../../src/scenario/model.ts";
import { ConfigError } from "../../../src/text/config-error.ts";
import { memoryFiles, VM_A } from "./files.ts";

const FILES = memoryFiles({
  "dir/vm-a.conf": VM_A,
  "dir/newer.conf": VM_A.replace("  priority", "  version 3\n  v3_checksum_as_v2\n  priority"),
  "dir/foreign.conf": VM_A.replace(
    "  priority",
    "  unicast_src_ip 10.0.1.77\n  unicast_peer {\n    10.0.1.12\n  }\n  priority",
  ),
  "dir/wrong.conf": VM_A.replace("eth0", "eth7"),
});

const withHost = (keepalived: string, step = "") => `name: x
until: 9s
subnets: { app: { cidr: 10.0.1.0/24 } }
hosts:
  vm-A:
    subnet: app
    address: 10.0.1.11
    keepalived: ${keepalived}
  client: { subnet: app, address: 10.0.1.100 }
${step === "" ? "" : `timeline:\n  - { at: 1s, ${step} }\n`}`;

const load = (text: string): Scenario => loadScenario("dir/x.yaml", text, FILES);

/** `8:17 message` of each finding, with its hint. */
function findings(text: string): string[] {
  try {
    load(text);
  } catch (error) {
    if (error instanceof ConfigError)
      return error.findings.map(
        ({ file, line, column, message, hint }) => `${file}:${line}:${column} ${message} (${hint})`,
      );
    throw error;
  }
  return [];
}
const version = (scenario: Scenario) => scenario.hosts[0]!.keepalived!.conf.version.name;

describe("a keepalived of a version", () => {
  it.each([
    ["vm-a.conf", "2.2.7"],
    ["{ file: vm-a.conf }", "2.2.7"],
    ["{ file: vm-a.conf, version: 2.3.4 }", "2.3.4"],
    ['{ file: vm-a.conf, version: "2.2.8" }', "2.2.8"],
  ])("%s is %s", (keepalived, name) => {
    expect(version(load(withHost(keepalived)))).toBe(name);
  });

  it("may have its configuration inside, whose lines keep their places", () => {
    const block = (text: string) => `\n      version: 2.3.4\n      config: |\n${text.replace(/^(?=.)/gm, "        ")}`;
    expect(version(load(withHost(block(VM_A))))).toBe("2.3.4");
    expect(findings(withHost(block(VM_A.replace("eth0", "eth7"))))[0]).toMatch(/^dir\/x\.yaml:17:21 .*eth7/);
  });

  it("decides which keywords are known", () => {
    expect(load(withHost("newer.conf")).warnings[0]!.message).toBe("Unknown keyword 'v3_checksum_as_v2'");
    expect(load(withHost("{ file: newer.conf, version: 2.2.8 }")).warnings).toEqual([]);
  });

  it("decides what is a fault", () => {
    expect(load(withHost("foreign.conf")).warnings[0]!.message).toContain("src address not configured");
    expect(load(withHost("{ file: foreign.conf, version: 2.3.3 }")).warnings).toEqual([]);
  });

  it.each([
    [
      "{ file: vm-a.conf, version: 2.1.0 }",
      "dir/x.yaml:8:45 version: expected a version of keepalived, got '2.1.0' (known: 2.2.7, 2.2.8,",
    ],
    [
      "{ file: vm-a.conf, version: 2.3 }",
      "dir/x.yaml:8:45 version: expected a version of keepalived, got the number 2.3",
    ],
    ["{ version: 2.3.4 }", "dir/x.yaml:8:5 keepalived: where is its configuration? (file: vm-a.conf, or config: |"],
    ["{ file: vm-a.conf, config: x }", "dir/x.yaml:8:36 a keepalived has a file or a config, not both"],
    ["{ file: no.conf }", "dir/x.yaml:8:25 file: there is no file 'dir/no.conf' that could be read"],
    ["{ path: vm-a.conf }", "dir/x.yaml:8:19 a keepalived has no key 'path' (known: file, config, version)"],
    ["[vm-a.conf]", "dir/x.yaml:8:17 keepalived: expected the path of a keepalived.conf"],
  ])("%s is refused", (keepalived, message) => {
    const found = findings(withHost(keepalived));
    expect(found[0]).toContain(message);
  });
});

describe("reload", () => {
  it("reads the new configuration as the version that runs", () => {
    const step = "reload: { host: vm-A, keepalived: newer.conf }";
    expect(load(withHost("vm-a.conf", step)).warnings.map(({ message }) => message)).toEqual([
      "Unknown keyword 'v3_checksum_as_v2'",
    ]);
    const newer = load(withHost("{ file: vm-a.conf, version: 2.3.4 }", step));
    expect(newer.warnings).toEqual([]);
    expect(newer.timeline[0]!.action).toMatchObject({
      verb: "reload",
      keepalived: { conf: { version: { name: "2.3.4" } } },
    });
  });

  it.each([
    ["{ host: vm-A, keepalived: no.conf }", "dir/x.yaml:11:49 keepalived: there is no file 'dir/no.conf'"],
    ["{ host: vm-A, keepalived: wrong.conf }", "dir/wrong.conf:7:13 "],
    ["{ host: client, keepalived: vm-a.conf }", "dir/x.yaml:11:31 host: 'client' runs no keepalived"],
    ["{ host: vm-A }", "dir/x.yaml:11:15 reload: a `reload` step needs the key 'keepalived'"],
    ["vm-A", "dir/x.yaml:11:23 reload: expected { host: vm-A, keepalived: vm-a2.conf }, got 'vm-A'"],
  ])("%s is refused", (value, message) => {
    expect(findings(withHost("vm-a.conf", `reload: ${value}`))[0]).toContain(message);
  });
});

describe("kill, pause and resume", () => {
  it.each([
    [
      "kill: { host: vm-A, process: grandchild }",
      "dir/x.yaml:11:44 process: expected parent, child or both, got 'grandchild'",
    ],
    [
      "kill: { host: vm-A, proces: child }",
      "dir/x.yaml:11:35 { host, process } has no key 'proces' (did you mean 'process'?",
    ],
    ["kill: client", "dir/x.yaml:11:21 kill: 'client' runs no keepalived"],
    ["pause: vm-B", "dir/x.yaml:11:22 pause: there is no host 'vm-B'"],
    ["resume: [vm-A]", "dir/x.yaml:11:23 resume: expected a host's or a server's name such as vm-A"],
  ])("%s is refused", (step, message) => {
    expect(findings(withHost("vm-a.conf", step))[0]).toContain(message);
  });
});

describe("command", () => {
  const command = (run: string, host = "vm-A") =>
    findings(withHost("vm-a.conf", `command: { host: ${host}, run: "${run}" }`));

  it.each([
    "ip addr add 10.0.1.50/32 dev eth0",
    "  ip  a  del 10.0.1.11/24  dev eth0 ",
    "ip address delete fe80::1/64 dev eth0",
    "ip addr add 2001:db8::1/64 dev eth0 nodad",
    "ip addr add 10.0.9.50/32 dev lo",
    "ip addr add 10.0.1.0/31 dev eth0",
    "ip addr add 10.0.1.255/32 dev eth0",
    "ip addr add ::1/128 dev lo",
    "ip route add default via fe80::1 dev eth0",
    "ip route del default via fe80::1",
    "ip link set eth0 down",
    "ip link set dev eth0 up",
    "ip link set eth0 address 02:00:00:00:00:99",
    "ip neigh add 10.0.1.9 lladdr 02:00:00:00:00:09 dev eth0",
    "ip n replace 10.0.1.9 dev eth0 lladdr 02:00:00:00:00:09 nud stale",
    "ip neigh del 10.0.1.9 dev eth0",
    "ip neigh flush dev eth0",
    "ip route add default via 10.0.1.1",
    "ip route replace 10.9.0.0/16 dev eth0 src 10.0.1.11",
    "ip r del 10.9.0.0/16",
    "sysctl -w net.ipv4.conf.eth0.arp_ignore=1",
    "sysctl net.ipv6.neigh.default.gc_thresh3=64",
    "arping -U -c 3 -I eth0 10.0.1.50",
    "arping -c 1 -A -I eth0 10.0.1.50",
  ])("%s is understood", (run) => {
    expect(command(run)).toEqual([]);
  });

  it.each([
    ["ip addr show", "ip addr add ADDRESS/LENGTH dev NIC [nodad], ip addr del ADDRESS/LENGTH dev NIC"],
    ["ip addr add 10.0.1.50/32", "ip addr add ADDRESS/LENGTH dev NIC [nodad], ip addr del ADDRESS/LENGTH dev NIC"],
    [
      "ip addr add 10.0.1.50/32 dev eth0 dev eth0",
      "ip addr add ADDRESS/LENGTH dev NIC [nodad], ip addr del ADDRESS/LENGTH dev NIC",
    ],
    ["ip addr flush dev eth0", "ip addr add ADDRESS/LENGTH dev NIC [nodad], ip addr del ADDRESS/LENGTH dev NIC"],
    ["ip link set eth0 mtu 9000", "ip link set NIC up, ip link set NIC down, ip link set NIC address MAC"],
    ["ip link show", "ip link set NIC up, ip link set NIC down, ip link set NIC address MAC"],
    ["ip route get 10.0.1.1", "ip route add|replace|del PREFIX|default [via ADDRESS] [dev NIC] [src ADDRESS]"],
    ["ip route add 10.9.0.0/16", "ip route add|replace|del PREFIX|default [via ADDRESS] [dev NIC] [src ADDRESS]"],
    ["ip rule add", "ip addr, ip link set, ip neigh, ip route"],
    ["sysctl -a", "sysctl -w net.ipv4.conf.eth0.arp_ignore=1"],
    ["sysctl -w net.ipv4.conf.eth0.arp_ignore=yes", "sysctl -w net.ipv4.conf.eth0.arp_ignore=1"],
    ["arping 10.0.1.50", "arping -U|-A -c COUNT -I NIC ADDRESS"],
    ["arping -D -c 1 -I eth0 10.0.1.50", "arping -U|-A -c COUNT -I NIC ADDRESS"],
    ["rm -rf /", "ip addr, ip link set, ip neigh, ip route, sysctl -w, arping"],
  ])("%s is not, and what is is said", (run, understood) => {
    const hint = `(understood: ${understood})`;
    expect(command(run)).toEqual([`dir/x.yaml:11:43 run: '${run}' is not understood here ${hint}`]);
  });

  it.each([
    ["ip addr add 10.0.1.500/32 dev eth0", "run: '10.0.1.500/32' is no address (understood"],
    ["ip addr add 10.0.1.50 dev eth0", "run: 10.0.1.50 has no prefix length (10.0.1.50/32 is the address alone)"],
    ["ip addr add 10.0.1.50/32 dev eth1", "run: 'vm-A' has no vNIC 'eth1' (did you mean 'eth0'? known: eth0, lo)"],
    [
      "ip addr add 224.0.0.18/32 dev eth0",
      "run: 224.0.0.18 is a group's address, no host can have it (an address of one",
    ],
    ["ip addr add ff02::12/128 dev lo", "run: ff02::12 is a group's address, no host can have it"],
    ["ip addr add 0.0.0.0/0 dev eth0", "run: 0.0.0.0 is nobody's address, no host can have it"],
    ["ip addr add ::/64 dev eth0", "run: :: is nobody's address, no host can have it"],
    ["ip addr add 255.255.255.255/32 dev eth0", "run: 255.255.255.255 is everybody's address, no host can have it"],
    ["ip addr add 10.0.1.255/24 dev eth0", "run: 10.0.1.255 is the broadcast address of 10.0.1.0/24, no host can have"],
    ["ip addr add 10.0.1.0/24 dev eth0", "run: 10.0.1.0 names 10.0.1.0/24 itself, no host can have it"],
    ["ip addr del 224.0.0.18/32 dev eth0", "run: 224.0.0.18 is a group's address, no host can have it"],
    ["ip addr add ::1/128 dev eth0", "run: ::1 is for the loopback alone (dev lo)"],
    ["ip link set eth1 up", "run: 'vm-A' has no vNIC 'eth1' (did you mean 'eth0'? known: eth0)"],
    ["ip link set eth0 address 03:00:00:00:00:01", "no MAC address of a vNIC (six octets, the first one even"],
    ["ip neigh add 10.0.1 lladdr 02:00:00:00:00:09 dev eth0", "run: '10.0.1' is no IP address"],
    ["ip route add 10.9.0.1/16 dev eth0", "10.9.0.1/16 has bits behind its prefix (10.9.0.0/16)"],
    ["ip route add 10.9.0.0/16 via fe80::1 dev eth0", "addresses of IPv4 and IPv6 in one route"],
    ["ip route add 10.9.0.0/16 via 224.0.0.2", "run: 224.0.0.2 is a group's address, and no router (via an address"],
    ["ip route add default via ::", "run: :: is nobody's address, and no router"],
    ["ip route add default via fe80::1", "run: fe80::1 is link-local, and every link has such addresses (say which:"],
    ["sysctl -w net.ipv4.conf.eth0.arp_ignor=1", "'arp_ignor' is not known (did you mean 'arp_ignore'?"],
    [
      "sysctl -w net.ipv4.conf.eth9.arp_ignore=1",
      "the host has no vNIC 'eth9' (did you mean 'eth0'? known: all, default, eth0)",
    ],
    ["sysctl -w net.ipv4.conf.eth0.arp_ignore=9", "run: 9 is out of range (a whole number from 0 to 8)"],
    ["sysctl -w net.ipv4.conf.default.arp_ignore=1", "is for interfaces that are made later"],
    ["sysctl -w kernel.hostname=1", "is no setting of an interface"],
    ["arping -U -I eth0 10.0.1.50", "would never end (-c 3 sends three)"],
    ["arping -U -c 1 -I eth0 fe80::1", "is no IPv4 address (ARP is IPv4's"],
    ["arping -U -c 1 -I eth0 224.0.0.1", "run: 224.0.0.1 is a group's address, and nobody's to announce"],
  ])("%s: %s", (run, message) => {
    expect(command(run)[0]).toContain(message);
  });

  it("on a host that there is none", () => {
    expect(command("ip addr add 10.0.1.50/32 dev eth0", "vm-C")[0]).toContain("there is no host 'vm-C'");
  });
});
