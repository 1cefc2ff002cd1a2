/** What differs between the systems that hosts run: how they keep their neighbours. `systems.ts` has them all. */
import type { NeighbourSettings } from "./neighbour-settings.ts";
import type { Nic } from "./nic.ts";

/** How a neighbour cache behaves beyond its settings. */
export interface NeighbourRules {
  /** No timer of an entry is shorter, ns. */
  readonly shortestNs: number;
  /**
   * Every claim restarts the locktime, also one that is not believed or changes nothing; and one that is no answer to us makes an entry STALE
   * also where it only repeats the MAC, unless that is not in doubt.
   */
  readonly everyClaimCounts: boolean;
  /** What was learned is used until it is so old, ns, and is then forgotten: nobody is asked in between. Null: RFC 4861. */
  readonly ageingNs: number | null;
  /** Whoever has moved is believed only when the old owner does not answer any more. */
  readonly verifiesMoves: boolean;
}

/** As people write it. */
export type SystemName = "linux" | "linux-4.11" | "windows" | "router" | "router-verifying";

export interface HostSystem {
  readonly name: SystemName;
  /** What it stands for, in a few words. */
  readonly title: string;
  /** What of it is not confirmed by its maker's documents, its source or a recording; none: all is. */
  readonly unconfirmed: readonly string[];
  /** It is a Linux: it has `sysctl` and the programs that the simulator knows, and its timers wait in jiffies. */
  readonly isLinux: boolean;
  /** Settings that this Linux does not have yet. */
  readonly missingSettings: readonly string[];
  /** How long a TCP client waits for an answer to its first SYN, ns, and to each that it sends again; after the last it gives up. */
  readonly synWaitsNs: readonly number[];
  /** Losing the carrier empties the caches. */
  readonly forgetsWithoutCarrier: boolean;
  readonly rules4: NeighbourRules;
  readonly rules6: NeighbourRules;
  /** Changes the settings of a new cache, which are those of a present Linux, to what the system begins with. */
  configure(settings: NeighbourSettings, addressOctets: 4 | 16): void;
  /**
   * Whether an ARP frame from somebody else, of a unicast address, is believed at once, whatever the locktime. `isOfItself`: its sender and
   * target address are equal; `toItself`: its sender and target MAC are.
   */
  overrides(nic: Nic, isReply: boolean, isOfItself: boolean, toItself: boolean): boolean;
}
