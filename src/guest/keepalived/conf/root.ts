/** The keywords outside of all blocks, and what closing each block does. */
import { readVirtualAddress } from "./addresses.ts";
import { BFD_KEYWORDS, BFD_NAME_MAX, closeBfd, newBfdDraft } from "./bfd.ts";
import { readBlock } from "./blocks.ts";
import type { Context } from "./context.ts";
import { closeGarpGroup, GARP_GROUP_KEYWORDS, newGarpGroupDraft } from "./garp-group.ts";
import { GLOBAL_KEYWORDS } from "./globals.ts";
import { INSTANCE_KEYWORDS } from "./instance.ts";
import { newInstanceDraft } from "./instance-draft.ts";
import {
  ANY_WORDS,
  type BlockKeyword,
  block,
  type Draft,
  items,
  type Keyword,
  type KeywordTable,
  keywordTable,
  missingParameter,
  optional,
  uncheckedItems,
  value,
} from "./keywords.ts";
import { readLinkDelay } from "./link-delays.ts";
import { newSslDraft, SSL_KEYWORDS } from "./lvs/ssl.ts";
import { newVirtualServer, VIRTUAL_SERVER_KEYWORDS } from "./lvs/virtual-server.ts";
import { readServerGroup } from "./lvs/virtual-server-group.ts";
import { closeVirtualServer } from "./lvs/virtual-server-rules.ts";
import { closeScript, newScriptDraft, SCRIPT_KEYWORDS } from "./script.ts";
import type { Word } from "./statement.ts";
import { newSyncGroupDraft, SYNC_GROUP_KEYWORDS } from "./sync-group.ts";
import { closeTrackFile, newTrackFileDraft, TRACK_FILE_KEYWORDS } from "./track-file.ts";
import { newTrackGroupDraft, readStaticItem, TRACK_GROUP_KEYWORDS } from "./track-group.ts";
import { closeTrackProcess, newTrackProcessDraft, TRACK_PROCESS_KEYWORDS } from "./track-process.ts";

