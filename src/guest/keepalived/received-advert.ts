/** The advert that a virtual router is looking at: fields of a packet in the slab, valid while it is being received. One object serves all. */
import { compareBytes } from "../../base/bytes.ts";
import type { FrameSlab } from "../../frame/slab.ts";
import type { IpAddress } from "../../text/ip-text.ts";
import { formatIp } from "../../wire/address.ts";
import { IPV4_SOURCE } from "../../wire/ipv4.ts";
import { IPV6_SOURCE } from "../../wire/ipv6.ts";
import { vrrpPriority } from "../../wire/vrrp.ts";
import { advertisedIntervalNs } from "./packet-check.ts";

export class ReceivedAdvert {
  readonly #slab: FrameSlab;
  readonly #addressOctets: 4 | 16;
  #source = 0;
  #at = 0;

  constructor(slab: FrameSlab, family: 4 | 6) {
    this.#slab = slab;
    this.#addressOctets = family === 4 ? 4 : 16;
  }

  /** Looks at the packet with its IP header at `ip` and the message at `at`; nothing is checked. */
  lookAt(ip: number, at: number): void {
    this.#source = ip + (this.#addressOctets === 4 ? IPV4_SOURCE : IPV6_SOURCE);
    this.#at = at;
  }

  /** The slab's. */
  get bytes(): Uint8Array {
    return this.#slab.bytes;
  }

  get priority(): number {
    return vrrpPriority(this.#slab.bytes, this.#at);
  }

  /** Version 3: the interval that it announces. */
  get intervalNs(): number {
    return advertisedIntervalNs(this.#slab.bytes, this.#at);
  }

  /** Whom it comes from, as text. */
  get from(): string {
    return formatIp(this.#slab.bytes, this.#source, this.#addressOctets);
  }

  /** A copy, to keep. */
  get source(): IpAddress {
    return this.#slab.bytes.slice(this.#source, this.#source + this.#addressOctets);
  }

  /** Above 0: it comes from a higher address than `own`. Null compares as equal. */
  compareSource(own: IpAddress | null): number {
    return own === null ? 0 : compareBytes(this.#slab.bytes, this.#source, own, 0, own.length);
  }
}
