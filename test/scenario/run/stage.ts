/** Scenarios for the running half: two nodes that share an address, a client that asks for it, and ways to run them. */
import { readFileSync } from "node:fs";
import { DISK } from "../../../src/cli/files.ts";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import type { Scenario } from "../../../src/scenario/model.ts";
import { type RunOptions, type RunResult, runScenario } from "../../../src/scenario/run.ts";
import { memoryFiles } from "../language/files.ts";

export const TOPOLOGIES = [
  "havip-failover",
  "cloud-guide",
  "lan-preemption",
  "three-switches",
  "three-switches-repairs",
  "server-crash",
  "path-and-flow",
  "lost-announcement",
  "arp-spoofing",
] as const;

/** A shipped topology, by its name. */
export function topology(name: string): Scenario {
  const path = new URL(`../../../topologies/${name}.yaml`, import.meta.url).pathname;
  return loadScenario(path, readFileSync(path, "utf8"), DISK);
}

/** `vrrp_instance VI_1` for 10.0.1.50 with more lines inside, and lines before it. */
function conf(priority: number, { inside = "", before = "" }: { inside?: string; before?: string } = {}): string {
  return `${before}
vrrp_instance VI_1 {
  state BACKUP
  interface eth0
  virtual_router_id 51
  priority ${priority}
  advert_int 1
  virtual_ipaddress {
    10.0.1.50
  }
  ${inside}
}
`;
}

const CHECKED = {
  before: 'vrrp_script chk {\n  script "/bin/check"\n  interval 1\n  fall 1\n  rise 1\n}',
  inside: "track_script {\n    chk\n  }",
};

const FILES = memoryFiles({
  "a.conf": conf(100),
  "b.conf": conf(90),
  "checked.conf": conf(100, CHECKED),
  "excluding.conf": conf(100, { inside: "virtual_ipaddress_excluded {\n    10.0.1.60\n    10.0.1.77\n  }" }),
  "refreshing.conf": conf(100, { inside: "garp_master_refresh 5" }),
});

export interface Cast {
  readonly until?: string;
  readonly seed?: number;
  /** Keys of vm-A beside subnet, MAC and address. */
  readonly a?: string;
  /** Further keys of the subnet. */
  readonly subnet?: string;
  /** Hosts beside vm-A, vm-B and the client: whole lines. */
  readonly more?: string;
  readonly probe?: string;
  readonly timeline?: readonly string[];
  readonly expect?: readonly string[];
}

/**
 * vm-A (priority 100) and vm-B (90) with the HAVIP `web`, 10.0.1.50; a probe every 10 ms. The network takes 50 us each way. Each line
 * of `timeline` and `expect` is the inside of a flow mapping.
 */
export function text(cast: Cast = {}): string {
  const steps = (cast.timeline ?? []).map((step) => `  - { ${step} }\n`).join("");
  const wishes = (cast.expect ?? []).map((wish) => `  - { ${wish} }\n`).join("");
  return `name: two-nodes
description: vm-A and vm-B share 10.0.1.50
seed: ${cast.seed ?? 1}
until: ${cast.until ?? "12s"}
subnets:
  app: { cidr: 10.0.1.0/24, network: vpc${cast.subnet ?? ""} }
hosts:
  vm-A: { subnet: app, mac: "02:00:00:00:00:01", address: 10.0.1.11, ${cast.a ?? "keepalived: a.conf"} }
  vm-B: { subnet: app, mac: "02:00:00:00:00:02", address: 10.0.1.12, keepalived: b.conf }
  client: { subnet: app, mac: "02:00:00:00:00:64", address: 10.0.1.100 }
${cast.more ?? ""}havips:
  web: { subnet: app, address: 10.0.1.50, claimants: [vm-A, vm-B] }
probes:
  client-to-web: { from: client, to: 10.0.1.50, every: 10ms${cast.probe ?? ""} }
${steps === "" ? "" : `timeline:\n${steps}`}${wishes === "" ? "" : `expect:\n${wishes}`}`;
}

/** Loads what `text` made. */
export function load(cast: Cast = {}): Scenario {
  return loadScenario("two.yaml", text(cast), FILES);
}

export function play(cast: Cast = {}, options: RunOptions = {}): RunResult {
  return runScenario(load(cast), options);
}

/** Runs with a capture, and gives both. */
export function playCaptured(scenario: Scenario, options: RunOptions = {}): { result: RunResult; capture: Uint8Array } {
  const chunks: Uint8Array[] = [];
  const result = runScenario(scenario, { ...options, captureTo: (chunk) => chunks.push(chunk.slice()) });
  return { result, capture: joined(chunks) };
}

export function joined(chunks: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(chunks));
}

/** Transitions of one host as `FROM TO cause`. */
export function transitions({ report }: RunResult, host: string): string[] {
  return report.vrrp.filter((event) => event.host === host).map(({ from, to, cause }) => `${from} ${to} ${cause}`);
}

/** Holders of the HAVIP in turn, null for nobody, with the cause. */
export function holders({ report }: RunResult): string[] {
  return report.holders.map(({ holder, cause }) => `${holder} ${cause}`);
}
