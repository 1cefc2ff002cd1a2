/**
 * A scenario, judged and resolved: what the running half builds a network from. Nothing in here is text to interpret
 * any more: times are whole nanoseconds of virtual time, addresses are octets, names are checked against what exists,
 * and everything knows where in the file it was written.
 */
import type { KeepalivedConf } from "../guest/keepalived/conf/model.ts";
import type { HostCommand } from "../host/command.ts";
import type { KilledProcess } from "../host/platform.ts";
import type { ProbeKind, TcpProbeOptions } from "../host/probe.ts";
import type { Pace } from "../host/repeater.ts";
import type { ScriptedHolder } from "../host/scripted-answers.ts";
import type { HostSystem } from "../host/system.ts";
import type { TrafficOptions } from "../host/traffic.ts";
import type { ImpairWords } from "../sim/impair-words.ts";
import type { Finding, Position } from "../text/config-error.ts";
import type { EnclosedText } from "../text/enclosed-text.ts";
import type { IpAddress, IpPrefix } from "../text/ip-text.ts";
import type { AnnouncementForm } from "./announcement-forms.ts";

export interface Scenario {
  /** As the user named it, `-` for stdin. */
  readonly file: string;
  readonly name: string;
  readonly description: string;
  /** 0 to 2^53 - 1. */
  readonly seed: number;
  /** The last moment of the run; a step at exactly this moment still happens. */
  readonly untilNs: number;
  readonly subnets: readonly SubnetSpec[];
  readonly hosts: readonly HostSpec[];
  readonly servers: readonly ServerSpec[];
  readonly havips: readonly HavipSpec[];
  readonly probes: readonly ProbeSpec[];
  /** Sorted by time, and by place in the file where the time is equal. */
  readonly timeline: readonly Step[];
  /** In the order of the file. */
  readonly expectations: readonly Expectation[];
  /**
   * What does not stop the run but a person should know: what the hosts' keepalived would log and ignore, switches without a link, a
   * server whose failure nobody survives. Severity `error` marks what `keepalived -t` refuses although the daemon runs with it.
   */
  readonly warnings: readonly Finding[];
}

export type NetworkKind = "lan" | "vpc";

export interface SubnetSpec {
  readonly name: string;
  readonly position: Position;
  /** At least one; IPv4 and IPv6 may be mixed. No host bits set, no overlap with another prefix of the scenario. */
  readonly prefixes: readonly IpPrefix[];
  readonly network: NetworkKind;
  /** False: the network carries no multicast. */
  readonly multicast: boolean;
  /** One way, vNIC to switch. */
  readonly latencyNs: number;
  /** What its switches do unless they say otherwise; null: as viplane or the profile has it. */
  readonly profile: string | null;
  readonly ageingMs: number | null;
  /** Empty: one switch that has no name. */
  readonly switches: readonly SwitchSpec[];
  /** Without loops, unless `mayStorm`. */
  readonly links: readonly LinkSpec[];
  readonly mayStorm: boolean;
}

export interface SwitchSpec {
  readonly name: string;
  readonly position: Position;
  /** Null: as the subnet has it. */
  readonly profile: string | null;
  readonly ageingMs: number | null;
}

export interface LinkSpec {
  /** No host, server or other link of the scenario has it. */
  readonly name: string;
  readonly position: Position;
  readonly between: readonly [string, string];
  /** One way; null: as viplane has it. */
  readonly latencyNs: number | null;
  /** Each way; null: as viplane has it. */
  readonly bitsPerSecond: number | null;
}

/** A physical machine. */
export interface ServerSpec {
  readonly name: string;
  readonly position: Position;
  /** At least one; none of them is on another server. */
  readonly hosts: readonly string[];
}

