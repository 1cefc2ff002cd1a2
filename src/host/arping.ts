/**
 * `arping` of iputils as scripts use it to announce an address: a gratuitous request (`-U`) or reply (`-A`) each second. The target MAC
 * of a request is everybody's, that of a reply the sender's.
 */
import { NS_PER_S } from "../base/units.ts";
import type { IpAddress } from "../text/ip-text.ts";
import { BROADCAST_MAC } from "../wire/address.ts";
import { ARP_REPLY, ARP_REQUEST } from "../wire/arp.ts";
import { sendArp } from "./arp.ts";
import type { Nic } from "./nic.ts";
import { Repeater } from "./repeater.ts";

const INTERVAL_NS = 1 * NS_PER_S;

/** Sends the first of `count` at once. */
export function startArping(nic: Nic, address: IpAddress, form: "request" | "reply", count: number): void {
  const isReply = form === "reply";
  new Repeater(nic.host, { count, everyNs: INTERVAL_NS, untilNs: Number.POSITIVE_INFINITY }, () => {
    const { mac } = nic;
    const target = isReply ? mac : BROADCAST_MAC;
    sendArp(nic, BROADCAST_MAC, isReply ? ARP_REPLY : ARP_REQUEST, mac, address, target, address);
  });
}
