/**
 * A simulated network: subnets, hosts, virtual addresses to watch, probes, and the faults one can bring upon them. This is the
 * library's front door, and what a scenario file is turned into.
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
import type { DomainId, PortId } from "../base/ids.ts";
import { formatSeconds } from "../base/units.ts";
import { NO_FILES } from "../guest/keepalived/conf/files.ts";
import type { KeepalivedConf } from "../guest/keepalived/conf/model.ts";
import { KeepalivedDaemon } from "../guest/keepalived/daemon.ts";
import { Host } from "../host/host.ts";
import type { Nic } from "../host/nic.ts";
import { Probe } from "../host/probe.ts";
import type { NetworkEvents, OutageEvent } from "../observe/events.ts";
import { HolderWatch, type WatchedAddress } from "../observe/holder-watch.ts";
import type { Finding } from "../text/config-error.ts";
import { type IpAddress, type IpPrefix, prefixContains, sameIp } from "../text/ip-text.ts";
import { Fabric } from "./fabric.ts";
import { judgedConf } from "./judged-conf.ts";
import { type NicPlan, NicPlanner } from "./nic-planner.ts";
import {
  addressOf,
  type Duration,
  durationNs,
  type HavipOptions,
  type HostOptions,
  type NetworkOptions,
  type NicOptions,
  type ProbeSettings,
  prefixesOf,
  refusal,
  type SubnetOptions,
} from "./options.ts";
import { Reporter } from "./reporter.ts";
import { prefixAround, type Subnet } from "./subnet.ts";

/** One way between a vNIC and the switch, unless the subnet says otherwise. */
const LATENCY_NS_DEFAULT = 50_000;

