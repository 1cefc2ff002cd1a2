/** Runs a scenario in virtual time: builds it, lets it happen, judges it, and reports. */
import { assert } from "../base/assert.ts";
import { secondsFromNs } from "../base/units.ts";
import { VERSION } from "../base/version.ts";
import type { Probe } from "../host/probe.ts";
import { Capture } from "../observe/capture.ts";
import type { HolderEvent, OutageEvent, VrrpEvent } from "../observe/events.ts";
import { type SplitBrain, splitBrainsOf } from "../observe/split-brain.ts";
import type { Network } from "../sim/network.ts";
import { DROP_NAMES } from "../switch/drop-cause.ts";
import { buildNetwork } from "./build.ts";
import { judge, type Verdict } from "./expectations.ts";
import { type Happening, narrate, stepText } from "./happenings.ts";
import type { Scenario, Window } from "./model.ts";
import type {
  Report,
  ReportCounters,
  ReportHolder,
  ReportOutage,
  ReportProbe,
  ReportTransition,
  Snapshot,
} from "./report.ts";
import { takeSnapshot } from "./snapshot.ts";

export interface RunOptions {
  /** Instead of the scenario's seed. */
  readonly seed?: number;
  /** Gets a pcapng capture piece by piece; each piece is only valid during the call. */
  readonly captureTo?: (chunk: Uint8Array) => void;
  /** The capture also holds frames as they leave the switch. */
  readonly captureEgress?: boolean;
  /** Told of everything as it happens, dropped frames and moved MACs included. */
  readonly onHappening?: (happening: Happening) => void;
}

export interface RunResult {
  readonly scenario: Scenario;
  readonly report: Report;
  readonly verdicts: readonly Verdict[];
  readonly happenings: readonly Happening[];
  readonly holders: readonly HolderEvent[];
  readonly splitBrains: readonly SplitBrain[];
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
  #moved = 0;

  constructor(scenario: Scenario, options: RunOptions = {}) {
    this.scenario = scenario;
    this.#seed = options.seed ?? scenario.seed;
    const tell = (happening: Happening): void => {
      if (happening.kind !== "detail") this.#happenings.push(happening);
      options.onHappening?.(happening);
    };
    this.#network = buildNetwork(scenario, this.#seed, {
      onStep: (action, futility) => {
        const { who, text } = stepText(action);
        tell({ atNs: this.#network.nowNs, kind: "step", who, text: futility === null ? text : `${text}, ${futility}` });
      },
      onSnapshot: (name) => this.#snapshots.push(takeSnapshot(this.#network, name)),
    });
    const { events } = this.#network;
    narrate(events, tell, options.onHappening !== undefined);
    events.on("holder", (event) => this.#holders.push(event));
    events.on("vrrp", (event) => this.#transitions.push(event));
    events.on("moved", () => this.#moved++);
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
    assert(network.nowNs === scenario.untilNs, "a run was judged before its end");
    this.#capture?.finish();
    const outages = new Map(scenario.probes.map(({ name }) => [name, network.outagesOf(name)]));
    const verdicts = judge(scenario, {
      holders: this.#holders,
      outagesOf: (probe) => outages.get(probe)!,
      hasAsked: (probe, window) => hasAsked(network.probes.get(probe)!, window),
    });
    const splitBrains = splitBrainsOf(this.#transitions, scenario.untilNs);
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
      probes: scenario.probes.map(({ name }) => reportProbe(network, name, outages.get(name)!)),
      snapshots: this.#snapshots,
      counters: counters(network, this.#moved),
      expectations: verdicts.map(({ expectation, ok, wanted, seen }) => ({
        line: expectation.position.line,
        kind: expectation.kind,
        ok,
        wanted,
        seen,
      })),
    };
    return { scenario, report, verdicts, happenings: this.#happenings, holders: this.#holders, splitBrains, outages };
  }
}

function startCapture(network: Network, sink: (chunk: Uint8Array) => void, egress: boolean): Capture {
  const { fabric } = network;
  const names = fabric.nics.map(({ label }) => label);
  const capture = new Capture(fabric.slab, fabric.clock.cell, names, sink);
  // First, so that a frame stands in the capture before anything that it causes.
  fabric.taps.unshift(capture.ingress);
  if (egress) fabric.egressTap = capture.egress;
  return capture;
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

function reportProbe(network: Network, name: string, outages: readonly OutageEvent[]): ReportProbe {
  const { sent, answered, duplicates, answeredNs } = network.probes.get(name)!;
  const first = answeredNs.subarray(0, sent).find((atNs) => atNs > 0);
  return {
    name,
    sent,
    answered,
    duplicates,
    firstAnswer: first === undefined ? null : secondsFromNs(first),
    outages: outages.map(reportOutage),
  };
}

function reportOutage({ fromNs, untilNs, lost, ended, stages }: OutageEvent): ReportOutage {
  const { detect, elect, announce, bind, cache, transport } = stages;
  return {
    from: secondsFromNs(fromNs),
    until: secondsFromNs(untilNs),
    lost,
    ended,
    stages: {
      detect: secondsFromNs(detect),
      elect: secondsFromNs(elect),
      announce: secondsFromNs(announce),
      bind: secondsFromNs(bind),
      cache: secondsFromNs(cache),
      transport: secondsFromNs(transport),
    },
  };
}

function counters(network: Network, moved: number): ReportCounters {
  const { ports } = network.fabric.switch;
  const hosts = [...network.hosts.values()];
  const sum = (numbers: Iterable<number>) => [...numbers].reduce((a, b) => a + b, 0);
  const drops = DROP_NAMES.map((name, cause) => {
    const perPort = Array.from({ length: ports.count }, (_, port) => ports.drops[port * DROP_NAMES.length + cause]!);
    return [name, sum(perPort)] as const;
  });
  return {
    frames: { in: sum(ports.rxFrames), out: sum(ports.txFrames), moved },
    drops: Object.fromEntries(drops.filter(([, count]) => count > 0)),
    hosts: {
      unheard: sum(hosts.map(({ framesUnheard }) => framesUnheard)),
      unreachable: sum(hosts.map(({ packetsUnreachable }) => packetsUnreachable)),
      malformed: sum(hosts.map(({ packetsMalformed }) => packetsMalformed)),
      lost: sum(hosts.map(({ framesLost }) => framesLost)),
    },
  };
}
