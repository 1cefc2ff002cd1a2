/** The form in which recordings of real hosts are written as scenarios: inline configurations, steps at odd moments. */
import { expect, it } from "vitest";
import { NS_PER_MS } from "../../../src/base/units.ts";
import { loadScenario } from "../../../src/scenario/language/load.ts";
import { formatIp } from "../../../src/wire/address.ts";
import { memoryFiles } from "./files.ts";

const CONF = (priority: number) => `vrrp_script chk {
 script "/bin/test -e /tmp/ok"
 interval 1
 fall 2
 rise 2
}
vrrp_instance VI_1 {
 state BACKUP
 interface eth0
 virtual_router_id 51
 priority ${priority}
 advert_int 1
 virtual_ipaddress {
 10.0.1.50
 }
 track_script {
 chk
 }
}`;

const indented = (text: string) =>
  text
    .split("\n")
    .map((line) => `      ${line}`)
    .join("\n");

const RECORDED = `name: script-fault
seed: 1
until: 34s
subnets:
  lan:
    cidr: 10.0.1.0/24
    network: lan
hosts:
  vmA:
    subnet: lan
    mac: "02:00:00:00:00:01"
    address: ["10.0.1.11/24"]
    autostart: false
    keepalived: |
${indented(CONF(100))}
  vmB:
    subnet: lan
    mac: "02:00:00:00:00:02"
    address: ["10.0.1.12/24"]
    autostart: false
    keepalived: |
${indented(CONF(90))}
timeline:
  - { at: 0.000s, script: { host: vmA, name: chk, exit: 0 } }
  - { at: 0s, start: vmA }
  - { at: 0.002s, start: vmB }
  - { at: 8.009s, partition: [[vmA], [vmB]] }
  - { at: 18.01s, heal: all }
  - { at: 9.861s, script: { host: vmA, name: chk, exit: 1 } }
  - { at: 20.01s, crash: vmA }
  - { at: 26.002s, restore: vmA }
  - { at: 27s, stop: vmB }
  - { at: 28s, kill: vmB }
  - { at: 29s, link-down: vmA }
  - { at: 30s, link-up: vmA }
`;

it("loads", () => {
  const scenario = loadScenario("/tmp/script-fault.yaml", RECORDED, memoryFiles({}));
  expect(scenario.hosts.map(({ keepalived }) => keepalived?.text)).toEqual([`${CONF(100)}\n`, `${CONF(90)}\n`]);
  expect(scenario.hosts.map(({ autostart }) => autostart)).toEqual([false, false]);
  expect(scenario.hosts[0]!.keepalived).toMatchObject({ source: "block", lineOffset: 14, columnOffset: 6 });
  expect(scenario.timeline.map(({ atNs }) => atNs / NS_PER_MS)).toEqual([
    0, 0, 2, 8009, 9861, 18010, 20010, 26002, 27000, 28000, 29000, 30000,
  ]);
  expect(scenario.timeline.slice(0, 2).map(({ action }) => action.verb)).toEqual(["script", "start"]);
  expect(scenario.warnings).toEqual([]);
});

it("loads with IPv6 subnets in quotes", () => {
  const text = RECORDED.replace("cidr: 10.0.1.0/24", 'cidr: "2001:db8:1::/64"')
    .replace("10.0.1.11/24", "2001:db8:1::11/64")
    .replace("10.0.1.12/24", "2001:db8:1::12/64");
  const scenario = loadScenario("/tmp/x.yaml", text, memoryFiles({}));
  expect(scenario.hosts.map(({ nics }) => formatIp(nics[0]!.addresses[0]!.address))).toEqual([
    "2001:db8:1::11",
    "2001:db8:1::12",
  ]);
});
