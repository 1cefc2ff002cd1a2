/**
 * Why each virtual router changed its state in a run: the figures, what was done before it, the rule behind it with its source, and the lines of the
 * configuration that decided. Everything is taken from a finished run; nothing is run again.
 */
import { formatSeconds, NS_PER_S } from "../base/units.ts";
import type { Tracker, VrrpInstance, VrrpScript } from "../guest/keepalived/conf/model.ts";
import type { VrrpCause } from "../guest/keepalived/observer.ts";
import type { VrrpEvent } from "../observe/events.ts";
import type { Position } from "../text/config-error.ts";
import { placeOutside } from "../text/enclosed-text.ts";
import { printable, type Style } from "../text/style.ts";
import { formatIp } from "../wire/address.ts";
import { describeFrame } from "../wire/describe.ts";
import { stepText } from "./happenings.ts";
import type { Action, KeepalivedSpec, Scenario } from "./model.ts";
import type { RunResult } from "./run.ts";

/** What keepalived obeys, in words, and where that stands. */
export interface StateRule {
  readonly text: string;
  readonly source: string;
}

/** A value that decided. */
export interface DecidingLine {
  readonly key: string;
  readonly value: string;
  /** Null where it is not written, and keepalived's default holds. */
  readonly at: Position | null;
  /** Its line holds nothing else. False for a configuration that is one string of the scenario. */
  readonly isLine: boolean;
}

type Value = Omit<DecidingLine, "isLine">;

export interface Explanation {
  readonly event: VrrpEvent;
  /** The last thing that was done since the router's state before, or a change of another router that led to this one. */
  readonly before: string | null;
  readonly rule: StateRule;
  readonly lines: readonly DecidingLine[];
}

const RULES: Readonly<Record<VrrpCause, StateRule>> = {
  startup: {
    text: "every virtual router starts as a backup, whatever `state` says, unless its priority is 255",
    source: "RFC 5798 6.4.1; keepalived 2.2.7, vrrp_init_state",
  },
  "master-down-timer": {
    text: "a backup takes over when it has heard no advert that it heeds for down_timer_adverts × the master's interval + skew; the skew is (256 − priority)/256 s (version 3: of the interval); after a farewell it waits for the skew only",
    source: "RFC 3768 6.1, RFC 5798 6.1 and 6.4.2",
  },
  "higher-priority-advert": {
    text: "a master that hears a higher priority gives way at once, and says no farewell",
    source: "RFC 5798 6.4.3",
  },
  "same-priority-higher-address": {
    text: "of two masters with one priority the one with the higher source address stays",
    source: "RFC 5798 6.4.3",
  },
  "interface-down": {
    text: "without its interface, one that is tracked without a weight, or one that a virtual address is on, a router takes no part",
    source: "keepalived.conf(5), track_interface and dont_track_primary",
  },
  "script-failed": {
    text: "a tracked script without a weight that fails takes its routers out; a master says farewell",
    source: "keepalived.conf(5), vrrp_script and track_script",
  },
  "source-address-missing": {
    text: "adverts need an address of this host to come from",
    source: "keepalived 2.2.7, observed",
  },
  "faults-cleared": {
    text: "when the last fault has cleared, a router begins again as a backup and waits for a whole master-down time",
    source: "keepalived 2.2.7, try_up_instance",
  },
  "sync-group": {
    text: "the members of a sync group change state together",
    source: "keepalived.conf(5), vrrp_sync_group; keepalived 2.2.7, vrrp_sync.c",
  },
  "address-deleted": {
    text: "a master that loses a virtual address to somebody else says farewell, and tries again after its skew",
    source: "keepalived 2.2.7, observed",
  },
  reloaded: {
    text: "a virtual router that a new configuration has no more, or that has another VRID, interface or destination there, ends; a master says farewell",
    source: "keepalived 2.2.7, clear_diff_vrrp",
  },
  stopped: {
    text: "on SIGTERM a master says farewell with priority 0 and gives its addresses back",
    source: "RFC 5798 6.4.3",
  },
  "file-failed": {
    text: "a tracked file that holds another number than 0 takes its routers out if it has no weight, and one whose weighted number is −254 or less if it has",
    source: "keepalived.conf(5), track_file",
  },
  "process-failed": {
    text: "fewer processes than its quorum (or more than quorum_max) take the routers out that track them without a weight",
    source: "keepalived.conf(5), vrrp_track_process",
  },
  "bfd-down": {
    text: "a BFD session that is down takes the routers out that track it without a weight",
    source: "keepalived.conf(5), track_bfd",
  },
  killed: { text: "what is killed says nothing; its addresses stay configured", source: "keepalived 2.2.7, observed" },
  crashed: { text: "a machine that vanishes says nothing", source: "RFC 5798 1.2" },
};

