/**
 * What the fast path must know of a port, in one word: below, the broadcast domain (16 bits); above, a bit for everything that
 * makes a port anything but plain. Where the word is negative the short way of `virtual-switch.ts` is closed and the whole rules of
 * `relay.ts` hold.
 *
 * The flags are those of a Linux bridge port (`bridge link set`), by their names in netlink and iproute2.
 */

/** What an administrator can switch per port. Defaults: what `bridge link` shows on a fresh port. */
export interface PortFlags {
  /** Sources are learned here. Off: an entry that exists is not moved here either. */
  readonly learning: boolean;
  /** Frames for unknown unicast destinations leave here. */
  readonly flood: boolean;
  /** Multicast leaves here. */
  readonly mcastFlood: boolean;
  /** Broadcast leaves here. */
  readonly bcastFlood: boolean;
  /** Frames may leave by the port that they came in by. */
  readonly hairpin: boolean;
  /** Nothing passes between two isolated ports. */
  readonly isolated: boolean;
  /** Only a source that the table has at this port may speak. */
  readonly locked: boolean;
}

export const PORT_FLAGS_DEFAULT: PortFlags = {
  learning: true,
  flood: true,
  mcastFlood: true,
  bcastFlood: true,
  hairpin: false,
  isolated: false,
  locked: false,
};

/** The broadcast domain, in a state word. */
export const DOMAIN_MASK = 0xffff;
/** Set with any other bit, and where something else than the port's own flags asks for the whole rules: the word is negative. */
export const STATE_CAREFUL = 1 << 31;
export const STATE_NO_CARRIER = 1 << 17;
/** Taken out of the switch. */
export const STATE_REMOVED = 1 << 18;
export const STATE_NO_LEARNING = 1 << 19;
export const STATE_NO_FLOOD = 1 << 20;
export const STATE_NO_MCAST_FLOOD = 1 << 21;
export const STATE_NO_BCAST_FLOOD = 1 << 22;
export const STATE_HAIRPIN = 1 << 23;
export const STATE_ISOLATED = 1 << 24;
export const STATE_LOCKED = 1 << 25;

/** Bits that any of a domain's ports may have set without the others caring: those that keep a frame from coming in at all. */
export const STATE_OFF = STATE_NO_CARRIER | STATE_REMOVED;
export const STATE_FLAGS =
  STATE_NO_LEARNING |
  STATE_NO_FLOOD |
  STATE_NO_MCAST_FLOOD |
  STATE_NO_BCAST_FLOOD |
  STATE_HAIRPIN |
  STATE_ISOLATED |
  STATE_LOCKED;

/** The bit of each flag, and whether it stands for "on" or "off": defaults are bits that are not set. */
export const FLAG_BITS: Readonly<Record<keyof PortFlags, number>> = {
  learning: STATE_NO_LEARNING,
  flood: STATE_NO_FLOOD,
  mcastFlood: STATE_NO_MCAST_FLOOD,
  bcastFlood: STATE_NO_BCAST_FLOOD,
  hairpin: STATE_HAIRPIN,
  isolated: STATE_ISOLATED,
  locked: STATE_LOCKED,
};
