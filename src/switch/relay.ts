/**
 * The whole rules: what happens to a frame that is not plain, or at a port that is not. `virtual-switch.ts` takes the short way for
 * the rest; where both could be taken they decide alike, and a test holds them to that.
 *
 * The order of decisions is a Linux bridge's; `src/switch/README.md` lists it with its sources. What other switches do instead
 * at some of the steps is in the profile.
 */
import { type DomainId, type FrameRef, NO_FRAME, NO_PORT, type PortId } from "../base/ids.ts";
import type { FrameSlab } from "../frame/slab.ts";
import {
  DROP_EGRESS_LINK_DOWN,
  DROP_FLOOD_OFF,
  DROP_GIANT,
  DROP_ISOLATED,
  DROP_LINK_DOWN,
  DROP_LOCKED,
  DROP_MULTICAST_NOT_CARRIED,
  DROP_MULTICAST_SOURCE,
  DROP_NO_OTHER_PORT,
  DROP_NO_PVID,
  DROP_NO_SLOT,
  DROP_NONE,
  DROP_NOT_IN_VLAN,
  DROP_PARTITIONED,
  DROP_PORT_REMOVED,
  DROP_RESERVED_DESTINATION,
  DROP_RING_FULL,
  DROP_RUNT,
  DROP_SAME_PORT,
  DROP_TO_SWITCH,
  DROP_ZERO_SOURCE,
  type DropCause,
} from "./drop-cause.ts";
import type { EgressRing } from "./egress-ring.ts";
import { type Fdb, LEARNED, type LearnResult, MOVED, NOT_LEARNED } from "./fdb.ts";
import type { SwitchObserver } from "./observer.ts";
import {
  STATE_HAIRPIN,
  STATE_ISOLATED,
  STATE_LOCKED,
  STATE_NO_BCAST_FLOOD,
  STATE_NO_FLOOD,
  STATE_NO_LEARNING,
  STATE_NO_MCAST_FLOOD,
  STATE_OFF,
  STATE_REMOVED,
} from "./port-state.ts";
import { ANY_SIDE, type Ports } from "./ports.ts";
import type { RelayRules } from "./profile.ts";
import { beginsWithTag, hasTag, RetaggedFrame } from "./retag.ts";
import { NO_VID, type Vlans } from "./vlans.ts";

/** Header, tag and type: Linux refuses a tagged frame that is shorter, VLAN-aware or not. */
const TAGGED_OCTETS_MIN = 20;

/** What the rules say of a frame that they were only asked about, besides where it would go. */
export interface Answer {
  readonly cause: DropCause;
  /** The VLAN that it belongs to; NO_VID at a port that looks at no tags, or if it is in none. */
  readonly vid: number;
  /** Its broadcast domain. */
  readonly domain: DomainId;
  /** What the table would make of its source; null if it does not come that far. */
  readonly learned: LearnResult | null;
  /** Where the table has its destination, its own source included; NO_PORT: it is flooded, or gets no further than to a check before. */
  readonly target: PortId;
  /** The ports with carrier that a flood would leave out, and why; null if it would not be flooded. */
  readonly withheld: readonly { readonly port: PortId; readonly cause: DropCause }[] | null;
}

/** What the rules need to know of the switch as a whole. */
export interface RelaySettings {
  readonly slab: FrameSlab;
  readonly fdb: Fdb;
  readonly ports: Ports;
  readonly vlans: Vlans;
  readonly egress: EgressRing;
  readonly rules: RelayRules;
  /** Longest frame that is let in. */
  readonly frameOctetsMax: number;
}

