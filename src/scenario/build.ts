/** A judged scenario becomes a network: names become hosts and ports, the timeline becomes actions at their moments. */
import { NS_PER_MS } from "../base/units.ts";
import { commandFutility } from "../host/command.ts";
import type { Host } from "../host/host.ts";
import { namedIn, SET_BY } from "../sim/impair-words.ts";
import { Network } from "../sim/network.ts";
import type { ImpairOptions } from "../sim/options.ts";
import type { Action, HostSpec, ImpairAction, Scenario, SubnetSpec } from "./model.ts";

/** Told when a step of the timeline is about to take effect, and where snapshots go. */
export interface StepListener {
  /** `futility` says why the step changes nothing; null if it does. */
  onStep(action: Action, futility: string | null): void;
  onSnapshot(name: string): void;
}

/** Builds the network with this seed. Nothing has happened in it yet. */
export function buildNetwork(scenario: Scenario, seed: number, listener: StepListener): Network {
  const network = new Network({ seed });
  for (const subnet of scenario.subnets) addSubnet(network, subnet);
  for (const host of scenario.hosts) addHost(network, host);
  for (const { name, hosts } of scenario.servers) network.addServer(name, { hosts });
  for (const { name, subnet, address, claimants } of scenario.havips) {
    network.addHavip(name, { subnet, address, ...(claimants === null ? {} : { claimants }) });
  }
  for (const { name, from, to, kind, tcp, everyNs, fromNs, untilNs } of scenario.probes) {
    const ofTcp = tcp === null ? {} : { port: tcp.port, connection: tcp.connection, timeout: tcp.timeoutNs };
    network.addProbe(name, { from, to, kind, ...ofTcp, every: everyNs, start: fromNs, end: untilNs });
  }
  for (const { atNs, action } of scenario.timeline) {
    network.at(atNs, () => {
      listener.onStep(action, futility(network, action));
      if (!isLost(network, action)) perform(network, action, listener);
    });
  }
  return network;
}

function addSubnet(network: Network, subnet: SubnetSpec): void {
  const { name, prefixes, multicast, latencyNs, mayStorm, switches, links } = subnet;
  network.addSubnet(name, {
    cidr: prefixes,
    multicast,
    latency: latencyNs,
    ...tableOptions(subnet),
    ...(mayStorm ? { storm: "allow" } : {}),
  });
  for (const spec of switches) network.addSwitch(spec.name, { subnet: name, ...tableOptions(spec) });
  for (const { name: link, between, latencyNs: linkLatencyNs, bitsPerSecond } of links) {
    network.addLink(link, {
      subnet: name,
      between,
      ...(linkLatencyNs === null ? {} : { latency: linkLatencyNs }),
      ...(bitsPerSecond === null ? {} : { rate: bitsPerSecond }),
    });
  }
}

function tableOptions({ profile, ageingMs }: Pick<SubnetSpec, "profile" | "ageingMs">) {
  return {
    ...(profile === null ? {} : { profile }),
    ...(ageingMs === null ? {} : { ageing: ageingMs * NS_PER_MS }),
  };
}

function addHost(network: Network, host: HostSpec): void {
  const {
    name,
    nics,
    sysctls,
    system,
    reachableTimeNs,
    arpTimeoutNs,
    keepalived,
    autostart,
    scripts,
    files,
    processes,
    bfd,
  } = host;
  const nicOptions = nics.map(({ name: nic, subnet, switch: at, mac, addresses }) => {
    const address = addresses.map(({ address: ip, prefixLength: length }) => ({ address: ip, length }));
    return [nic, { subnet, mac, address, ...(at === null ? {} : { switch: at }) }];
  });
  const behaviours = scripts.map(({ name: script, exit, runsNs, ignoresTerm }) => [
    script,
    { exit, runsNs, ignoresTerm },
  ]);
  network.addHost(name, {
    nics: Object.fromEntries(nicOptions),
    loopback: nics.flatMap(({ loopback }) => loopback),
    sysctl: sysctls,
    system: system.name,
    ...(reachableTimeNs === null ? {} : { reachableTime: reachableTimeNs }),
    ...(arpTimeoutNs === null ? {} : { arpTimeout: arpTimeoutNs }),
    ...(keepalived === null ? {} : { keepalived: keepalived.conf }),
    autostart,
    scripts: Object.fromEntries(behaviours),
    fileValues: Object.fromEntries(files),
    processes: Object.fromEntries(processes),
    bfd: Object.fromEntries(bfd),
  });
}

/** Whether a step is about something that the configuration had when it was judged, and has no more since a reload. */
function isLost(network: Network, action: Action): boolean {
  const has = (blocks: "scripts" | "trackFiles" | "trackProcesses" | "trackBfds", host: string, wanted: string) =>
    network.daemons.get(host)!.conf[blocks].some(({ name }) => name === wanted);
  switch (action.verb) {
    case "script":
      return !has("scripts", action.host, action.name);
    case "file":
      return !has("trackFiles", action.host, action.name);
    case "process":
      return !has("trackProcesses", action.host, action.name);
    case "bfd":
      return !has("trackBfds", action.host, action.name);
    default:
      return false;
  }
}

