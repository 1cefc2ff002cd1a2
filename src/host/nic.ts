/**
 * One vNIC: a MAC address, the IP addresses and groups it listens to, a neighbour cache per family, and the cable. What comes in is
 * filtered by destination MAC as an Ethernet controller does it and handed to ARP or IP; what goes out gets its Ethernet
 * header here.
 *
 * A NIC may stand on another one as a macvlan does (`lower`): it has a MAC, addresses and caches of its own, and shares cable and
 * carrier. That is what keepalived's `use_vmac` makes.
 */
import { copyBytes, equalBytes, writeU16 } from "../base/bytes.ts";
import { type FrameRef, NO_FRAME, type PortId } from "../base/ids.ts";
import { Prng } from "../base/prng.ts";
import type { IpAddress } from "../text/ip-text.ts";
import { formatMac, linkLocalOfMac } from "../wire/address.ts";
import {
  ETHERNET_OCTETS,
  ETHERNET_SOURCE,
  ETHERNET_TYPE,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  etherType,
} from "../wire/ethernet.ts";
import { announceByArp, askByArp, receiveArp } from "./arp.ts";
import { DuplicateDetection } from "./duplicate-detection.ts";
import type { Host } from "./host.ts";
import { InterfaceAddresses, type LocalAddress } from "./interface-addresses.ts";
import { Ipv4Settings, Ipv6Settings } from "./interface-settings.ts";
import { receiveIpv4, receiveIpv6 } from "./ip-input.ts";
import { announceByNeighbourDiscovery, askByNeighbourDiscovery } from "./nd.ts";
import { NeighbourCache } from "./neighbour-cache.ts";
import { NeighbourSettings } from "./neighbour-settings.ts";
import type { NeighbourSupport } from "./neighbour-support.ts";
import type { ScriptedAnswers } from "./scripted-answers.ts";

export type { LocalAddress };

/** Frames that wait while the machine stands still: the ring of a virtio NIC. What comes then is lost. */
const WAITING_MAX = 256;

export class Nic extends InterfaceAddresses implements NeighbourSupport {
  readonly host: Host;
  readonly name: string;
  /** Where the other end of its cable is. */
  readonly port: PortId;
  /** Six octets; another array once `setMac` has changed it. */
  mac: Uint8Array;
  /** The NIC whose cable this one uses; null: it has its own. */
  readonly lower: Nic | null;
  /** A macvlan has none by itself: it speaks for its lower NIC's. */
  readonly linkLocal: LocalAddress;
  readonly neighbours4: NeighbourCache;
  readonly neighbours6: NeighbourCache;
  settings4 = new Ipv4Settings();
  settings6 = new Ipv6Settings();
  /** Addresses of which it is not yet known whether somebody else has them. */
  readonly duplicates: DuplicateDetection;
  /** Answers that it gives for others, or in their name; null: none. */
  answers: ScriptedAnswers | null = null;
  /** What has arrived while the machine stands still; each is held. */
  readonly #waiting: FrameRef[] = [];
  /** Macvlans on this NIC. */
  readonly #uppers: Nic[] = [];
  /** What it boots with. */
  readonly #ownMac: Uint8Array;
  #carrier = true;
  #isUp = true;

  constructor(host: Host, name: string, port: PortId, mac: Uint8Array, lower: Nic | null = null) {
    super();
    this.host = host;
    this.name = name;
    this.port = port;
    this.#ownMac = mac;
    this.mac = mac;
    this.lower = lower;
    if (lower !== null) lower.#uppers.push(this);
    this.linkLocal = lower === null ? { ip: linkLocalOfMac(mac), prefixLength: 64 } : lower.linkLocal;
    const { platform } = host;
    const { kernel } = host;
    const { timers, slab, seed } = platform;
    const surroundings = { kernel, timers, slab };
    const chance = (family: string) => new Prng(seed, `reachable time ${family} of ${host.name}.${name}`);
    this.neighbours4 = new NeighbourCache(4, host.system.rules4, this, host.neighbours4, surroundings, chance("IPv4"));
    this.neighbours6 = new NeighbourCache(16, host.system.rules6, this, host.neighbours6, surroundings, chance("IPv6"));
    this.duplicates = new DuplicateDetection(this);
  }

  /** `vm-A.eth0`: how reports and captures call it. */
  get label(): string {
    return `${this.host.name}.${this.name}`;
  }

  get macText(): string {
    return formatMac(this.mac);
  }

  /** Whether it is switched on (`ip link set up`) and its cable gives a signal: it can send and hear. */
  get carrier(): boolean {
    return this.#isUp && (this.lower === null ? this.#carrier : this.lower.carrier);
  }

