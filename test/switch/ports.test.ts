import { describe, expect, it } from "vitest";
import { AssertionError } from "../../src/base/assert.ts";
import { DOMAINS_MAX, Ports } from "../../src/switch/ports.ts";

describe("ports and domains", () => {
  it("are numbered from 0 and from 1", () => {
    const ports = new Ports(3);
    const domain = ports.addDomain(true);
    expect(domain).toBe(1);
    expect([ports.addPort(domain), ports.addPort(domain)]).toEqual([0, 1]);
    expect(ports.count).toBe(2);
  });

  it("list the ports of a domain that have carrier, in the order they were added", () => {
    const ports = new Ports(3);
    const [one, two] = [ports.addDomain(true), ports.addDomain(true)];
    const [a, b, c, d] = [one, two, one, one].map((domain) => ports.addPort(domain));
    expect([...ports.members(one!)]).toEqual([a, c, d]);
    expect([...ports.members(two!)]).toEqual([b]);
    ports.setLink(a!, false);
    expect([...ports.members(one!)]).toEqual([c, d]);
    ports.setLink(a!, false);
    ports.setLink(d!, false);
    ports.setLink(a!, true);
    expect([...ports.members(one!)]).toEqual([a, c]);
    expect([...ports.up.subarray(0, 4)]).toEqual([1, 1, 1, 0]);
  });

  it("note whether a domain carries multicast", () => {
    const ports = new Ports(3);
    const flags = Array.from({ length: 40 }, (_, i) => i % 3 === 0);
    const domains = flags.map((multicast) => ports.addDomain(multicast));
    expect(domains.map((domain) => ports.multicast[domain] === 1)).toEqual(flags);
  });

  it("keep their state and counters when the arrays grow", () => {
    const causes = 3;
    const ports = new Ports(causes);
    const domain = ports.addDomain(true);
    for (let port = 0; port < 100; port++) {
      expect(ports.addPort(domain)).toBe(port);
      ports.group[port] = port + 1;
      ports.rxFrames[port] = port + 2;
      ports.rxOctets[port] = port + 3;
      ports.txFrames[port] = port + 4;
      ports.txOctets[port] = port + 5;
      ports.drops[port * causes + 2] = port + 6;
    }
    for (let port = 0; port < 100; port++) {
      expect([ports.domain[port], ports.up[port], ports.group[port]]).toEqual([domain, 1, port + 1]);
      expect([ports.rxFrames[port], ports.rxOctets[port]]).toEqual([port + 2, port + 3]);
      expect([ports.txFrames[port], ports.txOctets[port]]).toEqual([port + 4, port + 5]);
      expect([...ports.drops.subarray(port * causes, port * causes + 3)]).toEqual([0, 0, port + 6]);
    }
    expect(ports.members(domain)).toHaveLength(100);
  });

  it("refuse a port of no domain, and more domains than a forwarding key can tell apart", () => {
    const ports = new Ports(1);
    expect(() => ports.addPort(1 as never)).toThrow(AssertionError);
    for (let i = 0; i < DOMAINS_MAX; i++) ports.addDomain(true);
    expect(() => ports.addDomain(true)).toThrow(AssertionError);
  });
});
