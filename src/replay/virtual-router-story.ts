/**
 * One virtual router, told from its adverts: who was master from when to when, why each began and how each ended, which adverts are missing, and
 * when there were two.
 *
 * A reign is a master's adverts without a break. It ends
 *
 *   farewell     with an advert of priority 0;
 *   superseded   when a better master's advert is followed by silence: a higher priority, or the same and a higher address;
 *   silence      with its last advert, when another one takes over, or nothing comes for as long as a backup would wait.
 *
 * Adverts are missing where one and a half intervals pass without one. Where nobody took over meanwhile that is a gap, not an end.
 */
import { compareBytes, equalBytes } from "../base/bytes.ts";
import type { AddressStory } from "./address-story.ts";
import type { FrameFacts } from "./frame-facts.ts";
import type { Host } from "./hosts.ts";
import { Limited } from "./limited.ts";
import { compareMoments, type Moment } from "./moment.ts";

/** Intervals without an advert after which one is missing. */
const MISSING_INTERVALS = 1.5;
/** Intervals without an advert after which backups take over: 3 and the skew, which is below 1. */
const DOWN_INTERVALS = 3;
/** Masters at once that are kept apart: each advert is told to all of them. */
const REIGNING_MAX = 256;

export type WhyMaster =
  /** No other master was heard before. */
  | "start"
  /** The master before said farewell: an advert of priority 0. */
  | "farewell"
  /** The master before had fallen silent. */
  | "silence"
  /** The master before was still advertising, and is the lesser one. */
  | "preemption"
  /** The master before was still advertising, and is the better one: it was not heard, or not minded. */
  | "contest";

/** Why somebody became master. */
export interface Why {
  readonly kind: WhyMaster;
  /** The master before; null for "start". */
  readonly before: Host | null;
  /** Its last advert, or its farewell. */
  readonly last: Moment | null;
  /** Adverts that were due since then and did not come; 0 unless it was silence. */
  readonly missed: number;
  /** The master before had become the lesser one by this; null if it always was, or is not. */
  readonly fall: PriorityChange | null;
}

/** Another priority in the midst of a reign: scripts, tracked interfaces, a new configuration. */
export interface PriorityChange {
  readonly at: Moment;
  readonly from: number;
  readonly to: number;
}

export type ReignEnd = "farewell" | "superseded" | "silence" | "capture-end";

export interface Reign {
  readonly host: Host;
  readonly from: Moment;
  readonly why: Why;
  /** Of the last advert. */
  priority: number;
  readonly changes: Limited<PriorityChange>;
  adverts: number;
  until: Moment;
  end: ReignEnd;
}

/** A stretch without adverts in which nobody else was master. */
export interface Gap {
  readonly host: Host;
  /** The adverts around it. */
  readonly from: Moment;
  readonly until: Moment;
  readonly missed: number;
}

export interface Sender {
  readonly host: Host;
  /** The IP address that its adverts come from. */
  readonly address: Uint8Array;
  adverts: number;
  farewells: number;
  readonly priorities: Set<number>;
  /** As its last advert states it; 0: not at all. */
  intervalNs: number;
  /** Of its last advert, as are those below. */
  version: number;
  /** VRRP_AUTH_…; -1 of version 3. */
  authType: number;
  /** The addresses that it lists, one behind the other. */
  listed: Uint8Array;
  /** Between adverts that followed each other without a gap. */
  seen: { count: number; sumNs: number; minNs: number; maxNs: number };
  missed: number;
}

/** What is needed of a sender until the end, beside what is told. */
interface Progress {
  readonly sender: Sender;
  priority: number;
  last: Moment;
  farewell: Moment | null;
  reign: Reign | null;
  /** The first advert of a better master since the last own one. */
  beaten: Moment | null;
  /** It went on although a better master had been there. */
  wentOn: boolean;
  /** Another one advertised since the last own advert. */
  othersSpoke: boolean;
}

export class VirtualRouterStory {
  readonly vlan: number;
  readonly family: number;
  readonly vrid: number;
  readonly versions = new Set<number>();
  /** The addresses that its adverts have listed, by their text. */
  readonly addresses = new Map<string, AddressStory>();
  readonly senders = new Map<number, Sender>();
  readonly reigns = new Limited<Reign>();
  readonly gaps = new Limited<Gap>();
  readonly #progress = new Map<number, Progress>();
  #reigning: Progress[] = [];
  #lastSpeaker: Progress | null = null;
  /** The octets of the last advert's list of addresses. */
  #listed = new Uint8Array(0);

