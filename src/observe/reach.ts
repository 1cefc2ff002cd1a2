/**
 * Whether the packets of a client would reach an address, and what stands in their way if not, over time. `sim/reach-watch.ts` finds it
 * out whenever something has changed; here it is only written down.
 *
 * An owner of an address is a machine that runs, has it configured and lets packets for it in: whoever that is, holder or not, would
 * answer. So the question has an answer also for an address that no keepalived knows of.
 */

/** From a machine that answers to one that nobody could: stable names, printed in reports. */
export type ReachKind =
  /** Packets would reach an owner, and be answered. */
  | "reached"
  /** A switch on the way would send them elsewhere. */
  | "switch"
  /** The client's neighbour cache has no MAC for the address, or not an owner's. */
  | "client-cache"
  /** A vNIC or a link on the only way has no carrier. */
  | "no-carrier"
  /** Client and owner are on two sides. */
  | "partition"
  /** The client has no route to the address. */
  | "no-route"
  /** Frames circle in the subnet, and tables change with each of them. */
  | "storm"
  /** The only owner, or the client, stands still. */
  | "paused"
  /** The client's machine is gone. */
  | "down"
  /** Nobody has the address. */
  | "nobody";

/** A machine that answers for the address. */
export interface Owner {
  readonly host: string;
  /** Since when it has the address, ns. */
  readonly sinceNs: number;
  /** When its machine booted last, ns. */
  readonly bootedNs: number;
}

export interface Reach {
  readonly kind: ReachKind;
  /** What stands in the way: a host, a vNIC (`client.eth0`), a switch, links; null where the kind says all. */
  readonly where: string | null;
  /** Who is reached, or would be if tables and caches knew; null while nobody could be. */
  readonly owner: Owner | null;
}

export interface ReachChange {
  readonly atNs: number;
  readonly reach: Reach;
}

/** Of one client's vNIC and one address. */
export class ReachRecord {
  /** Oldest first, each other than the one before and later. */
  readonly changes: ReachChange[] = [];

  /** From now on it is so. Of several changes in one instant the last counts. */
  note(atNs: number, reach: Reach): void {
    const { changes } = this;
    if (changes.at(-1)?.atNs === atNs) changes.pop();
    const before = changes.at(-1);
    if (before === undefined || !isSame(before.reach, reach)) changes.push({ atNs, reach });
  }

  get now(): Reach | null {
    return this.changes.at(-1)?.reach ?? null;
  }
}

function isSame(a: Reach, b: Reach): boolean {
  return (
    a.kind === b.kind && a.where === b.where && a.owner?.host === b.owner?.host && a.owner?.sinceNs === b.owner?.sinceNs
  );
}
