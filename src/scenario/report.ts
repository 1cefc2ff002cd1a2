/**
 * The report of a run, `schemaVersion` 1: what `--json` writes and programs read. Times are seconds of virtual time with nanosecond
 * resolution. It holds nothing that another machine or another day would change.
 */
import type { OutageStage, Takeover } from "../observe/events.ts";
import type { ReachKind } from "../observe/reach.ts";
import type { ImpairCounts } from "../sim/impairment.ts";
import type { EntryKind } from "../switch/fdb.ts";

export interface Report {
  readonly schemaVersion: 1;
  /** Version that made the report. */
  readonly viplane: string;
  readonly scenario: string;
  readonly seed: number;
  readonly mode: "simulated";
  readonly outcome: "pass" | "fail";
  readonly until: number;
  /** Every change of every watched address, oldest first; `holder` null: nobody. */
  readonly holders: readonly ReportHolder[];
  /** Every change of state of every virtual router, oldest first. */
  readonly vrrp: readonly ReportTransition[];
  /** Stretches in which several hosts were master for one address of one subnet, oldest first; hand-overs of an instant left out. */
  readonly splitBrains: readonly ReportSplitBrain[];
  /** Broadcast storms, oldest first; only where a subnet allows them. */
  readonly storms?: readonly ReportStorm[];
  /** What hosts run that are no present Linux; only where there are such. */
  readonly systems?: readonly ReportSystem[];
  readonly probes: readonly ReportProbe[];
  readonly snapshots: readonly Snapshot[];
  readonly counters: ReportCounters;
  readonly expectations: readonly ReportExpectation[];
}

export interface ReportHolder {
  readonly at: number;
  readonly vip: string;
  readonly havip: string | null;
  /** Host that held it before. */
  readonly from: string | null;
  readonly holder: string | null;
  readonly nic: string | null;
  readonly mac: string | null;
  readonly cause: string;
}

export interface ReportTransition {
  readonly at: number;
  readonly host: string;
  readonly instance: string;
  readonly vrid: number;
  readonly from: string;
  readonly to: string;
  readonly cause: string;
  readonly priority: number;
  /** One sentence with the figures behind it. */
  readonly reason: string;
}

export interface ReportSplitBrain {
  readonly from: number;
  readonly until: number;
  readonly subnet: string;
  readonly vip: string;
  /** Those that were master at some moment of it. */
  readonly hosts: readonly string[];
}

export interface ReportSystem {
  readonly host: string;
  /** As the scenario has it. */
  readonly system: string;
  /** What of its behaviour here is not confirmed by its maker's documents, its source or a recording. */
  readonly unconfirmed: readonly string[];
}

export interface ReportStorm {
  readonly subnet: string;
  /** When the first frame was caught on its second lap. */
  readonly from: number;
  /** When the last one was. */
  readonly until: number;
  /** Switches in turn, the first again at the end, and the links between them. */
  readonly switches: readonly string[];
  readonly links: readonly string[];
  /** How often circling frames crossed a link, and how many of those came a second where they were most. */
  readonly crossings: number;
  readonly crossingsPerSecond: number;
  /** False: it lasted to the end of the run. */
  readonly ended: boolean;
  /** True: it cost what storms may cost, and the run ended with it. */
  readonly endedRun: boolean;
}

export interface ReportProbe {
  readonly name: string;
  readonly sent: number;
  /** In time or late. */
  readonly answered: number;
  /** Neither answered nor refused; what has waited for less than a second at the end is not lost yet. */
  readonly lost: number;
  readonly duplicates: number;
  /** Attempts to connect that were answered with RST; only of kind tcp. They were not served: outages hold them. */
  readonly refused?: number;
  /** When the first answer came; null: never. What was lost before is start-up, not an outage. */
  readonly firstAnswer: number | null;
  /** Round trips of answered questions, late ones included; null: there were none. */
  readonly latency: ReportLatency | null;
  /** All answers by host: first ones, duplicates and refusals. */
  readonly answeredBy: Readonly<Record<string, number>>;
  /** Those of them that came from another host than the one that held the address, as the network saw it, when they were sent. */
  readonly wrongHost: number;
  /** Only of a connection that is kept. */
  readonly flow?: ReportFlow;
  readonly outages: readonly ReportOutage[];
}

/** Median and p99 are round trips that there were: so many in a hundred took no longer. */
export interface ReportLatency {
  readonly min: number;
  readonly median: number;
  readonly p99: number;
  readonly max: number;
}

/** What became of the connection. */
export interface ReportFlow {
  /** How often RST ended it. */
  readonly resets: number;
  /** How often TCP gave it up. */
  readonly timeouts: number;
  /** How often it was established after the first time. */
  readonly reconnections: number;
  /** Segments that the client sent again. */
  readonly retransmissions: number;
  /** Requests that were answered only after the connection had stalled: they stand in the outages. */
  readonly late: number;
  /** One for each outage, in the same order. */
  readonly blackouts: readonly ReportBlackout[];
}

