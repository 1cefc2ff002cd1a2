/**
 * What the tests of outages' stages share: a cluster with one probe, the times that keepalived and a cable take, and outages in short words.
 * Hosts are 50 us from their switch, clients trust their caches for a minute, so that only what is told changes them.
 */
import { expect } from "vitest";
import { NS_PER_S } from "../../src/base/units.ts";
import type { OutageEvent, OutagePart, OutageStages } from "../../src/observe/events.ts";
import { Cluster } from "../guest/keepalived/cluster.ts";

export const NONE: OutageStages = { detect: 0, elect: 0, announce: 0, bind: 0, cache: 0, transport: 0 };
export const US = 1_000;
/** From the decision to the addresses' announcement at the switch: 0.5 ms until they are up, 50 us of cable. */
export const ANNOUNCED = 550 * US;
export const CABLE = 50 * US;
/** (256 - priority) / 256 of an advert interval of 1 s, in whole microseconds. */
export const SKEW_100 = 609_375 * US;
export const SKEW_90 = 648_437 * US;
export const SKEW_80 = 687_500 * US;

export type Hosts = ConstructorParameters<typeof Cluster>[0];

export function cast(hosts: Hosts, to = "10.0.0.100", every = "10ms", start = "0s"): Cluster {
  const cluster = new Cluster({ ...hosts, client: { reachableTime: "60s" } }, { seed: 1, latency: "50us" });
  cluster.network.addProbe("ping", { from: "client", to, every, start });
  return cluster;
}

export const outagesOf = (cluster: Cluster, probe = "ping") => cluster.network.outagesOf(probe);
export const only = (cluster: Cluster, probe = "ping"): OutageEvent => {
  const outages = outagesOf(cluster, probe);
  expect(outages).toHaveLength(1);
  return outages[0]!;
};
export const masteredNs = ({ transitions }: Cluster, host: string, nth = 0) =>
  transitions.filter((event) => event.host === host && event.to === "MASTER")[nth]!.atNs;
export const seconds = (atSeconds: number) => Math.round(atSeconds * NS_PER_S);
export const brief = ({ stage, why, where, host }: OutagePart) => [stage, why, where, host].join(" ");
