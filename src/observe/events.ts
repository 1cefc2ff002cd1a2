/**
 * What a network tells those who listen: `network.events.on("holder", …)`. What a listener throws ends the run after the event in
 * progress and comes out of `network.run`. Times are virtual, in nanoseconds since the run began.
 * Events come in the order in which things happen; every one is about a change, except `dropped`, which is made for each frame while
 * somebody listens.
 */

import type { VrrpCause, VrrpState } from "../guest/keepalived/observer.ts";
import type { DropName } from "../switch/drop-cause.ts";

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

/** An impaired link lost a frame. Made for each such frame while somebody listens; not while a storm lasts in the subnet. */
export interface LostEvent {
  readonly atNs: number;
  readonly link: string;
  /** The switches between which it was under way. */
  readonly from: string;
  readonly to: string;
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
 * A virtual router's priority was changed by what it tracks, or it refused an advert, or a tracked script was judged anew; or a link's
 * impairment came to its end.
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

/** Where the time of an outage went; the stages sum to it exactly. All in ns. */
export interface OutageStages {
  /** From the first lost question until the standby knew: what the missing adverts, or a farewell, took. */
  readonly detect: number;
  /** The skew: the wait that lets the best of several backups go first. */
  readonly elect: number;
  /** From the decision to the first announcement on the wire. */
  readonly announce: number;
  /** Until the network had bound the address to its new holder. */
  readonly bind: number;
  /** Until the client's neighbour cache agreed. */
  readonly cache: number;
  /** Until the next question was sent, which got an answer. */
  readonly transport: number;
}

/** Questions of a probe went unanswered. Emitted when the next answer comes; one that lasts to the end of the run is only in `outagesOf`. */
export interface OutageEvent {
  readonly probe: string;
  /** When the first unanswered question was sent. */
  readonly fromNs: number;
  /** When the next question was sent that got an answer; the end of the run if none did. */
  readonly untilNs: number;
  readonly lost: number;
  /** False: it lasted to the end of the run. */
  readonly ended: boolean;
  readonly stages: OutageStages;
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
