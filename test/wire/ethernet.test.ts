import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkEthernet,
  ETHERNET_DESTINATION,
  ETHERNET_OCTETS,
  ETHERNET_SOURCE,
  ETHERTYPE_IPV4,
  etherType,
  isGroupMac,
  writeEthernet,
} from "../../src/wire/ethernet.ts";
import { PARSE_BAD_VALUE, PARSE_OK, PARSE_TRUNCATED } from "../../src/wire/parse-code.ts";
import { mac } from "./frame-writers.ts";
import { hexOf, written } from "./octets.ts";

const header = (destination: string, source: string, type = ETHERTYPE_IPV4): Uint8Array =>
  written(ETHERNET_OCTETS, (bytes, offset) => writeEthernet(bytes, offset, mac(destination), mac(source), type));

describe("the Ethernet header", () => {
  it("has destination, source, type", () => {
    expect(hexOf(header("ff:ff:ff:ff:ff:ff", "02:00:00:00:00:01", 0x86dd))).toBe("ffffffffffff02000000000186dd");
  });

  it("comes back as written", () => {
    const address = fc.uint8Array({ minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(address, address, fc.nat(0xffff), (destination, source, type) => {
        source[0]! &= 0xfe;
        const bytes = written(ETHERNET_OCTETS, (to, offset) => writeEthernet(to, offset, destination, source, type));
        expect(checkEthernet(bytes, 0, bytes.length)).toBe(PARSE_OK);
        expect(etherType(bytes, 0)).toBe(type);
        expect(bytes.slice(ETHERNET_DESTINATION, ETHERNET_SOURCE)).toEqual(destination);
        expect(bytes.slice(ETHERNET_SOURCE, 12)).toEqual(source);
      }),
    );
  });

  it("is refused when it is not all there", () => {
    for (let octets = 0; octets < ETHERNET_OCTETS; octets++) {
      expect(checkEthernet(header("ff:ff:ff:ff:ff:ff", "02:00:00:00:00:01"), 0, octets)).toBe(PARSE_TRUNCATED);
    }
  });

  it("is refused when a group is its source", () => {
    const bytes = header("02:00:00:00:00:01", "01:00:5e:00:00:12");
    expect(checkEthernet(bytes, 0, bytes.length)).toBe(PARSE_BAD_VALUE);
  });

  it("tells groups from stations", () => {
    expect(isGroupMac(mac("ff:ff:ff:ff:ff:ff"), 0)).toBe(true);
    expect(isGroupMac(mac("33:33:00:00:00:01"), 0)).toBe(true);
    expect(isGroupMac(mac("02:ff:ff:ff:ff:ff"), 0)).toBe(false);
  });
});
