/** When nobody advertised for an address, although somebody had: between reigns, and after the last of them. */
import { compareMoments, type Moment } from "./moment.ts";
import type { VirtualRouterStory } from "./virtual-router-story.ts";

export interface Silence {
  /** The last sign of whoever was master last: an advert, or its farewell. */
  readonly from: Moment;
  /** The first advert of whoever came next; null: to the end of the capture. */
  readonly until: Moment | null;
}

/** Of the routers that advertise for one address, oldest first. The capture has ended. */
export function silencesOf(routers: Iterable<VirtualRouterStory>): Silence[] {
  const reigns = [...routers].flatMap((router) => router.reigns.items).sort((a, b) => compareMoments(a.from, b.from));
  const [first] = reigns;
  if (first === undefined) return [];
  const found: Silence[] = [];
  let last = first;
  for (const reign of reigns) {
    if (compareMoments(reign.from, last.until) > 0) found.push({ from: last.until, until: reign.from });
    if (compareMoments(reign.until, last.until) >= 0) last = reign;
  }
  return last.end === "capture-end" ? found : [...found, { from: last.until, until: null }];
}
