import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AssertionError } from "../../src/base/assert.ts";
import type { DomainId, PortId } from "../../src/base/ids.ts";
import { DROP_NAMES, DROP_NONE } from "../../src/switch/drop-cause.ts";
import { BROADCAST, dropped, flooded, frame, host, VRRP_GROUP, Wired } from "./wired.ts";

describe("forwarding", () => {
  it("floods what it does not know, in the order of ports, and learns who sent it", () => {
    const net = new Wired();
    net.addDomain(4);
    expect(net.send(2, host(9), host(1))).toEqual(flooded(0, 1, 3));
    expect(net.table()).toEqual([`1 ${host(1)} 2 0`]);
    expect(net.send(0, host(1), host(2))).toEqual(flooded(2));
    expect(net.send(2, host(2), host(1))).toEqual(flooded(0));
  });

  it("floods broadcasts and groups, known hosts or not", () => {
    const net = new Wired();
    net.addDomain(3);
    for (let port = 0; port < 3; port++) net.send(port, BROADCAST, host(port));
    expect(net.send(1, BROADCAST, host(1))).toEqual(flooded(0, 2));
    expect(net.send(1, VRRP_GROUP, host(1))).toEqual(flooded(0, 2));
    expect(net.send(1, "33:33:00:00:00:12", host(1))).toEqual(flooded(0, 2));
  });

  it("sends to where a host spoke last", () => {
    const net = new Wired();
    net.addDomain(3);
    net.send(0, BROADCAST, host(1));
    net.send(1, BROADCAST, host(1));
    expect(net.send(2, host(1), host(3))).toEqual(flooded(1));
  });

  it("learns before it looks up: a frame to its own source goes nowhere, even when that moves", () => {
    const net = new Wired();
    net.addDomain(3);
    expect(net.send(0, host(1), host(1))).toEqual(dropped("same-port"));
    expect(net.send(1, host(1), host(1))).toEqual(dropped("same-port"));
    expect(net.send(2, host(1), host(2))).toEqual(flooded(1));
  });

  it("passes the octets on unchanged, by reference", () => {
    const net = new Wired();
    net.addDomain(64);
    const slot = net.slab.acquire();
    const bytes = frame(BROADCAST, host(1));
    net.slab.bytes.set(bytes, net.slab.start(slot));
    net.slab.octets[slot] = bytes.length;
    expect(net.switch.ingress(5 as PortId, slot)).toBe(DROP_NONE);
    expect(net.slab.inUse).toBe(1);
    // Each delivery owns a reference; the sender's is the last.
    let deliveries = 0;
    net.switch.egress.drain({
      deliver: (_, delivered) => {
        expect(delivered).toBe(slot);
        net.slab.release(delivered);
        deliveries++;
      },
    });
    expect([deliveries, net.slab.inUse]).toEqual([63, 1]);
    const start = net.slab.start(slot);
    expect(net.slab.bytes.slice(start, start + 60)).toEqual(bytes);
    net.slab.release(slot);
    expect(net.slab.inUse).toBe(0);
  });

  it("keeps domains apart, one MAC in several of them included", () => {
    const net = new Wired();
    net.addDomain(2);
    net.addDomain(2);
    net.send(0, BROADCAST, host(1));
    expect(net.send(2, BROADCAST, host(1))).toEqual(flooded(3));
    expect(net.send(3, host(1), host(2))).toEqual(flooded(2));
    expect(net.send(1, host(1), host(3))).toEqual(flooded(0));
    expect(net.send(1, host(2), host(3))).toEqual(flooded(0));
    expect(net.table()).toHaveLength(4);
  });

  it("serves a domain of 2,000 ports with one flood", () => {
    const net = new Wired();
    const ports = net.addDomain(2000);
    expect(net.send(1234, BROADCAST, host(1))).toEqual(flooded(...ports.filter((port) => port !== 1234)));
  });
});

describe("ageing", () => {
  it("forgets a host to the millisecond, and only frames from it keep it", () => {
    const net = new Wired();
    net.addDomain(3);
    net.switch.fdb.ageingMs = 1000;
    net.send(0, BROADCAST, host(1));
    net.waitMs(500);
    expect(net.send(1, host(1), host(2))).toEqual(flooded(0));
    net.waitMs(499);
    expect(net.send(1, host(1), host(2))).toEqual(flooded(0));
    net.waitMs(1);
    expect(net.send(1, host(1), host(2))).toEqual(flooded(0, 2));
    net.send(0, BROADCAST, host(1));
    expect(net.send(1, host(1), host(2))).toEqual(flooded(0));
  });

  it("of 0 remembers nobody", () => {
    const net = new Wired();
    net.addDomain(3);
    net.switch.fdb.ageingMs = 0;
    net.send(0, BROADCAST, host(1));
    expect(net.send(1, host(1), host(2))).toEqual(flooded(0, 2));
    expect(net.table()).toEqual([]);
  });
});

