/** `viplane check`: judge scenarios and keepalived configurations without running anything. */
import { statSync } from "node:fs";
import { type Command, InvalidArgumentError, Option } from "commander";
import { parseKeepalivedConf } from "../guest/keepalived/conf/parse.ts";
import type { ScriptState } from "../lint/cluster.ts";
import type { ConfFile } from "../lint/conf-nodes.ts";
import { perHost } from "../lint/config-ids.ts";
import { formatGithub } from "../lint/github-report.ts";
import { formatJson } from "../lint/json-report.ts";
import { type Judged, judge, ownFinding } from "../lint/judge.ts";
import type { LintFinding } from "../lint/rule.ts";
import { ALL_RULES, INVALID_INPUT, RULE_NAMES } from "../lint/rules.ts";
import { formatSarif } from "../lint/sarif-report.ts";
import { loadScenario, type ScenarioFiles } from "../scenario/language/load.ts";
import type { Scenario } from "../scenario/model.ts";
import { ConfigError, type Finding, type Position } from "../text/config-error.ts";
import { nearest } from "../text/nearest.ts";
import { formatCounts, formatFailover, formatFindings, formatRules, plural } from "./check-text.ts";
import { EXIT_FAILED, EXIT_OK, EXIT_USAGE, exitStatuses, print, printFindings, styleFor } from "./console.ts";
import { DISK, fileIdentity, readText } from "./files.ts";

interface Flags {
  readonly ignore?: readonly string[];
  readonly format: (typeof FORMATS)[number];
  readonly rules?: true;
}

const FORMATS = ["text", "json", "sarif", "github"] as const;

const EXAMPLES = `
A file that ends in .yaml, .yml or .json, and stdin, is a scenario; any other is a keepalived.conf. Those of one command
line are taken for the nodes of one cluster; each scenario is a cluster of its own. A file with @id lines is one node
for each id, and where it names only one, another node beside that.

Examples:
  viplane check a/keepalived.conf b/keepalived.conf     what a cluster would do wrong, and how fast it fails over
  viplane check topologies/*.yaml                       scenarios and the configurations they name
  viplane check --ignore equal-priorities *.conf        all but one rule; --rules lists them
  viplane check --format sarif *.conf > viplane.sarif   for code hosts and editors

In a keepalived.conf,  # viplane: ignore RULE  silences a rule on its line, or on the next one if it stands alone,
and  # viplane: ignore-file RULE  in the whole file.

${exitStatuses({ ok: "no error was found; there may be warnings", failed: "an error in a keepalived.conf", usage: "wrong usage, or a scenario is invalid, or a file cannot be read", unable: "what is printed cannot be written to its end" })}`;

export function addCheckCommand(program: Command, exit: (status: number) => void): void {
  program
    .command("check")
    .summary("find mistakes in scenarios and keepalived.conf files")
    .description("Judge scenarios and keepalived configurations without running anything.")
    .argument("[file...]", "scenario files or keepalived.conf files; - is a scenario on stdin")
    .option("--ignore <rules>", "leave these rules out: names with commas between", parseRules)
    .addOption(new Option("--format <format>", "how findings are printed").choices(FORMATS).default("text"))
    .option("--rules", "list all rules and do nothing else")
    .addHelpText("after", EXAMPLES)
    .action((files: string[], flags: Flags, command: Command) => {
      if (flags.rules === true) {
        print(formatRules(ALL_RULES));
        return exit(EXIT_OK);
      }
      if (files.length === 0) command.error("error: missing required argument 'file'");
      exit(check(files, flags));
    });
}

function parseRules(text: string, before: readonly string[] = []): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  for (const name of names) {
    if (RULE_NAMES.includes(name)) continue;
    const near = nearest(name, RULE_NAMES);
    const hint = near === undefined ? "viplane check --rules lists all." : `Did you mean ${near}?`;
    throw new InvalidArgumentError(`There is no rule '${name}'. ${hint}`);
  }
  return [...before, ...names];
}

/** One file of the command line. */
interface Given {
  readonly file: string;
  readonly what:
    | { readonly scenario: Scenario }
    | { readonly nodes: readonly ConfFile[] }
    | { readonly broken: ConfigError };
  /** The names of all files that belong to it. */
  readonly reads: ReadonlySet<string>;
}

/** Every file is judged, whatever the others are like; the worst one decides the status. */
function check(files: readonly string[], { ignore = [], format }: Flags): number {
  const texts = new Map<string, string>();
  const given = withoutRepetition(files).map((file) => read(file, texts, files.length === 1));
  const confs = notIncluded(given).flatMap(({ file, what }) =>
    "nodes" in what ? what.nodes.map((node) => ({ ...node, ...(isOwn(file) ? { scriptState } : {}) })) : [],
  );
  const scenarios = given.flatMap(({ what }) => ("scenario" in what ? [what.scenario] : []));
  const broken = given.flatMap(({ what }) => ("broken" in what ? what.broken.findings : []));
  const scenarioFiles = new Set(scenarios.map(({ file }) => file));
  // What a broken scenario names is not judged: that its comments silence nothing would be no wonder.
  const judgedFiles = new Set(given.flatMap(({ what, reads }) => ("broken" in what ? [] : [...reads])));
  const confTexts = new Map([...texts].filter(([file]) => judgedFiles.has(file) && !scenarioFiles.has(file)));
  const judged = judge({ confs, scenarios, ignored: new Set(ignore), texts: confTexts });
  printFindings(broken);
  if (format === "text") printText(given, judged, texts);
  else printData(format, judged, broken);
  if (broken.length > 0) return EXIT_USAGE;
  return judged.findings.some(({ severity }) => severity === "error") ? EXIT_FAILED : EXIT_OK;
}

