/**
 * `use_vmac`: the virtual addresses of an instance live on a macvlan with the virtual router's MAC (RFC 9568 section 7.3), so that a
 * failover moves that MAC to another port of the switch and no client has to learn a new one. What follows was observed with keepalived
 * 2.2.7 on Linux:
 *
 *   adverts          from the virtual MAC; from the interface's own with `vmac_xmit_base`
 *   announcements    from the virtual MAC
 *   ARP questions    answered with the virtual MAC and by the macvlan only: `arp_ignore` is 1 on it and on the interface below
 *   announcements by another holder   answered while the address is still here: `accept_local` is 1 on the macvlan
 *   IPv4 answers of the service       leave by the interface below, which teaches who asked the interface's own MAC
 *   group reports    leave by the interface below, their source 0.0.0.0 as the macvlan has no address yet
 */
import type { Host } from "../../host/host.ts";
import type { Nic } from "../../host/nic.ts";
import type { VrrpInstance } from "./conf/model.ts";

/** Adds the instance's macvlan to the host. It does nothing until it has addresses. */
export function addVirtualNic(host: Host, lower: Nic, instance: VrrpInstance): Nic {
  return host.addMacvlan(lower, instance.vmacName!, virtualMac(instance));
}

/** Sets what keepalived sets on both interfaces when it starts, or takes it back as at its end. */
export function configureVirtualNic(nic: Nic, inUse: boolean): void {
  nic.settings4.arpIgnore = inUse ? 1 : 0;
  nic.lower!.settings4.arpIgnore = inUse ? 1 : 0;
  nic.settings4.acceptLocal = inUse ? 1 : 0;
}

/** Of an instance with `use_vmac`: the written one, or 00:00:5e:00:01:VRID, for IPv6 …:02:VRID (RFC 9568 section 7.3). */
export function virtualMac({ vmacAddress, family, vrid }: VrrpInstance): Uint8Array {
  return vmacAddress ?? Uint8Array.of(0, 0, 0x5e, 0, family === 4 ? 1 : 2, vrid);
}
