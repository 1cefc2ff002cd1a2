/**
 * Puts steps through one switch and says of each what was decided, and from what. The switch is asked first, which changes nothing, and then does
 * it; what it did must be what it said. In a dry run it is only asked, so that frames leave no trace: neither in the table nor in a counter.
 */
import { assert } from "../base/assert.ts";
import { type FrameRef, NO_FRAME, NO_PORT, type PortId } from "../base/ids.ts";
import { formatSpan, NS_PER_MS } from "../base/units.ts";
import { DROP_NAMES, DROP_NONE, type DropName } from "../switch/drop-cause.ts";
import { dropWords } from "../switch/drop-words.ts";
import { type FdbEntry, LEARNED, MOVED, REFRESHED } from "../switch/fdb.ts";
import { formatMacWords } from "../switch/mac-words.ts";
import { LINUX, type SwitchProfile } from "../switch/profile.ts";
import type { Answer } from "../switch/relay.ts";
import { hasTag } from "../switch/retag.ts";
import { NO_VID } from "../switch/vlans.ts";
import { ETHERNET_DESTINATION, ETHERNET_OCTETS, ETHERNET_SOURCE, ETHERNET_TYPE, isGroupMac } from "../wire/ethernet.ts";
import { VLAN_OCTETS, vlanId } from "../wire/vlan.ts";
import { TracedBridge } from "./bridge.ts";
import type {
  Decision,
  FloodKind,
  FrameDecision,
  KnownDestination,
  SnapshotDecision,
  SourceVerdict,
  TableRow,
} from "./decision.ts";
import { macWords } from "./fields.ts";
import type { Origin } from "./provenance.ts";
import type { FrameStep, MacWords, SnapshotStep, StepPlace, TraceSetup, TraceStep } from "./steps.ts";
import { type PortNames, portText } from "./words.ts";

export interface TraceOptions {
  /** Default: LINUX. */
  readonly profile?: SwitchProfile;
  /** Instead of the header's. */
  readonly ageingMs?: number;
  /** Frames change nothing; what is done by hand does, and time passes. */
  readonly dryRun?: boolean;
  /** For what is said of ports. */
  readonly portNames?: PortNames;
}

/** What leaves the switch, by port. */
interface Deliveries {
  readonly out: number[];
  readonly altered: Map<number, Uint8Array>;
}

export class Tracer {
  readonly #bridge: TracedBridge;
  readonly #dryRun: boolean;
  readonly #portNames: PortNames;
  /** The frame in hand. */
  readonly #slot: FrameRef;

