/**
 * The same frame again. A capture of several interfaces, or merged from captures of several hosts, has each frame once for each of them; so
 * has one of a bridge and its ports, or of `any`, where a Linux cooked header of version 1 does not even say which is which. And where
 * cables make a ring, one frame comes round for ever. Wherever it shows, it was sent once.
 *
 * Equal octets do not make a copy by themselves, for keepalived announces an address five times within 0.1 ms. So:
 *
 *   several views   A view is an interface, in one direction. A frame is new if its own view has now seen it more often than any other has,
 *                   within 50 ms: clocks that differ by more hide copies.
 *   single frames   Adverts come 10 ms apart at least (one centisecond is the shortest interval there is), and a question for an address once
 *                   a second. The same octets within 1 ms of the last time are copies: on its way through bridge, veth and macvlan a
 *                   frame stays on one processor, for tens of microseconds.
 *   hidden views    A cooked header of version 1 tells the packet type, which is who it was for, or that it left. The type that shows a frame
 *                   first is the one that counts. How many interfaces of that type there are on a sender's way, its single frames tell:
 *                   of so many equal announcements, one was sent.
 *   loops           A hundred times the same frame, each within 1 ms of the one before, 10 ms long: no burst, and no way through a host.
 */
import { readU16 } from "../base/bytes.ts";
import { ARP_OCTETS } from "../wire/arp.ts";
import {
  ETHERNET_OCTETS,
  ETHERNET_TYPE,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  ETHERTYPE_VLAN,
} from "../wire/ethernet.ts";
import { IPV4_TOTAL_LENGTH } from "../wire/ipv4.ts";
import { IPV6_OCTETS, IPV6_PAYLOAD_LENGTH } from "../wire/ipv6.ts";
import { VLAN_OCTETS } from "../wire/vlan.ts";
import type { Moment } from "./moment.ts";

const WINDOW_NS = 50_000_000;
/** Frames that are sent one at a time are farther apart; ways through one host are shorter. */
const RUN_NS = 1_000_000;
const LOOP_SIGHTINGS = 100;
const LOOP_NS = 10_000_000;
/** Of senders, for hidden views. */
const SENDERS_MAX = 65_536;
/** Two sums over the octets, so that others have the same by chance once in 2^53. */
const FNV_OFFSET = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;
const OTHER_PRIME = 0x9e3779b1 | 0;

/** What a frame is to this: `single` ones are sent one at a time, `burst` may be several at once; of `other` ones no loop is told. */
export type Manner = "single" | "burst" | "other";

/** Sightings of one frame, each within a millisecond of the one before. It goes on changing. */
export interface Run {
  readonly from: Moment;
  until: Moment;
  sightings: number;
}

/** Where a frame was seen. */
export interface View {
  /** An interface, in one direction. */
  readonly id: number;
  /** Several interfaces may be behind it. */
  readonly isHidden: boolean;
  /** The source MAC (`macKey`). */
  readonly sender: number;
}

interface Sighting {
  readonly counts: Map<number, number>;
  readonly firstView: number;
  most: number;
  lastNs: number;
  run: Run;
  /** How often each view has shown it in this run. */
  shown: Map<number, number>;
  isTold: boolean;
}

export class Copies {
  /** A run that has just turned out to be a loop; null if the last frame made none. */
  newLoop: Run | null = null;
  #recent = new Map<number, Sighting>();
  #older = new Map<number, Sighting>();
  #turnNs = WINDOW_NS;
  /** How often one frame of a sender shows in a hidden view: by the sender's MAC and the view. */
  readonly #multiples: Map<string, number>;

  /** `before` has seen the same capture: what it knows of the senders is known from the start. */
  constructor(before: Copies | null) {
    this.#multiples = new Map(before === null ? [] : before.#multiples);
  }

