/**
 * Ports and broadcast domains as parallel arrays: what the fast path needs to know of a port is an integer at its index. The list
 * of ports that a flood reaches is kept per domain and changes only when a port comes, goes or loses carrier.
 */
import { assert } from "../base/assert.ts";
import type { DomainId, PortId } from "../base/ids.ts";

/** Domains share the upper half of a forwarding key. */
export const DOMAINS_MAX = 65_535;
const FIRST_PORTS = 16;

export class Ports {
  count = 0;
  /** Broadcast domain, by port. */
  domain = new Int32Array(FIRST_PORTS);
  /** 1 with carrier, 0 without, by port. */
  up = new Int32Array(FIRST_PORTS);
  /** Side of a partition, by port; frames cross only between equal numbers while `partitioned`. */
  group = new Int32Array(FIRST_PORTS);
  partitioned = false;
  rxFrames = new Float64Array(FIRST_PORTS);
  rxOctets = new Float64Array(FIRST_PORTS);
  txFrames = new Float64Array(FIRST_PORTS);
  txOctets = new Float64Array(FIRST_PORTS);
  /** Frames refused, at port * causes + cause. */
  drops: Float64Array;
  /** 1 if the domain carries multicast, by domain. */
  multicast = new Int32Array(16);
  readonly #causes: number;
  readonly #members: Int32Array[] = [new Int32Array(0)];

  constructor(causes: number) {
    this.#causes = causes;
    this.drops = new Float64Array(FIRST_PORTS * causes);
  }

  addDomain(multicast: boolean): DomainId {
    const domain = this.#members.push(new Int32Array(0)) - 1;
    assert(domain <= DOMAINS_MAX, "too many broadcast domains");
    if (domain >= this.multicast.length) this.multicast = doubled(this.multicast);
    this.multicast[domain] = multicast ? 1 : 0;
    return domain as DomainId;
  }

  addPort(domain: DomainId): PortId {
    assert(domain > 0 && domain < this.#members.length, "a port needs a broadcast domain");
    const port = this.count++;
    if (port === this.domain.length) this.#grow();
    this.domain[port] = domain;
    this.up[port] = 1;
    this.#members[domain] = Int32Array.of(...this.#members[domain]!, port);
    return port as PortId;
  }

  setLink(port: PortId, up: boolean): void {
    const domain = this.domain[port]!;
    this.up[port] = up ? 1 : 0;
    const members = [];
    for (let other = 0; other < this.count; other++) {
      if (this.domain[other] === domain && this.up[other] === 1) members.push(other);
    }
    this.#members[domain] = Int32Array.from(members);
  }

  /** The ports of a domain that have carrier, in the order they were added. */
  members(domain: DomainId): Int32Array {
    return this.#members[domain]!;
  }

  #grow(): void {
    this.domain = doubled(this.domain);
    this.up = doubled(this.up);
    this.group = doubled(this.group);
    this.rxFrames = doubled(this.rxFrames);
    this.rxOctets = doubled(this.rxOctets);
    this.txFrames = doubled(this.txFrames);
    this.txOctets = doubled(this.txOctets);
    const drops = new Float64Array(this.domain.length * this.#causes);
    drops.set(this.drops);
    this.drops = drops;
  }
}

function doubled<T extends Int32Array | Float64Array>(array: T): T {
  const grown = new (array.constructor as new (length: number) => T)(array.length * 2);
  grown.set(array);
  return grown;
}
