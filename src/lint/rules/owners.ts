/**
 * Address owners: priority 255 is for the router whose interface has the virtual address for good (RFC 9568 section 5.2.4). It is master at once,
 * yields to nobody and has no weights. keepalived gives it to whoever is MASTER without a priority.
 */
import { keyPlace } from "../../guest/keepalived/conf/key-places.ts";
import type { Rule } from "../rule.ts";
import { intendedRouters } from "./intended-router.ts";
import { isOwner } from "./priorities.ts";
import { nodeNames } from "./words.ts";

const PRIORITY_DEFAULT = 100;
const PRIORITY_MAX = 254;
/** Between two nodes, so that others find room in between. */
const PRIORITY_STEP = 10;

export const masterWithoutPriority: Rule = {
  name: "master-without-priority",
  severity: "error",
  summary: "state MASTER without a priority, which makes it 255",
  check(cluster, report) {
    const routers = intendedRouters(cluster);
    for (const node of cluster.nodes)
      for (const instance of node.conf.instances) {
        const member = { node, instance };
        if (!isOwner(member) || instance.keys.has("priority")) continue;
        const router = routers.find((members) => members.some((other) => other.instance === instance)) ?? [];
        const others = router.filter((other) => !isOwner(other)).map((other) => other.instance.basePriority);
        const above = Math.min(PRIORITY_MAX, Math.max(...others, PRIORITY_DEFAULT - PRIORITY_STEP) + PRIORITY_STEP);
        report({
          at: keyPlace(instance, "state"),
          message: `state MASTER without a priority makes ${instance.name} an address owner with priority 255`,
          why: `${node.name} is master in the moment of its start, whoever holds the address, and no weight, nopreempt or preempt_delay changes that: of what it tracks only a FAULT (weight 0) still moves the address away.`,
          fix: `priority ${above}`,
        });
      }
  },
};

export const severalOwners: Rule = {
  name: "several-owners",
  severity: "warning",
  summary: "priority 255 on more than one node",
  check(cluster, report) {
    for (const router of intendedRouters(cluster)) {
      const owners = router.filter((member) => isOwner(member) && member.instance.keys.has("priority"));
      const last = owners.at(-1);
      if (last === undefined || owners.length < 2) continue;
      report({
        at: keyPlace(last.instance, "priority"),
        message: `${nodeNames(owners)} have priority 255, and only one node can own the address`,
        why: "Each is master in the moment of its start. Whichever hears the other then lowers itself to 254 until its next start, and gives the address up: whose advert comes first decides.",
        fix: `priority ${PRIORITY_DEFAULT} on ${last.node.name}, or any other below 255`,
        related: owners.slice(0, -1).map(({ node, instance }) => ({
          ...keyPlace(instance, "priority"),
          message: `${node.name}: priority 255`,
        })),
      });
    }
  },
};
