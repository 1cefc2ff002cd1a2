/**
 * What a keepalived configuration means, once read: every value resolved (keys of the instance over `global_defs` over
 * keepalived's own defaults), times in nanoseconds, addresses as octets, and for every key
 * the place where it was written.
 *
 * Only what decides frames, timers and states is modelled; a key that does not is accepted and left out.
 */
import type { Position } from "../../../text/config-error.ts";
import type { IpAddress } from "../../../text/ip-text.ts";
import type { KeepalivedVersion } from "../version.ts";

/**
 * `fatal`: keepalived ends with status 2 and runs nothing. `error`: it reports the line (`keepalived -t` ends with
 * another status than 0) and runs with something else. `warning`: it says nothing, or only logs it.
 */
export type Severity = "fatal" | "error" | "warning";

export interface ConfDiagnostic extends Position {
  readonly severity: Severity;
  /** Stable, in kebab case: what programs match on. */
  readonly code: string;
  /** What is wrong, in keepalived's words where it has some. */
  readonly message: string;
  /** What would be right. */
  readonly hint?: string;
}

/** Where the values of keys were written, by key; the key itself where it takes no value. One that is not written is not in it. */
export type KeyPlaces = ReadonlyMap<string, Position>;

/** What one host's keepalived would do with a configuration file and all that it includes. */
export interface KeepalivedConf {
  /** Who reads it, and will run with it. */
  readonly version: KeepalivedVersion;
  readonly globalDefs: GlobalDefs;
  readonly scripts: readonly VrrpScript[];
  readonly trackFiles: readonly TrackFile[];
  readonly trackProcesses: readonly TrackProcess[];
  readonly trackBfds: readonly TrackBfd[];
  /** `interface_up_down_delays`, one for each interface that has any. */
  readonly linkDelays: readonly LinkDelay[];
  /** Items of `static_ipaddress`. */
  readonly staticAddresses: readonly VirtualAddress[];
  readonly instances: readonly VrrpInstance[];
  readonly syncGroups: readonly SyncGroup[];
  /** The ids that its `@id` and `@^id` lines name: it means something else on each of these hosts. */
  readonly configIds: readonly string[];
  /** What keepalived would complain about, and what we warn of; by file and line. */
  readonly diagnostics: readonly ConfDiagnostic[];
}

/** What `global_defs` sets for all and an instance may set for itself. */
export interface Schedule {
  /** The master is down after this many advertisement intervals and the skew. */
  readonly downTimerAdverts: number;
  readonly garpMasterDelayNs: number;
  readonly garpMasterRepeat: number;
  /** 0: no periodic announcements. */
  readonly garpMasterRefreshNs: number;
  readonly garpMasterRefreshRepeat: number;
  readonly garpLowerPrioDelayNs: number;
  readonly garpLowerPrioRepeat: number;
  /** Smallest spacing of gratuitous ARPs on the interface: `garp_group`, or the global one. */
  readonly garpIntervalNs: number;
  /** The same of unsolicited neighbour advertisements. */
  readonly gnaIntervalNs: number;
  readonly lowerPrioNoAdvert: boolean;
  readonly higherPrioSendAdvert: boolean;
}

/** `global_defs`, defaults filled in. What an instance takes over stands resolved in the instance too. */
export interface GlobalDefs extends Schedule {
  /** Null: the host's own name. */
  readonly routerId: string | null;
  readonly version: 2 | 3;
  readonly mcastGroup4: IpAddress;
  readonly mcastGroup6: IpAddress;
  readonly skipCheckAdvAddr: boolean;
  readonly checkUnicastSource: boolean;
  readonly strict: boolean;
  /** `vrrp_garp_extra_if`, seconds; 0: never. */
  readonly garpExtraS: number;
  readonly garpExtraAll: boolean;
  readonly v3ChecksumAsV2: boolean;
  readonly ownerIgnoreAdverts: boolean;
  /** Null: not set. */
  readonly startupDelayNs: number | null;
  readonly dynamicInterfaces: boolean;
  readonly defaultInterface: string;
  readonly enableScriptSecurity: boolean;
  /** Null: `keepalived_script` if there is such a user, root otherwise. */
  readonly scriptUser: string | null;
  readonly notifyFifo: string | null;
  readonly vrrpNotifyFifo: string | null;
  readonly keys: KeyPlaces;
}

