/**
 * A Linux bridge at its plainest, with the spanning tree and multicast snooping off: frames are text, the table is a map, and each
 * rule stands where the kernel comes to it. It takes steps as the recordings have them and says what comes out. Where the recordings
 * are silent, the rules were settled by asking Linux 6.18 and, for VLANs, Linux 6.1 (`test/recordings/linux-bridge/further`).
 *
 * One thing is simpler here than in Linux: an entry that has reached the ageing time is gone, where Linux goes on using it until its
 * timer gets to it.
 */
import {
  type Altered,
  type BridgeSetup,
  type BridgeStep,
  DEFAULT_FLAGS,
  type PortFlags,
  type TableKey,
  type TableRow,
} from "./bridge-recording.ts";
import * as frames from "./plain-bridge-frame.ts";
import type { Rule } from "./plain-bridge-rules.ts";
import { type Entry, PlainTable } from "./plain-bridge-table.ts";

export interface StepResult {
  /** The ports that get the frame, ascending; null if the step is none. */
  readonly out: readonly number[] | null;
  /** By port: the octets that leave there, where they differ from the octets that came in. */
  readonly altered: Altered;
  /** The entries, sorted by VLAN and MAC; null if the step asks for no snapshot. */
  readonly table: readonly TableRow[] | null;
}

interface PlainPort {
  readonly index: number;
  member: boolean;
  /** The port is up, and so is the far end of its cable. */
  portUp: boolean;
  hostUp: boolean;
  flags: PortFlags;
  /** VIDs, and whether frames of that VLAN leave untagged. */
  readonly vlans: Map<number, { untagged: boolean }>;
  pvid: number | null;
}

const NOTHING: StepResult = { out: null, altered: {}, table: null };
const MTU_DEFAULT = 1500;
const HEADER_OCTETS = 14;
const TAG_OCTETS = 4;

export class PlainBridge {
  /** How often each rule was applied. */
  readonly reached = new Map<Rule, number>();
  readonly #setup: BridgeSetup;
  readonly #vlanAware: boolean;
  readonly #groupFwdMask: number;
  readonly #ports: PlainPort[] = [];
  readonly #table: PlainTable;

  constructor(setup: BridgeSetup) {
    const { portFlags = {}, groupFwdMask = 0, vlanFiltering = false, vlans = [] } = setup.options ?? {};
    this.#setup = setup;
    this.#vlanAware = vlanFiltering;
    this.#table = new PlainTable(setup.ageingSeconds, (rule) => this.#count(rule));
    // The three lowest bits stand for the spanning tree, pause frames and link aggregation. Linux refuses a mask that has one of them.
    if ((groupFwdMask & 0b111) !== 0) this.#count("mask-refused");
    this.#groupFwdMask = (groupFwdMask & 0b111) !== 0 ? 0 : groupFwdMask;

    if (setup.bridgeMac !== undefined) this.#table.addOwn(0, setup.bridgeMac, null);
    for (let index = 0; index < setup.ports; index++) {
      const flags = { ...DEFAULT_FLAGS, ...portFlags[index] };
      const port = { index, member: true, portUp: true, hostUp: true, flags, vlans: new Map(), pvid: null };
      this.#ports.push(port);
      this.#addOwnMac(port, 0);
    }
    for (const { port: index, vid, pvid = false, untagged = false } of vlanFiltering ? vlans : []) {
      const port = this.#ports[index]!;
      // Linux refuses the two VIDs that are none.
      if (vid === 0 || vid === 4095) continue;
      // Said twice, the last one holds, also in what it leaves out.
      port.vlans.set(vid, { untagged });
      if (pvid) port.pvid = vid;
      else if (port.pvid === vid) port.pvid = null;
      this.#addOwnMac(port, vid);
    }
  }

  step(step: BridgeStep): StepResult {
    this.#table.advanceTo(step.at);
    if ("frame" in step) return this.#frame(this.#ports[step.port]!, step.frame);
    if ("snapshot" in step) return { ...NOTHING, table: this.#table.entries().map((entry) => this.#row(entry)) };
    if ("portDown" in step) this.#setCarrier(this.#ports[step.portDown]!, step.by, false);
    else if ("portUp" in step) this.#setCarrier(this.#ports[step.portUp]!, step.by, true);
    else if ("portRemove" in step) this.#remove(this.#ports[step.portRemove]!);
    else if ("portAdd" in step) this.#join(this.#ports[step.portAdd]!);
    else if ("portFlags" in step) this.#setFlags(step.portFlags);
    else if ("fdbAdd" in step) this.#add(step.fdbAdd);
    else if ("fdbDel" in step) this.#delete(step.fdbDel);
    else if ("ageing" in step) this.#table.setAgeing(step.ageing);
    else {
      this.#count("flush");
      this.#table.removeIf(({ kind }) => kind === "dynamic");
    }
    return NOTHING;
  }

  #count(rule: Rule): void {
    this.reached.set(rule, (this.reached.get(rule) ?? 0) + 1);
  }

