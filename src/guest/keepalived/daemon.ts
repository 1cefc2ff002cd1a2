/**
 * keepalived as a process on a simulated host: a parent that watches over one child, which does the work. It starts within some tens of
 * milliseconds, opens its raw socket, joins the groups, tracks what it is told to, runs its virtual routers, reads its configuration
 * again when asked to, and ends in good order, or not.
 */
import type { TimerId } from "../../base/ids.ts";
import { Prng } from "../../base/prng.ts";
import { GroupMembership } from "../../host/group-membership.ts";
import type { AddressNews, Host } from "../../host/host.ts";
import type { ProtocolHandler } from "../../host/ip-input.ts";
import type { Nic } from "../../host/nic.ts";
import type { GuestSoftware, KilledProcess } from "../../host/platform.ts";
import type { TimerOwner } from "../../time/timers.ts";
import { formatIp } from "../../wire/address.ts";
import { AH_OCTETS, ahNextHeader } from "../../wire/ah.ts";
import { IPPROTO_AH, IPPROTO_VRRP, ipv4Protocol } from "../../wire/ipv4.ts";
import { VRRP_OCTETS, vrrpVrid } from "../../wire/vrrp.ts";
import { AddressWatch } from "./address-watch.ts";
import { AnnouncementPace } from "./announcement-pace.ts";
import { buildRouters, carriedOn, withGroupTrackers } from "./build-routers.ts";
import type { KeepalivedConf, VrrpInstance } from "./conf/model.ts";
import type { KeepalivedObserver } from "./observer.ts";
import type { SharedByRouters } from "./shared-by-routers.ts";
import { type InitialSurroundings, Surroundings } from "./surroundings.ts";
import { PROCESS_START_NS_MAX, PROCESS_START_NS_MIN, SIGNAL_NS } from "./timing.ts";
import { Trackers } from "./trackers.ts";
import { applyTrackers, awaitedScripts } from "./tracking.ts";
import { addVirtualNic, configureVirtualNic } from "./virtual-mac.ts";
import type { VirtualRouter } from "./virtual-router.ts";

const TIMER_START = 0;
const TIMER_STOP = 1;
const TIMER_RELOAD = 2;

/** What one run of the child has. */
interface Run {
  readonly trackers: Trackers;
  readonly addresses: AddressWatch;
  readonly pace: AnnouncementPace;
  readonly startupEndsNs: number;
}

export class KeepalivedDaemon implements GuestSoftware, ProtocolHandler, TimerOwner {
  readonly name = "keepalived";
  readonly autostart: boolean;
  /** What it runs with, or will when it is started. */
  conf: KeepalivedConf;
  /** The instances at work; empty while the daemon does not run. */
  routers: readonly VirtualRouter[] = [];
  /** What it finds on its host. */
  readonly surroundings: Surroundings;
  readonly #host: Host;
  readonly #observer: KeepalivedObserver;
  /** What its file says; it is read at the start and at a reload. */
  #file: KeepalivedConf;
  /** Null while the daemon does not run. */
  #run: Run | null = null;
  /** By interface and group; kept when the process ends, because the kernel repeats the last report. */
  readonly #memberships = new Map<string, GroupMembership>();
  readonly #joined = new Set<GroupMembership>();
  /** The macvlans of `use_vmac`, by name. They stay until the machine is gone. */
  readonly #virtualNics = new Map<string, Nic>();
  readonly #chance: Prng;
  readonly #startTimer: TimerId;
  readonly #stopTimer: TimerId;
  readonly #reloadTimer: TimerId;
  #whyStopped = "";

  /** `surroundings` says what it tracks on this host, as it is at the beginning. */
  constructor(
    host: Host,
    conf: KeepalivedConf,
    options: { readonly autostart: boolean; readonly surroundings: InitialSurroundings },
    observer: KeepalivedObserver,
  ) {
    this.#host = host;
    this.conf = withGroupTrackers(conf);
    this.#file = this.conf;
    this.autostart = options.autostart;
    this.#observer = observer;
    this.#makeVirtualNics();
    this.surroundings = new Surroundings(conf, options.surroundings);
    const { timers, seed } = host.platform;
    this.#chance = new Prng(seed, `start of keepalived on ${host.name}`);
    this.#startTimer = timers.create(this, TIMER_START);
    this.#stopTimer = timers.create(this, TIMER_STOP);
    this.#reloadTimer = timers.create(this, TIMER_RELOAD);
  }

  get running(): boolean {
    return this.routers.length > 0 || this.#host.platform.timers.armed(this.#startTimer);
  }