export interface HostSpec {
  readonly name: string;
  readonly position: Position;
  /** At least one, in the order of the file. */
  readonly nics: readonly NicSpec[];
  /** Settings that it boots with, by their names, in range, in the order of the file. */
  readonly sysctls: ReadonlyMap<string, number>;
  /** What it runs. */
  readonly system: HostSystem;
  /** How long a confirmation of a neighbour lasts; null: drawn at random. */
  readonly reachableTimeNs: number | null;
  /** Of routers: how long what ARP has told is used; null: the system's. */
  readonly arpTimeoutNs: number | null;
  /** Null: the host runs no guest software. */
  readonly keepalived: KeepalivedSpec | null;
  /** False: guest software waits for a `start` step. */
  readonly autostart: boolean;
  /** What tracked scripts do on this host; a script not named here succeeds at once. */
  readonly scripts: readonly ScriptSpec[];
  /** Numbers in tracked files, by `track_file` name; a file not named here does not exist. */
  readonly files: ReadonlyMap<string, number>;
  /** How many of a `vrrp_track_process` run; of one not named here as many as its quorum. */
  readonly processes: ReadonlyMap<string, number>;
  /** Whether the session of a `bfd_instance` is up; one not named here is. */
  readonly bfd: ReadonlyMap<string, boolean>;
}

export interface NicSpec {
  readonly name: string;
  readonly position: Position;
  readonly subnet: string;
  /** Null: the only one of the subnet. */
  readonly switch: string | null;
  /** Six octets, unique in the scenario; derived from the names where the file gives none. */
  readonly mac: Uint8Array;
  readonly addresses: readonly AddressSpec[];
  /** Addresses written here with `dev lo`: the host's, on no vNIC. */
  readonly loopback: readonly IpAddress[];
}

export interface AddressSpec {
  readonly address: IpAddress;
  /** As written, or else that of the subnet's prefix which holds the address. */
  readonly prefixLength: number;
  readonly position: Position;
}

/** A configuration: a file's, or one written inside the scenario. Its path anchors includes. */
export interface KeepalivedSpec extends EnclosedText {
  readonly text: string;
  /** What the text and its includes mean on this host, to the version that runs there; nothing in it is fatal. */
  readonly conf: KeepalivedConf;
}

export interface ScriptSpec {
  /** The name of a `vrrp_script` of this host's configuration. */
  readonly name: string;
  readonly position: Position;
  /** Exit status, 0 to 255. */
  readonly exit: number;
  /** How long the script runs before it ends. */
  readonly runsNs: number;
  readonly ignoresTerm: boolean;
}

export interface HavipSpec {
  readonly name: string;
  readonly position: Position;
  readonly subnet: string;
  readonly address: IpAddress;
  /** Hosts that may claim the address; null: every host of the subnet. */
  readonly claimants: readonly string[] | null;
}

export interface ProbeSpec {
  readonly name: string;
  readonly position: Position;
  /** Host. */
  readonly from: string;
  /** The vNIC of `from` that the requests leave by: it has an address in the target's prefix. */
  readonly nic: string;
  readonly to: IpAddress;
  readonly kind: ProbeKind;
  /** Null: it is of another kind. */
  readonly tcp: TcpProbeOptions | null;
  /** Greater than 0. */
  readonly everyNs: number;
  /** First request. */
  readonly fromNs: number;
  /** No request at or after this moment. */
  readonly untilNs: number;
}

export interface Step {
  /** 0 to `untilNs` of the scenario. */
  readonly atNs: number;
  readonly position: Position;
  readonly action: Action;
}

/** A daemon that steps can start and stop. */
export type Daemon = "keepalived";

export interface NicRef {
  readonly host: string;
  readonly nic: string;
}

/** All vNICs of the host if the file names only the host; or a link between switches. */
export type CarrierRef = { readonly nics: readonly NicRef[] } | { readonly link: string };

/**
 * All vNICs of the host if the file names only the host; or a link between switches, with the end from where a direction is seen, and from
 * which switch to which it leads. Both are null of a link that is impaired both ways.
 */
export type ImpairedRef =
  | { readonly nics: readonly NicRef[] }
  | {
      readonly link: string;
      readonly end: string | null;
      readonly way: { readonly from: string; readonly to: string } | null;
    };

