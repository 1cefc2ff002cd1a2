/**
 * One address: who holds it, as the network sees it. That is whoever announced it last, by gratuitous ARP or an unsolicited neighbour
 * advertisement; the same rule as in simulated runs. Before the first announcement, and where the capture has none (a filter for
 * VRRP alone), whoever is master is taken to hold what its adverts list.
 *
 * Beside that: hosts that announce it in turn, and answers with a MAC that is not the holder's.
 */
import type { AnnouncementForm } from "./frame-facts.ts";
import { ANNOUNCED_ONLY, completeHolds, DEED_NS, type Hold, type HoldReason } from "./hold.ts";
import type { Host } from "./hosts.ts";
import { Limited } from "./limited.ts";
import { compareMoments, type Moment } from "./moment.ts";
import type { Reign, VirtualRouterStory } from "./virtual-router-story.ts";

/** A holder that takes an address back within this time has not given it up: two announce it. */
const QUICK_NS = 1_000_000_000;
/** Kinds of strange answers that are kept. */
const STRANGERS_MAX = 1_000;

/** Two hosts that announce an address in turn, at once. */
export interface Duel {
  readonly from: Moment;
  until: Moment;
  readonly hosts: readonly Host[];
  /** How often the address changed hands in it. */
  changes: number;
}

/** Answers to questions for an address, or questions from it, with a MAC that is not its holder's. */
export interface StrangeAnswers {
  readonly how: "answer" | "question";
  readonly host: Host;
  readonly mac: number;
  /** Who held the address at the first of them, or had answered before, and with which MAC; null if no frame told. */
  readonly holder: Host;
  readonly holderMac: number | null;
  readonly first: Moment;
  last: Moment;
  count: number;
}

/** A reign and its virtual router. */
export interface ReignOfRouter {
  readonly reign: Reign;
  readonly router: VirtualRouterStory;
}

export class AddressStory {
  readonly vlan: number;
  readonly address: string;
  announcements = 0;
  /** Virtual routers whose adverts list it. */
  readonly routers = new Set<VirtualRouterStory>();
  readonly duels = new Limited<Duel>();
  readonly strangers = new Map<string, StrangeAnswers>();
  readonly #holds = new Limited<Hold>();
  #current: Hold | null = null;
  /** Who held it before the current holder, and since when the current one has it. */
  #before: Host | null = null;
  #since: Moment | null = null;
  #duel: Duel | null = null;
  /** Who answered first, while nobody has announced it. */
  #answerer: { readonly host: Host; readonly mac: number } | null = null;

  constructor(vlan: number, address: string) {
    this.vlan = vlan;
    this.address = address;
  }

  /** Somebody has announced it, or advertises it: it is no ordinary host's own. */
  get isVirtual(): boolean {
    return this.announcements > 0 || this.routers.size > 0;
  }

  /** Holds that were not kept, being too many. */
  get omitted(): number {
    return this.#holds.omitted;
  }

  /** `mac` is a key of `mac-key.ts`. `fresh` is a reign of the host that has just begun, in any virtual router: for addresses that adverts do not list. */
  announce(host: Host, mac: number, form: AnnouncementForm, now: Moment, fresh: ReignOfRouter | null): void {
    this.announcements++;
    const current = this.#current;
    if (current !== null && current.host === host && current.mac === mac) {
      current.announcements++;
      return;
    }
    const why = this.#why(host, now, fresh);
    if (current !== null) current.until = now;
    if (current?.host !== host) this.#changeHands(host, now);
    this.#current = { host, mac, from: now, cause: form, why, announcements: 1, until: null };
    this.#holds.add(this.#current);
  }

  /** A host became master of a virtual router of this address. If it took the address just before, that is why. */
  explain({ reign, router }: ReignOfRouter): void {
    const hold = this.#current;
    if (hold === null || hold.host !== reign.host || reign.from.atNs - hold.from.atNs > DEED_NS) return;
    if (hold.why.kind === "not-master" || hold.why.kind === "announcement") hold.why = { ...reign.why, router };
  }

  /** Somebody answers a question for the address. */
  answer(host: Host, mac: number, now: Moment): void {
    if (this.#current === null && [...this.routers].some((router) => router.reignOf(host) !== null)) return;
    this.#answerer ??= { host, mac };
    const holder = this.#current ?? this.#answerer;
    if (holder.mac !== mac) this.#noteStranger("answer", host, mac, holder, now);
  }

  /** Somebody asks for another address, and gives this one as its own. */
  ask(host: Host, mac: number, now: Moment): void {
    if (!this.isVirtual) return;
    const reigning = [...this.routers].flatMap((router) => router.reigning());
    // A router may use its address whichever MAC it has announced.
    if (reigning.some((reign) => reign.host === host)) return;
    const [master] = reigning;
    const holder = this.#current ?? (master === undefined ? null : { host: master.host, mac: null });
    if (holder === null || holder.host === host || holder.mac === mac) return;
    this.#noteStranger("question", host, mac, holder, now);
  }

  #noteStranger(
    how: StrangeAnswers["how"],
    host: Host,
    mac: number,
    holder: { readonly host: Host; readonly mac: number | null },
    now: Moment,
  ): void {
    const key = `${how} ${host.id} ${mac} ${holder.host.id} ${holder.mac}`;
    const known = this.strangers.get(key);
    if (known !== undefined) {
      known.last = now;
      known.count++;
    } else if (this.strangers.size < STRANGERS_MAX) {
      const stranger = { how, host, mac, holder: holder.host, holderMac: holder.mac, first: now, last: now, count: 1 };
      this.strangers.set(key, stranger);
    }
  }

  /** All holds, oldest first, when the capture has ended. */
  holds(): Hold[] {
    return completeHolds(this.#holds.items, this.routers);
  }

  #why(host: Host, now: Moment, fresh: ReignOfRouter | null): HoldReason {
    const current = this.#current;
    if (current !== null && current.host === host)
      return { kind: "other-mac", before: host, last: current.from, missed: 0, fall: null, router: null };
    if (this.routers.size === 0) {
      const isFresh = fresh !== null && now.atNs - fresh.reign.from.atNs <= DEED_NS;
      return isFresh ? { ...fresh.reign.why, router: fresh.router } : ANNOUNCED_ONLY;
    }
    for (const router of this.routers) {
      const reign = router.reignOf(host);
      if (reign === null) continue;
      const wasMaster = current !== null && compareMoments(reign.from, current.from) < 0;
      if (!wasMaster) return { ...reign.why, router };
      return { kind: "return", before: current.host, last: current.from, missed: 0, fall: null, router };
    }
    const [router] = this.routers;
    return {
      kind: "not-master",
      before: current?.host ?? null,
      last: current?.from ?? null,
      missed: 0,
      fall: null,
      router: router!,
    };
  }

  /** Notes a duel if the address goes back to who had it a moment ago. */
  #changeHands(host: Host, now: Moment): void {
    const since = this.#since;
    const isBack = host === this.#before && since !== null && now.atNs - since.atNs <= QUICK_NS;
    if (!isBack) {
      this.#duel = null;
    } else if (this.#duel === null) {
      this.#duel = { from: since, until: now, hosts: [host, this.#current!.host], changes: 2 };
      this.duels.add(this.#duel);
    } else {
      this.#duel.until = now;
      this.#duel.changes++;
    }
    this.#before = this.#current?.host ?? null;
    this.#since = now;
  }
}
