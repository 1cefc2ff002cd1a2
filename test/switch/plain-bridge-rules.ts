/**
 * The rules of the plain bridge by name, in the order in which a Linux bridge comes to them. The plain bridge counts how often each
 * was applied, so that a test can tell whether its steps have reached all of them.
 */

export const RULES = {
  // Before the bridge sees the frame.
  "no-carrier": "the port is down at either end: nothing is sent",
  "no-member": "the port is not in the bridge: the frame ends there",
  "sender-mtu": "the host end cannot send a frame of this length",
  giant: "longer than the port's MTU + 18 octets, tagged or not",
  runt: "shorter than an Ethernet header",
  "tagged-runt": "begins with a tag and is shorter than 20 octets",
  // What a bridge never relays.
  "group-source": "the source is a group or broadcast",
  "zero-source": "the source is 00:00:00:00:00:00",
  pause: "01:80:c2:00:00:01: dropped whatever the mask says, teaches nothing",
  "bridge-group": "01:80:c2:00:00:00: flooded like any group, because STP is off",
  "reserved-let-through": "01:80:c2:00:00:0X with its bit in the mask: like any group",
  reserved: "01:80:c2:00:00:0X: goes nowhere, but its source is learned, on a locked port too",
  // To which VLAN it belongs.
  "vlan-of-pvid": "no 802.1Q tag: the port's PVID",
  "vlan-of-priority-tag": "VID 0: the port's PVID",
  "vlan-of-tag": "VID of the outermost tag",
  "foreign-tag": "another TPID than 8100 is no tag but payload",
  "no-pvid": "no VID and no PVID",
  "vlan-refused": "the port is no member of the VLAN",
  // Locked ports.
  "locked-unknown": "no entry for the source",
  "locked-elsewhere": "the source's entry is at another port, or it is an address of the bridge itself",
  "locked-known": "the source's entry is at this port",
  // Learning.
  "learning-off": "nothing is learned, moved or refreshed",
  "ageing-zero": "with an ageing time of 0 nothing is learned or moved, not even a static entry",
  "own-source": "an address of the bridge itself is not learned",
  learned: "a new entry",
  refreshed: "the entry's age begins anew",
  moved: "a dynamic entry moves here",
  "static-moved": "a static entry moves here and stays static",
  "sticky-stays": "a sticky entry stays where it is",
  // Where to.
  "to-own": "to an address of the bridge itself: swallowed",
  "to-known": "to the one port of the entry, and if it cannot go there, nowhere",
  "to-unknown": "flooded",
  "to-multicast": "flooded",
  "to-broadcast": "flooded",
  // Which of these ports get a copy.
  "unknown-not-wanted": "flood off",
  "multicast-not-wanted": "mcastFlood off",
  "broadcast-not-wanted": "bcastFlood off",
  "same-port": "it came in there",
  hairpin: "it came in there, and may leave there",
  "egress-down": "no carrier there",
  "egress-vlan": "the port there is no member of the VLAN",
  isolated: "both ports are isolated; that a port is the same does not help",
  // As what it leaves.
  "tag-kept": "tagged came in, tagged leaves, the same octets",
  "tag-filled": "VID 0 becomes the PVID; priority and drop eligibility stay",
  "tag-added": "untagged came in, tagged leaves with priority 0",
  "tag-removed": "the outermost tag comes off",
  "never-tagged": "untagged came in, untagged leaves",
  // What is done by hand.
  "add-refused": "the port is not in the bridge, or the MAC is zero, or the port is no member of the VLAN",
  "add-refused-down": "a dynamic entry at a port without carrier",
  "add-new": "a new entry",
  "add-changed": "an entry gets another port or kind, and a new age",
  "add-same": "nothing changes, not even the age",
  "add-every-vlan": "no VLAN named: one entry outside all VLANs and one in each VLAN of the port",
  "delete-refused": "the port is not in the bridge, or no member of the VLAN",
  "delete-elsewhere": "the entry is at another port, or missing: nothing happens",
  deleted: "the entry is gone, whatever its kind",
  flush: "all dynamic entries go",
  "flags-refused": "flags of a port that is not in the bridge",
  "flags-changed": "flags change, entries stay",
  "mask-refused": "a mask that has one of the bits 0 to 2 is refused as a whole",
  "ageing-changed": "what is older than the new time goes at once, and nothing comes back",
  expired: "a dynamic entry has reached the ageing time",
  // Ports that come and go.
  "carrier-lost": "the port's dynamic entries go",
  "carrier-back": "nothing comes back with it",
  "port-removed": "all its entries go, its flags and VLANs are forgotten",
  "port-joined": "default flags, no VLANs; its MAC is the bridge's own, whatever was known of it",
} as const;

export type Rule = keyof typeof RULES;

export const RULE_NAMES = Object.keys(RULES) as Rule[];