export class Relay {
  /** Hears of moves; the switch keeps it in step with its own. */
  observer: SwitchObserver | null = null;
  partitioned = false;
  /** Bit X set: 01:80:c2:00:00:0X is forwarded although it is reserved (Linux: `group_fwd_mask`). */
  groupForwardMask = 0;
  /** Domains whose groups are not carried, broadcast and neighbour discovery aside. */
  readonly withoutMulticast = new Set<number>();
  declare private readonly slab: FrameSlab;
  declare private readonly fdb: Fdb;
  declare private readonly ports: Ports;
  declare private readonly vlans: Vlans;
  declare private readonly egress: EgressRing;
  declare private readonly rules: RelayRules;
  declare private readonly frameOctetsMax: number;
  declare private readonly retagged: RetaggedFrame;
  /** Of the frame in hand: its subnet, its VLAN, and the upper half of its forwarding keys, which names its broadcast domain. */
  #domain = 0;
  #vid = NO_VID;
  #key = 0;
  /** The frame in hand is only asked about: nothing may change but the ring. The rest is what `Answer` says of it. */
  #asking = false;
  #learned: LearnResult | null = null;
  #target: PortId = NO_PORT;
  #withheld: { port: PortId; cause: DropCause }[] | null = null;

  constructor(settings: RelaySettings) {
    this.slab = settings.slab;
    this.fdb = settings.fdb;
    this.ports = settings.ports;
    this.vlans = settings.vlans;
    this.egress = settings.egress;
    this.rules = settings.rules;
    this.frameOctetsMax = settings.frameOctetsMax;
    this.retagged = new RetaggedFrame(settings.slab);
  }

