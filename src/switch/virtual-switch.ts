/**
 * The switch: a function of (port, frame, tables). In this order it
 *
 *   1. refuses what no bridge relays: no carrier, runts, giants, sources that are a group or zero, pause frames;
 *   2. learns the source: this MAC is behind this port, now;
 *   3. refuses the reserved groups 01:80:c2:00:00:02 to :0f;
 *   4. sends a group frame, or one for an unknown MAC, to every other port of the broadcast domain (flood);
 *   5. sends a frame for a known MAC to its port, unless it came from there.
 *
 * These are a Linux bridge's rules with STP and multicast snooping off; `src/switch/README.md` says where each was taken from.
 *
 * The switch owns no clock, socket, timer or listener. A driver calls `ingress` and drains `egress` after it. It never
 * reads ARP, VRRP or any other payload to decide: traffic follows an announcement because the announcement is a frame with a
 * source address. Nothing is allocated per frame.
 */
import { assert } from "../base/assert.ts";
import type { Clock } from "../base/clock.ts";
import { type DomainId, type FrameRef, NO_PORT, type PortId } from "../base/ids.ts";
import type { FrameSlab } from "../frame/slab.ts";
import {
  DROP_GIANT,
  DROP_LINK_DOWN,
  DROP_MULTICAST_NOT_CARRIED,
  DROP_MULTICAST_SOURCE,
  DROP_NAMES,
  DROP_NO_OTHER_PORT,
  DROP_NONE,
  DROP_PARTITIONED,
  DROP_RESERVED_DESTINATION,
  DROP_RING_FULL,
  DROP_RUNT,
  DROP_SAME_PORT,
  DROP_ZERO_SOURCE,
  type DropCause,
} from "./drop-cause.ts";
import { EgressRing } from "./egress-ring.ts";
import { Fdb, MOVED } from "./fdb.ts";
import type { FrameTap, SwitchObserver } from "./observer.ts";
import { Ports } from "./ports.ts";

/** 1,500 octets of MTU, an Ethernet header and one 802.1Q tag: the longest frame that a Linux bridge port of MTU 1,500 relays. */
export const FRAME_OCTETS_MAX = 1518;
const CAUSES = DROP_NAMES.length;

export class VirtualSwitch {
  readonly fdb: Fdb;
  readonly ports: Ports;
  /** (port, frame) pairs to deliver; the driver drains it after each `ingress`, or after a batch. */
  egress = new EgressRing(1024);
  tap: FrameTap | null = null;
  observer: SwitchObserver | null = null;
  readonly #slab: FrameSlab;
  readonly #frameOctetsMax: number;

  constructor(slab: FrameSlab, clock: Clock, frameOctetsMax = FRAME_OCTETS_MAX) {
    this.#slab = slab;
    this.#frameOctetsMax = frameOctetsMax;
    this.fdb = new Fdb(clock);
    this.ports = new Ports(CAUSES);
  }

  /** A new broadcast domain. `multicast` false: group frames other than broadcast and neighbour discovery are dropped. */
  addDomain(multicast = true): DomainId {
    return this.ports.addDomain(multicast);
  }

  /** A new port, with carrier. */
  addPort(domain: DomainId): PortId {
    const port = this.ports.addPort(domain);
    if (this.ports.count >= this.egress.capacity) {
      assert(this.egress.size === 0, "a port was added while frames waited");
      this.egress = new EgressRing(this.egress.capacity * 2);
    }
    return port;
  }

  /** Carrier on or off. Without carrier a port neither takes nor gets frames, and what was learned behind it is forgotten. */
  setLink(port: PortId, up: boolean): void {
    this.ports.setLink(port, up);
    if (!up) this.fdb.flushPort(port);
  }

  /** Takes one frame in and puts its deliveries on `egress`. Borrows the frame. Returns why nobody gets it, or DROP_NONE. */
  ingress(port: PortId, frame: FrameRef): DropCause {
    const cause = this.#decide(port, frame);
    if (cause !== DROP_NONE) this.ports.drops[port * CAUSES + cause]! += 1;
    if (this.tap !== null) this.tap.onFrame(port, frame, cause);
    return cause;
  }

