/**
 * What a network tells those who listen: `network.events.on("holder", …)`. What a listener throws ends the run after the event in
 * progress and comes out of `network.run`. Times are virtual, in nanoseconds since the run began.
 * Events come in the order in which things happen; every one is about a change, except `dropped`, which is made for each frame while
 * somebody listens.
 */

import type { VrrpCause, VrrpState } from "../guest/keepalived/observer.ts";
import type { FlowReset } from "../host/probe-flow.ts";
import type { DropName } from "../switch/drop-cause.ts";
import type { ReachKind } from "./reach.ts";

/** Which frame made a claim, or what else ended a hold. */
export type HolderCause = "garp-request" | "garp-reply" | "na" | "link-down";

/** A vNIC that holds a virtual address. */
export interface Holder {
  readonly host: string;
  readonly nic: string;
  readonly mac: string;
}

/** The network now delivers a virtual address to somebody else. */
export interface HolderEvent {
  readonly atNs: number;
  /** The virtual address. */
  readonly vip: string;
  /** The HAVIP's name; null for an address that only the guests know of. */
  readonly havip: string | null;
  readonly from: Holder | null;
  /** Null: nobody. */
  readonly to: Holder | null;
  readonly cause: HolderCause;
}

/** A burst of announcements for a virtual address begins; a new one after a tenth of a second of silence. */
export interface AnnouncementEvent {
  readonly atNs: number;
  readonly vip: string;
  readonly host: string;
  readonly nic: string;
  readonly form: Exclude<HolderCause, "link-down">;
  /** False: the host is no claimant of the HAVIP, and the network takes no notice. */
  readonly counts: boolean;
}

/** A MAC address is now behind another port of a switch. Not told while a storm lasts in the subnet. */
export interface MovedEvent {
  readonly atNs: number;
  readonly subnet: string;
  /** The subnet's name if it has no other switch. */
  readonly switch: string;
  readonly mac: string;
  /** `host.nic`, or `switch:link` if it is behind another switch. */
  readonly from: string;
  readonly to: string;
}

/**
 * A switch delivered a frame to nobody. Made for each such frame while somebody listens; for frames from other switches not while a storm
 * lasts in the subnet.
 */
export interface DroppedEvent {
  readonly atNs: number;
  /** Where it came in: `host.nic` of the sender, or `switch:link` if it came from another switch. */
  readonly port: string;
  /** Stable names. */
  readonly cause: DropName;
  /** The frame in a line, as tcpdump would print it. */
  readonly frame: string;
}

/**
 * A cable lost a frame for an impairment. Made for each such frame while somebody listens; not while a storm lasts in the subnet. What waits
 * when the carrier is lost is only counted.
 */
export interface LostEvent {
  readonly atNs: number;
  /** The link, or the vNIC whose cable it was: `vm-A.eth0`. */
  readonly link: string;
  /** The switches between which it was under way, or the vNIC's host and its switch. */
  readonly from: string;
  readonly to: string;
  /** Of a vNIC's cable: `out` is what its host sent. Null: of a link. */
  readonly direction: "in" | "out" | null;
  /** `chance`: loss. `policer`: an announcement too many. `queue`: too much waited, or no slot was left for a changed frame. */
  readonly cause: "chance" | "policer" | "queue";
  /** The frame in a line, as tcpdump would print it. */
  readonly frame: string;
  /** The address that it announced, by gratuitous ARP or unsolicited neighbour advertisement; null: none. */
  readonly announces: string | null;
}

/** Frames circle in a loop of links. Told when that has been measured for the first time, when it is over, and when it ends the run. */
export interface StormEvent {
  readonly atNs: number;
  readonly phase: "began" | "over" | "limit";
  readonly subnet: string;
  /** When the first frame was caught on its second lap, and the last one so far. */
  readonly fromNs: number;
  readonly untilNs: number;
  /** The way round: the last is the first again. */
  readonly switches: readonly string[];
  /** The links between them. */
  readonly links: readonly string[];
  /** How often circling frames have crossed a link so far. */
  readonly crossings: number;
  /** How many of those came a second, where they were most. */
  readonly crossingsPerSecond: number;
}

