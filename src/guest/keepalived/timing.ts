/**
 * keepalived's arithmetic of time (its `vrrp.h`; RFC 3768 section 6.1, RFC 9568 section 6.1, rounded as the daemon rounds), and what
 * observed runs of 2.2.7 show it to need for its own work.
 */
import { NS_PER_MS, NS_PER_US } from "../../base/units.ts";

/**
 * Skew time in ns: the better the priority, the shorter the extra wait. Version 2: (256 - P) / 256 s, whatever the interval.
 * Version 3: (256 - P) / 256 of the master's interval. Both in whole microseconds, rounded down.
 */
export function skewNs(version: 2 | 3, priority: number, masterIntervalNs: number): number {
  const spanUs = version === 2 ? 1_000_000 : masterIntervalNs / NS_PER_US;
  return Math.floor(((256 - priority) * spanUs) / 256) * NS_PER_US;
}

/** How long a backup waits for the next advert: `adverts` (3) intervals of the master and the skew. */
export function masterDownNs(version: 2 | 3, priority: number, masterIntervalNs: number, adverts: number): number {
  return adverts * masterIntervalNs + skewNs(version, priority, masterIntervalNs);
}

/** From the start of the process to its first state: drawn between these. */
export const PROCESS_START_NS_MIN = 10 * NS_PER_MS;
export const PROCESS_START_NS_MAX = 50 * NS_PER_MS;
/** From a signal (SIGTERM, SIGHUP) to what it brings about. */
export const SIGNAL_NS = 1 * NS_PER_MS;
/**
 * From the first advert of a new master to its first announcement: the virtual addresses are configured in between. The next advert is
 * counted from then too.
 */
export const ADDRESS_UP_NS = 500 * NS_PER_US;
/** From the arrival of a packet to a deadline set because of it: what makes the next packet of a steady sender come before that. */
export const RECEIVE_NS = 100 * NS_PER_US;
/** From a change of carrier to the daemon's knowing of it. */
export const NETLINK_NS = 3 * NS_PER_MS;
/** From the end of a tracked script to the daemon's knowing of it. */
export const SCRIPT_REAP_NS = 5 * NS_PER_MS;
/** The first timer of an address owner with `state MASTER`: master at once. */
export const OWNER_START_NS = 1 * NS_PER_US;
