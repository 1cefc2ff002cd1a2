/** Who holds a virtual address: which frames claim it, who may, and what ends a hold. */
import { describe, expect, it } from "vitest";
import { NS_PER_MS } from "../../src/base/units.ts";
import type { AnnouncementEvent, HolderEvent } from "../../src/observe/events.ts";
import { Network } from "../../src/sim/network.ts";
import { advert } from "../guest/keepalived/adverts.ts";
import { arp, BROADCAST, echo, na, ns } from "../host/frames.ts";

const VIP = "10.0.0.50";
const VIP6 = "2001:db8::50";
const A = "02:00:00:00:00:0a";
const B = "02:00:00:00:00:0b";

/** Hosts a and b, both addresses watched, and what was told. */
function watched(claimants?: readonly string[]) {
  const network = new Network({ seed: 1 });
  network.addSubnet("lan", { cidr: ["10.0.0.0/24", "2001:db8::/64"] });
  network.addSubnet("other", { cidr: "10.0.0.0/24" });
  network.addHost("a", { subnet: "lan", mac: A, address: "10.0.0.1" });
  network.addHost("b", { subnet: "lan", mac: B, address: "10.0.0.2" });
  network.addHost("c", { subnet: "other", address: "10.0.0.3" });
  const limit = claimants === undefined ? {} : { claimants };
  network.addHavip("web", { subnet: "lan", address: VIP, ...limit });
  network.addHavip("web6", { subnet: "lan", address: VIP6, ...limit });
  const holders: HolderEvent[] = [];
  const announcements: AnnouncementEvent[] = [];
  network.events.on("holder", (event) => holders.push(event));
  network.events.on("announcement", (event) => announcements.push(event));
  let now = 0;
  const send = (host: string, bytes: Uint8Array, afterMs = 1) => {
    now += afterMs * NS_PER_MS;
    network.run(now);
    const { fabric } = network;
    const frame = fabric.slab.acquire();
    fabric.slab.bytes.set(bytes, fabric.slab.start(frame));
    fabric.slab.octets[frame] = bytes.length;
    fabric.transmit(network.host(host).nics[0]!.port, frame);
    now += NS_PER_MS;
    network.run(now);
  };
  return { network, holders, announcements, send, last: () => holders.at(-1) };
}

const announce = (senderMac: string, senderIp = VIP) =>
  arp({ operation: 1, senderMac, senderIp, targetMac: BROADCAST, targetIp: senderIp });

describe("a claim", () => {
  it.each([
    ["F1 request, broadcast target MAC", announce(A), "garp-request"],
    [
      "F2 request, own target MAC",
      arp({ operation: 1, senderMac: A, senderIp: VIP, targetMac: A, targetIp: VIP }),
      "garp-request",
    ],
    [
      "F3 reply, own target MAC",
      arp({ operation: 2, senderMac: A, senderIp: VIP, targetMac: A, targetIp: VIP }),
      "garp-reply",
    ],
    [
      "F4 reply, broadcast target MAC",
      arp({ operation: 2, senderMac: A, senderIp: VIP, targetMac: BROADCAST, targetIp: VIP }),
      "garp-reply",
    ],
    ["F8 advertisement to all nodes, O=1", na({ from: A, target: VIP6, flags: 0x20, mac: A }), "na"],
    ["F9 advertisement, O=0", na({ from: A, target: VIP6, flags: 0, mac: A }), "na"],
    [
      "an advertisement without the option: the frame's source",
      na({ from: A, target: VIP6, flags: 0x20, mac: null }),
      "na",
    ],
  ] as const)("is %s", (_form, frame, cause) => {
    const { holders, announcements, send } = watched();
    send("a", frame);
    const isIpv6 = cause === "na";
    expect(holders).toMatchObject([
      {
        vip: isIpv6 ? VIP6 : VIP,
        havip: isIpv6 ? "web6" : "web",
        from: null,
        to: { host: "a", nic: "eth0", mac: A },
        cause,
      },
    ]);
    expect(announcements).toMatchObject([{ host: "a", form: cause }]);
  });

  it.each([
    ["F5 an answer", arp({ operation: 2, senderMac: A, senderIp: VIP, targetMac: B, targetIp: "10.0.0.2", to: B })],
    ["F6 a question of the holder's", arp({ operation: 1, senderMac: A, senderIp: VIP, targetIp: "10.0.0.2" })],
    ["F7 a probe", arp({ operation: 1, senderMac: A, senderIp: "0.0.0.0", targetIp: VIP })],
    ["an announcement of another address", announce(A, "10.0.0.51")],
    ["F10 an advert", advert({ addresses: [VIP], source: "10.0.0.1" })],
    ["an advertisement that answers", na({ from: A, target: VIP6, flags: 0x60, mac: A, destination: "2001:db8::2" })],
    ["an advertisement that has crossed a router", na({ from: A, target: VIP6, flags: 0x20, mac: A, hopLimit: 254 })],
    ["a solicitation", ns({ from: A, source: VIP6, target: "2001:db8::2", mac: A })],
    ["data from the address", echo({ from: A, source: VIP, destination: "10.0.0.2", to: B })],
    ["a frame with a group's source MAC", withSource(announce(A), "03:00:00:00:00:0a")],
    ["a frame that is cut", announce(A).subarray(0, 41)],
  ])("is not %s", (_what, frame) => {
    const { holders, announcements, send } = watched();
    send("a", frame);
    expect([holders, announcements]).toEqual([[], []]);
  });

  it("in another subnet is about another address", () => {
    const { holders, send } = watched();
    send("c", announce(A));
    expect(holders).toEqual([]);
  });

  it("does not count where a partition keeps it from everybody, but does inside an island", () => {
    const { network, last, send } = watched();
    network.addHost("d", { subnet: "lan", address: "10.0.0.4" });
    network.partition([["a"], ["b", "d"]]);
    send("a", announce(A));
    expect(last()).toBeUndefined();
    send("b", announce(B));
    expect(last()).toMatchObject({ to: { host: "b" } });
  });
});

