/**
 * How long a failover takes, where that is longer or shorter than people expect. The parser reports an `advert_int` that is rounded
 * (`advert-interval-rounded`, check 14); `failover-times.ts` has the times of all faults.
 */

import { formatSeconds, formatSpan, NS_PER_S } from "../../base/units.ts";
import { keyPlace } from "../../guest/keepalived/conf/key-places.ts";
import type { Tracker, VrrpScript } from "../../guest/keepalived/conf/model.ts";
import type { Cluster, Member } from "../cluster.ts";
import { type FailoverTimes, failoverTimes } from "../failover-times.ts";
import type { Rule } from "../rule.ts";
import { detection, exactly, type Span, silence, sum } from "../spans.ts";
import { type Router, routersOf } from "./one-router.ts";
import { farewellNs, priorityOf, takeoverNs } from "./priorities.ts";
import { trackersOf } from "./tracked.ts";
import { nodeNames, seconds } from "./words.ts";

/** Nobody is surprised by less, and a service that is away for longer is noticed. */
const LONG_NS = 10 * NS_PER_S;

/** With `advert_int 1` and the default multiplier no master-down time is longer, whatever the priority. */
const ORDINARY_NS = 4 * NS_PER_S;

/** Pauses of virtual machines, as by snapshots and migrations, are often as long. */
const PAUSE_NS = NS_PER_S;

/** Two rounds of 15 s, listening and learning (IEEE 802.1D-1998 table 8-3). */
const SPANNING_TREE_NS = 30 * NS_PER_S;

/** The member whose configuration speaks for its router: whom all others wait for. */
function slowestOf(router: Router): Member {
  return router.reduce((a, b) => (takeoverNs(b, b) > takeoverNs(a, a) ? b : a));
}

function intervalsOf(router: Router, except: Member) {
  return router
    .filter((member) => member !== except)
    .map(({ node, instance }) => ({
      ...keyPlace(instance, "advert_int"),
      message: `${node.name} has advert_int ${instance.advertIntervalNs / NS_PER_S}`,
    }));
}

/** Check 51, and what `down_timer_adverts` adds. A warning from 10 s on. */
const slowFailover: Rule = {
  name: "slow-failover",
  severity: "warning",
  summary: "a crash of the master is noticed late: advert_int above 1 s, or a larger down_timer_adverts",
  check(cluster, report) {
    for (const router of routersOf(cluster)) {
      const member = slowestOf(router);
      const { name, advertIntervalNs, downTimerAdverts, version } = member.instance;
      const waitsNs = takeoverNs(member, member);
      if (waitsNs <= ORDINARY_NS) continue;
      const span = silence(waitsNs, advertIntervalNs);
      const skew = formatSeconds(farewellNs(member, member));
      report({
        at: keyPlace(member.instance, advertIntervalNs > NS_PER_S ? "advert_int" : "down_timer_adverts"),
        severity: waitsNs >= LONG_NS ? "warning" : "hint",
        message: `${name} advertises every ${seconds(advertIntervalNs)}: a backup waits ${formatSeconds(waitsNs)}, ${downTimerAdverts} × ${seconds(advertIntervalNs)} and ${skew} skew`,
        why: `After a crash of the master nobody has the address for ${formatSeconds(span.bestNs)} to ${formatSeconds(span.worstNs)}.`,
        fix:
          advertIntervalNs > NS_PER_S
            ? `advert_int 1 on every node: less than ${formatSeconds(ORDINARY_NS, 0)}${version === 3 ? "; version 3 goes down to 0.01" : ""}`
            : "down_timer_adverts 3 on every node",
        related: intervalsOf(router, member),
      });
    }
  },
};

