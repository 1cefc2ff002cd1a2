/**
 * One virtual address in two places: keepalived lets it be, and then two virtual routers answer for it, or one that gives
 * it up takes it from the other. Nearly always a line was copied and not changed.
 */
import { formatIp } from "../../../wire/address.ts";
import type { Findings } from "./findings.ts";
import type { VirtualAddress, VrrpInstance } from "./model.ts";

/** Every address that stands before in this instance or another one; `virtual_ipaddress_excluded` counts as well. */
export function reportDuplicateVips(instances: readonly VrrpInstance[], findings: Findings): void {
  const seen = new Map<string, { readonly vip: VirtualAddress; readonly name: string }>();
  for (const { name, interface: networkInterface, addresses, excludedAddresses } of instances)
    for (const vip of [...addresses, ...excludedAddresses]) {
      const key = identity(vip, networkInterface);
      const first = seen.get(key);
      if (first === undefined) seen.set(key, { vip, name });
      else {
        const owner = first.name === name ? "this instance" : first.name;
        const { file, line } = first.vip.position;
        const where = file === vip.position.file ? `line ${line}` : `${file}, line ${line}`;
        const message = `(${name}) ${formatIp(vip.address)} is a virtual address of ${owner} already`;
        findings.warning("duplicate-vip", vip.position, message, `the first one is in ${where}`);
      }
    }
}

/** A link-local address is one of its link: the same on two interfaces is two. */
function identity({ address, device }: VirtualAddress, networkInterface: string | null): string {
  const isLinkLocal = address.length === 16 && address[0] === 0xfe && (address[1]! & 0xc0) === 0x80;
  return isLinkLocal ? `${formatIp(address)} ${device ?? networkInterface}` : formatIp(address);
}
