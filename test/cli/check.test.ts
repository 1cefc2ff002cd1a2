/** `viplane check`: scenarios and configurations, judged without a run. */
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
});

describe("a scenario", () => {
  it.concurrent("that is right gives 0 and what it holds", async () => {
    const path = shop.at("good.yaml");
    expect(await viplane(["check", path])).toMatchObject({
      status: 0,
      out: `${path}: ok (1 subnet, 3 hosts, 1 HAVIP, 1 probe, 1 step, 1 expectation)\n`,
      err: "",
    });
  });

  it.concurrent("is known by its name, however that is written, and by stdin", async () => {
    const results = await Promise.all([
      viplane(["check", shop.at("GOOD.YML")]),
      viplane(["check", shop.at("good.json")]),
      viplane(["check", "-"], { input: CRASH }),
    ]);
    expect(results.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect(results[2].out).toBe("-: ok (1 subnet, 3 hosts, 1 HAVIP, 1 probe, 1 step, 1 expectation)\n");
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

  it.concurrent("whose keepalived would complain and go on says so", async () => {
    const { status, out, err } = await viplane(["check", shop.at("ignored.yaml")]);
    expect(err).toContain("prioritee");
    expect(err).toContain(`${shop.at("ignored.yaml")}:15:9: `);
    expect(out).toMatch(/ignored\.yaml: (not )?ok \(.*; 1 finding\)\n$/);
    expect(status).toBe(out.includes("not ok") ? 1 : 0);
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
      out: `${path}: ok (1 vrrp_instance)\n`,
      err: "",
    });
  });

  it.concurrent("that is not gives 1, and each finding its place", async () => {
    const path = shop.at("bad.conf");
    const { status, out, err } = await viplane(["check", path]);
    expect(status).toBe(1);
    expect(out).toMatch(new RegExp(`^${path}: not ok \\(0 vrrp_instances; 2 findings\\)\\n$`));
    expect(err).toContain(`${path}:2:3: `);
    expect(err).toContain("interface");
    expect(err).toContain(`${path}:4:12: `);
  });

  it.concurrent("that is shipped is right", async () => {
    const folder = topologyPath("havip-failover").replace(".yaml", "");
    expect((await viplane(["check", `${folder}/vm-a.conf`, `${folder}/vm-b.conf`])).status).toBe(0);
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
    const { err } = await viplane(["check", path]);
    expect(err).toContain("\\u001b[31m");
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
