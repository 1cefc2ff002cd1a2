/**
 * The hosts of a capture: who they are, what they are called, and which of them a frame comes from.
 *
 * By interface, each interface that is a host's port (`ports.ts`) is a host, and so is each MAC without one. By MAC, each source MAC is one,
 * but for those of virtual routers, from which every router of the group sends in its turn: `virtual-mac-owners.ts` tells whose turn it is.
 * A router that sends from nothing but a virtual MAC is known by the IP address that its adverts come from.
 *
 * A host is called what the user says; else by its interface's name; else by its IPv4 address, never a virtual one; else by its MAC.
 */
import type { CaptureReader } from "../capture/capture-reader.ts";
import { formatIp } from "../wire/address.ts";
import { ETHERNET_OCTETS, ETHERNET_SOURCE } from "../wire/ethernet.ts";
import { FACT_ADVERT, type FrameFacts, NAMED_BY_ADVERT, NAMED_BY_ARP_REQUEST, NAMED_BY_IPV4 } from "./frame-facts.ts";
import { formatMacKey, isVirtualMac, linkLocalOf, macKey } from "./mac-key.ts";
import { livingAt, portsOf } from "./ports.ts";
import { groupKeyOfMac, type SeenAddress, type Source, type Survey } from "./survey.ts";

/** Hosts with a port of their own at the switch; what is beyond shares one. */
export const HOSTS_MAX = 1_000;

/** The host that stands for all who have no port of their own. */
const OTHERS = 0;

export interface Host {
  readonly id: number;
  readonly name: string;
  /** Those of its own, as text; without the virtual ones. */
  readonly macs: readonly string[];
  /** Its own addresses, as far as frames tell. */
  readonly addresses: readonly string[];
  readonly interfaceName: string | null;
  readonly vlans: readonly number[];
  /** Frames that it sent. */
  frames: number;
}

/** Names by MAC or IP address, as text. */
export type HostNames = ReadonlyMap<string, string>;

/** What a host is made of before it has a name. */
interface Draft {
  readonly sources: Source[];
  /** That its adverts from virtual MACs come from. */
  readonly routerAddresses: string[];
  readonly interfaceName: string | null;
  readonly fallback: string;
}

export class Hosts {
  readonly list: Host[];
  /** Frames from virtual MACs that may have been another router's, by virtual MAC. */
  readonly doubtful = new Map<number, number>();
  /** Those of the given names that a host has got. */
  readonly namesUsed = new Set<string>();
  readonly #survey: Survey;
  readonly #drafts: Draft[] = [];
  readonly #ofInterface: number[] = [];
  readonly #ofMac = new Map<number, number>();
  readonly #ofRouterAddress = new Map<string, number>();
  /** By the survey's index of routers. */
  readonly #ofRouter: number[] = [];
  readonly #linkLocalsOf = new Map<number, string[]>();

  constructor(survey: Survey, interfaces: CaptureReader["interfaces"], byInterface: boolean, names: HostNames) {
    this.#survey = survey;
    for (const [text, mac] of survey.linkLocals) {
      const known = this.#linkLocalsOf.get(mac);
      if (known === undefined) this.#linkLocalsOf.set(mac, [text]);
      else known.push(text);
    }
    this.#add([], [], null, "others");
    if (byInterface) this.#draftByInterface(interfaces);
    else this.#draftByMac(() => true);
    this.list = this.#drafts.map((draft, id) => ({ ...this.#describe(draft, names), id, frames: 0 }));
    makeDistinct(this.list);
  }

  /** The host that sent the capture's current frame, which `facts` has read. `nowNs` does not go back. */
  senderOf(capture: CaptureReader, facts: FrameFacts, nowNs: number): Host {
    return this.list[this.#senderOf(capture, facts, nowNs)]!;
  }

  /** Whether the interface is the port of one host, so that whatever comes in there is that one's. */
  isPort(interfaceIndex: number): boolean {
    return this.#ofInterface[interfaceIndex] !== undefined;
  }

  #senderOf(capture: CaptureReader, facts: FrameFacts, nowNs: number): number {
    const { bytes, offset, octets, interfaceIndex, direction } = capture;
    const port = this.#ofInterface[interfaceIndex];
    if (port !== undefined && direction === "inbound") return port;
    if (octets < ETHERNET_OCTETS) return port ?? OTHERS;
    const mac = macKey(bytes, offset + ETHERNET_SOURCE);
    if (isVirtualMac(mac)) {
      if (port !== undefined) return port;
      const router = this.#routerBehind(mac, bytes, facts, nowNs);
      if (router >= 0) return router;
    }
    return this.#ofMac.get(mac) ?? OTHERS;
  }

