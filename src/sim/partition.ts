/**
 * A partition: frames cross only between hosts on the same side, and nobody sees a carrier change. A host's frames carry its side as
 * their mark, and a switch hands them only to ports of that side. Trunks have none: both sides' frames cross them.
 */
import type { Host } from "../host/host.ts";
import type { Fabric } from "./fabric.ts";
import type { SimPort } from "./sim-switch.ts";

/** Where those are whom nobody has put on a side. */
const REST = 0;

export class Partition {
  readonly #fabric: Fabric;
  #lasts = false;

  constructor(fabric: Fabric) {
    this.#fabric = fabric;
  }

  /** A side for each group; who is in none is with the rest. */
  begin(groups: readonly (readonly Host[])[]): void {
    const sides = new Map(groups.flatMap((hosts, index) => hosts.map((host) => [host, index + 1] as const)));
    this.#lasts = true;
    this.#place((port) => sides.get(port.nic!.host) ?? REST);
  }

  end(): void {
    this.#lasts = false;
    const { ports, switches } = this.#fabric;
    for (const port of ports) port.isAlone = false;
    for (const { bridge } of switches) bridge.partitioned = false;
    this.#fabric.observer?.onWays();
  }

  /** A vNIC has come: it is with the rest. */
  joined(): void {
    if (this.#lasts) this.#place(({ side }) => side);
  }

  #place(sideOf: (port: SimPort) => number): void {
    const edge = this.#fabric.ports.filter(({ nic }) => nic !== null);
    const islandOf = ({ at, side }: SimPort) => `${at.subnet.name} ${side}`;
    const sizes = new Map<string, number>();
    for (const port of edge) {
      port.side = sideOf(port);
      port.at.bridge.setSide(port.local, port.side);
      sizes.set(islandOf(port), (sizes.get(islandOf(port)) ?? 0) + 1);
    }
    for (const port of edge) port.isAlone = sizes.get(islandOf(port)) === 1;
    for (const { bridge } of this.#fabric.switches) bridge.partitioned = true;
    this.#fabric.observer?.onWays();
  }
}
