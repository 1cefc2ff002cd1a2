/** Echo: ICMP, ICMPv6 and UDP port 7, answered from the address that was asked. */
import { describe, expect, it } from "vitest";
import { arp, BROADCAST, type EchoFrame, echo, ns, udp } from "./frames.ts";
import { HOST_MAC, ip, LoneHost, mac } from "./lone-host.ts";

const CLIENT = { from: "02:00:00:00:00:77", source: "10.0.0.77" };
const CLIENT6 = { from: "02:00:00:00:00:77", source: "2001:db8::77" };

/** A host that knows the client's MAC. */
function lone(): LoneHost {
  const host = new LoneHost(["10.0.0.1/24", "10.0.0.50/32", "2001:db8::1/64", "2001:db8::50/128"]);
  host.deliver(arp({ operation: 1, senderMac: CLIENT.from, senderIp: CLIENT.source, targetIp: "10.0.0.1" }));
  host.deliver(ns({ ...CLIENT6, target: "2001:db8::1", mac: CLIENT6.from }));
  host.takeSent();
  return host;
}

describe.each([
  ["10.0.0.1", CLIENT],
  ["10.0.0.50", CLIENT],
  ["2001:db8::1", CLIENT6],
  ["2001:db8::50", CLIENT6],
])("a question to %s", (destination, client) => {
  it.each([0, 1, 8, 56, 1400])("by ping with %i octets is answered with the same", (data) => {
    const host = lone();
    const question = { ...client, destination, identifier: 77, sequence: 5, data };
    host.deliver(echo(question));
    const [answer] = host.sent;
    const expected = echo({
      from: HOST_MAC,
      to: client.from,
      source: destination,
      destination: client.source,
      identifier: 77,
      sequence: 5,
      data,
      reply: true,
    } satisfies EchoFrame);
    // An answer over IPv4 counts its identification by itself.
    const isIpv4 = !destination.includes(":");
    expect(Array.from(answer!.bytes.subarray(isIpv4 ? 26 : 14))).toEqual(
      Array.from(expected.subarray(isIpv4 ? 26 : 14)),
    );
    expect(Array.from(answer!.bytes.subarray(0, 14))).toEqual(Array.from(expected.subarray(0, 14)));
    expect(host.slab.inUse).toBe(0);
  });

  it.each([0, 1, 2, 64])("by UDP with %i octets is answered from port 7", (data) => {
    const host = lone();
    host.deliver(udp({ ...client, destination, sourcePort: 40_000, destinationPort: 7, data }));
    const expected = udp({
      from: HOST_MAC,
      to: client.from,
      source: destination,
      destination: client.source,
      sourcePort: 7,
      destinationPort: 40_000,
      data,
    });
    const isIpv4 = !destination.includes(":");
    expect(Array.from(host.sent[0]!.bytes.subarray(isIpv4 ? 26 : 14))).toEqual(
      Array.from(expected.subarray(isIpv4 ? 26 : 14)),
    );
  });
});

describe("no answer", () => {
  it.each([
    ["to a question for somebody else", echo({ ...CLIENT, destination: "10.0.0.9" })],
    ["to a question for everybody", echo({ ...CLIENT, destination: "224.0.0.1", to: "01:00:5e:00:00:01" })],
    ["to an answer", echo({ ...CLIENT, destination: "10.0.0.1", reply: true })],
    ["from port 7 to port 7", udp({ ...CLIENT, destination: "10.0.0.1", sourcePort: 7, destinationPort: 7 })],
    ["to another MAC", echo({ ...CLIENT, destination: "10.0.0.1", to: "02:00:00:00:00:99" })],
  ])("%s", (_what, frame) => {
    const host = lone();
    host.deliver(frame);
    expect(host.takeSent()).toEqual([]);
    expect(host.slab.inUse).toBe(0);
  });

  it.each([
    ["10.0.0.1", CLIENT],
    ["2001:db8::1", CLIENT6],
  ])("to a question for %s with a wrong checksum, which is counted", (destination, client) => {
    const host = lone();
    const frame = echo({ ...client, destination });
    frame[frame.length - 1]! ^= 1;
    host.deliver(frame);
    expect([host.sent.length, host.host.packetsMalformed]).toEqual([0, 1]);
  });
});

