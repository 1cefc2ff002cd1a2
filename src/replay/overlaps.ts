/** When several hosts were master of one virtual router at the same time, from their reigns. */
import type { Host } from "./hosts.ts";
import { compareMoments, INSTANT_NS, type Moment } from "./moment.ts";
import type { Reign } from "./virtual-router-story.ts";

export interface Overlap {
  readonly from: Moment;
  readonly until: Moment;
  /** Those that were master at some moment of it, in the order in which they became so. */
  readonly hosts: readonly Host[];
}

/** Oldest first; a hand-over in which adverts cross is none. */
export function overlapsOf(reigns: readonly Reign[]): Overlap[] {
  const found: Overlap[] = [];
  const reigning = new Set<Reign>();
  let from: Moment | null = null;
  let involved = new Set<Host>();
  for (const { at, reign, begins } of turns(reigns)) {
    if (begins) reigning.add(reign);
    else reigning.delete(reign);
    if (reigning.size > 1) {
      from ??= at;
      for (const { host } of reigning) involved.add(host);
    } else if (from !== null) {
      if (at.atNs - from.atNs > INSTANT_NS) found.push({ from, until: at, hosts: [...involved] });
      from = null;
      involved = new Set();
    }
  }
  return found;
}

/** Beginnings and ends in the order of time; what ends goes before what begins. */
export function turns(reigns: readonly Reign[]): { at: Moment; reign: Reign; begins: boolean }[] {
  return reigns
    .flatMap((reign) => [
      { at: reign.from, reign, begins: true },
      { at: reign.until, reign, begins: false },
    ])
    .sort((a, b) => compareMoments(a.at, b.at) || order(a.reign, a.begins) - order(b.reign, b.begins));
}

/** A reign of one advert begins and ends in one moment: in this order. */
function order(reign: Reign, begins: boolean): number {
  if (reign.from.frame === reign.until.frame) return begins ? 1 : 2;
  return begins ? 1 : 0;
}
