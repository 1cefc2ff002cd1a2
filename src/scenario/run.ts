/** Runs a scenario in virtual time: builds it, lets it happen, judges it, and reports. */
import { assert } from "../base/assert.ts";
import { secondsFromNs } from "../base/units.ts";
import { VERSION } from "../base/version.ts";
import type { Probe } from "../host/probe.ts";
import { Capture } from "../observe/capture.ts";
import type { HolderEvent, OutageEvent, VrrpEvent } from "../observe/events.ts";
import { type SplitBrain, splitBrainsOf } from "../observe/split-brain.ts";
import type { Network } from "../sim/network.ts";
import { portLabel, type SimPort } from "../sim/sim-switch.ts";
import type { Storm } from "../sim/storm-watch.ts";
import { buildNetwork } from "./build.ts";
import { countersOf } from "./counters.ts";
import { judge, type Verdict } from "./expectations.ts";
import { type Happening, narrate, outageHappening, stepText } from "./happenings.ts";
import type { Scenario, Window } from "./model.ts";
import { reportProbe } from "./probe-report.ts";
import type { Report, ReportHolder, ReportStorm, ReportTransition, Snapshot } from "./report.ts";
import { takeSnapshot } from "./snapshot.ts";
import { systemsOf } from "./systems.ts";

export interface RunOptions {
  /** Instead of the scenario's seed. */
  readonly seed?: number;
  /** Gets a pcapng capture piece by piece; each piece is only valid during the call. */
  readonly captureTo?: (chunk: Uint8Array) => void;
  /** The capture also holds frames as they leave the switch. */
  readonly captureEgress?: boolean;
  /** Told of everything as it happens, dropped frames and moved MACs included. */
  readonly onHappening?: (happening: Happening) => void;
  /** Given the network before anything has happened in it, to listen to its events and to plan with `at` when to look at it. */
  readonly onNetwork?: (network: Network) => void;
}

export interface RunResult {
  readonly scenario: Scenario;
  readonly report: Report;
  readonly verdicts: readonly Verdict[];
  readonly happenings: readonly Happening[];
  readonly holders: readonly HolderEvent[];
  readonly transitions: readonly VrrpEvent[];
  readonly splitBrains: readonly SplitBrain[];
  readonly storms: readonly Storm[];
  /** When the run ended: at its `until`, or before, in a storm. */
  readonly endNs: number;
  readonly outages: ReadonlyMap<string, readonly OutageEvent[]>;
}

/** Runs a scenario from its first moment to its last. */
export function runScenario(scenario: Scenario, options: RunOptions = {}): RunResult {
  const run = new ScenarioRun(scenario, options);
  run.advanceTo(scenario.untilNs);
  return run.finish();
}

/** A run that may be let on piece by piece, so that whoever drives it can show progress or be interrupted. */
export class ScenarioRun {
  readonly scenario: Scenario;
  readonly #seed: number;
  readonly #network: Network;
  readonly #capture: Capture | null;
  readonly #snapshots: Snapshot[] = [];
  readonly #happenings: Happening[] = [];
  readonly #holders: HolderEvent[] = [];
  readonly #transitions: VrrpEvent[] = [];

