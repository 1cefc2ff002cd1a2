/**
 * A scripted responder: for some addresses a host answers ARP and neighbour-discovery questions as it is told to, with its own or anybody's
 * MACs, late, or not at all; for lying and duplicate owners, and to play everybody else of a recorded case. It hears all that comes over
 * the cable. A question to everybody is answered by all holders, a unicast one by the holder with that MAC.
 */
import { equalBytes } from "../base/bytes.ts";
import { type FrameRef, NO_FRAME, type TimerId } from "../base/ids.ts";
import { type IpAddress, isIpAt, sameIp } from "../text/ip-text.ts";
import type { TimerOwner } from "../time/timers.ts";
import { ALL_NODES, writeMulticastMac6 } from "../wire/address.ts";
import {
  ARP_OCTETS,
  ARP_REPLY,
  ARP_REQUEST,
  ARP_SENDER_IP,
  ARP_SENDER_MAC,
  ARP_TARGET_IP,
  arpOperation,
  checkArp,
  writeArp,
} from "../wire/arp.ts";
import {
  ETHERNET_OCTETS,
  ETHERNET_SOURCE,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV6,
  etherType,
  writeEthernet,
} from "../wire/ethernet.ts";
import { checkIcmpv6, ICMPV6_NEIGHBOUR_SOLICITATION, icmpv6Type } from "../wire/icmpv6.ts";
import { IPPROTO_ICMPV6 } from "../wire/ipv4.ts";
import {
  checkIpv6,
  IPV6_OCTETS,
  IPV6_SOURCE,
  ipv6HeaderOctets,
  ipv6UpperOctets,
  ipv6UpperProtocol,
  writeIpv6,
} from "../wire/ipv6.ts";
import {
  checkNeighbourSolicitation,
  ND_FLAG_OVERRIDE,
  ND_FLAG_SOLICITED,
  ND_TARGET,
  ND_WITH_MAC_OCTETS,
  writeNeighbourAdvertisement,
} from "../wire/nd.ts";
import { PARSE_OK } from "../wire/parse-code.ts";
import { isUnspecified6 } from "./address-kind.ts";
import type { Nic } from "./nic.ts";

/** Somebody who answers for an address. */
export interface ScriptedHolder {
  /** Six octets. */
  readonly mac: Uint8Array;
  /** How long it takes. */
  readonly afterNs: number;
  /** Flags of its advertisement. */
  readonly solicited: boolean;
  readonly override: boolean;
}

interface LateAnswer {
  readonly frame: FrameRef;
  readonly octets: number;
  readonly timer: TimerId;
}

export class ScriptedAnswers implements TimerOwner {
  readonly #nic: Nic;
  readonly #script: { readonly ip: IpAddress; readonly holders: readonly ScriptedHolder[] }[] = [];
  readonly #late = new Map<number, LateAnswer>();
  #lastToken = 0;

  constructor(nic: Nic) {
    this.#nic = nic;
  }

  /** From now on questions for the address are answered so; by nobody if there are no holders. */
  answer(ip: IpAddress, holders: readonly ScriptedHolder[]): void {
    const at = this.#script.findIndex((item) => sameIp(item.ip, ip));
    if (at >= 0) this.#script.splice(at, 1);
    this.#script.push({ ip, holders });
  }

  /** The machine is gone: what is late is never sent, and nothing of the script is left. */
  clear(): void {
    const { timers, slab } = this.#nic.host.platform;
    for (const { frame, timer } of this.#late.values()) {
      slab.release(frame);
      timers.release(timer);
    }
    this.#late.clear();
    this.#script.length = 0;
  }

  /** A frame has come over the cable: whether it is a question that the script has the answers to. */
  take(bytes: Uint8Array, start: number, octets: number): boolean {
    const type = etherType(bytes, start);
    if (type === ETHERTYPE_ARP) return this.#takeArp(bytes, start, octets - ETHERNET_OCTETS);
    return type === ETHERTYPE_IPV6 && this.#takeSolicitation(bytes, start, octets - ETHERNET_OCTETS);
  }

  onTimer(token: number): void {
    const { frame, octets, timer } = this.#late.get(token)!;
    this.#late.delete(token);
    this.#nic.host.platform.timers.release(timer);
    this.#nic.transmit(frame, octets);
  }