  /** Whether this very frame has been there already. `now` does not go back. */
  isCopy(view: View, manner: Manner, now: Moment, bytes: Uint8Array, offset: number, octets: number): boolean {
    this.newLoop = null;
    this.#forget(now.atNs);
    const key = digest(bytes, offset, withoutPadding(bytes, offset, octets));
    const sighting = this.#find(key, view.id, now);
    const isRepeated = sighting.run.sightings > 0;
    this.#count(sighting, manner, now);
    if (sighting.isTold) return true;
    if (manner === "single" && view.isHidden) this.#learn(view, sighting);
    if (manner === "single" && isRepeated) return true;
    if (view.isHidden && view.id !== sighting.firstView) return true;
    const count = (sighting.counts.get(view.id) ?? 0) + 1;
    sighting.counts.set(view.id, count);
    const multiple = view.isHidden && manner === "burst" ? (this.#multiples.get(wayOf(view)) ?? 1) : 1;
    const sent = Math.ceil(count / multiple);
    if (sent <= sighting.most || (manner === "burst" && sent > LOOP_SIGHTINGS)) return true;
    sighting.most = sent;
    return false;
  }

  #forget(nowNs: number): void {
    if (nowNs < this.#turnNs) return;
    this.#older = nowNs - this.#turnNs < WINDOW_NS ? this.#recent : new Map();
    this.#recent = new Map();
    this.#turnNs = nowNs + WINDOW_NS;
  }

  #find(key: number, view: number, now: Moment): Sighting {
    let sighting = this.#recent.get(key) ?? this.#older.get(key);
    if (sighting === undefined || now.atNs - sighting.lastNs > WINDOW_NS) sighting = newSighting(view, now);
    this.#recent.set(key, sighting);
    if (now.atNs - sighting.lastNs > RUN_NS) {
      sighting.run = newRun(now);
      sighting.shown = new Map();
      sighting.isTold = false;
    }
    sighting.lastNs = now.atNs;
    return sighting;
  }

  /** One more sighting of its run, which may be a loop now. */
  #count(sighting: Sighting, manner: Manner, now: Moment): void {
    const { run } = sighting;
    run.sightings++;
    run.until = now;
    if (sighting.isTold || manner === "other" || run.sightings < LOOP_SIGHTINGS) return;
    if (now.atNs - run.from.atNs < LOOP_NS) return;
    sighting.isTold = true;
    this.newLoop = run;
  }

  /** A single frame that shows so often in a view tells how many interfaces are behind that. */
  #learn(view: View, { shown }: Sighting): void {
    const way = wayOf(view);
    const count = (shown.get(view.id) ?? 0) + 1;
    shown.set(view.id, count);
    if (this.#multiples.size < SENDERS_MAX || this.#multiples.has(way)) this.#multiples.set(way, count);
  }
}

function newSighting(firstView: number, now: Moment): Sighting {
  return {
    counts: new Map(),
    firstView,
    most: 0,
    lastNs: now.atNs,
    run: newRun(now),
    shown: new Map(),
    isTold: false,
  };
}

function newRun(now: Moment): Run {
  return { from: now, until: now, sightings: 0 };
}

function wayOf({ sender, id }: View): string {
  return `${sender} ${id}`;
}

/** The frame's octets without what pads it to 60: who receives it sees that, who sends it does not. */
function withoutPadding(bytes: Uint8Array, offset: number, octets: number): number {
  let typeAt = ETHERNET_TYPE;
  while (typeAt + 8 <= octets && readU16(bytes, offset + typeAt) === ETHERTYPE_VLAN) typeAt += VLAN_OCTETS;
  const payload = typeAt + ETHERNET_OCTETS - ETHERNET_TYPE;
  if (payload + 6 > octets) return octets;
  switch (readU16(bytes, offset + typeAt)) {
    case ETHERTYPE_ARP:
      return Math.min(octets, payload + ARP_OCTETS);
    case ETHERTYPE_IPV4:
      return Math.min(octets, payload + readU16(bytes, offset + payload + IPV4_TOTAL_LENGTH));
    case ETHERTYPE_IPV6:
      return Math.min(octets, payload + IPV6_OCTETS + readU16(bytes, offset + payload + IPV6_PAYLOAD_LENGTH));
    default:
      return octets;
  }
}

/** 53 bits. */
function digest(bytes: Uint8Array, offset: number, octets: number): number {
  let a = FNV_OFFSET;
  let b = octets;
  for (let i = offset; i < offset + octets; i++) {
    a = Math.imul(a ^ bytes[i]!, FNV_PRIME);
    b = Math.imul(b ^ bytes[i]!, OTHER_PRIME) ^ (b >>> 15);
  }
  return (a >>> 0) * 2 ** 21 + (b >>> 11);
}
