/**
 * The switch under trace, and what an administrator does to it, as a Linux bridge takes it: what Linux would refuse is refused here too, changes
 * nothing and says why. A port has carrier while both it and the far end of its cable are up.
 */
import { Clock } from "../base/clock.ts";
import type { DomainId, PortId } from "../base/ids.ts";
import { FrameSlab, SLOT_OCTETS } from "../frame/slab.ts";
import type { EntryKind, FdbEntry } from "../switch/fdb.ts";
import { formatMacWords } from "../switch/mac-words.ts";
import { type PortFlags, STATE_NO_LEARNING } from "../switch/port-state.ts";
import type { SwitchProfile } from "../switch/profile.ts";
import { VirtualSwitch } from "../switch/virtual-switch.ts";
import { NO_VID } from "../switch/vlans.ts";
import { ETHERNET_OCTETS } from "../wire/ethernet.ts";
import { VLAN_OCTETS } from "../wire/vlan.ts";
import { Provenance } from "./provenance.ts";
import { FRAME_OCTETS_READ_MAX } from "./read-step.ts";
import type { ChangeStep, EntryName, TraceSetup } from "./steps.ts";

/** The frame in hand, and its two other forms with and without a tag. */
const SLOTS = 4;

interface Port {
  isMember: boolean;
  isUp: boolean;
  isFarEndUp: boolean;
  /** The VLANs that it is in. */
  vids: number[];
}

/** What a change came to, in words. */
interface Done {
  readonly did: string;
  readonly refused: boolean;
}

export class TracedBridge {
  readonly clock = new Clock();
  readonly slab: FrameSlab;
  readonly switch: VirtualSwitch;
  readonly domain: DomainId;
  readonly provenance: Provenance;
  readonly setup: TraceSetup;
  readonly #ports: Port[] = [];

  constructor(setup: TraceSetup, profile: SwitchProfile) {
    this.setup = setup;
    const { portMtu } = setup;
    const frameOctetsMax = portMtu === null ? FRAME_OCTETS_READ_MAX : portMtu + ETHERNET_OCTETS + VLAN_OCTETS;
    // Room for a tag, and whole words.
    this.slab = new FrameSlab(SLOTS, Math.max(SLOT_OCTETS, (frameOctetsMax + VLAN_OCTETS + 3) & ~3));
    this.switch = new VirtualSwitch(this.slab, this.clock, { profile, frameOctetsMax });
    this.switch.groupForwardMask = setup.groupForwardMask;
    this.provenance = new Provenance(this.switch.fdb);
    this.domain = this.switch.addDomain();
    if (setup.ageingMs !== null) this.switch.fdb.ageingMs = setup.ageingMs;
    for (let index = 0; index < setup.ports; index++) {
      this.switch.addPort(this.domain);
      this.#ports.push({ isMember: true, isUp: true, isFarEndUp: true, vids: [] });
    }
    if (setup.vlans !== null) this.switch.makeVlanAware(this.domain);
    for (const { port, ...membership } of setup.vlans ?? []) {
      this.switch.joinVlan(port as PortId, membership);
      const { vids } = this.#ports[port]!;
      if (!vids.includes(membership.vid)) vids.push(membership.vid);
    }
    for (const [port, flags] of setup.portFlags) this.switch.setFlags(port as PortId, flags);
    if (setup.bridgeMac !== null) {
      this.switch.addOwnAddress(this.domain, NO_VID, setup.bridgeMac.hi, setup.bridgeMac.lo);
    }
    for (let port = 0; port < setup.portMacs.length; port++) this.#addOwnAddress(port);
  }

  get isVlanAware(): boolean {
    return this.setup.vlans !== null;
  }

  isMember(port: number): boolean {
    return this.#ports[port]!.isMember;
  }

  hasCarrier(port: number): boolean {
    const { isUp, isFarEndUp } = this.#ports[port]!;
    return isUp && isFarEndUp;
  }

  /** Whether sources are learned at the port. */
  learns(port: number): boolean {
    return (this.switch.ports.state[port]! & STATE_NO_LEARNING) === 0;
  }

  /** What was learned or made by hand, sorted by MAC and VLAN. */
  entries(): { mac: string; port: number; kind: EntryKind; vlan: number; entry: FdbEntry }[] {
    const rows: ReturnType<TracedBridge["entries"]> = [];
    this.switch.fdb.forEach((entry) => {
      const { macHi, macLo, port, kind, domain } = entry;
      rows.push({ mac: formatMacWords(macHi, macLo), port, kind, vlan: this.switch.vlans.vidOf(domain), entry });
    });
    return rows.sort((a, b) => (a.mac === b.mac ? a.vlan - b.vlan : a.mac < b.mac ? -1 : 1));
  }

  /** Does what the step says, and says what was done, or why it was refused. */
  change(step: ChangeStep): Done {
    switch (step.do) {
      case "carrier":
        return this.#setCarrier(step.port, step.up, step.by);
      case "member":
        return step.joins ? this.#join(step.port) : this.#remove(step.port);
      case "flags":
        return this.#changeFlags(step.port, step.flags);
      case "add":
        return this.#add(step);
      case "delete":
        return this.#delete(step);
      case "flush":
        return done(`flushed: the switch forgets ${entriesText(this.switch.fdb.flush())}`);
      case "ageing":
        this.switch.fdb.ageingMs = step.ageingMs;
        return done(`entries now age in ${step.ageingMs / 1000} s`);
    }
  }

