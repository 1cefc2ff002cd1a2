/** What the adverts of a virtual router come from. */
import type { Nic } from "../../host/nic.ts";
import { type IpAddress, sameIp } from "../../text/ip-text.ts";
import type { VrrpInstance } from "./conf/model.ts";
import type { KeepalivedVersion } from "./version.ts";

/**
 * What is configured, or the first address of the interface, link-local for IPv6; a virtual address is none to send from. Null: what is
 * configured is not on this host, or there is none of the family.
 */
export function sourceAddress(conf: VrrpInstance, base: Nic, version: KeepalivedVersion): IpAddress | null {
  const { sourceIp, family, trackSourceIp } = conf;
  if (sourceIp !== null) {
    const mayBeForeign = version.sendsFromForeignAddress && !trackSourceIp;
    return mayBeForeign || base.host.nicOf(sourceIp) !== undefined ? sourceIp : null;
  }
  if (family === 6) return base.owns(base.linkLocal.ip, 0, 16) ? base.linkLocal.ip : null;
  const virtual = [...conf.addresses, ...conf.excludedAddresses];
  const own = base.addresses.find(({ ip }) => ip.length === 4 && !virtual.some(({ address }) => sameIp(address, ip)));
  return own?.ip ?? null;
}
