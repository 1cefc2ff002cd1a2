/** What the library lets people do on hosts, and the settings that it builds them with. */
import { describe, expect, it } from "vitest";
import { Network } from "../../src/sim/network.ts";
import { parseIp } from "../../src/text/ip-text.ts";
import { formatMac, parseMac } from "../../src/wire/address.ts";

const B = parseMac("02:00:00:00:00:0b")!;
const PEER = parseIp("10.0.1.2")!;

function twoHosts() {
  const network = new Network();
  network.addSubnet("lan", { cidr: "10.0.1.0/24" });
  network.addHost("hut", { subnet: "lan", address: "10.0.1.1" });
  network.addHost("peer", { subnet: "lan", address: "10.0.1.2" });
  return network;
}

/** Whom `hut` takes for the peer. */
function knownPeer(network: Network): string {
  const { neighbours4 } = network.host("hut").nics[0]!;
  const index = neighbours4.find(PEER, 0);
  return index < 0 ? "-" : formatMac(neighbours4.macs, index * 6);
}

const ping = {
  kind: "icmp",
  to: PEER,
  source: null,
  port: 0,
  confirm: false,
  count: 1,
  everyNs: 0,
  untilNs: 1e12,
} as const;

describe("hands", () => {
  it("answer, ask and type", () => {
    const network = twoHosts();
    network.at("1s", () =>
      network.hands.answer("peer", "eth0", PEER, [{ mac: B, afterNs: 0, solicited: true, override: true }]),
    );
    network.at("2s", () => network.hands.traffic("hut", ping));
    network.run("3s");
    expect(knownPeer(network)).toBe(formatMac(B));
    network.at("4s", () => network.hands.type("hut", { what: "neighbour-del", nic: "eth0", address: PEER }));
    network.run("5s");
    expect(knownPeer(network)).toBe("-");
  });

  it("wait for a machine that stands still, and do nothing to one that is down", () => {
    const network = twoHosts();
    network.at("1s", () => network.pause("hut"));
    network.at("2s", () => network.hands.traffic("hut", ping));
    network.run("3s");
    expect(knownPeer(network)).toBe("-");
    network.at("4s", () => network.resume("hut"));
    network.run("5s");
    expect(knownPeer(network)).not.toBe("-");
    network.at("6s", () => network.crash("hut"));
    network.at("7s", () => network.hands.traffic("hut", ping));
    network.run("8s");
    expect(knownPeer(network)).toBe("-");
  });

  it("send as often as they are told to", () => {
    const network = twoHosts();
    const frame = new Uint8Array(60).fill(0xff, 0, 6);
    const pace = { count: 3, everyNs: 1e9, untilNs: Number.POSITIVE_INFINITY };
    network.at("1s", () => network.hands.send("hut", "eth0", frame));
    network.at("2s", () => network.hands.send("hut", "eth0", frame, pace));
    const heard: number[] = [];
    network.fabric.taps.push({ onFrame: () => heard.push(network.nowNs / 1e9) });
    network.run("9s");
    expect(heard.map(Math.round)).toEqual([1, 2, 3, 4]);
  });

  it("confirm the neighbour that packets go to, which may be a router", () => {
    const network = twoHosts();
    const away = parseIp("192.0.2.1")!;
    const prefix = { address: parseIp("192.0.2.0")!, length: 24 };
    const confirmedNs = () => {
      const { entries } = network.host("hut").nics[0]!.neighbours4;
      return entries.confirmedNs[entries.find(PEER, 0)]!;
    };
    const route = { what: "route", change: "add", prefix, nic: null, via: PEER, source: null } as const;
    network.at("1s", () => network.hands.type("hut", route));
    network.at("2s", () => network.hands.traffic("hut", { ...ping, to: away }));
    network.at("9s", () => network.hands.traffic("hut", { ...ping, to: away }));
    network.run("9.5s");
    expect(confirmedNs()).toBeLessThan(3e9);
    network.at("10s", () => network.hands.traffic("hut", { ...ping, to: away, confirm: true }));
    network.run("11s");
    expect(confirmedNs()).toBeGreaterThan(9.9e9);
  });

  it("hear what a terminal shows when a command fails", () => {
    const network = twoHosts();
    const notes: unknown[] = [];
    network.events.on("note", (note) => notes.push(note));
    network.at("1s", () => network.hands.type("hut", { what: "neighbour-del", nic: "eth0", address: PEER }));
    network.run("2s");
    const text = "RTNETLINK answers: No such file or directory (there is no such neighbour)";
    expect(notes).toEqual([{ atNs: 1e9, host: "hut", text }]);
  });

  it("refuse what there is not", () => {
    const network = twoHosts();
    network.run("1s");
    expect(() => network.hands.send("hut", "eth1", new Uint8Array(60))).toThrow(/hut has no NIC eth1/);
    expect(() => network.hands.send("hut", "eth0", new Uint8Array(13))).toThrow(/a frame of 13 octets/);
    expect(() => network.hands.answer("hat", "eth0", PEER, [])).toThrow(/there is no host hat/);
    expect(() => network.hands.type("hut", { what: "link", nic: "eth1", up: true })).toThrow(/hut has no NIC eth1/);
  });
});

