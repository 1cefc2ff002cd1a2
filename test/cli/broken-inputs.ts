/** Scenarios with one mistake each, as people make them, and what they must be told. */
import { GOOD, VM_A } from "../scenario/language/files.ts";

export interface BrokenInput {
  /** The mistake, as a person would name it. */
  readonly title: string;
  /** What stands in the good scenario, and what stands there instead. */
  readonly change: readonly [right: string, wrong: string];
  /** `file:line:column` after the folder's path; `x.yaml` is the scenario. */
  readonly place: string;
  readonly says: string;
  /** What would be right. */
  readonly helps: string;
}

/** Files beside the scenario. */
export const CONFS: Readonly<Record<string, string>> = {
  "eth1.conf": VM_A.replace("interface eth0", "interface eth1"),
  "no-vrid.conf": VM_A.replace("  virtual_router_id 51\n", ""),
};

export const BROKEN_INPUTS: readonly BrokenInput[] = [
  {
    title: "a tab for indentation",
    change: ["  vm-A:\n", "  vm-A:\n\t"],
    place: "x.yaml:14:1",
    says: "a tab indents this line",
    helps: "spaces",
  },
  {
    title: "a bracket that nothing closes",
    change: ["claimants: [vm-A, vm-B]", "claimants: [vm-A, vm-B"],
    place: "x.yaml:26:54",
    says: "this bracket is never closed",
    helps: "close { with } and [ with ]",
  },
  {
    title: "a key twice",
    change: ["seed: 1\n", "seed: 1\nseed: 2\n"],
    place: "x.yaml:4:1",
    says: "'seed' stands here a second time",
    helps: "line 3",
  },
  {
    title: "an unknown key",
    change: ["    address: 10.0.1.11", "    adress: 10.0.1.11"],
    place: "x.yaml:16:5",
    says: "a host has no key 'adress'",
    helps: "did you mean 'address'?",
  },
  {
    title: "a duration without a unit",
    change: ["every: 10ms", "every: 10"],
    place: "x.yaml:28:79",
    says: "expected a duration such as 10ms, got the number 10",
    helps: "10ms or 10s",
  },
  {
    title: "a wrong unit",
    change: ["until: 30s\n", "until: 30sec\n"],
    place: "x.yaml:4:8",
    says: "got '30sec'",
    helps: "250us, 10ms, 1.5s, 2m",
  },
  {
    title: "a missing keepalived.conf",
    change: ["keepalived: vm-b.conf", "keepalived: vm-c.conf"],
    place: "x.yaml:20:56",
    says: "there is no file",
    helps: "paths are relative to the scenario file",
  },
  {
    title: "an address outside the subnet",
    change: ["address: 10.0.1.12,", "address: 10.0.3.12,"],
    place: "x.yaml:20:33",
    says: "10.0.3.12 is outside subnet 'app' (10.0.1.0/24)",
    helps: "10.0.1.1 to 10.0.1.254",
  },
  {
    title: "two hosts with one address",
    change: ["address: 10.0.1.12,", "address: 10.0.1.11,"],
    place: "x.yaml:20:33",
    says: "10.0.1.11 is the address of vm-A already (line 16)",
    helps: "moves between hosts",
  },
  {
    title: "two hosts with one MAC address",
    change: ["address: 10.0.1.12,", "address: 10.0.1.12, mac: 02:00:00:00:00:01,"],
    place: "x.yaml:20:49",
    says: "02:00:00:00:00:01 is the MAC address of vm-A.eth0 already",
    helps: "its own",
  },
  {
    title: "an interface that the host lacks",
    change: ["keepalived: vm-b.conf", "keepalived: eth1.conf"],
    place: "eth1.conf:7:13",
    says: "eth1",
    helps: "eth0",
  },
  {
    title: "a virtual router without its number",
    change: ["keepalived: vm-b.conf", "keepalived: no-vrid.conf"],
    place: "no-vrid.conf:5:15",
    says: "the virtual router id must be set (keepalived would not run)",
    helps: "virtual_router_id",
  },
  {
    title: "an unknown verb",
    change: ["crash: vm-A", "crsh: vm-A"],
    place: "x.yaml:31:16",
    says: "there is no verb 'crsh'",
    helps: "did you mean 'crash'?",
  },
  {
    title: "two verbs in one step",
    change: ["{ at: 10s, crash: vm-A }", "{ at: 10s, crash: vm-A, kill: vm-A }"],
    place: "x.yaml:31:29",
    says: "a step has one verb",
    helps: "a step for each",
  },
  {
    title: "a step before zero",
    change: ["at: 10s, crash", "at: -1s, crash"],
    place: "x.yaml:31:11",
    says: "got '-1s'",
    helps: "time begins at 0s",
  },
  {
    title: "a step after the end",
    change: ["at: 10s, crash", "at: 31s, crash"],
    place: "x.yaml:31:11",
    says: "31s is after the end of the run (until: 30s): this step would never happen",
    helps: "let the run last longer",
  },
  {
    title: "a NIC without a subnet",
    change: ["eth0: { subnet: app, address: 10.0.1.100 }", "eth0: { address: 10.0.1.100 }"],
    place: "x.yaml:23:7",
    says: "a vNIC needs the key 'subnet'",
    helps: "app",
  },
  {
    title: "a host without a subnet",
    change: ["{ subnet: app, address: 10.0.1.12,", "{ address: 10.0.1.12,"],
    place: "x.yaml:20:3",
    says: "host 'vm-B' has no subnet",
    helps: "nics:",
  },
  {
    title: "a subnet that does not exist",
    change: ["{ subnet: app, address: 10.0.1.12,", "{ subnet: ap, address: 10.0.1.12,"],
    place: "x.yaml:20:19",
    says: "there is no subnet 'ap'",
    helps: "did you mean 'app'?",
  },
  {
    title: "a subnet with host bits",
    change: ["cidr: 10.0.1.0/24", "cidr: 10.0.1.7/24"],
    place: "x.yaml:7:11",
    says: "10.0.1.7/24 is an address in a subnet",
    helps: "10.0.1.0/24",
  },
  {
    title: "an address that is none",
    change: ["address: 10.0.1.11\n", "address: 10.0.1.256\n"],
    place: "x.yaml:16:14",
    says: "expected an IP address such as 10.0.1.11, got '10.0.1.256'",
    helps: "at most 255",
  },
  {
    title: "a host that does not exist",
    change: ["crash: vm-A", "crash: vm-a"],
    place: "x.yaml:31:23",
    says: "there is no host 'vm-a'",
    helps: "did you mean 'vm-A'?",
  },
  {
    title: "a script that the configuration lacks",
    change: ["name: chk, exit: 1", "name: chek, exit: 1"],
    place: "x.yaml:32:43",
    says: "no vrrp_script 'chek'",
    helps: "did you mean 'chk'?",
  },
  {
    title: "keepalived started where there is none",
    change: ["start: vm-B", "start: client"],
    place: "x.yaml:34:22",
    says: "'client' runs no keepalived",
    helps: "vm-A, vm-B",
  },
  {
    title: "a probe to an address out of reach",
    change: ["to: 10.0.1.50", "to: 10.0.9.50"],
    place: "x.yaml:28:49",
    says: "10.0.9.50 is in no subnet of client",
    helps: "10.0.1.100/24 on eth0",
  },
  {
    title: "an expectation of an unknown HAVIP",
    change: ["of: web, is: vm-A", "of: wbe, is: vm-A"],
    place: "x.yaml:42:29",
    says: "'wbe' is no HAVIP and no IP address",
    helps: "did you mean 'web'?",
  },
  {
    title: "a window that ends before it begins",
    change: ["from: 10s, until: 20s", "from: 20s, until: 10s"],
    place: "x.yaml:43:81",
    says: "the window ends at 10s, but begins at 20s",
    helps: "begins before it ends",
  },
  {
    title: "a missing section",
    change: [GOOD.slice(GOOD.indexOf("subnets:"), GOOD.indexOf("hosts:")), ""],
    place: "x.yaml:1:1",
    says: "a scenario needs the key 'subnets'",
    helps: "10.0.1.0/24",
  },
  {
    title: "an empty file",
    change: [GOOD, ""],
    place: "x.yaml:1:1",
    says: "the file holds no scenario",
    helps: "name, until, subnets, hosts",
  },
];
