/** The keywords outside of all blocks, and what closing each block does. */
import { readVirtualAddress } from "./addresses.ts";
import { readBlock } from "./blocks.ts";
import { closeGarpGroup, GARP_GROUP_KEYWORDS, newGarpGroupDraft } from "./garp-group.ts";
import { GLOBAL_KEYWORDS } from "./globals.ts";
import { INSTANCE_KEYWORDS } from "./instance.ts";
import { newInstanceDraft } from "./instance-draft.ts";
import {
  type BlockKeyword,
  block,
  type Draft,
  items,
  type Keyword,
  type KeywordTable,
  keywordTable,
  optional,
  uncheckedItems,
  value,
} from "./keywords.ts";
import { closeScript, newScriptDraft, SCRIPT_KEYWORDS } from "./script.ts";
import { newSyncGroupDraft, SYNC_GROUP_KEYWORDS } from "./sync-group.ts";
import { closeTrackFile, newTrackFileDraft, TRACK_FILE_KEYWORDS } from "./track-file.ts";

/** More words than any keyword here takes. */
const ANY_WORDS = 1000;

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
  static_ipaddress: items(
    (_, words, context) => {
      const options = words.filter(
        ({ text }, index) => text !== "track_group" && words[index - 1]?.text !== "track_group",
      );
      const read = readVirtualAddress(options, context);
      if ("address" in read) context.staticAddresses.push(read.address);
    },
    {
      begin: (_, keyword, { findings }) => {
        findings.notSimulated(keyword, "static_ipaddress", "give the host these addresses itself");
      },
    },
  ),
  static_routes: uncheckedItems(),
  static_rules: uncheckedItems(),
  linkbeat_interfaces: uncheckedItems(),
  interface_up_down_delays: items((_, words, { findings }) => {
    findings.notSimulated(words[0]!, "interface_up_down_delays");
  }),
  track_group: unchecked(),
  vrrp_track_process: unchecked(),
  bfd_instance: unchecked(),
  virtual_server: unchecked(),
  virtual_server_group: unchecked(),
  SSL: unchecked(),
  linkbeat_use_polling: optional(() => {}, ANY_WORDS),
  net_namespace: nameOf("net_namespace name missing - ignoring"),
  net_namespace_ipvs: optional(() => {}, ANY_WORDS),
  namespace_with_ipsets: optional(() => {}, ANY_WORDS),
  use_pid_dir: optional(() => {}, ANY_WORDS),
  instance: nameOf("instance name missing - ignoring"),
  child_wait_time: value(() => {}, ANY_WORDS),
});

/** A block with a name. `unnamed` is said where it has none or several words; null: without a name keepalived ends. */
function named(
  keyword: string,
  unnamed: string | null,
  open: (
    name: Parameters<BlockKeyword<Draft>["open"]>[1][number],
    context: Parameters<BlockKeyword<Draft>["open"]>[2],
  ) => boolean,
): BlockKeyword<Draft> {
  return block((_, words, context) => {
    const name = words[1];
    const { findings, lost } = context;
    if (name !== undefined && (unnamed === null || words.length === 2)) return open(name, context);
    if (unnamed !== null) findings.error("missing-name", words[0]!, unnamed, `${keyword} NAME {`);
    else {
      lost.add(keyword);
      findings.fatal(
        "missing-parameter",
        words[0]!,
        `*** Configuration line starting \`${keyword}\` is missing a parameter after keyword \`${keyword}\` at word position 2`,
        `${keyword} NAME {`,
      );
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

/** A block of another part of keepalived, not looked into. */
function unchecked(): BlockKeyword<Draft> {
  return block((_, words, { findings }) => {
    findings.notChecked(words[0]!, words[0]!.text);
    return false;
  });
}

function nameOf(missing: string): Keyword<Draft> {
  return optional((_, words, { findings }) => {
    if (words.length === 1) findings.error("missing-parameter", words[0]!, missing);
  }, ANY_WORDS);
}
