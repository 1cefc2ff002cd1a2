/**
 * The story of a capture: takes in its frames one by one, with who sent each and what the switch made of it, and keeps what a person wants to know
 * afterwards. Names and sentences come later, in `report.ts`.
 */
import { equalBytes } from "../base/bytes.ts";
import { formatIp } from "../wire/address.ts";
import { PARSE_NAMES } from "../wire/parse-code.ts";
import { AddressStory, type ReignOfRouter } from "./address-story.ts";
import type { Run } from "./copies.ts";
import { FACT_ADVERT, FACT_ANNOUNCEMENT, FACT_ANSWER, FACT_QUESTION, type FrameFacts } from "./frame-facts.ts";
import type { Host } from "./hosts.ts";
import { Limited } from "./limited.ts";
import { macKey } from "./mac-key.ts";
import type { Moment } from "./moment.ts";
import { groupKey, groupKeyOfMac } from "./survey.ts";
import { VirtualRouterStory } from "./virtual-router-story.ts";

/** Addresses, virtual routers and MACs of which a story is told; of a capture that has more, the first. */
const TOLD_MAX = 65_536;

/** A virtual router's MAC behind the port of one host. */
export interface MacHold {
  readonly host: Host;
  readonly from: Moment;
  until: Moment | null;
}

export interface VirtualMacStory {
  readonly vlan: number;
  readonly mac: number;
  readonly holds: Limited<MacHold>;
}

export interface Move {
  readonly at: Moment;
  readonly mac: string;
  readonly vlan: number;
  readonly from: Host;
  readonly to: Host;
}

/** Frames of one host that are malformed in one way. */
export interface Malformed {
  readonly protocol: string;
  /** As `wire/parse-code.ts` names it. */
  readonly reason: string;
  readonly host: Host;
  readonly first: Moment;
  count: number;
}

/** The same frame again and again: somewhere cables make a ring. */
export interface Loop {
  readonly host: Host;
  /** What the frame is, in words. */
  readonly what: string;
  readonly vlan: number;
  readonly run: Run;
}

export class Story {
  readonly routers = new Map<number, VirtualRouterStory>();
  readonly addresses = new Map<string, AddressStory>();
  readonly virtualMacs = new Map<number, VirtualMacStory>();
  readonly moves = new Limited<Move>();
  readonly loops = new Limited<Loop>();
  readonly malformed = new Map<string, Malformed>();
  /** Adverts of version 3 over IPv4 whose checksum leaves out the pseudo-header. */
  withoutPseudoHeader = 0;
  /** The reign that a host began last. */
  readonly #fresh = new Map<number, ReignOfRouter>();
  #now: Moment = { frame: 0, atNs: 0 };
  #lastAddress: AddressStory | null = null;
  #lastOctets = new Uint8Array(0);

  /** Takes in a frame with a fact, that `facts` has read from `bytes`, and which `host` sent. `now` does not go back. */
  add(host: Host, facts: FrameFacts, bytes: Uint8Array, now: Moment): void {
    this.#now = now;
    if (facts.fact === FACT_ANNOUNCEMENT) this.#announce(host, facts, bytes);
    else if (facts.fact === FACT_ANSWER) this.#addressOf(bytes, facts)?.answer(host, macKey(bytes, facts.mac), now);
    else if (facts.fact === FACT_QUESTION) this.#ask(host, facts, bytes);
    else if (facts.fact === FACT_ADVERT) this.#advertise(host, facts, bytes);
  }

  /** A frame of `host` is malformed, as `facts` says; whether the switch takes it or not. */
  noteMalformed(host: Host, { malformed, malformedIn }: FrameFacts, now: Moment): void {
    const key = `${malformedIn} ${malformed} ${host.id}`;
    const known = this.malformed.get(key);
    if (known !== undefined) known.count++;
    else {
      const reason = PARSE_NAMES[malformed]!;
      this.malformed.set(key, { protocol: malformedIn, reason, host, first: now, count: 1 });
    }
  }

