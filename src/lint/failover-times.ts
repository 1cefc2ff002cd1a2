/**
 * How long each virtual router takes to fail over, fault by fault, as its configurations have it: from the fault to the first advert of the
 * new master, which configures the addresses and announces them within a millisecond.
 *
 *   crash, lost link        the backup's master-down time runs out: no word reaches it (spans.ts, `silence`)
 *   orderly stop, FAULT     a farewell of priority 0 reaches it: its skew time, no more
 *   tracked, weight 0       detection, FAULT, farewell, skew
 *   tracked, weight ≠ 0     detection, then the adverts go on with less priority: a backup that has more stops heeding them, and takes over
 *                           when its timer, armed by the last advert of before, runs out; one with nopreempt, or with less, never does
 *
 * The members of a sync group move together: the slowest of them decides.
 */

import { formatSeconds, NS_PER_S } from "../base/units.ts";
import type { SyncGroup, Tracker, VrrpInstance } from "../guest/keepalived/conf/model.ts";
import { NETLINK_NS, SIGNAL_NS } from "../guest/keepalived/timing.ts";
import { sameIp } from "../text/ip-text.ts";
import { formatIp } from "../wire/address.ts";
import type { Cluster, Member } from "./cluster.ts";
import { intendedRouters } from "./rules/intended-router.ts";
import { farewellNs, priorityOf, takeoverNs } from "./rules/priorities.ts";
import { addressesOf } from "./rules/source-address.ts";
import { delayed, detection, exactly, type Span, silence, slowest, sum } from "./spans.ts";

export type Fault = "crash" | "link-loss" | "stop" | "script" | "interface" | "process";

export interface FaultTime {
  readonly fault: Fault;
  /** The script, interface or process; null for what befalls the whole node. */
  readonly of: string | null;
  /** Of the tracker; null without one. */
  readonly weight: number | null;
  /** The node that takes over and when; null: nobody does. */
  readonly takeover: { readonly by: string; readonly span: Span } | null;
  /** What the time is made of, or why nobody takes over. */
  readonly reason: string;
}

/** One virtual router whose master and backups are alive and all its trackers well. */
export interface FailoverTimes {
  readonly segment: string;
  readonly family: 4 | 6;
  readonly vrid: number;
  readonly addresses: readonly string[];
  /** The node with the highest priority. */
  readonly master: { readonly node: string; readonly instance: string; readonly priority: number };
  readonly faults: readonly FaultTime[];
}

/** One entry for each virtual router of two nodes and more, unless its members drop each other's adverts: then there is no failover. */
export function failoverTimes(cluster: Cluster): FailoverTimes[] {
  const routers = intendedRouters(cluster).map(byPriority);
  return routers.filter(isOfOneMind).map(([master, ...backups]) => {
    const { node, instance } = master!;
    return {
      segment: node.segmentOf(instance),
      family: instance.family,
      vrid: instance.vrid,
      addresses: instance.addresses.map(({ address }) => formatIp(address)),
      master: { node: node.name, instance: instance.name, priority: priorityOf(master!).value },
      faults: new Failover(master!, backups, routers).faults(),
    };
  });
}

/** A master and who takes over from it. */
interface Pair {
  readonly master: Member;
  readonly heir: Member;
}

/** What can befall one master, and what its backups and those of its sync group make of it. */
class Failover {
  readonly #master: Member;
  /** The best first. */
  readonly #backups: readonly Member[];
  /** Who takes over, as long as priorities do not change. */
  readonly #heir: Member;
  /** The other routers of the master's sync group, on the nodes of the master and the heir. */
  readonly #partners: readonly Pair[];

