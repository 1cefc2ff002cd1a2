/** Who is told of a takeover, and how often. */
import { describe, expect, it } from "vitest";
import { ANNOUNCEMENT_RULES } from "../../../src/lint/rules/announcements.ts";
import { conf } from "./conf.ts";
import { type FoundByRules, findingsOf } from "./findings-of.ts";

function named(rule: string, texts: Readonly<Record<string, string>>): FoundByRules[] {
  return findingsOf(ANNOUNCEMENT_RULES, texts).filter((finding) => finding.rule === rule);
}

function rulesOf(texts: Readonly<Record<string, string>>): string[] {
  return findingsOf(ANNOUNCEMENT_RULES, texts).map(({ rule, severity, place }) => `${severity} ${rule} ${place}`);
}

describe("a split that ends (check 32)", () => {
  const pair = (upper: string, lower = upper) => ({
    "vm-a": conf(`priority 100\n${upper}`),
    "vm-b": conf(`priority 90\n${lower}`),
  });

  it("may leave caches as they are: a hint for the defaults", () => {
    expect(findingsOf(ANNOUNCEMENT_RULES, pair(""))).toEqual([
      {
        rule: "stale-after-split",
        severity: "hint",
        place: "vm-a:2:15",
        message: "After a split vm-a announces 10.0.1.50 only if it hears the other master before that one hears it",
        why: "Otherwise the other one steps down without a word and this one never learns of it: whoever was on the other side goes on sending there until its ARP entry expires.",
        fix: "garp_master_refresh 60 on every node, which limits it to a minute; or higher_prio_send_advert on vm-b: then it is announced within 1 s",
        related: [],
      },
    ]);
  });

  it("is said once for all virtual routers of a node", () => {
    const two = conf("") + conf("").replace("VI_1", "VI_2").replace(" 51", " 52").replace("10.0.1.50", "10.0.1.60");
    expect(findingsOf(ANNOUNCEMENT_RULES, { "vm-a": two, "vm-b": two })).toMatchObject([
      { place: "vm-a:2:15", related: ["vm-a:11:15: the same here"] },
    ]);
  });

  it("leaves them for certain where a lower advert is not answered by announcements", () => {
    expect(named("stale-after-split", pair("garp_lower_prio_repeat 0"))).toMatchObject([
      {
        severity: "warning",
        message:
          "VI_1 never announces 10.0.1.50 again after a split: garp_lower_prio_repeat 0, and no garp_master_refresh",
      },
    ]);
    const [strict] = named("stale-after-split", { "vm-a": conf("strict_mode") });
    expect(strict).toMatchObject({ severity: "warning" });
    expect(strict?.message).toContain("strict mode, and no garp_master_refresh");
  });

  it("does no harm with a refresh, an answer, the virtual MAC, or for a file alone", () => {
    expect(rulesOf(pair("garp_master_refresh 60"))).toEqual([]);
    expect(rulesOf(pair("", "higher_prio_send_advert"))).toEqual([]);
    expect(rulesOf(pair("use_vmac"))).toEqual([]);
    expect(rulesOf({ "vm-a": conf("") })).toEqual([]);
    expect(rulesOf(pair("use_vmac\nvmac_xmit_base"))).toEqual(["hint stale-after-split vm-a:2:15"]);
    const [found] = findingsOf(ANNOUNCEMENT_RULES, pair("use_vmac\nvmac_xmit_base"));
    expect(found?.why).toContain("goes on sending there until the switches' entry expires.");
  });
});

describe("a refresh below the advertisement interval (check 33)", () => {
  it("comes with the next advert", () => {
    expect(findingsOf(ANNOUNCEMENT_RULES, { "vm-a": conf("advert_int 4\ngarp_master_refresh 3") })).toEqual([
      {
        rule: "refresh-below-interval",
        severity: "warning",
        place: "vm-a:6:21",
        message: "VI_1 is to announce every 3 s, but before keepalived 2.3.2 does so only with an advert, every 4 s",
        why: "A lost announcement is mended after up to 4 s instead of 3 s.",
        fix: "advert_int 3 on every node, or garp_master_refresh 4",
        related: [],
      },
    ]);
  });

  it("is in order from the interval on", () => {
    expect(rulesOf({ "vm-a": conf("advert_int 4\ngarp_master_refresh 4") })).toEqual([]);
    expect(rulesOf({ "vm-a": conf("garp_master_refresh 1") })).toEqual([]);
  });
});

