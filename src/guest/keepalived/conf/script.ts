/** `vrrp_script`: a command that keepalived runs every interval and whose exit status its trackers weigh. */

import type { Position } from "../../../text/config-error.ts";
import { splitCommand } from "./command.ts";
import type { Context } from "./context.ts";
import { placesOf } from "./key-places.ts";
import {
  type Draft,
  flag,
  type KeywordTable,
  keywordTable,
  type LineKeyword,
  newDraft,
  number,
  optional,
  readNumber,
  value,
} from "./keywords.ts";
import { positionOf, type Word } from "./statement.ts";
import { INT_MAX, readInteger, readMicroseconds, readUnsigned, SECONDS_MAX } from "./values.ts";

const MILLISECOND_US = 1_000;

export interface ScriptDraft extends Draft {
  readonly position: Position;
  command: string | null;
  intervalS: number;
  /** Null: as the interval. */
  timeoutS: number | null;
  weight: number;
  reverse: boolean;
  rise: number;
  fall: number;
  initFail: boolean;
  user: string | null;
}

export function newScriptDraft(name: Word): ScriptDraft {
  return {
    ...newDraft(name.text),
    position: name,
    command: null,
    intervalS: 1,
    timeoutS: null,
    weight: 0,
    reverse: false,
    rise: 1,
    fall: 1,
    initFail: false,
    user: null,
  };
}

/** Adds the script to those that instances may track, unless it has no command. */
export function closeScript(draft: ScriptDraft, { scripts, lost, findings }: Context): void {
  const { command, position } = draft;
  if (command === null || command === "") {
    lost.add(`vrrp_script ${draft.name}`);
    if (!draft.mistakes.has("script"))
      findings.error(
        "script-without-command",
        position,
        `No script set for vrrp_script ${draft.name} - removing`,
        'script "/path/to/check arguments"',
      );
    return;
  }
  if (scripts.has(draft.name)) {
    findings.warning(
      "duplicate-name",
      position,
      `vrrp_script ${draft.name} is defined again: the first one counts`,
      "each script needs a name of its own",
    );
    return;
  }
  const { name, weight, reverse, rise, fall, initFail, user } = draft;
  const intervalNs = Math.round(draft.intervalS * 1e9);
  scripts.set(name, {
    name,
    command,
    intervalNs,
    timeoutNs: draft.timeoutS === null ? intervalNs : Math.round(draft.timeoutS * 1e9),
    weight,
    reverse,
    rise,
    fall,
    initFail,
    user,
    position: positionOf(position),
    keys: placesOf(draft),
  });
}

/** `invalid` is what keepalived says about a time outside its range. What comes to 0, as 0.5 does, is taken for 1. */
function seconds(field: "intervalS" | "timeoutS", invalid: (text: string) => string): LineKeyword<ScriptDraft> {
  const key = field === "intervalS" ? "interval" : "timeout";
  const hint = `whole seconds, 1 to ${SECONDS_MAX} (fractions from keepalived 2.3.2 on)`;
  return value((draft, words, context) => {
    const word = words[1]!;
    if (context.version.hasFractionalScriptTimes) {
      const inUs = readMicroseconds(word.text, MILLISECOND_US, SECONDS_MAX * 1e6);
      const invalidText = `(${draft.name}): vrrp script ${key} ${invalid(word.text)} - ignoring`;
      readNumber(word, inUs, context, invalidText, `seconds, 0.001 to ${SECONDS_MAX}`);
      if (inUs.usable) draft[field] = inUs.value / 1e6;
      return;
    }
    const read = readUnsigned(word.text, 0, SECONDS_MAX, true);
    const isZero = read.usable && read.value === 0;
    const what = `(${draft.name}): vrrp script ${key}`;
    if (!isZero) readNumber(word, read, context, `${what} ${invalid(word.text)} - ignoring`, hint);
    else if (read.problem === null)
      context.findings.error("invalid-number", word, `${what} must be greater than 0, setting to 1`, hint);
    else {
      const message = `${what} ${invalid(word.text)} - ignoring`;
      context.findings.error("invalid-number", word, message, `${read.problem}: ${hint}; here 1 is used`);
    }
    if (read.usable) draft[field] = isZero ? 1 : read.value;
  });
}

function threshold(field: "rise" | "fall"): LineKeyword<ScriptDraft> {
  return number<ScriptDraft>({
    read: (text) => readUnsigned(text, 1, INT_MAX, true),
    set: (draft, count) => {
      draft[field] = count;
    },
    reset: (draft) => {
      draft[field] = 1;
    },
    invalid: (draft, text) => `(${draft.name}): vrrp script ${field} value '${text}' invalid, defaulting to 1`,
    hint: "a whole number from 1 on",
  });
}

export const SCRIPT_KEYWORDS: KeywordTable<ScriptDraft> = keywordTable<ScriptDraft>({
  script: optional((draft, words, { findings }, statement) => {
    const command = splitCommand(statement.raw);
    if (typeof command === "string") {
      draft.mistakes.set("script", statement.unterminated ?? findings.error("unterminated-quote", words[0]!, command));
    } else draft.command = command[1] ?? null;
    if (statement.cutInWord !== null)
      findings.warning(
        "comment-in-value",
        statement.cutInWord,
        "The command ends here: a comment begins",
        '"…" around it keeps # and !',
      );
  }),
  interval: seconds("intervalS", (text) => `'${text}' must be between 1 and ${SECONDS_MAX}`),
  timeout: seconds("timeoutS", (text) => `'${text}' invalid`),
  weight: value((draft, words, { findings }) => {
    const word = words[1]!;
    const found = readInteger(word.text, -253, 253);
    draft.weight = found.value;
    if (found.problem !== null)
      findings.error(
        "invalid-number",
        word,
        `vrrp_script ${draft.name} weight ${word.text} must be in [-253, 253]`,
        `${found.problem}; ${found.value} is used all the same`,
      );
    const option = words[2];
    if (option?.text === "reverse") draft.reverse = true;
    else if (option !== undefined)
      findings.error(
        "invalid-value",
        option,
        `vrrp_script ${draft.name} unknown weight option ${option.text}`,
        "weight N reverse",
      );
  }, 2),
  rise: threshold("rise"),
  fall: threshold("fall"),
  user: value((draft, words) => {
    draft.user = words[1]!.text;
  }, 2),
  init_fail: flag((draft) => {
    draft.initFail = true;
  }),
});
