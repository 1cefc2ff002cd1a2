import { describe, expect, it } from "vitest";
import { addToSum, finishSum } from "../../src/base/checksum.ts";
import { IPPROTO_ICMPV6, IPPROTO_UDP, IPPROTO_VRRP } from "../../src/wire/ipv4.ts";
import {
  addPseudoHeader4ToSum,
  addPseudoHeader6ToSum,
  addPseudoHeaderToSum,
  isIpv4,
} from "../../src/wire/pseudo-header.ts";
import { bytesOf } from "./octets.ts";

/** IP headers of which only version and addresses matter here. */
const IPV4 = bytesOf("45000000 00000000 00000000 0a00010b e0000012");
const IPV6 = bytesOf("60000000 00000000 fe8000000000000000000000fffe0000 ff020000000000000000000000000012");

describe("the pseudo-header", () => {
  it("of IPv4 is source, destination, protocol and length (RFC 768)", () => {
    const spelledOut = bytesOf("0a00010b e0000012 0070 000c");
    const sum = addPseudoHeader4ToSum(0, IPV4, 0, IPPROTO_VRRP, 12);
    expect(finishSum(sum)).toBe(finishSum(addToSum(0, spelledOut, 0, 12)));
  });

  it("of IPv6 is source, destination, length and protocol (RFC 8200 section 8.1)", () => {
    const spelledOut = bytesOf("fe8000000000000000000000fffe0000 ff020000000000000000000000000012 00000018 0000003a");
    const sum = addPseudoHeader6ToSum(0, IPV6, 0, IPPROTO_ICMPV6, 24);
    expect(finishSum(sum)).toBe(finishSum(addToSum(0, spelledOut, 0, 40)));
  });

  it("is chosen by the IP header's version", () => {
    expect(isIpv4(IPV4, 0)).toBe(true);
    expect(isIpv4(IPV6, 0)).toBe(false);
    expect(addPseudoHeaderToSum(5, IPV4, 0, IPPROTO_UDP, 9)).toBe(addPseudoHeader4ToSum(5, IPV4, 0, IPPROTO_UDP, 9));
    expect(addPseudoHeaderToSum(5, IPV6, 0, IPPROTO_UDP, 9)).toBe(addPseudoHeader6ToSum(5, IPV6, 0, IPPROTO_UDP, 9));
  });
});
