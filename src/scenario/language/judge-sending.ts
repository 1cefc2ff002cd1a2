/** What `send`, `announce`, `ping` and `udp` steps would send in all: as with probes, a scenario that could never come to its end is refused. */
import type { Pace } from "../../host/repeater.ts";
import type { Action, Step } from "../model.ts";
import type { Network } from "./read-hosts.ts";

/** Frames of all steps together, each for every host that may get it: some twenty seconds' work. */
const DELIVERIES_MAX = 100_000_000;

/** Findings at steps that send nothing because they end before they begin, and at the one that sends most if all send too much. */
export function judgeSending({ judge, machines, untilNs: endNs }: Network, steps: readonly (Step | null)[]): void {
  let total = 0;
  let most = { deliveries: 0, path: [] as (string | number)[] };
  for (const [index, step] of steps.entries()) {
    const pace = step === null ? null : paceOf(step.action);
    if (step === null || pace === null) continue;
    const { count, everyNs, untilNs } = pace;
    const path = ["timeline", index, step.action.verb];
    const lastNs = Math.min(untilNs, endNs ?? step.atNs);
    if (everyNs > 0 && untilNs <= step.atNs)
      judge.error(
        [...path, "until"],
        "it ends before the step begins, and nothing would be sent",
        "a later moment than its 'at'",
      );
    const frames = everyNs === 0 ? count : Math.min(count, Math.ceil(Math.max(0, lastNs - step.atNs) / everyNs));
    const deliveries = frames * Math.max(1, machines.values.length);
    total += deliveries;
    if (deliveries > most.deliveries) most = { deliveries, path };
  }
  if (total > DELIVERIES_MAX)
    judge.error(
      most.path,
      `all steps that send would make up to ${total} deliveries, ${most.deliveries} of them this one; at most ${DELIVERIES_MAX}`,
      "send less often, or for a shorter time (count, every, until)",
    );
}

function paceOf(action: Action): Pace | null {
  if (action.verb === "send" || action.verb === "announce") return action.pace;
  return action.verb === "ping" || action.verb === "udp" ? action.traffic : null;
}
