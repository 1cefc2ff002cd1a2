/**
 * What Linux leaves to settings in ARP: who is answered (`arp_ignore`, `arp_filter`), who is believed to be where it says (`accept_local`,
 * `rp_filter`), who gets an entry uncalled (`arp_accept`), and in whose name questions are asked (`arp_announce`).
 */
import type { FrameRef } from "../base/ids.ts";
import type { IpAddress } from "../text/ip-text.ts";
import { ETHERNET_OCTETS } from "../wire/ethernet.ts";
import { IPV4_SOURCE } from "../wire/ipv4.ts";
import { isUnicast4, isUnspecified4 } from "./address-kind.ts";
import { holds } from "./interface-addresses.ts";
import type { Nic } from "./nic.ts";
import { routeTo, sourceFor } from "./routing.ts";

/** Whether a question from `senderIp` for `targetIp`, an address of the host, is answered on this NIC. `senderIp` is 0 in a probe. */
export function mayAnswer(nic: Nic, bytes: Uint8Array, senderIp: number, targetIp: number): boolean {
  const ignore = nic.level4("arpIgnore");
  if (ignore === 8) return false;
  if ((ignore === 1 || ignore === 2) && !nic.owns(bytes, targetIp, 4)) return false;
  const isProbe = isUnspecified4(bytes, senderIp);
  if (ignore === 2 && !isProbe && !nic.reaches(bytes, senderIp, 4)) return false;
  if (isProbe || nic.level4("arpFilter") === 0) return true;
  return routeTo(nic.host, bytes, senderIp, 4, nic) === nic;
}

/** Whether somebody with this address may have sent something here; if not it is a martian to Linux's routing. */
export function believesSource(nic: Nic, bytes: Uint8Array, senderIp: number): boolean {
  if (nic.host.ownsAnywhere(bytes, senderIp, 4)) return nic.level4("acceptLocal") !== 0;
  if (!isUnicast4(bytes, senderIp)) return false;
  const filter = nic.level4("rpFilter");
  if (filter === 0) return true;
  const back = routeTo(nic.host, bytes, senderIp, 4, nic);
  return filter === 1 ? back === nic : back !== null;
}

/** Whether an announcement of this address may make an entry. */
export function acceptsUncalled(nic: Nic, bytes: Uint8Array, senderIp: number): boolean {
  const accept = nic.level4("arpAccept");
  return accept === 1 || (accept === 2 && nic.reaches(bytes, senderIp, 4));
}

/** In whose name the NIC asks for `target`; `waiting` is the packet that waits for the answer, if one does. Null: it has no address. */
export function questionSource(nic: Nic, target: Uint8Array, waiting: FrameRef | undefined): IpAddress | null {
  const announce = nic.level4("arpAnnounce");
  if (waiting !== undefined && announce < 2) {
    const { slab } = nic.host.platform;
    const { bytes } = slab;
    const at = slab.start(waiting) + ETHERNET_OCTETS + IPV4_SOURCE;
    if (nic.host.ownsAnywhere(bytes, at, 4) && (announce === 0 || sharesSubnet(nic, bytes, at, target)))
      return bytes.slice(at, at + 4);
  }
  return sourceFor(nic, target, 0, 4);
}

/** Whether the two addresses are in the prefix of one address of the NIC (Linux: `inet_addr_onlink`). */
function sharesSubnet({ addresses }: Nic, bytes: Uint8Array, at: number, target: Uint8Array): boolean {
  return addresses.some((local) => holds(local, bytes, at, 4) && holds(local, target, 0, 4));
}
