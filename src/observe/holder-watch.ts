/**
 * Who holds a virtual address, as the network sees it: the vNIC that announced it last. No election is run and nobody is asked; frames
 * that the switch has let in are read as they pass.
 *
 * What counts as a claim of address v: a gratuitous ARP request or reply (sender and target address are v), and an unsolicited
 * neighbour advertisement for v. What does not: what a partition keeps from everybody else, ARP probes, ordinary questions and answers,
 * data packets, VRRP adverts. A holder keeps the address until somebody else claims it (nobody tells the network of a silent release),
 * or until its port loses carrier.
 *
 * The table of virtual addresses holds what is watched and nothing else, so that no frame can fill it. Nothing is allocated for a
 * frame, unless a holder changes and somebody listens.
 */
import { assert } from "../base/assert.ts";
import { type DomainId, type FrameRef, NO_PORT, type PortId } from "../base/ids.ts";
import { NS_PER_MS } from "../base/units.ts";
import type { FrameSlab } from "../frame/slab.ts";
import { DROP_MULTICAST_NOT_CARRIED, DROP_NO_OTHER_PORT, DROP_NONE, type DropCause } from "../switch/drop-cause.ts";
import { formatMacWords } from "../switch/mac-words.ts";
import type { FrameTap } from "../switch/observer.ts";
import type { IpAddress } from "../text/ip-text.ts";
import { readAnnouncement } from "../wire/announcement.ts";
import { ANNOUNCED_BY_ND, ANNOUNCED_BY_VRRP, Announcement, setAnnouncedAddress } from "../wire/announcement-record.ts";
import { ARP_REQUEST } from "../wire/arp.ts";
import { PARSE_OK } from "../wire/parse-code.ts";
import type { AnnouncementEvent, HolderCause } from "./events.ts";
import { NO_VIP, VIP_NEW, VIP_REFRESHED, VipTable } from "./vip-table.ts";

/** Silence that separates two bursts of announcements. */
const BURST_GAP_NS = 100_000_000;
/** More than anybody can write down: a scenario's limit, not a frame's. */
const WATCHED_MAX = 2 ** 24;

export interface AddressHolder {
  readonly port: PortId;
  readonly mac: string;
}

/** One virtual address in one broadcast domain. */
export class WatchedAddress {
  readonly domain: DomainId;
  readonly ip: IpAddress;
  /** Name of the HAVIP; null for an address that only a guest's configuration knows. */
  readonly havip: string | null;
  /** Ports that may claim it; null: any. */
  readonly claimants: ReadonlySet<PortId> | null;
  /** When it was announced last, and by whom, claimant or not. */
  announcedNs = Number.NEGATIVE_INFINITY;
  announcedBy: PortId | null = null;
  /** Its number in the table. */
  readonly entry: number;
  readonly #table: VipTable;

  constructor(
    domain: DomainId,
    ip: IpAddress,
    havip: string | null,
    claimants: ReadonlySet<PortId> | null,
    table: VipTable,
    entry: number,
  ) {
    this.domain = domain;
    this.ip = ip;
    this.havip = havip;
    this.claimants = claimants;
    this.entry = entry;
    this.#table = table;
  }

  /** Who holds it; null: nobody. */
  get holder(): AddressHolder | null {
    const { entry } = this;
    return holderOf(this.#table.port(entry), this.#table.macHi(entry), this.#table.macLo(entry));
  }
}

export interface HolderListener {
  onHolder(watched: WatchedAddress, from: AddressHolder | null, cause: HolderCause): void;
  onAnnouncement(watched: WatchedAddress, port: PortId, form: AnnouncementEvent["form"]): void;
}

export class HolderWatch implements FrameTap {
  readonly watched: WatchedAddress[] = [];
  readonly #slab: FrameSlab;
  readonly #nowNs: Float64Array;
  readonly #domainOf: (port: PortId) => DomainId;
  readonly #listener: HolderListener | null;
  readonly #table = new VipTable(WATCHED_MAX);
  /** By entry of the table. */
  readonly #watchedAt: WatchedAddress[] = [];
  readonly #announcement = new Announcement();

