/** `viplane run`: scenarios in virtual time. All files are judged before the first one runs. */
import type { Command } from "commander";
import { formatPage } from "../page/page.ts";
import { RunRecorder } from "../page/recorder.ts";
import type { RecordedRun } from "../page/recording.ts";
import { loadScenario } from "../scenario/language/load.ts";
import type { Scenario } from "../scenario/model.ts";
import { formatReport, type Report } from "../scenario/report.ts";
import { type RunOptions, type RunResult, ScenarioRun } from "../scenario/run.ts";
import { formatFailures, formatHappening, formatRun } from "../scenario/text-report.ts";
import { ConfigError, type Finding } from "../text/config-error.ts";
import {
  EXIT_FAILED,
  EXIT_OK,
  exitStatuses,
  print,
  printError,
  printFindings,
  styleFor,
  UsageError,
} from "./console.ts";
import { DISK, FILES_READ, fileIdentity, readText } from "./files.ts";
import { type OutputFile, writingFiles } from "./output-files.ts";
import { Progress } from "./progress.ts";
import { parseSeed } from "./seed.ts";

interface Flags {
  readonly seed?: number;
  readonly json?: string;
  readonly html?: string;
  readonly pcap?: string;
  readonly pcapEgress?: true;
  readonly events?: true;
}

const EXAMPLES = `
Examples:
  viplane run topologies/havip-failover.yaml              tell a failover as a story
  viplane run lab.yaml --json report.json --seed 7        for programs, with another seed
  viplane run lab.yaml --html lab.html                    a page to look at: lanes on one axis of time, to zoom in
  viplane run lab.yaml --pcap - | wireshark -k -i -       look at every frame
  viplane run lab.yaml --events | grep 'vm-B'             every event, dropped frames too

${exitStatuses({ ok: "every expectation holds", failed: "an expectation failed", usage: "wrong usage, or a scenario is invalid; nothing was run", unable: "a file, or what is printed, cannot be written to its end" })}`;

/** Pieces that a run is cut into, so that it can be interrupted and show where it is. */
const PIECES = 200;
/** How long a run may go on without looking whether it is interrupted. */
const DEAF_MS = 50;

export function addRunCommand(program: Command, exit: (status: number) => void): void {
  program
    .command("run")
    .summary("run scenarios in virtual time")
    .description("Run scenarios in virtual time and judge what they expect.")
    .argument("<file...>", "scenario files (YAML); - is stdin")
    .option("--seed <n>", "decides all chance, instead of the scenario's seed", parseSeed)
    .option("--json <file>", "write the report as JSON; - is stdout, and the text is left out")
    .option("--html <file>", "write a page to look at, one for all scenarios; - is stdout, and the text is left out")
    .option("--pcap <file>", "write every frame as pcapng; - is stdout, and the text is left out")
    .option("--pcap-egress", "the capture also holds frames as they leave a switch, and as they cross between switches")
    .option("--events", "print every event as it happens, dropped frames and moved MACs too")
    .addHelpText("after", EXAMPLES)
    .action(async (files: string[], flags: Flags) => exit(await run(files, flags)));
}

async function run(files: readonly string[], flags: Flags): Promise<number> {
  if (flags.pcap !== undefined && files.length > 1)
    throw new UsageError("--pcap takes one scenario: a capture has one clock");
  refuseSharedStdout(flags);
  if (flags.pcap === "-" && process.stdout.isTTY === true)
    throw new UsageError("--pcap - writes octets, not text, and stdout is a terminal: pipe it, or name a file");
  if (flags.pcapEgress === true && flags.pcap === undefined) throw new UsageError("--pcap-egress needs --pcap FILE");
  const dataOnStdout = outputsOf(flags).some(({ path }) => path === "-");
  if (flags.events === true && dataOnStdout) throw new UsageError("--events prints to stdout, where - puts data too");
  const scenarios = loadAll(files);
  refuseSharedFiles(flags);
  for (const { warnings } of scenarios) printFindings(warnings);

  return await writingFiles(async (open) => {
    const json = open(flags.json);
    const html = open(flags.html);
    const pcap = open(flags.pcap);
    const reports: Report[] = [];
    const recorded: RecordedRun[] = [];
    for (const scenario of scenarios) {
      const recorder = html === null ? null : new RunRecorder();
      const result = await runOne(scenario, flags, pcap, recorder);
      if (recorder !== null) recorded.push({ result, recording: recorder.finish() });
      reports.push(result.report);
      if (dataOnStdout) printError(formatFailures(result, styleFor(process.stderr)));
      else
        print(
          `${formatRun(result, styleFor(process.stdout), flags.events !== true)}${scenarios.length > 1 ? "\n" : ""}`,
        );
    }
    json?.write(reports.length === 1 ? formatReport(reports[0]!) : `[\n${reports.map(formatReport).join(",\n")}]\n`);
    html?.write(formatPage(recorded));
    return reports.every(({ outcome }) => outcome === "pass") ? EXIT_OK : EXIT_FAILED;
  });
}

