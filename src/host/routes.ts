/** Routes that people have set (`ip route`), beside those that addresses bring with them. */
import { equalBits } from "../base/bytes.ts";
import { type IpAddress, type IpPrefix, sameIp } from "../text/ip-text.ts";
import type { Nic } from "./nic.ts";

export interface Route {
  readonly prefix: IpPrefix;
  readonly nic: Nic;
  /** The router that it leads to; null: who is there is reached directly. */
  readonly via: IpAddress | null;
  /** Of what goes this way; null: as for any other. */
  readonly source: IpAddress | null;
}

export class Routes {
  readonly #list: Route[] = [];

  get isEmpty(): boolean {
    return this.#list.length === 0;
  }

  /** False if there is one to this prefix already. */
  add(route: Route): boolean {
    if (this.#at(route.prefix) >= 0) return false;
    this.#list.push(route);
    return true;
  }

  /** The one to exactly this prefix; null: none. */
  get(prefix: IpPrefix): Route | null {
    return this.#list[this.#at(prefix)] ?? null;
  }

  /** False if there is none to this prefix. */
  delete(prefix: IpPrefix): boolean {
    const at = this.#at(prefix);
    if (at >= 0) this.#list.splice(at, 1);
    return at >= 0;
  }

  clear(): void {
    this.#list.length = 0;
  }

  /** The one with the longest prefix that holds the address of `octets` octets at `offset`, over a NIC that is switched on; null: none. */
  find(bytes: Uint8Array, offset: number, octets: number): Route | null {
    let best: Route | null = null;
    for (let i = 0; i < this.#list.length; i++) {
      const route = this.#list[i]!;
      const { address, length } = route.prefix;
      if (!route.nic.isUp || address.length !== octets || !equalBits(address, 0, bytes, offset, length)) continue;
      if (best === null || length > best.prefix.length) best = route;
    }
    return best;
  }

  #at({ address, length }: IpPrefix): number {
    return this.#list.findIndex(({ prefix }) => prefix.length === length && sameIp(prefix.address, address));
  }
}