  constructor(vlan: number, family: number, vrid: number) {
    this.vlan = vlan;
    this.family = family;
    this.vrid = vrid;
  }

  /** The reign in progress of a host; null if it is not master. */
  reignOf(host: Host): Reign | null {
    return this.#progress.get(host.id)?.reign ?? null;
  }

  /** The reigns in progress. */
  reigning(): Reign[] {
    return this.#reigning.map(({ reign }) => reign!);
  }

  /** Whether these octets of an advert's list are others than the last advert's. They are the last one's afterwards. */
  listsOtherThan(bytes: Uint8Array, offset: number, octets: number): boolean {
    if (octets === this.#listed.length && equalBytes(bytes, offset, this.#listed, 0, octets)) return false;
    this.#listed = bytes.slice(offset, offset + octets);
    return true;
  }

  /** A host's advert, that `facts` has read from `bytes`. Returns the reign that begins with it, or null. */
  advert(host: Host, now: Moment, facts: FrameFacts, bytes: Uint8Array): Reign | null {
    const { priority, intervalNs } = facts;
    const own = this.#progressOf(host, now, bytes, facts.source);
    const { sender } = own;
    sender.adverts++;
    sender.priorities.add(priority);
    if (priority === 0) {
      this.#farewell(own, now);
      return null;
    }
    const begun = own.reign === null || !this.#goesOn(own, now) ? this.#begin(own, now, priority) : null;
    if (intervalNs > 0) sender.intervalNs = intervalNs;
    noteSettings(sender, facts, bytes);
    const reign = own.reign!;
    if (priority !== reign.priority) reign.changes.add({ at: now, from: reign.priority, to: priority });
    reign.adverts++;
    reign.priority = priority;
    own.priority = priority;
    own.last = now;
    own.wentOn ||= own.beaten !== null;
    own.beaten = null;
    own.othersSpoke = false;
    this.#lastSpeaker = own;
    this.#tellOthers(own, now);
    return begun;
  }

  /** The capture ends. Nothing may be added any more. */
  finish(end: Moment): void {
    for (const own of this.#reigning) {
      const downNs = own.sender.intervalNs * (DOWN_INTERVALS + 1);
      const isSilent = own.sender.intervalNs > 0 && end.atNs - own.last.atNs > downNs;
      if (isSilent || isSuperseded(own)) this.#close(own);
      else this.#end(own, end, "capture-end");
    }
  }

  #progressOf(host: Host, now: Moment, bytes: Uint8Array, source: number): Progress {
    const known = this.#progress.get(host.id);
    if (known !== undefined) return known;
    const sender: Sender = {
      host,
      address: bytes.slice(source, source + (this.family === 4 ? 4 : 16)),
      adverts: 0,
      farewells: 0,
      priorities: new Set(),
      intervalNs: 0,
      version: 0,
      authType: -1,
      listed: new Uint8Array(0),
      seen: { count: 0, sumNs: 0, minNs: Number.POSITIVE_INFINITY, maxNs: 0 },
      missed: 0,
    };
    const progress: Progress = {
      sender,
      priority: 0,
      last: now,
      farewell: null,
      reign: null,
      beaten: null,
      wentOn: false,
      othersSpoke: false,
    };
    this.senders.set(host.id, sender);
    this.#progress.set(host.id, progress);
    return progress;
  }

