/**
 * Replays a capture: puts its frames through a switch of our own, one port per host, and tells what happened. In two rounds: the
 * first finds out who is there (`survey.ts`), the second lets it happen (`switched-hosts.ts`, `story.ts`).
 */
import { CaptureReader } from "../capture/capture-reader.ts";
import type { CaptureDirection } from "../capture/raw-packet.ts";
import { SORTED_MAX } from "../capture/sorted-packets.ts";
import { DROP_NO_OTHER_PORT, DROP_NONE, DROP_SAME_PORT, type DropCause } from "../switch/drop-cause.ts";
import { formatMacWords } from "../switch/mac-words.ts";
import type { Finding } from "../text/config-error.ts";
import { formatIp } from "../wire/address.ts";
import { ETHERNET_OCTETS, ETHERNET_SOURCE } from "../wire/ethernet.ts";
import { PARSE_OK } from "../wire/parse-code.ts";
import { Copies, type Manner } from "./copies.ts";
import {
  FACT_ADVERT,
  FACT_ANNOUNCEMENT,
  FACT_ANSWER,
  FACT_NONE,
  FACT_QUESTION,
  type Fact,
  FrameFacts,
} from "./frame-facts.ts";
import { type HostNames, Hosts } from "./hosts.ts";
import { isVirtualMac, macKey } from "./mac-key.ts";
import type { Moment } from "./moment.ts";
import { Story } from "./story.ts";
import { Survey } from "./survey.ts";
import { SwitchedHosts } from "./switched-hosts.ts";

/** How hosts are told apart: by source MAC, or by the interface that a frame came in by. */
export type ToldApartBy = "mac" | "interface";

export interface ReplayOptions {
  /** Default: by interface where interfaces are ports with a host behind each, else by MAC. */
  readonly by?: ToldApartBy;
  /** Names of hosts by MAC or IP address, in the spelling of `formatMac` and `formatIp`. */
  readonly names?: HostNames;
}

/** Frames that the switch delivered to nobody, by one cause. */
export interface Refused {
  readonly first: Moment;
  count: number;
}

/** Frames, by what became of them before the switch. */
export interface FrameCounts {
  /** Packets of the file. */
  packets: number;
  /** Not Ethernet. */
  leftOut: number;
  /** Seen leaving a port: copies of frames that had come in. */
  leaving: number;
  /** Seen before: at another interface, or in a loop. */
  copies: number;
  /** Nothing tells at which interface they were seen. */
  interfaceUnknown: number;
  /** Went into the switch. */
  switched: number;
  /** Cut off by the capture (snap length). */
  truncated: number;
  /** Longer than 1,518 octets: jumbo frames, or segments that the sender's network card was to cut up. */
  long: number;
  /** Older than a frame before them in the file. */
  backInTime: number;
}

/** Who takes part, once that is known. */
export interface Cast {
  readonly by: ToldApartBy;
  readonly hosts: Hosts;
  readonly network: SwitchedHosts;
}

const OCTETS_USUAL = 1518;
/** A frame that the switch let in was heard by whoever was there; what it refuses says nothing to anybody. */
const HEARD: readonly DropCause[] = [DROP_NONE, DROP_NO_OTHER_PORT, DROP_SAME_PORT];

const MANNERS: Readonly<Record<Fact, Manner>> = {
  [FACT_NONE]: "other",
  [FACT_ANNOUNCEMENT]: "burst",
  [FACT_ANSWER]: "burst",
  [FACT_ADVERT]: "single",
  [FACT_QUESTION]: "single",
};

const NUMBER_OF_DIRECTION: Readonly<Record<CaptureDirection | "none", number>> = { none: 0, inbound: 1, outbound: 2 };
/** By Linux's packet type: to this host, broadcast and multicast, which take the same ways, to another host, outgoing. */
const COOKED_SIDES = [0, 1, 1, 2, 3];
const VIEWS_PER_INTERFACE = 8;
/** What comes in at ports is never a copy of what came in at another port: to each other they are one view. */
const VIEW_OF_PORTS = -1;

/** Frames between two looks at the clock of whoever drives this. */
const FRAMES_A_PIECE = 20_000;