describe("the holder", () => {
  it("is whoever claimed last; the same one again is no event", () => {
    const { holders, send } = watched();
    for (const [host, mac] of [
      ["a", A],
      ["a", A],
      ["b", B],
      ["a", A],
    ] as const)
      send(host, announce(mac));
    expect(holders.map(({ from, to }) => `${from?.host} → ${to?.host}`)).toEqual(["undefined → a", "a → b", "b → a"]);
  });

  it("with another MAC is another holder: the virtual router's MAC on the same port", () => {
    const { holders, send } = watched();
    send("a", announce(A));
    send("a", announce("00:00:5e:00:01:33"));
    expect(holders.map(({ to }) => to?.mac)).toEqual([A, "00:00:5e:00:01:33"]);
  });

  it("with the virtual router's MAC on another port is another holder too", () => {
    const { holders, send } = watched();
    for (const host of ["a", "b"]) send(host, announce("00:00:5e:00:01:33"));
    expect(holders.map(({ to }) => to?.host)).toEqual(["a", "b"]);
  });

  it("may only be one of the claimants; others are heard of", () => {
    const { holders, announcements, send } = watched(["b"]);
    send("a", announce(A));
    expect([holders.length, announcements.length]).toEqual([0, 1]);
    send("b", announce(B));
    send("a", announce(A));
    expect(holders.map(({ to }) => to?.host)).toEqual(["b"]);
  });

  it("is nobody once its link is down, and whoever claims next", () => {
    const { network, holders, send } = watched();
    send("a", announce(A));
    network.linkDown("b");
    expect(holders.length).toBe(1);
    network.linkDown("a");
    expect(holders.at(-1)).toMatchObject({ from: { host: "a" }, to: null, cause: "link-down" });
    network.linkUp("a");
    network.linkUp("b");
    expect(holders.length).toBe(2);
    send("b", announce(B));
    expect(holders.at(-1)).toMatchObject({ from: null, to: { host: "b" } });
  });

  it("stays the one whose machine has vanished: nobody tells the network", () => {
    const { network, holders, send } = watched();
    send("a", announce(A));
    network.crash("a");
    network.run("1s");
    expect(holders.length).toBe(1);
    expect(network.havip("web")!.holder).toMatchObject({ mac: A });
  });
});

describe("an address that is watched anew", () => {
  it("is listed once and held by nobody, until it is claimed again", () => {
    const { network, holders, send } = watched();
    send("a", announce(A));
    const { domain, ip, havip } = network.havip("web")!;
    const anew = network.holders.watch(domain, ip, havip, null);
    expect(network.holders.watched.filter((address) => address.havip === "web")).toEqual([anew]);
    expect(anew.holder).toBeNull();
    send("a", announce(A));
    expect(holders.at(-1)).toMatchObject({ from: null, to: { host: "a" } });
    expect(anew.holder).toMatchObject({ mac: A });
  });
});

describe("announcements", () => {
  it("are told once for each burst: a tenth of a second of silence, or another host, begins a new one", () => {
    const { announcements, send } = watched();
    send("a", announce(A));
    send("a", announce(A), 50);
    send("a", announce(A), 97);
    send("a", announce(A), 150);
    send("b", announce(B), 10);
    send("a", announce(A), 10);
    expect(announcements.map(({ host }) => host)).toEqual(["a", "a", "b", "a"]);
  });
});

function withSource(bytes: Uint8Array, mac: string): Uint8Array {
  const copy = bytes.slice();
  copy.set(
    mac.split(":").map((octet) => Number.parseInt(octet, 16)),
    6,
  );
  return copy;
}