  /** `nowNs` is the clock's cell. */
  constructor(
    slab: FrameSlab,
    nowNs: Float64Array,
    domainOf: (port: PortId) => DomainId,
    listener: HolderListener | null,
  ) {
    this.#slab = slab;
    this.#nowNs = nowNs;
    this.#domainOf = domainOf;
    this.#listener = listener;
  }

  /** Watches an address that nobody holds yet. Where it was watched before, this takes the place of that. */
  watch(domain: DomainId, ip: IpAddress, havip: string | null, claimants: ReadonlySet<PortId> | null): WatchedAddress {
    const address = new Announcement();
    setAnnouncedAddress(address, ip, 0, ip.length);
    const entry = this.#table.add(domain, address);
    assert(entry !== NO_VIP, "too many watched addresses");
    this.#table.release(entry);
    const before = this.watched.indexOf(this.#watchedAt[entry]!);
    if (before >= 0) this.watched.splice(before, 1);
    const watched = new WatchedAddress(domain, ip, havip, claimants, this.#table, entry);
    this.#watchedAt[entry] = watched;
    this.watched.push(watched);
    return watched;
  }

  /** A port has lost its carrier: what it held is nobody's. */
  portDown(port: PortId): void {
    for (const watched of this.watched) {
      const from = watched.holder;
      if (from?.port !== port) continue;
      this.#table.release(watched.entry);
      this.#listener?.onHolder(watched, from, "link-down");
    }
  }

  onFrame(port: PortId, frame: FrameRef, cause: DropCause): void {
    const arrived = cause === DROP_NONE || cause === DROP_NO_OTHER_PORT || cause === DROP_MULTICAST_NOT_CARRIED;
    if (!arrived) return;
    const slab = this.#slab;
    const announcement = this.#announcement;
    const word = slab.start(frame) >> 2;
    if (readAnnouncement(slab.words, slab.bytes, word, slab.octets[frame]!, announcement) !== PARSE_OK) return;
    if (announcement.kind === ANNOUNCED_BY_VRRP) return;
    const entry = this.#table.find(this.#domainOf(port), announcement);
    if (entry === NO_VIP) return;
    const watched = this.#watchedAt[entry]!;
    const form = formOf(announcement);
    this.#noteAnnouncement(watched, port, form);
    if (watched.claimants === null || watched.claimants.has(port)) this.#claim(watched, port, form);
  }

  #noteAnnouncement(watched: WatchedAddress, port: PortId, form: AnnouncementEvent["form"]): void {
    const nowNs = this.#nowNs[0]!;
    const isNew = watched.announcedBy !== port || nowNs - watched.announcedNs > BURST_GAP_NS;
    watched.announcedNs = nowNs;
    watched.announcedBy = port;
    if (isNew) this.#listener?.onAnnouncement(watched, port, form);
  }

  #claim(watched: WatchedAddress, port: PortId, form: AnnouncementEvent["form"]): void {
    const table = this.#table;
    const tick = (this.#nowNs[0]! / NS_PER_MS) | 0;
    const change = table.claim(watched.entry, port, this.#announcement, tick);
    if (change === VIP_REFRESHED || this.#listener === null) return;
    const from = change === VIP_NEW ? null : holderOf(table.movedFrom, table.movedFromHi, table.movedFromLo);
    this.#listener.onHolder(watched, from, form);
  }
}

function formOf({ kind, operation }: Announcement): AnnouncementEvent["form"] {
  if (kind === ANNOUNCED_BY_ND) return "na";
  return operation === ARP_REQUEST ? "garp-request" : "garp-reply";
}

function holderOf(port: PortId, macHi: number, macLo: number): AddressHolder | null {
  return port === NO_PORT ? null : { port, mac: formatMacWords(macHi, macLo) };
}
