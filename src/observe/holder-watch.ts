/**
 * Who holds a virtual address, as the network sees it: the vNIC that announced it last. No election is run and nobody is asked; frames
 * that the switch has let in are read as they pass.
 *
 * What counts as a claim of address v: a gratuitous ARP request or reply (sender and target address are v), and an unsolicited
 * neighbour advertisement for v. What does not: what a partition keeps from everybody else, ARP probes, ordinary questions and answers, data packets, VRRP adverts. A holder keeps the
 * address until somebody else claims it (nobody tells the network of a silent release), or until its port loses carrier.
 */
import { equalBytes } from "../base/bytes.ts";
import type { DomainId, FrameRef, PortId } from "../base/ids.ts";
import type { FrameSlab } from "../frame/slab.ts";
import { DROP_MULTICAST_NOT_CARRIED, DROP_NO_OTHER_PORT, DROP_NONE, type DropCause } from "../switch/drop-cause.ts";
import type { FrameTap } from "../switch/observer.ts";
import type { IpAddress } from "../text/ip-text.ts";
import { formatMac } from "../wire/address.ts";
import { ARP_REQUEST, ARP_SENDER_IP, ARP_SENDER_MAC, arpOperation, checkArp, isGratuitousArp } from "../wire/arp.ts";
import { ETHERNET_OCTETS, ETHERTYPE_ARP, ETHERTYPE_IPV6, etherType } from "../wire/ethernet.ts";
import { checkIcmpv6, ICMPV6_NEIGHBOUR_ADVERTISEMENT, icmpv6Type } from "../wire/icmpv6.ts";
import { IPPROTO_ICMPV6 } from "../wire/ipv4.ts";
import { checkIpv6, ipv6HeaderOctets, ipv6UpperOctets, ipv6UpperProtocol } from "../wire/ipv6.ts";
import {
  checkNeighbourAdvertisement,
  ND_FLAG_SOLICITED,
  ND_OPTION_TARGET_MAC,
  ND_TARGET,
  ndFlags,
  ndLinkLayerOption,
} from "../wire/nd.ts";
import { PARSE_OK } from "../wire/parse-code.ts";
import type { AnnouncementEvent, HolderCause } from "./events.ts";

/** Silence that separates two bursts of announcements. */
const BURST_GAP_NS = 100_000_000;

/** One virtual address in one broadcast domain. */
export interface WatchedAddress {
  readonly domain: DomainId;
  readonly ip: IpAddress;
  /** Name of the HAVIP; null for an address that only a guest's configuration knows. */
  readonly havip: string | null;
  /** Ports that may claim it; null: any. */
  readonly claimants: ReadonlySet<PortId> | null;
  /** Who holds it; null: nobody. */
  holder: { readonly port: PortId; readonly mac: string } | null;
  announcedNs: number;
  announcedBy: PortId | null;
}

export interface HolderListener {
  onHolder(watched: WatchedAddress, from: WatchedAddress["holder"], cause: HolderCause): void;
  onAnnouncement(watched: WatchedAddress, port: PortId, form: AnnouncementEvent["form"]): void;
}

export class HolderWatch implements FrameTap {
  readonly watched: WatchedAddress[] = [];
  readonly #slab: FrameSlab;
  readonly #nowNs: Float64Array;
  readonly #domainOf: (port: PortId) => DomainId;
  readonly #listener: HolderListener;

  /** `nowNs` is the clock's cell. */
  constructor(slab: FrameSlab, nowNs: Float64Array, domainOf: (port: PortId) => DomainId, listener: HolderListener) {
    this.#slab = slab;
    this.#nowNs = nowNs;
    this.#domainOf = domainOf;
    this.#listener = listener;
  }

  watch(domain: DomainId, ip: IpAddress, havip: string | null, claimants: ReadonlySet<PortId> | null): WatchedAddress {
    const watched = {
      domain,
      ip,
      havip,
      claimants,
      holder: null,
      announcedNs: Number.NEGATIVE_INFINITY,
      announcedBy: null,
    };
    this.watched.push(watched);
    return watched;
  }

