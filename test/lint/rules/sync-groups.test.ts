/** Instances that change state together (check 38). */
import { describe, expect, it } from "vitest";
import { SYNC_GROUP_RULES } from "../../../src/lint/rules/sync-groups.ts";
import { findingsOf } from "./findings-of.ts";

/** VI_1 and VI_2 with these priorities, the second on `second`. */
function pair([outer, inner]: readonly [number, number], group = "", second = "eth1"): string {
  const instance = (name: string, at: string, vrid: number, priority: number) => `vrrp_instance ${name} {
interface ${at}
virtual_router_id ${vrid}
priority ${priority}
virtual_ipaddress {
10.0.${vrid}.50/24
}
}`;
  return [group, instance("VI_1", "eth0", 1, outer), instance("VI_2", second, 2, inner)].join("\n");
}

const GROUP = "vrrp_sync_group G {\ngroup {\nVI_1\nVI_2\n}\n}";

function rulesOf(texts: Readonly<Record<string, string>>): string[] {
  return findingsOf(SYNC_GROUP_RULES, texts).map(({ rule, severity, place }) => `${severity} ${rule} ${place}`);
}

describe("priorities in a sync group", () => {
  it("that differ make it wait for the slowest", () => {
    expect(findingsOf(SYNC_GROUP_RULES, { "vm-a": pair([100, 90], GROUP) })).toEqual([
      {
        rule: "sync-group-priorities",
        severity: "warning",
        place: "vm-a:18:10",
        message: "VI_2 has priority 90, and VI_1 of the same sync group G 100",
        why: "Each member compares priorities alone, but all move together: the group waits for its slowest, 3.648 s after the last advert.",
        fix: "priority 100, one for all members on a node",
        related: ["vm-a:10:10: priority 100"],
      },
    ]);
  });

  it("that cross those of another node keep it from ever coming back", () => {
    const found = findingsOf(SYNC_GROUP_RULES, { "vm-a": pair([100, 80], GROUP), "vm-b": pair([90, 90], GROUP) });
    expect(found.map(({ why }) => why)).toEqual([
      "vm-b is above this node with VI_2 and below it with VI_1: on each node one member waits for the other's, so neither ever takes the group back from the other.",
    ]);
  });

  it("are in order if they are one, or outside of a group", () => {
    expect(rulesOf({ "vm-a": pair([100, 100], GROUP), "vm-b": pair([90, 90], GROUP) })).toEqual([]);
    expect(rulesOf({ "vm-a": pair([100, 90]) })).toEqual([]);
  });
});

describe("a sync group on one node only", () => {
  it("loses the address of a member that fails alone on the other node", () => {
    const found = findingsOf(SYNC_GROUP_RULES, { "vm-a": pair([100, 100]), "vm-b": pair([90, 90], GROUP) });
    expect(found).toMatchObject([
      {
        rule: "sync-group-one-sided",
        severity: "error",
        place: "vm-b:1:17",
        message: "Sync group G keeps VI_1 and VI_2 together here, but on vm-a they change state alone",
        why: "When vm-a loses VI_2 alone, VI_2 here waits for VI_1, which still hears vm-a: nobody holds 10.0.2.50 as long as that lasts.",
        fix: "vrrp_sync_group G with VI_1 and VI_2 on vm-a too",
      },
    ]);
  });

  it("is a warning where the other node can hardly lose one without the other", () => {
    const one = { "vm-a": pair([100, 100], "", "eth0"), "vm-b": pair([90, 90], GROUP, "eth0") };
    expect(rulesOf(one)).toEqual(["warning sync-group-one-sided vm-b:1:17"]);
  });

  it("does no harm on the node that takes everything back", () => {
    expect(rulesOf({ "vm-a": pair([100, 100], GROUP), "vm-b": pair([90, 90]) })).toEqual([]);
  });

  it("is in order if the other node has one too, by whatever name, or only one of the instances", () => {
    const renamed = GROUP.replace("G {", "OTHER {");
    expect(rulesOf({ "vm-a": pair([100, 100], renamed), "vm-b": pair([90, 90], GROUP) })).toEqual([]);
    const half = pair([100, 100]).replace(/vrrp_instance VI_2[\s\S]*/, "");
    expect(rulesOf({ "vm-a": half, "vm-b": pair([90, 90], GROUP) })).toEqual([]);
  });
});
