/** Who takes the address from whom, and what does not change that. */
import { describe, expect, it } from "vitest";
import { PREEMPTION_RULES } from "../../../src/lint/rules/preemption.ts";
import { conf, script, TRACKED } from "./conf.ts";
import { findingsOf } from "./findings-of.ts";

const A = "vm-a";
const B = "vm-b";

function rulesOf(texts: Readonly<Record<string, string>>): string[] {
  return findingsOf(PREEMPTION_RULES, texts).map(({ rule }) => rule);
}

describe("nopreempt on the node that returns to nobody (check 3)", () => {
  it("says who takes the address back, and when", () => {
    expect(findingsOf(PREEMPTION_RULES, { [A]: conf("priority 100"), [B]: conf("nopreempt\npriority 90") })).toEqual([
      {
        rule: "nopreempt-on-lower-node",
        severity: "warning",
        place: "vm-b:5:1",
        message: "nopreempt has no effect on vm-b: with priority 90 it is below vm-a, and has nobody to preempt",
        why: "vm-a (100) preempts: back after a failure, it takes the address from vm-b 3.609 s after its start, and clients are interrupted a second time.",
        fix: "nopreempt in vrrp_instance VI_1 of vm-a, with state BACKUP",
        related: ["vm-a:2:15: vm-a has no nopreempt"],
      },
    ]);
  });

  it("is silent where it is on the upper node, on both, on equals, or on one in the middle", () => {
    const plain = conf("priority 90");
    const upper = conf("nopreempt\npriority 100");
    expect(rulesOf({ [A]: upper, [B]: plain })).toEqual([]);
    expect(rulesOf({ [A]: upper, [B]: conf("nopreempt\npriority 90") })).toEqual([]);
    expect(rulesOf({ [A]: upper, [B]: conf("priority 100") })).toEqual([]);
    expect(rulesOf({ [A]: conf("priority 150"), [B]: upper, "vm-c": plain })).toEqual([]);
    expect(rulesOf({ [B]: conf("nopreempt\npriority 90") })).toEqual([]);
  });

  it("leaves it to the parser where the upper node's nopreempt is the one that is ignored", () => {
    const upper = conf("state MASTER\nnopreempt\npriority 100");
    expect(rulesOf({ [A]: upper, [B]: conf("nopreempt\npriority 90") })).toEqual([]);
  });
});

describe("weights against nopreempt (check 4)", () => {
  const tracking = (priority: number, lines = "") =>
    conf(`${lines}\npriority ${priority}\n${TRACKED}`, script("weight -20"));

  it("is an error where the backup has nopreempt, and names what weight 0 would do", () => {
    expect(findingsOf(PREEMPTION_RULES, { [A]: tracking(100), [B]: conf("nopreempt\npriority 90") })).toEqual([
      {
        rule: "nopreempt-ignores-weight",
        severity: "error",
        place: "vm-a:11:1",
        message:
          "chk (weight -20) only lowers the priority of vm-a, and vm-b with nopreempt heeds its adverts all the same",
        why: "vm-b never takes over from vm-a while vm-a is alive, however low its priority: the address stays where chk fails.",
        fix: "weight 0 on vm-a: the failure is then a FAULT, vm-a says that it leaves, and vm-b takes over 0.648 s later; or no nopreempt on vm-b",
        related: ["vm-b:5:1: vm-b has nopreempt"],
      },
    ]);
  });

  it("is one on each node where both have both, as either may be the master", () => {
    const found = findingsOf(PREEMPTION_RULES, { [A]: tracking(100, "nopreempt"), [B]: tracking(90, "nopreempt") });
    expect(found.map(({ rule, place }) => `${rule} ${place}`)).toEqual([
      "nopreempt-ignores-weight vm-a:11:1",
      "nopreempt-ignores-weight vm-b:11:1",
    ]);
  });

  it("holds for interfaces and files too, and where the weight would be too small anyway", () => {
    const lower = conf("nopreempt\npriority 90");
    const interfaces = conf("priority 100\ntrack_interface {\neth1 weight -5\n}");
    const files = conf("priority 100\ntrack_file {\nload\n}", "track_file load {\nfile /run/load\n}");
    expect(rulesOf({ [A]: interfaces, [B]: lower })).toEqual(["nopreempt-ignores-weight"]);
    expect(rulesOf({ [A]: files, [B]: lower })).toEqual(["nopreempt-ignores-weight"]);
  });

  it("is silent for weight 0, for nopreempt on the upper node alone, and where a third one takes over", () => {
    const fault = conf(`nopreempt\npriority 100\n${TRACKED}`, script());
    expect(rulesOf({ [A]: fault, [B]: fault.replace("priority 100", "priority 90") })).toEqual([]);
    expect(rulesOf({ [A]: tracking(100, "nopreempt"), [B]: conf("priority 90") })).toEqual([]);
    expect(rulesOf({ [A]: tracking(100), [B]: conf("nopreempt\npriority 95"), "vm-c": conf("priority 90") })).toEqual(
      [],
    );
  });

  it("sees a lower node that is master because the upper one has nopreempt", () => {
    const found = findingsOf(PREEMPTION_RULES, { [A]: conf("nopreempt\npriority 100"), [B]: tracking(90) });
    expect(found).toMatchObject([{ rule: "nopreempt-ignores-weight", place: "vm-b:11:1" }]);
    expect(found[0]?.why).toContain("vm-a never takes over from vm-b");
  });
});

