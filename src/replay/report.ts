/**
 * The report of a replay, `schemaVersion` 1: what `--json` writes and programs read, and what the text is made of. Times are seconds since the
 * first frame, with nanosecond resolution; `frame` is a number as Wireshark counts. A key that ends in `Frame`, or is called `frame`,
 * tells the frame of the time beside it.
 */

export interface ReplayReport {
  readonly schemaVersion: 1;
  /** Version that made the report. */
  readonly viplane: string;
  readonly mode: "replay";
  readonly capture: ReportCapture;
  /** How hosts were told apart. */
  readonly by: "mac" | "interface";
  readonly hosts: readonly ReportHost[];
  /** Addresses that were announced or advertised, in the order in which they turned up. */
  readonly addresses: readonly ReportAddress[];
  readonly virtualMacs: readonly ReportVirtualMac[];
  readonly virtualRouters: readonly ReportVirtualRouter[];
  /** Two masters of one virtual router, and two hosts that announced one address in turn; oldest first. */
  readonly contests: readonly ReportContest[];
  /** Answers for an address with a MAC that was not its holder's. */
  readonly strangeAnswers: readonly ReportStrangeAnswers[];
  /** MAC addresses that turned up behind another host's port. */
  readonly moves: readonly ReportMove[];
  /** Frames that came again and again. */
  readonly loops: readonly ReportLoop[];
  readonly malformed: readonly ReportMalformed[];
  /** Frames that no switch would pass on, by cause. */
  readonly refused: readonly { readonly cause: string; readonly count: number; readonly firstFrame: number }[];
  /** Entries of lists above that are not there because there were too many. */
  readonly omitted: number;
  /** What was wrong with the file or the options, and did not keep the replay from being made. */
  readonly warnings: readonly string[];
}

export interface ReportCapture {
  readonly file: string;
  readonly format: "pcap" | "pcapng";
  /** From the first frame to the last one. */
  readonly seconds: number;
  /** Date and time of the first frame, `2026-11-20T07:52:31.123456789Z`; null if the capture has its own clock. */
  readonly begins: string | null;
  /** The first frame's time as the file has it: seconds since the Unix epoch, and nanoseconds. */
  readonly firstSeconds: number;
  readonly firstNanoseconds: number;
  /** The file was not in the order of time, and was put into it. */
  readonly sorted: boolean;
  /** Names of the interfaces; null for one without. */
  readonly interfaces: readonly (string | null)[];
  readonly frames: {
    /** Packets of the file. */
    readonly all: number;
    /** Went into the switch. */
    readonly switched: number;
    /** Copies that left the switch. */
    readonly delivered: number;
    /** Not Ethernet. */
    readonly leftOut: number;
    /** By interface: seen leaving a port. */
    readonly leaving: number;
    /** Seen before: at another interface, or in a loop. */
    readonly copies: number;
    /** Of a cooked capture that does not tell interfaces. */
    readonly interfaceUnknown: number;
    /** Cut off by the capture (snap length). */
    readonly truncated: number;
    /** Longer than 1,518 octets. */
    readonly long: number;
    /** Older than a frame before them in the file. Unless that was sorted, they are taken to be as old as that. */
    readonly backInTime: number;
    /** VRRP version 3 over IPv4, with a checksum that leaves the pseudo-header out. */
    readonly withoutPseudoHeader: number;
  };
}

export interface ReportHost {
  readonly name: string;
  readonly macs: readonly string[];
  readonly addresses: readonly string[];
  readonly interface: string | null;
  /** Frames that it sent. */
  readonly frames: number;
}

/** Why somebody became master, or got an address. */
export interface ReportWhy {
  readonly kind: string;
  /** Who was master, or held the address, before. */
  readonly before: string | null;
  /** Of its last advert, or its farewell, or of when it took the address. */
  readonly frame: number | null;
  /** From that frame to this one. */
  readonly seconds: number | null;
  /** Adverts that were due since then and did not come. */
  readonly missed: number;
  /** The virtual router whose adverts say so. */
  readonly vrid: number | null;
  /** What had made the one before the lesser one; null if it always was, or is not. */
  readonly fall: ReportPriorityChange | null;
}

/** Another priority in the midst of a reign. */
export interface ReportPriorityChange {
  readonly at: number;
  readonly frame: number;
  readonly from: number;
  readonly to: number;
}

export interface ReportAddress {
  readonly address: string;
  /** VLAN ID, `outer.inner` of two; null without a tag. */
  readonly vlan: string | null;
  readonly vrids: readonly number[];
  /** Frames. */
  readonly announcements: number;
  readonly holds: readonly ReportHold[];
  /** When nobody advertised for it, after somebody had: from the last sign to the first new one, null: to the end of the capture. */
  readonly silences: readonly {
    readonly from: number;
    readonly frame: number;
    readonly until: number | null;
    readonly untilFrame: number | null;
  }[];
}

