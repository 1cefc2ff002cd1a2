/**
 * Ports and broadcast domains as arrays: what the fast path needs to know of a port is one word (`port-state.ts`), what it counts are
 * four numbers, each in an array as long as that of the words, so that V8 checks a port against the length only once. The list of ports that a flood reaches is kept per domain and changes only when a port comes, goes or loses carrier.
 *
 * A flood to 63 ports does not touch 63 counters: it is entered once in the domain's ledger, and what a port sent is reckoned when
 * somebody asks: its own frames, plus the floods of its domain, less those that it started itself.
 */
import { assert } from "../base/assert.ts";
import type { DomainId, PortId } from "../base/ids.ts";
import { DOMAIN_MASK, STATE_OFF } from "./port-state.ts";

/** Domains share the upper half of a forwarding key. */
export const DOMAINS_MAX = 65_535;
/** Side of a partition that everything crosses to: the default, and a trunk's. */
export const ANY_SIDE = -1;

const FIRST_PORTS = 16;

/** `rx`: what was let in; `tx`: what was put on the egress ring. */
export interface PortCounters {
  readonly rxFrames: number;
  readonly rxOctets: number;
  readonly txFrames: number;
  readonly txOctets: number;
}

export class Ports {
  count = 0;
  /** State word, by port. */
  declare state: Int32Array;
  /** Side of a partition, by port, or ANY_SIDE. */
  declare side: Int32Array;
  /** Let in, by port. */
  declare rxFrames: Float64Array;
  declare rxOctets: Float64Array;
  /** Put on the egress ring, by port; floods apart. */
  declare txFrames: Float64Array;
  declare txOctets: Float64Array;
  /** Frames and octets that a port has started floods with, at port * 2. */
  declare private flooded: Float64Array;
  /** Frames refused, at port * causes + cause. */
  declare drops: Float64Array;
  /** Flood lists, by domain: its ports that have carrier, in the order they were added. */
  readonly lists: Int32Array[] = [new Int32Array(0)];
  /** Frames and octets flooded in a domain since its list changed last, at domain * 2. */
  declare private ledger: Float64Array;
  readonly #causes: number;

  /** There is room for `portsExpected`, and for as many domains, before anything has to grow. */
  constructor(causes: number, portsExpected = 0) {
    const room = Math.max(portsExpected, FIRST_PORTS);
    this.#causes = causes;
    this.state = new Int32Array(room);
    this.side = new Int32Array(room);
    this.rxFrames = new Float64Array(room);
    this.rxOctets = new Float64Array(room);
    this.txFrames = new Float64Array(room);
    this.txOctets = new Float64Array(room);
    this.flooded = new Float64Array(room * 2);
    // The first domain is 1.
    this.ledger = new Float64Array((room + 1) * 2);
    this.drops = new Float64Array(room * causes);
  }

  addDomain(): DomainId {
    const domain = this.lists.push(new Int32Array(0)) - 1;
    assert(domain <= DOMAINS_MAX, "too many broadcast domains");
    if (domain * 2 >= this.ledger.length) this.ledger = doubled(this.ledger);
    return domain as DomainId;
  }

  /** A port of `domain`, with carrier. */
  addPort(domain: DomainId): PortId {
    assert(domain > 0 && domain < this.lists.length, "a port needs a broadcast domain");
    const port = this.count++ as PortId;
    if (port === this.state.length) this.#grow();
    this.state[port] = domain;
    this.side[port] = ANY_SIDE;
    this.addMember(domain, port);
    return port;
  }

  domainOf(port: PortId): DomainId {
    return (this.state[port]! & DOMAIN_MASK) as DomainId;
  }

  isOff(port: PortId): boolean {
    return (this.state[port]! & STATE_OFF) !== 0;
  }

  /** The ports that a flood of the domain reaches. */
  members(domain: DomainId): Int32Array {
    return this.lists[domain]!;
  }

  /** Puts a port on a domain's flood list, in the order of port numbers. */
  addMember(domain: DomainId, port: PortId): void {
    const list = this.lists[domain]!;
    if (list.includes(port)) return;
    this.#settle(domain);
    const longer = new Int32Array(list.length + 1);
    longer.set(list);
    longer[list.length] = port;
    // Nearly always the newest port: sorted already.
    if (list.length > 0 && list[list.length - 1]! > port) longer.sort();
    this.lists[domain] = longer;
  }

  removeMember(domain: DomainId, port: PortId): void {
    const list = this.lists[domain]!;
    if (!list.includes(port)) return;
    this.#settle(domain);
    this.lists[domain] = list.filter((member) => member !== port);
  }

  counters(port: PortId): PortCounters {
    const domain = this.domainOf(port);
    const floods = this.lists[domain]!.includes(port) ? domain * 2 : 0;
    return {
      rxFrames: this.rxFrames[port]!,
      rxOctets: this.rxOctets[port]!,
      txFrames: this.txFrames[port]! + this.ledger[floods]! - this.flooded[port * 2]!,
      txOctets: this.txOctets[port]! + this.ledger[floods + 1]! - this.flooded[port * 2 + 1]!,
    };
  }

  /** One frame let in at `port`. */
  countIn(port: PortId, octets: number): void {
    this.rxFrames[port]! += 1;
    this.rxOctets[port]! += octets;
  }

  /** One frame put on the ring for `port`. */
  countOut(port: PortId, octets: number): void {
    this.txFrames[port]! += 1;
    this.txOctets[port]! += octets;
  }

  /** One frame put on the ring for every port of the domain's list but `port`, which is on it. */
  countFlood(domain: number, port: PortId, octets: number): void {
    this.flooded[port << 1]! += 1;
    this.flooded[(port << 1) | 1]! += octets;
    this.ledger[domain << 1]! += 1;
    this.ledger[(domain << 1) | 1]! += octets;
  }

  /** Enters a domain's floods in the counters of its ports, before the list of those changes. */
  #settle(domain: DomainId): void {
    const frames = this.ledger[domain * 2]!;
    if (frames === 0) return;
    for (const port of this.lists[domain]!) {
      this.txFrames[port]! += frames;
      this.txOctets[port]! += this.ledger[domain * 2 + 1]!;
    }
    this.ledger[domain * 2] = 0;
    this.ledger[domain * 2 + 1] = 0;
  }

  #grow(): void {
    this.state = doubled(this.state);
    this.side = doubled(this.side);
    this.rxFrames = doubled(this.rxFrames);
    this.rxOctets = doubled(this.rxOctets);
    this.txFrames = doubled(this.txFrames);
    this.txOctets = doubled(this.txOctets);
    this.flooded = doubled(this.flooded);
    const drops = new Float64Array(this.state.length * this.#causes);
    drops.set(this.drops);
    this.drops = drops;
  }
}

function doubled<T extends Int32Array | Float64Array>(array: T): T {
  const grown = new (array.constructor as new (length: number) => T)(array.length * 2);
  grown.set(array);
  return grown;
}