describe("state MASTER on a node that is not the highest (check 20)", () => {
  it("is a warning if the highest says BACKUP, a hint if both say MASTER", () => {
    const master = conf("state MASTER\npriority 90");
    const [found, ...more] = findingsOf(PREEMPTION_RULES, { [A]: conf("priority 100"), [B]: master });
    expect(found).toEqual({
      rule: "state-master-not-highest",
      severity: "warning",
      place: "vm-b:5:7",
      message: "state MASTER does not make vm-b the master: its priority 90 is below the 100 of vm-a",
      why: "Every node starts as a backup, and vm-a becomes master 3.609 s after its start; state MASTER only cancels nopreempt and preempt_delay.",
      fix: "state BACKUP on vm-b, or a priority above 100",
      related: ["vm-a:5:10: vm-a: priority 100"],
    });
    expect(more).toEqual([]);
    const both = findingsOf(PREEMPTION_RULES, { [A]: conf("state MASTER\npriority 100"), [B]: master });
    expect(both).toMatchObject([{ rule: "state-master-not-highest", severity: "hint", place: "vm-b:5:7" }]);
  });

  it("is silent where MASTER is the highest, by its weights too", () => {
    const master = conf("state MASTER\npriority 100");
    expect(rulesOf({ [A]: master, [B]: conf("state BACKUP\npriority 90") })).toEqual([]);
    expect(rulesOf({ [A]: master, [B]: conf("state BACKUP\npriority 100") })).toEqual([]);
    expect(rulesOf({ [A]: master })).toEqual([]);
    const raised = conf(`state MASTER\npriority 100\n${TRACKED}`, script("weight 20"));
    expect(rulesOf({ [A]: raised, [B]: conf("priority 110") })).toEqual([]);
  });
});

describe("preempt_delay (check 23)", () => {
  it("on the lower node: the upper one returns at once", () => {
    const [found, ...more] = findingsOf(PREEMPTION_RULES, {
      [A]: conf("priority 100"),
      [B]: conf("preempt_delay 60\npriority 90"),
    });
    expect(found).toMatchObject({
      rule: "preempt-delay-on-lower-node",
      severity: "warning",
      place: "vm-b:5:15",
      message: "preempt_delay 60 stands on vm-b, which is below vm-a and never takes the address back",
      why: "vm-a returns without any delay, 3.609 s after its start.",
      fix: "preempt_delay 60 in vrrp_instance VI_1 of vm-a, with state BACKUP",
    });
    expect(more).toEqual([]);
  });

  it("on the lower node, with a weight on the upper one: the failover takes longer by the delay", () => {
    const [found] = findingsOf(PREEMPTION_RULES, {
      [A]: conf(`priority 100\n${TRACKED}`, script("weight -20")),
      [B]: conf("preempt_delay 60\npriority 90"),
    });
    expect(found?.why).toBe(
      "It delays the failover instead: when a weight lowers vm-a, vm-b heeds it for 60 s more and takes over after up to 63.648 s.",
    );
  });

  it("on the upper node: a hint that the first election does not wait, alone too", () => {
    const upper = conf("preempt_delay 60\npriority 100");
    const hint = { rule: "preempt-delay-not-at-start", severity: "hint", place: "vm-a:5:15" };
    const found = findingsOf(PREEMPTION_RULES, { [A]: upper, [B]: conf("priority 90") });
    expect(found).toMatchObject([hint]);
    expect(found[0]?.why).toContain("vm-a becomes master 3.609 s after its start");
    expect(findingsOf(PREEMPTION_RULES, { [A]: upper })).toMatchObject([hint]);
  });

  it("is silent without one, or with 0", () => {
    expect(rulesOf({ [A]: conf("preempt_delay 0\npriority 100"), [B]: conf("priority 90") })).toEqual([]);
  });
});

describe("commands that a split leaves as the lower node left them (check 50)", () => {
  const notify = (priority: number, more = "") =>
    conf(`priority ${priority}\nnotify_master "/usr/local/bin/take-ip eth0"\n${more}`);

  it("is a hint on the upper node, with the line that restores", () => {
    expect(findingsOf(PREEMPTION_RULES, { [A]: notify(100), [B]: notify(90) })).toMatchObject([
      {
        rule: "notify-master-not-restored",
        severity: "hint",
        place: "vm-a:6:15",
        fix: 'notify_master_rx_lower_pri "/usr/local/bin/take-ip eth0"',
        related: ["vm-b:6:15: vm-b has a command for becoming master"],
      },
    ]);
  });

  it("sees commands of the sync group, and `notify`", () => {
    const group = '\nvrrp_sync_group G {\ngroup {\nVI_1\n}\nnotify "/usr/local/bin/state"\n}';
    const found = findingsOf(PREEMPTION_RULES, { [A]: conf("priority 100") + group, [B]: notify(90) });
    expect(found).toMatchObject([{ place: "vm-a:15:8", fix: 'notify_master_rx_lower_pri "/usr/local/bin/state"' }]);
  });

  it("is silent where the upper node is told, and where only one has a command", () => {
    const told = 'notify_master_rx_lower_pri "/usr/local/bin/take-ip eth0"';
    expect(rulesOf({ [A]: notify(100, told), [B]: notify(90) })).toEqual([]);
    const fifo = "global_defs {\nvrrp_notify_fifo /run/vrrp.fifo\n}";
    expect(rulesOf({ [A]: fifo + notify(100), [B]: notify(90) })).toEqual([]);
    expect(rulesOf({ [A]: notify(100), [B]: conf("priority 90") })).toEqual([]);
    expect(rulesOf({ [A]: conf("priority 100"), [B]: notify(90) })).toEqual([]);
  });
});
