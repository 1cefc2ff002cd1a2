/**
 * The virtual routers that share a VRID: one, unless somebody erred. Besides those of several nodes there are instances whose peers are not at
 * hand, each a router of its own.
 */
import type { Cluster, Member, VirtualRouterGroup } from "../cluster.ts";
import { intendedRouters } from "./intended-router.ts";

/** The members of one virtual router in the order of the nodes, at least one. */
export type Router = readonly Member[];

/** The virtual routers of all groups. */
export function routersOf({ groups }: Cluster): Router[] {
  return groups.flatMap(routersIn);
}

/**
 * The virtual routers of a group. Instances that belong to nobody are one router if they have one name: on two nodes that is a list of addresses
 * written wrongly rather than a second router.
 */
export function routersIn(group: VirtualRouterGroup): Router[] {
  const routers = intendedRouters({ nodes: [], groups: [group] });
  const joined = new Set(routers.flat());
  const byName = new Map<string, Member[]>();
  for (const member of group.members) {
    if (joined.has(member)) continue;
    const namesakes = byName.get(member.instance.name);
    if (namesakes !== undefined) namesakes.push(member);
    else {
      const router = [member];
      byName.set(member.instance.name, router);
      routers.push(router);
    }
  }
  return routers;
}

/** One member that differs, and one of those that it differs from. */
export interface OddPair {
  readonly odd: Member;
  readonly usual: Member;
}

/** The members whose value is not that of most; where none is more frequent, not that of the first member. */
export function oddOnes(members: Router, keyOf: (member: Member) => string): OddPair[] {
  const byValue = new Map<string, Member[]>();
  for (const member of members) {
    const value = keyOf(member);
    const alike = byValue.get(value);
    if (alike === undefined) byValue.set(value, [member]);
    else alike.push(member);
  }
  const [most, ...others] = [...byValue.values()].sort((a, b) => b.length - a.length);
  if (most === undefined) return [];
  return others.flat().map((odd) => ({ odd, usual: most[0]! }));
}
