/** A subnet of a simulated network: a broadcast domain with the prefixes that people know it by. */
import type { DomainId } from "../base/ids.ts";
import { type IpAddress, type IpPrefix, prefixContains } from "../text/ip-text.ts";
import { formatIp } from "../wire/address.ts";
import { refusal } from "./options.ts";

export interface Subnet {
  readonly name: string;
  readonly domain: DomainId;
  readonly prefixes: readonly IpPrefix[];
  /** One way between a vNIC and the switch. */
  readonly latencyNs: number;
}

/** The prefix that holds the address; a ConfigError if none does. `what` names the address's owner in the message. */
export function prefixAround({ prefixes }: Subnet, ip: IpAddress, what: string): IpPrefix {
  const prefix = prefixes.find((candidate) => prefixContains(candidate, ip));
  if (prefix === undefined)
    throw refusal(`${what}: ${formatIp(ip)} is outside its subnet`, "an address lies in a prefix of its subnet");
  return prefix;
}