  /** The host that sends from a virtual MAC now; -1 if no advert says. */
  #routerBehind(mac: number, bytes: Uint8Array, facts: FrameFacts, nowNs: number): number {
    if (facts.fact === FACT_ADVERT)
      return this.#ofRouterAddress.get(formatIp(bytes, facts.source, facts.addressOctets)) ?? -1;
    const owners = this.#survey.owners.get(groupKeyOfMac(facts.vlan, mac));
    if (owners === undefined) return -1;
    const router = owners.routerAt(nowNs);
    if (owners.isDoubtful) this.doubtful.set(mac, (this.doubtful.get(mac) ?? 0) + 1);
    return this.#ofRouter[router] ?? -1;
  }

  #draftByInterface(interfaces: CaptureReader["interfaces"]): void {
    const sources = [...this.#survey.sources.values()];
    const ports = portsOf(this.#survey);
    for (const [index, { name }] of interfaces.entries()) {
      if (!ports.has(index) || index >= HOSTS_MAX) continue;
      const own = livingAt(sources, index);
      const addresses = advertisedFrom(sources, index);
      const id = this.#add(own, addresses, name, `interface ${index}`);
      this.#ofInterface[index] = id;
      for (const { mac, isVirtual } of own) if (!isVirtual) this.#ofMac.set(mac, id);
      for (const address of addresses) this.#ofRouterAddress.set(address, id);
    }
    this.#draftByMac((source) => !this.#ofMac.has(source.mac) && !livesAtPort(source, ports));
  }

  /** Hosts for the MACs among them that are wanted, and for routers that are known by their address alone. */
  #draftByMac(isWanted: (source: Source) => boolean): void {
    const { sources, routers } = this.#survey;
    const hasOwners = new Set(this.#survey.owners.keys());
    const own = [...sources.values()].filter(
      (source) => isWanted(source) && (!source.isVirtual || !hasAdverts(source, hasOwners)),
    );
    // Those that this is all about come first, should there be too many.
    const chosen = new Set([...own.filter(({ speaks }) => speaks), ...own].slice(0, HOSTS_MAX));
    for (const source of own) {
      if (chosen.has(source)) this.#ofMac.set(source.mac, this.#add([source], [], null, formatMacKey(source.mac)));
    }
    const macs = this.#macsByAddress();
    for (const [index, router] of routers.entries()) {
      const known = typeof router === "number" ? this.#ofMac.get(router) : this.#ofRouterAddress.get(router);
      this.#ofRouter[index] = known ?? (typeof router === "number" ? OTHERS : this.#addRouter(router, macs));
    }
  }

  /** The host of a router that is known by the source address of its adverts. */
  #addRouter(address: string, macs: ReadonlyMap<string, number>): number {
    const mac = macs.get(address) ?? -1;
    let id = this.#ofMac.get(mac);
    // What joins the two is the host's name as well.
    if (id !== undefined && address.includes(".")) this.#drafts[id]!.routerAddresses.push(address);
    if (id === undefined) id = this.#drafts.length < HOSTS_MAX ? this.#add([], [address], null, address) : OTHERS;
    this.#ofRouterAddress.set(address, id);
    return id;
  }

  /** MACs of their own by the addresses that they use, the best evidence for each. */
  #macsByAddress(): Map<string, number> {
    const best = new Map<string, { readonly rank: number; readonly mac: number }>();
    const made = new Map<string, number>();
    for (const { mac, isVirtual, addresses } of this.#survey.sources.values()) {
      if (isVirtual) continue;
      made.set(linkLocalOf(mac), mac);
      for (const { text, rank } of addresses) {
        const known = best.get(text);
        if (known === undefined || rank < known.rank) best.set(text, { rank, mac });
      }
    }
    const { linkLocals, asked } = this.#survey;
    return new Map([...made, ...linkLocals, ...asked, ...[...best].map(([text, { mac }]) => [text, mac] as const)]);
  }

  #add(sources: Source[], routerAddresses: string[], interfaceName: string | null, fallback: string): number {
    return this.#drafts.push({ sources, routerAddresses, interfaceName, fallback }) - 1;
  }

  #describe(
    { sources, routerAddresses, interfaceName, fallback }: Draft,
    names: HostNames,
  ): Omit<Host, "id" | "frames"> {
    const macs = sources.filter(({ isVirtual }) => !isVirtual).map(({ mac }) => formatMacKey(mac));
    const addresses = [...new Set([...routerAddresses, ...sources.flatMap((source) => this.#ownAddresses(source))])];
    const linkLocals = sources.flatMap(({ mac }) => this.#linkLocalsOf.get(mac) ?? []);
    const used = sources.flatMap((source) => this.#usedAddresses(source));
    const key = [...macs, ...addresses, ...linkLocals, fallback, ...used].find((candidate) => names.has(candidate));
    if (key !== undefined) this.namesUsed.add(key);
    const given = key === undefined ? null : names.get(key)!;
    return {
      name: given ?? interfaceName ?? addresses[0] ?? macs[0] ?? fallback,
      macs,
      addresses: [...addresses, ...linkLocals],
      interfaceName,
      vlans: [...new Set(sources.flatMap((source) => source.vlans))],
    };
  }

  /** Addresses that frames from the MAC carry as their sender's, without virtual ones; none for a gateway. */
  #usedAddresses(source: Source): string[] {
    return source.hasMore ? [] : this.#unclaimed(source).map(({ text }) => text);
  }

  /** Addresses of the host behind a MAC, the most telling first; none that it announces, if there is another. */
  #ownAddresses(source: Source): string[] {
    if (source.isVirtual) return [];
    const { announced } = this.#survey;
    const own = this.#unclaimed(source);
    const byData = own.filter(({ rank }) => rank === NAMED_BY_IPV4);
    // A gateway's MAC comes with addresses from everywhere: none of them says who it is.
    const usable = own.filter(({ rank }) => rank < NAMED_BY_IPV4 || (byData.length === 1 && !source.hasMore));
    const [plain, ofOwn] = [false, true].map((wanted) => usable.filter(({ ip }) => announced.has(ip) === wanted));
    if (plain!.length === 0) return ofOwn!.filter(({ rank }) => rank <= NAMED_BY_ARP_REQUEST).map(({ text }) => text);
    const best = Math.min(...plain!.map(({ rank }) => rank));
    return plain!
      .filter(({ rank }) => rank === best || rank < NAMED_BY_IPV4)
      .sort((a, b) => a.rank - b.rank)
      .map(({ text }) => text);
  }

  /** Addresses that adverts do not list, and nobody else announces. */
  #unclaimed({ mac, addresses }: Source): SeenAddress[] {
    const { advertised, announced } = this.#survey;
    return addresses.filter(({ ip }) => !advertised.has(ip) && (announced.get(ip) ?? mac) === mac);
  }
}

/** IPv4 addresses that adverts from virtual MACs come from, at one interface. */
function advertisedFrom(sources: readonly Source[], index: number): string[] {
  return sources
    .filter(({ isVirtual }) => isVirtual)
    .flatMap(({ addresses }) => addresses)
    .filter(({ rank, interfaceIndex }) => rank === NAMED_BY_ADVERT && interfaceIndex === index)
    .map(({ text }) => text);
}

/** A virtual router's MAC that is seen at the ports of its routers. */
function livesAtPort({ isVirtual, firsts }: Source, ports: ReadonlySet<number>): boolean {
  return isVirtual && [...firsts.keys()].every((index) => ports.has(index));
}

/** Whether adverts say who sends from a virtual MAC, in a VLAN where it is. */
function hasAdverts({ mac, vlans }: Source, groups: ReadonlySet<number>): boolean {
  return vlans.some((vlan) => groups.has(groupKeyOfMac(vlan, mac)));
}

/** Hosts of one name get their MAC, or their number, behind it. */
function makeDistinct(hosts: Host[]): void {
  const count = new Map<string, number>();
  for (const { name } of hosts) count.set(name, (count.get(name) ?? 0) + 1);
  for (const [i, host] of hosts.entries()) {
    if (count.get(host.name)! > 1) hosts[i] = { ...host, name: `${host.name} (${host.macs[0] ?? `no. ${i + 1}`})` };
  }
}