export interface ReportBlackout {
  /** When the last answer before came, and the next one after; null: none did. */
  readonly from: number;
  readonly until: number | null;
  /** For so long of it no packet would have been answered: what is left is TCP's. */
  readonly pathDark: number;
}

export interface ReportOutage {
  readonly from: number;
  readonly until: number;
  readonly lost: number;
  /** Answered only after the connection had stalled; only of a connection that is kept. */
  readonly late?: number;
  /** False: it lasted to the end of the run, or of the probe, or of the probe. */
  readonly ended: boolean;
  /** They sum to `until` - `from`. */
  readonly stages: Readonly<Record<OutageStage, number>>;
  /** The same in order of time, without gaps: a stage may come several times. */
  readonly parts: readonly ReportPart[];
  /** Who got the address in it, oldest first. */
  readonly takeovers: readonly ReportTakeover[];
}

/** A stretch of an outage in which the same stood in the way. */
export interface ReportPart {
  readonly stage: OutageStage;
  readonly from: number;
  readonly until: number;
  /** What stood between the client and an answer. */
  readonly why: ReachKind;
  /** Where: a host, a vNIC, a switch, links; null where `why` says all. */
  readonly where: string | null;
  /** Host that was reached, or was to be. */
  readonly host: string | null;
}

export interface ReportTakeover {
  readonly at: number;
  readonly host: string;
  /** Host that was the one to reach until then. */
  readonly from: string | null;
  readonly by: Takeover["by"];
}

export interface Snapshot {
  readonly name: string;
  readonly at: number;
  readonly forwarding: readonly {
    readonly subnet: string;
    /** Only where the subnet has several. */
    readonly switch?: string;
    readonly mac: string;
    /** `host.nic`, or `switch:link` where it is behind another switch. */
    readonly port: string;
    /** Seconds since the last frame from that MAC, to the millisecond. */
    readonly age: number;
    readonly kind: EntryKind;
  }[];
  readonly neighbours: readonly {
    readonly host: string;
    readonly nic: string;
    readonly address: string;
    readonly mac: string | null;
    readonly state: string;
    /** Where it has said that it is one (IPv6). */
    readonly router?: true;
  }[];
  readonly vrrp: readonly {
    readonly host: string;
    readonly instance: string;
    readonly state: string;
    readonly priority: number;
  }[];
  readonly havips: readonly {
    readonly name: string;
    readonly address: string;
    readonly holder: string | null;
    readonly state: "CLAIMED" | "UNCLAIMED";
  }[];
}

export interface ReportCounters {
  /** Over the ports of all vNICs: frames that entered the network, and copies that left it; how often a MAC moved at a switch. */
  readonly frames: { readonly in: number; readonly out: number; readonly moved: number };
  /** Frames from vNICs that their switch delivered to nobody, by cause; causes that did not occur are left out. */
  readonly drops: Readonly<Record<string, number>>;
  /** Links between switches, each way; left out where there are none. */
  readonly links?: readonly ReportWay[];
  /** Cables of vNICs that were impaired at some time, each way; left out where there are none. */
  readonly impaired?: readonly ReportImpairedNic[];
  /**
   * Over all hosts: frames for a machine that was gone, packets without a reachable destination, packets that failed a check, frames
   * without a slot.
   */
  readonly hosts: {
    readonly unheard: number;
    readonly unreachable: number;
    readonly malformed: number;
    readonly lost: number;
  };
}

export interface ReportWay {
  readonly subnet: string;
  readonly link: string;
  /** Switches. */
  readonly from: string;
  readonly to: string;
  /** Frames that entered; those lost for an impairment, those for which a queue had no room and those that a policer refused among them. */
  readonly frames: number;
  readonly lost: number;
  readonly overflowed: number;
  readonly policed: number;
  /** Frames that an impairment sent twice, let overtake others, or changed. */
  readonly duplicated: number;
  readonly reordered: number;
  readonly corrupted: number;
  /** Frames that the switch they came to delivered to nobody else, by cause: often others had a copy. */
  readonly drops: Readonly<Record<string, number>>;
}

export interface ReportImpairedNic extends ImpairCounts {
  readonly host: string;
  readonly nic: string;
  /** `out` is what the host sent. Its frames are counted from the first impairment on. */
  readonly direction: "in" | "out";
}

export interface ReportExpectation {
  readonly line: number;
  readonly kind: "holder" | "outage";
  readonly ok: boolean;
  readonly wanted: string;
  readonly seen: string;
}

/** The report as text: two spaces of indentation, keys in the order of the types, a line feed at the end. */
export function formatReport(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
