/** Whatever is described, the frame's own readers find it again, and its checksums are as they are said to be. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ARP_SENDER_IP,
  ARP_SENDER_MAC,
  ARP_TARGET_IP,
  ARP_TARGET_MAC,
  arpOperation,
  checkArp,
} from "../../src/wire/arp.ts";
import { carpBaseS, carpSkew, carpVhid, checkCarp } from "../../src/wire/carp.ts";
import { type ArpContent, composeFrame, type IpContent, type IpMessage } from "../../src/wire/compose.ts";
import { ETHERTYPE_ARP, ETHERTYPE_IPV4, ETHERTYPE_IPV6, ETHERTYPE_VLAN, etherType } from "../../src/wire/ethernet.ts";
import { checkIcmp, icmpIdentifier, icmpSequence, icmpType } from "../../src/wire/icmp.ts";
import { checkIcmpv6, icmpv6Identifier, icmpv6Sequence, icmpv6Type } from "../../src/wire/icmpv6.ts";
import {
  checkIpv4,
  IPV4_DESTINATION,
  IPV4_SOURCE,
  ipv4PayloadOctets,
  ipv4Protocol,
  ipv4Ttl,
} from "../../src/wire/ipv4.ts";
import {
  checkIpv6,
  IPV6_DESTINATION,
  IPV6_SOURCE,
  ipv6HopLimit,
  ipv6UpperOctets,
  ipv6UpperProtocol,
} from "../../src/wire/ipv6.ts";
import {
  checkNeighbourAdvertisement,
  checkNeighbourSolicitation,
  ND_OPTION_SOURCE_MAC,
  ND_OPTION_TARGET_MAC,
  ND_OPTIONS,
  ND_TARGET,
  ndFlags,
  ndLinkLayerOption,
} from "../../src/wire/nd.ts";
import { PARSE_BAD_CHECKSUM, PARSE_OK } from "../../src/wire/parse-code.ts";
import { checkUdp, udpDestinationPort, udpLength, udpSourcePort } from "../../src/wire/udp.ts";
import { vlanId, vlanInnerType } from "../../src/wire/vlan.ts";
import {
  checkVrrpV2,
  checkVrrpV3,
  vrrpAddressCount,
  vrrpListsAddress,
  vrrpPriority,
  vrrpV2AuthOffset,
  vrrpV2AuthType,
  vrrpV2IntervalS,
  vrrpV3IntervalCs,
  vrrpVersion,
  vrrpVrid,
} from "../../src/wire/vrrp.ts";

const octets = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const mac = octets(6);
const vlan = fc.option(fc.nat(4094));
/** An address of one host: no check of a message minds it. */
const host = (length: 4 | 16) => octets(length).map((ip) => Uint8Array.of(ip[0]! & 0x7f, ...ip.subarray(1)));
const port = fc.nat(65_535);

const arp: fc.Arbitrary<ArpContent> = fc.record({
  what: fc.constant("arp" as const),
  operation: fc.constantFrom(1, 2),
  senderMac: mac,
  senderIp: octets(4),
  targetMac: mac,
  targetIp: octets(4),
});

const echoAndUdp = [
  fc.record({
    what: fc.constant("udp" as const),
    sourcePort: port,
    port,
    dataOctets: fc.nat(100),
  }),
  fc.record({
    what: fc.constant("icmp" as const),
    isReply: fc.boolean(),
    identifier: port,
    sequence: port,
    dataOctets: fc.nat(100),
  }),
];
const vrrp = (length: 4 | 16): fc.Arbitrary<IpMessage> =>
  fc.constantFrom(2 as const, 3 as const).chain((version) =>
    fc.record({
      what: fc.constant("vrrp" as const),
      version: fc.constant(version),
      vrid: fc.integer({ min: 1, max: 255 }),
      priority: fc.nat(255),
      intervalCs: version === 2 ? fc.nat(255).map((seconds) => seconds * 100) : fc.nat(4095),
      addresses: fc.array(host(length), { minLength: 1, maxLength: 20 }),
      password: version === 2 && length === 4 ? fc.option<Uint8Array>(octets(8)) : fc.constant(null),
    }),
  );
const carp = fc.record({
  what: fc.constant("carp" as const),
  vhid: fc.nat(255),
  baseS: fc.nat(255),
  skew: fc.nat(255),
  address: host(4),
  password: fc.uint8Array({ maxLength: 20 }),
});
const nd = [
  fc.record({ what: fc.constant("ns" as const), target: host(16), mac: fc.option(mac) }),
  fc.record({
    what: fc.constant("na" as const),
    target: host(16),
    mac: fc.option(mac),
    flags: fc.nat(7).map((bits) => bits << 5),
  }),
];
/** TTL 255, which some of them demand. */
const packet = (length: 4 | 16, checksum: fc.Arbitrary<IpContent["checksum"]>): fc.Arbitrary<IpContent> =>
  fc.record({
    what: fc.constant("ip" as const),
    // Not ::, which may not ask with its MAC.
    from: host(length).map((ip) => Uint8Array.of(ip[0]! | 1, ...ip.subarray(1))),
    to: host(length),
    ttl: fc.constant(255),
    message: fc.oneof(...echoAndUdp, vrrp(length), ...(length === 4 ? [carp] : nd)),
    checksum,
  });
