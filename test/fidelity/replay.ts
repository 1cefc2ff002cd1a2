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
import { nicsOf, type RecordedAction, type Recording, type TimedFrame } from "./recording.ts";

/** Everything happens so much later in the scenario, so that a start may be moved before the recording's own beginning. */
const LEAD_NS = 100 * NS_PER_MS;
/** From a real daemon's becoming a backup to its first group report. */
const REPORT_AFTER_NS = 9 * NS_PER_MS;
/** For a daemon that sends no frame when it starts: the middle of what was observed. */
const START_TYPICAL_NS = 30 * NS_PER_MS;

/** After these a VRRP process comes up. */
const STARTS: readonly RecordedAction["do"][] = ["start", "restore", "killchild"];

const VERBS: Readonly<Partial<Record<RecordedAction["do"], string>>> = {
  start: "start",
  term: "stop",
  crash: "crash",
  restore: "restore",
  linkdown: "link-down",
  linkup: "link-up",
};

/** The networks that hosts have vNICs in. */
const CIDRS: Readonly<Record<string, readonly string[]>> = {
  lan: ["10.0.1.0/24", "2001:db8:1::/64"],
  back: ["10.0.2.0/24"],
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
    if (!STARTS.includes(action.do)) return;
    const first = seen.find(({ host, atNs }) => host === action.host && atNs >= momentsNs[i]!);
    byAction.set(i, first === undefined ? momentsNs[i]! + START_TYPICAL_NS : first.atNs);
  });
  return byAction;
}

function recordedStartUps(recording: Recording): StartUp[] {
  return keepalivedFrames(recording, recording.frames)
    .filter(({ isJoin }) => isJoin)
    .map(({ sender, atNs }) => ({ host: sender, atNs: atNs - REPORT_AFTER_NS }));
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
  const lines = [`name: ${name}`, "seed: 1", `until: ${forSeconds + LEAD_NS / NS_PER_S}s`, "subnets:"];
  for (const network of new Set(Object.values(hosts).flatMap((host) => nicsOf(host).map(([, nic]) => nic.network))))
    lines.push(`  ${network}: { cidr: ${JSON.stringify(CIDRS[network])}, network: lan }`);
  lines.push("hosts:");
  for (const [name, host] of Object.entries(hosts)) {
    lines.push(`  ${name}:`, "    autostart: false", "    nics:");
    for (const [nic, { ip, mac, network }] of nicsOf(host))
      lines.push(`      ${nic}: { subnet: ${network}, mac: "${mac}", address: ${JSON.stringify(ip)} }`);
    lines.push(`    keepalived: { config: ${JSON.stringify(host.conf)} }`);
  }
  lines.push("timeline:");
  actions.forEach((action, i) => {
    const at = `at: ${((momentsNs[i]! + LEAD_NS) / NS_PER_S).toFixed(9)}s`;
    lines.push(`  - { ${at}, ${stepText(action, Object.keys(hosts))} }`);
  });
  return `${lines.join("\n")}\n`;
}

function stepText(action: RecordedAction, hosts: readonly string[]): string {
  const { host, file, value, conf, run: typed } = action;
  switch (action.do) {
    case "isolate":
      return `partition: [${hosts.map((name) => `[${name}]`).join(", ")}]`;
    case "unisolate":
      return "heal: all";
    case "touch":
    case "rm":
      return `script: { host: ${host}, name: chk, exit: ${action.do === "touch" ? 0 : 1} }`;
    case "kill9":
    case "killchild":
    case "killparent":
      return `kill: { host: ${host}, process: ${action.do === "kill9" ? "both" : action.do.slice("kill".length)} }`;
    case "reload":
      return `reload: { host: ${host}, keepalived: ${JSON.stringify(conf)} }`;
    case "write":
      return `file: { host: ${host}, path: ${JSON.stringify(file)}, value: ${value} }`;
    case "command":
      return `command: { host: ${host}, run: ${JSON.stringify(typed)} }`;
    case "linkdown":
    case "linkup":
      return `${VERBS[action.do]}: ${host}.${action.nic ?? "eth0"}`;
    default:
      return `${VERBS[action.do]}: ${host}`;
  }
}
