/** Checks of addresses, groups, timing, surroundings and syntax that the parser of `keepalived.conf` makes itself: by their codes. */
import { describe, expect, it } from "vitest";
import { clusterOf } from "../../../src/lint/cluster.ts";
import { lint } from "../../../src/lint/lint.ts";
import { conf, script } from "./conf.ts";
import { nodesOf } from "./findings-of.ts";

/** What `text` is found to be without any rule: `code line`. */
function codesOf(text: string): string[] {
  return lint(clusterOf(nodesOf({ "vm-a": text })), [])
    .filter(({ rule }) => rule !== "not-simulated")
    .map(({ rule, line }) => `${rule} ${line}`);
}

const many = (count: number) =>
  conf("").replace("10.0.1.50/24", Array.from({ length: count }, (_, i) => `10.1.${i >> 8}.${i & 255}`).join("\n"));
const second = (lines: string) => conf(lines).replace("VI_1", "VI_2").replace(" 51", " 52").replace(".50/", ".60/");
const group = (members: string) => `vrrp_sync_group G {\ngroup {\n${members}\n}\n}`;
const weighted = "track_script {\nchk\n}";
const pass = (lines: string) => conf(`authentication {\n${lines}\n}`);

const CHECKS: readonly [check: string, wrong: string, expected: string, right: string][] = [
  ["advert_int with a fraction (14)", conf("advert_int 1.5"), "advert-interval-rounded 5", conf("advert_int 2")],
  [
    "strict mode with a password (15)",
    conf("strict_mode\nauthentication {\nauth_type PASS\nauth_pass 1111\n}"),
    "authentication-ignored 6",
    pass("auth_type PASS\nauth_pass 1111"),
  ],
  [
    "strict mode with preempt_delay (15)",
    conf("strict_mode\npreempt_delay 60"),
    "preempt-delay-ignored 6",
    conf("preempt_delay 60"),
  ],
  [
    "strict mode with state MASTER (15)",
    conf("strict_mode\nstate MASTER\npriority 100"),
    "strict-conflict 6",
    conf("strict_mode\nstate MASTER\npriority 255"),
  ],
  ["a state in lower case (22)", conf("state master"), "invalid-value 5", conf("state MASTER\npriority 100")],
  ["a state with a semicolon (22)", conf("state BACKUP;"), "invalid-value 5", conf("state BACKUP")],
  ["a state that keepalived does not know (22)", conf("state EQUAL"), "invalid-value 5", conf("state BACKUP")],
  [
    "the own interface in track_interface (36)",
    conf("track_interface {\neth0\n}"),
    "own-interface-tracked 6",
    conf("track_interface {\neth1\n}"),
  ],
  [
    "a sync group of one (38)",
    conf("", group("VI_1")),
    "sync-group-single 1",
    conf("") + second("") + group("VI_1\nVI_2"),
  ],
  [
    "a weight in a sync group (38)",
    conf(weighted, script("weight -20")) + second("") + group("VI_1\nVI_2"),
    "weight-ignored 9",
    conf(weighted, script("weight 0")) + second("") + group("VI_1\nVI_2"),
  ],
  [
    "one address in two instances (39)",
    conf("") + second("").replace(".60/", ".50/"),
    "duplicate-vip 16",
    conf("") + second(""),
  ],
  [
    "a variable within a word (44)",
    conf("", "$N=50").replace("10.0.1.50", "10.0.1.$N"),
    "invalid-address 7",
    conf("", "$N=50").replace("10.0.1.50", `10.0.1.\${N}`),
  ],
  [
    "a variable that is not defined (44)",
    conf(`priority \${P}`),
    "undefined-variable 5",
    conf(`priority \${P}`, "$P=90"),
  ],
  [
    "two keywords on a line (45)",
    conf("priority 100 advert_int 1"),
    "extra-words 5",
    conf("priority 100\nadvert_int 1"),
  ],
  [
    "auth_type and auth_pass on a line (45)",
    pass("auth_type PASS auth_pass 1111"),
    "authentication-ignored 6",
    pass("auth_type PASS\nauth_pass 1111"),
  ],
  [
    "two addresses on a line (45)",
    conf("").replace("/24", "/24 10.0.1.51/24"),
    "unknown-option 7",
    conf("").replace("/24", "/24\n10.0.1.51/24"),
  ],
  ["a key given twice (46)", conf("priority 100\npriority 90"), "duplicate-key 6", conf("priority 90")],
  ["more addresses than an advert holds (47)", many(256), "too-many-addresses 262", many(255)],
];

describe("what the parser reports for the linter", () => {
  it.each(CHECKS)("%s", (_, wrong, expected, right) => {
    expect(codesOf(wrong)).toContain(expected);
    expect(codesOf(right)).toEqual([]);
  });
});
