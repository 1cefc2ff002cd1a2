/** What the switch delivers to nobody, and what it learns of that all the same. */
import { describe, expect, it } from "vitest";
import type { PortId } from "../../src/base/ids.ts";
import { DROP_NONE, DROP_RING_FULL } from "../../src/switch/drop-cause.ts";
import { FRAME_OCTETS_MAX } from "../../src/switch/virtual-switch.ts";
import { BROADCAST, dropped, flooded, frame, host, VRRP_GROUP, Wired } from "./wired.ts";

describe("what is refused", () => {
  it("a frame at a port without carrier; nothing is learned or counted as received", () => {
    const net = new Wired();
    const [port] = net.addDomain(2);
    net.switch.setLink(port!, false);
    expect(net.send(0, BROADCAST, host(1))).toEqual(dropped("link-down"));
    expect(net.table()).toEqual([]);
    expect(net.switch.ports.counters(0 as PortId).rxFrames).toBe(0);
  });

  it("runts: anything shorter than an Ethernet header", () => {
    const net = new Wired();
    net.addDomain(2);
    for (const octets of [0, 1, 6, 12, 13]) {
      expect(net.send(0, BROADCAST, host(1), octets)).toEqual(dropped("runt"));
    }
    expect(net.table()).toEqual([]);
    expect(net.send(0, BROADCAST, host(1), 14)).toEqual(flooded(1));
  });

  it("giants: longer than 1,518 octets, tag or no tag", () => {
    const net = new Wired();
    net.addDomain(2);
    expect(FRAME_OCTETS_MAX).toBe(1518);
    expect(net.send(0, BROADCAST, host(1), 1519)).toEqual(dropped("giant"));
    expect(net.send(0, BROADCAST, host(1), 2048)).toEqual(dropped("giant"));
    expect(net.table()).toEqual([]);
    expect(net.send(0, BROADCAST, host(1), 1518)).toEqual(flooded(1));
  });

  it("group sources: nothing is learned of them", () => {
    const net = new Wired();
    net.addDomain(2);
    for (const source of [BROADCAST, VRRP_GROUP, "03:00:00:00:00:01", "01:80:c2:00:00:00", "33:33:00:00:00:01"]) {
      expect(net.send(0, BROADCAST, source)).toEqual(dropped("multicast-source"));
    }
    expect(net.table()).toEqual([]);
  });

  it("the zero source, but no other with five zero octets", () => {
    const net = new Wired();
    net.addDomain(2);
    expect(net.send(0, BROADCAST, "00:00:00:00:00:00")).toEqual(dropped("zero-source"));
    expect(net.table()).toEqual([]);
    for (const source of ["00:00:00:00:00:01", "00:01:00:00:00:00", "02:00:00:00:00:00", "00:00:00:80:00:00"]) {
      expect(net.send(0, BROADCAST, source)).toEqual(flooded(1));
    }
  });

  it("reserved groups, after learning; a pause frame teaches nothing; the spanning tree's group is relayed", () => {
    const net = new Wired();
    net.addDomain(2);
    expect(net.send(0, "01:80:c2:00:00:00", host(1))).toEqual(flooded(1));
    for (let last = 1; last < 16; last++) {
      const group = `01:80:c2:00:00:0${last.toString(16)}`;
      expect(net.send(0, group, host(0x100 + last))).toEqual(dropped("reserved-destination"));
    }
    const learned = net.table().map((row) => row.split(" ")[1]);
    expect(learned).toEqual([host(1), ...Array.from({ length: 14 }, (_, i) => host(0x102 + i))]);
    for (const group of ["01:80:c2:00:00:10", "01:80:c2:00:00:20", "01:80:c2:00:01:00", "01:80:c2:01:00:02"]) {
      expect(net.send(0, group, host(1))).toEqual(flooded(1));
    }
  });

  it("what would leave where it came in, the source being learned", () => {
    const net = new Wired();
    net.addDomain(2);
    net.send(0, BROADCAST, host(1));
    expect(net.send(0, host(1), host(2))).toEqual(dropped("same-port"));
    expect(net.table()).toHaveLength(2);
  });

  it("what nobody else could get", () => {
    const net = new Wired();
    const [, other] = net.addDomain(2);
    net.addDomain(1);
    expect(net.send(2, BROADCAST, host(1))).toEqual(dropped("no-other-port"));
    net.switch.setLink(other!, false);
    expect(net.send(0, BROADCAST, host(2))).toEqual(dropped("no-other-port"));
    expect(net.send(0, host(9), host(2))).toEqual(dropped("no-other-port"));
  });
});

describe("a ring without room", () => {
  it("refuses a unicast frame or a flood as a whole", () => {
    const net = new Wired(2000);
    const ports = net.addDomain(8);
    net.send(1, BROADCAST, host(2));
    const { egress } = net.switch;
    while (egress.free > 1) expect(put(net, frame(host(2), host(1)))).toBe(DROP_NONE);
    expect(put(net, frame(BROADCAST, host(1)))).toBe(DROP_NONE);
    expect(put(net, frame(BROADCAST, host(1)))).toBe(DROP_RING_FULL);
    expect(put(net, frame(host(2), host(1)))).toBe(DROP_RING_FULL);
    expect([egress.size, net.slab.inUse]).toEqual([egress.capacity, egress.capacity]);
    let deliveries = 0;
    egress.drain({
      deliver: (_, delivered) => {
        net.slab.release(delivered);
        deliveries++;
      },
    });
    expect([deliveries, net.slab.inUse]).toEqual([egress.capacity - 1 + ports.length - 1, 0]);
    expect(net.switch.ports.drops[DROP_RING_FULL]).toBe(2);
  });

  it("refuses a flood that goes delivery by delivery because of a port with flags", () => {
    const net = new Wired(2000);
    net.addDomain(8);
    net.switch.setFlags(7 as PortId, { isolated: true });
    net.send(1, BROADCAST, host(2));
    const { egress } = net.switch;
    while (egress.free > 7) expect(put(net, frame(host(2), host(1)))).toBe(DROP_NONE);
    const before = egress.size;
    expect(put(net, frame(BROADCAST, host(1)))).toBe(DROP_RING_FULL);
    expect(egress.size).toBe(before);
    egress.drain({ deliver: (_, delivered) => net.slab.release(delivered) });
    expect(net.slab.inUse).toBe(0);
  });
});

/** Puts a frame in at port 0, and leaves its copies on the ring. */
function put(net: Wired, bytes: Uint8Array) {
  const slot = net.slab.acquire();
  net.slab.bytes.set(bytes, net.slab.start(slot));
  net.slab.octets[slot] = bytes.length;
  const cause = net.switch.ingress(0 as PortId, slot);
  net.slab.release(slot);
  return cause;
}
