/** `garp_extra_if`: interfaces that carry addresses and no adverts are announced on from time to time. */
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../../src/base/units.ts";
import { Cluster, conf } from "./cluster.ts";

const VIPS = ["10.0.0.100/24", "10.0.1.100/24 dev eth1", "10.0.1.101/24 dev eth1"];

/** Seconds after n1 became master at which it announced which address, past its own bursts. */
function announced(lines: readonly string[], vips: readonly string[] = VIPS, globals: readonly string[] = []) {
  const cluster = new Cluster({});
  cluster.network.addSubnet("back", { cidr: "10.0.1.0/24" });
  const nics = { eth0: { subnet: "lan", address: "10.0.0.1" }, eth1: { subnet: "back", address: "10.0.1.1" } };
  const keepalived = conf({ vips, lines: ["garp_master_delay 0", ...lines], globals });
  cluster.network.addHost("n1", { nics, keepalived });
  cluster.run(15);
  const mastered = cluster.transitions.find(({ to }) => to === "MASTER")!.atNs;
  return cluster
    .said(mastered / NS_PER_S + 0.5, 15, ["garp"])
    .map(({ atNs, what }) => `${((atNs - mastered) / NS_PER_S).toFixed(1)} ${what}`);
}

describe("garp_extra_if", () => {
  it("all: one address of each such interface, at the advert that follows the time", () => {
    expect(announced(["garp_extra_if all 3"])).toEqual([
      "3.0 garp 10.0.1.100",
      "6.0 garp 10.0.1.100",
      "9.0 garp 10.0.1.100",
    ]);
    expect(announced(["garp_extra_if all 3", "advert_int 2"])).toEqual(["4.0 garp 10.0.1.100", "8.0 garp 10.0.1.100"]);
  });

  it("is set for all instances by vrrp_garp_extra_if", () => {
    expect(announced([], VIPS, ["vrrp_garp_extra_if all 5"])).toEqual(["5.0 garp 10.0.1.100", "10.0 garp 10.0.1.100"]);
    expect(announced(["garp_extra_if 0"], VIPS, ["vrrp_garp_extra_if all 5"])).toEqual([]);
  });

  it("without all does nothing for interfaces that have no virtual MAC", () => {
    expect(announced(["garp_extra_if 3"])).toEqual([]);
  });

  it("does nothing where no address is elsewhere, even with vmac_xmit_base (2.2.7)", () => {
    expect(announced(["garp_extra_if all 3"], ["10.0.0.100/24"])).toEqual([]);
    expect(announced(["garp_extra_if all 3", "use_vmac", "vmac_xmit_base"], ["10.0.0.100/24"])).toEqual([]);
  });

  it("vmac_xmit_base: the virtual MAC's own interface is announced on too, if there are others", () => {
    expect(announced(["garp_extra_if all 5", "use_vmac", "vmac_xmit_base"])).toEqual([
      "5.0 garp .100",
      "5.0 garp 10.0.1.100",
      "10.0 garp .100",
      "10.0 garp 10.0.1.100",
    ]);
  });
});
