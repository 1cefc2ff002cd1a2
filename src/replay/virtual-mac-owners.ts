/**
 * Who sends from a virtual router's MAC. At a switch the port tells; in a capture of one interface all routers of a virtual router send from
 * the same MAC, and an announcement from it says nothing of its sender but that it is the master. The adverts tell: each names its router,
 * by its own MAC or by the IP source address, and a master's frames stand among its adverts.
 *
 *     adverts of A   |   |   |                        |   |   |   |          a frame belongs to the router of the advert
 *     adverts of B                  |   |   |   |   |                        before it, or right after it
 *     frames         a a   a   a    b b     b     b   ab?   a
 *
 * A frame within 10 ms of an advert belongs to that advert's router, the nearest one: routers announce right behind an advert, keepalived
 * now and then right before. Any other belongs to the router of the last advert before it. While two routers advertise at the same time that may be wrong,
 * and the answer says so.
 */

/** How near an advert and a frame of the same router are at most, if they belong to one deed. */
const ADJACENT_NS = 10_000_000;
/** Intervals without an advert after which a router is no master any more: 3 and the skew, which is below 1. */
const DOWN_INTERVALS = 4;
/** Where an advert states no interval: RFC 9568's default, 1 s. */
const INTERVAL_NS_DEFAULT = 1_000_000_000;

/** Adverts of one router that no other router's adverts come between. */
interface Stretch {
  readonly router: number;
  readonly firstNs: number;
  lastNs: number;
}

/** Adverts of one virtual router: first all of them, in the order of time, then questions, in the order of time. */
export class VirtualMacOwners {
  /** Whether the last answer of `routerAt` could be another router as well. */
  isDoubtful = false;
  readonly #stretches: Stretch[] = [];
  #intervalNs = INTERVAL_NS_DEFAULT;
  #at = 0;

  /** Whose advert was added last; -1 if none was. */
  get lastRouter(): number {
    return this.#stretches.at(-1)?.router ?? -1;
  }

  addAdvert(router: number, atNs: number, intervalNs: number): void {
    if (intervalNs > 0) this.#intervalNs = intervalNs;
    const last = this.#stretches.at(-1);
    if (last?.router === router) last.lastNs = atNs;
    else this.#stretches.push({ router, firstNs: atNs, lastNs: atNs });
  }

  /** The router that sends from the virtual MAC at `atNs`, which must not be before the last question's; -1 if there are no adverts. */
  routerAt(atNs: number): number {
    const stretches = this.#stretches;
    if (stretches.length === 0) return -1;
    while (this.#at + 1 < stretches.length && stretches[this.#at + 1]!.firstNs <= atNs) this.#at++;
    const current = stretches[this.#at]!;
    const next = stretches[this.#at + 1];
    this.isDoubtful = false;
    if (next === undefined) return current.router;
    const sinceNs = atNs - current.lastNs;
    const untilNs = next.firstNs - atNs;
    if (untilNs <= ADJACENT_NS && untilNs < Math.abs(sinceNs)) return next.router;
    if (Math.abs(sinceNs) > ADJACENT_NS) this.#doubt();
    return current.router;
  }

  /** It is doubtful if another router's adverts stand before and after, so near that it may have been master all the while. */
  #doubt(): void {
    const before = this.#stretches[this.#at - 1];
    const next = this.#stretches[this.#at + 1]!;
    const pauseNs = before === undefined ? Number.POSITIVE_INFINITY : next.firstNs - before.lastNs;
    this.isDoubtful = before?.router === next.router && pauseNs <= this.#intervalNs * DOWN_INTERVALS;
  }
}
