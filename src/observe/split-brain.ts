/**
 * Split brain: several hosts are master for one virtual address of one subnet at the same time. Each of them answers for it, so that
 * some clients reach one and some another, and the probes of a report may all be lucky. A hand-over overlaps for an instant, until the old
 * master has heard the new one: only what lasts longer than a tenth of a second counts.
 */
import type { VrrpEvent } from "./events.ts";

export interface SplitBrain {
  readonly fromNs: number;
  /** The end of the run if it never ended. */
  readonly untilNs: number;
  readonly subnet: string;
  readonly vip: string;
  /** Those that were master at some moment of it, in the order in which they became so. */
  readonly hosts: readonly string[];
}

const INSTANT_NS = 100_000_000;

/** `transitions` in the order in which they happened; `endNs` is the end of the run. Oldest first. */
export function splitBrainsOf(transitions: readonly VrrpEvent[], endNs: number): SplitBrain[] {
  const found: SplitBrain[] = [];
  const places = new Map<string, Place>();
  for (const event of transitions) {
    for (const vip of event.vips) {
      const key = `${event.subnet} ${vip}`;
      const place = places.get(key) ?? new Place(event.subnet, vip);
      places.set(key, place);
      place.change(event, found);
    }
  }
  for (const place of places.values()) place.end(endNs, found);
  return found.sort((a, b) => a.fromNs - b.fromNs);
}

/** One address of one subnet, and who is master for it. */
class Place {
  readonly #subnet: string;
  readonly #vip: string;
  readonly #masters = new Set<string>();
  readonly #involved = new Set<string>();
  #sinceNs = 0;

  constructor(subnet: string, vip: string) {
    this.#subnet = subnet;
    this.#vip = vip;
  }

  change({ atNs, host, instance, to }: VrrpEvent, found: SplitBrain[]): void {
    const before = this.#masters.size;
    const master = `${host} ${instance}`;
    if (to === "MASTER") this.#masters.add(master);
    else this.#masters.delete(master);
    if (this.#masters.size > 1) {
      if (before === 1) this.#sinceNs = atNs;
      for (const name of this.#masters) this.#involved.add(name.slice(0, name.indexOf(" ")));
    } else if (before > 1) {
      this.end(atNs, found);
    }
  }

  /** Notes what has been going on until now, if it is one. */
  end(atNs: number, found: SplitBrain[]): void {
    if (this.#involved.size > 1 && atNs - this.#sinceNs > INSTANT_NS) {
      found.push({
        fromNs: this.#sinceNs,
        untilNs: atNs,
        subnet: this.#subnet,
        vip: this.#vip,
        hosts: [...this.#involved],
      });
    }
    this.#involved.clear();
  }
}