  #farewell(own: Progress, now: Moment): void {
    own.sender.farewells++;
    // keepalived may say it twice: the first one counts.
    if (own.reign !== null || own.farewell === null) own.farewell = now;
    if (own.reign !== null) this.#end(own, now, "farewell");
    this.#lastSpeaker = own;
  }

  /** Whether the advert belongs to the reign in progress, which is closed if not. */
  #goesOn(own: Progress, now: Moment): boolean {
    const { sender } = own;
    const gapNs = now.atNs - own.last.atNs;
    const { intervalNs } = sender;
    if (intervalNs === 0 || gapNs <= intervalNs * MISSING_INTERVALS) {
      sender.seen.count++;
      sender.seen.sumNs += gapNs;
      sender.seen.minNs = Math.min(sender.seen.minNs, gapNs);
      sender.seen.maxNs = Math.max(sender.seen.maxNs, gapNs);
      return true;
    }
    if (own.othersSpoke && (own.beaten !== null || gapNs > intervalNs * DOWN_INTERVALS)) {
      this.#close(own);
      return false;
    }
    const missed = Math.max(1, Math.round(gapNs / intervalNs) - 1);
    sender.missed += missed;
    this.gaps.add({ host: sender.host, from: own.last, until: now, missed });
    return true;
  }

  #begin(own: Progress, now: Moment, priority: number): Reign {
    const { host } = own.sender;
    const why = this.#whyMaster(own, now, priority);
    own.reign = { host, from: now, why, priority, changes: new Limited(), adverts: 0, until: now, end: "silence" };
    own.wentOn = false;
    this.reigns.add(own.reign);
    if (this.#reigning.length >= REIGNING_MAX) this.#close(this.#reigning[0]!);
    this.#reigning.push(own);
    return own.reign;
  }

  #whyMaster(own: Progress, now: Moment, priority: number): Why {
    const before = this.#lastSpeaker;
    if (before === null) return { kind: "start", before: null, last: null, missed: 0, fall: null };
    const { host, intervalNs } = before.sender;
    if (before.farewell !== null && compareMoments(before.farewell, before.last) >= 0)
      return { kind: "farewell", before: host, last: before.farewell, missed: 0, fall: null };
    const silentNs = now.atNs - before.last.atNs;
    const isSilent = intervalNs > 0 && silentNs > intervalNs * MISSING_INTERVALS;
    const missed = isSilent ? Math.floor(silentNs / intervalNs) : 0;
    const kind = isSilent ? "silence" : beats(own, priority, before) ? "preemption" : "contest";
    const change = kind === "preemption" ? before.reign?.changes.items.at(-1) : undefined;
    const fall = change !== undefined && change.to < change.from ? change : null;
    return { kind, before: host, last: before.last, missed, fall };
  }

  /** Whoever else is master has heard a rival now; those that fell silent are masters no more. */
  #tellOthers(own: Progress, now: Moment): void {
    if (this.#reigning.length === 1) return;
    for (const other of this.#reigning) {
      if (other === own) continue;
      other.othersSpoke = true;
      if (other.beaten === null && beats(own, own.priority, other)) other.beaten = now;
      const downNs = other.sender.intervalNs * (DOWN_INTERVALS + 1);
      if (other.sender.intervalNs > 0 && now.atNs - other.last.atNs > downNs) this.#close(other);
    }
  }

  #close(own: Progress): void {
    const isBeaten = isSuperseded(own);
    this.#end(own, isBeaten && !own.wentOn ? own.beaten! : own.last, isBeaten ? "superseded" : "silence");
  }

  /** Whoever goes through those that reign goes on with the list as it was. */
  #end(own: Progress, until: Moment, end: ReignEnd): void {
    own.reign!.until = until;
    own.reign!.end = end;
    own.reign = null;
    own.beaten = null;
    this.#reigning = this.#reigning.filter((other) => other !== own);
  }
}

function noteSettings(sender: Sender, facts: FrameFacts, bytes: Uint8Array): void {
  const { addresses, addressCount, addressOctets } = facts;
  const octets = addressCount * addressOctets;
  sender.version = facts.version;
  sender.authType = facts.authType;
  if (sender.listed.length === octets && equalBytes(bytes, addresses, sender.listed, 0, octets)) return;
  sender.listed = bytes.slice(addresses, addresses + octets);
}

/** Whether a better master spoke before the next advert was due. */
function isSuperseded({ beaten, last, sender }: Progress): boolean {
  return beaten !== null && beaten.atNs - last.atNs <= sender.intervalNs * MISSING_INTERVALS;
}

/** Whether an advert of `priority` makes a master of the other's last one yield (RFC 9568 section 6.4.3). */
function beats(own: Progress, priority: number, other: Progress): boolean {
  if (priority !== other.priority) return priority > other.priority;
  const { address } = own.sender;
  return compareBytes(address, 0, other.sender.address, 0, address.length) > 0;
}