const anyPacket = (checksum: IpContent["checksum"]) =>
  fc.oneof(packet(4, fc.constant(checksum)), packet(16, fc.constant(checksum)));

const slice = (bytes: Uint8Array, offset: number, length: number) => [...bytes.subarray(offset, offset + length)];

/** Where the IP header stands, and its message with what the header promises of it. */
function placesOf(bytes: Uint8Array, isVersion4: boolean) {
  const ip = etherType(bytes, 0) === ETHERTYPE_VLAN ? 18 : 14;
  const at = ip + (isVersion4 ? 20 : 40);
  return { ip, at, length: isVersion4 ? ipv4PayloadOctets(bytes, ip) : ipv6UpperOctets(bytes, ip) };
}

/** The code of the message's own check. */
function check(bytes: Uint8Array, { message, from }: IpContent): number {
  const isVersion4 = from.length === 4;
  const { ip, at, length } = placesOf(bytes, isVersion4);
  switch (message.what) {
    case "ns":
      return checkNeighbourSolicitation(bytes, at, length, ip);
    case "na":
      return checkNeighbourAdvertisement(bytes, at, length, ip);
    case "vrrp":
      return (message.version === 2 ? checkVrrpV2 : checkVrrpV3)(bytes, at, length, ip);
    case "carp":
      return checkCarp(bytes, at, length);
    case "udp":
      return checkUdp(bytes, at, length, ip);
    case "icmp":
      return isVersion4 ? checkIcmp(bytes, at, length) : checkIcmpv6(bytes, at, length, ip);
  }
}

/** The message as its readers find it. */
function read(bytes: Uint8Array, { message, from }: IpContent): IpMessage {
  const isVersion4 = from.length === 4;
  const { at, length } = placesOf(bytes, isVersion4);
  const optionOf = (type: number) => {
    const option = ndLinkLayerOption(bytes, at, length, type);
    return option < 0 ? null : Uint8Array.from(slice(bytes, option, 6));
  };
  switch (message.what) {
    case "ns":
      return { what: "ns", target: bytes.slice(at + ND_TARGET, at + ND_OPTIONS), mac: optionOf(ND_OPTION_SOURCE_MAC) };
    case "na": {
      const target = bytes.slice(at + ND_TARGET, at + ND_OPTIONS);
      return { what: "na", target, mac: optionOf(ND_OPTION_TARGET_MAC), flags: ndFlags(bytes, at) };
    }
    case "vrrp": {
      const version = vrrpVersion(bytes, at) as 2 | 3;
      expect(vrrpAddressCount(bytes, at)).toBe(message.addresses.length);
      const isPassword = version === 2 && isVersion4 && vrrpV2AuthType(bytes, at) === 1;
      return {
        what: "vrrp",
        version,
        vrid: vrrpVrid(bytes, at),
        priority: vrrpPriority(bytes, at),
        intervalCs: version === 2 ? vrrpV2IntervalS(bytes, at) * 100 : vrrpV3IntervalCs(bytes, at),
        addresses: message.addresses.filter((address) => vrrpListsAddress(bytes, at, address.length, address, 0)),
        password: isPassword ? bytes.slice(vrrpV2AuthOffset(bytes, at), vrrpV2AuthOffset(bytes, at) + 8) : null,
      };
    }
    case "carp": {
      const [vhid, baseS, skew] = [carpVhid(bytes, at), carpBaseS(bytes, at), carpSkew(bytes, at)];
      // What is only in the HMAC cannot be read again.
      return { ...message, vhid, baseS, skew };
    }
    case "udp": {
      const [sourcePort, port] = [udpSourcePort(bytes, at), udpDestinationPort(bytes, at)];
      return { what: "udp", sourcePort, port, dataOctets: udpLength(bytes, at) - 8 };
    }
    case "icmp": {
      const type = isVersion4 ? icmpType(bytes, at) : icmpv6Type(bytes, at);
      expect(isVersion4 ? [0, 8] : [128, 129]).toContain(type);
      return {
        what: "icmp",
        isReply: type === 0 || type === 129,
        identifier: isVersion4 ? icmpIdentifier(bytes, at) : icmpv6Identifier(bytes, at),
        sequence: isVersion4 ? icmpSequence(bytes, at) : icmpv6Sequence(bytes, at),
        dataOctets: bytes.length - at - 8,
      };
    }
  }
}
const PROTOCOLS = { ns: 58, na: 58, vrrp: 112, carp: 112, udp: 17, icmp: 1 };