describe("a subnet without multicast", () => {
  it("carries unicast, broadcast and neighbour discovery, and no other group; sources are learned all the same", () => {
    const net = new Wired();
    net.addDomain(2, false);
    expect(net.send(0, VRRP_GROUP, host(1))).toEqual(dropped("multicast-not-carried"));
    expect(net.send(0, "33:33:00:00:00:12", host(1))).toEqual(dropped("multicast-not-carried"));
    expect(net.send(0, "01:80:c2:00:00:00", host(1))).toEqual(dropped("multicast-not-carried"));
    expect(net.table()).toHaveLength(1);
    expect(net.send(0, "01:80:c2:00:00:02", host(1))).toEqual(dropped("reserved-destination"));
    expect(net.send(0, BROADCAST, host(1))).toEqual(flooded(1));
    expect(net.send(0, "33:33:00:00:00:01", host(1))).toEqual(flooded(1));
    expect(net.send(0, "33:33:ff:12:34:56", host(1))).toEqual(flooded(1));
    expect(net.send(0, host(9), host(1))).toEqual(flooded(1));
  });

  it("does not change its neighbours", () => {
    const net = new Wired();
    net.addDomain(2, false);
    net.addDomain(2, true);
    expect(net.send(2, VRRP_GROUP, host(1))).toEqual(flooded(3));
  });
});

describe("carrier", () => {
  it("lost: what was behind the port is forgotten, and floods leave it out", () => {
    const net = new Wired();
    const [, port] = net.addDomain(3);
    net.send(1, BROADCAST, host(1));
    net.send(2, BROADCAST, host(2));
    net.switch.setLink(port!, false);
    expect(net.table()).toEqual([`1 ${host(2)} 2 0`]);
    expect(net.send(0, host(1), host(3))).toEqual(flooded(2));
    net.switch.setLink(port!, true);
    expect(net.send(0, host(1), host(3))).toEqual(flooded(1, 2));
  });

  it("back: the port is in its old place in the order", () => {
    const net = new Wired();
    const [first] = net.addDomain(3);
    net.switch.setLink(first!, false);
    net.switch.setLink(first!, true);
    expect(net.send(2, BROADCAST, host(1))).toEqual(flooded(0, 1));
  });
});

describe("a partition", () => {
  it("lets frames cross only inside a group, learning going on, and ends without a trace", () => {
    const net = new Wired();
    net.addDomain(4);
    for (let port = 0; port < 4; port++) net.send(port, BROADCAST, host(port));
    const sides = [0, 0, 1, 2];
    const send = (port: number, destination: string, source: string) =>
      net.sendBytes(port, frame(destination, source), sides[port]);
    sides.forEach((side, port) => {
      net.switch.setSide(port as PortId, side);
    });
    net.switch.partitioned = true;
    expect(send(0, BROADCAST, host(0))).toEqual(flooded(1));
    expect(send(0, host(1), host(0))).toEqual(flooded(1));
    expect(send(0, host(2), host(0))).toEqual(dropped("partitioned"));
    expect(send(3, BROADCAST, host(3))).toEqual(dropped("partitioned"));
    expect(send(3, host(9), host(9))).toEqual(dropped("same-port"));
    net.switch.partitioned = false;
    expect(net.send(0, host(2), host(0))).toEqual(flooded(2));
    expect(net.send(0, host(9), host(0))).toEqual(flooded(3));
  });
});

describe("a trunk in a partition", () => {
  it("lets everything out, and passes on only what belongs to the other port's side", () => {
    const net = new Wired();
    net.addDomain(3);
    net.switch.setSide(0 as PortId, 0);
    net.switch.setSide(1 as PortId, 1);
    net.switch.partitioned = true;
    expect(net.sendBytes(0, frame(BROADCAST, host(1)), 0)).toEqual(flooded(2));
    expect(net.sendBytes(2, frame(BROADCAST, host(2)), 1)).toEqual(flooded(1));
    expect(net.sendBytes(2, frame(host(1), host(2)), 1)).toEqual(dropped("partitioned"));
  });
});

describe("an entry that is made by hand for a group, or for no address", () => {
  it("means nothing", () => {
    const net = new Wired();
    net.addDomain(3);
    // 01:00:5e:00:00:12, and all zeros, first octet lowest.
    net.switch.setEntry(1 as DomainId, 0, 0x0001, 0x1200005e, 0 as PortId, "dynamic");
    net.switch.setEntry(1 as DomainId, 0, 0, 0, 0 as PortId, "dynamic");
    net.send(1, BROADCAST, host(1));
    expect(net.send(1, VRRP_GROUP, host(1))).toEqual(flooded(0, 2));
    expect(net.send(0, host(1), VRRP_GROUP)).toEqual(dropped("multicast-source"));
    expect(net.send(0, host(1), "00:00:00:00:00:00")).toEqual(dropped("zero-source"));
  });
});

