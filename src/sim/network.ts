/**
 * A simulated network: subnets and the switches in them, hosts, virtual addresses to watch, probes, and the faults one can bring upon
 * them. This is the library's front door, and what a scenario file is turned into.
 *
 *     const network = new Network({ seed: 1 });
 *     network.addSubnet("app", { cidr: "10.0.1.0/24" });
 *     network.addHost("vm-A", { subnet: "app", address: "10.0.1.11", keepalived: configurationOfA });
 *     network.addHost("vm-B", { subnet: "app", address: "10.0.1.12", keepalived: configurationOfB });
 *     network.events.on("holder", ({ atNs, vip, to }) => console.log(atNs / 1e9, vip, to?.host));
 *     network.at("10s", () => network.crash("vm-A"));
 *     network.run("30s");
 *
 * Everything happens in virtual time and depends on nothing but these calls and the seed.
 */
import { EventEmitter } from "eventemitter3";
import type { PortId } from "../base/ids.ts";
import { formatSeconds } from "../base/units.ts";
import { type ConfFiles, NO_FILES } from "../guest/keepalived/conf/files.ts";
import type { KeepalivedConf } from "../guest/keepalived/conf/model.ts";
import type { KeepalivedDaemon } from "../guest/keepalived/daemon.ts";
import { Host } from "../host/host.ts";
import type { Nic } from "../host/nic.ts";
import type { KilledProcess } from "../host/platform.ts";
import { Probe } from "../host/probe.ts";
import type { NetworkEvents, OutageEvent } from "../observe/events.ts";
import { HolderWatch, type WatchedAddress } from "../observe/holder-watch.ts";
import type { Finding } from "../text/config-error.ts";
import type { IpAddress, IpPrefix } from "../text/ip-text.ts";
import type { MastersOf } from "./answer-witnesses.ts";
import { Fabric } from "./fabric.ts";
import { Faults } from "./faults.ts";
import { Guests } from "./guests.ts";
import { Hands } from "./hands.ts";
import { HostSide } from "./host-side.ts";
import { kernelOf } from "./kernel-options.ts";
import type { Link } from "./link.ts";
import { type NicPlan, NicPlanner, onlyNic } from "./nic-planner.ts";
import {
  addressOf,
  type Duration,
  durationNs,
  type HavipOptions,
  type HostOptions,
  type ImpairOptions,
  type LinkOptions,
  type NetworkOptions,
  type ProbeSettings,
  prefixesOf,
  refusal,
  type ServerOptions,
  type SubnetOptions,
  type SwitchOptions,
} from "./options.ts";
import { planProbe } from "./probe-plan.ts";
import { Reporter } from "./reporter.ts";
import type { SimSwitch } from "./sim-switch.ts";
import type { Storm } from "./storm-watch.ts";
import { prefixAround, type Subnet } from "./subnet.ts";
import { Wiring } from "./wiring.ts";

export class Network {
  /** Events as they happen; see `NetworkEvents`. */
  readonly events = new EventEmitter<NetworkEvents>();
  /** What keepalived would complain about in the configurations given as text, and run all the same. */
  readonly warnings: readonly Finding[];
  readonly fabric: Fabric;
  readonly subnets: ReadonlyMap<string, Subnet>;
  readonly links: ReadonlyMap<string, Link>;
  readonly hosts = new Map<string, Host>();
  /** Names of the hosts on each. */
  readonly servers = new Map<string, readonly string[]>();
  readonly daemons: ReadonlyMap<string, KeepalivedDaemon>;
  readonly probes = new Map<string, Probe>();
  readonly holders: HolderWatch;
  /** What is typed, sent and scripted on hosts. */
  readonly hands: Hands;
  readonly #wiring: Wiring;
  readonly #guests: Guests;
  readonly #faults: Faults;
  readonly #planner = new NicPlanner();
  readonly #reporter: Reporter;
  /** Hosts that have never been up. */
  readonly #offline = new Set<Host>();
  readonly #actions: (() => void)[] = [];
  readonly #actionKind: number;
  #running = false;

