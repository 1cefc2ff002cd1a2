/** Captures of `tcpdump -i any`: what becomes of frames that have lost their Ethernet header. */
import { describe, expect, it } from "vitest";
import { CaptureReader } from "../../src/capture/capture-reader.ts";
import { classicPcap } from "./build-capture.ts";
import { hex, readAll } from "./read-all.ts";

const SLL = 113;
const SLL2 = 276;
const ARP_REQUEST = "0001 0800 06 04 0001 020000000001 0a000132 000000000000 0a000132";
const ARP_REPLY = "0001 0800 06 04 0002 020000000001 0a000132 020000000064 0a000164";
const IPV4 = (destination: string) => `4500 0014 0000 0000 ff70 0000 0a00010b ${destination}`;
const IPV6 = (destination: string) => `6000 0000 0000 70ff fe80000000000000 00000000000000ff ${destination}`;

/** A cooked packet: Linux's packet type, the protocol, the payload. */
interface Cooked {
  readonly type: number;
  readonly protocol: string;
  readonly payload: string;
  readonly device?: string;
  readonly macOctets?: number;
  readonly ifindex?: number;
}

function pack(linkType: number, { type, protocol, payload, device = "0001", macOctets = 6, ifindex = 2 }: Cooked) {
  const octet = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
  const mac = "020000000001 0000";
  return linkType === SLL
    ? hex(octet(type, 4), device, octet(macOctets, 4), mac, protocol, payload)
    : hex(protocol, "0000", octet(ifindex, 8), device, octet(type, 2), octet(macOctets, 2), mac, payload);
}

function read(linkType: number, ...packets: readonly Cooked[]) {
  const file = packets.map((packet) => ({ seconds: 1, fraction: 0, bytes: pack(linkType, packet) }));
  return readAll(classicPcap(file, { linkType }));
}

describe.each([SLL, SLL2])("a cooked capture, link type %s", (linkType) => {
  it.each([
    ["broadcast by somebody else", 1, "0806", ARP_REPLY, "ffffffffffff", "inbound"],
    ["an ARP request of our own", 4, "0806", ARP_REQUEST, "ffffffffffff", "outbound"],
    ["an ARP reply to us", 0, "0806", ARP_REPLY, "000000000000", "inbound"],
    ["an IPv4 group", 2, "0800", IPV4("e0000012"), "01005e000012", "inbound"],
    ["an IPv4 group of our own", 4, "0800", IPV4("e0000012"), "01005e000012", "outbound"],
    ["an IPv4 packet to somebody", 3, "0800", IPV4("0a000164"), "000000000000", "inbound"],
    ["an IPv6 group", 2, "86dd", IPV6("ff02000000000000 0000000000000012"), "333300000012", "inbound"],
    ["an IPv6 packet to us", 0, "86dd", IPV6("fe80000000000000 0000000000000012"), "000000000000", "inbound"],
    ["a packet that is cut off", 2, "0800", "4500", "000000000000", "inbound"],
  ] as const)("%s", (_, type, protocol, payload, destination, direction) => {
    const { frames, leftOut } = read(linkType, { type, protocol, payload });
    const expected = `${destination}020000000001${protocol}${payload.replaceAll(" ", "")}`;
    expect(frames).toMatchObject([{ hex: expected, direction, originalOctets: expected.length / 2 }]);
    expect(leftOut).toBe(0);
  });

  it("tells the packet type where it does not tell the interface", () => {
    const packets = [0, 1, 2, 3, 4].map((type) => ({ type, protocol: "0806", payload: ARP_REPLY }));
    const file = packets.map((packet) => ({ seconds: 1, fraction: 0, bytes: pack(linkType, packet) }));
    const capture = new CaptureReader("x", classicPcap(file, { linkType }));
    const types: number[] = [];
    while (capture.next()) types.push(capture.cookedType);
    expect(types).toEqual(linkType === SLL ? [0, 1, 2, 3, 4] : [-1, -1, -1, -1, -1]);
  });

  it("has lengths for what Linux calls LLC", () => {
    const { frames } = read(linkType, { type: 2, protocol: "0004", payload: "4242 03 0000" });
    expect(frames[0]!.hex).toBe("000000000000020000000001000542420300 00".replace(" ", ""));
  });

  it("leaves out what is of the loopback, of a tunnel, or cut off in its header", () => {
    const arp = { type: 1, protocol: "0806", payload: ARP_REQUEST };
    const { frames, warnings } = read(
      linkType,
      { ...arp, device: "0304" },
      { ...arp, device: "0200", macOctets: 0 },
      arp,
      { ...arp, macOctets: 8 },
    );
    expect(frames.map(({ number }) => number)).toEqual([3]);
    expect(warnings[0]!.message).toContain("3 of 4 packets are not Ethernet");
    const short = classicPcap(
      [pack(linkType, arp).subarray(0, 15), pack(linkType, arp)].map((bytes) => ({ seconds: 1, fraction: 0, bytes })),
      { linkType },
    );
    expect(readAll(short).frames.map(({ number }) => number)).toEqual([2]);
  });
});

describe("interfaces", () => {
  it("are told by Linux's numbers where there are any", () => {
    const arp = { type: 1, protocol: "0806", payload: ARP_REQUEST };
    expect(read(SLL, arp, arp).interfaces).toEqual([null]);
    const { interfaces, frames } = read(SLL2, { ...arp, ifindex: 7 }, { ...arp, ifindex: 2 }, { ...arp, ifindex: 7 });
    expect(interfaces).toEqual(["ifindex 7", "ifindex 2"]);
    expect(frames.map(({ interfaceName }) => interfaceName)).toEqual(["ifindex 7", "ifindex 2", "ifindex 7"]);
  });
});