  constructor(setup: TraceSetup, { profile = LINUX, ageingMs, dryRun = false, portNames = null }: TraceOptions = {}) {
    this.#bridge = new TracedBridge(ageingMs === undefined ? setup : { ...setup, ageingMs }, profile);
    this.#dryRun = dryRun;
    this.#portNames = portNames;
    this.#slot = this.#bridge.slab.acquire();
    assert(this.#slot !== NO_FRAME, "a new slab has a free slot");
  }

  /** Takes one step; their times never go back. */
  step(step: TraceStep): Decision {
    this.#bridge.clock.advanceTo(step.place.atNs);
    if (step.do === "frame") return this.#frame(step);
    if (step.do === "snapshot") return this.#snapshot(step);
    const mac = step.do === "add" || step.do === "delete" ? formatMacWords(step.mac.hi, step.mac.lo) : null;
    return { do: "change", place: step.place, mac, ...this.#bridge.change(step) };
  }

  /** What the table holds now, sorted by MAC and VLAN. */
  table(): TableRow[] {
    const { isVlanAware, provenance } = this.#bridge;
    return this.#bridge.entries().map(({ mac, port, kind, vlan, entry }) => ({
      mac,
      port,
      kind,
      vlan: isVlanAware ? vlan : null,
      origin: provenance.of(entry.domain, entry.macHi, entry.macLo),
    }));
  }

  #snapshot(step: SnapshotStep): SnapshotDecision {
    return { do: "snapshot", place: step.place, name: step.name, rows: this.table() };
  }

  #frame(step: FrameStep): FrameDecision {
    const neverSent = this.#neverSent(step);
    if (neverSent !== null) return nowhere(step, "giant", neverSent);
    this.#load(step);
    const { switch: bridge, isVlanAware } = this.#bridge;
    const answer = bridge.ask(step.port as PortId, this.#slot);
    const asked = this.#drain();
    const isWhole = step.octets >= ETHERNET_OCTETS;
    const source = isWhole && answer.learned !== null ? this.#sourceVerdict(step, answer) : null;
    const destination = isWhole && answer.target !== NO_PORT ? this.#knownDestination(step, answer) : null;
    const { out, altered } = this.#dryRun ? asked : this.#act(step, answer, asked);
    const cause = answer.cause === DROP_NONE ? null : DROP_NAMES[answer.cause]!;
    const flood = answer.withheld === null ? null : floodKind(step, answer);
    return {
      do: "frame",
      step,
      out,
      action: cause !== null ? "drop" : flood !== null ? "flood" : "forward",
      cause,
      because: this.#because(step, answer, cause),
      vlan: isVlanAware && answer.vid !== NO_VID ? answer.vid : null,
      source,
      destination,
      flood,
      withheld: flood === null ? [] : this.#withheld(step, answer, out),
      altered,
    };
  }

  /** Does what was only asked about, and writes down what it taught. */
  #act(step: FrameStep, answer: Answer, asked: Deliveries): Deliveries {
    const cause = this.#bridge.switch.ingress(step.port as PortId, this.#slot);
    const done = this.#drain();
    const isAsSaid = cause === answer.cause && done.out.join() === asked.out.join();
    assert(isAsSaid, "the switch did something else than it had said it would do");
    const { provenance } = this.#bridge;
    const { hi, lo } = macOf(step, ETHERNET_SOURCE);
    if (answer.learned === LEARNED || answer.learned === MOVED) {
      provenance.placed(answer.domain, hi, lo, step.place, "frame");
    } else if (answer.learned === REFRESHED) provenance.heard(answer.domain, hi, lo, step.place);
    return done;
  }

  #load({ bytes, offset, octets }: FrameStep): void {
    const { slab } = this.#bridge;
    // What is longer than a slot is longer than a port lets in: its length is all that counts.
    const kept = Math.min(octets, slab.slotOctets);
    slab.bytes.set(bytes.subarray(offset, offset + kept), slab.start(this.#slot));
    slab.octets[this.#slot] = octets;
  }

  #drain(): Deliveries {
    const { slab, switch: bridge } = this.#bridge;
    const out: number[] = [];
    const altered = new Map<number, Uint8Array>();
    bridge.egress.drain({
      deliver: (port, frame) => {
        out.push(port);
        if (frame !== this.#slot) {
          const start = slab.start(frame);
          altered.set(port, slab.bytes.slice(start, start + slab.octets[frame]!));
        }
        slab.release(frame);
      },
    });
    return { out: out.sort((a, b) => a - b), altered };
  }

  /** Why the host end could not send the frame at all; null if it could. Only told where the port would have heard it. */
  #neverSent({ bytes, offset, octets, port }: FrameStep): string | null {
    const { hostMtu } = this.#bridge.setup;
    if (hostMtu === null || octets < ETHERNET_OCTETS || !this.#bridge.hasCarrier(port)) return null;
    const most = hostMtu + ETHERNET_OCTETS + (hasTag(bytes, offset) ? VLAN_OCTETS : 0);
    return octets <= most
      ? null
      : `the host at ${portText(port, this.#portNames)} cannot send it: ${octets} octets, and its most is ${most} (MTU ${hostMtu})`;
  }

  #because(step: FrameStep, answer: Answer, cause: DropName | null): string | null {
    const { bytes, offset, octets } = step;
    const port = portText(step.port, this.#portNames);
    const { portMtu } = this.#bridge.setup;
    switch (cause) {
      case "runt":
        return octets < ETHERNET_OCTETS
          ? `it is shorter than an Ethernet header (${ETHERNET_OCTETS} octets): ${octets} octets`
          : `it begins with a tag and is shorter than header, tag and type (20 octets): ${octets} octets`;
      case "giant":
        if (portMtu === null) return null;
        return `${dropWords(cause)}: ${octets} octets, and ${port} lets in ${this.#bridge.switch.frameOctetsMax} (MTU ${portMtu})`;
      case "not-in-vlan":
        // Where it comes in; an entry at a port that is not in its VLAN cannot be.
        return answer.vid === NO_VID ? `VLAN ${vlanId(bytes, offset + ETHERNET_TYPE)} is not allowed at ${port}` : null;
      default:
        return null;
    }
  }

  /** Before the frame is let in. */
  #sourceVerdict(step: FrameStep, answer: Answer): SourceVerdict {
    const { hi, lo } = macOf(step, ETHERNET_SOURCE);
    const { provenance, switch: bridge } = this.#bridge;
    const mac = formatMacWords(hi, lo);
    const entry = bridge.fdb.find(answer.domain, hi, lo);
    const origin = provenance.of(answer.domain, hi, lo);
    switch (answer.learned) {
      case LEARNED:
        return { mac, is: "new" };
      case MOVED:
        return { mac, is: "moved", from: entry!.port, heard: lastHeard(origin) };
      case REFRESHED:
        return { mac, is: "refreshed", origin: { ...origin! } };
      default:
        return { mac, is: "not-learned", because: this.#whyNotLearned(step, entry) };
    }
  }

  #whyNotLearned({ port, bytes, offset }: FrameStep, entry: FdbEntry | null): string {
    const { fdb, profile } = this.#bridge.switch;
    if (isGroupMac(bytes, offset + ETHERNET_SOURCE)) return "a group is no station";
    if (!this.#bridge.learns(port)) return `learning is off at ${portText(port, this.#portNames)}`;
    if (entry?.kind === "local") return "it is an address of the switch itself";
    if (fdb.ageingMs === 0) return "the ageing time is 0, and nothing is remembered";
    if (entry === null)
      return isZero(macOf({ bytes, offset }, ETHERNET_SOURCE)) ? "it is no station's address" : "the table is full";
    if (entry.kind !== "dynamic") return `a ${entry.kind} entry keeps it at ${portText(entry.port, this.#portNames)}`;
    if (profile.table.moveAfterIdleMs === Number.POSITIVE_INFINITY)
      return `it was first heard at ${portText(entry.port, this.#portNames)}, and this switch lets no address move`;
    return `it was heard at ${portText(entry.port, this.#portNames)} only ${formatSpan(entry.ageMs * NS_PER_MS)} ago, and this switch waits before it believes in a move`;
  }

  #knownDestination(step: FrameStep, answer: Answer): KnownDestination {
    const { hi, lo } = macOf(step, ETHERNET_DESTINATION);
    const mac = formatMacWords(hi, lo);
    const port = answer.target;
    const entry = this.#bridge.switch.fdb.find(answer.domain, hi, lo);
    // A frame to its own source finds what it has just taught.
    if (entry === null || entry.port !== port) return { mac, port, kind: entry?.kind ?? "dynamic", origin: null };
    const origin = this.#bridge.provenance.of(answer.domain, hi, lo);
    return { mac, port, kind: entry.kind, origin: origin === null ? null : { ...origin } };
  }

  /** Every port that a flood did not reach, besides the one that the frame came in by. */
  #withheld({ port }: FrameStep, answer: Answer, out: readonly number[]): FrameDecision["withheld"] {
    const left: { port: number; cause: DropName }[] = [];
    for (let index = 0; index < this.#bridge.setup.ports; index++) {
      if (out.includes(index)) continue;
      const asked = answer.withheld!.find((one) => one.port === index);
      if (asked !== undefined) {
        const cause = DROP_NAMES[asked.cause]!;
        if (cause !== "same-port") left.push({ port: index, cause });
      } else if (index !== port) left.push({ port: index, cause: this.#whyNoMember(index) });
    }
    return left;
  }

  /** Why a port is not among those that a flood would reach. */
  #whyNoMember(port: number): DropName {
    if (!this.#bridge.isMember(port)) return "port-removed";
    return this.#bridge.hasCarrier(port) ? "not-in-vlan" : "egress-link-down";
  }
}

function nowhere(step: FrameStep, cause: DropName, because: string): FrameDecision {
  const nothing = {
    out: [],
    vlan: null,
    source: null,
    destination: null,
    flood: null,
    withheld: [],
    altered: new Map(),
  };
  return { do: "frame", step, action: "drop", cause, because, ...nothing };
}

function floodKind({ bytes, offset }: FrameStep, answer: Answer): FloodKind {
  if (answer.target !== NO_PORT) return "known-at-ingress";
  if (!isGroupMac(bytes, offset)) return "unknown";
  return bytes.subarray(offset, offset + 6).every((octet) => octet === 0xff) ? "broadcast" : "group";
}

function macOf({ bytes, offset }: Pick<FrameStep, "bytes" | "offset">, field: number): MacWords {
  return macWords(bytes, offset + field);
}

function isZero({ hi, lo }: MacWords): boolean {
  return (hi | lo) === 0;
}

function lastHeard(origin: Origin | null): StepPlace | null {
  if (origin === null) return null;
  return origin.heard ?? (origin.by === "frame" ? origin.placed : null);
}
