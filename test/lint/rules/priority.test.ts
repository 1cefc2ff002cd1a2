/** Who is master by its priority, and what trackers can change about it. */
import { describe, expect, it } from "vitest";
import { relocated } from "../../../src/lint/relocate.ts";
import { PRIORITY_RULES } from "../../../src/lint/rules/priority.ts";
import { conf, script, TRACKED } from "./conf.ts";
import { type FoundByRules, findingsIn, findingsOf, nodesOf } from "./findings-of.ts";

function named(rule: string, texts: Readonly<Record<string, string>>): FoundByRules[] {
  return findingsOf(PRIORITY_RULES, texts).filter((finding) => finding.rule === rule);
}

function rulesOf(texts: Readonly<Record<string, string>>): string[] {
  return findingsOf(PRIORITY_RULES, texts).map(({ rule }) => rule);
}

const A = "vm-a";
const B = "vm-b";

/** vm-a with a script of that weight, vm-b without. */
function pair(weight: string, priorities: readonly [number, number] = [100, 90], more = ""): Record<string, string> {
  return {
    [A]: conf(`priority ${priorities[0]}\n${TRACKED}\n${more}`, script(weight)),
    [B]: conf(`priority ${priorities[1]}`),
  };
}

describe("weights that cannot change the master (check 5)", () => {
  it("says what is missing, and how long the backup waits anew after each advert", () => {
    expect(named("weight-too-small", pair("weight -5"))).toEqual([
      {
        rule: "weight-too-small",
        severity: "error",
        place: "vm-a:10:1",
        message: "chk cannot make vm-b take over from vm-a: 100 − 5 = 95 is still above the 90 of vm-b",
        why: "vm-b never takes over while chk fails on vm-a: it heeds every advert that is not below its own priority, and waits 3.648 s more after each.",
        fix: "weight -11 or lower for chk on vm-a; or priority 96 on vm-b",
        related: ["vm-b:5:10: vm-b: priority 90"],
      },
    ]);
  });

  it.each([
    ["just as much as the difference", "weight -10", "100 − 10 = 90 is equal to the 90 of vm-b, not below it"],
    ["one alone, with no room between", "weight -1", "100 − 1 = 99 is still above the 90 of vm-b"],
    ["positive, which only raises vm-a", "weight 20", "100 is still above the 90 of vm-b"],
    ["reverse", "weight 5 reverse", "100 − 5 = 95 is still above the 90 of vm-b"],
  ])("%s", (_, weight, said) => {
    const [found, ...more] = named("weight-too-small", pair(weight));
    expect(found?.message).toContain(said);
    expect(more).toEqual([]);
  });

  it("counts a positive weight on both: too small, the script fails on one of them and nothing changes", () => {
    const both = (weight: number) => ({
      [A]: conf(`priority 100\n${TRACKED}`, script(`weight ${weight}`)),
      [B]: conf(`priority 90\n${TRACKED}`, script(`weight ${weight}`)),
    });
    const [found] = named("weight-too-small", both(10));
    expect(found?.message).toContain("100 is equal to the 100 of vm-b");
    expect(found?.related).toEqual(["vm-b:8:10: vm-b: priority 90 + 10 = 100"]);
    expect(found?.fix).toContain("weight 11 or more, for chk on every node");
    expect(rulesOf(both(11))).toEqual([]);
  });

  it("keeps the sum within 1 to 254", () => {
    const [found] = named("weight-too-small", {
      [A]: conf(`priority 250\n${TRACKED}`, script("weight 10")),
      [B]: conf(`priority 249\n${TRACKED}`, script("weight 1")),
    });
    expect(found?.message).toContain("250 is equal to the 250 of vm-b");
    expect(named("weight-too-small", pair("weight -253", [200, 1]))[0]?.message).toContain(
      "200 − 253 = −53, at least 1 is equal to the 1 of vm-b",
    );
  });

  it("adds scripts, interfaces and what the sync group tracks", () => {
    const interfaces = "track_interface {\neth1 weight -4\n}";
    const [found] = named("weight-too-small", pair("weight -5", [100, 90], interfaces));
    expect(found?.message).toContain("chk and eth1 cannot make vm-b take over from vm-a: 100 − 5 − 4 = 91");
    expect(found?.fix).toBe("weights that take 11 or more in all on vm-a; or priority 92 on vm-b");
    const group = "\nvrrp_sync_group G {\ngroup {\nVI_1\n}\ntrack_script {\nchk weight -3\n}\n}";
    const grouped = { [A]: conf(`priority 100\n${TRACKED}`, script("weight -9")) + group, [B]: conf("priority 90") };
    expect(named("weight-too-small", grouped)[0]?.message).toContain("100 − 3 = 97");
  });

  it("is silent where the sum is enough, where weight 0 is a FAULT, and about what a file may say", () => {
    expect(rulesOf(pair("weight -11"))).toEqual([]);
    expect(rulesOf(pair("weight -20"))).toEqual([]);
    expect(rulesOf(pair(""))).toEqual([]);
    const file = "track_file load {\nfile /run/load\nweight -1\n}";
    const tracked = conf("priority 100\ntrack_file {\nload\n}", file);
    expect(rulesOf({ [A]: tracked, [B]: conf("priority 90") })).toEqual([]);
    expect(rulesOf({ [A]: pair("weight -5")[A]! })).toEqual([]);
  });

  it("asks of the second of three only that the third takes over from it, and that as a warning", () => {
    const three = (weight: number) => ({
      [A]: conf("priority 150"),
      [B]: conf(`priority 100\n${TRACKED}`, script(`weight ${weight}`)),
      "vm-c": conf("priority 90"),
    });
    const [found, ...more] = named("weight-too-small", three(-10));
    expect(found).toMatchObject({ severity: "warning", place: "vm-b:10:1" });
    expect(found?.why).toMatch(/^Once vm-b is the master, vm-c never takes over/);
    expect(more).toEqual([]);
    expect(rulesOf(three(-11))).toEqual([]);
  });

  it("gives a hint about one of several that is too small alone", () => {
    const interfaces = "track_interface {\neth1 weight -4\n}";
    const findings = findingsOf(PRIORITY_RULES, pair("weight -20", [100, 90], interfaces));
    expect(findings).toMatchObject([{ rule: "weight-alone-too-small", severity: "hint", place: "vm-a:13:1" }]);
    expect(findings[0]?.message).toBe(
      "eth1 alone does not make vm-b take over from vm-a: 100 − 4 = 96 is still above the 90 of vm-b",
    );
    const both = findingsOf(PRIORITY_RULES, pair("weight -7", [100, 90], interfaces));
    expect(both.map(({ message }) => message)).toEqual([
      "None of chk and eth1 alone makes vm-b take over from vm-a: even with chk 100 − 7 = 93 is still above the 90 of vm-b",
    ]);
  });

  it("leaves other routers alone that happen to have the VRID", () => {
    const other = conf("priority 90").replace("10.0.1.50", "10.0.9.50");
    expect(rulesOf({ [A]: pair("weight -5")[A]!, [B]: other })).toEqual([]);
  });
});

