/**
 * `garp_interval` and `gna_interval`: an interface sends no two gratuitous ARPs, and no two unsolicited neighbour advertisements, closer
 * together than that, whichever instances they are for. One of these is shared by all instances of a daemon.
 */
import type { Nic } from "../../host/nic.ts";

export class AnnouncementPace {
  /** When the next one may leave, ns: index 0 for IPv4, 1 for IPv6. */
  readonly #nextNs = new Map<Nic, [number, number]>();

  /** The earliest moment for the next announcement of an address of `addressOctets` octets on `nic`; in the past if it may leave now. */
  nextNs(nic: Nic, addressOctets: number): number {
    return this.#slots(nic)[addressOctets === 4 ? 0 : 1];
  }

  sent(nic: Nic, addressOctets: number, nextNs: number): void {
    this.#slots(nic)[addressOctets === 4 ? 0 : 1] = nextNs;
  }

  /** A macvlan's announcements leave by its lower NIC's cable and count there. */
  #slots(nic: Nic): [number, number] {
    const carrier = nic.lower ?? nic;
    let slots = this.#nextNs.get(carrier);
    if (slots === undefined) {
      slots = [0, 0];
      this.#nextNs.set(carrier, slots);
    }
    return slots;
  }
}
