/**
 * The systems that hosts may run. A present Linux is recorded (test/recordings/linux-neighbour), an old one was read in source. Of the others
 * there are only descriptions; what those leave open is decided here so that it is simple, and listed as unconfirmed.
 *
 * IPv6 is RFC 4861 for all of them.
 */
import { NS_PER_S } from "../base/units.ts";
import { JIFFY_NS } from "./kernel-timers.ts";
import type { HostSystem, NeighbourRules, SystemName } from "./system.ts";

const RFC_4861: NeighbourRules = {
  shortestNs: 2 * JIFFY_NS,
  everyClaimCounts: false,
  ageingNs: null,
  verifiesMoves: false,
};

/** Half a second, which became 10 ms with 5.16. */
const SHORTEST_BEFORE_5_16_NS = 125 * JIFFY_NS;

/** RFC 6298, and Linux up to 6.4 (tcp_syn_retries 6): SYNs 1, 3, 7, 15, 31, 63 s after the first, given up after 127 s. */
const DOUBLING_NS = [1, 2, 4, 8, 16, 32, 64].map((seconds) => seconds * NS_PER_S);
/** Since 6.5 the first four waits come on top (tcp_syn_linear_timeouts 4): 1, 2, 3, 4, 5, 7, 11, 19, 35, 67 s, and 131 s. */
const LINEAR_NS = [...[1, 1, 1, 1].map((seconds) => seconds * NS_PER_S), ...DOUBLING_NS];

/** Linux as recorded on 6.18. What it thinks of gratuitous ARP it does since 4.12; other details came later (5.16: short timers; 6.5: SYNs). */
export const LINUX: HostSystem = {
  name: "linux",
  title: "Linux 4.12 and later",
  unconfirmed: [],
  isLinux: true,
  missingSettings: [],
  synWaitsNs: LINEAR_NS,
  forgetsWithoutCarrier: true,
  rules4: RFC_4861,
  rules6: RFC_4861,
  configure: () => {},
  // A reply is gratuitous only if its target MAC is the sender's too.
  overrides: (_nic, isReply, isOfItself, toItself) => isOfItself && (!isReply || toItself),
};

/**
 * Linux up to 4.11, as EL7 had it for years: the locktime holds for announcements too, and every frame of the neighbour restarts it, so that a
 * burst with gaps of less than a second is ignored as a whole. With `arp_accept` gratuitous requests, not replies, are believed at once.
 */
const LINUX_4_11: HostSystem = {
  ...LINUX,
  name: "linux-4.11",
  title: "Linux up to 4.11 (EL7)",
  synWaitsNs: DOUBLING_NS,
  missingSettings: ["accept_untracked_na", "arp_evict_nocarrier", "ndisc_evict_nocarrier"],
  forgetsWithoutCarrier: false,
  rules4: { ...RFC_4861, shortestNs: SHORTEST_BEFORE_5_16_NS, everyClaimCounts: true },
  rules6: { ...RFC_4861, shortestNs: SHORTEST_BEFORE_5_16_NS },
  configure: (settings) => {
    settings.unresQlenOctets = 65_536;
  },
  overrides: (nic, isReply, isOfItself) => isOfItself && !isReply && nic.level4("arpAccept") !== 0,
};

/**
 * Windows since Vista: IPv4 neighbours are kept as RFC 4861 has it, REACHABLE for 15 to 45 s; who is STALE is asked for as soon as it is used
 * (Microsoft KB949589).
 */
const WINDOWS: HostSystem = {
  name: "windows",
  title: "Windows since Vista",
  unconfirmed: [
    "packets go on to the old MAC while a STALE neighbour is asked",
    "gratuitous ARP changes entries that exist, and makes none",
    "every other ARP frame of a neighbour changes its entry too",
    "three questions, a second apart",
    "caches are emptied without a carrier",
    "TCP sends SYNs again as RFC 6298 has it",
  ],
  isLinux: false,
  missingSettings: [],
  synWaitsNs: DOUBLING_NS,
  forgetsWithoutCarrier: true,
  rules4: { ...RFC_4861, shortestNs: 0 },
  rules6: { ...RFC_4861, shortestNs: 0 },
  configure: (settings, addressOctets) => {
    if (addressOctets === 4) settings.delayFirstProbeNs = 0;
  },
  overrides: () => true,
};

/** A router, or a switch with addresses, whose ARP table only ages: as long as Cisco IOS has it unless somebody sets it (14,400 s). */
const AGEING: NeighbourRules = { ...RFC_4861, shortestNs: 0, ageingNs: 14_400 * NS_PER_S };
const ROUTER: HostSystem = {
  ...WINDOWS,
  name: "router",
  title: "router whose ARP table ages",
  unconfirmed: [
    "every ARP frame of a neighbour changes its entry and makes it young, gratuitous ones too",
    "nobody is asked before an entry is too old",
  ],
  rules4: AGEING,
  configure: () => {},
};

/** A router that asks the old owner before it believes that an address has moved (pingcap/tiproxy#1118: it got an answer). */
const ROUTER_VERIFYING: HostSystem = {
  ...ROUTER,
  name: "router-verifying",
  title: "router that verifies a move",
  unconfirmed: [...ROUTER.unconfirmed, "the old owner is asked once, by unicast, and has a second to answer"],
  rules4: { ...AGEING, verifiesMoves: true },
};

export const SYSTEMS: readonly HostSystem[] = [LINUX, LINUX_4_11, WINDOWS, ROUTER, ROUTER_VERIFYING];

export const SYSTEM_NAMES: readonly SystemName[] = SYSTEMS.map(({ name }) => name);

export function systemByName(name: string): HostSystem | undefined {
  return SYSTEMS.find((system) => system.name === name);
}
