/** `system` and `arp-timeout` of hosts: what is read, what goes with what, and what a person is told who wrote it wrong. */
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import { findingsOf, memoryFiles } from "./files.ts";

const text = (hut: string, step = "snapshot: s") => `name: x
until: 10s
subnets: { lan: { cidr: 10.0.1.0/24 } }
hosts:
  hut: { subnet: lan, address: 10.0.1.1${hut} }
timeline:
  - { at: 1s, ${step} }
`;
const hostOf = (hut: string) => loadScenario("x.yaml", text(hut), memoryFiles({})).hosts[0]!;

it("a host runs a present Linux unless something else is said", () => {
  expect(hostOf("").system.name).toBe("linux");
  expect(hostOf(", system: windows").system.name).toBe("windows");
  const { system, arpTimeoutNs } = hostOf(", system: router, arp-timeout: 20m");
  expect([system.name, arpTimeoutNs]).toEqual(["router", 1200e9]);
});

describe("what does not go together", () => {
  const EL7 = ", system: linux-4.11";
  it.each([
    [", system: window", 5, "expected the name of a system such as windows", "did you mean 'windows'?"],
    [
      ", system: windows, sysctl: { net.ipv4.conf.eth0.arp_ignore: 1 }",
      5,
      "windows has no settings of Linux",
      "linux-4.11",
    ],
    [", system: router, keepalived: x.conf", 5, "keepalived runs on Linux, not on router", "linux-4.11"],
    [", system: router, reachable-time: 30s", 5, "the ARP table of a router only ages", "arp-timeout: 4h"],
    [", arp-timeout: 20m", 5, "linux asks its neighbours again", "system: router"],
    [", system: windows, arp-timeout: 20m", 5, "windows asks its neighbours again", "reachable-time: 30s"],
    [
      `${EL7}, sysctl: { net.ipv4.conf.eth0.arp_evict_nocarrier: 1 }`,
      5,
      "not there in Linux up to 4.11",
      "leave it out",
    ],
  ])("%s", (hut, line, message, hint) => {
    const findings = findingsOf(text(hut));
    const finding = findings.find((one) => one.message.includes(message));
    expect(finding?.line).toBe(line);
    expect(finding!.hint ?? "").toContain(hint);
  });

  it.each([
    "ip addr add 10.0.1.50/24 dev eth0",
    "sysctl -w net.ipv4.conf.eth0.arp_ignore=1",
    "arping -U -c 1 -I eth0 10.0.1.1",
  ])("a command of Linux on Windows: %s", (run) => {
    const [finding, ...more] = findingsOf(text(", system: windows", `command: { host: hut, run: ${run} }`));
    expect(more).toEqual([]);
    expect([finding!.line, finding!.message]).toEqual([7, `run: '${run}' is typed on Linux, and 'hut' runs windows`]);
  });
});
