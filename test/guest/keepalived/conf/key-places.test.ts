/** Where values were written: of an instance the line that decided, be it in its block, in its `garp_group` or in `global_defs`. */
import { describe, expect, it } from "vitest";
import { keyPlace } from "../../../../src/guest/keepalived/conf/key-places.ts";
import type { KeepalivedConf, KeyPlaces } from "../../../../src/guest/keepalived/conf/model.ts";
import { parseKeepalivedConf } from "../../../../src/guest/keepalived/conf/parse.ts";
import { inMemory } from "./samples.ts";

const LINES = [
  "global_defs {", // 1
  "  vrrp_version 3",
  "  vrrp_garp_master_refresh 60",
  "  vrrp_down_timer_adverts 5",
  "  vrrp_garp_interval 0.1",
  "  vrrp_mcast_group4 224.0.0.19",
  "  vrrp_mcast_group6 ff02::13",
  "  vrrp_strict",
  "}",
  "garp_group {", // 10
  "  gna_interval 0.2",
  "  interface eth1",
  "}",
  "vrrp_script chk {", // 14
  '  script "/bin/true"',
  "  interval 5",
  "  init_fail",
  "}",
  "vrrp_instance VI_1 {", // 19
  "  interface eth0",
  "  virtual_router_id 51",
  "  down_timer_adverts 4",
  "  nopreempt",
  "  authentication {",
  "    auth_type PASS",
  "    auth_pass 1111",
  "  }",
  "  virtual_ipaddress {",
  "    10.0.1.50",
  "  }",
  "}",
  "vrrp_instance VI_6 {", // 32
  "  interface eth1",
  "  virtual_router_id 51",
  "  strict_mode off",
  "  virtual_ipaddress {",
  "    fe80::50",
  "  }",
  "}",
  "vrrp_sync_group G {", // 40
  "  group {",
  "    VI_1",
  "    VI_6",
  "  }",
  "  notify_master /bin/true",
  "}",
];

const CONF: KeepalivedConf = parseKeepalivedConf("keepalived.conf", LINES.join("\n"), inMemory());
const [v4, v6] = CONF.instances;

/** `line:column` by key. */
function places(keys: KeyPlaces): Record<string, string> {
  return Object.fromEntries([...keys].map(([key, { line, column }]) => [key, `${line}:${column}`]));
}

describe("the keys of an instance", () => {
  it("have the place of their value, or their own where they take none", () => {
    expect(places(v4!.keys)).toMatchObject({
      interface: "20:13",
      virtual_router_id: "21:21",
      nopreempt: "23:3",
      authentication: "24:3",
      auth_pass: "26:15",
      virtual_ipaddress: "28:3",
    });
    expect(v4!.keys.get("interface")).toEqual({ file: "keepalived.conf", line: 20, column: 13 });
  });

  it("are those of global_defs where the instance says nothing itself", () => {
    expect(places(v4!.keys)).toMatchObject({
      version: "2:16",
      garp_master_refresh: "3:28",
      down_timer_adverts: "22:22",
      garp_interval: "5:22",
      mcast_dst_ip: "6:21",
      strict_mode: "8:3",
    });
    expect(places(v6!.keys)).toMatchObject({ mcast_dst_ip: "7:21", strict_mode: "35:15", down_timer_adverts: "4:27" });
  });

  it("are those of the garp_group of the interface, which hides both intervals of global_defs", () => {
    expect(places(v6!.keys)).toMatchObject({ gna_interval: "11:16" });
    expect(v6!.keys.has("garp_interval")).toBe(false);
  });

  it("that stand nowhere have none, and the name's stands for it", () => {
    expect(v4!.keys.has("priority")).toBe(false);
    expect(keyPlace(v4!, "priority")).toEqual({ file: "keepalived.conf", line: 19, column: 15 });
    expect(keyPlace(v4!, "priority", "interface", "version")).toMatchObject({ line: 20 });
  });
});

describe("the keys of other blocks", () => {
  it("have theirs", () => {
    expect(places(CONF.globalDefs.keys)).toMatchObject({ vrrp_version: "2:16", vrrp_strict: "8:3" });
    expect(CONF.scripts.map(({ keys }) => places(keys))).toEqual([
      { script: "15:10", interval: "16:12", init_fail: "17:3" },
    ]);
    expect(CONF.syncGroups.map(({ keys }) => places(keys))).toEqual([{ group: "41:3", notify_master: "45:17" }]);
  });
});
