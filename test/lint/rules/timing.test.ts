/** Failovers that take longer or less than people expect. */
import { describe, expect, it } from "vitest";
import { TIMING_RULES } from "../../../src/lint/rules/timing.ts";
import { conf, script, TRACKED } from "./conf.ts";
import { findingsOf } from "./findings-of.ts";

function rulesOf(texts: Readonly<Record<string, string>>): string[] {
  return findingsOf(TIMING_RULES, texts).map(({ rule, severity, place }) => `${severity} ${rule} ${place}`);
}

describe("a long advertisement interval (check 51)", () => {
  it("is a long failover, by the slowest of the nodes", () => {
    const found = findingsOf(TIMING_RULES, {
      "vm-a": conf("advert_int 5\npriority 100"),
      "vm-b": conf("advert_int 5\npriority 90"),
    });
    expect(found).toEqual([
      {
        rule: "slow-failover",
        severity: "warning",
        place: "vm-b:5:12",
        message: "VI_1 advertises every 5 s: a backup waits 15.648 s, 3 × 5 s and 0.648 s skew",
        why: "After a crash of the master nobody has the address for 10.648 s to 15.648 s.",
        fix: "advert_int 1 on every node: less than 4 s",
        related: ["vm-a:5:12: vm-a has advert_int 5"],
      },
    ]);
  });

  it("has a longer skew time in version 3", () => {
    const [found] = findingsOf(TIMING_RULES, { "vm-a": conf("advert_int 5\nversion 3\npriority 100") });
    expect(found?.message).toContain("waits 18.047 s, 3 × 5 s and 3.047 s skew");
    expect(found?.fix).toContain("version 3 goes down to 0.01");
  });

  it("is a hint below 10 s, and what down_timer_adverts makes of a short one", () => {
    expect(rulesOf({ "vm-a": conf("advert_int 2") })).toEqual(["hint slow-failover vm-a:5:12"]);
    const [found] = findingsOf(TIMING_RULES, { "vm-a": conf("down_timer_adverts 10\npriority 100") });
    expect(found).toMatchObject({ severity: "warning", fix: "down_timer_adverts 3 on every node" });
    expect(found?.message).toContain("10 × 1 s");
  });

  it("is not one second, whatever the priority", () => {
    expect(rulesOf({ "vm-a": conf("advert_int 1\npriority 1"), "vm-b": conf("priority 254") })).toEqual([]);
  });
});

describe("a master-down time that pauses exceed (check 43)", () => {
  it("is a hint with the pause that is enough", () => {
    const fast = (priority: number) => conf(`version 3\nadvert_int 0.1\npriority ${priority}`);
    expect(findingsOf(TIMING_RULES, { "vm-a": fast(100), "vm-b": fast(90) })).toMatchObject([
      {
        rule: "pause-fails-over",
        severity: "hint",
        place: "vm-a:6:12",
        message: "VI_1 fails over when the master is silent for 361 ms: a pause of 261 ms can be enough",
        related: ["vm-b:6:12: vm-b has advert_int 0.1"],
      },
    ]);
  });

  it("is not one of a second and more", () => {
    expect(rulesOf({ "vm-a": conf("version 3\nadvert_int 0.3") })).toEqual([]);
    expect(rulesOf({ "vm-a": conf("version 3\nadvert_int 0.27") })).toEqual(["hint pause-fails-over vm-a:6:12"]);
  });
});