describe("positive weights that turn the order (check 6)", () => {
  const texts = (states: readonly [string, string] = ["BACKUP", "BACKUP"], bWeight = "weight 20") => ({
    [A]: conf(`state ${states[0]}\npriority 100`),
    [B]: conf(`state ${states[1]}\npriority 90\n${TRACKED}`, script(bWeight)),
  });

  it("names who is master while all is well", () => {
    const [found, ...more] = findingsOf(PRIORITY_RULES, texts());
    expect(found).toMatchObject({
      rule: "weight-turns-order",
      severity: "warning",
      place: "vm-b:11:1",
      message: "chk makes vm-b the master while all is well: 90 + 20 = 110 is above the 100 of vm-a",
      related: ["vm-a:6:10: vm-a: priority 100"],
    });
    expect(found?.why).toContain("vm-b takes the address from vm-a 3.570 s after its start");
    expect(found?.fix).toContain("weight -20, which counts only on failure");
    expect(more).toEqual([]);
  });

  it("is silent if that is meant, if the order stays, or if all have the weight", () => {
    expect(rulesOf(texts(["BACKUP", "MASTER"]))).toEqual([]);
    expect(rulesOf(texts(["BACKUP", "BACKUP"], "weight 5"))).toEqual([]);
    const all = (priority: number) => conf(`priority ${priority}\n${TRACKED}`, script("weight 20"));
    expect(rulesOf({ [A]: all(100), [B]: all(90) })).toEqual([]);
  });
});

