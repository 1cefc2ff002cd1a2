/**
 * The report of a run, `schemaVersion` 1: what `--json` writes and programs read. Times are seconds of virtual time with nanosecond
 * resolution. It holds nothing that another machine or another day would change.
 */
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
  readonly answered: number;
  readonly duplicates: number;
  /** When the first answer came; null: never. What was lost before is start-up, not an outage. */
  readonly firstAnswer: number | null;
  readonly outages: readonly ReportOutage[];
}

export interface ReportOutage {
  readonly from: number;
  readonly until: number;
  readonly lost: number;
  /** False: it lasted to the end of the run. */
  readonly ended: boolean;
  /** They sum to `until` - `from`. */
  readonly stages: Readonly<Record<"detect" | "elect" | "announce" | "bind" | "cache" | "transport", number>>;
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
  /** Frames that entered; those lost for an impairment and those for which the queue had no room among them. */
  readonly frames: number;
  readonly lost: number;
  readonly overflowed: number;
  /** Frames that the switch they came to delivered to nobody else, by cause: often others had a copy. */
  readonly drops: Readonly<Record<string, number>>;
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
