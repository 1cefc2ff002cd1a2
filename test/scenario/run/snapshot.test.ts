/** A copy of all tables at one moment. */
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import { runScenario } from "../../../src/scenario/run.ts";
import { memoryFiles } from "../language/files.ts";
import { play } from "./stage.ts";

describe("a snapshot", () => {
  const { report } = play({
    timeline: ["at: 0s, snapshot: zero", "at: 6s, snapshot: steady", "at: 6s, crash: vm-A", "at: 8s, snapshot: lost"],
  });
  const [zero, steady, lost] = report.snapshots;

  it("has everything that was known, in an order of its own", () => {
    expect(steady).toEqual({
      name: "steady",
      at: 6,
      forwarding: [
        { subnet: "app", mac: "02:00:00:00:00:01", port: "vm-A.eth0", age: expect.any(Number), kind: "dynamic" },
        { subnet: "app", mac: "02:00:00:00:00:02", port: "vm-B.eth0", age: expect.any(Number), kind: "dynamic" },
        { subnet: "app", mac: "02:00:00:00:00:64", port: "client.eth0", age: expect.any(Number), kind: "dynamic" },
      ],
      neighbours: [
        { host: "vm-A", nic: "eth0", address: "10.0.1.100", mac: "02:00:00:00:00:64", state: "REACHABLE" },
        { host: "client", nic: "eth0", address: "10.0.1.50", mac: "02:00:00:00:00:01", state: "DELAY" },
      ],
      vrrp: [
        { host: "vm-A", instance: "VI_1", state: "MASTER", priority: 100 },
        { host: "vm-B", instance: "VI_1", state: "BACKUP", priority: 90 },
      ],
      havips: [{ name: "web", address: "10.0.1.50", holder: "vm-A", state: "CLAIMED" }],
    });
  });

  it("counts the age of an entry from the last frame", () => {
    // The client asks every 10 ms, and its frame needs 50 us to the switch.
    expect(steady!.forwarding[2]!.age).toBeLessThanOrEqual(0.01);
    expect(lost!.forwarding[0]!.age).toBeGreaterThan(1.99);
    expect(lost!.forwarding[0]!.age).toBeLessThan(2.02);
  });

  it("knows nothing at the first moment, but that the client asks", () => {
    expect(zero).toEqual({
      name: "zero",
      at: 0,
      forwarding: [],
      neighbours: [{ host: "client", nic: "eth0", address: "10.0.1.50", mac: null, state: "INCOMPLETE" }],
      vrrp: [],
      havips: [{ name: "web", address: "10.0.1.50", holder: null, state: "UNCLAIMED" }],
    });
  });

  it("shows a silent crash as the network sees it: the address is still bound", () => {
    expect(lost!.havips[0]).toMatchObject({ holder: "vm-A", state: "CLAIMED" });
    expect(lost!.vrrp.map(({ host }) => host)).toEqual(["vm-B"]);
  });
});

describe("a snapshot of several subnets", () => {
  it("sorts by subnet and MAC, and writes IPv6", () => {
    const text = `
name: two-subnets
until: 1s
subnets:
  west: { cidr: 10.0.2.0/24 }
  east: { cidr: "2001:db8:1::/64" }
hosts:
  c: { subnet: east, mac: "02:00:00:00:00:0c", address: "2001:db8:1::c" }
  b: { subnet: east, mac: "02:00:00:00:00:0b", address: "2001:db8:1::b" }
  d: { subnet: west, mac: "02:00:00:00:00:0d", address: 10.0.2.13 }
  a: { subnet: west, mac: "02:00:00:00:00:0a", address: 10.0.2.10 }
probes:
  six: { from: c, to: b, every: 100ms }
  four: { from: a, to: d, kind: udp, every: 100ms }
timeline:
  - { at: 1s, snapshot: s }
`;
    const { report } = runScenario(loadScenario("s.yaml", text, memoryFiles({})));
    const [{ forwarding, neighbours, havips }] = report.snapshots as [(typeof report.snapshots)[0]];
    expect(forwarding.map(({ subnet, mac, port }) => `${subnet} ${mac} ${port}`)).toEqual([
      "east 02:00:00:00:00:0b b.eth0",
      "east 02:00:00:00:00:0c c.eth0",
      "west 02:00:00:00:00:0a a.eth0",
      "west 02:00:00:00:00:0d d.eth0",
    ]);
    expect(neighbours).toContainEqual({
      host: "c",
      nic: "eth0",
      address: "2001:db8:1::b",
      mac: "02:00:00:00:00:0b",
      state: "REACHABLE",
    });
    expect(neighbours.map(({ host }) => host)).toEqual(["c", "b", "d", "a"]);
    expect(havips).toEqual([]);
  });
});
