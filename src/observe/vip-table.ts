/**
 * The table of virtual addresses: (broadcast domain, address) → who announced it last, from which MAC, how often it has moved, and when
 * it was heard of. It says of each announcement whether it is the first, one more of the same, or a move.
 *
 * Entries are numbered from 0 in the order in which they were added, sixteen words each; an index with open addressing, 1/8 to 1/4
 * full, leads to them. So the number of an entry stays the same while the table grows, and who watches an address keeps its number.
 * Nothing is allocated per announcement. Nothing is removed either: an address that nobody holds keeps its entry, and when there are
 * as many as allowed, a further address is refused and counted.
 */
import { type DomainId, NO_PORT, type PortId } from "../base/ids.ts";
import type { Announcement } from "../wire/announcement-record.ts";

/** Nobody has held the address until now. */
export const VIP_NEW = 0;
/** The same port and MAC as before. */
export const VIP_REFRESHED = 1;
/** Another port or another MAC than before. */
export const VIP_MOVED = 2;
/** The address is not known, and there is no room for it. */
export const VIP_REFUSED = 3;
export type VipChange = 0 | 1 | 2 | 3;

/** The number of an entry that there is not. */
export const NO_VIP = -1;

/** Words of an entry. Its first is the address, or its first four. */
const ENTRY_WORDS = 16;
/** Domain and family. */
const KEY = 4;
const HASH = 5;
/** Port + 1; 0: nobody. */
const OWNER = 6;
const MAC_HI = 7;
const MAC_LO = 8;
const MOVES = 9;
const SEEN = 10;

const FIRST_ENTRIES = 64;
/** Places in the index, by entry that there is room for. */
const SPREAD = 4;

export class VipTable {
  /** Entries; the last one's number is one less. */
  count = 0;
  /** How often there was no room. */
  refused = 0;
  /** Who held the address, and its MAC; valid right after `claim` or `announce` returned VIP_MOVED. */
  movedFrom: PortId = NO_PORT;
  movedFromHi = 0;
  movedFromLo = 0;
  readonly #entriesMax: number;
  #entries = new Int32Array(FIRST_ENTRIES * ENTRY_WORDS);
  /** Number of an entry + 1, by hash; 0: empty. */
  #index = new Int32Array(FIRST_ENTRIES * SPREAD);

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  /** Notes who announces the address, known or not. `tick` is when, in ms, wrapping as `Clock.ticks` does. */
  announce(domain: DomainId, port: PortId, announcement: Announcement, tick: number): VipChange {
    const entry = this.add(domain, announcement);
    return entry < 0 ? VIP_REFUSED : this.claim(entry, port, announcement, tick);
  }

  /** The number of the address's entry, or NO_VIP. */
  find(domain: DomainId, announcement: Announcement): number {
    const index = this.#index;
    const entries = this.#entries;
    const mask = index.length - 1;
    const key = keyOf(domain, announcement);
    const isIpv4 = announcement.addressOctets === 4;
    let i = hashOf(key, announcement) >>> Math.clz32(mask);
    for (;;) {
      const entry = index[i]! - 1;
      if (entry < 0) return NO_VIP;
      const at = entry * ENTRY_WORDS;
      if (entries[at] === announcement.ip0 && entries[at + KEY] === key) {
        if (isIpv4 || isRestOf(entries, at, announcement)) return entry;
      }
      i = (i + 1) & mask;
    }
  }

