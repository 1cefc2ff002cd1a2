/**
 * What the trackers of one virtual router make of it: which of them are a fault (weight 0), and what the others add to the priority.
 *
 *   weight > 0   added while the script succeeds, or the interface is up
 *   weight < 0   taken away while it fails, or is down
 *   reverse      the other way round
 *
 * The sum is kept within 1 to 254; an address owner's 255 is never changed (keepalived 2.2.7, `vrrp_set_effective_priority`).
 */
import { VRRP_PRIORITY_OWNER } from "../../wire/vrrp.ts";
import type { Tracker } from "./conf/model.ts";
import type { ScriptRunner } from "./script-runner.ts";
import type { VirtualRouter } from "./virtual-router.ts";

/** Judges all trackers of `router` anew. `linkUp` is the daemon's knowledge of carriers, by NIC name. */
export function applyTrackers(
  router: VirtualRouter,
  scripts: ReadonlyMap<string, ScriptRunner>,
  linkUp: ReadonlyMap<string, boolean>,
): void {
  const { conf } = router;
  let priority = router.basePriority;
  for (const tracker of conf.trackScripts) {
    const ok = scripts.get(tracker.name)?.ok ?? null;
    if (tracker.weight === 0) {
      const bad = ok !== null && ok === tracker.reverse;
      router.setFault(`script ${tracker.name}`, "script-failed", bad, ok === true ? "succeeds" : "fails");
    }
    priority += contribution(tracker, ok);
  }
  for (const tracker of conf.trackInterfaces) {
    const up = linkUp.get(tracker.name) ?? null;
    if (tracker.weight === 0) {
      const bad = up !== null && up === tracker.reverse;
      router.setFault(`interface ${tracker.name}`, "interface-down", bad, up === true ? "is up" : "is down");
    }
    priority += contribution(tracker, up);
  }
  for (const { name } of ownInterfaces(router)) {
    const up = linkUp.get(name) !== false;
    router.setFault(`interface ${name}`, "interface-down", !up, up ? "is up again" : "is down");
  }
  const isOwner = router.basePriority === VRRP_PRIORITY_OWNER;
  router.setPriority(isOwner ? VRRP_PRIORITY_OWNER : Math.min(254, Math.max(1, priority)));
  // Only now, with every fault known, may a router that waited for its scripts go on.
  for (const { name, weight } of conf.trackScripts) {
    if (weight === 0 && (scripts.get(name)?.ok ?? null) !== null) router.scriptReported(name);
  }
}

/** The interfaces whose loss is a fault without being listed: its own, and those that virtual addresses live on. */
export function ownInterfaces(router: VirtualRouter): { name: string }[] {
  const { conf } = router;
  if (conf.dontTrackPrimary) return [];
  const devices = [...conf.addresses, ...conf.excludedAddresses].filter(
    ({ device, noTrack }) => device !== null && !noTrack,
  );
  return [{ name: router.base.name }, ...devices.map(({ device }) => ({ name: device! }))];
}

function contribution(tracker: Tracker, ok: boolean | null): number {
  if (ok === null) return 0;
  const good = ok !== tracker.reverse;
  return tracker.weight > 0 ? (good ? tracker.weight : 0) : good ? 0 : tracker.weight;
}