  constructor({ seed = 1 }: NetworkOptions = {}) {
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw refusal(`${seed} is no seed`, "a whole number from 0 to 2^53 - 1");
    this.fabric = new Fabric(seed);
    const { ports, slab, clock, scheduler } = this.fabric;
    const mastersOf: MastersOf = (domain, ip) => this.#guests.mastersOf(domain, ip);
    this.#reporter = new Reporter(this.fabric, this.events, () => this.holders.watched, mastersOf);
    this.holders = new HolderWatch(slab, clock.cell, (port) => ports[port]!.at.subnet.domain, this.#reporter);
    this.fabric.taps.push(this.holders, this.#reporter);
    this.fabric.trunkTaps.push(this.#reporter);
    this.#wiring = new Wiring(this.fabric, this.#reporter.storms);
    this.subnets = this.#wiring.subnets;
    this.links = this.#wiring.links;
    this.#guests = new Guests(this.#reporter, this.holders, (nic) => this.#subnetOf(nic).domain);
    this.daemons = this.#guests.daemons;
    this.warnings = this.#guests.warnings;
    this.#faults = new Faults(this, (port) => this.holders.portDown(port));
    this.hands = new Hands(this.#faults, (host, text) => this.#reporter.onRefused(host, text));
    this.#actionKind = scheduler.register({ onEvent: (index) => this.#actions[index]!() });
  }

  /** Virtual time, ns. */
  get nowNs(): number {
    return this.fabric.clock.nowNs;
  }

  // --- building -----------------------------------------------------------------------------------------------------

  /** A broadcast domain of its own. A ConfigError if the name is taken or an option is none. */
  addSubnet(name: string, options: SubnetOptions): Subnet {
    return this.#wiring.addSubnet(name, options);
  }

  /** A switch of a subnet, with a forwarding table of its own. A ConfigError if the subnet has one of that name, or an option is none. */
  addSwitch(name: string, options: SwitchOptions): SimSwitch {
    return this.#wiring.addSwitch(name, options);
  }

  /**
   * A link between two switches of a subnet. A ConfigError if the name is that of anything that faults can be brought upon, an option is
   * none, or the link closes a loop in a subnet that does not say `storm: "allow"`.
   */
  addLink(name: string, options: LinkOptions): Link {
    this.#demandFree(name);
    return this.#wiring.addLink(name, options);
  }

  /** The physical machine that hosts stand on. A ConfigError if its name is taken, or one of the hosts is not there or on another. */
  addServer(name: string, { hosts }: ServerOptions): void {
    this.#demandFree(name);
    for (const host of hosts) {
      this.host(host);
      const other = [...this.servers].find(([, guests]) => guests.includes(host));
      if (other !== undefined) throw refusal(`${host} is on server ${other[0]} already`, "a host stands on one server");
    }
    this.servers.set(name, [...new Set(hosts)]);
  }

  /**
   * A machine, which boots when the network runs next, or now if it runs. A ConfigError, and nothing built, if a name, an address or a MAC
   * is taken, an option is none, or keepalived would not run with its configuration.
   */
  addHost(name: string, options: HostOptions): Host {
    this.#demandFree(name);
    const { nics = { eth0: onlyNic(name, options) } } = options;
    if (Object.keys(nics).length === 0)
      throw refusal(`host ${name} has no NIC`, 'give it one: { eth0: { subnet: "app" } }');
    // All of it is judged before any of it is built: what is refused leaves nothing behind.
    const plans = Object.entries(nics).map(([nic, nicOptions]) => {
      const subnet = this.#wiring.subnet(nicOptions.subnet);
      this.#wiring.findSwitch(subnet, nicOptions.switch);
      return this.#planner.plan(name, nic, subnet, nicOptions);
    });
    const conf = this.#guests.judge(name, options, plans);
    const kernel = kernelOf(name, options, plans);
    const host = new Host(name, new HostSide(this.fabric), kernel.system);
    for (const plan of plans) this.#addNic(host, plan);
    kernel.applyTo(host);
    this.#faults.joined();
    this.hosts.set(name, host);
    if (conf !== undefined) this.#guests.add(host, conf, options);
    if (this.#running) host.boot();
    else this.#offline.add(host);
    return host;
  }

  /** Watches who holds an address, and names it. Its claims count only from `claimants`, if given. A ConfigError if that cannot be. */
  addHavip(name: string, options: HavipOptions): WatchedAddress {
    if (this.havip(name) !== undefined) throw refusal(`there is a HAVIP ${name} already`, "names are unique");
    const subnet = this.#wiring.subnet(options.subnet);
    const { domain } = subnet;
    const ip = addressOf(options.address, `HAVIP ${name}`);
    prefixAround(subnet, ip, `HAVIP ${name}`);
    const claimants = options.claimants?.flatMap((host) => this.host(host).nics.map(({ port }) => port)) ?? null;
    return this.holders.watch(domain, ip, name, claimants === null ? null : new Set<PortId>(claimants));
  }

  /** A client that asks an address of one of its subnets again and again. A ConfigError if that cannot be. */
  addProbe(name: string, options: ProbeSettings): Probe {
    if (this.probes.has(name)) throw refusal(`there is a probe ${name} already`, "names are unique");
    const plan = planProbe(name, options, this.host(options.from), (nic) => this.#subnetOf(nic), this.nowNs);
    this.#demandFuture(plan.fromNs, `start of probe ${name}`);
    const probe = new Probe(plan);
    this.probes.set(name, probe);
    this.#reporter.watchProbe(probe);
    return probe;
  }

  // --- running ------------------------------------------------------------------------------------------------------

  /** Runs `action` at a moment of virtual time, before the frames and timers of that moment that are scheduled later. */
  at(moment: Duration, action: () => void): void {
    const { scheduler } = this.fabric;
    const atNs = durationNs(moment, "moment of an action");
    this.#demandFuture(atNs, "moment of an action");
    scheduler.dueNs[0] = atNs;
    scheduler.push(this.#actionKind, this.#actions.push(action) - 1, 0);
  }

  /**
   * Boots what is not up yet on the first call, and lets time pass until `until`. May be called again to go on. Where a storm has cost
   * all that it may, time stands still: see `hasEnded`.
   */
  run(until: Duration): void {
    if (this.#running) throw refusal("the network is running already", "in a listener, plan what comes next with at()");
    const untilNs = durationNs(until, "end of the run");
    this.#demandFuture(untilNs, "end of the run");
    if (this.hasEnded) return;
    this.#running = true;
    try {
      for (const host of this.#offline) host.boot();
      this.#offline.clear();
      this.fabric.scheduler.runUntil(untilNs);
    } finally {
      this.#running = false;
    }
    this.#reporter.rethrow();
  }

  /** A broadcast storm has ended the run: what should have come after it never will. */
  get hasEnded(): boolean {
    return this.#reporter.storms.isSpent;
  }

  /** Outages of a probe so far, oldest first, one that still lasts included. */
  outagesOf(probe: string): OutageEvent[] {
    const found = this.probes.get(probe);
    if (found === undefined)
      throw refusal(`there is no probe ${probe}`, `probes: ${[...this.probes.keys()].join(", ") || "none"}`);
    return this.#reporter.outages.outagesOf(found, this.nowNs);
  }

  // --- faults and other verbs: they take effect now -------------------------------------------------------------------

  /** Starts keepalived on a host. */
  start(host: string): void {
    this.#faults.toDaemon(host, (daemon) => daemon.start());
  }

  /** Stops keepalived in good order, as SIGTERM does. */
  stop(host: string): void {
    this.#faults.toDaemon(host, (daemon) => daemon.stop());
  }

  /**
   * Kills keepalived at once, as SIGKILL does, all of it or one of its two processes; the kernel lives on with the addresses that are
   * configured. Without its parent the child ends in good order; a child is replaced by its parent.
   */
  kill(host: string, process: KilledProcess = "both"): void {
    this.#faults.toDaemon(host, (daemon) => daemon.kill(process));
  }

  /**
   * Gives keepalived another configuration, text or read already, and asks it to read it, as SIGHUP does. A ConfigError, and nothing
   * changed, if it would not run with it. It stays the version that it is.
   */
  reload(host: string, keepalived: string | KeepalivedConf, files: ConfFiles = NO_FILES): void {
    const conf = this.#guests.another(this.host(host), this.#faults.daemon(host), keepalived, files);
    this.#faults.toDaemon(host, (daemon) => daemon.reload(conf));
  }

  /** The host, or every host on the server, stands still: a paused virtual machine. What is done to it takes effect when it goes on. */
  pause(hostOrServer: string): void {
    this.#faults.pause(hostOrServer);
  }

  /** It goes on: what has arrived is read, then what was due happens. */
  resume(hostOrServer: string): void {
    this.#faults.resume(hostOrServer);
  }

  /** `ip addr add`: `10.0.1.50/24` on a NIC of the host, until its next boot. */
  addAddress(host: string, nic: string, address: string | IpPrefix): void {
    const [prefix] = prefixesOf(typeof address === "string" ? address : [address], `address of ${host}`);
    this.#faults.addAddress(host, nic, prefix!);
  }

  /** `ip addr del`. With the primary address of an IPv4 subnet go its secondaries, unless they are promoted. */
  deleteAddress(host: string, nic: string, address: string | IpAddress): void {
    this.#faults.deleteAddress(host, nic, addressOf(address, `address of ${host}`));
  }

  /** The host, or every host on the server, vanishes silently; switches see no change of carrier. */
  crash(hostOrServer: string): void {
    this.#faults.crash(hostOrServer);
  }

  /** The host, or every one on the server, boots again with empty caches, and its software starts, even what waited for `start` before. */
  restore(hostOrServer: string): void {
    this.#faults.restore(hostOrServer);
  }

  /** Carrier lost, at both ends: of a link, or of a host's NIC, all of them if none is named. */
  linkDown(linkOrHost: string, nic?: string): void {
    this.#faults.setCarrier(linkOrHost, nic, false);
  }

  linkUp(linkOrHost: string, nic?: string): void {
    this.#faults.setCarrier(linkOrHost, nic, true);
  }

  /** Frames cross only inside a group of hosts; those not named form one more. Carriers stay up. */
  partition(groups: readonly (readonly string[])[]): void {
    this.#faults.partition(groups);
  }

  /** Ends a partition. */
  heal(): void {
    this.#faults.heal();
  }

  /**
   * From now on a cable delays, loses, doubles, reorders or corrupts frames, slows them down or polices announcements: that of a host, of one
   * of its NICs (`vm-A.eth0`), or a link between switches. Words of tc-netem(8), see `ImpairOptions`; what is not named stays as it is, 0 clears.
   * Chance is drawn from the seed and the way's name. A ConfigError, and nothing changed, if a word or the place is none.
   */
  impair(options: ImpairOptions): void {
    this.#faults.impair(options);
  }

  /** From now on the tracked script ends with this exit status on the host. */
  script(host: string, name: string, exit: number): void {
    this.#faults.script(host, name, exit);
  }

  /** From now on the file of a `track_file`, by its name or its path, holds this number on the host. */
  file(host: string, nameOrPath: string, value: number): void {
    this.#faults.file(host, nameOrPath, value);
  }

  /**
   * From now on so many processes of a `vrrp_track_process` run on the host. `by` says how new ones come: the program is started anew, or
   * those that run fork.
   */
  process(host: string, name: string, count: number, by: "exec" | "fork" = "exec"): void {
    this.#faults.process(host, name, count, by);
  }

  /** From now on the session of a `bfd_instance` of the host is up, or down. */
  bfd(host: string, name: string, up: boolean): void {
    this.#faults.bfd(host, name, up);
  }

  // --- finding things -------------------------------------------------------------------------------------------------

  host(name: string): Host {
    return this.#faults.host(name);
  }

  /** Broadcast storms so far, subnet by subnet. One that lasted to the end of the run is not over. */
  get storms(): readonly Storm[] {
    return [...this.subnets.values()].flatMap(({ storms }) => storms?.storms ?? []);
  }

  /** The watched address of a HAVIP's name; undefined if there is none. */
  havip(name: string): WatchedAddress | undefined {
    return this.holders.watched.find((watched) => watched.havip === name);
  }

  #demandFuture(atNs: number, what: string): void {
    if (atNs < this.nowNs)
      throw refusal(`${what}: ${formatSeconds(atNs)} has passed`, `it is ${formatSeconds(this.nowNs)}`);
  }

  /** Hosts, servers and links share one name space: faults are brought upon them by name. */
  #demandFree(name: string): void {
    const what = this.hosts.has(name)
      ? "host"
      : this.servers.has(name)
        ? "server"
        : this.links.has(name)
          ? "link"
          : null;
    if (what !== null) throw refusal(`there is a ${what} ${name} already`, "names are unique");
  }

  #subnetOf({ port }: Nic): Subnet {
    return this.fabric.ports[port]!.at.subnet;
  }

  #addNic(host: Host, plan: NicPlan): void {
    const { name, subnet, mac, addresses } = plan;
    const port = this.fabric.addPort(this.#wiring.switchOf(subnet, plan.switch), subnet.latencyNs);
    this.fabric.attach(host.addNic(name, port, mac, addresses));
    this.#planner.built(host.name, plan);
  }
}