/** A virtual router changed its state. */
export interface VrrpEvent {
  readonly atNs: number;
  readonly host: string;
  /** Where its interface is. */
  readonly subnet: string;
  readonly instance: string;
  readonly vrid: number;
  readonly from: VrrpState;
  readonly to: VrrpState;
  readonly cause: VrrpCause;
  /** One sentence with the figures behind it. */
  readonly reason: string;
  readonly priority: number;
  /** Its virtual addresses. */
  readonly vips: readonly string[];
  /** The part of the wait before this change that only served to elect the best of several backups. */
  readonly skewNs: number;
  /** When the last advert came that it heeded in the state before; -1: none did. */
  readonly heardNs: number;
}

/**
 * A virtual router's priority was changed by what it tracks, or it refused an advert, or a tracked script was judged anew; a command failed;
 * somebody else has a new IPv6 address; or an impairment came to its end.
 */
export interface NoteEvent {
  readonly atNs: number;
  /** Or link. */
  readonly host: string;
  readonly text: string;
}

/** A host's neighbour cache changed its mind about a virtual address. */
export interface NeighbourEvent {
  readonly atNs: number;
  readonly host: string;
  readonly nic: string;
  readonly address: string;
  /** Null while there is none. */
  readonly mac: string | null;
  readonly macBefore: string | null;
  /** As `ip neigh` calls it. */
  readonly state: string;
}

/** Where the time of an outage went; the stages sum to it exactly. All in ns. A stage that does not apply is 0. */
export interface OutageStages {
  /** Until somebody decided to take the address: what the missing adverts, a reboot or a person took; all of it while nobody has it. */
  readonly detect: number;
  /** The skew: the wait that lets the best of several backups go first. */
  readonly elect: number;
  /** From the decision to the first announcement, which its own cable may have lost, or until it was not needed any more. */
  readonly announce: number;
  /** Until the network, which watches announcements, had bound the address to its new holder. */
  readonly bind: number;
  /** Until the client's neighbour cache and every switch on the way agreed. */
  readonly cache: number;
  /** The rest: until the next question was sent that got an answer; also what was lost although all agreed, and cuts that mended by themselves. */
  readonly transport: number;
}

export type OutageStage = keyof OutageStages;

/** A stretch of an outage in which the same stood in the way. */
export interface OutagePart {
  readonly stage: OutageStage;
  readonly fromNs: number;
  readonly untilNs: number;
  /** What stood between the client and an answer. */
  readonly why: ReachKind;
  /** Where: a host, a vNIC, a switch, links; null where `why` says all. */
  readonly where: string | null;
  /** Who was reached, or was to be: the owner of the address then, or the next one. Null: nobody. */
  readonly host: string | null;
}

/** Somebody got the address. */
export interface Takeover {
  readonly atNs: number;
  readonly host: string;
  /** Who had been the one to reach until then, perhaps the same; null: nobody in the run so far. */
  readonly from: string | null;
  /** Its keepalived became master; its machine came up with it; or somebody configured it. */
  readonly by: "keepalived" | "boot" | "command";
  /** When its machine booted last. */
  readonly bootedNs: number;
}

/** Questions of a probe went unanswered. Emitted when the next answer comes; one that lasts to the end of the run is only in `outagesOf`. */
export interface OutageEvent {
  readonly probe: string;
  /** When the first unanswered question was sent. */
  readonly fromNs: number;
  /** When the next question was sent that got an answer; if none did the end of the run, or when the probe, being over, would have asked next. */
  readonly untilNs: number;
  readonly lost: number;
  /** Questions that were answered only after the connection had stalled; left out where there are none. They are not lost. */
  readonly late?: number;
  /** Of a connection that is kept, and only there: the last reset in the outage; null: there was none. */
  readonly reset?: FlowReset | null;
  /** False: it lasted to the end of the run, or of the probe. */
  readonly ended: boolean;
  readonly stages: OutageStages;
  /** The same in order of time, without gaps: a stage may come several times. */
  readonly parts: readonly OutagePart[];
  /** Those in it, oldest first; none where the address stayed with who had it. */
  readonly takeovers: readonly Takeover[];
}

/** What `network.events` emits, with the arguments of the listeners. */
export interface NetworkEvents {
  holder: [HolderEvent];
  announcement: [AnnouncementEvent];
  moved: [MovedEvent];
  dropped: [DroppedEvent];
  lost: [LostEvent];
  storm: [StormEvent];
  vrrp: [VrrpEvent];
  note: [NoteEvent];
  neighbour: [NeighbourEvent];
  outage: [OutageEvent];
}
