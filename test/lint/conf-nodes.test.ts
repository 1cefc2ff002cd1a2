/** Files alone as one cluster: one network, unless a node shows that there are several. */
import { describe, expect, it } from "vitest";
import { clusterOf } from "../../src/lint/cluster.ts";
import { confNodes } from "../../src/lint/conf-nodes.ts";
import { confCluster, confFiles, type InstanceText, instanceText } from "./clusters.ts";

/** The members of each group, as `node/interface`. */
function groups(nodes: Readonly<Record<string, readonly InstanceText[]>>): string[][] {
  const texts = Object.entries(nodes).map(([name, instances]) => [name, instances.map(instanceText).join("")]);
  const { groups } = confCluster(Object.fromEntries(texts));
  return groups.map(({ members }) => members.map(({ node, instance }) => `${node.name}/${instance.interface}`));
}

const [X, Y] = ["10.0.1.50", "10.0.2.50"];

describe("files given together", () => {
  it("are one cluster, whatever their interfaces are called", () => {
    expect(groups({ a: [{ interface: "eth0" }], b: [{ interface: "ens3" }], c: [{}] })).toEqual([
      ["a/eth0", "b/ens3", "c/eth0"],
    ]);
  });

  it("keep VRIDs and families apart", () => {
    expect(groups({ a: [{ vrid: 51 }, { name: "VI_2", vrid: 52 }], b: [{ vrid: 52 }] })).toEqual([
      ["a/eth0"],
      ["a/eth0", "b/eth0"],
    ]);
    expect(groups({ a: [{ vip: X }], b: [{ vip: "2001:db8::50" }] })).toEqual([["a/eth0"], ["b/eth0"]]);
  });

  const two = (first: string, second: string, vips: readonly [string, string]): InstanceText[] => [
    { name: "VI_1", interface: first, vip: vips[0] },
    { name: "VI_2", interface: second, vip: vips[1] },
  ];

  it("are told apart by shared addresses, where a node has one VRID on two interfaces", () => {
    expect(groups({ a: two("eth0", "eth1", [X, Y]), b: two("eth0", "eth1", [Y, X]) })).toEqual([
      ["a/eth0", "b/eth1"],
      ["a/eth1", "b/eth0"],
    ]);
  });

  it("are told apart by the interface, where no address is shared", () => {
    const b = two("eth1", "eth0", ["10.0.3.50", "10.0.4.50"]);
    expect(groups({ a: two("eth0", "eth1", [X, Y]), b })).toEqual([
      ["a/eth0", "b/eth0"],
      ["a/eth1", "b/eth1"],
    ]);
  });

  it("belong where most speaks for it, whichever node comes first", () => {
    const one: InstanceText[] = [{ interface: "ens3", vip: Y }];
    expect(groups({ a: one, b: two("eth0", "eth1", [X, Y]) })).toEqual([["a/ens3", "b/eth1"], ["b/eth0"]]);
    expect(groups({ b: two("eth0", "eth1", [X, Y]), a: one })).toEqual([["b/eth0"], ["b/eth1", "a/ens3"]]);
  });

  it("stay alone where nothing speaks for anything", () => {
    const stranger: InstanceText[] = [{ interface: "ens9", vip: "10.0.9.50" }];
    expect(groups({ a: two("eth0", "eth1", [X, Y]), b: stranger })).toEqual([["a/eth0"], ["a/eth1"], ["b/ens9"]]);
  });

  it("have names for their networks", () => {
    const cluster = confCluster({
      a: two("eth0", "eth1", [X, Y]).map(instanceText).join(""),
      b: [{ name: "VI_3", interface: "eth0", vrid: 60, vip: "10.0.6.50" }].map(instanceText).join(""),
    });
    expect(cluster.groups.map(({ segment }) => segment)).toEqual([
      "the network at eth0",
      "the network at eth1",
      "the network",
    ]);
  });

  it("pass on what is known of their disk", () => {
    const [file] = confFiles({ a: instanceText() });
    const [node] = clusterOf(confNodes([{ ...file!, scriptState: () => "missing" }])).nodes;
    expect(node).toMatchObject({ name: "a", host: null });
    expect(node!.scriptState?.("/bin/true")).toBe("missing");
  });
});
