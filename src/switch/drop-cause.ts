/**
 * Why the switch delivered a frame to nobody: one list, counted per port. Each frame falls under exactly one cause. The
 * names are stable: reports, captures and `trace` print them.
 */
export const DROP_NONE = 0;
/** The port has no carrier. */
export const DROP_LINK_DOWN = 1;
/** Shorter than an Ethernet header (14 octets), or tagged and shorter than header, tag and type (20: Linux). */
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
/** The port was taken out of the switch. */
export const DROP_PORT_REMOVED = 12;
/** The frame's VLAN is not allowed at the port that it came in by, or not at the one it should leave by. */
export const DROP_NOT_IN_VLAN = 13;
/** No tag, or one with VID 0, at a port without a PVID. */
export const DROP_NO_PVID = 14;
/** The port is locked, and the table does not have the source there. */
export const DROP_LOCKED = 15;
/** Both ports are isolated. */
export const DROP_ISOLATED = 16;
/** Every other port has flooding of such frames switched off. */
export const DROP_FLOOD_OFF = 17;
/** The destination is the switch's own address. */
export const DROP_TO_SWITCH = 18;
/** The destination is behind a port that has no carrier: an entry made by hand, or a switch that forgets nothing then. */
export const DROP_EGRESS_LINK_DOWN = 19;
/** A tag had to be added or taken off, and the slab had no slot, or too short a one, for the altered frame. */
export const DROP_NO_SLOT = 20;

export type DropCause = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 | 20;

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
  "port-removed",
  "not-in-vlan",
  "no-pvid",
  "locked",
  "isolated",
  "flood-off",
  "to-switch",
  "egress-link-down",
  "no-slot",
] as const;

export type DropName = (typeof DROP_NAMES)[number];
