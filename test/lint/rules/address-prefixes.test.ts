/** Prefix lengths and devices of virtual addresses (checks 31 and 48). */
import { describe, expect, it } from "vitest";
import type { ConfHost } from "../../../src/guest/keepalived/conf/host.ts";
import { ADDRESS_PREFIX_RULES } from "../../../src/lint/rules/address-prefixes.ts";
import { parseIp } from "../../../src/text/ip-text.ts";
import { findingsOf } from "./findings-of.ts";

function vips(addresses: readonly string[], lines = "", name = "VI_1", vrid = 51): string {
  return `vrrp_instance ${name} {
interface eth0
virtual_router_id ${vrid}
${lines}
virtual_ipaddress {
${addresses.join("\n")}
}
}
`;
}

function rulesOf(text: string): string[] {
  return findingsOf(ADDRESS_PREFIX_RULES, { "vm-a": text }).map(
    ({ rule, severity, place }) => `${severity} ${rule} ${place}`,
  );
}

describe("an address without a prefix length (check 31)", () => {
  it("is a hint where others have one that does not cover it", () => {
    expect(findingsOf(ADDRESS_PREFIX_RULES, { "vm-a": vips(["10.0.1.50/24", "192.0.2.50"]) })).toEqual([
      {
        rule: "vip-without-prefix",
        severity: "hint",
        place: "vm-a:7:1",
        message: "192.0.2.50 has prefix length 32, while 10.0.1.50/24 stands beside it",
        why: "The kernel makes no route to a subnet from that: unless eth0 has another address there, the master has no direct way to the neighbours of 192.0.2.50.",
        fix: "192.0.2.50/24, or whatever the length of its subnet is",
        related: ["vm-a:6:1: 10.0.1.50/24 here"],
      },
    ]);
  });

  it("is in order alone, within the subnet of another, on another device and of another family", () => {
    expect(rulesOf(vips(["10.0.1.50", "192.0.2.50"]))).toEqual([]);
    expect(rulesOf(vips(["10.0.1.50/24", "10.0.1.51"]))).toEqual([]);
    expect(rulesOf(vips(["10.0.1.50/24", "192.0.2.50 dev eth1 no_track"]))).toEqual([]);
    expect(rulesOf(vips(["10.0.1.50/24"], "virtual_ipaddress_excluded {\n2001:db8::50\n}"))).toEqual([]);
  });

  it("is a hint where it has one on another node", () => {
    const found = findingsOf(ADDRESS_PREFIX_RULES, { "vm-a": vips(["10.0.1.50/24"]), "vm-b": vips(["10.0.1.50"]) });
    expect(found).toMatchObject([
      {
        rule: "vip-prefix-differs",
        severity: "hint",
        place: "vm-b:6:1",
        message: "10.0.1.50/32 here is 10.0.1.50/24 on vm-a",
        fix: "10.0.1.50/24 on every node",
      },
    ]);
    const alike = vips(["10.0.1.50/24"]);
    expect(findingsOf(ADDRESS_PREFIX_RULES, { "vm-a": alike, "vm-b": alike })).toEqual([]);
  });

  it("is said once of all addresses that differ alike", () => {
    const all = (length: number) => Array.from({ length: 5 }, (_, i) => `10.0.1.${i + 50}/${length}`);
    const found = findingsOf(ADDRESS_PREFIX_RULES, {
      "vm-a": vips([...all(24), "10.0.2.50/24"]),
      "vm-b": vips([...all(16), "10.0.2.50/25"]),
    });
    expect(found.map(({ place, message, fix }) => [place, message, fix])).toEqual([
      [
        "vm-b:6:1",
        "10.0.1.50, 10.0.1.51, 10.0.1.52 and 2 more have prefix length 16 here and 24 on vm-a",
        "/24 on every node",
      ],
      ["vm-b:11:1", "10.0.2.50/25 here is 10.0.2.50/24 on vm-a", "10.0.2.50/24 on every node"],
    ]);
  });
});

