import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ETHERTYPE_ARP } from "../../src/wire/ethernet.ts";
import { PARSE_BAD_TYPE, PARSE_BAD_VALUE, PARSE_OK, PARSE_TRUNCATED } from "../../src/wire/parse-code.ts";
import {
  checkVlan,
  VLAN_ID_MAX,
  VLAN_OCTETS,
  vlanDropEligible,
  vlanId,
  vlanInnerType,
  vlanPriority,
  writeVlan,
} from "../../src/wire/vlan.ts";
import { bytesOf, hexOf, written } from "./octets.ts";

describe("the 802.1Q tag", () => {
  it("has TPID, priority, DEI and VLAN ID", () => {
    const bytes = written(VLAN_OCTETS, (to, offset) => writeVlan(to, offset, 100, 5, true));
    expect(hexOf(bytes)).toBe("8100b064");
  });

  it("comes back as written, in front of the frame's own type", () => {
    fc.assert(
      fc.property(fc.nat(VLAN_ID_MAX), fc.nat(7), fc.boolean(), (id, priority, dropEligible) => {
        const bytes = new Uint8Array(6);
        bytes.set(written(VLAN_OCTETS, (to, offset) => writeVlan(to, offset, id, priority, dropEligible)));
        bytes.set([0x08, 0x06], VLAN_OCTETS);
        expect(checkVlan(bytes, 0, bytes.length)).toBe(PARSE_OK);
        expect(vlanId(bytes, 0)).toBe(id);
        expect(vlanPriority(bytes, 0)).toBe(priority);
        expect(vlanDropEligible(bytes, 0)).toBe(dropEligible);
        expect(vlanInnerType(bytes, 0)).toBe(ETHERTYPE_ARP);
      }),
    );
  });

  it("is refused without the type behind it, with another TPID, and with VLAN ID 4095", () => {
    const tag = bytesOf("8100000a0806");
    for (let octets = 0; octets < tag.length; octets++) expect(checkVlan(tag, 0, octets)).toBe(PARSE_TRUNCATED);
    expect(checkVlan(bytesOf("88a8000a0806"), 0, 6)).toBe(PARSE_BAD_TYPE);
    expect(checkVlan(bytesOf("81000fff0806"), 0, 6)).toBe(PARSE_BAD_VALUE);
  });
});
