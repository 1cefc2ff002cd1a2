/**
 * What happened in a run, one line each, in the order in which it happened: what the report's time line, `--events` and the explanation
 * of a failed expectation are made of.
 */

import type { EventEmitter } from "eventemitter3";
import { formatSeconds, formatSpan, NS_PER_MS } from "../base/units.ts";
import type { Pace } from "../host/repeater.ts";
import type { HolderEvent, LostEvent, NetworkEvents, OutageEvent, StormEvent, VrrpEvent } from "../observe/events.ts";
import { directionText, impairText, wayText } from "../sim/impair-text.ts";
import { formatIp, formatMac } from "../wire/address.ts";
import { describeFrame } from "../wire/describe.ts";
import type {
  Action,
  AnnounceAction,
  AnswerAction,
  ImpairAction,
  Scenario,
  SendAction,
  TrafficAction,
} from "./model.ts";
import { unansweredText } from "./outage-text.ts";

/**
 * `step`: what the timeline did. `state`: a virtual router. `holder`: the network re-pointed an address. `announcement`, `neighbour`,
 * `outage`, `note`, `storm`: as the events. `moved`: a MAC moved where a subnet has several switches. `detail`: a dropped or lost frame,
 * a MAC that moved elsewhere, a cache entry's change of state: too many for the report.
 */
export type HappeningKind =
  | "step"
  | "state"
  | "holder"
  | "announcement"
  | "neighbour"
  | "moved"
  | "outage"
  | "note"
  | "storm"
  | "detail";

/** Announcements of one address that a cable loses within such a time are one burst, and told once. */
const BURST_GAP_NS = 100 * NS_PER_MS;

export interface Happening {
  readonly atNs: number;
  readonly kind: HappeningKind;
  /** Whom it happened to: a host, `network`, or the name of a probe. */
  readonly who: string;
  readonly text: string;
}

/**
 * Calls `tell` for every happening of a network; for dropped and lost frames only if `frames` is set, because they cost. `meshed` are the
 * subnets that have several switches.
 */
export function narrate(
  events: EventEmitter<NetworkEvents>,
  tell: (happening: Happening) => void,
  frames: boolean,
  meshed: ReadonlySet<string>,
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
  events.on("outage", (event) => tell(outageHappening(event)));
  events.on("note", ({ atNs, host, text }) => tell({ atNs, kind: "note", who: host, text }));
  events.on("storm", (event) => tell({ atNs: event.atNs, kind: "storm", who: "network", text: stormText(event) }));
  events.on("lost", lostTeller(tell, frames));
  if (meshed.size > 0 || frames) {
    events.on("moved", ({ atNs, subnet, switch: at, mac, from, to }) => {
      if (meshed.has(subnet))
        tell({ atNs, kind: "moved", who: at, text: `${mac} is now behind ${to}, before ${from}` });
      else tell({ atNs, kind: "detail", who: "network", text: `${mac} moved from ${from} to ${to} in ${subnet}` });
    });
  }
  if (!frames) return;
  events.on("dropped", ({ atNs, port, cause, frame }) => {
    tell({ atNs, kind: "detail", who: "network", text: `dropped from ${port} (${cause}): ${frame}` });
  });
}

const LOSS_TEXT = { chance: "loses", policer: "polices", queue: "has no room for" } as const;
const DETAIL_TEXT = { chance: "", policer: ", policed", queue: ", no room" } as const;

/** An outage that has ended. */
export function outageHappening({ probe, fromNs, untilNs, lost, late }: OutageEvent): Happening {
  const text = `answered again after ${formatSpan(untilNs - fromNs)}, ${unansweredText(lost, late)}`;
  return { atNs: untilNs, kind: "outage", who: probe, text };
}

/** Announcements that a cable loses decide outages, and are told burst by burst; other frames are a detail. */
function lostTeller(tell: (happening: Happening) => void, frames: boolean): (event: LostEvent) => void {
  const toldNs = new Map<string, number>();
  return ({ atNs, link, from, to, direction, cause, frame, announces }) => {
    const burst = `${link} ${from} ${announces} ${cause}`;
    const isNew = announces !== null && atNs - (toldNs.get(burst) ?? Number.NEGATIVE_INFINITY) > BURST_GAP_NS;
    if (announces !== null) toldNs.set(burst, atNs);
    const way = wayText(from, to, direction);
    // Of a vNIC's cable its host tells.
    const who = direction === "out" ? from : direction === "in" ? to : link;
    const nic = direction === null ? "" : `${link.slice(who.length + 1)} `;
    if (isNew)
      tell({ atNs, kind: "note", who, text: `${nic}${LOSS_TEXT[cause]} announcements of ${announces} ${way}` });
    if (frames) tell({ atNs, kind: "detail", who, text: `${nic}lost ${way}${DETAIL_TEXT[cause]}: ${frame}` });
  };
}

/** A step of the timeline, as a person would say it; `futility` as the end of its sentence says why it changes nothing. */
export function stepText(action: Action, futility: string | null = null): { who: string; text: string } {
  const { who, text } = changeText(action);
  if (futility === null) return { who, text };
  // What is said to have changed would be no beginning of such a sentence.
  if (action.verb === "link-down" || action.verb === "link-up") {
    const nics = "link" in action.on ? "" : `${action.on.nics.map(({ nic }) => nic).join(", ")} `;
    return { who, text: `${nics}${futility}` };
  }
  return { who, text: `${text}, ${futility}` };
}