describe("a described frame", () => {
  it("has the MACs and the tag", () => {
    fc.assert(
      fc.property(mac, mac, vlan, fc.oneof(arp, anyPacket("right")), (destination, source, tag, content) => {
        const bytes = composeFrame({ destination, source, vlan: tag, content });
        expect(slice(bytes, 0, 12)).toEqual([...destination, ...source]);
        const type =
          content.what === "arp" ? ETHERTYPE_ARP : content.from.length === 4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6;
        if (tag === null) expect(etherType(bytes, 0)).toBe(type);
        else
          expect([etherType(bytes, 0), vlanId(bytes, 12), vlanInnerType(bytes, 12)]).toEqual([
            ETHERTYPE_VLAN,
            tag,
            type,
          ]);
      }),
    );
  });

  it("of ARP says what it is told to say", () => {
    fc.assert(
      fc.property(arp, (content) => {
        const bytes = composeFrame({ destination: new Uint8Array(6), source: new Uint8Array(6), vlan: null, content });
        expect(checkArp(bytes, 14, bytes.length - 14)).toBe(PARSE_OK);
        expect(arpOperation(bytes, 14)).toBe(content.operation);
        expect(slice(bytes, 14 + ARP_SENDER_MAC, 6)).toEqual([...content.senderMac]);
        expect(slice(bytes, 14 + ARP_SENDER_IP, 4)).toEqual([...content.senderIp]);
        expect(slice(bytes, 14 + ARP_TARGET_MAC, 6)).toEqual([...content.targetMac]);
        expect(slice(bytes, 14 + ARP_TARGET_IP, 4)).toEqual([...content.targetIp]);
        expect(bytes.length).toBe(42);
      }),
    );
  });

  it("over IP is what was described, with right checksums", () => {
    fc.assert(
      fc.property(vlan, anyPacket("right"), (tag, content) => {
        const bytes = composeFrame({ destination: new Uint8Array(6), source: new Uint8Array(6), vlan: tag, content });
        const isVersion4 = content.from.length === 4;
        const { ip } = placesOf(bytes, isVersion4);
        const left = bytes.length - ip;
        expect(isVersion4 ? checkIpv4(bytes, ip, left) : checkIpv6(bytes, ip, left)).toBe(PARSE_OK);
        expect(isVersion4 ? ipv4Ttl(bytes, ip) : ipv6HopLimit(bytes, ip)).toBe(255);
        const { what } = content.message;
        const protocol = what === "icmp" && !isVersion4 ? 58 : PROTOCOLS[what];
        expect(isVersion4 ? ipv4Protocol(bytes, ip) : ipv6UpperProtocol(bytes, ip)).toBe(protocol);
        const [source, destination] = isVersion4 ? [IPV4_SOURCE, IPV4_DESTINATION] : [IPV6_SOURCE, IPV6_DESTINATION];
        expect(slice(bytes, ip + source, content.from.length)).toEqual([...content.from]);
        expect(slice(bytes, ip + destination, content.to.length)).toEqual([...content.to]);
        expect(check(bytes, content)).toBe(PARSE_OK);
        expect(read(bytes, content)).toEqual(content.message);
      }),
    );
  });

  it("lies about its checksum and nothing else, if it is told to", () => {
    fc.assert(
      fc.property(anyPacket("wrong"), (content) => {
        const bytes = composeFrame({ destination: new Uint8Array(6), source: new Uint8Array(6), vlan: null, content });
        expect(check(bytes, content)).toBe(PARSE_BAD_CHECKSUM);
        expect(read(bytes, content)).toEqual(content.message);
      }),
    );
  });

  it("has a wrong checksum, not none, where the right one is 1", () => {
    const message = { what: "udp", sourcePort: 0, port: 0, dataOctets: 0 } as const;
    const from = Uint8Array.of(0xff, 0xdd, 0, 0);
    const content = { what: "ip", from, to: new Uint8Array(4), ttl: 64, message } as const;
    const sumOf = (checksum: IpContent["checksum"]) =>
      slice(
        composeFrame({
          destination: new Uint8Array(6),
          source: new Uint8Array(6),
          vlan: null,
          content: { ...content, checksum },
        }),
        40,
        2,
      );
    const right = sumOf("right");
    expect([right, sumOf("wrong"), sumOf("none")]).toEqual([
      [0, 1],
      [0, 2],
      [0, 0],
    ]);
  });
});
