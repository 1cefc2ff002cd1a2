/**
 * The library: a simulated network to build in code (`Network`), scenarios to load and run (`loadScenario`, `runScenario`), what
 * both report, and why (`explain`); what configurations would do wrong (`lint`); what a capture tells (`replayCapture`); a run as a page to
 * look at (`RunRecorder`, `formatPage`); and the switch alone (`VirtualSwitch`). Everything runs in a browser too: no part of it touches the machine it runs on.
 */

export { Clock } from "./base/clock.ts";
export { VERSION } from "./base/version.ts";
export { FrameSlab } from "./frame/slab.ts";
export type { ConfFiles } from "./guest/keepalived/conf/files.ts";
export type { ConfDiagnostic, KeepalivedConf } from "./guest/keepalived/conf/model.ts";
export { parseKeepalivedConf } from "./guest/keepalived/conf/parse.ts";
export type { VrrpCause, VrrpState } from "./guest/keepalived/observer.ts";
export type { ScriptBehaviour } from "./guest/keepalived/script-runner.ts";
export { KEEPALIVED_VERSION_NAMES, keepalivedVersion } from "./guest/keepalived/version.ts";
export type { HostCommand } from "./host/command.ts";
export type { Host } from "./host/host.ts";
export type { Nic } from "./host/nic.ts";
export type { Probe, ProbeKind } from "./host/probe.ts";
export type { Latency } from "./host/probe-answers.ts";
export type { FlowFigures, FlowReset } from "./host/probe-flow.ts";
export type { Pace } from "./host/repeater.ts";
export type { ScriptedHolder } from "./host/scripted-answers.ts";
export type { HostSystem, SystemName } from "./host/system.ts";
export { systemByName } from "./host/systems.ts";
export type { TrafficOptions } from "./host/traffic.ts";
export { type Cluster, type ClusterNode, clusterOf } from "./lint/cluster.ts";
export { type FailoverTimes, failoverTimes } from "./lint/failover-times.ts";
export { lint } from "./lint/lint.ts";
export type { LintFinding, LintSeverity, Rule as LintRule } from "./lint/rule.ts";
export { RULES as LINT_RULES } from "./lint/rules.ts";
export { Capture } from "./observe/capture.ts";
export type {
  AnnouncementEvent,
  DroppedEvent,
  Holder,
  HolderCause,
  HolderEvent,
  LostEvent,
  MovedEvent,
  NeighbourEvent,
  NetworkEvents,
  NoteEvent,
  OutageEvent,
  OutagePart,
  OutageStage,
  OutageStages,
  StormEvent,
  Takeover,
  VrrpEvent,
} from "./observe/events.ts";
export type { ReachKind } from "./observe/reach.ts";
export type { SplitBrain } from "./observe/split-brain.ts";
export { formatPage } from "./page/page.ts";
export { RunRecorder } from "./page/recorder.ts";
export type { RecordedRun, Recording } from "./page/recording.ts";
export { replayCapture } from "./replay/make-report.ts";
export type { ReplayOptions } from "./replay/replay.ts";
export { formatReplayReport, type ReplayReport } from "./replay/report.ts";
export { formatReplay } from "./replay/text-report.ts";
export type { Verdict } from "./scenario/expectations.ts";
export { type Explanation, explain, formatExplanations } from "./scenario/explain.ts";
export type { Happening } from "./scenario/happenings.ts";
export { loadScenario, type ScenarioFiles } from "./scenario/language/load.ts";
export { scenarioJsonSchema } from "./scenario/language/schema.ts";
export type { Scenario } from "./scenario/model.ts";
export { formatReport, type Report } from "./scenario/report.ts";
export { type RunOptions, type RunResult, runScenario, ScenarioRun } from "./scenario/run.ts";
export { formatRun } from "./scenario/text-report.ts";
export type { Link } from "./sim/link.ts";
export { Network } from "./sim/network.ts";
export type {
  Duration,
  HavipOptions,
  HostOptions,
  ImpairOptions,
  LinkOptions,
  NetworkOptions,
  NicOptions,
  ProbeSettings,
  ServerOptions,
  SubnetOptions,
  SwitchOptions,
} from "./sim/options.ts";
export type { SimSwitch } from "./sim/sim-switch.ts";
export type { Storm } from "./sim/storm-watch.ts";
export type { Subnet } from "./sim/subnet.ts";
export type { DropName } from "./switch/drop-cause.ts";
export { profileByName } from "./switch/profiles.ts";
export { type SwitchOptions as VirtualSwitchOptions, VirtualSwitch } from "./switch/virtual-switch.ts";
export { ConfigError, type Finding, formatFinding } from "./text/config-error.ts";
export { PLAIN, type Style } from "./text/style.ts";
export { composeFrame, type FrameDescription } from "./wire/compose.ts";
