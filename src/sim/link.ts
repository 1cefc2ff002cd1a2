/** A link between two switches of a subnet: both ways of it, and its carrier. */
import type { Edge } from "./loops.ts";
import type { Subnet } from "./subnet.ts";
import type { Trunk } from "./trunk.ts";

export class Link implements Edge {
  readonly name: string;
  readonly subnet: Subnet;
  /** Names of the switches. */
  readonly between: readonly [string, string];
  /** From the first of them to the second, and back. */
  readonly ways: readonly [Trunk, Trunk];
  #isUp = true;

  constructor(name: string, subnet: Subnet, ways: readonly [Trunk, Trunk]) {
    this.name = name;
    this.subnet = subnet;
    this.between = [ways[0].from.at.name, ways[1].from.at.name];
    this.ways = ways;
  }

  /** One way; with the longest delay that an impairment adds now. */
  get latencyNs(): number {
    const delaysNs = this.ways.map(({ impairment }) => {
      if (impairment === null) return 0;
      const { delayNs, jitterNs } = impairment.impairing;
      return delayNs > 0 ? delayNs + jitterNs : 0;
    });
    return this.ways[0].from.latencyNs + Math.max(...delaysNs);
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Carrier lost or back: both switches see it. What waits in an impairment when it goes is lost; what is on the wire, or in the link's own queue, arrives. */
  setCarrier(up: boolean): void {
    this.#isUp = up;
    for (const { from, impairment } of this.ways) {
      from.at.bridge.setLink(from.local, up);
      if (!up) impairment?.cut();
    }
  }
}
