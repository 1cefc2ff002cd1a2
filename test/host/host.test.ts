/** The machine as a whole: boot, crash, carrier, addresses, routes. */
import { describe, expect, it } from "vitest";
import type { PortId } from "../../src/base/ids.ts";
import { routeTo, sourceFor } from "../../src/host/routing.ts";
import { formatIp } from "../../src/wire/address.ts";
import { arp } from "./frames.ts";
import { HOST_MAC, ip, LoneHost, mac } from "./lone-host.ts";

const VIP = "10.0.0.50";
const addresses = (host: LoneHost) => host.nic.addresses.map((local) => `${formatIp(local.ip)}/${local.prefixLength}`);
const answer = arp({
  operation: 2,
  senderMac: "02:00:00:00:00:0a",
  senderIp: VIP,
  targetMac: HOST_MAC,
  targetIp: "10.0.0.1",
  to: HOST_MAC,
});

describe("boot and crash", () => {
  it("boots with its addresses and the link-local one, again and again", () => {
    const host = new LoneHost(["10.0.0.1/24", "2001:db8::1/64"]);
    const configured = ["10.0.0.1/24", "2001:db8::1/64", "fe80::ff:fe00:100/64"];
    expect(addresses(host)).toEqual(configured);
    host.nic.addAddress(ip(VIP), 32);
    host.host.crash();
    expect(addresses(host)).toEqual([]);
    host.host.boot();
    host.host.boot();
    expect(addresses(host)).toEqual(configured);
  });

  it("a crash forgets neighbours and groups, loses what waits, and answers nothing", () => {
    const host = new LoneHost(["10.0.0.1/24"]);
    host.nic.addGroup(ip("224.0.0.18"));
    host.ask(VIP);
    host.takeSent();
    host.host.crash();
    expect([host.slab.inUse, host.nic.neighbours4.count]).toEqual([0, 0]);
    expect(host.nic.listensTo(ip("224.0.0.18"), 0, 4)).toBe(false);
    host.deliver(arp({ operation: 1, senderMac: "02:00:00:00:00:77", senderIp: "10.0.0.77", targetIp: "10.0.0.1" }));
    host.runTo(10);
    expect(host.sent).toEqual([]);
  });
});

describe("carrier", () => {
  it("lost: nothing is heard or sent, the cache is empty, programs are told", () => {
    const host = new LoneHost(["10.0.0.1/24"]);
    const told: boolean[] = [];
    host.host.watchLinks((nic) => told.push(nic.carrier));
    host.ask(VIP);
    host.deliver(answer);
    host.takeSent();
    host.nic.setCarrier(false);
    host.nic.setCarrier(false);
    expect(host.entry(VIP)).toBe("-");
    host.deliver(arp({ operation: 1, senderMac: "02:00:00:00:00:77", senderIp: "10.0.0.77", targetIp: "10.0.0.1" }));
    expect([host.sent.length, host.nic.neighbours4.count]).toEqual([0, 0]);
    host.nic.setCarrier(true);
    expect(told).toEqual([false, true]);
  });

  it("a packet sent without it waits for a question that is lost; the next one goes out with the carrier (observed)", () => {
    const host = new LoneHost(["10.0.0.1/24"]);
    host.nic.setCarrier(false);
    host.ask(VIP);
    expect([host.entry(VIP), host.sent.length]).toEqual(["INCOMPLETE", 0]);
    host.runTo(0.7);
    host.nic.setCarrier(true);
    host.runTo(1.1);
    expect(host.sent.length).toBe(1);
    host.deliver(answer);
    expect(host.sent.length).toBe(2);
  });

  it("a watcher that has gone is not told", () => {
    const host = new LoneHost(["10.0.0.1/24"]);
    let told = 0;
    const watcher = () => told++;
    host.host.watchLinks(watcher);
    host.host.unwatchLinks(watcher);
    host.nic.setCarrier(false);
    host.host.crash();
    host.nic.setCarrier(true);
    expect(told).toBe(0);
  });
});

describe("addresses", () => {
  it("are added once and taken off once; an IPv6 one brings its solicited-node group", () => {
    const { nic } = new LoneHost(["10.0.0.1/24"]);
    const group = ip("ff02::1:ff00:50");
    expect([nic.addAddress(ip("2001:db8::50"), 64), nic.addAddress(ip("2001:db8::50"), 64)]).toEqual([true, false]);
    expect(nic.listensTo(group, 0, 16)).toBe(true);
    // Another address with the same last octets shares the group.
    nic.addAddress(ip("2001:db8:1::50"), 64);
    expect([nic.removeAddress(ip("2001:db8::50")), nic.removeAddress(ip("2001:db8::50"))]).toEqual([true, false]);
    expect(nic.listensTo(group, 0, 16)).toBe(true);
    nic.removeAddress(ip("2001:db8:1::50"));
    expect(nic.listensTo(group, 0, 16)).toBe(false);
  });
});

describe("routes", () => {
  const twoNics = () => {
    const host = new LoneHost(["10.0.0.1/24", "10.0.9.1/30"]);
    const second = host.host.addNic("eth1", 1 as PortId, mac("02:00:00:00:01:01"), []);
    second.addAddress(ip("10.0.0.2"), 24);
    second.addAddress(ip("10.0.1.1"), 16);
    return { host, second };
  };

  it.each([
    ["10.0.0.9", "eth0"],
    ["10.0.1.9", "eth1"],
    ["10.0.9.2", "eth0"],
    ["10.0.9.9", "eth1"],
    ["10.1.0.1", undefined],
    ["2001:db8::9", undefined],
  ])("%s by %s: the longest prefix, then the first NIC", (to, nic) => {
    const { host } = twoNics();
    expect(routeTo(host.host, ip(to), 0, ip(to).length, null)?.name).toBe(nic);
  });

  it("a preferred NIC wins ties and only those", () => {
    const { host, second } = twoNics();
    expect(routeTo(host.host, ip("10.0.0.9"), 0, 4, second)?.name).toBe("eth1");
    expect(routeTo(host.host, ip("10.0.9.2"), 0, 4, second)?.name).toBe("eth0");
  });

  it.each([
    ["10.0.9.2", "10.0.9.1"],
    ["10.0.0.7", "10.0.0.1"],
    ["172.16.0.1", "10.0.0.1"],
    ["fe80::7", "fe80::ff:fe00:100"],
  ])("the source to %s is %s", (to, source) => {
    const { host } = twoNics();
    expect(formatIp(sourceFor(host.nic, ip(to), 0, ip(to).length)!)).toBe(source);
  });

  it("there is no source without an address of the family", () => {
    const { host } = twoNics();
    host.nic.addresses.length = 0;
    expect(sourceFor(host.nic, ip("10.0.0.7"), 0, 4)).toBe(null);
  });
});
