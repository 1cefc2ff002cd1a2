/**
 * A recording as a scenario, and what the simulator makes of it.
 *
 * How long a process takes to start is chance, in the recording and in the simulator. It is the one thing taken over from the recording:
 * a first run shows what the simulator draws, and the daemons are started so much earlier or later that they become backups when the
 * recorded ones did.
 */
import { NS_PER_MS, NS_PER_S } from "../../src/base/units.ts";
import { loadScenario } from "../../src/scenario/language/load.ts";
import { ScenarioRun } from "../../src/scenario/run.ts";
import { readPcap } from "../support/read-pcap.ts";
import { keepalivedFrames } from "./keepalived-frames.ts";
import type { RecordedAction, Recording, TimedFrame } from "./recording.ts";

/** Everything happens so much later in the scenario, so that a start may be moved before the recording's own beginning. */
const LEAD_NS = 100 * NS_PER_MS;
/** From a real daemon's becoming a backup to its first group report. */
const REPORT_AFTER_NS = 9 * NS_PER_MS;
/** For a daemon that sends no frame when it starts: the middle of what was observed. */
const START_TYPICAL_NS = 30 * NS_PER_MS;

const VERBS: Readonly<Partial<Record<RecordedAction["do"], string>>> = {
  start: "start",
  term: "stop",
  crash: "crash",
  restore: "restore",
  linkdown: "link-down",
  linkup: "link-up",
};

/** The frames that enter the switch when the recording is done again, on the recording's clock. */
export function replay(recording: Recording): TimedFrame[] {
  const momentsNs = recording.actions.map(({ at }) => at * NS_PER_S);
  const drawn = startUps(run(recording, momentsNs).startUpsNs, recording, momentsNs);
  const wantedNs = startUps(recordedStartUps(recording), recording, momentsNs);
  const alignedNs = momentsNs.map((atNs, i) => atNs + (wantedNs.get(i) ?? 0) - (drawn.get(i) ?? 0));
  return run(recording, alignedNs).frames;
}

interface StartUp {
  readonly host: string;
  readonly atNs: number;
}

/** By index of the action that starts a daemon: when it was up. */
function startUps(seen: readonly StartUp[], { actions }: Recording, momentsNs: readonly number[]): Map<number, number> {
  const byAction = new Map<number, number>();
  actions.forEach((action, i) => {
    if (action.do !== "start" && action.do !== "restore") return;
    const first = seen.find(({ host, atNs }) => host === action.host && atNs >= momentsNs[i]!);
    byAction.set(i, first === undefined ? momentsNs[i]! + START_TYPICAL_NS : first.atNs);
  });
  return byAction;
}

function recordedStartUps(recording: Recording): StartUp[] {
  return keepalivedFrames(recording, recording.frames)
    .filter(({ kind }) => kind === "report")
    .map(({ host, atNs }) => ({ host, atNs: atNs - REPORT_AFTER_NS }));
}

function run(recording: Recording, momentsNs: readonly number[]): { frames: TimedFrame[]; startUpsNs: StartUp[] } {
  const scenario = loadScenario(`${recording.name}.yaml`, scenarioText(recording, momentsNs), {
    resolve: (_from, path) => path,
    read: () => null,
    glob: () => [],
  });
  const chunks: Uint8Array[] = [];
  const scenarioRun = new ScenarioRun(scenario, { captureTo: (chunk) => chunks.push(chunk.slice()) });
  scenarioRun.advanceTo(scenario.untilNs);
  const { report } = scenarioRun.finish();
  const capture = new Uint8Array(chunks.flatMap((chunk) => [...chunk]));
  return {
    frames: readPcap(capture).map(({ tNs, bytes }) => ({ atNs: tNs - LEAD_NS, bytes })),
    startUpsNs: report.vrrp
      .filter(({ cause }) => cause === "startup")
      .map(({ host, at }) => ({ host, atNs: Math.round(at * NS_PER_S) - LEAD_NS })),
  };
}

function scenarioText({ name, hosts, actions, forSeconds }: Recording, momentsNs: readonly number[]): string {
  const isIpv6 = Object.values(hosts).some(({ ip }) => ip.includes(":"));
  const lines = [`name: ${name}`, "seed: 1", `until: ${forSeconds + LEAD_NS / NS_PER_S}s`, "subnets:"];
  lines.push(`  lan: { cidr: "${isIpv6 ? "2001:db8:1::/64" : "10.0.1.0/24"}", network: lan }`, "hosts:");
  for (const [host, { ip, mac, conf }] of Object.entries(hosts)) {
    lines.push(`  ${host}:`, "    subnet: lan", `    mac: "${mac}"`, `    address: "${ip}"`, "    autostart: false");
    lines.push("    keepalived: |", ...conf.split("\n").map((line) => `      ${line}`));
  }
  lines.push("timeline:");
  actions.forEach((action, i) => {
    const at = `at: ${((momentsNs[i]! + LEAD_NS) / NS_PER_S).toFixed(9)}s`;
    lines.push(`  - { ${at}, ${stepText(action, Object.keys(hosts))} }`);
  });
  return `${lines.join("\n")}\n`;
}

function stepText(action: RecordedAction, hosts: readonly string[]): string {
  if (action.do === "isolate") return `partition: [${hosts.map((host) => `[${host}]`).join(", ")}]`;
  if (action.do === "unisolate") return "heal: all";
  if (action.do === "touch" || action.do === "rm")
    return `script: { host: ${action.host}, name: chk, exit: ${action.do === "touch" ? 0 : 1} }`;
  return `${VERBS[action.do]}: ${action.host}`;
}
