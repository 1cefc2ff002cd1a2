/**
 * Subnets, the switches in them and the links between those: built, found by name, and refused where they cannot be. A subnet that
 * nobody gave switches has one, which is called as the subnet is.
 */
import type { DomainId } from "../base/ids.ts";
import { NS_PER_MS } from "../base/units.ts";
import { AGEING_MS_MAX } from "../switch/fdb.ts";
import { LINUX } from "../switch/profile.ts";
import type { Fabric } from "./fabric.ts";
import { Link } from "./link.ts";
import { loopClosedBy, loopText } from "./loops.ts";
import {
  bitRateOf,
  type Duration,
  durationNs,
  type LinkOptions,
  prefixesOf,
  profileOf,
  refusal,
  type SubnetOptions,
  type SwitchOptions,
} from "./options.ts";
import type { SimSwitch } from "./sim-switch.ts";
import { type StormBudget, StormWatch } from "./storm-watch.ts";
import type { Subnet } from "./subnet.ts";

/** One way between a vNIC and its switch, unless the subnet says otherwise. */
const LATENCY_NS_DEFAULT = 50_000;
/** One way of a link between switches: a kilometre of fibre, or a switch's own work. */
export const LINK_LATENCY_NS_DEFAULT = 5_000;
/** Of links that may form loops: a storm needs an end. */
export const STORM_BITS_PER_SECOND_DEFAULT = 1_000_000_000;

export class Wiring {
  readonly subnets = new Map<string, Subnet>();
  readonly links = new Map<string, Link>();
  readonly #fabric: Fabric;
  readonly #storms: StormBudget;

  constructor(fabric: Fabric, storms: StormBudget) {
    this.#fabric = fabric;
    this.#storms = storms;
  }

  addSubnet(name: string, options: SubnetOptions): Subnet {
    if (this.subnets.has(name)) throw refusal(`there is a subnet ${name} already`, "names are unique");
    const what = `subnet ${name}`;
    const prefixes = prefixesOf(options.cidr, what);
    const latencyNs = durationNs(options.latency ?? LATENCY_NS_DEFAULT, `latency of ${what}`);
    const links: Link[] = [];
    const { hops, scheduler } = this.#fabric;
    const mayStorm = options.storm === "allow";
    const subnet = {
      name,
      domain: (this.subnets.size + 1) as DomainId,
      prefixes,
      latencyNs,
      multicast: options.multicast ?? true,
      profile: options.profile === undefined ? LINUX : profileOf(options.profile, what),
      ageingMs: ageingMsOf(options.ageing, what),
      switches: new Map<string, SimSwitch>(),
      links,
      storms: mayStorm ? new StormWatch(name, links, hops, scheduler, this.#storms) : null,
    };
    this.subnets.set(name, subnet);
    return subnet;
  }

  addSwitch(name: string, options: SwitchOptions): SimSwitch {
    const subnet = this.subnet(options.subnet);
    if (subnet.switches.has(name))
      throw refusal(`there is a switch ${name} in subnet ${subnet.name} already`, "names are unique");
    const what = `switch ${name}`;
    const ageingMs = ageingMsOf(options.ageing, what) ?? subnet.ageingMs;
    const profile = options.profile === undefined ? subnet.profile : profileOf(options.profile, what);
    const added = this.#fabric.addSwitch(name, subnet, profile, ageingMs);
    subnet.switches.set(name, added);
    return added;
  }

  addLink(name: string, options: LinkOptions): Link {
    if (this.links.has(name)) throw refusal(`there is a link ${name} already`, "names are unique");
    const subnet = this.subnet(options.subnet);
    const { between } = options;
    const [a, b] = between.map((end) => this.findSwitch(subnet, end)) as [SimSwitch, SimSwitch];
    const latencyNs = durationNs(options.latency ?? LINK_LATENCY_NS_DEFAULT, `latency of link ${name}`);
    const rate = options.rate === undefined ? 0 : bitRateOf(options.rate, `rate of link ${name}`);
    const loop = subnet.storms === null ? loopClosedBy({ name, between }, subnet.links) : null;
    if (loop !== null)
      throw refusal(
        `link ${name} closes a loop, ${loopText(loop)}: a broadcast would circle for ever`,
        'leave out one of its links, or give the subnet storm: "allow"',
      );
    const ways = this.#fabric.addTrunks(
      name,
      a,
      b,
      latencyNs,
      rate === 0 && subnet.storms !== null ? STORM_BITS_PER_SECOND_DEFAULT : rate,
    );
    const link = new Link(name, subnet, ways);
    subnet.links.push(link);
    this.links.set(name, link);
    return link;
  }

  subnet(name: string): Subnet {
    const subnet = this.subnets.get(name);
    if (subnet === undefined)
      throw refusal(`there is no subnet ${name}`, `subnets: ${[...this.subnets.keys()].join(", ") || "none"}`);
    return subnet;
  }

  /** The switch of a subnet that is meant: the only one, if no name is given. One is made where there is none. */
  switchOf(subnet: Subnet, name: string | undefined): SimSwitch {
    return this.findSwitch(subnet, name) ?? this.addSwitch(subnet.name, { subnet: subnet.name });
  }

  /** As `switchOf`, but nothing is made: null where it would be. */
  findSwitch({ name: subnet, switches }: Subnet, name: string | undefined): SimSwitch | null {
    const [only] = switches.values();
    if (name === undefined && only === undefined) return null;
    const found = name === undefined ? only : switches.get(name);
    const known = `its switches: ${[...switches.keys()].join(", ") || "none"}`;
    if (found === undefined) throw refusal(`subnet ${subnet} has no switch ${name}`, known);
    if (name === undefined && switches.size > 1)
      throw refusal(`subnet ${subnet} has several switches, and none is named`, known);
    return found;
  }
}

/** Null: not given. */
function ageingMsOf(ageing: Duration | undefined, what: string): number | null {
  if (ageing === undefined) return null;
  const ageingMs = durationNs(ageing, `ageing of ${what}`) / NS_PER_MS;
  if (!Number.isInteger(ageingMs) || ageingMs > AGEING_MS_MAX)
    throw refusal(`ageing of ${what}: ${ageing} is none`, "whole milliseconds, at most 1,000,000 s");
  return ageingMs;
}
