/**
 * A scenario file from text to `Scenario`, judged as a whole before any time passes: YAML, then keys and types, then
 * what the parts say about each other, then the keepalived configurations. Either all of it is right, or one
 * `ConfigError` holds everything that is wrong, in the order of the file.
 */
import { ConfigError, type Finding } from "../../text/config-error.ts";
import type { HostSpec, Scenario } from "../model.ts";
import { Judge } from "./judge.ts";
import { NameBook } from "./name-book.ts";
import { placementWarnings } from "./placement.ts";
import { Places } from "./positions.ts";
import { Configurations, type ScenarioFiles } from "./read-configuration.ts";
import { readExpectations } from "./read-expect.ts";
import { NOTHING_TRACKED, readGuests } from "./read-guests.ts";
import { readHavips } from "./read-havips.ts";
import { type Network, readHosts } from "./read-hosts.ts";
import { readProbes } from "./read-probes.ts";
import { readServers } from "./read-servers.ts";
import { readSubnets } from "./read-subnets.ts";
import { readTimeline } from "./read-timeline.ts";
import { readUntil } from "./read-window.ts";
import { checkStructure, type ScenarioDraft } from "./structure.ts";
import { readTree, type TreeFault } from "./yaml-tree.ts";

export type { ScenarioFiles } from "./read-configuration.ts";

const DEFAULT_SEED = 1;

/** `path` is the file as the user named it: it stands in messages and is what relative paths start from. */
export function loadScenario(path: string, text: string, files: ScenarioFiles): Scenario {
  const { root, faults } = readTree(text);
  if (root === null) throw new ConfigError(faults.map((fault) => findingOf(path, fault)));
  const judge = new Judge(path, new Places(root));
  judge.findings.push(...faults.map((fault) => findingOf(path, fault)));
  const draft = checkStructure(judge);
  const scenario = draft === null ? null : readScenario(judge, draft, files);
  if (scenario === null || judge.findings.length > 0) throw new ConfigError(inOrder(judge.findings, path));
  return scenario;
}

/** Null only with findings. */
function readScenario(judge: Judge, draft: ScenarioDraft, files: ScenarioFiles): Scenario | null {
  const untilNs = readUntil(judge, draft);
  const names = new NameBook(judge);
  const wired = readSubnets(judge, draft, names);
  const { subnets, links } = wired;
  const hosted = { judge, untilNs, subnets, links, ...readHosts(judge, draft, wired, names) };
  const network: Network = { ...hosted, servers: readServers(hosted, draft, names) };
  const configurations = new Configurations(network, files);
  const guests = readGuests(network, draft, configurations);
  const havips = readHavips(network, draft);
  const probes = readProbes(network, draft, havips);
  const timeline = readTimeline(network, draft, guests, configurations, havips);
  const expectations = readExpectations(network, draft, havips, probes, guests, timeline);
  judge.findings.push(...configurations.errors);
  if (draft.name === undefined || untilNs === null) return null;
  return {
    file: judge.file,
    name: draft.name,
    description: draft.description ?? "",
    seed: draft.seed ?? DEFAULT_SEED,
    untilNs,
    subnets: subnets.values,
    hosts: network.machines.values.map((machine): HostSpec => {
      const guest = guests.get(machine.name);
      const autostart = draft.hosts?.[machine.name]?.autostart ?? true;
      return { ...machine, keepalived: guest?.keepalived ?? null, autostart, ...(guest?.tracked ?? NOTHING_TRACKED) };
    }),
    servers: network.servers.values,
    havips: havips.values,
    probes: probes.values,
    timeline,
    expectations,
    warnings: [...configurations.warnings, ...wired.warnings, ...placementWarnings(network, guests, havips)],
  };
}

/** By place; those in other files after those in the scenario's. */
function inOrder(findings: readonly Finding[], path: string): readonly Finding[] {
  const rank = ({ file }: Finding) => (file === path ? 0 : 1);
  return findings.toSorted(
    (a, b) =>
      rank(a) - rank(b) || (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
  );
}

function findingOf(file: string, { place: { line, column }, message, hint }: TreeFault): Finding {
  return { file, line, column, severity: "error", message, hint };
}
