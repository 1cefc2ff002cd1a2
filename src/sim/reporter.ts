/**
 * Turns what the parts of a network notice, in integers and references, into the events that people listen to, in names. One object
 * listens everywhere, so that the order of events is the order of happenings.
 */
import type { EventEmitter } from "eventemitter3";
import { equalBytes } from "../base/bytes.ts";
import type { DomainId, FrameRef, PortId } from "../base/ids.ts";
import type { KeepalivedObserver, VrrpCause, VrrpState } from "../guest/keepalived/observer.ts";
import type { VirtualRouter } from "../guest/keepalived/virtual-router.ts";
import { type NeighbourCache, NUD_NAMES } from "../host/neighbour-cache.ts";
import type { Nic } from "../host/nic.ts";
import type { HostObserver } from "../host/platform.ts";
import type { Probe } from "../host/probe.ts";
import type { AnnouncementEvent, Holder, HolderCause, NetworkEvents } from "../observe/events.ts";
import type { HolderListener, WatchedAddress } from "../observe/holder-watch.ts";
import { OutageBook } from "../observe/outage.ts";
import { DROP_NAMES, DROP_NONE, type DropCause } from "../switch/drop-cause.ts";
import { formatMacWords } from "../switch/mac-words.ts";
import type { FrameTap, SwitchObserver } from "../switch/observer.ts";
import { formatIp, formatMac } from "../wire/address.ts";
import { describeFrame } from "../wire/describe.ts";
import type { Fabric } from "./fabric.ts";
import type { Subnet } from "./subnet.ts";

export class Reporter implements HolderListener, SwitchObserver, HostObserver, KeepalivedObserver, FrameTap {
  readonly outages: OutageBook;
  readonly #fabric: Fabric;
  readonly #events: EventEmitter<NetworkEvents>;
  readonly #subnets: ReadonlyMap<string, Subnet>;
  readonly #watched: () => readonly WatchedAddress[];
  /** What a listener threw first. */
  #failure: { readonly error: unknown } | null = null;
  /** The MACs last told of, by cache entry. */
  readonly #macs = new Map<string, string | null>();

  constructor(
    fabric: Fabric,
    events: EventEmitter<NetworkEvents>,
    subnets: ReadonlyMap<string, Subnet>,
    watched: () => readonly WatchedAddress[],
  ) {
    this.#fabric = fabric;
    this.#events = events;
    this.#subnets = subnets;
    this.#watched = watched;
    this.outages = new OutageBook(events);
    fabric.switch.observer = this;
    fabric.hostObserver = this;
  }

  watchProbe(probe: Probe): void {
    probe.onRecovery = (first, answered) => this.#emit("outage", this.outages.ended(probe, first, answered));
  }

  // --- the switch -----------------------------------------------------------------------------------------------------

  onMove(domain: DomainId, macHi: number, macLo: number, from: PortId, to: PortId): void {
    const subnet = this.#nameOf(domain);
    const mac = formatMacWords(macHi, macLo);
    this.#emit("moved", { atNs: this.#nowNs, subnet, mac, from: this.#label(from), to: this.#label(to) });
  }

