/** Who hears whom, and what becomes of those that do not heed what they hear. */
import { describe, expect, it } from "vitest";
import { GROUP_RULES } from "../../../src/lint/rules/groups.ts";
import { conf } from "./conf.ts";
import { findingsOf } from "./findings-of.ts";

const WEB = "10.0.1.50/24";

function rulesOf(texts: Readonly<Record<string, string>>): string[] {
  return findingsOf(GROUP_RULES, texts).map(({ rule, severity, place }) => `${severity} ${rule} ${place}`);
}

/** A router of its own: another name, another address. */
function other(lines = ""): string {
  return conf(lines).replace("VI_1", "DB").replace(WEB, "10.0.1.60/24");
}

describe("one VRID for two virtual routers (check 1)", () => {
  it("is an error that says who flaps, and how often", () => {
    const found = findingsOf(GROUP_RULES, {
      "web-1": conf("priority 100"),
      "web-2": conf("priority 90"),
      "db-1": other("priority 100"),
      "db-2": other("priority 90"),
    });
    expect(found).toEqual([
      {
        rule: "vrid-clash",
        severity: "error",
        place: "db-1:4:23",
        message:
          "VRID 51 is used twice on one segment: by DB of db-1 and db-2 (10.0.1.60), and by VI_1 of web-1 and web-2 (10.0.1.50)",
        why: "Each rejects the other's adverts, but a master that hears any advert of its VRID puts its own off by 1 s: one of the two falls silent, and its backups turn master and back about every 3.609 s.",
        fix: "virtual_router_id 52 on db-1 and db-2, or any other free one; if all are one virtual router, the same virtual_ipaddress everywhere",
        related: ["web-1:4:23: web-1 has VRID 51 for 10.0.1.50", "web-2:4:23: web-2 has VRID 51 for 10.0.1.50"],
      },
    ]);
  });

  it("is one with peers if both have the virtual MAC that belongs to the VRID", () => {
    const unicast = (peer: string, lines: string) => `unicast_peer {\n${peer}\n}\n${lines}`;
    const pair = (lines: string) => ({
      web: conf(unicast("10.0.1.12", lines)),
      db: other(unicast("10.0.1.22", lines)),
    });
    expect(rulesOf(pair(""))).toEqual([]);
    const [found] = findingsOf(GROUP_RULES, pair("use_vmac\nvmac_xmit_base"));
    expect(found?.rule).toBe("vrid-clash");
    expect(found?.why).toContain("Both masters send from 00:00:5e:00:01:33");
  });

  it("is silent for another VRID, another family, another group and another segment", () => {
    const web = conf("priority 100");
    expect(rulesOf({ web, db: other().replace("51", "52") })).toEqual([]);
    expect(rulesOf({ web, db: other().replace("10.0.1.60/24", "2001:db8::60/64") })).toEqual([]);
    expect(rulesOf({ web, db: other("mcast_dst_ip 224.0.0.19") })).toEqual([]);
    const apart = { segmentOf: ({ name }: { readonly name: string }) => name };
    expect(findingsOf(GROUP_RULES, { web, db: other() }, apart)).toEqual([]);
  });

  it("proposes a VRID that exists", () => {
    const [found] = findingsOf(GROUP_RULES, {
      web: conf("").replace("51", "255"),
      db: other().replace("51", "255"),
    });
    expect(found?.fix).toMatch(/^virtual_router_id 254 on db/);
  });
});

describe("two versions (check 13)", () => {
  it("are two masters", () => {
    const found = findingsOf(GROUP_RULES, { "vm-a": conf("version 2"), "vm-b": conf("version 3\npriority 90") });
    expect(found).toEqual([
      {
        rule: "version-differs",
        severity: "error",
        place: "vm-b:5:9",
        message: "VI_1 is VRRP version 3 here and version 2 on vm-a",
        why: "Each drops adverts of the other version: 3.648 s after its start vm-b is master beside vm-a, and both hold 10.0.1.50.",
        fix: "version 2 on every node",
        related: ["vm-a:5:9: version 2"],
      },
    ]);
  });

  it("are not where one is written and the other the default", () => {
    expect(rulesOf({ "vm-a": conf(""), "vm-b": conf("version 2") })).toEqual([]);
    expect(rulesOf({ "vm-a": conf("", "global_defs {\nvrrp_version 3\n}"), "vm-b": conf("version 3") })).toEqual([]);
  });

  it("blame the one of three, wherever it stands", () => {
    const three = { "vm-a": conf("version 3"), "vm-b": conf(""), "vm-c": conf("") };
    expect(rulesOf(three)).toEqual(["error version-differs vm-a:5:9"]);
  });
});

