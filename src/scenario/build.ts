/** A judged scenario becomes a network: names become hosts and ports, the timeline becomes actions at their moments. */
import { Network } from "../sim/network.ts";
import type { Action, HostSpec, Scenario } from "./model.ts";

/** Told when a step of the timeline is about to take effect, and where snapshots go. */
export interface StepListener {
  /** `futility` says why the step changes nothing; null if it does. */
  onStep(action: Action, futility: string | null): void;
  onSnapshot(name: string): void;
}

/** Builds the network with this seed. Nothing has happened in it yet. */
export function buildNetwork(scenario: Scenario, seed: number, listener: StepListener): Network {
  const network = new Network({ seed });
  for (const { name, prefixes, multicast, latencyNs } of scenario.subnets) {
    network.addSubnet(name, { cidr: prefixes, multicast, latency: latencyNs });
  }
  for (const host of scenario.hosts) addHost(network, host);
  for (const { name, subnet, address, claimants } of scenario.havips) {
    network.addHavip(name, { subnet, address, ...(claimants === null ? {} : { claimants }) });
  }
  for (const { name, from, to, kind, everyNs, fromNs, untilNs } of scenario.probes) {
    network.addProbe(name, { from, to, kind, every: everyNs, start: fromNs, end: untilNs });
  }
  for (const { atNs, action } of scenario.timeline) {
    network.at(atNs, () => {
      listener.onStep(action, futility(network, action));
      perform(network, action, listener);
    });
  }
  return network;
}

function addHost(network: Network, { name, nics, keepalived, autostart, scripts }: HostSpec): void {
  const nicOptions = nics.map(({ name: nic, subnet, mac, addresses }) => [
    nic,
    { subnet, mac, address: addresses.map(({ address, prefixLength }) => ({ address, length: prefixLength })) },
  ]);
  const behaviours = scripts.map(({ name: script, exit, runsNs }) => [script, { exit, runsNs }]);
  network.addHost(name, {
    nics: Object.fromEntries(nicOptions),
    ...(keepalived === null ? {} : { keepalived: keepalived.conf }),
    autostart,
    scripts: Object.fromEntries(behaviours),
  });
}

/** Why a step would change nothing just now, as the end of a sentence. */
function futility(network: Network, action: Action): string | null {
  switch (action.verb) {
    case "start":
      if (!network.host(action.host).running) return "but the machine is down";
      return network.daemons.get(action.host)!.running ? "but it runs already" : null;
    case "stop":
    case "kill":
      return network.daemons.get(action.host)!.running ? null : "but it does not run";
    case "crash":
      return network.host(action.host).running ? null : "but it is down already";
    case "restore":
      return network.host(action.host).running ? "but it is up already" : null;
    default:
      return null;
  }
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
      network.kill(action.host);
      return;
    case "crash":
      network.crash(action.host);
      return;
    case "restore":
      network.restore(action.host);
      return;
    case "link-down":
      for (const { host, nic } of action.nics) network.linkDown(host, nic);
      return;
    case "link-up":
      for (const { host, nic } of action.nics) network.linkUp(host, nic);
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
    case "snapshot":
      listener.onSnapshot(action.name);
  }
}