describe("the two ways through", () => {
  /** The same actions on two switches, one of which has an entry by hand that nobody uses: it always takes the whole rules. */
  it("decide alike, and count alike", () => {
    const mac = fc.constantFrom(
      BROADCAST,
      VRRP_GROUP,
      "01:80:c2:00:00:00",
      "01:80:c2:00:00:0e",
      ...[1, 2, 3, 4].map(host),
    );
    const step = fc.record({
      port: fc.nat(4),
      destination: mac,
      source: mac,
      octets: fc.constantFrom(0, 13, 14, 19, 20, 60, 1518, 1519),
      waitMs: fc.constantFrom(0, 0, 0, 5, 10),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
        const nets = [new Wired(), new Wired()].map((net) => {
          net.addDomain(3);
          net.addDomain(2);
          net.switch.fdb.ageingMs = 10;
          return net;
        });
        nets[1]!.switch.setEntry(1 as DomainId, 0, 0xfefe, 0xfefe, 0 as PortId, "sticky");
        for (const { port, destination, source, octets, waitMs } of steps) {
          const [short, whole] = nets.map((net) => {
            net.waitMs(waitMs);
            return net.send(port, destination, source, octets);
          });
          expect(short).toEqual(whole);
        }
        const [short, whole] = nets.map((net) => ({
          counters: [0, 1, 2, 3, 4].map((port) => net.switch.ports.counters(port as PortId)),
          drops: [...net.switch.ports.drops],
          table: net.table().filter((row) => !row.includes("fe:fe")),
        }));
        expect(short).toEqual(whole);
      }),
      { numRuns: 300 },
    );
  });
});

describe("counters", () => {
  it("count frames and octets in and out, and each drop under its cause at the port it came in", () => {
    const net = new Wired();
    net.addDomain(3);
    net.send(0, BROADCAST, host(1), 100);
    net.send(1, host(1), host(2), 60);
    net.send(1, host(1), BROADCAST);
    net.send(1, host(2), host(3));
    expect([0, 1, 2].map((port) => net.switch.ports.counters(port as PortId))).toEqual([
      { rxFrames: 1, rxOctets: 100, txFrames: 1, txOctets: 60 },
      { rxFrames: 2, rxOctets: 120, txFrames: 1, txOctets: 100 },
      { rxFrames: 0, rxOctets: 0, txFrames: 1, txOctets: 100 },
    ]);
    const ofPort1 = net.switch.ports.drops.subarray(DROP_NAMES.length, 2 * DROP_NAMES.length);
    expect(Object.fromEntries(DROP_NAMES.map((name, i) => [name, ofPort1[i]]).filter(([, n]) => n !== 0))).toEqual({
      "multicast-source": 1,
      "same-port": 1,
    });
  });
});

describe("hooks", () => {
  it("the tap sees every frame once, with its fate, when its copies are already on the ring", () => {
    const net = new Wired();
    net.addDomain(3);
    const seen: unknown[] = [];
    net.switch.tap = {
      onFrame: (port, slot, cause) =>
        seen.push([port, net.slab.octets[slot], DROP_NAMES[cause], net.switch.egress.size]),
    };
    net.send(0, BROADCAST, host(1), 60);
    net.send(1, BROADCAST, host(2), 5);
    net.send(0, host(1), host(3), 70);
    expect(seen).toEqual([
      [0, 60, "none", 1],
      [1, 5, "runt", 0],
      [0, 70, "same-port", 0],
    ]);
  });

  it("the observer hears of moves only, with the address in two words", () => {
    const net = new Wired();
    net.addDomain(3);
    const seen: unknown[] = [];
    net.switch.observer = { onMove: (...move) => seen.push(move) };
    net.send(0, BROADCAST, "02:aa:bb:cc:dd:ee");
    net.send(0, BROADCAST, "02:aa:bb:cc:dd:ee");
    net.send(2, BROADCAST, "02:aa:bb:cc:dd:ee");
    expect(seen).toEqual([[1, 0xaa02, 0xeeddccbb | 0, 0, 2]]);
  });

  it("the observer hears nothing of a host that comes back elsewhere after its entry expired", () => {
    const net = new Wired();
    net.addDomain(3);
    const seen: unknown[] = [];
    net.switch.observer = { onMove: (...move) => seen.push(move) };
    net.send(0, BROADCAST, host(1));
    net.waitMs(300_000);
    net.send(2, BROADCAST, host(1));
    expect(seen).toEqual([]);
    expect(net.table()).toEqual([`1 ${host(1)} 2 0`]);
  });
});

describe("building", () => {
  it("refuses a port without a domain", () => {
    const net = new Wired();
    const [port] = net.addDomain(1);
    expect(() => net.switch.addPort((port! + 5) as never)).toThrow(AssertionError);
    expect(() => net.switch.addPort(0 as never)).toThrow(AssertionError);
  });

  it("keeps what was learned when ports are added", () => {
    const net = new Wired();
    const [first] = net.addDomain(3);
    net.send(1, BROADCAST, host(1));
    const domain = net.switch.ports.domainOf(first!);
    for (let i = 0; i < 100; i++) net.switch.addPort(domain);
    expect(net.send(100, host(1), host(2))).toEqual(flooded(1));
  });
});