describe("settings", () => {
  const added = (options: Parameters<Network["addHost"]>[1]) =>
    twoHosts().addHost("third", { subnet: "lan", ...options });

  it("hold from the boot", () => {
    const network = twoHosts();
    const host = network.addHost("third", {
      subnet: "lan",
      address: "10.0.1.3",
      sysctl: { "net.ipv4.conf.default.arp_ignore": 1 },
      reachableTime: "9s",
      loopback: "192.0.2.7",
    });
    network.run("1s");
    const nic = host.nics[0]!;
    expect([nic.settings4.arpIgnore, nic.neighbours4.reachableNs, nic.neighbours6.reachableNs]).toEqual([1, 9e9, 9e9]);
    expect(host.ownsAnywhere(parseIp("192.0.2.7")!, 0, 4)).toBe(true);
  });

  it("of a router: how long its ARP table holds, four hours unless it is said", () => {
    const host = added({ address: "10.0.1.3", system: "router", arpTimeout: "20m" });
    expect(host.system.name).toBe("router");
    expect(host.nics[0]!.neighbours4.reachableNs).toBe(1200e9);
    expect(host.nics[0]!.neighbours6.reachableNs).toBeLessThan(45e9);
    const other = twoHosts().addHost("fourth", { subnet: "lan", address: "10.0.1.4", system: "router" });
    expect(other.nics[0]!.neighbours4.reachableNs).toBe(14_400e9);
  });

  it.each<[Parameters<typeof added>[0], RegExp]>([
    [{ sysctl: { "net.ipv4.conf.eth0.arp_ingore": 1 } }, /arp_ingore is not known/],
    [{ sysctl: { "net.ipv4.conf.eth7.arp_ignore": 1 } }, /is of no interface/],
    [{ sysctl: { "net.ipv4.conf.eth0.arp_ignore": 9 } }, /9 is out of range/],
    [{ reachableTime: "soon" }, /soon is no duration/],
    [{ loopback: "10.0.1" }, /10.0.1 is no IP address/],
    [{ system: "solaris" as "linux" }, /there is no solaris.*linux, linux-4.11, windows, router/s],
    [{ system: "windows", sysctl: { "net.ipv4.conf.eth0.arp_ignore": 1 } }, /windows has no such settings/],
    [{ system: "windows", keepalived: "" }, /it runs on Linux, not on windows/],
    [
      { system: "linux-4.11", sysctl: { "net.ipv4.conf.all.arp_evict_nocarrier": 0 } },
      /is not there in Linux up to 4.11/,
    ],
    [{ system: "router", reachableTime: "9s" }, /only ages.*arpTimeout/s],
    [{ arpTimeout: "9s" }, /linux asks its neighbours again/],
  ])("%o is refused", (options, message) => {
    expect(() => added(options)).toThrow(message);
  });
});
