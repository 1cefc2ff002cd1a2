/** Adverts to peers: who is left out, and what then becomes of the address. */
import { describe, expect, it } from "vitest";
import type { ConfHost } from "../../../src/guest/keepalived/conf/host.ts";
import { UNICAST_RULES } from "../../../src/lint/rules/unicast.ts";
import { parseIp } from "../../../src/text/ip-text.ts";
import { conf } from "./conf.ts";
import { findingsIn, findingsOf, nodesOf } from "./findings-of.ts";

function unicast(source: string | null, peers: readonly string[], lines = ""): string {
  const from = source === null ? "" : `unicast_src_ip ${source}`;
  return conf(`${lines}\n${from}\nunicast_peer {\n${peers.join("\n")}\n}`);
}

function rulesOf(texts: Readonly<Record<string, string>>): string[] {
  return findingsOf(UNICAST_RULES, texts).map(({ rule, place }) => `${rule} ${place}`);
}

const A = "10.0.1.11";
const B = "10.0.1.12";
const C = "10.0.1.13";

describe("a peer that is missing (check 16)", () => {
  it("hears nothing of this node: both are masters", () => {
    const found = findingsOf(UNICAST_RULES, {
      "vm-a": unicast(A, [B], "priority 100"),
      "vm-b": unicast(B, [A, C], "priority 90"),
      "vm-c": unicast(C, [A, B], "priority 80"),
    });
    expect(found).toEqual([
      {
        rule: "unicast-peer-missing",
        severity: "error",
        place: "vm-a:7:1",
        message: "vm-a sends to 10.0.1.12, and not to vm-c (10.0.1.13)",
        why: "vm-c never hears vm-a: 3.688 s after its start it is master beside vm-a, and both hold the address.",
        fix: "unicast_peer { 10.0.1.13 … }, each on a line of its own",
        related: ["vm-c:2:15: vm-c gets no adverts of vm-a"],
      },
    ]);
  });

  it("is harmless until this node takes over, where another one is above it", () => {
    const [found] = findingsOf(UNICAST_RULES, {
      "vm-a": unicast(A, [B, C], "priority 100"),
      "vm-b": unicast(B, [A], "priority 90"),
      "vm-c": unicast(C, [A, B], "priority 80"),
    });
    expect(found?.why).toBe(
      "All is well as long as vm-a is master. When vm-b takes over, vm-c does not hear it and takes over too, and both hold the address.",
    );
  });

  it("does another harm where the one left out is above this node", () => {
    const [found] = findingsOf(UNICAST_RULES, {
      "vm-a": unicast(A, [B], "priority 100"),
      "vm-b": unicast(B, [C], "priority 90"),
    });
    expect(found?.why).toContain(
      "While vm-b is master, vm-a never hears it: it takes the address whatever its preemption",
    );
  });

  it("is counted where the sources are not known", () => {
    const found = findingsOf(UNICAST_RULES, {
      "vm-a": unicast(null, [B]),
      "vm-b": unicast(null, [A, C]),
      "vm-c": unicast(null, [A, B]),
    });
    expect(found.map(({ message }) => message)).toEqual([
      "vm-a sends to 10.0.1.12, and there are 2 more nodes: vm-b and vm-c",
    ]);
  });

  it("is silent where all are named, by any address of their host, and about others than these nodes", () => {
    const pair = { "vm-a": unicast(A, [B]), "vm-b": unicast(B, [A]) };
    expect(rulesOf(pair)).toEqual([]);
    expect(rulesOf({ "vm-a": unicast(A, [B, C]), "vm-b": unicast(B, [A, C]) })).toEqual([]);
    expect(rulesOf({ "vm-a": unicast(null, [B]), "vm-b": unicast(null, [A]) })).toEqual([]);
    const other = unicast(C, ["10.0.1.14"]).replace("10.0.1.50", "10.0.1.60");
    expect(rulesOf({ ...pair, "vm-c": other })).toEqual([]);
  });

  it("knows the addresses of a host", () => {
    const host = (...addresses: string[]): ConfHost => ({
      interfaces: ["eth0"],
      addresses: () => addresses.map((text) => parseIp(text)!),
    });
    const of = (peers: readonly string[]) => {
      const texts = { "vm-a": unicast(null, peers), "vm-b": unicast(null, [A]) };
      const hosts: Record<string, ConfHost> = { "vm-a": host(A), "vm-b": host(B, "10.0.2.12") };
      const nodes = nodesOf(texts).map((node) => ({ ...node, host: hosts[node.name]! }));
      return findingsIn(UNICAST_RULES, nodes).map(({ rule }) => rule);
    };
    expect(of(["10.0.1.99"])).toEqual(["unicast-peer-missing"]);
    expect(of([A, B])).toEqual(["unicast-peer-self"]);
    expect(of(["10.0.2.12"])).toEqual([]);
  });
});

