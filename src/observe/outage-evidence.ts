/** What decides in which stage of a takeover an outage is: who became master, who announced an address, and whom the network bound it to. */
import type { EventEmitter } from "eventemitter3";
import type { AnnouncementEvent, HolderEvent, NetworkEvents, Takeover, VrrpEvent } from "./events.ts";
import type { Owner } from "./reach.ts";

/** How an owner got its address. */
export interface Decision {
  readonly by: Takeover["by"];
  /** The part of the wait before it that served to elect the best of several. */
  readonly skewNs: number;
}

interface LostAnnouncement {
  readonly host: string;
  readonly atNs: number;
}

export class OutageEvidence {
  /** Those who became masters. */
  readonly #masters: VrrpEvent[] = [];
  /** By address. */
  readonly #announcements = new Map<string, AnnouncementEvent[]>();
  readonly #lostAnnouncements = new Map<string, LostAnnouncement[]>();
  readonly #holders = new Map<string, HolderEvent[]>();

  constructor(events: EventEmitter<NetworkEvents>) {
    events.on("vrrp", (event) => {
      if (event.to === "MASTER") this.#masters.push(event);
    });
    events.on("announcement", (event) => listAt(this.#announcements, event.vip).push(event));
    events.on("holder", (event) => listAt(this.#holders, event.vip).push(event));
  }

  /** Why the owner has had the address `vip` since then. keepalived configures addresses the moment it becomes master. */
  decision({ host, sinceNs, bootedNs }: Owner, vip: string): Decision {
    const masters = this.#masters
      .slice(firstFrom(this.#masters, sinceNs), firstFrom(this.#masters, sinceNs + 1))
      .filter((event) => event.host === host);
    if (masters.some(({ vips }) => vips.includes(vip))) {
      // A member of a sync group follows the one whose wait was over.
      const own = masters.find(({ vips, cause }) => vips.includes(vip) && cause === "master-down-timer");
      const waited = own ?? masters.find(({ cause }) => cause === "master-down-timer");
      return { by: "keepalived", skewNs: waited?.skewNs ?? 0 };
    }
    return { by: bootedNs === sinceNs ? "boot" : "command", skewNs: 0 };
  }

  /** What a host has said and its own cable has lost; `lost` events are not heeded, as they are made only while somebody else listens. */
  noteLostAnnouncement(vip: string, host: string, atNs: number): void {
    listAt(this.#lostAnnouncements, vip).push({ host, atNs });
  }

  /** When the host began to announce the address, heard by the network or not, not before `fromNs`; Infinity: never. */
  saidNs(vip: string, host: string, fromNs: number): number {
    const lostNs = firstOf(this.#lostAnnouncements.get(vip), fromNs, (lost) => lost.host === host);
    return Math.min(lostNs, this.heardNs(vip, host, fromNs));
  }

  /** When an announcement of the address by the host first came to the network, not before `fromNs`; Infinity: never. */
  heardNs(vip: string, host: string, fromNs: number): number {
    return firstOf(this.#announcements.get(vip), fromNs, (event) => event.host === host);
  }

  /** When the network bound the address to the host, not before `fromNs`; Infinity: never. */
  boundNs(vip: string, host: string, fromNs: number): number {
    return firstOf(this.#holders.get(vip), fromNs, ({ to }) => to?.host === host);
  }
}

function listAt<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

function firstOf<T extends { readonly atNs: number }>(
  events: readonly T[] | undefined,
  fromNs: number,
  isIt: (event: T) => boolean,
): number {
  if (events === undefined) return Number.POSITIVE_INFINITY;
  for (let i = firstFrom(events, fromNs); i < events.length; i++) if (isIt(events[i]!)) return events[i]!.atNs;
  return Number.POSITIVE_INFINITY;
}

/** Index of the first that is not before `fromNs`; they are in order of time. */
export function firstFrom(events: readonly { readonly atNs: number }[], fromNs: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (events[middle]!.atNs < fromNs) low = middle + 1;
    else high = middle;
  }
  return low;
}