  /** The decisions on one frame, in the kernel's order. */
  #frame(port: PlainPort, frame: string): StepResult {
    const nowhere = { ...NOTHING, out: [] };
    const lost = this.#lostBeforeTheBridge(port, frame);
    if (lost !== null) {
      this.#count(lost);
      return nowhere;
    }
    const destination = frames.destinationOf(frame);
    const source = frames.sourceOf(frame);
    if (frames.isGroup(source)) {
      this.#count("group-source");
      return nowhere;
    }
    if (source === "00:00:00:00:00:00") {
      this.#count("zero-source");
      return nowhere;
    }

    const reserved = frames.reservedOf(destination);
    if (reserved === 1) {
      this.#count("pause");
      return nowhere;
    }
    if (reserved === 0) this.#count("bridge-group");
    else if (reserved !== null && (this.#groupFwdMask & (1 << reserved)) !== 0) this.#count("reserved-let-through");
    else if (reserved !== null) {
      this.#count("reserved");
      const vlan = this.#classify(port, frame);
      if (vlan !== null) this.#learn(port, vlan, source);
      return nowhere;
    }

    const vlan = this.#classify(port, frame);
    if (vlan === null) return nowhere;
    if (port.flags.locked && !this.#passesLock(port, vlan, source)) return nowhere;
    this.#learn(port, vlan, source);

    const outPorts = this.#destinationPorts(vlan, destination).filter((out) => this.#mayLeave(port, out, vlan));
    const altered: Record<string, string> = {};
    for (const out of outPorts) {
      const leaving = this.#asItLeaves(out, vlan, frame);
      if (leaving !== frame) altered[out.index] = leaving;
    }
    return { ...NOTHING, out: outPorts.map(({ index }) => index), altered };
  }

  /** Why a frame does not come as far as the bridge; null if it does. */
  #lostBeforeTheBridge(port: PlainPort, frame: string): Rule | null {
    const octets = frames.octetsOf(frame);
    const { portMtu = MTU_DEFAULT, hostMtu } = this.#setup.options ?? {};
    if (!hasCarrier(port)) return "no-carrier";
    if (octets < HEADER_OCTETS) return "runt";
    // A host sends its MTU, an Ethernet header, and a tag if there is one. A port takes in as much without looking for the tag.
    const sentMax =
      hostMtu === undefined ? Infinity : hostMtu + HEADER_OCTETS + (frames.isTagged(frame) ? TAG_OCTETS : 0);
    if (octets > sentMax) return "sender-mtu";
    if (octets > portMtu + HEADER_OCTETS + TAG_OCTETS) return "giant";
    // Linux reads a tag together with the two octets behind the inner EtherType, and drops what is too short for that.
    if (frames.beginsWithTag(frame) && octets < HEADER_OCTETS + TAG_OCTETS + 2) return "tagged-runt";
    return port.member ? null : "no-member";
  }

  /** The VLAN of a frame that comes in; null if it may not come in. 0 on a bridge that knows no VLANs. */
  #classify(port: PlainPort, frame: string): number | null {
    if (!this.#vlanAware) return 0;
    if (frames.beginsWithTag(frame) && !frames.isTagged(frame)) this.#count("foreign-tag");
    const vid = frames.vidOf(frame);
    if (vid === 0 && port.pvid === null) this.#count("no-pvid");
    else if (vid === 0) this.#count(frames.isTagged(frame) ? "vlan-of-priority-tag" : "vlan-of-pvid");
    else this.#count(port.vlans.has(vid) ? "vlan-of-tag" : "vlan-refused");
    if (vid === 0) return port.pvid;
    return port.vlans.has(vid) ? vid : null;
  }

  #passesLock(port: PlainPort, vlan: number, source: string): boolean {
    const entry = this.#table.find(vlan, source);
    const passes = entry !== undefined && entry.port === port.index && entry.kind !== "own";
    this.#count(passes ? "locked-known" : entry === undefined ? "locked-unknown" : "locked-elsewhere");
    return passes;
  }

