/** `static_ipaddress`: configured from the start on, whoever is master, never announced, gone when the daemon is stopped (keepalived.conf(5)). */
import { expect, it } from "vitest";
import { Cluster, conf } from "./cluster.ts";

const STATIC = ["static_ipaddress {", "10.0.0.70/32 dev eth0", "10.0.0.71", "}"].join("\n");

/** What of them the host has. */
function owned(cluster: Cluster, host: string): number[] {
  const [nic] = cluster.network.host(host).nics;
  return [70, 71].filter((last) => nic!.owns(Uint8Array.of(10, 0, 0, last), 0, 4));
}

it("are there on a backup as on a master, and nobody announces them", () => {
  const cluster = new Cluster({ n1: conf({ before: STATIC }), n2: conf({ priority: 90 }) });
  expect(owned(cluster, "n1")).toEqual([]);
  cluster.run(1);
  expect(owned(cluster, "n1")).toEqual([70, 71]);
  cluster.run(12);
  expect(owned(cluster, "n1")).toEqual([70, 71]);
  expect(cluster.spoken.filter(({ what }) => /garp \.7[01]/.test(what))).toEqual([]);
});

it("go with a daemon that is stopped, and stay with one that is killed", () => {
  for (const [end, left] of [
    ["stop", []],
    ["kill", [70, 71]],
  ] as const) {
    const cluster = new Cluster({ n1: conf({ before: STATIC }) });
    cluster.at(6, () => cluster.network[end]("n1"));
    cluster.run(8);
    expect(owned(cluster, "n1"), end).toEqual(left);
  }
});

it("answer a client's question", () => {
  const cluster = new Cluster({ n1: conf({ before: STATIC }), client: {} });
  cluster.network.addProbe("ping", { from: "client", to: "10.0.0.70", every: "1s", start: "1s", end: "3.5s" });
  cluster.run(4);
  expect(cluster.network.probes.get("ping")!.answered).toBe(3);
});

it("follow a reload", () => {
  const cluster = new Cluster({ n1: conf({ before: STATIC }) });
  const only = STATIC.replace("10.0.0.71\n", "");
  cluster.at(6, () => cluster.network.reload("n1", conf({ before: only })));
  cluster.run(8);
  expect(owned(cluster, "n1")).toEqual([70]);
});