  constructor(scenario: Scenario, options: RunOptions = {}) {
    this.scenario = scenario;
    this.#seed = options.seed ?? scenario.seed;
    const tell = (happening: Happening): void => {
      // Which questions were lost is known for sure at the end: until then answers may overtake each other.
      if (happening.kind !== "detail" && happening.kind !== "outage") this.#happenings.push(happening);
      options.onHappening?.(happening);
    };
    this.#network = buildNetwork(scenario, this.#seed, {
      onStep: (action, futility) => {
        tell({ atNs: this.#network.nowNs, kind: "step", ...stepText(action, futility) });
      },
      onSnapshot: (name) => this.#snapshots.push(takeSnapshot(this.#network, name)),
    });
    options.onNetwork?.(this.#network);
    const { events, subnets } = this.#network;
    const meshed = new Set([...subnets.values()].filter(({ switches }) => switches.size > 1).map(({ name }) => name));
    narrate(events, tell, options.onHappening !== undefined, meshed);
    events.on("holder", (event) => this.#holders.push(event));
    events.on("vrrp", (event) => this.#transitions.push(event));
    this.#capture =
      options.captureTo === undefined
        ? null
        : startCapture(this.#network, options.captureTo, options.captureEgress === true);
  }

  /** Lets virtual time pass until `atNs`, at most to the scenario's end; a moment that has passed changes nothing. */
  advanceTo(atNs: number): void {
    this.#network.run(Math.max(this.#network.nowNs, Math.min(atNs, this.scenario.untilNs)));
  }

  /** Ends the run, which must have reached its end, and judges it. */
  finish(): RunResult {
    const { scenario } = this;
    const network = this.#network;
    const endNs = network.nowNs;
    assert(endNs === scenario.untilNs || network.hasEnded, "a run was judged before its end");
    this.#capture?.finish();
    const outages = new Map(scenario.probes.map(({ name }) => [name, network.outagesOf(name)]));
    const verdicts = judge(scenario, {
      endNs,
      holders: this.#holders,
      outagesOf: (probe) => outages.get(probe)!,
      hasAsked: (probe, window) => hasAsked(network.probes.get(probe)!, window),
    });
    const splitBrains = splitBrainsOf(this.#transitions, endNs);
    const { storms } = network;
    const report: Report = {
      schemaVersion: 1,
      viplane: VERSION,
      scenario: scenario.name,
      seed: this.#seed,
      mode: "simulated",
      outcome: verdicts.every(({ ok }) => ok) ? "pass" : "fail",
      until: secondsFromNs(scenario.untilNs),
      holders: this.#holders.map(reportHolder),
      vrrp: this.#transitions.map(reportTransition),
      splitBrains: splitBrains.map(({ fromNs, untilNs, subnet, vip, hosts }) => ({
        from: secondsFromNs(fromNs),
        until: secondsFromNs(untilNs),
        subnet,
        vip,
        hosts,
      })),
      ...(scenario.subnets.some(({ mayStorm }) => mayStorm) ? { storms: storms.map(reportStorm) } : {}),
      ...systemsOf(scenario),
      probes: scenario.probes.map(({ name }) => reportProbe(network.probes.get(name)!, outages.get(name)!)),
      snapshots: this.#snapshots,
      counters: countersOf(network),
      expectations: verdicts.map(({ expectation, ok, wanted, seen }) => ({
        line: expectation.position.line,
        kind: expectation.kind,
        ok,
        wanted,
        seen,
      })),
    };
    const happenings = [
      ...this.#happenings,
      ...[...outages.values()]
        .flat()
        .filter(({ ended }) => ended)
        .map(outageHappening),
    ];
    happenings.sort((a, b) => a.atNs - b.atNs);
    const told = { happenings, holders: this.#holders, transitions: this.#transitions };
    return { scenario, report, verdicts, ...told, splitBrains, storms, endNs, outages };
  }
}

function startCapture(network: Network, sink: (chunk: Uint8Array) => void, egress: boolean): Capture {
  const { fabric } = network;
  // What crosses between switches was recorded where it entered the network: only who wants to see every step sees it again.
  const names = fabric.ports.map((port) => (port.trunk === null || egress ? portLabel(port) : null));
  const placeOf = (port: number): string => portPlace(fabric.ports[port]!);
  const capture = new Capture(fabric.slab, fabric.clock.cell, names, sink, placeOf);
  // First, so that a frame stands in the capture before anything that it causes.
  fabric.taps.unshift(capture.ingress);
  if (egress) {
    fabric.egressTap = capture.egress;
    fabric.trunkTaps.unshift(capture.ingress);
  }
  return capture;
}

/** `subnet app`; where a subnet has several switches `subnet lan, switch rack-1`, and at a trunk's end `…, link uplink-1` besides. */
function portPlace({ at, trunk }: SimPort): string {
  const subnet = `subnet ${at.subnet.name}`;
  if (at.subnet.switches.size < 2) return subnet;
  return `${subnet}, switch ${at.name}${trunk === null ? "" : `, link ${trunk.link}`}`;
}

function hasAsked({ sent, sentNs }: Probe, { fromNs, untilNs }: Window): boolean {
  return sentNs.subarray(0, sent).some((atNs) => atNs >= fromNs && atNs < untilNs);
}

function reportHolder({ atNs, vip, havip, from, to, cause }: HolderEvent): ReportHolder {
  return {
    at: secondsFromNs(atNs),
    vip,
    havip,
    from: from?.host ?? null,
    holder: to?.host ?? null,
    nic: to?.nic ?? null,
    mac: to?.mac ?? null,
    cause,
  };
}

function reportTransition({
  atNs,
  host,
  instance,
  vrid,
  from,
  to,
  cause,
  priority,
  reason,
}: VrrpEvent): ReportTransition {
  return { at: secondsFromNs(atNs), host, instance, vrid, from, to, cause, priority, reason };
}

function reportStorm(storm: Storm): ReportStorm {
  const { subnet, loop, fromNs, untilNs, crossings, crossingsPerSecond, isOver, endedRun } = storm;
  const [from, until] = [secondsFromNs(fromNs), secondsFromNs(untilNs)];
  return { subnet, from, until, ...loop, crossings, crossingsPerSecond, ended: isOver, endedRun };
}