function withoutRepetition(files: readonly string[]): string[] {
  const seen = new Set<string>();
  return files.filter((file) => {
    const identity = file === "-" ? file : fileIdentity(file);
    return !seen.has(identity) && seen.add(identity);
  });
}

/** Without the configurations that another one includes: they are no nodes of their own. */
function notIncluded(given: readonly Given[]): Given[] {
  const confs = given.filter(({ what }) => "nodes" in what);
  const included = new Set(
    confs.flatMap(({ file, reads }) => [...reads].filter((other) => other !== file).map(fileIdentity)),
  );
  return confs.filter(({ file }) => !included.has(fileIdentity(file)));
}

/** Whether this machine's keepalived reads the file: the scripts that it names are then this machine's too. */
function isOwn(file: string): boolean {
  return fileIdentity(file) === "/etc/keepalived/keepalived.conf";
}

/** What cannot be looked at is no mistake. */
function scriptState(path: string): ScriptState {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return "missing";
    return stats.isFile() && (stats.mode & 0o111) !== 0 ? "executable" : "not-executable";
  } catch {
    return "executable";
  }
}

/** Adds the texts of all files that are read to `texts`. `isAlone`: no other file is given. */
function read(file: string, texts: Map<string, string>, isAlone: boolean): Given {
  const reads = new Set([file]);
  const disk: ScenarioFiles = {
    ...DISK,
    read(path) {
      const text = DISK.read(path);
      if (text === null) return null;
      texts.set(path, text);
      reads.add(path);
      return text;
    },
  };
  try {
    const text = readText(file);
    texts.set(file, text);
    const what = isScenario(file)
      ? { scenario: loadScenario(file, text, disk) }
      : {
          nodes: perHost(file, isAlone, (configId) =>
            parseKeepalivedConf(file, text, disk, configId === undefined ? {} : { configId }),
          ),
        };
    return { file, what, reads };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { file, what: { broken: error }, reads };
  }
}

function isScenario(file: string): boolean {
  return file === "-" || /\.(ya?ml|json)$/i.test(file);
}

/** What could not be judged is on stderr already; here it is said to programs, too. */
function printData(format: "json" | "sarif" | "github", judged: Judged, broken: readonly Finding[]): void {
  const findings: readonly LintFinding[] = [
    ...broken.map((finding) => ownFinding(INVALID_INPUT, finding)),
    ...judged.findings,
  ];
  if (format === "json") print(formatJson({ ...judged, findings }));
  else if (format === "sarif") print(formatSarif(findings, ALL_RULES, broken.length === 0));
  else print(formatGithub(findings));
}

function printText(given: readonly Given[], judged: Judged, texts: ReadonlyMap<string, string>): void {
  const style = styleFor(process.stdout);
  const lines = new Map<string, readonly string[]>();
  const lineOf = ({ file, line }: Position): string | null => {
    if (!lines.has(file)) lines.set(file, (texts.get(file) ?? "").split(/\r?\n/));
    return lines.get(file)![line - 1] ?? null;
  };
  print(formatFindings(judged.findings, lineOf, style));
  print(formatFailover(judged.failover, style));
  const good = given.filter(({ what }) => !("broken" in what));
  for (const one of good) print(verdict(one, judged.findings));
  if (good.length > 0) print(`${plural(good.length, "file")}: ${formatCounts(judged.findings)}\n`);
}

/** How a file and all that it includes fared. */
function verdict({ file, what, reads }: Given, findings: readonly LintFinding[]): string {
  const style = styleFor(process.stdout);
  const own = findings.filter((finding) => reads.has(finding.file));
  const word = own.some(({ severity }) => severity === "error") ? style.bad("not ok") : style.good("ok");
  const content =
    "scenario" in what ? scenarioContents(what.scenario) : "nodes" in what ? confContents(what.nodes) : "";
  return `${file}: ${word} (${content}${own.length === 0 ? "" : `; ${formatCounts(own)}`})\n`;
}

/** How many instances it has, on each host where it is not the same everywhere. */
function confContents(nodes: readonly ConfFile[]): string {
  const counts = [...new Set(nodes.map(({ conf }) => plural(conf.instances.length, "vrrp_instance")))].join(" or ");
  if (nodes.length === 1) return counts;
  return `${counts}, on ${plural(nodes.length, "host")}: ${nodes.map(({ name }) => name.slice(name.lastIndexOf("@"))).join(", ")}`;
}

/** How many there are of everything; what a scenario need not have is only named where it has some. */
function scenarioContents({ subnets, hosts, servers, havips, probes, timeline, expectations }: Scenario): string {
  const some = (list: readonly unknown[], word: string, words?: string): string[] =>
    list.length === 0 ? [] : [plural(list.length, word, words)];
  return [
    plural(subnets.length, "subnet"),
    ...some(
      subnets.flatMap(({ switches }) => switches),
      "switch",
      "switches",
    ),
    ...some(
      subnets.flatMap(({ links }) => links),
      "link",
    ),
    plural(hosts.length, "host"),
    ...some(servers, "server"),
    ...some(havips, "HAVIP"),
    ...some(probes, "probe"),
    plural(timeline.length, "step"),
    plural(expectations.length, "expectation"),
  ].join(", ");
}
