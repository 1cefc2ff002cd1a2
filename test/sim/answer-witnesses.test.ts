/** Which answers are from the wrong host where keepalived says who is master, and the network may have missed it. */
import { describe, expect, it } from "vitest";
import { NS_PER_S } from "../../src/base/units.ts";
import { Cluster, conf } from "../guest/keepalived/cluster.ts";

const VIP = "10.0.0.100";

function cast(options: Parameters<typeof conf>[0] = {}) {
  const n1 = conf(options);
  const n2 = conf({ ...options, priority: 90 });
  const cluster = new Cluster({ n1, n2, client: { reachableTime: "60s" } }, { latency: "50us" });
  const probe = cluster.network.addProbe("ping", { from: "client", to: VIP, every: "10ms", start: "5s" });
  return { cluster, network: cluster.network, probe };
}

describe("an answer", () => {
  it("is from the wrong host where a killed keepalived left the address, and the new master's announcement was lost", () => {
    const { cluster, network, probe } = cast();
    cluster.at(6.005, () => {
      network.impair({ on: "n2", direction: "out", loss: "100%", for: "7s" });
      network.kill("n1");
    });
    cluster.run(20);
    const masteredNs = cluster.transitions.find(({ host, to }) => host === "n2" && to === "MASTER")!.atNs;
    const answers = (host: string) => probe.answeredBy.get(host) ?? 0;
    const before = Math.floor((masteredNs - 5 * NS_PER_S) / (10 * 1e6)) + 1;
    expect(answers("n1")).toBeGreaterThan(before + 300);
    expect(answers("n2")).toBeGreaterThan(500);
    expect(probe.wrongHost).toBe(answers("n1") - before);
  });

  it("of any of several masters is right", () => {
    const { cluster, network, probe } = cast();
    cluster.at(6.005, () => network.partition([["n1"], ["n2", "client"]]));
    cluster.run(12);
    expect([...probe.answeredBy.keys()]).toEqual(["n1", "n2"]);
    expect(probe.wrongHost).toBe(0);
  });

  it("is judged by the addresses that a master has since its configuration was read again", () => {
    const { cluster, network } = cast();
    cluster.at(1, () => network.addAddress("n2", "eth0", "10.0.0.102/32"));
    const probe = network.addProbe("other", { from: "client", to: "10.0.0.102", every: "10ms", start: "5s" });
    cluster.at(6.005, () => {
      // The client goes on asking n2.
      network.impair({ on: "n1", direction: "out", loss: "100%", for: "5s" });
      network.reload("n1", conf({ vips: ["10.0.0.100/24", "10.0.0.102/24"] }));
    });
    cluster.run(7);
    expect([...probe.answeredBy]).toEqual([["n2", 200]]);
    expect(probe.wrongHost).toBe(99);
  });
});