  start(): void {
    if (this.running || !this.#host.running) return;
    const delayNs = this.#chance.uniformNs(PROCESS_START_NS_MIN, PROCESS_START_NS_MAX);
    this.#host.platform.timers.armAfter(this.#startTimer, delayNs);
  }

  stop(): void {
    this.#terminate("keepalived was stopped in good order");
  }

  /**
   * SIGKILL. The child dies with the parent's, in good order: the kernel sends it SIGTERM then. Without its child the parent starts another
   * one at once. Both: nobody is left.
   */
  kill(process: KilledProcess = "both"): void {
    if (process === "parent") {
      this.#terminate("the parent process was killed, and the kernel asked its child to end");
      return;
    }
    const wasRunning = this.running;
    const rest = process === "both" ? "" : ", and will be removed by the next process";
    const why = `keepalived was killed; its addresses stay configured${rest}`;
    for (const router of this.routers) router.die("killed", why);
    this.#leaveGroups();
    this.#end();
    if (process === "child" && wasRunning) this.start();
  }

  vanish(): void {
    for (const router of this.routers) router.die("crashed", "the machine vanished");
    for (const membership of this.#memberships.values()) membership.vanish();
    this.#joined.clear();
    this.#end();
  }

  /** SIGHUP with another configuration in its file. What does not run reads it when it starts. */
  reload(conf: KeepalivedConf): void {
    this.#file = withGroupTrackers(conf);
    const { timers } = this.#host.platform;
    if (this.routers.length === 0) this.conf = this.#file;
    else if (!timers.armed(this.#reloadTimer)) timers.armAfter(this.#reloadTimer, SIGNAL_NS);
  }

  /**
   * A VRRP packet for this host: the router with its VRID on that interface and of that family gets it, if it listens to the packet's
   * destination. Sockets are bound: one for multicast gets no unicast adverts, nor the other way round.
   */
  onPacket(nic: Nic, ip: number, payload: number, payloadOctets: number): void {
    const { bytes } = this.#host.platform.slab;
    const family = bytes[ip]! >>> 4;
    // Routers with AH have sockets of their own: neither hears what is meant for the other kind.
    const isAh = family === 4 && ipv4Protocol(bytes, ip) === IPPROTO_AH;
    if (isAh && (payloadOctets < AH_OCTETS || ahNextHeader(bytes, payload) !== IPPROTO_VRRP)) return;
    const at = payload + (isAh ? AH_OCTETS : 0);
    const octets = payloadOctets - (isAh ? AH_OCTETS : 0);
    if (octets < VRRP_OCTETS) return;
    const vrid = vrrpVrid(bytes, at);
    let first: VirtualRouter | null = null;
    for (const router of this.routers) {
      if (router.conf.vrid !== vrid || router.conf.family !== family || router.nic !== nic) continue;
      if ((router.conf.ahKey !== null) !== isAh) continue;
      if (router.sender.expects(bytes, ip)) {
        router.receive(ip, at, octets);
        return;
      }
      first ??= router;
    }
    first?.overhear(ip, at, octets);
  }

  onTimer(token: number): void {
    if (token === TIMER_START) this.#launch();
    else if (token === TIMER_STOP) this.#shutDown();
    else this.#reread();
  }

  #launch(): void {
    const { platform } = this.#host;
    this.conf = this.#file;
    this.#configureStatics(true);
    const delayNs = this.conf.globalDefs.startupDelayNs;
    const startupEndsNs = delayNs === null ? 0 : platform.clock.nowNs + delayNs;
    const run = this.#begin(new AnnouncementPace(), startupEndsNs);
    this.routers = this.#build(run);
    this.#host.handleProtocol(IPPROTO_VRRP, this);
    this.#host.handleProtocol(IPPROTO_AH, this);
    for (const router of this.routers) router.launch(awaitedScripts(router));
    // After that, because the kernel reports a little later, when no address of an earlier life is left to report from.
    this.#joinGroups();
    this.#takeStates(run);
  }

  /** Reads the file again: routers that are in it still go on, the others say farewell, new ones start. */
  #reread(): void {
    const before = this.#run!;
    const routersBefore = this.routers;
    for (const router of routersBefore) router.beforeReload();
    this.#endRun();
    this.#configureStatics(false);
    this.conf = this.#file;
    this.#configureStatics(true);
    const run = this.#begin(before.pace, before.startupEndsNs);
    run.trackers.keepResults(before.trackers);
    const routers = this.#build(run);
    const carried = carriedOn(routersBefore, routers);
    const kept = new Set(carried.values());
    const why = "the new configuration has no such virtual router";
    for (const router of routersBefore) if (!kept.has(router)) router.stop("reloaded", why);
    this.routers = routers;
    this.#joinGroups();
    for (const router of routers) {
      const old = carried.get(router);
      if (old === undefined) router.launch(awaitedScripts(router));
      else router.takeOver(old, awaitedScripts(router));
    }
    this.#takeStates(run);
  }

  #begin(pace: AnnouncementPace, startupEndsNs: number): Run {
    const { conf } = this;
    const host = this.#host;
    this.#makeVirtualNics();
    const trackers = new Trackers(conf, host, this.surroundings, this.#observer, () => this.#applyTrackers());
    const addresses = new AddressWatch(host, (news) => this.#hearOfAddress(news));
    const run = { trackers, addresses, pace, startupEndsNs };
    this.#run = run;
    return run;
  }

  #build({ pace, startupEndsNs }: Run): readonly VirtualRouter[] {
    const { version } = this.conf;
    const shared: SharedByRouters = { version, pace, observer: this.#observer, startupEndsNs };
    for (const nic of this.#virtualNics.values()) configureVirtualNic(nic, false);
    return buildRouters(
      this.conf,
      (instance) => {
        const virtual = instance.vmacName === null ? null : this.#virtualNics.get(instance.vmacName)!;
        if (virtual !== null) configureVirtualNic(virtual, true);
        return { base: this.#nicOf(instance), virtual };
      },
      shared,
    );
  }

  /** Every router knows its trackers before the first one takes its state. */
  #takeStates({ trackers }: Run): void {
    for (const router of this.routers) applyTrackers(router, trackers);
    for (const router of this.routers) router.begin();
    trackers.start();
  }

  #terminate(why: string): void {
    const { timers } = this.#host.platform;
    timers.cancel(this.#startTimer);
    if (this.routers.length === 0 || timers.armed(this.#stopTimer)) return;
    this.#whyStopped = why;
    timers.armAfter(this.#stopTimer, SIGNAL_NS);
  }

  #shutDown(): void {
    for (const router of this.routers) router.stop("stopped", this.#whyStopped);
    this.#configureStatics(false);
    this.#leaveGroups();
    for (const nic of this.#virtualNics.values()) configureVirtualNic(nic, false);
    this.#end();
  }

  /** `static_ipaddress`: there from the start on, whoever is master, and until the daemon is stopped. Never announced. */
  #configureStatics(present: boolean): void {
    for (const { address, prefixLength, device } of this.conf.staticAddresses) {
      const nic = this.#host.nic(device ?? this.conf.globalDefs.defaultInterface);
      if (present) nic?.addAddress(address, prefixLength);
      else nic?.removeAddress(address);
    }
  }

  #end(): void {
    const { timers } = this.#host.platform;
    timers.cancel(this.#startTimer);
    timers.cancel(this.#stopTimer);
    timers.cancel(this.#reloadTimer);
    this.#endRun();
    this.conf = this.#file;
    this.routers = [];
    this.#host.handleProtocol(IPPROTO_VRRP, null);
    this.#host.handleProtocol(IPPROTO_AH, null);
  }

  #endRun(): void {
    this.#run?.trackers.release();
    this.#run?.addresses.release();
    this.#run = null;
  }

  #applyTrackers(): void {
    if (this.#run === null) return;
    for (const router of this.routers) applyTrackers(router, this.#run.trackers);
  }

  #hearOfAddress({ nic, ip, isThere }: AddressNews): void {
    if (!isThere) for (const router of this.routers) router.addressDeleted(nic, ip);
    for (const router of this.routers) router.checkSource();
  }

  /** One membership for each interface and group that adverts come to; what is not wanted any more is left. */
  #joinGroups(): void {
    const wanted = new Set<GroupMembership>();
    for (const { conf, nic } of this.routers) {
      if (conf.unicastPeers.length > 0) continue;
      const group = formatIp(conf.mcastDestination);
      const key = `${nic.name} ${group}`;
      const membership = this.#memberships.get(key) ?? new GroupMembership(nic, conf.mcastDestination, group);
      this.#memberships.set(key, membership);
      wanted.add(membership);
    }
    for (const membership of this.#joined) {
      if (wanted.has(membership)) continue;
      membership.leave();
      this.#joined.delete(membership);
    }
    for (const membership of wanted) {
      if (this.#joined.has(membership)) membership.renew();
      else membership.join();
      this.#joined.add(membership);
    }
  }

  /** The kernel does it when the sockets are closed. */
  #leaveGroups(): void {
    for (const membership of this.#joined) membership.leave();
    this.#joined.clear();
  }

  #makeVirtualNics(): void {
    for (const instance of this.#file.instances) {
      const { vmacName } = instance;
      if (vmacName === null || this.#virtualNics.has(vmacName)) continue;
      this.#virtualNics.set(vmacName, addVirtualNic(this.#host, this.#nicOf(instance), instance));
    }
  }

  #nicOf(instance: VrrpInstance): Nic {
    return (instance.interface === null ? undefined : this.#host.nic(instance.interface)) ?? this.#host.nics[0]!;
  }
}
