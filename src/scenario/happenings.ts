/**
 * What happened in a run, one line each, in the order in which it happened: what the report's time line, `--events` and the explanation
 * of a failed expectation are made of.
 */

import type { EventEmitter } from "eventemitter3";
import { formatSpan } from "../base/units.ts";
import type { HolderEvent, NetworkEvents, VrrpEvent } from "../observe/events.ts";
import { formatIp } from "../wire/address.ts";
import type { Action, Scenario } from "./model.ts";

/**
 * `step`: what the timeline did. `state`: a virtual router. `holder`: the network re-pointed an address. `announcement`, `neighbour`,
 * `outage`, `note`: as the events. `detail`: a dropped frame, a moved MAC, a cache entry's change of state: too many for the report.
 */
export type HappeningKind = "step" | "state" | "holder" | "announcement" | "neighbour" | "outage" | "note" | "detail";

export interface Happening {
  readonly atNs: number;
  readonly kind: HappeningKind;
  /** Whom it happened to: a host, `network`, or the name of a probe. */
  readonly who: string;
  readonly text: string;
}

/** Calls `tell` for every happening of a network; for dropped frames and moved MACs only if `frames` is set, because they cost. */
export function narrate(
  events: EventEmitter<NetworkEvents>,
  tell: (happening: Happening) => void,
  frames: boolean,
): void {
  events.on("vrrp", (event) => {
    // That a machine has gone is said by the step that took it away.
    const kind = event.cause === "crashed" ? "detail" : "state";
    tell({ atNs: event.atNs, kind, who: event.host, text: stateText(event) });
  });
  events.on("holder", (event) => tell({ atNs: event.atNs, kind: "holder", who: "network", text: holderText(event) }));
  events.on("announcement", ({ atNs, host, vip, form, counts }) => {
    const text = `announces ${vip} (${FORM_TEXT[form]})`;
    if (counts) tell({ atNs, kind: "announcement", who: host, text });
    else tell({ atNs, kind: "note", who: host, text: `${text}, but is no claimant: the network takes no notice` });
  });
  events.on("neighbour", ({ atNs, host, address, mac, macBefore, state }) => {
    const text = `neighbour ${address} ${mac === null ? "" : `lladdr ${mac} `}${state}`;
    // Where packets go changes with the MAC; the states between are a detail.
    tell({ atNs, kind: mac === macBefore ? "detail" : "neighbour", who: host, text });
  });
  events.on("outage", ({ probe, fromNs, untilNs, lost }) => {
    const text = `answered again after ${formatSpan(untilNs - fromNs)}, ${lost} lost`;
    tell({ atNs: untilNs, kind: "outage", who: probe, text });
  });
  events.on("note", ({ atNs, host, text }) => tell({ atNs, kind: "note", who: host, text }));
  if (!frames) return;
  events.on("moved", ({ atNs, subnet, mac, from, to }) => {
    tell({ atNs, kind: "detail", who: "network", text: `${mac} moved from ${from} to ${to} in ${subnet}` });
  });
  events.on("dropped", ({ atNs, port, cause, frame }) => {
    tell({ atNs, kind: "detail", who: "network", text: `dropped from ${port} (${cause}): ${frame}` });
  });
}

/** A step of the timeline, as a person would say it. */
export function stepText(action: Action): { who: string; text: string } {
  switch (action.verb) {
    case "start":
      return { who: action.host, text: "keepalived is started" };
    case "stop":
      return { who: action.host, text: "keepalived is stopped in good order" };
    case "kill":
      return { who: action.host, text: "keepalived is killed" };
    case "crash":
      return { who: action.host, text: "CRASHES: the machine vanishes without a word" };
    case "restore":
      return { who: action.host, text: "boots again" };
    case "link-down":
    case "link-up":
      return {
        who: action.nics[0]!.host,
        text: `${action.nics.map(({ nic }) => nic).join(", ")} ${action.verb === "link-down" ? "LOSES CARRIER" : "has carrier again"}`,
      };
    case "partition":
      return { who: "network", text: `PARTITIONED: ${action.groups.map((group) => group.join(" ")).join(" | ")}` };
    case "heal":
      return { who: "network", text: "whole again" };
    case "script":
      return { who: action.host, text: `script ${action.name} exits with ${action.exit} from now on` };
    case "snapshot":
      return { who: "network", text: `snapshot ${action.name}` };
  }
}

/** Names of the addresses that the scenario calls HAVIPs, by address. */
export function havipNames(scenario: Scenario): ReadonlyMap<string, string> {
  return new Map(scenario.havips.map(({ name, address }) => [formatIp(address), name]));
}

const FORM_TEXT = {
  "garp-request": "gratuitous ARP request",
  "garp-reply": "gratuitous ARP reply",
  na: "unsolicited neighbour advertisement",
} as const;

function stateText({ instance, from, to, reason }: VrrpEvent): string {
  return `${instance} ${from} → ${to}: ${reason}`;
}

function holderText({ vip, havip, from, to, cause }: HolderEvent): string {
  const name = havip === null ? vip : `${havip} ${vip}`;
  const before = from === null ? "" : `, before ${from.host}.${from.nic}`;
  if (to === null || cause === "link-down") return `nobody holds ${name} now${before}: its port lost carrier`;
  return `${name} is now at ${to.host}.${to.nic} (${to.mac})${before}: ${FORM_TEXT[cause]}`;
}