export const ROOT_KEYWORDS: KeywordTable<Draft> = keywordTable<Draft>({
  global_defs: block((_, __, context) => {
    readBlock(GLOBAL_KEYWORDS, context.globals, context);
    return true;
  }),
  vrrp_script: named("vrrp_script", null, (name, context) => {
    const draft = newScriptDraft(name);
    readBlock(SCRIPT_KEYWORDS, draft, context);
    closeScript(draft, context);
    return true;
  }),
  track_file: trackFile(),
  vrrp_track_file: trackFile(),
  vrrp_instance: named("vrrp_instance", "vrrp_instance must have a name", (name, context) => {
    const { instances, findings } = context;
    if (instances.has(name.text)) {
      findings.error("duplicate-name", name, `vrrp instance ${name.text} already defined`, "a name of its own");
      return false;
    }
    const draft = newInstanceDraft(name.text, name);
    instances.set(name.text, draft);
    readBlock(INSTANCE_KEYWORDS, draft, context);
    return true;
  }),
  vrrp_sync_group: named("vrrp_sync_group", "vrrp_sync_group must have a name - skipping", (name, context) => {
    const { syncGroups, findings } = context;
    if (syncGroups.has(name.text)) {
      findings.error("duplicate-name", name, `vrrp sync group ${name.text} already defined`, "a name of its own");
      return false;
    }
    const draft = newSyncGroupDraft(name);
    syncGroups.set(name.text, draft);
    readBlock(SYNC_GROUP_KEYWORDS, draft, context);
    return true;
  }),
  garp_group: block((_, words, context) => {
    const draft = newGarpGroupDraft(words[0]!);
    readBlock(GARP_GROUP_KEYWORDS, draft, context);
    closeGarpGroup(draft, context);
    return true;
  }),
  static_ipaddress: items((_, words, context) => {
    const options = words.filter(
      ({ text }, index) => text !== "track_group" && words[index - 1]?.text !== "track_group",
    );
    noteStatic(_, words, context);
    const read = readVirtualAddress(options, context);
    if ("address" in read) context.staticAddresses.push(read.address);
  }),
  static_routes: uncheckedItems(noteStatic),
  static_rules: uncheckedItems(noteStatic),
  linkbeat_interfaces: uncheckedItems(),
  interface_up_down_delays: items((_, words, context) => readLinkDelay(words, context)),
  track_group: named("track_group", "track_group must have a name - skipping", (name, context) => {
    const { trackGroups, findings } = context;
    if (trackGroups.has(name.text)) {
      findings.error("duplicate-name", name, `track_group ${name.text} already defined`, "a name of its own");
      return false;
    }
    const draft = newTrackGroupDraft(name);
    trackGroups.set(name.text, draft);
    readBlock(TRACK_GROUP_KEYWORDS, draft, context);
    return true;
  }),
  vrrp_track_process: named("vrrp_track_process", null, (name, context) => {
    const draft = newTrackProcessDraft(name);
    readBlock(TRACK_PROCESS_KEYWORDS, draft, context);
    closeTrackProcess(draft, context);
    return true;
  }),
  bfd_instance: named("bfd_instance", null, (name, context) => {
    const { trackBfds, findings } = context;
    findings.notPartOfSimulation(name, "BFD", "sessions are up or down as the scenario says, and send nothing");
    if (name.text.length > BFD_NAME_MAX) {
      findings.error("invalid-value", name, `BFD name ${name.text} too long`, `at most ${BFD_NAME_MAX} characters`);
      return false;
    }
    if (trackBfds.has(name.text)) {
      findings.error("duplicate-name", name, `BFD ${name.text} already specified`, "a name of its own");
      return false;
    }
    const draft = newBfdDraft(name);
    readBlock(BFD_KEYWORDS, draft, context);
    closeBfd(draft, context);
    return true;
  }),
  virtual_server: block((_, words, context) => {
    noteLvs(words[0]!, context);
    const draft = newVirtualServer(words, context);
    if (draft === null) return false;
    readBlock(VIRTUAL_SERVER_KEYWORDS, draft, context);
    closeVirtualServer(draft, context);
    context.virtualServers.push(draft);
    return true;
  }),
  virtual_server_group: named("virtual_server_group", null, (name, context, words) => {
    noteLvs(words[0]!, context);
    readServerGroup(words, name, context);
    return true;
  }),
  SSL: block((_, words, context) => {
    noteLvs(words[0]!, context);
    readBlock(SSL_KEYWORDS, newSslDraft(), context);
    return true;
  }),
  linkbeat_use_polling: optional(() => {}, ANY_WORDS),
  net_namespace: nameOf("net_namespace name missing - ignoring"),
  net_namespace_ipvs: optional(() => {}, ANY_WORDS),
  namespace_with_ipsets: optional(() => {}, ANY_WORDS),
  use_pid_dir: optional(() => {}, ANY_WORDS),
  instance: nameOf("instance name missing - ignoring"),
  child_wait_time: value(() => {}, ANY_WORDS),
});

/** Whose interface instances of a `track_group` follow. */
function noteStatic(_: Draft, words: readonly Word[], context: Context): void {
  const item = readStaticItem(words, context);
  if (item !== null) context.staticItems.push(item);
}

/** A block with a name. `unnamed` is said where it has none or several words; null: without a name keepalived ends. */
function named(
  keyword: string,
  unnamed: string | null,
  open: (name: Word, context: Context, words: readonly Word[]) => boolean,
): BlockKeyword<Draft> {
  return block((_, words, context) => {
    const name = words[1];
    const { findings, lost } = context;
    if (name !== undefined && (unnamed === null || words.length === 2)) return open(name, context, words);
    if (unnamed !== null) findings.error("missing-name", words[0]!, unnamed, `${keyword} NAME {`);
    else {
      lost.add(keyword);
      missingParameter(words[0]!, `${keyword} NAME {`, context);
    }
    return false;
  });
}

function trackFile(): BlockKeyword<Draft> {
  return named("track_file", null, (name, context) => {
    const draft = newTrackFileDraft(name);
    readBlock(TRACK_FILE_KEYWORDS, draft, context);
    closeTrackFile(draft, context);
    return true;
  });
}

/** LVS is a part of its own: it shares nothing with virtual routers but the addresses. */
function noteLvs(at: Word, { findings }: Context): void {
  findings.notPartOfSimulation(at, "LVS", "virtual and real servers and their checkers have no effect here");
}

function nameOf(missing: string): Keyword<Draft> {
  return optional((_, words, { findings }) => {
    if (words.length === 1) findings.error("missing-parameter", words[0]!, missing);
  }, ANY_WORDS);
}
