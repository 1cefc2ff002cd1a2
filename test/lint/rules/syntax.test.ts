/** What reads well and means something else. */
import { describe, expect, it } from "vitest";
import { SYNTAX_RULES } from "../../../src/lint/rules/syntax.ts";
import { conf } from "./conf.ts";
import { findingsOf } from "./findings-of.ts";

function found(text: string) {
  return findingsOf(SYNTAX_RULES, { "vm-a": text });
}

function rulesOf(text: string): string[] {
  return found(text).map(({ rule, severity, place }) => `${severity} ${rule} ${place}`);
}

const pass = (text: string) => conf(`authentication {\nauth_type PASS\nauth_pass ${text}\n}`);

describe("a variable that is not replaced (check 44)", () => {
  it("is the name of no interface", () => {
    expect(found(conf("", "$IF=eth0").replace("interface eth0", "interface $IF.10"))).toEqual([
      {
        rule: "unexpanded-variable",
        severity: "error",
        place: "vm-a:3:15",
        message: "interface is '$IF.10' as it stands: $IF is not defined, or something stands behind it",
        why: "There is no interface of that name: keepalived ends when it starts, or with dynamic_interfaces waits in FAULT, and the node never takes over.",
        fix: `\${IF}, which is replaced anywhere, and before it a line $IF=value`,
        related: [],
      },
    ]);
  });

  it("is one after dev and in track_interface too", () => {
    expect(rulesOf(conf("track_interface {\n$UPLINK\n}"))).toEqual(["error unexpanded-variable vm-a:6:1"]);
    expect(rulesOf(conf("").replace("/24", "/24 dev $LAN.5"))).toEqual(["error unexpanded-variable vm-a:7:26"]);
  });

  it("is a hint as a password, which may be meant so", () => {
    expect(found(pass("$VRRP_PASSWORD"))).toMatchObject([
      {
        rule: "unexpanded-variable",
        severity: "hint",
        place: "vm-a:7:11",
        message: "auth_pass is '$VRRP_PA' … as it stands: $VRRP_PA is not defined, or something stands behind it",
      },
    ]);
  });

  it("is in order if it is defined, in braces, or no name at all", () => {
    expect(rulesOf(conf("", "$IF=eth0").replace("interface eth0", "interface $IF"))).toEqual([]);
    expect(rulesOf(conf("", "$IF=eth0").replace("interface eth0", `interface \${IF}.10`))).toEqual([]);
    expect(rulesOf(pass("pa$$word"))).toEqual([]);
    expect(rulesOf(pass("$ecret"))).toEqual([]);
  });
});

describe("a semicolon at the end (check 22)", () => {
  it("belongs to the name", () => {
    expect(found(conf("").replace("interface eth0", "interface eth0;"))).toMatchObject([
      {
        rule: "trailing-semicolon",
        severity: "error",
        place: "vm-a:3:15",
        message: "interface is 'eth0;': keepalived ends a value at the end of its word, not at ;",
        fix: "interface eth0",
      },
    ]);
    expect(rulesOf(conf("track_interface {\neth1,\n}"))).toEqual(["error trailing-semicolon vm-a:6:1"]);
  });

  it("is in order where it is none", () => {
    expect(rulesOf(conf("track_interface {\neth1\n}"))).toEqual([]);
  });
});
