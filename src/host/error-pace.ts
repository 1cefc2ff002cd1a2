/**
 * How fast a host sends ICMP error messages, destination by destination: six at once, then one a second over IPv4 (observed), four a second
 * over IPv6 to who is in a /64 (read in source). Linux: `icmp_ratelimit`, `inet_peer_xrlim_allow`.
 */
import { NS_PER_S } from "../base/units.ts";
import { type IpAddress, isIpAt } from "../text/ip-text.ts";
import type { KernelTimers } from "./kernel-timers.ts";

/** Error messages to one destination that may be saved up. */
const BURST = 6;
/** Destinations that are remembered; the one known for longest is forgotten. */
const DESTINATIONS_MAX = 256;
const INTERVAL_NS_4 = 1 * NS_PER_S;
/** Linux halves it for every 32 bits that the route's prefix is shorter than an address: twice for a /64. */
const INTERVAL_NS_6 = NS_PER_S / 4;

interface Destination {
  readonly ip: IpAddress;
  /** What has been saved up by then, in time. */
  savedNs: number;
  atNs: number;
}

export class ErrorPace {
  readonly #kernel: KernelTimers;
  readonly #destinations: Destination[] = [];

  constructor(kernel: KernelTimers) {
    this.#kernel = kernel;
  }

  /** Whether the address at `offset` may be sent one now, which counts as sent. */
  allows(bytes: Uint8Array, offset: number, octets: number): boolean {
    const now = this.#kernel.nowNs;
    const intervalNs = octets === 4 ? INTERVAL_NS_4 : INTERVAL_NS_6;
    const known = this.#find(bytes, offset, octets);
    if (known === null) {
      if (this.#destinations.length === DESTINATIONS_MAX) this.#destinations.shift();
      const ip = bytes.slice(offset, offset + octets);
      this.#destinations.push({ ip, savedNs: (BURST - 1) * intervalNs, atNs: now });
      return true;
    }
    known.savedNs = Math.min(known.savedNs + now - known.atNs, BURST * intervalNs);
    known.atNs = now;
    if (known.savedNs < intervalNs) return false;
    known.savedNs -= intervalNs;
    return true;
  }

  reset(): void {
    this.#destinations.length = 0;
  }

  #find(bytes: Uint8Array, offset: number, octets: number): Destination | null {
    for (let i = 0; i < this.#destinations.length; i++) {
      const destination = this.#destinations[i]!;
      if (isIpAt(destination.ip, bytes, offset, octets)) return destination;
    }
    return null;
  }
}
