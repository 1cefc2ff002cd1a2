/**
 * How people describe a network to the library. Addresses and durations may be written as text ("10.0.1.50", "10ms") or given
 * as the octets and nanoseconds that the rest of the library works with.
 */

import type { ConfFiles } from "../guest/keepalived/conf/files.ts";
import type { KeepalivedConf } from "../guest/keepalived/conf/model.ts";
import type { ScriptBehaviour } from "../guest/keepalived/script-runner.ts";
import { ConfigError } from "../text/config-error.ts";
import { DURATION_HINT, parseDuration } from "../text/duration.ts";
import { type IpAddress, type IpPrefix, parseIp, parsePrefix } from "../text/ip-text.ts";
import { parseMac } from "../wire/address.ts";

/** Text such as `10ms`, or nanoseconds. */
export type Duration = string | number;

export interface NetworkOptions {
  /** Decides all chance: 0 to 2^53 - 1. Default 1. */
  readonly seed?: number;
}

export interface SubnetOptions {
  /** One prefix or several, IPv4 and IPv6: `10.0.1.0/24`. */
  readonly cidr: string | readonly (string | IpPrefix)[];
  /** False: the network carries no multicast. Default true. */
  readonly multicast?: boolean;
  /** One way between a vNIC and the switch. Default 50 us. */
  readonly latency?: Duration;
}

export interface NicOptions {
  readonly subnet: string;
  /** `02:00:00:00:00:01`, or six octets; derived from the host's and the NIC's names if left out. */
  readonly mac?: string | Uint8Array;
  /** One address or several; the prefix length is the subnet's unless written. */
  readonly address?: string | readonly (string | IpPrefix)[];
}

export interface HostOptions extends Partial<NicOptions> {
  /** Instead of `subnet`, `mac` and `address`, which describe one NIC called eth0. */
  readonly nics?: Readonly<Record<string, NicOptions>>;
  /** A `keepalived.conf`: its text, or what `parseKeepalivedConf` made of it. */
  readonly keepalived?: string | KeepalivedConf;
  /** Where `include` in that text finds files. Default: none exist. */
  readonly files?: ConfFiles;
  /** False: keepalived waits for `start`. Default true. */
  readonly autostart?: boolean;
  /** What tracked scripts do here, by `vrrp_script` name; one not named succeeds at once. */
  readonly scripts?: Readonly<Record<string, Partial<ScriptBehaviour>>>;
}

export interface HavipOptions {
  readonly subnet: string;
  readonly address: string | IpAddress;
  /** Hosts that may claim it; left out: every host of the subnet. */
  readonly claimants?: readonly string[];
}

export interface ProbeSettings {
  /** The client's name. */
  readonly from: string;
  readonly to: string | IpAddress;
  /** Default icmp. */
  readonly kind?: "icmp" | "udp";
  readonly every: Duration;
  /** First question; default: now, which is 0 before the first run. */
  readonly start?: Duration;
  /** No question from then on; default: the end of the run. */
  readonly end?: Duration;
}

/** Whole nanoseconds of a duration, at most 104 days; a ConfigError if it is none. `what` names it in the message. */
export function durationNs(value: Duration, what: string): number {
  const ns = typeof value === "number" ? value : parseDuration(value);
  if (ns === null || !Number.isSafeInteger(ns) || ns < 0)
    throw refusal(`${what}: ${value} is no duration`, DURATION_HINT);
  return ns;
}

/** Octets of an address; a ConfigError if it is none. */
export function addressOf(value: string | IpAddress, what: string): IpAddress {
  const ip = typeof value === "string" ? parseIp(value) : value;
  if (ip === null) throw refusal(`${what}: ${value} is no IP address`, "write 10.0.1.50 or 2001:db8::50");
  return ip;
}

/** Prefixes of one text or a list; a ConfigError if one is none. */
export function prefixesOf(value: string | readonly (string | IpPrefix)[], what: string): IpPrefix[] {
  return (typeof value === "string" ? [value] : value).map((item) => {
    const prefix = typeof item === "string" ? parsePrefix(item) : item;
    if (prefix === null) throw refusal(`${what}: ${item} is no address or prefix`, "write 10.0.1.11 or 10.0.1.0/24");
    return prefix;
  });
}

export function macOf(value: string | Uint8Array, what: string): Uint8Array {
  const mac = typeof value === "string" ? parseMac(value) : value;
  if (mac === null) throw refusal(`${what}: ${value} is no MAC address`, "write 02:00:00:00:00:01");
  return mac;
}

/** What a call of the library asked for and cannot have. There is no file, so there is no line. */
export function refusal(message: string, hint: string): ConfigError {
  return new ConfigError([{ file: "network", line: 0, column: 0, severity: "error", message, hint }]);
}
