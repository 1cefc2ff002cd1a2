/**
 * The switch: a function of (port, frame, tables). It learns where a frame's source is, looks up where its destination is, and
 * puts what follows on the egress ring: to one port, to all others of the broadcast domain, or to nobody, for one cause.
 *
 * There are two ways through it. The short one, here, is for plain frames at plain ports: no flags, no VLANs, no partition, sources and
 * destinations that every switch treats alike. Everything else takes the whole rules, in `relay.ts`. `src/switch/README.md` lists
 * those and where each was taken from.
 *
 * The switch owns no clock, socket, timer or listener. A driver calls `ingress` and drains `egress` after it. It never
 * reads ARP, VRRP or any other payload to decide: traffic follows an announcement because the announcement is a frame with a
 * source address. Nothing is allocated per frame.
 */
import { assert } from "../base/assert.ts";
import type { Clock } from "../base/clock.ts";
import { type DomainId, type FrameRef, NO_PORT, type PortId } from "../base/ids.ts";
import type { FrameSlab } from "../frame/slab.ts";
import type { Cells } from "./cells.ts";
import { DROP_NAMES, DROP_NONE, DROP_SAME_PORT, type DropCause } from "./drop-cause.ts";
import { EgressRing } from "./egress-ring.ts";
import { type EntryKind, Fdb } from "./fdb.ts";
import type { FrameTap, SwitchObserver } from "./observer.ts";
import {
  FLAG_BITS,
  PORT_FLAGS_DEFAULT,
  type PortFlags,
  STATE_CAREFUL,
  STATE_FLAGS,
  STATE_NO_CARRIER,
  STATE_REMOVED,
} from "./port-state.ts";
import { ANY_SIDE, Ports } from "./ports.ts";
import { LINUX, type SwitchProfile } from "./profile.ts";
import { type Answer, Relay } from "./relay.ts";
import { type VlanMembership, Vlans } from "./vlans.ts";

/** 1,500 octets of MTU, an Ethernet header and one 802.1Q tag: the longest frame that a Linux bridge port of MTU 1,500 relays. */
export const FRAME_OCTETS_MAX = 1518;
/** The first word of 01:80:c2:00:00:0X. */
const RESERVED_GROUP = 0x00c28001;
const CAUSES = DROP_NAMES.length;
const RING_RECORDS = 1024;

export interface SwitchOptions {
  /** Default: LINUX. */
  readonly profile?: SwitchProfile;
  /** Entries of the forwarding table; default: the profile's. */
  readonly entriesMax?: number;
  /** Longest frame that is let in, without FCS; default: FRAME_OCTETS_MAX. */
  readonly frameOctetsMax?: number;
  /** Entries for which there is room from the start; default: a few. More are welcome, but a table that never grows is a constant to V8. */
  readonly entriesExpected?: number;
  /** As `entriesExpected`, of ports. */
  readonly portsExpected?: number;
}

export class VirtualSwitch {
  declare readonly profile: SwitchProfile;
  declare readonly fdb: Fdb;
  declare readonly ports: Ports;
  declare readonly vlans: Vlans;
  /** What to deliver; the driver drains it after each `ingress`, or after a batch. */
  declare readonly egress: EgressRing;
  tap: FrameTap | null = null;
  /** The frames that it forwards. */
  declare readonly slab: FrameSlab;
  /** Longest frame that is let in, without FCS. */
  declare readonly frameOctetsMax: number;
  declare private readonly relay: Relay;
  declare private readonly cells: Cells;
  /** Ports with flags, by domain: a domain that is not there has none. */
  readonly #flagged = new Map<DomainId, Set<PortId>>();
  /** Something of the switch as a whole asks every port for the whole rules. */
  #isCareful = false;
  /** An entry was made for a group or for no address at all; it means nothing, and the short way would not know. */
  #hasOddEntries = false;
  #observer: SwitchObserver | null = null;

