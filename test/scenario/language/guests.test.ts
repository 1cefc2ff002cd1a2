/** keepalived configurations of a scenario: what is wrong with them stands where a person wrote it. */
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import type { Scenario } from "../../../src/scenario/model.ts";
import { ConfigError } from "../../../src/text/config-error.ts";
import { memoryFiles, VM_A } from "./files.ts";

/** A scenario of one host; `conf` is the value of `keepalived:`. */
const withConf = (conf: string) => `name: x
until: 1s
subnets: { app: { cidr: 10.0.1.0/24 } }
hosts:
  vm-A:
    subnet: app
    address: 10.0.1.11
    keepalived: ${conf}
`;

const block = (text: string, indent: string, header = "|") =>
  `${header}\n${text
    .split("\n")
    .map((line) => (line === "" ? "" : indent + line))
    .join("\n")}`;

const WRONG_NIC = VM_A.replace("interface eth0", "interface eth1");
const UNKNOWN_KEYWORD = VM_A.replace("  advert_int 1", "  advert_int 1\n  no_such_keyword 7");

function load(text: string, files: Readonly<Record<string, string>> = {}): Scenario {
  return loadScenario("dir/x.yaml", text, memoryFiles(files));
}

function places(text: string, files: Readonly<Record<string, string>> = {}): string[] {
  try {
    load(text, files);
  } catch (error) {
    if (error instanceof ConfigError)
      return error.findings.map(({ file, line, column, severity }) => `${file}:${line}:${column} ${severity}`);
    throw error;
  }
  return [];
}

const warnings = (scenario: Scenario) =>
  scenario.warnings.map(({ file, line, column, severity }) => `${file}:${line}:${column} ${severity}`);

describe("an interface that the host lacks", () => {
  it("is an error at its place in the configuration file, with the vNICs that there are", () => {
    expect(places(withConf("vm-a.conf"), { "dir/vm-a.conf": WRONG_NIC })).toEqual(["dir/vm-a.conf:7:13 error"]);
    expect(() => load(withConf("vm-a.conf"), { "dir/vm-a.conf": WRONG_NIC })).toThrow(/eth1[\s\S]*'eth0'/);
  });

  it("is an error at its place in the scenario if the configuration stands there", () => {
    // Line 9 of the file is the first of the block; columns move by the indentation.
    expect(places(withConf(block(WRONG_NIC, "      ")))).toEqual(["dir/x.yaml:15:19 error"]);
    expect(places(withConf(block(WRONG_NIC, "     ", "|1- # ours")))).toEqual(["dir/x.yaml:15:18 error"]);
    expect(places(withConf(block(`\n\n${WRONG_NIC}`, "      ")))).toEqual(["dir/x.yaml:17:19 error"]);
    expect(places(withConf(block(WRONG_NIC, "      ")).replaceAll("\n", "\r\n"))).toEqual(["dir/x.yaml:15:19 error"]);
  });

  it("is an error at the value if that is a quoted string, whose lines have no place", () => {
    expect(places(withConf(JSON.stringify(WRONG_NIC)))).toEqual(["dir/x.yaml:8:17 error"]);
  });

  it("is an error in an included file, found from where the configuration stands", () => {
    const files = { "dir/instances.conf": WRONG_NIC };
    expect(places(withConf(block("include instances.conf\n", "      ")), files)).toEqual([
      "dir/instances.conf:7:13 error",
    ]);
  });

  it("is none on a host that has it", () => {
    const nics = "nics: { eth0: { subnet: app, address: 10.0.1.11 }, eth1: { subnet: app, address: 10.0.1.12 } }";
    const text = withConf("vm-a.conf").replace("subnet: app\n    address: 10.0.1.11", nics);
    expect(places(text, { "dir/vm-a.conf": WRONG_NIC })).toEqual([]);
  });
});

describe("what keepalived only complains about", () => {
  it("is a warning of a scenario that loads", () => {
    const scenario = load(withConf("vm-a.conf"), { "dir/vm-a.conf": UNKNOWN_KEYWORD });
    expect(warnings(scenario)).toEqual([expect.stringMatching(/^dir\/vm-a\.conf:11:3 /)]);
    expect(scenario.warnings[0]!.message).toContain("no_such_keyword");
  });

  it("has its place in the scenario if the configuration stands there", () => {
    expect(warnings(load(withConf(block(UNKNOWN_KEYWORD, "      "))))).toEqual([
      expect.stringMatching(/^dir\/x\.yaml:19:9 /),
    ]);
  });

  it("is said once of a file that two hosts share", () => {
    const text = `${withConf("vm-a.conf")}  vm-B: { subnet: app, address: 10.0.1.12, keepalived: vm-a.conf }\n`;
    expect(warnings(load(text, { "dir/vm-a.conf": UNKNOWN_KEYWORD }))).toHaveLength(1);
  });
});

it("keeps other findings of the scenario beside those of a configuration", () => {
  const text = withConf("vm-a.conf").replace("until: 1s", "until: 1");
  expect(places(text, { "dir/vm-a.conf": WRONG_NIC })).toEqual(["dir/x.yaml:2:8 error", "dir/vm-a.conf:7:13 error"]);
});
