/**
 * A keepalived configuration as version 2.2.7 reads it, or a later one if asked for: `parseKeepalivedConf` gives what it means and everything that
 * keepalived would complain about. What depends on the host it runs on follows in `resolveAgainstHost` (host.ts).
 */

import { KEEPALIVED_DEFAULT, type KeepalivedVersion } from "../version.ts";
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
import { newDraft } from "./keywords.ts";
import { capLinkDelays } from "./link-delays.ts";
import { REAL_SERVER_KEYWORDS } from "./lvs/real-server.ts";
import { VIRTUAL_SERVER_KEYWORDS } from "./lvs/virtual-server.ts";
import { judgeVirtualServers } from "./lvs/virtual-server-rules.ts";
import type { ConfDiagnostic, KeepalivedConf, LinkDelay, SyncGroup, VrrpInstance } from "./model.ts";
import { ConfReader } from "./reader.ts";
import { ROOT_KEYWORDS } from "./root.ts";
import { SCRIPT_KEYWORDS } from "./script.ts";
import { completeSyncGroup, SYNC_GROUP_KEYWORDS } from "./sync-group.ts";
import { staticDevices } from "./track-group.ts";

export interface ParseOptions {
  /** What `@id` lines are meant for: keepalived's `--config-id`, by default the host's name without its domain. */
  readonly configId?: string;
  /** Who reads it: decides which keywords are known. Default 2.2.7. */
  readonly version?: KeepalivedVersion;
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
  const { version = KEEPALIVED_DEFAULT } = options;
  const context: Context = {
    version,
    reader: new ConfReader(path, text, { files, findings, configId: options.configId ?? null }),
    findings,
    enclosing: [],
    vocabulary: VOCABULARY,
    globals: newGlobalDraft(),
    scripts: new Map(),
    scriptsInUse: new Set(),
    trackFiles: new Map(),
    trackProcesses: new Map(),
    trackBfds: new Map(),
    bfdPairs: new Set(),
    linkDelays: new Map(),
    trackGroups: new Map(),
    serverGroups: new Map(),
    virtualServers: [],
    staticItems: [],
    lost: new Set(),
    staticAddresses: [],
    instances: new Map(),
    vmacNames: new Map(),
    syncGroups: new Map(),
    garpGroups: new Map(),
  };
  readRoot(ROOT_KEYWORDS, newDraft("this file"), context);
  const globalDefs = completeGlobals(context.globals);
  const { instances, syncGroups, linkDelays } = complete(context, globalDefs);
  return {
    version,
    globalDefs,
    scripts: [...context.scripts.values()],
    trackFiles: [...context.trackFiles.values()],
    trackProcesses: [...context.trackProcesses.values()],
    trackBfds: [...context.trackBfds.values()],
    linkDelays,
    staticAddresses: context.staticAddresses,
    instances,
    syncGroups,
    configIds: [...context.reader.configIds],
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
): { instances: VrrpInstance[]; syncGroups: SyncGroup[]; linkDelays: LinkDelay[] } {
  const drafts = [...context.instances.values()].filter((draft) => hasEssentials(draft, context));
  const rest = context.findings.hasFatal ? { ...context, findings: new Findings() } : context;
  const groupOf = new Map<string, SyncGroup>();
  const syncGroups = [...context.syncGroups.values()]
    .map((draft) => completeSyncGroup(draft, rest, groupOf))
    .filter((group) => group !== null);
  const devices = staticDevices(context);
  const instances = drafts
    .map((draft) => completeInstance(draft, globalDefs, groupOf.get(draft.name), devices.get(draft.name) ?? [], rest))
    .filter((instance) => instance !== null);
  if (!globalDefs.dynamicInterfaces) reportDuplicateVrids(instances, rest.findings);
  reportDuplicateVips(instances, rest.findings);
  judgeVirtualServers(rest);
  for (const { name, position } of context.scripts.values())
    if (!context.scriptsInUse.has(name))
      rest.findings.warning("script-unused", position, `Warning - script ${name} is not used`, "track_script { … }");
  return { instances, syncGroups, linkDelays: capLinkDelays(context.linkDelays, instances, rest.findings) };
}

/** For a keyword in the wrong block: where it belongs. The first block named has the last word. */
const VOCABULARY: ReadonlyMap<string, string> = new Map(
  Object.entries({
    real_server: REAL_SERVER_KEYWORDS,
    virtual_server: VIRTUAL_SERVER_KEYWORDS,
    garp_group: GARP_GROUP_KEYWORDS,
    vrrp_sync_group: SYNC_GROUP_KEYWORDS,
    vrrp_script: SCRIPT_KEYWORDS,
    authentication: AUTHENTICATION_KEYWORDS,
    global_defs: GLOBAL_KEYWORDS,
    vrrp_instance: INSTANCE_KEYWORDS,
  }).flatMap(([block, table]) => [...table.keys()].map((keyword) => [keyword, block] as const)),
);
