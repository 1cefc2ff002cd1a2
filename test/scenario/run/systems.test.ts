/** Clients that run different systems beside each other: how long each is without its address, and what the report says of them. */
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import { runScenario } from "../../../src/scenario/run.ts";
import { formatRun } from "../../../src/scenario/text-report.ts";
import { PLAIN } from "../../../src/text/style.ts";
import { memoryFiles } from "../language/files.ts";

const CLIENTS = ["linux", "linux-4.11", "windows", "router", "router-verifying"];
const nameOf = (system: string) => `on-${system.replace(".", "-")}`;
const A = "02:00:00:00:00:0a";
const B = "02:00:00:00:00:0b";
const VIP = "10.0.1.50";
/** A gratuitous request for the VIP from B. */
const ANNOUNCEMENT = "ffffffffffff02000000000b0806000108000604000102000000000b0a000132ffffffffffff0a000132";

/** The VIP is A's until 100 s and B's from then on; `steps` say who hears what of it. */
function run(steps: readonly string[]) {
  const hosts = CLIENTS.map(
    (system, i) => `  ${nameOf(system)}: { subnet: lan, system: ${system}, address: 10.0.1.${i + 1} }`,
  );
  const text = [
    "name: systems",
    "seed: 1",
    "until: 110s",
    "subnets: { lan: { cidr: 10.0.1.0/24 } }",
    "hosts:",
    ...hosts,
    `  a: { subnet: lan, mac: "${A}", address: [] }`,
    `  b: { subnet: lan, mac: "${B}", address: [] }`,
    "timeline:",
    `  - { at: 0s, answer: { host: a, for: ${VIP}, by: "${A}" } }`,
    ...CLIENTS.map((system) => `  - { at: 90s, ping: { from: ${nameOf(system)}, to: ${VIP} } }`),
    ...steps.map((step) => `  - { ${step} }`),
    "  - { at: 109s, snapshot: s }",
  ];
  const result = runScenario(loadScenario("x.yaml", `${text.join("\n")}\n`, memoryFiles({})));
  const { neighbours } = result.report.snapshots[0]!;
  const believed = Object.fromEntries(
    neighbours.filter(({ address }) => address === VIP).map(({ host, mac }) => [host, mac === A ? "A" : "B"]),
  );
  return { result, believed };
}

describe("a takeover that is announced once, 10 s after the last ARP", () => {
  it("is believed by all when the old owner is silent", () => {
    const { believed } = run([
      `at: 100s, answer: { host: a, for: ${VIP}, by: null }`,
      `at: 100s, send: { host: b, frame: "${ANNOUNCEMENT}" }`,
    ]);
    expect(believed).toEqual(Object.fromEntries(CLIENTS.map((system) => [nameOf(system), "B"])));
  });

  it("is not by a router that verifies it, when the old owner answers still", () => {
    const { believed } = run([`at: 100s, send: { host: b, frame: "${ANNOUNCEMENT}" }`]);
    expect(believed).toEqual({
      "on-linux": "B",
      "on-linux-4-11": "B",
      "on-windows": "B",
      "on-router": "B",
      "on-router-verifying": "A",
    });
  });
});

it("announced half a second after the last ARP, an old Linux does not believe it", () => {
  const { believed } = run([
    `at: 90.5s, answer: { host: a, for: ${VIP}, by: null }`,
    `at: 90.5s, send: { host: b, frame: "${ANNOUNCEMENT}" }`,
  ]);
  expect(believed).toEqual({
    "on-linux": "B",
    "on-linux-4-11": "A",
    "on-windows": "B",
    "on-router": "B",
    "on-router-verifying": "B",
  });
});

describe("the report", () => {
  const { result } = run([]);

  it("names the hosts that run something else, and what is not confirmed of it", () => {
    const { systems } = result.report;
    expect(systems!.map(({ host }) => host)).toEqual(CLIENTS.slice(1).map(nameOf));
    expect(systems![0]!.unconfirmed).toEqual([]);
    for (const { unconfirmed } of systems!.slice(1)) expect(unconfirmed.length).toBeGreaterThan(0);
  });

  it("and so does its text", () => {
    const lines = formatRun(result, PLAIN).split("\n");
    const at = lines.findIndex((line) => line.startsWith("Hosts that run something else"));
    expect(lines.slice(at + 1, at + 5)).toEqual([
      "  on-linux-4-11  linux-4.11: Linux up to 4.11 (EL7)",
      "  on-windows  windows: Windows since Vista",
      "    [?] packets go on to the old MAC while a STALE neighbour is asked",
      "    [?] gratuitous ARP changes entries that exist, and makes none",
    ]);
  });

  it("says nothing where all run a present Linux", () => {
    const text = "name: x\nuntil: 1s\nsubnets: { lan: { cidr: 10.0.1.0/24 } }\nhosts: { a: { subnet: lan } }\n";
    const plain = runScenario(loadScenario("x.yaml", text, memoryFiles({})));
    expect("systems" in plain.report).toBe(false);
    expect(formatRun(plain, PLAIN)).not.toContain("something else");
  });
});