/** Why a step would change nothing just now, as the end of a sentence. */
function futility(network: Network, action: Action): string | null {
  if (isLost(network, action)) return "but the configuration has it no more";
  switch (action.verb) {
    case "start":
      if (!network.host(action.host).running) return "but the machine is down";
      if (network.daemons.get(action.host)!.running) return "but it runs already";
      return waitsFor(network.host(action.host));
    case "stop":
    case "kill":
      if (!network.daemons.get(action.host)!.running) return "but it does not run";
      return waitsFor(network.host(action.host));
    case "reload":
      return waitsFor(network.host(action.host));
    case "command": {
      const host = network.host(action.host);
      if (!host.running) return "but the machine is down";
      return commandFutility(host, action.command) ?? waitsFor(host);
    }
    case "send":
    case "announce": {
      const host = network.host(action.host);
      const isCut = host.running && !host.nic(action.nic)!.carrier;
      return isCut ? `but ${action.nic} has no carrier` : isDownOrWaits(host);
    }
    case "answer":
      return isDownOrWaits(network.host(action.host));
    case "ping":
    case "udp":
      return isDownOrWaits(network.host(action.from));
    case "pause": {
      const hosts = machines(action).map((host) => network.host(host));
      if (hosts.every(({ running }) => !running)) return "but it is down";
      return hosts.some(({ running, paused }) => running && !paused) ? null : "but it does so already";
    }
    case "resume":
      return machines(action).some((host) => network.host(host).paused) ? null : "but it did not stand still";
    case "crash":
      return machines(action).some((host) => network.host(host).running) ? null : "but it is down already";
    case "restore":
      return machines(action).every((host) => network.host(host).running) ? "but it is up already" : null;
    case "link-down":
      return carriersOf(network, action.on).some(Boolean) ? null : "has no carrier already";
    case "link-up":
      return carriersOf(network, action.on).every(Boolean) ? "has carrier already" : null;
    default:
      return null;
  }
}

/** What is done to a machine that stands still takes effect later. */
function waitsFor({ paused }: Host): string | null {
  return paused ? "once the machine goes on" : null;
}

function isDownOrWaits(host: Host): string | null {
  return host.running ? waitsFor(host) : "but the machine is down";
}

/** Whether there is carrier on a link between switches, or on each of the vNICs. */
function carriersOf(network: Network, on: CarrierAction["on"]): boolean[] {
  if (!("link" in on)) return on.nics.map(({ host, nic }) => network.host(host).nic(nic)!.carrier);
  return [network.links.get(on.link)!.isUp];
}

function perform(network: Network, action: Action, listener: StepListener): void {
  switch (action.verb) {
    case "start":
      network.start(action.host);
      return;
    case "stop":
      network.stop(action.host);
      return;
    case "kill":
      network.kill(action.host, action.process);
      return;
    case "reload":
      network.reload(action.host, action.keepalived.conf);
      return;
    case "command":
      network.hands.type(action.host, action.command);
      return;
    case "send":
    case "announce":
      network.hands.send(action.host, action.nic, action.frame, action.pace);
      return;
    case "answer":
      network.hands.answer(action.host, action.nic, action.address, action.holders);
      return;
    case "ping":
    case "udp":
      network.hands.traffic(action.from, action.traffic);
      return;
    case "pause":
      network.pause(action.machine);
      return;
    case "resume":
      network.resume(action.machine);
      return;
    case "crash":
      network.crash(action.machine);
      return;
    case "restore":
      network.restore(action.machine);
      return;
    case "link-down":
      if ("link" in action.on) network.linkDown(action.on.link);
      else for (const { host, nic } of action.on.nics) network.linkDown(host, nic);
      return;
    case "link-up":
      if ("link" in action.on) network.linkUp(action.on.link);
      else for (const { host, nic } of action.on.nics) network.linkUp(host, nic);
      return;
    case "impair":
      for (const on of impairedNames(action)) network.impair({ on, ...impairOptions(action) });
      return;
    case "partition":
      network.partition(action.groups);
      return;
    case "heal":
      network.heal();
      return;
    case "script":
      network.script(action.host, action.name, action.exit);
      return;
    case "file":
      network.file(action.host, action.name, action.value);
      return;
    case "process":
      network.process(action.host, action.name, action.count, action.by);
      return;
    case "bfd":
      network.bfd(action.host, action.name, action.up);
      return;
    case "snapshot":
      listener.onSnapshot(action.name);
  }
}

/** As the network calls them. */
function impairedNames({ on }: ImpairAction): string[] {
  if ("nics" in on) return on.nics.map(({ host, nic }) => `${host}.${nic}`);
  return [on.end === null ? on.link : `${on.end}:${on.link}`];
}

function impairOptions({ direction, words, forNs }: ImpairAction): Omit<ImpairOptions, "on"> {
  const said = namedIn(words).map((key) => [key, words[SET_BY[key]]]);
  return { direction, ...Object.fromEntries(said), ...(forNs === null ? {} : { for: forNs }) };
}

type CarrierAction = Extract<Action, { verb: "link-down" | "link-up" }>;

/** The hosts that a machine is, or that stand on it. */
function machines({ machine, hosts }: Extract<Action, { machine: string }>): readonly string[] {
  return hosts ?? [machine];
}