  onFrame(port: PortId, frame: FrameRef, cause: DropCause): void {
    if (cause === DROP_NONE || this.#events.listenerCount("dropped") === 0) return;
    const { slab } = this.#fabric;
    const text = describeFrame(slab.bytes, slab.start(frame), slab.octets[frame]!);
    this.#emit("dropped", {
      atNs: this.#nowNs,
      port: this.#label(port),
      cause: DROP_NAMES[cause]!,
      frame: text,
    });
  }

  // --- virtual addresses ----------------------------------------------------------------------------------------------

  onHolder(watched: WatchedAddress, from: WatchedAddress["holder"], cause: HolderCause): void {
    this.#emit("holder", {
      atNs: this.#nowNs,
      vip: formatIp(watched.ip),
      havip: watched.havip,
      from: this.#holder(from),
      to: this.#holder(watched.holder),
      cause,
    });
  }

  onAnnouncement(watched: WatchedAddress, port: PortId, form: AnnouncementEvent["form"]): void {
    const { host, name } = this.#fabric.nics[port]!;
    const vip = formatIp(watched.ip);
    const counts = watched.claimants === null || watched.claimants.has(port);
    this.#emit("announcement", { atNs: this.#nowNs, vip, host: host.name, nic: name, form, counts });
  }

  // --- hosts ------------------------------------------------------------------------------------------------------------

  onNeighbour(nic: Nic, cache: NeighbourCache, index: number): void {
    const { addresses, addressOctets } = cache;
    const at = index * addressOctets;
    const isVirtual = this.#watched().some(
      ({ ip }) => ip.length === addressOctets && equalBytes(ip, 0, addresses, at, addressOctets),
    );
    if (!isVirtual) return;
    const address = formatIp(addresses, at, addressOctets);
    const mac = cache.usable(index) ? formatMac(cache.macs, index * 6) : null;
    const key = `${nic.label} ${address}`;
    const macBefore = this.#macs.get(key) ?? null;
    this.#macs.set(key, mac);
    const state = NUD_NAMES[cache.state(index)]!;
    this.#emit("neighbour", {
      atNs: this.#nowNs,
      host: nic.host.name,
      nic: nic.name,
      address,
      mac,
      macBefore,
      state,
    });
  }

  // --- keepalived -------------------------------------------------------------------------------------------------------

  onTransition(router: VirtualRouter, from: VrrpState, to: VrrpState, cause: VrrpCause, reason: string): void {
    const { conf, host, priority, skewNs } = router;
    const vips = router.addresses.map(({ ip }) => formatIp(ip));
    const { name: instance, vrid } = conf;
    this.#emit("vrrp", {
      atNs: this.#nowNs,
      host: host.name,
      subnet: this.#subnetOf(router.nic.port),
      instance,
      vrid,
      from,
      to,
      cause,
      reason,
      priority,
      vips,
      skewNs,
    });
  }

  onPriority(router: VirtualRouter, from: number, to: number): void {
    this.#note(router.host.name, `${router.conf.name}: priority ${from} → ${to}`);
  }

  onLowerAdvert(router: VirtualRouter, source: string, priority: number): void {
    const { conf, host, priority: own } = router;
    this.#note(
      host.name,
      `${conf.name} hears an advert of priority ${priority} from ${source}, ours is ${own}: asserts itself`,
    );
  }

  onReject(router: VirtualRouter, source: string, reason: string): void {
    this.#note(router.host.name, `${router.conf.name} refuses adverts from ${source}: ${reason}`);
  }

  onScript(host: string, script: string, ok: boolean): void {
    this.#note(host, `script ${script} ${ok ? "succeeds" : "fails"}`);
  }

  /** Throws what a listener threw during the run. */
  rethrow(): void {
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure.error;
  }

  /** A listener that throws must not cut what it was told of in half: the run goes on to the end of the event in progress. */
  #emit<Name extends keyof NetworkEvents>(name: Name, event: NetworkEvents[Name][0]): void {
    try {
      this.#events.emit(name, ...([event] as unknown as EventEmitter.EventArgs<NetworkEvents, Name>));
    } catch (error) {
      this.#failure ??= { error };
      this.#fabric.scheduler.stop();
    }
  }

  #note(host: string, text: string): void {
    this.#emit("note", { atNs: this.#nowNs, host, text });
  }

  #holder(holder: WatchedAddress["holder"]): Holder | null {
    if (holder === null) return null;
    const { host, name } = this.#fabric.nics[holder.port]!;
    return { host: host.name, nic: name, mac: holder.mac };
  }

  #subnetOf(port: PortId): string {
    return this.#nameOf(this.#fabric.switch.ports.domain[port] as DomainId);
  }

  #nameOf(domain: DomainId): string {
    return [...this.#subnets.values()].find((candidate) => candidate.domain === domain)!.name;
  }

  #label(port: PortId): string {
    return this.#fabric.nics[port]!.label;
  }

  get #nowNs(): number {
    return this.#fabric.clock.nowNs;
  }
}
