/**
 * A keepalived configuration as version 2.2.7 reads it: `parseKeepalivedConf` gives what it means and everything that
 * keepalived would complain about. What depends on the host it runs on follows in `resolveAgainstHost` (host.ts).
 */
import { AUTHENTICATION_KEYWORDS } from "./authentication.ts";
import { readRoot } from "./blocks.ts";
import { completeInstance, hasEssentials } from "./complete.ts";
import type { Context } from "./context.ts";
import { reportDuplicateVips } from "./duplicate-vip.ts";
import { reportDuplicateVrids } from "./duplicate-vrid.ts";
import type { ConfFiles } from "./files.ts";
import { Findings } from "./findings.ts";
import { GARP_GROUP_KEYWORDS } from "./garp-group.ts";
import { completeGlobals, GLOBAL_KEYWORDS, newGlobalDraft } from "./globals.ts";
import { INSTANCE_KEYWORDS } from "./instance.ts";
import type { ConfDiagnostic, KeepalivedConf, SyncGroup, VrrpInstance } from "./model.ts";
import { ConfReader } from "./reader.ts";
import { ROOT_KEYWORDS } from "./root.ts";
import { SCRIPT_KEYWORDS } from "./script.ts";
import { completeSyncGroup, SYNC_GROUP_KEYWORDS } from "./sync-group.ts";

export interface ParseOptions {
  /** What `@id` lines are meant for: keepalived's `--config-id`, by default the host's name without its domain. */
  readonly configId?: string;
}

/**
 * Never throws. `path` names the file in messages and is what its includes are relative to; `files` gives the
 * included ones.
 */
export function parseKeepalivedConf(
  path: string,
  text: string,
  files: ConfFiles,
  options: ParseOptions = {},
): KeepalivedConf {
  const findings = new Findings();
  const context: Context = {
    reader: new ConfReader(path, text, { files, findings, configId: options.configId ?? null }),
    findings,
    enclosing: [],
    vocabulary: VOCABULARY,
    globals: newGlobalDraft(),
    scripts: new Map(),
    scriptsInUse: new Set(),
    trackFiles: new Map(),
    lost: new Set(),
    staticAddresses: [],
    instances: new Map(),
    vmacNames: new Map(),
    syncGroups: new Map(),
    garpGroups: new Map(),
  };
  readRoot(ROOT_KEYWORDS, { name: "this file", keys: new Map(), mistakes: new Map(), cutShort: () => {} }, context);
  const globalDefs = completeGlobals(context.globals);
  const { instances, syncGroups } = complete(context, globalDefs);
  return {
    globalDefs,
    scripts: [...context.scripts.values()],
    trackFiles: [...context.trackFiles.values()],
    staticAddresses: context.staticAddresses,
    instances,
    syncGroups,
    diagnostics: inOrder(findings.list),
  };
}

/** By file, in the order in which they are first complained about, and then by place: as people read them. */
function inOrder(list: readonly ConfDiagnostic[]): ConfDiagnostic[] {
  const files = new Map<string, number>();
  for (const { file } of list) if (!files.has(file)) files.set(file, files.size);
  return [...list].sort((a, b) => files.get(a.file)! - files.get(b.file)! || a.line - b.line || a.column - b.column);
}

/**
 * keepalived ends at the first fatal mistake. What each line says wrong, and what each instance lacks, is reported all
 * the same; what follows from several lines together is not, as a line that is lost could be the reason.
 */
function complete(
  context: Context,
  globalDefs: KeepalivedConf["globalDefs"],
): { instances: VrrpInstance[]; syncGroups: SyncGroup[] } {
  const drafts = [...context.instances.values()].filter((draft) => hasEssentials(draft, context));
  const rest = context.findings.hasFatal ? { ...context, findings: new Findings() } : context;
  const groupOf = new Map<string, SyncGroup>();
  const syncGroups = [...context.syncGroups.values()]
    .map((draft) => completeSyncGroup(draft, rest, groupOf))
    .filter((group) => group !== null);
  const instances = drafts
    .map((draft) => completeInstance(draft, globalDefs, groupOf.get(draft.name), rest))
    .filter((instance) => instance !== null);
  if (!globalDefs.dynamicInterfaces) reportDuplicateVrids(instances, rest.findings);
  reportDuplicateVips(instances, rest.findings);
  for (const { name, position } of context.scripts.values())
    if (!context.scriptsInUse.has(name))
      rest.findings.warning("script-unused", position, `Warning - script ${name} is not used`, "track_script { … }");
  reportNotSimulated(instances, syncGroups, rest.findings);
  return { instances, syncGroups };
}

/** What was read in full and has no effect in the simulation yet: said, so that nobody trusts a result it would change. */
function reportNotSimulated(
  instances: readonly VrrpInstance[],
  syncGroups: readonly SyncGroup[],
  findings: Findings,
): void {
  for (const { name, position } of syncGroups)
    findings.notSimulated(position, `vrrp_sync_group ${name}`, "its members change state one by one here");
  for (const { name, position } of instances.flatMap(({ trackFiles }) => trackFiles))
    findings.notSimulated(position, `track_file ${name}`, "its value is taken for 0 here");
  for (const { name, accept, positions } of instances)
    if (!accept) findings.notSimulated(positions.name, `no_accept of ${name}`, "the virtual addresses answer here");
}

/** For a keyword in the wrong block: where it belongs. The first block named has the last word. */
const VOCABULARY: ReadonlyMap<string, string> = new Map(
  Object.entries({
    garp_group: GARP_GROUP_KEYWORDS,
    vrrp_sync_group: SYNC_GROUP_KEYWORDS,
    vrrp_script: SCRIPT_KEYWORDS,
    authentication: AUTHENTICATION_KEYWORDS,
    global_defs: GLOBAL_KEYWORDS,
    vrrp_instance: INSTANCE_KEYWORDS,
  }).flatMap(([block, table]) => [...table.keys()].map((keyword) => [keyword, block] as const)),
);