  #learn(port: PlainPort, vlan: number, source: string): void {
    if (port.flags.learning) this.#table.learn(vlan, source, port.index);
    else this.#count("learning-off");
  }

  /** The ports to which a frame would go if nothing kept it from there. */
  #destinationPorts(vlan: number, destination: string): PlainPort[] {
    const wanting = (flag: "flood" | "mcastFlood" | "bcastFlood", otherwise: Rule) =>
      this.#ports.filter(({ member, flags }) => {
        if (member && !flags[flag]) this.#count(otherwise);
        return member && flags[flag];
      });
    if (destination === "ff:ff:ff:ff:ff:ff") {
      this.#count("to-broadcast");
      return wanting("bcastFlood", "broadcast-not-wanted");
    }
    if (frames.isGroup(destination)) {
      this.#count("to-multicast");
      return wanting("mcastFlood", "multicast-not-wanted");
    }
    const entry = this.#table.find(vlan, destination);
    if (entry === undefined) {
      this.#count("to-unknown");
      return wanting("flood", "unknown-not-wanted");
    }
    this.#count(entry.kind === "own" ? "to-own" : "to-known");
    return entry.kind === "own" ? [] : [this.#ports[entry.port!]!];
  }

  #mayLeave(from: PlainPort, out: PlainPort, vlan: number): boolean {
    const against = this.#against(from, out, vlan);
    if (against !== null) this.#count(against);
    else if (out === from) this.#count("hairpin");
    return against === null;
  }

  #against(from: PlainPort, out: PlainPort, vlan: number): Rule | null {
    if (out === from && !out.flags.hairpin) return "same-port";
    if (!hasCarrier(out)) return "egress-down";
    if (this.#vlanAware && !out.vlans.has(vlan)) return "egress-vlan";
    if (from.flags.isolated && out.flags.isolated) return "isolated";
    return null;
  }

  /** The octets that leave at `out`. Only a VLAN-aware bridge changes any. */
  #asItLeaves(out: PlainPort, vlan: number, frame: string): string {
    if (!this.#vlanAware) return frame;
    const hadTag = frames.isTagged(frame);
    if (out.vlans.get(vlan)!.untagged) {
      this.#count(hadTag ? "tag-removed" : "never-tagged");
      return frames.untagged(frame);
    }
    this.#count(!hadTag ? "tag-added" : frames.vidOf(frame) === 0 ? "tag-filled" : "tag-kept");
    return frames.tagged(frame, vlan);
  }

  #row({ mac, port, kind, vlan }: Entry): TableRow {
    const row = { mac, port: port!, kind: kind as TableRow["kind"] };
    return this.#vlanAware ? { ...row, vlan } : row;
  }

  #add({ mac, port: index, kind, vlan }: TableKey & Pick<TableRow, "kind">): void {
    const port = this.#ports[index]!;
    if (!port.member || mac === "00:00:00:00:00:00" || (vlan !== undefined && !port.vlans.has(vlan))) {
      this.#count("add-refused");
      return;
    }
    if (kind === "dynamic" && !hasCarrier(port)) {
      this.#count("add-refused-down");
      return;
    }
    if (vlan === undefined && port.vlans.size > 0) this.#count("add-every-vlan");
    for (const each of vlansMeant(port, vlan)) this.#table.add(each, mac, index, kind);
  }

  #delete({ mac, port: index, vlan }: TableKey): void {
    const port = this.#ports[index]!;
    if (!port.member || (vlan !== undefined && !port.vlans.has(vlan))) this.#count("delete-refused");
    else for (const each of vlansMeant(port, vlan)) this.#table.delete(each, mac, index);
  }

  #setFlags({ port: index, ...flags }: { readonly port: number } & Partial<PortFlags>): void {
    const port = this.#ports[index]!;
    this.#count(port.member ? "flags-changed" : "flags-refused");
    if (port.member) port.flags = { ...port.flags, ...flags };
  }

  #setCarrier(port: PlainPort, by: "hostEnd" | undefined, up: boolean): void {
    const before = hasCarrier(port);
    if (by === "hostEnd") port.hostUp = up;
    else port.portUp = up;
    const now = hasCarrier(port);
    if (now && !before) this.#count("carrier-back");
    if (before && !now) {
      this.#count("carrier-lost");
      this.#table.removeIf((entry) => entry.port === port.index && entry.kind === "dynamic");
    }
  }

  #remove(port: PlainPort): void {
    this.#count("port-removed");
    port.member = false;
    port.flags = DEFAULT_FLAGS;
    port.vlans.clear();
    port.pvid = null;
    this.#table.removeIf((entry) => entry.port === port.index);
  }

  #join(port: PlainPort): void {
    if (port.member) return;
    this.#count("port-joined");
    port.member = true;
    this.#addOwnMac(port, 0);
  }

  #addOwnMac(port: PlainPort, vlan: number): void {
    const mac = this.#setup.portMacs?.[port.index];
    if (mac !== undefined) this.#table.addOwn(vlan, mac, port.index);
  }
}

function hasCarrier({ portUp, hostUp }: PlainPort): boolean {
  return portUp && hostUp;
}

/** The VLANs that an entry is made in, or removed from: if none is named, outside all of them and in each of the port's. */
function vlansMeant(port: PlainPort, vlan: number | undefined): number[] {
  return vlan === undefined ? [0, ...port.vlans.keys()] : [vlan];
}
