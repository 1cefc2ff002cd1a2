/** `viplane check`: scenarios and configurations, judged without a run. Findings are data: on stdout; what cannot be judged is on stderr. */
import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CRASH } from "./scenarios.ts";
import { ROOT, TOPOLOGIES, topologyPath, viplane, workshop } from "./viplane.ts";

const CONF = `vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 51
  priority 100
  virtual_ipaddress {
    10.0.1.50
  }
}
`;

const shop = workshop({
  "good.yaml": CRASH,
  "GOOD.YML": CRASH,
  "good.json": JSON.stringify({
    name: "j",
    until: "1s",
    subnets: { s: { cidr: "10.0.0.0/8" } },
    hosts: { h: { subnet: "s" } },
  }),
  "broken.yaml": CRASH.replace("until: 12s", "until: 12"),
  "two-faults.yaml": CRASH.replace("until: 12s", "until: 12").replace("crash: vm-A", "crash: vm-X"),
  "good.conf": CONF,
  "bad.conf": CONF.replace("priority 100", "priority 300").replace("interface", "interfce"),
  "ignored.yaml": CRASH.replace("priority 100", "priority 100\n        prioritee 5"),
  "equal-a.conf": CONF,
  "equal-b.conf": CONF,
  "backup.conf": CONF.replace("priority 100", "priority 90"),
  "both.conf": CONF.replace("priority 100", "@lb-1 priority 100\n  @lb-2 priority 90"),
});

/** Less the hint that any two masters after a split deserve. */
const WITHOUT_HINTS = ["--ignore", "stale-after-split"];

