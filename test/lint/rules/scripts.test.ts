/** Scripts that are tracked: what their failure does, and whether they run at all. */
import { describe, expect, it } from "vitest";
import type { ScriptState } from "../../../src/lint/cluster.ts";
import { SCRIPT_RULES } from "../../../src/lint/rules/scripts.ts";
import { conf, script, TRACKED } from "./conf.ts";
import { findingsOf } from "./findings-of.ts";

function tracking(lines: string, instance = ""): string {
  return conf(`${instance}\n${TRACKED}`, script(lines));
}

function rulesOf(text: string): string[] {
  return findingsOf(SCRIPT_RULES, { "vm-a": text }).map(({ rule }) => rule);
}

describe("a script without a weight (check 7)", () => {
  it("is a hint, with the time of the failover", () => {
    const found = findingsOf(SCRIPT_RULES, { "vm-a": tracking("", "priority 100"), "vm-b": conf("priority 90") });
    expect(found).toEqual([
      {
        rule: "script-without-weight",
        severity: "hint",
        place: "vm-a:1:13",
        message: "chk has weight 0, which is the default: its failure is a FAULT of VI_1 and lowers no priority",
        why: "vm-a says that it leaves, and vm-b takes over 0.648 s after the failure is known, faster than for any weight. Where that happens on every node, nobody holds the address.",
        fix: "weight -20, or another that is larger than the difference of the priorities, if a node that fails should still serve where no other can",
        related: [],
      },
    ]);
  });

  it("names no time for a file alone, and follows sync groups", () => {
    const alone = findingsOf(SCRIPT_RULES, { "vm-a": tracking("") });
    expect(alone[0]?.why).toContain("a backup takes over in less than an advertisement interval");
    const group = "\nvrrp_sync_group G {\ngroup {\nVI_1\n}\ntrack_script {\nchk\n}\n}";
    expect(rulesOf(conf("", script()) + group)).toEqual(["script-without-weight"]);
  });

  it("is silent with a weight, without a follower, and where nopreempt asks for a FAULT", () => {
    expect(rulesOf(tracking("weight -20"))).toEqual([]);
    expect(rulesOf(conf("track_script {\nchk weight -20\n}", script()))).toEqual([]);
    expect(rulesOf(conf("", script()))).toEqual([]);
    const nopreempt = { "vm-a": tracking("", "priority 100"), "vm-b": conf("nopreempt\npriority 90") };
    expect(findingsOf(SCRIPT_RULES, nopreempt)).toEqual([]);
  });
});

describe("a timeout beyond the interval (check 25)", () => {
  it("says when a hanging service is known", () => {
    const [found, ...more] = findingsOf(SCRIPT_RULES, {
      "vm-a": tracking("weight -20\ninterval 2\ntimeout 10\nfall 3"),
    });
    expect(found).toMatchObject({
      rule: "script-timeout-over-interval",
      severity: "warning",
      place: "vm-a:5:9",
      message: "chk may run for 10 s (timeout) and is due every 2 s (interval)",
      fix: "timeout 2, or interval 10",
    });
    expect(found?.why).toContain("A hanging service is known after up to 16 s (fall 3)");
    expect(more).toEqual([]);
  });

  it("is silent for a timeout up to the interval, which it is by default", () => {
    expect(rulesOf(tracking("weight -20\ninterval 10\ntimeout 10"))).toEqual([]);
    expect(rulesOf(tracking("weight -20\ninterval 5"))).toEqual([]);
  });
});

describe("a script that cannot run (check 27)", () => {
  const judge = (text: string, state: ScriptState | undefined) => {
    const asked: string[] = [];
    const scriptState = (path: string) => {
      asked.push(path);
      return state!;
    };
    const findings = findingsOf(SCRIPT_RULES, { "vm-a": text }, state === undefined ? {} : { scriptState });
    return { asked, findings };
  };

  it("is an error at its command: the instance goes on untracked", () => {
    const { asked, findings } = judge(tracking("weight -20"), "missing");
    expect(asked).toEqual(["/usr/bin/test"]);
    expect(findings).toEqual([
      {
        rule: "script-not-runnable",
        severity: "error",
        place: "vm-a:2:12",
        message: "chk cannot run: /usr/bin/test is not there",
        why: "keepalived disables the script, and VI_1 goes on without it: vm-a stays the master when the service fails.",
        fix: 'script "…" with the path of a program on this host',
        related: [],
      },
    ]);
    expect(judge(tracking("weight -20"), "not-executable").findings).toMatchObject([
      { message: "chk cannot run: /usr/bin/test is not executable", fix: "chmod +x /usr/bin/test" },
    ]);
  });

  it("is silent if it runs, if nobody follows it, and where nothing is known of the host", () => {
    expect(judge(tracking("weight -20"), "executable").findings).toEqual([]);
    expect(judge(conf("", script("weight -20")), "missing").findings).toEqual([]);
    expect(judge(tracking("weight -20"), undefined).findings).toEqual([]);
  });

  it.each(["killall -0 sshd", "</dev/tcp/127.0.0.1/80"])("does not judge what a path does not name: %s", (command) => {
    const text = tracking("weight -20").replace("/usr/bin/test -f /run/ok", command);
    expect(judge(text, "missing")).toEqual({ asked: [], findings: [] });
  });
});

describe("init_fail (check 29)", () => {
  it("is a hint: the first result decides, whatever rise says", () => {
    const found = findingsOf(SCRIPT_RULES, { "vm-a": tracking("weight -20\nrise 3\ninit_fail") });
    expect(found).toMatchObject([
      { rule: "init-fail-no-effect", severity: "hint", place: "vm-a:5:1", message: "init_fail of chk has no effect" },
    ]);
    expect(found[0]?.why).toContain("without waiting for 3 successes (rise)");
  });

  it("is silent without it", () => {
    expect(rulesOf(tracking("weight -20\nrise 3"))).toEqual([]);
  });
});