  /** The switch has learned a virtual router's MAC behind the port of `host`. */
  learned(host: Host, mac: number, vlan: number, now: Moment): void {
    const key = groupKeyOfMac(vlan, mac);
    const story = this.virtualMacs.get(key) ?? { vlan, mac, holds: new Limited<MacHold>() };
    if (this.virtualMacs.size >= TOLD_MAX && !this.virtualMacs.has(key)) return;
    this.virtualMacs.set(key, story);
    const last = story.holds.items.at(-1);
    if (last?.host === host) return;
    if (last !== undefined) last.until ??= now;
    story.holds.add({ host, from: now, until: null });
  }

  moved(mac: string, vlan: number, from: Host, to: Host, now: Moment): void {
    this.moves.add({ at: now, mac, vlan, from, to });
  }

  /** The capture ends. Nothing may be added any more. */
  finish(end: Moment): void {
    for (const router of this.routers.values()) router.finish(end);
  }

  #announce(host: Host, facts: FrameFacts, bytes: Uint8Array): void {
    const mac = macKey(bytes, facts.mac);
    this.#addressOf(bytes, facts)?.announce(host, mac, facts.form, this.#now, this.#fresh.get(host.id) ?? null);
  }

  /** Every host asks, from its own address: only those that are told of already matter. */
  #ask(host: Host, facts: FrameFacts, bytes: Uint8Array): void {
    const key = `${facts.vlan} ${formatIp(bytes, facts.address, facts.addressOctets)}`;
    this.addresses.get(key)?.ask(host, macKey(bytes, facts.mac), this.#now);
  }

  #advertise(host: Host, facts: FrameFacts, bytes: Uint8Array): void {
    if (facts.withoutPseudoHeader) this.withoutPseudoHeader++;
    const router = this.#routerOf(facts);
    if (router === null) return;
    this.#list(router, facts, bytes);
    router.versions.add(facts.version);
    const reign = router.advert(host, this.#now, facts, bytes);
    if (reign === null) return;
    const begun = { reign, router };
    this.#fresh.set(host.id, begun);
    for (const address of router.addresses.values()) address.explain(begun);
  }

  /** Links the addresses of an advert with its virtual router, when it lists other ones than the last. */
  #list(router: VirtualRouterStory, facts: FrameFacts, bytes: Uint8Array): void {
    const octets = facts.addressCount * facts.addressOctets;
    if (!router.listsOtherThan(bytes, facts.addresses, octets)) return;
    for (let i = 0; i < octets; i += facts.addressOctets) {
      const text = formatIp(bytes, facts.addresses + i, facts.addressOctets);
      const story = this.#address(facts.vlan, text);
      if (story === null) continue;
      story.routers.add(router);
      router.addresses.set(text, story);
    }
  }

  #routerOf({ vlan, family, vrid }: FrameFacts): VirtualRouterStory | null {
    const key = groupKey(vlan, family, vrid);
    const known = this.routers.get(key);
    if (known !== undefined || this.routers.size >= TOLD_MAX) return known ?? null;
    const router = new VirtualRouterStory(vlan, family, vrid);
    this.routers.set(key, router);
    return router;
  }

  /** The address that a frame announces or answers for; announcements come in bursts, so most often the last one again. */
  #addressOf(bytes: Uint8Array, { vlan, address, addressOctets }: FrameFacts): AddressStory | null {
    const last = this.#lastAddress;
    const isLast = last?.vlan === vlan && this.#lastOctets.length === addressOctets;
    if (isLast && equalBytes(bytes, address, this.#lastOctets, 0, addressOctets)) return last;
    this.#lastOctets = bytes.slice(address, address + addressOctets);
    this.#lastAddress = this.#address(vlan, formatIp(this.#lastOctets));
    return this.#lastAddress;
  }

  #address(vlan: number, text: string): AddressStory | null {
    const key = `${vlan} ${text}`;
    const known = this.addresses.get(key);
    if (known !== undefined || this.addresses.size >= TOLD_MAX) return known ?? null;
    const story = new AddressStory(vlan, text);
    this.addresses.set(key, story);
    return story;
  }
}