  /** Whether it is switched on. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** A setting of IPv4, with what `all` says to it: the higher of the two. */
  level4(field: keyof Ipv4Settings): number {
    return Math.max(this.settings4[field], this.host.settings4[field]);
  }

  /** The same for IPv6, where `all` counts for few. */
  level6(field: "acceptDad" | "ndiscNotify"): number {
    return Math.max(this.settings6[field], this.host.settings6[field]);
  }

  override addAddress(ip: IpAddress, prefixLength: number): boolean {
    const isNew = super.addAddress(ip, prefixLength);
    if (isNew) this.host.platform.hostObserver?.onAddress(this, ip);
    return isNew;
  }

  override removeAddress(ip: IpAddress): boolean {
    const wasThere = super.removeAddress(ip);
    if (wasThere) this.host.platform.hostObserver?.onAddress(this, ip);
    return wasThere;
  }

  /** Back to what the machine boots with: its own MAC, no addresses, no groups but everybody's, empty caches, default settings. */
  reset(): void {
    this.mac = this.#ownMac;
    this.#isUp = true;
    this.settings4 = new Ipv4Settings();
    this.settings6 = new Ipv6Settings();
    for (const cache of [this.neighbours4, this.neighbours6]) {
      cache.settings = new NeighbourSettings(cache.addressOctets);
      this.host.system.configure(cache.settings, cache.addressOctets);
    }
    this.forgetAddresses();
    this.duplicates.clear();
    this.#forgetNeighbours();
    this.answers?.clear();
    for (const frame of this.#waiting) this.host.platform.slab.release(frame);
    this.#waiting.length = 0;
  }

  /**
   * Carrier lost or back, for the macvlans on this NIC too. Losing it empties the caches, of all but what people have set (Linux:
   * `arp_evict_nocarrier`, `ndisc_evict_nocarrier`). Only for a NIC with a cable of its own.
   */
  setCarrier(up: boolean): void {
    if (this.#carrier === up) return;
    this.#carrier = up;
    for (const nic of [this, ...this.#uppers]) {
      if (!up) nic.#evict();
      this.host.linkChanged(nic);
    }
    this.host.changed();
  }

  /**
   * `ip link set NIC up` or `down`: switched off it forgets its neighbours, those that people have set too; switched on it announces
   * its addresses where `arp_notify` and `ndisc_notify` say so. What becomes of its IPv6 addresses is the host's business.
   */
  setUp(up: boolean): void {
    if (this.#isUp === up) return;
    this.#isUp = up;
    if (!up) this.#forgetNeighbours();
    for (const nic of [this, ...this.#uppers]) {
      if (!up && nic !== this) nic.#evict();
      this.host.linkChanged(nic);
    }
    this.host.changed();
    if (up && this.level4("arpNotify") !== 0) announceByArp(this);
  }

  /** `ip link set NIC address MAC`: it forgets its neighbours, and announces its addresses where it is set to. */
  setMac(mac: Uint8Array): void {
    this.mac = mac;
    this.#forgetNeighbours();
    this.host.changed();
    if (this.level4("arpNotify") !== 0) announceByArp(this);
    if (this.level6("ndiscNotify") !== 0) announceByNeighbourDiscovery(this);
  }

  #forgetNeighbours(): void {
    this.neighbours4.clear(true);
    this.neighbours6.clear(true);
  }

  #evict(): void {
    if (!this.host.system.forgetsWithoutCarrier) return;
    const { settings4, settings6 } = this.host;
    if (this.settings4.arpEvictNocarrier !== 0 && settings4.arpEvictNocarrier !== 0) this.neighbours4.clear(false);
    if (this.settings6.ndiscEvictNocarrier !== 0 && settings6.ndiscEvictNocarrier !== 0) this.neighbours6.clear(false);
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

  /** Puts exactly these octets on the cable. */
  sendOctets(octets: Uint8Array): void {
    const frame = this.host.acquire();
    if (frame === NO_FRAME) return;
    const { slab } = this.host.platform;
    slab.bytes.set(octets, slab.start(frame));
    this.transmit(frame, octets.length);
  }

  /** Writes the Ethernet header in front of an IP packet and sends it. Takes over the frame; `octets` has been set. */
  transmitTo(frame: FrameRef, mac: Uint8Array, macOffset: number): void {
    const { slab } = this.host.platform;
    const start = slab.start(frame);
    const { bytes } = slab;
    copyBytes(mac, macOffset, bytes, start, 6);
    copyBytes(this.mac, 0, bytes, start + ETHERNET_SOURCE, 6);
    writeU16(
      bytes,
      start + ETHERNET_TYPE,
      bytes[start + ETHERNET_OCTETS]! >>> 4 === 4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6,
    );
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
    if (this.answers?.take(bytes, start, octets)) return;
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
