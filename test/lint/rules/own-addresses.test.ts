/** Virtual addresses that something else configures too (check 42). */
import { describe, expect, it } from "vitest";
import type { ConfHost } from "../../../src/guest/keepalived/conf/host.ts";
import { OWN_ADDRESS_RULES } from "../../../src/lint/rules/own-addresses.ts";
import { parseIp } from "../../../src/text/ip-text.ts";
import { conf } from "./conf.ts";
import { findingsIn, findingsOf, nodesOf } from "./findings-of.ts";

function rulesOf(texts: Readonly<Record<string, string>>): string[] {
  return findingsOf(OWN_ADDRESS_RULES, texts).map(({ rule, severity, place }) => `${severity} ${rule} ${place}`);
}

const PEERS = "unicast_peer {\n10.0.1.12\n}";

describe("adverts from a virtual address", () => {
  it("leave a backup without its source", () => {
    expect(findingsOf(OWN_ADDRESS_RULES, { "vm-a": conf(`unicast_src_ip 10.0.1.50\n${PEERS}`) })).toEqual([
      {
        rule: "vip-is-source",
        severity: "error",
        place: "vm-a:5:16",
        message: "VI_1 sends its adverts from 10.0.1.50, which is a virtual address",
        why: "vm-a has it only while it is master, and without its source address it is in FAULT: it never takes over.",
        fix: "unicast_src_ip with an address that vm-a always has",
        related: ["vm-a:10:9: the virtual address"],
      },
    ]);
    expect(rulesOf({ "vm-a": conf("mcast_src_ip 10.0.1.50") })).toEqual(["error vip-is-source vm-a:5:14"]);
  });

  it("are in order from its own address, and for the owner of the address", () => {
    expect(rulesOf({ "vm-a": conf(`unicast_src_ip 10.0.1.11\n${PEERS}`) })).toEqual([]);
    expect(rulesOf({ "vm-a": conf(`unicast_src_ip 10.0.1.50\npriority 255\n${PEERS}`) })).toEqual([]);
  });
});

describe("a virtual address that a node has itself", () => {
  const host = (...addresses: string[]): ConfHost => ({
    interfaces: ["eth0"],
    addresses: () => addresses.map((text) => parseIp(text)!),
  });
  const judged = (text: string, ...hosts: ConfHost[]) =>
    findingsIn(
      OWN_ADDRESS_RULES,
      nodesOf({ "vm-a": text, "vm-b": text }).map((node, i) => ({ ...node, host: hosts[i]! })),
    );

  it("is a warning at the virtual address", () => {
    expect(judged(conf(""), host("10.0.1.11"), host("10.0.1.12", "10.0.1.50"))).toMatchObject([
      {
        rule: "vip-is-own-address",
        severity: "warning",
        place: "vm-a:7:9",
        message: "10.0.1.50 is a virtual address, and vm-b has it as its own",
        fix: "10.0.1.50 only in virtual_ipaddress, not in the network configuration of vm-b",
      },
    ]);
  });

  it("is in order for its owner, and for other addresses", () => {
    const own = conf("priority 255");
    expect(judged(own, host("10.0.1.50"), host("10.0.1.50"))).toEqual([]);
    expect(judged(conf(""), host("10.0.1.11"), host("10.0.1.12"))).toEqual([]);
  });
});

describe("static_ipaddress", () => {
  const fixed = (address: string) => conf("", `static_ipaddress {\n${address} dev eth0\n}`);

  it("must not have a virtual address", () => {
    expect(findingsOf(OWN_ADDRESS_RULES, { "vm-a": fixed("10.0.1.50/24") })).toMatchObject([
      {
        rule: "vip-is-static-address",
        severity: "error",
        place: "vm-a:2:1",
        message: "10.0.1.50 is in static_ipaddress, and a virtual address of VI_1",
        why: "What is in static_ipaddress is configured from the start on, whoever is master: vm-a answers for 10.0.1.50 as a backup too.",
      },
    ]);
    expect(rulesOf({ "vm-a": fixed("10.0.1.49/24") })).toEqual([]);
  });
});

describe("commands that manage addresses", () => {
  it("may take the virtual ones away", () => {
    const found = findingsOf(OWN_ADDRESS_RULES, { "vm-a": conf('notify_master "/usr/sbin/netplan apply"') });
    expect(found).toEqual([
      {
        rule: "address-manager-called",
        severity: "hint",
        place: "vm-a:5:15",
        message: "A notify command of VI_1 runs netplan, which may remove 10.0.1.50",
        why: "It does not know the addresses that keepalived adds; when one vanishes, the master says farewell (priority 0), and vm-a has 10.0.1.50 again 0.609 s later at the earliest.",
        fix: "KeepConfiguration=yes under [Network] of the .network file; with NetworkManager, an unmanaged interface",
        related: [],
      },
    ]);
  });

  it("count on the sync group as well", () => {
    const group = 'vrrp_sync_group G {\ngroup {\nVI_1\n}\nnotify_backup "/bin/systemctl restart systemd-networkd"\n}\n';
    expect(rulesOf({ "vm-a": conf("", group) })).toEqual(["hint address-manager-called vm-a:5:15"]);
  });

  it("are not just any command", () => {
    expect(rulesOf({ "vm-a": conf('notify_master "/usr/local/bin/to-master.sh"') })).toEqual([]);
  });
});
