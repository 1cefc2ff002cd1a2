/**
 * The part of a packet filter that virtual routers use: what is addressed to a blocked address is dropped on its way in
 * (keepalived's `no_accept`, with nftables or iptables). Questions about neighbours are not affected: ARP never passes it,
 * and neighbour discovery is let through.
 */
import { type IpAddress, isIpAt, sameIp } from "../text/ip-text.ts";

export class Firewall {
  /** Packets that it has dropped. */
  dropped = 0;
  readonly #blocked: IpAddress[] = [];

  block(ip: IpAddress): void {
    if (!this.#blocked.some((other) => sameIp(other, ip))) this.#blocked.push(ip);
  }

  unblock(ip: IpAddress): void {
    const at = this.#blocked.findIndex((other) => sameIp(other, ip));
    if (at >= 0) this.#blocked.splice(at, 1);
  }

  reset(): void {
    this.#blocked.length = 0;
  }

  /** Whether a packet with the address of `octets` octets at `offset` is dropped; counts it if so. */
  drops(bytes: Uint8Array, offset: number, octets: number): boolean {
    const isBlocked = this.blocks(bytes, offset, octets);
    if (isBlocked) this.dropped++;
    return isBlocked;
  }

  /** Whether it would be. */
  blocks(bytes: Uint8Array, offset: number, octets: number): boolean {
    for (let i = 0; i < this.#blocked.length; i++) {
      if (isIpAt(this.#blocked[i]!, bytes, offset, octets)) return true;
    }
    return false;
  }
}
