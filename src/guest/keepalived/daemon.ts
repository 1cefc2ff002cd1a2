/**
 * keepalived as a process on a simulated host: it starts within some tens of milliseconds, opens its raw socket, joins the groups, runs
 * its scripts and virtual routers, hears of carrier changes a little late, and ends in good order, or not.
 */
import type { TimerId } from "../../base/ids.ts";
import { Prng } from "../../base/prng.ts";
import { GroupMembership } from "../../host/group-membership.ts";
import type { Host } from "../../host/host.ts";
import type { ProtocolHandler } from "../../host/ip-input.ts";
import type { Nic } from "../../host/nic.ts";
import type { GuestSoftware } from "../../host/platform.ts";
import type { TimerOwner } from "../../time/timers.ts";
import { formatIp } from "../../wire/address.ts";
import { IPPROTO_VRRP } from "../../wire/ipv4.ts";
import { VRRP_OCTETS, vrrpVrid } from "../../wire/vrrp.ts";
import { AnnouncementPace } from "./announcement-pace.ts";
import type { KeepalivedConf, VrrpInstance } from "./conf/model.ts";
import type { KeepalivedObserver } from "./observer.ts";
import { type ScriptBehaviour, ScriptRunner } from "./script-runner.ts";
import { NETLINK_NS, PROCESS_START_NS_MAX, PROCESS_START_NS_MIN, PROCESS_STOP_NS } from "./timing.ts";
import { applyTrackers } from "./tracking.ts";
import { addVirtualNic, configureVirtualNic } from "./virtual-mac.ts";
import { VirtualRouter } from "./virtual-router.ts";

const TIMER_START = 0;
const TIMER_STOP = 1;
const TIMER_NETLINK = 2;

/** A change of carrier that the kernel has told of and the daemon has not read yet. */
interface LinkNews {
  readonly nic: string;
  readonly up: boolean;
  readonly readNs: number;
}

