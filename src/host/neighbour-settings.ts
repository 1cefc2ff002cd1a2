/**
 * How a neighbour cache behaves: `net.ipv4.neigh.NIC.*` and `net.ipv6.neigh.NIC.*`, with Linux's defaults. Times are nanoseconds
 * here; `sysctl.ts` has the names and units that people write.
 */
import { NS_PER_S } from "../base/units.ts";

/** Linux: half of the default `base_reachable_time`, whatever is set on interfaces. */
export const COLLECTED_EVERY_NS = 15 * NS_PER_S;

export class NeighbourSettings {
  /** `base_reachable_time_ms`: a confirmation lasts between a half and one and a half times this, drawn at random. */
  baseReachableNs = 30 * NS_PER_S;
  /** `retrans_time_ms`: between questions. */
  retransNs = 1 * NS_PER_S;
  /** `delay_first_probe_time`: how long an entry in doubt is used before its owner is asked. */
  delayFirstProbeNs = 5 * NS_PER_S;
  /** `ucast_solicit`: questions to the owner of the known MAC alone. */
  ucastSolicit = 3;
  /** `app_solicit`: turns that are a daemon's, after the unicast questions. Nothing is sent. */
  appSolicit = 0;
  /** `mcast_solicit`: questions to everybody for an address whose MAC is not known. */
  mcastSolicit = 3;
  /** `mcast_resolicit`: questions to everybody after unicast ones in vain, before the entry fails. */
  mcastResolicit = 0;
  /** `unres_qlen_bytes`: buffer memory of the packets that wait for one answer. */
  unresQlenOctets = 212_992;
  /** `locktime`: a changed MAC is believed only so long after the last change, unless the frame overrides. ARP only. */
  locktimeNs: number;
  /** `gc_stale_time`: what was not used for so long may be collected. */
  gcStaleNs = 60 * NS_PER_S;
  /** `anycast_delay`: of answers for anycast addresses, which no simulated host has. */
  anycastDelayNs = 1 * NS_PER_S;

  constructor(addressOctets: 4 | 16) {
    this.locktimeNs = addressOctets === 4 ? 1 * NS_PER_S : 0;
  }
}
