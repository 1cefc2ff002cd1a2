import { describe, expect, it } from "vitest";
import { parseKeepalivedConf } from "../../src/guest/keepalived/conf/parse.ts";
import { perHost } from "../../src/lint/config-ids.ts";

function nodesOf(text: string, isAlone = false, files: Readonly<Record<string, string>> = {}) {
  const disk = {
    read: (path: string) => files[path] ?? null,
    glob: (pattern: string) => (pattern in files ? [pattern] : []),
  };
  const nodes = perHost("k.conf", isAlone, (configId) =>
    parseKeepalivedConf("k.conf", text, disk, configId === undefined ? {} : { configId }),
  );
  return nodes.map(({ name, conf }) => `${name}: ${conf.instances.map(({ basePriority }) => basePriority).join(" ")}`);
}

function instance(priorities: string): string {
  return `vrrp_instance VI_1 {
interface eth0
virtual_router_id 51
${priorities}
virtual_ipaddress { 10.0.1.50 }
}
`;
}

describe("a configuration with @id lines", () => {
  it("is one node for each id, in the order of the lines", () => {
    expect(nodesOf(instance("@high priority 170\n@low priority 85"))).toEqual(["k.conf @high: 170", "k.conf @low: 85"]);
  });

  it("is that of another host, too, where only one is named", () => {
    expect(nodesOf(instance("@main priority 150\n@^main priority 50"))).toEqual([
      "k.conf @main: 150",
      "k.conf @^main: 50",
    ]);
  });

  it("goes without the file's name where there is no other file", () => {
    expect(nodesOf(instance("@a priority 1\n@b priority 2"), true)).toEqual(["@a: 1", "@b: 2"]);
  });

  it("is one node called as the file is without such lines, alone or not", () => {
    expect(nodesOf(instance("priority 90"))).toEqual(["k.conf: 90"]);
    expect(nodesOf(instance("priority 90"), true)).toEqual(["k.conf: 90"]);
  });

  it("knows the ids that only a file included for one host names", () => {
    const text = `@a include more\n@b include more\n${instance("@a priority 1\n@b priority 2\n@c priority 3")}`;
    expect(nodesOf(text, false, { more: "@d global_defs { }\n" })).toEqual([
      "k.conf @a: 1",
      "k.conf @b: 2",
      "k.conf @c: 3",
      "k.conf @d: 100",
    ]);
  });

  it("is read for no more than 32 hosts", () => {
    const lines = Array.from({ length: 100 }, (_, i) => `@h${i} priority ${i + 1}`).join("\n");
    expect(nodesOf(instance(lines))).toHaveLength(32);
  });
});