describe("the way of an answer", () => {
  it("is asked for by ARP, from the address that was asked, if it is not known", () => {
    const host = new LoneHost(["10.0.0.1/24", "10.0.0.50/32"]);
    host.deliver(echo({ ...CLIENT, destination: "10.0.0.50" }));
    expect(host.takeSent()).toEqual([`${BROADCAST} ARP, Request who-has 10.0.0.77 tell 10.0.0.50`]);
    host.deliver(
      arp({
        operation: 2,
        senderMac: CLIENT.from,
        senderIp: CLIENT.source,
        targetMac: HOST_MAC,
        targetIp: "10.0.0.50",
        to: HOST_MAC,
      }),
    );
    expect(host.takeSent()[0]).toContain("10.0.0.50 > 10.0.0.77: ICMP echo reply");
  });

  it("of a macvlan is its lower NIC's over IPv4, its own over IPv6 (observed)", () => {
    const host = lone();
    const upper = host.host.addMacvlan(host.nic, "vrrp.51", mac("00:00:5e:00:01:33"));
    upper.addAddress(ip("10.0.0.60"), 24);
    upper.addAddress(ip("2001:db8::60"), 64);
    host.deliver(ns({ ...CLIENT6, target: "2001:db8::60", mac: CLIENT6.from }));
    host.takeSent();
    host.deliver(echo({ ...CLIENT, destination: "10.0.0.60", to: "00:00:5e:00:01:33" }));
    host.deliver(echo({ ...CLIENT6, destination: "2001:db8::60", to: "00:00:5e:00:01:33" }));
    const sources = host.sent.map(({ bytes }) =>
      Array.from(bytes.subarray(6, 12), (octet) => octet.toString(16)).join(":"),
    );
    expect(sources).toEqual(["2:0:0:0:1:0", "0:0:5e:0:1:33"]);
  });

  it("to itself never leaves the machine", () => {
    const host = lone();
    const heard: number[] = [];
    const identifier = host.host.listenForEchoes({ onEchoReply: (sequence) => heard.push(sequence) });
    host.host.settings4.acceptLocal = 1;
    host.deliver(echo({ from: CLIENT.from, source: "10.0.0.50", destination: "10.0.0.1", identifier, sequence: 9 }));
    expect([host.sent.length, heard]).toEqual([0, [9]]);
  });

  it("is none to what comes over the cable in the host's own name, as Linux has it", () => {
    const host = lone();
    host.deliver(echo({ from: CLIENT.from, source: "10.0.0.1", destination: "10.0.0.50" }));
    expect([host.sent.length, host.host.packetsMalformed]).toEqual([0, 1]);
  });

  it("is lost, and counted, when there is no slot for it", () => {
    const host = new LoneHost(["10.0.0.1/24"], { slots: 1 });
    host.deliver(echo({ ...CLIENT, destination: "10.0.0.1" }));
    expect([host.sent.length, host.host.framesLost, host.slab.inUse]).toEqual([0, 1, 0]);
  });

  it("is for whoever asked with that identifier", () => {
    const host = lone();
    const heard: string[] = [];
    const one = host.host.listenForEchoes({ onEchoReply: (sequence) => heard.push(`one ${sequence}`) });
    const two = host.host.listenForEchoes({ onEchoReply: (sequence) => heard.push(`two ${sequence}`) });
    host.deliver(echo({ ...CLIENT, destination: "10.0.0.1", identifier: two, sequence: 3, reply: true }));
    host.deliver(udp({ ...CLIENT, destination: "10.0.0.1", sourcePort: 7, destinationPort: one, sequence: 4 }));
    host.deliver(udp({ ...CLIENT, destination: "10.0.0.1", sourcePort: 7, destinationPort: one, data: 1 }));
    host.deliver(echo({ ...CLIENT, destination: "10.0.0.1", identifier: 5, sequence: 6, reply: true }));
    expect(heard).toEqual(["two 3", "one 4"]);
  });
});