  #setCarrier(port: number, up: boolean, by: "port" | "hostEnd"): Done {
    const before = this.hasCarrier(port);
    if (by === "port") this.#ports[port]!.isUp = up;
    else this.#ports[port]!.isFarEndUp = up;
    const now = this.hasCarrier(port);
    const who = by === "port" ? `port ${port}` : `the far end of port ${port}`;
    const what = `${who} is ${up ? "up" : "down"}`;
    if (before === now)
      return done(`${what}: nothing changes, the port ${now ? "had carrier before" : "has no carrier all the same"}`);
    const countBefore = this.switch.fdb.count;
    this.switch.setLink(port as PortId, now);
    const forgotten = entriesText(countBefore - this.switch.fdb.count);
    return done(
      `${what}: the port ${now ? "has its carrier back" : "has lost its carrier"}, and the switch forgets ${forgotten}`,
    );
  }

  #remove(port: number): Done {
    const own = this.#ports[port]!;
    if (!own.isMember) return refused(`port ${port} is not in the switch`);
    own.isMember = false;
    own.vids = [];
    this.switch.removePort(port as PortId);
    return done(`port ${port} left the switch, and with it its flags, its VLANs and all entries behind it`);
  }

  #join(port: number): Done {
    const own = this.#ports[port]!;
    if (own.isMember) return refused(`port ${port} is in the switch already`);
    own.isMember = true;
    this.switch.restorePort(port as PortId);
    this.#addOwnAddress(port);
    return done(`port ${port} joined the switch, with default flags${this.isVlanAware ? " and in no VLAN" : ""}`);
  }

  #changeFlags(port: number, flags: Partial<PortFlags>): Done {
    if (!this.isMember(port)) return refused(`port ${port} is not in the switch`);
    this.switch.setFlags(port as PortId, flags);
    const words = Object.entries(flags).map(([name, on]) => `${name} ${on ? "on" : "off"}`);
    return done(`port ${port}: ${words.length === 0 ? "no flag was named" : words.join(", ")}`);
  }

  #add(step: Extract<ChangeStep, { do: "add" }>): Done {
    const { mac, port, kind } = step;
    const refusal = this.#refusal(step);
    if (refusal !== null) return refused(refusal);
    if ((mac.hi | mac.lo) === 0) return refused("00:00:00:00:00:00 is no station's address");
    if (kind === "dynamic" && !this.hasCarrier(port)) {
      return refused(`port ${port} has no carrier, and nothing can be learned behind it`);
    }
    const vids = this.#vidsMeant(step);
    for (const vid of vids) {
      const domain = this.#entryDomain(vid);
      const before = this.switch.fdb.find(domain, mac.hi, mac.lo);
      if (!this.switch.setEntry(this.domain, vid, mac.hi, mac.lo, port as PortId, kind))
        return refused("the table is full");
      if (before === null || before.port !== port || before.kind !== kind) {
        this.provenance.placed(domain, mac.hi, mac.lo, step.place, "hand");
      }
    }
    return done(`${kind} entry: ${formatMacWords(mac.hi, mac.lo)} is at port ${port}${this.#vlanWords(step, vids)}`);
  }

  #delete(step: Extract<ChangeStep, { do: "delete" }>): Done {
    const { mac, port } = step;
    const refusal = this.#refusal(step);
    if (refusal !== null) return refused(refusal);
    const name = formatMacWords(mac.hi, mac.lo);
    const removed = this.#vidsMeant(step).filter((vid) => {
      const entry = this.switch.fdb.find(this.#entryDomain(vid), mac.hi, mac.lo);
      if (entry === null || entry.port !== port) return false;
      return this.switch.removeEntry(this.domain, vid, mac.hi, mac.lo);
    });
    if (removed.length === 0)
      return refused(`there is no entry of ${name} at port ${port}${this.#vlanWords(step, [])}`);
    return done(`the entry of ${name} at port ${port} is gone${this.#vlanWords(step, removed)}`);
  }

  /** Why no entry can be made or removed there; null if nothing is against it. */
  #refusal({ port, vlan }: EntryName): string | null {
    const { isMember, vids } = this.#ports[port]!;
    if (!isMember) return `port ${port} is not in the switch`;
    return vlan === null || vids.includes(vlan) ? null : `port ${port} is not in VLAN ${vlan}`;
  }

  /** The VLANs that a command is about: if it names none, all of the port's, and what is outside of all. */
  #vidsMeant({ port, vlan }: EntryName): number[] {
    return vlan === null ? [NO_VID, ...this.#ports[port]!.vids] : [vlan];
  }

  #vlanWords({ vlan }: EntryName, vids: readonly number[]): string {
    if (vlan !== null) return ` in VLAN ${vlan}`;
    const named = vids.filter((vid) => vid !== NO_VID);
    if (named.length === 0) return "";
    return ` in ${named.length === 1 ? "VLAN" : "VLANs"} ${named.join(", ")} and outside of all`;
  }

  #entryDomain(vid: number): DomainId {
    return this.isVlanAware ? this.switch.vlans.domainOfVid(this.domain, vid) : this.domain;
  }

  #addOwnAddress(port: number): void {
    const mac = this.setup.portMacs[port];
    if (mac === undefined) return;
    for (const vid of [NO_VID, ...this.#ports[port]!.vids]) {
      this.switch.addOwnAddress(this.domain, vid, mac.hi, mac.lo, port as PortId);
    }
  }
}

function done(did: string): Done {
  return { did, refused: false };
}

function refused(why: string): Done {
  return { did: `refused: ${why}`, refused: true };
}

function entriesText(count: number): string {
  return count === 0 ? "nothing" : `${count} ${count === 1 ? "entry" : "entries"}`;
}