function changeText(action: Action): { who: string; text: string } {
  switch (action.verb) {
    case "start":
      return { who: action.host, text: "keepalived is started" };
    case "stop":
      return { who: action.host, text: "keepalived is stopped in good order" };
    case "kill": {
      const whole = action.process === "both";
      return { who: action.host, text: `keepalived${whole ? "" : `'s ${action.process} process`} is killed` };
    }
    case "reload":
      return { who: action.host, text: `keepalived is told to read its new configuration` };
    case "command":
      return { who: action.host, text: `somebody types ${action.run}` };
    case "send":
      return { who: action.host, text: `${action.nic} sends ${frameText(action)}` };
    case "announce": {
      const what = `FORGES an announcement of ${formatIp(action.vip)} (${action.form})`;
      return { who: action.host, text: `${what}: ${frameText(action)}` };
    }
    case "answer":
      return { who: action.host, text: answerText(action) };
    case "ping":
    case "udp":
      return { who: action.from, text: trafficText(action) };
    case "pause":
      return { who: action.machine, text: `STANDS STILL${guestsText(action.hosts, "on")}` };
    case "resume":
      return { who: action.machine, text: `goes on${guestsText(action.hosts, "on")}` };
    case "crash": {
      const guests = guestsText(action.hosts, "with");
      return { who: action.machine, text: `CRASHES: the machine vanishes without a word${guests}` };
    }
    case "restore":
      return { who: action.machine, text: `boots again${guestsText(action.hosts, "on")}` };
    case "link-down":
    case "link-up": {
      const fate = action.verb === "link-down" ? "LOSES CARRIER" : "has carrier again";
      if ("link" in action.on) return { who: action.on.link, text: fate };
      const { nics } = action.on;
      return { who: nics[0]!.host, text: `${nics.map(({ nic }) => nic).join(", ")} ${fate}` };
    }
    case "impair":
      return impairedText(action);
    case "partition":
      return { who: "network", text: `PARTITIONED: ${action.groups.map((group) => group.join(" ")).join(" | ")}` };
    case "heal":
      return { who: "network", text: "whole again" };
    case "script":
      return { who: action.host, text: `script ${action.name} exits with ${action.exit} from now on` };
    case "file":
      return { who: action.host, text: `file ${action.name} holds ${action.value} from now on` };
    case "process":
      return { who: action.host, text: `${action.count} of process ${action.name} run from now on` };
    case "bfd":
      return { who: action.host, text: `BFD session ${action.name} goes ${action.up ? "up" : "down"}` };
    case "snapshot":
      return { who: "network", text: `snapshot ${action.name}` };
  }
}

/** `, and vm-A, vm-B on it` of a server; nothing of a host. */
function guestsText(hosts: readonly string[] | null, word: "on" | "with"): string {
  return hosts === null ? "" : `, and ${hosts.join(", ")} ${word} it`;
}

/** Names of the addresses that the scenario calls HAVIPs, by address. */
export function havipNames(scenario: Scenario): ReadonlyMap<string, string> {
  return new Map(scenario.havips.map(({ name, address }) => [formatIp(address), name]));
}

export const FORM_TEXT = {
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

function impairedText({ on, direction, words, forNs }: ImpairAction): { who: string; text: string } {
  const time = forNs === null ? "" : ` for ${formatSpan(forNs)}`;
  const what = impairText(words);
  if ("nics" in on) {
    const nics = on.nics.map(({ nic }) => nic).join(", ");
    return { who: on.nics[0]!.host, text: `${nics} ${what} ${directionText(direction)}${time}` };
  }
  const { link, way } = on;
  return {
    who: link,
    text: `${what} ${way === null ? directionText("both") : wayText(way.from, way.to, null)}${time}`,
  };
}

function answerText({ address, holders }: AnswerAction): string {
  const macs = holders.map(
    ({ mac, afterNs }) => `${formatMac(mac)}${afterNs > 0 ? ` after ${formatSpan(afterNs)}` : ""}`,
  );
  const by = macs.length === 0 ? "nobody answers" : `answers as ${macs.join(", ")}`;
  return `${by} questions for ${formatIp(address)} from now on`;
}

function frameText({ frame, pace }: SendAction | AnnounceAction): string {
  const { count, everyNs } = pace;
  const times = Number.isFinite(count) && count > 1 ? `, ${count} times` : "";
  return `${describeFrame(frame, 0, frame.length)}${times}${everyNs > 0 && count > 1 ? paceText(pace) : ""}`;
}

/** `, one every 1.000 s until 9.000 s`. */
function paceText({ everyNs, untilNs }: Pace): string {
  return `, one every ${formatSpan(everyNs)}${Number.isFinite(untilNs) ? ` until ${formatSeconds(untilNs)}` : ""}`;
}

function trafficText({ traffic }: TrafficAction): string {
  const { kind, to, port, count, everyNs } = traffic;
  const target = kind === "udp" ? `${formatIp(to)} port ${port}` : formatIp(to);
  const what = kind === "udp" ? "datagram" : "echo request";
  const many = Number.isFinite(count) ? `${count} ${what}${count === 1 ? "" : "s"}` : `${what}s`;
  return `sends ${many} to ${target}${everyNs > 0 ? paceText(traffic) : ""}`;
}

function stormText({ phase, subnet, fromNs, untilNs, switches, crossings, crossingsPerSecond }: StormEvent): string {
  const way = switches.join(" – ");
  switch (phase) {
    case "began":
      return `BROADCAST STORM in ${subnet} since ${formatSeconds(fromNs, 6)}: frames circle ${way} and cross its links ${countText(crossingsPerSecond)} times a second`;
    case "over":
      return `the storm in ${subnet} is over after ${formatSpan(untilNs - fromNs)}, ${countText(crossings)} crossings`;
    case "limit":
      return `THE RUN ENDS HERE: the storm in ${subnet} has cost all that it may, ${countText(crossings)} crossings in ${formatSpan(untilNs - fromNs)}`;
  }
}

/** `1,488,095`. */
export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