  constructor(slab: FrameSlab, clock: Clock, options: SwitchOptions = {}) {
    const { profile = LINUX, frameOctetsMax = FRAME_OCTETS_MAX } = options;
    this.profile = profile;
    this.slab = slab;
    this.frameOctetsMax = frameOctetsMax;
    this.fdb = new Fdb(clock, profile.table, options.entriesMax, options.entriesExpected);
    this.cells = this.fdb.cells;
    this.ports = new Ports(CAUSES, options.portsExpected);
    this.vlans = new Vlans(this.ports);
    this.egress = new EgressRing(RING_RECORDS, this.ports.lists);
    const { fdb, ports, vlans, egress } = this;
    const rules = profile.relay;
    this.relay = new Relay({ slab, fdb, ports, vlans, egress, rules, frameOctetsMax });
  }

  // --- the fast path ------------------------------------------------------------------------------------------------

  /**
   * Takes one frame in and puts its deliveries on `egress`. Borrows the frame. Returns why nobody gets it, or DROP_NONE.
   *
   * This is the short way. What it cannot settle is left to `otherwise`. V8 puts it into a driver's loop together with what it calls and with the drain
   * as long as all of it is no longer than 920 octets of bytecode; where the switch is a constant to that loop, the arrays' addresses and lengths are,
   * too. So there are literals here for numbers that have names elsewhere. `bench/README.md` has what all that is worth.
   */
  ingress(port: PortId, frame: FrameRef): DropCause {
    const { ports, slab } = this;
    const domain = ports.state[port]!;
    const octets = slab.octets[frame]!;
    let out = -1;
    // Negative if the port is not plain, or the frame too short to rule out a runt, or too long.
    if ((domain | (octets - 20) | (this.frameOctetsMax - octets)) >= 0) {
      // Three aligned loads hold both addresses. The first octet on the wire is a word's lowest.
      const { words } = slab;
      const word = Math.imul(frame, slab.slotOctets) >>> 2;
      const w0 = words[word]!;
      // A group is in no table that the short way reads; nor is a source that must not be.
      if ((w0 & 1) === 0) out = this.cells.forward(domain, w0, words[word + 1]!, words[word + 2]!, port);
      if (out >= 0 && out !== port && ports.state[out] === domain && this.egress.push(out as PortId, frame)) {
        slab.references[frame]! += 1;
        ports.rxFrames[port]! += 1;
        ports.rxOctets[port]! += octets;
        ports.txFrames[out]! += 1;
        ports.txOctets[out]! += octets;
        if (this.tap === null) return 0;
        out = -2;
      }
    }
    return this.otherwise(port, frame, out);
  }

  /**
   * Settles what the short way has not. `out` is where that has found the destination, and then it has noted that the source was heard; -1: nowhere;
   * -2: the frame has been sent, and only the tap does not know. Too long to be put into a loop itself (460 octets), which leaves room for the drain.
   */
  private otherwise(port: PortId, frame: FrameRef, out: number): DropCause {
    const { ports, slab, relay } = this;
    const octets = slab.octets[frame]!;
    let cause: DropCause = DROP_NONE;
    if (out === port && this.profile.relay.knownAtIngress === "drop") {
      ports.rxFrames[port]! += 1;
      ports.rxOctets[port]! += octets;
      cause = DROP_SAME_PORT;
    } else if (out !== -2) {
      const domain = ports.domainOf(port);
      const isPlain = (ports.state[port]! | (octets - 20) | (this.frameOctetsMax - octets)) >= 0;
      const { words } = slab;
      // What is not plain may be too short to be looked into.
      const word = isPlain ? slab.start(frame) >>> 2 : 0;
      const w0 = words[word]!;
      const sourceHi = words[word + 1]! >>> 16;
      const sourceLo = words[word + 2]!;
      const isSourceValid = (sourceHi & 1) === 0 && (sourceHi | sourceLo) !== 0;
      // From a plain port to a group that no switch keeps for itself: learned, and to all others.
      if (isPlain && isSourceValid && (w0 & 1) !== 0 && w0 !== RESERVED_GROUP) {
        ports.rxFrames[port]! += 1;
        ports.rxOctets[port]! += octets;
        if (!this.cells.hearAt(domain, words[word + 1]!, sourceLo, port)) relay.learn(domain, sourceHi, sourceLo, port);
        cause = relay.floodPlainly(domain, port, frame);
      } else cause = relay.decide(port, frame);
    }
    if (cause !== DROP_NONE) ports.drops[port * CAUSES + cause]! += 1;
    if (this.tap !== null) this.tap.onFrame(port, frame, cause);
    return cause;
  }

