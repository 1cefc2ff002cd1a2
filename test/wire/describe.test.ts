import { describe, expect, it } from "vitest";
import { describeFrame } from "../../src/wire/describe.ts";
import { ETHERNET_OCTETS, ETHERTYPE_IPV4, writeEthernet } from "../../src/wire/ethernet.ts";
import { IPPROTO_AH, IPPROTO_UDP, IPPROTO_VRRP, writeIpv4 } from "../../src/wire/ipv4.ts";
import { writeVrrpV2, writeVrrpV3 } from "../../src/wire/vrrp.ts";
import { ip, mac } from "./frame-writers.ts";
import { bytesOf } from "./octets.ts";
import { RECORDED_FRAMES } from "./recorded-frames.ts";

const described = (hex: string): string => {
  const bytes = bytesOf(hex);
  return describeFrame(bytes, 0, bytes.length);
};

/** The recorded frame `name` with `value` at `index`. */
function changed(name: string, index: number, value: number): string {
  const recorded = RECORDED_FRAMES.find((frame) => frame.name === name);
  const bytes = bytesOf(recorded?.hex ?? "");
  bytes[index] = value;
  return describeFrame(bytes, 0, bytes.length);
}

/** An IPv4 packet of `payload` in a frame. */
function packet(protocol: number, payload: Uint8Array, flagsFragment = 0): Uint8Array {
  const bytes = new Uint8Array(ETHERNET_OCTETS + 20 + payload.length);
  writeEthernet(bytes, 0, mac("01:00:5e:00:00:12"), mac("02:00:00:00:00:01"), ETHERTYPE_IPV4);
  const total = 20 + payload.length;
  writeIpv4(bytes, ETHERNET_OCTETS, 0, total, 7, flagsFragment, 255, protocol, ip("10.0.1.11"), 0, ip("224.0.0.18"), 0);
  bytes.set(payload, ETHERNET_OCTETS + 20);
  return bytes;
}

describe("Ethernet", () => {
  it.each([
    ["", "Ethernet [truncated], length 0"],
    ["ffffffffffff 0200000000", "Ethernet [truncated], length 11"],
    ["ffffffffffff 020000000001 88b5 4b56", "02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, ethertype 0x88b5, length 2"],
    ["0180c2000000 020000000001 0026 424203", "02:00:00:00:00:01 > 01:80:c2:00:00:00, LLC, length 3"],
    [
      "ffffffffffff 01005e000012 88b5",
      "Ethernet source 01:00:5e:00:00:12 [bad-value]: 01:00:5e:00:00:12 > ff:ff:ff:ff:ff:ff, ethertype 0x88b5, length 0",
    ],
  ])("%s", (hex, text) => {
    expect(described(hex)).toBe(text);
  });

  it("octets that are not there are not read", () => {
    expect(describeFrame(new Uint8Array(10), 4, 60)).toBe("Ethernet [truncated], length 6");
    expect(describeFrame(new Uint8Array(10), 20, 60)).toBe("Ethernet [truncated], length 0");
    expect(describeFrame(new Uint8Array(10), 0, -1)).toBe("Ethernet [truncated], length 0");
  });
});

describe("802.1Q", () => {
  const arp = "0001080006040001 020000000001 0a000132 ffffffffffff 0a000132";
  it.each([
    [
      `ffffffffffff 020000000001 8100 6064 0806 ${arp}`,
      "vlan 100, p 3, ARP, Request who-has 10.0.1.50 tell 10.0.1.50 at 02:00:00:00:00:01 (gratuitous)",
    ],
    [
      "ffffffffffff 020000000001 8100 1005 8100 000a 88b5",
      "vlan 5, p 0, DEI, vlan 10, p 0, 02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, ethertype 0x88b5, length 0",
    ],
    ["ffffffffffff 020000000001 8100 00", "vlan [truncated], length 3"],
    [
      "ffffffffffff 020000000001 8100 0fff 88b5",
      "vlan 4095 [bad-value], p 0, 02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, ethertype 0x88b5, length 0",
    ],
  ])("%s", (hex, text) => {
    expect(described(hex)).toBe(text);
  });
});

