/** Files in memory, and the scenario that the tests break in many ways. */
import { loadScenario, type ScenarioFiles } from "../../../src/scenario/language/load.ts";
import { ConfigError, type Finding } from "../../../src/text/config-error.ts";

export function memoryFiles(texts: Readonly<Record<string, string>>): ScenarioFiles {
  return {
    resolve: (fromFile, relative) => fromFile.replace(/[^/]*$/, "") + relative,
    read: (path) => texts[path] ?? null,
    glob: (pattern, relativeTo) =>
      Object.keys(texts).filter((path) => path === relativeTo.replace(/[^/]*$/, "") + pattern),
  };
}

export const VM_A = `vrrp_script chk {
  script "/usr/bin/check"
  interval 1
}
vrrp_instance VI_1 {
  state BACKUP
  interface eth0
  virtual_router_id 51
  priority 100
  advert_int 1
  virtual_ipaddress {
    10.0.1.50
  }
  track_script {
    chk
  }
}
`;

export const VM_B = VM_A.replace("priority 100", "priority 90");

export const FILES = memoryFiles({ "dir/vm-a.conf": VM_A, "dir/vm-b.conf": VM_B });

/** Uses every key; line numbers matter to the tests. */
export const GOOD = `name: havip-failover
description: vm-A holds 10.0.1.50, crashes, vm-B takes over
seed: 1
until: 30s
subnets:
  app:
    cidr: 10.0.1.0/24
    network: vpc
    multicast: true
    latency: 50us
  back: { cidr: [10.0.2.0/24, "2001:db8:2::/64"] }
hosts:
  vm-A:
    subnet: app
    mac: 02:00:00:00:00:01
    address: 10.0.1.11
    keepalived: vm-a.conf
    autostart: true
    scripts: { chk: { exit: 0, runs: 20ms } }
  vm-B: { subnet: app, address: 10.0.1.12, keepalived: vm-b.conf }
  client:
    nics:
      eth0: { subnet: app, address: 10.0.1.100 }
      eth1: { subnet: back, address: [10.0.2.100, "2001:db8:2::100/128"] }
havips:
  web: { subnet: app, address: 10.0.1.50, claimants: [vm-A, vm-B] }
probes:
  client-to-web: { from: client, nic: eth0, to: 10.0.1.50, kind: icmp, every: 10ms, at: 5s, until: 29s }
timeline:
  - { at: 20s, restore: vm-A }
  - { at: 10s, crash: vm-A }
  - { at: 1s, script: { host: vm-A, name: chk, exit: 1 } }
  - { at: 2s, stop: { host: vm-B, daemon: keepalived } }
  - { at: 3s, start: vm-B }
  - { at: 4s, link-down: client.eth1 }
  - { at: 5s, link-up: client }
  - { at: 6s, partition: [[vm-A], [vm-B]] }
  - { at: 7s, heal: all }
  - { at: 8s, kill: vm-B }
  - { at: 30s, snapshot: after }
expect:
  - { at: 9s, holder: { of: web, is: vm-A } }
  - { outage: { of: client-to-web, atMost: 3.7s, atLeast: 1s, from: 10s, until: 20s } }
  - { holder: { of: 10.0.1.50, never: client.eth0 } }
  - { from: 1s, until: 2s, holder: { of: web, is: null } }
`;

/** Uses every key of switches, links and servers, and no other; line numbers matter to the tests. */
export const WIRED = `name: wired
until: 20s
subnets:
  lan:
    cidr: 10.0.1.0/24
    ageing: 60s
    profile: linux
    switches:
      core: {}
      rack-1: { ageing: 10s, profile: linux }
      rack-2:
    links:
      uplink-1: { between: [core, rack-1], latency: 5us, rate: 1gbit }
      uplink-2: { between: [core, rack-2] }
  ring:
    cidr: 10.0.2.0/24
    storm: allow
    switches: { a: , b: }
    links: { x: { between: [a, b] }, y: { between: [b, a] }, z: { between: [a, a] } }
hosts:
  vm-A: { subnet: lan, switch: rack-1, address: 10.0.1.11, keepalived: vm-a.conf }
  vm-B: { subnet: lan, switch: rack-2, address: 10.0.1.12, keepalived: vm-b.conf }
  client: { nics: { eth0: { subnet: lan, switch: core, address: 10.0.1.100 } } }
servers:
  server-1: { hosts: [vm-A] }
  server-2: { hosts: [vm-B, client] }
timeline:
  - { at: 1s, link-down: uplink-1 }
  - { at: 2s, link-up: uplink-1 }
  - { at: 3s, impair: { on: uplink-2, loss: 100%, for: 300ms } }
  - { at: 4s, impair: { on: "core:uplink-2", direction: in, loss: 2.5% } }
  - { at: 5s, impair: { on: uplink-2, direction: both, loss: 0 } }
  - { at: 6s, crash: server-2 }
  - { at: 7s, restore: server-2 }
`;

/** What is wrong with a scenario; empty if nothing is. */
export function findingsOf(text: string): readonly Finding[] {
  try {
    loadScenario("dir/x.yaml", text, FILES);
  } catch (error) {
    if (error instanceof ConfigError) return error.findings;
    throw error;
  }
  return [];
}