export class Network {
  /** Events as they happen; see `NetworkEvents`. */
  readonly events = new EventEmitter<NetworkEvents>();
  /** What keepalived would complain about in the configurations given as text, and run all the same. */
  readonly warnings: Finding[] = [];
  readonly fabric: Fabric;
  readonly subnets = new Map<string, Subnet>();
  readonly hosts = new Map<string, Host>();
  readonly daemons = new Map<string, KeepalivedDaemon>();
  readonly probes = new Map<string, Probe>();
  readonly holders: HolderWatch;
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
    const { switch: bridge, slab, clock, scheduler } = this.fabric;
    this.#reporter = new Reporter(this.fabric, this.events, this.subnets, () => this.holders.watched);
    this.holders = new HolderWatch(slab, clock.cell, (port) => bridge.ports.domain[port] as DomainId, this.#reporter);
    this.fabric.taps.push(this.holders, this.#reporter);
    this.#actionKind = scheduler.register({ onEvent: (index) => this.#actions[index]!() });
  }

  /** Virtual time, ns. */
  get nowNs(): number {
    return this.fabric.clock.nowNs;
  }

  // --- building -----------------------------------------------------------------------------------------------------

  /** A broadcast domain of its own. A ConfigError if the name is taken or an option is none. */
  addSubnet(name: string, options: SubnetOptions): Subnet {
    if (this.subnets.has(name)) throw refusal(`there is a subnet ${name} already`, "names are unique");
    const prefixes = prefixesOf(options.cidr, `subnet ${name}`);
    const latencyNs = durationNs(options.latency ?? LATENCY_NS_DEFAULT, `latency of subnet ${name}`);
    const domain = this.fabric.switch.addDomain(options.multicast ?? true);
    const subnet = { name, domain, prefixes, latencyNs };
    this.subnets.set(name, subnet);
    return subnet;
  }

  /**
   * A machine, which boots when the network runs next, or now if it runs. A ConfigError, and nothing built, if a name, an address or a MAC
   * is taken, an option is none, or keepalived would not run with its configuration.
   */
  addHost(name: string, options: HostOptions): Host {
    if (this.hosts.has(name)) throw refusal(`there is a host ${name} already`, "names are unique");
    const { nics = { eth0: shorthand(name, options) }, keepalived, files = NO_FILES } = options;
    if (Object.keys(nics).length === 0)
      throw refusal(`host ${name} has no NIC`, 'give it one: { eth0: { subnet: "app" } }');
    // All of it is judged before any of it is built: what is refused leaves nothing behind.
    const plans = Object.entries(nics).map(([nic, nicOptions]) =>
      this.#planner.plan(name, nic, this.#subnet(nicOptions.subnet), nicOptions),
    );
    const { conf, warnings } =
      typeof keepalived === "string" ? judgedConf(name, keepalived, files, plans) : { conf: keepalived, warnings: [] };
    this.warnings.push(...warnings);
    const host = new Host(name, this.fabric);
    for (const plan of plans) this.#addNic(host, plan);
    this.hosts.set(name, host);
    if (conf !== undefined) this.#addKeepalived(host, conf, options);
    if (this.#running) host.boot();
    else this.#offline.add(host);
    return host;
  }

  /** Watches who holds an address, and names it. Its claims count only from `claimants`, if given. A ConfigError if that cannot be. */
  addHavip(name: string, options: HavipOptions): WatchedAddress {
    if (this.havip(name) !== undefined) throw refusal(`there is a HAVIP ${name} already`, "names are unique");
    const subnet = this.#subnet(options.subnet);
    const { domain } = subnet;
    const ip = addressOf(options.address, `HAVIP ${name}`);
    prefixAround(subnet, ip, `HAVIP ${name}`);
    const claimants = options.claimants?.flatMap((host) => this.host(host).nics.map(({ port }) => port)) ?? null;
    const known = this.holders.watched.findIndex((watched) => watched.domain === domain && sameIp(watched.ip, ip));
    if (known >= 0) this.holders.watched.splice(known, 1);
    return this.holders.watch(domain, ip, name, claimants === null ? null : new Set<PortId>(claimants));
  }

  /** A client that asks an address of one of its subnets again and again. A ConfigError if that cannot be. */
  addProbe(name: string, options: ProbeSettings): Probe {
    if (this.probes.has(name)) throw refusal(`there is a probe ${name} already`, "names are unique");
    const host = this.host(options.from);
    const to = addressOf(options.to, `probe ${name}`);
    const nic = host.nics.find((candidate) => this.#prefixesAt(candidate).some((prefix) => prefixContains(prefix, to)));
    if (nic === undefined)
      throw refusal(
        `probe ${name}: ${options.to} is in no subnet of ${options.from}`,
        "probe an address of the client's subnet",
      );
    const everyNs = durationNs(options.every, `interval of probe ${name}`);
    if (everyNs === 0) throw refusal(`probe ${name} has no pause between questions`, "write every: 10ms");
    const fromNs = durationNs(options.start ?? this.nowNs, `start of probe ${name}`);
    this.#demandFuture(fromNs, `start of probe ${name}`);
    const probe = new Probe({
      name,
      nic,
      to,
      kind: options.kind ?? "icmp",
      everyNs,
      fromNs,
      untilNs: options.end === undefined ? Number.POSITIVE_INFINITY : durationNs(options.end, `end of probe ${name}`),
    });
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

  /** Boots what is not up yet on the first call, and lets time pass until `until`. May be called again to go on. */
  run(until: Duration): void {
    if (this.#running) throw refusal("the network is running already", "in a listener, plan what comes next with at()");
    const untilNs = durationNs(until, "end of the run");
    this.#demandFuture(untilNs, "end of the run");
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
    this.#daemon(host).start();
  }

  /** Stops keepalived in good order, as SIGTERM does. */
  stop(host: string): void {
    this.#daemon(host).stop();
  }

  /** Kills all of keepalived at once, as SIGKILL does; the kernel lives on with the addresses that are configured. */
  kill(host: string): void {
    this.#daemon(host).kill();
  }

  /** The machine vanishes silently; the switch sees no change of carrier. */
  crash(host: string): void {
    this.host(host).crash();
  }

  /** The machine boots again, with empty caches, and its software starts, even what waited for `start` before. */
  restore(name: string): void {
    const host = this.host(name);
    if (host.running) return;
    host.boot();
    for (const software of host.software) software.start();
  }

  /** Carrier lost, at both ends; on every NIC if none is named. */
  linkDown(host: string, nic?: string): void {
    this.#setCarrier(host, nic, false);
  }

  linkUp(host: string, nic?: string): void {
    this.#setCarrier(host, nic, true);
  }

  /** Frames cross only inside a group of hosts; those not named form one more. Carriers stay up. */
  partition(groups: readonly (readonly string[])[]): void {
    const { ports } = this.fabric.switch;
    // Group 0 is that of the hosts not named, and of those that are added later.
    ports.group.fill(0);
    groups.forEach((names, group) => {
      for (const name of names) for (const { port } of this.host(name).nics) ports.group[port] = group + 1;
    });
    ports.partitioned = true;
  }

  /** Ends a partition. */
  heal(): void {
    this.fabric.switch.ports.partitioned = false;
  }

  /** From now on the tracked script ends with this exit status on the host. */
  script(host: string, name: string, exit: number): void {
    const daemon = this.#daemon(host);
    if (!daemon.conf.scripts.some((script) => script.name === name)) {
      throw refusal(
        `${host} has no vrrp_script ${name}`,
        `its scripts: ${daemon.conf.scripts.map((script) => script.name).join(", ") || "none"}`,
      );
    }
    daemon.setScriptExit(name, exit);
  }

  // --- finding things -------------------------------------------------------------------------------------------------

  host(name: string): Host {
    const host = this.hosts.get(name);
    if (host === undefined)
      throw refusal(`there is no host ${name}`, `hosts: ${[...this.hosts.keys()].join(", ") || "none"}`);
    return host;
  }

  /** The watched address of a HAVIP's name; undefined if there is none. */
  havip(name: string): WatchedAddress | undefined {
    return this.holders.watched.find((watched) => watched.havip === name);
  }

  #demandFuture(atNs: number, what: string): void {
    if (atNs < this.nowNs)
      throw refusal(`${what}: ${formatSeconds(atNs)} has passed`, `it is ${formatSeconds(this.nowNs)}`);
  }

  #daemon(host: string): KeepalivedDaemon {
    this.host(host);
    const daemon = this.daemons.get(host);
    if (daemon === undefined) throw refusal(`${host} runs no keepalived`, "give it a configuration: keepalived");
    return daemon;
  }

  #subnet(name: string): Subnet {
    const subnet = this.subnets.get(name);
    if (subnet === undefined)
      throw refusal(`there is no subnet ${name}`, `subnets: ${[...this.subnets.keys()].join(", ") || "none"}`);
    return subnet;
  }

  #prefixesAt(nic: Nic): readonly IpPrefix[] {
    const domain = this.fabric.switch.ports.domain[nic.port];
    return [...this.subnets.values()].find((subnet) => subnet.domain === domain)!.prefixes;
  }

  #addNic(host: Host, plan: NicPlan): void {
    const { name, subnet, mac, addresses } = plan;
    const port = this.fabric.addPort(subnet.domain, subnet.latencyNs);
    this.fabric.attach(host.addNic(name, port, mac, addresses));
    this.#planner.built(host.name, plan);
  }