/** Check 43: pauses cannot be seen, but a master-down time that any pause exceeds can. */
const pauseFailsOver: Rule = {
  name: "pause-fails-over",
  severity: "hint",
  summary: "a master-down time below 1 s, which a paused virtual machine exceeds",
  check(cluster, report) {
    for (const router of routersOf(cluster)) {
      const member = router.reduce((a, b) => (takeoverNs(b, b) < takeoverNs(a, a) ? b : a));
      const waitsNs = takeoverNs(member, member);
      const { name, advertIntervalNs } = member.instance;
      if (waitsNs >= PAUSE_NS) continue;
      const pause = formatSpan(silence(waitsNs, advertIntervalNs).bestNs);
      report({
        at: keyPlace(member.instance, "advert_int"),
        message: `${name} fails over when the master is silent for ${formatSpan(waitsNs)}: a pause of ${pause} can be enough`,
        why: "A snapshot, a migration or a host without CPU time is that long; the old master wakes up as master, and for up to one advert_int two nodes hold the address.",
        fix: "advert_int 1 where virtual machines are paused; on real machines vrrp_rt_priority in global_defs gives keepalived its CPU time",
        related: intervalsOf(router, member),
      });
    }
  },
};

/**
 * Check 24, of keepalived before 2.2.8. Every advert of a lower node that is discarded during the delay prolongs it, so that nodes with nobody below them
 * are spared; where the others are not at hand it is a warning.
 */
const startupDelayGrows: Rule = {
  name: "startup-delay-grows",
  severity: "error",
  summary: "vrrp_startup_delay on a node that comes back beside a lower master",
  check(cluster, report) {
    const routers = routersOf(cluster);
    for (const { conf } of cluster.nodes) {
      const delayNs = conf.globalDefs.startupDelayNs;
      if (delayNs === null) continue;
      const router = routers
        .filter((members) => members.some(({ instance }) => conf.instances.includes(instance)))
        .sort((a, b) => b.length - a.length)
        .find((members) => discards(members, conf.instances));
      const member = router?.find(({ instance }) => conf.instances.includes(instance));
      if (router === undefined || member === undefined) continue;
      const { name } = member.instance;
      const others = router.filter((other) => other !== member);
      const lower = others.length === 0 ? "a running master of lower priority" : nodeNames(others);
      report({
        at: keyPlace({ keys: conf.globalDefs.keys, position: member.instance.position }, "vrrp_startup_delay"),
        severity: others.length === 0 ? "warning" : "error",
        message: `vrrp_startup_delay ${seconds(delayNs)} lasts longer beside ${lower}: before keepalived 2.2.8 each advert that ${name} discards prolongs it`,
        why: `Alone ${name} is master ${formatSeconds(delayNs + takeoverNs(member, member))} after its start; beside a running master a delay of 5 s was seen to last 20 s.`,
        fix: "no vrrp_startup_delay; preempt_delay in the instance waits after a return, and a tracked script until the service is up",
      });
    }
  },
};

/** Whether the member that `instances` has in `router` discards adverts of somebody below it, or might where nobody else is at hand. */
function discards(router: Router, instances: readonly Member["instance"][]): boolean {
  const member = router.find(({ instance }) => instances.includes(instance))!;
  if (member.instance.nopreempt) return false;
  const others = router.filter((other) => other !== member);
  return others.length === 0 || others.some((other) => priorityOf(other).value < priorityOf(member).value);
}

/** A tracked script of a master, and its time from the failure to the takeover. */
interface ScriptTime {
  readonly tracker: Tracker;
  readonly script: VrrpScript;
  readonly span: Span;
  readonly reason: string;
}

/** Check 30: the worst case, where it is worth knowing because it takes 10 s and more. */
const slowScript: Rule = {
  name: "slow-script",
  severity: "hint",
  summary: "a failure of a tracked service that is handed over after 10 s and more",
  check(cluster, report) {
    const times = failoverTimes(cluster);
    for (const member of mastersOf(cluster))
      for (const { tracker, script, span, reason } of scriptTimes(member, times)) {
        if (span.worstNs < LONG_NS) continue;
        const { intervalNs, timeoutNs, fall } = script;
        report({
          at: keyPlace(
            script,
            timeoutNs > fall * intervalNs ? "timeout" : fall > intervalNs / NS_PER_S ? "fall" : "interval",
          ),
          message: `A failure that ${tracker.name} checks moves the address after ${formatSeconds(span.typicalNs)} on average and ${formatSeconds(span.worstNs)} at worst`,
          why: `${reason}; meanwhile ${member.node.name} holds the address and the service on it fails.`,
          fix: fixFor(script, tracker),
          related: [{ ...tracker.position, message: `${member.instance.name} of ${member.node.name} follows it` }],
        });
      }
  },
};

