/** What keepalived runs when an instance or its sync group changes state. */
import { keyPlace } from "../../guest/keepalived/conf/key-places.ts";
import type { NotifyCommands } from "../../guest/keepalived/conf/model.ts";
import type { Position } from "../../text/config-error.ts";
import type { Member } from "../cluster.ts";
import { syncGroupOf } from "./tracked.ts";

/** A command, and the line that it stands in. */
export interface NotifyCommand {
  readonly command: string;
  readonly at: Position;
}

type NotifyEvent = keyof NotifyCommands;

const KEYS: Readonly<Record<NotifyEvent, string>> = {
  any: "notify",
  master: "notify_master",
  backup: "notify_backup",
  fault: "notify_fault",
  stop: "notify_stop",
  deleted: "notify_deleted",
  masterRxLowerPriority: "notify_master_rx_lower_pri",
};

const EVENTS = Object.keys(KEYS) as NotifyEvent[];

/** The commands of these events, in their order: the instance's own, then those of its sync group. */
export function notifyCommands({ node, instance }: Member, events: readonly NotifyEvent[] = EVENTS): NotifyCommand[] {
  const group = syncGroupOf(node.conf, instance);
  return [instance, ...(group === undefined ? [] : [group])].flatMap((by) =>
    events.flatMap((event) => {
      const command = by.notify[event];
      return command === null ? [] : [{ command, at: keyPlace(by, KEYS[event]) }];
    }),
  );
}

/** The first program of `programs` that a notify command of `member` names; null if none does. Scripts are not looked into. */
export function programCalled(
  member: Member,
  programs: RegExp,
): { readonly program: string; readonly at: Position } | null {
  for (const { command, at } of notifyCommands(member)) {
    const called = programs.exec(command);
    if (called !== null) return { program: called[0], at };
  }
  return null;
}
