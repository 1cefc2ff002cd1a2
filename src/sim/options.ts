/**
 * How people describe a network to the library. Addresses and durations may be written as text ("10.0.1.50", "10ms") or given
 * as the octets and nanoseconds that the rest of the library works with.
 */

import type { ConfFiles } from "../guest/keepalived/conf/files.ts";
import type { KeepalivedConf } from "../guest/keepalived/conf/model.ts";
import type { InitialSurroundings } from "../guest/keepalived/surroundings.ts";
import {
  KEEPALIVED_DEFAULT,
  KEEPALIVED_VERSION_NAMES,
  type KeepalivedVersion,
  keepalivedVersion,
} from "../guest/keepalived/version.ts";
import type { ProbeKind } from "../host/probe.ts";
import type { SystemName } from "../host/system.ts";
import type { SwitchProfile } from "../switch/profile.ts";
import { PROFILE_NAMES, profileByName } from "../switch/profiles.ts";
import { ConfigError } from "../text/config-error.ts";
import { DURATION_HINT, parseDuration } from "../text/duration.ts";
import { type IpAddress, type IpPrefix, parseIp, parsePrefix } from "../text/ip-text.ts";
import {
  BIT_RATE_HINT,
  BIT_RATE_MAX,
  BIT_RATE_MIN,
  PERCENT_HINT,
  parseBitRate,
  parsePercent,
} from "../text/quantity.ts";
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
  /** One way between a vNIC and its switch. Default 50 us. */
  readonly latency?: Duration;
  /** Which switches they are, by name: linux, ovs, … (`src/switch/profiles.ts`). Default linux. */
  readonly profile?: string;
  /** After so long without a frame from a MAC address its switches forget where that is. Default: the profile's, 300 s with linux. */
  readonly ageing?: Duration;
  /** `allow`: links may form loops, and broadcasts circle in them until the run is ended. Default: such links are refused. */
  readonly storm?: "allow";
}

/** A subnet to which none is added has one switch, called as the subnet is. */
export interface SwitchOptions {
  readonly subnet: string;
  /** Instead of the subnet's. */
  readonly profile?: string;
  readonly ageing?: Duration;
}

export interface LinkOptions {
  readonly subnet: string;
  /** Two switches of the subnet. */
  readonly between: readonly [string, string];
  /** One way. Default 5 us. */
  readonly latency?: Duration;
  /** Each way: `100mbit`, or bits a second. Default: without a limit; where the subnet allows storms, 1gbit. */
  readonly rate?: string | number;
}

export interface ServerOptions {
  /** Hosts on it; none is on another. */
  readonly hosts: readonly string[];
}

/**
 * What a cable does to frames, in the words and with the meaning of tc-netem(8). What is not named stays as it is, 0 clears. Shares are
 * text such as `30%`, or 0 to 1.
 */
export interface ImpairOptions {
  /** A host, with all its NICs; one NIC, `vm-A.eth0`; a link between switches, or one end of it, `core:uplink-1`. */
  readonly on: string;
  /**
   * As seen from the host, or from the switch that `on` names: `out` is what it sends. A link of which no end is named is impaired both ways.
   * Default both.
   */
  readonly direction?: "in" | "out" | "both";
  /** What each frame waits, on top of the cable's latency. */
  readonly delay?: Duration;
  /** So much more or less for each frame by itself, evenly distributed, so that frames overtake each other. Needs a delay. */
  readonly jitter?: Duration;
  /**
   * The share of frames that is lost: each by itself, or so many in a row on average (`burst`, 1 to 10,000, as netem's `gemodel`; null:
   * each by itself).
   */
  readonly loss?: string | number | { readonly share: string | number; readonly burst: number | null };
  /** The share of frames that come twice. */
  readonly duplicate?: string | number;
  /** The share of frames that are sent at once while the others wait for the delay. Needs a delay. */
  readonly reorder?: string | number;
  /** The share of frames in which one random bit is flipped. */
  readonly corrupt?: string | number;
  /** How many bits pass in a second: `512kbit`, or a number. Up to 1,000 frames wait, also those that wait for a delay; more are lost. */
  readonly rate?: string | number;
  /**
   * How many gratuitous ARPs and unsolicited neighbour advertisements pass in a second, and as many at once, but one at least: `2/s`, or a
   * number from 0.01. Those beyond are lost.
   */
  readonly announcements?: string | number;
  /** After so long what this call has set is cleared, unless it has been set anew. Default: until something else is said. */
  readonly for?: Duration;
}

