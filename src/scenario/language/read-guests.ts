/** `keepalived:` and `scripts:` of hosts: the configuration, from its file or from the scenario itself, read and judged. */
import type { ConfFiles } from "../../guest/keepalived/conf/files.ts";
import { confHostOf } from "../../guest/keepalived/conf/host.ts";
import type { ConfDiagnostic } from "../../guest/keepalived/conf/model.ts";
import { readConfOnHost } from "../../guest/keepalived/conf/read-on-host.ts";
import { toFinding } from "../../guest/keepalived/conf/to-finding.ts";
import type { Finding } from "../../text/config-error.ts";
import { parseDuration } from "../../text/duration.ts";
import type { KeepalivedSpec, ScriptSpec } from "../model.ts";
import { Declared, type Judge } from "./judge.ts";
import type { Path } from "./positions.ts";
import type { Network } from "./read-hosts.ts";
import type { ScenarioDraft } from "./structure.ts";
import { quoted } from "./yaml-errors.ts";

/** How a scenario reaches other files. Nothing in the core opens any: the command line reads from disk, the browser from memory. */
export interface ScenarioFiles extends ConfFiles {
  /** The path of `relative`, as written in `fromFile`, in a form that `read` takes. */
  resolve(fromFile: string, relative: string): string;
}

/** The software of a host. */
export interface Guest {
  readonly keepalived: KeepalivedSpec;
  readonly scriptSpecs: readonly ScriptSpec[];
  /** Names of its `vrrp_script` blocks. */
  readonly scripts: readonly string[];
}

type HostDraft = NonNullable<NonNullable<ScenarioDraft["hosts"]>[string]>;
type Source = Omit<KeepalivedSpec, "conf">;

export function readGuests(
  network: Network,
  draft: ScenarioDraft,
  files: ScenarioFiles,
): { guests: Declared<Guest>; warnings: readonly Finding[] } {
  const guests = new Declared<Guest>("keepalived", network.machines.isComplete);
  const findings = new Map<string, { finding: Finding; isFatal: boolean }>();
  for (const [name, host] of Object.entries(draft.hosts ?? {})) {
    if (host === undefined) continue;
    const path: Path = ["hosts", name];
    if (network.judge.places.node([...path, "keepalived"]) !== undefined)
      guests.add(name, readGuest(network, name, host, files, findings));
    else if (host.scripts !== undefined && !network.judge.places.isDamaged(path))
      network.judge.errorAtKey(
        [...path, "scripts"],
        `host '${name}' has scripts, but no keepalived that runs them`,
        "keepalived: vm-a.conf",
      );
  }
  const all = [...findings.values()];
  network.judge.findings.push(...all.filter(({ isFatal }) => isFatal).map(({ finding }) => finding));
  return { guests, warnings: all.filter(({ isFatal }) => !isFatal).map(({ finding }) => finding) };
}

/** `findings` collects by place and message: one file serves many hosts and is complained about once. */
function readGuest(
  { judge, machines }: Network,
  name: string,
  draft: HostDraft,
  files: ScenarioFiles,
  findings: Map<string, { finding: Finding; isFatal: boolean }>,
): Guest | null {
  const path: Path = ["hosts", name];
  const source =
    draft.keepalived === undefined ? null : readSource(judge, [...path, "keepalived"], draft.keepalived, files);
  if (source === null) return null;
  const machine = machines.get(name) ?? null;
  const confHost =
    machine &&
    confHostOf(machine.nics.map((nic) => ({ ...nic, addresses: nic.addresses.map(({ address }) => address) })));
  const { conf, diagnostics } = readConfOnHost(source.path, source.text, files, name, confHost);
  for (const diagnostic of diagnostics) {
    const finding = placed(diagnostic, source);
    const isFatal = diagnostic.severity === "fatal";
    findings.set(`${finding.file}:${finding.line}:${finding.column}:${finding.message}`, { finding, isFatal });
  }
  const scripts = conf.scripts.map(({ name }) => name);
  const scriptSpecs = readScripts(judge, [...path, "scripts"], draft.scripts, scripts);
  if (scriptSpecs === null || diagnostics.some(({ severity }) => severity === "fatal")) return null;
  return { keepalived: { ...source, conf }, scriptSpecs, scripts };
}

/** The text of a configuration; null and a finding if there is none to be had. */
function readSource(judge: Judge, path: Path, value: string, files: ScenarioFiles): Source | null {
  const node = judge.places.node(path);
  if (node?.kind !== "scalar") return null;
  const position = judge.position(path);
  if (node.style === "folded")
    return judge.error(path, "the configuration needs its line breaks, '>' takes them away", "keepalived: |");
  if (node.style === "literal") {
    const { line, column } = node.contentPlace;
    return { path: judge.file, text: value, position, source: "block", lineOffset: line - 1, columnOffset: column - 1 };
  }
  if (value.includes("\n"))
    return { path: judge.file, text: value, position, source: "string", lineOffset: 0, columnOffset: 0 };
  const file = files.resolve(judge.file, value);
  const text = files.read(file);
  if (text !== null) return { path: file, text, position, source: "file", lineOffset: 0, columnOffset: 0 };
  return judge.error(
    path,
    `there is no file ${quoted(file)} that could be read`,
    value.includes("{")
      ? "a configuration inside the scenario is a block: keepalived: | and the text below, indented"
      : "paths are relative to the scenario file",
  );
}

function readScripts(
  judge: Judge,
  path: Path,
  draft: HostDraft["scripts"],
  known: readonly string[],
): readonly ScriptSpec[] | null {
  if (draft === undefined) return judge.places.node(path) === undefined ? [] : null;
  const specs = Object.entries(draft).map(([name, script]): ScriptSpec | null => {
    const at = [...path, name];
    if (script === undefined) return null;
    if (!known.includes(name))
      return judge.errorAtKey(
        at,
        `this host's keepalived has no vrrp_script ${quoted(name)}`,
        judge.suggestion(name, known),
      );
    const runsNs = script.runs === undefined ? 0 : parseDuration(script.runs);
    return runsNs === null ? null : { name, position: judge.keyPosition(at), exit: script.exit ?? 0, runsNs };
  });
  return specs.every((spec) => spec !== null) ? specs : null;
}

/** With its place: of a block in the scenario, there; of what is written nowhere, at the `keepalived:` value. */
/** A configuration inside the scenario has its lines there. */
function placed(diagnostic: ConfDiagnostic, source: Source): Finding {
  const finding = toFinding(diagnostic);
  const isInside = source.source !== "file" && finding.file === source.path;
  if (finding.line === 0 || (isInside && source.source === "string")) return { ...finding, ...source.position };
  if (!isInside) return finding;
  return { ...finding, line: finding.line + source.lineOffset, column: finding.column + source.columnOffset };
}