describe("ARP", () => {
  const arp = (source: string, operation: string, senderIp: string, targetIp: string) =>
    described(
      `ffffffffffff ${source} 0806 000108000604 ${operation} 020000000001 ${senderIp} 000000000000 ${targetIp}`,
    );

  it("tells probes, announcements in either operation, and senders that lie about their MAC", () => {
    const own = "020000000001";
    expect(arp(own, "0001", "00000000", "0a000132")).toBe("ARP, Request who-has 10.0.1.50 tell 0.0.0.0 (probe)");
    expect(arp(own, "0002", "0a000132", "0a000132")).toBe("ARP, Reply 10.0.1.50 is-at 02:00:00:00:00:01 (gratuitous)");
    expect(arp("020000000009", "0001", "0a000132", "0a000132")).toBe(
      "ARP, Request who-has 10.0.1.50 tell 10.0.1.50 at 02:00:00:00:00:01 (gratuitous, Ethernet source 02:00:00:00:00:09)",
    );
    expect(arp(own, "0003", "0a000132", "0a000132")).toBe("ARP [bad-type], length 28");
  });
});

describe("IP", () => {
  it("names what it does not read", () => {
    const describedPacket = (bytes: Uint8Array) => describeFrame(bytes, 0, bytes.length);
    expect(describedPacket(packet(IPPROTO_AH, new Uint8Array(24)))).toBe("10.0.1.11 > 224.0.0.18: AH, length 24");
    expect(describedPacket(packet(89, new Uint8Array(3)))).toBe("10.0.1.11 > 224.0.0.18: IP protocol 89, length 3");
    expect(describedPacket(packet(IPPROTO_UDP, new Uint8Array(8), 0x2000 | 185))).toBe(
      "10.0.1.11 > 224.0.0.18: fragment id 7 offset 1480 of UDP, length 8",
    );
  });

  it.each([
    ["VRRPv2 advertisement", 14, 0x55, "IPv4 [bad-version], length 40"],
    ["VRRPv2 advertisement", 14, 0x41, "IPv4 [bad-length], length 40"],
    ["VRRPv2 advertisement", 25, 0, "10.0.1.11 > 224.0.0.18: IPv4 [bad-checksum], length 20"],
    ["VRRPv3 advertisement over IPv6", 14, 0x40, "IPv6 [bad-version], length 64"],
    ["VRRPv3 advertisement over IPv6", 20, 44, "fe80::ff:fe00:1 > ff02::12: fragment, length 24"],
    ["UDP datagram over IPv6", 20, 89, "2001:db8:1::11 > 2001:db8:1::12: IP protocol 89, length 13"],
    ["UDP datagram over IPv6", 20, 6, "2001:db8:1::11 > 2001:db8:1::12: TCP [truncated], length 13"],
    ["UDP datagram", 47, 0x70, "10.0.1.11 > 10.0.1.12: UDP 40000 > 9, length 5"],
    ["UDP datagram", 46, 0, "10.0.1.11 > 10.0.1.12: UDP 40000 > 9, length 5 [bad-checksum]"],
    ["ICMP echo request", 35, 1, "10.0.1.11 > 10.0.1.12: ICMP echo request, id 4660, seq 7, length 15 [bad-checksum]"],
    ["ICMP echo request", 34, 13, "10.0.1.11 > 10.0.1.12: ICMP type 13, code 0, length 15 [bad-checksum]"],
    ["ICMPv6 echo reply", 54, 200, "2001:db8:1::12 > 2001:db8:1::11: ICMP6 type 200, code 0, length 15 [bad-checksum]"],
    ["IGMPv3 report, join", 38, 0x11, "10.0.1.11 > 224.0.0.22: IGMP type 0x11, length 16"],
    ["IGMPv3 report, join", 46, 6, "10.0.1.11 > 224.0.0.22: IGMPv3 report [bad-checksum], length 16"],
    ["MLDv2 report, join", 70, 6, "fe80::ff:fe00:1 > ff02::16: MLDv2 report [bad-checksum], length 28"],
  ])("%s with octet %i = %i", (name, index, value, text) => {
    expect(changed(name, index, value)).toBe(text);
  });

  it("shows a neighbour solicitation from afar", () => {
    expect(changed("neighbour solicitation", 21, 64)).toBe(
      "2001:db8:1::11 > ff02::1:ff00:12: ICMP6 neighbour solicitation, who has 2001:db8:1::12, tell 02:00:00:00:00:01 [bad-ttl]",
    );
  });

  it("says when a UDP checksum was left to the network card", () => {
    expect(
      described(
        "020000000077 020000000100 0800 4500002407c5400040111c860a0001320a00014d a0280009001016a0 4b4e000000010000",
      ),
    ).toBe("10.0.1.50 > 10.0.1.77: UDP 41000 > 9, length 8 [checksum offloaded]");
  });
});

