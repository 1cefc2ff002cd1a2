/** What keepalived runs when an instance or its sync group changes state. */
import type { NotifyCommands } from "../../guest/keepalived/conf/model.ts";
import type { Member } from "../cluster.ts";
import { syncGroupOf } from "./tracked.ts";

/** The first program of `programs` that a notify command of `member` names; null if none does. Scripts are not looked into. */
export function programCalled({ node, instance }: Member, programs: RegExp): string | null {
  const group = syncGroupOf(node.conf, instance);
  for (const command of [...commandsOf(instance.notify), ...(group === undefined ? [] : commandsOf(group.notify))]) {
    const called = programs.exec(command);
    if (called !== null) return called[0];
  }
  return null;
}

function commandsOf({ any, master, backup, fault, stop, deleted, masterRxLowerPriority }: NotifyCommands): string[] {
  const commands = [any, master, backup, fault, stop, deleted, masterRxLowerPriority];
  return commands.filter((command) => command !== null);
}
