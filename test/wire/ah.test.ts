/** The authentication header of VRRP version 2: frames of keepalived 2.2.7, as captured, made anew and judged. */
import { describe, expect, it } from "vitest";
import { AH_OCTETS, ahIcvOk, ahNextHeader, ahSequence, ahSpiIsSource, writeAh } from "../../src/wire/ah.ts";
import { describeFrame } from "../../src/wire/describe.ts";
import { ETHERNET_OCTETS } from "../../src/wire/ethernet.ts";
import { IPPROTO_VRRP, IPV4_OCTETS } from "../../src/wire/ipv4.ts";

/** auth_pass secret, VRID 54, 10.0.1.53 and 10.0.1.54, from 10.0.1.11: the first two adverts. */
const CAPTURED = [
  "01005e000012364792310108080045c0004400010000ff33cfa80a00010be0000012700400000a00010b0000000125caffaab9c742e1d2f98903213664020201625b0a0001350a0001360000000000000000",
  "01005e000012364792310108080045c0004400020000ff33cfa70a00010be0000012700400000a00010b00000002edac39fc23f169f886ff3894213664020201625b0a0001350a0001360000000000000000",
];
const octetsOf = (hex: string) => Uint8Array.from(hex.match(/../g)!, (pair) => Number.parseInt(pair, 16));
const KEY = new Uint8Array(8);
KEY.set(new TextEncoder().encode("secret"));
const IP = ETHERNET_OCTETS;
const AH = IP + IPV4_OCTETS;

describe("an AH header", () => {
  it.each(CAPTURED.map((hex, i) => [i + 1, hex] as const))(
    "of keepalived's advert %i is written octet for octet",
    (sequence, hex) => {
      const bytes = octetsOf(hex);
      const made = bytes.slice();
      made.fill(0xee, AH, AH + AH_OCTETS);
      writeAh(made, IP, sequence, KEY, false);
      expect(made).toEqual(bytes);
      expect([ahNextHeader(bytes, AH), ahSequence(bytes, AH)]).toEqual([IPPROTO_VRRP, sequence]);
      expect(ahSpiIsSource(bytes, AH, IP)).toBe(true);
      expect(ahIcvOk(bytes, IP, AH, KEY, false)).toBe(true);
    },
  );

  it("covers all but what changes on the way, and itself", () => {
    const bytes = octetsOf(CAPTURED[0]!);
    const free = new Set<number>();
    for (let i = IP; i < bytes.length; i++) {
      const spoilt = bytes.slice();
      spoilt[i] = spoilt[i]! ^ 0x01;
      // A packet that says to be shorter or longer than it is is no packet.
      if (i === IP + 2 || i === IP + 3) continue;
      if (ahIcvOk(spoilt, IP, AH, KEY, false)) free.add(i - IP);
    }
    // TOS, flags and fragment, header checksum.
    expect([...free]).toEqual([1, 6, 7, 10, 11]);
  });

  it("leaves the TTL out where it may change: unicast", () => {
    const bytes = octetsOf(CAPTURED[0]!);
    writeAh(bytes, IP, 1, KEY, true);
    bytes[IP + 8] = 17;
    expect([ahIcvOk(bytes, IP, AH, KEY, true), ahIcvOk(bytes, IP, AH, KEY, false)]).toEqual([true, false]);
  });

  it("needs the key", () => {
    expect(ahIcvOk(octetsOf(CAPTURED[0]!), IP, AH, new Uint8Array(8), false)).toBe(false);
  });

  it("is described with its number and what is behind it", () => {
    const bytes = octetsOf(CAPTURED[1]!);
    expect(describeFrame(bytes, 0, bytes.length)).toContain("AH seq 2, VRRPv2 advert vrid 54 prio 100 int 1s auth ah");
  });
});