  #takeArp(bytes: Uint8Array, start: number, octets: number): boolean {
    const arp = start + ETHERNET_OCTETS;
    if (checkArp(bytes, arp, octets) !== PARSE_OK || arpOperation(bytes, arp) !== ARP_REQUEST) return false;
    const target = arp + ARP_TARGET_IP;
    // An announcement is no question.
    if (equalBytes(bytes, target, bytes, arp + ARP_SENDER_IP, 4)) return false;
    const holders = this.#holders(bytes, target, 4);
    if (holders === null) return false;
    const { slab } = this.#nic.host.platform;
    const asker = bytes.slice(arp + ARP_SENDER_MAC, arp + ARP_SENDER_MAC + 6);
    const askerIp = bytes.slice(arp + ARP_SENDER_IP, arp + ARP_SENDER_IP + 4);
    const ip = bytes.slice(target, target + 4);
    for (const holder of addressed(holders, bytes, start)) {
      const frame = this.#nic.host.acquire();
      if (frame === NO_FRAME) continue;
      const out = slab.start(frame);
      writeEthernet(slab.bytes, out, asker, holder.mac, ETHERTYPE_ARP);
      writeArp(slab.bytes, out + ETHERNET_OCTETS, ARP_REPLY, holder.mac, ip, asker, askerIp);
      this.#send(frame, ETHERNET_OCTETS + ARP_OCTETS, holder.afterNs);
    }
    return true;
  }

  #takeSolicitation(bytes: Uint8Array, start: number, octets: number): boolean {
    const ip = start + ETHERNET_OCTETS;
    if (checkIpv6(bytes, ip, octets) !== PARSE_OK || ipv6UpperProtocol(bytes, ip) !== IPPROTO_ICMPV6) return false;
    const at = ip + ipv6HeaderOctets(bytes, ip);
    const upper = ipv6UpperOctets(bytes, ip);
    if (checkIcmpv6(bytes, at, upper, ip) !== PARSE_OK) return false;
    if (icmpv6Type(bytes, at) !== ICMPV6_NEIGHBOUR_SOLICITATION) return false;
    if (checkNeighbourSolicitation(bytes, at, upper, ip) !== PARSE_OK) return false;
    const holders = this.#holders(bytes, at + ND_TARGET, 16);
    if (holders === null) return false;
    const { slab } = this.#nic.host.platform;
    const target = bytes.slice(at + ND_TARGET, at + ND_TARGET + 16);
    const asker = bytes.slice(ip + IPV6_SOURCE, ip + IPV6_SOURCE + 16);
    const isCheck = isUnspecified6(asker, 0);
    const destination = isCheck ? ALL_NODES : asker;
    const askerMac = bytes.slice(start + ETHERNET_SOURCE, start + ETHERNET_SOURCE + 6);
    if (isCheck) writeMulticastMac6(askerMac, 0, ALL_NODES, 0);
    for (const holder of addressed(holders, bytes, start)) {
      const frame = this.#nic.host.acquire();
      if (frame === NO_FRAME) continue;
      const out = slab.start(frame);
      const packet = out + ETHERNET_OCTETS;
      const isSolicited = !isCheck && holder.solicited;
      const flags = (isSolicited ? ND_FLAG_SOLICITED : 0) | (holder.override ? ND_FLAG_OVERRIDE : 0);
      writeEthernet(slab.bytes, out, askerMac, holder.mac, ETHERTYPE_IPV6);
      writeIpv6(slab.bytes, packet, 0, 0, ND_WITH_MAC_OCTETS, IPPROTO_ICMPV6, 255, target, 0, destination, 0);
      writeNeighbourAdvertisement(slab.bytes, packet + IPV6_OCTETS, packet, flags, target, 0, holder.mac);
      this.#send(frame, ETHERNET_OCTETS + IPV6_OCTETS + ND_WITH_MAC_OCTETS, holder.afterNs);
    }
    return true;
  }

  /** Who answers for the address of `octets` octets at `offset`; null: the script does not say. */
  #holders(bytes: Uint8Array, offset: number, octets: number): readonly ScriptedHolder[] | null {
    for (const { ip, holders } of this.#script) if (isIpAt(ip, bytes, offset, octets)) return holders;
    return null;
  }

  #send(frame: FrameRef, octets: number, afterNs: number): void {
    if (afterNs === 0) {
      this.#nic.transmit(frame, octets);
      return;
    }
    const { timers } = this.#nic.host.platform;
    const token = ++this.#lastToken;
    const timer = timers.create(this, token);
    this.#late.set(token, { frame, octets, timer });
    timers.armAfter(timer, afterNs);
  }
}

/** Those of the holders whom the frame is for. */
function addressed(holders: readonly ScriptedHolder[], bytes: Uint8Array, start: number): readonly ScriptedHolder[] {
  if ((bytes[start]! & 1) !== 0) return holders;
  return holders.filter(({ mac }) => equalBytes(mac, 0, bytes, start, 6));
}
