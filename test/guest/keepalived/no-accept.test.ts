/** `no_accept`, and `vrrp_strict` which brings it: the virtual addresses answer questions about neighbours and nothing else. As observed with 2.2.7. */
import { describe, expect, it } from "vitest";
import { advert } from "./adverts.ts";
import { Cluster, conf } from "./cluster.ts";

/** How many of three questions are answered, of each kind, from 6 s on. `before` happens at 5 s. */
function answers(keepalived: string, to: string, before: (cluster: Cluster) => void = () => {}) {
  const cluster = new Cluster({ n1: keepalived, client: {} });
  cluster.at(5, () => before(cluster));
  for (const kind of ["icmp", "udp"] as const)
    cluster.network.addProbe(kind, { from: "client", to, kind, every: "1s", start: "6s", end: "8.5s" });
  cluster.run(9.5);
  const asked = cluster.spoken.filter(({ host, what }) => host === "client" && what.startsWith("arp?")).length;
  const told = cluster.spoken.filter(({ host, what }) => host === "n1" && what.startsWith("arp!")).length;
  const [icmp, udp] = ["icmp", "udp"].map((name) => cluster.network.probes.get(name)!.answered);
  return { icmp, udp, asked, told, dropped: cluster.network.host("n1").firewall.dropped, cluster };
}

describe("with no_accept", () => {
  it("an address answers ARP, and neither echo requests nor datagrams", () => {
    const { icmp, udp, asked, told, dropped } = answers(conf({ lines: ["no_accept"] }), "10.0.0.100");
    expect({ icmp, udp, dropped }).toEqual({ icmp: 0, udp: 0, dropped: 6 });
    expect([asked, told]).toEqual([1, 1]);
  });

  it("the same over IPv6: the neighbour is found, and says nothing", () => {
    const vips = ["2001:db8::100/64"];
    const { icmp, udp, cluster } = answers(conf({ vips, lines: ["no_accept"] }), "2001:db8::100");
    expect([icmp, udp]).toEqual([0, 0]);
    const cache = cluster.nic("client").neighbours6;
    const ip = cluster.nic("n1").addresses.at(-1)!.ip;
    expect(cache.usable(cache.find(ip, 0))).toBe(true);
  });

  it("an excluded address is blocked too", () => {
    const { icmp, udp } = answers(conf({ excluded: ["10.0.0.101/24"], lines: ["no_accept"] }), "10.0.0.101");
    expect([icmp, udp]).toEqual([0, 0]);
  });

  it("the host's own address answers", () => {
    const { icmp, udp } = answers(conf({ lines: ["no_accept"] }), "10.0.0.1");
    expect([icmp, udp]).toEqual([3, 3]);
  });

  it("an address owner's addresses answer all the same", () => {
    const { icmp } = answers(conf({ priority: 255, lines: ["no_accept"] }), "10.0.0.100");
    expect(icmp).toBe(3);
  });

  it("they stay blocked while a killed daemon's addresses stay configured", () => {
    const keepalived = conf({ lines: ["no_accept"] });
    const { icmp, told } = answers(keepalived, "10.0.0.100", ({ network }) => network.kill("n1"));
    expect([icmp, told]).toEqual([0, 1]);
  });

  it.each(["stop", "crash"] as const)("are free again after a %s", (verb) => {
    const { icmp } = answers(conf({ lines: ["no_accept"] }), "10.0.0.100", ({ network }) => {
      network[verb]("n1");
      network.at("5.5s", () => {
        if (verb === "crash") network.host("n1").boot();
        network.kill("n1");
        network
          .host("n1")
          .nic("eth0")!
          .addAddress(Uint8Array.of(10, 0, 0, 100), 24);
      });
    });
    expect(icmp).toBe(3);
  });
});

describe("strict mode", () => {
  it("does not accept unless version 3 says so", () => {
    const strict = (...lines: string[]) => answers(conf({ lines: ["strict_mode", ...lines] }), "10.0.0.100").icmp;
    expect([strict(), strict("accept"), strict("version 3"), strict("version 3", "accept")]).toEqual([0, 0, 0, 3]);
  });

  it("asserts itself to nobody: a lower advert is answered by nothing but the next regular one", () => {
    const said = (lines: readonly string[]) => {
      const cluster = new Cluster({ n1: conf({ lines }), stranger: {} }).run(6);
      const last = cluster.said(0, 6, ["adv"]).at(-1)!.atNs / 1e9;
      cluster.at(last + 1.5, () => cluster.inject("stranger", advert({ priority: 50 }))).run(last + 1.6);
      return cluster
        .said(last + 1.5, last + 1.6)
        .filter(({ host }) => host === "n1")
        .map(({ what }) => what);
    };
    expect(said([])).toEqual(["adv(100)", "garp .100 ×5"]);
    expect(said(["strict_mode"])).toEqual([]);
  });
});
