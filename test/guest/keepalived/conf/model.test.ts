/** What a configuration means, as keepalived 2.2.7 prints it with `--dump-conf`. */
import { describe, expect, it } from "vitest";
import type { KeepalivedConf, VrrpInstance } from "../../../../src/guest/keepalived/conf/model.ts";
import { parseKeepalivedConf } from "../../../../src/guest/keepalived/conf/parse.ts";
import { formatIp } from "../../../../src/wire/address.ts";
import { inMemory } from "./samples.ts";

const VIP = "virtual_ipaddress {\n10.0.1.50\n}\n";

function parse(text: string): KeepalivedConf {
  return parseKeepalivedConf("keepalived.conf", text, inMemory());
}

function instance(lines: string, before = ""): VrrpInstance {
  const conf = parse(`${before}\nvrrp_instance VI_1 {\ninterface eth0\nvirtual_router_id 51\n${lines}\n}`);
  expect(conf.instances).toHaveLength(1);
  return conf.instances[0]!;
}

describe("keepalived.conf: what an instance comes to", () => {
  it("has keepalived's defaults", () => {
    expect(instance(VIP)).toMatchObject({
      initialState: "BACKUP",
      basePriority: 100,
      family: 4,
      version: 2,
      advertIntervalNs: 1e9,
      nopreempt: false,
      preemptDelayNs: 0,
      downTimerAdverts: 3,
      garpMasterDelayNs: 5e9,
      garpMasterRepeat: 5,
      garpMasterRefreshNs: 0,
      garpMasterRefreshRepeat: 1,
      garpLowerPrioDelayNs: 5e9,
      garpLowerPrioRepeat: 5,
      garpIntervalNs: 0,
      gnaIntervalNs: 0,
      lowerPrioNoAdvert: false,
      higherPrioSendAdvert: false,
      authPass: null,
      unicastPeers: [],
      unicastTtl: 255,
      skipCheckAdvAddr: false,
      checkUnicastSource: false,
      useVmac: false,
      accept: true,
    });
    expect(formatIp(instance(VIP).mcastDestination)).toBe("224.0.0.18");
  });

  it.each([
    ["state MASTER", "MASTER", 255],
    ["state MASTER\npriority 150", "MASTER", 150],
    ["priority 255", "MASTER", 255],
    ["priority 255\nstate BACKUP", "BACKUP", 255],
    ["priority 254", "BACKUP", 254],
    ["state master", "BACKUP", 100],
  ])("state and priority follow from each other: %j", (lines, initialState, basePriority) => {
    expect(instance(`${lines}\n${VIP}`)).toMatchObject({ initialState, basePriority });
  });

  it.each([
    ["advert_int 0.5", 1e9],
    ["advert_int 0.3", 1e9],
    ["advert_int 1.5", 2e9],
    ["advert_int 2.4", 2e9],
    ["advert_int 255", 255e9],
    ["version 3\nadvert_int 0.1", 1e8],
    ["version 3\nadvert_int 0.126", 13e7],
    ["version 3\nadvert_int 0.124", 12e7],
    ["version 3\nadvert_int 100", 40.95e9],
    ["advert_int 300", 1e9],
  ])("rounds %j", (lines, advertIntervalNs) => {
    expect(instance(`${lines}\n${VIP}`).advertIntervalNs).toBe(advertIntervalNs);
  });

  it("takes from global_defs what it does not say itself, wherever they stand", () => {
    const globals = `global_defs {
vrrp_version 3
vrrp_garp_master_delay 2
vrrp_garp_master_repeat 3
vrrp_garp_master_refresh 60
vrrp_down_timer_adverts 4
vrrp_garp_interval 0.01
vrrp_mcast_group4 224.0.0.20
vrrp_skip_check_adv_addr
vrrp_higher_prio_send_advert
}`;
    const expected = {
      version: 3,
      garpMasterDelayNs: 2e9,
      garpMasterRepeat: 9,
      garpMasterRefreshNs: 60e9,
      garpLowerPrioDelayNs: 2e9,
      garpLowerPrioRepeat: 3,
      downTimerAdverts: 4,
      garpIntervalNs: 1e7,
      skipCheckAdvAddr: true,
      higherPrioSendAdvert: true,
      mcastDestination: Uint8Array.of(224, 0, 0, 20),
    };
    expect(instance(`garp_master_repeat 9\n${VIP}`, globals)).toMatchObject(expected);
    expect(instance(`garp_master_repeat 9\n${VIP}}\n${globals.replace(/\}$/, "")}`)).toMatchObject(expected);
  });

  it("vrrp_min_garp takes back what has keepalived's default", () => {
    const minimal = instance(VIP, "global_defs {\nvrrp_min_garp\nvrrp_garp_lower_prio_delay 7\n}");
    expect(minimal).toMatchObject({
      garpMasterDelayNs: 0,
      garpMasterRepeat: 1,
      garpMasterRefreshRepeat: 0,
      garpLowerPrioDelayNs: 7e9,
      garpLowerPrioRepeat: 1,
    });
  });

  it("garp_group goes before the global interval, for both kinds", () => {
    const group = "global_defs {\nvrrp_garp_interval 1\n}\ngarp_group {\ngna_interval 0.05\ninterface eth0\n}";
    expect(instance(VIP, group)).toMatchObject({ garpIntervalNs: 0, gnaIntervalNs: 5e7 });
  });

  it("strict mode silences the answer to lower adverts and drops the password", () => {
    const strict = instance(
      `strict_mode\ngarp_lower_prio_repeat 4\nauthentication {\nauth_type PASS\nauth_pass x\n}\n${VIP}`,
    );
    expect(strict).toMatchObject({
      strict: true,
      garpLowerPrioDelayNs: 0,
      garpLowerPrioRepeat: 0,
      lowerPrioNoAdvert: true,
      higherPrioSendAdvert: false,
      authPass: null,
      accept: false,
    });
  });

  it.each([
    ["ab#cd", [0x61, 0x62, 0, 0, 0, 0, 0, 0]],
    ['"ab#cd"', [0x61, 0x62, 0x23, 0x63, 0x64, 0, 0, 0]],
    ["'a b'", [0x27, 0x61, 0, 0, 0, 0, 0, 0]],
    ["ab\\#cd", [0x61, 0x62, 0, 0, 0, 0, 0, 0]],
    ["123456789", [0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38]],
  ])("auth_pass %s", (written, octets) => {
    const { authPass } = instance(`authentication {\nauth_type PASS\nauth_pass ${written}\n}\n${VIP}`);
    expect([...authPass!]).toEqual(octets);
  });

  it("reads the options of addresses and peers", () => {
    const full = instance(`unicast_ttl 64
unicast_peer {
10.0.1.12 min_ttl 60 max_ttl 64
10.0.1.13/24
}
virtual_ipaddress {
10.0.1.50/24 dev eth1 label eth1:vip no_track
10.0.1.51
}
virtual_ipaddress_excluded {
2001:db8:1::77/64
}`);
    expect(full.unicastPeers.map(({ address, minTtl, maxTtl }) => [formatIp(address), minTtl, maxTtl])).toEqual([
      ["10.0.1.12", 60, 64],
      ["10.0.1.13", 0, 255],
    ]);
    expect(full).toMatchObject({ unicastTtl: 64, checkUnicastSource: true });
    expect(full.addresses).toMatchObject([
      { prefixLength: 24, device: "eth1", label: "eth1:vip", noTrack: true, position: { line: 11, column: 1 } },
      { prefixLength: 32, device: null, label: null, noTrack: false, devicePosition: null },
    ]);
    expect(full.addresses[0]!.devicePosition).toEqual({ file: "keepalived.conf", line: 11, column: 18 });
    expect(full.excludedAddresses).toMatchObject([{ prefixLength: 64 }]);
  });

  it("sends with TTL 0 where unicast_ttl has no peers", () => {
    expect(instance(`unicast_ttl 64\n${VIP}`).unicastTtl).toBe(0);
  });

  it("moves the 256th address to the excluded ones", () => {
    const list = Array.from({ length: 300 }, (_, i) => `10.1.${i >> 8}.${i & 255}`).join("\n");
    const many = instance(`virtual_ipaddress {\n${list}\n}`);
    expect([many.addresses.length, many.excludedAddresses.length]).toEqual([255, 45]);
  });

  it("names the interface of a virtual MAC, each its own", () => {
    const one = (name: string, network: string) =>
      `vrrp_instance ${name} {\ninterface ${network}\nvirtual_router_id 51\nuse_vmac\nvirtual_ipaddress {\nfe80::50\n}\n}\n`;
    const { instances } = parse(one("A", "eth0") + one("B", "eth1") + one("C", "eth2"));
    expect(instances.map(({ vmacName }) => vmacName)).toEqual(["vrrp.51", "vrrp6.51", "vrrp1.51"]);
    const named = instance(`use_vmac vip0 02:00:5e:10:00\n${VIP}`);
    expect(named).toMatchObject({ useVmac: true, vmacName: "vip0" });
    expect([...named.vmacAddress!]).toEqual([2, 0, 0x5e, 0x10, 0, 51]);
  });

  it("skip_check_adv_addr false sets the flag: version 2.2.7 does", () => {
    expect(instance(`skip_check_adv_addr false\n${VIP}`).skipCheckAdvAddr).toBe(true);
  });
});

