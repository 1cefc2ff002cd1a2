/** The IP addresses and groups that an interface listens to. */
import { equalBits } from "../base/bytes.ts";
import { type IpAddress, isIpAt, sameIp } from "../text/ip-text.ts";
import { ALL_HOSTS, ALL_NODES, solicitedNodeOf } from "../wire/address.ts";

/** An address configured on a NIC. */
export interface LocalAddress {
  readonly ip: IpAddress;
  readonly prefixLength: number;
}

/** Whether the address of `octets` octets at `offset` is in the prefix of `local`. */
export function holds(local: LocalAddress, bytes: Uint8Array, offset: number, octets: number): boolean {
  return local.ip.length === octets && equalBits(local.ip, 0, bytes, offset, local.prefixLength);
}

export class InterfaceAddresses {
  /** Configured addresses, oldest first; the IPv6 link-local one is last among those a host boots with. */
  readonly addresses: LocalAddress[] = [];
  /** Groups joined by programs and for addresses; one item per join. */
  readonly #groups: IpAddress[] = [ALL_HOSTS, ALL_NODES];

  /** Configures an address; false if it is there already. */
  addAddress(ip: IpAddress, prefixLength: number): boolean {
    if (this.owns(ip, 0, ip.length)) return false;
    this.addresses.push({ ip, prefixLength });
    if (ip.length === 16) this.addGroup(solicitedNodeOf(ip));
    return true;
  }

  /** Takes an address off; false if it is not there. */
  removeAddress(ip: IpAddress): boolean {
    const at = this.addresses.findIndex((local) => sameIp(local.ip, ip));
    if (at < 0) return false;
    this.addresses.splice(at, 1);
    if (ip.length === 16) this.removeGroup(solicitedNodeOf(ip));
    return true;
  }

  /** If it is the first, the primary, IPv4 address of its subnet: the later ones, which depend on it (Linux: `__inet_del_ifa`). */
  secondariesOf(ip: IpAddress): IpAddress[] {
    const primary = this.addresses.find((local) => sameIp(local.ip, ip));
    if (primary === undefined || ip.length !== 4) return [];
    const subnet = this.addresses.filter(
      (local) => local.prefixLength === primary.prefixLength && holds(local, ip, 0, 4),
    );
    return subnet[0] === primary ? subnet.slice(1).map((local) => local.ip) : [];
  }

  /** Whether the address of `octets` octets at `offset` is configured on this NIC. */
  owns(bytes: Uint8Array, offset: number, octets: number): boolean {
    for (let i = 0; i < this.addresses.length; i++) {
      if (isIpAt(this.addresses[i]!.ip, bytes, offset, octets)) return true;
    }
    return false;
  }

  /** Whether an address of this NIC has the one of `octets` octets at `offset` in its prefix. */
  reaches(bytes: Uint8Array, offset: number, octets: number): boolean {
    for (let i = 0; i < this.addresses.length; i++) {
      if (holds(this.addresses[i]!, bytes, offset, octets)) return true;
    }
    return false;
  }

  listensTo(bytes: Uint8Array, offset: number, octets: number): boolean {
    for (let i = 0; i < this.#groups.length; i++) {
      if (isIpAt(this.#groups[i]!, bytes, offset, octets)) return true;
    }
    return false;
  }

  /** Listens to a group; the reports that tell switches of it are `group-membership.ts`'s business. */
  addGroup(group: IpAddress): void {
    this.#groups.push(group);
  }

  removeGroup(group: IpAddress): void {
    const at = this.#groups.findIndex((joined) => sameIp(joined, group));
    if (at >= 0) this.#groups.splice(at, 1);
  }

  /** The first address of a family, or null: the source of what has no other. */
  firstAddress(octets: 4 | 16): IpAddress | null {
    return this.addresses.find(({ ip }) => ip.length === octets)?.ip ?? null;
  }

  /** Back to what a machine boots with: no addresses, no groups but everybody's. */
  protected forgetAddresses(): void {
    this.addresses.length = 0;
    this.#groups.length = 0;
    this.#groups.push(ALL_HOSTS, ALL_NODES);
  }
}
