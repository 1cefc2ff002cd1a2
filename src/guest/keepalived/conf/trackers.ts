/** What an instance or a group watches: `track_interface`, `track_script`, `track_file` and so on, each with a weight. */
import type { Context } from "./context.ts";
import { items, type Keyword } from "./keywords.ts";
import type { Tracker } from "./model.ts";
import { positionOf, type Word } from "./statement.ts";
import { readInteger } from "./values.ts";

/** Who has trackers. */
export interface Tracking {
  readonly name: string;
  readonly trackInterfaces: Map<string, Tracker>;
  readonly trackScripts: Map<string, Tracker>;
  readonly trackFiles: Map<string, Tracker>;
  readonly trackProcesses: Map<string, Tracker>;
  readonly trackBfds: Map<string, Tracker>;
}

/** The words that keepalived uses about one kind of tracker. */
interface Wording {
  /** `track_script`, as in messages about duplicates. */
  readonly key: string;
  readonly option: (who: string, name: string, option: string) => string;
  readonly noValue: (who: string, name: string) => string;
  readonly invalid: (who: string, name: string, text: string) => string;
  readonly weightOption: (who: string, name: string, option: string) => string;
  /** `noreverse` is an option too. */
  readonly noreverse: boolean;
  /** The greatest weight; with `capped` ±254 is taken for ±253. */
  readonly weightMax: number;
  readonly capped: boolean;
  /** An unknown word behind the weight loses the item. */
  readonly strict: boolean;
}

const INTERFACE: Wording = {
  key: "track_interface",
  option: (who, name, option) => `(${who}) unknown track_interface ${name} option ${option} - ignoring`,
  noValue: (who, name) => `(${who}) weight without value specified for track_interface ${name} - ignoring`,
  invalid: (who, name, text) =>
    `(${who}) weight ${text} for ${name} must be between [-253..253] inclusive. Ignoring...`,
  weightOption: (who, name, option) => `(${who}) unknown track_interace ${name} weight option ${option} - ignoring`,
  noreverse: false,
  weightMax: 254,
  capped: true,
  strict: false,
};

const SCRIPT: Wording = {
  key: "track_script",
  option: (who, _, option) => `(${who}) unknown track script option ${option} - ignoring`,
  noValue: (who, name) => `(${who}) weight without value specified for track script ${name} - ignoring`,
  invalid: (who, name) => `(${who}) track script ${name}: weight must be between [-253..253] inclusive, ignoring...`,
  weightOption: (who, name, option) => `(${who}) unknown track_script ${name} weight option ${option} - ignoring`,
  noreverse: true,
  weightMax: 254,
  capped: true,
  strict: false,
};

const FILE: Wording = {
  key: "track_file",
  option: (who, _, option) => `(${who}) unknown track file option ${option} - ignoring`,
  noValue: (who, name) => `(${who}) weight without value specified for track file ${name} - ignoring`,
  invalid: (who, name) => `(${who}) weight for track file ${name} must be in [-254..254] inclusive. Ignoring...`,
  weightOption: (who, name, option) => `(${who}) unknown track file ${name} weight option ${option} - ignoring`,
  noreverse: true,
  weightMax: 254,
  capped: false,
  strict: true,
};

const PROCESS: Wording = {
  key: "track_process",
  option: (who, _, option) => `(${who}) unknown track process option ${option} - ignoring`,
  noValue: (who, name) => `(${who}) weight without value specified for track process ${name} - ignoring`,
  invalid: (who, name) => `(${who}) weight for track process ${name} must be in [-254..254] inclusive. Ignoring...`,
  weightOption: (who, name, option) => `(${who}) unknown track_process ${name} weight option ${option} - ignoring`,
  noreverse: true,
  weightMax: 254,
  capped: false,
  strict: false,
};

const BFD: Wording = {
  key: "track_bfd",
  option: (who, name, option) => `(${who}) unknown track bfd ${name} option ${option} - ignoring`,
  noValue: (who, name) => `(${who}) weight without value specified for track bfd ${name} - ignoring`,
  invalid: (who, name) => `(${who}) weight for track bfd ${name} must be in [-253..253] inclusive. Ignoring...`,
  weightOption: (who, name, option) => `(${who}) unknown track bfd ${name} weight option ${option} - ignoring`,
  noreverse: true,
  weightMax: 253,
  capped: false,
  strict: true,
};