  /**
   * What would become of a frame: its deliveries are put on the ring as always, for the caller to drain, and nothing else changes, neither
   * the table nor a counter. Borrows the frame.
   */
  ask(port: PortId, frame: FrameRef): Answer {
    this.#asking = true;
    this.#learned = null;
    this.#target = NO_PORT;
    this.#withheld = null;
    this.#vid = NO_VID;
    this.#key = this.ports.domainOf(port) << 16;
    const cause = this.decide(port, frame);
    const withheld = this.#withheld;
    this.#asking = false;
    this.#withheld = null;
    const domain = (this.#key >>> 16) as DomainId;
    return { cause, vid: this.#vid, domain, learned: this.#learned, target: this.#target, withheld };
  }

  /** Takes one frame in, from its first check to the egress ring. Borrows the frame. */
  decide(port: PortId, frame: FrameRef): DropCause {
    const state = this.ports.state[port]!;
    if (state < 0 && (state & STATE_OFF) !== 0)
      return (state & STATE_REMOVED) !== 0 ? DROP_PORT_REMOVED : DROP_LINK_DOWN;
    const slab = this.slab;
    const octets = slab.octets[frame]!;
    if (octets < 14) return DROP_RUNT;
    if (octets > this.frameOctetsMax) return DROP_GIANT;
    const start = slab.start(frame);
    if (octets < TAGGED_OCTETS_MIN && beginsWithTag(slab.bytes, start)) return DROP_RUNT;

    const word = start >> 2;
    const w0 = slab.words[word]!;
    const w1 = slab.words[word + 1]!;
    const sourceHi = w1 >>> 16;
    const sourceLo = slab.words[word + 2]!;
    let teaches = (state & STATE_NO_LEARNING) === 0;
    if ((sourceHi & 1) !== 0) {
      if (this.rules.groupSource === "drop") return DROP_MULTICAST_SOURCE;
      teaches &&= this.rules.groupSource === "learn";
    } else if ((sourceHi | sourceLo) === 0) {
      if (this.rules.zeroSource === "drop") return DROP_ZERO_SOURCE;
      teaches &&= this.rules.zeroSource === "learn";
    }
    if (!this.#asking) this.ports.countIn(port, octets);

    const destinationHi = w0 & 0xffff;
    const destinationLo = (w0 >>> 16) | (w1 << 16);
    const refusal = this.#classify(port, start);
    const reserved = w0 === 0x00c28001 && this.#isReserved(destinationLo >>> 24, destinationLo);
    if (reserved) {
      const teachesLate = this.rules.reservedGroups === "drop-after-learning" && destinationLo >>> 24 !== 1;
      if (teachesLate && refusal === DROP_NONE) this.#meetSource(teaches, sourceHi, sourceLo, port);
      return DROP_RESERVED_DESTINATION;
    }
    if (refusal !== DROP_NONE) return refusal;
    if ((state & STATE_LOCKED) !== 0 && this.fdb.lookupAny(this.#key | sourceHi, sourceLo) !== port) return DROP_LOCKED;
    this.#meetSource(teaches, sourceHi, sourceLo, port);
    return this.#forward(port, state, frame, destinationHi, destinationLo);
  }

  /** The MAC, by its first two octets and its last four, was heard at `port`. */
  learn(domain: DomainId, hi: number, lo: number, port: PortId): void {
    const result = this.fdb.learn((domain << 16) | hi, lo, port);
    if (this.observer === null) return;
    if (result === MOVED) this.observer.onMove(domain, hi, lo, this.fdb.movedFrom, port);
    else if (result === LEARNED) this.observer.onLearn?.(domain, hi, lo);
  }

  /** At a plain port of the domain: to all others, which are plain too, by one record. */
  floodPlainly(domain: DomainId, port: PortId, frame: FrameRef): DropCause {
    const copies = this.ports.lists[domain]!.length - 1;
    if (copies === 0) return DROP_NO_OTHER_PORT;
    if (!this.egress.pushFlood(domain, port, frame)) return DROP_RING_FULL;
    this.slab.retainMany(frame, copies);
    this.ports.countFlood(domain, port, this.slab.octets[frame]!);
    return DROP_NONE;
  }

  /** Finds the broadcast domain that the frame at `start` belongs to; why it may not come in by this port, or DROP_NONE. */
  #classify(port: PortId, start: number): DropCause {
    const domain = this.ports.domainOf(port);
    this.#domain = domain;
    this.#key = domain << 16;
    this.#vid = NO_VID;
    if (this.ports.state[port]! >= 0 || !this.vlans.isAware(domain)) return DROP_NONE;
    const tagVid = hasTag(this.slab.bytes, start) ? this.retagged.vidOf(start) : NO_VID;
    this.#vid = this.vlans.classify(port, tagVid);
    if (this.#vid === NO_VID) return tagVid === NO_VID ? DROP_NO_PVID : DROP_NOT_IN_VLAN;
    this.#key = this.vlans.domainOfVid(domain, this.#vid) << 16;
    return DROP_NONE;
  }

  #forward(port: PortId, state: number, frame: FrameRef, hi: number, lo: number): DropCause {
    if (state >= 0 && !this.#asking) {
      const out = (hi & 1) !== 0 ? NO_PORT : this.fdb.lookup(this.#key | hi, lo);
      if (out === NO_PORT || (out === port && this.rules.knownAtIngress === "flood"))
        return this.floodPlainly((this.#key >>> 16) as DomainId, port, frame);
      return out === port ? DROP_SAME_PORT : this.#send(out, frame);
    }
    this.retagged.begin(frame, this.#vid);
    const cause = this.#forwardCarefully(port, frame, hi, lo);
    this.retagged.end();
    return cause;
  }

  #forwardCarefully(port: PortId, frame: FrameRef, hi: number, lo: number): DropCause {
    if ((hi & 1) !== 0) {
      if (this.withoutMulticast.has(this.#domain) && !isAlwaysCarried(hi, lo)) return DROP_MULTICAST_NOT_CARRIED;
      return this.#flood(port, frame, hi === 0xffff && lo === -1 ? STATE_NO_BCAST_FLOOD : STATE_NO_MCAST_FLOOD);
    }
    if (this.fdb.isLocal(this.#key | hi, lo)) return DROP_TO_SWITCH;
    const out = this.#asking ? this.#wouldFind(port, frame, hi, lo) : this.fdb.lookupAny(this.#key | hi, lo);
    this.#target = out;
    if (out === NO_PORT || (out === port && this.rules.knownAtIngress === "flood")) {
      return this.#flood(port, frame, STATE_NO_FLOOD);
    }
    const cause = this.#obstacle(port, out, frame);
    return cause === DROP_NONE ? this.#send(out, frame) : cause;
  }

  /** Every port of the domain that nothing stands between; `offFlag` is the flag that switches off floods of this kind. */
  #flood(port: PortId, frame: FrameRef, offFlag: number): DropCause {
    const { lists, state } = this.ports;
    const members = lists[this.#key >>> 16]!;
    if (this.egress.free < members.length) return DROP_RING_FULL;
    if (this.#asking) this.#withheld = [];
    let copies = 0;
    let worst: DropCause = DROP_NO_OTHER_PORT;
    for (let i = 0; i < members.length; i++) {
      const out = members[i]! as PortId;
      let cause = this.#obstacle(port, out, frame);
      if (cause === DROP_NONE && (state[out]! & offFlag) !== 0) cause = DROP_FLOOD_OFF;
      if (cause === DROP_NONE) cause = this.#send(out, frame);
      if (cause === DROP_NONE) copies++;
      else if (cause !== DROP_SAME_PORT) worst = cause;
      if (cause !== DROP_NONE) this.#withheld?.push({ port: out, cause });
    }
    return copies > 0 ? DROP_NONE : worst;
  }

  /** What keeps a frame that came in at `port` from leaving at `out`; DROP_NONE if nothing does. */
  #obstacle(port: PortId, out: PortId, frame: FrameRef): DropCause {
    const { state, side } = this.ports;
    const there = state[out]!;
    if (out === port && (there & STATE_HAIRPIN) === 0) return DROP_SAME_PORT;
    if ((there & STATE_OFF) !== 0) return DROP_EGRESS_LINK_DOWN;
    if (this.#vid !== NO_VID && !this.vlans.isMember(out, this.#vid)) return DROP_NOT_IN_VLAN;
    if ((there & state[port]! & STATE_ISOLATED) !== 0) return DROP_ISOLATED;
    if (this.partitioned && side[out] !== ANY_SIDE && side[out] !== this.slab.mark[frame]) return DROP_PARTITIONED;
    return DROP_NONE;
  }

  #send(out: PortId, frame: FrameRef): DropCause {
    const leaving = this.#vid === NO_VID ? frame : this.retagged.as(this.vlans.leavesUntagged(out, this.#vid));
    if (leaving === NO_FRAME) return DROP_NO_SLOT;
    const octets = this.slab.octets[leaving]!;
    if (!this.egress.push(out, leaving)) return DROP_RING_FULL;
    this.slab.retain(leaving);
    if (!this.#asking) this.ports.countOut(out, octets);
    return DROP_NONE;
  }

  #meetSource(teaches: boolean, hi: number, lo: number, port: PortId): void {
    if (this.#asking) this.#learned = teaches ? this.fdb.wouldLearn(this.#key | hi, lo, port) : NOT_LEARNED;
    else if (teaches) this.learn((this.#key >>> 16) as DomainId, hi, lo, port);
  }

  /** Where the destination of a frame that is only asked about would be found, if its source had been learned by now. */
  #wouldFind(port: PortId, frame: FrameRef, hi: number, lo: number): PortId {
    const found = this.fdb.lookupAny(this.#key | hi, lo);
    if (this.#learned === null || this.#learned === NOT_LEARNED) return found;
    const word = this.slab.start(frame) >> 2;
    const sourceHi = this.slab.words[word + 1]! >>> 16;
    const sourceLo = this.slab.words[word + 2]!;
    if (sourceHi === hi && sourceLo === lo) return port;
    return this.fdb.wouldDisplace(this.#key | sourceHi, sourceLo, this.#key | hi, lo) ? NO_PORT : found;
  }

  /** Whether 01:80:c2:00:00:0X, X being `number`, is kept from being relayed; `lo` are the address's last four octets. */
  #isReserved(number: number, lo: number): boolean {
    if ((lo & 0xf0ffffff) !== 0x000000c2 || ((this.groupForwardMask >> number) & 1) !== 0) return false;
    return number === 0 ? this.rules.spanningTreeGroup === "drop" : this.rules.reservedGroups !== "flood";
  }
}

/** Broadcast, and the groups of neighbour discovery, which a network without multicast serves by itself: ff02::1 and solicited-node groups. */
function isAlwaysCarried(hi: number, lo: number): boolean {
  if (hi === 0xffff && lo === -1) return true;
  return hi === 0x3333 && ((lo & 0xff) === 0xff || lo === 0x01000000);
}
