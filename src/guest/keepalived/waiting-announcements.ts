/**
 * Announcements that wait for `garp_interval` or `gna_interval`. 2.2.7 only marks an address: its rounds collapse into one, sent in the
 * order of the file. From 2.3.2 on every round waits, first come, first served.
 */
import type { PlacedAddress, VirtualAddresses } from "./virtual-addresses.ts";

/** More would be sent days later. */
const WAITING_MAX = 10_000;

export class WaitingAnnouncements {
  readonly #addresses: VirtualAddresses;
  readonly #keepsRounds: boolean;
  /** Next first. */
  #list: PlacedAddress[] = [];

  constructor(addresses: VirtualAddresses, keepsRounds: boolean) {
    this.#addresses = addresses;
    this.#keepsRounds = keepsRounds;
  }

  get list(): readonly PlacedAddress[] {
    return this.#list;
  }

  /** One more of `address` would have to queue, due or not. */
  standsBefore(address: PlacedAddress): boolean {
    return this.#keepsRounds && this.#list.some((other) => sharesPace(other, address));
  }

  add(address: PlacedAddress): void {
    if (this.#keepsRounds) {
      if (this.#list.length < WAITING_MAX) this.#list.push(address);
    } else if (!this.#list.includes(address)) {
      const { list } = this.#addresses;
      this.#list.push(address);
      this.#list.sort((a, b) => list.indexOf(a) - list.indexOf(b));
    }
  }

  /** An announcement of `address` was sent that had not waited: a mark is gone with it. */
  sent(address: PlacedAddress): void {
    if (!this.#keepsRounds) this.#list = this.#list.filter((other) => other !== address);
  }

  /** Tries each in turn; those that `send` returns true for wait no more. */
  release(send: (address: PlacedAddress) => boolean): void {
    this.#list = this.#list.filter((address) => !send(address));
  }

  clear(): void {
    this.#list = [];
  }
}

/** Announcements of both have one interface and one interval. */
function sharesPace(a: PlacedAddress, b: PlacedAddress): boolean {
  return a.ip.length === b.ip.length && (a.nic.lower ?? a.nic) === (b.nic.lower ?? b.nic);
}