export function trackingKeywords<D extends Tracking>(): Record<string, Keyword<D>> {
  return {
    track_interface: items((draft, words, context) => {
      const tracker = readTracker(
        INTERFACE,
        draft,
        draft.trackInterfaces,
        words,
        { weight: 0, reverse: false },
        context,
      );
      if (tracker !== null) draft.trackInterfaces.set(tracker.name, tracker);
    }),
    track_script: items((draft, words, context) => {
      const script = context.scripts.get(words[0]!.text);
      if (script === undefined) {
        reportNotFound("script", "vrrp_script", draft, words[0]!, context);
        return;
      }
      context.scriptsInUse.add(script.name);
      const tracker = readTracker(SCRIPT, draft, draft.trackScripts, words, script, context);
      if (tracker !== null) draft.trackScripts.set(tracker.name, tracker);
    }),
    track_file: items((draft, words, context) => {
      const file = context.trackFiles.get(words[0]!.text);
      if (file === undefined) {
        reportNotFound("file", "track_file", draft, words[0]!, context);
        return;
      }
      const tracker = readTracker(FILE, draft, draft.trackFiles, words, file, context);
      if (tracker !== null) draft.trackFiles.set(tracker.name, tracker);
    }),
    track_process: items((draft, words, context) => {
      const process = context.trackProcesses.get(words[0]!.text);
      if (process === undefined) {
        reportNotFound("process", "vrrp_track_process", draft, words[0]!, context);
        return;
      }
      const tracker = readTracker(PROCESS, draft, draft.trackProcesses, words, process, context);
      if (tracker !== null) draft.trackProcesses.set(tracker.name, tracker);
    }),
    track_bfd: items((draft, words, context) => {
      const bfd = context.trackBfds.get(words[0]!.text);
      if (bfd === undefined) {
        reportNotFound("bfd", "bfd_instance", draft, words[0]!, context);
        return;
      }
      const tracker = readTracker(BFD, draft, draft.trackBfds, words, bfd, context);
      if (tracker !== null) draft.trackBfds.set(tracker.name, tracker);
    }),
  };
}

/** What is tracked is known only once its block has been read. */
function reportNotFound(
  what: string,
  block: string,
  { name }: Tracking,
  word: Word,
  { lost, findings }: Context,
): void {
  if (lost.has(block) || lost.has(`${block} ${word.text}`)) return;
  findings.error(
    `track-${what}-not-found`,
    word,
    `(${name}) track ${what} ${word.text} not found, ignoring...`,
    `${block} ${word.text} { … } must stand before the instance`,
  );
}

/** One item: `NAME [weight N [reverse]]`; null if keepalived leaves it out. */
function readTracker(
  wording: Wording,
  { name: who }: Tracking,
  present: ReadonlyMap<string, Tracker>,
  words: readonly Word[],
  own: { readonly weight: number; readonly reverse: boolean },
  context: Context,
): Tracker | null {
  const { findings } = context;
  const [item, option, number, direction] = words;
  const name = item!.text;
  if (present.has(name)) {
    findings.error("duplicate-item", item!, `(${who}) duplicate ${wording.key} ${name} - ignoring`);
    return null;
  }
  let { weight, reverse } = own;
  if (option !== undefined) {
    const hint = `${name} weight -20`;
    if (option.text !== "weight") {
      findings.error("invalid-value", option, wording.option(who, name, option.text), hint);
      return null;
    }
    if (number === undefined) {
      findings.error("missing-parameter", option, wording.noValue(who, name), hint);
      return null;
    }
    weight = readWeight(wording, who, name, number, own.weight, context);
  }
  if (direction !== undefined) {
    if (direction.text === "reverse") reverse = true;
    else if (direction.text === "noreverse" && wording.noreverse) reverse = false;
    else {
      findings.error("invalid-value", direction, wording.weightOption(who, name, direction.text), "reverse");
      if (wording.strict) return null;
    }
  }
  return { name, weight, reverse, position: positionOf(item!) };
}

function readWeight(
  wording: Wording,
  who: string,
  name: string,
  word: Word,
  own: number,
  { findings }: Context,
): number {
  const { value, problem } = readInteger(word.text, -wording.weightMax, wording.weightMax);
  if (problem !== null) {
    findings.error("invalid-number", word, wording.invalid(who, name, word.text), `${problem}; ${own} is used`);
    return own;
  }
  if (!wording.capped || Math.abs(value) !== 254) return value;
  findings.error("invalid-number", word, `(${who}) weight for ${name} cannot be +/-254. Setting to +/-253`);
  return Math.sign(value) * 253;
}