describe("keepalived.conf: scripts, files, groups", () => {
  it("reads a script and what its trackers make of it", () => {
    const script = `vrrp_script chk {
script "/usr/bin/test -f '/srv/a b'"
interval 2
weight -20 reverse
rise 2
fall 3
user nobody
}
track_file f {
file /run/f
weight 3
}`;
    const tracking = `track_script {\nchk weight 10 noreverse\n}\ntrack_file {\nf\n}\n${VIP}`;
    const conf = parse(`${script}\nvrrp_instance VI_1 {\ninterface eth0\nvirtual_router_id 51\n${tracking}}`);
    expect(conf.diagnostics).toEqual([]);
    expect(conf.scripts).toMatchObject([
      {
        name: "chk",
        command: "/usr/bin/test -f '/srv/a b'",
        intervalNs: 2e9,
        timeoutNs: 2e9,
        weight: -20,
        reverse: true,
        rise: 2,
        fall: 3,
        user: "nobody",
        position: { line: 1, column: 13 },
      },
    ]);
    expect(conf.instances[0]).toMatchObject({
      trackScripts: [{ name: "chk", weight: 10, reverse: false, position: { line: 17, column: 1 } }],
      trackFiles: [{ name: "f", weight: 3 }],
    });
  });

  it("uses a script's weight out of range all the same", () => {
    const { scripts } = parse("vrrp_script chk {\nscript /bin/true\nweight 300\ninterval 0.5\n}");
    expect(scripts).toMatchObject([{ weight: 300, intervalNs: 1e9 }]);
  });

  it("a sync group takes its members' weights away", () => {
    const members = ["VI_1", "VI_2"].map(
      (name, i) =>
        `vrrp_instance ${name} {\ninterface eth0\nvirtual_router_id ${51 + i}\ntrack_interface {\neth1 weight -5\n}\n${VIP}}\n`,
    );
    const group = "vrrp_sync_group G {\ngroup {\nVI_1\nVI_2\n}\nnotify_master /bin/up\n";
    const weightless = parse(`${group}}\n${members.join("")}`);
    expect(weightless.syncGroups).toMatchObject([
      { name: "G", members: ["VI_1", "VI_2"], trackingWeight: false, notify: { master: "/bin/up", backup: null } },
    ]);
    expect(weightless.instances.map(({ trackInterfaces }) => trackInterfaces[0]!.weight)).toEqual([0, 0]);
    const weighted = parse(`${group}sync_group_tracking_weight\n}\n${members.join("")}`);
    expect(weighted.instances.map(({ trackInterfaces }) => trackInterfaces[0]!.weight)).toEqual([-5, -5]);
  });
});
