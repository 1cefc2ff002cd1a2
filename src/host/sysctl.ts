/**
 * Settings by the names that `sysctl` has for them, and in its units. `conf` has an item for each interface, `all` and `default`; `neigh` for
 * each interface and `default`, which has the limits of the whole table besides. What stands under `default` is what interfaces begin with.
 *
 * A name's dots may be slashes, for interfaces whose names have dots (`net/ipv4/conf/eth0.5/arp_ignore`).
 */
import { NS_PER_S } from "../base/units.ts";
import type { Host } from "./host.ts";
import type { Ipv4Settings, Ipv6Settings } from "./interface-settings.ts";
import { jiffiesOfCs, jiffiesOfMs } from "./kernel-timers.ts";
import type { NeighbourSettings } from "./neighbour-settings.ts";
import type { Nic } from "./nic.ts";

/** Values that a setting takes, in its units; without `min` from 0. */
interface Range {
  readonly min?: number;
  readonly max: number;
}
interface Word<Field extends string> extends Range {
  readonly field: Field;
  /** What it is inside; the same if this is missing. */
  readonly inside?: (value: number) => number;
}
type Words<Settings> = Readonly<Record<string, Word<keyof Settings & string>>>;

const nsOfS = (seconds: number) => seconds * NS_PER_S;
/** Packets of 1,514 octets: as many as the octets have room for. */
const octetsOfPackets = (packets: number) => packets * 2090;

const TIME_MAX_S = 1_000_000;
const COUNT_MAX = 1_000_000;

const IPV4_WORDS: Words<Ipv4Settings> = {
  accept_local: { field: "acceptLocal", max: 1 },
  arp_accept: { field: "arpAccept", max: 2 },
  arp_announce: { field: "arpAnnounce", max: 2 },
  arp_evict_nocarrier: { field: "arpEvictNocarrier", max: 1 },
  arp_filter: { field: "arpFilter", max: 1 },
  arp_ignore: { field: "arpIgnore", max: 8 },
  arp_notify: { field: "arpNotify", max: 1 },
  drop_gratuitous_arp: { field: "dropGratuitousArp", max: 1 },
  promote_secondaries: { field: "promoteSecondaries", max: 1 },
  rp_filter: { field: "rpFilter", max: 2 },
};
const IPV6_WORDS: Words<Ipv6Settings> = {
  accept_dad: { field: "acceptDad", max: 2 },
  accept_untracked_na: { field: "acceptUntrackedNa", max: 2 },
  dad_transmits: { field: "dadTransmits", max: 1000 },
  drop_unsolicited_na: { field: "dropUnsolicitedNa", max: 1 },
  forwarding: { field: "forwarding", max: 1 },
  ndisc_evict_nocarrier: { field: "ndiscEvictNocarrier", max: 1 },
  ndisc_notify: { field: "ndiscNotify", max: 1 },
};
const NEIGHBOUR_WORDS: Words<NeighbourSettings> = {
  anycast_delay: { field: "anycastDelayNs", max: TIME_MAX_S * 100, inside: jiffiesOfCs },
  app_solicit: { field: "appSolicit", max: COUNT_MAX },
  base_reachable_time: { field: "baseReachableNs", min: 1, max: TIME_MAX_S, inside: nsOfS },
  base_reachable_time_ms: { field: "baseReachableNs", min: 1, max: TIME_MAX_S * 1000, inside: jiffiesOfMs },
  delay_first_probe_time: { field: "delayFirstProbeNs", max: TIME_MAX_S, inside: nsOfS },
  gc_stale_time: { field: "gcStaleNs", max: TIME_MAX_S, inside: nsOfS },
  locktime: { field: "locktimeNs", max: TIME_MAX_S * 100, inside: jiffiesOfCs },
  mcast_resolicit: { field: "mcastResolicit", max: COUNT_MAX },
  mcast_solicit: { field: "mcastSolicit", max: COUNT_MAX },
  retrans_time_ms: { field: "retransNs", max: TIME_MAX_S * 1000, inside: jiffiesOfMs },
  ucast_solicit: { field: "ucastSolicit", max: COUNT_MAX },
  unres_qlen: { field: "unresQlenOctets", max: COUNT_MAX, inside: octetsOfPackets },
  unres_qlen_bytes: { field: "unresQlenOctets", max: 2 ** 31 - 1 },
};
/** Of a whole table: only under `default`. */
const TABLE_WORDS = {
  gc_thresh1: { field: "gcThresh1", max: COUNT_MAX },
  gc_thresh2: { field: "gcThresh2", max: COUNT_MAX },
  gc_thresh3: { field: "gcThresh3", min: 1, max: COUNT_MAX },
} as const;
/** What hosts here do not do, and may be told not to. */
const ONLY_ZERO: readonly string[] = ["net.ipv4.conf.forwarding", "net.ipv4.conf.proxy_arp", "net.ipv6.conf.accept_ra"];