export interface ImpairAction {
  readonly verb: "impair";
  readonly on: ImpairedRef;
  readonly direction: "in" | "out" | "both";
  /** At least one; jitter and reordering have a delay, here or from an earlier step. */
  readonly words: ImpairWords;
  /** Null: until another step. */
  readonly forNs: number | null;
}

export interface CommandAction {
  readonly verb: "command";
  readonly host: string;
  /** As written. */
  readonly run: string;
  readonly command: HostCommand;
}

/** Exactly these octets are put on the wire. */
export interface SendAction extends NicRef {
  readonly verb: "send";
  readonly frame: Uint8Array;
  readonly pace: Pace;
}

/** These too; they say where `vip` is. */
export interface AnnounceAction extends NicRef {
  readonly verb: "announce";
  readonly vip: IpAddress;
  readonly form: AnnouncementForm;
  readonly frame: Uint8Array;
  readonly pace: Pace;
}

/** From now on questions for the address are answered so; by nobody if there are no holders. */
export interface AnswerAction extends NicRef {
  readonly verb: "answer";
  readonly address: IpAddress;
  readonly holders: readonly ScriptedHolder[];
}

/** The kernel of the host sends echo requests, or datagrams. */
export interface TrafficAction {
  readonly verb: "ping" | "udp";
  readonly from: string;
  readonly traffic: TrafficOptions;
}

export type Action =
  | { readonly verb: "start" | "stop"; readonly host: string; readonly daemon: Daemon }
  | { readonly verb: "kill"; readonly host: string; readonly daemon: Daemon; readonly process: KilledProcess }
  | { readonly verb: "reload"; readonly host: string; readonly keepalived: KeepalivedSpec }
  | CommandAction
  | SendAction
  | AnnounceAction
  | AnswerAction
  | TrafficAction
  /** `hosts`: those on the machine, if it is a server; null: it is a host. */
  | {
      readonly verb: "crash" | "restore" | "pause" | "resume";
      readonly machine: string;
      readonly hosts: readonly string[] | null;
    }
  | { readonly verb: "link-down" | "link-up"; readonly on: CarrierRef }
  | ImpairAction
  /** Every host stands in exactly one group: those that the file leaves out form one more together. */
  | { readonly verb: "partition"; readonly groups: readonly (readonly string[])[] }
  | { readonly verb: "heal" }
  | { readonly verb: "script"; readonly host: string; readonly name: string; readonly exit: number }
  /** `name` is a `track_file`'s; all that name the same path change with it. */
  | { readonly verb: "file"; readonly host: string; readonly name: string; readonly value: number }
  | {
      readonly verb: "process";
      readonly host: string;
      readonly name: string;
      readonly count: number;
      readonly by: "exec" | "fork";
    }
  | { readonly verb: "bfd"; readonly host: string; readonly name: string; readonly up: boolean }
  | { readonly verb: "snapshot"; readonly name: string };

export type Verb = Action["verb"];

/** A moment has `fromNs` = `untilNs`; a window includes both ends. */
export interface Window {
  readonly fromNs: number;
  readonly untilNs: number;
}

export interface HolderExpectation extends Window {
  readonly kind: "holder";
  readonly position: Position;
  /** The virtual address, and the name of its HAVIP if it has one. */
  readonly address: IpAddress;
  readonly havip: string | null;
  /** `is`: throughout the window the holder is this one. `never`: at no moment of the window it is. */
  readonly relation: "is" | "never";
  /** Null: nobody. */
  readonly host: string | null;
  /** Null: any vNIC of the host. */
  readonly nic: string | null;
}

export interface OutageExpectation extends Window {
  readonly kind: "outage";
  readonly position: Position;
  readonly probe: string;
  /** No outage of which any part lies in the window lasts longer, in all. */
  readonly atMostNs: number;
  /** The longest of those lasts at least so long; null: no lower bound. */
  readonly atLeastNs: number | null;
}

export type Expectation = HolderExpectation | OutageExpectation;
