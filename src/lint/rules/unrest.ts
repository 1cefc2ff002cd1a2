/**
 * Backups of version 3 that take the address in turns for ever. One that steps down with a last advert (`higher_prio_send_advert`) teaches its own
 * interval to whoever heeds it, once more. If the other's master-down time is then over before the master's next advert, it becomes master in between,
 * steps down with a last advert too, and so teaches the first one. It ends where the master answers, as its answer has its own interval; with
 * `lower_prio_no_advert` it does not. Observed in simulation, where these conditions are necessary and sufficient.
 */
import { formatSeconds, NS_PER_S } from "../../base/units.ts";
import { keyPlace } from "../../guest/keepalived/conf/key-places.ts";
import type { Member } from "../cluster.ts";
import type { Report } from "../rule.ts";
import type { Router } from "./one-router.ts";
import { priorityOf, takeoverNs } from "./priorities.ts";
import { nodeNames, seconds } from "./words.ts";

/** What is wrong if `router`, all of version 3, has two such backups below some master; else null. */
export function unrestIn(router: Router): Report | null {
  for (const master of router.filter(({ instance }) => instance.lowerPrioNoAdvert)) {
    const talkative = router.filter(
      (member) => member.instance.higherPrioSendAdvert && priorityOf(member).value < priorityOf(master).value,
    );
    for (const [i, a] of talkative.entries())
      for (const b of talkative.slice(0, i))
        if (wakes(a, b, master) && wakes(b, a, master)) return unrestOf(master, [b, a]);
  }
  return null;
}

/** Whether the last advert of `speaker` makes `listener` a master before `master` is heard again. */
function wakes(speaker: Member, listener: Member, master: Member): boolean {
  const { nopreempt, preemptDelayNs } = listener.instance;
  const isHeeded = priorityOf(speaker).value >= priorityOf(listener).value || nopreempt || preemptDelayNs > 0;
  return isHeeded && takeoverNs(listener, speaker) < master.instance.advertIntervalNs;
}

function unrestOf(master: Member, pair: readonly [Member, Member]): Report {
  const [a, b] = pair;
  const waits = formatSeconds(Math.max(takeoverNs(a, b), takeoverNs(b, a)));
  const interval = seconds(master.instance.advertIntervalNs);
  const name = master.node.name;
  return {
    at: keyPlace(master.instance, "advert_int"),
    severity: "error",
    message: `${nodeNames(pair)} never rest while ${name} is the master: between two of its adverts, ${interval} apart, one of them becomes master too`,
    why: `Each steps down with a last advert (higher_prio_send_advert), which teaches the other its own interval: ${waits} later at most, before ${name} is heard again, that one is master beside ${name}, announces the address, and steps down with a last advert in its turn. The master does not answer them (lower_prio_no_advert), so this has no end.`,
    fix: `advert_int ${a.instance.advertIntervalNs / NS_PER_S} on every node; or no higher_prio_send_advert on ${b.node.name}`,
    related: pair.map(({ node, instance }) => ({
      ...keyPlace(instance, "higher_prio_send_advert"),
      message: `${node.name} advertises every ${seconds(instance.advertIntervalNs)}, and a last time when it steps down`,
    })),
  };
}