/** A setting of a host, by its name. */
export interface SysctlName {
  readonly family: "ipv4" | "ipv6";
  readonly group: "conf" | "neigh";
  /** `all`, `default` or an interface's name. */
  readonly item: string;
  readonly key: string;
}

/** The parts of `net.ipv4.conf.eth0.arp_ignore`, known or not; null if it has other parts. */
export function splitSysctl(text: string): SysctlName | null {
  const match = /^net[./](ipv[46])[./](conf|neigh)[./](.+)[./]([^./]+)$/.exec(text);
  if (match === null) return null;
  const [, family, group, item, key] = match as unknown as [string, "ipv4" | "ipv6", "conf" | "neigh", string, string];
  return { family, group, item, key };
}

/** As `splitSysctl`; null also if there is no such setting. Whether the host has the item is not judged. */
export function parseSysctl(text: string): SysctlName | null {
  const name = splitSysctl(text);
  if (name === null || wordOf(name) === null) return null;
  const { group, item, key } = name;
  return group === "neigh" && (item === "all" || (isOfTable(key) && item !== "default")) ? null : name;
}

/** Values that it takes: whole numbers. */
export function sysctlRange(name: SysctlName): { readonly min: number; readonly max: number } {
  const { min = 0, max } = wordOf(name)!;
  return { min, max };
}

/** The names that `key` may have in place of one that is not known, for messages. */
export function sysctlKeys({ family, group }: Pick<SysctlName, "family" | "group">): string[] {
  const zero = ONLY_ZERO.filter((name) => name.startsWith(`net.${family}.${group}.`));
  return [...Object.keys(wordsOf(family, group)), ...zero.map((name) => name.slice(name.lastIndexOf(".") + 1))].sort();
}

/**
 * Sets it on a host that runs; `value` is in its range. An item that is no interface of the host changes nothing, and neither does
 * `default` any more, but for the limits of a table.
 */
export function writeSysctl(host: Host, name: SysctlName, value: number): void {
  const { family, group, item, key } = name;
  if (group === "neigh") {
    if (isOfTable(key)) {
      const { field } = TABLE_WORDS[key];
      (family === "ipv4" ? host.neighbours4 : host.neighbours6)[field] = value;
    } else {
      const nic = host.nic(item);
      if (nic !== undefined)
        set((family === "ipv4" ? nic.neighbours4 : nic.neighbours6).settings, NEIGHBOUR_WORDS, key, value);
    }
    return;
  }
  if (isOnlyZero(name)) return;
  const owner: Host | Nic | undefined = item === "all" ? host : host.nic(item);
  if (owner === undefined) return;
  if (family === "ipv4") set(owner.settings4, IPV4_WORDS, key, value);
  else set(owner.settings6, IPV6_WORDS, key, value);
}

/** Sets what the host was configured to have, in order, when it boots: `default` first, for interfaces begin with that. */
export function applySysctls(host: Host, values: ReadonlyMap<string, number>): void {
  const parsed = [...values].map(([text, value]) => ({ name: parseSysctl(text)!, value }));
  const nics = host.nics.map(({ name }) => name);
  for (const { name, value } of parsed)
    if (name.item === "default") for (const item of [...nics, "default"]) writeSysctl(host, { ...name, item }, value);
  for (const { name, value } of parsed) if (name.item !== "default") writeSysctl(host, name, value);
}

function set<Settings>(settings: Settings, words: Words<Settings>, key: string, value: number): void {
  const { field, inside } = words[key]!;
  (settings as Record<string, number>)[field] = inside === undefined ? value : inside(value);
}

function wordOf(name: SysctlName): Range | null {
  if (isOnlyZero(name)) return { max: 0 };
  const words = wordsOf(name.family, name.group);
  return Object.hasOwn(words, name.key) ? words[name.key]! : null;
}

function wordsOf(family: SysctlName["family"], group: SysctlName["group"]): Readonly<Record<string, Range>> {
  if (group === "neigh") return { ...NEIGHBOUR_WORDS, ...TABLE_WORDS };
  return family === "ipv4" ? IPV4_WORDS : IPV6_WORDS;
}

/** Whether it is a limit of a family's whole table, which counts at once wherever it is set. */
export function isOfTable(key: string): key is keyof typeof TABLE_WORDS {
  return Object.hasOwn(TABLE_WORDS, key);
}

function isOnlyZero({ family, group, key }: SysctlName): boolean {
  return ONLY_ZERO.includes(`net.${family}.${group}.${key}`);
}
