/** `garp_group`: the spacing of gratuitous ARPs and neighbour advertisements on some interfaces. */

import type { Position } from "../../../text/config-error.ts";
import type { Context } from "./context.ts";
import {
  type Draft,
  items,
  type KeywordTable,
  keywordTable,
  type LineKeyword,
  newDraft,
  number,
  value,
} from "./keywords.ts";
import type { Word } from "./statement.ts";
import { INT_MAX, readMicroseconds } from "./values.ts";

export interface GarpGroupDraft extends Draft {
  readonly position: Position;
  garpIntervalUs: number | null;
  gnaIntervalUs: number | null;
  readonly interfaces: Set<string>;
}

export function newGarpGroupDraft(position: Position): GarpGroupDraft {
  return {
    ...newDraft("garp_group"),
    position,
    garpIntervalUs: null,
    gnaIntervalUs: null,
    interfaces: new Set(),
  };
}

export function closeGarpGroup(draft: GarpGroupDraft, { garpGroups, findings }: Context): void {
  if (draft.garpIntervalUs !== null || draft.gnaIntervalUs !== null)
    for (const name of draft.interfaces) garpGroups.set(name, draft);
  else if (!["garp_interval", "gna_interval"].some((key) => draft.keys.has(key) || draft.mistakes.has(key)))
    findings.error(
      "garp-group-empty",
      draft.position,
      "garp group 0 does not have any delay set - removing",
      "garp_interval 0.01",
    );
}

function interval(key: string, field: "garpIntervalUs" | "gnaIntervalUs"): LineKeyword<GarpGroupDraft> {
  return number({
    read: (text) => readMicroseconds(text, 0, INT_MAX),
    set: (draft, us) => {
      draft[field] = us;
    },
    invalid: (_, text) => `garp_group ${key} '${text}' invalid`,
    hint: "seconds",
  });
}

/** An interface belongs to the first group that names it. */
function addInterface(draft: GarpGroupDraft, word: Word, { garpGroups, findings }: Context): void {
  if (draft.interfaces.has(word.text) || garpGroups.has(word.text))
    findings.error("duplicate-item", word, `garp_group already specified for ${word.text} - ignoring`);
  else draft.interfaces.add(word.text);
}

export const GARP_GROUP_KEYWORDS: KeywordTable<GarpGroupDraft> = keywordTable<GarpGroupDraft>({
  garp_interval: interval("garp_interval", "garpIntervalUs"),
  gna_interval: interval("gna_interval", "gnaIntervalUs"),
  interface: {
    ...value<GarpGroupDraft>((draft, words, context) => addInterface(draft, words[1]!, context)),
    repeats: true,
  },
  interfaces: items((draft, words, context) => {
    for (const word of words) addInterface(draft, word, context);
  }),
});
