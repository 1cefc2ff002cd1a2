/**
 * The switches that this one can be, by name. "Measured" stands for: seen on the program itself, in the version named, and held to it by
 * the recordings of `test/recordings/switch-profiles`; "read" for: found in its source, not tried.
 *
 * All are as they are without a spanning tree, without snooping and without bonds. `src/switch/README.md` has the table of all answers.
 */
import { AGEING_NEVER } from "./fdb.ts";
import { LINUX, type RelayRules, type SwitchProfile, type TableRules } from "./profile.ts";

/** Relays whatever it gets, whoever sent it: no address is reserved. */
const RELAY_ALL: Omit<RelayRules, "groupSource" | "knownAtIngress"> = {
  zeroSource: "learn",
  spanningTreeGroup: "flood",
  reservedGroups: "flood",
};

/** What most of these tables have in common: a MAC moves at once, static entries stay, a lost carrier matters to nobody. The limit is that of `linux`. */
const PLAIN_TABLE: Omit<TableRules, "ageingMs"> = {
  entriesMax: LINUX.table.entriesMax,
  whenFull: "refuse",
  moveAfterIdleMs: 0,
  moveClockMs: 1,
  staticMoves: false,
  linkChange: "keep",
};

/**
 * Open vSwitch 3.1.0, `fail-mode=standalone`, that is the `NORMAL` action: measured. Reserved groups teach nothing. A static entry stays where it
 * was set whoever speaks elsewhere, and is evicted like others. Losing carrier makes it forget nothing, so that frames for the lost
 * port are lost until the MAC speaks elsewhere. Ageing may be set to 15 s at least.
 *
 * Not here: the cache in front of the table, by which a MAC that comes back to a port within 10 s was learned 0.1 s late, and may be
 * 0.5 s late; that it drops Cisco's and Extreme's control groups, too; the lock of a gratuitous ARP's entry against reflections by bonds.
 */
export const OVS: SwitchProfile = {
  name: "ovs",
  summary: "Open vSwitch: as linux, but 8,192 entries, static ones stay, and a lost carrier makes it forget nothing",
  relay: {
    groupSource: "forward",
    zeroSource: "learn",
    spanningTreeGroup: "drop",
    reservedGroups: "drop",
    knownAtIngress: "drop",
  },
  table: {
    ...PLAIN_TABLE,
    ageingMs: 300_000,
    entriesMax: 8_192,
    whenFull: "evict-from-fullest-port",
  },
};

/**
 * vde_switch 2.3.2: measured. Its clock steps once a second; a MAC is believed to have moved when more than 3 steps lie between the last frame at its old
 * port and the one at the new, after 3 to 4 s. Until then each such frame is logged as a move, which it is not. An entry lives 100 s and until a sweep
 * every 2 s; here 100 s. A port that is opened or closed makes it forget everything, because a change of topology is
 * assumed even where no spanning tree runs.
 *
 * Read: it has no limit for entries. Here it has that of `linux`. It has no static entries; here they would stay. Not here: it pads frames to 60 octets.
 */
export const VDE: SwitchProfile = {
  name: "vde",
  summary: "vde_switch: a MAC has moved only after 3 to 4 s of silence at its old port, 100 s of ageing",
  relay: { ...RELAY_ALL, groupSource: "forward", knownAtIngress: "drop" },
  table: {
    ...PLAIN_TABLE,
    ageingMs: 100_000,
    moveAfterIdleMs: 4_000,
    moveClockMs: 1_000,
    linkChange: "forget-all",
  },
};

/**
 * The Ethernet switch of dynamips, which is the built-in switch of GNS3: read, at commit 0bc1734. Each MAC has one place of 4,096, which the exclusive or of
 * its octets names; who comes last has it. It learns groups, too, but never looks one up. It does not know that a carrier is lost. It has no static
 * entries; here they would stay.
 */
export const DYNAMIPS: SwitchProfile = {
  name: "dynamips",
  summary: "GNS3's built-in switch: no ageing, 4,096 places, and a MAC takes the place of another with the same hash",
  relay: { ...RELAY_ALL, groupSource: "learn", knownAtIngress: "drop" },
  table: {
    ...PLAIN_TABLE,
    ageingMs: AGEING_NEVER,
    entriesMax: 4_096,
    whenFull: "replace-same-hash",
  },
};

/**
 * The bridge of gVisor's network stack: read, at commit 3c5eee1. A MAC belongs to the port where it was first heard, until that port is taken out. Groups are
 * not learned. It has no limit for entries; here it has that of `linux`. It learns a source after it has looked up the destination, which
 * differs only for a frame that is addressed to its own, unknown source; here that goes nowhere, there it is flooded.
 */
export const GVISOR: SwitchProfile = {
  name: "gvisor",
  summary: "gVisor's bridge: a MAC never moves, no ageing",
  relay: { ...RELAY_ALL, groupSource: "forward", knownAtIngress: "drop" },
  table: {
    ...PLAIN_TABLE,
    ageingMs: AGEING_NEVER,
    moveAfterIdleMs: Number.POSITIVE_INFINITY,
  },
};

/**
 * `BridgeNetDevice` of ns-3: read, at commit 1f438ce. What is known to be where it came from is flooded to the others. It learns groups, but never looks one up.
 * It has no limit for entries; here it has that of `linux`.
 */
export const NS3: SwitchProfile = {
  name: "ns3",
  summary:
    "ns-3's bridge: as linux, but floods what came from where it should go, and a lost carrier makes it forget nothing",
  relay: { ...RELAY_ALL, groupSource: "learn", knownAtIngress: "flood" },
  table: {
    ...PLAIN_TABLE,
    ageingMs: 300_000,
  },
};

/**
 * `MacRelayUnit` of INET 4 for OMNeT++: read, at commit b52bc21. It has no limit for entries; here it has that of `linux`. Not here: with VLANs it learns per
 * VLAN and looks up in VLAN 0, so that it floods. Unconfirmed: what interfaces in front of it do with reserved groups.
 */
export const INET: SwitchProfile = {
  name: "inet",
  summary: "INET's relay unit: 120 s of ageing, and a lost carrier makes it forget nothing",
  relay: { ...RELAY_ALL, groupSource: "forward", knownAtIngress: "drop" },
  table: {
    ...PLAIN_TABLE,
    ageingMs: 120_000,
  },
};

/** The default first. */
export const PROFILES: readonly SwitchProfile[] = [LINUX, OVS, VDE, DYNAMIPS, GVISOR, NS3, INET];

export const PROFILE_NAMES: readonly string[] = PROFILES.map(({ name }) => name);

/** The profile of that name, in lower case; undefined if there is none. */
export function profileByName(name: string): SwitchProfile | undefined {
  return PROFILES.find((profile) => profile.name === name);
}
