/** Lists of virtual addresses: compared by address alone, as adverts carry no prefix length. */
import type { VirtualAddress, VrrpInstance } from "../../guest/keepalived/conf/model.ts";
import type { IpAddress } from "../../text/ip-text.ts";
import { formatIp } from "../../wire/address.ts";
import { briefly } from "./words.ts";

/** `10.0.1.50, 10.0.1.51, 10.0.1.52 and 7 more`. */
export function listedAddresses(addresses: readonly { readonly address: IpAddress }[]): string {
  return briefly(addresses.map(({ address }) => formatIp(address)));
}

/** All that an instance configures while it is master, in the adverts or not. */
export function allAddresses({ addresses, excludedAddresses }: VrrpInstance): VirtualAddress[] {
  return [...addresses, ...excludedAddresses];
}

/** What `list` has and `other` lacks. */
export function beyond(list: readonly VirtualAddress[], other: readonly VirtualAddress[]): VirtualAddress[] {
  const known = new Set(other.map(({ address }) => formatIp(address)));
  return list.filter(({ address }) => !known.has(formatIp(address)));
}

/** The same for lists of the same addresses in any order. */
export function listKey(list: readonly VirtualAddress[]): string {
  return [...new Set(list.map(({ address }) => formatIp(address)))].sort().join(" ");
}
