/** `notify…`: commands that keepalived starts when a state changes. They are kept as text. */
import { splitCommand } from "./command.ts";
import { type Draft, type Keyword, type LineKeyword, optional, value } from "./keywords.ts";
import type { NotifyCommands } from "./model.ts";

export type NotifyDraft = { -readonly [Event in keyof NotifyCommands]: NotifyCommands[Event] };

/** The command of the word after the keyword, then a user and a group. */
const NOTIFY_WORDS = 3;

export function newNotifyDraft(): NotifyDraft {
  return {
    any: null,
    master: null,
    backup: null,
    fault: null,
    stop: null,
    deleted: null,
    masterRxLowerPriority: null,
  };
}

/** The keywords that `vrrp_instance` and `vrrp_sync_group` share; `who` begins the messages. */
export function notifyKeywords<D extends Draft & { readonly notify: NotifyDraft }>(
  who: (draft: D) => string,
): Record<string, Keyword<D>> {
  return {
    notify: notify("notify", "any", who),
    notify_master: notify("notify_master", "master", who),
    notify_backup: notify("notify_backup", "backup", who),
    notify_fault: notify("notify_fault", "fault", who),
    notify_stop: notify("notify_stop", "stop", who),
  };
}

/** Only the first command of an event counts. */
export function notify<D extends Draft & { readonly notify: NotifyDraft }>(
  key: string,
  event: keyof NotifyCommands,
  who: (draft: D) => string,
): LineKeyword<D> {
  const needed = event === "deleted" ? optional : value;
  const keyword = needed<D>((draft, words, { findings }, statement) => {
    const command = words.length > 1 ? splitCommand(statement.raw) : ["", ""];
    if (typeof command === "string") {
      if (statement.unterminated === null) findings.error("unterminated-quote", words[0]!, command);
    } else if (draft.notify[event] !== null)
      findings.error(
        "duplicate-key",
        words[0]!,
        `${who(draft)} ${key} script already specified - ignoring ${words[1]?.text ?? ""}`,
        "the first one counts",
      );
    else draft.notify[event] = command[1] ?? "";
    if (statement.cutInWord !== null)
      findings.warning(
        "comment-in-value",
        statement.cutInWord,
        "The command ends here: a comment begins",
        '"…" around it keeps # and !',
      );
  }, NOTIFY_WORDS);
  return { ...keyword, repeats: true, command: true };
}
