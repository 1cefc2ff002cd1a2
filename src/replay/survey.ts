/**
 * The first look at a capture, before any of it goes through the switch: which MACs send, by which interfaces they come in, which addresses they use,
 * and who advertises for which virtual router. It decides how hosts are told apart, and lets them be named and have their ports before
 * the first frame, which then reaches everybody who is there.
 */
import { readI32 } from "../base/bytes.ts";
import type { CaptureReader } from "../capture/capture-reader.ts";
import { LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2 } from "../capture/linux-cooked.ts";
import { formatIp } from "../wire/address.ts";
import { ARP_TARGET_IP, ARP_TARGET_MAC } from "../wire/arp.ts";
import { ETHERNET_OCTETS, ETHERNET_SOURCE } from "../wire/ethernet.ts";
import { FACT_ADVERT, FACT_ANNOUNCEMENT, type FrameFacts, NAMED_BY_IPV4 } from "./frame-facts.ts";
import { isVirtualMac, macKey } from "./mac-key.ts";
import { VirtualMacOwners } from "./virtual-mac-owners.ts";

/** MACs that are kept apart; of more, only those that advertise or announce, up to twice as many. */
const SOURCES_MAX = 65_536;
/** Addresses kept per MAC: a gateway's MAC comes with all the world's. */
const ADDRESSES_MAX = 16;
/** Those that tell who the sender is come on top, up to as many. */
const NAMES_MAX = 64;
/** Kept of everything else that a capture could have without end. */
const KEPT_MAX = 65_536;
/** Changes from one advertising router to another that are kept. */
const STRETCHES_MAX = 1_000_000;

/** An IPv4 address that frames from a MAC carry as their sender's. */
export interface SeenAddress {
  readonly ip: number;
  readonly text: string;
  /** NAMED_BY_…, the best so far. */
  rank: number;
  /** Where it was seen first. */
  readonly interfaceIndex: number;
}

/** A source MAC. */
export interface Source {
  readonly mac: number;
  readonly isVirtual: boolean;
  /** It has sent an advert or an announcement. */
  speaks: boolean;
  readonly addresses: SeenAddress[];
  /** More addresses than are kept. */
  hasMore: boolean;
  /** By which it came in, not counting frames that left there. */
  readonly interfaces: number[];
  /** By interface: frames that were seen there before they were anywhere else. */
  readonly firsts: Map<number, number>;
  readonly vlans: number[];
}

/** The interface where the MAC lives: that shows most of its frames first. -1 if none does. */
export function homeOf({ firsts }: Source): number {
  let home = -1;
  for (const [index, count] of firsts) if (home < 0 || count > firsts.get(home)!) home = index;
  return home;
}

/** Key of a virtual router: VRID, family and VLAN make one. */
export function groupKey(vlan: number, family: number, vrid: number): number {
  return vlan * 1024 + (family === 4 ? 0 : 512) + vrid;
}

/** `groupKey` of the virtual router whose MAC this is (`isVirtualMac`). */
export function groupKeyOfMac(vlan: number, mac: number): number {
  return groupKey(vlan, Math.floor(mac / 256) % 256 === 1 ? 4 : 6, mac % 256);
}

export class Survey {
  readonly sources = new Map<number, Source>();
  /** By `groupKey`. */
  readonly owners = new Map<number, VirtualMacOwners>();
  /** Routers that advertise, by place: a MAC of their own, or the text of the IP address that adverts from a virtual MAC come from. */
  readonly routers: (number | string)[] = [];
  /** MAC by link-local address, of hosts that use one with a MAC of their own. */
  readonly linkLocals = new Map<string, number>();
  /** IPv4 addresses that adverts list. */
  readonly advertised = new Set<number>();
  /** IPv4 addresses that were announced, and the MAC whose frames did; -1 if several did. */
  readonly announced = new Map<number, number>();
  /** MAC by IPv4 address, as ARP replies name those who had asked. */
  readonly asked = new Map<string, number>();
  frames = 0;
  /** The capture says of frames whether they came in or left. */
  hasDirections = false;
  #isCooked = false;
  readonly #routerIndexes = new Map<number | string, number>();
  #last: Source | null = null;
  #stretches = 0;

  /** Takes in the capture's current frame, which `facts` has read; `isCopy`: it has been there already. `nowNs` does not go back. */
  add(capture: CaptureReader, facts: FrameFacts, nowNs: number, isCopy: boolean): void {
    this.frames++;
    const { bytes, offset, octets, interfaceIndex, direction } = capture;
    const { linkType } = capture.interfaces[interfaceIndex]!;
    this.#isCooked ||= linkType === LINKTYPE_LINUX_SLL || linkType === LINKTYPE_LINUX_SLL2;
    if (octets < ETHERNET_OCTETS) return;
    const mac = macKey(bytes, offset + ETHERNET_SOURCE);
    const speaks = facts.fact === FACT_ADVERT || facts.fact === FACT_ANNOUNCEMENT;
    const source = this.#last?.mac === mac ? this.#last : this.#sourceOf(mac, speaks);
    if (source === null) return;
    this.#last = source;
    source.speaks ||= speaks;
    addOnce(source.vlans, facts.vlan);
    this.hasDirections ||= direction !== null;
    if (direction !== "outbound") {
      addOnce(source.interfaces, interfaceIndex);
      if (!isCopy) countFirst(source.firsts, interfaceIndex);
    }
    if (facts.ipv4 >= 0) noteAddress(source, bytes, facts, interfaceIndex);
    if (facts.linkLocal >= 0 && !source.isVirtual) this.#noteLinkLocal(bytes, facts.linkLocal, mac);
    if (facts.fact === FACT_ANNOUNCEMENT && facts.addressOctets === 4)
      this.#noteAnnounced(readI32(bytes, facts.address), mac);
    if (facts.answered >= 0) this.#noteAsked(bytes, facts.answered);
    if (facts.fact === FACT_ADVERT) this.#noteAdvert(bytes, facts, source, nowNs);
  }

