/** `sysctl`, `reachable-time`, addresses on `lo`, and the verbs by which hosts send: what is read, and what a person is told who wrote it wrong. */
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import { findingsOf, memoryFiles } from "./files.ts";

const text = (hut: string, step = "snapshot: s") => `name: x
until: 10s
subnets: { lan: { cidr: [10.0.1.0/24, "2001:db8::/64"] } }
hosts:
  hut: { subnet: lan, address: 10.0.1.1${hut} }
  two: { nics: { eth0: { subnet: lan, address: [] }, eth1: { subnet: lan } } }
timeline:
  - { at: 1s, ${step} }
`;
const hostOf = (hut: string) => loadScenario("x.yaml", text(hut), memoryFiles({})).hosts[0]!;

describe("a host's settings", () => {
  it("are read in their order", () => {
    const { sysctls, reachableTimeNs } = hostOf(
      ", sysctl: { net.ipv4.conf.all.arp_ignore: 1, net/ipv6/neigh/eth0/locktime: 50 }, reachable-time: 29.9s",
    );
    expect([...sysctls]).toEqual([
      ["net.ipv4.conf.all.arp_ignore", 1],
      ["net/ipv6/neigh/eth0/locktime", 50],
    ]);
    expect(reachableTimeNs).toBe(29.9e9);
  });

  it.each([
    ["net.ipv4.conf.eth0.arp_ingore: 1", "'arp_ingore' is not known", "did you mean 'arp_ignore'?"],
    ["net.ipv4.conf.eth1.arp_ignore: 1", "the host has no vNIC 'eth1'", "known: all, default, eth0"],
    ["net.ipv4.neigh.all.locktime: 1", "there is no 'net.ipv4.neigh.all.locktime'", "neigh has no 'all'"],
    ["net.ipv4.neigh.eth0.gc_thresh3: 9", "there is no", "under 'default'"],
    ["vm.swappiness: 1", "'vm.swappiness' is no setting of an interface", "net.ipv4.conf.eth0.arp_ignore"],
    ["net.ipv4.conf.eth0.arp_ignore: 9", "9 is out of range", "0 to 8"],
    ["net.ipv4.conf.eth0.forwarding: 1", "1: hosts here do not do that", "0"],
    ["net.ipv4.conf.eth0.arp_accept: true", "expected a whole number", "as sysctl has it: 1"],
    ["net.ipv4.neigh.eth0.retrans_time_ms: 1s", "expected a whole number", "without a unit"],
  ])("%s: %s", (setting, message, hint) => {
    const [finding, ...more] = findingsOf(text(`, sysctl: { ${setting} }`));
    expect(more).toEqual([]);
    expect(finding!.line).toBe(5);
    expect(finding!.message).toContain(message);
    expect(finding!.hint).toContain(hint);
  });
});

describe("addresses", () => {
  it("with dev lo are the host's, and may be several hosts'", () => {
    const scenario = loadScenario(
      "x.yaml",
      text("")
        .replace("address: 10.0.1.1", "address: [10.0.1.1, 192.0.2.7/32 dev lo]")
        .replace("address: []", "address: 192.0.2.7/32 dev lo"),
      memoryFiles({}),
    );
    expect(scenario.hosts.map(({ nics }) => nics[0]!.loopback.map((ip) => ip.join(".")))).toEqual([
      ["192.0.2.7"],
      ["192.0.2.7"],
    ]);
    expect(scenario.hosts[0]!.nics[0]!.addresses).toHaveLength(1);
  });

  it("that are link-local may be written, whatever the subnet's prefix", () => {
    const scenario = loadScenario("x.yaml", text("").replace("10.0.1.1", '"fe80::1"'), memoryFiles({}));
    expect(scenario.hosts[0]!.nics[0]!.addresses[0]!.prefixLength).toBe(64);
  });
});

describe("verbs", () => {
  it.each([
    ["send: { host: hut, frame: 01:02 }", "these are 2 octets", "14 to 1518"],
    ["send: { host: hut, frame: 0102 }", "expected the octets of a frame", "in quotes"],
    ["send: { host: hut, frame: abc }", "half an octet is left over", "two digits for each octet"],
    ["send: { host: hut, frame: who-has }", "hexadecimal digits", "ffffffffffff02"],
    ["send: { host: two, frame: ffffffffffff0200000000010806 }", "which vNIC of 'two' is meant?", "eth0, or eth1"],
    ["send: { host: hut, nic: eth7, frame: ffffffffffff0200000000010806 }", "no vNIC 'eth7'", "did you mean 'eth0'?"],
    ["send: { host: hat, frame: ffffffffffff0200000000010806 }", "there is no host 'hat'", "did you mean 'hut'?"],
    ["answer: { host: hut, for: 10.0.1, by: null }", "expected an IP address", ""],
    ["answer: { host: hut, for: 10.0.1.9, by: me }", "expected a MAC address such as", ""],
    ["answer: { host: hut, for: 10.0.1.9, by: [{ after: 1s }] }", "who answers needs the key 'mac'", ""],
    ['answer: { host: hut, for: 10.0.1.9, by: [{ mac: "02:00:00:00:00:01", S: 2 }] }', "expected 0 or 1", ""],
    ["ping: { from: hut, to: nowhere }", "no IP address, HAVIP or host", "known: hut, two"],
    ["ping: { from: hut, to: 10.0.1.2, port: 7 }", "a `ping` step has no key 'port'", "known: from, to"],
    ["ping: { from: hut, to: 10.0.1.2, every: 0s }", "without end at one moment", "every: 10ms"],
    ["udp: { from: hut, to: 10.0.1.2, every: 1ns }", "more than 1000000 packets", "every: 10ms"],
    ["udp: { from: hut, to: 10.0.1.2, until: 5s }", "all of them are sent at once", "every: 200ms"],
    ['udp: { from: hut, to: 10.0.1.2, source: "2001:db8::1" }', "different families", "two IPv4"],
    ["udp: { from: hut, to: 10.0.1.2, port: 70000 }", "a whole number from 1 to 65535", ""],
  ])("%s: %s", (step, message, hint) => {
    const [finding, ...more] = findingsOf(text("", step));
    expect(more).toEqual([]);
    expect(finding!.line).toBe(8);
    expect(finding!.message).toContain(message);
    expect(finding!.hint ?? "").toContain(hint);
  });
});
