/** What the watch says of reachability, held against what becomes of the questions that are really asked. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NS_PER_MS } from "../../src/base/units.ts";
import { NO_ANSWER } from "../../src/host/probe.ts";
import { firstFrom } from "../../src/observe/outage-evidence.ts";
import type { Reach, ReachRecord } from "../../src/observe/reach.ts";
import { Network } from "../../src/sim/network.ts";
import { ReachWatch } from "../../src/sim/reach-watch.ts";
import { clusterOf, settings, UNTIL_SECONDS } from "../support/any-faults.ts";

/** A second watch beside the network's own, whose records can be read. */
function watched({ fabric, probes }: Network): Map<string, ReachRecord> {
  const watch = new ReachWatch(fabric);
  const records = new Map([...probes].map(([name, { options }]) => [name, watch.watch(options.nic, options.to)]));
  const { observer, hostObserver } = fabric;
  fabric.observer = {
    onMove: (at, hi, lo, from, to) => {
      watch.onLearned(at, hi, lo);
      observer!.onMove(at, hi, lo, from, to);
    },
    onLearn: (at, hi, lo) => watch.onLearned(at, hi, lo),
    onWays: () => watch.onNetwork(),
    onLost: (...lost) => observer!.onLost(...lost),
    onMended: (...mended) => observer!.onMended(...mended),
  };
  fabric.hostObserver = {
    onDuplicate: (...found) => hostObserver!.onDuplicate(...found),
    onHost: (host) => watch.onHost(host),
    onAddress: (nic, ip) => watch.onAddress(nic, ip),
    onNeighbour: (nic, cache, index) => {
      watch.onNeighbour(nic);
      hostObserver!.onNeighbour(nic, cache, index);
    },
  };
  return records;
}

/** What was in force at some time from `fromNs` to `untilNs`. */
function reachIn({ changes }: ReachRecord, fromNs: number, untilNs: number): Reach[] {
  const first = Math.max(0, firstFrom(changes, fromNs + 1) - 1);
  return changes.slice(first, firstFrom(changes, untilNs + 1)).map(({ reach }) => reach);
}

describe("whether packets would reach an owner", () => {
  it("is so whenever a question is answered", () => {
    fc.assert(
      fc.property(settings(true), (setting) => {
        const network = clusterOf(setting);
        const records = watched(network);
        network.run(`${UNTIL_SECONDS}s`);
        for (const [name, { sent, sentNs, answeredNs }] of network.probes) {
          for (let i = 0; i < sent; i++) {
            if (answeredNs[i] === NO_ANSWER) continue;
            const kinds = reachIn(records.get(name)!, sentNs[i]!, answeredNs[i]!).map(({ kind }) => kind);
            if (!kinds.includes("reached")) expect.fail(`${name} at ${sentNs[i]}: ${kinds}`);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it("means an answer, where no frame is lost by chance and it stays so", () => {
    fc.assert(
      fc.property(settings(false), (setting) => {
        const network = clusterOf(setting);
        const records = watched(network);
        network.run(`${UNTIL_SECONDS}s`);
        for (const [name, { sent, sentNs, answeredNs }] of network.probes) {
          for (let i = 0; i < sent; i++) {
            const untilNs = sentNs[i]! + 2 * NS_PER_MS;
            const [first, ...more] = reachIn(records.get(name)!, sentNs[i]!, untilNs);
            if (first!.kind !== "reached" || more.length > 0 || untilNs > network.nowNs) continue;
            if (answeredNs[i] === NO_ANSWER)
              expect.fail(`${name} at ${sentNs[i]}: ${first!.owner!.host} did not answer`);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it("is over when a reload lets no packets in any more", () => {
    const conf = (accept: string) => `vrrp_instance VI_1 {
      interface eth0
      virtual_router_id 51
      ${accept}
      virtual_ipaddress {
        10.0.1.50
      }
    }`;
    const network = new Network();
    network.addSubnet("lan", { cidr: "10.0.1.0/24" });
    network.addHost("vm", { subnet: "lan", address: "10.0.1.1", keepalived: conf("accept") });
    network.addHost("client", { subnet: "lan", address: "10.0.1.2" });
    network.addProbe("web", { from: "client", to: "10.0.1.50", every: "100ms" });
    const record = watched(network).get("web")!;
    network.at("10s", () => network.reload("vm", conf("no_accept")));
    network.run("9.9s");
    expect(record.now!.kind).toBe("reached");
    network.run("15s");
    expect([record.now!.kind, Math.round(record.changes.at(-1)!.atNs / 1e9)]).toEqual(["nobody", 10]);
  });
});
