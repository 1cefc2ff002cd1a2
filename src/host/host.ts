/**
 * A simulated machine: its vNICs, the programs on it, and the little of a kernel that failovers depend on. It boots with its configured
 * addresses and empty caches; it may vanish without a word (`crash`) and boot again, or stand still for a while (`pause`).
 */

import { type FrameRef, NO_FRAME, type PortId } from "../base/ids.ts";
import { Prng } from "../base/prng.ts";
import { type IpAddress, isIpAt, sameIp } from "../text/ip-text.ts";
import { ErrorPace } from "./error-pace.ts";
import { Firewall } from "./firewall.ts";
import { Ipv4Settings, Ipv6Settings } from "./interface-settings.ts";
import type { ProtocolHandler } from "./ip-input.ts";
import { KernelTimers } from "./kernel-timers.ts";
import { NeighbourTable } from "./neighbour-table.ts";
import { type LocalAddress, Nic } from "./nic.ts";
import type { GuestSoftware, HostPlatform } from "./platform.ts";
import { Routes } from "./routes.ts";
import { applySysctls } from "./sysctl.ts";
import type { HostSystem } from "./system.ts";
import { LINUX } from "./systems.ts";
import { HostTcp } from "./tcp.ts";

/** Told of the answers to questions with one identifier. */
export interface EchoListener {
  /** The frame that brought it is borrowed. */
  onEchoReply(sequence: number, frame: FrameRef): void;
}

/** Somebody has configured an address, or taken it off. */
export interface AddressNews {
  readonly nic: Nic;
  readonly ip: IpAddress;
  readonly isThere: boolean;
}

/** Identifiers of echo questions; as UDP source ports they lie above those that Linux hands out. */
const FIRST_IDENTIFIER = 61_000;

export class Host {
  readonly name: string;
  readonly platform: HostPlatform;
  /** What it runs. */
  readonly system: HostSystem;
  readonly nics: Nic[] = [];
  readonly software: GuestSoftware[] = [];
  readonly firewall = new Firewall();
  readonly routes = new Routes();
  /** Settings of all its interfaces together: `net.ipv4.conf.all`, `net.ipv6.conf.all`. */
  settings4 = new Ipv4Settings();
  settings6 = allIpv6Settings();
  /** Time as its kernel has it, and the timers of that. */
  readonly kernel: KernelTimers;
  readonly errorPace: ErrorPace;
  readonly tcp: HostTcp;
  readonly neighbours4: NeighbourTable;
  readonly neighbours6: NeighbourTable;
  /** False while the machine is gone: it neither hears nor sends. */
  running = false;
  /** How often it has come up: what a person or a program began is over with the machine. */
  boots = 0;
  /** It stands still: it does nothing, and what arrives waits. */
  paused = false;
  /** Frames that could not be made because the slab was empty. */
  framesLost = 0;
  /** Frames that arrived while the machine was gone, or stood still with its queue full. */
  framesUnheard = 0;
  /** Packets that failed a check. */
  packetsMalformed = 0;
  /** Packets that nobody could be found for. */
  packetsUnreachable = 0;
  readonly #configured = new Map<Nic, readonly LocalAddress[]>();
  /** Addresses of the loopback interface: the host's own on every NIC, and on none. */
  readonly #loopback: IpAddress[] = [];
  #configuredLoopback: readonly IpAddress[] = [];
  #configuredSysctls: ReadonlyMap<string, number> = new Map();
  readonly #protocols: (ProtocolHandler | undefined)[] = [];
  readonly #echoListeners: EchoListener[] = [];
  readonly #linkWatchers = new Set<(nic: Nic) => void>();
  readonly #addressWatchers = new Set<(news: AddressNews) => void>();
  /** What people want done when it goes on. */
  #postponed: (() => void)[] = [];
  #ipIdentification = 0;

  constructor(name: string, platform: HostPlatform, system: HostSystem = LINUX) {
    this.name = name;
    this.platform = platform;
    this.system = system;
    const { clock, timers, seed } = platform;
    this.kernel = new KernelTimers(clock, timers, system.isLinux ? new Prng(seed, `jiffies of ${name}`) : null);
    this.errorPace = new ErrorPace(this.kernel);
    this.tcp = new HostTcp(this);
    this.neighbours4 = new NeighbourTable(this.kernel, timers);
    this.neighbours6 = new NeighbourTable(this.kernel, timers);
  }

  /** A vNIC at `port`, with the addresses it has after every boot. */
  addNic(name: string, port: PortId, mac: Uint8Array, addresses: readonly LocalAddress[]): Nic {
    const nic = new Nic(this, name, port, mac);
    this.nics.push(nic);
    this.#configured.set(nic, addresses);
    return nic;
  }

