/** Networks of several switches for the tests: a star of racks, hosts at them, and raw frames from one to another. */
import type { PortId } from "../../src/base/ids.ts";
import { Network } from "../../src/sim/network.ts";
import type { LinkOptions, SubnetOptions } from "../../src/sim/options.ts";
import { formatMac } from "../../src/wire/address.ts";

export interface Star {
  readonly seed?: number;
  readonly subnet?: Partial<SubnetOptions>;
  /** Names of the racks; each has a link `to-RACK`. */
  readonly racks?: readonly string[];
  readonly link?: Partial<LinkOptions>;
}

/** A core switch and racks around it, in the subnet `lan`; hosts come next. */
export function star({ seed = 1, subnet = {}, racks = ["r1", "r2"], link = {} }: Star = {}): Network {
  const network = new Network({ seed });
  network.addSubnet("lan", { cidr: "10.0.0.0/24", ...subnet });
  for (const name of ["core", ...racks]) network.addSwitch(name, { subnet: "lan" });
  for (const rack of racks) network.addLink(`to-${rack}`, { subnet: "lan", between: ["core", rack], ...link });
  return network;
}

/** Hosts at switches: `{ a: "r1" }`; addresses from 10.0.0.1, MACs from 02:00:00:00:00:01. */
export function plug(network: Network, places: Readonly<Record<string, string>>): void {
  for (const [name, at] of Object.entries(places)) {
    const number = network.hosts.size + 1;
    const mac = Uint8Array.of(2, 0, 0, 0, 0, number);
    network.addHost(name, { subnet: "lan", switch: at, address: `10.0.0.${number}`, mac });
  }
}

export const BROADCAST = "ff:ff:ff:ff:ff:ff";

/** A host puts a frame on its cable; 60 octets of a type that nobody reads, unless said otherwise. */
export function send(network: Network, host: string, destination: string, octets = 60): void {
  const { fabric } = network;
  const nic = network.host(host).nics[0]!;
  const frame = fabric.slab.acquire();
  const start = fabric.slab.start(frame);
  const pairs = destination.split(":").map((pair) => Number.parseInt(pair, 16));
  fabric.slab.bytes.fill(0, start, start + octets);
  fabric.slab.bytes.set(pairs, start);
  fabric.slab.bytes.set(nic.mac, start + 6);
  fabric.slab.bytes.set([0x88, 0xb5], start + 12);
  fabric.slab.octets[frame] = octets;
  fabric.transmit(nic.port, frame);
}

export function macOf(network: Network, host: string): string {
  return network.host(host).nics[0]!.macText;
}

/** The forwarding table of each switch: `MAC` → `host.nic` or `switch:link`. */
export function tables(network: Network): Record<string, Record<string, string>> {
  return Object.fromEntries(
    network.fabric.switches.map(({ name, bridge, ports }) => {
      const rows: [string, string][] = [];
      bridge.fdb.forEach(({ macHi, macLo, port }) => {
        const octets = [macHi, macHi >> 8, macLo, macLo >> 8, macLo >> 16, macLo >> 24];
        const { at, nic, trunk } = ports[port]!;
        rows.push([formatMac(Uint8Array.from(octets)), nic?.label ?? `${at.name}:${trunk!.link}`]);
      });
      return [name, Object.fromEntries(rows)];
    }),
  );
}

/** Frames that came in at hosts, as `host` in the order of their arrival, from now on. */
export function arrivals(network: Network): string[] {
  const seen: string[] = [];
  network.fabric.egressTap = {
    onFrame: (port: PortId) => {
      const { nic } = network.fabric.ports[port]!;
      if (nic !== null) seen.push(nic.host.name);
    },
  };
  return seen;
}