describe("two intervals (check 12)", () => {
  it("are two masters in version 2", () => {
    const [found, ...more] = findingsOf(GROUP_RULES, { "vm-a": conf(""), "vm-b": conf("advert_int 2\npriority 90") });
    expect(found).toMatchObject({
      rule: "advert-interval-differs",
      severity: "error",
      place: "vm-b:5:12",
      message: "VI_1 advertises every 2 s here and every 1 s on vm-a",
      why: "Version 2 drops adverts of another interval: 6.648 s after its start vm-b is master beside vm-a, and both hold 10.0.1.50.",
      fix: "advert_int 1 on every node",
    });
    expect(more).toEqual([]);
  });

  it("are two times of a failover in version 3, where backups learn", () => {
    const [found] = findingsOf(GROUP_RULES, {
      "vm-a": conf("version 3\nadvert_int 0.5\npriority 100"),
      "vm-b": conf("version 3\nadvert_int 2\npriority 90"),
    });
    expect(found).toMatchObject({ rule: "advert-interval-differs", severity: "warning" });
    expect(found?.why).toBe(
      "A backup learns its master's interval: after the loss of vm-a, vm-b is master within 1.824 s; after the loss of vm-b, vm-a within 7.219 s.",
    );
  });

  it("are one if both are rounded to it, and not compared between versions", () => {
    expect(rulesOf({ "vm-a": conf("advert_int 0.5"), "vm-b": conf("advert_int 1") })).toEqual([]);
    const versions = { "vm-a": conf("advert_int 0.5\nversion 3"), "vm-b": conf("advert_int 1") };
    expect(rulesOf(versions)).toEqual(["error version-differs vm-b:2:15"]);
  });
});

describe("two groups of one virtual router", () => {
  it("are two masters", () => {
    const found = findingsOf(GROUP_RULES, {
      "vm-a": conf(""),
      "vm-b": conf("", "global_defs {\nvrrp_mcast_group4 224.0.0.19\n}"),
    });
    expect(found).toMatchObject([
      {
        rule: "multicast-group-differs",
        severity: "error",
        message: "VI_1 sends to 224.0.0.19 here and to 224.0.0.18 on vm-a",
      },
    ]);
    const both = conf("mcast_dst_ip 224.0.0.19");
    expect(rulesOf({ "vm-a": both, "vm-b": both })).toEqual([]);
  });
});

describe("backups of version 3 that never rest", () => {
  const quick = (priority: number, lines: string) => conf(`version 3\npriority ${priority}\nadvert_int 0.5\n${lines}`);
  const slow = conf("version 3\npriority 110\nadvert_int 2\nlower_prio_no_advert true");
  const talkative = "higher_prio_send_advert true";

  it("wake each other between two adverts of their master", () => {
    const texts = {
      "vm-a": slow,
      "vm-b": quick(100, `nopreempt\n${talkative}`),
      "vm-c": quick(90, talkative),
    };
    expect(findingsOf(GROUP_RULES, texts)).toEqual([
      {
        rule: "advert-interval-differs",
        severity: "error",
        place: "vm-a:7:12",
        message:
          "vm-b and vm-c never rest while vm-a is the master: between two of its adverts, 2 s apart, one of them becomes master too",
        why: "Each steps down with a last advert (higher_prio_send_advert), which teaches the other its own interval: 1.824 s later at most, before vm-a is heard again, that one is master beside vm-a, announces the address, and steps down with a last advert in its turn. The master does not answer them (lower_prio_no_advert), so this has no end.",
        fix: "advert_int 0.5 on every node; or no higher_prio_send_advert on vm-c",
        related: [
          "vm-b:9:25: vm-b advertises every 0.5 s, and a last time when it steps down",
          "vm-c:8:25: vm-c advertises every 0.5 s, and a last time when it steps down",
        ],
      },
    ]);
  });

  it("rest where one of them is silent, does not heed the other, or waits long enough, and where the master answers", () => {
    const rest = (texts: Readonly<Record<string, string>>) =>
      expect(rulesOf(texts).filter((found) => found.startsWith("error"))).toEqual([]);
    const b = quick(100, `nopreempt\n${talkative}`);
    const c = quick(90, talkative);
    rest({ a: slow, b, c: quick(90, "") });
    rest({ a: slow, b: quick(100, talkative), c });
    rest({ a: slow.replace("advert_int 2", "advert_int 1"), b, c });
    rest({ a: slow.replace("lower_prio_no_advert true", ""), b, c });
    rest({ a: slow, b });
  });
});