export class KeepalivedDaemon implements GuestSoftware, ProtocolHandler, TimerOwner {
  readonly name = "keepalived";
  readonly autostart: boolean;
  readonly conf: KeepalivedConf;
  /** The instances at work; empty while the daemon does not run. */
  routers: readonly VirtualRouter[] = [];
  readonly #host: Host;
  readonly #observer: KeepalivedObserver;
  readonly #behaviours = new Map<string, ScriptBehaviour>();
  readonly #scripts = new Map<string, ScriptRunner>();
  /** By interface and group; kept when the process ends, because the kernel repeats the last report. */
  readonly #memberships = new Map<string, GroupMembership>();
  /** The macvlans of `use_vmac`. */
  readonly #virtualNics = new Map<VrrpInstance, Nic>();
  /** Carriers as the daemon knows them, by NIC name. */
  readonly #linkUp = new Map<string, boolean>();
  /** Oldest first. A flap is two pieces of news, however short it is. */
  readonly #linkNews: LinkNews[] = [];
  readonly #chance: Prng;
  readonly #startTimer: TimerId;
  readonly #stopTimer: TimerId;
  readonly #netlinkTimer: TimerId;
  readonly #onLink = (nic: Nic): void => {
    const { timers, clock } = this.#host.platform;
    this.#linkNews.push({ nic: nic.name, up: nic.carrier, readNs: clock.nowNs + NETLINK_NS });
    if (!timers.armed(this.#netlinkTimer)) timers.armAfter(this.#netlinkTimer, NETLINK_NS);
  };

  /** `scripts` says what tracked scripts do on this host; one that is not named succeeds at once. */
  constructor(
    host: Host,
    conf: KeepalivedConf,
    options: { readonly autostart: boolean; readonly scripts: ReadonlyMap<string, ScriptBehaviour> },
    observer: KeepalivedObserver,
  ) {
    this.#host = host;
    this.conf = conf;
    this.autostart = options.autostart;
    this.#observer = observer;
    for (const instance of conf.instances) {
      if (!instance.useVmac) continue;
      this.#virtualNics.set(instance, addVirtualNic(host, this.#nicOf(instance), instance));
    }
    for (const { name } of conf.scripts) {
      const behaviour = options.scripts.get(name);
      this.#behaviours.set(name, { exit: behaviour?.exit ?? 0, runsNs: behaviour?.runsNs ?? 0 });
    }
    const { timers, seed } = host.platform;
    this.#chance = new Prng(seed, `start of keepalived on ${host.name}`);
    this.#startTimer = timers.create(this, TIMER_START);
    this.#stopTimer = timers.create(this, TIMER_STOP);
    this.#netlinkTimer = timers.create(this, TIMER_NETLINK);
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
    const { timers } = this.#host.platform;
    timers.cancel(this.#startTimer);
    if (this.routers.length > 0 && !timers.armed(this.#stopTimer)) timers.armAfter(this.#stopTimer, PROCESS_STOP_NS);
  }

  kill(): void {
    for (const router of this.routers) router.die("killed");
    // The kernel closes the sockets: it leaves the groups.
    for (const membership of this.#memberships.values()) membership.leave();
    this.#end();
  }

  vanish(): void {
    for (const router of this.routers) router.die("crashed");
    for (const membership of this.#memberships.values()) membership.vanish();
    this.#end();
  }

  /** From now on the script ends with this status. The name is one of the configuration's. */
  setScriptExit(script: string, exit: number): void {
    this.#behaviours.get(script)!.exit = exit;
  }

  /**
   * A VRRP packet for this host: the router with its VRID on that interface and of that family gets it. Where several have
   * them, which only other groups or unicast peers allow, it is the one that listens to the packet's destination.
   */
  onPacket(nic: Nic, ip: number, at: number, octets: number): void {
    if (octets < VRRP_OCTETS) return;
    const { bytes } = this.#host.platform.slab;
    const family = bytes[ip]! >>> 4;
    const vrid = vrrpVrid(bytes, at);
    let first: VirtualRouter | null = null;
    for (const router of this.routers) {
      if (router.conf.vrid !== vrid || router.conf.family !== family || router.nic !== nic) continue;
      if (router.expects(bytes, ip)) {
        router.receive(ip, at, octets);
        return;
      }
      first ??= router;
    }
    first?.receive(ip, at, octets);
  }

  onTimer(token: number): void {
    if (token === TIMER_START) this.#launch();
    else if (token === TIMER_STOP) this.#shutDown();
    else this.#readNetlink();
  }

  #launch(): void {
    const host = this.#host;
    for (const nic of host.nics) this.#linkUp.set(nic.name, nic.carrier);
    const pace = new AnnouncementPace();
    this.routers = this.conf.instances.map((instance) => {
      const virtualNic = this.#virtualNics.get(instance) ?? null;
      if (virtualNic !== null) configureVirtualNic(virtualNic, true);
      return new VirtualRouter(instance, this.#nicOf(instance), virtualNic, pace, this.#observer);
    });
    host.handleProtocol(IPPROTO_VRRP, this);
    host.watchLinks(this.#onLink);
    this.#joinGroups();
    for (const router of this.routers) {
      applyTrackers(router, this.#scripts, this.#linkUp);
      router.launch(router.conf.trackScripts.filter(({ weight }) => weight === 0).map(({ name }) => name));
    }
    const used = new Set(this.conf.instances.flatMap(({ trackScripts }) => trackScripts.map(({ name }) => name)));
    for (const script of this.conf.scripts) {
      if (!used.has(script.name)) continue;
      const runner = new ScriptRunner(script, this.#behaviours.get(script.name)!, host.platform, (judged) => {
        this.#observer.onScript(host.name, judged.conf.name, judged.ok === true);
        this.#applyTrackers();
      });
      this.#scripts.set(script.name, runner);
      runner.start();
    }
  }

  #shutDown(): void {
    for (const router of this.routers) router.stop();
    for (const membership of this.#memberships.values()) membership.leave();
    for (const nic of this.#virtualNics.values()) configureVirtualNic(nic, false);
    this.#end();
  }

  #end(): void {
    const { timers } = this.#host.platform;
    timers.cancel(this.#startTimer);
    timers.cancel(this.#stopTimer);
    timers.cancel(this.#netlinkTimer);
    this.#linkNews.length = 0;
    for (const script of this.#scripts.values()) script.release();
    this.#scripts.clear();
    this.routers = [];
    this.#host.unwatchLinks(this.#onLink);
    this.#host.handleProtocol(IPPROTO_VRRP, null);
  }

  #readNetlink(): void {
    const { timers, clock } = this.#host.platform;
    while (this.#linkNews.length > 0 && this.#linkNews[0]!.readNs <= clock.nowNs) {
      const { nic, up } = this.#linkNews.shift()!;
      this.#linkUp.set(nic, up);
      this.#applyTrackers();
    }
    if (this.#linkNews.length > 0) timers.armAt(this.#netlinkTimer, this.#linkNews[0]!.readNs);
  }

  #applyTrackers(): void {
    for (const router of this.routers) applyTrackers(router, this.#scripts, this.#linkUp);
  }

  /** One membership for each interface and group that adverts come to. */
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
    for (const membership of wanted) membership.join();
  }

  #nicOf(instance: VrrpInstance): Nic {
    return (instance.interface === null ? undefined : this.#host.nic(instance.interface)) ?? this.#host.nics[0]!;
  }
}