/** Judges all files; what is wrong with any of them is said together. */
function loadAll(files: readonly string[]): Scenario[] {
  const findings: Finding[] = [];
  const scenarios = files.flatMap((file) => {
    try {
      return [loadScenario(file, readText(file), DISK)];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      findings.push(...error.findings);
      return [];
    }
  });
  if (findings.length > 0) throw new ConfigError(findings);
  return scenarios;
}

interface Output {
  readonly option: string;
  readonly path: string;
}

function outputsOf({ json, html, pcap }: Flags): Output[] {
  const named = [
    { option: "--json", path: json },
    { option: "--html", path: html },
    { option: "--pcap", path: pcap },
  ];
  return named.filter((output): output is Output => output.path !== undefined);
}

function refuseSharedStdout(flags: Flags): void {
  const [one, other] = outputsOf(flags).filter(({ path }) => path === "-");
  if (other !== undefined) throw new UsageError(`${one!.option} - and ${other.option} - cannot share stdout`);
}

/** Two outputs in one file would be neither, and an output over a scenario would be its end. */
function refuseSharedFiles(flags: Flags): void {
  const outputs = outputsOf(flags).filter(({ path }) => path !== "-");
  for (const { path } of outputs) {
    if (FILES_READ.has(fileIdentity(path)))
      throw new UsageError(`cannot write ${path}: it is part of the scenario that is to be run`);
  }
  const written = new Map<string, string>();
  for (const { option, path } of outputs) {
    const other = written.get(fileIdentity(path));
    if (other !== undefined) throw new UsageError(`${other} and ${option} cannot share the file ${path}`);
    written.set(fileIdentity(path), option);
  }
}

async function runOne(
  scenario: Scenario,
  flags: Flags,
  pcap: OutputFile | null,
  recorder: RunRecorder | null,
): Promise<RunResult> {
  const style = styleFor(process.stdout);
  const { hosts, servers, probes, subnets } = scenario;
  const wiring = subnets.flatMap(({ switches, links }) => [...switches, ...links]);
  const width = Math.max(7, ...[...hosts, ...servers, ...probes, ...wiring].map(({ name }) => name.length));
  const options: RunOptions = {
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    ...(pcap === null ? {} : { captureTo: (chunk: Uint8Array) => pcap.write(chunk) }),
    captureEgress: flags.pcapEgress === true,
    ...(recorder === null ? {} : { onNetwork: (network) => recorder.listen(network, scenario) }),
    ...(flags.events === true
      ? { onHappening: (happening) => print(`${formatHappening(happening, style, width)}\n`) }
      : {}),
  };
  const scenarioRun = new ScenarioRun(scenario, options);
  // Event lines on the same terminal show where the run is.
  const progress = new Progress(scenario.name, flags.events !== true);
  let heardMs = performance.now();
  let pieceNs = Math.ceil(scenario.untilNs / PIECES);
  for (let atNs = 0; atNs < scenario.untilNs; ) {
    atNs += pieceNs;
    const startMs = performance.now();
    scenarioRun.advanceTo(atNs);
    const nowMs = performance.now();
    // How much happens in a piece is not known before. Where a run is cut changes nothing of it.
    if (nowMs - startMs > DEAF_MS) pieceNs = Math.ceil(pieceNs / 2);
    else if (nowMs - startMs < DEAF_MS / 8) pieceNs *= 2;
    if (nowMs - heardMs < DEAF_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    heardMs = nowMs;
    progress.show(Math.min(1, atNs / scenario.untilNs));
  }
  progress.end();
  scenarioRun.advanceTo(scenario.untilNs);
  return scenarioRun.finish();
}