/** Of every change of state, oldest first. */
export function explain(result: RunResult): Explanation[] {
  const { transitions, scenario } = result;
  return transitions.map((event, i) => {
    const earlier = transitions.slice(0, i);
    const spec = specInForce(event, scenario);
    const instance = spec?.conf.instances.find(({ name }) => name === event.instance);
    return {
      event,
      before: whatCameBefore(event, earlier, result),
      rule: RULES[event.cause],
      lines: spec === null || instance === undefined ? [] : linesOf(event, instance, spec),
    };
  });
}

/** `lineAt` gives the text of a line; null if it cannot be read any more. */
export function formatExplanations(
  explanations: readonly Explanation[],
  lineAt: (at: Position) => string | null,
  style: Style,
): string {
  return explanations.map((explanation) => formatOne(explanation, lineAt, style)).join("\n");
}

function formatOne({ event, before, rule, lines }: Explanation, lineAt: (at: Position) => string | null, style: Style) {
  const places = lines.map(({ at }) => (at === null ? "not written" : `${at.file}:${at.line}`));
  const width = Math.max(0, ...places.map(({ length }) => length));
  const rows: [string, string][] = [
    ["why", printable(event.reason)],
    ...(before === null ? [] : [["before", printable(before)] as [string, string]]),
    ["rule", rule.text],
    ["source", rule.source],
    ...lines.map(({ key, value, at, isLine }, i): [string, string] => {
      const line = at === null || !isLine ? null : lineAt(at);
      const text = at === null ? `${key} ${value}, keepalived's own` : (line?.trim() ?? `${key} ${value}`);
      return [i === 0 ? "lines" : "", `${places[i]!.padEnd(width)}  ${printable(text)}`];
    }),
  ];
  const head = `${formatSeconds(event.atNs).padStart(12)}  ${event.host}  ${event.instance} ${event.from} → ${event.to}, priority ${event.priority}`;
  return [
    style.bold(head),
    ...rows.map(([word, text]) => `${" ".repeat(14)}${style.dim(word.padEnd(8))}${text}`),
    "",
  ].join("\n");
}

/** Steps that change nothing that a router depends on; of frames that are sent only adverts do. */
const QUIET_VERBS: ReadonlySet<Action["verb"]> = new Set(["snapshot", "send", "announce", "answer", "ping", "udp"]);

function isForgedAdvert(action: Action): boolean {
  if (action.verb !== "send" && action.verb !== "announce") return false;
  return / VRRPv[23] advert /.test(describeFrame(action.frame, 0, action.frame.length));
}

/** The nearest cause outside the router: a step of the timeline, or for a master that gives way who came instead. */
function whatCameBefore(event: VrrpEvent, earlier: readonly VrrpEvent[], { scenario }: RunResult): string | null {
  const stepsAfter = (sinceNs: number) =>
    scenario.timeline.filter(
      ({ atNs, action }) =>
        atNs > sinceNs && atNs <= event.atNs && (!QUIET_VERBS.has(action.verb) || isForgedAdvert(action)),
    );
  if (event.cause === "higher-priority-advert" || event.cause === "same-priority-higher-address") {
    const rival = earlier.findLast(
      ({ subnet, vrid, host, to }) =>
        subnet === event.subnet && vrid === event.vrid && host !== event.host && to === "MASTER",
    );
    if (rival === undefined) {
      const forged = stepsAfter(-1).findLast(({ action }) => isForgedAdvert(action));
      return forged === undefined ? null : stepWords(forged);
    }
    // One that was master before, and is heard only now.
    const since = stepsAfter(rival.atNs).at(-1);
    return since === undefined ? `${rival.host} became MASTER at ${formatSeconds(rival.atNs)}` : stepWords(since);
  }
  // What silenced the master came after its last advert, and is the first that did.
  if (event.cause === "master-down-timer" && event.heardNs >= 0) {
    const first = stepsAfter(event.heardNs)[0];
    return first === undefined ? null : stepWords(first);
  }
  const own = earlier.findLast(({ host, instance }) => host === event.host && instance === event.instance);
  const last = stepsAfter(own?.atNs ?? -1).at(-1);
  return last === undefined ? null : stepWords(last);
}

