import { describe, expect, it } from "vitest";
import { type VrrpInstance, verdict } from "../../../../src/guest/keepalived/conf/model.ts";
import { parseKeepalivedConf } from "../../../../src/guest/keepalived/conf/parse.ts";
import { formatIp } from "../../../../src/wire/address.ts";
import { guideConf, RECORDED } from "./guides.ts";
import { inMemory } from "./samples.ts";

describe("keepalived.conf: configurations as people have them", () => {
  it.each(Object.entries(RECORDED))("%s is clean", (_, text) => {
    const conf = parseKeepalivedConf("keepalived.conf", text, inMemory());
    expect(conf.diagnostics).toEqual([]);
    expect(conf.instances).toHaveLength(1);
  });

  it("reports of the guide's file only its own interface and the missing script", () => {
    const conf = parseKeepalivedConf("keepalived.conf", guideConf("172.17.16.7", "172.17.16.13"), inMemory());
    expect(conf.diagnostics.map(({ message, line, column }) => ({ message, line, column }))).toEqual([
      { message: "(VI_1) Ignoring track_interface eth0 since own interface", line: 23, column: 9 },
      { message: "(VI_1) track script checkhaproxy not found, ignoring...", line: 26, column: 9 },
    ]);
    expect(verdict(conf.diagnostics)).toBe("error");
    const instance = conf.instances[0]!;
    expect(summary(instance)).toEqual({
      name: "VI_1",
      vrid: 51,
      priority: 80,
      nopreempt: true,
      source: "172.17.16.7",
      peers: ["172.17.16.13"],
      addresses: ["172.17.16.3/32"],
      password: [0x31, 0x31, 0x31, 0x31, 0, 0, 0, 0],
      garpMasterDelayNs: 1e9,
      garpMasterRefreshNs: 5e9,
      trackers: 0,
    });
  });

  it("is clean once the script is there and the interface is not tracked twice", () => {
    const script = 'vrrp_script checkhaproxy {\n script "/usr/bin/pgrep haproxy"\n}\n';
    const text = script + guideConf("172.17.16.7", "172.17.16.13").replace(/ {4}track_interface \{[^}]*\}\n/, "");
    const conf = parseKeepalivedConf("keepalived.conf", text, inMemory());
    expect(conf.diagnostics).toEqual([]);
    expect(conf.instances[0]!.trackScripts).toMatchObject([{ name: "checkhaproxy", weight: 0, reverse: false }]);
  });
});

function summary(instance: VrrpInstance): Record<string, unknown> {
  return {
    name: instance.name,
    vrid: instance.vrid,
    priority: instance.basePriority,
    nopreempt: instance.nopreempt,
    source: instance.unicastSourceIp === null ? null : formatIp(instance.unicastSourceIp),
    peers: instance.unicastPeers.map(({ address }) => formatIp(address)),
    addresses: instance.addresses.map(({ address, prefixLength }) => `${formatIp(address)}/${prefixLength}`),
    password: [...(instance.authPass ?? [])],
    garpMasterDelayNs: instance.garpMasterDelayNs,
    garpMasterRefreshNs: instance.garpMasterRefreshNs,
    trackers: instance.trackScripts.length + instance.trackInterfaces.length,
  };
}