export interface NicOptions {
  readonly subnet: string;
  /** The switch of the subnet; may be left out where there is one only. */
  readonly switch?: string;
  /** `02:00:00:00:00:01`, or six octets; derived from the host's and the NIC's names if left out. */
  readonly mac?: string | Uint8Array;
  /** One address or several; the prefix length is the subnet's unless written. */
  readonly address?: string | readonly (string | IpPrefix)[];
}

export interface HostOptions extends Partial<NicOptions>, InitialSurroundings {
  /** Addresses on its loopback: answered for on every NIC, unless `arp_ignore` says otherwise. */
  readonly loopback?: string | readonly (string | IpAddress)[];
  /** Settings that it boots with, by their names (`net.ipv4.conf.eth0.arp_ignore`), in their order. */
  readonly sysctl?: Readonly<Record<string, number>> | ReadonlyMap<string, number>;
  /** How long a confirmation of a neighbour lasts. Default: drawn at random around `base_reachable_time_ms`. */
  readonly reachableTime?: Duration;
  /** What it runs: whom it believes to be where. Default linux, of 4.12 and later. `systemByName` says what of the others is not confirmed. */
  readonly system?: SystemName;
  /** Of routers: how long what ARP has told is used. Default 4 hours. */
  readonly arpTimeout?: Duration;
  /** Instead of `subnet`, `mac` and `address`, which describe one NIC called eth0. */
  readonly nics?: Readonly<Record<string, NicOptions>>;
  /** A `keepalived.conf`: its text, or what `parseKeepalivedConf` made of it. */
  readonly keepalived?: string | KeepalivedConf;
  /** Which keepalived it is, if that is text: `2.2.7`, the default, to `2.3.4`; `KEEPALIVED_VERSION_NAMES` has all. */
  readonly keepalivedVersion?: string;
  /** Where `include` in that text finds files. Default: none exist. */
  readonly files?: ConfFiles;
  /** False: keepalived waits for `start`. Default true. */
  readonly autostart?: boolean;
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
  readonly kind?: ProbeKind;
  /** Of kind tcp: the server's port. Default 80. */
  readonly port?: number;
  /** Of kind tcp: `new`, each question opens a connection, the default; `kept`: all are requests on one that lasts. */
  readonly connection?: "new" | "kept";
  /** Of new TCP connections: an attempt that has not succeeded by then is given up. Default 1 s, at most 127 s. */
  readonly timeout?: Duration;
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

/** Bits a second of `100mbit`, or of a number; a ConfigError if it is none. */
export function bitRateOf(value: string | number, what: string): number {
  const rate = typeof value === "number" ? value : parseBitRate(value);
  if (rate === null || !(rate >= BIT_RATE_MIN && rate <= BIT_RATE_MAX))
    throw refusal(`${what}: ${value} is no rate`, BIT_RATE_HINT);
  return rate;
}

/** A share from 0 to 1 of `30%`, or of a number; a ConfigError if it is none. */
export function shareOf(value: string | number, what: string): number {
  const share = typeof value === "number" ? value : parsePercent(value);
  if (share === null || !(share >= 0 && share <= 1)) throw refusal(`${what}: ${value} is no share`, PERCENT_HINT);
  return share;
}

/** The number itself; a ConfigError if it is not whole, or out of range. */
export function integerOf(value: number, min: number, max: number, what: string): number {
  if (!Number.isInteger(value) || value < min || value > max)
    throw refusal(`${what}: ${value} is out of range`, `a whole number from ${min} to ${max}`);
  return value;
}

/** Prefixes of one text or a list; a ConfigError if one is none. */
export function prefixesOf(value: string | readonly (string | IpPrefix)[], what: string): IpPrefix[] {
  return (typeof value === "string" ? [value] : value).map((item) => {
    const prefix = typeof item === "string" ? parsePrefix(item) : item;
    if (prefix === null) throw refusal(`${what}: ${item} is no address or prefix`, "write 10.0.1.11 or 10.0.1.0/24");
    return prefix;
  });
}

/** The profile of that name; a ConfigError if there is none. */
export function profileOf(name: string, what: string): SwitchProfile {
  const profile = profileByName(name);
  if (profile === undefined)
    throw refusal(`${what}: there is no switch profile ${name}`, `profiles: ${PROFILE_NAMES.join(", ")}`);
  return profile;
}

/** The keepalived of that version, by default the one that everything here was observed with; a ConfigError if it is not known. */
export function versionOf(name: string | undefined, what: string): KeepalivedVersion {
  const version = name === undefined ? KEEPALIVED_DEFAULT : keepalivedVersion(name);
  if (version === undefined)
    throw refusal(`${what}: version ${name} is not known`, `versions: ${KEEPALIVED_VERSION_NAMES.join(", ")}`);
  return version;
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