/** `vrrp_script`: a command whose exit status changes the priority of instances, or stops them. */
export interface VrrpScript {
  readonly name: string;
  /** The command with its arguments, outer quotes removed. */
  readonly command: string;
  readonly intervalNs: number;
  readonly timeoutNs: number;
  /** Out of −253..253 it is reported, and used all the same. */
  readonly weight: number;
  readonly reverse: boolean;
  readonly rise: number;
  readonly fall: number;
  readonly initFail: boolean;
  readonly user: string | null;
  /** Of the name. */
  readonly position: Position;
  readonly keys: KeyPlaces;
}

/** `track_file`: a number in a file, times `weight`. */
export interface TrackFile {
  readonly name: string;
  readonly path: string;
  readonly weight: number;
  readonly reverse: boolean;
  /** `init_file`: what keepalived writes when it starts, if there is no such file; null: nothing. */
  readonly initValue: number | null;
  /** It writes that over what the file holds. */
  readonly overwrite: boolean;
  readonly position: Position;
}

/** `vrrp_track_process`: how many processes of a name run. */
export interface TrackProcess {
  readonly name: string;
  /** The program, as written after `process`. */
  readonly process: string;
  /** There must be so many, and not more than `quorumMax` (Infinity: any number). */
  readonly quorum: number;
  readonly quorumMax: number;
  /** Until the loss of the quorum counts. */
  readonly terminateDelayNs: number;
  /** Until a gain counts that comes of forking; a program that is started anew counts at once. */
  readonly forkDelayNs: number;
  readonly weight: number;
  readonly reverse: boolean;
  readonly position: Position;
}

/** `bfd_instance`, as far as virtual routers may track it. */
export interface TrackBfd {
  readonly name: string;
  readonly weight: number;
  readonly reverse: boolean;
  readonly position: Position;
}

/** An item of `interface_up_down_delays`: how long a change must last to be believed. */
export interface LinkDelay {
  readonly interface: string;
  readonly downNs: number;
  readonly upNs: number;
  readonly position: Position;
}

/** An item of `virtual_ipaddress` or `virtual_ipaddress_excluded`. */
export interface VirtualAddress {
  readonly address: IpAddress;
  readonly prefixLength: number;
  /** Null: the instance's interface. */
  readonly device: string | null;
  readonly label: string | null;
  /** `no_track`: losing `device` is no fault of the instance. */
  readonly noTrack: boolean;
  readonly position: Position;
  /** Of the name after `dev`; null without it. */
  readonly devicePosition: Position | null;
}

export interface UnicastPeer {
  readonly address: IpAddress;
  /** 0 and 255 unless written. */
  readonly minTtl: number;
  readonly maxTtl: number;
  readonly position: Position;
}

/** An item of `track_interface`, `track_script`, `track_file`, `track_process` or `track_bfd` with what it does to the priority. */
export interface Tracker {
  readonly name: string;
  /** 0: a failure is a FAULT; otherwise added to the priority. The tracked thing's own weight unless the item has one. */
  readonly weight: number;
  /** The weight's sign is turned round; with weight 0 success is the FAULT. */
  readonly reverse: boolean;
  readonly position: Position;
}

/** Shell commands as written; null where none is set. They never delay the protocol. */
export interface NotifyCommands {
  readonly any: string | null;
  readonly master: string | null;
  readonly backup: string | null;
  readonly fault: string | null;
  readonly stop: string | null;
  readonly deleted: string | null;
  readonly masterRxLowerPriority: string | null;
}