  /**
   * Whether the interfaces are ports with a host behind each, so that they tell the hosts apart: several of them, more than half of which
   * let frames of one MAC in, beside virtual ones. Interfaces of one host, or several views of one network, see many.
   */
  get interfacesAreHosts(): boolean {
    const macs = new Map<number, number>();
    for (const { isVirtual, interfaces } of this.sources.values()) {
      for (const index of interfaces) macs.set(index, (macs.get(index) ?? 0) + (isVirtual ? 0 : 1));
    }
    const single = [...macs.values()].filter((count) => count <= 1).length;
    return !this.#isCooked && macs.size > 1 && single * 2 > macs.size;
  }

  #sourceOf(mac: number, speaks: boolean): Source | null {
    const known = this.sources.get(mac);
    if (known !== undefined) return known;
    if (this.sources.size >= (speaks ? 2 * SOURCES_MAX : SOURCES_MAX)) return null;
    const source = {
      mac,
      isVirtual: isVirtualMac(mac),
      speaks,
      addresses: [],
      hasMore: false,
      interfaces: [],
      firsts: new Map(),
      vlans: [],
    };
    this.sources.set(mac, source);
    return source;
  }

  #noteLinkLocal(bytes: Uint8Array, at: number, mac: number): void {
    const text = formatIp(bytes, at, 16);
    if (this.linkLocals.size < KEPT_MAX && !this.linkLocals.has(text)) this.linkLocals.set(text, mac);
  }

  #noteAsked(bytes: Uint8Array, arp: number): void {
    const mac = macKey(bytes, arp + ARP_TARGET_MAC);
    if (isVirtualMac(mac) || mac === 0 || (bytes[arp + ARP_TARGET_MAC]! & 1) !== 0) return;
    const text = formatIp(bytes, arp + ARP_TARGET_IP, 4);
    if (this.asked.size < KEPT_MAX && !this.asked.has(text)) this.asked.set(text, mac);
  }

  #noteAnnounced(ip: number, mac: number): void {
    const by = this.announced.get(ip);
    if (by === undefined && this.announced.size < KEPT_MAX) this.announced.set(ip, mac);
    else if (by !== undefined && by !== mac) this.announced.set(ip, -1);
  }

  #noteAdvert(bytes: Uint8Array, facts: FrameFacts, source: Source, nowNs: number): void {
    const { vlan, family, vrid, addressOctets, addressCount } = facts;
    for (let i = 0; family === 4 && i < addressCount && this.advertised.size < KEPT_MAX; i++)
      this.advertised.add(readI32(bytes, facts.addresses + i * 4));
    if (facts.priority === 0) return;
    const router = this.#routerIndexOf(source.isVirtual ? formatIp(bytes, facts.source, addressOctets) : source.mac);
    const key = groupKey(vlan, family, vrid);
    let owners = this.owners.get(key);
    if (router < 0 || (owners === undefined && this.owners.size >= KEPT_MAX)) return;
    if (owners === undefined) {
      owners = new VirtualMacOwners();
      this.owners.set(key, owners);
    }
    if (owners.lastRouter !== router && this.#stretches++ >= STRETCHES_MAX) return;
    owners.addAdvert(router, nowNs, facts.intervalNs);
  }

  #routerIndexOf(router: number | string): number {
    const known = this.#routerIndexes.get(router);
    if (known !== undefined || this.routers.length >= KEPT_MAX) return known ?? -1;
    const index = this.routers.push(router) - 1;
    this.#routerIndexes.set(router, index);
    return index;
  }
}

function noteAddress(source: Source, bytes: Uint8Array, facts: FrameFacts, interfaceIndex: number): void {
  const { ipv4: at, ipv4Rank: rank } = facts;
  const ip = readI32(bytes, at);
  // 0.0.0.0, loopback and groups are nobody's.
  if (ip === 0 || ip >>> 24 === 127 || ip >>> 28 >= 14) return;
  const { addresses } = source;
  for (let i = 0; i < addresses.length; i++) {
    const known = addresses[i]!;
    if (known.ip !== ip) continue;
    known.rank = Math.min(known.rank, rank);
    return;
  }
  if (addresses.length < (rank < NAMED_BY_IPV4 ? NAMES_MAX : ADDRESSES_MAX))
    addresses.push({ ip, text: formatIp(bytes, at, 4), rank, interfaceIndex });
  else source.hasMore = true;
}

function addOnce(list: number[], value: number): void {
  if (list.length < ADDRESSES_MAX && !list.includes(value)) list.push(value);
}

function countFirst(firsts: Map<number, number>, interfaceIndex: number): void {
  const known = firsts.get(interfaceIndex);
  if (known !== undefined || firsts.size < ADDRESSES_MAX) firsts.set(interfaceIndex, (known ?? 0) + 1);
}