  /** A macvlan on `lower`, without addresses: keepalived's `use_vmac`. It lasts as long as the host, and is empty after every boot. */
  addMacvlan(lower: Nic, name: string, mac: Uint8Array): Nic {
    const nic = new Nic(this, name, lower.port, mac, lower);
    this.nics.push(nic);
    this.#configured.set(nic, []);
    return nic;
  }

  /** What it has after every boot beside its NICs' addresses: settings by their names, in range, and addresses on `lo`. */
  configure(sysctls: ReadonlyMap<string, number>, loopback: readonly IpAddress[]): void {
    this.#configuredSysctls = sysctls;
    this.#configuredLoopback = loopback;
  }

  nic(name: string): Nic | undefined {
    return this.nics.find((nic) => nic.name === name);
  }

  /** Comes up: addresses as configured, IPv6 link-local ones beside them, and the software that starts with the machine. */
  boot(): void {
    if (this.running) return;
    this.running = true;
    this.boots++;
    this.#reset();
    applySysctls(this, this.#configuredSysctls);
    this.#loopback.push(...this.#configuredLoopback);
    for (const nic of this.nics) {
      for (const { ip, prefixLength } of this.#configured.get(nic)!) nic.addAddress(ip, prefixLength);
      if (nic.lower === null) nic.addAddress(nic.linkLocal.ip, nic.linkLocal.prefixLength);
    }
    this.changed();
    for (const software of this.software) if (software.autostart) software.start();
  }

  /** Stands still, as a paused virtual machine or SIGSTOP of it does. Its clock runs on. */
  pause(): void {
    if (!this.running || this.paused) return;
    this.paused = true;
    this.platform.timers.pause();
    this.changed();
  }

  /**
   * Goes on: what has arrived meanwhile is received, then the timers run that were due. keepalived 2.2.7 does so (observed: a master that was
   * stopped and goes on yields to the better adverts that wait for it, without the advert that was due).
   */
  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.changed();
    for (const nic of this.nics) nic.takeWaiting();
    this.platform.timers.resume();
    const postponed = this.#postponed;
    this.#postponed = [];
    for (const action of postponed) action();
  }

  /** Runs `action` now, or when the machine goes on. */
  whenAwake(action: () => void): void {
    if (this.paused) this.#postponed.push(action);
    else action();
  }

  /** Vanishes silently: no farewell, no carrier change, nothing left of what it knew. */
  crash(): void {
    if (!this.running) return;
    for (const software of this.software) software.vanish();
    this.running = false;
    this.#reset();
    this.#postponed = [];
    if (this.paused) this.platform.timers.resume();
    this.paused = false;
    this.changed();
  }

  /** Tells who listens that something about the machine is different. */
  changed(): void {
    this.platform.hostObserver?.onHost(this);
  }

  /** Whether the loopback, or any NIC that is switched on, has the address of `octets` octets at `offset`: Linux takes a packet for it on every NIC. */
  ownsAnywhere(bytes: Uint8Array, offset: number, octets: number): boolean {
    for (let i = 0; i < this.nics.length; i++) {
      const nic = this.nics[i]!;
      if (nic.isUp && nic.owns(bytes, offset, octets)) return true;
    }
    for (let i = 0; i < this.#loopback.length; i++) {
      if (isIpAt(this.#loopback[i]!, bytes, offset, octets)) return true;
    }
    return false;
  }

  /** The NIC that has the address configured; undefined if none has. */
  nicOf(ip: IpAddress): Nic | undefined {
    return this.nics.find((nic) => nic.owns(ip, 0, ip.length));
  }

  /** A slot for a frame to send, or NO_FRAME when the slab is empty: the frame is lost, and counted. */
  acquire(): FrameRef {
    const frame = this.platform.slab.acquire();
    if (frame === NO_FRAME) this.framesLost++;
    return frame;
  }

  /** The next identification of an IPv4 packet from this machine (RFC 791), except where a program counts by itself. */
  nextIpIdentification(): number {
    this.#ipIdentification = (this.#ipIdentification + 1) & 0xffff;
    return this.#ipIdentification;
  }

  /** Opens a raw socket for an IP protocol; null closes it. */
  handleProtocol(protocol: number, handler: ProtocolHandler | null): void {
    this.#protocols[protocol] = handler ?? undefined;
  }

  protocolHandler(protocol: number): ProtocolHandler | undefined {
    return this.#protocols[protocol];
  }

  /** A new identifier for echo questions, whose answers `listener` hears of. */
  listenForEchoes(listener: EchoListener): number {
    return FIRST_IDENTIFIER + this.#echoListeners.push(listener) - 1;
  }

  /** An answer has arrived; strangers' identifiers are ignored. */
  echoReplied(identifier: number, sequence: number, frame: FrameRef): void {
    this.#echoListeners[identifier - FIRST_IDENTIFIER]?.onEchoReply(sequence, frame);
  }

  /** Programs that want to hear of carrier changes, as over netlink. */
  watchLinks(watcher: (nic: Nic) => void): void {
    this.#linkWatchers.add(watcher);
  }

  unwatchLinks(watcher: (nic: Nic) => void): void {
    this.#linkWatchers.delete(watcher);
  }

  /** Programs that want to hear of what `addAddress` and `deleteAddress` do, as over netlink. */
  watchAddresses(watcher: (news: AddressNews) => void): void {
    this.#addressWatchers.add(watcher);
  }

  unwatchAddresses(watcher: (news: AddressNews) => void): void {
    this.#addressWatchers.delete(watcher);
  }

  /**
   * `ip addr add`: false if the NIC has the address already. It is gone after the next boot. An IPv6 address is there once nobody else was
   * found to have it, or at once with `nodad`.
   */
  addAddress(nic: Nic, ip: IpAddress, prefixLength: number, noDad = false): boolean {
    const tell = () => this.#tellAddress({ nic, ip, isThere: true });
    if (ip.length === 16 && !noDad) return nic.duplicates.add(ip, prefixLength, tell);
    if (!nic.addAddress(ip, prefixLength)) return false;
    tell();
    return true;
  }

  /** `ip addr add … dev lo`, until the next boot; false if it is there already. */
  addLoopbackAddress(ip: IpAddress): boolean {
    if (this.hasLoopbackAddress(ip)) return false;
    this.#loopback.push(ip);
    return true;
  }

  hasLoopbackAddress(ip: IpAddress): boolean {
    return this.#loopback.some((own) => sameIp(own, ip));
  }

  deleteLoopbackAddress(ip: IpAddress): boolean {
    const at = this.#loopback.findIndex((own) => sameIp(own, ip));
    if (at >= 0) this.#loopback.splice(at, 1);
    return at >= 0;
  }

  /**
   * `ip link set NIC up` or `down`. Switched off, a NIC loses its IPv6 addresses (Linux: `keep_addr_on_down` 0); switched on it gets its
   * link-local one again.
   */
  setLink(nic: Nic, up: boolean): void {
    if (nic.isUp === up) return;
    if (!up) {
      nic.duplicates.clear();
      for (const { ip } of [...nic.addresses]) if (ip.length === 16) this.deleteAddress(nic, ip);
    }
    nic.setUp(up);
    if (up && nic.lower === null) nic.addAddress(nic.linkLocal.ip, nic.linkLocal.prefixLength);
  }

  /** `ip addr del`: false if the NIC does not have the address. With the primary address of an IPv4 subnet go its secondaries. */
  deleteAddress(nic: Nic, ip: IpAddress): boolean {
    if (ip.length === 16 && nic.duplicates.remove(ip)) return true;
    if (!nic.owns(ip, 0, ip.length)) return false;
    const secondaries = nic.level4("promoteSecondaries") === 0 ? nic.secondariesOf(ip) : [];
    // The kernel tells of the secondaries first.
    for (const gone of [...secondaries, ip]) {
      nic.removeAddress(gone);
      this.#tellAddress({ nic, ip: gone, isThere: false });
    }
    return true;
  }

  /** Called by a NIC whose carrier has changed. */
  linkChanged(nic: Nic): void {
    if (this.running) for (const watcher of this.#linkWatchers) watcher(nic);
  }

  /** Back to the defaults, with nothing configured. */
  #reset(): void {
    this.firewall.reset();
    this.routes.clear();
    this.settings4 = new Ipv4Settings();
    this.settings6 = allIpv6Settings();
    this.#loopback.length = 0;
    for (const nic of this.nics) nic.reset();
    this.errorPace.reset();
    this.tcp.reset();
    this.neighbours4.reset();
    this.neighbours6.reset();
  }

  #tellAddress(news: AddressNews): void {
    if (this.running) for (const watcher of this.#addressWatchers) watcher(news);
  }
}

/** `all` of IPv6 begins with other values than an interface where the higher of the two holds. */
function allIpv6Settings(): Ipv6Settings {
  const settings = new Ipv6Settings();
  settings.acceptDad = 0;
  return settings;
}
