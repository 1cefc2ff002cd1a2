/** The way of a frame from one vNIC to another, over switches and the links between them that have carrier. */
import type { SimPort, SimSwitch } from "./sim-switch.ts";

/** A switch on the way: where the frame comes in, and where it must leave. */
export interface Hop {
  readonly at: SimSwitch;
  readonly by: SimPort;
  readonly out: SimPort;
}

/** The shortest way, which is the only one where links form no loop; null: there is none. Both ports have carrier. */
export function pathBetween(from: SimPort, to: SimPort): Hop[] | null {
  /** By switch: the port by which the frame would come in first. */
  const entries = new Map<SimSwitch, SimPort>([[from.at, from]]);
  for (const at of entries.keys()) {
    if (at === to.at) break;
    for (const port of at.ports) {
      const far = port.trunk?.to;
      if (far !== undefined && hasCarrier(port) && hasCarrier(far) && !entries.has(far.at)) entries.set(far.at, far);
    }
  }
  const hops: Hop[] = [];
  for (let out = to; ; ) {
    const by = entries.get(out.at);
    if (by === undefined) return null;
    hops.unshift({ at: out.at, by, out });
    if (by === from) return hops;
    out = by.trunk!.to;
  }
}

export function hasCarrier({ at, local }: SimPort): boolean {
  return !at.bridge.ports.isOff(local);
}