  /** A port has lost its carrier: what it held is nobody's. */
  portDown(port: PortId): void {
    for (const watched of this.watched) {
      const from = watched.holder;
      if (from?.port !== port) continue;
      watched.holder = null;
      this.#listener.onHolder(watched, from, "link-down");
    }
  }

  onFrame(port: PortId, frame: FrameRef, cause: DropCause): void {
    const arrived = cause === DROP_NONE || cause === DROP_NO_OTHER_PORT || cause === DROP_MULTICAST_NOT_CARRIED;
    if (!arrived) return;
    const { bytes, octets } = this.#slab;
    const start = this.#slab.start(frame);
    const type = etherType(bytes, start);
    if (type === ETHERTYPE_ARP) this.#readArp(port, bytes, start, octets[frame]!);
    else if (type === ETHERTYPE_IPV6) this.#readNeighbourAdvertisement(port, bytes, start, octets[frame]!);
  }

  #readArp(port: PortId, bytes: Uint8Array, start: number, octets: number): void {
    const arp = start + ETHERNET_OCTETS;
    if (checkArp(bytes, arp, octets - ETHERNET_OCTETS) !== PARSE_OK) return;
    if (!isGratuitousArp(bytes, arp)) return;
    const form = arpOperation(bytes, arp) === ARP_REQUEST ? "garp-request" : "garp-reply";
    this.#claim(port, bytes, arp + ARP_SENDER_IP, 4, arp + ARP_SENDER_MAC, form);
  }

  #readNeighbourAdvertisement(port: PortId, bytes: Uint8Array, start: number, octets: number): void {
    const ip = start + ETHERNET_OCTETS;
    if (checkIpv6(bytes, ip, octets - ETHERNET_OCTETS) !== PARSE_OK || ipv6UpperProtocol(bytes, ip) !== IPPROTO_ICMPV6)
      return;
    const at = ip + ipv6HeaderOctets(bytes, ip);
    const payloadOctets = ipv6UpperOctets(bytes, ip);
    if (checkIcmpv6(bytes, at, payloadOctets, ip) !== PARSE_OK) return;
    if (icmpv6Type(bytes, at) !== ICMPV6_NEIGHBOUR_ADVERTISEMENT) return;
    if (checkNeighbourAdvertisement(bytes, at, payloadOctets, ip) !== PARSE_OK) return;
    if ((ndFlags(bytes, at) & ND_FLAG_SOLICITED) !== 0) return;
    const option = ndLinkLayerOption(bytes, at, payloadOctets, ND_OPTION_TARGET_MAC);
    this.#claim(port, bytes, at + ND_TARGET, 16, option < 0 ? start + 6 : option, "na");
  }

  #claim(
    port: PortId,
    bytes: Uint8Array,
    ip: number,
    octets: number,
    mac: number,
    form: AnnouncementEvent["form"],
  ): void {
    const domain = this.#domainOf(port);
    for (let i = 0; i < this.watched.length; i++) {
      const watched = this.watched[i]!;
      if (watched.domain !== domain || watched.ip.length !== octets) continue;
      if (!equalBytes(watched.ip, 0, bytes, ip, octets)) continue;
      this.#noteAnnouncement(watched, port, form);
      if (watched.claimants !== null && !watched.claimants.has(port)) continue;
      const from = watched.holder;
      const macText = formatMac(bytes, mac);
      if (from !== null && from.port === port && from.mac === macText) continue;
      watched.holder = { port, mac: macText };
      this.#listener.onHolder(watched, from, form);
    }
  }

  #noteAnnouncement(watched: WatchedAddress, port: PortId, form: AnnouncementEvent["form"]): void {
    const nowNs = this.#nowNs[0]!;
    const isNew = watched.announcedBy !== port || nowNs - watched.announcedNs > BURST_GAP_NS;
    watched.announcedNs = nowNs;
    watched.announcedBy = port;
    if (isNew) this.#listener.onAnnouncement(watched, port, form);
  }
}
