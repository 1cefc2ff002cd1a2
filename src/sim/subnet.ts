/** A subnet of a simulated network: a broadcast domain, the switches that make it up, and the prefixes that people know it by. */
import type { DomainId } from "../base/ids.ts";
import type { SwitchProfile } from "../switch/profile.ts";
import { type IpAddress, type IpPrefix, prefixContains } from "../text/ip-text.ts";
import { formatIp } from "../wire/address.ts";
import type { Link } from "./link.ts";
import { refusal } from "./options.ts";
import type { SimSwitch } from "./sim-switch.ts";
import type { StormWatch } from "./storm-watch.ts";

export interface Subnet {
  readonly name: string;
  /** A number for each subnet of a network, from 1. */
  readonly domain: DomainId;
  readonly prefixes: readonly IpPrefix[];
  /** One way between a vNIC and its switch. */
  readonly latencyNs: number;
  readonly multicast: boolean;
  /** What its switches do unless they say otherwise; `ageingMs` null: as the profile has it. */
  readonly profile: SwitchProfile;
  readonly ageingMs: number | null;
  /** By name, in the order they were added. */
  readonly switches: Map<string, SimSwitch>;
  /** In the order they were added. */
  readonly links: Link[];
  /** Null: its links may form no loop. */
  readonly storms: StormWatch | null;
}

/** The prefix that holds the address; a ConfigError if none does. `what` names the address's owner in the message. */
export function prefixAround({ prefixes }: Subnet, ip: IpAddress, what: string): IpPrefix {
  const prefix = prefixes.find((candidate) => prefixContains(candidate, ip));
  if (prefix === undefined)
    throw refusal(`${what}: ${formatIp(ip)} is outside its subnet`, "an address lies in a prefix of its subnet");
  return prefix;
}