describe("a node as its own peer (check 16)", () => {
  it("is a warning at the line", () => {
    const found = findingsOf(UNICAST_RULES, { "vm-a": unicast(A, [A, B]), "vm-b": unicast(B, [A]) });
    expect(found).toMatchObject([
      {
        rule: "unicast-peer-self",
        severity: "warning",
        place: "vm-a:8:1",
        message: "10.0.1.11 in unicast_peer is vm-a itself",
      },
    ]);
  });

  it("leaves no room for the others when they are counted", () => {
    const found = rulesOf({ "vm-a": unicast(A, [A]), "vm-b": unicast(null, [A]) });
    expect(found).toEqual(["unicast-peer-missing vm-a:8:1"]);
  });

  it("that stands in another one's place is said to be that, once", () => {
    const found = findingsOf(UNICAST_RULES, { "vm-a": unicast(A, [A]), "vm-b": unicast(B, [A]) });
    expect(found).toMatchObject([
      {
        rule: "unicast-peer-missing",
        place: "vm-a:8:1",
        fix: "10.0.1.12 instead of 10.0.1.11, which is vm-a itself",
      },
    ]);
    const [counted] = findingsOf(UNICAST_RULES, { "vm-a": unicast(A, [A]), "vm-b": unicast(null, [A]) });
    expect(counted?.fix).toBe("an address of vm-b instead of 10.0.1.11, which is vm-a itself");
  });
});

describe("peers on one side, the group on the other (check 16)", () => {
  it("is an error on the side of the group", () => {
    const found = findingsOf(UNICAST_RULES, { "vm-a": unicast(A, [B]), "vm-b": conf("priority 90") });
    expect(found).toEqual([
      {
        rule: "unicast-and-multicast",
        severity: "error",
        place: "vm-b:2:15",
        message: "vm-b sends to the group 224.0.0.18, and vm-a to unicast peers",
        why: "Neither hears the other: 3.648 s after its start vm-b is master beside vm-a, and both hold the address.",
        fix: "unicast_peer { 10.0.1.11 } on vm-b, each on a line of its own, or no unicast_peer anywhere",
        related: ["vm-a:7:1: vm-a sends to peers"],
      },
    ]);
  });

  it("is silent where all use the group, and where the parser has told of the peers that are missing", () => {
    expect(rulesOf({ "vm-a": conf("priority 100"), "vm-b": conf("priority 90") })).toEqual([]);
    expect(rulesOf({ "vm-a": unicast(A, [B]), "vm-b": conf(`unicast_src_ip ${B}`) })).toEqual([]);
  });
});

describe("no peers at all with unicast_fault_no_peer (check 16)", () => {
  it("is a FAULT for ever", () => {
    expect(rulesOf({ "vm-a": conf("unicast_fault_no_peer") })).toEqual(["unicast-fault-no-peer vm-a:5:1"]);
  });

  it("is silent with a peer", () => {
    expect(rulesOf({ "vm-a": unicast(A, [B], "unicast_fault_no_peer") })).toEqual([]);
  });
});

describe("one source address on two nodes (check 17)", () => {
  it("is an error on the later one, with the address that the first expects there", () => {
    const found = findingsOf(UNICAST_RULES, { "vm-a": unicast(A, [B]), "vm-b": unicast(A, [A]) });
    expect(found).toMatchObject([
      {
        rule: "same-source-address",
        severity: "error",
        place: "vm-b:6:16",
        message: "unicast_src_ip 10.0.1.11 is the address of vm-a too",
        fix: "unicast_src_ip 10.0.1.12",
        related: ["vm-a:6:16: vm-a sends from it"],
      },
    ]);
    const copied = { "vm-a": conf(`mcast_src_ip ${A}`), "vm-b": conf(`mcast_src_ip ${A}`) };
    expect(rulesOf(copied)).toEqual(["same-source-address vm-b:5:14"]);
  });

  it("leaves it to the parser where the host is known, and is silent for two addresses", () => {
    const host: ConfHost = { interfaces: ["eth0"], addresses: () => [parseIp(A)!] };
    const texts = { "vm-a": unicast(A, [B]), "vm-b": unicast(A, [B]) };
    expect(findingsOf(UNICAST_RULES, texts, { host })).toEqual([]);
    expect(rulesOf({ "vm-a": unicast(A, [B]), "vm-b": unicast(B, [A]) })).toEqual([]);
  });
});