/** A replay that may be let on piece by piece, so that whoever drives it can show progress or be interrupted. */
export class Replay {
  readonly counts: FrameCounts = {
    packets: 0,
    leftOut: 0,
    leaving: 0,
    copies: 0,
    interfaceUnknown: 0,
    switched: 0,
    truncated: 0,
    long: 0,
    backInTime: 0,
  };
  readonly story = new Story();
  readonly refused = new Map<DropCause, Refused>();
  readonly #file: string;
  readonly #bytes: Uint8Array;
  readonly #options: ReplayOptions;
  #survey = new Survey();
  readonly #facts = new FrameFacts();
  #copies = new Copies(null);
  readonly #view = { id: 0, isHidden: false, sender: 0 };
  #capture: CaptureReader;
  #nowNs = 0;
  /** The file was not in the order of time, and is read in that order now. */
  #isSorted = false;
  #cast: Cast | null = null;
  /** The capture has several interfaces, at which one frame may show. */
  #hasViews = false;
  #isDone = false;
  /** Of the whole: what lies behind, and what this round will be. */
  #behind = 0;
  #share = 0.5;

  /** `file` is the capture's name, for messages; `bytes` is the whole of it. Throws a ConfigError if that is no capture. */
  constructor(file: string, bytes: Uint8Array, options: ReplayOptions = {}) {
    this.#file = file;
    this.#bytes = bytes;
    this.#options = options;
    this.#capture = new CaptureReader(file, bytes);
  }

  /** How much has been done, 0 to 1. */
  get progress(): number {
    return this.#behind + this.#capture.progress * this.#share;
  }

