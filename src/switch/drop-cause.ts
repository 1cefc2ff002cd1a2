/**
 * Why the switch delivered a frame to nobody: one list, counted per port. Each frame falls under exactly one cause. The
 * names are stable: reports, captures and `trace` print them.
 */
export const DROP_NONE = 0;
/** The port has no carrier. */
export const DROP_LINK_DOWN = 1;
/** Shorter than an Ethernet header (14 octets). */
export const DROP_RUNT = 2;
/** Longer than the switch carries. */
export const DROP_GIANT = 3;
/** The source address is a group address (IEEE 802.1D 7.9.2 cannot learn it; Linux refuses the frame). */
export const DROP_MULTICAST_SOURCE = 4;
/** The source address is 00:00:00:00:00:00 (Linux: not a valid Ethernet address). */
export const DROP_ZERO_SOURCE = 5;
/** A reserved group, 01:80:c2:00:00:01 to :0f, that a bridge must not relay (IEEE 802.1D table 7-10). */
export const DROP_RESERVED_DESTINATION = 6;
/** The destination is known to be behind the port that the frame came from. */
export const DROP_SAME_PORT = 7;
/** The destination is behind a port that a partition has cut off, or everybody else is. */
export const DROP_PARTITIONED = 8;
/** The subnet carries no multicast. */
export const DROP_MULTICAST_NOT_CARRIED = 9;
/** Nobody else is in the broadcast domain, or nobody with carrier. */
export const DROP_NO_OTHER_PORT = 10;
/** The egress ring is full: the driver did not drain it. */
export const DROP_RING_FULL = 11;

export type DropCause = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11;

export const DROP_NAMES = [
  "none",
  "link-down",
  "runt",
  "giant",
  "multicast-source",
  "zero-source",
  "reserved-destination",
  "same-port",
  "partitioned",
  "multicast-not-carried",
  "no-other-port",
  "ring-full",
] as const;

export type DropName = (typeof DROP_NAMES)[number];
