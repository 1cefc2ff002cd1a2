/** A scenario's hosts as nodes: subnets for segments, and every place where a person finds it. */
import { describe, expect, it } from "vitest";
import { clusterOf } from "../../src/lint/cluster.ts";
import { judge } from "../../src/lint/judge.ts";
import { scenarioNodes } from "../../src/lint/scenario-nodes.ts";
import { loadScenario } from "../../src/scenario/language/load.ts";
import type { Scenario } from "../../src/scenario/model.ts";
import { instanceText } from "./clusters.ts";

function load(yaml: string, files: Readonly<Record<string, string>> = {}): Scenario {
  return loadScenario("x.yaml", yaml, {
    read: (path) => files[path] ?? null,
    resolve: (_, relative) => relative,
    glob: (pattern) => (files[pattern] === undefined ? [] : [pattern]),
  });
}

function judged(yaml: string, files: Readonly<Record<string, string>> = {}) {
  const texts = new Map(Object.entries(files));
  return judge({ confs: [], scenarios: [load(yaml, files)], ignored: new Set(), texts });
}

const HEAD = "name: x\nuntil: 1s\nsubnets: { app: { cidr: 10.0.1.0/24 }, other: { cidr: 10.0.2.0/24 } }\nhosts:\n";
const TWO_FILES = `${HEAD}  a: { subnet: app, address: 10.0.1.11, keepalived: a.conf }\n  b: { subnet: app, address: 10.0.1.12, keepalived: b.conf }\n`;

const block = (text: string) => `|\n${text.replace(/^(?=.)/gm, "      ")}`;

describe("hosts of a scenario", () => {
  it("are nodes by their names, with their addresses, on their subnets", () => {
    const files = { "a.conf": instanceText(), "b.conf": instanceText({ interface: "eth1", priority: 90 }) };
    const yaml = `${HEAD}  a: { subnet: app, address: 10.0.1.11, keepalived: a.conf }
  b:
    nics: { eth0: { subnet: other, address: 10.0.2.12 }, eth1: { subnet: app, address: 10.0.1.12 } }
    keepalived: b.conf
  client: { subnet: app, address: 10.0.1.100 }
`;
    const { nodes, warnings } = scenarioNodes(load(yaml, files));
    expect(nodes.map(({ name, host }) => [name, host?.interfaces])).toEqual([
      ["a", ["eth0"]],
      ["b", ["eth0", "eth1"]],
    ]);
    expect(clusterOf(nodes).groups).toMatchObject([{ segment: "app", members: [{}, {}] }]);
    expect(warnings).toEqual([]);
  });

  it("leave what a configuration says to the linter, and the rest to the scenario", () => {
    const files = { "a.conf": instanceText({ lines: ["prioritee 5"] }), "b.conf": instanceText({ priority: 90 }) };
    const yaml = `${TWO_FILES}servers:\n  s: { hosts: [a, b] }\n`;
    const { findings } = judged(yaml, files);
    const shown = findings.filter(({ severity }) => severity !== "hint").map(({ rule, file }) => `${rule} ${file}`);
    expect(shown).toEqual(["unknown-keyword a.conf", "scenario x.yaml"]);
  });

  it("are told what only their interfaces show", () => {
    const files = {
      "a.conf": instanceText({ lines: ["mcast_src_ip 10.0.1.99"] }),
      "b.conf": instanceText({ priority: 90 }),
    };
    expect(judged(TWO_FILES, files).findings).toContainEqual(
      expect.objectContaining({ rule: "source-address-missing", file: "a.conf", line: 5 }),
    );
  });
});

describe("a configuration inside a scenario", () => {
  const conf = (priority: number, extra: string) => instanceText({ priority, lines: [extra] });

  it("has its lines there, host by host", () => {
    const yaml = `${HEAD}  a:\n    subnet: app\n    address: 10.0.1.11\n    keepalived: ${block(conf(100, "bad_a"))}  b:\n    subnet: app\n    address: 10.0.1.12\n    keepalived: ${block(conf(90, "bad_b"))}`;
    const unknown = judged(yaml).findings.filter(({ rule }) => rule === "unknown-keyword");
    const lines = yaml.split("\n");
    expect(unknown.map(({ file, line, column }) => [file, lines[line - 1]!.slice(column - 1)])).toEqual([
      ["x.yaml", "bad_a"],
      ["x.yaml", "bad_b"],
    ]);
  });

  it("may silence its own lines", () => {
    const yaml = `${HEAD}  a:\n    subnet: app\n    keepalived: ${block(
      instanceText({ lines: ["bad_a # viplane: ignore unknown-keyword", "bad_b", "mcast_src_ip 10.0.1.11"] }),
    )}`;
    const unknown = judged(yaml.replace("subnet: app", "subnet: app\n    address: 10.0.1.11")).findings;
    expect(unknown.filter(({ severity }) => severity !== "hint").map(({ message }) => message)).toEqual([
      "Unknown keyword 'bad_b'",
    ]);
  });

  it("has one place if it is a quoted string", () => {
    const text = JSON.stringify(instanceText({ lines: ["bad_a"] }));
    const yaml = `${HEAD}  a: { subnet: app, address: 10.0.1.11, keepalived: ${text} }\n`;
    expect(judged(yaml).findings).toContainEqual(
      expect.objectContaining({
        rule: "unknown-keyword",
        file: "x.yaml",
        line: 5,
        column: yaml.split("\n")[4]!.indexOf('"') + 1,
      }),
    );
  });
});

describe("the keys of a configuration inside a scenario", () => {
  const pair = (write: (text: string) => string) => {
    const host = (name: string, priority: number, lines: readonly string[], end: number) =>
      `  ${name}:\n    subnet: app\n    address: 10.0.1.${end}\n    keepalived: ${write(instanceText({ priority, lines }))}\n`;
    return `${HEAD}${host("a", 100, [], 11)}${host("b", 90, ["preempt_delay 30"], 12)}`;
  };
  const placesOf = (yaml: string) =>
    judged(yaml)
      .findings.filter(({ rule }) => rule === "preempt-delay-on-lower-node")
      .map(({ file, line, column }) => [file, yaml.split("\n")[line - 1]!.slice(column - 1)]);

  it("stand on its lines", () => {
    expect(placesOf(pair(block))).toEqual([["x.yaml", "30"]]);
  });

  it("have the place of a string that it is, and are no less written", () => {
    const yaml = pair((text) => JSON.stringify(text));
    expect(placesOf(yaml)).toEqual([["x.yaml", expect.stringMatching(/^"vrrp_instance.*preempt_delay/)]]);
    const owner = `${HEAD}  a: { subnet: app, address: 10.0.1.11, keepalived: ${JSON.stringify(instanceText({ lines: ["state MASTER"] }).replace("  priority 100\n", ""))} }\n`;
    expect(judged(owner).findings.map(({ rule }) => rule)).toContain("master-without-priority");
    const written = owner.replace("state MASTER", "state MASTER\\n priority 100");
    expect(judged(written).findings.map(({ rule }) => rule)).not.toContain("master-without-priority");
  });
});

describe("what several hosts share", () => {
  it("is said once, and silenced once", () => {
    const shared = instanceText({ lines: ["bad_a", "bad_b # viplane: ignore unknown-keyword"] });
    const yaml = TWO_FILES.replace("b.conf", "a.conf");
    const found = judged(yaml, { "a.conf": shared }).findings.filter(({ rule }) => /unknown|unused/.test(rule));
    expect(found.map(({ message }) => message)).toEqual(["Unknown keyword 'bad_a'"]);
  });
});
