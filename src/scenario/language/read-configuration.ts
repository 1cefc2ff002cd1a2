/** keepalived configurations of a scenario, from their files or from the scenario itself, read and judged on the hosts that run them. */
import type { ConfFiles } from "../../guest/keepalived/conf/files.ts";
import { confHostOf } from "../../guest/keepalived/conf/host.ts";
import type { ConfDiagnostic } from "../../guest/keepalived/conf/model.ts";
import { readConfOnHost } from "../../guest/keepalived/conf/read-on-host.ts";
import { toFinding } from "../../guest/keepalived/conf/to-finding.ts";
import type { KeepalivedVersion } from "../../guest/keepalived/version.ts";
import type { Finding } from "../../text/config-error.ts";
import { placeOutside } from "../../text/enclosed-text.ts";
import type { KeepalivedSpec } from "../model.ts";
import type { Judge } from "./judge.ts";
import type { Path } from "./positions.ts";
import type { Network } from "./read-hosts.ts";
import { quoted } from "./yaml-errors.ts";

/** How a scenario reaches other files. Nothing in the core opens any: the command line reads from disk, the browser from memory. */
export interface ScenarioFiles extends ConfFiles {
  /** The path of `relative`, as written in `fromFile`, in a form that `read` takes. */
  resolve(fromFile: string, relative: string): string;
}

type Source = Omit<KeepalivedSpec, "conf">;

export class Configurations {
  readonly #network: Network;
  readonly #files: ScenarioFiles;
  /** By place and message: one file serves many hosts and is complained about once. */
  readonly #findings = new Map<string, { finding: Finding; isFatal: boolean }>();

  constructor(network: Network, files: ScenarioFiles) {
    this.#network = network;
    this.#files = files;
  }

  /** What keepalived would complain about, and run all the same. */
  get warnings(): readonly Finding[] {
    return [...this.#findings.values()].filter(({ isFatal }) => !isFatal).map(({ finding }) => finding);
  }

  /** What it would not run with. */
  get errors(): readonly Finding[] {
    return [...this.#findings.values()].filter(({ isFatal }) => isFatal).map(({ finding }) => finding);
  }

  /**
   * The configuration whose value at `path` is `value`: a path, or its text. Null and findings if there is none to be had, or keepalived
   * would not run with it; the spec all the same if only that.
   */
  read(
    path: Path,
    value: string,
    host: string,
    version: KeepalivedVersion,
  ): { spec: KeepalivedSpec; runs: boolean } | null {
    const { judge, machines } = this.#network;
    const source = readSource(judge, path, value, this.#files);
    if (source === null) return null;
    const nics = machines.get(host)?.nics ?? null;
    const found =
      nics && confHostOf(nics.map((nic) => ({ ...nic, addresses: nic.addresses.map(({ address }) => address) })));
    const { conf, diagnostics } = readConfOnHost(source.path, source.text, this.#files, host, found, version);
    for (const diagnostic of diagnostics) {
      const finding = placed(diagnostic, source);
      const key = `${finding.file}:${finding.line}:${finding.column}:${finding.message}`;
      this.#findings.set(key, { finding, isFatal: diagnostic.severity === "fatal" });
    }
    return { spec: { ...source, conf }, runs: diagnostics.every(({ severity }) => severity !== "fatal") };
  }
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

/** With its place: of a block in the scenario, there; of what is written nowhere, at the `keepalived:` value. */
function placed(diagnostic: ConfDiagnostic, source: Source): Finding {
  const finding = toFinding(diagnostic);
  return { ...finding, ...placeOutside(source, finding) };
}
