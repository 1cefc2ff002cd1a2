/** The virtual routers of a configuration, each with its NICs, and those of a sync group joined; and which of them go on after a reload. */
import { equalBytes } from "../../base/bytes.ts";
import type { Nic } from "../../host/nic.ts";
import type { KeepalivedConf, VrrpInstance } from "./conf/model.ts";
import type { SharedByRouters } from "./shared-by-routers.ts";
import { SyncGroup, withTrackersOf } from "./sync-group.ts";
import { VirtualRouter } from "./virtual-router.ts";

/** The NICs of an instance: its interface, and the macvlan of `use_vmac`, null without it. */
export type NicsOf = (instance: VrrpInstance) => { readonly base: Nic; readonly virtual: Nic | null };

/** The configuration with the trackers of sync groups where they act: at every member. */
export function withGroupTrackers(conf: KeepalivedConf): KeepalivedConf {
  const groupOf = (instance: VrrpInstance) => conf.syncGroups.find(({ members }) => members.includes(instance.name));
  return { ...conf, instances: conf.instances.map((instance) => withTrackersOf(groupOf(instance), instance)) };
}

/** One router for each instance, in their order. */
export function buildRouters(conf: KeepalivedConf, nicsOf: NicsOf, shared: SharedByRouters): readonly VirtualRouter[] {
  const routers = conf.instances.map((instance) => {
    const { base, virtual } = nicsOf(instance);
    return new VirtualRouter(instance, base, virtual, shared);
  });
  for (const { name, members } of conf.syncGroups) {
    const group = new SyncGroup(name);
    for (const member of members) {
      const router = routers.find((candidate) => candidate.conf.name === member);
      if (router === undefined) continue;
      router.group = group;
      group.members.push(router);
    }
  }
  return routers;
}

/** By new router the one that it carries on after a reload: the VRID, the interface and where adverts go to are the same. */
export function carriedOn(
  before: readonly VirtualRouter[],
  after: readonly VirtualRouter[],
): ReadonlyMap<VirtualRouter, VirtualRouter> {
  const pairs = new Map<VirtualRouter, VirtualRouter>();
  const taken = new Set<VirtualRouter>();
  for (const router of after) {
    const candidates = before.filter((old) => !taken.has(old) && isSame(old, router));
    const old = candidates.find(({ conf }) => conf.name === router.conf.name) ?? candidates[0];
    if (old === undefined) continue;
    taken.add(old);
    pairs.set(router, old);
  }
  return pairs;
}

function isSame(old: VirtualRouter, router: VirtualRouter): boolean {
  const [a, b] = [old.conf, router.conf];
  if (a.vrid !== b.vrid || a.family !== b.family || old.base !== router.base || a.vmacName !== b.vmacName) return false;
  const isUnicast = a.unicastPeers.length > 0;
  if (isUnicast !== b.unicastPeers.length > 0) return false;
  return isUnicast || equalBytes(a.mcastDestination, 0, b.mcastDestination, 0, a.mcastDestination.length);
}