  /** What would become of a frame. Its deliveries are on `egress` afterwards, for the caller to drain; nothing else changes. */
  ask(port: PortId, frame: FrameRef): Answer {
    return this.relay.ask(port, frame);
  }

  // --- set up; only while the egress ring is empty ------------------------------------------------------------------

  /** Hears of moves; null unless somebody listens. */
  get observer(): SwitchObserver | null {
    return this.#observer;
  }

  set observer(observer: SwitchObserver | null) {
    this.#observer = observer;
    this.relay.observer = observer;
  }

  /** A new broadcast domain. `multicast` false: group frames other than broadcast and neighbour discovery are dropped. */
  addDomain(multicast = true): DomainId {
    const domain = this.ports.addDomain();
    if (!multicast) this.relay.withoutMulticast.add(domain);
    return domain;
  }

  /** A new port, with carrier. */
  addPort(domain: DomainId): PortId {
    this.#demandEmptyRing();
    const port = this.ports.addPort(domain);
    this.cells.admitPort(port);
    this.egress.reserve(this.ports.count);
    this.#reviewPort(port);
    return port;
  }

  /** Carrier on or off. Without carrier a port neither takes nor gets frames. What is forgotten is the profile's matter. */
  setLink(port: PortId, up: boolean): void {
    const { linkChange } = this.profile.table;
    this.#setState(port, STATE_NO_CARRIER, !up);
    if (linkChange === "forget-all") this.fdb.flush();
    else if (linkChange !== "keep" && !up) this.fdb.flushPort(port);
    this.#observer?.onLink?.(port);
  }

  /** Takes a port out of the switch, with its flags, its VLANs and everything the table has behind it. */
  removePort(port: PortId): void {
    for (const domain of this.vlans.domainsOf(port)) this.vlans.leave(port, this.vlans.vidOf(domain));
    this.setFlags(port, PORT_FLAGS_DEFAULT);
    this.#setState(port, STATE_REMOVED, true);
    this.fdb.removePort(port);
    this.#reviewSwitch();
  }

  /** Puts a removed port back, with default flags and in no VLAN. */
  restorePort(port: PortId): void {
    this.#setState(port, STATE_REMOVED, false);
  }

  /** Changes some flags of a port. */
  setFlags(port: PortId, flags: Partial<PortFlags>): void {
    const { state } = this.ports;
    for (const [name, bit] of Object.entries(FLAG_BITS) as [keyof PortFlags, number][]) {
      const on = flags[name];
      if (on === undefined) continue;
      if (on === PORT_FLAGS_DEFAULT[name]) state[port]! &= ~bit;
      else state[port]! |= bit;
    }
    this.#reviewFlags(port);
  }

  /** From now on the domain looks at 802.1Q tags; its ports are in no VLAN until `joinVlan`. */
  makeVlanAware(domain: DomainId): void {
    this.vlans.makeAware(domain);
    this.#reviewDomain(domain);
  }

  /** Puts a port of a VLAN-aware domain into a VLAN, or changes how it is in it. */
  joinVlan(port: PortId, membership: VlanMembership): void {
    this.#demandEmptyRing();
    this.vlans.join(port, membership);
  }