/** The best member of each router: its trackers decide whether it stays. */
function mastersOf(cluster: Cluster): Member[] {
  return routersOf(cluster).map((router) =>
    router.reduce((a, b) => (priorityOf(b).value > priorityOf(a).value ? b : a)),
  );
}

/** With its backups at hand their times are known; without, a backup of the same priority stands for them. */
function scriptTimes(member: Member, times: readonly FailoverTimes[]): ScriptTime[] {
  const { node, instance } = member;
  const known = times.find(({ master }) => master.node === node.name && master.instance === instance.name);
  return trackersOf(node.conf, instance, "trackScripts").flatMap((tracker) => {
    const script = node.conf.scripts.find(({ name }) => name === tracker.name);
    if (script === undefined) return [];
    if (known === undefined) return [{ tracker, script, ...aloneTime(member, tracker, script) }];
    const time = known.faults.find(({ fault, of }) => fault === "script" && of === tracker.name);
    if (time === undefined || time.takeover === null) return [];
    return [{ tracker, script, span: time.takeover.span, reason: time.reason }];
  });
}

function aloneTime(
  member: Member,
  { weight }: Tracker,
  script: VrrpScript,
): { readonly span: Span; readonly reason: string } {
  const handedOver =
    weight === 0
      ? exactly(farewellNs(member, member))
      : silence(takeoverNs(member, member), member.instance.advertIntervalNs);
  const { fall, intervalNs, timeoutNs } = script;
  const reason = `${fall} × ${seconds(intervalNs)} and at most the timeout, ${seconds(timeoutNs)}, then ${formatSeconds(handedOver.worstNs)} until another node takes over`;
  return { span: sum(detection(script), handedOver), reason };
}

/** The largest part first. */
function fixFor({ fall, intervalNs, timeoutNs }: VrrpScript, { weight }: Tracker): string {
  const shorter = `a shorter interval (${seconds(intervalNs)}), fall (${fall}) or timeout (${seconds(timeoutNs)}) in vrrp_script`;
  return weight === 0
    ? shorter
    : `${shorter}; weight 0 hands over after the skew time instead of a whole master-down time`;
}

/** Interfaces that are a bridge by their name: Linux, libvirt, Proxmox, Docker. */
const BRIDGE = /^(?:br|bridge|virbr|vmbr)[-\d]/;

/**
 * Check 52. Spanning trees stand in no file, and nearly every master-down time is below their 30 s; so this fires only where the instance runs on a
 * bridge of the host itself, whose forwarding delay holds its adverts back.
 */
const bridgeForwardDelay: Rule = {
  name: "bridge-forward-delay",
  severity: "hint",
  summary: "an instance on a bridge, which may forward later than the instance becomes master",
  check({ nodes }, report) {
    for (const node of nodes)
      for (const instance of node.conf.instances) {
        const { name, interface: bridge } = instance;
        const member = { node, instance };
        const waitsNs = takeoverNs(member, member);
        if (bridge === null || !BRIDGE.test(bridge) || waitsNs >= SPANNING_TREE_NS) continue;
        report({
          at: keyPlace(instance, "interface"),
          message: `${name} runs on ${bridge}: with a spanning tree its ports forward ${seconds(SPANNING_TREE_NS)} after they come up, and ${name} is master after ${formatSeconds(waitsNs)}`,
          why: `Until then it hears nobody, so that two nodes hold the address for up to ${formatSeconds(SPANNING_TREE_NS - waitsNs)}, and the announcements of the takeover are lost.`,
          fix: `no spanning tree on ${bridge} (ip link set ${bridge} type bridge stp_state 0), and edge ports (portfast) towards the nodes on switches that run one`,
        });
      }
  },
};

export const TIMING_RULES: readonly Rule[] = [
  startupDelayGrows,
  slowScript,
  pauseFailsOver,
  slowFailover,
  bridgeForwardDelay,
];
