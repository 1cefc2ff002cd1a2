/**
 * One vNIC: a MAC address, the IP addresses and groups it listens to, a neighbour cache per family, and the cable. What comes in is
 * filtered by destination MAC as an Ethernet controller does it and handed to ARP or IP; what goes out gets its Ethernet
 * header here.
 *
 * A NIC may stand on another one as a macvlan does (`lower`): it has a MAC, addresses and caches of its own, and shares cable and
 * carrier. That is what keepalived's `use_vmac` makes.
 */
import { copyBytes, equalBits, equalBytes, writeU16 } from "../base/bytes.ts";
import type { FrameRef, PortId } from "../base/ids.ts";
import { Prng } from "../base/prng.ts";
import { type IpAddress, sameIp } from "../text/ip-text.ts";
import { ALL_HOSTS, ALL_NODES, formatMac, linkLocalOfMac, solicitedNodeOf } from "../wire/address.ts";
import {
  ETHERNET_OCTETS,
  ETHERNET_SOURCE,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  etherType,
} from "../wire/ethernet.ts";
import { askByArp, receiveArp } from "./arp.ts";
import type { Host } from "./host.ts";
import { receiveIpv4, receiveIpv6 } from "./ip-input.ts";
import { askByNeighbourDiscovery } from "./nd.ts";
import { NeighbourCache, type NeighbourSupport } from "./neighbour-cache.ts";

/** An address configured on a NIC. */
export interface LocalAddress {
  readonly ip: IpAddress;
  readonly prefixLength: number;
}

/** Frames that wait while the machine stands still: the ring of a virtio NIC. What comes then is lost. */
const WAITING_MAX = 256;

export class Nic implements NeighbourSupport {
  readonly host: Host;
  readonly name: string;
  /** Where the other end of its cable is. */
  readonly port: PortId;
  /** Six octets; never changes. */
  readonly mac: Uint8Array;
  /** The NIC whose cable this one uses; null: it has its own. */
  readonly lower: Nic | null;
  /** A macvlan has none by itself: it speaks for its lower NIC's. */
  readonly linkLocal: LocalAddress;
  readonly neighbours4: NeighbourCache;
  readonly neighbours6: NeighbourCache;
  /** `net.ipv4.conf.NIC.arp_ignore`: 0 answers for addresses on any NIC, 1 only for those on this one. */
  arpIgnore: 0 | 1 = 0;
  /** `net.ipv4.conf.NIC.accept_local`: frames that come from one of the host's own addresses are believed. */
  acceptLocal = false;
  /** `net.ipv4.conf.NIC.promote_secondaries`: the secondary addresses of a subnet stay when the primary one goes. Off, as in the kernel. */
  promoteSecondaries = false;
  /** Configured addresses, oldest first; the IPv6 link-local one is last among those a host boots with. */
  readonly addresses: LocalAddress[] = [];
  /** Groups joined by programs and for addresses; one item per join. */
  readonly #groups: IpAddress[] = [ALL_HOSTS, ALL_NODES];
  /** What has arrived while the machine stands still; each is held. */
  readonly #waiting: FrameRef[] = [];
  /** Macvlans on this NIC. */
  readonly #uppers: Nic[] = [];
  #carrier = true;

  constructor(host: Host, name: string, port: PortId, mac: Uint8Array, lower: Nic | null = null) {
    this.host = host;
    this.name = name;
    this.port = port;
    this.mac = mac;
    this.lower = lower;
    if (lower !== null) lower.#uppers.push(this);
    this.linkLocal = lower === null ? { ip: linkLocalOfMac(mac), prefixLength: 64 } : lower.linkLocal;
    const { seed, clock, timers } = host.platform;
    const chance = (family: string) => new Prng(seed, `reachable time ${family} of ${host.name}.${name}`);
    this.neighbours4 = new NeighbourCache(4, this, clock, timers, chance("IPv4"));
    this.neighbours6 = new NeighbourCache(16, this, clock, timers, chance("IPv6"));
  }

  /** `vm-A.eth0`: how reports and captures call it. */
  get label(): string {
    return `${this.host.name}.${this.name}`;
  }

  get macText(): string {
    return formatMac(this.mac);
  }

  /** Whether the cable gives a signal; `setCarrier` changes it. */
  get carrier(): boolean {
    return this.lower === null ? this.#carrier : this.lower.#carrier;
  }

