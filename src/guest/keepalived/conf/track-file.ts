/** `track_file`: a file whose number, times a weight, goes into the priority of instances. */

import type { Position } from "../../../text/config-error.ts";
import type { Context } from "./context.ts";
import { type Draft, type KeywordTable, keywordTable, newDraft, optional } from "./keywords.ts";
import { positionOf, type Word } from "./statement.ts";
import { INT_MAX, readInteger } from "./values.ts";

export interface TrackFileDraft extends Draft {
  readonly position: Position;
  path: string | null;
  weight: number;
  reverse: boolean;
  initValue: number | null;
  overwrite: boolean;
}

/** `weight` counts as unset while it is this. */
const DEFAULT_WEIGHT = 1;

export function newTrackFileDraft(name: Word): TrackFileDraft {
  return {
    ...newDraft(name.text),
    position: name,
    path: null,
    weight: DEFAULT_WEIGHT,
    reverse: false,
    initValue: null,
    overwrite: false,
  };
}

export function closeTrackFile(draft: TrackFileDraft, { trackFiles, lost, findings }: Context): void {
  const { name, path, weight, reverse, initValue, overwrite, position } = draft;
  if (path === null) {
    lost.add(`track_file ${name}`);
    findings.error(
      "track-file-without-file",
      position,
      `No file set for track_file ${name} - ignoring`,
      'file "/path/to/file"',
    );
  } else if (!trackFiles.has(name))
    trackFiles.set(name, {
      name,
      path,
      weight,
      reverse,
      initValue,
      overwrite,
      position: positionOf(position),
    });
}

export const TRACK_FILE_KEYWORDS: KeywordTable<TrackFileDraft> = keywordTable<TrackFileDraft>({
  file: {
    ...optional<TrackFileDraft>((draft, words, { findings }) => {
      const word = words[1];
      if (word === undefined) findings.error("missing-parameter", words[0]!, "track file file name missing");
      else if (draft.path !== null)
        findings.error(
          "duplicate-key",
          word,
          `File already set for track file ${draft.name} - ignoring ${word.text}`,
          "the first one counts",
        );
      else draft.path = word.text;
    }),
    repeats: true,
  },
  weight: {
    ...optional<TrackFileDraft>((draft, words, { findings }) => {
      const [, number, direction] = words;
      if (number === undefined) {
        findings.error(
          "missing-parameter",
          words[0]!,
          `No weight specified for track file ${draft.name} - ignoring`,
          "weight 1",
        );
        return;
      }
      if (draft.weight !== DEFAULT_WEIGHT) {
        const message = `Weight already set for track file ${draft.name} - ignoring ${number.text}`;
        findings.error("duplicate-key", number, message, "the first one counts");
        return;
      }
      const { value, problem } = readInteger(number.text, -254, 254);
      if (problem === null) draft.weight = value;
      else {
        const message = `Weight (${number.text}) for track_file ${draft.name} must be between [-254..254] inclusive. Ignoring...`;
        findings.error("invalid-number", number, message, problem);
      }
      if (direction?.text === "reverse") draft.reverse = true;
      else if (direction !== undefined) {
        const message = `track_file ${draft.name} unknown weight option ${direction.text}`;
        findings.error("invalid-value", direction, message, "weight N reverse");
      }
    }, 2),
    repeats: true,
  },
  init_file: optional((draft, words, { findings }) => {
    draft.initValue = 0;
    for (const word of words.slice(1)) {
      if (/^\s*[-\d]/.test(word.text)) {
        const { value, problem } = readInteger(word.text, -INT_MAX, INT_MAX);
        draft.initValue = problem === null ? value : 0;
        if (problem !== null)
          findings.error("invalid-number", word, `Track file ${draft.name} init value ${word.text} is invalid`);
        else if (Math.abs(value) > 254) {
          const message = `Track file ${draft.name} init value ${value} is outside sensible range [-254, 254]`;
          findings.error("invalid-number", word, message);
        }
      } else if (word.text === "overwrite") draft.overwrite = true;
      else findings.error("invalid-value", word, `Unknown track file init option ${word.text}`, "a number, overwrite");
    }
  }, 2),
});