  /** As `find`, and makes an entry that nobody holds if there is none; NO_VIP if there is no room. */
  add(domain: DomainId, announcement: Announcement): number {
    const known = this.find(domain, announcement);
    if (known >= 0) return known;
    if (this.count >= this.#entriesMax) {
      this.refused++;
      return NO_VIP;
    }
    if (this.count * ENTRY_WORDS === this.#entries.length) this.#grow();
    const entry = this.count++;
    const at = entry * ENTRY_WORDS;
    const key = keyOf(domain, announcement);
    const hash = hashOf(key, announcement);
    const { ip0, ip1, ip2, ip3 } = announcement;
    this.#entries.set([ip0, ip1, ip2, ip3, key, hash], at);
    this.#place(entry, hash);
    return entry;
  }

  /** Notes who announces the address of an entry; never VIP_REFUSED. */
  claim(entry: number, port: PortId, announcement: Announcement, tick: number): VipChange {
    const { macHi, macLo } = announcement;
    const entries = this.#entries;
    const at = entry * ENTRY_WORDS;
    entries[at + SEEN] = tick;
    const owner = entries[at + OWNER]!;
    const hiBefore = entries[at + MAC_HI]!;
    const loBefore = entries[at + MAC_LO]!;
    if (owner === port + 1 && hiBefore === macHi && loBefore === macLo) return VIP_REFRESHED;
    entries[at + OWNER] = port + 1;
    entries[at + MAC_HI] = macHi;
    entries[at + MAC_LO] = macLo;
    if (owner === 0) return VIP_NEW;
    entries[at + MOVES]! += 1;
    this.movedFrom = (owner - 1) as PortId;
    this.movedFromHi = hiBefore;
    this.movedFromLo = loBefore;
    return VIP_MOVED;
  }

  /** Nobody holds the address of the entry any more: whoever claims it next is new. MAC, moves and tick stay. */
  release(entry: number): void {
    this.#entries[entry * ENTRY_WORDS + OWNER] = 0;
  }

  /** Who holds the address, or NO_PORT. */
  port(entry: number): PortId {
    return (this.#entries[entry * ENTRY_WORDS + OWNER]! - 1) as PortId;
  }

  /** First two octets of the MAC announced last; valid once anybody has held the address. */
  macHi(entry: number): number {
    return this.#entries[entry * ENTRY_WORDS + MAC_HI]!;
  }

  /** Its last four octets. */
  macLo(entry: number): number {
    return this.#entries[entry * ENTRY_WORDS + MAC_LO]!;
  }

  /** How often the address has moved. */
  moves(entry: number): number {
    return this.#entries[entry * ENTRY_WORDS + MOVES]!;
  }

  /** The tick of the last announcement. */
  seenTick(entry: number): number {
    return this.#entries[entry * ENTRY_WORDS + SEEN]!;
  }

  #place(entry: number, hash: number): void {
    const index = this.#index;
    const mask = index.length - 1;
    let i = hash >>> Math.clz32(mask);
    while (index[i] !== 0) i = (i + 1) & mask;
    index[i] = entry + 1;
  }

  #grow(): void {
    const entries = new Int32Array(this.#entries.length * 2);
    entries.set(this.#entries);
    this.#entries = entries;
    this.#index = new Int32Array(this.#index.length * 2);
    for (let entry = 0; entry < this.count; entry++) this.#place(entry, entries[entry * ENTRY_WORDS + HASH]!);
  }
}

/** Domain and family in one word. */
function keyOf(domain: DomainId, { addressOctets }: Announcement): number {
  return (domain << 1) | (addressOctets >>> 4);
}

/** The octets in which the addresses of a subnet differ are the upper ones of a word, and it is upper bits that the index takes. */
function hashOf(key: number, announcement: Announcement): number {
  let mixed = announcement.ip0 ^ Math.imul(key, 0x9e3779b1);
  if (announcement.addressOctets === 16) {
    mixed ^= Math.imul(announcement.ip1, 0xc2b2ae35);
    mixed ^= Math.imul(announcement.ip2, 0x27d4eb2f);
    mixed ^= Math.imul(announcement.ip3, 0x165667b1);
  }
  return Math.imul(mixed, 0x85ebca6b);
}

function isRestOf(entries: Int32Array, at: number, { ip1, ip2, ip3 }: Announcement): boolean {
  return entries[at + 1] === ip1 && entries[at + 2] === ip2 && entries[at + 3] === ip3;
}
