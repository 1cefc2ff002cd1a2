/** Who is answered by ARP, with what, and who is not. */
import { describe, expect, it } from "vitest";
import { arp, BROADCAST } from "./frames.ts";
import { HOST_MAC, ip, LoneHost, mac } from "./lone-host.ts";

const US = "10.0.0.1";
const ASKER = { senderMac: "02:00:00:00:00:77", senderIp: "10.0.0.77" };
const lone = () => new LoneHost([`${US}/24`, "10.0.0.50/32"]);

describe("a question for one of our addresses", () => {
  it.each([US, "10.0.0.50"])("%s is answered to the asker alone, who is remembered", (targetIp) => {
    const host = lone();
    host.deliver(arp({ operation: 1, ...ASKER, targetIp }));
    expect(host.takeSent()).toEqual([`${ASKER.senderMac} ARP, Reply ${targetIp} is-at ${HOST_MAC}`]);
    expect(host.entry(ASKER.senderIp)).toBe(`STALE ${ASKER.senderMac}`);
  });

  it("is answered in 42 octets that name the asker", () => {
    const host = lone();
    host.deliver(arp({ operation: 1, ...ASKER, targetIp: US }));
    expect(Buffer.from(host.sent[0]!.bytes).toString("hex")).toBe(
      "0200000000770200000001000806000108000604000202000000" + "01000a0000010200000000770a00004d",
    );
  });

  it("is answered to the MAC in the ARP, whatever the Ethernet source", () => {
    const host = lone();
    const frame = arp({ operation: 1, ...ASKER, targetIp: US });
    frame.set(mac("02:00:00:00:00:88"), 6);
    host.deliver(frame);
    expect(host.takeSent()[0]).toContain(`${ASKER.senderMac} ARP, Reply`);
  });

  it("from another subnet is answered too", () => {
    const host = lone();
    host.deliver(arp({ operation: 1, senderMac: ASKER.senderMac, senderIp: "192.168.7.7", targetIp: US }));
    expect(host.takeSent().length).toBe(1);
  });

  it("by unicast is answered, for another MAC is not", () => {
    const host = lone();
    host.deliver(arp({ operation: 1, ...ASKER, targetIp: US, to: HOST_MAC }));
    host.deliver(arp({ operation: 1, ...ASKER, targetIp: US, to: "02:00:00:00:00:99" }));
    expect(host.takeSent().length).toBe(1);
  });

  it("that is only a probe (RFC 5227) is answered, and teaches nothing", () => {
    const host = lone();
    host.deliver(arp({ operation: 1, senderMac: ASKER.senderMac, senderIp: "0.0.0.0", targetIp: US }));
    expect(host.takeSent()).toEqual([`${ASKER.senderMac} ARP, Reply ${US} is-at ${HOST_MAC}`]);
    expect(host.nic.neighbours4.count).toBe(0);
  });
});

describe("silence", () => {
  it.each([
    ["a question for somebody else", { operation: 1, ...ASKER, targetIp: "10.0.0.9" }],
    ["a probe for somebody else", { operation: 1, ...ASKER, senderIp: "0.0.0.0", targetIp: "10.0.0.9" }],
    ["an announcement of our own address", { operation: 1, ...ASKER, senderIp: US, targetIp: US }],
    ["the same as a reply", { operation: 2, ...ASKER, senderIp: US, targetMac: ASKER.senderMac, targetIp: US }],
    ["a question that claims to come from us", { operation: 1, ...ASKER, senderIp: US, targetIp: "10.0.0.50" }],
    ["a reply that nobody asked for", { operation: 2, ...ASKER, targetMac: HOST_MAC, targetIp: US, to: HOST_MAC }],
    ["a reply from nowhere", { operation: 2, ...ASKER, senderIp: "0.0.0.0", targetIp: US, to: HOST_MAC }],
    ["an announcement of a stranger", { operation: 1, ...ASKER, targetIp: ASKER.senderIp, targetMac: BROADCAST }],
  ] as const)("%s: no answer, no entry", (_what, frame) => {
    const host = lone();
    host.deliver(arp(frame));
    expect(host.takeSent()).toEqual([]);
    expect(host.nic.neighbours4.count).toBe(0);
  });

  it.each([
    ["cut", (bytes: Uint8Array) => bytes.subarray(0, 41)],
    ["for another hardware", (bytes: Uint8Array) => with_(bytes, 15, 6)],
    ["with addresses of other lengths", (bytes: Uint8Array) => with_(bytes, 18, 8)],
    ["with operation 3", (bytes: Uint8Array) => with_(bytes, 21, 3)],
  ])("a frame that is %s is counted", (_what, spoil) => {
    const host = lone();
    host.deliver(spoil(arp({ operation: 1, ...ASKER, targetIp: US })));
    expect([host.sent.length, host.host.packetsMalformed]).toEqual([0, 1]);
  });
});

