/** What a run counted: frames at vNICs, what switches gave to nobody, what links carried and lost, what hosts could not use. */
import type { Impairment } from "../sim/impairment.ts";
import type { Link } from "../sim/link.ts";
import type { Network } from "../sim/network.ts";
import type { SimPort } from "../sim/sim-switch.ts";
import { DROP_NAMES } from "../switch/drop-cause.ts";
import type { ReportCounters, ReportImpairedNic, ReportWay } from "./report.ts";

export function countersOf(network: Network): ReportCounters {
  const { fabric } = network;
  const hosts = [...network.hosts.values()];
  const edge = fabric.ports.filter(({ trunk }) => trunk === null);
  const counts = edge.map(({ at, local }) => at.bridge.ports.counters(local));
  const ways = [...network.links.values()].flatMap(waysOf);
  const impaired = edge.flatMap(({ fromNic, toNic }) => [fromNic, toNic]).filter((way) => way !== null);
  return {
    frames: {
      in: sum(counts.map(({ rxFrames }) => rxFrames)),
      out: sum(counts.map(({ txFrames }) => txFrames)),
      moved: fabric.moves,
    },
    drops: dropsAt(edge),
    ...(ways.length === 0 ? {} : { links: ways }),
    ...(impaired.length === 0 ? {} : { impaired: impaired.map(impairedNic) }),
    hosts: {
      unheard: sum(hosts.map(({ framesUnheard }) => framesUnheard)),
      unreachable: sum(hosts.map(({ packetsUnreachable }) => packetsUnreachable)),
      malformed: sum(hosts.map(({ packetsMalformed }) => packetsMalformed)),
      lost: sum(hosts.map(({ framesLost }) => framesLost)),
    },
  };
}

function waysOf({ name, subnet, ways }: Link): ReportWay[] {
  return ways.map(({ from, to, frames, lost, overflowed, impairment }) => ({
    subnet: subnet.name,
    link: name,
    from: from.at.name,
    to: to.at.name,
    frames,
    lost,
    overflowed,
    policed: impairment?.counts.policed ?? 0,
    duplicated: impairment?.counts.duplicated ?? 0,
    reordered: impairment?.counts.reordered ?? 0,
    corrupted: impairment?.counts.corrupted ?? 0,
    drops: dropsAt([to]),
  }));
}

function impairedNic({ place, counts }: Impairment): ReportImpairedNic {
  const { host, name, direction } = place.nic!;
  return { host, nic: name, direction, ...counts };
}

/** By cause; causes that did not occur are left out. */
function dropsAt(ports: readonly SimPort[]): Record<string, number> {
  const causes = DROP_NAMES.map((name, cause) => {
    const counts = ports.map(({ at, local }) => at.bridge.ports.drops[local * DROP_NAMES.length + cause]!);
    return [name, sum(counts)] as const;
  });
  return Object.fromEntries(causes.filter(([, count]) => count > 0));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}