export interface ReportHold {
  readonly holder: string;
  readonly mac: string | null;
  readonly from: number;
  readonly frame: number;
  /** Null: to the end of the capture. */
  readonly until: number | null;
  readonly untilFrame: number | null;
  /** garp-request, garp-reply, na; advert where no announcement tells. */
  readonly cause: string;
  readonly announcements: number;
  readonly why: ReportWhy;
}

export interface ReportVirtualMac {
  readonly mac: string;
  readonly vlan: string | null;
  readonly vrid: number;
  /** Behind whose port the switch had it. */
  readonly holds: readonly {
    readonly holder: string;
    readonly from: number;
    readonly frame: number;
    readonly until: number | null;
    readonly untilFrame: number | null;
  }[];
  /** Frames from it that may have been another router's: by MAC nothing tells while two advertise. */
  readonly doubtful: number;
}

export interface ReportVirtualRouter {
  readonly vrid: number;
  readonly vlan: string | null;
  /** 4 or 6. */
  readonly family: number;
  readonly versions: readonly number[];
  /** As adverts listed them. */
  readonly addresses: readonly string[];
  readonly masters: readonly ReportReign[];
  readonly senders: readonly ReportSender[];
  /** Settings that are not the same everywhere, by each sender's last advert. */
  readonly disagreements: readonly {
    /** interval, version, addresses, authentication. */
    readonly about: string;
    readonly values: readonly { readonly host: string; readonly value: string }[];
  }[];
  /** Where adverts are missing although nobody took over. */
  readonly gaps: readonly {
    readonly host: string;
    readonly from: number;
    readonly frame: number;
    readonly until: number;
    readonly untilFrame: number;
    readonly missed: number;
  }[];
}

export interface ReportReign {
  readonly host: string;
  readonly from: number;
  readonly frame: number;
  readonly until: number;
  readonly untilFrame: number;
  /** farewell, superseded, silence, capture-end. */
  readonly end: string;
  /** Of its last advert. */
  readonly priority: number;
  readonly priorityChanges: readonly ReportPriorityChange[];
  readonly adverts: number;
  readonly why: ReportWhy;
}

export interface ReportSender {
  readonly host: string;
  /** IP address that its adverts come from. */
  readonly address: string;
  readonly adverts: number;
  /** Adverts of priority 0 among them. */
  readonly farewells: number;
  readonly priorities: readonly number[];
  /** As its last advert states it; null: not at all. */
  readonly interval: number | null;
  /** Between adverts that followed each other without a gap; null if none did. */
  readonly seen: { readonly min: number; readonly mean: number; readonly max: number } | null;
  /** In the midst of its reigns; what is missing after the last advert of one is told where another one takes over. */
  readonly missed: number;
}

export interface ReportContest {
  readonly kind: "masters" | "announcers";
  readonly vrid: number | null;
  readonly address: string | null;
  readonly vlan: string | null;
  readonly from: number;
  readonly frame: number;
  readonly until: number;
  readonly untilFrame: number;
  readonly hosts: readonly string[];
  /** How often the address changed hands in it; null for masters. */
  readonly changes: number | null;
}

export interface ReportStrangeAnswers {
  /** answer; question: it asks for other addresses, and gives this one as its own. */
  readonly how: string;
  readonly address: string;
  readonly vlan: string | null;
  readonly host: string;
  readonly mac: string;
  /** Who held the address then, or had answered before. */
  readonly holder: string;
  readonly holderMac: string | null;
  readonly count: number;
  readonly first: number;
  readonly firstFrame: number;
  readonly last: number;
  readonly lastFrame: number;
}

export interface ReportMove {
  readonly at: number;
  readonly frame: number;
  readonly mac: string;
  readonly vlan: string | null;
  readonly from: string;
  readonly to: string;
}

/** A frame that came again and again, each time within a millisecond of the last. */
export interface ReportLoop {
  readonly host: string;
  readonly what: string;
  readonly vlan: string | null;
  readonly sightings: number;
  readonly from: number;
  readonly frame: number;
  readonly until: number;
  readonly untilFrame: number;
}

export interface ReportMalformed {
  readonly protocol: string;
  readonly reason: string;
  readonly host: string;
  readonly count: number;
  readonly first: number;
  readonly firstFrame: number;
}

/** As `--json` writes it. */
export function formatReplayReport(report: ReplayReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