  constructor(master: Member, backups: readonly Member[], routers: readonly (readonly Member[])[]) {
    this.#master = master;
    this.#backups = backups;
    this.#heir = backups.reduce((a, b) => (takeoverNs(b, master) < takeoverNs(a, master) ? b : a));
    const together = syncGroupOf(master)?.members ?? [];
    this.#partners = (together.length === 0 ? [] : routers).flatMap((router) => {
      const own = router.find(({ node, instance }) => node === master.node && together.includes(instance.name));
      const heir = router.find(({ node }) => node === this.#heir.node);
      return own === undefined || heir === undefined || own.instance === master.instance ? [] : [{ master: own, heir }];
    });
  }

  faults(): FaultTime[] {
    const { node, instance } = this.#master;
    const { scripts, trackProcesses, linkDelays } = node.conf;
    const group = syncGroupOf(this.#master);
    return [
      this.#silent("crash", this.#partners.map(silenceOf)),
      this.#silent("link-loss", this.#partners.map(farewellOf)),
      this.#stop(),
      ...[...instance.trackScripts, ...(group?.trackScripts ?? [])].flatMap((tracker) => {
        const script = scripts.find(({ name }) => name === tracker.name);
        if (script === undefined) return [];
        const { fall, intervalNs } = script;
        const words = fall === 1 ? "1 failure" : `${fall} failures ${intervalNs / NS_PER_S} s apart`;
        return [this.#tracked("script", tracker, detection(script), words)];
      }),
      ...[...instance.trackInterfaces, ...(group?.trackInterfaces ?? [])].map((tracker) => {
        const delay = linkDelays.find((item) => item.interface === tracker.name);
        return this.#tracked("interface", tracker, exactly(NETLINK_NS + (delay?.downNs ?? 0)), "down");
      }),
      ...[...instance.trackProcesses, ...(group?.trackProcesses ?? [])].flatMap((tracker) => {
        const watched = trackProcesses.find(({ name }) => name === tracker.name);
        return watched === undefined
          ? []
          : [this.#tracked("process", tracker, exactly(watched.terminateDelayNs), "gone")];
      }),
    ];
  }

  /** Nothing is heard of the master any more: it is gone, or in FAULT behind a link that carries no farewell. */
  #silent(fault: "crash" | "link-loss", partners: readonly Span[]): FaultTime {
    const { interface: own, dontTrackPrimary } = this.#master.instance;
    const isKept = fault === "link-loss" && dontTrackPrimary;
    return {
      fault,
      of: fault === "crash" ? null : own,
      weight: null,
      takeover: { by: this.#heir.node.name, span: slowest(silenceOf(this.#pair), ...partners) },
      reason: `${silenceWords(this.#pair)}${isKept ? "; dont_track_primary: the old master stays one" : ""}`,
    };
  }

  #stop(): FaultTime {
    const span = sum(exactly(SIGNAL_NS), this.#farewell());
    const reason = `farewell + ${skewWords(this.#pair)}`;
    return { fault: "stop", of: null, weight: null, takeover: { by: this.#heir.node.name, span }, reason };
  }

  /** `noticed`: from the failure to the daemon's knowing of it, which `words` tell. */
  #tracked(fault: Fault, tracker: Tracker, noticed: Span, words: string): FaultTime {
    const about = { fault, of: tracker.name, weight: tracker.weight };
    if (tracker.weight === 0) {
      const takeover = { by: this.#heir.node.name, span: sum(noticed, this.#farewell()) };
      return { ...about, takeover, reason: `${words}, farewell + ${skewWords(this.#pair)}` };
    }
    const normal = priorityOf(this.#master).value;
    const lowered = priorityOf(this.#master, [tracker]).value;
    const change = `${normal} → ${lowered}`;
    const better = this.#backups.filter((backup) => priorityOf(backup).value > lowered);
    const heir = better.find(({ instance }) => !instance.nopreempt);
    if (heir === undefined) return { ...about, takeover: null, reason: `${change} ${this.#refusal(better)}` };
    const { preemptDelayNs } = heir.instance;
    const pair = { master: this.#master, heir };
    const silent = slowest(silenceOf(pair), ...this.#partners.map(silenceOf));
    const span = sum(noticed, delayed(silent, preemptDelayNs, this.#master.instance.advertIntervalNs));
    const delay = preemptDelayNs === 0 ? "" : `, preempt_delay ${preemptDelayNs / NS_PER_S} s`;
    const reason = `${words}, ${change} < ${priorityOf(heir).value}${delay}, ${silenceWords(pair)}`;
    return { ...about, takeover: { by: heir.node.name, span }, reason };
  }

  /** Why nobody takes over from a master with less priority; `better` have more and do not preempt. */
  #refusal([better]: readonly Member[]): string {
    if (better !== undefined) return `but ${better.node.name} has nopreempt`;
    const best = this.#backups[0]!;
    return `is not below the ${priorityOf(best).value} of ${best.node.name}`;
  }

  #farewell(): Span {
    return slowest(farewellOf(this.#pair), ...this.#partners.map(farewellOf));
  }

  get #pair(): Pair {
    return { master: this.#master, heir: this.#heir };
  }
}

function byPriority(router: readonly Member[]): Member[] {
  return router.toSorted((a, b) => priorityOf(b).value - priorityOf(a).value);
}

/** Whether all take each other's adverts (keepalived 2.2.7, `vrrp_check_packet`). */
function isOfOneMind(router: readonly Member[]): boolean {
  return (
    new Set(router.map(({ instance }) => advertOf(instance))).size === 1 && router.every((one) => isHeard(one, router))
  );
}

/** Whether its adverts go to all others, as far as their addresses are known. */
function isHeard(one: Member, router: readonly Member[]): boolean {
  const { unicastPeers } = one.instance;
  if (unicastPeers.length === 0) return true;
  return router.every((other) => {
    const addresses = other === one ? null : addressesOf(other);
    if (addresses === null) return true;
    return unicastPeers.some(({ address }) => addresses.some((own) => sameIp(own, address)));
  });
}

/** What of an advert must be the receiver's own, or it is dropped. */
function advertOf(instance: VrrpInstance): string {
  const { version, advertIntervalNs, authPass, authAh, addresses, unicastPeers, mcastDestination } = instance;
  const vips = addresses.map(({ address }) => formatIp(address)).sort();
  const cast = unicastPeers.length > 0 ? "unicast" : formatIp(mcastDestination);
  return [version, version === 2 && advertIntervalNs, authPass?.join(" "), authAh, cast, ...vips].join("|");
}

function syncGroupOf({ node, instance }: Member): SyncGroup | undefined {
  return node.conf.syncGroups.find(({ members }) => members.includes(instance.name));
}

function silenceOf({ master, heir }: Pair): Span {
  return silence(takeoverNs(heir, master), master.instance.advertIntervalNs);
}

function farewellOf({ master, heir }: Pair): Span {
  return exactly(farewellNs(heir, master));
}

function silenceWords(pair: Pair): string {
  const { downTimerAdverts } = pair.heir.instance;
  return `${downTimerAdverts} × ${pair.master.instance.advertIntervalNs / NS_PER_S} s + ${skewWords(pair)}`;
}

function skewWords({ master, heir }: Pair): string {
  return `skew ${formatSeconds(farewellNs(heir, master))}`;
}
