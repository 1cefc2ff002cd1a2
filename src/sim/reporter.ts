/**
 * Turns what the parts of a network notice, in integers and references, into the events that people listen to, in names. One object
 * listens everywhere, so that the order of events is the order of happenings.
 */
import type { EventEmitter } from "eventemitter3";
import type { FrameRef, PortId } from "../base/ids.ts";
import type { KeepalivedObserver, VrrpCause, VrrpState } from "../guest/keepalived/observer.ts";
import type { VirtualRouter } from "../guest/keepalived/virtual-router.ts";
import type { Host } from "../host/host.ts";
import type { NeighbourCache } from "../host/neighbour-cache.ts";
import type { Nic } from "../host/nic.ts";
import { NUD_NAMES } from "../host/nud.ts";
import type { HostObserver } from "../host/platform.ts";
import type { Probe } from "../host/probe.ts";
import type { AnnouncementEvent, Holder, HolderCause, NetworkEvents } from "../observe/events.ts";
import type { HolderListener, WatchedAddress } from "../observe/holder-watch.ts";
import { OutageBook } from "../observe/outage.ts";
import { DROP_NAMES, DROP_NONE, type DropCause } from "../switch/drop-cause.ts";
import { formatMacWords } from "../switch/mac-words.ts";
import type { FrameTap } from "../switch/observer.ts";
import { type IpAddress, isIpAt } from "../text/ip-text.ts";
import { formatIp, formatMac } from "../wire/address.ts";
import { readAnnouncement } from "../wire/announcement.ts";
import { ANNOUNCED_BY_VRRP, Announcement } from "../wire/announcement-record.ts";
import { describeFrame } from "../wire/describe.ts";
import { PARSE_OK } from "../wire/parse-code.ts";
import { AnswerWitnesses, type MastersOf } from "./answer-witnesses.ts";
import type { Fabric, FabricObserver } from "./fabric.ts";
import { mendedText, wayText } from "./impair-text.ts";
import type { ImpairKey } from "./impair-words.ts";
import type { LossCause, WayPlace } from "./impairment.ts";
import { ReachWatch } from "./reach-watch.ts";
import { portLabel, type SimPort, type SimSwitch } from "./sim-switch.ts";
import { type Storm, StormBudget, type StormListener } from "./storm-watch.ts";

/** What is told only while somebody listens must not decide how long a run lasts. */
const DETAILS: ReadonlySet<keyof NetworkEvents> = new Set(["moved", "dropped", "lost"]);