  #addKeepalived(host: Host, conf: KeepalivedConf, { autostart = true, scripts = {} }: HostOptions): void {
    const behaviours = new Map(
      Object.entries(scripts).map(([name, { exit = 0, runsNs = 0 }]) => [name, { exit, runsNs }]),
    );
    const daemon = new KeepalivedDaemon(host, conf, { autostart, scripts: behaviours }, this.#reporter);
    host.software.push(daemon);
    this.daemons.set(host.name, daemon);
    for (const instance of conf.instances) {
      for (const { address, device } of [...instance.addresses, ...instance.excludedAddresses]) {
        this.#watchVirtual(host, device ?? instance.interface, address);
      }
    }
  }

  /** Every address that a guest may bring up is watched, HAVIP or not. */
  #watchVirtual(host: Host, interfaceName: string | null, ip: IpAddress): void {
    const nic = (interfaceName === null ? undefined : host.nic(interfaceName)) ?? host.nics[0];
    if (nic === undefined) return;
    const domain = this.fabric.switch.ports.domain[nic.port] as DomainId;
    const known = this.holders.watched.some((watched) => watched.domain === domain && sameIp(watched.ip, ip));
    if (!known) this.holders.watch(domain, ip, null, null);
  }

  #setCarrier(name: string, nicName: string | undefined, up: boolean): void {
    const cabled = this.host(name).nics.filter(({ lower }) => lower === null);
    const nics = nicName === undefined ? cabled : cabled.filter((nic) => nic.name === nicName);
    if (nics.length === 0)
      throw refusal(`${name} has no NIC ${nicName}`, `its NICs: ${cabled.map((nic) => nic.name).join(", ") || "none"}`);
    for (const nic of nics) {
      this.fabric.switch.setLink(nic.port, up);
      nic.setCarrier(up);
      if (!up) this.holders.portDown(nic.port);
    }
  }
}

/** The one NIC that a host without `nics` has. */
function shorthand(name: string, { subnet, mac, address }: HostOptions): NicOptions {
  if (subnet === undefined)
    throw refusal(`host ${name} is in no subnet`, 'give it one: { subnet: "app", address: "10.0.1.11" }');
  return { subnet, ...(mac === undefined ? {} : { mac }), ...(address === undefined ? {} : { address }) };
}
