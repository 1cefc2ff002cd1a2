import { describe, expect, it } from "vitest";
import { AssertionError } from "../../src/base/assert.ts";
import type { PortId } from "../../src/base/ids.ts";
import { ANY_SIDE, DOMAINS_MAX, Ports } from "../../src/switch/ports.ts";

describe("ports and domains", () => {
  it("are numbered from 0 and from 1", () => {
    const ports = new Ports(3);
    const domain = ports.addDomain();
    expect(domain).toBe(1);
    expect([ports.addPort(domain), ports.addPort(domain)]).toEqual([0, 1]);
    expect(ports.count).toBe(2);
    expect(ports.domainOf(1 as PortId)).toBe(domain);
  });

  it("list the members of a domain in the order of port numbers", () => {
    const ports = new Ports(3);
    const [one, two] = [ports.addDomain(), ports.addDomain()];
    const [a, b, c, d] = [one, two, one, one].map((domain) => ports.addPort(domain));
    expect([...ports.members(one)]).toEqual([a, c, d]);
    expect([...ports.members(two)]).toEqual([b]);
    ports.removeMember(one, a!);
    ports.removeMember(one, a!);
    ports.removeMember(one, d!);
    expect([...ports.members(one)]).toEqual([c]);
    ports.addMember(one, d!);
    ports.addMember(one, a!);
    ports.addMember(one, a!);
    expect([...ports.members(one)]).toEqual([a, c, d]);
  });

  it("count a flood once, and owe it to every member but the one it came from", () => {
    const ports = new Ports(3);
    const domain = ports.addDomain();
    const [a, b, c] = [1, 2, 3].map(() => ports.addPort(domain));
    ports.countIn(a!, 100);
    ports.countFlood(domain, a!, 100);
    ports.countOut(b!, 60);
    const sent = () => [a, b, c].map((port) => [ports.counters(port!).txFrames, ports.counters(port!).txOctets]);
    const soFar = [
      [0, 0],
      [2, 160],
      [1, 100],
    ];
    expect(sent()).toEqual(soFar);
    expect(ports.counters(a!)).toEqual({ rxFrames: 1, rxOctets: 100, txFrames: 0, txOctets: 0 });
    // Who comes or goes later owes and gets nothing for floods of before.
    ports.removeMember(domain, c!);
    const late = ports.addPort(domain);
    expect(sent()).toEqual(soFar);
    expect(ports.counters(late).txFrames).toBe(0);
    ports.countFlood(domain, late, 10);
    expect(sent()).toEqual([
      [1, 10],
      [3, 170],
      [1, 100],
    ]);
    expect(ports.counters(late).txFrames).toBe(0);
  });

  it("keep their state and counters when the arrays grow", () => {
    const causes = 3;
    const ports = new Ports(causes);
    const domain = ports.addDomain();
    for (let port = 0 as PortId; port < 100; port = (port + 1) as PortId) {
      expect(ports.addPort(domain)).toBe(port);
      expect(ports.side[port]).toBe(ANY_SIDE);
      ports.side[port] = port + 1;
      for (let frame = 0; frame < port; frame++) ports.countIn(port, 60);
      ports.countOut(port, port + 5);
      ports.drops[port * causes + 2] = port + 6;
    }
    for (let port = 0 as PortId; port < 100; port = (port + 1) as PortId) {
      expect([ports.domainOf(port), ports.isOff(port), ports.side[port]]).toEqual([domain, false, port + 1]);
      expect(ports.counters(port)).toEqual({ rxFrames: port, rxOctets: port * 60, txFrames: 1, txOctets: port + 5 });
      expect([...ports.drops.subarray(port * causes, port * causes + 3)]).toEqual([0, 0, port + 6]);
    }
    expect(ports.members(domain)).toHaveLength(100);
  });

  it("refuse a port of no domain, and more domains than a forwarding key can tell apart", () => {
    const ports = new Ports(1);
    expect(() => ports.addPort(1 as never)).toThrow(AssertionError);
    for (let i = 0; i < DOMAINS_MAX; i++) ports.addDomain();
    expect(() => ports.addDomain()).toThrow(AssertionError);
  });
});
