/** What a configuration expects of its surroundings. */
import { describe, expect, it } from "vitest";
import { ENVIRONMENT_RULES } from "../../../src/lint/rules/environment.ts";
import { conf } from "./conf.ts";
import { findingsOf } from "./findings-of.ts";

function found(text: string) {
  return findingsOf(ENVIRONMENT_RULES, { "vm-a": text });
}

function rulesOf(text: string): string[] {
  return found(text).map(({ rule, severity, place }) => `${severity} ${rule} ${place}`);
}

describe("strict mode (check 15)", () => {
  it("drops what is sent to the address", () => {
    expect(found(conf("", "global_defs {\nvrrp_strict\n}"))).toEqual([
      {
        rule: "strict-drops-traffic",
        severity: "warning",
        place: "vm-a:2:1",
        message: "In strict mode VI_1 drops what is sent to 10.0.1.50, pings and connections alike",
        why: "The master only forwards for others and answers ARP; a service on the address is unreachable on every node, at any time.",
        fix: "no vrrp_strict; or version 3 on every node and accept in vrrp_instance VI_1",
        related: [],
      },
    ]);
    const [third] = found(conf("strict_mode\nversion 3"));
    expect(third?.fix).toBe("accept in vrrp_instance VI_1, or no vrrp_strict");
  });

  it("is in order with accept, for the owner of the address, and where no_accept stands by itself", () => {
    expect(rulesOf(conf("strict_mode\nversion 3\naccept"))).toEqual([]);
    expect(rulesOf(conf("strict_mode\npriority 255"))).toEqual([]);
    expect(rulesOf(conf("no_accept"))).toEqual([]);
    expect(rulesOf(conf(""))).toEqual([]);
  });
});

describe("dont_track_primary (check 37)", () => {
  it("keeps the address on a node without a link", () => {
    expect(found(conf("dont_track_primary\npriority 100"))).toEqual([
      {
        rule: "primary-not-tracked",
        severity: "warning",
        place: "vm-a:5:1",
        message: "VI_1 stays master when eth0 loses its link: dont_track_primary",
        why: "Another node is master after 3.609 s; when the link returns, vm-a goes on as master without announcing, the other one steps down, and hosts send to it until their entries expire.",
        fix: "leave dont_track_primary out",
        related: [],
      },
    ]);
  });

  it("is a hint with a refresh", () => {
    const [refreshed] = found(conf("dont_track_primary\ngarp_master_refresh 10"));
    expect(refreshed).toMatchObject({ severity: "hint" });
    expect(refreshed?.why).toContain("hosts send to it for up to 10 s");
  });

  it("is in its place on a link for adverts alone, if the link with the address is followed", () => {
    const beside = (lines: string) => conf(`dont_track_primary\n${lines}`).replace("/24", "/24 dev eth1");
    expect(rulesOf(beside("track_interface {\neth1\n}"))).toEqual([]);
    expect(found(beside(""))).toMatchObject([{ fix: "track_interface { eth1 }" }]);
    expect(rulesOf(conf(""))).toEqual([]);
  });
});

describe("use_vmac (check 40)", () => {
  it("is a hint: hypervisors and switches may drop the MAC", () => {
    expect(found(conf("use_vmac\npriority 100"))).toEqual([
      {
        rule: "vmac-needs-permission",
        severity: "hint",
        place: "vm-a:5:1",
        message:
          "use_vmac sends from 00:00:5e:00:01:33, which a hypervisor (forged transmits, MAC spoofing) or a switch with port security may drop",
        why: "Without its adverts every node is master 3.609 s after its start, and no client reaches 10.0.1.50.",
        fix: "no use_vmac: announcements then move the address to the real MAC of the master; or permit the virtual MAC on every node's port",
        related: [],
      },
    ]);
  });

  it("is a warning on a wireless interface, and with unicast peers as in a cloud", () => {
    const wireless = conf("use_vmac").replace("eth0", "wlp3s0");
    expect(rulesOf(wireless)).toEqual(["warning vmac-needs-permission vm-a:5:1"]);
    const [cloud] = found(conf("use_vmac\nvmac_xmit_base\nunicast_peer {\n10.0.1.12\n}"));
    expect(cloud).toMatchObject({ rule: "vmac-needs-permission", severity: "warning" });
    expect(cloud?.why).toContain("Adverts pass, as they leave with the real MAC");
  });

  it("is said once for all instances of a node, and not without it", () => {
    const two = conf("use_vmac") + conf("use_vmac").replace("VI_1", "VI_2").replace(" 51", " 52");
    expect(found(two)).toMatchObject([
      {
        message: expect.stringContaining("00:00:5e:00:01:33 and 00:00:5e:00:01:34"),
        related: ["vm-a:14:1: the same here"],
      },
    ]);
    expect(rulesOf(conf("").replace("eth0", "wlan0"))).toEqual([]);
  });
});

describe("a firewall (check 41)", () => {
  const peers = (source: string, ...others: string[]) =>
    conf(`unicast_src_ip ${source}\nunicast_peer {\n${others.join("\n")}\n}`);

  it("shows in a notify command", () => {
    expect(found(conf('notify_master "/usr/sbin/nft -f /etc/master.nft"'))).toEqual([
      {
        rule: "firewall-between",
        severity: "hint",
        place: "vm-a:5:15",
        message:
          "A notify command of VI_1 calls nft: this host has a firewall, which must accept IP protocol 112 to 224.0.0.18",
        why: "Where adverts do not arrive, every node is master 3.609 s after its start.",
        fix: "accept IP protocol 112 to 224.0.0.18 (it is neither TCP nor UDP) before anything else is dropped",
        related: [],
      },
    ]);
  });

  it("may stand before a peer in another subnet", () => {
    expect(found(peers("10.0.1.11", "10.0.1.12", "10.0.2.13"))).toMatchObject([
      {
        place: "vm-a:8:1",
        message:
          "10.0.2.13 looks like another subnet than 10.0.1.11: routers and firewalls between them must let IP protocol 112 pass",
        fix: "accept IP protocol 112 from each unicast_peer (it is neither TCP nor UDP) before anything else is dropped",
      },
    ]);
  });

  it("shows in nothing else", () => {
    expect(rulesOf(peers("10.0.1.11", "10.0.1.12"))).toEqual([]);
    expect(rulesOf(conf("unicast_peer {\n10.0.2.13\n}"))).toEqual([]);
    expect(rulesOf(conf('notify_master "/usr/local/bin/to-master.sh"'))).toEqual([]);
  });
});
