/** Somebody changes addresses by hand while keepalived runs (observed with 2.2.7). */
import { describe, expect, it } from "vitest";
import { parseIp } from "../../../src/text/ip-text.ts";
import { Cluster, conf, expectInTime, expectSaid } from "./cluster.ts";

const DOWN_100 = 3.609375;
const DOWN_90 = 3.6484375;
const SKEW_100 = 0.609375;
const UP = 0.0005;
const NETLINK = 0.003;

describe("a virtual address is taken off", () => {
  it.each([
    ["virtual", conf()],
    ["excluded", conf({ vips: ["10.0.0.101/24"], excluded: ["10.0.0.100/24"] })],
  ])("its master says farewell, and wins again after its skew: %s", (_, n1) => {
    const n2 = n1.replace("priority 100", "priority 90");
    const cluster = new Cluster({ n1, n2 });
    cluster.at(6, () => cluster.network.deleteAddress("n1", "eth0", "10.0.0.100")).run(8);
    const t = 6 + NETLINK;
    expectInTime(cluster.changes(6), [
      [t, "n1 MASTER → BACKUP (address-deleted)"],
      [t + SKEW_100, "n1 BACKUP → MASTER (master-down-timer)"],
    ]);
    expectSaid(cluster.said(6, 7, ["adv"]), [
      [t, "n1 adv(0)"],
      [t + SKEW_100, "n1 adv(100)"],
    ]);
    expect(cluster.said(t + SKEW_100 + UP / 2, t + SKEW_100 + 2 * UP, ["garp .100"]).length).toBeGreaterThan(0);
    expect(cluster.has("n1", "10.0.0.100")).toBe(true);
  });

  it("of a backup, or one that is not its own: nothing", () => {
    const cluster = new Cluster({ n1: conf(), n2: conf({ priority: 90 }) });
    cluster
      .at(5, () => cluster.network.addAddress("n2", "eth0", "10.0.0.100/24"))
      .at(6, () => cluster.network.deleteAddress("n2", "eth0", "10.0.0.100"))
      .at(7, () => cluster.network.deleteAddress("n1", "eth0", "10.0.0.77"))
      .run(9);
    expect(cluster.changes(4.5)).toEqual([]);
  });
});

describe("the interface's own address is taken off", () => {
  const taken = (n1 = conf()) => {
    const cluster = new Cluster({ n1, n2: conf({ priority: 90 }) });
    return cluster.at(6, () => cluster.network.deleteAddress("n1", "eth0", "10.0.0.1"));
  };

  it("the virtual address of its subnet goes with it: BACKUP, then FAULT; with the address back BACKUP, and MASTER", () => {
    const cluster = taken();
    cluster.at(12, () => cluster.network.addAddress("n1", "eth0", "10.0.0.1/24")).run(6.002);
    expect(cluster.has("n1", "10.0.0.100")).toBe(false);
    cluster.run(17);
    const t = 6 + NETLINK;
    const back = 12 + NETLINK;
    expectInTime(
      cluster.changes(6).filter(({ what }) => what.startsWith("n1")),
      [
        [t, "n1 MASTER → BACKUP (address-deleted)"],
        [t, "n1 BACKUP → FAULT (source-address-missing)"],
        [back, "n1 FAULT → BACKUP (faults-cleared)"],
        [back + DOWN_100, "n1 BACKUP → MASTER (master-down-timer)"],
      ],
    );
    expect(cluster.transitions.find(({ to }) => to === "FAULT")!.reason).toBe("its source address is not configured");
  });

  it("with promote_secondaries the virtual address stays, and adverts have no source all the same: FAULT", () => {
    const cluster = taken(conf({ lines: ["promote_secondaries"] })).run(6.002);
    expect(cluster.has("n1", "10.0.0.100")).toBe(true);
    cluster.run(8);
    expectInTime(
      cluster.changes(6, 6.5).filter(({ what }) => what.startsWith("n1")),
      [[6 + NETLINK, "n1 MASTER → FAULT (source-address-missing)"]],
    );
  });

  it("a virtual address without a prefix is no secondary: it stays until the FAULT", () => {
    const cluster = taken(conf({ vips: ["10.0.0.100"] })).run(6.002);
    expect(cluster.has("n1", "10.0.0.100")).toBe(true);
    cluster.run(7);
    expect(cluster.state("n1")).toBe("FAULT");
    expect(cluster.has("n1", "10.0.0.100")).toBe(false);
  });

  it("another address of the interface takes over as the source", () => {
    const nics = { eth0: { subnet: "lan", mac: "02:00:00:00:00:01", address: ["10.0.0.1/24", "10.0.0.11/25"] } };
    const cluster = new Cluster({ n1: { keepalived: conf(), nics } });
    cluster.at(6, () => cluster.network.deleteAddress("n1", "eth0", "10.0.0.1")).run(8);
    expect(cluster.state("n1")).toBe("MASTER");
    const [before, after] = [cluster.said(4.9, 6, ["adv"])[0]!, cluster.said(6.1, 8, ["adv"])[0]!];
    expect([before.bytes[29], after.bytes[29]]).toEqual([1, 11]);
  });

  it("of a standby: FAULT, and the other one does not mind", () => {
    const cluster = new Cluster({ n1: conf(), n2: conf({ priority: 90 }) });
    cluster
      .at(6, () => cluster.network.deleteAddress("n2", "eth0", "10.0.0.2"))
      .at(7, () => cluster.network.addAddress("n2", "eth0", "10.0.0.2/24"))
      .at(8, () => cluster.network.crash("n1"))
      .run(13);
    const last = cluster.said(7, 8, ["adv(100)"])[0]!.atNs / 1e9;
    expectInTime(cluster.changes(6), [
      [6 + NETLINK, "n2 BACKUP → FAULT (source-address-missing)"],
      [7 + NETLINK, "n2 FAULT → BACKUP (faults-cleared)"],
      [8, "n1 MASTER → STOPPED (crashed)"],
      [last + DOWN_90, "n2 BACKUP → MASTER (master-down-timer)"],
    ]);
  });

  it("the link-local one of IPv6 too", () => {
    const cluster = new Cluster({ n1: conf({ vips: ["2001:db8::100/64"] }) });
    const linkLocal = parseIp("fe80::ff:fe00:1")!;
    cluster.at(6, () => cluster.network.deleteAddress("n1", "eth0", linkLocal)).run(7);
    expectInTime(cluster.changes(6), [[6 + NETLINK, "n1 MASTER → FAULT (source-address-missing)"]]);
  });
});

it("an interface that the host does not have is refused, with those that it has", () => {
  const cluster = new Cluster({ n1: conf() });
  expect(() => cluster.network.deleteAddress("n1", "eth9", "10.0.0.1")).toThrow(
    /n1 has no NIC eth9[\s\S]*its NICs: eth0/,
  );
  expect(() => cluster.network.addAddress("n1", "eth0", "10.0.0.300/24")).toThrow(/is no address or prefix/);
});