export class Reporter
  implements HolderListener, FabricObserver, StormListener, HostObserver, KeepalivedObserver, FrameTap
{
  readonly outages: OutageBook;
  readonly storms = new StormBudget(this);
  readonly #fabric: Fabric;
  readonly #events: EventEmitter<NetworkEvents>;
  readonly #watched: () => readonly WatchedAddress[];
  readonly #reach: ReachWatch;
  readonly #witnesses: AnswerWitnesses;
  /** What a listener threw first. */
  #failure: { readonly error: unknown } | null = null;
  readonly #announcement = new Announcement();
  /** The MACs last told of, by cache entry. */
  readonly #macs = new Map<string, string | null>();

  constructor(
    fabric: Fabric,
    events: EventEmitter<NetworkEvents>,
    watched: () => readonly WatchedAddress[],
    mastersOf: MastersOf,
  ) {
    this.#fabric = fabric;
    this.#events = events;
    this.#watched = watched;
    this.outages = new OutageBook(events);
    this.#reach = new ReachWatch(fabric);
    this.#witnesses = new AnswerWitnesses(fabric, watched, mastersOf);
    fabric.observer = this;
    fabric.hostObserver = this;
  }

  watchProbe(probe: Probe): void {
    const { nic, to } = probe.options;
    this.#witnesses.inform(probe);
    this.outages.follow(probe, this.#reach.watch(nic, to));
    probe.onRecovery = (first, answered) => this.#emit("outage", this.outages.ended(probe, first, answered));
  }

  // --- switches and links ---------------------------------------------------------------------------------------------

  onMove(at: SimSwitch, macHi: number, macLo: number, from: SimPort, to: SimPort): void {
    this.#reach.onLearned(at, macHi, macLo);
    if (this.#events.listenerCount("moved") === 0 || isStorming(at)) return;
    const mac = formatMacWords(macHi, macLo);
    this.#emit("moved", {
      atNs: this.#nowNs,
      subnet: at.subnet.name,
      switch: at.name,
      mac,
      from: portLabel(from),
      to: portLabel(to),
    });
  }

  onLearn(at: SimSwitch, macHi: number, macLo: number): void {
    this.#reach.onLearned(at, macHi, macLo);
  }

  onWays(): void {
    this.#reach.onNetwork();
  }

  onFrame(port: PortId, frame: FrameRef, cause: DropCause): void {
    if (cause === DROP_NONE || this.#events.listenerCount("dropped") === 0) return;
    const entry = this.#fabric.ports[port]!;
    if (entry.trunk !== null && isStorming(entry.at)) return;
    const label = portLabel(entry);
    this.#emit("dropped", { atNs: this.#nowNs, port: label, cause: DROP_NAMES[cause]!, frame: this.#described(frame) });
  }

  onLost({ link, from, to, at, nic }: WayPlace, frame: FrameRef, cause: LossCause): void {
    const direction = nic === null ? null : nic.direction;
    const isTold = this.#events.listenerCount("lost") > 0 && !isStorming(at);
    if (direction !== "out" && !isTold) return;
    const announces = this.#announced(frame);
    // Outages must not depend on who listens.
    if (direction === "out" && announces !== null) this.outages.noteLostAnnouncement(announces, from, this.#nowNs);
    if (!isTold) return;
    this.#emit("lost", {
      atNs: this.#nowNs,
      link,
      from,
      to,
      direction,
      cause,
      frame: this.#described(frame),
      announces,
    });
  }

  onMended(way: WayPlace, ended: readonly ImpairKey[]): void {
    const { link, nic } = way;
    const text = `${mendedText(ended)} ${wayText(way.from, way.to, way.nic?.direction ?? null)}`;
    if (nic === null) this.#note(link, text);
    else this.#note(nic.host, `${nic.name} ${text}`);
  }

  onStorm({ subnet, loop, fromNs, untilNs, crossings, crossingsPerSecond, isOver, endedRun }: Storm): void {
    const { switches, links } = loop;
    const path = { switches, links };
    const atNs = this.#nowNs;
    const phase = endedRun ? "limit" : isOver ? "over" : "began";
    this.#reach.onNetwork();
    this.#emit("storm", { atNs, phase, subnet, fromNs, untilNs, ...path, crossings, crossingsPerSecond });
  }

  // --- virtual addresses ----------------------------------------------------------------------------------------------

  onHolder(watched: WatchedAddress, from: WatchedAddress["holder"], cause: HolderCause): void {
    this.#witnesses.onChange(watched.domain, watched.ip);
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
    const { host, name } = this.#fabric.nicAt(port);
    const vip = formatIp(watched.ip);
    const counts = watched.claimants === null || watched.claimants.has(port);
    this.#emit("announcement", { atNs: this.#nowNs, vip, host: host.name, nic: name, form, counts });
  }

  // --- hosts ------------------------------------------------------------------------------------------------------------

  onAddress(nic: Nic, ip: IpAddress): void {
    this.#reach.onAddress(nic, ip);
    // A reload may have given a master the address, or taken it.
    this.#witnesses.onMaster(nic, ip);
  }

  onHost(host: Host): void {
    this.#reach.onHost(host);
  }

  onDuplicate(nic: Nic, ip: IpAddress, mac: string): void {
    this.#note(nic.host.name, `IPv6: ${nic.name}: IPv6 duplicate address ${formatIp(ip)} used by ${mac} detected!`);
  }

  onNeighbour(nic: Nic, cache: NeighbourCache, index: number): void {
    this.#reach.onNeighbour(nic);
    const { addresses, addressOctets } = cache;
    const at = index * addressOctets;
    const isVirtual = this.#watched().some(({ ip }) => isIpAt(ip, addresses, at, addressOctets));
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
    const { conf, host, priority, master } = router;
    const { list } = router.addresses;
    for (const { nic, ip } of list) this.#witnesses.onMaster(nic, ip);
    const vips = list.map(({ ip }) => formatIp(ip));
    const { name: instance, vrid } = conf;
    this.#emit("vrrp", {
      atNs: this.#nowNs,
      host: host.name,
      subnet: this.#fabric.ports[router.nic.port]!.at.subnet.name,
      instance,
      vrid,
      from,
      to,
      cause,
      reason,
      priority,
      vips,
      skewNs: master.skewNs(priority),
      heardNs: master.heardNs,
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

  onRemark(router: VirtualRouter, text: string): void {
    this.#note(router.host.name, `${router.conf.name} ${text}`);
  }

  onTracked(host: string, what: string, how: string): void {
    this.#note(host, `${what} ${how}`);
  }

  /** What a person has typed has failed. */
  onRefused(host: string, text: string): void {
    this.#note(host, text);
  }

  /** Throws what a listener threw during the run. */
  rethrow(): void {
    const failure = this.#failure;
    this.#failure = null;
    if (failure !== null) throw failure.error;
  }

  /** A listener that throws must not cut what it was told of in half: the run goes on to the end of the event in progress. */
  #emit<Name extends keyof NetworkEvents>(name: Name, event: NetworkEvents[Name][0]): void {
    if (!DETAILS.has(name)) this.storms.spendChange();
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
    const { host, name } = this.#fabric.nicAt(holder.port);
    return { host: host.name, nic: name, mac: holder.mac };
  }

  #described(frame: FrameRef): string {
    const { slab } = this.#fabric;
    return describeFrame(slab.bytes, slab.start(frame), slab.octets[frame]!);
  }

  /** The address that a gratuitous ARP or an unsolicited neighbour advertisement is about; null of any other frame. */
  #announced(frame: FrameRef): string | null {
    const { slab } = this.#fabric;
    const start = slab.start(frame);
    const announcement = this.#announcement;
    if (readAnnouncement(slab.words, slab.bytes, start >> 2, slab.octets[frame]!, announcement) !== PARSE_OK)
      return null;
    if (announcement.kind === ANNOUNCED_BY_VRRP) return null;
    const { addressOctets, ip0, ip1, ip2, ip3 } = announcement;
    const words = [ip0, ip1, ip2, ip3].slice(0, addressOctets / 4);
    const octets = words.flatMap((word) => [word, word >>> 8, word >>> 16, word >>> 24]);
    return formatIp(Uint8Array.from(octets));
  }

  get #nowNs(): number {
    return this.#fabric.clock.nowNs;
  }
}

/** What a storm does to tables and frames is counted, not told: there is no end of it. */
function isStorming({ subnet }: SimSwitch): boolean {
  return subnet.storms?.isLasting === true;
}
