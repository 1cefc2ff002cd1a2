/**
 * 802.1Q: VLANs inside a domain, as a Linux bridge with `vlan_filtering 1` has them. Each VLAN is a broadcast domain of its own
 * with its own entries (independent learning) and its own flood list; a frame is sorted into one of them where it comes in, by its tag or by
 * the port's PVID, and leaves a port tagged or untagged as that port's membership says.
 *
 * IEEE 802.1Q-2022 8.6 (ingress filter, PVID, priority-tagged frames), 8.8 (learning per VLAN), 6.9 (tags at egress).
 */
import { assert } from "../base/assert.ts";
import type { DomainId, PortId } from "../base/ids.ts";
import type { Ports } from "./ports.ts";

export const VID_MAX = 4094;
/** A PVID or VID that says "none". */
export const NO_VID = 0;

const TAGGED = 1;
const UNTAGGED = 2;

/** A port's place in one VLAN: `bridge vlan add vid N [pvid] [untagged]`. */
export interface VlanMembership {
  readonly vid: number;
  /** Frames without a tag, or with a tag of VID 0, belong to this VLAN. A port has one PVID at most. */
  readonly pvid?: boolean;
  /** Frames of this VLAN leave without a tag. */
  readonly untagged?: boolean;
}

interface VlanPort {
  pvid: number;
  /** 0, TAGGED or UNTAGGED, by VID. */
  readonly membership: Uint8Array;
}

export class Vlans {
  /** Broadcast domain of a VLAN, by VID; 0 where the VLAN has no member yet. Undefined for a domain that knows no VLANs. */
  readonly #domains: (Int32Array | undefined)[] = [];
  readonly #ports: (VlanPort | undefined)[] = [];
  /** VID of each broadcast domain that is a VLAN. */
  readonly #vids: number[] = [];
  readonly #table: Ports;

  constructor(table: Ports) {
    this.#table = table;
  }

  /** From now on the domain looks at tags. Its ports are in no VLAN until `join`. */
  makeAware(domain: DomainId): void {
    this.#domains[domain] = new Int32Array(VID_MAX + 2);
  }

  isAware(domain: DomainId): boolean {
    return this.#domains[domain] !== undefined;
  }

  /** Puts a port of an aware domain into a VLAN, or changes how it is in it. */
  join(port: PortId, { vid, pvid = false, untagged = false }: VlanMembership): void {
    assert(vid >= 1 && vid <= VID_MAX, "a VID is 1 to 4094");
    const own = this.#portOf(port);
    own.membership[vid] = untagged ? UNTAGGED : TAGGED;
    if (pvid) own.pvid = vid;
    else if (own.pvid === vid) own.pvid = NO_VID;
    const domain = this.#vlanDomain(this.#table.domainOf(port), vid);
    if (!this.#table.isOff(port)) this.#table.addMember(domain, port);
  }

  leave(port: PortId, vid: number): void {
    const own = this.#portOf(port);
    own.membership[vid] = 0;
    if (own.pvid === vid) own.pvid = NO_VID;
    this.#table.removeMember(this.#vlanDomain(this.#table.domainOf(port), vid), port);
  }

  /** The broadcast domains of the VLANs that a port is in. */
  domainsOf(port: PortId): DomainId[] {
    const domains = this.#domains[this.#table.domainOf(port)];
    const own = this.#ports[port];
    if (domains === undefined || own === undefined) return [];
    const joined: DomainId[] = [];
    own.membership.forEach((how, vid) => {
      if (how !== 0) joined.push(domains[vid] as DomainId);
    });
    return joined;
  }

  /** The VLAN's broadcast domain in an aware domain, made if it is new: also for entries set by hand. */
  domainOfVid(domain: DomainId, vid: number): DomainId {
    return this.#vlanDomain(domain, vid);
  }

  /** The VID that a broadcast domain stands for; NO_VID if it is no VLAN's. */
  vidOf(domain: DomainId): number {
    return this.#vids[domain] ?? NO_VID;
  }

  /** The VLAN that a frame with `vid` in its tag, or NO_VID, belongs to at this port; NO_VID if the port does not let it in. */
  classify(port: PortId, vid: number): number {
    const own = this.#ports[port];
    if (own === undefined) return NO_VID;
    const vlan = vid === NO_VID ? own.pvid : vid;
    return own.membership[vlan] === 0 ? NO_VID : vlan;
  }

  isMember(port: PortId, vid: number): boolean {
    return (this.#ports[port]?.membership[vid] ?? 0) !== 0;
  }

  leavesUntagged(port: PortId, vid: number): boolean {
    return this.#ports[port]?.membership[vid] === UNTAGGED;
  }

  #portOf(port: PortId): VlanPort {
    assert(this.isAware(this.#table.domainOf(port)), "VLANs are for a domain that looks at tags");
    this.#ports[port] ??= { pvid: NO_VID, membership: new Uint8Array(VID_MAX + 2) };
    return this.#ports[port];
  }

  #vlanDomain(domain: DomainId, vid: number): DomainId {
    const domains = this.#domains[domain]!;
    if (domains[vid] === 0) {
      const made = this.#table.addDomain();
      domains[vid] = made;
      this.#vids[made] = vid;
    }
    return domains[vid] as DomainId;
  }
}