  /**
   * Sets an entry by hand. False if the table is full, or if it is to be a dynamic one behind a port without carrier, where nothing can have been
   * learned. `vid` 0 unless the domain is VLAN-aware.
   */
  setEntry(domain: DomainId, vid: number, macHi: number, macLo: number, port: PortId, kind: EntryKind): boolean {
    // The short way takes the domain of an entry from its port.
    assert(this.ports.domainOf(port) === domain, "an entry's port is of its domain");
    if (kind === "dynamic" && this.ports.isOff(port)) return false;
    const set = this.fdb.set(this.#entryDomain(domain, vid), macHi, macLo, port, kind);
    if ((macHi & 1) !== 0 || (macHi | macLo) === 0) this.#hasOddEntries = true;
    this.#reviewSwitch();
    return set;
  }

  /** Removes an entry, of whatever kind; whether there was one. */
  removeEntry(domain: DomainId, vid: number, macHi: number, macLo: number): boolean {
    const removed = this.fdb.remove(this.#entryDomain(domain, vid), macHi, macLo);
    this.#reviewSwitch();
    return removed;
  }

  /**
   * An address of the switch itself, or of a port of it: frames to it go nowhere else, frames from it teach nothing. Whatever was known of it is
   * forgotten. One of a port goes with the port.
   */
  addOwnAddress(domain: DomainId, vid: number, macHi: number, macLo: number, port: PortId = NO_PORT): void {
    const at = this.#entryDomain(domain, vid);
    if (!this.fdb.isLocal((at << 16) | macHi, macLo)) this.fdb.set(at, macHi, macLo, port, "local");
    this.#reviewSwitch();
  }

  /** Bit X set: 01:80:c2:00:00:0X is forwarded although it is reserved (Linux: `group_fwd_mask`). */
  set groupForwardMask(mask: number) {
    this.relay.groupForwardMask = mask;
  }

  /** Side of a partition that is behind a port; ANY_SIDE: everything crosses to it, as to a trunk. */
  setSide(port: PortId, side: number): void {
    this.ports.side[port] = side;
  }

  /** While true a frame crosses only to ports whose side is its mark in the slab. */
  set partitioned(partitioned: boolean) {
    this.relay.partitioned = partitioned;
    if (!partitioned) this.ports.side.fill(ANY_SIDE);
    this.#reviewSwitch();
  }

  #entryDomain(domain: DomainId, vid: number): DomainId {
    return this.vlans.isAware(domain) ? this.vlans.domainOfVid(domain, vid) : domain;
  }

  #setState(port: PortId, bit: number, on: boolean): void {
    this.#demandEmptyRing();
    const { ports } = this;
    if (on) ports.state[port]! |= bit;
    else ports.state[port]! &= ~bit;
    for (const domain of [ports.domainOf(port), ...this.vlans.domainsOf(port)]) {
      if (ports.isOff(port)) ports.removeMember(domain, port);
      else ports.addMember(domain, port);
    }
    this.#reviewFlags(port);
  }

  /** A partition, or entries made by hand, concern every port. */
  #reviewSwitch(): void {
    const careful = this.relay.partitioned || this.fdb.fixedCount > 0 || this.#hasOddEntries;
    if (careful === this.#isCareful) return;
    this.#isCareful = careful;
    for (let port = 0; port < this.ports.count; port++) this.#reviewPort(port as PortId);
  }

  /** A port's flags concern all ports of its domain: with the first one that has any, and with the last one that had. */
  #reviewFlags(port: PortId): void {
    // An entry that outlives its port's carrier must not be served the short way.
    const flags = this.profile.table.linkChange === "keep" ? STATE_FLAGS | STATE_NO_CARRIER : STATE_FLAGS;
    const domain = this.ports.domainOf(port);
    const flagged = this.#flagged.get(domain) ?? new Set();
    const had = flagged.size > 0;
    if ((this.ports.state[port]! & flags) !== 0) flagged.add(port);
    else flagged.delete(port);
    const has = flagged.size > 0;
    if (has) this.#flagged.set(domain, flagged);
    else this.#flagged.delete(domain);
    if (has !== had) this.#reviewDomain(domain);
    this.#reviewPort(port);
  }

  /** A port that is on no flood list is off, and is looked at again when it comes back. */
  #reviewDomain(domain: DomainId): void {
    for (const port of this.ports.members(domain)) this.#reviewPort(port as PortId);
  }

  /** Whether a port may take the short way: not while it is off, and not while anything in its domain is out of the ordinary. */
  #reviewPort(port: PortId): void {
    const { withoutMulticast } = this.relay;
    const domain = this.ports.domainOf(port);
    const careful =
      this.#isCareful ||
      this.ports.isOff(port) ||
      this.#flagged.has(domain) ||
      // Groups that are in the table must not be looked up.
      this.profile.relay.groupSource === "learn" ||
      withoutMulticast.has(domain) ||
      this.vlans.isAware(domain);
    if (careful) this.ports.state[port]! |= STATE_CAREFUL;
    else this.ports.state[port]! &= ~STATE_CAREFUL;
  }

  #demandEmptyRing(): void {
    assert(this.egress.size === 0, "the switch was changed while frames waited");
  }
}