describe("vrrp_startup_delay (check 24)", () => {
  const delayed = (lines: string) => conf(lines, "global_defs {\nvrrp_startup_delay 5\n}");

  it("is prolonged beside a running master of lower priority", () => {
    expect(findingsOf(TIMING_RULES, { "vm-a": delayed("priority 100"), "vm-b": conf("priority 90") })).toEqual([
      {
        rule: "startup-delay-grows",
        severity: "error",
        place: "vm-a:2:20",
        message:
          "vrrp_startup_delay 5 s lasts longer beside vm-b: before keepalived 2.2.8 each advert that VI_1 discards prolongs it",
        why: "Alone VI_1 is master 8.609 s after its start; beside a running master a delay of 5 s was seen to last 20 s.",
        fix: "no vrrp_startup_delay; preempt_delay in the instance waits after a return, and a tracked script until the service is up",
        related: [],
      },
    ]);
  });

  it("is a warning where only this file is known", () => {
    expect(rulesOf({ "vm-a": delayed("") })).toEqual(["warning startup-delay-grows vm-a:2:20"]);
  });

  it("is in order where nothing is discarded", () => {
    expect(rulesOf({ "vm-a": conf("priority 100"), "vm-b": delayed("priority 90") })).toEqual([]);
    expect(rulesOf({ "vm-a": delayed("priority 100\nnopreempt"), "vm-b": conf("priority 90") })).toEqual([]);
    expect(rulesOf({ "vm-a": conf("") })).toEqual([]);
  });
});

describe("a script that fails late (check 30)", () => {
  const checked = (lines: string, priority = 100) => conf(`priority ${priority}\n${TRACKED}`, script(lines));

  it("is a hint with the times until the next node is master", () => {
    const lines = "interval 5\nfall 3\nweight -20";
    const found = findingsOf(TIMING_RULES, { "vm-a": checked(lines), "vm-b": checked(lines, 90) });
    expect(found).toMatchObject([
      {
        rule: "slow-script",
        severity: "hint",
        place: "vm-a:3:10",
        message: "A failure that chk checks moves the address after 15.648 s on average and 23.648 s at worst",
        fix: "a shorter interval (5 s), fall (3) or timeout (5 s) in vrrp_script; weight 0 hands over after the skew time instead of a whole master-down time",
        related: ["vm-a:12:1: VI_1 of vm-a follows it"],
      },
    ]);
    expect(found[0]?.why).toContain("vm-a holds the address and the service on it fails");
  });

  it("is judged from one file too, as if the next node had its priority", () => {
    const [found] = findingsOf(TIMING_RULES, { "vm-a": checked("interval 10") });
    expect(found).toMatchObject({
      message: "A failure that chk checks moves the address after 5.609 s on average and 20.609 s at worst",
      why: "1 × 10 s and at most the timeout, 10 s, then 0.609 s until another node takes over; meanwhile vm-a holds the address and the service on it fails.",
    });
    expect(found?.fix).not.toContain("weight 0");
  });

  it("is in order below 10 s, and left to others where it moves nothing", () => {
    expect(rulesOf({ "vm-a": checked("interval 2\nfall 2\nweight -20") })).toEqual([]);
    const useless = { "vm-a": checked("interval 10\nweight -5"), "vm-b": conf("priority 90") };
    expect(rulesOf(useless)).toEqual([]);
  });
});

describe("an instance on a bridge (check 52)", () => {
  it("may be master before the bridge forwards", () => {
    const bridged = conf("priority 100").replace("eth0", "br0");
    expect(findingsOf(TIMING_RULES, { "vm-a": bridged })).toEqual([
      {
        rule: "bridge-forward-delay",
        severity: "hint",
        place: "vm-a:3:15",
        message:
          "VI_1 runs on br0: with a spanning tree its ports forward 30 s after they come up, and VI_1 is master after 3.609 s",
        why: "Until then it hears nobody, so that two nodes hold the address for up to 26.391 s, and the announcements of the takeover are lost.",
        fix: "no spanning tree on br0 (ip link set br0 type bridge stp_state 0), and edge ports (portfast) towards the nodes on switches that run one",
        related: [],
      },
    ]);
  });

  it("is in order on any other interface, or if it waits as long", () => {
    expect(rulesOf({ "vm-a": conf("") })).toEqual([]);
    expect(rulesOf({ "vm-a": conf("").replace("eth0", "bond0") })).toEqual([]);
    const patient = conf("advert_int 10").replace("eth0", "br0");
    expect(rulesOf({ "vm-a": patient })).toEqual(["warning slow-failover vm-a:5:12"]);
  });
});