describe("garp_interval (check 34)", () => {
  const spaced = (lines: string, more: readonly string[] = ["10.0.1.51", "10.0.1.52"]) =>
    conf("", `global_defs {\n${lines}\n}`).replace("10.0.1.50/24", ["10.0.1.50", ...more].join("\n"));

  it("leaves one of the repetitions, and keeps the last address waiting", () => {
    expect(findingsOf(ANNOUNCEMENT_RULES, { "vm-a": spaced("vrrp_garp_interval 0.2") })).toEqual([
      {
        rule: "garp-repeats-collapse",
        severity: "warning",
        place: "vm-a:2:20",
        message: "garp_interval 0.2 leaves one gratuitous ARP of the 5 for each of the 3 addresses on eth0",
        why: "Before keepalived 2.3.2 a waiting address waits once, however often it is to be repeated: 10.0.1.52 is announced once, 0.400 s after the takeover, and if that is lost, again 5 s later.",
        fix: "no garp_interval, or keepalived 2.3.2, where the last repetition comes after 2.800 s",
        related: [],
      },
    ]);
  });

  it("is gna_interval for IPv6, and counts for all instances of an interface", () => {
    const six = conf("", "global_defs {\nvrrp_gna_interval 0.1\n}").replace("10.0.1.50/24", "2001:db8::50");
    expect(rulesOf({ "vm-a": six })).toEqual([]);
    const two = six + conf("").replace("VI_1", "VI_2").replace(" 51", " 52").replace("10.0.1.50/24", "2001:db8::60");
    const [found] = findingsOf(ANNOUNCEMENT_RULES, { "vm-a": two });
    expect(found?.message).toContain("gna_interval 0.1 leaves one neighbour advertisement of the 5 for each of the 2");
  });

  it("is in order for one address, for a single announcement, and if it is not set", () => {
    expect(rulesOf({ "vm-a": spaced("vrrp_garp_interval 0.2", []) })).toEqual([]);
    expect(rulesOf({ "vm-a": spaced("vrrp_garp_interval 0.2\nvrrp_garp_master_repeat 1") })).toEqual([]);
    expect(rulesOf({ "vm-a": spaced("vrrp_gna_interval 0.2") })).toEqual([]);
  });
});

describe("one burst (check 35)", () => {
  it("is a hint: what is lost is never repeated", () => {
    expect(findingsOf(ANNOUNCEMENT_RULES, { "vm-a": conf("garp_master_delay 0") })).toEqual([
      {
        rule: "announced-once",
        severity: "hint",
        place: "vm-a:5:19",
        message:
          "VI_1 announces each address with 5 gratuitous ARPs within milliseconds and never again: garp_master_delay 0, no garp_master_refresh",
        why: "Where that is lost, as on a port that does not forward yet, hosts and switches send to the old master until their entries expire.",
        fix: "garp_master_delay 5 for a second burst 5 s later, or garp_master_refresh 60 on every node, which limits it to a minute",
        related: [],
      },
    ]);
  });

  it("is what vrrp_min_garp makes", () => {
    const [found] = findingsOf(ANNOUNCEMENT_RULES, { "vm-a": conf("", "global_defs {\nvrrp_min_garp\n}") });
    expect(found?.message).toContain("a single gratuitous ARP and never again");
  });

  it("is enough with a refresh, or where adverts come from the virtual MAC", () => {
    expect(rulesOf({ "vm-a": conf("garp_master_delay 0\ngarp_master_refresh 60") })).toEqual([]);
    expect(rulesOf({ "vm-a": conf("garp_master_delay 0\nuse_vmac") })).toEqual([]);
  });
});