describe("equal priorities (check 19)", () => {
  it("says who wins, if the sources are known", () => {
    const [found, ...more] = findingsOf(PRIORITY_RULES, {
      [A]: conf("mcast_src_ip 10.0.1.11"),
      [B]: conf("mcast_src_ip 10.0.1.12\npriority 100"),
    });
    expect(found).toMatchObject({
      rule: "equal-priorities",
      severity: "warning",
      place: "vm-b:6:10",
      message: "vm-a and vm-b have the same priority 100",
      why: "Nodes that start together are master together 3.609 s later, and both announce the address: vm-b, with the higher source address 10.0.1.12, keeps it, whoever was meant to. A master that returns does not get it back.",
      fix: "another priority on vm-b, as priority 90",
      related: ["vm-a:2:15: vm-a: priority 100"],
    });
    expect(more).toEqual([]);
  });

  it("counts positive weights, and tells of backups that end their wait together", () => {
    const [found] = findingsOf(PRIORITY_RULES, {
      [A]: conf("priority 100"),
      [B]: conf("priority 90"),
      "vm-c": conf(`priority 80\n${TRACKED}`, script("weight 10")),
    });
    expect(found).toMatchObject({ severity: "hint", message: "vm-b and vm-c have the same priority 90" });
    expect(found?.why).toMatch(/^When vm-a falls silent, their timers end together 3\.648 s after the last advert/);
    expect(found?.fix).toBe("another priority on vm-c, as priority 80");
  });

  it("is only a hint where all have nopreempt, and silent where they differ", () => {
    const equal = conf("nopreempt\npriority 100");
    expect(findingsOf(PRIORITY_RULES, { [A]: equal, [B]: equal })).toMatchObject([{ severity: "hint" }]);
    expect(rulesOf({ [A]: conf("priority 100"), [B]: conf("priority 99") })).toEqual([]);
  });
});

describe("address owners (checks 21 and 49)", () => {
  it("state MASTER without a priority", () => {
    const findings = findingsOf(PRIORITY_RULES, { [A]: conf("state MASTER"), [B]: conf("priority 150") });
    expect(findings).toMatchObject([
      {
        rule: "master-without-priority",
        severity: "error",
        place: "vm-a:5:7",
        message: "state MASTER without a priority makes VI_1 an address owner with priority 255",
        fix: "priority 160",
      },
    ]);
    expect(findingsOf(PRIORITY_RULES, { [A]: conf("state MASTER") })).toMatchObject([{ fix: "priority 100" }]);
  });

  it("are not told apart where a configuration has only one place, as in a scenario that quotes it", () => {
    const nodes = nodesOf({ [A]: conf("state MASTER\npriority 255") }).map((node) => ({
      ...node,
      conf: relocated(node.conf, () => ({ file: "scenario.yaml", line: 7, column: 3 })),
    }));
    expect(findingsIn(PRIORITY_RULES, nodes)).toEqual([]);
  });

  it("255 on two nodes", () => {
    const owner = conf("state MASTER\npriority 255");
    expect(findingsOf(PRIORITY_RULES, { [A]: owner, [B]: owner })).toMatchObject([
      {
        rule: "several-owners",
        severity: "warning",
        place: "vm-b:6:10",
        message: "vm-a and vm-b have priority 255, and only one node can own the address",
        related: ["vm-a:6:10: vm-a: priority 255"],
      },
    ]);
  });

  it("no word about one owner, about a priority that is written, or about one that cannot be read", () => {
    expect(rulesOf({ [A]: conf("state MASTER\npriority 255"), [B]: conf("priority 100") })).toEqual([]);
    expect(rulesOf({ [A]: conf("state MASTER\npriority 100"), [B]: conf("priority 90") })).toEqual([]);
    expect(rulesOf({ [A]: conf("state MASTER\npriority 100x"), [B]: conf("priority 90") })).toEqual([]);
  });
});
