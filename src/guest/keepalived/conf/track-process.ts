/** `vrrp_track_process`: how many processes of a program run. */

import type { Position } from "../../../text/config-error.ts";
import type { Context } from "./context.ts";
import {
  ANY_WORDS,
  type Draft,
  flag,
  type KeywordTable,
  keywordTable,
  type LineKeyword,
  newDraft,
  number,
  optional,
  value,
} from "./keywords.ts";
import { positionOf, type Word } from "./statement.ts";
import { readInteger, readMicroseconds, readUnsigned } from "./values.ts";

const QUORUM_MAX = 65_535;
const DELAY_MAX_US = 3600 * 1e6;

export interface TrackProcessDraft extends Draft {
  readonly position: Position;
  process: string | null;
  quorum: number;
  quorumMax: number;
  terminateDelayUs: number;
  forkDelayUs: number;
  weight: number;
  reverse: boolean;
}

export function newTrackProcessDraft(name: Word): TrackProcessDraft {
  return {
    ...newDraft(name.text),
    position: name,
    process: null,
    quorum: 1,
    quorumMax: Number.POSITIVE_INFINITY,
    terminateDelayUs: 0,
    forkDelayUs: 0,
    weight: 0,
    reverse: false,
  };
}

export function closeTrackProcess(draft: TrackProcessDraft, { trackProcesses, lost, findings }: Context): void {
  const { name, process, quorum, quorumMax, weight, reverse, position } = draft;
  if (process === null) {
    lost.add(`vrrp_track_process ${name}`);
    if (!draft.mistakes.has("process")) {
      const message = `track process '${name}' process name not specified`;
      findings.error("track-process-without-process", position, message, "process haproxy");
    }
  } else if (!trackProcesses.has(name))
    trackProcesses.set(name, {
      name,
      process,
      quorum,
      quorumMax,
      terminateDelayNs: draft.terminateDelayUs * 1e3,
      forkDelayNs: draft.forkDelayUs * 1e3,
      weight,
      reverse,
      position: positionOf(position),
    });
}

function delay(key: string, set: (draft: TrackProcessDraft, us: number) => void): LineKeyword<TrackProcessDraft> {
  return number({
    read: (text) => readMicroseconds(text, 1, DELAY_MAX_US),
    set,
    invalid: (draft, text) =>
      `${key} (${text}) for vrrp_track_process ${draft.name} must be between [0.000001..3600] inclusive. Ignoring...`,
    hint: "seconds, up to 3600",
  });
}

export const TRACK_PROCESS_KEYWORDS: KeywordTable<TrackProcessDraft> = keywordTable<TrackProcessDraft>({
  process: {
    ...value<TrackProcessDraft>((draft, words, { findings }) => {
      const word = words[1]!;
      if (draft.process === null) draft.process = word.text;
      else {
        const message = `Process already set for track process ${draft.name} - ignoring ${word.text}`;
        findings.error("duplicate-key", word, message, "the first one counts");
      }
    }, ANY_WORDS),
    repeats: true,
  },
  param_match: optional((_, words, { findings }) => {
    const word = words[1];
    if (word !== undefined && word.text !== "initial" && word.text !== "partial")
      findings.error(
        "invalid-value",
        word,
        `Invalid param_match type ${word.text} - ignoring`,
        "initial, partial, or nothing",
      );
  }),
  weight: {
    ...optional<TrackProcessDraft>((draft, words, { findings }) => {
      const [key, word, direction] = words;
      if (word === undefined) {
        const message = `No weight specified for track process ${draft.name} - ignoring`;
        findings.error("missing-parameter", key!, message, "weight -20");
        return;
      }
      if (draft.weight !== 0) {
        const message = `Weight already set for track process ${draft.name} - ignoring ${word.text}`;
        findings.error("duplicate-key", word, message, "the first one counts");
        return;
      }
      const { value: weight, problem } = readInteger(word.text, -254, 254);
      if (problem !== null) {
        const message = `Weight (${word.text}) for vrrp_track_process ${draft.name} must be between [-254..254] inclusive. Ignoring...`;
        findings.error("invalid-number", word, message, problem);
        return;
      }
      draft.weight = weight;
      if (direction?.text === "reverse") draft.reverse = true;
      else if (direction !== undefined) {
        const message = `vrrp_track_process ${draft.name} unknown weight option ${direction.text}`;
        findings.error("invalid-value", direction, message, "weight N reverse");
      }
    }, 2),
    repeats: true,
  },
  quorum: number({
    read: (text) => readUnsigned(text, 1, QUORUM_MAX, true),
    set: (draft, quorum, keyword, { findings }) => {
      if (quorum <= draft.quorumMax) draft.quorum = quorum;
      else findings.error("invalid-number", keyword, "Quorum is greater than quorum_max - ignoring");
    },
    invalid: (draft, text) =>
      `Quorum (${text}) for vrrp_track_process ${draft.name} must be between [1..65535] inclusive. Ignoring...`,
    hint: `a whole number from 1 to ${QUORUM_MAX}`,
  }),
  quorum_max: number({
    read: (text) => readUnsigned(text, 0, QUORUM_MAX, true),
    set: (draft, quorumMax, keyword, { findings }) => {
      // 0 alone: the process must not run.
      if ((quorumMax > 0 || draft.quorum > 1) && quorumMax < draft.quorum) {
        findings.error("invalid-number", keyword, "quorum_max is less than quorum - ignoring");
        return;
      }
      draft.quorumMax = quorumMax;
      if (quorumMax === 0) draft.quorum = 0;
      else if (draft.quorum === 0) draft.quorum = 1;
    },
    invalid: (draft, text) =>
      `quorum_max (${text}) for vrrp_track_process ${draft.name} must be between [0..65535] inclusive. Ignoring...`,
    hint: `a whole number from 0 to ${QUORUM_MAX}`,
  }),
  delay: delay("delay", (draft, us) => {
    draft.terminateDelayUs = us;
    draft.forkDelayUs = us;
  }),
  terminate_delay: delay("terminate_delay", (draft, us) => {
    draft.terminateDelayUs = us;
  }),
  fork_delay: delay("fork_delay", (draft, us) => {
    draft.forkDelayUs = us;
  }),
  full_command: flag(() => {}),
});
