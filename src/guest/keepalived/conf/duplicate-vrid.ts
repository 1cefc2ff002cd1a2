/** Two virtual routers with one VRID in the same place: keepalived refuses to start. */

import { formatIp } from "../../../wire/address.ts";
import type { Findings } from "./findings.ts";
import { keyPlace } from "./key-places.ts";
import type { VrrpInstance } from "./model.ts";

/** Those that send to a group: the interface, the family, the group and the VRID tell them apart. */
export function reportDuplicateVrids(instances: readonly VrrpInstance[], findings: Findings): void {
  const seen = new Map<string, VrrpInstance>();
  for (const instance of instances) {
    if (instance.unicastPeers.length > 0) continue;
    const { name, vrid, family, interface: networkInterface, mcastDestination } = instance;
    const key = `${networkInterface} ${family} ${vrid} ${formatIp(mcastDestination)}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, instance);
    else {
      const message = `${first.name} and ${name} both use VRID ${vrid} with IPv${family} on interface ${networkInterface}`;
      findings.fatal("duplicate-vrid", keyPlace(instance, "virtual_router_id"), message, "a VRID of its own for each");
    }
  }
}

/** Those that send to peers: the interface and the local address tell them apart, and having no peer in common. */
export function reportDuplicateUnicastVrids(
  instances: readonly VrrpInstance[],
  localAddress: (instance: VrrpInstance) => Uint8Array | null,
  findings: Findings,
): void {
  const seen = new Map<string, VrrpInstance>();
  for (const instance of instances) {
    const local = instance.unicastPeers.length > 0 ? localAddress(instance) : null;
    if (local === null) continue;
    const { name, vrid, family, interface: networkInterface, unicastPeers } = instance;
    const keys = unicastPeers.map(
      ({ address }) => `${networkInterface} ${family} ${vrid} ${formatIp(local)} ${formatIp(address)}`,
    );
    const first = keys.map((key) => seen.get(key)).find((other) => other !== undefined && other !== instance);
    for (const key of keys) if (!seen.has(key)) seen.set(key, instance);
    if (first === undefined) continue;
    const message = `(${first.name}) duplicate VRID conflict with ${name} VRID ${vrid}`;
    findings.fatal("duplicate-vrid", keyPlace(instance, "virtual_router_id"), message, "a VRID of its own for each");
  }
}