  #decide(port: PortId, frame: FrameRef): DropCause {
    const ports = this.ports;
    const domain = ports.domain[port]!;
    if (ports.up[port] === 0) return DROP_LINK_DOWN;
    const slab = this.#slab;
    const octets = slab.octets[frame]!;
    if (octets < 14) return DROP_RUNT;
    if (octets > this.#frameOctetsMax) return DROP_GIANT;

    // Three aligned loads hold both addresses. The first octet on the wire is a word's lowest.
    const words = slab.words;
    const word = slab.start(frame) >> 2;
    const w0 = words[word]!;
    const w1 = words[word + 1]!;
    const sourceHi = w1 >>> 16;
    const sourceLo = words[word + 2]!;
    if ((sourceHi & 1) !== 0) return DROP_MULTICAST_SOURCE;
    if ((sourceHi | sourceLo) === 0) return DROP_ZERO_SOURCE;
    ports.rxFrames[port]! += 1;
    ports.rxOctets[port]! += octets;

    // 01:80:c2:00:00:01, a pause frame: the only one that teaches nothing.
    if (w0 === 0x00c28001 && (w1 & 0xffff) === 0x0100) return DROP_RESERVED_DESTINATION;
    const key = (domain << 16) | sourceHi;
    if (this.fdb.learn(key, sourceLo, port) === MOVED && this.observer !== null) {
      this.observer.onMove(domain as DomainId, sourceHi, sourceLo, this.fdb.movedFrom, port);
    }

    const destinationHi = w0 & 0xffff;
    const destinationLo = (w0 >>> 16) | (w1 << 16);
    if ((w0 & 1) !== 0) {
      if (isReserved(destinationHi, destinationLo)) return DROP_RESERVED_DESTINATION;
      if (ports.multicast[domain] === 0 && !isAlwaysCarried(destinationHi, destinationLo))
        return DROP_MULTICAST_NOT_CARRIED;
      return this.#flood(port, domain, frame, octets);
    }
    const out = this.fdb.lookup((domain << 16) | destinationHi, destinationLo);
    if (out === NO_PORT) return this.#flood(port, domain, frame, octets);
    if (out === port) return DROP_SAME_PORT;
    if (ports.partitioned && ports.group[out] !== ports.group[port]) return DROP_PARTITIONED;
    if (this.egress.free === 0) return DROP_RING_FULL;
    slab.retain(frame);
    this.#send(out, frame, octets);
    return DROP_NONE;
  }

  #send(out: PortId, frame: FrameRef, octets: number): void {
    this.egress.push(out, frame);
    this.ports.txFrames[out]! += 1;
    this.ports.txOctets[out]! += octets;
  }

  #flood(port: PortId, domain: number, frame: FrameRef, octets: number): DropCause {
    const ports = this.ports;
    const members = ports.members(domain as DomainId);
    if (this.egress.free < members.length) return DROP_RING_FULL;
    const group = ports.group[port];
    let copies = 0;
    for (let i = 0; i < members.length; i++) {
      const out = members[i]! as PortId;
      if (out === port || (ports.partitioned && ports.group[out] !== group)) continue;
      this.#send(out, frame, octets);
      copies++;
    }
    if (copies === 0) return members.length > 1 ? DROP_PARTITIONED : DROP_NO_OTHER_PORT;
    this.#slab.retainMany(frame, copies);
    return DROP_NONE;
  }
}

/** 01:80:c2:00:00:02 to 01:80:c2:00:00:0f, :01 having been refused before. The :00 of the spanning tree is relayed while STP is off, as Linux does. */
function isReserved(hi: number, lo: number): boolean {
  // lo holds c2:00:00:XX with c2 in the lowest octet.
  return hi === 0x8001 && (lo & 0xf0ffffff) === 0x000000c2 && lo !== 0x000000c2;
}

/** Broadcast, and the groups of neighbour discovery, which a network without multicast serves by itself: ff02::1 and solicited-node groups. */
function isAlwaysCarried(hi: number, lo: number): boolean {
  if (hi === 0xffff && lo === -1) return true;
  return hi === 0x3333 && ((lo & 0xff) === 0xff || lo === 0x01000000);
}
