import { describe, expect, it } from "vitest";
import { resolveAgainstHost } from "../../../../src/guest/keepalived/conf/host.ts";
import { parseKeepalivedConf } from "../../../../src/guest/keepalived/conf/parse.ts";
import { HOST, inMemory } from "./samples.ts";

function judge(lines: string, before = "") {
  const text = `${before}vrrp_instance VI_1 {\nvirtual_router_id 51\n${lines}\n}`;
  const conf = parseKeepalivedConf("keepalived.conf", text, inMemory());
  expect(conf.diagnostics).toEqual([]);
  return resolveAgainstHost(conf, HOST);
}

const VIP = "virtual_ipaddress {\n10.0.1.50\n}";

describe("keepalived.conf on a host", () => {
  it("finds nothing where everything is there", () => {
    expect(judge(`interface eth0\nunicast_src_ip 10.0.1.11\nunicast_peer {\n10.0.1.12\n}\n${VIP}`)).toEqual([]);
  });

  it("an interface that is not there is fatal, with the nearest one", () => {
    expect(judge(`interface etho\n${VIP}`)).toMatchObject([
      { severity: "fatal", code: "no-such-interface", line: 3, column: 11, hint: "did you mean 'eth0'?" },
    ]);
    expect(judge(`interface ens192\n${VIP}`)).toMatchObject([{ hint: "this host has lo, eth0, eth1" }]);
  });

  it("dynamic_interfaces lets it come later", () => {
    const found = judge(`interface eth7\n${VIP}`, "global_defs {\ndynamic_interfaces\n}\n");
    expect(found).toMatchObject([{ severity: "warning", code: "no-such-interface", line: 6 }]);
  });

  it("names tracked interfaces and devices of addresses that are missing", () => {
    const lines = "interface eth0\ntrack_interface {\neth8\n}\nvirtual_ipaddress {\n10.0.1.50/24 dev eth9\n}";
    expect(judge(lines).map(({ message, line, column }) => ({ message, line, column }))).toEqual([
      { message: "(VI_1) tracked interface eth8 doesn't exist", line: 5, column: 1 },
      { message: "WARNING - interface eth9 for ip address 10.0.1.50/24 doesn't exist", line: 8, column: 18 },
    ]);
  });

  it("a source address of another host is a FAULT, not a mistake of the file", () => {
    const found = judge(`interface eth0\nunicast_src_ip 10.0.1.99\nunicast_peer {\n10.0.1.12\n}\n${VIP}`);
    expect(found).toMatchObject([{ severity: "warning", code: "source-address-missing", line: 4, column: 16 }]);
  });

  it("an interface without an address of the family is one too", () => {
    const found = judge(`interface eth0\n${VIP}`.replace("eth0", "lo0"), "");
    expect(found).toMatchObject([{ code: "no-such-interface" }]);
    const conf = parseKeepalivedConf(
      "keepalived.conf",
      `vrrp_instance VI_1 {\ninterface eth0\nvirtual_router_id 51\n${VIP}\n}`,
      inMemory(),
    );
    expect(resolveAgainstHost(conf, { interfaces: ["eth0"], addresses: () => [] })).toMatchObject([
      { severity: "warning", code: "source-address-missing" },
    ]);
  });
});