describe("a scenario", () => {
  it.concurrent("that is right gives 0 and what it holds", async () => {
    const path = shop.at("good.yaml");
    const { status, out, err } = await viplane(["check", ...WITHOUT_HINTS, path]);
    expect([status, err]).toEqual([0, ""]);
    expect(out).toBe(`${path}: failover from vm-A (priority 100) to vm-B
  VRID 51, IPv4: 10.0.1.50
  fault            best  typical    worst  made of
  crash         2.648 s  3.148 s  3.648 s  3 × 1 s + skew 0.648 s
  link lost     2.648 s  3.148 s  3.648 s  3 × 1 s + skew 0.648 s
  orderly stop  0.649 s  0.649 s  0.649 s  farewell + skew 0.648 s

${path}: ok (1 subnet, 3 hosts, 1 HAVIP, 1 probe, 1 step, 1 expectation)
1 file: no findings
`);
  });

  it.concurrent("is known by its name, however that is written, and by stdin", async () => {
    const results = await Promise.all([
      viplane(["check", shop.at("GOOD.YML")]),
      viplane(["check", shop.at("good.json")]),
      viplane(["check", ...WITHOUT_HINTS, "-"], { input: CRASH }),
    ]);
    expect(results.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect(results[2].out).toContain("\n-: ok (1 subnet, 3 hosts, 1 HAVIP, 1 probe, 1 step, 1 expectation)\n");
  });

  it.concurrent("that is broken gives 2 and every fault with its place", async () => {
    const path = shop.at("two-faults.yaml");
    const { status, out, err } = await viplane(["check", path]);
    expect([status, out]).toEqual([2, ""]);
    expect(err.match(/^\S+: error: /gm)).toEqual([`${path}:3:8: error: `, `${path}:37:22: error: `]);
  });

  it.concurrent("from stdin is called - in messages", async () => {
    const { status, err } = await viplane(["check", "-"], { input: "name: x\n" });
    expect(status).toBe(2);
    expect(err).toMatch(/^-:1:1: error: /);
  });

  it.concurrent("whose keepalived would complain and go on says so, with the line", async () => {
    const path = shop.at("ignored.yaml");
    const { status, out, err } = await viplane(["check", ...WITHOUT_HINTS, path]);
    expect([status, err]).toEqual([1, ""]);
    expect(out).toContain(`${path}:15:9: error: Unknown keyword 'prioritee' [unknown-keyword]
      15 |         prioritee 5
         |         ^~~~~~~~~
    why: `);
    expect(out).toMatch(/ignored\.yaml: not ok \(.*; 1 error\)\n1 file: 1 error\n$/);
  });

  it.concurrent("that is shipped is right", async () => {
    const { status, out } = await viplane(["check", ...TOPOLOGIES]);
    expect(status).toBe(0);
    expect(out.match(/: ok \(/g)).toHaveLength(TOPOLOGIES.length);
  });
});

describe("a keepalived.conf", () => {
  it.concurrent("that is right gives 0", async () => {
    const path = shop.at("good.conf");
    expect(await viplane(["check", path])).toMatchObject({
      status: 0,
      out: `${path}: ok (1 vrrp_instance)\n1 file: no findings\n`,
      err: "",
    });
  });

  it.concurrent("that is not gives 1, and each finding its place", async () => {
    const path = shop.at("bad.conf");
    const { status, out, err } = await viplane(["check", path]);
    expect([status, err]).toEqual([1, ""]);
    expect(out).toContain(`${path}:2:3: error: `);
    expect(out).toContain("did you mean 'interface'?");
    expect(out).toContain(`${path}:4:12: error: `);
    expect(out).toMatch(new RegExp(`\n${path}: not ok \\(0 vrrp_instances; 2 errors\\)\n1 file: 2 errors\n$`));
  });

  it.concurrent("that is shipped is right", async () => {
    const folder = topologyPath("havip-failover").replace(".yaml", "");
    expect((await viplane(["check", `${folder}/vm-a.conf`, `${folder}/vm-b.conf`])).status).toBe(0);
  });

  it.concurrent("brings its includes, which are no nodes of their own", async () => {
    const folder = shop.inner({
      "part.conf": CONF.replace("priority", "prioritee"),
      "whole.conf": "include part.conf\n",
    });
    const { status, out } = await viplane(["check", folder.at("whole.conf"), folder.at("part.conf")]);
    expect(status).toBe(1);
    expect(out.match(/: error: /g)).toHaveLength(1);
    expect(out).toContain(`${folder.at("part.conf")}:4:3: error: `);
    expect(out).toContain(`${folder.at("whole.conf")}: not ok (1 vrrp_instance; 1 error)\n`);
  });

  it.concurrent("given twice is judged once", async () => {
    const { out } = await viplane(["check", shop.at("good.conf"), `${shop.path}/./good.conf`]);
    expect(out).toMatch(/: ok \(1 vrrp_instance\)\n1 file: no findings\n$/);
  });
});

describe("keepalived.conf files together", () => {
  it.concurrent("are one cluster: what does not fit is found, and how fast it fails over is said", async () => {
    const equal = await viplane(["check", shop.at("equal-a.conf"), shop.at("equal-b.conf")]);
    expect(equal.status).toBe(0);
    expect(equal.out).toContain("[equal-priorities]");
    const { status, out } = await viplane(["check", shop.at("good.conf"), shop.at("backup.conf")]);
    expect(status).toBe(0);
    expect(out).not.toContain("[equal-priorities]");
    expect(out).toContain(`failover from ${shop.at("good.conf")} (priority 100) to ${shop.at("backup.conf")}\n`);
  });

  it.concurrent("are judged apart from a scenario", async () => {
    const { out } = await viplane(["check", shop.at("good.yaml"), shop.at("equal-a.conf")]);
    expect(out).not.toContain("[equal-priorities]");
  });
});

describe("a keepalived.conf with @id lines", () => {
  it.concurrent("is a node for each id", async () => {
    const path = shop.at("both.conf");
    const { status, out, err } = await viplane(["check", ...WITHOUT_HINTS, path]);
    expect([status, err]).toEqual([0, ""]);
    expect(out).toBe(`failover from @lb-1 (priority 100) to @lb-2
  VRID 51, IPv4: 10.0.1.50
  fault            best  typical    worst  made of
  crash         2.648 s  3.148 s  3.648 s  3 × 1 s + skew 0.648 s
  link lost     2.648 s  3.148 s  3.648 s  3 × 1 s + skew 0.648 s
  orderly stop  0.649 s  0.649 s  0.649 s  farewell + skew 0.648 s

${path}: ok (1 vrrp_instance, on 2 hosts: @lb-1, @lb-2)
1 file: no findings
`);
  });
});

describe("--ignore and comments", () => {
  it.concurrent("silence a rule, and decide the status with it", async () => {
    const path = shop.at("bad.conf");
    const names = ["unknown-keyword", "invalid-number"];
    for (const flags of [["--ignore", names.join(",")], names.flatMap((name) => ["--ignore", name])])
      expect(await viplane(["check", ...flags, path])).toMatchObject({
        status: 0,
        out: `${path}: ok (0 vrrp_instances)\n1 file: no findings\n`,
      });
    const commented = shop.write(
      "commented.conf",
      `# viplane: ignore-file ${names.join(", ")}\n${CONF.replace("100", "300")}`,
    );
    const { status, out } = await viplane(["check", commented]);
    expect(status).toBe(0);
    expect(out).toContain("silences nothing: there is no unknown-keyword here [unused-ignore]");
    expect(out).toContain("1 file: 1 hint\n");
  });

  it.concurrent("are not judged in a scenario that cannot be run", async () => {
    const commented = CRASH.replace("until: 12s", "until: 12").replace(
      "priority 100",
      "priority 100 # viplane: ignore vrid-clash",
    );
    const path = shop.write("commented-broken.yaml", commented);
    const { status, out, err } = await viplane(["check", path]);
    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain("until");
  });

  it.concurrent.each([
    [["--ignore", "equal-prioritie"], "There is no rule 'equal-prioritie'. Did you mean equal-priorities?"],
    [["--ignore", "vrid-clash,xyzzy"], "There is no rule 'xyzzy'. viplane check --rules lists all."],
    [["--ignore", "invalid-input"], "There is no rule 'invalid-input'."],
    [["--format", "xml"], "Allowed choices are text, json, sarif, github."],
  ])("refuse %j", async (flags, says) => {
    const { status, out, err } = await viplane(["check", ...flags, shop.at("good.conf")]);
    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain(says);
  });
});

describe("formats for programs", () => {
  it.concurrent("are JSON with findings and failover times", async () => {
    const paths = [shop.at("bad.conf"), shop.at("good.yaml")];
    const { status, out, err } = await viplane(["check", "--format", "json", ...paths]);
    expect([status, err]).toEqual([1, ""]);
    const { schemaVersion, findings, failover } = JSON.parse(out);
    expect(schemaVersion).toBe(1);
    expect(findings).toContainEqual(
      expect.objectContaining({ rule: "unknown-keyword", severity: "error", file: paths[0], line: 2, column: 3 }),
    );
    expect(failover).toMatchObject([{ scenario: paths[1], vrid: 51, master: { node: "vm-A" } }]);
  });

  it.concurrent("are SARIF", async () => {
    const { status, out, err } = await viplane(["check", "--format", "sarif", shop.at("bad.conf")]);
    expect([status, err]).toEqual([1, ""]);
    const { version, runs } = JSON.parse(out);
    expect(version).toBe("2.1.0");
    expect(runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual([
      "unknown-keyword",
      "invalid-number",
    ]);
    expect(runs[0].invocations).toEqual([{ executionSuccessful: true }]);
  });

  it.concurrent("are GitHub's commands", async () => {
    const { status, out, err } = await viplane(["check", "--format", "github", "bad.conf"], { cwd: shop.path });
    expect([status, err]).toEqual([1, ""]);
    expect(out).toMatch(
      /^::error file=bad\.conf,line=2,col=3,title=unknown-keyword::.*\n::error file=bad\.conf,line=4,col=12,title=invalid-number::.*\n$/,
    );
  });

  it.concurrent("tell of what could not be judged, too", async () => {
    const paths = [shop.at("broken.yaml"), shop.at("nowhere.conf")];
    for (const format of ["json", "sarif", "github"]) {
      const { status, out, err } = await viplane(["check", "--format", format, ...paths]);
      expect(status).toBe(2);
      expect(err.match(/: error: /g)).toHaveLength(2);
      expect(out.match(/invalid-input/g)!.length).toBeGreaterThanOrEqual(2);
      if (format === "sarif") expect(JSON.parse(out).runs[0].invocations).toEqual([{ executionSuccessful: false }]);
    }
  });
});

describe("--rules", () => {
  it.concurrent("lists all rules, without a file", async () => {
    const { status, out, err } = await viplane(["check", "--rules"]);
    expect([status, err]).toEqual([0, ""]);
    expect(out).toMatch(/^ {2}rule +severity {2}finds\n/);
    for (const name of ["equal-priorities", "nopreempt-ignored", "unused-ignore"])
      expect(out).toMatch(new RegExp(`^ {2}${name} +(error|warning|hint) +\\S`, "m"));
  });
});

describe("several files", () => {
  it.concurrent.each([
    [["good.yaml", "good.conf"], 0, 2],
    [["bad.conf", "good.yaml"], 1, 2],
    [["good.yaml", "broken.yaml", "good.conf"], 2, 2],
    [["nowhere.yaml", "good.yaml"], 2, 1],
    [["nowhere.conf", "bad.conf"], 2, 1],
    [["broken.yaml", "bad.conf", "nowhere.conf"], 2, 1],
  ])("%j: the worst decides, and all are judged", async (names, expected, verdicts) => {
    const { status, out } = await viplane(["check", ...names.map((name) => shop.at(name))]);
    expect(status).toBe(expected);
    expect(out.match(/: (not )?ok \(/g)).toHaveLength(verdicts);
  });

  it.concurrent.each([
    ["nowhere.yaml", "no such file or directory"],
    ["nowhere.conf", "no such file or directory"],
    [".", "it is a directory"],
    ["good.yaml/x", "not a directory"],
  ])("%s cannot be read: %s", async (name, reason) => {
    const path = shop.at(name);
    expect(await viplane(["check", path])).toMatchObject({
      status: 2,
      out: "",
      err: `${path}: error: cannot read this file: ${reason}\n    name an existing file, or - for stdin\n`,
    });
  });
});

describe("a capture", () => {
  const captures = {
    pcap: readFileSync(`${ROOT}test/recordings/crash-and-return.pcap`),
    pcapng: Buffer.from("0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000", "hex"),
  };

  it.concurrent.each(["check", "run"])("is told of by viplane %s, whatever it is called", async (command) => {
    for (const [name, octets] of Object.entries(captures)) {
      for (const suffix of ["", ".yaml"]) {
        const path = `${shop.at(`${command}-${name}`)}${suffix}`;
        writeFileSync(path, octets);
        expect(await viplane([command, path])).toMatchObject({
          status: 2,
          out: "",
          err: `${path}: error: this is a capture of frames, no text\n    viplane replay ${path} tells what happened in it\n`,
        });
      }
    }
  });
});

describe("a scenario of several switches", () => {
  it.concurrent("is summed up with its switches, links, servers and probes", async () => {
    const { out } = await viplane(["check", topologyPath("three-switches"), topologyPath("server-crash")]);
    expect(out).toMatch(
      /three-switches\.yaml: ok \(1 subnet, 3 switches, 2 links, \d+ hosts, .*\d probes, \d+ steps?, /,
    );
    expect(out).toMatch(/server-crash\.yaml: ok \(.*, \d servers?, /);
  });
});

describe("what cannot be printed", () => {
  it.concurrent("is shown by its number", async () => {
    const path = shop.write("hostile.conf", "\u001b[31mvrrp_instance VI_1 {\n}\n");
    const { out } = await viplane(["check", path]);
    expect(out).toContain("\\u001b[31m");
  });
});

describe("the README's example", () => {
  it.concurrent("is what the command prints", async () => {
    const conf = (priority: number) => `vrrp_script chk_haproxy {
    script "/usr/bin/pidof haproxy"
    interval 2
    weight -5
    fall 2
}
vrrp_instance VI_1 {
    state BACKUP
    interface eth0
    virtual_router_id 51
    priority ${priority}
    virtual_ipaddress {
        10.0.1.50/24
    }
    track_script {
        chk_haproxy
    }
}
`;
    const folder = shop.inner({ "a.conf": conf(100), "b.conf": conf(90) });
    const excerpt = /\$ npx viplane check a\.conf b\.conf\n([\s\S]*?)```/.exec(
      readFileSync(`${ROOT}README.md`, "utf8"),
    );
    const lines = excerpt![1]!.split("\n").filter((line) => !/^\s*…?$/.test(line));
    const { status, out } = await viplane(["check", "a.conf", "b.conf"], { cwd: folder.path });
    expect(status).toBe(1);
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) expect(out.split("\n")).toContain(line);
  });
});

describe("the schema", () => {
  it.concurrent("is the one that is shipped", async () => {
    const { status, out, err } = await viplane(["schema"]);
    expect([status, err]).toEqual([0, ""]);
    expect(JSON.parse(out)).toMatchObject({ title: "viplane scenario", type: "object" });
    expect(out).toBe(readFileSync(`${ROOT}dist/scenario.schema.json`, "utf8"));
  });
});
