/** Whatever the text, a scenario is loaded or refused with places that exist in it; nothing hangs or breaks. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import { ConfigError } from "../../../src/text/config-error.ts";
import { FILES, GOOD, WIRED } from "./files.ts";

/** The findings stand inside `text`; none if it loads. */
function judge(text: string): number {
  try {
    loadScenario("dir/x.yaml", text, FILES);
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const lines = text.replace(/^\uFEFF/, "").split("\n");
    for (const { file, line, column, message } of error.findings.filter((finding) => finding.file === "dir/x.yaml")) {
      expect(message).not.toBe("");
      expect(file).toBe("dir/x.yaml");
      expect(line).toBeGreaterThanOrEqual(1);
      expect(line).toBeLessThanOrEqual(lines.length);
      expect(column).toBeGreaterThanOrEqual(1);
      expect(column).toBeLessThanOrEqual(lines[line - 1]!.length + 1);
    }
    expect(error.findings.length).toBeGreaterThan(0);
    return error.findings.length;
  }
}

const WORDS = [
  "\n",
  "  ",
  ": ",
  "- ",
  "{",
  "}",
  "[",
  "]",
  '"',
  "'",
  "#",
  "|",
  ">",
  "&a",
  "*a",
  "!t",
  "\t",
  ",",
  "?",
  "<<",
];
const VALUES = [
  "hosts",
  "vm-A",
  "10s",
  "10",
  "true",
  "null",
  "~",
  "at",
  "crash",
  "10.0.1.11",
  "app",
  "x",
  "1e999",
  "holder",
];

describe("any text", () => {
  it.each([
    ["- \n10\n10s: &a", 3, 6],
    ["name: x\nhosts:\n  a: ]\n  b: *a", 4, 6],
  ])("is refused at the mistake's own line, though the line before is still being read: %j", (text, line, column) => {
    const findings = () => loadScenario("dir/x.yaml", text, FILES);
    expect(findings).toThrow(`dir/x.yaml:${line}:${column}: error: `);
  });

  it("is refused or loaded", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        judge(text);
      }),
      { numRuns: 500 },
    );
  });

  it("of YAML's own signs is refused or loaded", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...WORDS, ...VALUES), { maxLength: 60 }), (words) => {
        judge(words.join(""));
      }),
      { numRuns: 400 },
    );
  });
});

describe.each([
  ["with every key", GOOD],
  ["with switches and servers", WIRED],
])("a good file %s and a random change", (_, good) => {
  const offset = fc.nat({ max: good.length });

  it("of characters is refused or loaded", () => {
    const change = fc.tuple(
      offset,
      fc.nat({ max: 6 }),
      fc.oneof(fc.constantFrom(...WORDS, ...VALUES, ""), fc.string()),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        let text = good;
        for (const [at, length, put] of changes) text = text.slice(0, at) + put + text.slice(at + length);
        judge(text);
      }),
      { numRuns: 400 },
    );
  });

  it("of whole lines is refused or loaded", () => {
    const lines = good.split("\n");
    const index = fc.nat({ max: lines.length - 1 });
    fc.assert(
      fc.property(index, index, fc.boolean(), (from, to, isMove) => {
        const changed = [...lines];
        const [line] = isMove ? changed.splice(from, 1) : [changed[from]!];
        changed.splice(to, 0, line!);
        judge(changed.join("\n"));
      }),
      { numRuns: 500 },
    );
  });
});

describe("a good file and any value somewhere in it", () => {
  it("is refused or loaded", () => {
    const paths: (string | number)[][] = [];
    const walk = (value: unknown, path: (string | number)[]): void => {
      paths.push(path);
      if (typeof value === "object" && value !== null)
        for (const [key, inner] of Object.entries(value))
          walk(inner, [...path, Array.isArray(value) ? Number(key) : key]);
    };
    const base = JSON.parse(JSON.stringify(loadableValue()));
    walk(base, []);
    fc.assert(
      fc.property(fc.constantFrom(...paths.slice(1)), fc.jsonValue({ maxDepth: 2 }), (path, put) => {
        const value = structuredClone(base);
        let parent = value;
        for (const step of path.slice(0, -1)) parent = parent[step];
        parent[path.at(-1)!] = put;
        judge(JSON.stringify(value, null, 1));
      }),
      { numRuns: 400 },
    );
  });
});

/** A good scenario as data, with every section. */
function loadableValue() {
  return {
    name: "any",
    until: "30s",
    subnets: {
      app: {
        cidr: ["10.0.1.0/24"],
        network: "lan",
        multicast: true,
        latency: "50us",
        ageing: "9s",
        switches: { s: { profile: "linux" }, t: {} },
        links: { l: { between: ["s", "t"], rate: "1gbit" } },
      },
    },
    servers: { m: { hosts: ["a", "b"] } },
    hosts: {
      a: {
        subnet: "app",
        switch: "s",
        address: "10.0.1.1",
        keepalived: "vm-a.conf",
        scripts: { chk: { exit: 0, runs: "1s" } },
      },
      b: {
        nics: { eth0: { subnet: "app", switch: "t", address: ["10.0.1.2"], mac: "02:00:00:00:00:09" } },
        autostart: true,
      },
    },
    havips: { web: { subnet: "app", address: "10.0.1.50", claimants: ["a"] } },
    probes: { p: { from: "b", to: "web", every: "10ms", at: "1s", until: "20s", kind: "udp" } },
    timeline: [
      { at: "1s", stop: { host: "a", daemon: "keepalived" } },
      { at: "2s", "link-down": "b.eth0" },
      { at: "3s", partition: [["a"], ["b"]] },
      { at: "4s", heal: "all" },
      { at: "5s", script: { host: "a", name: "chk", exit: 1 } },
      { at: "6s", snapshot: "s" },
      { at: "7s", impair: { on: "s:l", direction: "in", loss: "5%", for: "1s" } },
      { at: "8s", crash: "m" },
    ],
    expect: [
      { at: "9s", holder: { of: "web", is: "a" } },
      { outage: { of: "p", atMost: "3s", atLeast: "1s", from: "10s", until: "20s" } },
    ],
  };
}

describe("hostile files", () => {
  const refusedFast = (text: string) => {
    const start = performance.now();
    expect(judge(text)).toBeGreaterThan(0);
    expect(performance.now() - start).toBeLessThan(10_000);
  };

  it("of brackets, dashes and question marks without end are refused", () => {
    for (const sign of ["[", "{", "- ", "? ", "[a: ", "&a ", "!a "]) refusedFast(sign.repeat(100_000));
  });

  it("of thousands of wrong names are refused", () => {
    const name = (index: number) => `${"h".repeat(50)}${index}`;
    const hosts = Array.from({ length: 1024 }, (_, index) => `  ${name(index)}: { subnet: app }\n`).join("");
    const steps = Array.from({ length: 3000 }, (_, index) => `  - { at: 1s, crash: ${name(index)}x }\n`).join("");
    refusedFast(`name: x\nuntil: 2s\nsubnets: { app: { cidr: 10.0.0.0/8 } }\nhosts:\n${hosts}timeline:\n${steps}`);
  });

  it("of thousands of unknown keys are refused", () => {
    refusedFast(Array.from({ length: 20_000 }, (_, index) => `hots${index}: 1\n`).join(""));
  });
});
