/** A copy of all tables at one moment: what the switch, the hosts and keepalived believed then. */
import { secondsFromNs } from "../base/units.ts";
import type { NeighbourCache } from "../host/neighbour-cache.ts";
import type { Nic } from "../host/nic.ts";
import { NUD_NAMES } from "../host/nud.ts";
import type { Network } from "../sim/network.ts";
import { portLabel } from "../sim/sim-switch.ts";
import { formatMacWords } from "../switch/mac-words.ts";
import { formatIp, formatMac } from "../wire/address.ts";
import type { Snapshot } from "./report.ts";

/** Everything is in an order that the scenario decides; the forwarding table, whose order is its own, is sorted by subnet, switch and MAC. */
export function takeSnapshot(network: Network, name: string): Snapshot {
  return {
    name,
    at: secondsFromNs(network.nowNs),
    forwarding: forwarding(network),
    neighbours: [...network.hosts.values()].flatMap(({ nics }) =>
      nics.flatMap((nic) => [...neighbours(nic, nic.neighbours4), ...neighbours(nic, nic.neighbours6)]),
    ),
    vrrp: [...network.daemons].flatMap(([host, { routers }]) =>
      routers.map(({ conf, state, priority }) => ({ host, instance: conf.name, state, priority })),
    ),
    havips: network.holders.watched.flatMap(({ havip, ip, holder }) =>
      havip === null
        ? []
        : [
            {
              name: havip,
              address: formatIp(ip),
              holder: holder === null ? null : network.fabric.nicAt(holder.port).host.name,
              state: holder === null ? ("UNCLAIMED" as const) : ("CLAIMED" as const),
            },
          ],
    ),
  };
}

function forwarding({ subnets }: Network): Snapshot["forwarding"] {
  const rows: Snapshot["forwarding"][number][] = [];
  for (const { name: subnet, switches } of subnets.values()) {
    for (const { name, bridge, ports } of switches.values()) {
      bridge.fdb.forEach(({ macHi, macLo, port, kind, ageMs }) => {
        const mac = formatMacWords(macHi, macLo);
        const at = switches.size > 1 ? { switch: name } : {};
        rows.push({ subnet, ...at, mac, port: portLabel(ports[port]!), age: ageMs / 1000, kind });
      });
    }
  }
  return rows.sort(
    (a, b) => compare(a.subnet, b.subnet) || compare(a.switch ?? "", b.switch ?? "") || compare(a.mac, b.mac),
  );
}

function neighbours(nic: Nic, cache: NeighbourCache): Snapshot["neighbours"][number][] {
  return cache.entries.indices().map((i) => ({
    host: nic.host.name,
    nic: nic.name,
    address: formatIp(cache.addresses, i * cache.addressOctets, cache.addressOctets),
    mac: cache.usable(i) ? formatMac(cache.macs, i * 6) : null,
    state: NUD_NAMES[cache.state(i)]!,
    ...(cache.entries.isRouter[i] === 1 ? { router: true as const } : {}),
  }));
}

/** By code units: `localeCompare` depends on the machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
