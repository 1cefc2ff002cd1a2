/** Lists of virtual addresses, compared between nodes. */
import { describe, expect, it } from "vitest";
import { ADDRESS_RULES } from "../../../src/lint/rules/addresses.ts";
import { findingsOf } from "./findings-of.ts";

/** One virtual router with these addresses. */
function vips(addresses: readonly string[], lines = "", vrid = 51, name = "VI_1"): string {
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

const excluded = (...addresses: string[]) => `virtual_ipaddress_excluded {\n${addresses.join("\n")}\n}`;

function rulesOf(texts: Readonly<Record<string, string>>): string[] {
  return findingsOf(ADDRESS_RULES, texts).map(({ rule, severity, place }) => `${severity} ${rule} ${place}`);
}

describe("lists that differ (check 8)", () => {
  it("are two masters, each with the addresses of its own list", () => {
    expect(
      findingsOf(ADDRESS_RULES, {
        "vm-a": vips(["10.0.1.50", "10.0.1.51"]),
        "vm-b": vips(["10.0.1.50", "10.0.1.52"], "priority 90"),
      }),
    ).toEqual([
      {
        rule: "vip-lists-differ",
        severity: "error",
        place: "vm-b:7:1",
        message: "VI_1 (VRID 51) announces 10.0.1.52, and vm-a does not, and it lacks 10.0.1.51 of vm-a",
        why: "keepalived before 2.3.3 takes an advert only if its list is the own one: 3.648 s after its start vm-b is master beside vm-a, and both hold 10.0.1.50.",
        fix: "10.0.1.50, 10.0.1.51 and 10.0.1.52 in virtual_ipaddress of every node",
        related: ["vm-a:7:1: vm-a announces 10.0.1.50 and 10.0.1.51"],
      },
    ]);
  });

  it("are reported once where one node of three has a shorter one", () => {
    const full = vips(["10.0.1.50", "10.0.1.51"]);
    expect(rulesOf({ "vm-a": vips(["10.0.1.50"]), "vm-b": full, "vm-c": full })).toEqual([
      "error vip-lists-differ vm-a:5:1",
    ]);
  });

  it("may have nothing in common: a wrong address, or two routers with one VRID", () => {
    const [found, ...more] = findingsOf(ADDRESS_RULES, { "vm-a": vips(["10.0.1.50"]), "vm-b": vips(["10.0.1.51"]) });
    expect(found?.rule).toBe("vip-lists-differ");
    expect(found?.fix).toContain("two values of virtual_router_id");
    expect(found?.why).not.toContain("both hold");
    expect(more).toEqual([]);
  });

  it("are one list in another order, or with other prefix lengths", () => {
    expect(rulesOf({ "vm-a": vips(["10.0.1.50", "10.0.1.51"]), "vm-b": vips(["10.0.1.51", "10.0.1.50"]) })).toEqual([]);
    const lengths = rulesOf({ "vm-a": vips(["10.0.1.50/24"]), "vm-b": vips(["10.0.1.50/16"]) });
    expect(lengths).toEqual(["hint vip-prefix-differs vm-b:6:1"]);
  });
});

describe("lists beside the adverts", () => {
  it("are noticed by nobody else: the address is gone after a failover", () => {
    const found = findingsOf(ADDRESS_RULES, {
      "vm-a": vips(["10.0.1.50"], excluded("10.0.1.60", "2001:db8::60")),
      "vm-b": vips(["10.0.1.50"], excluded("10.0.1.60")),
    });
    expect(found).toEqual([
      {
        rule: "excluded-addresses-differ",
        severity: "warning",
        place: "vm-b:4:1",
        message: "VI_1 lacks 2001:db8::60, which vm-a has in virtual_ipaddress_excluded",
        why: "Adverts do not carry it, so the nodes do not notice: as long as vm-b is master, nobody holds 2001:db8::60.",
        fix: "virtual_ipaddress_excluded with 2001:db8::60 on vm-b too",
        related: ["vm-a:6:1: only on vm-a"],
      },
    ]);
  });

  it("are in order in any order", () => {
    const one = vips(["10.0.1.50"], excluded("10.0.1.60", "10.0.1.61"));
    const other = vips(["10.0.1.50"], excluded("10.0.1.61", "10.0.1.60"));
    expect(rulesOf({ "vm-a": one, "vm-b": other })).toEqual([]);
  });
});

describe("one address in two routers (check 39)", () => {
  it("is most often a VRID that differs", () => {
    const found = findingsOf(ADDRESS_RULES, {
      "vm-a": vips(["10.0.1.50"]),
      "vm-b": vips(["10.0.1.50"], "priority 90", 52),
    });
    expect(found).toEqual([
      {
        rule: "vip-in-two-routers",
        severity: "error",
        place: "vm-b:3:19",
        message: "10.0.1.50 belongs to VRID 52 here and to VRID 51 on vm-a",
        why: "Routers do not heed adverts of another VRID: 3.648 s after its start vm-b is master beside vm-a, and both hold 10.0.1.50.",
        fix: "virtual_router_id 51 on every node, or an address of its own for each router",
        related: ["vm-b:6:1: 10.0.1.50 with VRID 52", "vm-a:6:1: 10.0.1.50 with VRID 51"],
      },
    ]);
  });

  it("is said once for all addresses of the two", () => {
    const two = ["10.0.1.50", "10.0.1.51"];
    expect(rulesOf({ "vm-a": vips(two), "vm-b": vips(two, "", 52) })).toEqual(["error vip-in-two-routers vm-b:3:19"]);
  });

  it("is left to the parser where one node has it twice", () => {
    const twice = vips(["10.0.1.50"]) + vips(["10.0.1.50"], "", 52, "VI_2");
    expect(rulesOf({ "vm-a": twice, "vm-b": twice })).toEqual([]);
  });

  it("is in order for a link-local address, which is one of its link, and on another segment", () => {
    const local = { "vm-a": vips(["fe80::50"]), "vm-b": vips(["fe80::50"], "", 52) };
    expect(rulesOf(local)).toEqual([]);
    const global = { "vm-a": vips(["10.0.1.50"]), "vm-b": vips(["10.0.1.50"], "", 52) };
    expect(findingsOf(ADDRESS_RULES, global, { segmentOf: ({ vrid }) => `${vrid}` })).toEqual([]);
  });
});
