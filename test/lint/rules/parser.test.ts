/** Checks of the linter that the parser of `keepalived.conf` makes itself: by their codes, with a reason and a remedy. */
import { describe, expect, it } from "vitest";
import type { ConfHost } from "../../../src/guest/keepalived/conf/host.ts";
import { resolveAgainstHost } from "../../../src/guest/keepalived/conf/host.ts";
import { clusterOf } from "../../../src/lint/cluster.ts";
import { lint } from "../../../src/lint/lint.ts";
import type { LintSeverity } from "../../../src/lint/rule.ts";
import { parseIp } from "../../../src/text/ip-text.ts";
import { conf, script, TRACKED } from "./conf.ts";
import { nodesOf } from "./findings-of.ts";

/** What `text` is found to be without any rule: `rule line`. */
function found(text: string): string[] {
  const findings = lint(clusterOf(nodesOf({ "vm-a": text })), []);
  for (const { why, fix } of findings) expect([why, fix]).not.toContain("");
  return findings.filter(({ rule }) => rule !== "not-simulated").map(({ rule, line }) => `${rule} ${line}`);
}

function severityOf(rule: string, text: string): LintSeverity | undefined {
  return lint(clusterOf(nodesOf({ "vm-a": text })), []).find((finding) => finding.rule === rule)?.severity;
}

const password = (text: string, lines = "") => conf(`${lines}\nauthentication {\nauth_type PASS\nauth_pass ${text}\n}`);
const peers = "unicast_peer {\n10.0.1.12\n}";

const CHECKS: readonly [check: string, wrong: string, expected: string, right: string][] = [
  [
    "nopreempt with state MASTER (2)",
    conf("state MASTER\npriority 100\nnopreempt"),
    "nopreempt-ignored 7",
    conf("state BACKUP\npriority 100\nnopreempt"),
  ],
  ["a password of more than 8 characters (9)", password("123456789"), "password-too-long 8", password("12345678")],
  ["a password that a comment cuts (10)", password("ab#cd"), "comment-in-value 8", password('"ab#cd"')],
  ["a password with a blank (10)", password("ab cd"), "extra-words 8", password('"ab cd"')],
  [
    "authentication in version 3 (11)",
    password("1111", "version 3"),
    "authentication-ignored 6",
    password("1111", "version 2"),
  ],
  [
    "authentication for IPv6, which is version 3 (11)",
    password("1111").replace("10.0.1.50/24", "2001:db8::50/64"),
    "authentication-ignored 6",
    conf("").replace("10.0.1.50/24", "2001:db8::50/64"),
  ],
  [
    "keywords about unicast without a peer (16)",
    conf("unicast_src_ip 10.0.1.11"),
    "unicast-without-peers 5",
    conf(`unicast_src_ip 10.0.1.11\n${peers}`),
  ],
  ["an empty unicast_peer (16)", conf("unicast_peer {\n}"), "unicast-without-peers 5", conf(peers)],
  [
    "unicast_ttl without a peer (18)",
    conf("unicast_ttl 64"),
    "unicast-ttl-without-peers 5",
    conf(`unicast_ttl 64\n${peers}`),
  ],
  [
    "an interval of 0, which many a distribution writes",
    conf("", "global_defs {\nvrrp_garp_interval 0\n}"),
    "zero-interval 2",
    conf("", "global_defs {\nvrrp_garp_interval 0.1\n}"),
  ],
  [
    "preempt_delay with nopreempt (23)",
    conf("nopreempt\npreempt_delay 60"),
    "preempt-delay-ignored 6",
    conf("preempt_delay 60"),
  ],
  [
    "preempt_delay with state MASTER (23)",
    conf("state MASTER\npriority 100\npreempt_delay 60"),
    "preempt-delay-ignored 7",
    conf("state BACKUP\npriority 100\npreempt_delay 60"),
  ],
  [
    "an interval of a fraction of a second (26)",
    conf(TRACKED, script("interval 0.5")),
    "invalid-number 3",
    conf(TRACKED, script("interval 1")),
  ],
  [
    "a misspelt track_script (28)",
    conf(`${TRACKED}\ntrack_interface {\neth1\n}`, script()).replace("\nchk\n", "\nchck\n"),
    "track-script-not-found 9",
    conf(TRACKED, script()),
  ],
  [
    "a track_script before its vrrp_script (28)",
    conf(TRACKED) + script(),
    "track-script-not-found 6",
    conf(TRACKED, script()),
  ],
  [
    "an address owner with a weight (49)",
    conf(`priority 255\n${TRACKED}`, script("weight -20")),
    "weight-ignored 10",
    conf(`priority 254\n${TRACKED}`, script("weight -20")),
  ],
];

describe("what the parser reports for the linter", () => {
  it.each(CHECKS)("%s", (_, wrong, expected, right) => {
    expect(found(wrong)).toContain(expected);
    expect(found(right)).toEqual([]);
  });

  it("a source address that the host does not have (17)", () => {
    const host: ConfHost = { interfaces: ["eth0"], addresses: () => [parseIp("10.0.1.11")!] };
    const codes = (source: string) => {
      const text = conf(`unicast_src_ip ${source}\n${peers}`);
      const [node] = nodesOf({ "vm-a": text });
      const onHost = { ...node!, host, conf: { ...node!.conf, diagnostics: resolveAgainstHost(node!.conf, host) } };
      return lint(clusterOf([onHost]), []).map(({ rule, line }) => `${rule} ${line}`);
    };
    expect(codes("10.0.1.21")).toEqual(["source-address-missing 5"]);
    expect(codes("10.0.1.11")).toEqual([]);
  });

  it("one mistake where unicast_ttl stands without peers beside other keywords of its kind", () => {
    expect(found(conf("unicast_src_ip 10.0.1.11\nunicast_ttl 64"))).toEqual(["unicast-ttl-without-peers 6"]);
  });

  it("a hint where nothing but keepalived -t minds", () => {
    expect(severityOf("zero-interval", conf("", "global_defs {\nvrrp_gna_interval 0\n}"))).toBe("hint");
    expect(severityOf("own-interface-tracked", conf("track_interface {\neth0\n}"))).toBe("hint");
    expect(severityOf("route-not-tracked", conf("virtual_routes {\ndefault via 10.0.1.1\n}"))).toBe("hint");
  });

  it("an error where the failover or the address is lost", () => {
    expect(severityOf("track-script-not-found", conf(TRACKED))).toBe("error");
    expect(severityOf("unicast-ttl-without-peers", conf("unicast_ttl 64"))).toBe("error");
    expect(severityOf("password-too-long", password("123456789"))).not.toBe("hint");
  });
});