describe("a question of our own", () => {
  it("is broadcast with an empty target MAC, from the address in the asked one's subnet", () => {
    const host = new LoneHost(["192.168.0.1/24", "10.0.0.1/24", "10.0.0.2/24"]);
    host.ask("10.0.0.9");
    host.ask("192.168.0.9");
    expect(host.takeSent()).toEqual([
      `${BROADCAST} ARP, Request who-has 10.0.0.9 tell 10.0.0.1`,
      `${BROADCAST} ARP, Request who-has 192.168.0.9 tell 192.168.0.1`,
    ]);
  });

  it("carries the source of the packet that waits (arp_announce 0), so that its asker learns who has that address", () => {
    const host = lone();
    host.ask("10.0.0.9", "udp", "10.0.0.50");
    expect(host.takeSent()).toEqual([`${BROADCAST} ARP, Request who-has 10.0.0.9 tell 10.0.0.50`]);
  });

  it("is not asked where there is no route", () => {
    const host = lone();
    host.ask("172.16.0.1");
    expect([host.sent.length, host.host.packetsUnreachable, host.slab.inUse]).toEqual([0, 1, 0]);
  });
});

describe("a macvlan", () => {
  const VMAC = "00:00:5e:00:01:33";
  const stacked = () => {
    const host = new LoneHost([`${US}/24`]);
    const upper = host.host.addMacvlan(host.nic, "vrrp.51", mac(VMAC));
    upper.addAddress(ip("10.0.0.50"), 32);
    return { host, upper };
  };

  it("and its lower NIC both answer for an address of either, unless arp_ignore is 1", () => {
    const { host, upper } = stacked();
    const question = arp({ operation: 1, ...ASKER, targetIp: "10.0.0.50" });
    host.deliver(question);
    expect(
      host
        .takeSent()
        .map((line) => line.slice(-17))
        .sort(),
    ).toEqual([VMAC, HOST_MAC].sort());
    upper.settings4.arpIgnore = 1;
    host.nic.settings4.arpIgnore = 1;
    host.deliver(question);
    expect(host.takeSent()).toEqual([`${ASKER.senderMac} ARP, Reply 10.0.0.50 is-at ${VMAC}`]);
    host.deliver(arp({ operation: 1, ...ASKER, targetIp: US }));
    expect(host.takeSent()).toEqual([`${ASKER.senderMac} ARP, Reply ${US} is-at ${HOST_MAC}`]);
    host.deliver(arp({ operation: 1, ...ASKER, senderIp: "0.0.0.0", targetIp: "10.0.0.50" }));
    expect(host.takeSent()).toEqual([`${ASKER.senderMac} ARP, Reply 10.0.0.50 is-at ${VMAC}`]);
  });

  it("gets what is sent to its MAC, and nothing that is sent to the lower NIC's", () => {
    const { host, upper } = stacked();
    upper.settings4.arpIgnore = 1;
    host.deliver(arp({ operation: 1, ...ASKER, targetIp: "10.0.0.50", to: VMAC }));
    expect(host.takeSent()).toEqual([`${ASKER.senderMac} ARP, Reply 10.0.0.50 is-at ${VMAC}`]);
    expect([upper.neighbours4.count, host.nic.neighbours4.count]).toEqual([1, 0]);
  });

  it("keeps group frames from its own MAC to itself", () => {
    const { host, upper } = stacked();
    host.deliver(arp({ operation: 1, senderMac: VMAC, senderIp: "10.0.0.60", targetIp: US }));
    expect(host.takeSent().length).toBe(1);
    expect([upper.neighbours4.count, host.nic.neighbours4.count]).toEqual([1, 0]);
  });

  it("with accept_local answers another holder's announcement of the address it has", () => {
    const { host, upper } = stacked();
    upper.settings4.arpIgnore = 1;
    const announcement = arp({ operation: 1, senderMac: VMAC, senderIp: "10.0.0.50", targetIp: "10.0.0.50" });
    host.deliver(announcement);
    expect(host.takeSent()).toEqual([]);
    upper.settings4.acceptLocal = 1;
    host.deliver(announcement);
    expect(host.takeSent().map((line) => line.slice(0, 17))).toEqual([VMAC]);
  });

  it("has its lower NIC's carrier, and forgets neighbours with it", () => {
    const { host, upper } = stacked();
    host.deliver(arp({ operation: 1, ...ASKER, targetIp: "10.0.0.50", to: VMAC }));
    host.nic.setCarrier(false);
    expect([upper.carrier, upper.neighbours4.count]).toEqual([false, 0]);
    host.nic.setCarrier(true);
    expect(upper.carrier).toBe(true);
  });
});

function with_(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = value;
  return copy;
}
