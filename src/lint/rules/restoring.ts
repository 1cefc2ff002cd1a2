/**
 * What `notify_master` sets outside of the host, as an address of a cloud, has to be set again after a split. The lower node ran its command when it
 * became master; the upper one never left that state, so that only `notify_master_rx_lower_pri` or a notify FIFO tells it.
 */
import type { Member } from "../cluster.ts";
import type { Rule } from "../rule.ts";
import { intendedRouters } from "./intended-router.ts";
import { type NotifyCommand, notifyCommands } from "./notify-commands.ts";
import { priorityOf } from "./priorities.ts";
import { nodeNames } from "./words.ts";

/** What runs when `member` becomes master; null for nothing. */
function masterCommand(member: Member): NotifyCommand | null {
  return notifyCommands(member, ["master", "any"])[0] ?? null;
}

function hearsOfLower({ node, instance }: Member): boolean {
  const { notifyFifo, vrrpNotifyFifo } = node.conf.globalDefs;
  return instance.notify.masterRxLowerPriority !== null || notifyFifo !== null || vrrpNotifyFifo !== null;
}

export const notifyMasterNotRestored: Rule = {
  name: "notify-master-not-restored",
  severity: "hint",
  summary: "notify_master without notify_master_rx_lower_pri: what a lower node changed in a split is not changed back",
  check(cluster, report) {
    for (const router of intendedRouters(cluster))
      for (const member of router) {
        const own = masterCommand(member);
        if (own === null || hearsOfLower(member)) continue;
        const lower = router
          .filter((other) => priorityOf(other).value < priorityOf(member).value)
          .filter((other) => masterCommand(other) !== null);
        if (lower.length === 0) continue;
        const { name } = member.node;
        const names = nodeNames(lower);
        report({
          at: own.at,
          message: `${name} runs its command when it becomes master, and none when it has been master all along and hears ${names} as another one`,
          why: `In a split ${names} runs its command too. Afterwards ${name} is the only master, but what the command changes outside stays as ${names} left it.`,
          fix: `notify_master_rx_lower_pri "${own.command}"`,
          related: lower.map((other) => ({
            ...masterCommand(other)!.at,
            message: `${other.node.name} has a command for becoming master`,
          })),
        });
      }
  },
};
