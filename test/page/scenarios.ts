/** Scenarios whose pages are looked at: each is one file that names no other. */
import { DISK } from "../../src/cli/files.ts";
import { formatPage } from "../../src/page/page.ts";
import { RunRecorder } from "../../src/page/recorder.ts";
import type { RecordedRun } from "../../src/page/recording.ts";
import { loadScenario } from "../../src/scenario/language/load.ts";
import type { Scenario } from "../../src/scenario/model.ts";
import { runScenario } from "../../src/scenario/run.ts";

const host = (name: string, address: number, priority: number) => `
  ${name}:
    subnet: app
    address: 10.0.1.${address}
    keepalived: |
      vrrp_instance VI_1 {
        interface eth0
        virtual_router_id 51
        priority ${priority}
        virtual_ipaddress {
          10.0.1.50
        }
      }`;

const PAIR = `${host("vm-A", 11, 100)}${host("vm-B", 12, 90)}`;

const scenario = (name: string, hosts: string, timeline: string, more = "") => `name: ${name}
description: ${name}, to look at
until: 30s
subnets:
  app: { cidr: 10.0.1.0/24 }
hosts:${hosts}
  client: { subnet: app, address: 10.0.1.100 }
havips:
  web: { subnet: app, address: 10.0.1.50 }
probes:
  client-to-web: { from: client, to: web, every: 10ms }
timeline:
${timeline}
expect:
  - { at: 9s, holder: { of: web, is: vm-A } }
${more}`;

/** vm-A is cut off from 10 s to 20 s: it stays master on its side. */
export const PARTITION = scenario(
  "partition",
  PAIR,
  `  - { at: 10s, partition: [[vm-A], [vm-B, client]] }
  - { at: 20s, heal: all }`,
);

/** vm-A crashes, then vm-B is stopped; vm-C is left, whose carrier is pulled. */
export const THREE_NODES = scenario(
  "three-nodes",
  `${PAIR}${host("vm-C", 13, 80)}`,
  `  - { at: 10s, crash: vm-A }
  - { at: 16s, stop: vm-B }
  - { at: 20s, pause: vm-C }
  - { at: 20.5s, resume: vm-C }
  - { at: 22s, link-down: vm-C }
  - { at: 25s, link-up: vm-C }
  - { at: 26s, snapshot: "last" }`,
  "  - { at: 21s, holder: { of: web, is: vm-A } }\n",
);

export function loaded(text: string, file = "scenario.yaml"): Scenario {
  return loadScenario(file, text, DISK);
}

/** Runs a scenario as `--html` does. */
export function recorded(scenario: Scenario, seed = 1): RecordedRun {
  const recorder = new RunRecorder();
  const result = runScenario(scenario, { seed, onNetwork: (network) => recorder.listen(network, scenario) });
  return { result, recording: recorder.finish() };
}

export function pageOf(text: string): string {
  return formatPage([recorded(loaded(text))]);
}