describe("VRRP", () => {
  const advert = (write: (bytes: Uint8Array, offset: number, ipOffset: number) => void, octets: number): string => {
    const bytes = packet(IPPROTO_VRRP, new Uint8Array(octets));
    write(bytes, ETHERNET_OCTETS + 20, ETHERNET_OCTETS);
    return describeFrame(bytes, 0, bytes.length);
  };
  const two = Uint8Array.of(10, 0, 1, 50, 10, 0, 1, 51);

  it("lists all addresses and the owner's priority", () => {
    expect(advert((bytes, at, ipAt) => writeVrrpV3(bytes, at, ipAt, 7, 255, 4095, two, 2), 16)).toBe(
      "10.0.1.11 > 224.0.0.18: VRRPv3 advert vrid 7 prio 255 int 4095cs 10.0.1.50 10.0.1.51",
    );
  });

  it("says that no address is there, and names AH and unknown authentication", () => {
    expect(advert((bytes, at, ipAt) => writeVrrpV2(bytes, at, ipAt, 7, 1, 2, 255, two, 0, null), 16)).toBe(
      "10.0.1.11 > 224.0.0.18: VRRPv2 advert vrid 7 prio 1 int 255s auth ah no addresses",
    );
    expect(advert((bytes, at, ipAt) => writeVrrpV2(bytes, at, ipAt, 7, 1, 9, 3, two, 1, null), 20)).toBe(
      "10.0.1.11 > 224.0.0.18: VRRPv2 advert vrid 7 prio 1 int 3s auth 9 10.0.1.50",
    );
  });

  it("tells RFC 9568's checksum from a wrong one", () => {
    expect(advert((bytes, at, ipAt) => writeVrrpV3(bytes, at, ipAt, 7, 100, 100, two, 1, false), 12)).toBe(
      "10.0.1.11 > 224.0.0.18: VRRPv3 advert vrid 7 prio 100 int 100cs 10.0.1.50 [checksum without pseudo-header]",
    );
    expect(changed("VRRPv3 advertisement every 100 ms", 36, 91)).toBe(
      "10.0.1.12 > 224.0.0.18: VRRPv3 advert vrid 51 prio 91 int 10cs 10.0.1.50 [bad-checksum]",
    );
  });

  it("shows what there is of a broken one", () => {
    expect(changed("VRRPv2 advertisement", 37, 200)).toBe(
      "10.0.1.11 > 224.0.0.18: VRRPv2 advert vrid 51 prio 100 int 1s auth none 10.0.1.50 0.0.0.0 0.0.0.0 [truncated]",
    );
    expect(changed("VRRPv2 advertisement", 34, 0x71)).toBe("10.0.1.11 > 224.0.0.18: VRRP [bad-version], length 20");
    expect(describeFrame(packet(IPPROTO_VRRP, new Uint8Array(5)), 0, 39)).toBe(
      "10.0.1.11 > 224.0.0.18: VRRP [truncated], length 5",
    );
  });

  it("keeps passwords to itself", () => {
    const text = RECORDED_FRAMES.find(({ name }) => name.includes("password"))?.text;
    expect(text).toContain("auth pass");
    expect(text).not.toContain("1111");
  });
});