/** `vrrp_instance`: one virtual router on one interface. */
export interface VrrpInstance extends Schedule {
  readonly name: string;
  /** Of the name. */
  readonly position: Position;
  /** Of the instance's own keys, and of those in `garp_group` and `global_defs` that it takes over, by its own names for them. */
  readonly keys: KeyPlaces;
  /** A hint only: it decides the start of an address owner (priority 255) and what else is refused. */
  readonly initialState: "MASTER" | "BACKUP";
  /** Null: none written, which only unicast instances may do. */
  readonly interface: string | null;
  readonly vrid: number;
  /** 1 to 255, before any tracker. */
  readonly basePriority: number;
  readonly family: 4 | 6;
  readonly version: 2 | 3;
  readonly advertIntervalNs: number;
  readonly nopreempt: boolean;
  readonly preemptDelayNs: number;
  /** `auth_type PASS`: the 8 octets on the wire, zero padded. Null: no authentication. */
  readonly authPass: Uint8Array | null;
  /** `auth_type AH`: adverts have an AH header. */
  readonly authAh: boolean;
  /** Of AH: the password, 8 octets, zero padded. Null without it. */
  readonly ahKey: Uint8Array | null;
  readonly addresses: readonly VirtualAddress[];
  /** Configured and announced like `addresses`, but not in the adverts; any family. */
  readonly excludedAddresses: readonly VirtualAddress[];
  /** Empty: adverts go to the group. */
  readonly unicastPeers: readonly UnicastPeer[];
  /** `unicast_src_ip` or `mcast_src_ip`; null: the interface's first address (link-local for IPv6). */
  readonly sourceIp: IpAddress | null;
  /** `unicast_src_ip` as written. */
  readonly unicastSourceIp: IpAddress | null;
  /** TTL or hop limit of what it sends: 255, to IPv6 peers 64, unless `unicast_ttl` says otherwise (0 if that stands without peers). */
  readonly unicastTtl: number;
  readonly checkUnicastSource: boolean;
  readonly unicastFaultNoPeer: boolean;
  readonly trackSourceIp: boolean;
  readonly mcastSourceIp: IpAddress | null;
  /** The group, where the instance has no unicast peers. */
  readonly mcastDestination: IpAddress;
  readonly skipCheckAdvAddr: boolean;
  /** Version 3 over IPv4 has its checksum without the pseudo-header, as RFC 9568 wants it. */
  readonly v3ChecksumAsV2: boolean;
  /** An owner that is master takes no notice of adverts. */
  readonly ownerIgnoreAdverts: boolean;
  readonly strict: boolean;
  readonly useVmac: boolean;
  /** Of the virtual MAC's interface: `vrrp.<VRID>` unless written. Null without `use_vmac`. */
  readonly vmacName: string | null;
  /** Six octets if `use_vmac` names an address; null: 00:00:5e:00:01:VRID (IPv6: …:02:VRID). */
  readonly vmacAddress: Uint8Array | null;
  readonly vmacXmitBase: boolean;
  readonly dontTrackPrimary: boolean;
  readonly trackInterfaces: readonly Tracker[];
  readonly trackScripts: readonly Tracker[];
  readonly trackFiles: readonly Tracker[];
  readonly trackProcesses: readonly Tracker[];
  readonly trackBfds: readonly Tracker[];
  /** Interfaces of static addresses, routes and rules whose `track_group` the instance is in: losing one is a FAULT. */
  readonly trackStatic: readonly string[];
  /** `garp_extra_if`: how often the interfaces are announced on that carry no adverts; 0: never. */
  readonly garpExtraNs: number;
  /** `garp_extra_if all`: interfaces that are no virtual MAC's too. */
  readonly garpExtraAll: boolean;
  /** False: the firewall drops what is addressed to the virtual addresses. */
  readonly accept: boolean;
  readonly promoteSecondaries: boolean;
  readonly notify: NotifyCommands;
}

/** `vrrp_sync_group`: instances that change state together. */
export interface SyncGroup {
  readonly name: string;
  /** Names of instances that exist. */
  readonly members: readonly string[];
  readonly trackInterfaces: readonly Tracker[];
  readonly trackScripts: readonly Tracker[];
  readonly trackFiles: readonly Tracker[];
  readonly trackProcesses: readonly Tracker[];
  readonly trackBfds: readonly Tracker[];
  /** `sync_group_tracking_weight`: weighted trackers of members count. */
  readonly trackingWeight: boolean;
  readonly notify: NotifyCommands;
  /** Of the name. */
  readonly position: Position;
  readonly keys: KeyPlaces;
}

/** How `keepalived -t` would judge: what `diagnostics` says in one word. */
export function verdict(diagnostics: readonly ConfDiagnostic[]): "clean" | "error" | "fatal" {
  if (diagnostics.some(({ severity }) => severity === "fatal")) return "fatal";
  return diagnostics.some(({ severity }) => severity === "error") ? "error" : "clean";
}