function stepWords({ atNs, action }: { readonly atNs: number; readonly action: Action }): string {
  const { who, text } = stepText(action);
  return `${who} ${text} at ${formatSeconds(atNs)}`;
}

/** The configuration that the host's keepalived has at that moment: the last one that it was told to read. */
function specInForce({ host, atNs }: VrrpEvent, { hosts, timeline }: Scenario): KeepalivedSpec | null {
  const spec = hosts.find(({ name }) => name === host)?.keepalived ?? null;
  return timeline.reduce(
    (before, { atNs: readNs, action }) =>
      action.verb === "reload" && action.host === host && readNs <= atNs ? action.keepalived : before,
    spec,
  );
}

function linesOf(event: VrrpEvent, instance: VrrpInstance, spec: KeepalivedSpec): DecidingLine[] {
  return valuesOf(event, instance, spec.conf.scripts).map((value) => ({
    ...value,
    at: value.at === null ? null : placeOutside(spec, value.at),
    isLine: spec.source !== "string",
  }));
}

/** With their places in the configuration. */
function valuesOf(event: VrrpEvent, instance: VrrpInstance, scripts: readonly VrrpScript[]): Value[] {
  const { basePriority, advertIntervalNs, downTimerAdverts } = instance;
  const written = (key: string, value: string): Value => ({ key, value, at: instance.keys.get(key) ?? null });
  const priority = written("priority", `${basePriority}`);
  const { trackScripts, trackInterfaces, trackFiles, trackProcesses, trackBfds } = instance;
  const weighed = [...trackScripts, ...trackInterfaces, ...trackFiles, ...trackProcesses, ...trackBfds]
    .filter(({ weight }) => weight !== 0)
    .map(trackerLine);
  switch (event.cause) {
    case "startup":
      return [written("state", instance.initialState), priority];
    case "master-down-timer": {
      const preemption = instance.nopreempt ? "nopreempt" : instance.preemptDelayNs > 0 ? "preempt_delay" : null;
      return [
        priority,
        ...(event.priority === basePriority ? [] : weighed),
        written("advert_int", `${advertIntervalNs / NS_PER_S}`),
        ...(downTimerAdverts === 3 ? [] : [written("down_timer_adverts", `${downTimerAdverts}`)]),
        ...(preemption === null ? [] : [written(preemption, "")]),
      ];
    }
    case "higher-priority-advert":
    case "same-priority-higher-address":
      return [priority, ...(event.priority === basePriority ? [] : weighed)];
    case "interface-down":
      return [
        written("interface", instance.interface ?? ""),
        ...trackInterfaces.filter(({ weight }) => weight === 0).map(trackerLine),
      ];
    case "script-failed":
      return trackScripts
        .filter(({ name }) => event.reason.includes(name))
        .flatMap((tracker) => {
          const script = scripts.find(({ name }) => name === tracker.name);
          return [
            trackerLine(tracker),
            ...(script === undefined ? [] : [{ key: "vrrp_script", value: script.name, at: script.position }]),
          ];
        });
    case "file-failed":
      return named(trackFiles, event.reason);
    case "process-failed":
      return named(trackProcesses, event.reason);
    case "bfd-down":
      return named(trackBfds, event.reason);
    case "source-address-missing":
      return instance.unicastSourceIp === null ? [] : [written("unicast_src_ip", formatIp(instance.unicastSourceIp))];
    default:
      return [];
  }
}

/** Of those trackers the ones that the reason speaks of. */
function named(trackers: readonly Tracker[], reason: string): Value[] {
  return trackers.filter(({ name }) => reason.includes(name)).map(trackerLine);
}

function trackerLine({ name, weight, position }: Tracker): Value {
  return { key: "track", value: weight === 0 ? name : `${name} weight ${weight}`, at: position };
}