  // --- addresses and groups -----------------------------------------------------------------------------------------

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
    const { prefixLength } = primary;
    const subnet = this.addresses.filter(
      (local) =>
        local.ip.length === 4 && local.prefixLength === prefixLength && equalBits(local.ip, 0, ip, 0, prefixLength),
    );
    return subnet[0] === primary ? subnet.slice(1).map((local) => local.ip) : [];
  }

  /** Whether the address of `octets` octets at `offset` is configured on this NIC. */
  owns(bytes: Uint8Array, offset: number, octets: number): boolean {
    for (let i = 0; i < this.addresses.length; i++) {
      const { ip } = this.addresses[i]!;
      if (ip.length === octets && equalBytes(ip, 0, bytes, offset, octets)) return true;
    }
    return false;
  }

  listensTo(bytes: Uint8Array, offset: number, octets: number): boolean {
    for (let i = 0; i < this.#groups.length; i++) {
      const group = this.#groups[i]!;
      if (group.length === octets && equalBytes(group, 0, bytes, offset, octets)) return true;
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

  /** Back to what the machine boots with: no addresses, no groups but everybody's, empty caches. */
  reset(): void {
    this.arpIgnore = 0;
    this.acceptLocal = false;
    this.promoteSecondaries = false;
    this.addresses.length = 0;
    this.#groups.length = 0;
    this.#groups.push(ALL_HOSTS, ALL_NODES);
    this.neighbours4.clear();
    this.neighbours6.clear();
    for (const frame of this.#waiting) this.host.platform.slab.release(frame);
    this.#waiting.length = 0;
  }

  /**
   * Carrier lost or back, for the macvlans on this NIC too. Losing it empties the caches (Linux: `arp_evict_nocarrier`,
   * `ndisc_evict_nocarrier`, both on). Only for a NIC with a cable of its own.
   */
  setCarrier(up: boolean): void {
    if (this.#carrier === up) return;
    this.#carrier = up;
    for (const nic of [this, ...this.#uppers]) {
      if (!up) {
        nic.neighbours4.clear();
        nic.neighbours6.clear();
      }
      this.host.linkChanged(nic);
    }
  }

  // --- frames -------------------------------------------------------------------------------------------------------

  /** Puts a finished frame of `octets` octets on the cable. Takes over the frame. */
  transmit(frame: FrameRef, octets: number): void {
    const { slab } = this.host.platform;
    if (!this.host.running || !this.carrier) {
      slab.release(frame);
      return;
    }
    slab.octets[frame] = octets;
    this.host.platform.transmit(this.port, frame);
  }

  /** Writes the Ethernet header in front of an IP packet and sends it. Takes over the frame; `octets` has been set. */
  transmitTo(frame: FrameRef, mac: Uint8Array, macOffset: number): void {
    const { slab } = this.host.platform;
    const start = slab.start(frame);
    const { bytes } = slab;
    copyBytes(mac, macOffset, bytes, start, 6);
    copyBytes(this.mac, 0, bytes, start + 6, 6);
    writeU16(bytes, start + 12, bytes[start + ETHERNET_OCTETS]! >>> 4 === 4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6);
    this.transmit(frame, slab.octets[frame]!);
  }

  /** A frame has come over the cable. Borrows it. */
  receive(frame: FrameRef): void {
    if (!this.host.running) {
      this.host.framesUnheard++;
      return;
    }
    if (!this.carrier) return;
    const { slab } = this.host.platform;
    if (this.host.paused) {
      this.#keep(frame);
      return;
    }
    const start = slab.start(frame);
    const { bytes } = slab;
    const octets = slab.octets[frame]!;
    if ((bytes[start]! & 1) === 0) {
      const addressed = equalBytes(bytes, start, this.mac, 0, 6) ? this : this.#upperWith(bytes, start);
      if (addressed !== null) addressed.#take(bytes, start, octets);
      return;
    }
    // A group frame from a macvlan's own MAC (another holder of a virtual one) is that macvlan's alone; any other is everybody's
    // (Linux: macvlan_handle_frame).
    const twin = this.#uppers.length === 0 ? null : this.#upperWith(bytes, start + ETHERNET_SOURCE);
    if (twin !== null) {
      twin.#take(bytes, start, octets);
      return;
    }
    this.#take(bytes, start, octets);
    for (let i = 0; i < this.#uppers.length; i++) this.#uppers[i]!.#take(bytes, start, octets);
  }

  /** The machine goes on: what has arrived meanwhile is received now. */
  takeWaiting(): void {
    const { slab } = this.host.platform;
    for (const frame of this.#waiting.splice(0)) {
      this.receive(frame);
      slab.release(frame);
    }
  }

  #keep(frame: FrameRef): void {
    if (this.#waiting.length === WAITING_MAX) {
      this.host.framesUnheard++;
      return;
    }
    this.host.platform.slab.retain(frame);
    this.#waiting.push(frame);
  }

  /** The macvlan whose MAC stands at `offset`, or null. */
  #upperWith(bytes: Uint8Array, offset: number): Nic | null {
    for (let i = 0; i < this.#uppers.length; i++) {
      const upper = this.#uppers[i]!;
      if (equalBytes(bytes, offset, upper.mac, 0, 6)) return upper;
    }
    return null;
  }

  /** A frame has passed the MAC filter. */
  #take(bytes: Uint8Array, start: number, octets: number): void {
    switch (etherType(bytes, start)) {
      case ETHERTYPE_ARP:
        receiveArp(this, bytes, start, octets);
        return;
      case ETHERTYPE_IPV4:
        receiveIpv4(this, start + ETHERNET_OCTETS, octets - ETHERNET_OCTETS);
        return;
      case ETHERTYPE_IPV6:
        receiveIpv6(this, start + ETHERNET_OCTETS, octets - ETHERNET_OCTETS);
        return;
    }
  }

  // --- what the neighbour caches ask of their interface ---------------------------------------------------------------

  solicit(
    address: Uint8Array,
    offset: number,
    mac: Uint8Array | null,
    macOffset: number,
    waiting: FrameRef | undefined,
  ): void {
    if (address === this.neighbours4.addresses) askByArp(this, address, offset, mac, macOffset, waiting);
    else askByNeighbourDiscovery(this, address, offset, mac, macOffset, waiting);
  }

  unreachable(frame: FrameRef): void {
    this.host.packetsUnreachable++;
    this.host.platform.slab.release(frame);
  }

  neighbourChanged(cache: NeighbourCache, index: number): void {
    this.host.platform.hostObserver?.onNeighbour(this, cache, index);
  }
}
