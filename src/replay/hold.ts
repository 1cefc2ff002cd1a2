/** A hold: one host has an address, from an announcement or a first advert until somebody else takes it. */
import type { AnnouncementForm } from "./frame-facts.ts";
import type { Host } from "./hosts.ts";
import { compareMoments, type Moment } from "./moment.ts";
import { turns } from "./overlaps.ts";
import type { PriorityChange, Reign, VirtualRouterStory, WhyMaster } from "./virtual-router-story.ts";

export type WhyHeld =
  | WhyMaster
  /** The new holder had been master all along, and takes back what another one had taken. */
  | "return"
  /** The same host gives another MAC for it. */
  | "other-mac"
  /** The new holder is not master of a virtual router whose adverts list the address. */
  | "not-master"
  /** No advert lists the address: its announcement is all there is. */
  | "announcement";

export interface HoldReason {
  readonly kind: WhyHeld;
  /** Who was master, or held the address, before. */
  readonly before: Host | null;
  /** Its last advert, its farewell, or when it took the address. */
  readonly last: Moment | null;
  /** Adverts that were due since then and did not come. */
  readonly missed: number;
  /** What had made the one before the lesser one. */
  readonly fall: PriorityChange | null;
  /** The virtual router whose adverts say so. */
  readonly router: VirtualRouterStory | null;
}

export interface Hold {
  readonly host: Host;
  /** As the announcement gives it (`macKey`); null: no frame told. */
  readonly mac: number | null;
  readonly from: Moment;
  /** What began it: the form of the announcement, or an advert where there was none. */
  readonly cause: AnnouncementForm | "advert";
  why: HoldReason;
  announcements: number;
  /** Null: to the end of the capture. */
  until: Moment | null;
}

/** An announcement and the first advert of one deed are no farther apart. */
export const DEED_NS = 1_000_000_000;

export const ANNOUNCED_ONLY: HoldReason = {
  kind: "announcement",
  before: null,
  last: null,
  missed: 0,
  fall: null,
  router: null,
};

/** Announcements that came, with what adverts tell of the time before the first of them. */
export function completeHolds(announced: readonly Hold[], routers: Iterable<VirtualRouterStory>): Hold[] {
  const byAdverts = holdsByAdverts(routers);
  const first = announced[0];
  if (first === undefined) return byAdverts;
  const before = byAdverts.filter(({ from }) => compareMoments(from, first.from) < 0);
  const last = before.at(-1);
  if (last?.host !== first.host) return [...endingAt(before, first.from), ...announced];
  // The first announcement is what the first advert began, or only confirms it much later.
  const isOneDeed = first.from.atNs - last.from.atNs <= DEED_NS;
  const confirmed = isOneDeed ? first : { ...first, from: last.from, cause: last.cause, why: last.why };
  return [...endingAt(before.slice(0, -1), confirmed.from), confirmed, ...announced.slice(1)];
}

/** The holds, the last of which ends at `until`. */
function endingAt(holds: readonly Hold[], until: Moment): Hold[] {
  return holds.map((hold, i) => (i === holds.length - 1 ? { ...hold, until } : hold));
}

/** Holds as masters come and go: whoever became master last has it, and keeps it until another one is there. */
function holdsByAdverts(routers: Iterable<VirtualRouterStory>): Hold[] {
  const routerOf = new Map<Reign, VirtualRouterStory>();
  for (const router of routers) for (const reign of router.reigns.items) routerOf.set(reign, router);
  const holds: Hold[] = [];
  const take = (host: Host, from: Moment, why: HoldReason): void => {
    const current = holds.at(-1);
    if (current?.host === host) return;
    if (current !== undefined) current.until = from;
    holds.push({ host, mac: null, from, cause: "advert", why, announcements: 0, until: null });
  };
  const reigning = new Set<Reign>();
  for (const { at, reign, begins } of turns([...routerOf.keys()])) {
    if (begins) {
      reigning.add(reign);
      take(reign.host, at, { ...reign.why, router: routerOf.get(reign)! });
      continue;
    }
    reigning.delete(reign);
    const left = [...reigning];
    const current = holds.at(-1)!;
    if (current.host !== reign.host || left.length === 0 || left.some(({ host }) => host === current.host)) continue;
    const router = routerOf.get(left.at(-1)!)!;
    take(left.at(-1)!.host, at, {
      kind: "return",
      before: current.host,
      last: current.from,
      missed: 0,
      fall: null,
      router,
    });
  }
  return holds;
}
