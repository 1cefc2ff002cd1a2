import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IPPROTO_ICMPV6, IPPROTO_UDP } from "../../src/wire/ipv4.ts";
import {
  checkIpv6,
  HOP_BY_HOP_ROUTER_ALERT_OCTETS,
  IPPROTO_FRAGMENT,
  IPPROTO_HOP_BY_HOP,
  IPV6_DESTINATION,
  IPV6_NEXT_HEADER,
  IPV6_OCTETS,
  IPV6_SOURCE,
  ipv6FlowLabel,
  ipv6HeaderOctets,
  ipv6HopLimit,
  ipv6NextHeader,
  ipv6PayloadOctets,
  ipv6TrafficClass,
  ipv6UpperOctets,
  ipv6UpperProtocol,
  writeHopByHopRouterAlert,
  writeIpv6,
} from "../../src/wire/ipv6.ts";
import {
  PARSE_BAD_LENGTH,
  PARSE_BAD_VERSION,
  PARSE_FRAGMENT,
  PARSE_OK,
  PARSE_TRUNCATED,
} from "../../src/wire/parse-code.ts";
import { ip } from "./frame-writers.ts";
import { bytesOf, guarded, hexOf, written } from "./octets.ts";

/** A packet whose payload is `payload`. */
function packet(nextHeader: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(IPV6_OCTETS + payload.length);
  writeIpv6(bytes, 0, 0, 0, payload.length, nextHeader, 64, ip("2001:db8::1"), 0, ip("2001:db8::2"), 0);
  bytes.set(payload, IPV6_OCTETS);
  return bytes;
}

describe("the IPv6 header", () => {
  it("comes back as written", () => {
    const address = fc.uint8Array({ minLength: 19, maxLength: 19 });
    fc.assert(
      fc.property(
        fc.nat(0xff),
        fc.nat(0xfffff),
        fc.nat(1460),
        fc.integer({ min: 45, max: 255 }),
        fc.nat(0xff),
        address,
        fc.nat(3),
        address,
        fc.nat(3),
        (trafficClass, flowLabel, payload, nextHeader, hopLimit, source, sourceAt, destination, destinationAt) => {
          const header = written(IPV6_OCTETS, (to, offset) =>
            writeIpv6(
              to,
              offset,
              trafficClass,
              flowLabel,
              payload,
              nextHeader,
              hopLimit,
              source,
              sourceAt,
              destination,
              destinationAt,
            ),
          );
          const bytes = new Uint8Array(IPV6_OCTETS + payload);
          bytes.set(header);
          expect(checkIpv6(bytes, 0, bytes.length)).toBe(PARSE_OK);
          expect(ipv6TrafficClass(bytes, 0)).toBe(trafficClass);
          expect(ipv6FlowLabel(bytes, 0)).toBe(flowLabel);
          expect(ipv6PayloadOctets(bytes, 0)).toBe(payload);
          expect(ipv6NextHeader(bytes, 0)).toBe(nextHeader);
          expect(ipv6UpperProtocol(bytes, 0)).toBe(nextHeader);
          expect(ipv6HeaderOctets(bytes, 0)).toBe(IPV6_OCTETS);
          expect(ipv6UpperOctets(bytes, 0)).toBe(payload);
          expect(ipv6HopLimit(bytes, 0)).toBe(hopLimit);
          expect(bytes.slice(IPV6_SOURCE, IPV6_DESTINATION)).toEqual(source.slice(sourceAt, sourceAt + 16));
          expect(bytes.slice(IPV6_DESTINATION, IPV6_OCTETS)).toEqual(
            destination.slice(destinationAt, destinationAt + 16),
          );
        },
      ),
    );
  });

  it("is refused when header or packet is not all there", () => {
    const bytes = packet(IPPROTO_UDP, new Uint8Array(8));
    for (let octets = 0; octets < bytes.length; octets++) {
      expect(checkIpv6(guarded(bytes, 0, octets), 0, octets)).toBe(PARSE_TRUNCATED);
    }
  });

  it("is refused with another version", () => {
    const bytes = packet(IPPROTO_UDP, new Uint8Array(8));
    bytes[0] = 0x45;
    expect(checkIpv6(bytes, 0, bytes.length)).toBe(PARSE_BAD_VERSION);
  });

  it("tells a fragment", () => {
    const bytes = packet(IPPROTO_FRAGMENT, bytesOf("11000001000000aa 0102030405060708"));
    expect(checkIpv6(bytes, 0, bytes.length)).toBe(PARSE_FRAGMENT);
  });
});

describe("hop-by-hop options", () => {
  const routerAlert = written(HOP_BY_HOP_ROUTER_ALERT_OCTETS, (to, offset) =>
    writeHopByHopRouterAlert(to, offset, IPPROTO_ICMPV6),
  );

  it("with a router alert are written as Linux does", () => {
    expect(hexOf(routerAlert)).toBe("3a00050200000100");
  });

  it("are stepped over", () => {
    const bytes = packet(IPPROTO_HOP_BY_HOP, Uint8Array.of(...routerAlert, 1, 2, 3, 4));
    expect(checkIpv6(bytes, 0, bytes.length)).toBe(PARSE_OK);
    expect(ipv6UpperProtocol(bytes, 0)).toBe(IPPROTO_ICMPV6);
    expect(ipv6HeaderOctets(bytes, 0)).toBe(48);
    expect(ipv6UpperOctets(bytes, 0)).toBe(4);
  });

  it("may be longer than 8 octets, and all of the packet", () => {
    const bytes = packet(IPPROTO_HOP_BY_HOP, bytesOf("3b010502000001000108000000000000"));
    expect(checkIpv6(bytes, 0, bytes.length)).toBe(PARSE_OK);
    expect(ipv6HeaderOctets(bytes, 0)).toBe(56);
    expect(ipv6UpperOctets(bytes, 0)).toBe(0);
  });

  it("are refused when they do not fit into the payload", () => {
    const tooLong = packet(IPPROTO_HOP_BY_HOP, bytesOf("3a01050200000100 01020304050607"));
    expect(checkIpv6(tooLong, 0, tooLong.length)).toBe(PARSE_BAD_LENGTH);
    const none = packet(IPPROTO_HOP_BY_HOP, new Uint8Array(0));
    expect(checkIpv6(none, 0, none.length)).toBe(PARSE_BAD_LENGTH);
  });

  it("do not hide a fragment", () => {
    const bytes = packet(IPPROTO_HOP_BY_HOP, bytesOf("2c00050200000100 11000001000000aa"));
    expect(bytes[IPV6_NEXT_HEADER]).toBe(0);
    expect(checkIpv6(bytes, 0, bytes.length)).toBe(PARSE_FRAGMENT);
  });
});
