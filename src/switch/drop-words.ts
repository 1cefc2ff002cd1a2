/** What each drop cause means, in words for the person who is looking for a frame: half a sentence that goes after "dropped: ". */
import type { DropName } from "./drop-cause.ts";

export const DROP_WORDS: Readonly<Record<Exclude<DropName, "none">, string>> = {
  "link-down": "the port that it would come in by has no carrier",
  runt: "it is shorter than an Ethernet header (14 octets), or begins with a tag and is shorter than 20 octets",
  giant: "it is longer than the port lets in",
  "multicast-source": "its source is a group address, and no station has one",
  "zero-source": "its source is 00:00:00:00:00:00, which is no station's address",
  "reserved-destination": "its destination is one of 01:80:c2:00:00:01 to :0f, which no bridge relays",
  "same-port": "its destination is behind the port that it came in by",
  partitioned: "its destination is on the other side of the partition, or everybody else is",
  "multicast-not-carried": "this network carries no multicast",
  "no-other-port": "there is no other port with carrier in this broadcast domain",
  "ring-full": "the switch has no room left for what waits to be delivered",
  "port-removed": "the port that it would come in by has been taken out of the switch",
  "not-in-vlan": "its VLAN is not allowed at the port that it comes in by, or at the one that it should leave by",
  "no-pvid": "it has no VLAN in a tag, and the port has no PVID to sort it by",
  locked: "the port is locked, and the table does not have the source there",
  isolated: "it would have to cross between two isolated ports",
  "flood-off": "flooding of such frames is switched off at every other port",
  "to-switch": "it is for the switch itself",
  "egress-link-down": "the port that its destination is behind has no carrier",
  "no-slot": "there was no room for the copy that has a tag put on or taken off",
};

/** What a cause means; `delivered` for none. */
export function dropWords(name: DropName): string {
  return name === "none" ? "delivered" : DROP_WORDS[name];
}