describe("addresses of a subnet in which the interface has none (check 31)", () => {
  const host = (address: string): ConfHost => ({ interfaces: ["eth0"], addresses: () => [parseIp(address)!] });
  const two = (lines = "", length = 24) =>
    vips([`192.0.2.50/${length}`], lines) + vips([`192.0.2.60/${length}`], lines, "VI_2", 52);
  const judged = (text: string, on: ConfHost | null) =>
    findingsOf(ADDRESS_PREFIX_RULES, { "vm-a": text }, { host: on });

  it("vanish with the first of them", () => {
    expect(judged(two(), host("10.0.1.11"))).toMatchObject([
      {
        rule: "vip-is-secondary",
        severity: "hint",
        place: "vm-a:6:1",
        message:
          "192.0.2.50/24 of VI_1 and 192.0.2.60/24 of VI_2 share a subnet in which eth0 has no address of its own",
        fix: "promote_secondaries in both instances",
      },
    ]);
  });

  it("are in order where the host has one, promotes, is not known, or gives them up together", () => {
    expect(judged(two(), host("192.0.2.11"))).toEqual([]);
    expect(judged(two("promote_secondaries"), host("10.0.1.11"))).toEqual([]);
    expect(judged(two("", 32), host("10.0.1.11"))).toEqual([]);
    expect(judged(two(), null)).toEqual([]);
    const group = "vrrp_sync_group G {\ngroup {\nVI_1\nVI_2\n}\n}\n";
    expect(judged(group + two(), host("10.0.1.11"))).toEqual([]);
  });
});

describe("an address on another interface (check 48)", () => {
  it("takes the others with it when that loses its link", () => {
    expect(findingsOf(ADDRESS_PREFIX_RULES, { "vm-a": vips(["10.0.1.50", "192.0.2.50 dev eth1"]) })).toEqual([
      {
        rule: "vip-device-tracked",
        severity: "hint",
        place: "vm-a:7:16",
        message: "VI_1 follows eth1 as well as eth0, because 192.0.2.50 is there",
        why: "When eth1 loses its link, VI_1 is in FAULT and gives up 10.0.1.50 too, whose link is up.",
        fix: "track_interface { eth1 } if that is meant; 192.0.2.50 dev eth1 no_track if not",
        related: [],
      },
    ]);
  });

  it("is said once for all links of an instance", () => {
    const [found, ...more] = findingsOf(ADDRESS_PREFIX_RULES, {
      "vm-a": vips(["10.0.1.50", "192.0.2.50 dev eth1", "192.0.2.60 dev eth2"]),
    });
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      place: "vm-a:7:16",
      message: "VI_1 follows eth1 and eth2 as well as eth0, because 192.0.2.50 and 192.0.2.60 are there",
      why: "When one of them loses its link, VI_1 is in FAULT and gives up all its addresses, those on the other links too.",
      fix: "track_interface with eth1 and eth2 if that is meant; no_track behind dev … if not",
    });
  });

  it("tells of a farewell where the instance's own link carries adverts only", () => {
    const [found] = findingsOf(ADDRESS_PREFIX_RULES, { "vm-a": vips(["192.0.2.50 dev eth1"]) });
    expect(found).toMatchObject({ rule: "vip-device-tracked", severity: "hint" });
    expect(found?.why).toContain("after its skew time if eth0 still carries the farewell");
  });

  it("is in order if that is said, not wanted, or no other interface", () => {
    const other = ["10.0.1.50", "192.0.2.50 dev eth1"];
    expect(rulesOf(vips(other, "track_interface {\neth1\n}"))).toEqual([]);
    expect(rulesOf(vips(["10.0.1.50", "192.0.2.50 dev eth1 no_track"]))).toEqual([]);
    expect(rulesOf(vips(other, "dont_track_primary"))).toEqual([]);
    expect(rulesOf(vips(["10.0.1.50 dev eth0"]))).toEqual([]);
    expect(rulesOf(vips(["10.0.1.50 dev vrrp.51"], "use_vmac vrrp.51"))).toEqual([]);
    const group = "vrrp_sync_group G {\ngroup {\nVI_1\n}\ntrack_interface {\neth1\n}\n}\n";
    expect(rulesOf(group + vips(other))).toEqual([]);
  });
});