  /** The frame that was taken in last. */
  get now(): Moment {
    return { frame: this.#capture.number, atNs: this.#nowNs };
  }

  get capture(): CaptureReader {
    return this.#capture;
  }

  /** Whether the frames were put into the order of time first. */
  get isSorted(): boolean {
    return this.#isSorted;
  }

  /** Worth knowing about the file, and names that nobody got; complete when `advance` has returned false. */
  get warnings(): readonly Finding[] {
    const { names = new Map() } = this.#options;
    const used = this.#cast?.hosts.namesUsed;
    const unused = [...names.keys()].filter((key) => used?.has(key) === false);
    const hint = "the names, MACs and addresses of all hosts are in the table of hosts";
    return [
      ...this.#capture.warnings,
      ...unused.map((key): Finding => {
        const message = `no host of this capture is ${key}, so nobody is called ${names.get(key)}`;
        return { file: this.#file, line: 0, column: 0, severity: "warning", message, hint };
      }),
    ];
  }

  /** Goes on for a while; false when all is told. Throws a ConfigError where the file is damaged. */
  advance(): boolean {
    for (let i = 0; i < FRAMES_A_PIECE && !this.#isDone; i++) {
      if (this.#cast === null) this.#look();
      else this.#happen(this.#cast);
    }
    return !this.#isDone;
  }

  /** Who is there; only after the first round. */
  get cast(): Cast | null {
    return this.#cast;
  }

  /** One frame of the first round. */
  #look(): void {
    const capture = this.#capture;
    if (capture.next()) {
      if (capture.atNs < this.#nowNs) this.counts.backInTime++;
      this.#read(capture);
      const isCopy = this.#isCopy(capture, viewOf(capture));
      this.#survey.add(capture, this.#facts, this.#nowNs, isCopy);
      return;
    }
    this.#behind += this.#share;
    this.#nowNs = 0;
    if (this.counts.backInTime > 0 && !this.#isSorted && capture.packets <= SORTED_MAX) this.#lookAgain();
    else this.#begin(capture);
  }

  /** The first round once more, in the order of time. */
  #lookAgain(): void {
    this.#isSorted = true;
    this.#share /= 2;
    this.#survey = new Survey();
    this.#copies = new Copies(null);
    this.#capture = new CaptureReader(this.#file, this.#bytes, "time");
  }

  /** The second round begins. */
  #begin(capture: CaptureReader): void {
    const by = this.#options.by ?? (this.#survey.interfacesAreHosts ? "interface" : "mac");
    const hosts = new Hosts(this.#survey, capture.interfaces, by === "interface", this.#options.names ?? new Map());
    const network = new SwitchedHosts(hosts, (hi, lo, vlan, from, to) =>
      this.story.moved(formatMacWords(hi, lo), vlan, from, to, this.now),
    );
    this.#cast = { by, hosts, network };
    this.#copies = new Copies(this.#copies);
    this.#capture = new CaptureReader(this.#file, this.#bytes, this.#isSorted ? "time" : "file");
  }

  /** One frame of the second round. */
  #happen({ by, hosts, network }: Cast): void {
    const capture = this.#capture;
    if (!capture.next()) {
      this.counts.packets = capture.packets;
      this.counts.leftOut = capture.leftOut;
      this.story.finish(this.now);
      this.#isDone = true;
      return;
    }
    const facts = this.#facts;
    this.#read(capture);
    this.#count(capture);
    if (by === "interface" && this.#isLeaving(capture)) return;
    const entersAtPort = by === "interface" && capture.direction === "inbound" && hosts.isPort(capture.interfaceIndex);
    const isCopy = this.#isCopy(capture, entersAtPort ? VIEW_OF_PORTS : viewOf(capture));
    const loop = this.#copies.newLoop;
    if (isCopy && loop === null) return;
    const host = hosts.senderOf(capture, facts, this.#nowNs);
    if (loop !== null)
      this.story.loops.add({ host, what: subjectOf(facts, capture.bytes), vlan: facts.vlan, run: loop });
    if (isCopy) return;
    host.frames++;
    this.counts.switched++;
    const cause = network.put(capture, host, facts.vlan, this.#nowNs);
    if (!HEARD.includes(cause)) this.#noteRefused(cause);
    if (capture.octets < ETHERNET_OCTETS) return;
    if (facts.malformed !== PARSE_OK) this.story.noteMalformed(host, facts, this.now);
    if (!HEARD.includes(cause)) return;
    const mac = macKey(capture.bytes, capture.offset + ETHERNET_SOURCE);
    if (isVirtualMac(mac)) this.story.learned(host, mac, facts.vlan, this.now);
    if (facts.fact !== FACT_NONE) this.story.add(host, facts, capture.bytes, this.now);
  }

  #read(capture: CaptureReader): void {
    const { bytes, offset, octets, originalOctets } = capture;
    this.#nowNs = Math.max(this.#nowNs, capture.atNs);
    this.#facts.read(bytes, offset, octets, octets < originalOctets);
  }

  #count({ octets, originalOctets, cookedType }: CaptureReader): void {
    if (octets < originalOctets) this.counts.truncated++;
    if (originalOctets > OCTETS_USUAL) this.counts.long++;
    if (cookedType >= 0) this.counts.interfaceUnknown++;
  }

  #isLeaving({ direction }: CaptureReader): boolean {
    if (direction === "outbound") this.counts.leaving++;
    return direction === "outbound";
  }

  /** Whether the frame has been there already. At one interface only what is worth telling is looked at: the rest may be as it likes. */
  #isCopy(capture: CaptureReader, view: number): boolean {
    const { bytes, offset, octets, cookedType } = capture;
    const { fact } = this.#facts;
    if (octets < ETHERNET_OCTETS) return false;
    this.#hasViews ||= cookedType >= 0 || capture.described.length > 1 || capture.interfaces.length > 1;
    if (!this.#hasViews && fact === FACT_NONE) return false;
    this.#view.id = view;
    this.#view.isHidden = cookedType >= 0;
    this.#view.sender = macKey(bytes, offset + ETHERNET_SOURCE);
    const isCopy = this.#copies.isCopy(this.#view, MANNERS[fact], this.now, bytes, offset, octets);
    if (isCopy && this.#cast !== null) this.counts.copies++;
    return isCopy;
  }

  #noteRefused(cause: DropCause): void {
    const known = this.refused.get(cause);
    if (known === undefined) this.refused.set(cause, { first: this.now, count: 1 });
    else known.count++;
  }
}

/** An interface and a direction, as a number; of a cooked capture without interfaces the packet type, which has the direction in it. */
function viewOf({ interfaceIndex, direction, cookedType }: CaptureReader): number {
  const side = cookedType < 0 ? NUMBER_OF_DIRECTION[direction ?? "none"] : 3 + (COOKED_SIDES[cookedType] ?? 0);
  return interfaceIndex * VIEWS_PER_INTERFACE + side;
}

/** What a frame that goes round is, in words. */
function subjectOf(facts: FrameFacts, bytes: Uint8Array): string {
  if (facts.fact === FACT_ADVERT) return `advert of VRID ${facts.vrid}`;
  const address = formatIp(bytes, facts.address, facts.addressOctets);
  if (facts.fact === FACT_ANNOUNCEMENT) return `announcement of ${address}`;
  return facts.fact === FACT_QUESTION ? `ARP request of ${address}` : `answer for ${address}`;
}
